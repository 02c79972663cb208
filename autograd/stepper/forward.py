"""The recording of a forward pass: nothing but the order, since every node keeps its value.

It has the same face as ``recording.Recording``, so that the cursor does not need to know which of the two it moves over.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from autograd.graph import GraphNode
from autograd.stepper.records import Compute, Read

if TYPE_CHECKING:
    from autograd.graph import Graph


class Forward:
    """The forward pass in the order of creation, leaves included."""

    direction = "forward"
    hooked: dict[int, Any] = {}  # noqa: RUF012  never written: there are no hooks on the way forward

    def __init__(self, graph: Graph, seed: Any = None) -> None:
        """Nothing needs to be recorded: every node keeps its value."""
        self.graph = graph
        self.order = [n.position for n in graph.nodes if not n.is_leaf]
        self.step_of = {p: i for i, p in enumerate(self.order)}
        self.values = [n.data for n in graph.nodes]

    def __len__(self) -> int:
        """Give the number of steps."""
        return len(self.order)

    def edges(self, index: int) -> int:
        """Give how many arguments a step reads."""
        return len(self.node(index).args)

    def node(self, index: int) -> GraphNode:
        """Give the node of a step."""
        return self.graph.nodes[self.order[index]]

    def step(self, index: int) -> Compute:
        """Make the record of one step."""
        node = self.node(index)
        reads = tuple(
            Read(a, slot, self.values[a.position] if isinstance(a, GraphNode) else a.data)
            for slot, a in enumerate(node.args)
        )
        return Compute(index, node, reads, self.values[node.position], self.graph)

    def now(self, position: int, index: int, edge: int) -> Any:
        """Give the value of a node when ``index`` steps are done; None if it is not computed yet."""
        own = self.step_of.get(position)
        return self.values[position] if own is None or own < index else None

    @property
    def memory(self) -> int:
        """The bytes that the recording takes; the values belong to the graph."""
        return sys.getsizeof(self.order) + sys.getsizeof(self.values) + sys.getsizeof(self.step_of)
