"""Logistic regression: one neuron tells malignant from benign tumours on 171 patients it has not seen.

A neuron in two parts: the linear part weighs 30 measurements of a cell nucleus and adds a bias; the non-linear part, a
sigmoid, turns the sum into a probability. The log loss drives gradient descent; above the threshold 0.5 the answer is
"malignant". Data: breast cancer Wisconsin (diagnostic), as scikit-learn brings it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import nn
from autograd import Tensor, no_grad, scope, sigmoid
from demos.course import Narrator, Options, graph_picture, picture, step
from nn.randomness import generator

TRAIN = 398  # of 569; the rest is the test split
SPLIT_SEED = 0  # fixed: --seed changes where training starts, never who is in the test split
LEARNING_RATE = 0.5
UPDATES = 400
THRESHOLD = 0.5
ORANGE, BLUE = "#B54900", "#0072B2"


@dataclass(frozen=True, slots=True)
class Split:
    """The data, standardised with the numbers of the training split."""

    x_train: Any  # (398, 30)
    y_train: Any  # (398,): 1 is malignant
    x_test: Any  # (171, 30)
    y_test: Any
    features: list[str]


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    losses: list[float]  # on the training split, before each update, and at the end
    train_accuracy: float
    test_accuracy: float
    wrong: tuple[int, int]  # test patients: malignant called benign, benign called malignant
    always_benign: float  # accuracy of calling everybody benign
    heaviest: list[str]  # the measurements of the largest weights


def load() -> Split:
    """Read the data, split them at random with a fixed seed, and standardise.

    Mean and standard deviation come from the training split alone: the test split must not be looked at.
    """
    from sklearn.datasets import load_breast_cancer

    bunch = load_breast_cancer()
    y = 1.0 - bunch.target  # there 0 is malignant; the positive class is the one that is looked for
    order = np.random.default_rng(SPLIT_SEED).permutation(len(y))
    train, test = order[:TRAIN], order[TRAIN:]
    mean, spread = bunch.data[train].mean(axis=0), bunch.data[train].std(axis=0)
    x = (bunch.data - mean) / spread
    return Split(x[train], y[train], x[test], y[test], [str(name) for name in bunch.feature_names])


def neuron(x: Any, w: Tensor, b: Tensor) -> Tensor:
    """Weighted sum, then sigmoid: the probability that y = 1, for each row of x."""
    z = scope("linear part", lambda: x @ w + b)()
    return scope("non-linear part", lambda: sigmoid(z))()  # type: ignore[no-any-return]


def log_loss(p: Tensor, y: Any) -> Tensor:
    """−[y·log p + (1 − y)·log(1 − p)], the mean over the patients; the module keeps log 0 finite."""
    return nn.BCE()(p, y)  # type: ignore[no-any-return]


def train(split: Split, seed: int, updates: int) -> tuple[Tensor, Tensor, list[float]]:
    """Train the neuron on all patients of the training split at once; give its weights, its bias, and the losses."""
    w = Tensor(0.1 * generator(seed).normal(size=split.x_train.shape[1]), name="w")  # 1. initialise
    b = Tensor(0.0, name="b")
    losses = []
    for _ in range(updates):
        p = neuron(split.x_train, w, b)  # 2. forward pass
        loss = log_loss(p, split.y_train)  # 3. loss
        losses.append(loss.item())
        w.zero_grad()
        b.zero_grad()
        loss.backward()  # 4. backward pass
        w.data = w.data - LEARNING_RATE * w.grad  # 5. update
        b.data = b.data - LEARNING_RATE * b.grad
    with no_grad():
        losses.append(log_loss(neuron(split.x_train, w, b), split.y_train).item())
    return w, b, losses


def probabilities(x: Any, w: Tensor, b: Tensor) -> Any:
    """Give the probability of the positive class for each row, as plain numbers."""
    with no_grad():
        return np.asarray(neuron(x, w, b).data)


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    split = load()
    seed = 0 if options.seed is None else options.seed
    positive, n = int(split.y_test.sum()), len(split.y_test)
    tell.say(
        "[Logistic regression] on real data: 569 tumours, 30 numbers each; such a number is a [feature]. The question has two "
        "answers, so this is a [binary classification]: malignant, the [positive class], is 1, and benign is 0."
    )
    tell.say(
        f"{TRAIN} train, {n} test, {positive} of these malignant. Every feature is standardised with the mean and the "
        "standard deviation of the training split only: nobody looks at the test split before the end."
    )
    tell.title("A [neuron] has two parts")
    tell.line("  z = w1·x1 + w2·x2 + … + w30·x30 + b")
    tell.line("  p = σ(z) = 1 / (1 + exp(−z))")
    tell.say(
        "The [linear part] is a [weighted sum] and a [bias]; the [non-linear part] is the [activation function]. p is a "
        "[probability], between 0 and 1."
    )
    w, b, losses = train(split, seed, UPDATES)
    tell.title("Training on the [log loss]")
    tell.say("−[y·log p + (1 − y)·log(1 − p)], the mean over the training split:")
    tell.line()
    tell.line("  updates    log loss")
    for k in sorted({0, 1, 2, 5, 10, 20, 50, 100, 200, UPDATES}):
        tell.line(f"  {k:7d}    {losses[k]:8.4f}")
    p_train, p_test = probabilities(split.x_train, w, b), probabilities(split.x_test, w, b)
    called = p_test > THRESHOLD
    missed = int(np.sum(~called & (split.y_test == 1)))
    alarmed = int(np.sum(called & (split.y_test == 0)))
    heaviest = [split.features[i] for i in np.argsort(-np.abs(w.data))[:3]]
    found = Findings(
        losses,
        float(np.mean((p_train > THRESHOLD) == (split.y_train == 1))),
        float(np.mean(called == (split.y_test == 1))),
        (missed, alarmed),
        1 - positive / n,
        heaviest,
    )
    tell.title(f"The [threshold] {THRESHOLD}")
    tell.say(f"p > {THRESHOLD} is called malignant, anything else benign. On the {n} patients of the test split:")
    tell.line()
    tell.line("                 called      called")
    tell.line("                 malignant   benign")
    tell.line(f"  is malignant   {positive - missed:9d}   {missed:6d}")
    tell.line(f"  is benign      {alarmed:9d}   {n - positive - alarmed:6d}")
    tell.line()
    tell.say(f"The largest weights belong to: {', '.join(heaviest)}.")
    tell.line()
    draw(options, tell, losses, p_test, split.y_test)
    sample = log_loss(neuron(split.x_test[:1], w, b), split.y_test[:1])
    sample.name = "loss"
    graph_picture(
        options, tell, "logistic_neuron.svg", sample, title="one neuron: linear part, non-linear part; and its loss"
    )
    if options.step:
        step(sample)
    tell.finding(
        f"one neuron calls {n - missed - alarmed} of {n} unseen tumours right, a test accuracy of "
        f"{found.test_accuracy:.1%} (training {found.train_accuracy:.1%}); calling everybody benign gives "
        f"{found.always_benign:.1%}."
    )
    return found


def draw(options: Options, tell: Narrator, losses: list[float], p: Any, y: Any) -> None:
    """Draw the loss by update, and the probabilities of both classes on the test split."""
    with picture(options, tell, "logistic_training.png", columns=2) as both:
        if both is None:
            return
        falling, classes = both
        falling.semilogy(losses, color=BLUE)
        falling.set(xlabel="update", ylabel="log loss (mean per patient)", title="training split")
        bins = np.linspace(0, 1, 21)
        parts = [p[y == 0], p[y == 1]]
        classes.hist(parts, bins, color=[BLUE, ORANGE], label=["is benign", "is malignant"], log=True)
        for bars, hatch in zip(classes.containers, ("", "///"), strict=True):
            for bar in bars:
                bar.set(hatch=hatch, edgecolor="white")
        classes.axvline(THRESHOLD, color="#222222", linestyle="--", label=f"threshold {THRESHOLD}")
        classes.set(xlabel="p, the probability of malignant", ylabel="patients", title=f"test split: {len(y)} patients")
        classes.legend(loc="upper center", framealpha=1, edgecolor="none")
