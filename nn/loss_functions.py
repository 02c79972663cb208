"""The formulas of the losses, each for one prediction and one target.

    prediction   what the network gives: a Tensor, a Value, an array or list of Values
    target       what it should be: plain numbers, or nodes

Shapes are compared before anything is computed: NumPy would broadcast (n,) against (n, 1) to (n, n) without a word,
and the network would learn nonsense.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor, Value
from autograd.errors import InputTypeError, InputValueError, ShapeError
from autograd.fused import softmax_cross_entropy
from autograd.modes import trace_on
from nn.formulas import log_softmax, meet
from nn.parameter import arranged, data_of, is_values, shape_of

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
    return ag.mean(each) if reduction == "mean" else ag.sum(each)


def checked_reduction(name: str, reduction: str) -> str:
    """Refuse a reduction that does not exist."""
    if reduction not in ("mean", "sum", "none"):
        raise InputValueError(f"{name}: reduction is 'mean', 'sum' or 'none'; got {reduction!r}")
    return reduction


def paired(name: str, prediction: Any, target: Any) -> tuple[Any, Any]:
    """Give both at one magnification and in one floating type, after comparing their shapes."""
    p, t = arranged(prediction), arranged(target)
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
    size = ag.abs(d)
    near = np.abs(data_of(d)) <= delta
    return reduced(ag.where(near, 0.5 * d * d, delta * (size - 0.5 * delta)), reduction)


def _seen(x: Any) -> bool:
    """Tell whether numbers can be looked at: those of a function that is being compiled stand for all others."""
    return not (trace_on() and (isinstance(x, Value) or is_values(x)))


def _within(name: str, what: str, x: Any, advice: str) -> None:
    if not _seen(x):
        return
    data = np.asarray(data_of(x), dtype=np.float64)
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
    return reduced(each * _as_typed(w, each), reduction)


def binary_cross_entropy(
    prediction: Any, target: Any, weight: Any = None, reduction: str = "mean", name: str = "BCE"
) -> Any:
    """Give −[y·log p + (1 − y)·log(1 − p)] of probabilities p; at p = 0 or 1 logarithms stop at −100."""
    p, t = paired(name, prediction, target)
    _within(name, "targets", t, "They are probabilities: 0 or 1 for labels")
    _within(
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
    _within(name, "targets", t, "They are probabilities: 0 or 1 for labels")
    if pos_weight is None:
        return _weighted(ag.softplus(x) - x * t, weight, reduction, name)
    factor = 1 + _as_typed(np.asarray(pos_weight, dtype=np.float64) - 1, x) * t
    return _weighted((1 - t) * x + factor * ag.softplus(-x), weight, reduction, name)


def hinge_loss(prediction: Any, target: Any, reduction: str = "mean", margin: float = 1.0, name: str = "Hinge") -> Any:
    """Give max(0, margin − y·s) for labels y of −1 and 1: the loss of a support vector machine."""
    s, t = paired(name, prediction, target)
    labels = np.asarray(data_of(t)) if _seen(t) else np.ones(1)
    wrong = np.abs(labels) != 1
    if np.any(wrong):
        raise InputValueError(
            f"{name}: labels are −1 and 1; got {labels[wrong].reshape(-1)[0]:g}. Write 2 * y - 1 for labels 0 and 1"
        )
    gap = margin - s * t
    return reduced(gap.relu() if isinstance(gap, Tensor) else ag.relu(gap), reduction)


def _class_weights(weight: Any, classes: int, name: str, like: Any) -> Any:
    if weight is None:
        return None
    w = np.asarray(data_of(weight), dtype=np.float64)
    if w.shape != (classes,):
        raise ShapeError(f"{name}: weight has shape {w.shape}; expected one number per class, ({classes},)")
    return _as_typed(w, like)


def _as_typed(numbers: Any, like: Any) -> Any:
    """Give an array of settings in the floating type of a Tensor, so that float32 stays float32; a number as a float."""
    if not np.ndim(numbers):
        return float(numbers)
    return numbers.astype(like.dtype, copy=False) if isinstance(like, Tensor) else numbers


def _labels(target: Any, shape: tuple[int, ...], ignore_index: int, name: str) -> tuple[Any, Any]:
    """Check labels; give them with ignored ones set to 0, and which ones count (None: all of them)."""
    labels = np.asarray(data_of(target))
    batch = shape[:1] + shape[2:] if len(shape) > 1 else ()
    if labels.shape != batch:
        raise ShapeError(
            f"{name}: a prediction of shape {shape} (batch, classes, …) takes labels of shape {batch}, or probabilities of "
            f"shape {shape}; got {labels.shape}"
        )
    if labels.dtype.kind not in "iu":
        raise InputTypeError(f"{name}: labels are whole numbers; got {labels.dtype}. Write y.astype(int)")
    classes = shape[1] if len(shape) > 1 else shape[0]
    if labels.dtype == np.int64 and labels.ndim == 1 and labels.size and not 0 <= ignore_index < classes:
        # Seen without a sign a negative label is a huge one, so a single look finds both.
        if np.maximum.reduce(labels.view(np.uint64)) < classes:
            return labels, None
    elif labels.size and int(labels.min()) >= 0 and int(labels.max()) < classes and not 0 <= ignore_index < classes:
        return labels, None
    counts = labels != ignore_index
    wrong = counts & ((labels < 0) | (labels >= classes))
    if np.any(wrong):
        raise InputValueError(
            f"{name}: label {labels[wrong].reshape(-1)[0]} is outside the {classes} classes 0 … {classes - 1}"
        )
    return np.where(counts, labels, 0), counts


def _at_labels(labels: Any, axis: int) -> Any:
    """Give the index that picks one class per sample and position."""
    if labels.ndim == 1:
        return (_counting(len(labels)), labels)
    grid = list(np.ogrid[tuple(slice(n) for n in labels.shape)]) if labels.ndim else []
    grid.insert(axis, labels)
    return tuple(grid) if labels.ndim else int(labels)


@functools.lru_cache(maxsize=16)
def _counting(n: int) -> Any:
    counting = np.arange(n)
    counting.flags.writeable = False
    return counting


def nll_loss(
    log_probability: Any,
    target: Any,
    weight: Any = None,
    reduction: str = "mean",
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
    name: str = "NLL",
) -> Any:
    """Give −log_probability at the label of each sample; a mean is weighted by the classes' weights."""
    lp = arranged(log_probability)
    shape = shape_of(lp)
    if not shape:
        raise ShapeError(f"{name} takes (batch, classes, …) or (classes,); got a single number")
    axis = min(1, len(shape) - 1)
    w = _class_weights(weight, shape[axis], name, lp)
    labels, counts = _labels(arranged(target), shape, ignore_index, name)
    each = -lp[_at_labels(labels, axis)]
    share = None
    if w is not None or counts is not None:
        share = (np.ones(shape[axis]) if w is None else w)[labels] * (1 if counts is None else counts)
        each = each * _as_typed(share, lp)
    if label_smoothing:
        column = (-1,) + (1,) * (len(shape) - axis - 1)
        spread = -ag.sum(lp if w is None else lp * w.reshape(column), axis=axis)
        spread = spread if counts is None else spread * _as_typed(counts * 1.0, lp)
        each = (1 - label_smoothing) * each + label_smoothing / shape[axis] * spread
    if reduction == "mean" and share is not None:
        return reduced(each, "sum") / float(np.sum(share))
    return reduced(each, reduction)


