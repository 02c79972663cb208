"""The ``predict`` mode: a learner says what comes next before it is shown, and hears how far off that is.

Backward it is what an edge will send, forward what a node will compute.
"""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.graph import GraphNode
from autograd.stepper.numbers import is_array, plain, written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograd.stepper.records import Compute, Send


def verdict(answer: Any, send: Send) -> tuple[bool, str]:
    """Judge what a learner said that an edge sends: whether it is right, and in words how far off it is."""
    wanted = plain(send.amount)
    slips: list[tuple[Any, str]] = []
    if not is_array(wanted):
        upstream, local = f"multiply it by the upstream gradient {written(send.upstream)}", send.formula
        if not send.first:
            slips.append((send.after, "that is the new total; the amount that is added"))
        if send.local is not None:
            slips.append((send.local, f"that is the local derivative; {upstream}"))
        slips.append((send.upstream, f"that is the upstream gradient; multiply it by the local derivative {local}"))
    return judged(answer, wanted, "sent", slips)


def verdict_on_value(answer: Any, step: Compute) -> tuple[bool, str]:
    """Judge what a learner said that a node computes: whether it is right, and in words how far off it is."""
    slips = [
        (read.value, f"that is {read.source.id} itself, which goes in; compute {step.node.formula}")
        for read in step.reads
        if isinstance(read.source, GraphNode) and len(step.reads) > 1
    ]
    return judged(answer, step.value, "computed", slips)


def judged(answer: Any, wanted: Any, done: str, slips: Iterable[tuple[Any, str]] = ()) -> tuple[bool, str]:
    """Judge an answer; ``slips`` are numbers that a learner may take for it, and what to say then.

    Right means within half a percent, or equal in the four decimals that the screen shows.
    """
    given, wanted = plain(answer), plain(wanted)
    if is_array(wanted) or is_array(given):
        if np.shape(given) != np.shape(wanted):
            return False, f"the shapes differ: yours is {list(np.shape(given))}, {done} is {list(np.shape(wanted))}"
        worst = float(np.max(np.abs(np.asarray(given) - wanted), initial=0.0))
        good = bool(np.allclose(given, wanted, rtol=5e-3, atol=5e-5, equal_nan=True))
        return good, "right" if good else f"not yet: the largest difference is {worst:.4g}"
    given, wanted = float(given), float(wanted)
    if near(given, wanted):
        return True, "right" if given == wanted else f"right: it is {written(wanted)}"
    shown = f"it is {written(wanted)}"
    if not np.isfinite(wanted) or not np.isfinite(given):
        return False, shown
    if near(given, -wanted):
        return False, f"right size, wrong sign: {shown}"
    for slip, words in slips:
        if not is_array(plain(slip)) and near(given, float(plain(slip))):
            return False, f"{words}: {shown}"
    off = given - wanted
    share = f" ({abs(off / wanted):.1%})" if wanted else ""
    return False, f"off by {off:+.4g}{share}: {shown}"


def near(given: float, wanted: float) -> bool:
    """Tell whether two numbers agree as far as a learner's answer must."""
    if given == wanted or (math.isnan(given) and math.isnan(wanted)):
        return True
    return abs(given - wanted) <= max(5e-3 * abs(wanted), 5e-5 if abs(wanted) >= 1e-3 else 0.0)


def names_in(answer: str) -> set[str]:
    """Give the names that an answer uses; none if it cannot be read.

    >>> sorted(names_in("a * tanh(b)"))
    ['a', 'b', 'tanh']
    """
    try:
        tree = ast.parse(answer.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
