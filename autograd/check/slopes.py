"""One line, one slope: what a function does along a line, as far as its values can tell.

Types
    Line         φ(t) = f along a line, remembering the values that it gave, and what it raised.
    Slope        central slope with a bound, the slopes of both sides, and a status.

``quick`` accepts a given slope after four evaluations where it can; ``measure`` climbs the whole ladder on both
sides and tells a smooth point from a kink, a jump, an infinite slope and the edge of the domain.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from autograd.check.ladder import EPS, NOTHING, Entry, Rungs, climb, lattice_noise, power_of_two, steps

if TYPE_CHECKING:
    from collections.abc import Callable

QUICK = 1e-7
"""The relative bound below which the quick pass is satisfied."""
SKEW = 0.7390851332151607
ROUNDING = 1e-9
"""Values that differ by less than this (or this part of the function) on a staircase are rounding, not steps."""


@dataclass(frozen=True, slots=True)
class Slope:
    """What was found along one line.

    ``status`` is ``"smooth"``, ``"kink"``, ``"jump"``, ``"infinite"`` (the slope grows without limit), ``"edge"``
    (the function ends here), ``"flat"`` (not one bit changes nearby), ``"undefined"`` (no finite value at the point)
    or ``"unresolved"``.
    """

    status: str
    slope: float
    bound: float
    left: Entry = NOTHING
    right: Entry = NOTHING
    scale: float = 0.0
    """The largest difference quotient that was seen: what a slope of this function is like."""


class Line:
    """A function along a line, by displacement; a point that cannot be computed is nan, and is remembered."""

    __slots__ = ("at", "eps", "evaluations", "fine", "raised", "shake", "value", "x")

    def __init__(
        self,
        at: Callable[[float], float],
        x: float,
        *,
        eps: float = EPS,
        shake: float = 0.0,
        value: float | None = None,
        fine: float = 1.0,
    ) -> None:
        """Start at ``x`` (which sets the scale of the steps); ``shake`` is rounding that is known already.

        ``fine`` makes the tiniest step smaller: along a direction, a step of 1 moves large elements by much.
        """
        self.at = at
        self.x = x
        self.eps = eps
        self.shake = shake
        self.fine = fine
        self.evaluations = 0
        self.raised: list[tuple[float, Exception]] = []
        self.value = self(0.0) if value is None else value

    def __call__(self, t: float) -> float:
        """Give φ(t); nan where it raises or is not finite."""
        self.evaluations += 1
        try:
            y = float(self.at(t))
        except Exception as error:  # noqa: BLE001  a user's function at a point that we chose
            self.raised.append((t, error))
            return math.nan
        return y if math.isfinite(y) else math.nan

    def step(self, h: float) -> float:
        """Give the step that is really made from ``x``, whose neighbours are floats."""
        return (self.x + h) - self.x

    def noise(self, y: float) -> float:
        """Give the rounding of one value."""
        return self.eps * abs(y) + self.shake


def quick(
    line: Line, given: float, rtol: float, scales: tuple[float, ...], enough: float | None = None
) -> tuple[Slope | None, float]:
    """Accept ``given`` where a few central differences agree with it closely; None leaves the matter open.

    The error bound must be at most ``enough``, by default a small part of what is given. Also gives the scale that
    worked, which is a good first guess for the next element of the same array.
    """
    here = line.value
    if enough is None:
        enough = QUICK * abs(given)
    if given == 0.0:
        far = scales[0] / 2
        if all(line(t) == here for t in (far, -far, far * 2.0**-9, -far * 2.0**-9)):
            return Slope("flat", 0.0, line.noise(here) / far), scales[0]
        return None, 0.0
    for s in scales:
        for exponents in ((-10, -12), (-4, -6, -8)):
            slopes, bends, noises = [], [], []
            for e in exponents:
                up, down = line.step(math.ldexp(s, e)), line.step(-math.ldexp(s, e))
                if up <= 0.0 <= down:
                    break
                high, low = line(up), line(down)
                width = up - down
                slopes.append((high - low) / width)
                bends.append(abs((high - here) - (here - low)) * 2 / width)
                noises.append((line.noise(high) + line.noise(low)) / width + abs(up + down) / width * bends[-1])
            entry = _last_entry(slopes, noises)
            # A kink at the point shows as a bend that does not shrink with the step.
            straight = len(bends) > 1 and bends[-1] <= bends[-2] / 2 + 8 * noises[-1]
            if entry.bound <= enough and straight and abs(given - entry.slope) <= entry.bound + rtol * abs(given):
                return Slope("smooth", entry.slope, entry.bound), s
    return None, 0.0


def _last_entry(slopes: list[float], noises: list[float]) -> Entry:
    """Extrapolate two or three central quotients; the bound is noise plus the last change."""
    if len(slopes) < 2 or not all(map(math.isfinite, slopes)):
        return NOTHING
    first = slopes[-1] + (slopes[-1] - slopes[-2]) / 15
    if len(slopes) == 2:
        return Entry(first, abs(first - slopes[-1]) + 1.1 * noises[-1])
    older = slopes[-2] + (slopes[-2] - slopes[-3]) / 15
    second = first + (first - older) / 255
    return Entry(second, abs(second - first) + abs(first - older) / 64 + 1.1 * noises[-1])


def scales_at(x: float) -> tuple[float, ...]:
    """Give the sizes to try first: of the point itself and of 1, the likelier first."""
    size = power_of_two(x) if x else 1.0
    small, large = min(size, 1.0), max(size, 1.0)
    return (small,) if small == large else (small, large)


def measure(line: Line) -> Slope:
    """Climb the whole ladder on both sides; where something other than a smooth point appears, climb a deeper one."""
    found = _measure(line, steps(line.x, eps=line.eps, fine=line.fine))
    if found.status in ("kink", "jump", "infinite"):
        # A corner at a distance below the tiniest step is nearby, not here.
        return _measure(line, steps(line.x, eps=line.eps, deep=True))
    return found


def _measure(line: Line, hs: list[float]) -> Slope:
    here = line.value
    if not math.isfinite(here):
        return Slope("undefined", math.nan, math.inf)
    ups, downs = [line.step(h) for h in hs], [line.step(-h) for h in hs]
    highs, lows = [line(t) for t in ups], [line(t) for t in downs]
    scale = max(
        (abs((y - here) / t) for t, y in zip(ups + downs, highs + lows, strict=True) if math.isfinite(y) and t),
        default=0.0,
    )
    if all(y == here or y != y for y in highs + lows):  # noqa: PLR0124  nan differs from itself
        # Digits below those of 1 may have been lost on the way to a constant (1 + tanh(-30) is exactly 0).
        return Slope("flat", 0.0, line.eps * max(1.0, abs(here)) / hs[0], scale=scale)
    shakes = [_noise(line, sign, hs, ys) for sign, ys in ((1, highs), (-1, lows))]
    # What noise does over a tiny step is no slope: where there is nothing else, a gradient of 0 is not verified by it.
    scale = max(
        (
            (abs(y - here) - 4 * (line.noise(y) + shake)) / abs(t)
            for ts, ys, shake in ((ups, highs, shakes[0]), (downs, lows, shakes[1]))
            for t, y in zip(ts, ys, strict=True)
            if math.isfinite(y) and t
        ),
        default=0.0,
    )
    scale = max(scale, 0.0)
    right = _side(line, ups, highs, shakes[0])
    left = _side(line, downs, lows, shakes[1])
    if right is None and left is None:
        return Slope("unresolved", math.nan, math.inf, scale=scale)
    if right is None or left is None:
        side = right or left
        assert side is not None
        status = "edge" if side.status == "smooth" else side.status
        own = side.entry
        return Slope(
            status, own.slope, own.bound, NOTHING if left is None else own, NOTHING if right is None else own, scale
        )
    if "infinite" in (right.status, left.status):
        slope = right.entry.slope if right.status == "infinite" else left.entry.slope
        return Slope("infinite", slope, 0.0, left.entry, right.entry, scale)
    if "jump" in (right.status, left.status):
        return Slope("jump", math.nan, math.inf, left.entry, right.entry, scale)
    return _both(line, (ups, highs, right), (downs, lows, left), scale)


def _both(
    line: Line, above: tuple[list[float], list[float], Side], below: tuple[list[float], list[float], Side], scale: float
) -> Slope:
    (ups, highs, right), (downs, lows, left) = above, below
    slopes: list[float] = []
    noises: list[float] = []
    for up, high, down, low in reversed(list(zip(ups, highs, downs, lows, strict=True))):
        width = up - down
        if not math.isfinite(high - low) or not width:
            break
        bend = abs((high - line.value) - (line.value - low)) * 2 / width
        slopes.insert(0, (high - low) / width)
        noises.insert(
            0, (line.noise(high) + line.noise(low) + right.shake + left.shake) / width + abs(up + down) / width * bend
        )
    entry = climb(Rungs(slopes, noises, 16.0))
    entry = Entry(entry.slope, entry.bound + _blur(line, above, below))
    gap = abs(right.entry.slope - left.entry.slope)
    unsure = right.entry.bound + left.entry.bound
    if gap > 4 * unsure + 1e-12 * scale:
        # Only where the two sides differ at the tiniest steps as well is the kink here and not nearby.
        return Slope("kink", entry.slope, entry.bound, left.entry, right.entry, scale)
    if math.isinf(entry.bound):
        return Slope("unresolved", math.nan, math.inf, left.entry, right.entry, scale)
    # A smooth slope is that of both sides: a corner so near that one side does not settle is no reason to accuse.
    sides = [e for e in (left.entry, right.entry) if math.isfinite(e.bound)]
    apart = max((abs(entry.slope - e.slope) - 3 * e.bound for e in sides), default=0.0)
    return Slope("smooth", entry.slope, max(entry.bound, apart), left.entry, right.entry, scale)


def _blur(
    line: Line, above: tuple[list[float], list[float], Side], below: tuple[list[float], list[float], Side]
) -> float:
    """Give the slope's change over one ulp of x: a function that rounds its argument (sin(3·x)) is f beside the point."""
    (ups, highs, right), (downs, lows, left) = above, below
    for up, high, down, low in reversed(list(zip(ups, highs, downs, lows, strict=True))):
        bend = abs((high - line.value) - (line.value - low))
        if math.isfinite(bend) and bend > 30 * (line.noise(high) + line.noise(low) + right.shake + left.shake):
            return 4 * bend / (up - down) ** 2 * line.eps * abs(line.x)
    return 0.0


