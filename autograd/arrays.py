"""The table of derivatives, second half: operations on whole arrays.

A row gives the name, how NumPy computes it, and one *pullback* per array argument: from ``g``, the gradient at the
output, to the gradient at that argument. ``y`` is the output, ``a, b`` the arguments; parameters keep their names.
Pullbacks are written in operations of the two tables, so they can be recorded, and the families are closed:
indexing ↔ scattering, summing ↔ broadcasting, windows (``unfold``) ↔ overlapping sums (``fold``, in ``windows``).

``samples`` are the shapes and parameters with which the tests try a row.

Sources: Giles, "An extended collection of matrix derivative results for forward and reverse mode AD" (2008).
"""

# mypy: disable-error-code="has-type"
# A rule may name a row further down; mypy reads from the top.

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.arguments import real
from autograd.forms import PRODUCT, Form
from autograd.operations import Structural, register
from autograd.rules import equal, exp, where
from autograd.scatter import Scatter
from autograd.subscripts import explicit, heavy


def row(name: str, compute: Any, *pullbacks: Any, **columns: Any) -> Structural:
    """Define one row and put it into the table; rows here compute with NumPy alone."""
    operation = Structural(name, compute, *pullbacks, pure=True, **columns)
    register(operation)
    return operation


# --- shapes ---------------------------------------------------------------------------------------------------


def kept(shape: tuple[int, ...], axis: Any) -> tuple[int, ...]:
    """Give the shape after reducing over ``axis`` with the reduced axes kept as length 1."""
    if axis is None:
        return (1,) * len(shape)
    axes = {i % len(shape) for i in (axis if isinstance(axis, tuple) else (axis,))} if shape else set()
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def count(shape: tuple[int, ...], axis: Any) -> int:
    """Give how many elements are reduced into one."""
    if axis is None:
        return math.prod(shape)
    return math.prod(n for n, k in zip(shape, kept(shape, axis), strict=True) if k == 1) if shape else 1


def restored(y: Any, a: Any, axis: Any) -> Any:
    """Give a reduced array its reduced axes back, with length 1."""
    return reshape(y, shape=kept(a.shape, axis))


def repeated(g: Any, a: Any, axis: Any) -> Any:
    """Give every element of ``a`` the gradient of the sum that it went into."""
    if type(g) is np.ndarray or isinstance(g, np.generic):  # seen from everywhere: no copy, no search
        g = np.asarray(g, order="C")
        if axis is None:
            strides: tuple[int, ...] = (0,) * a.ndim
        else:
            shape = kept(a.shape, axis)
            strides = tuple(0 if n == 1 else s for n, s in zip(shape, g.reshape(shape).strides, strict=True))
        view = np.ndarray(a.shape, g.dtype, g, 0, strides)
        view.setflags(write=False)
        return view
    return broadcast_to(restored(g, a, axis), shape=a.shape)


def _sum_to(a: Any, *, shape: tuple[int, ...]) -> Any:
    extra = a.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(i + extra for i, n in enumerate(shape) if n == 1 and a.shape[i + extra] != 1)
    return np.sum(a, axis=axes).reshape(shape) if axes else np.copy(a).reshape(shape)


def _inverse(axes: Any) -> Any:
    return None if axes is None else tuple(int(i) for i in np.argsort([x % len(axes) for x in axes]))


def _scattered(g: Any, *, index: Any, shape: tuple[int, ...]) -> Any:
    buffer = np.zeros(shape, np.result_type(g))
    Scatter(index, g).into(buffer)
    return buffer


def _take_index(index: Any, axis: int, shape: tuple[int, ...]) -> tuple[Any, ...]:
    grid = list(np.ogrid[tuple(slice(n) for n in index.shape)])
    grid[axis % len(shape)] = index
    return tuple(grid)


def _pad(a: Any, *, widths: Any, value: float = 0.0) -> Any:
    return np.pad(a, widths, constant_values=value)


def _unpadded(widths: Any, ndim: int) -> tuple[slice, ...]:
    pairs = np.broadcast_to(np.asarray(widths), (ndim, 2))
    return tuple(slice(int(low), -int(high) if high else None) for low, high in pairs)


def _joined(slot: int, args: Any, axis: int) -> tuple[Any, ...]:
    """Give the slice of a concatenation that came from argument ``slot``."""
    axis %= np.ndim(args[0])
    start = sum(a.shape[axis] for a in args[:slot])
    return (slice(None),) * axis + (slice(start, start + args[slot].shape[axis]),)


def _packed(*args: Any, shape: tuple[int, ...]) -> Any:
    return np.array(args).reshape(shape)


