"""The eight parts of the guided tour: from one expression to a network that reads digits.

Each function in ``PARTS`` is one part: its docstring is what the guide says first, its body is what happens, and it
gives back what was found. ``demos.tour`` guides through them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

import nn
from autograd import Value, no_grad
from autograd.check import check_gradients
from demos.course import Narrator, Options, graph_picture, in_notebook, picture, step
from demos.digits import load

if TYPE_CHECKING:
    from collections.abc import Callable

CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))
BOTH = (0.0, 0.0, 0.0, 1.0)  # 1 where both inputs are 1
EXACTLY_ONE = (0.0, 1.0, 1.0, 0.0)  # 1 where exactly one input is 1
WALK = ("n", "s", "s", "rn", "c", "why w", "q")
"""What is typed at the debugger's prompt when nobody is at the keyboard."""


def expression(tell: Narrator, _: Options) -> dict[str, Any]:
    """An expression: step 1, a function with unknowns.

    Learning starts with a function in which some numbers are not known yet. Here it is y = w·x + b: x is given, the
    [weight] w and the [bias] b are the unknowns, the [parameter]s. We start with any values for them. Computing y from
    them is the [forward pass], and the engine writes down every operation as it goes.
    """
    w, b = Value(0.5, name="w"), Value(-0.25, name="b")
    x = 2.0
    y = w * x + b
    y.name = "y"
    show(tell, y.text())
    return {"y": y.item()}


def gradient(tell: Narrator, _: Options) -> dict[str, Any]:
    """A gradient: step 2, a loss, and how it changes with each unknown.

    A [loss function] says how far the function is from what we want. We want y = 1.5, so the [loss] is (y − 1.5)². The
    [backward pass] goes through the same operations from the end to the start and gives the slope of the loss in each
    unknown: the [gradient]. Two other ways must give the same numbers: the formula, and trying it out.
    """
    w, b = Value(0.5, name="w"), Value(-0.25, name="b")
    loss = line_loss(w, b)
    loss.backward()
    tell.say(f"The loss is {loss.item()}, and its gradient by the backward pass is {w.grad} in w and {b.grad} in b.")

    # The formula: ∂/∂w (w·x + b − t)² = 2 (w·x + b − t) · x, and the same without · x for b.
    error = 0.5 * 2.0 - 0.25 - 1.5
    tell.say(f"By the formula: {2 * error * 2.0} and {2 * error}.")

    # Trying it out: make one unknown a little larger, a little smaller, and look at the loss.
    h = 1e-6
    tried_w = (line_loss(0.5 + h, -0.25) - line_loss(0.5 - h, -0.25)) / (2 * h)
    tried_b = (line_loss(0.5, -0.25 + h) - line_loss(0.5, -0.25 - h)) / (2 * h)
    tell.say(f"By trying: {tried_w:.6f} and {tried_b:.6f}. Both are negative: the loss falls when w and b grow.")
    return {"w": w.grad, "tried": tried_w}


def debugger(tell: Narrator, options: Options) -> dict[str, Any]:
    """The debugger: no step of the backward pass stays hidden.

    The same loss, one step at a time, forwards and backwards in time. Every line says: the local derivative of one
    operation × the gradient that arrives from above = what is added below. That product is the chain rule.
    """
    loss = line_loss(Value(0.5, name="w"), Value(-0.25, name="b"))
    loss.name = "loss"
    walk(tell, options, loss)
    return {}


def drawing(tell: Narrator, options: Options) -> dict[str, Any]:
    """A picture: both passes at a glance.

    Values flow from left to right, gradients from right to left; on each edge stands the local derivative.
    """
    loss = line_loss(Value(0.5, name="w"), Value(-0.25, name="b"))
    loss.name = "loss"
    graph_picture(options, tell, "tour_loss.svg", loss, view="both")
    return {}


def check(tell: Narrator, _: Options) -> dict[str, Any]:
    """A check: do not believe a gradient, test it.

    The checker holds gradients against finite differences, whose error it knows, so it accuses no right gradient and
    lets no wrong one pass. First the gradient of the engine, then one by hand in which the factor 2 was forgotten.
    """
    point = np.array([0.5, -0.25])
    right = check_gradients(loss_at, point)
    show(tell, str(right))

    tell.line()
    wrong = check_gradients(loss_at, point, grad=forgotten)
    show(tell, str(wrong))
    return {"right": right.ok, "wrong": wrong.ok}


