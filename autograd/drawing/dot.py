"""Write a Scene as DOT: the recipe of PICTURES, one HTML-like label per card.

What a user typed reaches the source in two ways only: as text of a label, escaped for XML, and as a quoted id, which
is taken only when it is an identifier; every other node is called ``#`` and its position. So no name can end a
label, and the same graph gives the same bytes.
"""

from __future__ import annotations

import operator
from html import escape
from typing import TYPE_CHECKING

from autograd.drawing import palette as p
from autograd.drawing.wording import thousands, width

if TYPE_CHECKING:
    from autograd.drawing.scene import Arrow, Card, Row, Scene

Scope = tuple[str, ...]

TONES = {"value": p.VALUE, "grad": p.GRAD, "quiet": p.MUTE, "bad": p.BAD, "good": p.GOOD}


def write(scene: Scene) -> str:
    """Give the DOT source of a scene."""
    ordering = "ordering=in " if scene.direction in ("LR", "TB") and not scene.scopes else ""
    nodesep, ranksep = (0.2, 0.3) if scene.style == "lines" else (0.3, 0.45)
    lines = [
        "digraph G {",
        (
            f'  graph [rankdir={scene.direction} {ordering}nodesep={nodesep} ranksep={ranksep} bgcolor="transparent" pad=0.2 '
            f'splines=spline outputorder=edgesfirst fontname="{p.SANS}" labelloc=t labeljust=l label={_heading(scene)}];'
        ),
        f'  node [shape=plain fontname="{p.SANS}" fontsize=11 fontcolor="{p.INK}"];',
        f'  edge [color="{p.LINE}" penwidth=1.4 arrowsize=0.65 fontname="{p.SANS}" fontsize=10 fontcolor="{p.MUTE}"];',
    ]
    lines.extend(_nested(scene))
    lines.extend(f"  {_arrow(a)}" for a in scene.arrows)
    lines.append("}")
    return "\n".join(lines) + "\n"


def _nested(scene: Scene) -> list[str]:
    """Write the cards, framed by their scopes: cards of one scope together, scopes in order of their first card."""
    order: dict[Scope, int] = {}
    for k, card in enumerate(scene.cards):
        for i in range(len(card.path) + 1):
            order.setdefault(card.path[:i], k)
    inside: dict[Scope, list[tuple[int, Card | Scope]]] = {path: [] for path in order}
    for k, card in enumerate(scene.cards):
        inside[card.path].append((k, card))
    for path, k in order.items():
        if path:
            inside[path[:-1]].append((k, path))
    numbers = {path: i for i, path in enumerate(order)}
    lines: list[str] = []
    open_scopes = [_in_order(inside[()])]
    while open_scopes:
        pad = "  " * len(open_scopes)
        if not open_scopes[-1]:
            open_scopes.pop()
            if open_scopes:
                lines.append("  " * len(open_scopes) + "}")
            continue
        entry = open_scopes[-1].pop()
        if isinstance(entry, tuple):
            lines.append(f"{pad}subgraph cluster_{numbers[entry]} {{")
            lines.append(f"{pad}  {_frame(entry, scene.scopes.get(entry, 0))}")
            open_scopes.append(_in_order(inside[entry]))
        else:
            lines.append(f"{pad}{_card(entry)}")
    return lines


def _in_order(entries: list[tuple[int, Card | Scope]]) -> list[Card | Scope]:
    """Give cards and scopes by their first appearance, the last first, so that ``pop`` takes them in order."""
    return [entry for _, entry in sorted(entries, key=operator.itemgetter(0), reverse=True)]


def _frame(path: tuple[str, ...], count: int) -> str:
    fill, line = p.CLUSTER
    nodes = f'  <FONT COLOR="{p.MUTE}" POINT-SIZE="9">{_count(count)}</FONT>' if count else ""
    label = f'<FONT COLOR="{p.INK}" POINT-SIZE="11"><B>{text(path[-1])}</B></FONT>{nodes}'
    colours = f'fillcolor="{fill}" color="{line}"'
    return f'graph [label=<{label}> labelloc=t labeljust=l style="rounded,filled" {colours} penwidth=1 margin=10 class="scope"];'


def _count(n: int) -> str:
    return f"{thousands(n)} node{'s' * (n != 1)}"


