"""What a Value or a Tensor shows in a notebook: its picture, where the graph is small enough to be one."""

from __future__ import annotations

from typing import Any

from autograd.drawing.folding import CARDS
from autograd.node import Node


def notebook(node: Any) -> dict[str, str]:
    """Give the MIME bundle of a node; never raises.

    Up to 60 nodes are drawn. A leaf, a constant and a larger graph are text, so that showing a number stays cheap.

    >>> from autograd import Value
    >>> notebook(Value(2.0))
    {'text/plain': 'Value(2.0)'}
    """
    plain = {"text/plain": repr(node)}
    try:
        if node._rule is None or not node._tracked or not _small(node):
            return plain
        from autograd.drawing.entry import draw

        return draw(node)._repr_mimebundle_() | plain
    except Exception:  # noqa: BLE001  a notebook must go on
        return plain


def _small(node: Any) -> bool:
    seen = {node._index}
    todo = [node]
    while todo:
        for a in todo.pop()._arguments():
            if isinstance(a, Node) and a._index not in seen:
                seen.add(a._index)
                todo.append(a)
        if len(seen) > CARDS:
            return False
    return True