# fmt: off
#               name           computed                                        gradient of a (and b)
reshape     = row("reshape",     lambda a, *, shape: np.reshape(a, shape),       lambda g, y, a, *, shape: reshape(g, shape=a.shape),
                  objects="numpy", samples=((((2, 3),), {"shape": (3, 2)}), (((4,),), {"shape": (2, -1)})))
transpose   = row("transpose",   lambda a, *, axes=None: np.transpose(a, axes),  lambda g, y, a, *, axes=None: transpose(g, axes=_inverse(axes)),
                  objects="numpy", samples=((((2, 3),), {}), (((2, 3, 4),), {"axes": (2, 0, 1)}), (((2, 3, 4),), {"axes": (-1, 0, 1)})))
broadcast_to = row("broadcast_to", lambda a, *, shape: np.broadcast_to(a, shape), lambda g, y, a, *, shape: sum_to(g, shape=a.shape),
                  objects="numpy", samples=((((3, 1),), {"shape": (2, 3, 4)}), (((),), {"shape": (2,)})))
sum_to      = row("sum_to",      _sum_to,                                        lambda g, y, a, *, shape: broadcast_to(g, shape=a.shape),
                  objects="numpy", samples=((((2, 3, 4),), {"shape": (3, 1)}),))
getitem     = row("getitem",     lambda a, *, index: a[index],                   lambda g, y, a, *, index: scatter(g, index=index, shape=a.shape),
                  objects="numpy", samples=((((3, 4),), {"index": (slice(None, None, 2), 1)}), (((4,),), {"index": np.array([0, 2, 2])})))
# Zeros of a given shape with g added at an index: the adjoint of indexing. An index that occurs twice adds twice.
scatter     = row("scatter",     _scattered,                                     lambda g, y, a, *, index, shape: getitem(g, index=index),
                  samples=((((2,),), {"index": (slice(0, 2),), "shape": (4,)}), (((3,),), {"index": np.array([1, 1, 0]), "shape": (2,)})))
take_along_axis = row("take_along_axis", lambda a, *, index, axis: np.take_along_axis(a, index, axis),
                  lambda g, y, a, *, index, axis: scatter(g, index=_take_index(index, axis, a.shape), shape=a.shape),
                  objects="numpy", samples=((((2, 3),), {"index": np.array([[2, 0, 0], [1, 1, 2]]), "axis": 1}),))
pad         = row("pad",         _pad,                                           lambda g, y, a, *, widths, value=0.0: getitem(g, index=_unpadded(widths, a.ndim)),
                  objects="numpy", samples=((((2, 3),), {"widths": ((1, 0), (0, 2))}),))
flip        = row("flip",        lambda a, *, axis=None: np.flip(a, axis),       lambda g, y, a, *, axis=None: flip(g, axis=axis),
                  objects="numpy", samples=((((2, 3),), {"axis": 1}), (((4,),), {})))
cumsum      = row("cumsum",      lambda a, *, axis=0: np.cumsum(a, axis),        lambda g, y, a, *, axis=0: flip(cumsum(flip(g, axis=axis), axis=axis), axis=axis),
                  objects="numpy", samples=((((2, 3),), {"axis": 1}), (((4,),), {})))
triu        = row("triu",        lambda a, *, k=0: np.triu(a, k),                lambda g, y, a, *, k=0: triu(g, k=k),
                  objects="numpy", samples=((((3, 3),), {"k": 1}), (((2, 3, 3),), {})))
tril        = row("tril",        lambda a, *, k=0: np.tril(a, k),                lambda g, y, a, *, k=0: tril(g, k=k),
                  objects="numpy", samples=((((3, 4),), {"k": -1}),))
concatenate = row("concatenate", lambda *args, axis=0: np.concatenate(args, axis), lambda slot, g, y, *args, axis=0: getitem(g, index=_joined(slot, args, axis)),
                  variadic=True, objects="numpy", samples=((((2, 3), (1, 3)), {}), (((2, 1), (2, 2), (2, 1)), {"axis": -1})))
stack       = row("stack",       lambda *args, axis=0: np.stack(args, axis),     lambda slot, g, y, *args, axis=0: getitem(g, index=(slice(None),) * (axis % y.ndim) + (slot,)),
                  variadic=True, objects="numpy", samples=((((2, 3), (2, 3)), {"axis": 1}), (((), ()), {})))
