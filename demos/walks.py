"""Three graphs to walk through in the debugger.

``python -m autograd demos/walks.py:tadpoles --step``    the loss of one line through seven points
``python -m autograd demos/walks.py:network --step``     a network of two layers with binary cross-entropy
``python -m autograd demos/walks.py:broken --step``      a dead ReLU, an exploding chain and an infinite slope
"""

from __future__ import annotations

from autograd import Value, scope
from demos.course import data


def line_loss(w: Value) -> Value:
    """Mean squared error of the line v = w·t on the tadpoles."""
    points = data("tadpoles.csv")
    times, volumes = ([float(x) for x in points[column]] for column in ("time", "volume"))
    return sum((w * t - v) ** 2 for t, v in zip(times, volumes, strict=True)) / len(times)


def cross_entropy(p: Value, target: float) -> Value:
    """Binary cross-entropy of a probability p: −[y·log p + (1−y)·log(1−p)]."""
    return -(target * p.log() + (1 - target) * (1 - p).log())


def two_layers(weights: dict[str, Value], x: tuple[float, float]) -> Value:
    """Two inputs, a hidden layer of two tanh units, one sigmoid: give the probability."""
    w = weights

    def hidden(x1: float, x2: float) -> list[Value]:
        return [(w[f"w{i}1"] * x1 + w[f"w{i}2"] * x2 + w[f"b{i}"]).tanh() for i in "12"]

    def output(h: list[Value]) -> Value:
        return (w["v1"] * h[0] + w["v2"] * h[1] + w["c"]).sigmoid()

    return scope("output", output)(scope("hidden", hidden)(*x))


def hurt(x: Value, w: Value) -> Value:
    """Three things that go wrong in training, in one sum."""
    dead = (w * x - 3).relu()
    exploding = x
    for _ in range(4):
        exploding = exploding * (20 * w)
    steep = (x - 0.5).sqrt()
    return dead + exploding + steep


PARAMETERS = {"w11": 0.5, "w12": -0.3, "b1": 0.2, "w21": -0.4, "w22": 0.8, "b2": 0.0, "v1": 1.2, "v2": -0.7, "c": 0.2}

w = Value(0.5, name="w")
tadpoles = line_loss(w)

parameters = {name: Value(number, name=name) for name, number in PARAMETERS.items()}
p = two_layers(parameters, (1.0, 2.0))
network = cross_entropy(p, 1.0)

x = Value(0.5, name="x")
broken = hurt(x, Value(1.1, name="u"))
