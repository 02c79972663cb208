"""The learning rate decides: too small is slow, too large diverges, and the critical rate is 2 / curvature.

The tadpoles again, volume = w × time, with w − learning rate × slope as the rule. The loss is a parabola, so what each
rate will do can be computed beforehand: every update multiplies the distance to the best w by 1 − rate × curvature.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np

from autograd import Tensor, Value, hessian
from demos.course import Narrator, Options, data, picture, step

RATES = (0.0002, 0.002, 0.01, 0.03, 0.095, 0.11, 1.0)
CLOSE = 1e-6  # how near w must come to the best one
PATIENCE = 1000  # updates that a run may take before we call it slow
TRIAL = 60  # updates from which we tell whether a run shrinks or grows
SIGNS = ("o", "s", "^", "D", "v", "P", "X")
COLOURS = ("#222222", "#56B4E9", "#0072B2", "#009E73", "#E69F00", "#B54900", "#CC79A7")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of gradient descent: what was seen on the way, and how it ended."""

    rate: float
    ws: list[float]
    losses: list[float]
    verdict: str  # "converged", "slow" or "diverged"
    first_bad: int | None = None  # the first update whose loss is not a finite number
    first_growth: int | None = None  # the first update that made the loss larger

    @property
    def updates(self) -> int:
        """How many updates were made."""
        return len(self.ws) - 1


@dataclass(frozen=True, slots=True)
class Plane:
    """The same with b as a second parameter."""

    curvatures: list[float]  # the least and the greatest, over all directions of (w, b)
    critical: float  # 2 / the greatest
    below: bool  # whether the gradient shrinks at 0.99 of it
    above: bool  # whether it grows at 1.01 of it


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    best: float
    curvature: float  # second derivative of the loss
    critical: float  # 2 / curvature
    measured: float  # the rate at which runs begin to grow, found by trying
    runs: dict[float, Run]
    plane: Plane


def loss_of(w: Value, times: list[float], volumes: list[float]) -> Value:
    """Mean squared error of the line volume = w × time."""
    return sum((w * t - v) ** 2 for t, v in zip(times, volumes, strict=True)) / len(times)


def descend(rate: float, start: float, best: float, points: tuple[list[float], list[float]], limit: int) -> Run:
    """Walk until w is close, the loss is no longer a finite number, or the updates are used up."""
    w = Value(start, name="w")  # 1. initialise
    ws, losses, growth = [w.data], [loss_of(w, *points).item()], None
    for update in range(1, limit + 1):
        loss = loss_of(w, *points)  # 2. forward pass   3. loss
        w.zero_grad()
        loss.backward()  # 4. backward pass
        w.data -= rate * w.grad  # 5. update
        ws.append(w.data)
        losses.append(loss_of(w, *points).item())
        if growth is None and losses[-1] > losses[-2]:
            growth = update
        if not math.isfinite(losses[-1]):  # reported, not hidden: later updates would only give nan
            return Run(rate, ws, losses, "diverged", update, growth)
        if abs(w.data - best) < CLOSE:
            return Run(rate, ws, losses, "converged", None, growth)
    return Run(rate, ws, losses, "slow" if growth is None else "diverged", None, growth)


def grows(rate: float, start: float, points: tuple[list[float], list[float]]) -> bool:
    """Tell from a short run whether the slope grows; it knows nothing of the best w or of the curvature."""
    w = Value(start)
    slopes = []
    for _ in range(TRIAL):
        w.zero_grad()
        loss_of(w, *points).backward()
        slopes.append(abs(w.grad))
        w.data -= rate * w.grad
    return slopes[-1] > slopes[0]


def critical_by_trying(start: float, points: tuple[list[float], list[float]]) -> float:
    """Halve the interval between a rate that shrinks and a rate that grows."""
    low, high = 0.01, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        if grows(middle, start, points):
            high = middle
        else:
            low = middle
    return (low + high) / 2


