"""Dead ReLUs: the larger the learning rate, the more units never answer again.

A step that is too large can push the weights of a ReLU so far that its input is negative for every example. Then its
output is 0, its slope is 0, and no gradient will ever bring it back. The same network is trained at several rates.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

import nn
from autograd import Value, no_grad, relu
from demos.course import Narrator, Options, graph_picture, picture, step
from nn.randomness import generator

RATES = (0.1, 1.0, 3.0, 5.0, 8.0, 12.0)
SHOWN = 5.0  # a unit that died at this rate is looked at closely
UNITS, UPDATES = 50, 100
GENTLE = 0.1  # afterwards, to see whether the dead come back


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers; shares are means over the networks."""

    before: float  # share of dead units before training
    dead: dict[float, float]  # share of dead units after training, by learning rate
    right: dict[float, float]  # share of points on the right side, by learning rate
    gradient_of_dead: float  # the largest gradient that arrives at the weights of a dead unit
    died: int  # units dead after training at the largest rate, in all networks
    came_back: int  # of those, after as many updates again at a gentle rate


def points(random: np.random.Generator) -> tuple[Any, Any]:
    """Give 200 points in a ring around a disc."""
    angle = random.uniform(0, 2 * np.pi, 200)
    y = np.arange(200) % 2
    radius = np.where(y == 1, 1.6, 0.6) + random.normal(0, 0.15, 200)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), y.astype(float)


def train(model: nn.Sequential, x: Any, y: Any, rate: float) -> None:
    """Train with all points at once: the plain loop."""
    criterion = nn.BCEWithLogits()
    optimiser = nn.optim.SGD(model.parameters(), lr=rate)
    for _ in range(UPDATES):
        optimiser.zero_grad()
        loss = criterion(model(x)[:, 0], y)  # forward pass, loss
        loss.backward()
        optimiser.step()


def dead_units(model: nn.Sequential, x: Any) -> Any:
    """Tell for each hidden unit whether its weighted sum is at or below 0 for every example."""
    with no_grad():
        return np.all(np.asarray(model[0](x).data) <= 0, axis=0)


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    seed = 0 if options.seed is None else options.seed
    random = generator(seed)
    x, y = points(random)
    networks = 5 if options.quick else 20
    starts = [
        nn.Sequential(nn.Linear(2, UNITS, seed=random), nn.ReLU(), nn.Linear(UNITS, 1, seed=random)).state_dict()
        for _ in range(networks)
    ]
    tell.say(
        f"A network with {UNITS} ReLU units learns to tell a ring from the disc inside it. A unit is dead when its "
        "[weighted sum] is negative for all 200 points: its output is 0, its [slope] is 0, so no [gradient] reaches its "
        "weights, and it stays as it is for ever."
    )
    model = nn.Sequential(nn.Linear(2, UNITS, seed=0), nn.ReLU(), nn.Linear(UNITS, 1, seed=0))
    before = 0.0
    for start in starts:
        model.load_state_dict(start)
        before += float(dead_units(model, x).mean()) / networks
    dead, right = dict.fromkeys(RATES, 0.0), dict.fromkeys(RATES, 0.0)
    patient: tuple[Any, ...] | None = None
    died = came_back = 0
    for rate in RATES:
        for start in starts:
            model.load_state_dict(start)
            train(model, x, y, rate)
            gone = dead_units(model, x)
            dead[rate] += float(gone.mean()) / networks
            with no_grad():
                right[rate] += float(np.mean((np.asarray(model(x)[:, 0].data) > 0) == (y == 1))) / networks
            if patient is None and rate >= SHOWN:  # keep the unit that training pushed furthest, for the picture
                weight, bias = start["0.weight"], start["0.bias"]
                killed = np.flatnonzero(gone & np.any(x @ weight.T + bias > 0, axis=0))
                if killed.size:
                    nearest = np.max(np.asarray(model[0](x).data), axis=0)[killed]
                    unit = int(killed[np.argmin(nearest)])
                    patient = rate, model.state_dict(), unit, (weight[unit], bias[unit])
            if rate == RATES[-1]:
                died += int(gone.sum())
                train(model, x, y, GENTLE)
                came_back += int(np.sum(gone & ~dead_units(model, x)))
    tell.title("Several values of the [learning rate]")
    tell.say(f"The same {networks} networks, {UPDATES} updates each:")
    tell.line()
    tell.line("  rate    dead units   points right")
    tell.line(f"  none    {100 * before:8.1f} %              (before)")
    for rate in RATES:
        tell.line(f"  {rate:4g}    {100 * dead[rate]:8.1f} %    {100 * right[rate]:8.1f} %")
    tell.line()
    tell.say(
        f"{died} units are dead after training at {RATES[-1]:g}. {UPDATES} more updates at a gentle {GENTLE:g} bring "
        f"{came_back} of them back."
    )
    arriving = examine(options, tell, patient, x, y)
    draw(options, tell, before, dead, right, networks)
    found = Findings(before, dead, right, arriving, died, came_back)
    grows = all(dead[a] <= dead[b] for a, b in pairwise(RATES))
    tell.finding(
        f"the share of dead units {'grows' if grows else 'does not always grow'} with the learning rate: "
        + ", ".join(f"{100 * dead[r]:.0f} % at {r:g}" for r in RATES)
        + f"; before training it was {100 * before:.0f} %."
    )
    return found


