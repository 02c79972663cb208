"""Sigmoid, tanh, ReLU and hard sigmoid: their curves, their derivatives, where they saturate, and sparsity.

An activation function turns the weighted sum of a neuron into its output. The derivative decides what comes back
through it: where the curve is flat the neuron is saturated, and no gradient passes. ReLU is flat on one side only,
gives an exact 0 there, and so makes a network sparse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import nn
from autograd import Tensor, Value, hardsigmoid, no_grad, relu, sigmoid, tanh
from demos.course import Narrator, Options, graph_picture, picture, step
from nn.randomness import generator

if TYPE_CHECKING:
    from collections.abc import Callable

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": sigmoid,
    "tanh": tanh,
    "ReLU": relu,
    "hard sigmoid": hardsigmoid,
}
STYLES = {
    "sigmoid": ("#0072B2", "-"),
    "tanh": ("#CC79A7", "--"),
    "ReLU": ("#B54900", "-"),
    "hard sigmoid": ("#222222", ":"),
}
AT = (-10.0, -4.0, -1.0, 0.0, 1.0, 4.0, 10.0)
FLAT = 0.01  # a slope below this share of the steepest one counts as saturated
DEPTH, WIDTH, EXAMPLES = 4, 200, 500


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    values: dict[str, list[float]]  # at the points AT
    slopes: dict[str, list[float]]  # likewise, from the backward pass
    steepest: dict[str, float]
    flat_from: dict[str, float | None]  # beyond this x the slope is below 1 % of the steepest; None: never
    zeros: dict[str, list[float]]  # share of outputs that are exactly 0, layer by layer, of a random network
    paths: float  # share of the paths through the ReLU network on which every unit is active


def curve(function: Callable[[Any], Any], x: Any) -> tuple[Any, Any]:
    """Give the values of a function and, from one backward pass, its slopes."""
    inputs = Tensor(x)
    y = function(inputs)
    y.sum().backward()  # the sum sends 1 to every element, so each gets its own slope
    return y.data, inputs.grad


def flat_beyond(function: Callable[[Any], Any]) -> float | None:
    """Give the x above 0, to a hundredth, beyond which the slope stays below 1 % of the steepest one."""
    x = np.arange(0, 2001) / 100
    _, slopes = curve(function, x)
    steep = np.flatnonzero(slopes >= FLAT * slopes.max())
    return None if steep[-1] == len(x) - 1 else float(x[steep[-1] + 1])


def zeros_by_layer(name: str, seed: int) -> tuple[list[float], float]:
    """Send random examples through a random network; give the share of exact zeros in each layer, and of live paths."""
    random = generator(seed)
    x: Any = random.normal(size=(EXAMPLES, WIDTH))
    shares = []
    with no_grad():
        for _ in range(DEPTH):
            layer = nn.Linear(WIDTH, WIDTH, seed=random)
            nn.init.kaiming_normal_(layer.weight, seed=random)
            x = FUNCTIONS[name](layer(x))
            shares.append(float(np.mean(x.data == 0)))
    return shares, float(np.prod([1 - s for s in shares]))


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    seed = 0 if options.seed is None else options.seed
    at = np.array(AT)
    curves = {name: curve(f, at) for name, f in FUNCTIONS.items()}
    dense = np.arange(-800, 801) / 100
    steepest = {name: float(curve(f, dense)[1].max()) for name, f in FUNCTIONS.items()}
    flat = {name: flat_beyond(f) for name, f in FUNCTIONS.items()}
    tell.say(
        "Four kinds of [activation function], and the [derivative] of each: the engine gives every [slope] of a curve in one "
        "[backward pass]."
    )
    tables(tell, curves)
    tell.title("[Saturation]")
    tell.say("Where a curve is flat, the slope is nearly 0, and nearly nothing passes back through the neuron.")
    tell.line()
    tell.line("                 steepest   flat (slope < 1 %")
    tell.line("                    slope   of it) beyond x =")
    for name in FUNCTIONS:
        beyond = flat[name]
        tell.line(f"  {name:13s} {steepest[name]:10.4f}   {'never' if beyond is None else f'{beyond:.2f}':>17s}")
    tell.line()
    tell.say(
        "Sigmoid and tanh saturate on both sides, the hard sigmoid is exactly flat from 3. ReLU never saturates on the "
        "right; on the left it is flat from 0."
    )
    zeros, live = {}, 1.0
    for name in FUNCTIONS:
        zeros[name], share = zeros_by_layer(name, seed)
        live = share if name == "ReLU" else live
    sparse(tell, zeros, live)
    found = Findings(
        {n: [float(v) for v in c[0]] for n, c in curves.items()},
        {n: [float(v) for v in c[1]] for n, c in curves.items()},
        steepest, flat, zeros, live,
    )  # fmt: skip
    tell.line()
    draw(options, tell, zeros)
    x = Value(4.0, name="x")
    total = sigmoid(x) + tanh(x) + relu(x) + hardsigmoid(x)
    total.name = "sum"
    graph_picture(
        options,
        tell,
        "activations_graph.svg",
        total,
        digits=4,
        title="one x through all four: what comes back at x = 4",
    )
    if options.step:
        step(total)
    ends = ", ".join(f"{name} {found.slopes[name][-1]:.1e}" for name in ("sigmoid", "tanh"))
    tell.finding(
        f"at x = 10 the slope of ReLU is {found.slopes['ReLU'][-1]:g}, where others have lost theirs ({ends}, hard sigmoid "
        f"{found.slopes['hard sigmoid'][-1]:g}); and in a random network {np.mean(zeros['ReLU']):.0%} of the ReLU units "
        f"give exactly 0, of the sigmoid units {np.mean(zeros['sigmoid']):.0%}."
    )
    return found


def tables(tell: Narrator, curves: dict[str, tuple[Any, Any]]) -> None:
    """Print values and slopes."""
    for what, k in (("values", 0), ("slopes", 1)):
        tell.title(f"The {what}")
        tell.line("       x" + "".join(f"{name.replace('hard sigmoid', 'hard σ'):>10s}" for name in FUNCTIONS))
        for i, x in enumerate(AT):
            row = "".join(_cell(float(c[k][i])) for c in curves.values())
            tell.line(f"  {x:6.0f}{row}")


def _cell(x: float) -> str:
    return f"{x:10.1e}" if 0 < abs(x) < 5e-5 else f"{x:10.4f}"


def sparse(tell: Narrator, zeros: dict[str, list[float]], live: float) -> None:
    """Tell how many outputs are exactly 0."""
    tell.title("[Sparsity]")
    tell.say(
        f"A network of {DEPTH} layers of {WIDTH} units with random weights looks at {EXAMPLES} random examples. How many "
        "outputs are exactly 0, which is to say: how many units are not active?"
    )
    tell.line()
    tell.line("  layer        " + "".join(f"{k:8d}" for k in range(1, DEPTH + 1)))
    for name, shares in zeros.items():
        tell.line(f"  {name:13s}" + "".join(f"{100 * s:6.1f} %" for s in shares))
    tell.line()
    tell.say(
        f"ReLU silences about half of each layer: {100 * (1 - np.mean(zeros['ReLU'])):.0f} % are active in every layer, not "
        f"fewer and fewer. What halves with each layer is the share of whole paths that are active: after {DEPTH} layers "
        f"{100 * live:.1f} % of them, and (1/2)^{DEPTH} is {100 / 2**DEPTH:.1f} %."
    )


def draw(options: Options, tell: Narrator, zeros: dict[str, list[float]]) -> None:
    """Draw the curves beside their derivatives, and the zeros by layer."""
    x = np.linspace(-6, 6, 1201)
    with picture(options, tell, "activations_curves.png", columns=2) as both:
        if both is not None:
            for name, function in FUNCTIONS.items():
                colour, dash = STYLES[name]
                y, slopes = curve(function, x)
                slopes = np.where(np.abs(np.diff(slopes, append=slopes[-1])) > 0.1, np.nan, slopes)  # a jump is no line
                for axes, drawn in zip(both, (y, slopes), strict=True):
                    axes.plot(x, drawn, color=colour, linestyle=dash, label=name, linewidth=1.8)
            both[0].set(xlabel="weighted sum x", ylabel="output f(x)", title="activation functions", ylim=(-1.2, 2.5))
            both[1].set(xlabel="weighted sum x", ylabel="slope df/dx", title="their derivatives", ylim=(-0.05, 1.1))
            both[0].legend(frameon=False, loc="upper left")
            both[1].legend(frameon=False, loc="upper left", fontsize=8)
    with picture(options, tell, "activations_sparsity.png") as axes:
        if axes is not None:
            for k, (name, shares) in enumerate(zeros.items()):
                places = np.arange(1, DEPTH + 1) + (k - 1.5) * 0.2
                bars = axes.bar(places, [100 * s for s in shares], 0.18, color=STYLES[name][0], label=name)
                axes.bar_label(bars, fmt="%.0f", fontsize=8, padding=1)
            axes.set(xlabel="layer", ylabel="outputs that are exactly 0 (%)", title="ReLU silences half of the units")
            axes.set(xticks=range(1, DEPTH + 1), ylim=(0, 75))
            axes.legend(frameon=False, ncols=2, loc="upper center")
