"""What layers compute, as functions: the one place where their formulas stand.

A module keeps parameters and calls a function of this file. Each takes Tensors, arrays of Values, plain arrays, or
a mixture; ``meet`` brings an input to the magnification of the parameters. A faster row of the table for one of
these formulas is put in here and nowhere else.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor, Value
from autograd.errors import InputTypeError, InputValueError, ShapeError
from autograd.modes import trace_on
from autograd.singly import SINGLY
from nn.parameter import arranged, is_values, outside, shape_of


def meet(x: Any, parameter: Any) -> Any:
    """Give an input at the magnification of a parameter: part of a Tensor graph, or an array of Values."""
    if isinstance(parameter, Tensor):
        if type(x) is Tensor:
            return x
        if isinstance(x, Tensor):
            return _typed(x, parameter.dtype)
        x = arranged(x)
        if is_values(x) or isinstance(x, Value):
            return ag.stack_values(x)
        if isinstance(x, np.ndarray) and x.dtype != parameter.dtype and x.dtype.kind in "fiub":
            return x.astype(parameter.dtype)
        return x
    return x.values() if isinstance(x, Tensor) else arranged(x)


def _typed(x: Tensor, dtype: Any) -> Tensor:
    """Give an input of a compiled step in the floating type of the parameters, as an array would be given."""
    if x.dtype == dtype or x.requires_grad:
        return x
    trace = trace_on()
    return trace.cast(x, dtype) if trace is not None and trace.whole else x


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """Give x · weightᵀ + bias.

    Args:
        x: (…, in_features).
        weight: (out_features, in_features).
        bias: (out_features,), or None.

    >>> linear(np.ones((1, 2)), np.array([[1.0, 2.0]]), np.array([0.5])).tolist()
    [[3.5]]
    """
    return ag.linear(meet(x, weight), weight, bias)


def neuron(x: Any, weight: Any, bias: Any) -> Any:
    """Give w · x + b over the last axis of x, for one vector of weights: a bare number for one example.

    >>> neuron(np.array([5.0, 7.0]), np.array([2.0, 3.0]), 1.0).item()
    32.0
    """
    x = meet(x, weight)
    if not is_values(weight):
        return ag.matmul(x, weight) + bias
    box = np.empty(1, dtype=object)
    box[0] = bias
    y = ag.linear(x, weight.reshape(1, -1), box)
    return y[0] if y.ndim == 1 else y[..., 0]


def conv2d(x: Any, weight: Any, bias: Any = None, stride: Any = 1, padding: Any = 0) -> Any:
    """Convolve images (batch, channel, height, width) with kernels (out, in, height, width)."""
    return ag.conv2d(meet(x, weight), weight, bias, stride=stride, padding=padding)


def embedding(index: Any, weight: Any) -> Any:
    """Pick rows of ``weight`` (number, size): the result has the shape of the index, then (size,)."""
    return weight[outside(_checked_index, index, weight.shape[0])]


def _checked_index(index: Any, n: int) -> Any:
    index = np.asarray(index)
    if index.dtype.kind not in "iu":
        raise InputTypeError(f"an embedding looks up whole numbers; got an index of {index.dtype}. Write x.astype(int)")
    if index.size and (index.min() < 0 or index.max() >= n):
        wrong = index[(index < 0) | (index >= n)].reshape(-1)[0]
        raise InputValueError(f"an embedding of {n} rows has no row {wrong}; indices go from 0 to {n - 1}")
    return index


def softmax(x: Any, dim: int = -1) -> Any:
    """Give exp(x) / Σ exp(x) along an axis, without overflow; on Values number by number."""
    return SINGLY["softmax"](x, axis=dim) if _on_values(x) else ag.softmax(x, axis=dim)


def log_softmax(x: Any, dim: int = -1) -> Any:
    """Give log(softmax(x)) along an axis, without overflow and without log 0; on Values number by number."""
    return SINGLY["log_softmax"](x, axis=dim) if _on_values(x) else ag.log_softmax(x, axis=dim)


def _on_values(x: Any) -> bool:
    return is_values(x) and x.ndim > 0 and x.size > 0


def flatten(x: Any, start_dim: int = 1, end_dim: int = -1) -> Any:
    """Join the axes from start_dim to end_dim into one."""
    x = arranged(x)
    shape = shape_of(x)
    if not shape:
        return ag.reshape(x, (1,)) if isinstance(x, Tensor) else np.array([x])
    if not (-len(shape) <= start_dim < len(shape) and -len(shape) <= end_dim < len(shape)):
        raise ShapeError(f"flatten from axis {start_dim} to {end_dim} does not fit shape {shape}")
    start, end = start_dim % len(shape), end_dim % len(shape)
    if start > end:
        raise ShapeError(f"flatten needs start_dim ≤ end_dim; got {start_dim} and {end_dim} for shape {shape}")
    size = int(np.prod(shape[start : end + 1]))
    return ag.reshape(x, (*shape[:start], size, *shape[end + 1 :]))


def moments(x: Any, axis: Any) -> tuple[Any, Any, Any]:
    """Give x − mean, the mean and the (biased) variance over axes, kept with length 1."""
    mean = ag.mean(x, axis=axis, keepdims=True)
    centred = x - mean
    return centred, mean, ag.mean(centred * centred, axis=axis, keepdims=True)


def layer_norm(
    x: Any, normalized_shape: tuple[int, ...], weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Any:
    """Normalise over the last axes: (x − mean) / √(var + eps) · weight + bias (Ba et al. 2016)."""
    axis = tuple(range(-len(normalized_shape), 0))
    centred, _, var = moments(x, axis)
    y = centred / ag.sqrt(var + eps)
    if weight is not None:
        y = y * weight
    return y if bias is None else y + bias


def dropout(x: Any, p: float, source: np.random.Generator) -> Any:
    """Set a share p of the numbers to 0 and scale the rest by 1 / (1 − p) (Srivastava et al. 2014)."""
    x = arranged(x)
    mask = outside(_mask, source, shape_of(x), p, x.dtype if isinstance(x, Tensor) else np.float64)
    return x * (mask if mask.ndim else float(mask))


def _mask(source: np.random.Generator, shape: tuple[int, ...], p: float, dtype: Any) -> Any:
    kept = source.random(shape) >= p
    return np.asarray(np.asarray(kept, dtype=dtype) / np.asarray(1 - p if p < 1 else 1, dtype=dtype))
