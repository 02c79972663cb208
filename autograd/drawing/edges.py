"""The edges of a picture: single ones with their derivative and contribution, bundles between folded cards."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.drawing.cards import constant_card, names_in
from autograd.drawing.passes import Pass, size
from autograd.drawing.scene import Arrow, Card
from autograd.drawing.wording import shorten, typeset, within
from autograd.graph import Constant, GraphNode

if TYPE_CHECKING:
    from autograd.drawing.folding import Item, Plan
    from autograd.drawing.options import Options
    from autograd.graph import Graph

DERIVATIVE_LENGTH = 26
CROWD = 60
"""More bundles than this carry no count on the picture; their titles say it."""


def between(
    graph: Graph, plan: Plan, names: dict[int, str], keys: dict[int, str], backward: Pass, o: Options
) -> tuple[list[Card], list[Arrow]]:
    """Give the cards of the constants, and all arrows, in order of the results and their argument slots."""
    cards: list[Card] = []
    arrows: list[Arrow] = []
    bundles: dict[tuple[int, int], int] = {}
    ends: dict[tuple[int, int], tuple[Item, Item]] = {}
    named: dict[tuple[str, str], str] = {}
    for n in graph:
        item = plan.of[n.position]
        sent: dict[int, Any] | None = None
        for slot, a in enumerate(n.args):
            if isinstance(a, Constant):
                if item.single and plan.style == "cards" and o.constants and (a.name or not plan.hidden):
                    _constant(a, n, slot, names[id(item)], item, cards, arrows, named, o)
                continue
            other = plan.of[a.position]
            if other is item and not item.single:
                continue
            if not (item.single and other.single):
                pair = (id(other), id(item))
                bundles[pair] = bundles.get(pair, 0) + 1
                ends[pair] = (other, item)
                continue
            if sent is None:
                sent = backward.amounts(n) if o.view != "forward" else {}
            arrows.append(_edge(n, slot, a, names[id(other)], names[id(item)], sent.get(slot), plan, o))
    crowded = len(bundles) > CROWD
    for pair, count in bundles.items():
        other, item = ends[pair]
        arrows.append(_bundle(other, item, names, keys, count, o, labelled=not crowded))
    return cards, arrows


def _constant(
    c: Constant, n: GraphNode, slot: int, head: str, item: Item, cards: list[Card], arrows: list[Arrow],
    named: dict[tuple[str, str], str], o: Options,
) -> None:  # fmt: skip
    key = f"c{n.position}_{slot}"
    name = f"#{key}"
    same = (c.name, repr(c.data)) if c.name is not None else None
    if same is not None and same in named:
        name = named[same]
    else:
        if same is not None:
            named[same] = name
        cards.append(constant_card(c, key, name, o, item.path))
    state = "pending" if o.moment is not None else ""
    arrows.append(
        Arrow(f"e{n.position}_{slot}", name, head, "nograd", state=state, title=f"constant {c.text} into {n.id}")
    )


def symbol_of(n: GraphNode, slot: int, a: GraphNode, path: tuple[str, ...] = ()) -> tuple[str, str]:
    """Give ``∂p/∂z`` and its formula ``p(1−p)``, shortened, without the scope ``path`` of a frame around them."""
    left = f"∂{shorten(within(n.id, path), 10)}/∂{shorten(within(a.id, path), 10)}"
    written = within(n.derivative(slot), path)
    if written.startswith("pullback of"):
        return left, written
    return left, shorten(typeset(written, names_in(n)), DERIVATIVE_LENGTH)


def contribution_width(amount: Any) -> float:
    """Give the width of an arrow that carries ``amount``: 1.2 below 0.1, 3.4 from 10 on.

    >>> contribution_width(0.0), contribution_width(1.0), round(contribution_width(1e9), 2)
    (1.2, 2.3, 3.4)
    """
    large = size(amount)
    if large == 0 or math.isnan(large):
        return 1.2
    return 1.2 + 1.1 * min(max(math.log10(10 * min(large, 1e300)), 0.0), 2.0)


def _edge(n: GraphNode, slot: int, a: GraphNode, tail: str, head: str, amount: Any, plan: Plan, o: Options) -> Arrow:
    key = f"e{n.position}_{slot}"
    bad = amount is not None and not bool(np.all(np.isfinite(amount)))
    if not a.node._tracked or (slot < getattr(n.op, "passive", 0)):
        return Arrow(
            key,
            tail,
            head,
            "nograd",
            state="pending" if o.moment is not None else "",
            title=f"{a.id} into {n.id}, no gradient",
        )
    left, right = symbol_of(n, slot, a, plan.of[n.position].path)
    shown = left if right in ("1", "") else f"{left} = {right}" if not right.startswith("pullback") else right
    title = f"{left} = {typeset(n.derivative(slot), [])}"
    if amount is not None:
        title += f"; contribution {o.numbers.write(amount)} to {a.id}"
    if o.view == "forward":
        if o.moment is not None:
            at = o.moment.node.position
            state = "now" if n.position == at else "done" if n.position < at else "pending"
            return Arrow(
                key, tail, head, "fwd", width=3.0 if state == "now" else 1.4, state=state, title=f"{a.id} into {n.id}"
            )
        broken = not bool(np.all(np.isfinite(a.data)))
        return Arrow(key, tail, head, "fwd", bad=broken, title=f"{a.id} is argument {slot + 1} of {n.id}")
    sort = "both" if o.view == "both" and o.moment is None else "bwd"
    wide = contribution_width(amount)
    state = ""
    if o.moment is not None:
        now = o.moment.node.position == n.position and any(s.to.position == a.position for s in o.moment.sends)
        state = "now" if now else "done" if n.position in o.past else "pending"
        wide = 3.0 if now else 1.4
    elif sort == "both":
        wide = 1.0 + 0.5 * (wide - 1.2)
    if plan.style == "lines":
        return Arrow(key, tail, head, sort, width=wide * 0.7, state=state, bad=bad, title=title)
    if o.timeless:
        return Arrow(key, tail, head, sort, "", shown, title=left)
    local = n.local(slot)
    number = (
        f"× {o.numbers.write(local)}"
        if local is not None
        else f"adds {o.numbers.write(amount)}"
        if amount is not None
        else ""
    )
    return Arrow(key, tail, head, sort, number, shown, wide, state, bad, title)


def _bundle(
    other: Item, item: Item, names: dict[int, str], keys: dict[int, str], count: int, o: Options, *, labelled: bool
) -> Arrow:
    sort = {"forward": "fwd", "backward": "bwd"}.get(o.view, "both") if o.moment is None else "bwd"
    inside = {n.position for n in item.nodes}
    state = ""
    if o.moment is not None:
        now = o.moment.node.position in inside
        state = "now" if now else "done" if inside & o.past else "pending"
    label = f"{count} edge{'s' * (count != 1)}" if count > 1 and labelled else ""
    return Arrow(
        f"b{keys[id(other)]}_{keys[id(item)]}", names[id(other)], names[id(item)], sort, "", label,
        1 + 0.3 * math.log2(count) if count > 1 else 1.2, state, title=f"{count} edges",
    )  # fmt: skip
