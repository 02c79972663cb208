"""Learning rates too small, right and too large, and where the border lies.

The lesson of the course "linear regression, day 3", section 4.4: the tadpoles again, volume = w × time, and gradient
descent with one learning rate after another. The border between runs that arrive and runs that fly away is computed
before it is tried.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograd import Value, hessian
from demos.course import Narrator, Options, data, picture, step

if TYPE_CHECKING:
    from collections.abc import Sequence

CLOSE = 1e-6  # how near w must come to the best one
UPDATES = 200
SHARES = (0.005, 0.05, 0.3, 0.5, 0.9, 0.99, 1.01, 1.1)
"""The learning rates that are tried, as shares of the border."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of gradient descent."""

    rate: float
    path: list[float]  # w after each update
    losses: list[float]
    verdict: str  # "slow", "arrives", "diverges"
    bad: int | None  # the first update after which the loss was larger than at the start

    @property
    def updates(self) -> int:
        """How many updates were made."""
        return len(self.path) - 1


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    curvature: float
    border: float  # the learning rate at which a run neither arrives nor flies away
    runs: list[Run]
    fastest: float  # the learning rate that needed the fewest updates
    both: tuple[float, bool, bool]  # with w and b: the border, and whether 0.99 and 1.01 of it arrive


def loss_of(w: Value, points: tuple[list[float], list[float]], b: Value | float = 0.0) -> Value:
    """Mean squared error of the line volume = w × time + b."""
    times, volumes = points
    return sum((w * t + b - v) ** 2 for t, v in zip(times, volumes, strict=True)) / len(times)


def descend(rate: float, start: float, best: float, points: tuple[list[float], list[float]]) -> Run:
    """Walk with one learning rate until w is close, the loss has grown a millionfold, or the updates are used up."""
    w = Value(start)
    path, losses, bad = [w.data], [], None
    for update in range(UPDATES + 1):
        loss = loss_of(w, points)
        losses.append(loss.item())
        if bad is None and losses[-1] > losses[0]:
            bad = update
        if abs(w.data - best) < CLOSE:
            return Run(rate, path, losses, "arrives", bad)
        if losses[-1] > 1e6 * losses[0]:
            return Run(rate, path, losses, "diverges", bad)
        if update < UPDATES:
            w.zero_grad()
            loss.backward()
            w.data -= rate * w.grad  # the update
            path.append(w.data)
    return Run(rate, path, losses, "slow" if bad is None else "diverges", bad)


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    table = data("tadpoles.csv")
    points = [float(t) for t in table["time"]], [float(v) for v in table["volume"]]
    best = sum(t * v for t, v in zip(*points, strict=True)) / sum(t * t for t in points[0])
    start = 2.0 if options.seed is None else round(random.Random(options.seed).uniform(1.0, 2.0), 3)  # noqa: S311  no secret
    if options.step:
        loss = loss_of(Value(start, name="w"), points)
        loss.name = "loss"
        step(loss)
    curvature = border_of(tell, start, points)
    border = 2 / curvature
    runs = sweep(tell, border, start, best, points)
    both = with_bias(tell, points)
    draw(options, tell, runs, best, points)
    arrived = [r for r in runs if r.verdict == "arrives"]
    fastest = min(arrived, key=lambda r: r.updates).rate
    lost = next(r for r in runs if r.verdict == "diverges")
    last_good = [r for r in runs if r.verdict != "diverges"][-1]
    tell.finding(
        f"the border lies at a learning rate of 2 / curvature = {border:.4f}: at {last_good.rate:.4f} every update still comes "
        f"nearer, at {lost.rate:.4f} the loss is above its first value from update {lost.bad} on, and half the border, "
        f"{fastest:.4f}, is the fastest."
    )
    return Findings(curvature, border, runs, fastest, both)


def border_of(tell: Narrator, start: float, points: tuple[list[float], list[float]]) -> float:
    """Compute where the border must lie."""
    tell.title("Where the border must lie")
    curvature = float(hessian(lambda w: loss_of(w, points))(start))
    tell.say(
        "An [update] is w − [learning rate] × [slope]. The [loss] of the tadpoles is a parabola in w, so its slope is "
        f"curvature × (w − best w). The curvature is the slope of the slope: {curvature:.4f}, the same at every w."
    )
    tell.say(
        "So one update multiplies the distance to the best w by 1 − learning rate × curvature. The distance shrinks while "
        f"this factor lies between −1 and 1: for every learning rate below 2 / {curvature:.4f} = {2 / curvature:.4f}. At half "
        "of that the factor is 0, and one update is enough."
    )
    return curvature


