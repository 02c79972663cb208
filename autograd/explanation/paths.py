"""Paths from a result down to a node: counted, listed one by one, and the gradient that flows down each.

Paths are *counted* by adding, never listed to be counted: a chain of n nodes that each use the one before twice has
2ⁿ of them.

Types
    Edge    one use of an argument.
    Path    one path: its edges, and the product of local derivatives along it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import engine
from autograd.errors import GradientError
from autograd.graph import GraphNode
from autograd.operations import Elementwise
from autograd.scatter import Scatter
from autograd.symbols import Symbol, derivative, render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograd.graph import Graph


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """One use of an argument: from ``node`` down to its argument in ``slot``."""

    node: GraphNode
    slot: int
    to: GraphNode

    def formula(self, style: str = "text") -> str:
        """Write the local derivative."""
        op = self.node.op
        if style != "latex" or not isinstance(op, Elementwise):
            return self.node.derivative(self.slot, style)  # type: ignore[arg-type]
        args = tuple(
            Symbol(latex_name(a.id))
            if isinstance(a, GraphNode)
            else a.data
            if isinstance(a.data, int | float)
            else Symbol(a.text)
            for a in self.node.args
        )
        return render(derivative(op, self.slot, Symbol(latex_name(self.node.id)), args), "latex")


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """One path from the result down to the leaf, and what arrives along it."""

    edges: tuple[Edge, ...]
    amount: Any

    def __str__(self) -> str:
        """Write the nodes: ``f → d → a``."""
        return " → ".join([self.edges[0].node.id, *(e.to.id for e in self.edges)]) if self.edges else "itself"


def count_paths(graph: Graph, to: Any) -> int:
    """Give the number of paths from the root down to a node, exactly, however large.

    >>> from autograd import Graph, Value
    >>> x = Value(1.0)
    >>> y = x
    >>> for _ in range(100): y = y + y
    >>> count_paths(Graph(y), x) == 2**100
    True
    """
    return counts_to(graph, graph[to])[graph.root.position]


def counts_to(graph: Graph, target: GraphNode) -> list[int]:
    """Give, for every node, the number of paths from it down to the target along which gradients flow."""
    counts = [0] * len(graph.nodes)
    counts[target.position] = 1
    for n in graph.nodes[target.position + 1 :]:
        passive = getattr(n.op, "passive", 0)
        counts[n.position] = sum(counts[a.position] for slot, a in n.inputs if slot >= passive)
    return counts


def paths_to(graph: Graph, target: GraphNode, counts: list[int]) -> Iterator[tuple[Edge, ...]]:
    """Give the paths one by one; no detour, since only nodes above the target are entered."""
    # A path is a chain of pairs (chain above, edge), so that paths share what they have in common.
    stack: list[tuple[GraphNode, Any]] = [(graph.root, None)]
    while stack:
        node, path = stack.pop()
        if node is target:
            edges: list[Edge] = []
            while path is not None:
                path, edge = path
                edges.append(edge)
            yield tuple(reversed(edges))
            continue
        passive = getattr(node.op, "passive", 0)
        for slot, a in reversed(node.inputs):
            if slot >= passive and counts[a.position]:
                stack.append((a, (path, Edge(node, slot, a))))


def along(path: tuple[Edge, ...], seed: Any) -> Any:
    """Push the seed down one path only."""
    g = seed
    for e in path:
        node, args = e.node.node, e.node.node._arguments()
        slot = -1
        c = None
        for a, sent in engine.contributions(node, g):
            slot = next((s for s in range(slot + 1, len(args)) if args[s] is a), slot)
            if slot == e.slot:
                c = sent
                break
        if c is None:
            raise GradientError(f"{e.node.formula} sends nothing to {e.to.id}")
        if type(c) is Scatter:
            dense = np.zeros(np.shape(e.to.data), np.result_type(e.to.data))
            c.into(dense)
            c = dense
        g = c
    return g


def latex_name(name: str) -> str:
    """Write an id in LaTeX: ``n1`` with an index, a longer name upright, special characters escaped."""
    letters = name.rstrip("0123456789")
    if len(letters) == 1 and letters.isalpha() and letters != name:
        return f"{letters}_{{{name[len(letters) :]}}}"
    if len(name) == 1:
        return name
    escaped = "".join(rf"\{c}" if c in "_#$%&{}" else " " if c in "\\^~" else c for c in name)
    return rf"\mathrm{{{escaped}}}"
