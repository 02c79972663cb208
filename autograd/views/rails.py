"""A graph as text: rails, in the manner of ``git log --graph``, or a list when there are too many nodes.

Read it from the result at the top down to the inputs. ● is an operation, ○ a leaf; a rail leads from a node to its
arguments, and where two rails meet, a node is used twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.errors import InputValueError
from autograd.graph import Graph, GraphNode
from autograd.naming import names_of_caller
from autograd.terminal import (
    colour_wanted,
    columns,
    display_width,
    fit,
    number,
    one_line,
    paint,
    plain_ascii,
    unicode_wanted,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Line = tuple[str, GraphNode | None]


def text(
    root: Any,
    *,
    names: Mapping[str, Any] | None = None,
    width: int | None = None,
    colour: bool | None = None,
    unicode: bool | None = None,
    max_nodes: int = 30,
    gradient: Callable[[GraphNode], Any] | None = None,
    missing: str = "not run",
) -> str:
    """Draw the graph below ``root`` as text.

    Args:
        root: a Value, a Tensor, several in a container, or a ``Graph``.
        names: variables to take names from; the caller's own when left out.
        width: columns to fill; the terminal's when left out.
        colour: whether to colour; decided by the terminal when left out.
        unicode: whether to use signs beyond ASCII; likewise.
        max_nodes: more nodes than this are listed instead, with the middle folded.
        gradient: where gradients come from; each node's ``.grad`` when left out.
        missing: what stands where there is no gradient.

    >>> from autograd import Value
    >>> a, b = Value(0.5, name="a"), Value(-0.3, name="b")
    >>> d = a * b; d.name = "d"
    >>> e = d + b; e.name = "e"
    >>> f = d * e.tanh(); f.name = "f"
    >>> f.backward()
    >>> print(text(f))
                         value     grad
    ●    f = d × n1     0.0633   1.0000
    ├─╮
    │ ●  n1 = tanh(e)  -0.4219  -0.1500
    │ ●  e = d + b     -0.4500  -0.1233
    ├─┤
    ● │  d = a × b     -0.1500  -0.5452
    ├─┤
    │ ○  b             -0.3000  -0.3959
    ○    a              0.5000   0.1636
    """
    graph = root if isinstance(root, Graph) else Graph(root, names=names_of_caller() if names is None else names)
    if not isinstance(max_nodes, int) or max_nodes < 2:
        raise InputValueError(f"max_nodes is a whole number, 2 or more; got {max_nodes!r}")
    room = columns() if width is None else width
    unicode = unicode_wanted() if unicode is None else unicode
    colour = colour_wanted() if colour is None else colour
    lines: list[Line] = rails(graph) if len(graph) <= max_nodes else []
    if not lines or max(display_width(r) for r, _ in lines) > room // 2:
        lines = listed(graph, max_nodes)
    return "\n".join(_page(lines, room, gradient or (lambda n: n.grad), missing, colour=colour, unicode=unicode))


def listed(graph: Graph, max_nodes: int) -> list[Line]:
    """List the nodes, newest first; beyond ``max_nodes`` the middle is folded into one line that counts it."""
    nodes = graph.nodes[::-1]
    hidden = len(nodes) - max_nodes
    mark = {True: "○ ", False: "● "}
    if hidden <= 0:
        return [(mark[n.is_leaf], n) for n in nodes]
    head = (max_nodes + 1) // 2
    tail = max_nodes - head
    shown: list[Line] = [(mark[n.is_leaf], n) for n in nodes[:head]]
    shown.append((f"… {hidden:,} more nodes …".replace(",", " "), None))
    shown.extend((mark[n.is_leaf], n) for n in nodes[len(nodes) - tail :])
    return shown


def rails(graph: Graph) -> list[Line]:
    """Lay out the rails: one line per node, newest first, and a line of joints below a node that branches."""
    places: list[GraphNode | None] = []  # which node each column is waiting for
    wanted = {r.position for r in graph.roots}
    lines: list[Line] = []
    for node in reversed(graph.nodes):
        if node.position in wanted and node not in places:
            _place(places, node)
        here = places.index(node)
        lines.append(
            (
                " ".join(
                    "·" if p is None else ("○" if p.is_leaf else "●") if i == here else "│"
                    for i, p in enumerate(places)
                ),
                node,
            )
        )
        before = list(places)
        places[here] = None
        joined: list[int] = []
        for argument in dict.fromkeys(a for _, a in node.inputs):
            if argument in places:
                joined.append(places.index(argument))
            elif places[here] is None:
                places[here] = argument
            else:
                joined.append(_place(places, argument, beside=here))
        if joined:
            lines.append((_joints(before, places, here, joined), None))
        while places and places[-1] is None:
            places.pop()
    return [(rail.replace("·", " "), node) for rail, node in lines]


def _place(places: list[GraphNode | None], node: GraphNode, beside: int = -1) -> int:
    """Give a node the nearest free column to the right of ``beside``."""
    for i in range(beside + 1, len(places)):
        if places[i] is None:
            places[i] = node
            return i
    places.append(node)
    return len(places) - 1


def _joints(before: list[GraphNode | None], after: list[GraphNode | None], here: int, joined: list[int]) -> str:
    """Draw the line on which a node's rail branches to other columns."""
    low, high = min([here, *joined]), max([here, *joined])
    cells = []
    for i in range(len(after)):
        old = before[i] if i < len(before) else None
        if i == here:
            down = after[here] is not None
            left, right = low < here, high > here
            sign = {(1, 1): "┼" if down else "┴", (1, 0): "┤" if down else "╯", (0, 1): "├" if down else "╰"}[
                left, right
            ]
        elif i in joined:
            continues = old is not None and i != here
            left, right = i > low, i < high
            sign = {
                (1, 1): "┼" if continues else "┬",
                (1, 0): "┤" if continues else "╮",
                (0, 1): "├" if continues else "╭",
            }[left, right]
        elif old is not None:
            sign = "│"
        else:
            sign = "─" if low < i < high else " "
        cells.append(sign)
        cells.append("─" if low <= i < high else " ")
    return "".join(cells).rstrip()


