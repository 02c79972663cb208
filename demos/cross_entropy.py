"""Binary cross-entropy by hand, and why two classes through a softmax give the same number.

−[y·log p + (1 − y)·log(1 − p)]: small when p is near y, the mean over the samples. It is computed by hand and by the
module, at p = 0 and 1 too. Then cross-entropy for many classes is asked about two, and agrees, gradients included.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

import nn
from autograd import Tensor, Value, log, sigmoid
from demos.course import Narrator, Options, graph_picture, picture, step
from nn.randomness import generator

SAMPLES = ((0.9, 1.0), (0.6, 1.0), (0.2, 0.0), (0.7, 0.0))  # (p, y)
PAIRS = 1000
ORANGE, BLUE = "#B54900", "#0072B2"


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    by_hand: float  # the mean over SAMPLES, from the formula
    module: float  # the same from nn.BCE
    edges: dict[tuple[float, float], float]  # the loss at p = 0 and 1, by (p, y)
    far: tuple[float, float]  # loss and slope from the logit 800 with y = 0, where 1 − σ(z) rounds to 0
    loss_apart: float  # two-class cross-entropy against BCE on the difference of the logits
    gradient_apart: float  # likewise in every gradient
    many_shape: tuple[int, ...]  # what cross-entropy gives without a mean: one number per sample


def bce_by_hand(p: float, y: float) -> float:
    """−[y·log p + (1 − y)·log(1 − p)], for p between 0 and 1, both excluded."""
    return -(y * math.log(p) + (1 - y) * math.log(1 - p))


def one_sample() -> Value:
    """Give the graph of one sample with y = 1: the logit, its probability, and the formula with both of its parts."""
    z, y = Value(0.85, name="z"), 1.0
    p = sigmoid(z)
    p.name = "p"
    loss: Value = -(y * log(p) + (1 - y) * log(1 - p))
    loss.name = "loss"
    return loss


def by_way_of_p(z: Any) -> tuple[Any, Any]:
    """Compute −log(1 − σ(z)) as it stands, for the logits at which σ(z) is not yet rounded to 1; give both."""
    p = 1 / (1 + np.exp(-z))
    z, p = z[p < 1], p[p < 1]
    return z, -np.log(1 - p)


def two_classes(seed: int) -> tuple[float, float]:
    """Compare the two losses on random logits; give the largest difference of a loss and of a gradient."""
    random = generator(seed)
    logits = random.normal(0, 5, (PAIRS, 2))
    y = random.integers(0, 2, PAIRS)

    pair = Tensor(logits)  # two logits per sample, softmax, many-class formula
    many = nn.CrossEntropy(reduction="none")(pair, y)
    many.sum().backward()

    single = Tensor(logits)  # their difference, sigmoid, two-class formula
    two = nn.BCEWithLogits(reduction="none")(single[:, 1] - single[:, 0], y.astype(float))
    two.sum().backward()
    loss_apart = float(np.max(np.abs(many.data - two.data)))
    return loss_apart, float(np.max(np.abs(pair.grad - single.grad)))


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    seed = 0 if options.seed is None else options.seed
    p, y = np.array(SAMPLES).T
    hand = [bce_by_hand(*sample) for sample in SAMPLES]
    module = nn.BCE()(Tensor(p), y).item()
    tell.say(
        "BCE, [binary cross-entropy], asks how far a [probability] p is from its [label] y, which is 0 or 1: "
        "−[y·log p + (1 − y)·log(1 − p)]. One of the two parts is always 0."
    )
    tell.title("By hand")
    tell.line("     p   y   −log p   −log(1−p)     loss")
    for (pi, yi), loss in zip(SAMPLES, hand, strict=True):
        one = f"{-math.log(pi):8.4f}" if yi else "       -"
        other = "       -" if yi else f"{-math.log(1 - pi):8.4f}"
        tell.line(f"  {pi:4.1f}   {yi:.0f} {one}    {other} {loss:8.4f}")
    mean = sum(hand) / len(hand)
    tell.line(f"  the mean                       {mean:8.4f}")
    tell.line(f"  nn.BCE()(p, y)                 {module:8.4f}")
    tell.say("The nearer p is to y, the smaller the loss; a confident error costs most.")
    edges, far = at_the_edges(tell)

    loss_apart, gradient_apart = two_classes(seed)
    shape = nn.CrossEntropy(reduction="none")(np.zeros((4, 3)), np.array([0, 2, 1, 1])).shape
    compare(tell, shape)
    found = Findings(mean, module, edges, far, loss_apart, gradient_apart, shape)
    tell.line()
    draw(options, tell)
    loss = one_sample()
    graph_picture(options, tell, "cross_entropy_graph.svg", loss, title="BCE of one sample with y = 1, both parts")
    if options.step:
        step(loss)
    same = all(v <= 1e-12 for v in (loss_apart, gradient_apart))
    agreed = "to 1e-12" if same else f"only to {max(loss_apart, gradient_apart):.0e}"
    tell.finding(
        f"BCE by hand and from the module are both {mean:.6f}; and on {PAIRS} pairs of logits two-class cross-entropy "
        f"equals BCE on their difference {agreed}, losses and gradients."
    )
    return found


def at_the_edges(tell: Narrator) -> tuple[dict[tuple[float, float], float], tuple[float, float]]:
    """Show what happens at p = 0 and 1, where log 0 is −∞."""
    tell.title("At p = 0 and p = 1")
    edges = {(p, y): nn.BCE()(Tensor([p]), np.array([y])).item() for p in (0.0, 1.0) for y in (0.0, 1.0)}
    tell.line("     p   y     loss")
    for (p, y), loss in edges.items():
        tell.line(f"  {p:4.0f}   {y:.0f} {loss:8.1f}")
    tell.say(
        "The formula has log 0 there, minus infinity, and 0 times that is not a number. The module stops the logarithm at "
        "−100, so the loss stays finite. Better is to hand over the number before the sigmoid, the logit z:"
    )
    z = Tensor([800.0])
    loss = nn.BCEWithLogits()(z, np.array([0.0]))
    loss.backward()
    far = loss.item(), float(z.grad[0])
    tell.line(f"  z = 800, y = 0: loss {far[0]:g}, slope {far[1]:g}")
    tell.say("p rounds to 1 here, yet loss and slope p − y are exact.")
    return edges, far


def compare(tell: Narrator, shape: tuple[int, ...]) -> None:
    """Tell the two losses apart, and where they are one."""
    tell.title("BCE and [cross-entropy]")
    tell.line("             BCE            cross-entropy")
    tell.line("  classes    two            many")
    tell.line("  output     one p          one per class")
    tell.line("  through    sigmoid        softmax")
    tell.line("  loss       −log p or      −log of the")
    tell.line("             −log(1 − p)    label's share")
    tell.say(
        f"Both give one number per sample, and then their mean: without it, 4 samples of 3 classes give the shape {shape}, not "
        "one number per class."
    )
    tell.say(
        "With two classes, softmax(z0, z1) gives class 1 the share exp(z1) / (exp(z0) + exp(z1)) = σ(z1 − z0). So the "
        "two losses must agree when BCE gets the difference of the logits:"
    )
    z0, z1 = Tensor([[0.3, 2.0]]), Tensor([1.7])
    many, two = nn.CrossEntropy()(z0, np.array([0])), nn.BCEWithLogits()(z1, np.array([0.0]))
    many.backward()
    two.backward()
    tell.line(f"  z = (0.3, 2), y = 0   cross-entropy {many.item():.6f}")
    tell.line(f"  z = 2 − 0.3,  y = 0   BCE           {two.item():.6f}")
    tell.line(f"  slopes ({z0.grad[0, 0]:+.6f}, {z0.grad[0, 1]:+.6f}) and {z1.grad[0]:+.6f}")


def draw(options: Options, tell: Narrator) -> None:
    """Draw the loss against p, and against the logit."""
    with picture(options, tell, "cross_entropy_curves.png", columns=2) as both:
        if both is None:
            return
        p, z = np.linspace(0.001, 0.999, 400), np.linspace(-15, 50, 400)
        styles: dict[int, Any] = {1: {"color": BLUE, "linestyle": "-"}, 0: {"color": ORANGE, "linestyle": "--"}}
        for y, style in styles.items():
            target = np.full(400, float(y))
            both[0].plot(p, nn.BCE(reduction="none")(Tensor(p), target).data, label=f"y = {y}", linewidth=1.8, **style)
            both[1].plot(
                z, nn.BCEWithLogits(reduction="none")(Tensor(z), target).data, label=f"y = {y}", linewidth=1.8, **style
            )
        ends, losses = by_way_of_p(z)
        both[1].plot(ends, losses, ":", color="#222222", linewidth=4, label="y = 0, by way of p = σ(z)")
        both[1].plot(ends[-1:], losses[-1:], "X", color="#222222", markersize=9, label="p is rounded to 1: log 0")
        for (pi, yi), name in zip(SAMPLES, "1234", strict=True):
            both[0].plot([pi], [bce_by_hand(pi, yi)], "o", color="#222222", markersize=5)
            both[0].annotate(name, (pi, bce_by_hand(pi, yi)), xytext=(4, 5), textcoords="offset points")
        both[0].set(xlabel="probability p", ylabel="loss (nats)", title="the four samples on the curves", ylim=(0, 5))
        both[1].set(
            xlabel="logit z, with p = σ(z)", ylabel="loss (nats)", title="from the logit: nearly straight, no end"
        )
        for axes in both:
            axes.legend(frameon=False, loc="upper center")