@dataclass(frozen=True, slots=True)
class Side:
    """What one side of the point shows: its slope, its rounding noise, and whether φ arrives there."""

    status: str
    entry: Entry
    shake: float


def _noise(line: Line, sign: int, hs: list[float], ys: list[float]) -> float:
    """Estimate rounding beyond ``eps·|φ|``: cancellation inside the function, or a staircase of lost digits."""
    largest = max((abs(y) for y in ys if math.isfinite(y)), default=0.0)
    # Odd multiples of the last digit of x: steps of a power of two would meet the grid of rounding in its own rhythm.
    found = [lattice_noise(line, sign * hs[-1], sign * line.step(hs[-1] * 4.0**e * SKEW)) for e in (1, 3, 5)]
    visible = [3 * noise for noise, _ in found if noise]
    gaps = [abs(y - line.value) for y in reversed(ys) if math.isfinite(y) and y != line.value]
    if not visible and not any(flat for _, flat in found):
        return 0.0  # a straight line at every spacing
    if len(visible) < 3:
        return max((v for v in [*visible, *gaps[:1]] if v <= ROUNDING * max(1.0, largest)), default=0.0)
    # What grows from spacing to spacing like a power is the function itself (a root, a corner), not its noise.
    power_law = 0.0 < 3 * visible[0] < visible[1] and 3 * visible[1] < visible[2]
    return 0.0 if power_law else sorted(visible)[1]


