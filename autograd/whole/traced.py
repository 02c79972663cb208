"""``TracedArray``: what stands for a plain array while a function is recorded.

Inputs without a gradient, and truths such as ``x > 0``, are plain arrays when a function runs for itself. While it is recorded they
are constant Tensors that the trace knows, with the few things beside that code expects of an array.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import modes
from autograd.node import next_index
from autograd.tensor import ConstantTensor, Tensor


class TracedArray(ConstantTensor):
    """A constant Tensor with an array's conversions and connectives."""

    __slots__ = ()

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        """Convert to another type of numbers."""
        return self if np.dtype(dtype) == self.dtype and not copy else modes.trace_on().cast(self, np.dtype(dtype))

    def __and__(self, other: Any) -> Any:
        """Self and other."""
        return modes.trace_on().connected(np.bitwise_and, self, other)

    def __or__(self, other: Any) -> Any:
        """Self or other."""
        return modes.trace_on().connected(np.bitwise_or, self, other)

    def __xor__(self, other: Any) -> Any:
        """Either self or other."""
        return modes.trace_on().connected(np.bitwise_xor, self, other)

    def __invert__(self) -> Any:
        """Not self."""
        return modes.trace_on().connected(np.invert, self)

    def any(self, axis: Any = None) -> Any:
        """Refuse: the truth may be another one in the next replay."""
        modes.trace_on().read(self, ".any()")

    def all(self, axis: Any = None) -> Any:
        """Refuse: the truth may be another one in the next replay."""
        modes.trace_on().read(self, ".all()")

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__


def traced(data: Any) -> TracedArray:
    """Stand for an array."""
    y: TracedArray = object.__new__(TracedArray)
    y._data = data
    y.grad = y._rule = y._a = y._b = y._da = y._db = y._extra = None
    y._index = next_index()
    y._version = 0
    return y


TracedArray._kinds = (Tensor, TracedArray)
