"""What a step *is*: plain records of one node passing its gradient on, or computing its value.

Types
    Send      one edge of the backward pass: local derivative × upstream gradient = amount, added before → after.
    Step      one node of the backward pass: the gradient that arrived, and what it sends to each argument.
    Read      one edge of the forward pass: the number that an argument brings.
    Compute   one node of the forward pass: the numbers read, and the number computed.

``before`` and ``after`` are stored when the pass is recorded; nothing is ever subtracted to go back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.graph import Constant, Graph, GraphNode


@dataclass(frozen=True, slots=True, eq=False)
class Send:
    """What one node sends to one of its arguments.

    Attributes:
        to: the argument.
        slot: which argument it is; ``x * x`` sends to x in slots 0 and 1.
        formula: the local derivative in symbols, ``b`` for ∂(a × b)/∂a; for an array operation the name of its
            pullback.
        local: the local derivative in numbers; None for an array operation, which has no such number.
        upstream: the gradient that arrived at the node.
        amount: what is sent, local × upstream.
        before: what the argument had received so far; 0.0 if nothing.
        after: what it has received now.
        first: whether this is the first that the argument receives.
    """

    to: GraphNode
    slot: int
    formula: str
    local: Any
    upstream: Any
    amount: Any
    before: Any
    after: Any
    first: bool


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One node of the backward pass.

    Attributes:
        index: 0 for the result, counted upwards against the direction of computing.
        node: the node of the snapshot.
        upstream: the gradient of the result with respect to this node, complete.
        sends: one per argument that receives.
        graph: the snapshot that the step belongs to.
        hooked: the gradient as it arrived, if a hook replaced it; else None.
    """

    index: int
    node: GraphNode
    upstream: Any
    sends: tuple[Send, ...]
    graph: Graph
    hooked: Any = None
    direction = "backward"

    def __repr__(self) -> str:
        """Show node and gradient."""
        to = ", ".join(s.to.id for s in self.sends)
        return f"<step {self.index + 1}: {self.node.formula}, gradient {self.upstream!r}, sends to {to}>"


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What one argument brings to an operation; ``source`` is a node or a constant."""

    source: GraphNode | Constant
    slot: int
    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class Compute:
    """One node of the forward pass: ``value`` computed from ``reads``; a leaf reads nothing."""

    index: int
    node: GraphNode
    reads: tuple[Read, ...]
    value: Any
    graph: Graph
    direction = "forward"

    def __repr__(self) -> str:
        """Show node and value."""
        return f"<step {self.index + 1}: {self.node.formula} = {self.value!r}>"