def cross_entropy(
    prediction: Any,
    target: Any,
    weight: Any = None,
    reduction: str = "mean",
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
    name: str = "CrossEntropy",
) -> Any:
    """Give −log softmax(prediction) at the label, or −Σ target·log softmax for targets that are probabilities.

    >>> round(cross_entropy(np.array([[2.0, 0.0]]), np.array([0])).item(), 4)
    0.1269
    """
    x, t = arranged(prediction), arranged(target)
    if isinstance(x, Value) or not shape_of(x):
        raise ShapeError(f"{name} takes (batch, classes, …) or (classes,); got a single number")
    shape = shape_of(x)
    axis = min(1, len(shape) - 1)
    if isinstance(x, Tensor) and len(shape) == 2 and weight is None and not label_smoothing and shape_of(t) != shape:
        labels, counts = _labels(t, shape, ignore_index, name)
        if counts is None and len(labels):
            return softmax_cross_entropy(x, labels=labels, reduction=reduction)
    lp = log_softmax(x, axis)
    if shape_of(t) != shape or np.asarray(data_of(t)).dtype.kind in "iu":
        return nll_loss(lp, t, weight, reduction, ignore_index, label_smoothing, name)
    _within(name, "probabilities", t, "Each row of the target is a distribution over the classes")
    w = _class_weights(weight, shape[axis], name, x)
    t = meet(t, x) if isinstance(x, Tensor) or is_values(x) else t
    t = t * (1 - label_smoothing) + label_smoothing / shape[axis] if label_smoothing else t
    weighted = lp * t if w is None else lp * t * w.reshape((-1,) + (1,) * (len(shape) - axis - 1))
    return reduced(-ag.sum(weighted, axis=axis), reduction)
