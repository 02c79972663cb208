"""A piecewise linear curve is a constant plus a sum of hard sigmoids, and any continuous curve is nearly one.

The lesson of the course "linear models", section 3.2: the red curve = 0 + 1 + 2 + 3, a constant and three blue
functions that are level, then slope, then are level again. Nothing is trained here: the pieces are read off.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Value, hardsigmoid
from demos.course import Narrator, Options, graph_picture, picture, step

if TYPE_CHECKING:
    from collections.abc import Sequence

RED = ((0.0, 1.0), (1.0, 3.0), (2.5, 0.5), (4.0, 2.0))  # the corners of the red curve: x, y
COUNTS = (1, 2, 3, 5, 10, 20, 50, 100, 200)  # pieces with which the smooth curve is approached
WIDE = 6.0
COLOURS = ("#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8793a0")
STYLES = ("--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Piece:
    """One hard sigmoid c · hard(b + w·x), where hard(z) = z/6 + 1/2, cut off at 0 and 1."""

    w: float
    b: float
    c: float

    def __call__(self, x: Any) -> Any:
        """Give its height at x: a number, an array or a Value."""
        return self.c * hardsigmoid(self.b + self.w * x)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    constant: float
    pieces: list[Piece]
    worst: float  # the largest distance between the sum and the piecewise linear curve
    random_worst: float  # the same over many random curves
    errors: dict[int, float]  # largest distance to the smooth curve, by number of pieces


def smooth(x: Any) -> Any:
    """Give the smooth curve that is approached: y = sin(2x) + 0.3x."""
    return np.sin(2 * x) + 0.3 * x


def pieces_of(corners: Sequence[tuple[float, float]]) -> tuple[float, list[Piece]]:
    """Read the constant and one hard sigmoid for every stretch off the corners.

    Where the stretch from (x₀, y₀) to (x₁, y₁) begins the hard sigmoid is still 0 (so b + w·x₀ = −3), where it ends it
    is full (b + w·x₁ = +3), and its height c is what the curve gains there.

    >>> pieces_of([(0, 1), (3, 2)])
    (1, [Piece(w=2.0, b=-3.0, c=1)])
    """
    pieces = []
    for (x0, y0), (x1, y1) in pairwise(corners):
        w = 6 / (x1 - x0)
        pieces.append(Piece(w, -3 - w * x0, y1 - y0))
    return corners[0][1], pieces


def total(constant: float, pieces: Sequence[Piece], x: Any) -> Any:
    """Add the constant and all the pieces at x."""
    y = constant
    for piece in pieces:
        y = y + piece(x)
    return y


def distance(corners: Sequence[tuple[float, float]], xs: Array) -> float:
    """Give the largest distance between the sum of hard sigmoids and the straight lines through the corners."""
    constant, pieces = pieces_of(corners)
    return float(np.max(np.abs(total(constant, pieces, xs) - np.interp(xs, *zip(*corners, strict=True)))))


def random_corners(rng: random.Random, count: int) -> list[tuple[float, float]]:
    """Make up a piecewise linear curve of some stretches."""
    x, corners = 0.0, []
    for _ in range(count + 1):
        corners.append((x, rng.uniform(-5, 5)))
        x += rng.uniform(0.1, 1)
    return corners


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    rng = random.Random(0 if options.seed is None else options.seed)  # noqa: S311  curves to try, no secret
    corners = list(RED) if options.seed is None else random_corners(rng, 3)
    constant, pieces = pieces_of(corners)

    tell.title("One curve from simple pieces")
    tell.say("The red curve is a [piecewise linear curve]: straight lines from corner to corner.")
    tell.line()
    tell.line("  x  " + " ".join(f"{x:7.2f}" for x, _ in corners))
    tell.line("  y  " + " ".join(f"{y:7.2f}" for _, y in corners))
    tell.line()
    tell.say(
        "A [hard sigmoid] is level, then a slope, then level again: hard(z) = z/6 + 1/2, but never below 0 or above 1. With "
        "z = b + w·x and a height c it can begin and end anywhere. The red curve is a constant, its height at the left, "
        "plus one hard sigmoid for every stretch, which rises or falls just there:"
    )
    tell.line()
    tell.line(f"  0  constant {constant:9.4f}")
    for k, p in enumerate(pieces, 1):
        tell.line(f"  {k}  c = {p.c:8.4f}  w = {p.w:8.4f}  b = {p.b:8.4f}")
    tell.line()
    add_up(tell, constant, pieces, corners)

    middle = (corners[1][0] + corners[2][0]) / 2
    x = Value(round(middle, 2), name="x")
    y = total(constant, pieces, x)
    y.name = "y"
    graph_picture(options, tell, "pieces_graph.svg", y)
    if options.step:
        step(y)

    xs = np.linspace(corners[0][0] - 1, corners[-1][0] + 1, 2001)
    worst = distance(corners, xs)
    tried = [
        distance(random_corners(rng, count), np.linspace(-1, 31, 2001)) for count in range(1, 31) for _ in range(5)
    ]
    tell.say(
        f"Over {len(xs)} values of x the largest difference is {worst:.1e}: rounding, no more. And over {len(tried)} curves "
        f"with 1 to 30 random stretches it is {max(tried):.1e}."
    )
    errors = {n: approach(n)[0] for n in COUNTS}
    found = Findings(constant, pieces, worst, max(tried), errors)
    nearer(tell, errors)
    draw(options, tell, found, corners)
    tell.finding(
        f"a constant and {len(pieces)} hard sigmoids rebuild the red curve to {worst:.1e}; a smooth curve is approached to "
        f"{errors[10]:.4f} with 10 pieces and to {errors[100]:.6f} with 100."
    )
    return found


def add_up(tell: Narrator, constant: float, pieces: Sequence[Piece], corners: Sequence[tuple[float, float]]) -> None:
    """Show the sum, corner by corner and between the corners."""
    ends = [x for x, _ in corners]
    places = sorted({*ends, *((a + b) / 2 for a, b in pairwise(ends))})
    tell.line("      x  const" + "".join(f" piece {k}" for k in range(1, len(pieces) + 1)) + "     sum")
    for x in places:
        heights = "".join(f" {round(p(x), 3) + 0.0:7.3f}" for p in pieces)
        tell.line(f"  {x:5.2f}  {constant:5.2f}{heights} {total(constant, pieces, x):7.3f}")
    tell.line()


def approach(count: int) -> tuple[float, float, list[Piece]]:
    """Approach the smooth curve with so many pieces: the largest error, the constant and the pieces."""
    corners = [(float(x), float(smooth(x))) for x in np.linspace(0, WIDE, count + 1)]
    constant, pieces = pieces_of(corners)
    xs = np.linspace(0, WIDE, 4001)
    return float(np.max(np.abs(total(constant, pieces, xs) - smooth(xs)))), constant, pieces


def nearer(tell: Narrator, errors: dict[int, float]) -> None:
    """Show how the error falls with the number of pieces."""
    tell.title("Any continuous curve, nearly")
    tell.say(
        "Put corners on a smooth curve, here y = sin(2x) + 0.3x, and join them by lines: that is a piecewise linear curve, "
        "so it is a sum of hard sigmoids. How near, with how many:"
    )
    tell.line()
    tell.line("  pieces  largest error")
    for n, error in errors.items():
        tell.line(f"  {n:6d}  {error:13.6f}")
    tell.line()
    worse = [(a, b) for a, b in pairwise(errors) if errors[b] > errors[a]]
    if worse:
        tell.say(
            "While the pieces are wider than the bends it is a matter of luck ("
            + ", ".join(f"{b} are worse than {a}" for a, b in worse)
            + "); from then on every further piece helps."
        )
    order = math.log(errors[20] / errors[200]) / math.log(10)
    tell.say(
        f"From 20 to 200 pieces, ten times as many, the error falls {errors[20] / errors[200]:.0f} times: with the power "
        f"{order:.2f} of their number. (Calculus says 2: the error of a chord is at most curvature × width² / 8.)"
    )


def draw(options: Options, tell: Narrator, found: Findings, corners: Sequence[tuple[float, float]]) -> None:
    """Draw the pieces and their sum, and the approach to the smooth curve."""
    tell.line()
    with picture(options, tell, "pieces_sum.png", columns=2) as both:
        if both is not None:
            parts, whole = both
            xs = np.linspace(corners[0][0] - 0.6, corners[-1][0] + 0.6, 600)
            parts.axhline(found.constant, color="#222222", label=f"0: constant {found.constant:.4g}")
            for k, p in enumerate(found.pieces):
                parts.plot(
                    xs, p(xs), linestyle=STYLES[k], color=COLOURS[k], label=f"{k + 1}: hard sigmoid, height {p.c:.4g}"
                )
            parts.set(xlabel="x", ylabel="y", title="the pieces")
            parts.margins(y=0.35)
            parts.legend(frameon=False, fontsize=9, loc="upper left", ncols=2)
            sums = found.constant
            for k, p in enumerate(found.pieces[:-1]):
                sums = sums + p(xs)
                whole.plot(xs, sums, linestyle=STYLES[k], color=COLOURS[k], label=" + ".join(map(str, range(k + 2))))
            names = " + ".join(map(str, range(len(found.pieces) + 1)))
            whole.plot(
                xs,
                total(found.constant, found.pieces, xs),
                color="#B54900",
                linewidth=2.5,
                label=f"{names}: the red curve",
            )
            whole.plot(*zip(*corners, strict=True), "o", color="#222222", label="its corners", zorder=4)
            whole.set(xlabel="x", ylabel="y", title="their sum")
            whole.margins(y=0.3)
            whole.legend(frameon=False, fontsize=9, loc="best")
    with picture(options, tell, "pieces_more.png", columns=2) as both:
        if both is None:
            return
        curve, falling = both
        xs = np.linspace(0, WIDE, 800)
        curve.plot(xs, smooth(xs), color="#222222", linewidth=3, alpha=0.35, label="sin(2x) + 0.3x")
        for k, n in enumerate((3, 5, 10)):
            error, constant, pieces = approach(n)
            curve.plot(
                xs,
                total(constant, pieces, xs),
                linestyle=STYLES[k],
                color=COLOURS[k],
                label=f"{n} pieces: error {error:.3f}",
            )
        curve.set(xlabel="x", ylabel="y", title="more pieces come nearer", ylim=(-1.4, 4.6))
        curve.legend(frameon=False, loc="upper left", ncols=2, fontsize=9)
        falling.loglog(list(found.errors), list(found.errors.values()), "o-", color="#0072B2", label="largest error")
        bound = [4 * (WIDE / n) ** 2 / 8 for n in found.errors]  # |y″| = |4 sin(2x)| is at most 4
        falling.loglog(list(found.errors), bound, ":", color="#222222", label="4 × (6 / pieces)² / 8: the bound")
        falling.set(xlabel="number of hard sigmoids", ylabel="largest error (unit of y)", title="the error")
        falling.legend(frameon=False)
