"""tools: do our own tools stay linear from 10³ to 10⁶ operations? W1's graph, cost per operation.

    chainrule            forward and backward, for comparison
    chainrule.open       the debugger, opened: ``Stepper(y)``
    chainrule.text       the drawing for a terminal, which folds the middle of what is too long
    chainrule.draw       the picture's source, folded: ``draw(y).source``
    chainrule.compile    ``Graph(y).program``: generating and compiling forward and backward, once

Nothing is compared with a peer here: no other engine has such tools. Each is handed the finished graph. ``exponent`` is
the slope of the whole time against the size in a log-log plot: 1 is linear.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import w1
from .description import GC_OFF, OURS, Answer, Case, Goal, Results, Trial, UnsupportedError, Workload
from .exponent import LINEAR, of_contender
from .w9 import graph

if TYPE_CHECKING:
    from collections.abc import Callable


def opened(y: Any, _leaves: list[Any]) -> Any:
    """Open the debugger."""
    return import_module("autograd").Stepper(y, names={})


def text(y: Any, _leaves: list[Any]) -> Any:
    """Draw as text."""
    ag = import_module("autograd")
    return ag.text(ag.Graph(y, {}), colour=False, unicode=True, width=80)


def picture(y: Any, _leaves: list[Any]) -> Any:
    """Draw as DOT source, folded."""
    return import_module("autograd").draw(y, names={}).source


def compiled(y: Any, leaves: list[Any]) -> Any:
    """Compile forward and backward."""
    snapshot = import_module("autograd").Graph(y, {})
    if not hasattr(snapshot, "program"):
        message = "this checkout has no compiler"
        raise UnsupportedError(message)
    return snapshot.program(leaves).prepare()


TOOLS: dict[str, Callable[[Any, list[Any]], Any]] = {
    "chainrule.open": opened,
    "chainrule.text": text,
    "chainrule.draw": picture,
    "chainrule.compile": compiled,
}


def trial(contender: str, case: Case) -> Trial:
    """Prepare one tool for one size of graph."""
    prepared = w1.trial(OURS, case)
    if contender == OURS:
        return Trial(
            fresh=prepared.fresh, timed=prepared.timed, answer=unlike, units=prepared.units, paused=prepared.paused
        )
    tool = TOOLS[contender]
    y, leaves = graph(case.size)
    return Trial(
        fresh=lambda: None,
        timed=lambda _: tool(y, leaves),
        answer=unlike,
        units=prepared.units,
        paused=prepared.paused,
    )


def unlike(_state: Any, _result: Any) -> Answer:
    """Compare nothing: each of these does something else, and its own tests say whether it does it rightly."""
    return {}


def steepest(results: Results) -> float | None:
    """Give the largest exponent among the tools."""
    found = [of_contender(results, WORKLOAD.cases, name, GC_OFF) for name in TOOLS]
    return max((k for k in found if k is not None), default=None)


WORKLOAD = Workload(
    name="tools",
    title="our own tools against size",
    unit="ns per operation",
    cases=(
        Case("10³", 1_000, "a"),
        Case("10⁴", 10_000, "a"),
        Case("10⁵", 100_000, "a"),
        Case("10⁶", 1_000_000, "a", quick=False),
    ),
    contenders={name: partial(trial, name) for name in (OURS, *TOOLS)},
    columns=(GC_OFF,),
    goals=(Goal("largest exponent of our tools", LINEAR, steepest, at_most=True, unit=""),),
    grows=True,
    rounds=2,
)
