"""``Scatter``: a gradient that is zero except at one index."""

from __future__ import annotations

from typing import Any

import numpy as np


class Scatter:
    """A gradient that is zero but at ``index``; the engine adds it into a buffer that it owns."""

    __slots__ = ("g", "index")

    def __init__(self, index: Any, g: Any) -> None:
        """Hold ``g``, to be added at ``index``."""
        self.index = index
        self.g = g

    def into(self, buffer: np.ndarray[Any, Any]) -> None:
        """Add into the buffer; an index that occurs twice counts twice."""
        if isinstance(self.index, np.ndarray) or (
            isinstance(self.index, tuple) and any(isinstance(i, np.ndarray | list) for i in self.index)
        ):
            np.add.at(buffer, self.index, self.g)
        else:
            buffer[self.index] += self.g
