"""Two ReLUs make one hard sigmoid, exactly, so a network of ReLUs can stand in for one of sigmoids.

The lesson of the course "linear models", section 3: a ReLU gives either b + w·x or 0. The difference of two of them is
level, then a slope, then level again. Then ReLUs take the place of sigmoids in the network, and are fitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, Value, hardsigmoid, relu, sigmoid
from demos.course import Narrator, Options, graph_picture, picture, step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RED = ((0.0, 1.0), (1.0, 3.0), (2.5, 0.5), (4.0, 2.0))  # the corners of the red curve: x, y, as in the lesson `pieces`
EXAMPLE = (4.0, -7.0, -2.5)  # w, b, c of its second piece
TRIALS = 200
WIDE = 6.0  # the curve is fitted on 0 … 6
UPDATES = 2000
SIGMOID_RATE, RELU_RATE = 0.1, 0.01  # a ReLU grows without end, so its loss is more curved: it needs shorter steps
PAIRS = ((3, 6), (10, 20))  # sigmoids, and the ReLUs that stand in for them

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Fit:
    """One network after training, and its losses: entry k after k updates."""

    units: int
    output: Array
    losses: list[float]


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    worst: float  # the largest difference between the hard sigmoid and its two ReLUs
    worst_gradient: float  # the same for the derivative by x
    corner: tuple[float, float]  # the derivatives of both at the second corner of the hard sigmoid itself
    red: float  # the largest difference between the red curve and the ReLUs read off it
    fits: dict[str, Fit]  # by "10 sigmoids", "20 ReLUs"


def two_relus(x: Any, w: float, b: float, c: float) -> Any:
    """Give c · hard(b + w·x), where hard(z) = z/6 + 1/2 cut off at 0 and 1, by two ReLUs.

    >>> two_relus(1.75, *EXAMPLE)
    -1.25
    """
    return c / 6 * relu(b + 3 + w * x) - c / 6 * relu(b - 3 + w * x)


def curve(x: Any) -> Any:
    """Give the curve that is to be fitted, the smooth one of the lessons ``pieces`` and ``sigmoids``."""
    return np.sin(2 * x) + 0.3 * x


def train(x: Array, y: Array, count: int, activation: Callable[[Any], Any], rate: float, seed: int) -> Fit:
    """Fit y = b0 + Σ c·activation(b + w·x) by gradient descent; the activation function is all that is exchanged."""
    rng = np.random.default_rng([seed, count])
    width = WIDE / count  # 1. initialise: spread over the interval, facing left and right in turn
    middles = (np.arange(count) + 0.5) * width + rng.uniform(-0.25, 0.25, count) * width
    steep = 4 / width if activation is sigmoid else 1.0
    start = steep * rng.uniform(0.8, 1.2, count) * rng.permutation(np.where(np.arange(count) % 2, 1.0, -1.0))
    w, b = Tensor(start, name="w"), Tensor(-start * middles, name="b")
    c, b0 = Tensor(rng.uniform(-0.5, 0.5, count) / count**0.5, name="c"), Tensor(float(np.mean(y)), name="b0")
    losses = []
    for _ in range(UPDATES):
        prediction = activation(x[:, None] * w + b) @ c + b0  # 2. forward pass
        loss = ((prediction - y) ** 2).mean()  # 3. loss
        for p in (w, b, c, b0):
            p.zero_grad()
        loss.backward()  # 4. backward pass
        for p in (w, b, c, b0):
            p.data = p.data - rate * p.grad  # 5. update
        losses.append(loss.item())
    output = np.asarray(activation(x[:, None] * w.data + b.data) @ c.data + b0.data)
    return Fit(count, output, [*losses, float(np.mean((output - y) ** 2))])


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    seed = 0 if options.seed is None else options.seed

    tell.title("A ReLU, and a second one")
    identity(options, tell)
    worst, worst_gradient = everywhere(seed)
    tell.say(
        f"Checked with {TRIALS} random choices of w, b and c at 401 places each: the largest difference is {worst:.1e}, "
        f"and that of the [derivative]s by x {worst_gradient:.1e}. Rounding, no more: the two are the same."
    )

    corner = at_the_corner()
    tell.say(
        f"Only exactly on the corner z = 3 they may answer differently: hard(z) has the derivative {corner[0]:.4f} there, its "
        f"two ReLUs {corner[1]:.4f}. A corner has no slope, and each settles on that of one side."
    )
    red = read_off(tell)

    tell.title("ReLUs in place of sigmoids")
    x = np.linspace(0, WIDE, 61)
    tell.say(
        "Every hard sigmoid is two ReLUs, so where there were 10 sigmoids we put 20 ReLUs: y = b0 + Σ c·relu(b + w·x). The "
        "[activation function] is exchanged, the loop stays. The curve is sin(2x) + 0.3x again, "
        f"{UPDATES} updates of [gradient descent] on the [mean squared error]; [learning rate] {SIGMOID_RATE} with sigmoids, "
        f"{RELU_RATE} with ReLUs."
    )
    fits = {}
    for sigmoids, relus in PAIRS:
        fits[f"{sigmoids} sigmoids"] = train(x, curve(x), sigmoids, sigmoid, SIGMOID_RATE, seed)
        fits[f"{relus} ReLUs"] = train(x, curve(x), relus, relu, RELU_RATE, seed)
    tell.line()
    tell.line("  network      parameters  loss: first    last")
    for name, fit in fits.items():
        tell.line(f"  {name:12} {3 * fit.units + 1:10d}  {fit.losses[0]:11.4f}  {fit.losses[-1]:6.4f}")
    tell.line()
    few, many, soft = (fits[name].losses[-1] for name in ("6 ReLUs", "20 ReLUs", "10 sigmoids"))
    tell.say(
        f"More ReLUs {'fit better too' if many < few else 'did not fit better from this start'}. After as many updates "
        f"the {'sigmoids' if soft < many else 'ReLUs'} are nearer to this smooth curve; a ReLU network is made of straight "
        "pieces, and is cheaper to compute: no exponential."
    )
    found = Findings(worst, worst_gradient, corner, red, fits)
    draw(options, tell, found, x)
    tell.finding(
        f"two ReLUs make a hard sigmoid to {worst:.1e}, its derivative to {worst_gradient:.1e}; fitted in place of 10 "
        f"sigmoids (loss {soft:.4f}), 20 ReLUs bring the loss from {fits['20 ReLUs'].losses[0]:.4f} to {many:.4f}."
    )
    return found


def identity(options: Options, tell: Narrator) -> None:
    """Show the two ReLUs and their difference in numbers and as a graph."""
    w, b, c = EXAMPLE
    tell.say(
        "A ReLU gives either its input b + w·x or, where that is negative, 0. It begins to rise somewhere and never stops. "
        "A second one that begins later and is subtracted stops it:"
    )
    tell.line("  c·hard(b + w·x) = c/6 · relu(b + 3 + w·x)")
    tell.line("                  − c/6 · relu(b − 3 + w·x)")
    tell.say(f"With w = {w:g}, b = {b:g}, c = {c:g} (the second piece of the red curve):")
    tell.line()
    tell.line("      x    first   second   together     hard")
    for x in (0.0, 1.0, 1.5, 1.75, 2.5, 3.0, 4.0):
        first, second = c / 6 * relu(b + 3 + w * x) + 0.0, -c / 6 * relu(b - 3 + w * x) + 0.0
        hard = c * hardsigmoid(b + w * x) + 0.0
        tell.line(f"  {x:5.2f}  {first:7.4f}  {second:7.4f}  {two_relus(x, w, b, c) + 0.0:9.4f}  {hard:7.4f}")
    tell.line()
    y = two_relus(Value(1.75, name="x"), w, b, c)
    y.name = "y"
    graph_picture(options, tell, "two_relus_graph.svg", y)
    if options.step:
        step(y)


def everywhere(seed: int) -> tuple[float, float]:
    """Compare values and derivatives of both forms for random w, b and c."""
    rng = np.random.default_rng(seed)
    worst = worst_gradient = 0.0
    for _ in range(TRIALS):
        w, b, c = (float(v) for v in rng.uniform(-8, 8, 3))
        xs = rng.uniform(-5, 5, 401)  # no corner is hit exactly: there every slope between the two sides would be right
        one, two = Tensor(xs), Tensor(xs)
        hard, pair = c * hardsigmoid(b + w * one), two_relus(two, w, b, c)
        hard.sum().backward()
        pair.sum().backward()
        worst = max(worst, float(np.max(np.abs(hard.data - pair.data))))
        worst_gradient = max(worst_gradient, float(np.max(np.abs(one.grad - two.grad))))
    return worst, worst_gradient


def at_the_corner() -> tuple[float, float]:
    """Give the derivatives of hard(z) and of its two ReLUs at z = 3, as the backward pass gives them."""
    hard, pair = Value(3.0), Value(3.0)
    hardsigmoid(hard).backward()
    two_relus(pair, 1.0, 0.0, 1.0).backward()
    return hard.grad, pair.grad


def relus_of(corners: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Read ReLUs off a piecewise linear curve, two for every stretch: c and the place of c · relu(x − place).

    >>> relus_of([(0.0, 1.0), (2.0, 4.0)])
    [(1.5, 0.0), (-1.5, 2.0)]
    """
    relus = []
    for (x0, y0), (x1, y1) in pairwise(corners):
        slope = (y1 - y0) / (x1 - x0)
        relus += [(slope, x0), (-slope, x1)]
    return relus


