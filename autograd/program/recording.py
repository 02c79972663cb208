"""From a recorded graph to a listing: ``Graph(root)`` is read in order of creation, one instruction per node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.arguments import short
from autograd.errors import InputTypeError, InputValueError
from autograd.graph import GraphNode
from autograd.program.listing import Listing
from autograd.program.wires import Wire, apply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.graph import Graph
    from autograd.operations import Elementwise


def listing_of(graph: Graph, inputs: Sequence[GraphNode]) -> Listing:
    """Give the computation of a graph of Values as a function of some of its nodes; other leaves keep their numbers."""
    listing = Listing(len(inputs))
    operand: dict[int, Any] = {}
    for register, node in enumerate(inputs):
        operand[node.position] = Wire(listing, register)
        listing.names[register] = node.id
    for node in graph:
        if node.position in operand:
            continue
        if node.is_leaf:
            operand[node.position] = node.data
            continue
        args = [operand[a.position] if isinstance(a, GraphNode) else _plain(a.data) for a in node.args]
        operand[node.position] = y = recorded(listing, node.op, args)
        if isinstance(y, Wire):
            listing.names.setdefault(y.operand, node.id)
    for root in graph.roots:
        y = operand[root.position]
        listing.outputs.append(y.operand if isinstance(y, Wire) else listing.constant(y))
    return listing


def recorded(listing: Listing, op: Elementwise, args: Sequence[Any]) -> Any:
    """Append what the user wrote, without leaving out repetitions; fused operations are opened."""
    if getattr(op, "variadic", False):
        return apply(listing, op, args)
    if not any(isinstance(a, Wire) for a in args):
        return op.float_of(*args)
    operands = [a.operand if isinstance(a, Wire) else listing.constant(a) for a in args]
    return Wire(listing, listing.append(op, operands))


def _plain(data: Any) -> Any:
    if isinstance(data, bool | int | float):
        return data
    raise InputTypeError(f"a program is made of operations on single numbers; this graph uses the array {short(data)}")


def chosen(graph: Graph, wanted: Any, what: str) -> list[GraphNode]:
    """Find the nodes that the user names: by id, or the Values themselves.

    Raises:
        InputValueError: a node twice, or none at all.
    """
    items = list(wanted) if isinstance(wanted, list | tuple) else [wanted]
    nodes = [graph[w] for w in items]
    if len({n.position for n in nodes}) < len(nodes) or not nodes:
        raise InputValueError(f"{what}= takes different nodes of the graph; got {short(wanted)}")
    return nodes
