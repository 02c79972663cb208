"""Bare numbers out of a Tensor: ``.item()``, ``.numpy()``, its truth. A trace of whole arrays sees each of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import modes
from autograd.errors import ShapeError, TrackingError


class Readings:
    """The methods with which numbers leave a Tensor."""

    __slots__ = ()

    _data: Any
    _tracked: bool

    def _look(self, what: str) -> None:
        """Let a trace of whole arrays know that bare numbers are asked for."""
        if modes.active and (trace := modes.trace_on()) is not None and trace.whole:
            trace.read(self, what)

    def numpy(self) -> Any:
        """Give a copy of the array, outside any graph."""
        self._look("a copy of the numbers")
        return np.array(self._data)

    def item(self) -> float:
        """Give the only element as a float."""
        if self._data.size != 1:
            raise ShapeError(
                f"item() needs one element; this Tensor has shape {self._data.shape}. Write .numpy() or .tolist()"
            )
        self._look(".item()")
        return self._data.item()  # type: ignore[no-any-return]

    def tolist(self) -> Any:
        """Give nested lists of floats."""
        self._look(".tolist()")
        return self._data.tolist()

    def __bool__(self) -> bool:
        """Give the truth of the only element."""
        if self._data.size != 1:
            raise ShapeError(
                f"the truth of a Tensor of shape {self._data.shape} is ambiguous; write (x > 0).all() or .any()"
            )
        self._look("the truth")
        return bool(self._data)

    def __float__(self) -> float:
        """Refuse on a tracked tensor: the graph would be cut without a word."""
        if self._tracked:
            raise TrackingError("float(tensor) would cut the graph silently; write .item() for the bare number")
        return self.item()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """Refuse on a tracked tensor: the graph would be cut without a word."""
        if self._tracked:
            raise TrackingError(
                "np.asarray(tensor) would cut the graph silently; write .numpy() for the bare array, or autograd.stack "
                "to join Tensors"
            )
        self._look("np.asarray()")
        return np.array(self._data, dtype=dtype)