def examine(options: Options, tell: Narrator, patient: tuple[Any, ...] | None, x: Any, y: Any) -> float:
    """Look at one unit that training killed; give the largest gradient that arrives at its weights, over all points."""
    if patient is None:
        tell.line()
        tell.say("Training killed no unit in these networks.")
        return 0.0
    rate, state, unit, born = patient
    model = nn.Sequential(nn.Linear(2, UNITS, seed=0), nn.ReLU(), nn.Linear(UNITS, 1, seed=0))
    model.load_state_dict(state)
    nn.BCEWithLogits()(model(x)[:, 0], y).backward()
    gradients = (model[0].weight.grad[unit], model[0].bias.grad[unit], model[2].weight.grad[0, unit])
    arriving = float(max(np.max(np.abs(g)) for g in gradients))
    weights, bias = state["0.weight"][unit], float(state["0.bias"][unit])
    tell.title("One dead unit")
    tell.say(
        f"Unit {unit + 1}, trained at rate {rate:g}. Before: z = {born[0][0]:+.2f}·x1 {born[0][1]:+.2f}·x2 {born[1]:+.2f}, which "
        f"is above 0 for {int(np.sum(x @ born[0] + born[1] > 0))} of 200 points. After: z = {weights[0]:+.2f}·x1 "
        f"{weights[1]:+.2f}·x2 {bias:+.2f}, at most {float(np.max(x @ weights + bias)):.2f}. The largest gradient that "
        f"arrives at its weights, in or out, is {arriving:g}."
    )
    tell.line()
    w1, w2, b = Value(float(weights[0]), name="w1"), Value(float(weights[1]), name="w2"), Value(bias, name="b")
    nearest = x[int(np.argmax(x @ weights + bias))]
    x1, x2 = (float(v) for v in nearest)
    v = Value(float(state["2.weight"][0, unit]), name="w3")
    h = relu(w1 * x1 + w2 * x2 + b)
    h.name = "h"
    y_part = h * v
    y_part.name = "part"
    graph_picture(
        options,
        tell,
        "dead_relus_unit.svg",
        y_part,
        health=True,
        title="a dead ReLU, at the point that comes nearest to it",
    )
    if options.step:
        step(y_part)
    return arriving


def draw(
    options: Options, tell: Narrator, before: float, dead: dict[float, float], right: dict[float, float], networks: int
) -> None:
    """Draw the share of dead units against the learning rate."""
    with picture(options, tell, "dead_relus_rates.png") as axes:
        if axes is None:
            return
        axes.semilogx(RATES, [100 * right[r] for r in RATES], "^--", color="#0072B2", label="points on the right side")
        axes.semilogx(RATES, [100 * dead[r] for r in RATES], "o-", color="#B54900", label="dead units")
        axes.axhline(100 * before, color="#8793a0", linestyle=":", label="dead before training")
        axes.set(xlabel="learning rate", ylabel="share (%)", ylim=(-3, 108), xticks=RATES)
        axes.set_xticklabels([f"{r:g}" for r in RATES])
        axes.minorticks_off()
        axes.set_title(f"mean of {networks} networks of {UNITS} ReLUs")
        axes.legend(frameon=False, loc="center left")
