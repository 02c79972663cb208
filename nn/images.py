"""Layers for images, laid out as (batch, channel, height, width)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import autograd as ag
from autograd.errors import ShapeError
from autograd.windows import pair
from nn import formulas, init
from nn.layers import positive
from nn.module import Module
from nn.parameter import Parameter, arranged, shape_of

if TYPE_CHECKING:
    from nn.randomness import Seed


class Conv2d(Module):
    """Slide kernels over images.

    Args:
        in_channels: channels of the input.
        out_channels: number of kernels.
        kernel_size: one number or (height, width).
        stride: how far the window moves.
        padding: zeros on each side.
        bias: whether to add a bias.
        seed: where the starting values come from; evenly in ±1/√fan_in, as in PyTorch.
        dtype: the floating type of the parameters.

    Shapes: weight (out_channels, in_channels, kernel height, kernel width), bias (out_channels,).

    >>> Conv2d(1, 4, 3, padding=1, seed=0)(np.zeros((2, 1, 8, 8))).shape
    (2, 4, 8, 8)
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = 0,
        bias: bool = True,
        *,
        seed: Seed = None,
        dtype: Any = np.float64,
    ) -> None:
        positive("Conv2d", in_channels=in_channels, out_channels=out_channels)
        self.in_channels = int(in_channels)
        self.out_channels = int(out_channels)
        self.kernel_size = pair(kernel_size, "kernel_size")
        self.stride = pair(stride, "stride")
        self.padding = pair(padding, "padding")
        positive("Conv2d", kernel_height=self.kernel_size[0], kernel_width=self.kernel_size[1])
        positive("Conv2d", vertical_stride=self.stride[0], horizontal_stride=self.stride[1])
        self.weight = Parameter(np.zeros((out_channels, in_channels, *self.kernel_size), dtype))
        self.bias = Parameter(np.zeros(out_channels, dtype)) if bias else None
        init.default_(self.weight, self.bias, seed=seed)

    def forward(self, x: Any) -> Any:
        """Convolve a batch of images."""
        x = arranged(x)
        shape = shape_of(x)
        if len(shape) != 4 or shape[1] != self.in_channels:
            raise ShapeError(
                f"{self.title()} takes (batch, {self.in_channels} channels, height, width); got shape {shape}"
                + (". Add axes: x[None, None] for one grey image" if len(shape) != 4 else "")
            )
        space = [n + 2 * p for n, p in zip(shape[2:], self.padding, strict=True)]
        if any(n < k for n, k in zip(space, self.kernel_size, strict=True)):
            raise ShapeError(
                f"{self.title()}: kernels of {self.kernel_size} do not fit an image of {shape[2:]} with padding {self.padding}"
            )
        return formulas.conv2d(x, self.weight, self.bias, self.stride, self.padding)

    def extra_repr(self) -> str:
        """Give the sizes."""
        padding = f", padding={self.padding}" if any(self.padding) else ""
        bias = "" if self.bias is not None else ", bias=False"
        return f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}{padding}{bias}"


class _Pool(Module):
    """What the two kinds of pooling share: their windows."""

    def __init__(self, kernel_size: Any, stride: Any = None, padding: Any = 0) -> None:
        self.kernel_size = pair(kernel_size, "kernel_size")
        self.stride = self.kernel_size if stride is None else pair(stride, "stride")
        self.padding = pair(padding, "padding")
        positive(type(self).__name__, kernel_height=self.kernel_size[0], kernel_width=self.kernel_size[1])
        positive(type(self).__name__, vertical_stride=self.stride[0], horizontal_stride=self.stride[1])
        if any(2 * p > k for p, k in zip(self.padding, self.kernel_size, strict=True)):
            raise ShapeError(
                f"{type(self).__name__}: padding {self.padding} is more than half of the window {self.kernel_size}"
            )

    def extra_repr(self) -> str:
        """Give the windows."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class MaxPool2d(_Pool):
    """The largest number of each window; a tie shares the gradient (PyTorch gives it to the first)."""

    def forward(self, x: Any) -> Any:
        """Pool a batch of images."""
        return ag.max_pool2d(arranged(x), self.kernel_size, self.stride, self.padding)


class AvgPool2d(_Pool):
    """The mean of each window; zeros of the padding count."""

    def forward(self, x: Any) -> Any:
        """Pool a batch of images."""
        return ag.avg_pool2d(arranged(x), self.kernel_size, self.stride, self.padding)
