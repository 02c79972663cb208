"""Data set, data loader, batch, update, epoch: one epoch is seeing all the batches once.

The lesson of the course "linear models" and "PyTorch: dataset and dataloader": the data set gives one sample by its
number, the data loader hands them over in batches, every batch makes one update. The samples are those of the lesson
`views`: the views of seven days, and those of the next day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import Tensor
from demos.course import Narrator, Options, data, graph_picture, picture, step
from nn.data import DataLoader, Dataset

DAYS = 7
BATCH = 32
SIZES = (1, 8, 32)  # and all samples at once
EPOCHS = 10
LEARNING_RATE = 0.01
COLOURS = ("#CC79A7", "#B54900", "#0072B2", "#222222")
STYLES = (":", "-.", "-", "--")

Array = np.ndarray[Any, np.dtype[Any]]


class Week(Dataset):
    """Sample i: the views of seven days (yesterday first), and the views of the next day."""

    def __init__(self, series: Array) -> None:
        self.series = series

    def __len__(self) -> int:
        """Give the number of samples: the first seven days have no week before them."""
        return len(self.series) - DAYS

    def __getitem__(self, index: Any) -> tuple[Array, float]:
        """Give one sample: inputs and label."""
        return self.series[index : index + DAYS][::-1], float(self.series[index + DAYS])


@dataclass(frozen=True, slots=True)
class Run:
    """One training: what was counted, and the loss over all samples as it went."""

    size: int
    updates: int  # counted, not computed
    samples: int  # handed over in all epochs together
    losses: list[float]  # over all samples, before the first and after every epoch
    noise: float  # how far a batch's gradient lies from that of all samples, at the start


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    samples: int
    sizes: list[int]  # of the batches of one epoch
    seen_once: bool  # whether each epoch had every sample exactly once
    runs: dict[int, Run]  # by batch size
    least: float  # the lowest loss there is, by least squares


def loss_of(w: Tensor, b: Tensor, x: Any, y: Any) -> Tensor:
    """Mean squared error of y = b + x·w over the samples of a batch."""
    return ((x @ w + b - y) ** 2).mean()


def train(dataset: Dataset, size: int, seed: int, everything: tuple[Array, Array]) -> Run:
    """Train for some epochs with batches of one size, and count."""
    loader = DataLoader(dataset, batch_size=size, shuffle=True, seed=seed)
    w, b = Tensor(np.zeros(DAYS), name="w"), Tensor(0.0, name="b")  # 1. initialise
    noise = gradient_noise(dataset, size, seed, everything)
    losses = [loss_of(w, b, *everything).item()]
    updates = samples = 0
    for _ in range(EPOCHS):  # one epoch: all the batches once
        for x, y in loader:  # one batch: one update
            loss = loss_of(w, b, x, y)  # 2. forward pass   3. loss, of this batch alone
            w.zero_grad()
            b.zero_grad()
            loss.backward()  # 4. backward pass
            w.data = w.data - LEARNING_RATE * w.grad  # 5. update
            b.data = b.data - LEARNING_RATE * b.grad
            updates += 1
            samples += len(y)
        losses.append(loss_of(w, b, *everything).item())
    return Run(size, updates, samples, losses, noise)


def gradient_noise(dataset: Dataset, size: int, seed: int, everything: tuple[Array, Array]) -> float:
    """Give the root mean square distance between a batch's gradient and that of all samples, as a share of the latter."""

    def gradient(x: Any, y: Any) -> Array:
        w, b = Tensor(np.zeros(DAYS)), Tensor(0.0)
        loss_of(w, b, x, y).backward()
        return np.append(w.grad, b.grad)

    whole = gradient(*everything)
    batches = DataLoader(dataset, batch_size=size, shuffle=True, seed=seed)
    squares = [float(np.sum((gradient(x, y) - whole) ** 2)) for x, y in batches]
    return float(np.sqrt(np.mean(squares)) / np.linalg.norm(whole))


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    views = np.array([float(v) for v in data("blog_views.csv")["views"]])
    dataset = Week((views - views.mean()) / views.std())
    seed = 0 if options.seed is None else options.seed
    n = len(dataset)

    tell.title("[Data set] and [data loader]")
    x, y = dataset[0]
    tell.say(
        f"A data set has a length and gives samples by number. Ours has {n}: from seven days ({DAYS} [feature]s, scaled) "
        f"to the next. Sample 0 is [{', '.join(f'{v:.2f}' for v in x)}] with the [label] {y:.2f}."
    )
    loader = DataLoader(dataset, batch_size=BATCH, shuffle=True, seed=seed)
    tell.say(
        f"A data loader shuffles the samples and hands them over in batches of {BATCH}. This is one epoch, batch by "
        "[batch], with the first numbers of the samples:"
    )
    order = loader.order(0)
    sizes = [len(labels) for _, labels in loader]
    one_epoch(tell, order, sizes)
    w, b = Tensor(np.zeros(DAYS), name="w"), Tensor(0.0, name="b")
    first = next(iter(DataLoader(dataset, batch_size=BATCH, shuffle=True, seed=seed)))
    loss = loss_of(w, b, *first)
    loss.name = "loss"
    graph_picture(options, tell, "batches_update.svg", loss)
    if options.step:
        step(loss)

    seen_once = all(sorted(loader.order(epoch)) == list(range(n)) for epoch in range(EPOCHS))
    shuffling(tell, loader, seen_once)

    everything = (np.array([dataset[i][0] for i in range(n)]), np.array([dataset[i][1] for i in range(n)]))
    runs = {size: train(dataset, size, seed, everything) for size in (*SIZES, n)}
    columns = np.column_stack([np.ones(n), everything[0]])
    weights, *_ = np.linalg.lstsq(columns, everything[1], rcond=None)
    least = float(np.mean((columns @ weights - everything[1]) ** 2))
    found = Findings(n, sizes, seen_once, runs, least)
    compare(tell, found)
    draw(options, tell, loader, found)
    small, large = runs[SIZES[0]], runs[n]
    tell.finding(
        f"1 [epoch] = all batches once: {n} samples in batches of {BATCH} make {len(sizes)} updates per epoch, the last "
        f"with {sizes[-1]} samples. In {EPOCHS} epochs batches of 1 make {small.updates} updates and reach a loss of "
        f"{small.losses[-1]:.4f}; batches of {n} make {large.updates} and reach {large.losses[-1]:.4f} (least: {least:.4f})."
    )
    return found


