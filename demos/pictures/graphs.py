"""The graphs that the README and the golden tests draw: small, named, the same every time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, Value, maximum, scope, where

if TYPE_CHECKING:
    from collections.abc import Callable


def neuron() -> Value:
    """A neuron with a binary cross-entropy from its logit: the picture of the README."""
    x, w, b = Value(2.0, name="x"), Value(-0.5, name="w"), Value(0.25, name="b")
    xw = x * w
    xw.name = "xw"
    z = xw + b
    z.name = "z"
    p = z.sigmoid()
    p.name = "p"
    loss = -p.log()
    loss.name = "L"
    return loss


def shared() -> Value:
    """A graph in which two nodes are used twice."""
    a, b = Value(0.5, name="a"), Value(-0.3, name="b")
    d = a * b
    d.name = "d"
    e = d + b
    e.name = "e"
    t = e.tanh()
    t.name = "t"
    f = d * t
    f.name = "f"
    return f


def ill() -> Value:
    """One of each: a dead ReLU, a saturated sigmoid, an exponential that explodes, the root of a negative number."""
    w = [Value(v, name=f"w{i}") for v, i in ((3.0, "₁"), (0.7, "₂"), (9.2, "₃"), (-0.3, "₄"))]
    dead = (w[0] * -0.6333).relu()
    flat = (w[1] * 25.1).sigmoid()
    steep = w[2].exp()
    root = w[3].sqrt()
    for node, name in ((dead, "h₁"), (flat, "h₂"), (steep, "h₃"), (root, "h₄")):
        node.name = name
    loss = dead + flat + steep + root
    loss.name = "L"
    return loss


def layer() -> Tensor:
    """A layer of Tensors with a mean of squares."""
    k = np.arange(48.0)
    x = Tensor(np.sin(k).reshape(16, 3), name="X").detach()
    w = Tensor(np.cos(k[:12]).reshape(3, 4), name="W")
    b = Tensor(np.linspace(-1, 1, 4), name="b")
    z = x @ w + b
    z.name = "z"
    loss = (z.tanh() ** 2).mean()
    loss.name = "loss"
    return loss


def network(widths: tuple[int, ...] = (2, 8, 8, 1)) -> Value:
    """A multilayer perceptron of scalars, made with scopes: every weight is a node."""
    k = 0

    def weight(name: str) -> Value:
        nonlocal k
        k += 1
        return Value(round(0.9 * float(np.sin(2.3 * k)), 4), name=name)

    def neuron_of(inputs: list[Value], path: str) -> Value:
        total: Any = weight(f"{path}.b")
        for i, x in enumerate(inputs):
            total = total + weight(f"{path}.w[{i}]") * x
        return total.tanh()  # type: ignore[no-any-return]

    h = [Value(0.5 - i, name=f"x{i}") for i in range(widths[0])]
    for depth, n in enumerate(widths[1:]):
        h = [scope(f"layers.{depth}.neurons.{i}", neuron_of)(h, f"layers.{depth}.neurons.{i}") for i in range(n)]
    loss = (h[0] - 1) ** 2
    loss.name = "loss"
    return loss


def loop(times: int = 100) -> Value:
    """A loop of three operations: it is folded by repetition."""
    a, y = Value(0.9, name="a"), Value(1.0, name="y0")
    for _ in range(times):
        y = (y * a + 0.1).tanh()
    return y


def powers() -> Value:
    """``x * x``: two edges from one node to one node."""
    x = Value(3.0, name="x")
    return x * x


def order() -> Value:
    """Arguments that may not change places."""
    a, b = Value(8.0, name="a"), Value(2.0, name="b")
    return b / (a - b) - a / b


def constants() -> Value:
    """Plain numbers and a named constant."""
    target = Value(1.0, name="y").detach()
    x = Value(0.25, name="x")
    return (3 * x - target) ** 2 + target / 4


def choices() -> Value:
    """Three arguments, one of them a test; a maximum; constants."""
    x = Value(-0.7, name="x")
    return where(x.data > 0, x, 0.1 * x) + maximum(x, -1.0)


def names() -> Value:
    """Names that are not meant for DOT, HTML or SVG."""
    typed = [
        "<lambda>",
        'a"b',
        "</script>",
        "α₁",
        "n" * 200,
        "two\nlines",
        "\\N",
        "&amp;",
        "权重",
        "-->",
        "]]>",
        "node",
    ]
    total: Any = 0.0
    for i, name in enumerate(typed):
        total = total + Value(i + 0.5, name=name)
    return total  # type: ignore[no-any-return]


GRAPHS: dict[str, Callable[[], Any]] = {
    "neuron": neuron, "shared": shared, "ill": ill, "layer": layer, "network": network, "loop": loop, "powers": powers,
    "order": order, "constants": constants, "choices": choices, "names": names,
}  # fmt: skip
