"""Checks along directions: many elements at once, the one wrong element among ten thousand, elements that tie.

A direction has entries ±2^round(log₂|xᵢ|) with random signs: every element moves by a part of its own size, no two
errors cancel by accident in three draws, and the steps are exact. When a direction disagrees, it is halved until
single coordinates are left.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.check.ladder import Entry, added
from autograd.check.slopes import measure, quick
from autograd.check.verdicts import BAD, Element, Measure, judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograd.check.probe import Probe

Array = np.ndarray[Any, np.dtype[Any]]
WRONG_AT_MOST = 8
"""How many wrong coordinates a bisection looks for before it stops."""
TRIED_AT_MOST = 40
"""How many right coordinates in a row a bisection looks at before it gives up."""
TIED_AT_MOST = 24
"""How many elements at corners are looked at in pairs."""


def check_directions(
    probe: Probe, gradients: list[Array | None], how_many: int, seed: int, base: Measure
) -> Iterator[Element]:
    """Check all elements together along random directions; bisect to the coordinates where that fails."""
    draw = np.random.default_rng(seed)
    leaves = [i for i, g in enumerate(gradients) if g is not None and g.size]
    for number in range(how_many):
        signs = [draw.choice([-1.0, 1.0], size=probe.data[i].size) for i in leaves]
        entries = [probe.entries(i, s) for i, s in zip(leaves, signs, strict=True)]
        whole = [(i, np.arange(probe.data[i].size), e) for i, e in zip(leaves, entries, strict=True)]
        found = _along(probe, whole, gradients, base, f"direction {number + 1}")
        if found.verdict not in BAD:
            yield found
            continue
        blamed = list(_bisected(probe, whole, gradients, base))
        # Directions may mislead where f oscillates within a step; a coordinate is what accuses.
        yield from blamed or [
            replace(found, verdict="weak", note="the direction disagrees, and no single element does")
        ]
        return


def _along(
    probe: Probe, moves: list[tuple[int, Array, Array]], gradients: list[Any], base: Measure, name: str
) -> Element:
    with np.errstate(all="ignore"):
        products = np.concatenate([gradients[i].reshape(-1)[where].astype(float) * e for i, where, e in moves])
    given = added(products.tolist())
    total = added(np.abs(products).tolist())
    # A wrong element must not hide behind the others: what counts as weak is measured against a typical element.
    share = total / products.size / max(abs(given), 1e-300)
    verify = Measure(base.rtol * min(1.0, share), total, base.eps, base.kinks, base.weak * min(1.0, share))
    line = probe.direction(moves)
    slope, _ = quick(line, given, verify.rtol, (1.0,))
    if slope is not None and verify.strict(given, Entry(slope.slope, slope.bound)) > verify.weak * abs(given):
        slope = None
    found = judge(name, None, given, slope or measure(line), verify)
    probe.note(line, name)
    return found


def _bisected(
    probe: Probe, whole: list[tuple[int, Array, Array]], gradients: list[Any], base: Measure
) -> Iterator[Element]:
    """Halve what disagrees until single coordinates are left; give their verdicts."""
    todo = [whole]
    found = tried = 0
    while todo and found < WRONG_AT_MOST and tried < TRIED_AT_MOST * (1 + found):
        moves = todo.pop()
        size = sum(len(where) for _, where, _ in moves)
        if size == 1:
            tried += 1
            ((i, where, _),) = moves
            leaf = probe.subject.leaves[i]
            k = int(where[0])
            line = probe.element(i, k)
            verdict = judge(
                leaf.path,
                tuple(int(n) for n in np.unravel_index(k, leaf.data.shape)),
                float(gradients[i].reshape(-1)[k]),
                measure(line),
                base,
            )
            probe.note(line, verdict.name)
            if verdict.verdict in BAD:
                found += 1
                yield verdict
            continue
        halves = _halves(moves, size)
        bad = [h for h in halves if _along(probe, h, gradients, base, "").verdict in BAD]
        todo.extend(reversed(bad))


def _halves(moves: list[tuple[int, Array, Array]], size: int) -> list[list[tuple[int, Array, Array]]]:
    first: list[tuple[int, Array, Array]] = []
    second: list[tuple[int, Array, Array]] = []
    room = size // 2
    for i, where, e in moves:
        if room:
            first.append((i, where[:room], e[:room]))
        if len(where) > room:
            second.append((i, where[room:], e[room:]))
        room = max(0, room - len(where))
    return [first, second]


def check_ties(probe: Probe, corners: list[tuple[int, int, Element]], base: Measure) -> Iterator[Element]:
    """At a tie each element may have any slope between its two sides, but together they have one joint slope.

    ``max(a, b)`` at a = b: (1, 0), (½, ½) and (0, 1) are right, (0, 0) and (1, 1) are not.
    """
    corners = corners[:TIED_AT_MOST]
    for group in _groups(probe, corners):
        by_leaf: dict[int, list[int]] = {}
        for i, k, _ in group:
            by_leaf.setdefault(i, []).append(k)
        line = probe.direction([(i, np.array(ks), np.ones(len(ks))) for i, ks in by_leaf.items()])
        found = measure(line)
        if found.status != "smooth":
            continue
        given = added(e.given for _, _, e in group)
        verdict = judge(" + ".join(e.name for _, _, e in group), None, given, found, base)
        if verdict.verdict == "wrong":
            yield Element(
                verdict.path, None, given, verdict.numeric, verdict.bound, verdict.tolerance, "wrong",
                "tied elements must add up to their joint slope",
            )  # fmt: skip


def _groups(probe: Probe, corners: list[tuple[int, int, Element]]) -> list[list[tuple[int, int, Element]]]:
    """Join elements whose corner is the same one: moving both is not the sum of moving each."""
    step = 2.0**-12
    alone: list[tuple[float, float]] = []
    for i, k, _ in corners:
        line = probe.element(i, k)
        alone.append((line(step), line(-step)))
    parent = list(range(len(corners)))
    for p in range(len(corners)):
        for q in range(p):
            (i, k, _), (j, m, _) = corners[p], corners[q]
            line = probe.direction([(i, np.array([k]), np.ones(1)), (j, np.array([m]), np.ones(1))])
            for t, a, b in ((step, alone[p][0], alone[q][0]), (-step, alone[p][1], alone[q][1])):
                together = line(t)
                mixed = together - a - b + probe.value
                if (
                    abs(mixed)
                    > 1e-3 * step * max(abs(a - probe.value), abs(b - probe.value), abs(together - probe.value)) / step
                ):
                    root = parent[p]
                    parent = [parent[q] if r == root else r for r in parent]
    groups: dict[int, list[tuple[int, int, Element]]] = {}
    for p, corner in enumerate(corners):
        groups.setdefault(parent[p], []).append(corner)
    return [g for g in groups.values() if len(g) > 1]
