"""A second look, before anybody is accused: is it rounding in the given gradient, or a function too fast for the steps?

Two things make a right gradient differ from a slope that was measured well.

Terms that cancel inside the backward pass leave only their rounding (``x * (1/x)``: 1/x − x/x²). Then the gradient jumps
about from one floating-point number to the next, so it is asked at a few of them; and a gradient in float32 is asked in
float64 too, where the function permits it.

A function that oscillates faster than the smallest step of the ladder looks like noise around a small slope. Then far
smaller steps agree with the given gradient, and not with the measured one.

Either way nothing can be verified, so the element is weak. It costs a few gradients, and is done for wrong elements only.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.check.ladder import EPS, Entry, power_of_two
from autograd.check.locate import NODES, sent
from autograd.check.subjects import Engine
from autograd.check.verdicts import Measure
from autograd.graph import Graph
from autograd.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograd.check.probe import Probe
    from autograd.check.subjects import Subject
    from autograd.check.verdicts import Element

Array = np.ndarray[Any, np.dtype[Any]]
NEIGHBOURS = 8
"""At how many neighbouring points the gradient is asked."""
ULPS = 64
"""How many floating-point numbers away half of them are, at most."""
NEAR = 2.0**-30
"""How far away, as a part of the number, the others are: far enough to round terms near 1 anew where the number is small."""
PART = 2.0**-26
"""A rounding of this size is tried in the recorded graph, large enough to be seen, and scaled down."""
CAUTION = 8.0
"""How many times as much as was seen the rounding of the gradient may be."""


def second_look(
    probe: Probe,
    weigh: Callable[[list[Array]], list[Array]],
    gradients: list[Array | None],
    elements: list[Element],
    base: Measure,
    seed: int,
) -> list[Element]:
    """Give the elements again; one that is called wrong and should not be is weak (or ok) now."""
    if not any(map(_in_question, elements)):
        return elements
    places = {leaf.path: i for i, leaf in enumerate(probe.subject.leaves)}
    counted = probe.evaluations
    rounding = _rounding(probe.subject, weigh, gradients, seed)
    doubled = _in_double(probe, weigh)
    probe.subject.pull([leaf.data for leaf in probe.subject.leaves], weigh)  # the locator looks at the latest pass
    if isinstance(probe.subject, Engine):
        rounding = list(map(np.maximum, rounding, _carried(probe.subject, seed)))
    found = [_again(e, places[e.path], probe, rounding, doubled, base) if _in_question(e) else e for e in elements]
    probe.evaluations = counted  # what the measurement took; README and tests count it
    return found


def _in_question(e: Element) -> bool:
    return (
        e.verdict == "wrong"
        and e.index is not None
        and math.isfinite(e.given)
        and math.isfinite(e.numeric)
        and not e.note.startswith("f jumps")
    )


def _rounding(
    subject: Subject, weigh: Callable[[list[Array]], list[Array]], gradients: list[Array | None], seed: int
) -> list[Array]:
    """Give how much each element of the gradient changes within a few floating-point numbers around the point."""
    draw = np.random.default_rng(seed)
    start = [leaf.data for leaf in subject.leaves]
    most = [np.zeros(leaf.data.shape) for leaf in subject.leaves]
    for k in range(NEIGHBOURS):
        moved = [
            x + np.spacing(np.abs(x)) * draw.integers(-ULPS, ULPS + 1, x.shape)
            if k % 2
            else x * (1 + NEAR * draw.uniform(-1, 1, x.shape))
            for x in start
        ]
        found = _asked(subject, [np.asarray(m, dtype=x.dtype) for m, x in zip(moved, start, strict=True)], weigh)
        for change, g, other in zip(most, gradients, found, strict=False):
            if g is not None and other is not None:
                with np.errstate(all="ignore"):
                    seen = np.abs(other - g)
                np.maximum(change, np.where(np.isfinite(seen), seen, 0.0), out=change)
    return most


def _carried(subject: Engine, seed: int) -> list[Array]:
    """Give what a rounding of every contribution in the recorded graph does to the gradient, from random ones."""
    draw = np.random.default_rng(seed)
    most = [np.zeros(leaf.data.shape) for leaf in subject.leaves]
    if sum(len(Graph(root)) for root in subject.roots) > NODES:
        return most
    exact: list[Array] = []
    with np.errstate(all="ignore"):
        for k in range(5):
            part = PART if k else 0.0
            totals: dict[int, Any] = {}
            for root, weight in zip(subject.roots, subject.seeds, strict=True):
                _add(totals, root, np.asarray(weight, dtype=float))
            for node in reversed(Graph(subject.roots).nodes if subject.roots else []):
                g = totals.get(node.node._index)
                if g is None or node.op is None:
                    continue
                for a, c in sent(node.node, float(g) if isinstance(node.node, Value) else g.astype(node.data.dtype)):
                    c = np.asarray(c, dtype=float)
                    _add(totals, a, c * (1 + part * draw.uniform(-1, 1, c.shape)))
            found = [
                np.asarray(totals.get(n._index, 0.0), dtype=float) * np.ones(leaf.data.shape)
                for n, leaf in zip(subject.nodes, subject.leaves, strict=True)
            ]
            exact = exact or found
            for change, g, other, leaf in zip(most, exact, found, subject.leaves, strict=True):
                seen = np.abs(other - g) * (float(np.finfo(leaf.dtype).eps) / PART)
                np.maximum(change, np.where(np.isfinite(seen), seen, 0.0), out=change)
    return most


def _add(totals: dict[int, Any], node: Any, c: Array) -> None:
    totals[node._index] = totals[node._index] + c if node._index in totals else c


def _in_double(probe: Probe, weigh: Callable[[list[Array]], list[Array]]) -> list[Array | None]:
    """Give the gradient in float64 at the same point, where it was given in less and the function permits it."""
    narrow = any(leaf.data.dtype != np.float64 for leaf in probe.subject.leaves)
    return _asked(probe.subject, [x.copy() for x in probe.data], weigh) if narrow and probe.eps == EPS else []


def _asked(subject: Subject, datas: list[Array], weigh: Callable[[list[Array]], list[Array]]) -> list[Array | None]:
    """Give the gradient at other numbers; an empty list where it is not defined."""
    try:
        _, found = subject.pull(datas, weigh)
    except Exception:  # noqa: BLE001  a point at which the function or its gradient is not defined
        return []
    arrays = [None if g is None else np.asarray(getattr(g, "_data", g), dtype=float) for g in found]
    return [g if g is not None and g.shape == x.shape else None for g, x in zip(arrays, datas, strict=True)]


def _again(
    e: Element, place: int, probe: Probe, rounding: list[Array], doubled: list[Array | None], base: Measure
) -> Element:
    assert e.index is not None
    wide = doubled[place] if doubled else None
    if wide is not None:
        g, entry = float(wide[e.index]), Entry(e.numeric, e.bound)
        if abs(g - e.numeric) <= Measure(base.rtol).strict(g, entry):
            name = probe.subject.leaves[place].data.dtype.name
            return replace(e, verdict="weak", note=f"right in float64; in {name} rounding hides the slope")
    room = CAUTION * float(rounding[place][e.index])
    corner = abs(e.right - e.left) if e.note.startswith("outside the corner") else 0.0
    tolerance = e.tolerance + room
    # At a corner that is no rounding itself the gradient jumps between neighbours, and should.
    if room > 8 * corner and abs(e.given - e.numeric) <= tolerance:
        sure = tolerance <= base.weak * max(abs(e.given), abs(e.numeric))
        note = (
            ""
            if sure
            else f"rounding in the gradient hides the slope: neighbouring floats differ by {room / CAUTION:.1e}"
        )
        return replace(e, tolerance=tolerance, verdict="ok" if sure else "weak", note=note)
    if _oscillates(e, place, probe):
        return replace(e, verdict="weak", note="f oscillates faster than the steps of the check")
    return e


def _oscillates(e: Element, place: int, probe: Probe) -> bool:
    """Tell whether far smaller steps give the slope that was given, and not the one that was measured."""
    assert e.index is not None
    shape = probe.data[place].shape
    line = probe.element(place, int(np.ravel_multi_index(e.index, shape)) if shape else 0)
    agreed = 0
    for exponent in range(-24, -42, -2):
        h = math.ldexp(power_of_two(line.x) if line.x else 1.0, exponent)
        up, down = line.step(h), line.step(-h)
        if up <= down:
            return False
        slope = (line(up) - line(down)) / (up - down)
        agreed = agreed + 1 if abs(slope - e.given) <= 0.1 * abs(e.given - e.numeric) else 0
        if agreed == 2:
            return True
    return False
