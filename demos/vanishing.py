"""The vanishing gradient: ten sigmoid layers leave nothing for the first one; ten ReLU layers do.

Each sigmoid multiplies what comes back by at most 1/4. In a deep network these factors multiply, and the first layers
hardly learn. The gradient of every layer is measured in a sigmoid network and in a ReLU network of the same size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

import nn
from autograd import Value, sigmoid
from demos.course import Narrator, Options, graph_picture, picture, step
from nn.randomness import generator

DEPTH, WIDTH = 10, 32
NETWORKS = 10  # random networks of each kind, to see whether it was chance
CHAIN = 12
LEARNING_RATE = 0.02
STYLES = {"sigmoid": ("#0072B2", "o"), "ReLU": ("#B54900", "^")}


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    sizes: dict[str, list[float]]  # root mean square of the gradient, layer by layer, in the first network
    ratios: dict[str, list[float]]  # last layer / first layer, for each random network
    chain: list[float]  # the gradient at each step of a chain of single sigmoids, from the output back
    losses: dict[str, tuple[float, float]]  # before and after some training


def network_of(kind: str, random: np.random.Generator) -> nn.Sequential:
    """Give DEPTH layers, each started as its activation likes it: Xavier for sigmoid, He for ReLU."""
    layers: list[nn.Module] = []
    for k in range(DEPTH):
        linear = nn.Linear(2 if k == 0 else WIDTH, 1 if k == DEPTH - 1 else WIDTH, seed=random)
        (nn.init.kaiming_normal_ if kind == "ReLU" else nn.init.xavier_normal_)(linear.weight, seed=random)
        nn.init.zeros_(linear.bias)
        layers.append(linear)
        if k < DEPTH - 1:
            layers.append(nn.ReLU() if kind == "ReLU" else nn.Sigmoid())
    return nn.Sequential(*layers)


def gradient_by_layer(model: nn.Sequential, x: Any, y: Any) -> list[float]:
    """Run one backward pass; give the root mean square of each weight matrix's gradient, first layer first."""
    model.zero_grad()
    nn.BCEWithLogits()(model(x)[:, 0], y).backward()
    return [float(np.sqrt(np.mean(m.weight.grad**2))) for m in model if isinstance(m, nn.Linear)]


def train(model: nn.Sequential, x: Any, y: Any, updates: int) -> tuple[float, float]:
    """Train with all points at once: the plain loop; give the loss before and after."""
    criterion = nn.BCEWithLogits()
    optimiser = nn.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    losses = []
    for _ in range(updates + 1):
        optimiser.zero_grad()
        loss = criterion(model(x)[:, 0], y)
        losses.append(loss.item())
        loss.backward()
        optimiser.step()
    return losses[0], losses[-1]


