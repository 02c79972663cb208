"""Without activations, any number of layers is one matrix product: a straight line, and no more.

Why activation functions? Three linear layers, one behind the other, are multiplied out: their product is one matrix,
and it gives what the network gives. Both networks, with and without activations, then try to separate two moons.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

import nn
from autograd import no_grad
from demos.course import Narrator, Options, graph_picture, picture, step
from nn.randomness import generator

SIZES = (2, 16, 16, 1)
LEARNING_RATE = 0.02
ORANGE, BLUE = "#B54900", "#0072B2"


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    product: Any  # the one matrix, of shape (1, 2)
    offset: float  # and the one bias
    apart: float  # between the linear network and the product, at most, over points far beyond the moons
    points: int
    best_line: int  # points that the best of all straight lines puts on the right side
    linear: int  # points that the network without activations gets right
    bent: int  # points that the network with activations gets right


def network_of(seed: int, *, activation: bool) -> nn.Sequential:
    """Give three linear layers, with or without tanh between them."""
    random = generator(seed)
    layers: list[nn.Module] = []
    for inside, outside in pairwise(SIZES):
        layers.append(nn.Linear(inside, outside, seed=random))
        if activation and outside != 1:
            layers.append(nn.Tanh())
    return nn.Sequential(*layers)


def train(model: nn.Sequential, x: Any, y: Any, updates: int) -> None:
    """Train with all points at once: the plain loop."""
    criterion = nn.BCEWithLogits()
    optimiser = nn.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    for _ in range(updates):
        optimiser.zero_grad()
        loss = criterion(model(x)[:, 0], y)  # forward pass, loss
        loss.backward()
        optimiser.step()


def multiplied_out(model: nn.Sequential) -> tuple[Any, Any]:
    """Multiply the layers of a network without activations: W₃W₂W₁, and the bias that comes with it."""
    product, offset = np.eye(SIZES[0]), np.zeros(SIZES[0])
    for layer in model:
        weight, bias = layer.weight.data, layer.bias.data  # type: ignore[attr-defined]
        product, offset = weight @ product, weight @ offset + bias
    return product, offset


def best_line(x: Any, y: Any) -> int:
    """Give how many points the best of all straight lines gets right.

    Every way in which a line can part the points is found by turning a line through two of them a little; these two
    can then go to either side.
    """
    sign = np.where(y == 1, 1, -1)
    best = 0
    for i in range(len(x) - 1):
        direction = x[i + 1 :] - x[i]
        side = np.sign(direction[:, :1] * (x[:, 1] - x[i, 1]) - direction[:, 1:] * (x[:, 0] - x[i, 0]))
        side[np.arange(len(direction)), np.arange(i + 1, len(x))] = side[:, i] = 0
        right = ((side * sign) > 0).sum(axis=1), ((side * sign) < 0).sum(axis=1)
        best = max(best, *(int(r.max()) + 2 for r in right))
    return best


def right(model: nn.Sequential, x: Any, y: Any) -> int:
    """Count the points on the right side of the threshold: probability ½, which is logit 0."""
    with no_grad():
        return int(np.sum((np.asarray(model(x)[:, 0].data) > 0) == (y == 1)))


def main(options: Options) -> Findings:
    """Run the lesson."""
    from sklearn.datasets import make_moons

    tell = Narrator(options)
    seed = 0 if options.seed is None else options.seed
    x, y = make_moons(200, noise=0.1, random_state=0)
    updates = 150 if options.quick else 300
    linear, bent = network_of(seed, activation=False), network_of(seed, activation=True)

    tell.say(
        "Why do we need an [activation function]? Take three layers of sizes 2 → 16 → 16 → 1 and leave it out, which is "
        "the function g(z) = z. Each layer is then [linear]."
    )
    train(linear, x, y, updates)
    product, offset = multiplied_out(linear)
    far = generator(seed + 1).uniform(-100, 100, (1000, 2))
    with no_grad():
        network = np.asarray(linear(far).data)
    apart = float(np.max(np.abs(network - (far @ product.T + offset)) / (1 + np.abs(network))))
    tell.title("The layers, multiplied out")
    tell.line("  y = W3 (W2 (W1 x + b1) + b2) + b3")
    tell.line("    = (W3 W2 W1) x + (W3 W2 b1 + W3 b2 + b3)")
    tell.say(
        f"The [matrix] product has {product.size} numbers where the layers have "
        f"{sum(p.data.size for p in linear.parameters())}. After training it is:"
    )
    tell.line(f"  y = {product[0, 0]:+.3f}·x1 {product[0, 1]:+.3f}·x2 {offset[0]:+.3f}")
    same = "no more than 1e-12" if apart <= 1e-12 else f"{apart:.0e}"
    tell.say(f"On 1000 points between -100 and 100 the network and the product differ by {same} of the value.")

    train(bent, x, y, updates)
    found = Findings(product, float(offset[0]), apart, len(x), best_line(x, y), right(linear, x, y), right(bent, x, y))
    tell.title("What a straight line cannot do")
    tell.say(
        "Two half moons, 100 points each, reach into each other. y = 0 is a straight line, wherever training puts it. "
        "With tanh between the layers, the same layers are [non-linear]."
    )
    tell.line()
    tell.line(f"  separating {found.points} points            right")
    tell.line(f"  network without activations      {found.linear:5d}")
    tell.line(f"  best of all straight lines       {found.best_line:5d}")
    tell.line(f"  network with tanh                {found.bent:5d}")
    tell.line()
    draw(options, tell, (linear, bent), x, y, found)
    sample = nn.Sequential(nn.Linear(2, 2, seed=seed), nn.Linear(2, 1, seed=seed + 1)).scalars()
    small = sample(np.array([[0.5, -1.0]]))[0, 0]
    graph_picture(options, tell, "collapse_graph.svg", small, title="two layers without an activation: only × and +")
    if options.step:
        step(small)
    conclude(tell, found, same)
    return found


def conclude(tell: Narrator, found: Findings, same: str) -> None:
    """Say what was found in one sentence."""
    more = "more" if found.bent > found.best_line else "not more"
    tell.finding(
        f"three layers without activations are one product of matrices, to {same.replace('no more than ', '')} of the "
        f"value, and get {found.linear} of {found.points} points right; with tanh between them {found.bent}, which is "
        f"{more} than any straight line can ({found.best_line})."
    )


def draw(options: Options, tell: Narrator, models: Any, x: Any, y: Any, found: Findings) -> None:
    """Draw the two regions of each network."""
    with picture(options, tell, "collapse_moons.png", columns=2) as both:
        if both is None:
            return
        a, b = np.meshgrid(np.linspace(-1.6, 2.6, 150), np.linspace(-1.2, 1.7, 150))
        told = (f"no activation: {found.linear} of {found.points} right", f"tanh: {found.bent} of {found.points} right")
        for axes, model, title in zip(both, models, told, strict=True):
            with no_grad():
                logits = np.asarray(model(np.stack([a.ravel(), b.ravel()], axis=1)).data).reshape(a.shape)
            axes.contourf(a, b, logits > 0, levels=[-0.5, 0.5, 1.5], colors=["#f6dfcd", "#cfe3f1"])
            axes.contour(a, b, logits, levels=[0], colors="#222222", linewidths=1.2)
            for label, sign, colour in ((0, "o", ORANGE), (1, "^", BLUE)):
                points = x[y == label]
                axes.plot(points[:, 0], points[:, 1], sign, color=colour, markersize=4, label=f"moon {label}")
            axes.set(xlabel="x1 (no unit)", ylabel="x2 (no unit)", title=title)
            axes.legend(loc="upper right", frameon=True, framealpha=0.9)