def one_epoch(tell: Narrator, order: Array, sizes: list[int]) -> None:
    """List the batches of an epoch."""
    tell.line()
    tell.line("  batch  size  sample numbers")
    for k, size in enumerate(sizes):
        shown = ", ".join(str(i) for i in order[k * BATCH : k * BATCH + 4])
        tell.line(f"  {k + 1:5d}  {size:4d}  {shown}{', …' if size > 4 else ''}")
    tell.line()
    tell.say(
        f"Every batch makes one [update]: {len(sizes)} in this [epoch]. {len(order)} / {BATCH} = {len(order) / BATCH:.2f}, "
        f"so the last batch is {'only partly filled: ' if sizes[-1] < BATCH else 'full: '}{sizes[-1]} samples. (With "
        f"drop_last=True it would be left out{'' if sizes[-1] < BATCH else ' if it were not'}.)"
    )


def shuffling(tell: Narrator, loader: DataLoader, seen_once: bool) -> None:
    """Show what the seed fixes and what changes from epoch to epoch."""
    tell.title("Shuffled, and still repeatable")
    again = DataLoader(loader.dataset, batch_size=BATCH, shuffle=True, seed=loader.seed)
    same = all(np.array_equal(loader.order(k), again.order(k)) for k in range(EPOCHS))
    other = DataLoader(loader.dataset, batch_size=BATCH, shuffle=True, seed=loader.seed + 1)
    rows = [("epoch 1", loader.order(0)), ("epoch 2", loader.order(1)), ("epoch 1, same seed", again.order(0)),
            (f"epoch 1, seed {other.seed}", other.order(0))]  # fmt: skip
    for name, order in rows:
        tell.line(f"  {name:20} {', '.join(f'{i:3d}' for i in order[:4])}, …")
    tell.line()
    tell.say(
        f"Each epoch has an order of its own, and a seed gives the same orders again ({'checked' if same else 'not so!'} "
        f"for {EPOCHS} epochs). In each of them every sample comes "
        + ("exactly once (checked)." if seen_once else "NOT exactly once!")
    )


