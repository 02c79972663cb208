"""How a cost grows: the exponent of time against size, by least squares in a log-log plot."""

from __future__ import annotations

import math
from statistics import linear_regression
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .description import Case, Results


def exponent(curve: Sequence[tuple[int, float]]) -> float | None:
    """Give k where the whole time grows as size to the power k, from (size, time per operation); None for one size.

    >>> exponent([(1000, 5.0), (10_000, 5.0), (100_000, 5.0)])
    1.0
    >>> exponent([(1000, 5.0), (10_000, 50.0)])
    2.0
    """
    if len(curve) < 2:
        return None
    sizes = [math.log10(size) for size, _ in curve]
    whole = [math.log10(size * each) for size, each in curve]
    return round(linear_regression(sizes, whole).slope, 3)


LINEAR = 1.1
"""What counts as linear over three decades: a factor of two in the cost of an operation, for caches that overflow."""


def of_contender(results: Results, cases: Iterable[Case], contender: str, column: str) -> float | None:
    """Give the exponent of one contender over the cases that it has."""
    pairs = [(case.size, results.get(contender, case.label, column)) for case in cases]
    return exponent([(size, number) for size, number in pairs if number is not None])
