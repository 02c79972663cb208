"""Operations on images: windows that slide over the last two axes, convolution, pooling.

Arrays are laid out as (batch, channel, height, width), as in PyTorch. ``unfold`` lists the windows and ``fold``
adds windows back where they overlap; each is the other's pullback, so everything built on them can be
differentiated to any order.

Source: Goodfellow, Bengio & Courville, *Deep Learning* (2016), chapter 9.
"""

# mypy: disable-error-code="has-type"
# A rule may name a row further down; mypy reads from the top.

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import modes
from autograd.arrays import einsum, mean, row
from autograd.errors import InputTypeError, InputValueError, ShapeError
from autograd.rules import mul

if TYPE_CHECKING:
    from collections.abc import Iterator

Pair = tuple[int, int]


def pair(x: Any, what: str, least: int = 0) -> Pair:
    """Give two integers from one or two, none below ``least``.

    >>> pair(3, "kernel"), pair((1, 2), "stride")
    ((3, 3), (1, 2))
    """
    both = tuple(x) if isinstance(x, tuple | list) else (x, x)
    if len(both) != 2 or not all(isinstance(n, int | np.integer) and n >= 0 for n in both):
        raise InputTypeError(f"{what} is one or two whole numbers; got {x!r}")
    if min(both) < least:
        raise InputValueError(f"{what} is at least {least}; got {x!r}")
    return int(both[0]), int(both[1])


def _unfold(a: Any, *, size: Pair, stride: Pair, padding: Pair) -> Any:
    if any(padding):
        a = np.pad(a, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2))
    if a.shape[2] < size[0] or a.shape[3] < size[1]:
        raise ShapeError(
            f"a window of {size} is larger than the image, {a.shape[2:]} with padding {padding}: "
            "take a smaller window, or more padding"
        )
    windows = np.lib.stride_tricks.sliding_window_view(a, size, axis=(2, 3))
    return windows[:, :, :: stride[0], :: stride[1]].transpose(0, 1, 4, 5, 2, 3)


def _fold(a: Any, *, shape: tuple[int, ...], stride: Pair, padding: Pair) -> Any:
    n, c, h, w = shape
    _, _, kh, kw, oh, ow = a.shape
    image = np.zeros((n, c, h + 2 * padding[0], w + 2 * padding[1]), a.dtype)
    for i in range(kh):
        for j in range(kw):
            image[:, :, i : i + stride[0] * oh : stride[0], j : j + stride[1] * ow : stride[1]] += a[:, :, i, j]
    return image[:, :, padding[0] : padding[0] + h, padding[1] : padding[1] + w]


def _conv2d(a: Any, b: Any, *, stride: Pair, padding: Pair) -> Any:
    windows = _unfold(a, size=b.shape[2:], stride=stride, padding=padding)
    return np.einsum("ncijhw,ocij->nohw", windows, b, optimize=a.dtype.kind == "f")


# fmt: off
unfold = row("unfold", _unfold, lambda g, y, a, *, size, stride, padding: fold(g, shape=a.shape, stride=stride, padding=padding),
             objects="numpy", samples=((((1, 2, 4, 4),), {"size": (2, 2), "stride": (2, 1), "padding": (1, 0)}),))
fold   = row("fold", _fold, lambda g, y, a, *, shape, stride, padding: unfold(g, size=a.shape[2:4], stride=stride, padding=padding),
             samples=((((1, 1, 2, 2, 2, 3),), {"shape": (1, 1, 3, 4), "stride": (1, 1), "padding": (0, 0)}),))
_conv  = row("conv2d", _conv2d,
             lambda g, y, a, b, *, stride, padding: fold(einsum(g, b, subscripts="nohw,ocij->ncijhw"), shape=a.shape, stride=stride, padding=padding),
             lambda g, y, a, b, *, stride, padding: einsum(g, unfold(a, size=b.shape[2:], stride=stride, padding=padding), subscripts="nohw,ncijhw->ocij"),
             objects="numpy", samples=((((2, 2, 4, 5), (3, 2, 2, 3)), {"stride": (1, 2), "padding": (1, 1)}), (((1, 1, 3, 3), (1, 1, 2, 2)), {"stride": (1, 1), "padding": (0, 0)})))