def compare(tell: Narrator, found: Findings) -> None:
    """Train with several batch sizes, and put the counts side by side."""
    tell.title("What the batch size changes")
    tell.say(
        f"The same model, {EPOCHS} epochs, [learning rate] {LEARNING_RATE}. Noise is how far the [gradient] of a batch lies "
        "from that of all samples, as a share of the latter."
    )
    tell.line()
    tell.line("  batch  updates/epoch  updates  noise     loss")
    for run in found.runs.values():
        tell.line(
            f"  {run.size:5d}  {run.updates // EPOCHS:13d}  {run.updates:7d}  {run.noise:5.2f}  {run.losses[-1]:7.4f}"
        )
    tell.line(f"  the least possible loss {found.least:22.4f}")
    tell.line()
    rows = list(found.runs.values())
    nearest = min(rows, key=lambda r: r.losses[-1])
    tell.say(
        f"All of them have seen {rows[0].samples} samples. Small batches make many noisy updates, the whole set a few exact "
        f"ones; nearest to the least loss comes batch size {nearest.size}. The noise falls about with the root of the batch size: "
        f"from 1 to {rows[2].size} by a factor of {rows[0].noise / rows[2].noise:.1f} (√{rows[2].size} = {rows[2].size ** 0.5:.1f})."
    )


def draw(options: Options, tell: Narrator, loader: DataLoader, found: Findings) -> None:
    """Draw the order of the samples, and the losses against epochs and updates."""
    tell.line()
    with picture(options, tell, "batches_order.png", columns=2) as both:
        if both is not None:
            for epoch, axes in enumerate(both):
                order = loader.order(epoch)
                for k, size in enumerate(found.sizes):
                    places = np.arange(k * BATCH, k * BATCH + size)
                    axes.plot(places + 1, order[places], "os"[k % 2], color=("#0072B2", "#E69F00")[k % 2], markersize=3)
                    axes.axvline(k * BATCH + 0.5, color="#8793a0", linewidth=0.6)
                axes.set(xlabel="place in the epoch (a line begins a batch)", ylabel="number of the sample")
                axes.set(title=f"epoch {epoch + 1}: every sample once", xlim=(0, found.samples + 1))
    with picture(options, tell, "batches_loss.png", columns=2) as both:
        if both is None:
            return
        by_epoch, by_update = both
        for run, colour, style in zip(found.runs.values(), COLOURS, STYLES, strict=True):
            above = [loss - found.least for loss in run.losses]
            by_epoch.semilogy(above, style, color=colour, marker="o", markersize=3.5, label=f"batches of {run.size}")
            per_epoch = run.updates / EPOCHS
            by_update.loglog([per_epoch * k for k in range(1, EPOCHS + 1)], above[1:], style, color=colour, marker="o",
                             markersize=3.5, label=f"batches of {run.size}")  # fmt: skip
        for axes, name in ((by_epoch, "epoch"), (by_update, "update")):
            axes.set(xlabel=f"{name}s", ylabel="loss − least loss (views scaled)", title=f"the loss by {name}")
        by_update.legend(frameon=False, loc="upper right")
