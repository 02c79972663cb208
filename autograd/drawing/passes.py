"""The backward pass that a picture shows: computed for the picture, so that ``.grad`` is left alone.

Types
    Pass      the gradient of every node, by position; the contributions of one node when asked.
    Moment    one node of the pass: its finished gradient, and what it sends.
    Share     what is sent along one edge: local derivative, amount, and the receiver's sum before and after.

A Moment and a Share have the attributes of the debugger's Step and Send, so either can be drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import engine
from autograd.errors import AnomalyError, GradientError, StaleError
from autograd.node import Node

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from autograd.graph import Graph, GraphNode


@dataclass(frozen=True, slots=True)
class Share:
    """One contribution: from a node to the argument in one slot."""

    to: GraphNode
    slot: int
    formula: str
    local: Any
    upstream: Any
    amount: Any
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Moment:
    """One node of the backward pass, with its finished gradient and what it sends to its arguments."""

    index: int
    node: GraphNode
    upstream: Any
    sends: tuple[Share, ...] = field(default=())


class Pass:
    """The gradients of one picture.

    ``own=True`` computes them: ``seed`` arrives at every root, and nothing is written to ``.grad``. ``own=False``
    takes ``.grad`` as it is, None where no backward pass has arrived.

    >>> from autograd import Graph, Value
    >>> x = Value(3.0, name="x")
    >>> y = x * x
    >>> p = Pass(Graph(y))
    >>> p.grad(p.graph["x"]), x.grad
    (6.0, None)
    """

    def __init__(self, graph: Graph, *, own: bool = True, seed: float = 1.0) -> None:
        """Differentiate, or read what is there."""
        self.graph = graph
        self.own = own
        self.seed = seed
        self.note: str | None = None
        """Why some gradients are missing, if they are."""
        self._grads: list[Any] = [None] * len(graph)
        if own:
            self._differentiate()
        else:
            self._grads = [n.grad for n in graph]

    def _differentiate(self) -> None:
        found: list[Any] = self._grads
        for root in self.graph.roots:
            if root.node._tracked:
                seed = self.seed * np.ones_like(root.data) if root.shape else self.seed
                found[root.position] = seed if found[root.position] is None else found[root.position] + seed
        owned: set[int] = set()
        try:
            with np.errstate(all="ignore"):
                for node in reversed(self.graph.nodes):
                    g = found[node.position]
                    if g is None:
                        continue
                    if node.node._extra is not None and node.node._extra.hooks:
                        g = found[node.position] = engine._hooked(node.node, g)
                    if node.is_leaf:
                        continue
                    engine.check_changes((node.node,))
                    for target, c in engine.contributions(node.node, g):
                        at = self.graph[target].position
                        found[at] = engine.add(found[at], c, target, owned)
        except StaleError as error:
            self.note = f"stale: {error}"
        except (GradientError, AnomalyError) as error:
            self.note = str(error)

    def rescale(self, node: GraphNode, g: Any) -> None:
        """Take the seed with which ``g`` arrives at ``node``, as a debugger with a seed of its own has it."""
        mine = self.grad(node)
        if type(mine) is float and type(g) is float and mine not in (0.0, g) and np.isfinite(g / mine):
            self.seed *= g / mine
            self._grads = [None] * len(self.graph)
            self._differentiate()

    def grad(self, node: GraphNode) -> Any:
        """Give the gradient of a node; None where none arrived."""
        return self._grads[node.position]

    def amounts(self, node: GraphNode) -> dict[int, Any]:
        """Give what a node sends, by argument slot; empty where nothing arrives at it."""
        g = self.grad(node)
        if g is None or node.is_leaf:
            return {}
        free = {slot: a for slot, a in node.inputs if a.node._tracked}
        sent: dict[int, Any] = {}
        try:
            with np.errstate(all="ignore"):
                engine.check_changes((node.node,))
                for target, c in engine.contributions(node.node, g):
                    slot = next(s for s, a in free.items() if a.node is target)
                    del free[slot]
                    sent[slot] = engine.add(None, c, target, set())
        except StaleError as error:
            self.note = f"stale: {error}"
        return sent

    def moments(self, spelled: Container[int] | None = None) -> Iterator[Moment]:
        """Walk the pass in the engine's order, newest node first; leaves send nothing and are left out.

        Formulas are written for the nodes at the positions ``spelled`` only, for all where it is None.
        """
        sums: dict[int, Any] = {}
        index = 0
        for node in reversed(self.graph.nodes):
            sent = self.amounts(node)
            if not sent:
                continue
            shares = []
            for slot, amount in sent.items():
                to = node.args[slot]
                assert not isinstance(to, Node)
                before = sums.get(to.position)  # type: ignore[union-attr]
                with np.errstate(all="ignore"):
                    after = amount if before is None else before + amount
                sums[to.position] = after  # type: ignore[union-attr]
                wanted = spelled is None or node.position in spelled
                formula, local = (node.derivative(slot), node.local(slot)) if wanted else ("", None)
                shares.append(Share(to, slot, formula, local, self.grad(node), amount, before, after))  # type: ignore[arg-type]
            index += 1
            yield Moment(index, node, self.grad(node), tuple(shares))


def stale(node: GraphNode) -> str | None:
    """Say why the stored number of a node no longer follows from its arguments; None where it does."""
    if node.is_leaf:
        return None
    try:
        with np.errstate(all="ignore"):
            engine.check_fresh(node.node)
    except StaleError as error:
        return str(error)
    except Exception:  # noqa: BLE001  a user's own rule may raise; a picture of it must not
        return None
    return None


def size(x: Any) -> float:
    """Give how large a number or an array is: the root mean square; nan stays nan.

    >>> size(-3.0), size(np.array([3.0, -3.0]))
    (3.0, 3.0)
    """
    if x is None:
        return 0.0
    if isinstance(x, np.ndarray) and x.ndim:
        if not x.size:
            return 0.0
        with np.errstate(all="ignore"):
            biggest = float(np.max(np.abs(x)))
            if biggest == 0 or not np.isfinite(biggest):
                return biggest
            return biggest * float(np.sqrt(np.mean(np.square(x / biggest, dtype=np.float64))))
    return abs(float(x))
