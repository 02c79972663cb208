"""The tape: a table with one row per node in the order of a pass, ▶ at the current one, the rest folded and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd import terminal
from autograd.graph import Graph, GraphNode
from autograd.naming import names_of_caller

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def tape(
    root: Any,
    *,
    names: Mapping[str, Any] | None = None,
    order: Sequence[int] | None = None,
    current: int | None = None,
    around: int | None = None,
    width: int | None = None,
    colour: bool | None = None,
    unicode: bool | None = None,
    gradient: Callable[[GraphNode], Any] | None = None,
) -> str:
    """Write a pass as a table.

    Args:
        root: a Value, a Tensor, or a ``Graph``.
        names: variables to take names from; the caller's own when left out.
        order: positions of the nodes, one per row; the operations, newest first, when left out.
        current: the row marked ▶.
        around: show only this many rows on either side of ``current``; all when left out.
        width: columns to fill; the terminal's when left out.
        colour: whether to colour; decided by the terminal when left out.
        unicode: whether to use signs beyond ASCII; likewise.
        gradient: where gradients come from; each node's ``.grad`` when left out.

    >>> from autograd import Value
    >>> a, b = Value(0.5, name="a"), Value(-0.3, name="b")
    >>> y = (a * b + b).tanh(); y.backward()
    >>> print(tape(y, current=1))
      step  node             value     grad
         1  n3 = tanh(n2)  -0.4219   1.0000
    ▶    2  n2 = n1 + b    -0.4500   0.8220
         3  n1 = a × b     -0.1500   0.8220
    """
    graph = root if isinstance(root, Graph) else Graph(root, names_of_caller() if names is None else names)
    room = terminal.columns() if width is None else width
    unicode = terminal.unicode_wanted() if unicode is None else unicode
    colour = terminal.colour_wanted() if colour is None else colour
    write = (lambda s: s) if unicode else terminal.plain_ascii
    rows = [n.position for n in reversed(graph.nodes) if not n.is_leaf] if order is None else order
    find = gradient or (lambda n: n.grad)
    first, last = 0, len(rows)
    if around is not None:
        middle = current or 0
        first, last = max(0, middle - around), min(len(rows), middle + around + 1)
    shown = []
    for i in range(first, last):
        node = graph.nodes[rows[i]]
        label = terminal.one_line(node.formula) + (f"  {list(node.shape)}" if node.shape else "")
        g = find(node)
        shown.append((i, write(label), write(terminal.number(node.data)), write(_dash(g)), g is None))
    digits = max(4, len(str(len(rows))))
    value = max([5, *(terminal.display_width(r[2]) for r in shown)])
    grad = max([4, *(terminal.display_width(r[3]) for r in shown)])
    widest = max([4, *(terminal.display_width(r[1]) for r in shown)])
    label_width = max(3, min(widest, room - digits - value - grad - 8))
    head = f"  {'step':>{digits}}  {terminal.fit('node', label_width)}  {'value':>{value}}  {'grad':>{grad}}"
    lines = [terminal.paint(head, "quiet", colour=colour)]
    if first:
        lines.append(write(f"  … {first} earlier step{'s' * (first != 1)}"))
    for i, label, v, g, pending in shown:
        mark = write("▶") if i == current else " "
        lines.append(
            terminal.paint(mark, "now", colour=colour) + f" {i + 1:>{digits}}  "
            + terminal.fit(label, label_width, ellipsis="…" if unicode else "...") + "  "
            + terminal.paint(terminal.fit(v, value, right=True), "value", colour=colour) + "  "
            + terminal.paint(terminal.fit(g, grad, right=True), "quiet" if pending else "grad", colour=colour)
        )  # fmt: skip
    if last < len(rows):
        lines.append(write(f"  … {len(rows) - last} later step{'s' * (len(rows) - last != 1)}"))
    return "\n".join(lines)


def _dash(g: Any) -> str:
    return "-" if g is None else terminal.number(g)
