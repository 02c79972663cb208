"""Operations on whole arrays, number by number: what they are made of when every element is a Value.

Usually an array of Values is stacked into one Tensor for them, which is one node and fast. Inside ``unfused()``, in the
layers of ``nn``, and while a function is compiled, every number stays a node of its own: a program has no arrays. Each function here
takes the numbers along the reduced axes as a list. The conventions are those of the rows in ``arrays``: a tie is
shared equally, the norm and the standard deviation have slope 0 where they are 0, and a largest number that is only
subtracted to keep ``exp`` in its range is a constant.
"""

from __future__ import annotations

import math
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import modes
from autograd.arrays import kept
from autograd.fused import total
from autograd.rules import absolute, add, equal, exp, log, maximum, neg, reciprocal, sqrt, square, where

if TYPE_CHECKING:
    from collections.abc import Callable


def _largest(v: list[Any]) -> Any:
    """Give the largest number as a constant: a plain number, or while a function is compiled what stands for it."""
    if modes.trace_on() is None:
        return reduce(maximum, [getattr(x, "_data", x) for x in v])
    found = reduce(maximum, v)
    return found.detach() if hasattr(found, "detach") else found


def _sum(v: list[Any]) -> Any:
    """Add up: as one node where nodes are fused, in a chain where each is wanted."""
    return total(*v) if modes.fusing() and len(v) > 2 else reduce(add, v)


def _steady(v: list[Any]) -> Any:
    """Give what is subtracted before ``exp`` is taken: the largest number, or 0 where that is not finite."""
    top = _largest(v)
    return where(absolute(top) < math.inf, top, 0.0)


def _root(q: Any) -> Any:
    """√q with slope 0 at 0."""
    return where(equal(q, 0.0), 0.0, sqrt(where(equal(q, 0.0), 1.0, q)))


def _softmax(v: list[Any]) -> list[Any]:
    top = _steady(v)
    e = [exp(x - top) for x in v]
    whole = _sum(e)
    return [x / whole for x in e]


def _log_softmax(v: list[Any]) -> list[Any]:
    top = _steady(v)
    shifted = [x - top for x in v]
    whole = log(_sum([exp(x) for x in shifted]))
    return [x - whole for x in shifted]


def _logsumexp(v: list[Any]) -> Any:
    top = _steady(v)
    return log(_sum([exp(x - top) for x in v])) + top


def _max(v: list[Any]) -> Any:
    top = _largest(v)
    wins = [equal(x, top) for x in v]
    share = reciprocal(sum(where(w, 1.0, 0.0) for w in wins))  # beside a nan nobody wins: 0 · 1/0 makes all of it nan
    return sum(where(w, x, 0.0) * (where(w, 1.0, 0.0) * share) for w, x in zip(wins, v, strict=True))


def _min(v: list[Any]) -> Any:
    return neg(_max([neg(x) for x in v]))


def _var(v: list[Any], ddof: int = 0) -> Any:
    mean = _sum(v) / len(v)
    n = len(v) - ddof
    return _sum([square(x - mean) for x in v]) * (1 / n if n else math.inf)


def _std(v: list[Any], ddof: int = 0) -> Any:
    return _root(_var(v, ddof))


def _norm(v: list[Any]) -> Any:
    size = _largest([absolute(x) for x in v])
    scale = where((size > 0) & (size < math.inf), size, 1.0)
    return _root(_sum([square(x / scale) for x in v])) * scale


def _along(function: Callable[..., Any], a: Any, axis: Any, *, whole: bool, **params: Any) -> Any:
    """Apply a function to the numbers along axes; ``whole`` results have the shape of the array."""
    axes = (
        tuple(range(a.ndim))
        if axis is None
        else tuple(i % a.ndim for i in (axis if isinstance(axis, tuple) else (axis,)))
    )
    rest = tuple(i for i in range(a.ndim) if i not in axes)
    moved = a.transpose(*rest, *axes)
    lists = moved.reshape(math.prod(moved.shape[: len(rest)]), math.prod(moved.shape[len(rest) :])).tolist()
    found = [function(numbers, **params) for numbers in lists]
    flat = [x for part in found for x in part] if whole else found
    result = np.empty(len(flat), dtype=object)
    result[:] = flat
    if not whole:
        return result.reshape(moved.shape[: len(rest)])
    return result.reshape(moved.shape).transpose(*np.argsort((*rest, *axes)))


def _reduction(function: Callable[..., Any]) -> Callable[..., Any]:
    def reduced(a: Any, *, axis: Any = None, keepdims: bool = False, **params: Any) -> Any:
        result = _along(function, a, axis, whole=False, **params)
        return result.reshape(kept(a.shape, axis)) if keepdims else result if result.ndim else result[()]

    return reduced


def _same_shape(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda a, *, axis=-1: _along(function, a, axis, whole=True)


SINGLY: dict[str, Callable[..., Any]] = {
    "softmax": _same_shape(_softmax), "log_softmax": _same_shape(_log_softmax), "logsumexp": _reduction(_logsumexp),
    "max": _reduction(_max), "min": _reduction(_min), "var": _reduction(_var), "std": _reduction(_std),
    "norm": _reduction(_norm),
}  # fmt: skip
"""The rows of arrays that have a form number by number; the others are stacked, or refused by a program."""
