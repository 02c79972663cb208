"""From a graph to a Scene: the cards of the plan's items, the arrows between them, and the heading.

``compose`` reads the Graph, the Plan (what is folded), the Pass (gradients and contributions) and the Options.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.drawing import edges
from autograd.drawing.cards import group_card, line_card, single_card
from autograd.drawing.scene import Card, Scene
from autograd.drawing.wording import shorten, thousands

if TYPE_CHECKING:
    from autograd.drawing.folding import Plan
    from autograd.drawing.options import Options
    from autograd.drawing.passes import Pass
    from autograd.graph import Graph

ARROWS = {"LR": "left → right", "RL": "right → left", "TB": "top → bottom", "BT": "bottom → top"}
BACK = {"LR": "right → left", "RL": "left → right", "TB": "bottom → top", "BT": "top → bottom"}


def compose(graph: Graph, plan: Plan, backward: Pass, o: Options) -> Scene:
    """Give the picture of a graph as data."""
    names = {id(item): f"#{item.nodes[0].position}" if item.single else f"#g{k}" for k, item in enumerate(plan.items)}
    keys = {id(item): f"n{item.nodes[0].position}" if item.single else f"g{k}" for k, item in enumerate(plan.items)}
    for item in plan.items:
        if item.single and _plain(item.nodes[0].id):
            names[id(item)] = item.nodes[0].id
    cards: list[Card] = []
    for item in plan.items:
        name, key = names[id(item)], keys[id(item)]
        if not item.single:
            cards.append(group_card(item, name, key, backward, o))
        elif plan.style == "lines":
            cards.append(line_card(item, name, key, backward, o))
        else:
            cards.append(single_card(item, name, key, backward, o))
    more, arrows = edges.between(graph, plan, names, keys, backward, o)
    cards.extend(more)
    heading, lines = _heading(graph, plan, backward, o)
    where = f"{len(graph)} nodes, {len(plan.items)} cards" + (f", {plan.hidden} nodes folded" if plan.hidden else "")
    return Scene(
        heading,
        lines,
        cards,
        arrows,
        o.direction,
        {path: n for path, n in plan.scopes.items() if any(c.path[: len(path)] == path for c in cards)},
        f"Computation graph of {shorten(graph.root.formula, 80)}: {where}. {' '.join(lines)}",
        plan.style,
    )


def _plain(name: str) -> bool:
    """Tell whether an id may stand in the DOT source as it is."""
    return name.isidentifier() and len(name) <= 40


def _heading(graph: Graph, plan: Plan, backward: Pass, o: Options) -> tuple[str, list[str]]:
    heading = {"forward": "forward", "backward": "backward", "both": "forward + backward"}[o.view]
    lines = {
        "forward": [f"values flow {ARROWS[o.direction]}"],
        "backward": [
            "each arrow multiplies: gradient at its head = gradient at its tail × local derivative, summed over arrows"
        ],
        "both": [
            f"blue: values, {ARROWS[o.direction]}      orange: gradients, {BACK[o.direction]}, × local derivative"
        ],
    }[o.view]
    if plan.style == "lines":
        lines = [f"values flow {ARROWS[o.direction]}" if o.view == "forward" else "blue: value   orange: gradient"]
    if o.heading is not None:
        heading, lines = o.heading, []
    lines = [*lines, *o.lines]
    if plan.hidden:
        cards = len(plan.items)
        lines.append(
            f"{thousands(len(graph))} nodes on {cards} cards, {plan.how}: {thousands(plan.hidden)} nodes are inside the cards marked +"
        )
    if o.view != "forward":
        if len(graph.roots) > 1:
            lines.append(f"gradients of the sum of {len(graph.roots)} results")
        elif graph.root.shape and backward.own:
            lines.append(f"gradients of the sum over {shorten(graph.root.id, 20)}, of shape {list(graph.root.shape)}")
        if backward.note:
            lines.append(shorten(f"gradients incomplete: {backward.note}", 110))
        if not backward.own and all(backward.grad(n) is None for n in graph):
            lines.append("backward() has not run yet: gradients are not run, not zero")
    return heading, lines
