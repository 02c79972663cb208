"""Zoom: the same numbers as one Tensor or as Values, gradients flowing across; the same model both ways."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Graph, Tensor, Value, stack_values
from autograd.errors import InputTypeError
from tests.autograd.array_checks import boxed


def test_values_into_a_tensor_and_back():
    """Values → Tensor → Values: numbers and gradients cross twice."""
    vs = [Value(float(i)) for i in range(1, 7)]
    x = stack_values(np.array(vs).reshape(2, 3))
    assert x.shape == (2, 3)
    parts = (x * 2).values()
    assert parts.shape == (2, 3)
    (parts[0, 1] * parts[1, 2]).backward()
    assert [v.grad for v in vs] == [0.0, 24.0, 0.0, 0.0, 0.0, 8.0]


def test_numbers_among_values():
    """Plain numbers may stand among the Values; they get no gradient."""
    v = Value(3.0)
    x = stack_values([v, 1.0, v])
    (x * np.array([1.0, 10.0, 100.0])).sum().backward()
    assert v.grad == 101.0
    assert stack_values([]).shape == (0,)
    for bad in ([Value(1.0), "a"], [Value(1.0), None]):
        with pytest.raises(InputTypeError, match=r"stack_values\(\) got"):
            stack_values(bad)
    with pytest.raises(TypeError, match="autograd.stack to join Tensors"):
        stack_values([Tensor([1.0]), Value(1.0)])


def test_second_order_crosses():
    """Derivatives of derivatives flow through stacking and splitting."""
    a, b = Value(2.0), Value(3.0)
    y = (stack_values([a, b]) ** 3).sum()
    ga = autograd.grad(y, a, create_graph=True)
    assert (ga.data, autograd.grad(ga, a)) == (12.0, 12.0)
    t = Tensor([2.0, 3.0])
    p, q = t.values()
    g = autograd.grad(p * p * q, t, create_graph=True)
    np.testing.assert_array_equal(g.data, [12.0, 4.0])
    np.testing.assert_array_equal(autograd.grad(g.sum(), t), [6.0 + 4.0, 4.0])


def test_the_same_model_as_tensors_and_as_values():
    """A two-layer network: values and gradients agree, weight by weight; every weight is a node when zoomed in."""
    rng = np.random.default_rng(0)
    w1, b1, w2 = rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=(4, 2))
    x, target = rng.normal(size=(5, 3)), rng.integers(2, size=5)

    def loss(p: tuple[Any, Any, Any]) -> Any:
        h = np.tanh(x @ p[0] + p[1])
        scores = autograd.log_softmax(h @ p[2])
        return -autograd.mean(scores[np.arange(5), target])

    tensors = tuple(map(Tensor, (w1, b1, w2)))
    y = loss(tensors)
    y.backward()
    values = tuple(map(boxed, (w1, b1, w2)))
    z = loss(values)
    z.backward()
    assert isinstance(z, Value)
    assert z.data == pytest.approx(y.item(), rel=1e-14)
    for t, v in zip(tensors, values, strict=True):
        np.testing.assert_allclose([e.grad for e in v.reshape(-1)], t.grad.reshape(-1), rtol=1e-12, atol=1e-15)
    assert len(Graph(y)) < 20
    assert len(Graph(z).leaves) == w1.size + b1.size + w2.size


def test_zoom_under_no_grad_and_of_constants():
    """Without recording, and from a constant, the elements are constants."""
    x = Tensor([1.0, 2.0])
    with autograd.no_grad():
        assert not any(v.requires_grad for v in x.values())
    assert not any(v.requires_grad for v in x.detach().values())
    assert x.values()[0].requires_grad
    assert Tensor(3.0).values().data == 3.0


def test_elements_of_a_large_tensor_are_gathered_in_one_buffer():
    """16 000 elements one by one: linear, not quadratic."""
    x = Tensor(np.ones(16_000))
    total = sum(x.values())
    total.backward()
    assert x.grad.sum() == 16_000


def test_an_array_of_values_beside_a_tensor():
    """Mixing an array of Values with a Tensor is computed element by element or stacked, and right."""
    v, x = boxed(np.array([1.0, 2.0])), Tensor([3.0, 4.0])
    y = v * x
    total = y.sum()
    total.backward()
    assert [e.grad for e in v] == [3.0, 4.0]
    np.testing.assert_array_equal(x.grad, [1.0, 2.0])