_maxpool = row("max_pool2d", lambda a, *, size, stride, padding: reduce(np.maximum, _places(_padded_windows(a, size, stride, padding))),
             lambda g, y, a, *, size, stride, padding: fold(mul(_expanded(g), _pool_winners(a, y, size, stride, padding)), shape=a.shape, stride=stride, padding=padding),
             samples=((((1, 2, 4, 4),), {"size": (2, 2), "stride": (2, 2), "padding": (0, 0)}), (((1, 1, 4, 4),), {"size": (3, 3), "stride": (1, 1), "padding": (1, 1)})))
# fmt: on


def _padded_windows(a: Any, size: Pair, stride: Pair, padding: Pair) -> Any:
    """List the windows with −∞ in the padding, which never wins."""
    a = (
        np.pad(a, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2), constant_values=-np.inf)
        if any(padding)
        else a
    )
    return _unfold(a, size=size, stride=stride, padding=(0, 0))


def _places(windows: Any) -> Iterator[Any]:
    """Give, for each place of a window, the numbers that all windows have there.

    Whole arrays are compared a few times instead of each small window by itself: 28 times as fast for windows of 2 × 2.
    """
    return (windows[:, :, i, j] for i in range(windows.shape[2]) for j in range(windows.shape[3]))


def _expanded(g: Any) -> Any:
    return g[:, :, None, None]


def _pool_winners(a: Any, y: Any, size: Pair, stride: Pair, padding: Pair) -> Any:
    """The share of each element in the maximum of each window, as plain numbers: it changes only at a tie."""
    trace = modes.trace_on()
    if trace is not None and trace.whole and not isinstance(a, np.ndarray):
        return trace.outside(_shares_of_maximum, (a, y, size, stride, padding))
    data, top = (x if isinstance(x, np.ndarray) else x.data for x in (a, y))
    return _shares_of_maximum(data, top, size, stride, padding)


def _shares_of_maximum(data: Any, top: Any, size: Pair, stride: Pair, padding: Pair) -> Any:
    wins = _padded_windows(data, size, stride, padding) == _expanded(top)
    return wins / _expanded(reduce(np.add, (w.astype(data.dtype) for w in _places(wins))))


def _image(x: Any, what: str) -> None:
    if np.ndim(x) != 4:
        raise ShapeError(
            f"{what} works on (batch, channel, height, width); got shape {np.shape(x)}. Add axes: x[None, None]"
        )


def conv2d(x: Any, weight: Any, bias: Any = None, *, stride: Any = 1, padding: Any = 0) -> Any:
    """Convolve images with kernels (cross-correlation, as every framework calls it).

    Args:
        x: (batch, in_channels, height, width).
        weight: (out_channels, in_channels, kernel_height, kernel_width).
        bias: (out_channels,), or None.
        stride: how far the window moves, one number or (vertical, horizontal).
        padding: zeros added on each side, likewise.

    >>> conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2))).shape
    (1, 1, 2, 2)
    """
    _image(x, "conv2d")
    _image(weight, "conv2d's weight")
    if x.shape[1] != weight.shape[1]:
        raise ShapeError(
            f"conv2d: the image has {x.shape[1]} channels and the kernels take {weight.shape[1]}; got shapes "
            f"{x.shape} and {weight.shape}"
        )
    y = _conv(x, weight, stride=pair(stride, "stride", 1), padding=pair(padding, "padding"))
    return y if bias is None else y + bias[:, None, None]


def max_pool2d(x: Any, size: Any, stride: Any = None, padding: Any = 0) -> Any:
    """Give the largest element of each window; windows do not overlap unless ``stride`` says so.

    >>> max_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), 2).tolist()
    [[[[5.0, 7.0], [13.0, 15.0]]]]
    """
    _image(x, "max_pool2d")
    size = pair(size, "size", 1)
    return _maxpool(
        x, size=size, stride=size if stride is None else pair(stride, "stride", 1), padding=pair(padding, "padding")
    )


def avg_pool2d(x: Any, size: Any, stride: Any = None, padding: Any = 0) -> Any:
    """Give the mean of each window; zeros of the padding count, as in PyTorch.

    >>> avg_pool2d(np.arange(16.0).reshape(1, 1, 4, 4), 2).tolist()
    [[[[2.5, 4.5], [10.5, 12.5]]]]
    """
    _image(x, "avg_pool2d")
    size = pair(size, "size", 1)
    windows = unfold(
        x, size=size, stride=size if stride is None else pair(stride, "stride", 1), padding=pair(padding, "padding")
    )
    return mean(windows, axis=(2, 3))
