"""A program computes what the engine computes: values, gradients and second derivatives, in every back end."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Graph, Value, rules
from autograd.check import strategies
from autograd.operations import Elementwise, elementwise_rows
from autograd.program.native_text import has_text

ROWS = [row for row in elementwise_rows() if row.derivatives and has_text(row)]
SETTINGS = strategies.profile("ci")


def close(found: Any, expected: Any, scale: float = 1.0) -> None:
    """Hold two results together to rounding; nan and infinities must be the same."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11 * max(scale, 1.0))


def eager(f: Any, point: Any) -> tuple[float, list[float]]:
    """Give value and gradient by ``backward()``."""
    values = [Value(x) for x in point]
    y = f(*values)
    y.backward()
    return y.item(), [0.0 if v.grad is None else v.grad for v in values]


def sizes(e: Any) -> float:
    """Give the size of the largest number on the way: rounding is relative to it."""
    return max([1.0, *(abs(e.data(name)) for name in e.names)])


@SETTINGS
@given(strategies.expressions(variables=3, max_operations=10))
def test_single_examples_agree_with_the_engine(e: Any):
    """Value and gradient of random graphs with sharing: compiled and eager agree to rounding."""
    value, gradient = eager(e, e.point)
    program = ag.compile(e, *e.point)
    found = program.value_and_grad(*e.point)
    close(found[0], value)
    close(found[1], gradient, sizes(e))
    assert program.value(*e.point) == found[0] or found[0] != found[0]


@SETTINGS
@given(strategies.expressions(variables=2, max_operations=8), st.data())
def test_lanes_agree_with_single_examples(e: Any, data: Any):
    """Each lane is what one example alone would be, for any number of lanes."""
    program = ag.compile(e, *e.point)
    n = data.draw(st.integers(1, 5))
    shifts = data.draw(st.lists(strategies.numbers(-0.01, 0.01), min_size=n, max_size=n))
    lanes = [np.array([x + s for s in shifts]) for x in e.point]
    value, gradient = program.value_and_grad(*lanes)
    for k in range(n):
        one = program.value_and_grad(*(x[k] for x in lanes))
        close(value[k], one[0])
        close([g[k] for g in gradient], one[1], sizes(e))


@SETTINGS
@given(strategies.expressions(variables=2, max_operations=6))
def test_second_derivatives_agree_with_the_engine(e: Any):
    """The Hessian of a program, single and in lanes, is the engine's."""
    expected = ag.hessian(e, (0, 1))(*e.point)
    program = ag.compile(e, *e.point)
    scale = float(np.max(np.abs(expected)))
    close(program.hessian(*e.point), expected, max(scale, sizes(e) ** 2))
    lanes = program.hessian(*([x, x] for x in e.point))
    close([[h[1] for h in row] for row in lanes], expected, max(scale, sizes(e) ** 2))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_keeps_its_conventions(row: Elementwise):
    """At the edges of its domain a row gives what the table says: single and in lanes, value and gradient."""
    program = ag.compile(row, *([0.5] * row.arity), argnums=tuple(range(row.passive, row.arity)))
    for args, expected in row.edges.items():
        value, gradient = program.value_and_grad(*args)
        np.testing.assert_allclose([value, *gradient], expected, rtol=1e-12)
        value, gradient = program.value_and_grad(*(np.full(3, a) for a in args))
        np.testing.assert_allclose([value[2], *(g[2] for g in gradient)], expected, rtol=1e-12)


def straight(*args: Any) -> Any:
    """Operations that the generated code of Value and of a program write alike."""
    a, b = args
    c = (a * b + 2.0).tanh() / (b - 7.0)
    d = (c.exp() - a) ** 3 + c.sigmoid() * 0.5
    return (d.relu() + c * d).sin() + ag.maximum(a, c)


@given(strategies.numbers(), strategies.numbers())
def test_first_order_is_the_same_to_the_last_bit(a: float, b: float):
    """Where the operations are the same, the order of the additions is too."""
    value, _ = eager(straight, (a, b))
    assert ag.compile(straight, a, b).value(a, b) == value


def test_a_broken_rule_breaks_the_program(monkeypatch: pytest.MonkeyPatch):
    """Nothing is written twice: a changed row of the table changes the program, at both orders."""

    def f(x: Any) -> Any:
        return rules.sin(x) * x

    right = ag.compile(f, 0.5)
    before = right.grad(0.5), right.hessian(0.5)
    rule = rules.sin.derivatives[0]
    monkeypatch.setattr(rules.sin, "derivatives", (lambda y, a: 1.01 * rule(y, a),))
    broken = ag.compile(f, 0.5)
    assert broken.grad(0.5) == pytest.approx(math.sin(0.5) + 1.01 * 0.5 * math.cos(0.5))
    assert broken.grad(0.5) != before[0]
    assert broken.hessian(0.5) != before[1]
    assert broken.grad(np.array([0.5]))[0] == pytest.approx(broken.grad(0.5))


def test_a_graph_and_a_function_give_the_same_program():
    """``Graph(y).program()`` and ``compile(f)`` differ in nothing but where they come from."""
    a, b = Value(0.5, name="a"), Value(-1.5, name="b")
    recorded = Graph(straight(a, b)).program([a, b])
    traced = ag.compile(straight, 0.5, -1.5)
    for point in ((0.5, -1.5), (2.0, 0.25), (0.0, 3.0)):
        assert recorded.value_and_grad(*point) == traced.value_and_grad(*point)


@pytest.mark.parametrize("exponent", [-0.5, -1.5, -2.0, 0.5, 2.5, -0.25, 3.0])
def test_powers_in_lanes_keep_their_edges(exponent: float):
    """Lanes take a shorter way to the slope of some powers: to rounding, and at 0, at infinity and below 0, it is the same."""
    points = [0.0, -0.0, math.inf, -math.inf, math.nan, -2.0, 4.0, 0.3, 1e300, 1e-300, 1e-200, 5e-324, 1e150]
    program = ag.compile(lambda x: x**exponent * 3.0, 1.0)
    value, slope = program.value_and_grad(np.array(points))
    for k, x in enumerate(points):
        np.testing.assert_allclose([value[k], slope[k]], program.value_and_grad(x), rtol=1e-14, err_msg=str(x))


def test_the_slope_of_relu_in_lanes_is_the_sign_of_its_result():
    """One pass over the lanes instead of two, with the same convention at 0, at nan and at infinity."""
    points = [0.0, -0.0, 1.5, -1.5, math.nan, math.inf, -math.inf]
    program = ag.compile(lambda x: x.relu() * 2.0, 1.0)
    value, slope = program.value_and_grad(np.array(points))
    for k, x in enumerate(points):
        np.testing.assert_array_equal([value[k], slope[k]], program.value_and_grad(x))