def _heading(scene: Scene) -> str:
    rows = [f'<TR><TD ALIGN="LEFT"><FONT COLOR="{p.INK}" POINT-SIZE="15"><B>{text(scene.heading)}</B></FONT></TD></TR>']
    rows.extend(
        f'<TR><TD ALIGN="LEFT"><FONT COLOR="{p.MUTE}" POINT-SIZE="11">{text(line)}</FONT></TD></TR>'
        for line in scene.lines
    )
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{"".join(rows)}<TR><TD HEIGHT="8"></TD></TR></TABLE>>'


def text(written: str) -> str:
    """Escape text for an HTML-like label, in which Graphviz would replace a backslash and N by the node's name."""
    return escape(written, quote=True).replace("\\", "&#92;&#92;") or " "


def quoted(name: str) -> str:
    """Quote an id."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _card(card: Card) -> str:
    fill, line = p.KINDS[card.kind]
    ink, mute, border, style = p.INK, p.MUTE, 1, "ROUNDED"
    if card.flag is not None:
        fill, line, _ = p.FLAGS[card.flag[0]]
        border, style = (
            (2, style)
            if card.flag[0] in ("nan", "exploding")
            else (1, "ROUNDED,DASHED" if card.flag[0] == "dead" else style)
        )
    if card.state == "pending":
        fill, line, ink, mute = p.PENDING["fill"], p.PENDING["line"], p.PENDING["text"], p.PENDING["text"]
    elif card.state in ("now", "recv"):
        line, border = p.NOW, 2
    names = " ".join(filter(None, ["node", card.kind, card.state, "flagged" if card.flag else ""]))
    padding = 2 if card.small else 3
    table = f'BORDER="{border}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="{padding}" STYLE="{style}" BGCOLOR="{fill}" COLOR="{line}"'
    if card.small:
        label = f'<TABLE {table}><TR><TD><FONT COLOR="{mute}" POINT-SIZE="9" FACE="{p.MONO}">{text(card.head)}</FONT></TD></TR></TABLE>'
    elif card.line:
        label = f"<TABLE {table}><TR>{_title_cells(card, ink, mute)}{''.join(_number(r, card.state) for r in card.rows)}</TR></TABLE>"
    else:
        rows = "".join(f"<TR>{_label(r, mute)}{_number(r, card.state)}</TR>" for r in card.rows)
        if card.flag is not None:
            tone = p.FLAGS[card.flag[0]][2]
            room = width(card.flag[1], 9, bold=True) + 4
            words = f'<FONT COLOR="{tone}" POINT-SIZE="9"><B>{text(card.flag[1])}</B></FONT>'
            rows += f'<TR><TD COLSPAN="2" ALIGN="LEFT" WIDTH="{room}">{words}</TD></TR>'
        rule = "<HR/>" if rows else ""
        label = f"<TABLE {table}><TR>{_title_cells(card, ink, mute)}</TR>{rule}{rows}</TABLE>"
    if card.state:
        # A halo around the current card, and the same room around the others, so that stepping moves nothing.
        now = card.state == "now"
        halo = f' STYLE="ROUNDED" BGCOLOR="{p.HALO}"' if now else ""
        inner = label.replace(fill, p.PAPER, 1) if now else label
        label = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="{7 - border}"{halo}><TR><TD>{inner}</TD></TR></TABLE>'
    return f'{quoted(card.name)} [class="{names}" id="{card.key}" label=<{label}>];'


def _title_cells(card: Card, ink: str, mute: str) -> str:
    mark = f'<FONT COLOR="{p.NOW}" POINT-SIZE="13"><B>▶ </B></FONT>' if card.state == "now" else ""
    large = 14 if card.kind in ("op", "loss") else 13
    if card.line:
        large = 11
    note = f"<I>{text(card.note)}</I>" if card.italic else text(card.note)
    room = width(card.head, large, bold=True) + (width("▶ ", 13) if card.state else 0) + 9
    height = ' HEIGHT="27"' if card.state else ""  # as much as ▶ needs, in whatever font it comes
    name = f'<FONT COLOR="{ink}" POINT-SIZE="{large}"><B>{text(card.head)}</B></FONT>'
    head = f'<TD ALIGN="LEFT" CELLPADDING="4" WIDTH="{room}"{height}>{mark}{name}</TD>'
    if not card.note:
        return head + ("" if card.line else '<TD CELLPADDING="4"></TD>')
    small = 9 if card.italic else 10
    room = width(card.note, small) + 9
    return (
        head
        + f'<TD ALIGN="RIGHT" CELLPADDING="4" WIDTH="{room}"><FONT COLOR="{mute}" POINT-SIZE="{small}">{note}</FONT></TD>'
    )


def _label(row: Row, mute: str) -> str:
    return f'<TD ALIGN="LEFT" WIDTH="{width(row.label, 9) + 8}"><FONT COLOR="{mute}" POINT-SIZE="9">{text(row.label)}</FONT></TD>'


def _number(row: Row, state: str) -> str:
    tone = p.PENDING["text"] if state == "pending" else TONES[row.tone]
    room = max(width(row.text, 11, mono=True), width(row.reserve, 11, mono=True)) + 7
    if row.tone == "quiet":
        shown = f'<FONT COLOR="{tone}" FACE="{p.MONO}">{text(row.text)}</FONT>'
    else:
        shown = f'<FONT COLOR="{tone}" FACE="{p.MONO}"><B>{text(row.text)}</B></FONT>'
    if not row.cells:
        # An arrow comes from another font, whose lines are higher: cells that will hold one have its height at once.
        height = ' HEIGHT="20"' if row.reserve else ""
        return f'<TD ALIGN="RIGHT" WIDTH="{room}"{height}>{shown}</TD>'
    cells = "".join(
        "<TR>"
        + "".join(f'<TD BGCOLOR="{p.HEAT[step]}" WIDTH="8" HEIGHT="7" FIXEDSIZE="TRUE"></TD>' for step in line)
        + "</TR>"
        for line in row.cells
    )
    across, down = 9 * len(row.cells[0]) + 1, 8 * len(row.cells) + 1
    heat = (
        f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="1" CELLPADDING="0" ALIGN="RIGHT" FIXEDSIZE="TRUE" WIDTH="{across}" '
        f'HEIGHT="{down}">{cells}</TABLE>'
    )
    return (
        f'<TD ALIGN="RIGHT"><TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1"><TR><TD ALIGN="RIGHT">{heat}</TD></TR>'
        f'<TR><TD ALIGN="RIGHT" WIDTH="{room}">{shown}</TD></TR></TABLE></TD>'
    )


def _arrow(a: Arrow) -> str:
    pale = a.state == "pending"
    options = [f'class="{" ".join(filter(None, ["edge", a.sort, a.state]))}"', f'id="{a.key}"']
    grad = p.BAD if a.bad else p.GRAD
    if a.sort == "nograd":
        options.append(f'color="{p.PENDING["line"] if pale else p.LINE}" style=dashed')
        if a.state:
            options.append("dir=none")
    elif a.sort == "fwd":
        colour = p.BAD if a.bad else p.VALUE
        options.append(
            f'color="{p.PENDING["line"]}" style=dashed' if pale else f'color="{colour}" penwidth={a.width:.2f}'
        )
    elif a.sort == "bwd":
        options.append(
            f'dir=back color="{p.PENDING["line"]}" style=dashed'
            if pale
            else f'dir=back color="{grad}" penwidth={a.width:.2f}'
        )
        if a.state == "now":
            options.append("arrowsize=0.9")
    else:
        options.append(f'dir=both color="{p.VALUE}:{grad}" penwidth={a.width:.2f}')
    if a.number or a.formula:
        tone, mute = (p.PENDING["text"], p.PENDING["text"]) if pale else (grad if a.sort != "fwd" else p.MUTE, p.MUTE)
        rows = ""
        if a.number:
            room = width(a.number, 10, mono=True) + 4
            rows += f'<TR><TD WIDTH="{room}"><FONT COLOR="{tone}" POINT-SIZE="10" FACE="{p.MONO}"><B>{text(a.number)}</B></FONT></TD></TR>'
        if a.formula:
            rows += f'<TR><TD WIDTH="{width(a.formula, 9) + 4}"><FONT COLOR="{mute}" POINT-SIZE="9">{text(a.formula)}</FONT></TD></TR>'
        options.append(
            f'label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{rows}<TR><TD HEIGHT="5"></TD></TR></TABLE>>'
        )
    return f"{quoted(a.tail)} -> {quoted(a.head)} [{' '.join(options)}];"
