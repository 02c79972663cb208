"""Replay: the recorded operations again, with other numbers in the leaves.

The user's nodes are not touched: a new graph is built beside the old one, node for node, with the same ids.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.errors import ShapeError
from autograd.graph import Graph
from autograd.modes import enable_grad
from autograd.node import Node
from autograd.opening import recorded_again
from autograd.tensor import Tensor
from autograd.tensor_data import as_data
from autograd.value import Value, as_float

if TYPE_CHECKING:
    from collections.abc import Mapping


def replay(graph: Graph, changes: Mapping[str, Any]) -> Graph:
    """Compute the graph again with ``changes`` (leaf id → number or array); the ids stay the same.

    The branches that Python took when the graph was recorded are taken again, whatever the numbers are now.
    """
    made: dict[int, Node] = {}
    with enable_grad():
        for n in graph:
            old = n.node
            if n.is_leaf:
                made[old._index] = _leaf(old, changes.get(n.id), n.id)
                continue
            args = tuple(made.get(a._index, a) if isinstance(a, Node) else a for a in old._arguments())
            y = recorded_again(old, args)
            if old._extra is not None:
                y._extras().line = old._extra.line
            made[old._index] = y
    again = Graph(made[graph.root.node._index], names={n.id: made[n.node._index] for n in graph})
    for n, old_n in zip(again, graph, strict=True):
        n.scope = old_n.scope
    return again


def _leaf(old: Node, new: Any, name: str) -> Node:
    if isinstance(old, Value):
        return Value(old._data if new is None else as_float(new, name))
    if new is None:
        return Tensor(old._data)
    data = as_data(new, name, old._data.dtype)
    if data.shape != old._data.shape:
        raise ShapeError(f"{name} has shape {old._data.shape}; got shape {data.shape}")
    return Tensor(data)
