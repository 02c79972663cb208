"""``Scatter``, a gradient that is zero except at one index, and ``add``, which adds gradients of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from autograd.node import Node


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


def add(total: Any, c: Any, node: Node, owned: set[int]) -> Any:
    """Add contribution ``c`` to the ``total`` of ``node`` so far; ``owned`` lists totals that may be written into."""
    if type(c) is Scatter:
        if total is None:
            total = np.zeros(np.shape(node._data), np.result_type(node._data))
        elif node._index not in owned or not isinstance(total, np.ndarray):
            total = np.array(total)
        owned.add(node._index)
        c.into(total)
        return total
    if total is None:
        return c
    if node._index in owned and isinstance(total, np.ndarray):
        np.add(total, c, out=total)
        return total
    if type(total) is not float:
        owned.add(node._index)
    return total + c
