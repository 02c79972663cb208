"""W2, deep chain: ``x = x·1.0001 + 0.1`` again and again, then backward, drop everything, collect.

What recursion cannot do (micrograd and microgpt stop at a thousand links) and what sorting or collecting
may do in more than linear time. Time is per link of two operations, so a row that stays level is linear.
The clock covers building, backward, dropping the result and a full collection. What the imports left
alive is frozen beforehand, so that the collection looks at this graph and not at the engine's modules.
"""

from __future__ import annotations

import gc
from functools import partial
from typing import Any

from .description import GC_OFF, GC_ON, OURS, Answer, Case, Gauge, Goal, Results, Trial, Workload
from .engines import SCALARS, Leaves
from .memory import objects_left

A_HANDFUL = 500
"""Blocks that Python keeps for reuse in its free lists, whoever has used them."""
MINUTES = frozenset(SCALARS) - {OURS, "torch"}
"""Who runs the longest chain only with ``--full``, unless a shorter one was too deep already."""


def trial(contender: str, case: Case) -> Trial:
    """Prepare one engine for one length of chain."""
    engine = SCALARS[contender]()
    gc.collect()
    gc.freeze()

    def program(leaves: Leaves) -> Any:
        x = leaves[0]
        for _ in range(case.size):
            x = x * 1.0001 + 0.1
        return x

    one_pass = engine.differentiate(program, 1)

    def fresh() -> Leaves:
        return [engine.leaf(0.5)]

    def timed(leaves: Leaves) -> Answer:
        answer = engine.answer(leaves, one_pass(leaves))  # keeps two numbers: the graph is dropped here
        gc.collect()
        return answer

    return Trial(
        fresh=fresh,
        timed=timed,
        answer=lambda _, answer: answer,
        units=case.size * 1e-6,
        paused=engine.paused,
        gauges={"left": lambda: objects_left(lambda: one_pass(fresh())) / case.size},
    )


def longest(results: Results) -> float | None:
    """Give the length of the longest chain if we got through; the worker refuses a raised recursion limit."""
    case = WORKLOAD.cases[-1]
    return None if results.get(OURS, case.label) is None else float(case.size)


WORKLOAD = Workload(
    name="W2",
    title="deep chain, forward, backward, drop, collect",
    unit="µs per link",
    cases=(
        Case("10³", 1_000),
        Case("10⁴", 10_000),
        Case("10⁵", 100_000, quick=False),
        Case("10⁶", 1_000_000, quick=False, slow=MINUTES),
    ),
    contenders={name: partial(trial, name) for name in SCALARS},
    columns=(GC_ON, GC_OFF),
    gauges=(Gauge("left", "10⁴", compared=False),),
    goals=(
        Goal("links under the default recursion limit", 1e6, longest, unit=""),
        Goal(
            "torch, 10⁶ links",
            7.0,
            lambda r: r.ratio("torch", "10⁶"),
            shortfall=(
                "Python's collector walks all living nodes again and again while the chain is built, though it finds "
                "one object per operation, the node; paused it is no hindrance, and we change no global threshold"
            ),
        ),
        Goal("torch, 10⁶ links, collector off", 10.0, lambda r: r.ratio("torch", "10⁶", GC_OFF)),
        Goal(
            "objects left per link once dropped, collector off",
            A_HANDFUL / 10_000,
            lambda r: r.get(OURS, "10⁴", "left"),
            at_most=True,
            unit="",
        ),
    ),
    notes=("left: objects per link that live on after the graph is dropped, until the collector comes.",),
)