# Single numbers joined into one array of a given shape: how Values become a Tensor.
pack        = row("pack",        _packed,                                        lambda slot, g, y, *args, shape: getitem(reshape(g, shape=(-1,)), index=slot),
                  variadic=True, samples=((((), (), (), ()), {"shape": (2, 2)}),))

# --- reductions -----------------------------------------------------------------------------------------------
sum_        = row("sum",         lambda a, *, axis=None, keepdims=False: np.add.reduce(a, axis=axis, keepdims=keepdims),
                  lambda g, y, a, *, axis=None, keepdims=False: repeated(g, a, axis),
                  objects="numpy", fuses=True, form=Form("Σ", "Σ({a})", "sum({a})", r"\sum {a}"), samples=((((2, 3),), {}), (((2, 3),), {"axis": 1}), (((2, 3, 2),), {"axis": (0, -1), "keepdims": True})))
mean        = row("mean",        lambda a, *, axis=None, keepdims=False: np.true_divide(np.add.reduce(a, axis=axis, keepdims=keepdims), count(np.shape(a), axis)),
                  lambda g, y, a, *, axis=None, keepdims=False: repeated(g / count(a.shape, axis), a, axis),
                  objects="numpy", fuses=True, samples=((((2, 3),), {}), (((2, 3),), {"axis": 0})))
# The mean squared deviation, divided by n − ddof as in NumPy (PyTorch divides by n − 1 unless told otherwise).
var         = row("var",         lambda a, *, axis=None, ddof=0, keepdims=False: _var(a, axis, ddof, keepdims),
                  lambda g, y, a, *, axis=None, ddof=0, keepdims=False: restored(g, a, axis) * (a - mean(a, axis=axis, keepdims=True)) * _twice_over(count(a.shape, axis) - ddof),
                  samples=((((2, 3),), {}), (((4, 2),), {"axis": 0, "ddof": 1})))
# Where all values are equal, y = 0 and the gradient is 0 by convention.
std         = row("std",         lambda a, *, axis=None, ddof=0, keepdims=False: np.sqrt(_var(a, axis, ddof, keepdims)),
                  lambda g, y, a, *, axis=None, ddof=0, keepdims=False: restored(g, a, axis) * _ratio(a - mean(a, axis=axis, keepdims=True), restored(y, a, axis)) / (count(a.shape, axis) - ddof),
                  samples=((((2, 3),), {}), (((4, 2),), {"axis": 0, "ddof": 1})))
# The Euclidean norm; at 0 the gradient is 0 by convention.
norm        = row("norm",        lambda a, *, axis=None, keepdims=False: _norm(a, axis, keepdims),
                  lambda g, y, a, *, axis=None, keepdims=False: restored(g, a, axis) * _ratio(a, restored(y, a, axis)),
                  form=Form("‖·‖", "‖{a}‖", "norm({a})", r"\left\|{a}\right\|"), samples=((((3,),), {}), (((2, 3),), {"axis": 1})))
prod        = row("prod",        lambda a, *, axis=None, keepdims=False: np.prod(a, axis=axis, keepdims=keepdims),
                  lambda g, y, a, *, axis=None, keepdims=False: restored(g, a, axis) * _others(a, axis),
                  objects="numpy", form=Form("Π", "Π({a})", "prod({a})", r"\prod {a}"), samples=((((4,),), {}), (((2, 3),), {"axis": 0})))
# A tie is shared equally, also over an axis (PyTorch gives all of it to the first index there).
max_        = row("max",         lambda a, *, axis=None, keepdims=False: np.max(a, axis=axis, keepdims=keepdims),
                  lambda g, y, a, *, axis=None, keepdims=False: restored(g, a, axis) * _winners(a, y, axis),
                  samples=((((4,),), {}), (((2, 3),), {"axis": 1})))
min_        = row("min",         lambda a, *, axis=None, keepdims=False: np.min(a, axis=axis, keepdims=keepdims),
                  lambda g, y, a, *, axis=None, keepdims=False: restored(g, a, axis) * _winners(a, y, axis),
                  samples=((((4,),), {}), (((2, 3),), {"axis": 1})))
logsumexp   = row("logsumexp",   lambda a, *, axis=None, keepdims=False: _logsumexp(real(a), axis, keepdims),
                  lambda g, y, a, *, axis=None, keepdims=False: restored(g, a, axis) * softmax(a, axis=axis),
                  samples=((((3,),), {}), (((2, 3),), {"axis": -1, "keepdims": True})))
softmax     = row("softmax",     lambda a, *, axis=-1: _softmax(real(a), axis),
                  lambda g, y, a, *, axis=-1: y * (g - sum_(g * y, axis=axis, keepdims=True)), samples=((((3,),), {}), (((2, 3),), {"axis": 0})))