def read_off(tell: Narrator) -> float:
    """Show that the red curve is a network of ReLUs; give the largest difference."""
    relus = relus_of(RED)
    tell.title("The red curve, from ReLUs")
    tell.say(
        f"The red curve of the lesson `pieces` is a constant and {len(RED) - 1} hard sigmoids, so it is the same constant, "
        f"{RED[0][1]:g}, and {len(relus)} ReLUs, two for every stretch:"
    )
    tell.line()
    for c, place in relus:
        tell.line(f"  {c:+.4f} · relu(x − {place:g})")
    tell.line()
    xs = np.linspace(RED[0][0] - 1, RED[-1][0] + 1, 2001)
    total = RED[0][1] + sum(c * relu(xs - place) for c, place in relus)
    worst = float(np.max(np.abs(total - np.interp(xs, *zip(*RED, strict=True)))))
    tell.say(f"Over {len(xs)} values of x the largest difference is {worst:.1e}.")
    return worst


def draw(options: Options, tell: Narrator, found: Findings, x: Array) -> None:
    """Draw the two ReLUs with their sum, and the fits."""
    w, b, c = EXAMPLE
    with picture(options, tell, "two_relus_sum.png") as axes:
        if axes is not None:
            xs = np.linspace(0, 4, 401)
            axes.plot(xs, c / 6 * relu(b + 3 + w * xs), "--", color="#0072B2", label="first: c/6 · relu(b + 3 + w·x)")
            axes.plot(
                xs, -c / 6 * relu(b - 3 + w * xs), "-.", color="#009E73", label="second: −c/6 · relu(b − 3 + w·x)"
            )
            axes.plot(
                xs, c * hardsigmoid(b + w * xs), color="#222222", linewidth=5, alpha=0.3, label="c · hard(b + w·x)"
            )
            axes.plot(xs, two_relus(xs, w, b, c), color="#B54900", label="first + second")
            axes.set(xlabel="x", ylabel="y", title=f"two ReLUs make one hard sigmoid (w = {w:g}, b = {b:g}, c = {c:g})")
            axes.set(ylim=(-5.5, 6.5))
            axes.legend(frameon=False, loc="upper left")
    with picture(options, tell, "two_relus_fit.png", columns=2) as both:
        if both is None:
            return
        curves, losses = both
        curves.plot(x, curve(x), color="#222222", linewidth=3.5, alpha=0.35, label="sin(2x) + 0.3x")
        looks = ((":", "#CC79A7"), ("-.", "#B54900"), ("--", "#009E73"), ("-", "#0072B2"))
        for (name, fit), (style, colour) in zip(found.fits.items(), looks, strict=True):
            if fit.units >= PAIRS[-1][0]:
                curves.plot(x, fit.output, style, color=colour, label=name)
            losses.loglog(
                range(1, UPDATES + 1), fit.losses[1:], style, color=colour, label=f"{name}: {fit.losses[-1]:.4f}"
            )
        curves.set(xlabel="x", ylabel="y", title="the same curve, with either", ylim=(-1, 3.4))
        curves.legend(frameon=False, loc="upper left")
        losses.set(xlabel="update", ylabel="mean squared error (unit of y, squared)", title="the loss")
        losses.legend(frameon=False, loc="lower left")
