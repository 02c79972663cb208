"""What stands on the cards: single nodes, one-line boxes, folded groups, constants."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.drawing import folding, heat
from autograd.drawing.passes import Pass, size, stale
from autograd.drawing.scene import Card, Row
from autograd.drawing.wording import (
    FORMULA_LENGTH,
    NAME_LENGTH,
    NONE,
    Numbers,
    minus,
    shorten,
    thousands,
    typeset,
    width,
    within,
)  # fmt: skip
from autograd.graph import Constant, GraphNode

if TYPE_CHECKING:
    from autograd.drawing.folding import Item
    from autograd.drawing.options import Options


def kind_of(n: GraphNode, o: Options, graph_roots: bool) -> str:
    """Give the kind of card of a node."""
    if not n.is_leaf:
        return "loss" if graph_roots else "op"
    if not n.node._tracked:
        return "const"
    known = n.position in o.parameters if o.parameters is not None else folding.is_parameter(n)
    return "param" if known else "input"


WORDS = {"input": "input", "param": "parameter", "const": "constant"}


def _face(n: GraphNode, kind: str, path: tuple[str, ...]) -> tuple[str, str, bool]:
    """Give head, note, and whether the note is in italics."""
    shape = f" {_shape(n)}" if n.shape else ""
    if n.is_leaf:
        return shorten(within(n.id, path), NAME_LENGTH), WORDS[kind] + shape, True
    return minus(shorten(n.op.form.glyph, 12)), shorten(within(formula_of(n), path), FORMULA_LENGTH) + shape, False


def names_in(n: GraphNode) -> list[str]:
    """Give the names that occur in a node's formula."""
    return [n.id, *(a.id if isinstance(a, GraphNode) else a.name or "" for a in n.args)]


def formula_of(n: GraphNode) -> str:
    """Write ``z = xw + b`` with the signs of print."""
    return typeset(n.formula, names_in(n)).replace("·", " · ")


def _shape(n: GraphNode) -> str:
    dtype = str(getattr(n.data, "dtype", ""))
    return f"{'×'.join(map(str, n.shape))}" + ("" if dtype == "float64" else f" {dtype}")


def _rows(n: GraphNode, kind: str, backward: Pass, o: Options) -> list[Row]:
    rows = []
    if o.view != "backward":
        hidden = o.moment is not None and o.view == "forward" and not n.is_leaf and n.position > o.moment.node.position
        written = o.numbers.write(n.data)
        rows.append(Row("value", "?", "quiet", written) if hidden else Row("value", written, cells=heat.cells(n.data)))
    if o.view != "forward":
        rows.append(_grad_row(n, kind, backward, o))
    return rows


def _grad_row(n: GraphNode, kind: str, backward: Pass, o: Options) -> Row:
    label = "grad"
    if o.view == "backward":
        root = n if not backward.graph.roots else backward.graph.root
        written = f"∂{root.id}/∂{n.id}"
        label = written if width(written, 9) <= 62 and len(backward.graph.roots) == 1 else "grad"
    reserve = o.reserve.get(n.position, "")
    if kind == "const":
        return Row(label, NONE, "quiet", reserve)
    g = backward.grad(n)
    if o.moment is not None:
        return _grad_at_moment(n, label, reserve, o)
    if g is None:
        missing = "stale" if backward.note else NONE if backward.own else o.numbers.write(None)
        return Row(label, missing, "quiet", reserve)
    bad = not bool(np.all(np.isfinite(g)))
    return Row(label, o.numbers.write(g), "bad" if bad else "grad", reserve, heat.cells(g))


def _grad_at_moment(n: GraphNode, label: str, reserve: str, o: Options) -> Row:
    write = o.numbers.write
    received = [s for s in o.moment.sends if s.to.position == n.position]
    if received:
        before = "0" if received[0].before is None else write(received[0].before)
        return Row(label, f"{before} → {write(received[-1].after)}", "grad", reserve)
    g = o.sums.get(n.position)
    return Row(label, "0" if g is None else write(g), "quiet" if g is None else "grad", reserve)


def _state(n: GraphNode, kind: str, o: Options) -> str:
    if o.moment is None:
        return ""
    if o.moment.node.position == n.position:
        return "now"
    if any(s.to.position == n.position for s in o.moment.sends):
        return "recv"
    if o.view == "forward":
        return "done" if kind == "const" or n.is_leaf or n.position in o.past else "pending"
    return "done" if kind != "const" and o.sums.get(n.position) is not None else "pending"


def describe(n: GraphNode, kind: str, backward: Pass) -> tuple[str, str]:
    """Give the title and the description of a node, in full, for pointers and screen readers."""
    what = WORDS.get(kind) or f"{n.op.name}, {formula_of(n)}"
    shape = f", shape {list(n.shape)}" if n.shape else ""
    value = repr(float(n.data)) if not n.shape else Numbers().write(n.data)
    g = backward.grad(n)
    grad = "not run" if g is None else repr(float(g)) if not np.shape(g) else Numbers().write(g)
    title = f"{n.id}: {what}{shape}"
    parts = [f"value {value}", f"gradient {grad}"]
    for slot, a in n.inputs:
        if a.node._tracked:
            local = n.local(slot)
            number = f" = {Numbers().write(local)}" if local is not None else ""
            parts.append(f"∂{n.id}/∂{a.id} = {typeset(n.derivative(slot), [n.id, a.id])}{number}")
    if n.line:
        parts.append(f"made in {n.line[0]}, line {n.line[1]}")
    return title, "; ".join(parts)