def sweep(
    tell: Narrator, border: float, start: float, best: float, points: tuple[list[float], list[float]]
) -> list[Run]:
    """Try one learning rate after another."""
    tell.title(f"Trying them, from w = {start:g}")
    runs = [descend(share * border, start, best, points) for share in SHARES]
    tell.line("  learning  factor  updates    last loss")
    tell.line("      rate")
    for share, run in zip(SHARES, runs, strict=True):
        factor = 1 - 2 * share
        tell.line(f"  {run.rate:8.5f}  {factor:+6.2f}  {run.updates:7d}  {run.losses[-1]:11.4g}  {verdict_of(run)}")
    lost = [r for r in runs if r.verdict == "diverges"]
    tell.say(
        f"Too small: still on the way after {UPDATES} updates. Right: there in a few. Between half the border and the border, "
        "w jumps to the other side of the best w with each update, and yet comes nearer. Beyond the border each jump is "
        f"longer than the last: the loss has grown above its first value at update {lost[0].bad}, which is the moment to "
        "stop; run on, it ends at inf and then nan."
    )
    return runs


def verdict_of(run: Run) -> str:
    """Say in a word how a run ended."""
    if run.verdict == "arrives":
        return "jumps, arrives" if jumps(run.path) else "arrives"
    return run.verdict


def jumps(path: Sequence[float]) -> bool:
    """Tell whether w went up as well as down."""
    differences = [b - a for a, b in itertools.pairwise(path)]
    return any(d > 0 for d in differences) and any(d < 0 for d in differences)


def with_bias(tell: Narrator, points: tuple[list[float], list[float]]) -> tuple[float, bool, bool]:
    """Find the border with two parameters: the steepest direction decides."""
    import numpy as np

    tell.title("With two parameters, w and b")
    (ww, wb), (bw, bb) = hessian(lambda w, b: loss_of(w, points, b), (0, 1))(0.0, 0.0)
    steep = float(np.linalg.eigvalsh(np.array([[ww, wb], [bw, bb]]))[-1])
    flat = float(np.linalg.eigvalsh(np.array([[ww, wb], [bw, bb]]))[0])
    border = 2 / steep

    def arrives(rate: float) -> bool:
        w, b = Value(0.0), Value(0.0)
        first = None
        for _ in range(2000):
            loss = loss_of(w, points, b)
            first = loss.item() if first is None else first
            w.zero_grad()
            b.zero_grad()
            loss.backward()
            w.data -= rate * w.grad
            b.data -= rate * b.grad
            if loss.item() > 10 * first:
                return False
        return loss.item() < first

    below, above = arrives(0.99 * border), arrives(1.01 * border)
    tell.say(
        f"Now the loss is a bowl, steep in one direction (curvature {steep:.4f}) and flat in another ({flat:.4f}). The steepest "
        f"direction sets the border: 2 / {steep:.4f} = {border:.4f}. A run with 0.99 of it "
        f"{'comes down' if below else 'flies away'}, a run with 1.01 of it {'comes down' if above else 'flies away'}. The "
        f"flat direction, {steep / flat:.0f} times flatter, must live with the same learning rate: that is why training takes long."
    )
    return border, below, above


def draw(
    options: Options, tell: Narrator, runs: list[Run], best: float, points: tuple[list[float], list[float]]
) -> None:
    """Draw the loss update by update, and three paths on the parabola."""
    tell.line()
    with picture(options, tell, "learning_rate.png", columns=2) as both:
        if both is None:
            return
        curves, valley = both
        colours = ("#8793a0", "#56B4E9", "#0072B2", "#009E73", "#CC79A7", "#7A4988", "#B54900", "#D55E00")
        signs = ("o", "v", "s", "*", "D", "x", "^", "P")
        for run, colour, sign in zip(runs, colours, signs, strict=True):
            floor = min(loss_of(Value(best), points).item(), *run.losses)
            above = [max(loss - floor, 1e-13) for loss in run.losses]
            curves.semilogy(above, color=colour, marker=sign, markersize=3, linewidth=1, label=f"{run.rate:.5f}")
        curves.set(xlabel="update", ylabel="loss − least loss (volume²)", xlim=(-1, 60), ylim=(1e-13, 1e14))
        curves.set_title("too small, right, too large")
        curves.legend(frameon=False, title="learning rate", fontsize=8, loc="upper right", ncols=2)
        ws = [best + (k - 100) * 0.016 for k in range(201)]
        valley.plot(ws, [loss_of(Value(w), points).item() for w in ws], color="#8793a0", label="loss")
        for index in (1, 4, 7):
            path = runs[index].path[:8]
            losses = [loss_of(Value(w), points).item() for w in path]
            valley.plot(
                path, losses, color=colours[index], marker=signs[index], markersize=5, linewidth=1,
                label=f"learning rate {runs[index].rate:.4f}",
            )  # fmt: skip
        valley.set(xlabel="w (volume / time)", ylabel="mean squared error (volume²)")
        valley.set_title("the first updates on the parabola")
        valley.set(xlim=(ws[0], ws[-1]), ylim=(0, loss_of(Value(ws[-1]), points).item()))
        valley.legend(framealpha=0.95, edgecolor="white", loc="upper center", fontsize=8)
