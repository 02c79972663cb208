"""The safetensors format: eight bytes with the length of a JSON header, the header, and the bare numbers.

Source: github.com/huggingface/safetensors, "Format". The format is small enough to be written here, and reading it
with our own checks needs no further package.
"""

from __future__ import annotations

import json
import struct
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from autograd.errors import InputValueError

if TYPE_CHECKING:
    from collections.abc import Mapping

Array = np.ndarray[Any, np.dtype[Any]]
DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?",
}  # fmt: skip
_NAMES = {np.dtype(code): name for name, code in DTYPES.items()}
_MAX_HEADER = 100_000_000  # as in the reference implementation


def write(file: IO[bytes], arrays: Mapping[str, Array]) -> None:
    """Write arrays in order, without gaps."""
    header: dict[str, Any] = {}
    offset = 0
    blobs = []
    for name, array in arrays.items():
        if name == "__metadata__":
            raise InputValueError("'__metadata__' is a reserved name in safetensors; choose another")
        little = np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")
        if little.dtype not in _NAMES:
            raise InputValueError(
                f"{name!r} holds {array.dtype}, which safetensors has no name for; it has {', '.join(DTYPES)}"
            )
        header[name] = {
            "dtype": _NAMES[little.dtype],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + little.nbytes],
        }
        offset += little.nbytes
        blobs.append(little)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # so that the numbers begin at a multiple of eight
    file.write(struct.pack("<Q", len(text)))
    file.write(text)
    for blob in blobs:
        file.write(blob.tobytes())


class Reader:
    """A file whose header is read and checked at once, and arrays when asked for."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read and check the header."""
        self._file = file
        file.seek(0, 2)
        total = file.tell()
        file.seek(0)
        first = file.read(8)
        if len(first) < 8:
            raise InputValueError(f"a safetensors file has at least 8 bytes; this one has {total}")
        (length,) = struct.unpack("<Q", first)
        if length > min(_MAX_HEADER, total - 8):
            raise InputValueError(
                f"the header claims {length} bytes, and the file has {total - 8} after its first 8: it is truncated or no safetensors file"
            )
        try:
            header = json.loads(file.read(length).decode(), object_pairs_hook=_once)
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
            raise InputValueError(f"the header is no JSON: {error}") from None
        if not isinstance(header, dict):
            raise InputValueError("the header is no JSON object")
        header.pop("__metadata__", None)
        self._start = 8 + length
        self.shapes: dict[str, tuple[int, ...]] = {}
        self._places: dict[str, tuple[str, int, int]] = {}
        for name, entry in header.items():
            self._places[name], self.shapes[name] = _checked(name, entry)
        end = 0
        for name, (_, begin, stop) in sorted(self._places.items(), key=lambda item: item[1][1:]):
            if begin != end:
                raise InputValueError(
                    f"entry {name!r} begins at byte {begin}; expected {end}: entries overlap or leave gaps"
                )
            end = stop
        if end != total - self._start:
            raise InputValueError(
                f"the header describes {end} bytes of numbers, and the file has {total - self._start}: it is truncated or has extra bytes"
            )

    def read(self, name: str) -> Array:
        """Read one array; bfloat16 becomes float32, which holds it exactly."""
        kind, begin, stop = self._places[name]
        self._file.seek(self._start + begin)
        raw = self._file.read(stop - begin)
        if kind == "BF16":
            return (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32).reshape(self.shapes[name])
        array = np.frombuffer(raw, DTYPES[kind]).reshape(self.shapes[name])
        return array.astype(array.dtype.newbyteorder("="))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InputValueError("the header names an entry twice")
    return found


def _checked(name: str, entry: Any) -> tuple[tuple[str, int, int], tuple[int, ...]]:
    good = (
        isinstance(entry, dict)
        and set(entry) == {"dtype", "shape", "data_offsets"}
        and _whole(entry["shape"])
        and _whole(entry["data_offsets"])
        and len(entry["data_offsets"]) == 2
    )
    if not good:
        raise InputValueError(f"entry {name!r} needs dtype, shape and data_offsets; got {str(entry)[:80]}")
    kind, shape, (begin, stop) = entry["dtype"], tuple(entry["shape"]), entry["data_offsets"]
    if kind != "BF16" and kind not in DTYPES:
        raise InputValueError(f"entry {name!r} has the type {str(kind)[:20]!r}; known are BF16, {', '.join(DTYPES)}")
    size = 2 if kind == "BF16" else np.dtype(DTYPES[kind]).itemsize
    if stop - begin != size * int(np.prod(shape, dtype=object)):
        raise InputValueError(
            f"entry {name!r} of shape {shape} needs {size * int(np.prod(shape, dtype=object))} bytes; it is given {stop - begin}"
        )
    return (kind, begin, stop), shape


def _whole(x: Any) -> bool:
    return isinstance(x, list) and all(type(n) is int and 0 <= n < 2**62 for n in x)