def _side(line: Line, ts: list[float], ys: list[float], shake: float) -> Side | None:
    """Find the one-sided slope; None where the function is not defined next to the point."""
    points: list[tuple[float, float]] = []
    for t, y in reversed(list(zip(ts, ys, strict=True))):
        if not math.isfinite(y) or not t:
            break
        points.insert(0, (t, y))
    if len(points) < 4:
        return None
    here = line.value
    noise = [line.noise(y) + line.noise(here) + shake for _, y in points]
    rises = [abs(y - here) for _, y in points]
    slopes = [(y - here) / t for t, y in points]
    # Over the four tiniest steps (a factor of 64) a smooth function falls by 64, a square root by 8, a jump by 1.
    if rises[-1] > 20 * noise[-1] and rises[-1] > 0.7 * rises[-4]:
        beyond = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)]
        shakes = [(noise[i] + noise[i + 1]) / abs(points[i][0] - points[i + 1][0]) for i in range(len(beyond))]
        return Side("jump", climb(Rungs(beyond, shakes, 4.0)), shake)
    loud = [n / abs(t) for n, (t, _) in zip(noise, points, strict=True)]
    growth = [abs(slopes[-i]) > 1.15 * abs(slopes[-i - 1]) + 2 * loud[-i] for i in (1, 2, 3)]
    if all(growth) and abs(slopes[-1]) > 20 * loud[-1]:
        return Side("infinite", Entry(math.copysign(math.inf, slopes[-1]), 0.0), shake)
    return Side("smooth", climb(Rungs(slopes, loud, 4.0)), shake)
