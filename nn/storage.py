"""Save and load weights: ``.npz`` (NumPy's archive, never with pickle) or ``.safetensors``.

A file is read as data: names, shapes and types are checked before any array is used, sizes that the file claims are
compared with the bytes that are there, and nothing in it can run. Writing goes to a temporary file in the same
directory, which then takes the name in one step: a crash leaves the old file or the new one, never half of one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from autograd.errors import InputTypeError, InputValueError
from nn import safetensors, state
from nn.module import Module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Array = np.ndarray[Any, np.dtype[Any]]
_MAX_HEADER = 10_000


def save(what: Module | Mapping[str, Any], path: Any) -> None:
    """Write a module's state, or a dictionary of arrays, to ``path``; the ending says how.

    >>> import nn, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     model = nn.Linear(2, 1, seed=0)
    ...     nn.save(model, f"{folder}/line.npz")
    ...     sorted(nn.load(f"{folder}/line.npz"))
    ['bias', 'weight']
    """
    entries = what.state_dict() if isinstance(what, Module) else dict(what)
    arrays = {str(name): state.as_plain(str(name), x) for name, x in entries.items()}
    write_atomically(
        path,
        (lambda file: _write_npz(file, arrays))
        if _kind(path) == ".npz"
        else (lambda file: safetensors.write(file, arrays)),
    )


def load(path: Any) -> dict[str, Array]:
    """Read a dictionary of arrays; give it to ``model.load_state_dict``.

    Raises:
        InputValueError: the file is truncated, inconsistent, or holds anything but arrays of numbers.
    """
    with _opened(path) as reader:
        return {name: reader.read(name) for name in reader.shapes}


def load_into(module: Module, path: Any) -> None:
    """Read a module's state; names and shapes are compared before a single number is read."""
    with _opened(path) as reader:
        state.check(state.shapes(module), reader.shapes, f"{type(module).__name__} (file {Path(path).name})")
        arrays = {name: reader.read(name) for name in reader.shapes}
    state.install(module, arrays, strict=True)


def _kind(path: Any) -> str:
    try:
        ending = Path(path).suffix
    except TypeError:
        raise InputTypeError(f"a path is text or a Path; got {path!r}") from None
    if ending not in (".npz", ".safetensors"):
        raise InputValueError(
            f"{str(path)!r} ends in {ending or 'nothing'!r}; weights are kept in .npz or .safetensors"
        )
    return ending


def write_atomically(path: Any, write: Callable[[IO[bytes]], None]) -> None:
    """Write to a temporary file beside ``path``, make sure that it is on the disk, and give it the name."""
    target = Path(path)
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no directory", str(target.parent))
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise


def _write_npz(file: IO[bytes], arrays: Mapping[str, Array]) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            # The date is fixed, so that the same weights give the same bytes.
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)


@contextlib.contextmanager
def _opened(path: Any) -> Iterator[Any]:
    kind = _kind(path)
    with Path(path).open("rb") as file:
        try:
            yield (NpzReader if kind == ".npz" else safetensors.Reader)(file)
        except (
            zipfile.BadZipFile,
            ValueError,
            KeyError,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            file_name = Path(path).name
            if isinstance(error, InputValueError | InputTypeError):
                if file_name in str(error):
                    raise
                raise type(error)(f"{file_name}: {error}") from None
            raise InputValueError(f"{file_name} cannot be read as {kind}: {error}") from error


class NpzReader:
    """An archive whose headers are read at once, and arrays when asked for."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read and check every header."""
        self._archive = zipfile.ZipFile(file)
        self.shapes: dict[str, tuple[int, ...]] = {}
        self._members: dict[str, tuple[zipfile.ZipInfo, Any, bool]] = {}
        for info in self._archive.infolist():
            name = info.filename.removesuffix(".npy")
            if name == info.filename or name in self.shapes:
                raise InputValueError(f"the archive has an entry {info.filename!r}; expected arrays (.npy), each once")
            with self._archive.open(info) as member:
                shape, fortran, dtype = _header(member)
                start = member.tell()
            if dtype.kind not in "fiub" or dtype.hasobject:
                raise InputTypeError(f"entry {name!r} holds {dtype}; only arrays of numbers are read, never objects")
            claimed = dtype.itemsize * int(np.prod(shape, dtype=object))
            if claimed != info.file_size - start:
                raise InputValueError(
                    f"entry {name!r} claims shape {shape} ({claimed} bytes) and has {info.file_size - start} bytes"
                )
            self.shapes[name] = tuple(shape)
            self._members[name] = (info, dtype, fortran)

    def read(self, name: str) -> Array:
        """Read one array; its checksum is compared on the way."""
        info, dtype, fortran = self._members[name]
        with self._archive.open(info) as member:
            _header(member)
            raw = member.read()
        shape = self.shapes[name]
        flat = np.frombuffer(raw, dtype)
        array = flat.reshape(shape[::-1]).T if fortran else flat.reshape(shape)
        return array.astype(dtype.newbyteorder("="), order="C")


def _header(member: IO[bytes]) -> tuple[tuple[int, ...], bool, Any]:
    version = np.lib.format.read_magic(member)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(member, max_header_size=_MAX_HEADER)
    if version == (2, 0):
        return np.lib.format.read_array_header_2_0(member, max_header_size=_MAX_HEADER)
    raise InputValueError(f"an array of .npy format {version} is unknown; expected (1, 0) or (2, 0)")
