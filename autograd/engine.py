"""Reverse-mode differentiation: one sweep over the nodes, from the newest to the oldest.

An argument is always older than its result (smaller ``_index``), so creation order *is* a topological order: no
sort, no depth-first search, no recursion. Three functions:

    sweep(root, seed)          ``backward()``: writes ``.grad``. The hot path.
    adjoints(...)              the same mathematics into a dictionary, traced if asked; writes nothing.
    contributions(node, g)     what one node sends to its arguments: (argument, gradient) pairs.

``sweep`` keeps a table in which position k belongs to the node created k before the root. It walks down the table
while contributions enter nodes further down. Nodes that were made together, as a layer of neurons (see ``block``),
are settled together, once the walk meets the newest of them and all have their gradients. If an old node is far
away and the table would be mostly empty, ``adjoints`` (which sorts) does the work instead.

Zero gradients are never skipped: 0·inf must be nan, and a leaf that was reached has a gradient, even if it is 0.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import modes
from autograd import node as creation
from autograd.block import NOTHING, Block
from autograd.contributions import contributions, note, only_contribution, traced_contributions
from autograd.node import MINUS_ONE, ONE, Node
from autograd.scatter import Scatter, add
from autograd.soundness import anomaly_on, check_changes, check_fresh, check_gradient, where_made

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SPARSE = 1 << 20  # table entries that may be empty before sorting is the better plan


def differentiate(root: Node, seed: Any) -> None:
    """Run ``sweep`` without NumPy's warnings: rules have conventions at edges, and a convention does not warn."""
    with np.errstate(all="ignore"):
        sweep(root, seed)


def sweep(root: Node, seed: Any) -> None:
    """Differentiate ``root`` and add the gradients to the leaves' ``.grad``.

    Inner nodes get the gradient of this pass. Leaves are changed only at the very end, so an error on the way
    leaves them as they were.
    """
    if root._rule is None:
        _commit({root: seed}, set())
        return
    if anomaly_on():
        _sparse_sweep(root, seed)
        return
    top = root._index
    size = 32
    table: list[Node | None] = [root] + [None] * 31
    totals: dict[Node, Any] = {}
    owned: set[int] = set()
    ran: dict[Node, Any] = {}
    settled: list[Node] = []  # nodes of blocks, all of them Values: they leave the table together
    root.grad = seed
    try:
        for node in table:
            if node is None:
                continue
            g = node.grad
            a = node._a
            b = node._b
            if a is not None:
                local = node._da
                c = g if local is ONE else g * local
                if a._rule is None:
                    if a in totals:
                        totals[a] = totals[a] + c
                    else:
                        totals[a] = c
                else:
                    k = top - a._index
                    if k >= size:
                        size = _grow(table, k)
                    if table[k] is None:
                        table[k] = a
                        a.grad = c
                    else:
                        a.grad = a.grad + c
                if b is None:
                    continue
            elif type(b) is tuple or type(b) is Block:
                if type(b) is Block:
                    if node._index == b.last and (nodes := _settle(b, top, table, totals)):
                        settled += nodes
                        size = len(table)
                        continue
                    node._generalise()
                    b = node._b
                extra = node._extra  # a node with hooks always has this form
                if extra is not None and extra.hooks:
                    g = node.grad = ran[node] = _hooked(node, g)
                pulls = node._da
                if pulls is None:  # Values: all arguments, and all local derivatives, side by side
                    for a, local in zip(b, node._db):  # noqa: B905  of one length
                        if local is None:
                            continue
                        if a._rule is None:
                            c = g * local
                            totals[a] = totals[a] + c if a in totals else c
                            continue
                        k = top - a._index
                        if k >= size:
                            size = _grow(table, k)
                        if table[k] is None:
                            table[k] = a
                            a.grad = g * local
                        else:
                            a.grad += g * local
                    continue
                if len(b) == 1 and (type(pulls) is tuple or node._rule.alone):  # as above, the rule being asked now
                    (a,) = b
                    c = pulls[0](g, node._data, a._data) if type(pulls) is tuple else only_contribution(node, a, g)
                    if a._rule is None:
                        totals[a] = totals[a] + c if a in totals else c
                        continue
                    k = top - a._index
                    if k >= size:
                        size = _grow(table, k)
                    if table[k] is None:
                        table[k] = a
                        a.grad = c
                    else:
                        a.grad = a.grad + c
                    continue
                for a, c in node._contributions(g):
                    if a._rule is None:
                        if a in totals or type(c) is Scatter:
                            totals[a] = add(totals.get(a), c, a, owned)
                        else:
                            totals[a] = c
                            if node._rule.fresh:
                                owned.add(a._index)
                        continue
                    k = top - a._index
                    if k >= size:
                        size = _grow(table, k)
                    if table[k] is None:
                        table[k] = a
                        a.grad = c if type(c) is not Scatter else add(None, c, a, owned)
                    else:
                        a.grad = add(a.grad, c, a, owned)
                continue
            local = node._db
            if local is MINUS_ONE:
                if b in totals:  # a leaf, reached before: take g away instead of adding −g
                    totals[b] = totals[b] - g
                    continue
                c = -g
            else:
                c = g if local is ONE else g * local
            if b._rule is None:
                if b in totals:
                    totals[b] = totals[b] + c
                else:
                    totals[b] = c
            else:
                k = top - b._index
                if k >= size:
                    size = _grow(table, k)
                if table[k] is None:
                    table[k] = b
                    b.grad = c
                else:
                    b.grad = b.grad + c
        changed = creation.last_change
        if changed > top - len(table):  # some node may be older than the latest change of a Tensor
            check_changes(table[max(top - changed, 0) :])
    except _SparseError:
        _sparse_sweep(root, seed, ran)
    except BaseException:
        for node in (*settled, *table):
            if node is not None:
                node.grad = None
        raise
    else:
        _commit(totals, owned)


