"""Soft sigmoids c·σ(b + w·x) in place of hard ones, fitted by gradient descent: 1, 3 and 10 of them.

The lesson of the course "linear models", section 3.2: what w, b and c do to a sigmoid (slope, shift, height), how it
approaches the hard sigmoid, and how more of them fit a curve better. Their number is a hyperparameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import Tensor, Value, hardsigmoid, sigmoid
from demos.course import Narrator, Options, graph_picture, picture, step

COUNTS = (1, 3, 10)
WIDE = 6.0  # the curve is fitted on 0 … 6
UPDATES = 2000
LEARNING_RATE = 0.1
COLOURS = ("#B54900", "#009E73", "#0072B2")
STYLES = (":", "-.", "--")

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Fit:
    """One network of sigmoids after training: y = b0 + Σ c·σ(b + w·x)."""

    w: Array
    b: Array
    c: Array
    b0: float
    losses: list[float]

    def __call__(self, x: Array) -> Array:
        """Give its output for an array of x."""
        return np.asarray(network(x, self.w, self.b, self.c, self.b0))


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    soft: tuple[float, float, float]  # w, b and c of the soft sigmoid nearest to the hard one
    gap: float  # the largest distance that is left between them
    areas: dict[float, float]  # area between hard and soft sigmoid, by w
    fits: dict[int, Fit]  # by the number of sigmoids


def curve(x: Any) -> Any:
    """Give the curve that is to be fitted, the smooth one of the lesson ``pieces``."""
    return np.sin(2 * x) + 0.3 * x


def network(x: Array, w: Any, b: Any, c: Any, b0: Any) -> Any:
    """Give b0 + Σ c·σ(b + w·x) for n points: x (n,), w, b and c (sigmoids,), the output (n,)."""
    return sigmoid(x[:, None] * w + b) @ c + b0


def train(x: Array, y: Array, count: int, seed: int, updates: int = UPDATES) -> Fit:
    """Fit so many sigmoids by gradient descent on the mean squared error over all points."""
    rng = np.random.default_rng([seed, count])
    width = WIDE / count  # 1. initialise: slopes spread over the interval, each as wide as its share; random heights
    middles = (np.arange(count) + 0.5) * width + rng.uniform(-0.25, 0.25, count) * width
    start = 4 / width * rng.uniform(0.8, 1.2, count)
    w, b = Tensor(start, name="w"), Tensor(-start * middles, name="b")
    c, b0 = Tensor(rng.uniform(-0.5, 0.5, count), name="c"), Tensor(float(np.mean(y)), name="b0")
    losses = []
    for _ in range(updates):
        prediction = network(x, w, b, c, b0)  # 2. forward pass
        loss = ((prediction - y) ** 2).mean()  # 3. loss
        for p in (w, b, c, b0):
            p.zero_grad()
        loss.backward()  # 4. backward pass
        for p in (w, b, c, b0):
            p.data = p.data - LEARNING_RATE * p.grad  # 5. update
        losses.append(loss.item())
    losses.append(((network(x, w, b, c, b0) - y) ** 2).mean().item())
    return Fit(w.data, b.data, c.data, b0.item(), losses)


def nearest_soft(xs: Array) -> tuple[float, float, float]:
    """Fit w, b and c of one soft sigmoid to the hard one, hard(z) = z/6 + 1/2 between 0 and 1."""
    hard = hardsigmoid(xs)
    w, b, c = Tensor(0.5, name="w"), Tensor(0.5, name="b"), Tensor(0.5, name="c")
    for _ in range(800):
        loss = ((c * (b + w * xs).sigmoid() - hard) ** 2).mean()
        for p in (w, b, c):
            p.zero_grad()
        loss.backward()
        for p in (w, b, c):
            p.data = p.data - 1.0 * p.grad
    return w.item(), b.item(), c.item()


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    seed = 0 if options.seed is None else options.seed
    xs = np.linspace(-10, 10, 1001)

    tell.title("A soft sigmoid")
    tell.say(
        "σ(z) = 1 / (1 + exp(−z)) is the sigmoid, an [activation function]: near 0 far to the left, near 1 far to the "
        "right, a slope between. c·σ(b + w·x) can take many shapes:"
    )
    shapes(tell)

    w, b, c = (Value(number, name=name) for number, name in ((2.0, "w"), (-1.0, "b"), (3.0, "c")))
    y = c * (b + w * Value(1.0, name="x")).sigmoid()
    y.name = "y"
    graph_picture(options, tell, "sigmoids_one.svg", y, parameters=[w, b, c])
    if options.step:
        step(y)

    soft, gap, areas = nearness(tell, xs)

    tell.title("1, 3 and 10 sigmoids")
    x = np.linspace(0, WIDE, 61)
    tell.say(
        f"Now the [parameter]s of a sum, y = b0 + Σ c·σ(b + w·x), are fitted to the curve sin(2x) + 0.3x at {len(x)} points: "
        f"{UPDATES} updates of [gradient descent] on the [mean squared error], "
        f"[learning rate] {LEARNING_RATE}. How many sigmoids is for us to choose: "
        "a [hyperparameter]."
    )
    fits = {count: train(x, curve(x), count, seed) for count in COUNTS}
    shown = (0, 100, UPDATES)
    tell.line()
    tell.line("  sigmoids  parameters     loss after updates")
    tell.line(" " * 22 + "".join(f"{k:8d}" for k in shown))
    for count, fit in fits.items():
        tell.line(f"  {count:8d}  {3 * count + 1:10d}" + "".join(f"{fit.losses[k]:8.4f}" for k in shown))
    tell.line()
    found = Findings(soft, gap, areas, fits)
    draw(options, tell, found, xs, x)
    last = {count: fit.losses[-1] for count, fit in fits.items()}
    order = "more fit better" if last[10] < last[3] < last[1] else "more did not always fit better from this start"
    tell.finding(
        f"after {UPDATES} updates the mean squared error is {last[1]:.4f} with 1 sigmoid, {last[3]:.4f} with 3 and "
        f"{last[10]:.5f} with 10: {order}."
    )
    return found


def shapes(tell: Narrator) -> None:
    """Show in numbers what w, b and c do."""
    tell.line()
    tell.line("               middle     slope    height")
    tell.line("    w   b   c  at −b/w  at middle  far right")
    for w, b, c in ((1, 0, 1), (3, 0, 1), (1, -2, 1), (1, 0, 2), (-1, 0, 1)):
        x = Value(-b / w + 0.0, name="x")
        y = c * (b + w * x).sigmoid()
        y.backward()
        tell.line(f"  {w:3d} {b:3d} {c:3d}  {x.item():6.2f}  {x.grad:9.3f}  {c * float(w > 0):9.0f}")
    tell.line()
    tell.say(
        "w changes the slope in the middle (it is c·w/4), b shifts the middle to −b/w, c is the height. The slope is the "
        "[gradient] that the backward pass gives."
    )


def nearness(tell: Narrator, xs: Array) -> tuple[tuple[float, float, float], float, dict[float, float]]:
    """Bring a soft sigmoid as near to the hard one as it can come."""
    tell.title("Instead of the [hard sigmoid]")
    w, b, c = nearest_soft(xs)
    gap = float(np.max(np.abs(c * sigmoid(b + w * xs) - hardsigmoid(xs))))
    tell.say(
        f"Fitted to the hard sigmoid (level, straight slope from −3 to 3, level) by gradient descent: w = {w:.3f}, b = "
        f"{b:.3f}, c = {c:.3f}. The distance is nowhere more than {gap:.3f}, {gap:.0%} of the height: the soft one rounds "
        "the corners, and has a slope everywhere, which gradient descent needs."
    )
    areas = {}
    wide = np.linspace(-40, 40, 40001)
    tell.line()
    tell.line("  steeper:   area between soft and hard")
    for factor in (1.0, 2.0, 4.0, 8.0):
        difference = np.abs(sigmoid(factor * w * wide) - hardsigmoid(factor * wide))
        areas[factor] = float(np.sum(difference) * (wide[1] - wide[0]))
        tell.line(f"  {factor:4.0f} × w  {areas[factor]:29.4f}")
    tell.line()
    tell.say("Steep pieces differ the less: twice the slope, half the area between them.")
    return (w, b, c), gap, areas


def draw(options: Options, tell: Narrator, found: Findings, xs: Array, x: Array) -> None:
    """Draw what w, b and c do, soft against hard, and the fits."""
    with picture(options, tell, "sigmoids_shapes.png", columns=3) as three:
        if three is not None:
            families = (
                ("w changes the slope", [(w, 0, 1) for w in (0.5, 1, 3)], 0),
                ("b shifts", [(1, b, 1) for b in (-2, 0, 2)], 1),
                ("c changes the height", [(1, 0, c) for c in (0.5, 1, 2)], 2),
            )
            for axes, (title, shapes_, which) in zip(three, families, strict=True):
                for shape, colour, style in zip(shapes_, COLOURS, STYLES, strict=True):
                    w, b, c = shape
                    axes.plot(
                        xs, c * sigmoid(b + w * xs), style, color=colour, label=f"{'wbc'[which]} = {shape[which]}"
                    )
                axes.set(xlabel="x", ylabel="c·σ(b + w·x)", title=title, ylim=(-0.1, 2.1))
                axes.legend(frameon=False, loc="upper left")
    with picture(options, tell, "sigmoids_hard.png") as axes:
        if axes is not None:
            w, b, c = found.soft
            axes.plot(xs, hardsigmoid(xs), color="#222222", label="hard: level, slope, level")
            axes.plot(
                xs, c * sigmoid(b + w * xs), "--", color="#0072B2", label=f"soft, fitted: w = {w:.2f}, c = {c:.2f}"
            )
            axes.plot(xs, sigmoid(xs), ":", color="#B54900", label="soft, w = 1, c = 1")
            axes.set(xlabel="z", ylabel="output", title="a soft sigmoid for a hard one", ylim=(-0.05, 1.35))
            axes.legend(frameon=False, loc="upper left")
    with picture(options, tell, "sigmoids_fit.png", columns=2) as both:
        if both is None:
            return
        curves, losses = both
        curves.plot(x, curve(x), color="#222222", linewidth=3.5, alpha=0.35, label="sin(2x) + 0.3x")
        for (count, fit), colour, style in zip(found.fits.items(), COLOURS, STYLES, strict=True):
            name = f"{count} sigmoid{'s' * (count > 1)}"
            curves.plot(x, fit(x), style, color=colour, linewidth=2, label=name)
            losses.loglog(
                range(1, len(fit.losses)), fit.losses[1:], style, color=colour, label=f"{name}: {fit.losses[-1]:.4f}"
            )
        curves.set(xlabel="x", ylabel="y", title="more sigmoids fit better", ylim=(-1, 3.2))
        curves.legend(frameon=False, loc="upper left", ncols=2)
        losses.set(xlabel="update", ylabel="mean squared error (unit of y, squared)", title="the loss")
        losses.legend(frameon=False, loc="lower left")