def single_card(item: Item, name: str, key: str, backward: Pass, o: Options) -> Card:
    """Give the card of one node."""
    n = item.nodes[0]
    kind = kind_of(n, o, n in backward.graph.roots)
    head, note, italic = _face(n, kind, item.path)
    flag = o.findings.get(n.position)
    because = None if o.timeless else stale(n)
    if because is not None:
        flag = ("stale", "≠ stale: data changed since")
    title, description = describe(n, kind, backward)
    if flag is not None:
        description += f"; {flag[1]}" + (f" ({because})" if because else "")
    return Card(
        key, name, kind, head, note, _rows(n, kind, backward, o), italic, _state(n, kind, o), flag,
        path=item.path, title=title, description=description,
    )  # fmt: skip


def line_card(item: Item, name: str, key: str, backward: Pass, o: Options) -> Card:
    """Give the one-line box of a node in a picture of more than 60."""
    n = item.nodes[0]
    kind = kind_of(n, o, n in backward.graph.roots)
    head = shorten(within(n.id, item.path), 18) if n.is_leaf else minus(shorten(n.op.form.glyph, 10))
    note = "" if n.is_leaf else shorten(within(formula_of(n), item.path), 24)
    rows = _rows(n, kind, backward, o)
    for row in rows:
        row.cells = ()
    title, description = describe(n, kind, backward)
    return Card(
        key, name, kind, head, note, rows, state=_state(n, kind, o), flag=o.findings.get(n.position), line=True,
        path=item.path, title=title, description=description,
    )  # fmt: skip


def group_card(item: Item, name: str, key: str, backward: Pass, o: Options) -> Card:
    """Give the card of a folded group: how many nodes, how many numbers in its leaves, how large their gradients."""
    assert item.title is not None
    leaves = [n for n in item.nodes if n.is_leaf and n.node._tracked]
    trained = [n for n in leaves if o.parameters is None or n.position in o.parameters]
    count = sum(int(np.size(n.data)) for n in trained)
    rows = []
    if count:
        named = all(kind_of(n, o, False) == "param" for n in trained)
        rows.append(Row("params" if named else "leaves", thousands(count), "good"))
    if item.detail and item.detail != "used by several of these":
        rows.append(Row("of", item.detail, "quiet"))
    if o.view != "forward" and leaves:
        rows.append(_norm([backward.grad(n) for n in leaves], backward, o))
    found = [o.findings[n.position] for n in item.nodes if n.position in o.findings]
    flag = None
    if found:
        order = ["nan", "exploding", "vanishing", "dead"]
        worst = min(found, key=lambda f: order.index(f[0]) if f[0] in order else 9)
        flag = (worst[0], worst[1] if len(found) == 1 else f"{worst[1]} … {len(found)} findings")
    inside = {n.position for n in item.nodes}
    state = ""
    if o.moment is not None:
        received = any(s.to.position in inside for s in o.moment.sends)
        state = (
            "now"
            if o.moment.node.position in inside
            else "recv"
            if received
            else "done"
            if inside & o.past
            else "pending"
        )
    detail = f": {item.detail}" if item.detail else ""
    return Card(
        key, name, "group", shorten(item.title, NAME_LENGTH), f"+ {thousands(len(item.nodes))} nodes", rows, False, state, flag,
        path=item.path, title=f"{item.title}, {len(item.nodes)} nodes folded{detail}",
        description=f"{len(item.nodes)} nodes are folded into this card{detail}; {count} numbers in its leaves",
    )  # fmt: skip


def _norm(grads: list[Any], backward: Pass, o: Options) -> Row:
    """Give the norm of all gradients of the leaves in a group."""
    if all(g is None for g in grads):
        return Row("‖grad‖", NONE if backward.own else o.numbers.write(None), "quiet")
    largest = max(size(g) for g in grads)
    total = largest
    if 0 < largest < math.inf:
        total = largest * math.sqrt(sum((size(g) / largest) ** 2 * np.size(g) for g in grads if g is not None))
    return Row("‖grad‖", o.numbers.write(total), "grad" if math.isfinite(total) else "bad")


def constant_card(c: Constant, key: str, name: str, o: Options, path: tuple[str, ...]) -> Card:
    """Give the card of a constant: small for a plain number, an ordinary one where it has a name."""
    shape = "×".join(map(str, np.shape(c.data)))
    state = "pending" if o.moment is not None else ""
    nothing = "no gradient flows here"
    if c.name is None:
        shown = shape or shorten(typeset(c.text, []), 14)
        title = f"constant {c.text}"
        return Card(key, name, "const", shown, "", small=True, path=path, state=state, title=title, description=nothing)
    rows = []
    if o.view != "backward":
        rows.append(Row("value", o.numbers.write(c.data), cells=heat.cells(c.data)))
    if o.view != "forward":
        rows.append(Row("grad", NONE, "quiet"))
    head, note = shorten(c.name, NAME_LENGTH), f"constant {shape}".strip()
    title = f"{c.name}: constant"
    return Card(
        key, name, "const", head, note, rows, italic=True, path=path, state=state, title=title, description=nothing
    )