def _settle(block: Block, top: int, table: list[Node | None], totals: dict[Node, Any]) -> list[Node]:
    """Send what all nodes of a block send, as one total for each argument; take them from the table, and give them.

    If some were not reached, or the block is not whole, nothing happens, and the list is empty.
    """
    here = slice(top - block.last, top - block.last + block.count)
    nodes = [node for node in table[here] if node is not None]
    if len(nodes) < block.count or not block.is_whole():
        return []
    g = block.arranged([node.grad for node in nodes])
    for slot, factor in enumerate(block.factors):
        leaves, inner, _ = factor.receivers()
        if not (leaves or inner):
            continue
        held = [totals.get(a, NOTHING) for a in leaves]
        places = [top - a._index for a in inner]
        if places and max(places) >= len(table):
            _grow(table, max(places))
        held += [NOTHING if a is None else a.grad for a in [table[k] for k in places]]
        sums = block.sums(slot, g, held)
        totals.update(zip(leaves, sums, strict=False))
        for k, a, total in zip(places, inner, sums[len(leaves) :], strict=True):
            table[k] = a
            a.grad = total
    table[here] = [None] * block.count
    return nodes


class _SparseError(Exception):
    """The table of ``sweep`` would be mostly empty."""


def _grow(table: list[Node | None], k: int) -> int:
    """Make room for position ``k``, unless the table would be mostly empty; give the new size."""
    size = max(2 * len(table), k + 1)
    if size > SPARSE and k + 1 > 4 * (len(table) - table.count(None)) + SPARSE:
        raise _SparseError
    table.extend([None] * (size - len(table)))
    return size


def _sparse_sweep(root: Node, seed: Any, ran: dict[Node, Any] | None = None) -> None:
    found = adjoints([root], [seed], ran=ran)
    for node, g in found.items():
        if node._rule is not None:
            node.grad = g
    _commit({node: g for node, g in found.items() if node._rule is None}, set(), hooks=False)


def _commit(totals: dict[Node, Any], owned: set[int], *, hooks: bool = True) -> None:
    """Add each leaf's total to its ``.grad``; run all hooks before anything is written."""
    if hooks:
        for leaf, g in totals.items():
            if leaf._extra is not None and leaf._extra.hooks:
                totals[leaf] = _hooked(leaf, g)
    for leaf, g in totals.items():
        leaf._receive(g, owned=leaf._index in owned)


def _hooked(node: Node, g: Any) -> Any:
    assert node._extra is not None
    for hook in tuple((node._extra.hooks or {}).values()):
        replaced = hook(g)
        if replaced is not None:
            g = node._gradient_like(replaced)
    return g


def adjoints(
    outputs: Sequence[Node],
    seeds: Sequence[Any],
    *,
    targets: Iterable[Node] | None = None,
    traced: bool = False,
    ran: dict[Node, Any] | None = None,
) -> dict[Node, Any]:
    """Give the gradient of Σ seed·output with respect to every node that was reached; write no ``.grad``.

    With ``targets`` the sweep stops at the oldest of them: what is older cannot depend on it. With ``traced`` the
    gradients are recorded themselves, so that they can be differentiated again. ``ran`` holds what the hooks of some
    nodes have answered already in this pass; they are not asked twice.
    """
    with np.errstate(all="ignore"):  # an edge has a convention, and a convention does not warn
        if traced and modes.active:  # asked to record, so recorded, also inside no_grad()
            with modes.enable_grad():
                return _adjoints(outputs, seeds, targets, traced, ran or {})
        return _adjoints(outputs, seeds, targets, traced, ran or {})


def _adjoints(
    outputs: Sequence[Node], seeds: Sequence[Any], targets: Iterable[Node] | None, traced: bool, ran: dict[Node, Any]
) -> dict[Node, Any]:
    floor = min((t._index for t in targets), default=0) if targets is not None else 0
    watched = anomaly_on()
    found: dict[Node, Any] = {}
    owned: set[int] = set()
    heap: list[tuple[int, Node]] = []
    give = traced_contributions if traced else contributions
    pending = [(node, seed) for node, seed in zip(outputs, seeds, strict=True)]
    with np.errstate(all="ignore"):
        while pending or heap:
            for node, c in pending:
                if node._index < floor:
                    continue
                if node in found:
                    found[node] = found[node] + c if traced else add(found[node], c, node, owned)
                else:
                    found[node] = c if traced else add(None, c, node, owned)
                    heapq.heappush(heap, (-node._index, node))
            pending = []
            if not heap:
                break
            node = heapq.heappop(heap)[1]
            if node._extra is not None and node._extra.hooks:
                found[node] = ran[node] if node in ran else _hooked(node, found[node])
            if type(node._b) is Block and not (traced or watched) and (nodes := node._b.taken_from(heap, node)):
                for a in node._b.send_into(found, nodes):
                    if a._index >= floor:
                        heapq.heappush(heap, (-a._index, a))
                continue
            if node._rule is not None:
                check_changes([node])
                pending = list(give(node, found[node]))
                if watched:
                    for a, c in pending:
                        check_gradient(node, a, c)
    return found


__all__ = [
    "add", "adjoints", "anomaly_on", "check_changes", "check_fresh", "check_gradient", "contributions", "differentiate", "note",
    "sweep", "traced_contributions", "where_made",
]  # fmt: skip
