"""growth: does the cost of an operation stay the same from 10³ to 10⁶ of them? Every engine on W1's graph.

Forward and backward as in ``w1`` (variant a), once more with every size up to a million and with the cyclic collector
off for everybody, which is to the advantage of those whose graphs have cycles; ``micrograd.collector-on`` shows
what a user of micrograd who does not know of it gets. ``exponent`` is the slope of the whole time against the size in
a log-log plot: 1 is linear. ``python -m tests.benchmarks --readme`` draws the numbers.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from functools import partial

from . import w1
from .description import GC_OFF, OURS, Case, Goal, Results, Trial, Workload
from .exponent import LINEAR, of_contender

COLLECTED = "micrograd.collector-on"
MINUTES = frozenset({"hips", "mygrad", COLLECTED})
"""Who runs a million operations only with ``--full``."""
PEERS = ("chainrule", "micrograd", COLLECTED, "microgpt", "torch", "hips", "mygrad")


def trial(contender: str, case: Case) -> Trial:
    """Prepare one engine for one size; the collector rests unless the name says otherwise."""
    prepared = w1.trial(contender.partition(".")[0], case)
    return replace(prepared, paused=nullcontext) if contender == COLLECTED else prepared


def of_ours(results: Results) -> float | None:
    """Give our own exponent."""
    return of_contender(results, WORKLOAD.cases, OURS, GC_OFF)


WORKLOAD = Workload(
    name="growth",
    title="cost per operation against size, forward and backward, collector off",
    unit="ns per operation",
    cases=(
        Case("10³", 1_000, "a"),
        Case("10⁴", 10_000, "a"),
        Case("10⁵", 100_000, "a", quick=False),
        Case("10⁶", 1_000_000, "a", quick=False, slow=MINUTES),
    ),
    contenders={name: partial(trial, name) for name in PEERS},
    columns=(GC_OFF,),
    goals=(Goal("exponent of our time, forward and backward", LINEAR, of_ours, at_most=True, unit=""),),
    grows=True,
    rounds=2,
)