def neuron(tell: Narrator, _: Options) -> dict[str, Any]:
    """A neuron: step 3, an optimiser, and now all three steps together.

    1. The function: a [neuron] weighs its inputs, adds a bias, and bends the sum with an [activation function]:
    p = σ(w₁x₁ + w₂x₂ + b). 2. The loss: the [cross-entropy] of p with the wanted answer. 3. The optimiser: [gradient
    descent], which moves each unknown against its slope, again and again. It learns to say 1 when both inputs are 1.
    """
    losses, right = train_neuron(BOTH, 500)
    tell.say(f"The loss falls from {losses[0]:.4f} to {losses[-1]:.4f} in 500 [update]s, and {right} of 4 are right.")

    # The same neuron, another wish: 1 when exactly one input is 1. No straight line separates these corners.
    losses, alone = train_neuron(EXACTLY_ONE, 500)
    tell.say(
        f"Now it shall say 1 when exactly one input is 1. The loss stays at {losses[-1]:.4f} = log 2, and {alone} of 4 "
        "are right: one neuron draws one straight line, and no straight line separates these corners."
    )
    return {"right": right, "alone": alone}


def network(tell: Narrator, options: Options) -> dict[str, Any]:
    """A network: the same three steps with more unknowns.

    Four neurons side by side are a [hidden layer], and one neuron reads them. Now the function has 17 unknowns, written
    as matrices; the loss and the loop are the same as before, and so is the backward pass.
    """
    x, wanted = np.array(CORNERS), np.array(EXACTLY_ONE)[:, None]
    hidden = nn.Linear(2, 4, seed=options.seed or 0)
    model = nn.Sequential({"hidden": hidden, "activation": nn.Tanh(), "output": nn.Linear(4, 1, seed=1)})
    criterion = nn.BCEWithLogits()
    losses = []
    for _ in range(500):
        loss = criterion(model(x), wanted)  # forward pass, loss
        model.zero_grad()
        loss.backward()  # backward pass
        for p in model.parameters():
            p.data = p.data - 0.5 * p.grad  # update
        losses.append(loss.item())
    with no_grad():
        together = int(np.sum((model(x).data > 0) == (wanted == 1)))
    tell.say(f"The loss falls from {losses[0]:.4f} to {losses[-1]:.4f}, and {together} of 4 are right.")

    # The network after training, folded to its modules; and its answer everywhere between the corners.
    graph_picture(options, tell, "tour_network.svg", criterion(model(x), wanted), depth=0)
    with picture(options, tell, "tour_regions.png") as axes:
        if axes is not None:
            draw_regions(axes, model)
    return {"together": together}


def read_digits(tell: Narrator, options: Options) -> dict[str, Any]:
    """Digits: the same three steps on 5 000 real handwritten digits.

    1. The function: 256 inputs, one for each of 16 × 16 pixels; 32 neurons with ReLU; 10 outputs, one for each digit.
    2. The loss: [cross-entropy]. 3. The optimiser: gradient descent on batches of 50. We learn on 4 000 digits and test
    on 1 000 that were never shown.
    """
    digits = load()
    seed = options.seed or 0

    model = nn.Sequential(nn.Linear(256, 32, seed=seed), nn.ReLU(), nn.Linear(32, 10, seed=seed + 1))
    criterion = nn.CrossEntropy()
    random = np.random.default_rng(seed)
    tell.line("  epoch    loss  right on unseen digits")
    for epoch in range(1, 9):
        order = random.permutation(len(digits.x_train))
        for first in range(0, len(order), 50):
            batch = order[first : first + 50]
            loss = criterion(model(digits.x_train[batch]), digits.y_train[batch])
            model.zero_grad()
            loss.backward()
            for p in model.parameters():
                p.data = p.data - 0.1 * p.grad
        with no_grad():
            answers = model(digits.x_test).data.argmax(axis=1)
        accuracy = float(np.mean(answers == digits.y_test))
        tell.line(f"  {epoch:5}  {loss.item():6.4f}  {accuracy:.1%}")

    # Which ones are misread? The first six of them, with what the network said.
    wrong = np.flatnonzero(answers != digits.y_test)[:6]
    with picture(options, tell, "tour_digits.png", columns=6) as axes:
        if axes is not None:
            axes[0].figure.set_size_inches(9, 2)
            for a, i in zip(axes, wrong, strict=False):
                a.imshow(digits.ink[i], cmap="Greys")
                a.set(title=f"a {digits.y_test[i]}, read as {answers[i]}", xticks=[], yticks=[])
    return {"accuracy": accuracy, "parameters": sum(p.data.size for p in model.parameters())}


