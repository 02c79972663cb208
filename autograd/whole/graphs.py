"""A recorded graph of Tensors as a program: its operations are applied again, in order, to other numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import InputTypeError
from autograd.graph import GraphNode
from autograd.tensor import Tensor
from autograd.whole.program import ArrayProgram

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.graph import Graph


class Again:
    """A graph as a function of some of its leaves; the others keep their numbers."""

    def __init__(self, graph: Graph, inputs: Sequence[GraphNode]) -> None:
        """Hold the graph."""
        for node in graph:
            if type(node.data) is float:
                raise InputTypeError(
                    f"{node.formula} is a single number in a graph of whole arrays, and a program is made of one or the "
                    "other. Build the graph from Values (tensor.values() gives an array of them, model.scalars() a whole "
                    "network), or from Tensors alone"
                )
        self.graph = graph
        self.inputs = list(inputs)
        self.__name__ = graph.root.id

    def __call__(self, *given: Any) -> Any:
        """Compute the roots from other numbers."""
        values: dict[int, Any] = {node.position: x for node, x in zip(self.inputs, given, strict=True)}
        for node in self.graph:
            if node.position in values:
                continue
            if node.is_leaf:
                values[node.position] = np.array(node.data)
                continue
            args = [values[a.position] if isinstance(a, GraphNode) else a.data for a in node.args]
            values[node.position] = node.op(*args, **node.node._parameters())
        results = tuple(values[root.position] for root in self.graph.roots)
        return results[0] if len(results) == 1 else results


def array_program_of(graph: Graph, inputs: Sequence[GraphNode], argnums: Any) -> ArrayProgram:
    """Give the program that replays a graph of Tensors."""
    return ArrayProgram(Again(graph, inputs), [n.id for n in inputs], [Tensor(n.data) for n in inputs], argnums)
