"""Gradients beside central finite differences, with an estimate of how far the difference itself can be trusted.

The central difference (f(x+h) − f(x−h)) / 2h has an error of order h² from cutting the Taylor series and of order
ε·|f|/h from rounding. No single h suits every function, so a ladder of steps is tried, each error is estimated (by
comparison with the next coarser step, plus rounding), and the best rung is taken. A gradient agrees when it lies
within ten times that error. Where the quotient does not settle, or the slopes on the two sides differ, that is said
instead: a difference quotient proves nothing at a kink.

Source: Nocedal & Wright, *Numerical Optimization* (2nd ed. 2006), section 8.1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

EPSILON = float(np.finfo(np.float64).eps)
RUNGS = (
    4,
    8,
    12,
    16,
    20,
    24,
    28,
    32,
)  # steps h = scale · 2⁻ᵏ: exact in binary, each 16 times finer than the one before
TRUST = 10.0  # how many estimated errors the gradient may be away
CLOSE = 1e-9  # … or relative to its size: the error of the estimate itself
SETTLED = 1e-4  # an error estimate above this share of the slope says nothing

Vector = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Quotient:
    """What difference quotients say about the slopes of several functions at one number x."""

    central: Vector
    error: Vector
    floor: Vector  # slopes below this are rounding
    left: Vector
    right: Vector
    kink: np.ndarray[Any, np.dtype[np.bool_]]
    jump: np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One derivative beside its difference quotient. ``verdict`` is one word, ``note`` the sentence for a reader."""

    label: str
    value: float
    gradient: float
    difference: float
    error: float
    verdict: str  # agrees, disagrees, kink, jump, edge, unsettled
    note: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the gradient lies within the error of the difference."""
        return self.verdict == "agrees"


def quotient(f: Callable[[float], Vector], x: float) -> Quotient:
    """Give the best central difference of every component of f at x, and the slopes on both sides.

    >>> q = quotient(lambda x: np.array([x**2, abs(x - 3)]), 3.0)
    >>> q.central.round(9), q.kink
    (array([6., 0.]), array([False,  True]))
    """
    with np.errstate(all="ignore"):
        return _quotient(f, x)


def _quotient(f: Callable[[float], Vector], x: float) -> Quotient:
    here = np.asarray(f(x), dtype=np.float64)
    best = np.full_like(here, math.nan)
    error = np.full_like(here, math.inf)
    size = np.where(np.isfinite(here), np.abs(here), 0.0)
    for scale in sorted({1.0, abs(x)} - {0.0}):
        slopes, roundings = [], []
        for k in RUNGS:
            low, high = x - scale * 2.0**-k, x + scale * 2.0**-k
            if not low < high or not math.isfinite(high - low):
                break
            f_low, f_high = f(low), f(high)
            largest = np.maximum(np.abs(f_low), np.abs(f_high))
            if k == RUNGS[0]:
                size = np.fmax(size, np.where(np.isfinite(largest), largest, 0))
            slopes.append((f_high - f_low) / (high - low))
            roundings.append(16 * EPSILON * largest / (high - low))
        for coarse, slope, fine, r, r_fine in zip(
            slopes, slopes[1:], slopes[2:], roundings[1:], roundings[2:], strict=False
        ):
            # A rung is worth what its neighbours confirm, the finer one up to its own rounding.
            estimate = np.abs(slope - coarse) / 16 + r + np.maximum(np.abs(slope - fine) - r_fine, 0)
            better = np.isfinite(estimate) & (estimate < error)
            best, error = np.where(better, slope, best), np.where(better, estimate, error)
    scale = abs(x) or 1.0
    (left_1, right_1), (left, right) = (_sides(f, here, x, scale * 2.0**-k) for k in (14, 18))
    wide, fine = np.abs(right_1 - left_1), np.abs(right - left)
    noise = 64 * EPSILON * size / (scale * 2.0**-18)
    apart = (fine > 1e-3 * np.maximum(np.abs(left), np.abs(right))) & (fine > 10 * noise)
    # A smooth function's two slopes approach each other as h shrinks; at a kink their gap stays, at a jump it grows.
    kink = apart & (fine > 0.5 * wide) & (fine < 3 * wide)
    jump = apart & (fine >= 3 * wide)
    floor = 1e-6 * size / max(abs(x), 1.0)
    return Quotient(best, error, floor, left, right, kink, jump)


def _sides(f: Callable[[float], Vector], here: Vector, x: float, h: float) -> tuple[Vector, Vector]:
    low, high = x - h, x + h
    return (here - f(low)) / (x - low), (f(high) - here) / (high - x)


def compare(label: str, x: float, gradient: float, q: Quotient, i: int) -> Comparison:
    """Judge one gradient by component ``i`` of a quotient."""
    central, error = float(q.central[i]), float(q.error[i])
    left, right = float(q.left[i]), float(q.right[i])
    scale = max(abs(gradient), abs(central))
    verdict, note = (
        "disagrees",
        "the gradient and the central difference differ by more than the error of the difference",
    )
    settled = error <= SETTLED * scale + float(q.floor[i])
    near = math.isfinite(gradient) and abs(gradient - central) <= TRUST * error + CLOSE * scale
    if not (math.isfinite(left) and math.isfinite(right)) and math.isfinite(left) != math.isfinite(right):
        side = "left" if math.isfinite(right) else "right"
        verdict = "edge"
        note = (
            f"the function has no finite value just to the {side} of {x:.6g}, so a two-sided difference does not exist"
        )
    elif not math.isfinite(gradient):
        verdict, note = "unsettled", f"the gradient is {gradient} at {x:.6g}, which no difference quotient can confirm"
    elif settled and near:
        verdict = "agrees"
        note = f"a kink: the slope is {left:.4g} on the left and {right:.4g} on the right" if q.kink[i] else ""
    elif q.jump[i]:
        verdict, note = "jump", f"the value jumps at {x:.6g}, so a difference quotient has no limit there"
    elif q.kink[i]:
        verdict = "kink"
        between = min(left, right) - 1e-3 * abs(left) <= gradient <= max(left, right) + 1e-3 * abs(right)
        note = (
            f"a kink: the slope is {left:.4g} on the left of {x:.6g} and {right:.4g} on the right; "
            + (
                f"{gradient:.4g} is the convention chosen there"
                if between
                else f"{gradient:.4g} is neither, nor between"
            )
            + f", and the central difference {central:.4g} is only their mean"
        )
    elif not settled:
        verdict, note = (
            "unsettled",
            "the central difference does not settle at any step, so it can neither confirm nor refute",
        )
    if verdict in ("edge", "jump", "unsettled"):
        central = math.nan  # there is no such number
    return Comparison(label, x, gradient, central, error, verdict, note)
