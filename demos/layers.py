"""A network in layers: input, hidden, output; folded to modules, or down to single multiplications.

The three steps of the course's "forward pass in layers": the input layer takes the numbers; on the way to the hidden
layer they are multiplied by weights, a bias is added, and an activation function bends the sum; the output layer
multiplies and adds once more. The same network is computed by hand, as matrices, and as single numbers.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

import nn
from autograd import Graph, Value, unfused
from demos.course import Narrator, Options, graph_picture, step

INPUTS = (0.5, -1.0)
TARGET = 1.0


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    by_hand: float  # the output, from the formulas
    as_matrices: float
    as_numbers: float
    matrix_nodes: int  # nodes of the graph whose nodes are arrays
    number_nodes: int  # nodes of the graph whose nodes are single numbers
    operations: dict[str, int]  # how often each operation stands in the second graph
    gradients: int  # how many gradients were compared
    apart: float  # the largest difference between the two, in the output or in a gradient


def network_of(seed: int) -> nn.Sequential:
    """Give 2 inputs → 3 hidden neurons → 1 output; the names are those of the pictures."""
    hidden = nn.Sequential({"linear": nn.Linear(2, 3, seed=seed), "activation": nn.Sigmoid()})
    return nn.Sequential({"hidden": hidden, "output": nn.Linear(3, 1, seed=seed + 1)})


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    network = network_of(0 if options.seed is None else options.seed)
    tell.say(
        "A network hands numbers from [layer] to layer. Ours has 2 inputs, 3 hidden neurons and 1 output. We follow one "
        "example through it with pencil and paper, and then ask the engine for the same numbers."
    )
    by_hand = forward_by_hand(tell, network)

    # The same, as matrices: one node per layer and operation.
    y = network(np.array([INPUTS]))
    loss = ((y - TARGET) ** 2).mean()
    loss.backward()
    gradients = {name: p.grad for name, p in network.named_parameters()}

    # The same, as single numbers: every weight is a node, every multiplication too.
    single = network.scalars()
    x = np.array([[Value(v, name=f"x{i}") for i, v in enumerate(INPUTS, 1)]])
    with unfused():  # or each neuron would be one node, Σ w·x + b
        out = single(x)[0, 0]
    single_loss = (out - TARGET) ** 2
    out.name, single_loss.name = "y", "loss"
    single_loss.backward()
    apart = max(abs(y.item() - out.data), abs(y.item() - by_hand))
    for name, p in single.named_parameters():
        holder, _, index = name.partition("[")
        place = tuple(int(i) for i in index.rstrip("]").split(","))
        apart = max(apart, abs(float(gradients[holder][place]) - p.grad))

    found = Findings(
        by_hand,
        y.item(),
        out.data,
        len(Graph(loss)),
        len(Graph(single_loss)),
        dict(Counter(n.op.name for n in Graph(out) if not n.is_leaf)),
        len(single.parameters()),
        apart,
    )
    zoom(options, tell, found, single_loss)
    if options.step:
        step(single_loss)
    same = "to 1e-12" if apart <= 1e-12 else f"only to {apart:.0e}"
    tell.finding(
        f"by hand, as matrices ({found.matrix_nodes} nodes) and as single numbers ({found.number_nodes} nodes) the "
        f"network gives y = {out.data:.6f}, and the {found.gradients} gradients of its weights and biases agree {same}."
    )
    return found


def forward_by_hand(tell: Narrator, network: Any) -> float:
    """Compute the forward pass with nothing but multiplications, additions and one exponential."""
    weight, bias = network.hidden.linear.weight.data, network.hidden.linear.bias.data
    out_weight, out_bias = network.output.weight.data[0], network.output.bias.data[0]
    x1, x2 = INPUTS
    tell.title("The [forward pass], in three steps")
    tell.say(f"1. [Input layer]: it only takes the numbers in. x1 = {x1:g}, x2 = {x2:g}.")
    tell.say(
        "2. From input to [hidden layer]: each [neuron] multiplies every input by a [weight], adds its [bias], "
        "and sends this [weighted sum] z through the [activation function], here σ(z) = 1 / (1 + exp(−z))."
    )
    tell.line("       w1·x1   w2·x2       b       z    σ(z)")
    hidden = []
    for i in range(3):
        parts = (weight[i, 0] * x1, weight[i, 1] * x2, bias[i])
        z = sum(parts)
        hidden.append(1 / (1 + math.exp(-z)))
        tell.line(f"  h{i + 1} " + "".join(f"{v:8.4f}" for v in (*parts, z, hidden[-1])))
    tell.say("3. From hidden to [output layer]: the same, without an activation.")
    parts = tuple(w * h for w, h in zip(out_weight, hidden, strict=True))
    y = float(sum(parts) + out_bias)
    tell.line("       v1·h1   v2·h2   v3·h3       c       y")
    tell.line("   y " + "".join(f"{v:8.4f}" for v in (*parts, out_bias, y)))
    tell.say(
        "The three neurons of the hidden layer do the same with other weights, so their weights are the rows of a "
        "[matrix]: h = σ(W x + b) with W of 3 × 2, and y = V h + c with V of 1 × 3."
    )
    return y


def zoom(options: Options, tell: Narrator, found: Findings, loss: Value) -> None:
    """Draw the graph three times, from modules down to single multiplications."""
    tell.title("From modules down to single multiplications")
    names = {"mul": "multiplications", "add": "additions", "sigmoid": "sigmoids"}
    counted = ", ".join(f"{found.operations[op]} {word}" for op, word in names.items())
    tell.say(
        "`network.scalars()` is this network with a node for every number, and inside `unfused()` for every operation: "
        f"{counted}, {found.gradients} "
        f'weights and biases. The pictures open it step by step: draw(loss, depth=0) shows two modules; opened="hidden" looks '
        f'into the hidden layer; depth="all" shows every multiplication.'
    )
    tell.line()
    title = "2 inputs, 3 hidden neurons, 1 output"
    graph_picture(options, tell, "layers_modules.svg", loss, depth=0, title=f"{title}: modules")
    graph_picture(options, tell, "layers_hidden.svg", loss, depth=0, opened="hidden", title=f"{title}: hidden opened")
    graph_picture(options, tell, "layers_all.svg", loss, depth="all", title=f"{title}: every operation")
