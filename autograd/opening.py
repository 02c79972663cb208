"""Opening fused nodes: the same graph with plain operations in the place of a node that stands for many.

    unfuse(y)                     gives y again, recorded in plain operations above the very same leaves
    open_graph(graph, ["n7"])     the same for a snapshot, where only some nodes are to be opened; ids stay

The parts of ``n7`` are called ``n7.1``, ``n7.2`` …, the last of them is ``n7`` itself. What the row computes and what
its ``expansion`` computes agree to rounding, in values and gradients; tests hold them to that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from autograd.contributions import note
from autograd.errors import InputValueError
from autograd.graph import Graph, GraphNode
from autograd.modes import enable_grad
from autograd.node import Node, next_index
from autograd.operations import Elementwise
from autograd.rules import positive
from autograd.soundness import check_fresh
from autograd.tensor import Tensor
from autograd.trees import flatten
from autograd.value import Value
from autograd.zoom import element

if TYPE_CHECKING:
    from collections.abc import Iterable


def can_open(node: GraphNode) -> bool:
    """Tell whether a node stands for several operations."""
    return node.op is not None and node.op.expansion is not None


def recorded_again(old: Any, args: tuple[Any, ...]) -> Node:
    """Record the operation of a node again, on other arguments."""
    if isinstance(old, Value) and not isinstance(old._rule, Elementwise):
        return element(cast("Tensor", args[0]), old._parameters()["index"])
    kind = Tensor if isinstance(old, Tensor) else Value
    return kind._operate(old._rule, args, dict(old._parameters()))  # type: ignore[no-any-return]


def unfuse(y: Any) -> Any:
    """Give ``y`` again with every fused node opened into plain operations; the leaves stay the same objects.

    Args:
        y: a Value or Tensor, or a container of them, such as an array of Values.

    Values and gradients are the same to rounding; names, hooks and module scopes are kept.

    Raises:
        StaleError: data was assigned since ``y`` was computed.

    >>> import autograd as ag
    >>> w, x = [ag.Value(2.0), ag.Value(3.0)], [ag.Value(5.0), ag.Value(7.0)]
    >>> y = ag.dot(w, x)
    >>> print(y.graph().root.formula, "|", unfuse(y).graph().root.formula)
    n5 = n1 × n3 + n2 × n4 | n7 = n5 + n6
    >>> unfuse(y).backward(); w[0].grad
    5.0
    """
    roots, rebuild = flatten(y)
    graph = Graph(y)
    made, _ = _rebuilt(graph, {n.position for n in graph if can_open(n)})
    return rebuild([made.get(r._index, r) for r in roots])


def open_graph(graph: Graph, ids: Iterable[Any] | None = None) -> Graph:
    """Give the snapshot with some fused nodes opened, all of them when ``ids`` is left out; all ids stay what they were.

    Raises:
        InputValueError: a node that is a single operation already.
        UnknownNameError: no such node.
    """
    chosen = [n for n in graph if can_open(n)] if ids is None else [graph[name] for name in ids]
    for n in chosen:
        if not can_open(n):
            found = [m.id for m in graph if can_open(m)]
            fused = ", ".join(found[:8]) + " …" * (len(found) > 8)
            what = "a leaf" if n.is_leaf else f"a single operation, {n.formula if len(n.formula) < 40 else n.op.name}"
            raise InputValueError(
                f"{n.id} is {what}: there is nothing to open. "
                + (f"Fused nodes here: {fused}" if fused else "This graph has no fused nodes")
            )
    made, parts = _rebuilt(graph, {n.position for n in chosen})
    names = {n.id: made[n.node._index] for n in graph} | parts
    return Graph([made[r.node._index] for r in graph.roots], names=names)


def _rebuilt(graph: Graph, positions: set[int]) -> tuple[dict[int, Node], dict[str, Node]]:
    """Record every computed node again, in order; give the new node of each index, and the parts by id."""
    made: dict[int, Node] = {}
    parts: dict[str, Node] = {}
    moments: dict[int, int] = {}  # the beginnings and ends of scopes, in the new counting
    for n in _in_order(graph):
        if isinstance(n, int):
            moments[n] = next_index()
            continue
        old = n.node
        if n.is_leaf:
            made[old._index] = old
            continue
        args = tuple(made.get(a._index, a) if isinstance(a, Node) else a for a in old._arguments())
        check_fresh(old)
        before = next_index()
        with enable_grad():
            if n.position in positions:
                y = note(old._rule, old, old._rule.expansion, *args, **old._parameters())
                y = positive(y) if y._index < before else y
                inner = _made_since(y, before)[:-1]
                parts |= {f"{n.id}.{k}": part for k, part in enumerate(inner, 1)}
            else:
                y = recorded_again(old, args)
        made[old._index] = y
    for n in graph:
        if not n.is_leaf and n.node._extra is not None:
            _take_over(made[n.node._index], n.node, moments)
    return made, parts


def _in_order(graph: Graph) -> list[Any]:
    """Give nodes, and the bounds of their scopes as bare indices, in order of creation."""
    bounds = set()
    for n in graph:
        mark = n.node._extra.scope if n.node._extra is not None else None
        while mark is not None:
            _, first, last, mark = mark
            bounds |= {first, last}
    return sorted([*graph.nodes, *bounds], key=lambda n: n if isinstance(n, int) else n.node._index)


def _made_since(y: Node, before: int) -> list[Node]:
    """Give the nodes below ``y`` that are newer than an index, oldest first."""
    found: dict[int, Node] = {}
    todo = [y]
    while todo:
        node = todo.pop()
        if node._index <= before or node._index in found:
            continue
        found[node._index] = node
        todo.extend(a for a in node._arguments() if isinstance(a, Node) and a._tracked)
    return [found[i] for i in sorted(found)]


def _take_over(new: Any, old: Any, moments: dict[int, int]) -> None:
    """Give a node the name, the hooks, the line and the scopes of the one in whose place it stands."""
    theirs = old._extra
    if theirs.hooks:
        new._generalise()
    extra = new._extras()
    extra.name, extra.line = theirs.name, theirs.line
    extra.hooks = dict(theirs.hooks) if theirs.hooks else None
    marks = []
    mark = theirs.scope
    while mark is not None:
        marks.append(mark)
        mark = mark[3]
    for name, first, last, _ in reversed(marks):
        extra.scope = (name, moments[first], moments[last], extra.scope)
