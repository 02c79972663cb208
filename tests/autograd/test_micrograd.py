"""Programs in micrograd's style, written anew: its README's numbers, its habits, its demo's training loop on scalars."""

from __future__ import annotations

import random

import pytest

from autograd import Value
from autograd.value import Value as Engine


def test_readme_numbers():
    """The published numbers: g = 24.70408163265306, dg/da = 138.83381924198252, dg/db = 645.5772594752186."""
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    assert f"{g.data:.4f}" == "24.7041"
    assert g.data == pytest.approx(24.70408163265306, rel=1e-15)
    g.backward()
    assert a.grad == pytest.approx(138.83381924198252, rel=1e-14)
    assert b.grad == pytest.approx(645.5772594752186, rel=1e-14)


def test_sanity_program():
    """A mixture of +, *, relu and reflected operators, against central differences."""

    def f(x):
        z = 2 * x + 2 + x
        q = z.relu() + z * x if isinstance(z, Value) else max(z, 0.0) + z * x
        h = (z * z).relu() if isinstance(z, Value) else max(z * z, 0.0)
        return h + q + q * x

    x = Value(-4.0)
    y = f(x)
    y.backward()
    assert y.data == f(-4.0)
    assert x.grad == pytest.approx((f(-4.0 + 1e-5) - f(-4.0 - 1e-5)) / 2e-5, rel=1e-8)


def test_prev_op_and_label():
    """_prev is the set of arguments, _op the sign of the operation, label the name."""
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    e = a * b
    e.label = "e"
    assert e._prev == {a, b}
    assert {id(x) for x in e._prev} == {id(a), id(b)}
    assert (a._prev, a._op, e.label) == (set(), "", "e")
    assert [(x + y)._op for x, y in ((a, b),)] == ["+"]
    assert (e.tanh()._op, (a**2)._op, (-a)._op, a.relu()._op) == ("tanh", "**", "-", "relu")
    assert (a + a)._prev == {a}
    assert (a * 2)._prev == {a}


def walk(root):
    """Trace a graph the way micrograd's notebooks do: through _prev."""
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    return nodes, edges


def test_a_notebooks_own_trace_works():
    """Sets of nodes and edges by identity, although == compares data."""
    a, b = Value(1.0), Value(1.0)
    y = a * b + a
    nodes, edges = walk(y)
    assert (len(nodes), len(edges)) == (4, 4)


def test_sum_of_values_and_numbers_on_either_side():
    """sum(...) starts from 0; numbers stand on either side of every operator."""
    xs = [Value(float(i)) for i in range(1, 5)]
    total = sum(xs)
    total.backward()
    assert (total.data, [x.grad for x in xs]) == (10.0, [1.0] * 4)
    v = Value(2.0)
    results = [1 + v, v + 1, 1 - v, v - 1, 3 * v, v * 3, 1 / v, v / 4, v**3, 2**v, -v, +v, abs(-v), v % 2, 5 % v]
    assert [r.data for r in results] == [3.0, 3.0, -1.0, 1.0, 6.0, 6.0, 0.5, 0.5, 8.0, 4.0, -2.0, 2.0, 2.0, 0.0, 1.0]


def test_backward_twice_gives_24_not_36():
    """Micrograd's known bug: inner gradients of the first pass leaked into the second."""
    x = Value(2.0)
    h = x * 3
    y = h * h / 3
    y.backward()
    assert x.grad == 12.0
    y.backward()
    assert x.grad == 24.0


def test_shared_nodes():
    """B = a + a; c = b + b: each use counts."""
    a = Value(3.0)
    b = a + a
    c = b + b
    c.backward()
    assert (a.grad, b.grad, c.grad) == (4.0, 2.0, 1.0)


class Neuron:
    """A neuron of Values, as in the lecture."""

    def __init__(self, rng, inputs, nonlinear=True):
        self.w = [Value(rng.uniform(-1, 1)) for _ in range(inputs)]
        self.b = Value(0)
        self.nonlinear = nonlinear

    def __call__(self, x):
        act = sum((wi * xi for wi, xi in zip(self.w, x, strict=True)), self.b)
        return act.relu() if self.nonlinear else act

    def parameters(self):
        return [*self.w, self.b]


class Network:
    """Layers of neurons."""

    def __init__(self, rng, sizes):
        self.layers = [
            [Neuron(rng, n, k < len(sizes) - 2) for _ in range(m)]
            for k, (n, m) in enumerate(zip(sizes, sizes[1:], strict=False))
        ]

    def __call__(self, x):
        for layer in self.layers:
            x = [n(x) for n in layer]
        return x[0] if len(x) == 1 else x

    def parameters(self):
        return [p for layer in self.layers for n in layer for p in n.parameters()]


def test_the_demo_trains():
    """An SVM loss with L2 penalty on points in two rings, gradient descent by p.data -= lr * p.grad: it learns them all."""
    rng = random.Random(1337)
    points = [(rng.gauss(0, 0.35), rng.gauss(0, 0.35)) for _ in range(20)]
    ring = [
        (1.6 * c, 1.6 * s)
        for c, s in ((1, 0), (0.7, 0.7), (0, 1), (-0.7, 0.7), (-1, 0), (-0.7, -0.7), (0, -1), (0.7, -0.7))
    ] * 2
    data = [(p, 1) for p in points] + [(p, -1) for p in ring]
    model = Network(rng, [2, 8, 8, 1])
    accuracy = 0.0
    for step in range(60):
        scores = [model(x) for x, _ in data]
        losses = [(1 + -y * s).relu() for s, (_, y) in zip(scores, data, strict=True)]
        loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
        accuracy = sum((s.data > 0) == (y > 0) for s, (_, y) in zip(scores, data, strict=True)) / len(data)
        for p in model.parameters():
            p.grad = 0
        loss.backward()
        rate = 0.5 - 0.4 * step / 60
        for p in model.parameters():
            p.data -= rate * p.grad
    assert accuracy == 1.0
    assert loss.data < 0.2


def test_setting_grad_to_zero_as_micrograd_does():
    """p.grad = 0 is as good as zero_grad()."""
    x = Value(3.0)
    x.grad = 0
    (x * x).backward()
    assert x.grad == 6.0
    x.grad = 0.0
    (x * 2).backward()
    assert x.grad == 2.0


def test_the_import_is_the_only_change():
    """The class is found where micrograd's users look: one import line."""
    assert Engine is Value
