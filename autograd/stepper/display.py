"""One step as text: in columns where they fit, stacked where they do not, in ASCII where there is no Unicode.

A line is a list of pieces (text, role); it is measured as text and coloured at the very end.
"""

from __future__ import annotations

from typing import Any

from autograd import terminal
from autograd.engine import check_fresh
from autograd.errors import StaleError
from autograd.graph import GraphNode
from autograd.stepper.breakpoints import dead, finite, size
from autograd.stepper.numbers import excerpt, is_array, plain, written
from autograd.symbols import formula

Piece = tuple[str, str]
Line = list[Piece]
SIGNS = str.maketrans({"▽": "v", "△": "^", "✕": "x", "←": "<-"})
SLOTS = "abcdefgh"


def page(stepper: Any, *, width: int, colour: bool, unicode: bool) -> list[str]:
    """Write what the cursor shows: the current step, or how things stand at the start."""
    step = stepper.current
    if step is None:
        lines = _start(stepper)
    elif step.direction == "forward":
        lines = _compute(stepper, step, width)
    else:
        lines = _backward(stepper, step, width, unicode=unicode)
    return finished(lines, width, colour=colour, unicode=unicode)


def finished(lines: list[Line], width: int, *, colour: bool, unicode: bool, indent: int | None = None) -> list[str]:
    """Write lines for a terminal: ASCII if need be, broken at ``width``, coloured.

    What is broken goes on at column ``indent``; two columns further in than it began, when that is left out.
    """
    result: list[str] = []
    for line in lines:
        pieces = [(text if unicode else ascii_of(text), role) for text, role in line]
        result.extend(
            "".join(terminal.paint(text, role, colour=colour) if role else text for text, role in part).rstrip()
            for part in _broken(pieces, width, indent)
        )
    return result


def ascii_of(text: str) -> str:
    """Write our signs with ASCII."""
    return terminal.plain_ascii(text.translate(SIGNS))