PARTS: tuple[Callable[[Narrator, Options], dict[str, Any]], ...] = (
    expression, gradient, debugger, drawing, check, neuron, network, read_digits,
)  # fmt: skip
"""The parts of the tour, in order."""


# --- what the parts use -------------------------------------------------------------------------------------------


def line_loss(w: Any, b: Any) -> Any:
    """Give (w·2 + b − 1.5)², for numbers or Values."""
    return (w * 2.0 + b - 1.5) ** 2


def loss_at(point: Any) -> Any:
    """Give the same loss for w and b in one vector."""
    return line_loss(point[0], point[1])


def forgotten(point: Any) -> Any:
    """Give its gradient as somebody wrote it by hand, who forgot the 2 of the square."""
    error = point[0] * 2.0 + point[1] - 1.5
    return np.array([error * 2.0, error])


def train_neuron(wanted: tuple[float, ...], updates: int) -> tuple[list[float], int]:
    """Train one neuron on the four corners; give the loss at each update and how many corners are right at the end."""
    w1, w2, b = Value(0.1, name="w1"), Value(-0.1, name="w2"), Value(0.0, name="b")
    losses = []
    for _ in range(updates):
        loss = 0.0
        right = 0
        for (x1, x2), t in zip(CORNERS, wanted, strict=True):
            p = (w1 * x1 + w2 * x2 + b).sigmoid()
            loss = loss - (t * p.log() + (1 - t) * (1 - p).log()) / 4
            right += (p.item() > 0.5) == (t == 1)
        for parameter in (w1, w2, b):
            parameter.zero_grad()
        loss.backward()
        for parameter in (w1, w2, b):
            parameter.data -= 2.0 * parameter.grad
        losses.append(loss.item())
    return losses, right


def draw_regions(axes: Any, model: Any) -> None:
    """Draw the network's answer for every pair of inputs, and the corners."""
    ticks = np.linspace(-0.3, 1.3, 81)
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    with no_grad():
        answers = 1 / (1 + np.exp(-model(grid).data.reshape(81, 81)))
    shades = axes.contourf(ticks, ticks, answers, levels=np.linspace(0, 1, 11), cmap="RdBu")
    axes.figure.colorbar(shades, label="probability of 1")
    for (x1, x2), t in zip(CORNERS, EXACTLY_ONE, strict=True):
        axes.text(x1, x2, f"{t:.0f}", ha="center", va="center", bbox={"boxstyle": "circle", "facecolor": "white"})
    axes.set(xlabel="x₁", ylabel="x₂", title="1 when exactly one input is 1")


def show(tell: Narrator, told: str) -> None:
    """Print a text line by line; a line that is too long is wrapped."""
    from autograd.terminal import display_width, wrapped

    for line in told.splitlines():
        fits = display_width(line) <= tell.width
        for part in [line] if fits else wrapped(line.strip(), tell.width - 2, "    "):
            tell.line(part)


class Script:
    """Typed lines for the debugger, shown as they are read."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        """Take the lines."""
        self.lines = list(lines)

    def readline(self) -> str:
        """Give the next line, after showing it behind the prompt."""
        line = self.lines.pop(0) if self.lines else ""
        print(f"(backprop) {line}")
        return f"{line}\n" if line else ""


def at_the_keyboard(options: Options) -> bool:
    """Tell whether a person can answer."""
    return sys.stdin.isatty() and sys.stdout.isatty() and not options.quick and not in_notebook()


def walk(tell: Narrator, options: Options, loss: Value) -> None:
    """Open the debugger's prompt; when nobody is at the keyboard, type ``WALK`` there."""
    if at_the_keyboard(options):
        tell.say("You are at the prompt. Type n for the next node, s for the next edge, rn to take a node back, ")
        tell.say(
            "c to run to the end, why w to ask where w's gradient comes from, h for help, q to go on with the tour."
        )
        tell.line()
        step(loss)
    else:
        loss.stepper(names={}).repl(stdin=Script(WALK), stdout=sys.stdout)
