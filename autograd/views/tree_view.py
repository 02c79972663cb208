"""The graph as a tree: each node above its arguments; a node that was shown already is a reference to its line.

A graph is not a tree. Written out as one, a shared node would come again with all that is below it, which can be
exponentially long; a back-reference (``d ↑ line 2``) says the same in one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd import terminal
from autograd.graph import Constant, Graph, GraphNode
from autograd.naming import names_of_caller

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def tree(
    root: Any,
    *,
    names: Mapping[str, Any] | None = None,
    width: int | None = None,
    colour: bool | None = None,
    unicode: bool | None = None,
    max_lines: int = 60,
    gradient: Callable[[GraphNode], Any] | None = None,
    missing: str = "not run",
) -> str:
    """Write the graph below ``root`` as a tree.

    Args:
        root: a Value, a Tensor, or a ``Graph``.
        names: variables to take names from; the caller's own when left out.
        width: columns to fill; the terminal's when left out.
        colour: whether to colour; decided by the terminal when left out.
        unicode: whether to use signs beyond ASCII; likewise.
        max_lines: more than this is folded, and the hidden nodes are counted.
        gradient: where gradients come from; each node's ``.grad`` when left out.
        missing: what stands where there is no gradient.

    >>> from autograd import Value
    >>> a, b = Value(0.5, name="a"), Value(-0.3, name="b")
    >>> d = a * b; d.name = "d"
    >>> f = d * (d + b); f.name = "f"
    >>> print(tree(f))
     1  f = d × n1         0.0675  not run
     2  ├─ d = a × b      -0.1500  not run
     3  │  ├─ a            0.5000  not run
     4  │  └─ b           -0.3000  not run
     5  └─ n1 = d + b     -0.4500  not run
     6     ├─ d ↑ line 2
     7     └─ b ↑ line 4
    """
    graph = root if isinstance(root, Graph) else Graph(root, names_of_caller() if names is None else names)
    room = terminal.columns() if width is None else width
    unicode = terminal.unicode_wanted() if unicode is None else unicode
    colour = terminal.colour_wanted() if colour is None else colour
    rows, hidden = _rows(graph, max_lines)
    write = (lambda s: s) if unicode else lambda s: terminal.plain_ascii(s.replace("↑", "^").replace("└", "`"))
    find = gradient or (lambda n: n.grad)
    digits = max(2, len(str(len(rows))))

    def arrived(n: GraphNode) -> str:
        g = find(n)
        return missing if g is None else write(terminal.number(g))

    numbers = [("", "") if n is None else (write(terminal.number(n.data)), arrived(n)) for _, n in rows]
    value = max(len(v) for v, _ in numbers)
    grad = max(len(g) for _, g in numbers)
    widest = max(terminal.display_width(write(t)) for t, _ in rows)
    label = max(3, min(widest, room - digits - value - grad - 6))
    lines = []
    for k, ((text, node), (v, g)) in enumerate(zip(rows, numbers, strict=True), 1):
        start = terminal.paint(f"{k:>{digits}}", "quiet", colour=colour) + "  "
        shown = terminal.fit(write(text), label, ellipsis="…" if unicode else "...")
        if node is None:
            lines.append((start + shown).rstrip())
            continue
        role = "quiet" if find(node) is None else "grad"
        lines.append(
            start + shown + "  " + terminal.paint(terminal.fit(v, value, right=True), "value", colour=colour) + "  "
            + terminal.paint(terminal.fit(g, grad, right=True), role, colour=colour)
        )  # fmt: skip
    if hidden:
        lines.append(write(f"{' ' * digits}  … {hidden} more node{'s' * (hidden != 1)} not shown"))
    return "\n".join(lines)


def _rows(graph: Graph, max_lines: int) -> tuple[list[tuple[str, GraphNode | None]], int]:
    """Give the lines (text, node or None for a reference) and how many nodes are hidden."""
    rows: list[tuple[str, GraphNode | None]] = []
    line_of: dict[int, int] = {}
    todo: list[tuple[GraphNode | Constant, str, str]] = [(r, "", "") for r in reversed(graph.roots)]
    while todo and len(rows) < max_lines:
        node, before, below = todo.pop()
        if isinstance(node, Constant):
            continue
        if node.position in line_of:
            rows.append((f"{before}{terminal.one_line(node.id)} ↑ line {line_of[node.position]}", None))
            continue
        line_of[node.position] = len(rows) + 1
        shape = f"  {list(node.shape)}" if node.shape else ""
        rows.append((before + terminal.one_line(node.formula) + shape, node))
        arguments = list(dict.fromkeys(a for _, a in node.inputs))
        for i in range(len(arguments) - 1, -1, -1):
            last = i == len(arguments) - 1
            todo.append((arguments[i], below + ("└─ " if last else "├─ "), below + ("   " if last else "│  ")))
    return rows, len(graph) - len(line_of)
