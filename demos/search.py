"""Try every w and b, or descend: what exhaustive search costs against gradient descent as parameters grow.

The question of the course "linear models": finding the parameters with the least loss, why not try all of them? With w
and b alone that works. The model is y = b + w·x1 of the lesson `views`, then b + w1·x1 + … with more and more days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, Value
from demos.course import Narrator, Options, data, picture, step

if TYPE_CHECKING:
    from collections.abc import Sequence

W_RANGE, B_RANGE = (-1.0, 2.0), (-1.0, 1.0)
STEPS = (0.1, 0.05, 0.01)  # how fine the grid of w and b is
VALUES = 11  # per parameter, when there are more than two: −1, −0.8, …, 1
SEARCHED = (2, 3, 4, 5)  # parameters for which everything is tried
DESCENDED = (2, 3, 4, 5, 8, 15, 29, 57)  # b and 1, 2, 3, 4, 7, 14, 28, 56 days
LEARNING_RATE = 0.03
NEAR = 1.001  # descent has arrived at a loss this many times the least one
PER_SECOND = 1e6  # losses per second, assumed for the time that a search would take

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Search:
    """What trying everything found."""

    tried: int
    best: Array  # parameters
    loss: float


@dataclass(frozen=True, slots=True)
class Descent:
    """What gradient descent found, and its way."""

    path: Array  # parameters, update by update
    losses: list[float]

    @property
    def updates(self) -> int:
        """How many updates were made."""
        return len(self.path) - 1


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    exact: Array  # b and w of the closed form
    grids: dict[float, Search]  # over w and b, by the step of the grid
    descent: Descent  # over w and b
    searches: dict[int, Search]  # by the number of parameters
    descents: dict[int, Descent]
    least: dict[int, float]  # the least loss there is, by least squares


def samples(views: Array, days: int) -> tuple[Array, Array]:
    """Give rows of 1 and the ``days`` days before, yesterday first, and the day itself: as many rows for every model."""
    first = max(DESCENDED) - 1
    rows = [[1.0, *views[t - days : t][::-1]] for t in range(first, len(views))]
    return np.array(rows), views[first:]


def losses_of(candidates: Array, x: Array, y: Array) -> Array:
    """Give the mean squared error of each row of parameters, some thousand at a time."""
    parts = [
        np.mean((part @ x.T - y) ** 2, axis=1) for part in np.array_split(candidates, -(-len(candidates) // 10_000))
    ]
    return np.concatenate(parts)


def try_all(axes: Sequence[Array], x: Array, y: Array) -> Search:
    """Compute the loss of every combination, and keep the best."""
    candidates = np.stack([a.ravel() for a in np.meshgrid(*axes, indexing="ij")], axis=1)
    losses = losses_of(candidates, x, y)
    best = int(np.argmin(losses))
    return Search(len(candidates), candidates[best], float(losses[best]))


def descend(start: Array, x: Array, y: Array, enough: float) -> Descent:
    """Walk down from the start until the loss is small enough."""
    theta = Tensor(start, name="theta")  # 1. initialise
    path, losses = [start], []
    while True:
        loss = ((x @ theta - y) ** 2).mean()  # 2. forward pass   3. loss
        losses.append(loss.item())
        if losses[-1] <= enough or len(path) > 5000:
            return Descent(np.array(path), losses)
        theta.zero_grad()
        loss.backward()  # 4. backward pass
        theta.data = theta.data - LEARNING_RATE * theta.grad  # 5. update
        path.append(theta.data)


def least_squares(x: Array, y: Array) -> tuple[Array, float]:
    """Give the best parameters of a linear model, and their loss: the truth that both ways are held against."""
    best, *_ = np.linalg.lstsq(x, y, rcond=None)
    return best, float(np.mean((x @ best - y) ** 2))


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    views = np.array([float(v) for v in data("blog_views.csv")["views"]])
    views = (views - views.mean()) / views.std()
    rng = np.random.default_rng(options.seed)
    start = np.array([0.8, -0.8]) if options.seed is None else rng.uniform((-1, -1), (1, 2))
    x, y = samples(views, 1)
    if options.step:
        b, w = Value(float(start[0]), name="b"), Value(float(start[1]), name="w")
        loss = (
            sum(
                (b + w * float(today) - float(tomorrow)) ** 2 for (_, today), tomorrow in zip(x[:3], y[:3], strict=True)
            )
            / 3
        )
        loss.name = "loss"
        step(loss)

    tell.say(
        f"Tomorrow's views from today's, y = b + w·x1 (scaled), on {len(y)} days. [Optimisation] looks for the b and w with "
        "the least [loss], the [mean squared error]. Why not try them all?"
    )
    exact, lowest = least_squares(x, y)
    grids = {}
    for size in STEPS:
        spans = [np.arange(round((high - low) / size) + 1) * size + low for low, high in (B_RANGE, W_RANGE)]
        grids[size] = try_all(spans, x, y)
    descent = descend(start, x, y, lowest * (1 + 1e-9))
    two(tell, grids, descent, exact, lowest)

    searches, descents, least = {}, {}, {}
    for count in DESCENDED:
        x_more, y_more = samples(views, count - 1)
        least[count] = least_squares(x_more, y_more)[1]
        descents[count] = descend(np.zeros(count), x_more, y_more, NEAR * least[count])
        if count in SEARCHED:
            searches[count] = try_all([np.linspace(-1, 1, VALUES)] * count, x_more, y_more)
    found = Findings(exact, grids, descent, searches, descents, least)
    growth(tell, found)
    draw(options, tell, found, x, y)
    most = max(DESCENDED)
    fine = grids[STEPS[-1]]
    tell.finding(
        f"for w and b, trying {fine.tried} pairs comes within {np.max(np.abs(fine.best - exact)):.4f} of the best, "
        f"{descent.updates} updates of gradient descent within {np.max(np.abs(descent.path[-1] - exact)):.6f}; for {most} "
        f"parameters a grid of {VALUES} values each has {float(VALUES) ** most:.0e} points, descent needs "
        f"{found.descents[most].updates} updates."
    )
    return found


def two(tell: Narrator, grids: dict[float, Search], descent: Descent, exact: Array, lowest: float) -> None:
    """Compare both ways on two parameters."""
    tell.title("Two [parameter]s: both ways work")
    tell.say(
        f"[Exhaustive search]: every b from {B_RANGE[0]:g} to {B_RANGE[1]:g} with every w from {W_RANGE[0]:g} to "
        f"{W_RANGE[1]:g}. [Gradient descent]: from b = {descent.path[0, 0]:.2f}, w = {descent.path[0, 1]:.2f}."
    )
    tell.line()
    tell.line("  way           losses        b        w  off by")
    for size, found in grids.items():
        off = np.max(np.abs(found.best - exact))
        tell.line(f"  step {size:<8g} {found.tried:6d}  {found.best[0]:7.4f}  {found.best[1]:7.4f}  {off:.0e}")
    last = descent.path[-1]
    off = np.max(np.abs(last - exact))
    tell.line(f"  descent       {len(descent.losses):6d}  {last[0]:7.4f}  {last[1]:7.4f}  {off:.0e}")
    tell.line(f"  closed form           {exact[0]:7.4f}  {exact[1]:7.4f}")
    tell.line()
    tell.say(
        f"The least loss is {lowest:.6f}. A grid ten times as fine has a hundred times the points, for one digit more. "
        "Each loss of the descent had a [backward pass] as well, about as much work again or twice that."
    )


def growth(tell: Narrator, found: Findings) -> None:
    """Compare both ways as parameters are added."""
    tell.title("More parameters")
    tell.say(
        f"With more days there are more weights: y = b + w1·x1 + w2·x2 + … {VALUES} values each from −1 to 1; descent from "
        f"0 until the loss is within {NEAR - 1:.1%} of the least one, [learning rate] {LEARNING_RATE}."
    )
    tell.line()
    tell.line("                  search           descent")
    tell.line("  params    losses  best loss  updates    loss")
    for count, descent in found.descents.items():
        points = float(VALUES) ** count
        tried = f"{points:8.0f}" if points < 1e8 else f"{points:8.0e}"
        best = f"{found.searches[count].loss:9.4f}" if count in found.searches else "not tried".rjust(9)
        tell.line(f"  {count:6d}  {tried}  {best}  {descent.updates:7d}  {descent.losses[-1]:6.4f}")
    tell.line()
    better = sum(found.descents[count].losses[-1] < s.loss for count, s in found.searches.items())
    years = [float(VALUES) ** count / PER_SECOND / 3.156e7 for count in (15, max(DESCENDED))]
    tell.say(
        f"Where both were run, descent reached the lower loss in {better} of {len(found.searches)} cases. Each further "
        f"parameter makes the search {VALUES} times as long: at a million losses a second {years[0]:.0f} years for 15 "
        f"parameters and {years[1]:.0e} years for {max(DESCENDED)}. So with few parameters one may search; with many one "
        "needs the gradient, which says in one backward pass where down is for all of them."
    )


def draw(options: Options, tell: Narrator, found: Findings, x: Array, y: Array) -> None:
    """Draw the error surface with both ways, and the cost of both."""
    tell.line()
    with picture(options, tell, "search_surface.png") as axes:
        if axes is not None:
            ws, bs = np.linspace(*W_RANGE, 121), np.linspace(*B_RANGE, 81)
            grid = np.stack([a.ravel() for a in np.meshgrid(bs, ws, indexing="ij")], axis=1)
            surface = losses_of(grid, x, y).reshape(len(bs), len(ws))
            lines = axes.contour(
                ws, bs, surface, levels=[0.7, 0.8, 1, 1.3, 1.7, 2.2, 2.8, 3.5], colors="#8793a0", linewidths=0.9
            )
            axes.clabel(lines, fontsize=8)
            coarse = STEPS[0]
            tried = [np.arange(low, high + coarse / 2, coarse) for low, high in (W_RANGE, B_RANGE)]
            axes.plot(*(a.ravel() for a in np.meshgrid(*tried)), ".", color="#56B4E9", markersize=2.5,
                      label=f"search: {found.grids[coarse].tried} points")  # fmt: skip
            best = found.grids[coarse].best
            axes.plot(
                best[1], best[0], "s", color="#222222", fillstyle="none", markersize=10, label="best of the search"
            )
            axes.plot(found.descent.path[:, 1], found.descent.path[:, 0], "o-", color="#B54900", markersize=3, linewidth=1,
                      label=f"descent: {found.descent.updates} updates")  # fmt: skip
            axes.plot(
                found.exact[1], found.exact[0], "*", color="#0072B2", markersize=12, label="closed form", zorder=4
            )
            axes.set(
                xlabel="w (views per view)", ylabel="b (views, scaled)", title="error surface: contours of the loss"
            )
            axes.legend(fontsize=8, loc="lower right")
    with picture(options, tell, "search_cost.png") as axes:
        if axes is None:
            return
        counts = list(found.descents)
        axes.semilogy(
            counts, [float(VALUES) ** c for c in counts], ":", color="#0072B2", label=f"search: {VALUES} values each"
        )
        axes.semilogy(
            list(found.searches), [s.tried for s in found.searches.values()], "s", color="#0072B2", label="search, done"
        )
        axes.semilogy(
            counts,
            [max(1, d.updates) for d in found.descents.values()],
            "o-",
            color="#B54900",
            label="descent: updates, done",
        )
        axes.set(xlabel="number of parameters", ylabel="losses to compute", title="what it costs")
        axes.legend(frameon=False, loc="upper left")
