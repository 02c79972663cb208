"""Do all contenders compute the same? Asked before anything is timed, of values and of gradients.

A benchmark whose sides do different work measures nothing. Each number is held against the median of what
all contenders have there, so that the odd one out is named.
"""

from __future__ import annotations

import math
from statistics import median_low
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .description import Answer

RELATIVE = 1e-9
"""Contenders add contributions in different orders; that costs some last bits, never nine digits."""
OF_THE_LARGEST = 1e-12
"""What cancels to almost nothing is held against the largest number of its list instead."""


class DisagreementError(AssertionError):
    """Two contenders give different numbers for the same thing."""


def check(what: str, answers: Mapping[str, Answer]) -> None:
    """Raise a ``DisagreementError`` naming the contender and the number unless all answers agree."""
    if not answers:
        return
    names = list(answers)
    reference = answers[names[0]]
    for name in names[1:]:
        shape = {key: len(numbers) for key, numbers in answers[name].items()}
        expected = {key: len(numbers) for key, numbers in reference.items()}
        if shape != expected:
            message = f"{what}: {name} answers with {shape}, but {names[0]} with {expected}"
            raise DisagreementError(message)
    for key, numbers in reference.items():
        floor = OF_THE_LARGEST * max(map(abs, numbers), default=0.0)
        for i in range(len(numbers)):
            here = {name: answers[name][key][i] for name in names}
            place = f"{key}[{i}]" if len(numbers) > 1 else key
            compare(f"{what}: {place}", here, floor)


def compare(place: str, here: Mapping[str, float], floor: float) -> None:
    """Compare one number of all contenders."""
    for name, number in here.items():
        if not math.isfinite(number):
            message = f"{place} of {name} is {number}"
            raise DisagreementError(message)
    middle = median_low(here.values())
    for name, number in here.items():
        if not math.isclose(number, middle, rel_tol=RELATIVE, abs_tol=floor):
            others = ", ".join(f"{other} has {theirs!r}" for other, theirs in here.items() if other != name)
            message = f"{place} of {name} is {number!r}, but {others}"
            raise DisagreementError(message)