log_softmax = row("log_softmax", lambda a, *, axis=-1: _log_softmax(real(a), axis),
                  lambda g, y, a, *, axis=-1: g - exp(y) * sum_(g, axis=axis, keepdims=True), samples=((((3,),), {}), (((2, 3),), {"axis": 0})))

# --- products -------------------------------------------------------------------------------------------------
matmul      = row("matmul",      np.matmul,  lambda g, y, a, b: _matmul_left(g, a, b),  lambda g, y, a, b: _matmul_right(g, a, b),
                  objects="numpy", fuses=True, form=Form("@", "{a} @ {b}", "{a} @ {b}", "{a} {b}", PRODUCT, (PRODUCT, PRODUCT + 1)),
                  samples=((((2, 3), (3, 2)), {}), (((3,), (3,)), {}), (((2, 3), (3,)), {}), (((3,), (3, 2)), {}), (((2, 1, 2, 3), (3, 3, 2)), {}), (((3,), (2, 3, 2)), {}), (((2, 2, 3), (3,)), {})))
outer       = row("outer",       lambda a, b: np.multiply(np.reshape(a, (-1, 1)), np.reshape(b, (1, -1))),
                  lambda g, y, a, b: reshape(matmul(g, reshape(b, shape=(-1,))), shape=a.shape), lambda g, y, a, b: reshape(matmul(reshape(a, shape=(-1,)), g), shape=b.shape),
                  objects="numpy", samples=((((2,), (3,)), {}),))
einsum      = row("einsum",      lambda *args, subscripts: np.einsum(subscripts, *args, optimize=heavy(args)),
                  lambda slot, g, y, *args, subscripts: _einsum_pull(slot, g, args, subscripts), variadic=True, objects="numpy",
                  samples=((((2, 3), (3, 4)), {"subscripts": "ij,jk->ik"}), (((3, 3),), {"subscripts": "ii"}), (((2, 3), (2,), (3, 2)), {"subscripts": "ij,i,jk->k"}),
                           (((2, 3),), {"subscripts": "ij->j"}), (((2, 2, 3), (2, 3, 2)), {"subscripts": "...ij,...jk->...ik"}), (((3, 3), (3,)), {"subscripts": "ii,i->i"})))
# fmt: on


def _getitem_spread(node: Any, g: Any) -> Any:
    """Send (index, g) instead of an array of zeros: the engine adds it into a buffer of its own."""
    (a,) = node._b
    yield a, Scatter(node._da["index"], g)


def _pack_spread(node: Any, g: Any) -> Any:
    """Send its number to each Value in one pass over the gradient."""
    for a, s, c in zip(node._b, node._db, g.reshape(-1).tolist(), strict=True):
        if s is not None:
            yield a, a._shrink(c)


getitem.spread = _getitem_spread
getitem.alone = False
pack.spread = _pack_spread


def _twice_over(n: int) -> float:
    return 2 / n if n else math.inf  # as NumPy divides, where Python raises


def _var(a: Any, axis: Any, ddof: int, keepdims: bool) -> Any:
    n = count(np.shape(a), axis)
    deviation = a - np.true_divide(np.sum(a, axis=axis, keepdims=True), n)
    return np.true_divide(np.sum(np.square(deviation), axis=axis, keepdims=keepdims), n - ddof)


def _norm(a: Any, axis: Any, keepdims: bool) -> Any:
    # Scaled by the largest element, so that the squares neither overflow nor vanish.
    scale = np.max(np.abs(a), axis=axis, keepdims=True, initial=0)
    scale = np.where((scale > 0) & np.isfinite(scale), scale, 1).astype(np.result_type(a))
    root = np.sqrt(np.sum(np.square(a / scale), axis=axis, keepdims=True)) * scale
    return root if keepdims else np.reshape(root, np.sum(a, axis=axis).shape)


def _top(a: Any, axis: Any) -> Any:
    """The largest element, to be subtracted before exp is taken: then nothing overflows and no digits are lost."""
    top = np.max(a, axis=axis, keepdims=True, initial=-np.inf)
    return np.where(np.isfinite(top), top, 0).astype(np.result_type(a))


def _softmax(a: Any, axis: Any) -> Any:
    e = np.exp(a - _top(a, axis))
    return e / np.sum(e, axis=axis, keepdims=True)


def _log_softmax(a: Any, axis: Any) -> Any:
    shifted = a - _top(a, axis)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


