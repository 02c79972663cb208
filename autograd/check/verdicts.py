"""Verdicts: one given derivative against what was measured, and the hint that a whole wrong gradient gives.

Types
    Element    one element of one input: given, numeric ± bound, verdict, and the slopes of both sides at a corner.

Verdicts: ``ok``; ``kink`` (a subgradient, right); ``edge`` (right, seen from the one side where f is defined);
``jump`` (right for one side of a jump); ``infinite`` (right: the slope is infinite); ``weak`` (cannot be verified);
``wrong``; ``corner`` (a kink, refused because ``kinks="refuse"``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.check.ladder import EPS, Entry

if TYPE_CHECKING:
    from autograd.check.slopes import Slope

GOOD = frozenset({"ok", "kink", "edge", "jump", "infinite"})
BAD = frozenset({"wrong", "corner"})
WEAK = 1e-4
"""A tolerance above this part of the derivative verifies nothing."""
CAUTION = 3.0
"""A derivative is accused when it is further away than three times the error bound."""


@dataclass(frozen=True, slots=True)
class Element:
    """The verdict on one element of one input (or on a direction, where ``index`` is None)."""

    path: str
    index: tuple[int, ...] | None
    given: float
    numeric: float
    bound: float
    tolerance: float
    verdict: str
    note: str = ""
    left: float = math.nan
    right: float = math.nan

    @property
    def name(self) -> str:
        """Where the element is: ``x[0, 2]``."""
        return self.path + (f"[{', '.join(map(str, self.index))}]" if self.index else "")

    def __str__(self) -> str:
        """Write given, numeric and verdict on one line."""
        numeric = "?" if math.isnan(self.numeric) else f"{self.numeric:.10g} ± {self.bound:.1e}"
        return f"{self.name}: given {self.given:.10g}, numeric {numeric}: {self.verdict}" + (
            f" ({self.note})" if self.note else ""
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """What a comparison may forgive beyond the error bound of the numeric slope."""

    rtol: float = 1e-8
    conditioning: float = 0.0
    """Σ|given·x| over all inputs, divided by the size of this one: rounding in the gradient itself."""
    eps: float = EPS
    kinks: str = "subgradient"
    weak: float = WEAK

    def _replace(self, conditioning: float) -> Measure:
        return Measure(self.rtol, conditioning, self.eps, self.kinks, self.weak)

    def strict(self, given: float, numeric: Entry) -> float:
        """Give how far the two may be apart if the gradient itself was computed without loss."""
        size = max(abs(given), abs(numeric.slope)) if math.isfinite(given) else abs(numeric.slope)
        return CAUTION * numeric.bound + max(self.rtol, 16 * self.eps) * size

    def tolerance(self, given: float, numeric: Entry) -> float:
        """Give how far the two may be apart before anybody is accused."""
        return self.strict(given, numeric) + 64 * self.eps * self.conditioning


def judge(path: str, index: tuple[int, ...] | None, given: float, found: Slope, measure: Measure) -> Element:
    """Compare a given derivative with what was measured along its line."""
    central = Entry(found.slope, found.bound)

    def element(verdict: str, entry: Entry = central, note: str = "") -> Element:
        tolerance = measure.tolerance(given, entry) if math.isfinite(entry.bound) else math.inf
        return Element(
            path, index, given, entry.slope, entry.bound, tolerance, verdict, note, found.left.slope, found.right.slope
        )

    def near(entry: Entry) -> bool:
        return math.isfinite(entry.bound) and abs(given - entry.slope) <= measure.tolerance(given, entry)

    status = found.status
    if status == "undefined":
        return element("weak", note="f is not finite at the point itself")
    if status == "infinite":
        if given == found.slope or (math.isinf(given) and given in (found.left.slope, found.right.slope)):
            return element("infinite", note="the slope is infinite here")
        sides = [e for e in (found.left, found.right) if math.isfinite(e.bound) and math.isfinite(e.slope)]
        if any(near(e) for e in sides):
            return element("kink", note="one side has an infinite slope; the given one is the other side's")
        return element("wrong", note="the slope is infinite here")
    if status == "unresolved":
        return element("weak", note="the values of f do not settle to a slope here")
    if math.isnan(given):
        return element("wrong", note="the given gradient is nan and the function has a slope")
    if status == "jump":
        for side, entry in (("left", found.left), ("right", found.right)):
            if near(entry):
                return element("jump", entry, f"f jumps here; this is its slope on the {side}")
        known = [e.slope for e in (found.left, found.right) if math.isfinite(e.bound)]
        if len(known) < 2:
            return element("weak", note="f jumps here")
        return element(
            "wrong", found.right, f"f jumps here, with slope {known[0]:.6g} on the left and {known[1]:.6g} on the right"
        )
    if status == "kink":
        return _at_kink(given, found, measure, element)
    if status == "edge":
        if math.isinf(central.bound):
            return element("weak", note="f is defined on one side only, and its values do not settle to a slope")
        verdict = _compared(given, central, found, measure)
        return element("edge" if verdict == "ok" else verdict, note="f is defined on one side only")
    if status == "flat":
        # Not a bit of f changes: an exact 0 is right, and nothing else can be verified.
        if given == 0.0:
            return element("ok")
        return element("weak" if near(central) else "wrong", note="f does not change here")
    verdict = _compared(given, central, found, measure)
    return element(verdict, note="rounding in f hides the slope" if verdict == "weak" else "")


def _compared(given: float, entry: Entry, found: Slope, measure: Measure) -> str:
    tolerance = measure.tolerance(given, entry)
    if not abs(given - entry.slope) <= tolerance:
        return "wrong"
    # A derivative of exactly 0 is measured against the slopes that f has around the point.
    size = max(abs(given), abs(entry.slope)) if given else max(abs(entry.slope), found.scale)
    if abs(given - entry.slope) <= measure.strict(given, entry):
        tolerance = measure.strict(given, entry)
    return "ok" if tolerance <= measure.weak * size else "weak"


def _at_kink(given: float, found: Slope, measure: Measure, element: Any) -> Element:
    low, high = sorted((found.left, found.right), key=lambda e: e.slope)
    slack = max(measure.tolerance(given, low), measure.tolerance(given, high))
    slopes = f"slope {found.left.slope:.6g} on the left, {found.right.slope:.6g} on the right"
    if not low.slope - slack <= given <= high.slope + slack:
        return element("wrong", note=f"outside the corner: {slopes}")  # type: ignore[no-any-return]
    if slack > measure.weak * 100 * (high.slope - low.slope):
        return element("weak", note=f"near a corner: {slopes}")  # type: ignore[no-any-return]
    return element("corner" if measure.kinks == "refuse" else "kink", note=slopes)  # type: ignore[no-any-return]


def hint(given: Any, numeric: Any) -> str:
    """Say what a wrong gradient looks like: a sign, a factor, a transposition; empty where no pattern fits.

    Args:
        given: the array that was given.
        numeric: the array that was measured, of the same shape; nan where it is not known.

    >>> hint(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 3.0], [2.0, 4.0]]))
    'it is right when transposed'
    """
    given, numeric = np.asarray(given, dtype=float), np.asarray(numeric, dtype=float)
    known = np.isfinite(numeric) & np.isfinite(given)
    if given.shape != numeric.shape or not known.any():
        return ""

    def same(a: Any, b: Any) -> bool:
        size = max(float(np.max(np.abs(b))), 1e-300)
        return bool(np.all(np.abs(a - b) <= 1e-5 * size))

    g, n = given[known], numeric[known]
    if not np.any(g) and np.any(n):
        return "it is 0 everywhere: is the dependency missing, or the graph cut (.data, .item(), detach)?"
    if same(-g, n):
        return "the sign is wrong"
    if given.ndim == 2 and given.shape[0] == given.shape[1] and known.all() and same(given.T, numeric):
        return "it is right when transposed"
    used = g != 0
    if np.any(used) and np.any(n) and not np.any(n[~used]):
        ratio = float(np.median(n[used] / g[used]))
        if ratio and same(g * ratio, n) and abs(ratio - 1) > 1e-6:
            return _factor(ratio, given)
    if len(g) > 1 and same(g - g[0] + n[0], n):
        return f"a constant is added: {g[0] - n[0]:.6g} in every element"
    return ""


def _factor(ratio: float, given: Any) -> str:
    for n, what in ((given.size, "the number of elements"), *((k, "the length of an axis") for k in given.shape)):
        if n > 1 and abs(ratio * n - 1) < 1e-5:
            return f"it is {n} times too large: {what} (a mean taken for a sum?)"
        if n > 1 and abs(ratio / n - 1) < 1e-5:
            return f"it is {n} times too small: {what} (a sum taken for a mean?)"
    if ratio > 0 and abs(1 / ratio - round(1 / ratio)) < 1e-5 and round(1 / ratio) > 1:
        return f"it is {round(1 / ratio)} times too large"
    return f"the true gradient is {ratio:.6g} times the given one, in every element"
