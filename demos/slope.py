"""A derivative is the slope of a tangent: seen by a secant, computed, checked, and 0 at an extremum.

The lesson of the course "linear regression, day 3", sections 1 and 2: what a derivative is, what an extremum is, and
the forward pass of y = 2x + 3. The curve is y = x⁴/4 − x³/3 − x² + 1, which has three extrema, one of them global.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from autograd import Value, text
from autograd.check import check_gradients
from demos.course import Narrator, Options, graph_picture, picture, step

if TYPE_CHECKING:
    from collections.abc import Sequence

LEFT, RIGHT = -2.0, 3.0  # where the curve is looked at
STEPS = (1.0, 0.1, 0.01, 1e-4, 1e-6, 1e-8, 1e-11, 1e-14)  # how far the second point of the secant is away
TINY = 1e-15  # an interval this short is a point
SCAN = 50  # pieces of that interval in which a change of sign is looked for


@dataclass(frozen=True, slots=True)
class Extremum:
    """A place where the slope is 0."""

    x: float
    y: float
    kind: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    x: float  # where the tangent touches
    derivative: float  # there
    secants: dict[float, float]  # slope of the secant, by distance of its second point
    agrees: bool  # whether the checker agrees with the derivative
    extrema: list[Extremum]
    lowest: Extremum


def line(x: Any) -> Any:
    """Give the line of the notes, for a number or a Value."""
    return 2 * x + 3


def curve(x: Any) -> Any:
    """Give the curve of this lesson, for a number or a Value."""
    return x**4 / 4 - x**3 / 3 - x**2 + 1


def slope_at(place: float) -> float:
    """Forward pass, backward pass: the derivative of the curve at one place."""
    x = Value(place, name="x")
    y = curve(x)
    y.backward()
    return float(x.grad)


def extrema_between(left: float, right: float) -> list[Extremum]:
    """Find the places where the slope changes its sign, each by halving an interval until nearly nothing is left of it."""
    places = [left + (right - left) * (k + 0.5) / SCAN for k in range(SCAN)]
    found = []
    for a, b in pairwise(places):
        before, after = slope_at(a), slope_at(b)
        if before * after >= 0:
            continue
        low, high = a, b
        while high - low > TINY:
            middle = (low + high) / 2
            if slope_at(middle) * before > 0:
                low = middle
            else:
                high = middle
        x = min(low, high, key=lambda x: abs(slope_at(x)))
        found.append(Extremum(x, curve(x), "minimum" if before < 0 else "maximum"))
    return found


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    forward(options, tell)

    place = 1.3 if options.seed is None else round(random.Random(options.seed).uniform(-1.8, 2.8), 2)  # noqa: S311
    if options.step:
        step(curve(Value(place, name="x")))
    derivative, secants = tangent(tell, place)
    agrees = checked(tell, place)
    extrema = extrema_between(LEFT, RIGHT)
    lowest = look_for_the_lowest(tell, extrema)
    draw(options, tell, place, derivative, extrema)

    closest = min(secants.values(), key=lambda s: abs(s - derivative))
    tell.finding(
        f"the derivative at x = {place:g} is {derivative:.6g}, the secant comes within {abs(closest - derivative):.0e} "
        f"of it, and of the {len(extrema)} places where the slope is 0 the lowest is x = {lowest.x:.6f}."
    )
    return Findings(place, derivative, secants, agrees, extrema, lowest)


def forward(options: Options, tell: Narrator) -> None:
    """Compute y = 2x + 3, forward; then backward."""
    tell.title("The [forward pass] of y = 2x + 3")
    tell.say("From the [input] x to the [output] y, one operation after the other:")
    tell.line()
    tell.line("      x    2 × x   2 × x + 3")
    for x in (-1.0, 0.0, 1.0, 2.0):
        tell.line(f"  {x:5.1f}  {2 * x:7.1f}  {line(x):10.1f}")
    tell.line()
    tell.say("The same as a graph, for x = 2. The [backward pass] adds the column on the right:")
    tell.line()
    y = line(Value(2.0, name="x"))
    y.name = "y"
    y.backward()
    for row in text(y, width=tell.width, unicode=tell.unicode).splitlines():
        tell.line(row)
    tell.line()
    tell.say("The grad of x is the [derivative] of y by x: 2. When x grows by 1, y grows by 2, wherever x is.")
    graph_picture(options, tell, "slope_line.svg", y)


def tangent(tell: Narrator, place: float) -> tuple[float, dict[float, float]]:
    """Let a secant close in on the tangent."""
    derivative = slope_at(place)
    tell.title("Derivative: [slope] of a [tangent]")
    tell.say(
        "Now y = x⁴/4 − x³/3 − x² + 1. A [secant] goes through two points of the curve, at x and at x + h. As h shrinks "
        f"it turns into the tangent at x. At x = {place:g}:"
    )
    secants = {h: (curve(place + h) - curve(place)) / h for h in STEPS}
    tell.line()
    tell.line("      h   slope of secant   secant − tangent")
    for h, slope in secants.items():
        tell.line(f"  {h:5.0e}  {slope:+16.9f}  {slope - derivative:+17.1e}")
    tell.line(f"  tangent {derivative:+15.9f}   by the backward pass")
    tell.line()
    nearest = min(secants, key=lambda h: abs(secants[h] - derivative))
    tell.say(
        f"It comes nearest at h = {nearest:.0e}. With a still smaller h the two heights agree in nearly all the digits "
        "that a computer keeps, and their difference is mostly rounding error. The backward pass has no h."
    )
    return derivative, secants


def checked(tell: Narrator, place: float) -> bool:
    """Hold the derivative against finite differences with an error bound."""
    report = check_gradients(curve, Value(place, name="x"))
    (element,) = report.elements
    tell.say(
        f"autograd.check does this with care (several h on both sides, extrapolated): {element.numeric:.12g}, "
        f"at most {element.bound:.0e} wrong. The backward pass says {element.given:.12g}: "
        + ("they agree." if report.ok else "they differ!")
    )
    tell.say("Try an expression of your own; it is computed, differentiated, checked and drawn by")
    tell.line('  python -m autograd "x**3 - 3*x" x=2 \\')
    tell.line("      --draw graph.svg")
    return bool(report.ok)


def look_for_the_lowest(tell: Narrator, extrema: Sequence[Extremum]) -> Extremum:
    """Show every extremum, and which of them is the global minimum."""
    tell.title("Where the slope is 0: [extremum]")
    tell.say(
        "Before a minimum the curve falls (slope < 0), behind it it rises (slope > 0); at the lowest point itself the "
        "slope is 0. Looking for changes of sign and halving the interval again and again gives"
    )
    tell.line()
    tell.line("          x           y     slope  kind")
    for e in extrema:
        tell.line(f"  {round(e.x, 6) + 0.0:9.6f}  {e.y:10.6f}  {slope_at(e.x):+8.0e}  {e.kind}")
    lowest = min((e for e in extrema if e.kind == "minimum"), key=lambda e: e.y)
    others = [e for e in extrema if e.kind == "minimum" and e is not lowest]
    tell.line()
    tell.say(
        f"Each minimum is a [local minimum]; the lowest of all, at x = {lowest.x:.4g}, is the [global minimum]. The slope "
        f"is 0 at {'the other, x = ' + format(others[0].x, '.4g') if others else 'no other minimum'}, just the same, and "
        "at a [local maximum] too: a slope of 0 does not say which it is. Training looks for the lowest point of a "
        "[loss function] by its slope."
    )
    return lowest


def draw(options: Options, tell: Narrator, place: float, derivative: float, extrema: Sequence[Extremum]) -> None:
    """Draw secants and tangent on the curve, and the curve above its slope."""
    xs = [LEFT + (RIGHT - LEFT) * k / 400 for k in range(401)]
    ys = [curve(x) for x in xs]
    tell.line()
    with picture(options, tell, "slope_tangent.png") as axes:
        if axes is not None:
            axes.plot(xs, ys, color="#222222", label="y = x⁴/4 − x³/3 − x² + 1")
            for h, style in ((1.0, ":"), (0.5, "-."), (0.25, "--")):
                slope = (curve(place + h) - curve(place)) / h
                ends = (place - 0.9, place + 1.3)
                axes.plot(
                    ends, [curve(place) + slope * (x - place) for x in ends], style, color="#B54900",
                    label=f"secant, h = {h:g}: slope {slope:.2f}",
                )  # fmt: skip
                axes.plot([place + h], [curve(place + h)], "s", color="#B54900", markersize=5)
            ends = (place - 1.1, place + 1.1)
            axes.plot(
                ends, [curve(place) + derivative * (x - place) for x in ends], color="#0072B2", linewidth=2.5,
                label=f"tangent: slope {derivative:.2f}",
            )  # fmt: skip
            axes.plot([place], [curve(place)], "o", color="#0072B2", zorder=4)
            axes.set(xlabel="x", ylabel="y", title="the secant turns into the tangent", ylim=(-3.4, 6.2))
            axes.legend(loc="upper center", frameon=False)
    with picture(options, tell, "slope_extrema.png", columns=2) as both:
        if both is None:
            return
        above, below = both
        slopes = [slope_at(x) for x in xs]
        above.plot(xs, ys, color="#222222")
        below.axhline(0, color="#8793a0", linewidth=1)
        below.plot(xs, slopes, color="#0072B2")
        marks = {"minimum": ("v", "#009E73"), "maximum": ("^", "#B54900")}
        for e in extrema:
            sign, colour = marks[e.kind]
            above.plot([e.x - 0.45, e.x + 0.45], [e.y, e.y], "--", color=colour)
            above.plot([e.x], [e.y], sign, color=colour, markersize=8)
            above.annotate(e.kind, (e.x, e.y), (0, 9 if e.kind == "maximum" else -16), textcoords="offset points",
                           ha="center", color=colour)  # fmt: skip
            below.plot([e.x], [0], sign, color=colour, markersize=8)
        above.set(xlabel="x", ylabel="y", title="the curve, level at its extrema", ylim=(-2.6, 4.5))
        below.set(xlabel="x", ylabel="slope dy/dx", title="its slope, 0 at the same x", ylim=(-6, 8))
