"""A sound, a grey and a colour picture are arrays of numbers; shapes change, and gradients find their way back.

Shape and dtype, transpose, squeeze, concatenate along a dimension, a matrix product: each is tried on a small tensor that
can be read and on real ones. Moving numbers about does not lose any, so each gradient returns to where its number came
from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, concatenate, flip, mean, permute, squeeze
from demos.course import Narrator, Options, graph_picture, picture, step
from nn.randomness import generator

if TYPE_CHECKING:
    from collections.abc import Callable

RATE = 8000  # sound samples per second
LENGTH = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Findings:
    """What the lesson found, as numbers."""

    kinds: dict[str, tuple[tuple[int, ...], str]]  # shape and dtype of the three tensors
    shapes: dict[str, tuple[tuple[int, ...], tuple[int, ...]]]  # of each operation: before, after
    came_back: dict[str, bool]  # whether the gradient has the shape of the input
    errors: dict[str, float]  # how far the gradient is from its definition, relative
    twice: float  # the gradient of a number that stands twice in a concatenation


def sound() -> Tensor:
    """Give half a second of two tones, made from two sines: shape (samples,)."""
    t = np.arange(int(RATE * LENGTH)) / RATE
    wave = 0.6 * np.sin(2 * np.pi * 440 * t) + 0.3 * np.sin(2 * np.pi * 660 * t)
    return Tensor((wave * np.exp(-4 * t)).astype(np.float32), name="sound")


def colour_picture() -> Tensor:
    """Give scikit-learn's photograph of a temple, averaged down by 4: shape (height, width, 3), from 0 to 1."""
    from sklearn.datasets import load_sample_image

    bytes_ = load_sample_image("china.jpg")[:424]  # (424, 640, 3), whole numbers from 0 to 255
    return Tensor(bytes_.reshape(106, 4, 160, 4, 3).mean(axis=(1, 3)) / 255, name="colour")


def operations(x: dict[str, Tensor], weight: Tensor) -> dict[str, tuple[Tensor, Callable[[Any], Any]]]:
    """Give each operation with the tensor that it is tried on."""
    return {
        "transpose": (x["grey"], lambda a: a.T),
        "move colours first": (x["colour"], lambda a: permute(a, (2, 0, 1))),
        "squeeze": (Tensor(x["grey"].data[None]), lambda a: squeeze(a, 0)),
        "concatenate, dim 0": (x["grey"], lambda a: concatenate([a, flip(a, 0)], axis=0)),
        "concatenate, dim 1": (x["grey"], lambda a: concatenate([a, flip(a, 1)], axis=1)),
        "colour to grey": (x["colour"], lambda a: mean(a, axis=2)),
        "frames of sound": (x["sound"], lambda a: a.reshape(125, 32)),
        "frames @ w.T": (Tensor(x["sound"].data.reshape(125, 32)), lambda a: a @ weight.T),
    }


def examine(x: Tensor, operation: Callable[[Any], Any], random: np.random.Generator) -> tuple[Any, Any, float]:
    """Run an operation forward and backward; give output shape, gradient shape, and the error of the gradient.

    These operations are linear, so a gradient is right when ⟨g, f(v)⟩ = ⟨what comes back for g, v⟩ for every v.
    """
    x = Tensor(x.data)
    y = operation(x)
    g = random.normal(size=y.shape)
    y.backward(gradient=g.astype(y.dtype))
    v = random.normal(size=x.shape)
    forward = float(np.sum(g * operation(Tensor(v)).data))
    backward = float(np.sum(np.asarray(x.grad, dtype=float) * v))
    return y.shape, x.grad.shape, abs(forward - backward) / float(np.linalg.norm(g))


