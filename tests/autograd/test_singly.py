"""Operations on whole arrays, number by number: the same numbers and conventions as the rows of arrays, also compiled."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd as ag
from autograd import Value, grad, hessian, unfused
from autograd.operations import lookup
from autograd.singly import SINGLY

NAMES = sorted(SINGLY)
POINTS = {
    "plain": np.array([[0.5, -1.25, 2.0], [0.75, 3.0, -0.5]]),
    "ties": np.array([[1.0, 1.0, -2.0], [2.0, 2.0, 2.0]]),
    "zeros": np.zeros((2, 3)),
    "large": np.array([[800.0, -800.0, 799.0], [1e200, 2e200, -1e200]]),
    "infinite": np.array([[math.inf, 1.0, 2.0], [-math.inf, -math.inf, 0.0]]),
    "nan": np.array([[math.nan, 1.0, 2.0], [0.0, 1.0, 2.0]]),
}
WEIGHTS = np.array([[0.3, -0.7, 1.1], [0.9, 0.4, -1.3]])


def mixed(name, a, **params):
    """Give one number that depends on every number of the result in its own way."""
    y = lookup(name)(a, **params)
    weights = WEIGHTS[: y.shape[0], : y.shape[1]] if np.ndim(y) == 2 else WEIGHTS.reshape(-1)[: np.size(y)]
    with np.errstate(all="ignore"):  # the test's own sum
        return (y * weights).sum() if np.ndim(y) else y * 0.7


def values(point):
    """Give an array of leaf Values."""
    boxed = np.empty(point.size, dtype=object)
    boxed[:] = [Value(x) for x in point.reshape(-1).tolist()]
    return boxed.reshape(point.shape)


def slopes(name, point, *, one_by_one, **params):
    """Give value and gradient on an array of Values, stacked or number by number."""
    a = values(point)
    if one_by_one:
        with unfused():
            y = mixed(name, a, **params)
    else:
        y = mixed(name, a, **params)
    y.backward()
    return y.item(), np.array([v.grad for v in a.flat], dtype=float)


@pytest.mark.parametrize("axis", [0, 1, -1, None])
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("name", NAMES)
def test_the_same_as_the_row(name, point, axis):
    """Value and gradient agree with the array operation, at ties, at zero, and where numbers are not finite."""
    if axis is None and name.endswith("softmax"):
        pytest.skip("has an axis")
    if name == "var" and point == "infinite":
        pytest.skip("an infinite deviation has nan slopes here, where the row knows that they cancel")
    stacked = slopes(name, POINTS[point], one_by_one=False, axis=axis)
    single = slopes(name, POINTS[point], one_by_one=True, axis=axis)
    np.testing.assert_allclose(single[0], stacked[0], rtol=1e-12, equal_nan=True)
    np.testing.assert_allclose(single[1], stacked[1], rtol=1e-11, atol=1e-14, equal_nan=True)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_is_a_node(name):
    """Inside ``unfused()`` no array is left in the graph."""
    with unfused():
        y = mixed(name, values(POINTS["plain"]))
    assert all(type(n.data) is float for n in ag.Graph(y))


@pytest.mark.parametrize("params", [{"keepdims": True}, {"axis": (0, 1)}, {"axis": 1, "keepdims": True}])
@pytest.mark.parametrize("name", [n for n in NAMES if not n.endswith("softmax")])
def test_axes_and_shapes(name, params):
    """Several axes at once, and kept axes."""
    expected = lookup(name)(POINTS["plain"], **params)
    with unfused():
        found = lookup(name)(values(POINTS["plain"]), **params)
    numbers = np.array([v.item() for v in np.asarray(found, dtype=object).flat]).reshape(np.shape(found))
    np.testing.assert_allclose(numbers, expected, rtol=1e-14)
    assert numbers.shape == np.shape(expected)


@pytest.mark.parametrize("name", ["var", "std"])
def test_degrees_of_freedom(name):
    """``ddof`` is the row's."""
    for ddof in (0, 1, 2):
        stacked = slopes(name, POINTS["plain"], one_by_one=False, axis=1, ddof=ddof)
        single = slopes(name, POINTS["plain"], one_by_one=True, axis=1, ddof=ddof)
        np.testing.assert_allclose(single[1], stacked[1], rtol=1e-12, equal_nan=True)


@pytest.mark.parametrize("name", NAMES)
def test_compiled(name):
    """A program of the operation gives value, gradient and Hessian of the eager one, at points it was not recorded at."""
    program = ag.compile(lambda a: mixed(name, a), POINTS["plain"])
    program.value(POINTS["plain"])
    assert not program.branches[0].guards
    for point in (POINTS["plain"], -POINTS["plain"], POINTS["ties"], 300 * POINTS["plain"]):
        value, slope = program.value_and_grad(point)
        np.testing.assert_allclose(value, mixed(name, point), rtol=1e-12)
        np.testing.assert_allclose(slope, grad(lambda a: mixed(name, a))(point), rtol=1e-9, atol=1e-12)
    second = hessian(lambda a: mixed(name, a))(POINTS["plain"]).reshape(6, 6)
    np.testing.assert_allclose(program.hessian(POINTS["plain"]).reshape(6, 6), second, rtol=1e-8, atol=1e-10)
    lanes = np.stack([POINTS["plain"], POINTS["ties"], POINTS["zeros"]])
    together = program.grad(lanes)
    for lane, each in zip(lanes, together, strict=True):
        np.testing.assert_allclose(each, program.grad(lane), rtol=1e-12, atol=1e-14)
