"""Functions that are made of operations of the tables: no derivative is written here.

They accept floats, arrays, Values, Tensors and arrays of Values alike. Names follow NumPy; where PyTorch has
another name for the same thing, both work.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import arrays, modes
from autograd.arguments import as_array, short
from autograd.arrays import getitem, matmul, max_, min_, reshape, sum_, transpose
from autograd.errors import InputTypeError, InputValueError, ShapeError
from autograd.rules import mul

if TYPE_CHECKING:
    from collections.abc import Sequence


def shape_of(a: Any) -> tuple[int, ...]:
    """Give the shape of anything: () for a number or a Value."""
    return a.shape if hasattr(a, "shape") else np.shape(as_array(a)) if isinstance(a, list | tuple) else ()


def _listed(items: Any, name: str) -> tuple[Any, ...]:
    if not isinstance(items, list | tuple | np.ndarray) or not len(items):
        raise InputValueError(f"{name} joins a non-empty list of arrays; got {short(items)}")
    return tuple(items)


def concatenate(items: Sequence[Any], axis: int = 0) -> Any:
    """Join arrays along an axis that exists.

    >>> concatenate([np.zeros(2), np.ones(1)])
    array([0., 0., 1.])
    """
    return arrays.concatenate(*_listed(items, "concatenate"), axis=axis)


def stack(items: Sequence[Any], axis: int = 0) -> Any:
    """Join arrays, or single numbers, along a new axis.

    >>> stack([np.zeros(2), np.ones(2)]).shape
    (2, 2)
    """
    return arrays.stack(*_listed(items, "stack"), axis=axis)


def split(a: Any, parts: int | Sequence[int], axis: int = 0) -> list[Any]:
    """Cut an array along an axis into equal parts, or at the given indices (as ``numpy.split``).

    >>> split(np.arange(4.0), 2)
    [array([0., 1.]), array([2., 3.])]
    """
    n = shape_of(a)[axis]
    if isinstance(parts, int):
        if parts < 1 or n % parts:
            raise ShapeError(
                f"an axis of length {n} cannot be cut into {parts} equal parts; give the indices to cut at"
            )
        cuts = list(range(0, n + 1, n // parts))
    else:
        cuts = [0, *parts, n]
    lead = (slice(None),) * (axis % len(shape_of(a)))
    return [getitem(a, index=(*lead, slice(i, j))) for i, j in itertools.pairwise(cuts)]


def dot(a: Any, b: Any) -> Any:
    """Give the product as ``numpy.dot`` has it for numbers, vectors and matrices."""
    if not shape_of(a) or not shape_of(b):
        return mul(a, b)
    if len(shape_of(b)) > 2:
        raise ShapeError(
            f"dot takes vectors and matrices; got shapes {shape_of(a)} and {shape_of(b)}. Use matmul or einsum"
        )
    return matmul(a, b)


def flatten(a: Any) -> Any:
    """Give all elements along one axis, the last axis running fastest."""
    return reshape(a, shape=(-1,))


def squeeze(a: Any, axis: int | tuple[int, ...] | None = None) -> Any:
    """Leave out axes of length 1: the named ones, or all."""
    shape = shape_of(a)
    axes = {i for i, n in enumerate(shape) if n == 1} if axis is None else {
        i % max(len(shape), 1) for i in (axis if isinstance(axis, tuple) else (axis,))
    }  # fmt: skip
    wrong = [i for i in axes if i >= len(shape) or shape[i] != 1]
    if wrong:
        raise ShapeError(f"squeeze: axis {wrong[0]} of shape {shape} does not have length 1")
    return reshape(a, shape=tuple(n for i, n in enumerate(shape) if i not in axes))


def expand_dims(a: Any, axis: int) -> Any:
    """Add an axis of length 1 at a position (``unsqueeze`` in PyTorch)."""
    shape = list(shape_of(a))
    if not -len(shape) - 1 <= axis <= len(shape):
        raise ShapeError(f"expand_dims: axis {axis} is out of range for shape {tuple(shape)}")
    shape.insert(axis % (len(shape) + 1), 1)
    return reshape(a, shape=tuple(shape))


def swapaxes(a: Any, axis1: int, axis2: int) -> Any:
    """Exchange two axes."""
    axes = list(range(len(shape_of(a))))
    if not all(-len(axes) <= i < len(axes) for i in (axis1, axis2)):
        raise ShapeError(f"swapaxes: axes {axis1} and {axis2} are out of range for shape {shape_of(a)}")
    axes[axis1], axes[axis2] = axes[axis2], axes[axis1]
    return transpose(a, axes=tuple(axes))


def permute(a: Any, *axes: Any) -> Any:
    """Reorder axes, as PyTorch spells ``transpose``."""
    return transpose(a, axes=tuple(axes[0]) if len(axes) == 1 and not isinstance(axes[0], int) else axes)


def diagonal(a: Any, offset: int = 0) -> Any:
    """Give the diagonal of the last two axes."""
    shape = shape_of(a)
    if len(shape) < 2:
        raise ShapeError(f"diagonal needs two axes; got shape {shape}")
    rows, columns = shape[-2:]
    n = max(0, min(rows + min(offset, 0), columns - max(offset, 0)))
    i = np.arange(n)
    return getitem(a, index=(..., i - min(offset, 0), i + max(offset, 0)))


def trace(a: Any, offset: int = 0) -> Any:
    """Give the sum of the diagonal."""
    return sum_(diagonal(a, offset), axis=-1)


def take_along_axis(a: Any, index: Any, axis: int) -> Any:
    """Pick one element per position of ``index`` along an axis, as ``numpy.take_along_axis``."""
    return arrays.take_along_axis(a, index=np.asarray(index), axis=axis)


def pad(a: Any, widths: Any, value: float = 0.0) -> Any:
    """Add ``value`` around an array; ``widths`` as in ``numpy.pad``."""
    return arrays.pad(a, widths=widths, value=value)


def _data(a: Any) -> Any:
    if modes.active and (trace := modes.trace_on()) is not None and shape_of(a):
        if trace.whole and getattr(type(a), "_rank", 0):
            trace.read(a, "the order of the elements")
        return as_array(a)  # NumPy compares the Values themselves, and the trace sees each comparison
    kind = getattr(a, "_data", a)
    if isinstance(kind, list | tuple):
        kind = as_array(kind)
    if isinstance(kind, np.ndarray) and kind.dtype.kind == "O":
        kind = np.array([getattr(x, "_data", x) for x in kind.flat]).reshape(kind.shape)
    return kind


def _index(function: Any, a: Any, axis: int | None) -> Any:
    try:
        found = function(_data(a), axis=axis)
    except ValueError as error:
        raise ShapeError(f"{function.__name__} of shape {shape_of(a)} along axis {axis}: {error}") from None
    return int(found) if np.ndim(found) == 0 else found


def argmax(a: Any, axis: int | None = None) -> Any:
    """Give the index of the largest element: a plain integer or array, without a gradient.

    >>> argmax(np.array([1.0, 3.0, 2.0]))
    1
    """
    return _index(np.argmax, a, axis)


def argmin(a: Any, axis: int | None = None) -> Any:
    """Give the index of the smallest element: a plain integer or array, without a gradient."""
    return _index(np.argmin, a, axis)


def sort(a: Any, axis: int = -1) -> Any:
    """Sort along an axis; gradients follow the elements to where they came from."""
    if np.ndim(_data(a)) == 0:
        raise InputTypeError("sort needs an array; got a single number")
    return take_along_axis(a, np.argsort(_data(a), axis=axis, kind="stable"), axis)


def _reduction(rule: Any, name: str) -> Any:
    def reduce(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
        shape = shape_of(a)
        if name in ("max", "min") and arrays.count(shape, axis) == 0:
            raise ShapeError(f"{name} of no elements: shape {shape} along axis {axis} is empty, and has no {name}")
        return rule(a, axis=axis, keepdims=keepdims)

    reduce.__name__ = reduce.__qualname__ = name
    reduce.__doc__ = f"Reduce by {name} over an axis, several axes (a tuple) or all; ``keepdims`` keeps them as 1."
    return reduce


sum_of = _reduction(sum_, "sum")
mean = _reduction(arrays.mean, "mean")
prod = _reduction(arrays.prod, "prod")
norm = _reduction(arrays.norm, "norm")
max_of = _reduction(max_, "max")
min_of = _reduction(min_, "min")
logsumexp = _reduction(arrays.logsumexp, "logsumexp")


def var(a: Any, axis: Any = None, ddof: int = 0, *, keepdims: bool = False) -> Any:
    """Give the mean squared deviation, divided by n − ``ddof`` (0 as in NumPy; PyTorch's default is 1)."""
    return arrays.var(a, axis=axis, ddof=ddof, keepdims=keepdims)


def std(a: Any, axis: Any = None, ddof: int = 0, *, keepdims: bool = False) -> Any:
    """Give the standard deviation; where all values are equal the gradient is 0."""
    return arrays.std(a, axis=axis, ddof=ddof, keepdims=keepdims)


def softmax(a: Any, axis: int = -1) -> Any:
    """Give exp(a) / Σ exp(a) along an axis, without overflow."""
    return arrays.softmax(a, axis=axis)


def log_softmax(a: Any, axis: int = -1) -> Any:
    """Give log(softmax(a)) along an axis, without overflow and without log 0."""
    return arrays.log_softmax(a, axis=axis)


def reshape_to(a: Any, *shape: Any) -> Any:
    """Give another shape to the same elements; one length may be −1."""
    return reshape(a, shape=tuple(shape[0]) if len(shape) == 1 and not isinstance(shape[0], int) else shape)


def transposed(a: Any, axes: Any = None) -> Any:
    """Reverse the axes, or put them into the given order."""
    return transpose(a, axes=axes)


def broadcast_to(a: Any, shape: tuple[int, ...]) -> Any:
    """Repeat along new axes and axes of length 1 until the shape is reached."""
    return arrays.broadcast_to(a, shape=shape)


def flip(a: Any, axis: Any = None) -> Any:
    """Reverse the order along an axis, or along all."""
    return arrays.flip(a, axis=axis)


def cumsum(a: Any, axis: int = 0) -> Any:
    """Give running sums along an axis."""
    return arrays.cumsum(a, axis=axis)


def triu(a: Any, k: int = 0) -> Any:
    """Keep the upper triangle, from the ``k``-th diagonal on."""
    return arrays.triu(a, k=k)


def tril(a: Any, k: int = 0) -> Any:
    """Keep the lower triangle, up to the ``k``-th diagonal."""
    return arrays.tril(a, k=k)


def einsum(subscripts: str, *operands: Any) -> Any:
    """Sum products over named axes, as ``numpy.einsum``: ``einsum("ij,jk->ik", a, b)`` is a matrix product."""
    if not isinstance(subscripts, str):
        raise InputTypeError(f"einsum takes its subscripts first, as text: 'ij,jk->ik'; got {short(subscripts)}")
    return arrays.einsum(*operands, subscripts=subscripts)
