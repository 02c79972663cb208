"""Files of weights: they come back exactly, bad ones change nothing, and none of them can run anything."""

from __future__ import annotations

import io
import json
import os
import pickle
import stat
import struct
import zipfile

import numpy as np
import pytest

import nn
from autograd.errors import InputValueError
from nn import storage

KINDS = ["npz", "safetensors"]


def network(seed=0):
    """Give a network with parameters, float and integer buffers."""
    return nn.Sequential(nn.Linear(2, 3, seed=seed), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 1, seed=seed + 1))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scalars", [False, True], ids=["tensors", "values"])
def test_round_trip(tmp_path, kind, scalars):
    """Weights and buffers come back bit for bit, at either magnification, and the same weights give the same bytes."""
    a, b = network(), network(9)
    a(np.random.default_rng(0).normal(size=(4, 2)))
    a, b = (a.scalars(), b.scalars()) if scalars else (a, b)
    path = tmp_path / f"w.{kind}"
    a.save(path)
    first = path.read_bytes()
    assert b.load(path) is b
    for name, x in a.state_dict().items():
        assert np.array_equal(x, b.state_dict()[name])
    b.save(path)
    assert path.read_bytes() == first
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", KINDS)
def test_dictionaries_of_arrays(tmp_path, kind):
    """Every numeric type, empty arrays, single numbers, Fortran order and foreign byte order are kept."""
    arrays = {
        "half": np.array([1.5, -0.0, np.inf], np.float16), "single": np.float32(0.1), "nan": np.array([np.nan]),
        "empty": np.zeros((0, 3)), "flag": np.array([True, False]), "bytes": np.arange(3, dtype=np.uint8),
        "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)), "big": np.arange(3).astype(">i4"),
        "名字/with.dots": np.array(7),
    }  # fmt: skip
    nn.save(arrays, tmp_path / f"a.{kind}")
    back = nn.load(tmp_path / f"a.{kind}")
    assert list(back) == list(arrays)
    for name, x in arrays.items():
        np.testing.assert_array_equal(back[name], x)
        assert back[name].dtype == np.asarray(x).dtype.newbyteorder("=")
        assert back[name].shape == np.shape(x)
        back[name][...] = 0  # an array of one's own, not a view of the file


def test_numpy_reads_ours_and_we_read_numpys(tmp_path):
    """The .npz is NumPy's: np.load reads it without pickle, and np.savez and np.savez_compressed are read."""
    network().save(tmp_path / "w.npz")
    with np.load(tmp_path / "w.npz", allow_pickle=False) as file:
        assert set(file) == set(network().state_dict())
    np.savez_compressed(tmp_path / "n.npz", **network().state_dict())
    network(5).load(tmp_path / "n.npz")


def test_safetensors_byte_by_byte(tmp_path):
    """A file written by hand from the specification is read, metadata and bfloat16 included."""
    header = json.dumps({
        "__metadata__": {"format": "pt"},
        "b": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]},
        "w": {"dtype": "F32", "shape": [1, 2], "data_offsets": [4, 12]},
    }).encode()  # fmt: skip
    raw = struct.pack("<Q", len(header)) + header + struct.pack("<HH", 0x3FC0, 0xC000) + struct.pack("<ff", 0.5, 2.0)
    (tmp_path / "x.safetensors").write_bytes(raw)
    back = nn.load(tmp_path / "x.safetensors")
    assert back["b"].tolist() == [1.5, -2.0]
    assert back["w"].tolist() == [[0.5, 2.0]]


def npz(**members):
    """Give an archive of raw members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, raw in members.items():
            archive.writestr(name.replace("__", "."), raw)
    return file.getvalue()


def npy(header, data=b""):
    """Give an array with a header of one's own."""
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def tensors(header, data=b"", length=None):
    """Give a safetensors file with a header of one's own."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


class Trap:
    """Unpickling this would make a directory."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (self.path,))


def entry(**changes):
    """Give a header of one entry of eight bytes, with changes."""
    return {"w": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8], **changes}}


