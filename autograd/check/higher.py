"""The locator for higher orders: an operation that is right alone at order 1, and wrong alone at order 2.

A derivative that was cut from the graph (``y.data`` or ``detach()`` inside a rule) leaves every number of the first
backward pass right, and nothing in the graph of the second that could be compared with its own forward pass. So each
operation of the first graph is taken out of it and checked by itself, at the numbers that it had.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.check.locate import culprit_of, tracked_slots, with_line
from autograd.check.orders import derived
from autograd.check.subjects import Engine
from autograd.graph import Graph, GraphNode
from autograd.node import Node
from autograd.tensor import Tensor
from autograd.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograd.check.report import Culprit
    from autograd.check.verdicts import Element

NODES = 500
"""How many nodes are checked one by one."""


class Alone:
    """One operation of a graph as a function of its tracked arguments; the others keep their numbers."""

    def __init__(self, node: GraphNode) -> None:
        """Take the operation out of the graph."""
        self.op = node.op
        self.slots = [slot for slot, _ in tracked_slots(node)]
        self.datas = [a._data if isinstance(a, Node) else a for a in node.node._arguments()]
        self.parameters = node.node._parameters()
        self.__name__ = node.op.name

    def __call__(self, *args: Any) -> Any:
        """Apply it."""
        filled = list(self.datas)
        for slot, a in zip(self.slots, args, strict=True):
            filled[slot] = a
        return self.op(*filled, **self.parameters)

    def inputs(self) -> tuple[Any, ...]:
        """Give the tracked arguments, fresh."""
        datas = [self.datas[slot] for slot in self.slots]
        return tuple(Tensor(np.array(d)) if isinstance(d, np.ndarray) else Value(float(d)) for d in datas)


def locate_order(subject: Engine, order: int, seed: int, wrong: Callable[[Engine], list[Element]]) -> Culprit | None:
    """Name the first operation whose derivative of the given order is wrong by itself; None if none is.

    ``wrong`` checks a subject and gives the elements that are wrong.
    """
    for root in subject.roots:
        graph = Graph(root)
        for node in graph.nodes[:NODES]:
            if node.op is None or not np.all(np.isfinite(np.asarray(node.data))):
                continue
            alone = Alone(node)
            if not alone.slots:
                continue
            checked: Any = Engine(alone, alone.inputs(), None)
            for _ in range(order - 1):
                checked = derived(checked, seed)
            found = wrong(checked)
            if found:
                first = found[0]
                paths = [leaf.path for leaf in checked.leaves]
                slot = alone.slots[paths.index(first.path) if first.path in paths else 0]
                told = (
                    f"its derivative of order {order} is wrong: does its rule cut the graph (.data, .item(), detach)?"
                )
                culprit = culprit_of(node, slot, first.given, first.numeric, first.bound, len(graph), "rule", note=told)
                return with_line(culprit, subject, root)
    return None
