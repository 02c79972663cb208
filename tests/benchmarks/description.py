"""What a workload consists of: plain data, so that the harness can plan without importing any engine.

    Workload    a name, its cases, its contenders and its goals; one per file ``w*.py``
    Case        one size or variant of it; heads a group of columns
    Trial       what one contender does in one case; made in the worker process, where the engine is
    Gauge       a number that is not a time, such as bytes per operation
    Goal        a bound on a ratio or a number, printed beside what was measured
    Results     the numbers of one run, looked up by contender, case and column

A contender's name is the name of a peer, with a suffix after a dot where a peer competes twice
(``jax.jit``).
"""

from __future__ import annotations

import gc
import importlib
import pkgutil
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

OURS = "chainrule"
GC_ON, GC_OFF = "gc on", "gc off"

Answer = dict[str, list[float]]
"""What a contender computed: lists of numbers by name, such as ``value`` and ``gradient``."""


class UnsupportedError(Exception):
    """The contender cannot do this case; the message says why and becomes a footnote."""


@contextmanager
def collector_off() -> Iterator[None]:
    """Rest Python's cyclic garbage collector, as ``autograd.gc_paused()`` does for us."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Case:
    """One size or variant of a workload.

    ``slow`` names the contenders that run it with ``--full`` only, ``among`` those that take part (all when
    empty); ``quick`` says whether it is run with ``--quick``.
    """

    label: str
    size: int
    variant: str = ""
    quick: bool = True
    slow: frozenset[str] = frozenset()
    among: frozenset[str] = frozenset()

    def has(self, contender: str) -> bool:
        """Say whether a contender takes part."""
        return not self.among or contender in self.among


@dataclass(frozen=True, slots=True)
class Trial:
    """What one contender does in one case.

    ``fresh()`` makes what a pass starts from (untimed), ``timed(state)`` is the pass, ``answer(state,
    result)`` gives the numbers that all contenders must agree on. ``units`` divides the time,
    ``baseline()`` is timed too and subtracted, and ``gauges`` measure things other than time, each in a
    process of its own.
    """

    fresh: Callable[[], Any]
    timed: Callable[[Any], Any]
    answer: Callable[[Any, Any], Answer]
    units: float = 1.0
    baseline: Callable[[], Any] | None = None
    paused: Callable[[], AbstractContextManager[Any]] = collector_off
    gauges: Mapping[str, Callable[[], float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number that is not a time, read for one case; ``compared`` says whether its ratio means something."""

    name: str
    case: str
    compared: bool = True


@dataclass(frozen=True, slots=True)
class Results:
    """The numbers of one workload by (contender, case label, column); what is missing was not measured."""

    numbers: Mapping[tuple[str, str, str], float]

    def get(self, contender: str, case: str, column: str = GC_ON) -> float | None:
        """Give one number, or None."""
        return self.numbers.get((contender, case, column))

    def ratio(self, contender: str, case: str, column: str = GC_ON, to: str = OURS) -> float | None:
        """Say how many times as much the contender needs as we do, in the same column."""
        theirs, ours = self.get(contender, case, column), self.get(to, case, column)
        return theirs / ours if theirs is not None and ours else None


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound and how to measure what it bounds; a lower bound unless ``at_most``.

    ``shortfall`` says why it is missed and what was tried; it is shown only where the goal is not met.
    """

    text: str
    bound: float
    measured: Callable[[Results], float | None]
    at_most: bool = False
    unit: str = "×"
    shortfall: str = ""

    def verdict(self, results: Results) -> tuple[float | None, str]:
        """Give what was measured and ``met``, ``NOT met`` or ``not measured``."""
        number = self.measured(results)
        if number is None:
            return None, "not measured"
        met = number <= self.bound if self.at_most else number >= self.bound
        return number, "met" if met else "NOT met"


@dataclass(frozen=True, slots=True)
class Workload:
    """One workload: ``contenders`` maps names to functions from a case to a trial, called in the worker.

    ``grows`` says that the cases are sizes of one thing and the unit is per operation, so that an exponent means
    something; ``rounds`` bounds the rounds, for what is slow.
    """

    name: str
    title: str
    unit: str
    cases: tuple[Case, ...]
    contenders: Mapping[str, Callable[[Case], Trial]]
    columns: tuple[str, ...] = (GC_ON,)
    gauges: tuple[Gauge, ...] = ()
    goals: tuple[Goal, ...] = ()
    notes: tuple[str, ...] = ()
    grows: bool = False
    rounds: int | None = None


GROWING = ("growth", "tools")
"""The workloads without a number: cost against size."""


def names_of_workloads() -> list[str]:
    """List the workloads that have a file here, in order.

    >>> "W1" in names_of_workloads()
    True
    """
    package = importlib.import_module(__package__ or "")
    found = (re.fullmatch(r"w(\d+)", module.name) for module in pkgutil.iter_modules(package.__path__))
    return [*(f"W{number}" for number in sorted(int(match[1]) for match in found if match)), *GROWING]


def load(name: str) -> Workload:
    """Load one workload by its name, such as ``W1``."""
    workload = importlib.import_module(f".{name.lower()}", __package__).WORKLOAD
    assert isinstance(workload, Workload)
    return workload