def _logsumexp(a: Any, axis: Any, keepdims: bool) -> Any:
    top = _top(a, axis)
    result = np.log(np.sum(np.exp(a - top), axis=axis, keepdims=True)) + top
    return result if keepdims else np.reshape(result, np.sum(a, axis=axis).shape)


def _ratio(a: Any, y: Any) -> Any:
    """``a / y``, and 0 where y is 0."""
    return where(equal(y, 0), 0, a / where(equal(y, 0), 1, y))


def _winners(a: Any, y: Any, axis: Any) -> Any:
    """The share of each element in the maximum (or minimum): 1, or 1/k at a tie of k."""
    wins = equal(a, restored(y, a, axis))
    return (wins / np.sum(wins, axis=axis, keepdims=True)).astype(a.dtype, copy=False)


def _others(a: Any, axis: Any) -> Any:
    """For each element, the product of all others along ``axis``; right with any number of zeros, at any order.

    The product is taken over a matrix with the element itself replaced by 1: quadratic in the length of the axis,
    but made of ``prod`` again, so that its derivative is right as well.
    """
    if axis is None or isinstance(axis, tuple):
        axes = tuple(range(a.ndim)) if axis is None else tuple(i % a.ndim for i in axis)
        rest = tuple(i for i in range(a.ndim) if i not in axes)
        front = transpose(a, axes=rest + axes)
        flat = reshape(front, shape=(*front.shape[: len(rest)], -1))
        return transpose(reshape(_others(flat, -1), shape=front.shape), axes=_inverse(rest + axes))
    last = (*(i for i in range(a.ndim) if i != axis % a.ndim), axis % a.ndim)
    moved = transpose(a, axes=last)
    n = moved.shape[-1]
    square = broadcast_to(reshape(moved, shape=(*moved.shape[:-1], 1, n)), shape=(*moved.shape[:-1], n, n))
    return transpose(prod(where(np.eye(n, dtype=bool), 1, square), axis=-1), axes=_inverse(last))


def _swapped(a: Any) -> Any:
    return transpose(a, axes=(*range(a.ndim - 2), a.ndim - 1, a.ndim - 2))


def _as_matrices(g: Any, a: Any, b: Any) -> tuple[Any, Any, Any]:
    """Give all three as (batches of) matrices, as matmul sees a vector: a row on the left, a column on the right."""
    a2 = reshape(a, shape=(1, *a.shape)) if a.ndim == 1 else a
    b2 = reshape(b, shape=(*b.shape, 1)) if b.ndim == 1 else b
    batch = np.broadcast_shapes(a2.shape[:-2], b2.shape[:-2])
    return reshape(g, shape=(*batch, a2.shape[-2], b2.shape[-1])), a2, b2


def _matmul_left(g: Any, a: Any, b: Any) -> Any:
    if a.ndim == b.ndim == 2:
        return matmul(g, transpose(b))
    g2, a2, b2 = _as_matrices(g, a, b)
    return reshape(sum_to(matmul(g2, _swapped(b2)), shape=a2.shape), shape=a.shape)


def _matmul_right(g: Any, a: Any, b: Any) -> Any:
    if a.ndim == b.ndim == 2:
        return matmul(transpose(a), g)
    g2, a2, b2 = _as_matrices(g, a, b)
    return reshape(sum_to(matmul(_swapped(a2), g2), shape=b2.shape), shape=b.shape)


def _einsum_pull(slot: int, g: Any, args: Any, subscripts: str) -> Any:
    inputs, output = explicit(subscripts, [np.ndim(a) for a in args])
    a, own = args[slot], inputs[slot]
    others = [(s, x) for i, (s, x) in enumerate(zip(inputs, args, strict=True)) if i != slot]
    # A letter that occurs twice in this argument picks a diagonal: give the second place a letter of its own, and
    # multiply by the identity. A letter that nobody else has was summed away: multiply by ones.
    fresh = iter(c for c in "zyxwvutsrqponmlkjihgfedcba" if c not in "".join(inputs) + output)
    target = ""
    for i, letter in enumerate(own):
        n = a.shape[i]
        if letter in target:
            new = next(fresh)
            others.append((letter + new, np.eye(n, dtype=np.result_type(g.dtype))))
            target += new
        else:
            target += letter
            if letter not in output and not any(letter in s for s, _ in others):
                others.append((letter, np.ones(n, dtype=np.result_type(g.dtype))))
    terms = [output, *(s for s, _ in others)]
    full = einsum(g, *(x for _, x in others), subscripts=f"{','.join(terms)}->{target}")
    return sum_to(full, shape=a.shape) if full.shape != a.shape else full