def in_the_plane(points: tuple[list[float], list[float]]) -> Plane:
    """Find the border for volume = w × time + b, and try a rate on either side of it."""
    times, volumes = (np.array(x) for x in points)

    def loss(theta: Tensor) -> Tensor:
        return ((times * theta[0] + theta[1] - volumes) ** 2).mean()

    curvatures = np.linalg.eigvalsh(hessian(loss)(np.zeros(2)))
    critical = 2 / float(curvatures[-1])
    factors = []
    for share in (0.99, 1.01):
        theta, lengths = Tensor(np.array([2.0, 0.0])), []
        for _ in range(400):
            theta.zero_grad()
            loss(theta).backward()
            lengths.append(float(np.linalg.norm(theta.grad)))
            theta.data = theta.data - share * critical * theta.grad
        factors.append(lengths[-1] / lengths[0])
    return Plane([float(c) for c in curvatures], critical, factors[0] < 1, factors[1] > 1)


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    table = data("tadpoles.csv")
    times, volumes = [float(t) for t in table["time"]], [float(v) for v in table["volume"]]
    points = (times, volumes)
    start = 2.0 if options.seed is None else random.Random(options.seed).uniform(0, 2)  # noqa: S311  a start, no secret
    best = sum(t * v for t, v in zip(times, volumes, strict=True)) / sum(t * t for t in times)
    if options.step:
        loss = loss_of(Value(start, name="w"), *points)
        loss.name = "loss"
        step(loss)

    tell.say(
        "Volume = w × time through the seven tadpoles, by [gradient descent]: w − [learning rate] × [slope]. The learning "
        "rate is a [hyperparameter]: nothing in the data names it, we choose it. Here are seven choices, all from "
        f"w = {start:.6g}; a run has arrived when w is within {CLOSE:g} of the best one, {best:.6f}."
    )
    runs = {rate: descend(rate, start, best, points, 3000 if rate > 0.1 else PATIENCE) for rate in RATES}
    sweep(tell, runs)

    curvature = float(hessian(lambda w: loss_of(w, *points))(start))
    critical = 2 / curvature
    measured = critical_by_trying(start, points)
    derive(tell, curvature, critical, measured, descend(1 / curvature, start, best, points, PATIENCE))
    plane = in_the_plane(points)
    second_parameter(tell, plane)
    found = Findings(best, curvature, critical, measured, runs, plane)
    draw(options, tell, found, points)
    conclude(tell, found)
    return found


def sweep(tell: Narrator, runs: dict[float, Run]) -> None:
    """Show how each run ended."""
    tell.title("Too small, right, too large")
    tell.line("    rate  updates        last w  how it ended")
    for rate, run in runs.items():
        tell.line(f"  {rate:6g}  {run.updates:7d}  {run.ws[-1]:12.5g}  {run.verdict}")
    tell.line()
    for run in runs.values():
        if run.verdict == "slow":
            tell.say(
                f"Rate {run.rate:g} is too small: after {run.updates} updates w = {run.ws[-1]:.6g}, and it is still on its way."
            )
        if run.verdict == "diverged":
            bad = (
                f"at update {run.first_bad} the loss is {run.losses[-1]}, no finite number any more; the last one before "
                f"it was {run.losses[-2]:.3g}. We stop there and say so; going on would only turn w into nan."
                if run.first_bad is not None
                else f"after {run.updates} updates it is {run.losses[-1]:.3g}."
            )
            tell.say(f"Rate {run.rate:g} is too large: the loss grows from update {run.first_growth} on, and {bad}")


def derive(tell: Narrator, curvature: float, critical: float, measured: float, one: Run) -> None:
    """Compute where the border lies, and confirm it by runs."""
    tell.title("Where is the border?")
    tell.say(
        "The slope of a parabola is proportional to the distance from its lowest point: slope = curvature × (w − best), "
        "where the curvature is the [derivative] of the slope, 2/n Σ time². So one update does"
    )
    tell.line("  new w − best")
    tell.line("    = w − best − rate × curvature × (w − best)")
    tell.line("    = (1 − rate × curvature) × (w − best)")
    tell.say(
        "The distance shrinks if this factor lies between −1 and 1, that is for 0 < rate < 2 / curvature. Differentiating "
        f"the backward pass once more gives the curvature: {curvature:.6f}. The critical rate is {critical:.8f}."
    )
    tell.say(
        f"Confirmed by trying: {TRIAL} updates with a rate, looking only whether the slope has grown, and halving the "
        f"interval, gives {measured:.8f}."
    )
    tell.line()
    tell.line("    rate    factor  so the distance")
    for rate in RATES:
        factor = 1 - rate * curvature
        says = ("shrinks" if factor > 0 else "shrinks, side to side") if abs(factor) < 1 else "grows, side to side"
        tell.line(f"  {rate:6g}  {factor:+8.4f}  {says}")
    tell.line()
    tell.say(
        f"At rate 1 / curvature = {1 / curvature:.6f} the factor is 0: a single update arrives ({one.updates} needed, "
        f"w = {one.ws[-1]:.6f})."
    )


