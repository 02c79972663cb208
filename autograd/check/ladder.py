"""Ladders of difference quotients: from values of a function along a line to a slope with an error bound.

Types
    Entry      a slope with an error bound.
    Rungs      the quotients of one ladder, from the largest step to the tiniest, each with its noise.

A *ladder* is a list of difference quotients with steps H, H/4, H/16 … Richardson extrapolation removes the leading
error terms: a central quotient has errors in h², h⁴, …, so one level of extrapolation divides by 16, 256, …; a
one-sided quotient has errors in h, h², …, which a level divides by 4, 16, …

Which entry is the best? The tiniest step has the most noise and the least bias. We walk up from it for as long
as the intervals agree (Lepski's method), and take the entry whose bound, noise plus the change that the last
extrapolation made, is the least.

Sources: Richardson & Gaunt, "The deferred approach to the limit" (1927); Lepski, "On a problem of adaptive
estimation" (1991); Moré & Wild, "Estimating computational noise" (2011), for ``lattice_noise``.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

EPS = 2.0**-52
LEVELS = 4  # columns of the extrapolation: order 8 for central quotients


class Entry(NamedTuple):
    """A slope and how far from the truth it may be."""

    slope: float
    bound: float


NOTHING = Entry(math.nan, math.inf)


class Rungs(NamedTuple):
    """Quotients of one ladder, tiniest step last, and the noise of each."""

    slopes: list[float]
    noise: list[float]
    factor: float
    """By how much the leading error shrinks from rung to rung: 16 for central quotients, 4 for one-sided ones."""


def power_of_two(x: float) -> float:
    """Give the power of two just below ``|x|``, so that steps of it are exact.

    >>> power_of_two(-5.0)
    4.0
    """
    return math.ldexp(1.0, math.frexp(x)[1] - 1)


def steps(x: float, *, eps: float = EPS, deep: bool = False, fine: float = 1.0) -> list[float]:
    """Give the steps of the ladder at ``x``: max(1, |x|)/2 down to min(1, |x|)·2⁻²², ratio 4, at least 16 ulp.

    At 0 the ladder goes down to 2⁻⁴⁰, since nothing says what is small there. A ``deep`` ladder goes on to 16 ulp,
    a ``fine`` one further down by that factor.
    """
    size = abs(x)
    top = power_of_two(max(1.0, size)) / 2
    if not size:
        low = 2.0**-80 if deep else 2.0**-40
    else:
        low = max(0.0 if deep else power_of_two(min(1.0, size)) * 2.0**-22 / fine, 16 * eps * power_of_two(size))
    result = [top]
    while result[-1] / 4 >= low:
        result.append(result[-1] / 4)
    return result


def added(values: Iterable[float]) -> float:
    """Add up without rounding; infinite or nan where the sum is."""
    values = list(values)
    try:
        return math.fsum(values)
    except (OverflowError, ValueError):  # a sum beyond the largest float; ∞ − ∞
        return sum(values)


def lattice_noise(phi: Callable[[float], float], start: float, spacing: float) -> tuple[float, bool]:
    """Estimate the rounding noise of ``phi`` from seven equidistant values; say also whether all were equal.

    A difference of order k of a smooth function shrinks like spacingᵏ, while noise σ grows to σ·√((2k)!)/k!.
    """
    row = [phi(start + i * spacing) for i in range(7)]
    if not all(map(math.isfinite, row)):
        return 0.0, False
    flat = all(v == row[0] for v in row)
    found = 0.0
    for k in range(1, 7):
        row = [b - a for a, b in pairwise(row)]
        if k > 4:
            gamma = math.factorial(k) ** 2 / math.factorial(2 * k)
            size = max(map(abs, row)) or 1.0  # taken out, so that no square overflows
            found = max(found, size * math.sqrt(gamma * math.fsum((v / size) ** 2 for v in row) / len(row)))
    return found, flat


def climb(rungs: Rungs) -> Entry:
    """Extrapolate a ladder and choose the entry with the least honest bound."""
    slopes, noise, r = rungs
    count = len(slopes)
    if count < 3:
        return NOTHING
    table, noises = _extrapolated(slopes, noise, r)
    best = NOTHING
    low, high = slopes[-1] - 2 * noise[-1], slopes[-1] + 2 * noise[-1]
    for j in range(count - 1, 0, -1):
        row, here = table[j], NOTHING
        slow = _slow_change(slopes, noise, j, r)
        for k, (slope, shake) in enumerate(zip(row, noises[j], strict=True)):
            change = abs(slope - row[k - 1]) if k else abs(slope - slopes[j - 1])
            if j > k:
                change = max(change, abs(slope - table[j - 1][k]) / 4 if k else 0.0)
            bound = max(shake + change, slow)
            if bound < here.bound and slope - 2 * bound <= high and slope + 2 * bound >= low:
                # A better entry must lie where the smaller steps allow it: noise is all that it may differ by.
                reach = shake + min(change, bound)
                if slope - 2 * reach <= high and slope + 2 * reach >= low:
                    here = Entry(slope, bound)
        if math.isinf(here.bound):
            break
        if here.bound < best.bound:
            best = here
        low, high = max(low, here.slope - 2 * here.bound), min(high, here.slope + 2 * here.bound)
        if low > high:
            break
    return best


def _extrapolated(
    slopes: Sequence[float], noise: Sequence[float], r: float
) -> tuple[list[list[float]], list[list[float]]]:
    table: list[list[float]] = []
    noises: list[list[float]] = []
    for j, slope in enumerate(slopes):
        row, shakes, power = [slope], [noise[j]], r
        for k in range(1, min(j, LEVELS - 1) + 1):
            row.append(row[k - 1] + (row[k - 1] - table[j - 1][k - 1]) / (power - 1))
            shakes.append((power * shakes[k - 1] + noises[j - 1][k - 1]) / (power - 1))
            power *= r
        table.append(row)
        noises.append(shakes)
    return table, noises


def _slow_change(slopes: Sequence[float], noise: Sequence[float], j: int, r: float) -> float:
    """Bound the error where quotients converge more slowly than a smooth function's (a power such as x**1.5)."""
    if j < 2:
        return 0.0
    now, before = abs(slopes[j] - slopes[j - 1]), abs(slopes[j - 1] - slopes[j - 2])
    if now <= 4 * (noise[j] + noise[j - 1]) or now * r <= 1.5 * before:
        return 0.0
    rate = now / before if before else math.inf
    return 2 * now * rate / (1 - rate) if rate < 0.95 else math.inf
