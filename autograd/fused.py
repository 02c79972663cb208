"""The table of derivatives, third part: fused operations, one node for what is many.

A fused row computes what its ``expansion`` writes in plain operations; tests hold both equal in value, gradient and
second derivative. ``autograd.unfused()`` records the plain operations instead, and ``autograd.unfuse(y)`` opens what
was recorded already, so nothing is hidden behind speed.

    affine, dot, total        of single numbers: Σ w·x + b, Σ a·b, Σ a (see ``nary``)
    linear                    of arrays: a · bᵀ, or a · bᵀ + c, a layer of a network
    softmax_cross_entropy     of arrays: −log softmax(a) at a label of each row, averaged or not

Sources: Giles (2008) for products; Bishop, *Pattern Recognition and Machine Learning* (2006), (4.108) for the slope
softmax(a) − onehot of the cross-entropy.
"""

from __future__ import annotations

import math
import operator
from functools import lru_cache, reduce
from typing import Any

import numpy as np

from autograd.arrays import getitem, log_softmax, matmul, mean, reshape, softmax, sum_, transpose
from autograd.forms import PRODUCT, SUM, Form
from autograd.nary import Nary
from autograd.operations import Structural, register

_TIMES = {"text": " × ", "python": " * ", "latex": r" \cdot "}
_DOTS = {"text": "…", "latex": r"\dots"}
SHOWN = 3
"""A longer sum is written with its first two terms and the last."""


# --- how a long sum is written --------------------------------------------------------------------------------


def _bracketed(part: tuple[str, int], needs: int, style: str) -> str:
    written, binds = part
    return written if binds >= needs else rf"\left({written}\right)" if style == "latex" else f"({written})"


def _products(a: list[tuple[str, int]], b: list[tuple[str, int]], style: str) -> list[str]:
    pairs = zip(a, b, strict=True)
    return [_TIMES[style].join(_bracketed(part, PRODUCT + 1, style) for part in pair) for pair in pairs]


def _added(terms: list[str], style: str, rest: tuple[str, ...] = ()) -> str:
    if style != "python" and len(terms) > SHOWN:
        terms = [*terms[:2], _DOTS[style], terms[-1]]
    return " + ".join((*terms, *rest))


def _write_affine(arguments: list[tuple[str, int]], style: str) -> tuple[str, int]:
    n = len(arguments) // 2
    b = _bracketed(arguments[-1], SUM, style)
    return _added(_products(arguments[:n], arguments[n:-1], style), style, (b,)), SUM


def _write_dot(arguments: list[tuple[str, int]], style: str) -> tuple[str, int]:
    n = len(arguments) // 2
    return _added(_products(arguments[:n], arguments[n:], style), style), SUM if n > 1 else PRODUCT


def _write_total(arguments: list[tuple[str, int]], style: str) -> tuple[str, int]:
    return _added([_bracketed(part, SUM, style) for part in arguments], style), SUM


def _write_linear(arguments: list[tuple[str, int]], style: str) -> tuple[str, int]:
    a, b, *c = (_bracketed(part, PRODUCT, style) for part in arguments)
    transposed = {"text": f"{b}ᵀ", "python": f"{b}.T", "latex": f"{b}^{{\\top}}"}[style]
    product = f"{a} {transposed}" if style == "latex" else f"{a} @ {transposed}"
    return " + ".join((product, *c)), SUM if c else PRODUCT


# --- of single numbers ----------------------------------------------------------------------------------------


def _chain(terms: Any) -> Any:
    """Add from left to right, as ``sum`` does."""
    return reduce(operator.add, terms)


