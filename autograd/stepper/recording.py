"""The recording of a backward pass: columns of numbers, from which steps are made when somebody looks.

Type
    Recording   for every edge what was sent, and what the receiver had before and after.

It has the same face as ``forward.Forward``: ``steps`` by number, ``edges(i)`` of a step, ``step_of`` a node, and ``now(position, i, k)``:
what a node has when ``i`` steps and ``k`` edges of the next one are done.

The order is the engine's: creation index descending over what was reached, and for each node its arguments in
order. So the last state is what ``backward()`` gives, bit for bit. A step costs about 200 bytes and a few
microseconds; ``Step`` objects exist only while somebody holds them.
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import engine
from autograd import node as nodes
from autograd.arguments import short
from autograd.errors import GradientError, ShapeError
from autograd.graph import GraphNode, local_derivative
from autograd.modes import gc_paused
from autograd.scatter import Scatter
from autograd.stepper.records import Send, Step
from autograd.value import Value, as_float

if TYPE_CHECKING:
    from autograd.graph import Graph

_LATER = object()
"""Stands for a total that is rebuilt when asked: dense copies per element of a split Tensor are quadratic."""


class Recording:
    """The backward pass from the root of ``graph``, with ``seed`` as the gradient that arrives there."""

    direction = "backward"

    def __init__(self, graph: Graph, seed: Any = 1.0) -> None:
        """Run the pass once. No ``.grad`` is read or written; hooks run once, as in ``backward()``."""
        root = graph.root.node
        if not root._tracked:
            raise GradientError(
                f"{graph.root.id} is a constant (made by detach(), under no_grad(), or frozen): there is no backward "
                "pass to step through. Compute it from a Value outside no_grad()"
            )
        self.graph = graph
        if isinstance(root, Value):
            self.seed = as_float(1.0 if seed is None else seed, "the seed")
        else:
            scalar = isinstance(seed, int | float) and root._data.size == 1
            if not scalar and np.shape(seed) != root._data.shape:
                raise ShapeError(
                    f"the backward pass starts from one number, and this Tensor has shape {root._data.shape}. Reduce it first "
                    f"(y.sum()), or say what arrives: seed=array of that shape; got {short(seed)}"
                )
            self.seed = root._seed(np.full_like(root._data, seed) if scalar else seed)
        self.final: list[Any] = [None] * len(graph.nodes)
        self.hooked: dict[int, Any] = {}
        self.order: list[int] = []
        self.offsets: list[int] = [0]
        self.to: list[int] = []
        self.slots: list[int] = []
        self.amounts: list[Any] = []
        self.befores: list[Any] = []
        self.afters: list[Any] = []
        self._scattered: set[int] = set()
        if nodes.last_change > graph.nodes[0].node._index:
            engine.check_changes(n.node for n in graph if n.op is not None)
        with gc_paused(), np.errstate(all="ignore"):  # an edge has a convention, and a convention does not warn
            self._run(graph.nodes)
        self.step_of: dict[int, int] = {p: i for i, p in enumerate(self.order)}
        self._arrivals: dict[int, list[int]] | None = None
        self._rebuilt: dict[int, tuple[int, Any]] = {}

    def _run(self, nodes: list[GraphNode]) -> None:
        at = {n.node._index: n.position for n in nodes}
        final = self.final
        final[self.graph.root.position] = self.seed
        to, slots, amounts, befores, afters = self.to, self.slots, self.amounts, self.befores, self.afters
        order, offsets, scattered = self.order, self.offsets, self._scattered
        for p in range(self.graph.root.position, -1, -1):
            g = final[p]
            if g is None:
                continue
            node = nodes[p].node
            if node._rule is None:
                continue
            if node._extra is not None and node._extra.hooks:
                final[p] = engine._hooked(node, g)
                if final[p] is not g:
                    self.hooked[p] = g
                g = final[p]
            order.append(p)
            a, b = node._a, node._b
            if a is not None:
                self_to = at[a._index]
                c = g * node._da
                before = final[self_to]
                final[self_to] = after = c if before is None else before + c
                to.append(self_to)
                slots.append(0)
                amounts.append(c)
                befores.append(self._settled(self_to, before) if scattered else before)
                afters.append(after)
            elif node._is_general():
                self._general(node, g, at)
                offsets.append(len(to))
                continue
            if b is not None:
                self_to = at[b._index]
                c = g * node._db
                before = final[self_to]
                final[self_to] = after = c if before is None else before + c
                to.append(self_to)
                slots.append(1)
                amounts.append(c)
                befores.append(self._settled(self_to, before) if scattered else before)
                afters.append(after)
            offsets.append(len(to))
        for n in self.graph.leaves:
            g = final[n.position]
            if g is not None and n.node._extra is not None and n.node._extra.hooks:
                final[n.position] = engine._hooked(n.node, g)
                if final[n.position] is not g:
                    self.hooked[n.position] = g

    def _settled(self, position: int, before: Any) -> Any:
        """Give what stands for ``before``, now that a new array takes the place of a buffer of scattered pieces."""
        if position not in self._scattered:
            return before
        self._scattered.discard(position)
        return _LATER

    def _general(self, node: Any, g: Any, at: dict[int, int]) -> None:
        """Record a node whose contributions the engine works out: three arguments, or Tensors."""
        args = node._arguments()
        slot = -1
        for a, c in engine.contributions(node, g):
            slot = next((s for s in range(slot + 1, len(args)) if args[s] is a), slot)
            p = at[a._index]
            before = self.final[p]
            self.to.append(p)
            self.slots.append(slot)
            self.amounts.append(c)
            if type(c) is not Scatter:
                self.befores.append(self._settled(p, before))
                self.final[p] = after = c if before is None else before + c
                self.afters.append(after)
                continue
            self.befores.append(_LATER if p in self._scattered else before)
            if before is None:
                self.final[p] = np.zeros(np.shape(a._data), np.result_type(a._data))
            elif p not in self._scattered:
                self.final[p] = np.array(before)
            self._scattered.add(p)
            c.into(self.final[p])
            self.afters.append(_LATER)

    # --- the face -------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """Give the number of steps."""
        return len(self.order)

    def edges(self, index: int) -> int:
        """Give how many sends a step has."""
        return self.offsets[index + 1] - self.offsets[index]

    def node(self, index: int) -> GraphNode:
        """Give the node of a step."""
        return self.graph.nodes[self.order[index]]

    def step(self, index: int) -> Step:
        """Make the record of one step."""
        node = self.node(index)
        upstream = self.final[node.position]
        sends = tuple(self.send(node, upstream, k) for k in range(self.offsets[index], self.offsets[index + 1]))
        return Step(index, node, upstream, sends, self.graph, self.hooked.get(node.position))

    def send(self, node: GraphNode, upstream: Any, k: int) -> Send:
        """Make the record of one send."""
        slot = self.slots[k]
        before = self.befores[k]
        if before is _LATER:
            before = self._total(self.to[k], self._previous(k))
        amount = self.amounts[k]
        receiver = self.graph.nodes[self.to[k]]
        if type(amount) is Scatter:
            dense = np.zeros(np.shape(receiver.data), np.result_type(receiver.data))
            amount.into(dense)
            amount = dense
        return Send(
            receiver,
            slot,
            node.derivative(slot),
            local_derivative(node.node, slot),
            upstream,
            amount,
            0.0 if before is None else before,
            self._total(self.to[k], k),
            before is None,
        )

    def arrivals(self, position: int) -> list[int]:
        """Give the numbers of the sends that a node receives, in order."""
        if self._arrivals is None:
            self._arrivals = {}
            for k, p in enumerate(self.to):
                self._arrivals.setdefault(p, []).append(k)
        return self._arrivals.get(position, [])

    def step_of_send(self, k: int) -> int:
        """Give the step to which send ``k`` belongs."""
        return bisect_left(self.offsets, k + 1) - 1

    def _previous(self, k: int) -> int:
        mine = self.arrivals(self.to[k])
        return mine[bisect_left(mine, k) - 1]

    def _total(self, position: int, k: int) -> Any:
        """Give what a node has received after send ``k``; sums of scattered pieces are built again, in order."""
        after = self.afters[k]
        if after is not _LATER:
            return after
        mine = self.arrivals(position)
        here = bisect_left(mine, k)
        start, buffer = self._rebuilt.get(position, (-1, None))
        if start > here or buffer is None:
            start = here
            while start >= 0 and self.afters[mine[start]] is _LATER:
                start -= 1
            data = self.graph.nodes[position].data
            buffer = np.zeros(np.shape(data), np.result_type(data)) if start < 0 else np.array(self.afters[mine[start]])
        for i in range(start + 1, here + 1):
            piece = self.amounts[mine[i]]
            if type(piece) is Scatter:
                piece.into(buffer)
            else:
                buffer = np.array(self.afters[mine[i]])
        self._rebuilt[position] = (here, buffer)
        return np.array(buffer)

    def now(self, position: int, index: int, edge: int) -> Any:
        """Give the gradient of a node when ``index`` steps and ``edge`` sends of the next are done; None before."""
        own = self.step_of.get(position)
        if own is not None and (own < index or (own == index and edge > 0)):
            return self.final[position]
        done = self.offsets[index] + edge
        if done == len(self.to) and index >= len(self.order):
            return self.final[position]
        mine = self.arrivals(position)
        count = bisect_left(mine, done)
        if count:
            return self._total(position, mine[count - 1])
        return self.seed if position == self.graph.root.position else None

    def write(self) -> None:
        """Write the gradients of the whole pass, as ``backward()`` does: leaves add, inner nodes are replaced."""
        for n, g in zip(self.graph, self.final, strict=True):
            if g is None:
                continue
            if n.is_leaf:
                n.node._receive(g, owned=False)
            else:
                n.node.grad = np.array(g) if isinstance(g, np.ndarray) else g

    @property
    def memory(self) -> int:
        """The bytes that the recording takes, its numbers and arrays included, the graph not."""
        lists = (self.final, self.order, self.offsets, self.to, self.slots, self.amounts, self.befores, self.afters)
        total = sum(map(sys.getsizeof, lists)) + sys.getsizeof(self.step_of)
        counted: set[int] = set()
        for x in (*self.amounts, *self.afters, *self.final):
            if id(x) not in counted and x is not None and x is not _LATER:
                counted.add(id(x))
                x = x.g if type(x) is Scatter else x
                total += x.nbytes + 112 if isinstance(x, np.ndarray) else 24
        return total
