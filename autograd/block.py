"""``Block``: what the nodes of one layer of neurons have in common, kept once instead of in every node.

A layer of m neurons, applied to k examples, makes k·m nodes Σ w·x + b in one call. Each of them would keep 2n + 1
arguments and as many local derivatives, although there are only k rows of inputs and m rows of weights. So they share:

    Factor    one group of arguments (the weights, the inputs, the biases) of all nodes: rows of nodes and constants
    Block     the factors, the row of the table, and the creation indices; node (i, j) is the product of row i and row j

A node of a block holds the Block in ``_b``, where other nodes hold their arguments. Whoever asks one node for its
arguments or local derivatives gets them cut out, as they were in the forward pass. The sweep need not ask: when the
gradients of all nodes are there, ``sums`` gives what all of them send, a total for each argument, computed by NumPy from the
rules of the table. It adds in the very order in which the nodes would send one after the other, so the totals are
the same to the last bit.

A node *leaves* its block (``Value._generalise``) when it has to be treated by itself: a hook hangs on it, or a
backward pass does not reach all of its block. A block keeps the arguments of all its nodes alive as long as one of them lives,
as a slice of an array keeps the array; it does not know its nodes, so there are no cycles.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autograd.node import Node

Array = np.ndarray[Any, np.dtype[np.float64]]
NOTHING = -0.0
"""What a sum begins with where nothing has arrived: −0.0 + c is c, also for c = −0.0."""
LARGEST = 1 << 16
"""So many products at a time are formed in one array, unless a single column has more."""


class Factor:
    """One group of arguments of all nodes of a block.

    Args:
        kept: nodes and constants, row after row, as a node keeps them; None when all are plain numbers.
        numbers: (rows, n), their numbers in the forward pass.
        tracked: which of them receive a gradient: True (all), False (none), or one answer for each.
        axis: 0 if each row belongs to a row of the block (an example), 1 if to a column (a neuron).
    """

    __slots__ = ("_receivers", "_rows", "axis", "kept", "numbers", "tracked")

    def __init__(self, kept: Any, numbers: Array, tracked: Any, axis: int) -> None:
        """Store them."""
        self.kept = kept
        self.numbers = numbers
        self.tracked = tracked
        self.axis = axis
        self._rows: list[Any] | None = None
        self._receivers: Any = None

    def receivers(self) -> tuple[Sequence[Node], Sequence[Node], Any]:
        """Give the leaves that receive a gradient, the computed nodes, and where both stand; found when first asked for."""
        if self._receivers is None:
            rules = {v._rule for v in self.kept} if self.tracked is True else ()
            if len(rules) == 1 or (rules and None not in rules):  # the usual layer: all weights, or all computed
                self._receivers = (self.kept, (), slice(None)) if None in rules else ((), self.kept, slice(None))
            else:
                flags = [self.tracked] * self.numbers.size if isinstance(self.tracked, bool) else self.tracked
                places = [i for i, t in enumerate(flags) if t]
                leaves = [i for i in places if self.kept[i]._rule is None]
                inner = [i for i in places if self.kept[i]._rule is not None]
                self._receivers = [self.kept[i] for i in leaves], [self.kept[i] for i in inner], leaves + inner
        return self._receivers  # type: ignore[no-any-return]

    def rows(self) -> list[tuple[tuple[Any, ...], tuple[float, ...], Any]]:
        """Give the rows: what a node keeps, the numbers, and which of them receive a gradient; cut when first asked for."""
        if self._rows is None:
            numbers = [tuple(row) for row in self.numbers.tolist()]
            n = self.numbers.shape[1]
            places = [slice(i, i + n) for i in range(0, self.numbers.size, n)]
            kept = numbers if self.kept is None else [self.kept[here] for here in places]
            alike = isinstance(self.tracked, bool)
            tracked = [self.tracked if alike else self.tracked[here] for here in places]
            self._rows = list(zip(kept, numbers, tracked, strict=True))
        return self._rows

    def columns(self) -> list[Array]:
        """Give the numbers column by column, shaped to meet the rows or the columns of the block."""
        columns = self.numbers.T
        return list(columns[:, None] if self.axis else columns[:, :, None])


def only(locals_: tuple[Any, ...], tracked: Any) -> tuple[Any, ...]:
    """Give the local derivatives of those that receive a gradient, None for the others."""
    if tracked is True:
        return locals_
    if tracked is False:
        return (None,) * len(locals_)
    return tuple(d if t else None for d, t in zip(locals_, tracked, strict=True))


class Block:
    """The shared part of k·m nodes, (k, m) of them, row after row with consecutive indices.

    Args:
        row: the row of the table (an ``Nary``); each of its groups is a factor.
        factors: the groups of arguments.
    """

    __slots__ = ("_latest", "count", "factors", "first", "last", "outputs", "row", "whole")

    def __init__(self, row: Any, factors: list[Factor]) -> None:
        """Compute the numbers of all nodes: the sum of the row itself, on arrays, in its order."""
        self.row = row
        self.factors = factors
        with np.errstate(all="ignore"):
            self.outputs = row.of_groups(*(f.columns() for f in factors))
        self.count = self.outputs.size
        self.first = self.last = 0
        self.whole = True
        self._latest: tuple[int, tuple[Any, ...]] = (0, ())

    def arguments(self, index: int) -> tuple[Any, ...]:
        """Give the arguments of the node with this index."""
        at = divmod(index - self.first, self.outputs.shape[1])
        found: tuple[Any, ...] = ()
        for f in self.factors:
            found += f.rows()[at[f.axis]][0]
        return found

    def locals_of(self, index: int) -> tuple[Any, ...]:
        """Give the local derivatives of the node with this index; None where no gradient flows.

        The latest answer is kept: who looks at a node asks for one argument after the other.
        """
        latest = self._latest
        if latest[0] == index:
            return latest[1]
        at = divmod(index - self.first, self.outputs.shape[1])
        rows = [f.rows()[at[f.axis]] for f in self.factors]
        y, groups = float(self.outputs[at]), [numbers for _, numbers, _ in rows]
        found: tuple[Any, ...] = ()
        for rule, (_, _, tracked) in zip(self.row.rules, rows, strict=True):
            locals_ = rule(y, *groups)
            found += only(locals_ if type(locals_[0]) is float else tuple(map(float, locals_)), tracked)
        self._latest = index, found
        return found

    def contributions(self, index: int, g: float) -> Iterator[tuple[Node, float]]:
        """Give what the node with this index sends to each of its tracked arguments when ``g`` arrives at it."""
        at = divmod(index - self.first, self.outputs.shape[1])
        rows = [f.rows()[at[f.axis]] for f in self.factors]
        y, groups = float(self.outputs[at]), [numbers for _, numbers, _ in rows]
        for rule, (kept, _, tracked) in zip(self.row.rules, rows, strict=True):
            for a, local in zip(kept, only(rule(y, *groups), tracked), strict=True):
                if local is not None:
                    yield a, g * local

    def is_whole(self) -> bool:
        """Tell whether the block may be settled at once: no node has left it, and no argument stands in two places."""
        if self.whole:
            receivers = [nodes for f in self.factors for nodes in f.receivers()[:2]]
            self.whole = len(set().union(*receivers)) == sum(map(len, receivers))
        return self.whole

    def arranged(self, gradients: list[float]) -> Array:
        """Give the gradients of all nodes, which come newest first, as an array (k, m)."""
        return np.array(gradients[::-1], dtype=np.float64).reshape(self.outputs.shape)

    def taken_from(self, heap: list[tuple[int, Node]], newest: Node) -> list[Node]:
        """Take all nodes from a heap of (−index, node), newest first, which is out already; none if they are not all there."""
        if newest._index != self.last or len(heap) + 1 < self.count or not self.is_whole():
            return []
        nodes = [newest]
        while heap and heap[0][1]._b is self:
            nodes.append(heapq.heappop(heap)[1])
        if len(nodes) == self.count:
            return nodes
        for node in nodes[1:]:
            heapq.heappush(heap, (-node._index, node))
        return []

    def send_into(self, found: dict[Node, Any], nodes: list[Node]) -> list[Node]:
        """Add what all nodes (newest first) send to the gradients in ``found``; give the arguments that are new there."""
        g, new = self.arranged([found[node] for node in nodes]), []
        for slot, factor in enumerate(self.factors):
            receivers = [a for group in factor.receivers()[:2] for a in group]
            if receivers:
                held = [found.get(a, NOTHING) for a in receivers]
                new += [a for a in receivers if a not in found]
                found.update(zip(receivers, self.sums(slot, g, held), strict=True))
        return new

    def sums(self, slot: int, g: Array, held: list[float]) -> list[float]:
        """Give the totals of all receivers of one factor, leaves first, when gradients (k, m) have arrived at the nodes.

        ``held`` is what they have from newer nodes already, or ``NOTHING``: the sum begins with it. What an
        example receives is summed over the neurons, what a weight receives over the examples; newest node first.
        """
        f = self.factors[slot]
        local = np.array(self.row.rules[slot](self.outputs, *(f.columns() for f in self.factors)))
        local = local.reshape(*local.shape, *(1,) * (3 - local.ndim))  # (n, k, m), 1 for what is alike
        if f.axis == 0:
            g, local = g.T, local.transpose(0, 2, 1)
        newest_first, local = g[::-1, None], local.transpose(1, 0, 2)[::-1]
        total, places = np.full(f.numbers.shape, NOTHING), f.receivers()[2]
        total.reshape(-1)[places] = held
        n = f.numbers.shape[1]
        step = max(1, LARGEST // g.size)
        for j in range(0, n, step):
            columns = total.T[j : j + step]
            terms = np.empty((1 + len(g), *columns.shape))
            terms[0] = columns
            np.multiply(local[:, j : j + step], newest_first, out=terms[1:])
            columns[:] = in_order(terms)
        return total.reshape(-1)[places].tolist()  # type: ignore[no-any-return]


def in_order(terms: Array) -> Array:
    """Add along the first axis, one after the other.

    NumPy adds whole rows one after the other; only along the axis that is contiguous in memory it adds by halves.
    """
    if terms[0].size == 1:
        return np.add.accumulate(terms, axis=0)[-1]  # type: ignore[no-any-return]
    return np.add.reduce(terms, axis=0, initial=NOTHING)  # type: ignore[no-any-return]