def _halves(n: int) -> tuple[int, int] | None:
    return (n // 2, n // 2) if n and not n % 2 else None


def nary(name: str, compute: Any, *rules: Any, **columns: Any) -> Nary:
    """Define a row of single numbers and put it into the table."""
    row = Nary(name, compute, *rules, **columns)
    register(row)
    return row


# fmt: off
#            name       computed                                        derivatives of each group
affine = nary("affine", lambda w, x, b: _chain(map(operator.mul, w, x)) + b[0],
              lambda y, w, x, b: x,           lambda y, w, x, b: w,           lambda y, w, x, b: (1,),
              sizes=lambda n: (n // 2, n // 2, 1) if n > 2 and n % 2 else None, writer=_write_affine,
              form=Form("w·x+b", "Σ w × x + b", "affine", r"\sum w \cdot x + b", SUM),
              expansion=lambda *args: _chain(map(operator.mul, args[:len(args) // 2], args[len(args) // 2:-1])) + args[-1],
              samples=((0.5, -2.0, 3.0), (0.5, 1.5, -0.25, 2.0, -1.0, 3.0, 0.125), (0.5, 0.25, -1.0, 0.75, 2.0, 3.0, -0.5, -1.5, 1.25, 0.1, 0.7)),
              doc="Σ w·x + b: a neuron without its activation; arguments w1 … wn, x1 … xn, b.")
dot    = nary("dot",    lambda a, b: _chain(map(operator.mul, a, b)),
              lambda y, a, b: b,              lambda y, a, b: a,
              sizes=_halves, writer=_write_dot, form=Form("a·b", "Σ a × b", "dot", r"\sum a \cdot b", SUM),
              expansion=lambda *args: _chain(map(operator.mul, args[:len(args) // 2], args[len(args) // 2:])),
              samples=((0.5, -2.0), (0.5, 1.5, -0.25, 2.0, -1.0, 3.0), (1.5, 0.25, -1.0, 0.75, 2.0, 3.0, -0.5, -1.5, 1.25, 0.1)),
              doc="Σ a·b; arguments a1 … an, b1 … bn.")
total  = nary("total",  sum,                  lambda y, a: (1,) * len(a),
              sizes=lambda n: (n,) if n else None, writer=_write_total, form=Form("Σ", "Σ a", "total", r"\sum a", SUM),
              expansion=lambda *args: _chain(args), samples=((0.5,), (0.5, -2.0, 3.0), (1.5, 0.25, -1.0, 0.75, 2.0, 3.0)),
              doc="Σ a: the sum of many numbers as one node.")
# fmt: on


# --- of arrays ------------------------------------------------------------------------------------------------


def _linear(a: Any, b: Any, c: Any = None) -> Any:
    if b.ndim != 2:
        raise ValueError("the second is a matrix (m, n)")
    y = np.matmul(a, b.T)
    if c is None:
        return y
    if c.shape != y.shape[-1:]:
        raise ValueError(f"the third is added to rows of {y.shape[-1]}")
    if y.dtype is not c.dtype:
        return y + c
    return np.add(y, c, out=y)


def _rows(a: Any) -> Any:
    """Give all but the last axis as one."""
    return a.reshape(-1, a.shape[-1])


def _linear_pull(slot: int, g: Any, y: Any, a: Any, b: Any, c: Any = None) -> Any:  # noqa: ARG001  the protocol
    if slot == 0:
        return g @ b
    if g.ndim != 2:
        g = _rows(g)
    if slot == 1:
        return g.T @ (a if a.ndim == 2 else _rows(a))
    return np.add.reduce(g, axis=0) if type(g) is np.ndarray else g.sum(axis=0)


def _linear_spread(node: Any, g: Any) -> Any:
    """Send what the pullback gives, with less asked in between: only its floating type can differ from the argument's."""
    args, y, pull = node._b, node._data, node._rule.pullbacks[0]
    a, b = [x._data if getattr(type(x), "_rank", 0) else x for x in args[:2]]
    sent = []
    for slot, needed in enumerate(node._db):
        if needed:
            x, c = args[slot], pull(slot, g, y, a, b)
            sent.append((x, c if c.dtype is x._data.dtype else x._shrink(c)))
    return sent


def _linear_expanded(a: Any, b: Any, c: Any = None) -> Any:
    y = matmul(a, transpose(b))
    return y if c is None else y + c


@lru_cache(maxsize=32)
def _counting(n: int) -> Any:
    counting = np.arange(n)
    counting.flags.writeable = False
    return counting


def _reduced(each: Any, reduction: str) -> Any:
    if reduction == "none":
        return each
    summed = np.add.reduce(each)
    return summed if reduction == "sum" else summed / len(each)


def _finite(y: Any) -> Any:
    if isinstance(y, np.floating):
        return math.isfinite(y)
    return np.isfinite(y).all() if y.ndim else np.isfinite(y)


def _cross_entropy(a: Any, *, labels: Any, reduction: str = "mean") -> tuple[Any, Any]:
    """Give the loss, and the probabilities, which the backward pass needs again."""
    shifted = a - np.maximum.reduce(a, axis=1, keepdims=True)
    picked = shifted[_counting(len(labels)), labels]
    e = np.exp(shifted, out=shifted)
    sums = np.add.reduce(e, axis=1, keepdims=True)
    y = _reduced(np.subtract(np.log(sums[:, 0]), picked), reduction)
    if not _finite(y):  # infinite logits have conventions, and log_softmax keeps them
        each = np.negative(log_softmax.compute(a, axis=1)[_counting(len(labels)), labels])
        return _reduced(each, reduction), None
    e /= sums
    return y, e


def _cross_entropy_pull(
    g: Any, y: Any, a: Any, *, labels: Any, reduction: str = "mean", memory: Any = None
) -> Any:  # fmt: skip
    del y
    p = softmax(a, axis=1) if memory is None else memory
    difference = p - np.equal(labels[:, None], _counting(a.shape[1]))
    if reduction == "none":
        return difference * reshape(g, shape=(-1, 1))
    return difference * (g / len(labels) if reduction == "mean" else g)


def _cross_entropy_expanded(a: Any, *, labels: Any, reduction: str = "mean") -> Any:
    each = -getitem(log_softmax(a, axis=1), index=(_counting(len(labels)), labels))
    return each if reduction == "none" else mean(each) if reduction == "mean" else sum_(each)


_CALL = (
    "softmax_cross_entropy({a})",
    "softmax_cross_entropy({a})",
    r"\operatorname{{softmax\_cross\_entropy}}\left({a}\right)",
)

# The gradients of both are arrays that nobody else has, so a leaf may keep them without a copy.
linear = Structural(
    "linear", _linear, _linear_pull, variadic=True, pure=True, fuses=True, expansion=_linear_expanded,
    form=Form("linear", "{a} @ {b}ᵀ + {c}", "linear({a}, {b}, {c})", r"{a} {b}^{{\top}} + {c}", SUM),
    samples=((((2, 3), (4, 3), (4,)), {}), (((2, 3), (4, 3)), {}), (((3,), (2, 3), (2,)), {}), (((2, 3, 2), (3, 2), (3,)), {})),
    doc="a · bᵀ + c over the last axis of a: a (…, n), b (m, n), c (m,) or left out.",
)  # fmt: skip
softmax_cross_entropy = Structural(
    "softmax_cross_entropy", lambda a, **params: _cross_entropy(a, **params)[0], _cross_entropy_pull, pure=True,
    forward=_cross_entropy, expansion=_cross_entropy_expanded, form=Form("-log softmax", *_CALL),
    samples=((((3, 4),), {"labels": np.array([1, 3, 1])}), (((3, 4),), {"labels": np.array([0, 3, 2]), "reduction": "sum"}),
             (((2, 3),), {"labels": np.array([2, 0]), "reduction": "none"})),
    doc="−log softmax(a) at the label of each row of a (batch, classes); reduction is mean, sum or none.",
)  # fmt: skip

linear.writer = _write_linear
linear.spread = _linear_spread
linear.fresh = softmax_cross_entropy.fresh = True
register(linear)
register(softmax_cross_entropy)

__all__ = ["affine", "dot", "linear", "softmax_cross_entropy", "total"]