BAD = {
    "npz": {
        "empty file": b"",
        "text": b"hello",
        "no array": npz(readme__txt=b"hello"),
        "header claims more than there is": npz(w__npy=npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000,), }")),
        "header claims less": npz(w__npy=npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", bytes(24))),
        "header runs code": npz(w__npy=npy("{'descr': __import__('os').getcwd(), 'fortran_order': False, 'shape': (1,)}", bytes(8))),
        "negative shape": npz(w__npy=npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }")),
        "no header": npz(w__npy=b"abc"),
        "text array": npz(w__npy=npy("{'descr': '<U2', 'fortran_order': False, 'shape': (1,), }", bytes(8))),
    },
    "safetensors": {
        "empty file": b"",
        "header longer than the file": tensors(entry(), bytes(8), length=10**6),
        "huge header": tensors(entry(), bytes(8), length=2**63),
        "no JSON": tensors(b"{hello"),
        "no text": tensors(b"\xff\xfe"),
        "deep JSON": tensors(b"[" * 100_000),
        "no object": tensors(b"[1]"),
        "no entry": tensors({"w": 3}, bytes(8)),
        "unknown type": tensors(entry(dtype="F128"), bytes(8)),
        "shape of text": tensors(entry(shape=["1"]), bytes(8)),
        "negative shape": tensors(entry(shape=[-1]), bytes(8)),
        "size does not fit": tensors(entry(shape=[2]), bytes(8)),
        "offsets beyond the end": tensors(entry(data_offsets=[8, 16]), bytes(8)),
        "offsets backwards": tensors(entry(data_offsets=[8, 0]), bytes(8)),
        "bytes left over": tensors(entry(), bytes(9)),
        "truncated": tensors(entry(), bytes(7)),
        "overlap": tensors({**entry(), "v": entry()["w"]}, bytes(16)),
        "named twice": tensors(b'{"w":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"w":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}', bytes(8)),
    },
}  # fmt: skip


@pytest.mark.parametrize(("kind", "case"), [(k, c) for k in KINDS for c in BAD[k]])
def test_bad_files(tmp_path, kind, case):
    """A truncated, inconsistent or malicious file is refused by our own error, which names the file or the entry."""
    path = tmp_path / f"bad.{kind}"
    path.write_bytes(BAD[kind][case])
    m = network()
    before = m.state_dict()
    for read in (lambda: nn.load(path), lambda: m.load(path)):
        with pytest.raises((nn.storage.InputValueError, nn.storage.InputTypeError)):
            read()
    assert all(np.array_equal(before[k], v) for k, v in m.state_dict().items())


@pytest.mark.parametrize("kind", KINDS)
def test_every_truncation_is_noticed(tmp_path, kind):
    """A file cut anywhere is refused."""
    path = tmp_path / f"w.{kind}"
    nn.save({"w": np.arange(4.0), "b": np.arange(2.0)}, path)
    whole = path.read_bytes()
    for n in range(0, len(whole), 7):
        path.write_bytes(whole[:n])
        with pytest.raises(ValueError):
            nn.load(path)


def test_a_flipped_bit_is_noticed(tmp_path):
    """The archive's checksums notice a changed number."""
    path = tmp_path / "w.npz"
    nn.save({"w": np.arange(4.0)}, path)
    raw = bytearray(path.read_bytes())
    at = raw.index(np.arange(4.0).tobytes()) + 9
    raw[at] ^= 1
    path.write_bytes(raw)
    with pytest.raises(ValueError, match="CRC"):
        nn.load(path)


def test_pickles_are_never_opened(tmp_path):
    """An archive with a pickled object is refused before anything in it runs."""
    target = tmp_path / "made_by_the_trap"
    np.savez(tmp_path / "trap.npz", w=np.array([Trap(str(target))], dtype=object))
    with pytest.raises((ValueError, TypeError), match="objects"):
        nn.load(tmp_path / "trap.npz")
    (tmp_path / "p.npz").write_bytes(pickle.dumps(Trap(str(target))))
    with pytest.raises(ValueError):
        nn.load(tmp_path / "p.npz")
    assert not target.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_another_network_is_refused(tmp_path, kind):
    """Names and shapes are compared before a number is read; the message names the file, the entry and both shapes."""
    path = tmp_path / f"w.{kind}"
    network().save(path)
    other = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 1))
    with pytest.raises(ValueError, match=r"0\.weight: got shape \(3, 2\), the model has \(4, 2\)") as caught:
        other.load(path)
    assert path.name in str(caught.value)


def test_a_failed_write_leaves_the_old_file(tmp_path):
    """When writing fails half-way, the old file is whole and no temporary file stays."""
    path = tmp_path / "w.npz"
    nn.save({"w": np.ones(2)}, path)
    old = path.read_bytes()

    def fail(file):
        file.write(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        storage.write_atomically(path, fail)
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) & 0o600 == 0o600


def test_paths(tmp_path):
    """An unknown ending, a path that is none and a missing file are told apart."""
    with pytest.raises(ValueError, match=r"\.npz or \.safetensors"):
        network().save(tmp_path / "w.pt")
    with pytest.raises(TypeError, match="a path"):
        nn.load(3)
    with pytest.raises(FileNotFoundError):
        nn.load(tmp_path / "absent.npz")


@pytest.mark.parametrize("kind", KINDS)
def test_messages_name_the_file(tmp_path, kind):
    """A file that is cut short, and a directory that is not there, are named as the user wrote them."""
    path = tmp_path / f"weights.{kind}"
    network().save(path)
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(InputValueError, match=f"weights.{kind}"):
        network().load(path)
    with pytest.raises(FileNotFoundError) as caught:
        network().save(tmp_path / "missing" / f"w.{kind}")
    assert caught.value.filename == str(tmp_path / "missing")
