"""Complaints about other engines (PEERS.md), each as a test that ours does not earn it."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, grad
from autograd.errors import AnomalyError, StaleError


def test_nan_at_edges():
    """3: where, sqrt, pow and norm at 0 give the conventions, not a surprise nan, to second order."""
    safe = autograd.where
    assert grad(lambda x: safe(x > 0, autograd.sqrt(safe(x > 0, x, 1.0)), 0.0))(0.0) == 0.0
    assert grad(grad(lambda x: x**2.0))(0.0) == 2.0
    assert grad(lambda x: autograd.norm(x))(np.zeros(3)).tolist() == [0.0, 0.0, 0.0]
    assert grad(lambda x: abs(x) ** 1.5)(0.0) == 0.0
    assert grad(lambda x: x**0)(0.0) == 0.0


def test_accumulation():
    """4: twelve, then twenty-four; after zero_grad, twelve again."""
    x = Value(2.0)
    y = x * x * x
    for expected in (12.0, 24.0):
        y.backward()
        assert x.grad == expected
    x.zero_grad()
    y.backward()
    assert x.grad == 12.0


def test_value_to_the_power_of_a_value():
    """5: Value ** Value, number ** Value, both differentiated."""
    a, b = Value(2.0), Value(3.0)
    y = a**b + 2**b + a**2
    y.backward()
    assert a.grad == pytest.approx(3 * 4 + 4)
    assert b.grad == pytest.approx(16 * math.log(2))


def test_order_of_shared_nodes():
    """6: diamonds of diamonds: every path counts once."""
    x = y = Value(1.0)
    for _ in range(30):
        y = y + y
    y.backward()
    assert x.grad == 2.0**30


def test_in_place_changes():
    """7: never a silently wrong gradient: += rebinds, assignment is noticed or harmless."""
    x = Tensor([1.0, 2.0])
    y = (x * x).sum()
    x[0] = 10.0
    with pytest.raises(StaleError):
        y.backward()
    v = Value(1.0)
    z = v * v
    v.data += 5
    z.backward()
    assert v.grad == 2.0


def test_where_the_nan_came_from():
    """8: the first culprit is named, not a later line."""
    x = Tensor([1.0, -1.0], name="x")
    with autograd.detect_anomaly(), pytest.raises(AnomalyError, match=r"log\(x\)"):
        ((autograd.log(x) * 0.0).sum() + 1).exp()


def test_unstable_functions():
    """9: sigmoid, tanh, softplus and logsumexp far out: no overflow, and the tails keep their digits."""
    for f, x in (
        (autograd.tanh, 1000.0),
        (autograd.sigmoid, -1000.0),
        (autograd.softplus, 1000.0),
        (autograd.logsigmoid, -1000.0),
    ):
        v = Value(x)
        y = f(v)
        y.backward()
        assert math.isfinite(y.data)
        assert math.isfinite(v.grad)
    assert grad(autograd.tanh)(20.0) == pytest.approx(4 * math.exp(-40.0), rel=1e-12)
    assert autograd.logsumexp(np.array([1e4, 1e4])) == pytest.approx(1e4 + math.log(2))


def test_recursion():
    """11: depth is no obstacle."""
    x = y = Value(0.5)
    for _ in range(5000):
        y = (y * 0.999).tanh()
    y.backward()
    assert x.grad is not None


def test_inner_gradients_are_there():
    """13: no retain_grad: every node has its gradient."""
    x = Value(2.0)
    h = x * 3
    (h * h).backward()
    assert h.grad == 12.0


def test_higher_order_exists():
    """17: to any order, scalar and array."""
    f = autograd.sin
    for _ in range(6):
        f = grad(f)
    assert f(0.3) == pytest.approx(-math.sin(0.3), rel=1e-12)
    assert grad(grad(grad(grad(lambda x: x**5))))(2.0) == 120 * 2.0
    total = lambda x: autograd.sum(x**5)  # noqa: E731
    for _ in range(4):
        total = lambda x, f=total: autograd.sum(grad(f)(x))  # noqa: E731
    assert total(np.array([1.0, 2.0])) == 120 * 3.0
