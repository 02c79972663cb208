"""W9, drawing and stepping: what a picture and the debugger cost, in milliseconds, on graphs of W1's operations.

    draw N        ``draw(y)`` and its finished SVG: snapshot, gradients, folding, cards, DOT, and dressing what Graphviz
                  laid out. ``chainrule.layout`` is Graphviz itself laying out that very source, by ``dot`` or
                  pygraphviz, whichever a user of this machine gets
    unfolded N    all of them, as nobody draws unless forced
    open          ``Stepper(y)``: the whole backward pass recorded, ready to go in both directions of time
    100 steps     forward, from where the last pass stopped
    100 screens   the same with each step rendered as the prompt shows it

Graphs of more than 200 nodes are folded, so that Graphviz sees a few dozen cards and our own work is what grows. Both
sides of a drawing must show the same number of cards; the debugger's gradients must be those of ``backward()``.
"""

from __future__ import annotations

import math
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .description import OURS, Answer, Case, Gauge, Trial, UnsupportedError, Workload
from .memory import peak_traced

if TYPE_CHECKING:
    from collections.abc import Callable

LAYOUT = "chainrule.layout"
BOTH, ONLY_US = frozenset({OURS, LAYOUT}), frozenset({OURS})
LARGE = 100_000
STEPS = 100


def graph(operations: int) -> tuple[Any, list[Any]]:
    """Give a result of W1's program and its leaves."""
    engine = import_module(".engines", __package__).our_values()
    program = import_module(".w1", __package__).variant_a(operations // 10, engine)
    leaves = [engine.leaf(0.9 * math.sin(1.0 + i * i)) for i in range(64)]
    y = program(leaves)
    y.backward()
    return y, leaves


def drawing(contender: str, case: Case) -> Trial:
    """Prepare our half of a picture, or Graphviz's."""
    ag, engines = import_module("autograd"), import_module("autograd.drawing.engines")
    if engines.available() is None:
        message = "there is no Graphviz here"
        raise UnsupportedError(message)
    y, _ = graph(case.size)
    how = {"depth": "all"} if case.variant == "whole" else {}
    source = ag.draw(y, names={}, **how).source
    laid_out = engines.layout(source)

    def ours() -> str:
        figure = ag.draw(y, names={}, **how)
        figure._raw = laid_out
        assert figure.source == source
        return str(figure.svg)

    def cards(_state: Any, svg: str | bytes) -> Answer:
        text = svg if isinstance(svg, str) else svg.decode()
        return {"cards": [float(text.count('class="node"'))]}

    timed: Callable[[Any], Any] = (lambda _: ours()) if contender == OURS else (lambda _: engines.layout(source))
    return Trial(fresh=lambda: None, timed=timed, answer=cards, units=1e-3, paused=ag.gc_paused)


def debugging(case: Case) -> Trial:
    """Prepare opening a graph in the debugger, or steps in it."""
    ag = import_module("autograd")
    y, leaves = graph(case.size)
    opened = ag.Stepper(y, names={})

    def steps(*, shown: bool) -> Any:
        for _ in range(STEPS):
            opened.step()
            if shown:
                str(opened)
        return opened

    def fresh() -> None:
        if opened.pos + STEPS > len(opened):
            opened.rewind()

    def answer(_state: Any, stepper: Any) -> Answer:
        stepper.finish()
        sent = {node.node: node.id for node in stepper.graph.leaves if node.node in leaves}
        wrong = sum(stepper.grads[name] != leaf.grad for leaf, name in sent.items())
        if wrong or len(sent) != len(leaves):
            message = f"{wrong} of {len(sent)} leaves have another gradient in the debugger than from backward()"
            raise AssertionError(message)
        return {"gradient": [leaf.grad for leaf in leaves]}

    def bytes_per_node() -> float:
        return peak_traced(lambda: ag.Stepper(y, names={})) / len(opened.graph)

    timed = {
        "open": lambda _: ag.Stepper(y, names={}),
        "steps": lambda _: steps(shown=False),
        "screens": lambda _: steps(shown=True),
    }[case.variant]
    gauges = {"bytes": bytes_per_node} if case.variant == "open" else {}
    return Trial(fresh=fresh, timed=timed, answer=answer, units=1e-3, paused=ag.gc_paused, gauges=gauges)


def trial(contender: str, case: Case) -> Trial:
    """Prepare one contender for one case."""
    return debugging(case) if case.variant in {"open", "steps", "screens"} else drawing(contender, case)


OPEN = f"open {LARGE:,}".replace(",", " ")

WORKLOAD = Workload(
    name="W9",
    title="drawing and stepping",
    unit="ms",
    cases=(
        Case("draw 10", 10, among=BOTH),
        Case("draw 100", 100, among=BOTH),
        Case("draw 1 000", 1_000, among=BOTH),
        Case("draw 10 000", 10_000, among=BOTH),
        Case("unfolded 500", 500, "whole", quick=False, among=BOTH),
        Case(OPEN, LARGE, "open", quick=False, among=ONLY_US),
        Case("100 steps", LARGE, "steps", quick=False, among=ONLY_US),
        Case("100 screens", LARGE, "screens", quick=False, among=ONLY_US),
    ),
    contenders={name: partial(trial, name) for name in (OURS, LAYOUT)},
    gauges=(Gauge("bytes", OPEN, compared=False),),
    notes=(
        "chainrule: all of a picture but the layout. chainrule.layout: Graphviz laying out the same source.",
        "Steps and screens on the opened graph of 100 000 nodes; bytes: peak per node of opening it, by tracemalloc.",
    ),
)
