"""Forecast tomorrow's page views from 1, 7, 28 and 56 days before, and compare the errors on unseen days.

The lesson of the course "linear models", section 3.1: y = b + w·x₁ looks at one day only; the data has a cycle of a
week, so a model of seven days must do better. Real data: a year of daily page views of a blog, the first nine months
to train on, the last 91 days (13 weeks) to test.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor
from demos.course import Narrator, Options, data, graph_picture, picture, step

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS = (1, 7, 28, 56)  # how many days each model looks back
TEST = 91  # the last 13 weeks
LEARNING_RATE = 0.03
UPDATES = 2000  # far beyond the point where the training loss stands still
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Score:
    """How wrong a forecast is, in views: root mean squared error on both sets, mean absolute error on the test days."""

    train: float
    test: float
    absolute: float
    forecasts: Array  # of the test days


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    models: dict[int, Score]  # by the number of days that a model looks back
    naive: dict[int, Score]  # "same as so many days ago"
    weights: dict[int, Array]  # b first, then w₁ (yesterday), w₂, …
    best: int  # the number of days of the model with the least error on the test days


def examples(series: Array, days: int, first: int) -> tuple[Array, Array]:
    """Give inputs and labels: row t holds the ``days`` days before day t, yesterday first; the label is day t itself."""
    rows = [series[t - days : t][::-1] for t in range(first, len(series))]
    return np.array(rows), series[first:]


def train(x: Array, y: Array, start: float, updates: int) -> tuple[Tensor, Tensor, list[float]]:
    """Fit y = b + x·w by gradient descent on the mean squared error of all training days."""
    w = Tensor(np.full(x.shape[1], start), name="w")  # 1. initialise
    b = Tensor(0.0, name="b")
    losses = []
    for _ in range(updates):
        prediction = x @ w + b  # 2. forward pass
        loss = ((prediction - y) ** 2).mean()  # 3. loss
        w.zero_grad()
        b.zero_grad()
        loss.backward()  # 4. backward pass
        w.data = w.data - LEARNING_RATE * w.grad  # 5. update
        b.data = b.data - LEARNING_RATE * b.grad
        losses.append(loss.item())
    return w, b, losses


def score(forecasts: Array, views: Array, first: int, border: int) -> Score:
    """Compare forecasts of the days from ``first`` on with what happened."""
    errors = forecasts - views[first:]
    past, future = errors[: border - first], errors[border - first :]
    return Score(
        float(np.sqrt(np.mean(past**2))), float(np.sqrt(np.mean(future**2))), float(np.mean(np.abs(future))),
        forecasts[border - first :],
    )  # fmt: skip


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    table = data("blog_views.csv")
    dates, views = table["date"], np.array([float(v) for v in table["views"]])
    border = len(views) - TEST
    first = max(DAYS)  # the first day with 56 days before it: all models learn from the same days
    start = 0.0 if options.seed is None else random.Random(options.seed).uniform(-0.2, 0.2)  # noqa: S311  no secret
    # Scaled to mean 0 and spread 1, by the days before the border alone: the test days must not be looked at.
    middle, spread = views[:border].mean(), views[:border].std()
    scaled = (views - middle) / spread

    tell.say(
        f"{len(views)} days of page views of a blog. Can tomorrow be forecast? We train on {border - first} days, up to "
        f"{dates[border - 1]} (the [training set]), and test on the {TEST} days from {dates[border]} on (the [test set]). "
        "The split is by time: a forecaster never knows the future."
    )
    week(tell, dates, views[:border])

    if options.step:
        step_through(scaled, first)

    tell.title("Four models")
    tell.say(
        "y = b + w1·x1: tomorrow from today. It is a [linear model]: every [feature] times a [weight], plus a [bias]. "
        "[Domain knowledge], the week, changes it: y = b + w1·x1 + … + w7·x7, x7 being the day a week before. Then four "
        f"weeks and eight. Features are scaled to mean 0 and spread 1. {UPDATES} updates of [gradient descent] each, with "
        f"[learning rate] {LEARNING_RATE} on the [mean squared error]:"
    )
    models, weights = {}, {}
    tell.line()
    tell.line("  days  parameters    loss: first      last")
    for days in DAYS:
        x, y = examples(scaled, days, first)
        w, b, losses = train(x[: border - first], y[: border - first], start, UPDATES)
        forecasts = (x @ w.data + b.data) * spread + middle
        models[days] = score(forecasts, views, first, border)
        weights[days] = np.concatenate([[b.data], w.data])
        tell.line(f"  {days:4d}  {days + 1:10d}  {losses[0]:13.6f}  {losses[-1]:8.6f}")
    naive = {days: score(views[first - days : -days], views, first, border) for days in (1, 7)}
    best = min(models, key=lambda days: models[days].test)
    found = Findings(models, naive, weights, best)

    compare(tell, found)
    draw(options, tell, found, dates[border:], views[border:])
    draw_graph(options, tell, scaled, first, found)
    conclude(tell, found)
    return found


def week(tell: Narrator, dates: Sequence[str], views: Array) -> None:
    """Show the weekly cycle of the training days."""
    from datetime import date

    numbers = np.array([date.fromisoformat(d).weekday() for d in dates[: len(views)]])
    tell.line()
    tell.say("Mean views by day of the week, on the days before the border:")
    tell.line()
    tell.line("  " + " ".join(f"{name:>5}" for name in WEEKDAYS))
    tell.line("  " + " ".join(f"{views[numbers == k].mean():5.0f}" for k in range(7)))


def step_through(scaled: Array, first: int) -> None:
    """Step through the loss of one forecast from one day, at a prompt."""
    from autograd import Value

    loss = (Value(0.0, name="b") + Value(0.5, name="w1") * float(scaled[first - 1]) - float(scaled[first])) ** 2
    loss.name = "loss"
    step(loss)


def compare(tell: Narrator, found: Findings) -> None:
    """Put the errors side by side."""
    tell.title("Errors, in views")
    tell.say("RMSE is the root of the mean squared error; MAE is the mean size of a [pointwise error].")
    tell.line()
    tell.line("  forecast            RMSE train   test    MAE")
    rows = [(f"same as {'yesterday' if d == 1 else '7 days ago'}", s) for d, s in found.naive.items()]
    rows += [(f"model of {d} day{'s' * (d > 1)}", s) for d, s in found.models.items()]
    for name, s in rows:
        tell.line(f"  {name:19} {s.train:10.1f} {s.test:6.1f} {s.absolute:6.1f}")
    tell.line()
    one, seven, largest = found.models[1], found.models[7], found.models[max(DAYS)]
    w = found.weights[7][1:]
    by_size = sorted(range(7), key=lambda k: -abs(w[k]))
    tell.say(
        f"One day knows nothing of the week. In the model of seven days the largest weights are w{by_size[0] + 1} = "
        f"{w[by_size[0]]:.2f} and w{by_size[1] + 1} = {w[by_size[1]]:.2f} (w1 is yesterday, w7 the same day a week ago); "
        f"its test error is {seven.test / one.test:.0%} of the one-day model's."
    )
    beaten = "beats" if seven.test < found.naive[7].test else "does not beat"
    tell.say(f"It {beaten} the simplest use of that knowledge, copying the day a week ago ({found.naive[7].test:.1f}).")
    measures = [one.test < found.naive[1].test, one.absolute < found.naive[1].absolute]
    if any(measures) and not all(measures):
        tell.say(
            "Whether the one-day model beats 'same as yesterday' depends on the measure: it was trained on squared "
            f"errors, and is {'better' if measures[0] else 'worse'} by RMSE and {'better' if measures[1] else 'worse'} "
            "by MAE."
        )
    if seven.test < seven.train:
        tell.say(
            "That the unseen days have smaller errors than the training days is no merit of the model: 'same as 7 days "
            f"ago', which learns nothing, has {found.naive[7].train:.1f} there and {found.naive[7].test:.1f} here. The "
            "weeks of spring were more regular than those of autumn and the turn of the year."
        )
    falls = all(found.models[a].train >= found.models[b].train for a, b in pairwise(DAYS))
    tell.say(
        f"More days: the training error {'falls all the way' if falls else 'does not fall all the way'}, to "
        f"{largest.train:.1f}; the test error is least with {found.best} days"
        + (
            f", and {max(DAYS)} days are worse again ({largest.test:.1f}): {max(DAYS) + 1} parameters from so few days "
            "learn chance as well."
            if found.best != max(DAYS)
            else "."
        )
    )


def draw(options: Options, tell: Narrator, found: Findings, dates: Sequence[str], views: Array) -> None:
    """Draw forecasts against the truth, and the errors."""
    tell.line()
    days = range(len(views))
    with picture(options, tell, "views_forecast.png", columns=2) as both:
        if both is not None:
            for axes, looked in zip(both, (1, 7), strict=True):
                axes.plot(days, views, color="#222222", linewidth=1, label="what happened")
                s = found.models[looked]
                colour = "#B54900" if looked == 1 else "#0072B2"
                axes.plot(
                    days,
                    s.forecasts,
                    "--",
                    color=colour,
                    label=f"model of {looked} day{'s' * (looked > 1)}: RMSE {s.test:.0f}",
                )
                axes.set_xticks(list(days)[::21], [dates[k] for k in days][::21])
                axes.set(xlabel="date (unseen days)", ylabel="views per day", ylim=(0, 3100))
                axes.set(title=f"tomorrow from {'one day' if looked == 1 else 'seven days'}")
                axes.legend(frameon=False, loc="upper left")
    with picture(options, tell, "views_errors.png", columns=2) as both:
        if both is None:
            return
        bars, share = both
        rows = [(f"same as\n{d} day{'s' * (d > 1)} ago", s, "//") for d, s in found.naive.items()]
        rows += [(f"{d} day{'s' * (d > 1)}", s, "") for d, s in found.models.items()]
        for k, (_, s, hatch) in enumerate(rows):
            bars.bar(
                k - 0.2,
                s.train,
                0.38,
                color="#56B4E9",
                hatch=hatch,
                edgecolor="white",
                label="training days" if k == 2 else None,
            )
            bars.bar(
                k + 0.2,
                s.test,
                0.38,
                color="#0072B2",
                hatch=hatch,
                edgecolor="white",
                label="unseen days" if k == 2 else None,
            )
            bars.text(k + 0.2, s.test + 4, f"{s.test:.0f}", ha="center", fontsize=8.5)
        bars.set_xticks(range(len(rows)), [name for name, _, _ in rows], fontsize=9)
        bars.set(ylabel="root mean squared error (views per day)", title="errors of the forecasts")
        bars.legend(frameon=False, loc="upper right")
        w = found.weights[28][1:]
        share.bar(range(1, 29), w, color=["#0072B2" if k % 7 == 0 else "#8793a0" for k in range(1, 29)])
        share.axhline(0, color="#222222", linewidth=0.8)
        share.set_xticks([1, 7, 14, 21, 28])
        share.set(
            xlabel="days before (whole weeks in blue)",
            ylabel="weight (no unit)",
            title="the weights of the 28-day model",
        )


def draw_graph(options: Options, tell: Narrator, scaled: Array, first: int, found: Findings) -> None:
    """Draw the model of seven days for one forecast, every weight its own node."""
    from autograd import Value

    b, *w = (Value(float(p), name="b" if k == 0 else f"w{k}") for k, p in enumerate(found.weights[7]))
    y = b
    for k, weight in enumerate(w, 1):
        y = y + weight * float(scaled[first - k])
    y.name = "y"
    graph_picture(options, tell, "views_model.svg", y, view="forward")


def conclude(tell: Narrator, found: Findings) -> None:
    """Say what was found in one sentence."""
    one, seven, best = found.models[1], found.models[7], found.models[found.best]
    tell.finding(
        f"on {TEST} unseen days the error (RMSE) of the seven-day model is {seven.test:.1f} views; the one-day model has "
        f"{one.test:.1f}, 'same as yesterday' {found.naive[1].test:.1f}, 'same as 7 days ago' {found.naive[7].test:.1f}, "
        f"and the least is {best.test:.1f}, with {found.best} days."
    )