def _broken(pieces: Line, width: int, column: int | None) -> list[Line]:
    """Break a line that is too long, at spaces where there are any; what follows is indented."""
    if sum(terminal.display_width(t) for t, _ in pieces) <= width:
        return [pieces]
    lines: list[Line] = [[]]
    used = 0
    text = "".join(t for t, _ in pieces)
    indent = " " * min(len(text) - len(text.lstrip()) + 2 if column is None else column, width // 2)
    for piece, role in pieces:
        for i, word in enumerate(piece.split(" ")):
            chunk = (" " if i else "") + word
            if used + terminal.display_width(chunk) > width and used > len(indent):
                lines.append([(indent, "")])
                used = len(indent)
                chunk = chunk.lstrip()
            while used + terminal.display_width(chunk) > width:
                head = terminal.fit(chunk, width - used, ellipsis="")
                lines[-1].append((head, role))
                chunk = chunk[len(head.rstrip()) or 1 :]
                lines.append([(indent, "")])
                used = len(indent)
            lines[-1].append((chunk, role))
            used += terminal.display_width(chunk)
    return lines


def label(node: GraphNode) -> str:
    """Write ``d = a × b`` on one line."""
    return terminal.one_line(node.formula)


def partial(stepper: Any, node: GraphNode) -> str:
    """Write ``∂f/∂d``."""
    return f"∂{terminal.one_line(stepper.graph.root.id)}/∂{terminal.one_line(node.id)}"


def _start(stepper: Any) -> list[Line]:
    graph = stepper.graph
    steps = len(stepper)
    name = terminal.one_line(graph.root.id)
    if not steps:
        what = f"{name} is a leaf: it was given, not computed, so there is nothing to step through"
        return [[(what, "")], [(f"  {partial(stepper, graph.root)} = {written(stepper.now(graph.root))}", "grad")]]
    plural = "s" * (steps != 1)
    first = label(stepper.recording.node(0))
    if stepper.direction == "forward":
        return [
            [(f"at the start of the forward pass to {name}: {steps} step{plural}", "bold")],
            [(f"  next: {first}", "quiet")],
        ]
    return [
        [(f"at the start of the backward pass from {name}: {steps} step{plural}", "bold")],
        [("  seed: ", ""), (f"{partial(stepper, graph.root)} = {written(stepper.recording.seed)}", "grad")],
        [(f"  next: {first}", "quiet")],
    ]


def reads(step: Any, done: int) -> list[Line]:
    """Write what a node reads, and which of it is still to come when ``done`` arguments are read."""
    lines: list[Line] = []
    for i, read in enumerate(step.reads):
        name = terminal.one_line(getattr(read.source, "id", None) or read.source.text)
        number = written(read.value)
        if isinstance(read.source, GraphNode) or name != number:
            if i < done:
                value = f"{name} = {number}" if isinstance(read.source, GraphNode) else f"{name} (a constant)"
                lines.append([(f"  reads {SLOTS[i % 8]}  ", ""), (value, "value")])
            else:
                lines.append([(f"  reads {SLOTS[i % 8]}  {name}, still to come", "quiet")])
    return lines


def _compute(stepper: Any, step: Any, width: int) -> list[Line]:
    head: Line = [(f"▶ step {step.index + 1}/{len(stepper)}", "now"), (f"   {label(step.node)}", "")]
    lines = [head, *reads(step, stepper.edges_done)]
    if not stepper.edge:
        if not any(is_array(plain(r.value)) for r in step.reads) and len(step.reads) <= 8:
            lines.append([("  gives    ", ""), (formula(step.node.op, [written(r.value) for r in step.reads]), "")])
            lines[-1].append((f" = {written(step.value)}", "value"))
        else:
            lines.append([("  gives    ", ""), (written(step.value), "value")])
            if is_array(plain(step.value)):
                lines.append([("           ", ""), (excerpt(step.value, width - 11), "quiet")])
        lines.extend(_health_of_value(step))
    return lines


def _health_of_value(step: Any) -> list[Line]:
    lines: list[Line] = []
    if not finite(step.value) and all(finite(r.value) for r in step.reads):
        lines.append([("  ✕ first that is not finite: all it read was finite", "bad")])
    largest = dead(step.node)
    if largest is not None:
        lines.append([(f"  ○ dead: input {written(largest)} is not above 0", "bad")])
    return lines


def _backward(stepper: Any, step: Any, width: int, *, unicode: bool) -> list[Line]:
    arrays = is_array(plain(step.upstream)) or any(is_array(plain(s.amount)) for s in step.sends)
    lines = None if arrays or len(step.sends) > 12 else _columns(stepper, step, width, unicode=unicode)
    return (lines or _stacked(stepper, step, width)) + _notes(stepper, step)


def _title(stepper: Any, step: Any) -> tuple[Line, Line]:
    left: Line = [
        (f"▶ step {step.index + 1}/{len(stepper)}", "now"),
        (f"   {label(step.node)} = ", ""),
        (written(step.node.data), "value"),
    ]
    return left, [(f"{partial(stepper, step.node)} = {written(step.upstream)}", "grad")]


def _columns(stepper: Any, step: Any, width: int, *, unicode: bool) -> list[Line] | None:
    """Lay out in columns; None if that does not fit into ``width``."""
    write = (lambda s: s) if unicode else ascii_of
    rows = []
    for s in step.sends:
        into = terminal.one_line(s.to.id)
        slope = f"∂{terminal.one_line(step.node.id)}/∂{into} = {terminal.one_line(s.formula)}"
        numbers = ["" if s.local is None else written(s.local), written(s.upstream), written(s.amount)]
        rows.append([into, slope, *numbers, "0" if s.first else written(s.before), written(s.after)])
    heads = ["into", "local derivative", "", "upstream", "adds", "before", "after"]
    wide = [max(terminal.display_width(write(r[i])) for r in [heads, *rows]) for i in range(7)]
    gaps = [2, 2, 3, 3, 2, 3 if unicode else 4]
    total = 2 + sum(wide) + sum(gaps)
    # The column for the local derivative's number may begin under the long heading of the column before.
    slopes = max(terminal.display_width(write(r[1])) for r in rows)
    if total > width:
        return None

    def cell(text: str, i: int, *, right: bool = True) -> str:
        return terminal.fit(write(text), wide[i], right=right)

    left, right = _title(stepper, step)
    used = sum(terminal.display_width(write(t)) for t, _ in left)
    space = width - 1 - used - terminal.display_width(write(right[0][0]))
    head = [[*left, (" " * space, ""), *right]] if space >= 2 else [left, [("  ", ""), *right]]
    wide[1] = max(slopes, wide[1])
    arrow = " → " if unicode else " -> "
    lines: list[Line] = [
        *head,
        [(
            "  " + cell("into", 0, right=False) + "  " + cell(heads[1], 1, right=False) + "  " + cell("", 2) + "   "
            + cell("upstream", 3) + "   " + cell("adds", 4) + "  " + cell("before", 5) + " " * len(arrow) + cell("after", 6),
            "quiet",
        )],
    ]  # fmt: skip
    for i, row in enumerate(rows):
        name = "  " + cell(row[0], 0, right=False) + "  " + cell(row[1], 1, right=False) + "  "
        if i >= stepper.edges_done:
            lines.append([(name + "still to come", "quiet")])
            continue
        lines.append([
            (name, ""), (cell(row[2], 2), "value"), (write(" × ") if row[2] else "   ", ""), (cell(row[3], 3), "grad"),
            (" = ", ""), (cell(row[4], 4), "grad"), ("  ", ""), (cell(row[5], 5), "quiet"), (arrow, ""),
            (cell(row[6], 6), "grad"),
        ])  # fmt: skip
    return lines


def _stacked(stepper: Any, step: Any, width: int) -> list[Line]:
    left, right = _title(stepper, step)
    lines: list[Line] = [left, [("  ", ""), *right]]
    if is_array(plain(step.upstream)):
        lines.append([("    ", ""), (excerpt(step.upstream, width - 4), "quiet")])
    shown = step.sends if len(step.sends) <= 12 else step.sends[:10]
    for i, s in enumerate(shown):
        into = terminal.one_line(s.to.id)
        slope = f"∂{terminal.one_line(step.node.id)}/∂{into} = {terminal.one_line(s.formula)}"
        if s.local is None:
            slope = s.formula
        lines.append([(f"  into {into}   ", "bold"), (slope, "")])
        if i >= stepper.edges_done:
            lines.append([("    still to come", "quiet")])
            continue
        if s.local is None:
            lines.append([("    adds ", ""), (written(s.amount), "grad")])
        else:
            lines.append(
                [
                    ("    ", ""),
                    (written(s.local), "value"),
                    (" × ", ""),
                    (written(s.upstream), "grad"),
                    (" = ", ""),
                    (written(s.amount), "grad"),
                ]
            )
        if is_array(plain(s.amount)):
            lines.append([("         ", ""), (excerpt(s.amount, width - 9), "quiet")])
        lines.append(
            [("    ", ""), ("0" if s.first else written(s.before), "quiet"), (" → ", ""), (written(s.after), "grad")]
        )
    hidden = len(step.sends) - len(shown)
    if hidden:
        lines.append([(f"  … and {hidden} more arguments; step.sends has them all", "quiet")])
    return lines


def _notes(stepper: Any, step: Any) -> list[Line]:
    """Say in words what the numbers do not: sharing, hooks, stale data, dead and broken places."""
    lines: list[Line] = []
    done = step.sends[: stepper.edges_done]
    by_name: dict[str, list[Any]] = {}
    for s in done:
        by_name.setdefault(s.to.id, []).append(s)
    for name, sends in list(by_name.items())[:6]:
        name = terminal.one_line(name)
        if len(sends) > 1:
            lines.append([(f"  + {name} is used {len(sends)} times by this operation: each use sends", "")])
        if not sends[0].first:
            lines.append([(f"  + {name} is shared: this adds to the {written(sends[0].before)} already there", "")])
    if step.hooked is not None:
        lines.append([(f"  ! a hook replaced the gradient here: {written(step.hooked)} arrived", "bad")])
    largest = dead(step.node)
    if largest is not None:
        lines.append([(f"  ○ dead: input {written(largest)} is not above 0, so nothing goes back", "bad")])
    lines.extend(_health(step, done))
    try:
        check_fresh(step.node.node)
    except StaleError as error:
        lines.append([(f"  ! stale: {error}", "bad")])
    return lines


def _health(step: Any, done: Any) -> list[Line]:
    lines: list[Line] = []
    arrived = size(step.upstream)
    for s in done:
        name = terminal.one_line(s.to.id)
        amount = size(s.amount)
        if not finite(s.amount):
            if finite(step.upstream):
                lines.append([(f"  ✕ first that is not finite: what goes to {name} is {_what(s.amount)}", "bad")])
        elif 0 < amount < 1e-6 <= arrived:
            lines.append([(f"  ▽ vanishing: {written(amount)} goes to {name}", "bad")])
        elif amount > 1e3 >= arrived:
            lines.append([(f"  △ exploding: {written(amount)} goes to {name}", "bad")])
    if done and not finite(step.node.data):
        lines.append([(f"  ✕ the value {_what(step.node.data)} is not finite already in the forward pass", "bad")])
    return lines


def _what(x: Any) -> str:
    x = plain(x)
    return "partly not finite" if is_array(x) else written(x)
