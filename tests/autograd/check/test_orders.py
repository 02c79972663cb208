"""Higher orders: every order that is asked for is checked, named, and compared with something that is not zero."""

from __future__ import annotations

import numpy as np
import pytest

import autograd as ag
from autograd import Tensor, Value
from autograd.check import check_gradients
from autograd.errors import InputValueError

THIRD = {
    "numbers": lambda: check_gradients(lambda x, y: (x * y).exp() + x**3, 0.4, -0.7, order=3),
    "array": lambda: check_gradients(lambda a: (a @ a.T).tanh(), np.array([[0.2, 0.4], [0.1, -0.3]]), order=3),
    "Values": lambda: check_gradients(lambda xs: sum(x * x.exp() for x in xs), [Value(1.0), Value(2.0)], order=3),
    "tree": lambda: check_gradients(
        lambda p: (p["a"] * p["b"]).exp().sum(), {"a": 1.0, "b": np.array([0.1, 0.2])}, order=3
    ),
    "two outputs": lambda: check_gradients(lambda x: (x.sin(), x.exp()), 0.5, order=3),
    "one argument of two": lambda: check_gradients(lambda x, y: x * y**4, 2.0, 3.0, wrt=1, order=3),
    "directions": lambda: check_gradients(lambda x: (x**4).sum(), np.linspace(0.1, 1.0, 300), order=3),
    "two places": lambda: check_gradients(lambda x: x.exp(), 0.3, order=3, points=2),
}


@pytest.mark.parametrize("check", THIRD.values(), ids=THIRD)
def test_third_order(check):
    """order=3 checks all three orders, says which is which, and what it compares is not zero beside zero."""
    report = check()
    assert report.ok, report
    third = [e for e in report.elements if "(order 3)" in e.name]
    assert len(third) == len(report.elements) / 3
    assert all(e.verdict == "ok" and e.given != 0 for e in third)


def test_third_order_of_parameters():
    """Leaves that the function uses by itself are checked to every order too, under their own names."""
    w = Tensor([0.3, 0.8], name="w")
    for report in (
        check_gradients(lambda x: (w * x).sin().sum(), np.array([1.0, 2.0]), wrt=w, order=3),
        check_gradients(lambda: (w**3).sin().sum(), wrt=w, order=3),
    ):
        assert report.ok
        assert [e.name for e in report.elements[-2:]] == ["w (order 3)[0]", "w (order 3)[1]"]


def test_orders_end_where_a_function_is_a_polynomial():
    """Beyond the degree of a polynomial every derivative is 0, and is confirmed as such; so at a corner."""
    report = check_gradients(lambda x: x * x, 2.0, order=5)
    assert report.ok
    assert [bool(e.given) for e in report.elements] == [True, True, False, False, False]
    assert [e.verdict for e in check_gradients(lambda x: x.relu(), 0.0, order=3).elements] == ["kink", "jump", "ok"]


def test_a_wrong_third_derivative_is_found():
    """Rules whose mistake shows in the third derivative only: order=2 passes, order=3 accuses that order alone."""
    square = ag.operation(lambda a: a * a, derivatives=[lambda y, a: 2.5 * a], name="square_badly")
    cube = ag.operation(lambda a: a**3, derivatives=[lambda y, a: 3 * square(a)], name="cube_by_square")
    fourth = ag.operation(lambda a: a**4, derivatives=[lambda y, a: 4 * cube(a)], name="fourth_by_cube")
    assert check_gradients(fourth, Value(1.5), order=2).ok
    report = check_gradients(fourth, Value(1.5), order=3)
    assert [e.verdict for e in report.elements] == ["ok", "ok", "wrong"]
    assert report.culprit is None or report.culprit.op == "square_badly"


def test_a_gradient_in_numpy_has_no_higher_order():
    """A hand-written gradient cannot be differentiated: any order above 1 is refused, with what to do instead."""
    for order in (2, 3):
        with pytest.raises(InputValueError, match="an order above 1 needs a gradient that can be differentiated"):
            check_gradients(lambda x: x * x, 1.0, grad=lambda x: 2 * x, order=order)
