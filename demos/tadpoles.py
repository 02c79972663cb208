"""Fit a line through seven points: three ways to update w, of which one works.

The lesson of the course "linear regression, day 3": the volume of tadpoles against time, y = w·x with b = 0. The loss
is a parabola in w. Starting from the same w, three rules walk on it: subtract a fixed value, subtract the slope,
subtract learning rate × slope.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograd import Value
from demos.course import Narrator, Options, data, picture, step

if TYPE_CHECKING:
    from collections.abc import Callable

FIXED = 0.5  # what the first rule subtracts
LEARNING_RATE = 0.01
CLOSE = 1e-6  # how near w must come to the best one
FAR = 1e6  # a w beyond this has diverged
UPDATES = 200

# The three rules: the old w and the slope of the loss there give the new w.
RULES: dict[str, Callable[[float, float], float]] = {
    "fixed value": lambda w, slope: w - FIXED,  # noqa: ARG005  it does not look at the slope: that is its fault
    "slope": lambda w, slope: w - slope,
    "learning rate × slope": lambda w, slope: w - LEARNING_RATE * slope,
}


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    best: float  # the w of the closed form
    paths: dict[str, list[float]]  # each rule's w, update by update
    updates: int  # that the third rule needed
    growth: float  # by which the second rule multiplies its distance to the best w


def loss_of(w: Value, times: list[float], volumes: list[float]) -> Value:
    """Forward pass and loss: predict each point, and take the mean of the squared pointwise errors."""
    predictions = [w * t for t in times]
    errors = [p - v for p, v in zip(predictions, volumes, strict=True)]
    return sum(e**2 for e in errors) / len(errors)


def descend(
    rule: Callable[[float, float], float], start: float, best: float, points: tuple[list[float], list[float]]
) -> list[float]:
    """Walk by one rule until w is close, has diverged, or the updates are used up; give every w."""
    w = Value(start, name="w")  # 1. initialise
    path = [w.data]
    for _ in range(UPDATES):
        loss = loss_of(w, *points)  # 2. forward pass   3. loss
        w.zero_grad()
        loss.backward()  # 4. backward pass: the slope is in w.grad
        w.data = rule(w.data, w.grad)  # 5. update
        path.append(w.data)
        if abs(w.data - best) < CLOSE or abs(w.data) > FAR:
            break
    return path


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    table = data("tadpoles.csv")
    times, volumes = [float(t) for t in table["time"]], [float(v) for v in table["volume"]]
    points = (times, volumes)
    start = 2.0 if options.seed is None else random.Random(options.seed).uniform(0, 2)  # noqa: S311  a start, no secret

    tell.say(
        "Seven tadpoles were measured at different times. We look for the line volume = w × time that fits them best."
    )
    tell.line()
    tell.line("  time    " + "  ".join(f"{t:3.1f}" for t in times))
    tell.line("  volume  " + "  ".join(f"{v:3.1f}" for v in volumes))
    one_update(tell, start, points)

    if options.step:
        step_through(start, points)

    # The loss is a parabola in w, and a parabola has its lowest point where its slope is 0: 2/n Σ (w·t − v)·t = 0.
    best = sum(t * v for t, v in zip(times, volumes, strict=True)) / sum(t * t for t in times)
    paths = {name: descend(rule, start, best, points) for name, rule in RULES.items()}
    compare(tell, paths, best, points)
    draw(options, tell, paths, best, points)
    return conclude(tell, paths, best)


def one_update(tell: Narrator, start: float, points: tuple[list[float], list[float]]) -> None:
    """Show the five steps once, with every number."""
    times, volumes = points
    tell.title("One [update], in five steps")
    tell.say(f"1. [Initialise]: the [weight] w = {start:.6g}; the [bias] b stays 0.")
    w = Value(start, name="w")
    tell.say("2. [Forward pass]: each [prediction] is w × time; minus the volume it is the [pointwise error].")
    tell.line("     time  volume  w × time   error")
    for t, v in zip(times, volumes, strict=True):
        p = (w * t).item()
        tell.line(f"     {t:4.1f}  {v:6.1f}  {p:8.4f}  {p - v:+6.2f}")
    loss = loss_of(w, times, volumes)
    tell.say(f"3. [Loss]: the [mean squared error] of these, our [loss function], is {loss.item():.6f}.")
    loss.backward()
    tell.say(f"4. [Backward pass]: it gives the [slope] of the loss at this w, the [gradient]: {w.grad:.6f}.")
    direction = (
        "positive: the loss grows with w, so w must shrink"
        if w.grad > 0
        else "negative: the loss falls as w grows, so w must grow"
    )
    tell.say(f"It is {direction}.", indent="   ")
    new = RULES["learning rate × slope"](w.data, w.grad)
    tell.say(f"5. [Update]: w − [learning rate] × slope = {start:.6g} − {LEARNING_RATE} × {w.grad:.6f} = {new:.6f}.")
    after = loss_of(Value(new), times, volumes).item()
    tell.say(
        f"The loss falls from {loss.item():.4f} to {after:.4f}. Repeating this is [gradient descent].", indent="   "
    )


def compare(
    tell: Narrator, paths: dict[str, list[float]], best: float, points: tuple[list[float], list[float]]
) -> None:
    """Show the three rules side by side."""
    tell.title("Three rules for the [update], from the same start")
    tell.line(f"  A  w − {FIXED}            a fixed value")
    tell.line("  B  w − slope          the bare slope")
    tell.line(f"  C  w − {LEARNING_RATE} × slope   learning rate × slope")
    tell.line()
    wide = tell.width >= 64  # a narrow terminal has no room for the loss
    cell = 12 if wide else 10
    heads = [f"{letter}: w".rjust(cell) for letter in "ABC"]
    tell.line("  ".join(["  update", *heads, *(["   C: loss"] if wide else [])]))
    longest = max(len(p) for p in paths.values())
    shown = [*range(6), *(k for k in (8, 10, 15, 20, 30, 40, 50, 60, 80, 100, 150) if k < longest - 1)]
    last = len(paths["learning rate × slope"]) - 1
    for k in sorted({k for k in shown if k <= last} | {last}):
        cells = [
            f"{p[k]:{cell}.{6 if wide else 4}g}" if k < len(p) else "(stopped)".rjust(cell) for p in paths.values()
        ]
        loss = loss_of(Value(paths["learning rate × slope"][k]), *points).item()
        tell.line("  ".join([f"  {k:6d}", *cells, *([f"{loss:10.6f}"] if wide else [])]))
    fixed, bare, scaled = paths.values()
    tell.line()
    nearest = min(range(len(fixed)), key=lambda k: abs(fixed[k] - best))
    far = f"after {len(fixed) - 1} updates w = {fixed[-1]:.4g}. It never looks at the [slope]."
    if nearest == 0:
        tell.say(f"A walks away from the best w at once, and on the same way for ever: {far}")
    else:
        tell.say(
            f"A comes nearest at update {nearest} (w = {fixed[nearest]:.4g}), cannot stop there, and walks on: {far}"
        )
    if len(bare) > 2:
        tell.say(
            f"B knows the direction, but its steps are too long: it jumps over the lowest point to the other side, each "
            f"time {growth_of(bare, best):.1f} times as far away as before. It diverges: stopped after {len(bare) - 1} "
            f"updates at w = {bare[-1]:.4g}."
        )
    tell.say(
        f"C takes the same direction with short steps that shrink with the slope, and arrives: w = {scaled[-1]:.6f}."
    )


def growth_of(path: list[float], best: float) -> float:
    """Give the factor by which the last update multiplied the distance to the best w."""
    return abs(path[-1] - best) / abs(path[-2] - best)


def draw(
    options: Options,
    tell: Narrator,
    paths: dict[str, list[float]],
    best: float,
    points: tuple[list[float], list[float]],
) -> None:
    """Draw the points with their errors, and the paths of the three rules on the loss."""
    times, volumes = points
    start = paths["slope"][0]
    tell.line()
    with picture(options, tell, "tadpoles_fit.png") as axes:
        if axes is not None:
            for w, colour, name, beside in ((start, "#B54900", "start", -0.02), (best, "#0072B2", "best", 0.02)):
                axes.plot([0, 4.6], [0, 4.6 * w], color=colour, label=f"{name}: w = {w:.4f}")
                for t, v in zip(times, volumes, strict=True):
                    axes.plot([t + beside] * 2, [v, w * (t + beside)], "--", color=colour, linewidth=1)
            axes.plot(times, volumes, "o", color="#222222", label="tadpoles", zorder=3)
            axes.plot([], [], "k--", linewidth=1, label="pointwise error")
            axes.set(xlabel="time (the course gives no unit)", ylabel="volume (the course gives no unit)")
            axes.set(title="volume = w × time", xlim=(0, 4.6), ylim=(0, None))
            axes.legend(loc="upper left", frameon=False)
    with picture(options, tell, "tadpoles_paths.png", columns=2) as both:
        if both is None:
            return
        valley, distance = both
        ws = [k / 100 for k in range(201)]
        valley.plot(ws, [loss_of(Value(w), *points).item() for w in ws], color="#8793a0", label="loss")
        valley.axvline(best, color="#8793a0", linestyle=":", linewidth=1)
        marks = {
            "fixed value": ("s", "#CC79A7", "A"),
            "slope": ("^", "#B54900", "B"),
            "learning rate × slope": ("o", "#0072B2", "C"),
        }
        for name, path in paths.items():
            sign, colour, letter = marks[name]
            inside = [w for w in path if 0 <= w <= 2]
            losses = [loss_of(Value(w), *points).item() for w in inside]
            valley.plot(
                inside,
                losses,
                sign,
                color=colour,
                label=f"{letter}: {name}",
                markersize=9 if letter != "C" else 5,
                zorder=4 if letter == "C" else 3,
                fillstyle="none" if letter != "C" else "full",
            )
            distance.semilogy(
                [max(abs(w - best), CLOSE / 100) for w in path],
                color=colour,
                marker=sign,
                markersize=3,
                label=f"{letter}: {name}",
            )
        bare = paths["slope"]
        if len(bare) > 1:
            where = (start, loss_of(Value(start), *points).item())
            valley.annotate(
                f"B leaves the picture:\nnext w = {bare[1]:.1f}",
                where,
                xytext=(1.0, 8.8),
                color="#B54900",
                arrowprops={"arrowstyle": "<-", "color": "#B54900"},
            )
        valley.set(
            xlabel="w (volume / time)",
            ylabel="mean squared error (volume²)",
            title="the loss is a parabola in w",
            xlim=(-0.05, 2.1),
        )
        valley.legend(frameon=False, loc="upper center")
        distance.axhline(CLOSE, color="#8793a0", linestyle=":", linewidth=1)
        distance.set(
            xlabel="update", ylabel="|w − best w| (volume / time)", title="distance to the best w", xlim=(-1, 100)
        )
        distance.legend(frameon=False)


def conclude(tell: Narrator, paths: dict[str, list[float]], best: float) -> Findings:
    """Say what was found in one sentence, and give it as numbers."""
    bare, scaled = paths["slope"], paths["learning rate × slope"]
    updates = len(scaled) - 1
    growth = growth_of(bare, best) if len(bare) > 2 else 0.0
    tell.finding(
        f"learning rate × slope reaches w = {scaled[-1]:.6f} in {updates} updates, {abs(scaled[-1] - best):.1e} from "
        f"the closed-form best {best:.6f} = Σ time × volume / Σ time², where the other two rules do not stop."
    )
    return Findings(best, paths, updates, growth)


def step_through(start: float, points: tuple[list[float], list[float]]) -> None:
    """Step through the first backward pass at a prompt."""
    loss = loss_of(Value(start, name="w"), *points)
    loss.name = "loss"
    step(loss)