def second_parameter(tell: Narrator, plane: Plane) -> None:
    """Say what changes when there is more than one direction."""
    least, greatest = plane.curvatures
    tell.say(
        "With b as a second [parameter] the curvature depends on the direction in which one walks over (w, b): from "
        f"{least:.3f} to {greatest:.3f}. The steepest direction sets the border for all, 2 / {greatest:.3f} = "
        f"{plane.critical:.6f}. Tried: at 0.99 times that rate the gradient {'shrinks' if plane.below else 'grows'} over 400 "
        f"updates, at 1.01 times it {'grows' if plane.above else 'shrinks'}. The flattest direction has to live with it, and "
        f"is {greatest / least:.0f} times as slow: one reason why training takes long."
    )


def draw(options: Options, tell: Narrator, found: Findings, points: tuple[list[float], list[float]]) -> None:
    """Draw the losses of all runs, and the updates needed against the rate."""
    start = found.runs[RATES[0]].ws[0]
    tell.line()
    with picture(options, tell, "learning_rate_runs.png", columns=2) as both:
        if both is not None:
            losses, valley = both
            floor = loss_of(Value(found.best), *points).item()
            for (rate, run), sign, colour in zip(found.runs.items(), SIGNS, COLOURS, strict=True):
                above = [(k, x - floor) for k, x in enumerate(run.losses[:61]) if 1e-13 < x - floor < 1e18]
                losses.semilogy(
                    [k for k, _ in above], [x for _, x in above], color=colour, marker=sign, markersize=3.5,
                    label=f"{rate:g}: {run.verdict}",
                )  # fmt: skip
            losses.set(xlabel="update", ylabel="loss − lowest loss (volume²)", xlim=(-1, 60), ylim=(1e-13, 1e19))
            losses.set(title="the loss, by learning rate")
            losses.legend(frameon=False, ncols=2, fontsize=8.5, loc="upper right")
            ws = [k / 100 for k in range(-80, 241)]
            valley.plot(ws, [loss_of(Value(w), *points).item() for w in ws], color="#8793a0")
            for rate in (0.002, 0.01, 0.095, 0.11):
                k = RATES.index(rate)
                path = [w for w in found.runs[rate].ws[:9] if -0.8 <= w <= 2.4]
                valley.plot(
                    path, [loss_of(Value(w), *points).item() for w in path], color=COLOURS[k], marker=SIGNS[k],
                    markersize=5, linewidth=1, label=f"{rate:g}",
                )  # fmt: skip
            valley.set(xlabel="w (volume / time)", ylabel="mean squared error (volume²)", title="the first 8 updates")
            valley.set(xlim=(-0.85, 2.45), ylim=(-1, 28))
            valley.legend(frameon=False, title="learning rate", loc="upper center")
    with picture(options, tell, "learning_rate_needed.png") as axes:
        if axes is None:
            return
        rates = [found.critical * (k + 0.5) / 300 for k in range(300)]
        distance = abs(start - found.best)
        expected = [math.log(CLOSE / distance) / math.log(abs(1 - r * found.curvature)) for r in rates]
        axes.semilogy(rates, [max(1.0, e) for e in expected], color="#8793a0", label="computed beforehand")
        arrived = [run for run in found.runs.values() if run.verdict == "converged"]
        axes.semilogy([r.rate for r in arrived], [r.updates for r in arrived], "o", color="#0072B2", label="runs")
        axes.axvline(found.critical, color="#B54900", linestyle="--")
        axes.text(
            found.critical * 1.02, 30, f"2 / curvature\n= {found.critical:.5f}:\nbeyond it\ndiverges", color="#B54900"
        )
        axes.set(xlabel="learning rate (1 / time²)", ylabel=f"updates until |w − best w| < {CLOSE:g}")
        axes.set(title="updates needed", xlim=(0, found.critical * 1.35), ylim=(0.8, 1e4))
        axes.legend(frameon=False, loc="upper center")


def conclude(tell: Narrator, found: Findings) -> None:
    """Say what was found in one sentence."""
    counts = {v: sum(r.verdict == v for r in found.runs.values()) for v in ("slow", "converged", "diverged")}
    tell.finding(
        f"of {len(found.runs)} learning rates {counts['converged']} converge, {counts['slow']} did not arrive in "
        f"{PATIENCE} updates, {counts['diverged']} diverge; the border is 2 / curvature = {found.critical:.8f}, and trying finds it at "
        f"{found.measured:.8f}."
    )
