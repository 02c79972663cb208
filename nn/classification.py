"""The formulas of the losses for classes: one label for each row of numbers, or a distribution over the classes."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor
from autograd.errors import DeviatedError, InputTypeError, InputValueError, ShapeError
from autograd.fused import softmax_cross_entropy
from autograd.modes import trace_on
from nn.formulas import log_softmax, meet
from nn.loss_functions import as_typed, present, reduced, within
from nn.parameter import arranged, data_of, is_values, outside, shape_of


def _class_weights(weight: Any, classes: int, name: str, like: Any) -> Any:
    if weight is None:
        return None
    w = np.asarray(data_of(weight), dtype=np.float64)
    if w.shape != (classes,):
        raise ShapeError(f"{name}: weight has shape {w.shape}; expected one number per class, ({classes},)")
    return as_typed(w, like)


def _labels(target: Any, shape: tuple[int, ...], ignore_index: int, name: str) -> tuple[Any, Any]:
    """Check labels; give them with ignored ones set to 0, and which ones count (None: all of them)."""
    trace = trace_on()
    if trace is not None and trace.whole:
        if not shape_of(target):
            trace.refuse("a single label", "give a batch: a prediction of shape (1, classes) and one label")
        return trace.outside(_all_labels, (target, shape, ignore_index, name)), None
    return _checked_labels(data_of(target), shape, ignore_index, name)


def _all_labels(target: Any, shape: tuple[int, ...], ignore_index: int, name: str) -> Any:
    """Check the labels of a compiled step; one that leaves some out is another computation."""
    labels, counts = _checked_labels(target, shape, ignore_index, name)
    if counts is not None:
        raise DeviatedError
    return labels


def _checked_labels(target: Any, shape: tuple[int, ...], ignore_index: int, name: str) -> tuple[Any, Any]:
    labels = np.asarray(target)
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
    lp = arranged(present(name, log_probability))
    shape = shape_of(lp)
    if not shape:
        raise ShapeError(f"{name} takes (batch, classes, …) or (classes,); got a single number")
    axis = min(1, len(shape) - 1)
    w = _class_weights(weight, shape[axis], name, lp)
    labels, counts = _labels(arranged(target), shape, ignore_index, name)
    each = -lp[_at_labels(labels, axis)]
    share = None
    if w is not None or counts is not None:
        dtype = lp.dtype if isinstance(lp, Tensor) else np.float64
        share = outside(_shares, np.ones(shape[axis]) if w is None else w, labels, counts, dtype)
        each = each * share
    if label_smoothing:
        column = (-1,) + (1,) * (len(shape) - axis - 1)
        spread = -ag.sum(lp if w is None else lp * w.reshape(column), axis=axis)
        spread = spread if counts is None else spread * as_typed(counts * 1.0, lp)
        each = (1 - label_smoothing) * each + label_smoothing / shape[axis] * spread
    if reduction == "mean" and share is not None:
        total = outside(_total, share)
        return reduced(each, "sum") / (total if isinstance(lp, Tensor) else float(total))
    return reduced(each, reduction)


def _shares(weights: Any, labels: Any, counts: Any, dtype: Any) -> Any:
    """Give the weight of each sample: that of its class, or 0."""
    return np.asarray(weights[labels] * (1 if counts is None else counts), dtype)


def _total(share: Any) -> Any:
    return np.asarray(np.sum(share, dtype=np.float64), share.dtype)


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
    x, t = arranged(present(name, prediction)), arranged(target)
    shape, given = shape_of(x), shape_of(t)
    if not shape:
        raise ShapeError(f"{name} takes (batch, classes, …) or (classes,); got a single number")
    axis = min(1, len(shape) - 1)
    if isinstance(x, Tensor) and len(shape) == 2 and weight is None and not label_smoothing and given != shape:
        labels, counts = _labels(t, shape, ignore_index, name)
        if counts is None and len(labels):
            return softmax_cross_entropy(x, labels=labels, reduction=reduction)
    lp = log_softmax(x, axis)
    if given != shape or (t.dtype if isinstance(t, Tensor) else np.asarray(data_of(t)).dtype).kind in "iu":
        return nll_loss(lp, t, weight, reduction, ignore_index, label_smoothing, name)
    within(name, "probabilities", t, "Each row of the target is a distribution over the classes")
    w = _class_weights(weight, shape[axis], name, x)
    t = meet(t, x) if isinstance(x, Tensor) or is_values(x) else t
    t = t * (1 - label_smoothing) + label_smoothing / shape[axis] if label_smoothing else t
    weighted = lp * t if w is None else lp * t * w.reshape((-1,) + (1,) * (len(shape) - axis - 1))
    return reduced(-ag.sum(weighted, axis=axis), reduction)