def _label(node: GraphNode) -> str:
    label = one_line(node.formula)
    shape = f"  {list(node.shape)}" if node.shape else ""
    return label + shape


def _page(
    lines: list[Line], room: int, find: Callable[[GraphNode], Any], missing: str, *, colour: bool, unicode: bool
) -> list[str]:
    """Set rails, labels and numbers in columns; labels are cut first when there is no room."""
    write = (lambda s: s) if unicode else plain_ascii
    rows = [
        (
            write(rail),
            write(_label(n)) if n else "",
            write(number(n.data)) if n else "",
            (write(number(find(n))) if find(n) is not None else missing) if n else "",
        )
        for rail, n in lines
    ]
    nodes = [(row, n) for row, (_, n) in zip(rows, lines, strict=True) if n is not None]
    rail = max(display_width(row[0]) for row, _ in nodes) + 2
    value = max([5, *(display_width(row[2]) for row, _ in nodes)])
    grad = max([4, *(display_width(row[3]) for row, _ in nodes)])
    label = max(display_width(row[1]) for row, _ in nodes)
    label = max(6, min(label, room - rail - value - grad - 4))
    dots = "…" if unicode else "..."
    page = [
        " " * (rail + label + 2) + paint(fit("value", value, right=True), "value", colour=colour)
        + "  " + paint(fit("grad", grad, right=True), "grad", colour=colour)
    ]  # fmt: skip
    for (tracks, written, data, gradient), (_, node) in zip(rows, lines, strict=True):
        if node is None:
            page.append(paint(tracks, "quiet", colour=colour))
            continue
        role = "quiet" if find(node) is None else "grad"
        page.append(
            fit(tracks, rail) + fit(written, label, ellipsis=dots) + "  "
            + paint(fit(data, value, right=True), "value", colour=colour) + "  "
            + paint(fit(gradient, grad, right=True), role, colour=colour)
        )  # fmt: skip
    return page