def chain_of_sigmoids() -> tuple[Value, list[Value]]:
    """Give the end of x → σ → σ → …, and every station of it."""
    stations = [Value(0.5, name="x")]
    for k in range(CHAIN):
        stations.append(sigmoid(stations[-1]))
        stations[-1].name = f"h{k + 1}"
    return stations[-1], stations


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    seed = 0 if options.seed is None else options.seed
    random = generator(seed)
    x = random.normal(size=(200, 2))
    y = (x[:, 0] * x[:, 1] > 0).astype(float)  # two classes that no straight line parts

    end, stations = chain_of_sigmoids()
    end.backward()
    chain = [float(s.grad) for s in reversed(stations)]
    tell_of_chain(tell, chain)

    networks = {kind: [network_of(kind, random) for _ in range(NETWORKS)] for kind in STYLES}
    measured = {kind: [gradient_by_layer(m, x, y) for m in models] for kind, models in networks.items()}
    sizes = {kind: runs[0] for kind, runs in measured.items()}
    ratios = {kind: [run[-1] / run[0] for run in runs] for kind, runs in measured.items()}
    tell.title("[Gradient] by layer")
    tell.say(
        f"Two networks of {DEPTH} layers, {WIDTH} units wide, look at the same 200 points. After one [backward pass]: how "
        "large is the gradient of each layer's weights (root mean square)?"
    )
    tell.line()
    tell.line("  layer      sigmoid       ReLU")
    for k in range(DEPTH):
        tell.line(f"  {k + 1:5d}   {sizes['sigmoid'][k]:10.1e} {sizes['ReLU'][k]:10.1e}")
    tell.line()
    for kind in STYLES:
        low, high = min(ratios[kind]), max(ratios[kind])
        tell.say(
            f"{kind}: the last layer's gradient is {_about(ratios[kind][0])} times the first layer's "
            f"({_about(low)} to {_about(high)} in {NETWORKS} random networks)."
        )
    updates = 100 if options.quick else 400
    losses = {kind: train(models[0], x, y, updates) for kind, models in networks.items()}
    tell.title("What it means for training")
    tell.say(
        f"The loss before and after {updates} updates of [gradient descent], at the same [learning rate] {LEARNING_RATE}:"
    )
    tell.line()
    for kind, (before, after) in losses.items():
        tell.line(f"  {kind:8s} {before:6.2f} → {after:.2f}")
    tell.line()
    draw(options, tell, measured)
    graph_picture(
        options,
        tell,
        "vanishing_chain.svg",
        end,
        health=True,
        digits=6,
        direction="TB",
        title=f"{CHAIN} sigmoids: the gradient vanishes",
    )
    if options.step:
        step(end)
    tell.finding(
        f"in {DEPTH} sigmoid layers the first layer's gradient is {_about(ratios['sigmoid'][0])} times smaller than the "
        f"last one's (at least {_about(min(ratios['sigmoid']))} in {NETWORKS} networks); in {DEPTH} ReLU layers the last "
        f"is {_about(ratios['ReLU'][0])} times the first."
    )
    return Findings(sizes, ratios, chain, losses)


def _about(x: float) -> str:
    """Write a ratio with two digits that count."""
    return f"{float(f'{x:.2g}'):,.0f}".replace(",", " ") if x >= 10 else f"{x:.2g}"


def tell_of_chain(tell: Narrator, chain: list[float]) -> None:
    """Follow the gradient backward through single sigmoids."""
    tell.say(
        f"A chain of {CHAIN} sigmoids: h1 = σ(x), h2 = σ(h1), and so on. Backward, each multiplies by its own "
        "[slope], σ' = h·(1 − h), which is never more than 1/4."
    )
    tell.line()
    tell.line("  passed back to    factor      gradient")
    for k in range(1, len(chain)):
        place = "x" if k == len(chain) - 1 else f"h{len(chain) - 1 - k}"
        if k <= 4 or k % 4 == 0:
            tell.line(f"  {place:14s}  {chain[k] / chain[k - 1]:8.4f}  {chain[k]:12.1e}")
    tell.say(
        f"After {CHAIN} of them {chain[-1]:.1e} is left, {-math.log10(chain[-1]) / CHAIN:.2f} powers of ten lost at each: "
        "the [vanishing gradient]."
    )


def draw(options: Options, tell: Narrator, measured: dict[str, list[list[float]]]) -> None:
    """Draw the gradient by layer, all networks."""
    with picture(options, tell, "vanishing_layers.png") as axes:
        if axes is None:
            return
        layers = range(1, DEPTH + 1)
        for kind, runs in measured.items():
            colour, sign = STYLES[kind]
            axes.semilogy(layers, runs[0], color=colour, marker=sign, label=kind, zorder=3)
            axes.fill_between(layers, np.min(runs, axis=0), np.max(runs, axis=0), color=colour, alpha=0.18, linewidth=0)
        axes.fill_between([], [], color="#888888", alpha=0.3, label=f"range of {NETWORKS} random networks")
        axes.set(xlabel="layer (1 is next to the input)", ylabel="root mean square of the gradient")
        axes.set(title="what one backward pass leaves for each layer", xticks=list(layers))
        axes.legend(frameon=False, loc="lower right")
