"""The formulas of the losses, each for one prediction and one target.

    prediction   what the network gives: a Tensor, a Value, an array or list of Values
    target       what it should be: plain numbers, or nodes

Shapes are compared before anything is computed: NumPy would broadcast (n,) against (n, 1) to (n, n) without a word,
and the network would learn nonsense.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor, Value
from autograd.errors import InputTypeError, InputValueError, ShapeError
from autograd.modes import trace_on
from nn.formulas import meet
from nn.parameter import arranged, is_values, outside, shape_of

CLAMP = -100.0  # logarithms in BCE go no lower, as in PyTorch
_TINY = float(np.exp(CLAMP))
_SLOPE = 1e-12  # and p(1 − p) in its derivative no lower than this


def _bounded_log(p: Any) -> Any:
    return ag.where(p > _TINY, ag.log(ag.where(p > _TINY, p, 1.0)), CLAMP)


def _clamped(p: Any) -> Any:
    """Give log p, and −100 where it is less; nan stays nan."""
    return np.where(p <= _TINY, CLAMP, np.log(np.maximum(p, _TINY)))


def _bce(p: Any, y: Any) -> Any:
    return -(y * _clamped(p) + (1 - y) * _clamped(1 - p))


binary_cross_entropy_row = ag.operation(
    derivatives=[
        lambda y, a, b: (a - b) / ag.maximum(a * (1 - a), _SLOPE),
        lambda y, a, b: _bounded_log(1 - a) - _bounded_log(a),
    ],
    name="bce",
    domain=((0.0, 1.0), (0.0, 1.0)),
    textbook=(lambda y, a, b: (a - b) / (a * (1 - a)), lambda y, a, b: ag.log(1 - a) - ag.log(a)),
    edges={(0.0, 1.0): (100.0, -1e12, -100.0), (1.0, 1.0): (0.0, 0.0, -100.0)},
)(_bce)
"""−(b·log a + (1 − b)·log(1 − a)), with the logarithms clamped at −100 as in PyTorch."""


def reduced(each: Any, reduction: str) -> Any:
    """Turn the losses of single numbers into one: their mean, their sum, or themselves."""
    if reduction == "none":
        return each
    if not shape_of(each):
        return each
    if isinstance(each, Tensor):  # a Tensor's own method is the shorter way to the same row
        return each.mean() if reduction == "mean" else each.sum()
    return ag.mean(each) if reduction == "mean" else ag.sum(each)


def checked_reduction(name: str, reduction: str) -> str:
    """Refuse a reduction that does not exist."""
    if reduction not in ("mean", "sum", "none"):
        raise InputValueError(f"{name}: reduction is 'mean', 'sum' or 'none'; got {reduction!r}")
    return reduction


def paired(name: str, prediction: Any, target: Any) -> tuple[Any, Any]:
    """Give both at one magnification and in one floating type, after comparing their shapes."""
    p, t = arranged(present(name, prediction)), arranged(target)
    have, want = shape_of(p), shape_of(t)
    if have != want:
        raise ShapeError(
            f"{name} compares numbers one by one; the prediction has shape {have} and the target {want}"
            + (
                _advice(have, want)
                if np.prod(have) == np.prod(want)
                else ". Give one target per number of the prediction"
            )
        )
    if t is None or isinstance(t, str):
        raise InputTypeError(f"{name}: the target is {t!r}; expected numbers")
    if isinstance(p, Tensor) or is_values(p):
        t = meet(t, p)
    elif is_values(t) or isinstance(t, Tensor):
        p = meet(p, t)
    return p, t


def present(name: str, prediction: Any) -> Any:
    """Refuse a prediction that is None: what a ``forward`` without a return gives."""
    if prediction is None:
        raise InputTypeError(f"{name}: the prediction is None; does the model's forward lack a return?")
    return prediction


def _advice(have: tuple[int, ...], want: tuple[int, ...]) -> str:
    rows = max(have, want, key=len)[0] if have or want else 1
    return (
        f", which NumPy would broadcast against each other silently ({rows} × {rows} differences). "
        f"Write target.reshape({', '.join(map(str, have)) or '()'}), or reshape the prediction"
    )


def mse_loss(prediction: Any, target: Any, reduction: str = "mean", name: str = "MSE") -> Any:
    """Give (prediction − target)².

    >>> mse_loss(np.array([1.0, 2.0]), np.array([0.0, 0.0])).item()
    2.5
    """
    p, t = paired(name, prediction, target)
    return reduced(ag.square(p - t), reduction)


def l1_loss(prediction: Any, target: Any, reduction: str = "mean", name: str = "L1") -> Any:
    """Give |prediction − target|; where they agree the slope is 0."""
    p, t = paired(name, prediction, target)
    return reduced(ag.abs(p - t), reduction)


def huber_loss(prediction: Any, target: Any, reduction: str = "mean", delta: float = 1.0, name: str = "Huber") -> Any:
    """Give d²/2 for |d| ≤ delta, and delta·(|d| − delta/2) beyond (Huber 1964)."""
    p, t = paired(name, prediction, target)
    d = p - t
    near = ag.clip(d, -delta, delta)  # near is d up to delta, and stays there: both forms in one, without a question
    return reduced(near * (d - 0.5 * near), reduction)


def _seen(x: Any) -> bool:
    """Tell whether numbers can be looked at: those of a function that is being compiled stand for all others."""
    return not (trace_on() and (isinstance(x, Value) or is_values(x)))


def within(name: str, what: str, x: Any, advice: str) -> None:
    """Refuse what is no probability."""
    if _seen(x):
        outside(_refuse_beyond, x, name, what, advice)


def _refuse_beyond(x: Any, name: str, what: str, advice: str) -> None:
    data = np.asarray(x, dtype=np.float64)
    wrong = ~((data >= 0) & (data <= 1))
    if np.any(wrong):
        raise InputValueError(f"{name}: {what} must lie between 0 and 1; got {data[wrong].reshape(-1)[0]:g}. {advice}")


def _weighted(each: Any, weight: Any, reduction: str, name: str) -> Any:
    if weight is None:
        return reduced(each, reduction)
    w = np.asarray(weight, dtype=np.float64)
    try:
        fits = np.broadcast_shapes(w.shape, shape_of(each)) == shape_of(each)
    except ValueError:
        fits = False
    if not fits:
        raise ShapeError(f"{name}: weights of shape {w.shape} do not fit losses of shape {shape_of(each)}")
    return reduced(each * as_typed(w, each), reduction)


def binary_cross_entropy(
    prediction: Any, target: Any, weight: Any = None, reduction: str = "mean", name: str = "BCE"
) -> Any:
    """Give −[y·log p + (1 − y)·log(1 − p)] of probabilities p; at p = 0 or 1 logarithms stop at −100."""
    p, t = paired(name, prediction, target)
    within(name, "targets", t, "They are probabilities: 0 or 1 for labels")
    within(
        name,
        "predictions",
        p,
        f"Apply a sigmoid first, or use {name.replace('Loss', '')}WithLogits on the bare numbers",
    )
    return _weighted(binary_cross_entropy_row(p, t), weight, reduction, name)


def binary_cross_entropy_with_logits(
    prediction: Any,
    target: Any,
    weight: Any = None,
    reduction: str = "mean",
    pos_weight: Any = None,
    name: str = "BCEWithLogits",
) -> Any:
    """Give the binary cross-entropy of σ(prediction), computed without ever forming the probability."""
    x, t = paired(name, prediction, target)
    within(name, "targets", t, "They are probabilities: 0 or 1 for labels")
    if pos_weight is None:
        return _weighted(ag.softplus(x) - x * t, weight, reduction, name)
    factor = 1 + as_typed(np.asarray(pos_weight, dtype=np.float64) - 1, x) * t
    return _weighted((1 - t) * x + factor * ag.softplus(-x), weight, reduction, name)


def hinge_loss(prediction: Any, target: Any, reduction: str = "mean", margin: float = 1.0, name: str = "Hinge") -> Any:
    """Give max(0, margin − y·s) for labels y of −1 and 1: the loss of a support vector machine."""
    s, t = paired(name, prediction, target)
    if _seen(t):
        outside(_refuse_unsigned, t, name)
    gap = margin - s * t
    return reduced(gap.relu() if isinstance(gap, Tensor) else ag.relu(gap), reduction)


def _refuse_unsigned(labels: Any, name: str) -> None:
    labels = np.asarray(labels)
    wrong = np.asarray(np.abs(labels) != 1)
    if wrong.any():
        raise InputValueError(
            f"{name}: labels are −1 and 1; got {labels[wrong].reshape(-1)[0]:g}. Write 2 * y - 1 for labels 0 and 1"
        )


def as_typed(numbers: Any, like: Any) -> Any:
    """Give an array of settings in the floating type of a Tensor, so that float32 stays float32; a number as a float."""
    if not np.ndim(numbers):
        return float(numbers)
    return numbers.astype(like.dtype, copy=False) if isinstance(like, Tensor) else numbers
