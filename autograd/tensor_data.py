"""Arrays on their way into and out of Tensors: coercion, indices, undoing broadcasting, errors that teach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import modes
from autograd.arguments import as_array, bad_argument, short
from autograd.errors import InputTypeError, ShapeError
from autograd.forms import ARGUMENTS
from autograd.node import Node
from autograd.value import as_float

if TYPE_CHECKING:
    from autograd.operations import Operation

Array = np.ndarray[Any, np.dtype[Any]]


class IndexShapeError(ShapeError, IndexError):
    """An index that an array of this shape does not have."""


def as_data(x: Any, where: str, dtype: Any = None) -> Array:
    """Turn numbers, nested lists and arrays into a floating array; refuse everything else.

    Integers and booleans become float64; float16, float32 and float64 stay as they are.
    """
    if isinstance(x, Node):
        raise InputTypeError(f"{where} got {x!r}, which is a node already; write .detach().data for its array")
    if x is None or isinstance(x, str | bytes | dict | set):
        raise InputTypeError(bad_argument(x, where))
    array = as_array(x)
    if array.dtype.kind == "O":
        if any(isinstance(v, Node) for v in array.flat):
            raise InputTypeError(
                f"{where} got an array of Values; write autograd.stack_values(values) to keep their graph"
            )
        try:
            array = np.array([as_float(v, where) for v in array.flat]).reshape(array.shape)
        except InputTypeError as error:
            raise InputTypeError(f"{error} (an element of {short(x)})") from None
    if array.dtype.kind not in "fiub":
        raise InputTypeError(bad_argument(array, where))
    kind = np.dtype(dtype) if dtype is not None else array.dtype if array.dtype.kind == "f" else np.dtype(np.float64)
    if kind.kind != "f":
        raise InputTypeError(
            f"{where}: dtype {kind} is not a floating type; derivatives need float64, float32 or float16"
        )
    return np.array(array, dtype=kind)


def datum(a: Any, op: Operation) -> Any:
    """Give the numbers of an argument that is no plain Tensor: of a node, an array, a list or a scalar."""
    if isinstance(a, Node):
        return a._data
    if isinstance(a, np.ndarray):
        if a.dtype.kind not in "fiub":
            raise InputTypeError(bad_argument(a, f"{op.name}()"))
        return a
    if isinstance(a, list | tuple):
        return as_data(a, f"{op.name}()")
    return as_float(a, f"{op.name}()")


def careful(op: Operation, datas: list[Any], params: dict[str, Any]) -> Any:
    """Compute an operation that may call others, without NumPy's warnings."""
    with np.errstate(all="ignore"):
        return op.compute(*datas, **params)


def explained(error: Exception, op: Operation, datas: list[Any], params: dict[str, Any]) -> Exception:
    """Turn NumPy's complaint into one that names the operation, the shapes and the parameters."""
    shapes = ", ".join(f"{ARGUMENTS[i % 8]} {np.shape(d)}" for i, d in enumerate(datas[:8]))
    given = "".join(f", {k}={short(v, 30)}" for k, v in params.items())
    kind = InputTypeError if isinstance(error, TypeError) else ShapeError
    if isinstance(error, IndexError):
        return IndexShapeError(f"{op.name}: {error}; got shapes {shapes}{given}")
    return kind(f"{op.name}: these do not fit together: {shapes}{given}. NumPy says: {error}")


def plain_index(index: Any) -> Any:
    """Check an index; Tensors do not index, since an index has no gradient."""
    parts = index if isinstance(index, tuple) else (index,)
    for part in parts:
        if isinstance(part, Node):
            if modes.active and (trace := modes.trace_on()) is not None and trace.whole:
                return trace.index(parts)
            raise InputTypeError(
                "a Tensor cannot be an index (an index has no gradient); write .data.astype(int), or a mask"
            )
    if isinstance(index, list):
        return np.asarray(index)
    return tuple(np.asarray(p) if isinstance(p, list) else p for p in index) if isinstance(index, tuple) else index


def sum_to_shape(c: Any, shape: tuple[int, ...]) -> Any:
    """Sum an array over the axes along which ``shape`` was broadcast to give it.

    >>> sum_to_shape(np.ones((3, 4)), (4,))
    array([3., 3., 3., 3.])
    """
    extra = c.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(i + extra for i, n in enumerate(shape) if n == 1 and c.shape[i + extra] != 1)
    result = np.sum(c, axis=axes, keepdims=True) if axes else c
    if result.shape != shape:
        result = result.reshape(shape) if result.size == int(np.prod(shape)) else np.broadcast_to(result, shape)
    return result
