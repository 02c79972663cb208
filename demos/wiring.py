"""Can it be wired otherwise, layer 2 straight to 4? A skip connection and a convolutional network read digits.

"The layers come one after the other; may we write them in any way, such as 2 to 4?" Yes: any wiring without a circle has
gradients, and a layer that is used twice gets both parts of its gradient. One such wiring is made for pictures: the
convolution, which slides one small set of weights over every place. Data and split are those of the lesson "digits".
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

import nn
from autograd import Value, concatenate, no_grad, relu
from demos import digits as lesson
from demos.course import Narrator, Options, graph_picture, picture, step
from nn.data import DataLoader, TensorDataset
from nn.randomness import generator

EPOCHS, BATCH = 14, 50
RATES = {"plain": 0.002, "skip": 0.002, "convolution": 0.003}
# Chosen within the training split, as in the lesson "digits".


class Chain(nn.Module):
    """Layers 1 → 2 → 3 → 4; with ``skip``, layer 4 gets what layer 2 gives as well as what layer 3 gives."""

    def __init__(self, *, skip: bool, seed: int) -> None:
        """Make the four layers; with a skip, the last takes twice as many numbers."""
        self.skip = skip
        self.layer1 = nn.Linear(256, 64, seed=seed)
        self.layer2 = nn.Linear(64, 64, seed=seed + 1)
        self.layer3 = nn.Linear(64, 64, seed=seed + 2)
        self.layer4 = nn.Linear(128 if skip else 64, 10, seed=seed + 3)

    def forward(self, x: Any) -> Any:
        """Give ten numbers per picture."""
        two = relu(self.layer2(relu(self.layer1(x))))
        three = relu(self.layer3(two))
        return self.layer4(concatenate([two, three], axis=1) if self.skip else three)


def convolutional(seed: int) -> nn.Sequential:
    """Give two convolutions, each with ReLU and pooling, and one linear layer: 16 × 16 → 8 × 8 → 4 × 4 → 10."""
    kind = np.float32  # half the memory of float64 to move about, and precise enough to train
    return nn.Sequential(
        {
            "convolution1": nn.Conv2d(1, 16, 5, padding=2, seed=seed, dtype=kind),
            "relu1": nn.ReLU(),
            "pool1": nn.MaxPool2d(2),
            "convolution2": nn.Conv2d(16, 32, 5, padding=2, seed=seed + 1, dtype=kind),
            "relu2": nn.ReLU(),
            "pool2": nn.MaxPool2d(2),
            "flatten": nn.Flatten(),
            "dropout": nn.Dropout(0.4, seed=seed + 2),
            "output": nn.Linear(512, 10, seed=seed + 3, dtype=kind),
        }
    )


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    two_roads: tuple[float, float, float]  # gradient of layer 2's output: straight, through layer 3, and in all
    parameters: dict[str, int]
    accuracy: dict[str, float]  # on the test split
    seconds: dict[str, float]
    trained_on: int


def train(model: nn.Module, x: Any, y: Any, epochs: int, rate: float, seed: int) -> None:
    """Train in batches: the plain loop; the learning rate falls evenly, epoch by epoch.

    A batch of pictures (but not of rows of 256) is moved by up to one place at random: a moved digit is the same digit.
    """
    random = generator(seed)
    criterion = nn.CrossEntropy()
    optimiser = nn.optim.Adam(model.parameters(), lr=rate)
    schedule = nn.optim.LinearLR(optimiser, 1.0, 0.05, total_iters=epochs)
    loader = DataLoader(TensorDataset(x, y), BATCH, shuffle=True, seed=seed)
    for _ in range(epochs):
        for pictures, labels in loader:
            if pictures.ndim == 4:
                pictures = np.roll(pictures, random.integers(-1, 2, 2), axis=(2, 3))
            optimiser.zero_grad()
            loss = criterion(model(pictures), labels)  # forward pass, loss
            loss.backward()
            optimiser.step()
        schedule.step()
    model.eval()  # no unit is dropped from now on


def accuracy(model: nn.Module, x: Any, y: Any) -> float:
    """Give the share of pictures that are read right."""
    with no_grad():
        return float(np.mean(np.asarray(model(x).data).argmax(axis=1) == y))


def single_numbers() -> tuple[Value, tuple[float, float, float]]:
    """Give the smallest network with 2 straight to 4, and the gradient of its layer 2, road by road."""
    x = Value(1.0, name="layer1")
    w2, w3, v, u = (Value(n, name=name) for n, name in ((0.8, "w2"), (1.5, "w3"), (0.5, "w4"), (-2.0, "w24")))
    two = relu(w2 * x)
    two.name = "layer2"
    three = relu(w3 * two)
    three.name = "layer3"
    four = v * three + u * two  # 3 to 4, and 2 straight to 4
    four.name = "layer4"
    four.backward()
    return four, (float(u.data), float(v.data * w3.data), float(two.grad))


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    seed = 0 if options.seed is None else options.seed
    data = lesson.load()
    n, epochs = (1000, 6) if options.quick else (lesson.TRAIN, EPOCHS)
    four, roads = single_numbers()
    straight, through, whole = roads
    tell.say(
        "So far one [layer] followed the other. Can it be wired otherwise, layer 2 straight to 4? It can: a [skip connection]. "
        "Backward, layer 2 then gets its [gradient] from two roads, and the parts are added:"
    )
    tell.line()
    tell.line(f"  4 → 2, straight         {straight:+.4f}")
    tell.line(f"  4 → 3 → 2, the long way {through:+.4f}")
    tell.line(f"  gradient of layer 2     {whole:+.4f}")
    tell.line()
    graph_picture(options, tell, "wiring_skip.svg", four, title="2 straight to 4: two roads back to layer 2")
    if options.step:
        step(four)
    tell.title("Another wiring: [convolution]")
    tell.say(
        "A [fully connected] layer has a weight for each pair of places. A [convolutional neural network] slides 5 × 5 weights "
        "over the picture, the same everywhere: a stroke is a stroke wherever it stands. Pooling keeps the largest of each "
        "2 × 2 places. While it trains, each batch is moved by up to one place at random."
    )
    models: dict[str, nn.Module] = {
        "plain": Chain(skip=False, seed=seed),
        "skip": Chain(skip=True, seed=seed),
        "convolution": convolutional(seed),
    }
    right, seconds = {}, {}
    for name, model in models.items():
        x_train, x_test = (_shaped(x, name) for x in (data.x_train[:n], data.x_test))
        started = time.perf_counter()
        train(model, x_train, data.y_train[:n], epochs, RATES[name], seed)
        seconds[name] = time.perf_counter() - started
        right[name] = accuracy(model, x_test, data.y_test)
    sizes = {name: sum(p.data.size for p in m.parameters()) for name, m in models.items()}
    found = Findings(roads, sizes, right, seconds, n)
    titles = {"plain": "1→2→3→4", "skip": "and 2→4", "convolution": "convolution"}
    tell.title(f"The same digits, {n} to train")
    tell.line("  wiring       parameters    test     time")
    for name, title in titles.items():
        tell.line(f"  {title:11s}  {sizes[name]:10d}  {100 * right[name]:5.1f} %  {seconds[name]:5.1f} s")
    tell.line()
    draw(options, tell, models["convolution"], data, right, titles)
    sample = nn.CrossEntropy()(models["convolution"](_shaped(data.x_test[:1], "convolution")), data.y_test[:1])
    sample.name = "loss"
    graph_picture(
        options, tell, "wiring_convolution.svg", sample, depth=0, title="a small convolutional network, by module"
    )
    tell.finding(
        f"layer 2 wired straight to 4 trains like any other wiring ({100 * right['skip']:.1f} % of unseen digits right, "
        f"{100 * right['plain']:.1f} % without); the convolutional network, with {sizes['convolution']} parameters where the "
        f"first has {sizes['plain']}, reads {100 * right['convolution']:.1f} % right after {epochs} epochs in "
        f"{seconds['convolution']:.0f} s."
    )
    return found


def _shaped(x: Any, name: str) -> Any:
    """Give pictures as rows of 256, or for the convolution as (n, 1 channel, 16, 16)."""
    return x.reshape(-1, 1, 16, 16).astype(np.float32) if name == "convolution" else x


def draw(
    options: Options, tell: Narrator, model: Any, data: Any, right: dict[str, float], titles: dict[str, str]
) -> None:
    """Draw a digit, what the sets of 5 × 5 weights make of it, and the accuracies."""
    with no_grad():
        maps = np.asarray(model.relu1(model.convolution1(_shaped(data.x_test[:1], "convolution"))).data)[0]
    with picture(options, tell, "wiring_maps.png", columns=3) as axes:
        if axes is None:
            return
        axes[0].imshow(data.ink[0], cmap="gray_r", vmin=0, vmax=1)
        axes[0].set(title=f"a test digit: {data.y_test[0]}", xlabel="column (pixels)", ylabel="row (pixels)")
        tiles = np.block([[maps[4 * i + j] for j in range(4)] for i in range(4)])
        axes[1].imshow(tiles, cmap="gray_r")
        for k in (16, 32, 48):
            axes[1].axvline(k - 0.5, color="#0072B2", linewidth=1)
            axes[1].axhline(k - 0.5, color="#0072B2", linewidth=1)
        axes[1].set(title="what 16 sets of 5 × 5 weights find in it", xlabel="column (pixels)", ylabel="row (pixels)")
        bars = axes[2].bar(
            list(titles.values()), [100 * right[k] for k in titles], color=["#8793a0", "#0072B2", "#B54900"]
        )
        axes[2].bar_label(bars, fmt="%.1f")
        axes[2].set(ylabel="unseen digits read right (%)", xlabel="wiring", title="test accuracy", ylim=(0, 108))
