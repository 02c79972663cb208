"""Normalisation: over the batch (Ioffe & Szegedy 2015) and over the features (Ba, Kiros & Hinton 2016)."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd as ag
from autograd.errors import InputValueError, ShapeError
from nn import formulas
from nn.layers import positive
from nn.module import Module
from nn.parameter import Parameter, arranged, outside, shape_of


class _BatchNorm(Module):
    """What the two batch normalisations share; a subclass says which shapes it takes."""

    ndims: tuple[int, ...]
    layout: str
    running_mean: Any
    running_var: Any
    num_batches_tracked: Any

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        dtype: Any = np.float64,
    ) -> None:
        positive(type(self).__name__, num_features=num_features)
        self.num_features = int(num_features)
        self.eps = float(eps)
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        self.weight = Parameter(np.ones(num_features, dtype)) if affine else None
        self.bias = Parameter(np.zeros(num_features, dtype)) if affine else None
        self.register_buffer("running_mean", np.zeros(num_features, dtype) if track_running_stats else None)
        self.register_buffer("running_var", np.ones(num_features, dtype) if track_running_stats else None)
        self.register_buffer("num_batches_tracked", np.array(0) if track_running_stats else None)

    def forward(self, x: Any) -> Any:
        """Normalise each channel: with the batch's numbers in training, with the running ones in evaluation."""
        x = arranged(x)
        if self.weight is not None:
            x = formulas.meet(x, self.weight)
        shape = shape_of(x)
        if len(shape) not in self.ndims or shape[1] != self.num_features:
            raise ShapeError(f"{self.title()} takes {self.layout.format(c=self.num_features)}; got shape {shape}")
        axes = (0, *range(2, len(shape)))
        column = (1, self.num_features) + (1,) * (len(shape) - 2)
        if self.training or not self.track_running_stats:
            n = int(np.prod([shape[i] for i in axes]))
            if n < 2:
                raise InputValueError(
                    f"{self.title()} needs at least 2 numbers per channel in training, to have a variance; got shape "
                    f"{shape}. Use a larger batch, drop_last=True in the DataLoader, or model.eval()"
                )
            centred, mean, var = formulas.moments(x, axes)
            if self.training and self.track_running_stats:
                outside(self._follow, mean, var, n / (n - 1), later=True)
        else:
            centred, var = x - outside(self._kept, "running_mean", column), outside(self._kept, "running_var", column)
        y = centred / ag.sqrt(var + self.eps)
        if self.weight is not None and self.bias is not None:
            y = y * self.weight.reshape(column) + self.bias.reshape(column)
        return y

    def _kept(self, name: str, column: tuple[int, ...]) -> Any:
        """Give a running number per channel as it is now."""
        return getattr(self, name).reshape(column)

    def _follow(self, mean: Any, var: Any, unbiased: float) -> None:
        """Move the running numbers; the variance is the unbiased one, as in PyTorch."""
        mean, var = np.reshape(mean, -1), np.reshape(var, -1) * unbiased
        self.num_batches_tracked += 1
        share = 1 / float(self.num_batches_tracked) if self.momentum is None else self.momentum
        self.running_mean += share * (mean - self.running_mean)
        self.running_var += share * (var - self.running_var)

    def extra_repr(self) -> str:
        """Give the settings."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(_BatchNorm):
    """Normalise each feature over the batch: input (batch, features) or (batch, features, length)."""

    ndims = (2, 3)
    layout = "(batch, {c} features) or (batch, {c} features, length)"


class BatchNorm2d(_BatchNorm):
    """Normalise each channel over the batch and all positions: input (batch, channels, height, width)."""

    ndims = (4,)
    layout = "(batch, {c} channels, height, width)"


class LayerNorm(Module):
    """Normalise over the last axes of each sample.

    Args:
        normalized_shape: the length of the last axis, or of several.
        eps: added to the variance.
        elementwise_affine: whether to scale by a weight (and add a bias).
        bias: whether to add a bias.
        dtype: the floating type of the parameters.
    """

    def __init__(
        self,
        normalized_shape: int | tuple[int, ...],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: Any = np.float64,
    ) -> None:
        shape = (normalized_shape,) if isinstance(normalized_shape, int | np.integer) else tuple(normalized_shape)
        positive("LayerNorm", **{f"axis_{i}": n for i, n in enumerate(shape)})
        self.normalized_shape = tuple(int(n) for n in shape)
        self.eps = float(eps)
        self.weight = Parameter(np.ones(shape, dtype)) if elementwise_affine else None
        self.bias = Parameter(np.zeros(shape, dtype)) if elementwise_affine and bias else None

    def forward(self, x: Any) -> Any:
        """Normalise each sample."""
        x = arranged(x)
        if self.weight is not None:
            x = formulas.meet(x, self.weight)
        shape = shape_of(x)
        if shape[-len(self.normalized_shape) :] != self.normalized_shape:
            raise ShapeError(f"{self.title()} normalises last axes of shape {self.normalized_shape}; got shape {shape}")
        return formulas.layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """Give the settings."""
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.weight is not None}"