def main(options: Options) -> Findings:
    """Run the lesson."""
    tell = Narrator(options)
    random = generator(0 if options.seed is None else options.seed)
    colour = colour_picture()
    x = {"sound": sound(), "grey": Tensor(mean(colour, axis=2).data, name="grey"), "colour": colour}
    kinds = {name: (t.shape, str(t.dtype)) for name, t in x.items()}
    tell.say("A [tensor] is an array of numbers with a [shape]: how many numbers there are along each [dimension].")
    tell.line()
    tell.line("                  x.shape        x.dtype")
    for (shape, dtype), term in zip(kinds.values(), ("sound clip", "grey picture", "colour picture"), strict=True):
        tell.line(f"  {term:14s}  {_shape(shape):13s}  {dtype}")
    tell.line()
    tell.say(
        f"A [sound clip] is one row: {len(x['sound'].data)} samples, {RATE} a second. A [grey picture] has height and width. A "
        "[colour picture] has three numbers at every place: red, green, blue. Derivatives need numbers with a point, so a "
        "tensor turns whole numbers into float64; float32 stays float32."
    )
    small(tell)
    weight = Tensor(random.normal(size=(64, 32)), name="w")
    shapes, came_back, errors = {}, {}, {}
    for name, (t, operation) in operations(x, weight).items():
        after, back, error = examine(t, operation, random)
        shapes[name], came_back[name], errors[name] = (t.shape, after), back == t.shape, error
    twice = Tensor([1.0, 2.0])
    concatenate([twice, twice]).sum().backward()
    found = Findings(kinds, shapes, came_back, errors, float(twice.grad[0]))
    table(tell, found)
    tell.line()
    draw(options, tell, x)
    a, b = Tensor([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]], name="a"), Tensor([[7.0], [8.0], [9.0]], name="b")
    total = concatenate([squeeze(a, 0).T, b], axis=1).sum()
    total.name = "total"
    graph_picture(options, tell, "tensors_graph.svg", total, title="squeeze, transpose, concatenate, sum")
    if options.step:
        step(total)
    worst = max(errors.values())
    agree = "to 1e-5" if worst < 1e-5 else f"only to {worst:.0e}"
    tell.finding(
        f"{sum(came_back.values())} of {len(came_back)} operations send back a gradient of their input's shape, and all agree "
        f"with the definition {agree} (float32 has no more digits); a number that is used twice receives "
        f"{found.twice:g} times 1."
    )
    return found


def small(tell: Narrator) -> None:
    """Show the operations on a tensor that can be read."""
    x = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], name="x")
    tell.title("Small enough to read")
    tell.line("  x =             " + _rows(x))
    tell.say("[Transpose]: rows become columns.")
    tell.line("  x.T =           " + _rows(x.T))
    tell.say("[Squeeze]: a dimension of length 1 is taken away.")
    one = Tensor(x.data[None])
    tell.line(f"  {_shape(one.shape)} becomes {_shape(squeeze(one, 0).shape)}")
    tell.say("[Concatenate] joins along one dimension; the others must be equal.")
    tell.line(f"  along 0: {_shape(x.shape)} and {_shape(x.shape)} give {_shape(concatenate([x, x], axis=0).shape)}")
    tell.line(f"  along 1: {_shape(x.shape)} and {_shape(x.shape)} give {_shape(concatenate([x, x], axis=1).shape)}")


def table(tell: Narrator, found: Findings) -> None:
    """Print the operations on the real tensors."""
    tell.title("On the real ones, and back")
    tell.line("  operation          from          to")
    for name, (before, after) in found.shapes.items():
        tell.line(f"  {name:18s} {_shape(before):14s}{_shape(after)}")
    tell.say(
        "In the last line 32 numbers per frame become 64: the layer keeps its weights w as 64 × 32, so the product needs the "
        "transpose, w.T."
    )
    every = "Every" if all(found.came_back.values()) else "Not every"
    tell.say(
        f"{every} gradient comes back in the shape of its input: a transposed gradient is transposed back, a joined one cut in "
        "two, and the mean of three colours gives each of them a third."
    )


def _shape(shape: tuple[int, ...]) -> str:
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def _rows(x: Tensor) -> str:
    return "  ".join("[" + " ".join(f"{v:g}" for v in row) + "]" for row in x.data)


def draw(options: Options, tell: Narrator, x: dict[str, Tensor]) -> None:
    """Draw the three tensors, and what transposing and concatenating do to a picture."""
    with picture(options, tell, "tensors_kinds.png", columns=3) as axes:
        if axes is not None:
            axes[0].plot(1000 * np.arange(160) / RATE, x["sound"].data[:160], color="#0072B2")
            axes[0].set(
                xlabel="time (ms)", ylabel="air pressure (no unit)", title="sound: the first 160 of 4000 numbers"
            )
            axes[1].imshow(x["grey"].data, cmap="gray", vmin=0, vmax=1)
            axes[1].set(title=f"grey: {_shape(x['grey'].shape)}")
            axes[2].imshow(x["colour"].data)
            axes[2].set(title=f"colour: {_shape(x['colour'].shape)}")
            for image in axes[1:]:
                image.set(xlabel="column (pixels)", ylabel="row (pixels)")
    with picture(options, tell, "tensors_operations.png", columns=3) as axes:
        if axes is None:
            return
        grey = x["grey"]
        for image, (title, y) in zip(
            axes,
            (
                ("transpose", grey.T),
                ("concatenate with its mirror, dim 0", concatenate([grey, flip(grey, 0)], axis=0)),
                ("the same, dim 1", concatenate([grey, flip(grey, 1)], axis=1)),
            ),
            strict=True,
        ):
            image.imshow(y.data, cmap="gray", vmin=0, vmax=1)
            image.set(title=f"{title}: {_shape(y.shape)}", xlabel="column (pixels)", ylabel="row (pixels)")
