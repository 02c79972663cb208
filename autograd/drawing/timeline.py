"""The backward pass as the steps of a page or an animation: what each step shows on which card.

Types
    Stage   one step on the cards of a plan: which card sends, and what each of its arrows carries.

Nodes that are folded into one card make one stage together, when they follow each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autograd.drawing.edges import symbol_of
from autograd.drawing.wording import Numbers, minus, shorten, thousands, typeset

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograd.drawing.folding import Plan
    from autograd.drawing.passes import Moment, Pass

MOMENTS = 2000
"""More moments than this reserve no room in the picture of a step."""


@dataclass(slots=True)
class Stage:
    """One step of a page."""

    node: str
    title: str
    upstream: str
    sends: list[dict[str, str]] = field(default_factory=list)
    count: int = 1

    def record(self) -> dict[str, Any]:
        """Give the step as plain data for the page."""
        return {"node": self.node, "title": self.title, "up": self.upstream, "sends": self.sends}


def reserved(moments: Iterable[Moment], numbers: Numbers) -> dict[int, str]:
    """Give the widest text that each gradient cell will hold while the pass is stepped through."""
    widest: dict[int, str] = {}
    for _, m in zip(range(MOMENTS), moments, strict=False):
        for s in m.sends:
            before = "0" if s.before is None else numbers.write(s.before)
            written = f"{before} → {numbers.write(s.after)}"
            if len(written) > len(widest.get(s.to.position, "")):
                widest[s.to.position] = written
    return widest


def stages(plan: Plan, backward: Pass, numbers: Numbers) -> list[Stage]:
    """Give the steps: first the seed at the results, then every node that sends."""
    keys = {id(item): f"n{item.nodes[0].position}" if item.single else f"g{k}" for k, item in enumerate(plan.items)}
    key_of = {position: keys[id(item)] for position, item in plan.of.items()}
    single = {item.nodes[0].position for item in plan.items if item.single}
    roots = backward.graph.roots
    write = numbers.write
    seed = Stage(key_of[roots[0].position], "seed", write(backward.seed))
    for r in roots:
        if r.position in single:
            seed.sends.append({"to": key_of[r.position], "name": r.id, "b": "0", "a": write(_seed(backward, r))})
    steps = [seed]
    for m in backward.moments(single):
        here = plan.of[m.node.position]
        key = key_of[m.node.position]
        if here.single:
            title = f"{minus(m.node.op.form.glyph)}   {typeset(m.node.formula, [a.id for _, a in m.node.inputs])}"
            steps.append(Stage(key, title, write(m.upstream)))
        elif steps[-1].node != key or steps[-1].title == "seed":
            steps.append(Stage(key, "", "", count=1))
        else:
            steps[-1].count += 1
        if not here.single:
            assert here.title is not None
            steps[-1].title = f"{shorten(here.title, 40)}: {thousands(steps[-1].count)} nodes"
        for s in m.sends:
            to = key_of[s.to.position]
            if to == key and not here.single:
                continue
            sent = {"to": to, "edge": f"e{m.node.position}_{s.slot}", "name": s.to.id}
            if not (here.single and s.to.position in single):
                sent["edge"] = f"b{to}_{key}"
            if here.single:
                sent |= {
                    "sym": symbol_of(m.node, s.slot, s.to)[0],
                    "fo": typeset(s.formula, [a.id for _, a in m.node.inputs]),
                    "lv": write(s.local) if s.local is not None else "",
                    "up": write(m.upstream),
                    "c": write(s.amount),
                }
            if s.to.position in single:
                sent |= {"b": "0" if s.before is None else write(s.before), "a": write(s.after)}
            known = None if here.single else next((x for x in steps[-1].sends if x["to"] == to), None)
            if known is None:
                steps[-1].sends.append(sent)
            elif "a" in sent:  # a folded card sends once, from the first before to the last after
                known["a"] = sent["a"]
    return steps


def widest(steps: list[Stage]) -> dict[int, str]:
    """Give the widest text that each gradient cell of a page will hold, by position."""
    found: dict[int, str] = {}
    for step in steps:
        ends: dict[str, tuple[str, str]] = {}
        for sent in step.sends:
            if "a" in sent:
                ends[sent["to"]] = (ends.get(sent["to"], (sent["b"], ""))[0], sent["a"])
        for to, (before, after) in ends.items():
            written = f"{before} → {after}"
            if len(written) > len(found.get(int(to[1:]), "")):
                found[int(to[1:])] = written
    return found


def _seed(backward: Pass, root: Any) -> Any:
    return backward.seed if not root.shape else backward.seed + 0 * root.data
