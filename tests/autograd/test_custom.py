"""Operations of your own: through the same door, checked by the same tests, refused when they do not fit together."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Graph, Tensor, Value, grad, operation
from autograd.errors import InputTypeError, InputValueError, ShapeError
from autograd.operations import TABLE
from tests.autograd import array_checks, truth


def test_an_operation_on_numbers_passes_the_tables_own_checks(monkeypatch: pytest.MonkeyPatch):
    """Computed, recorded, printed, differentiated three times, in float32, at its edges: like a built-in row."""

    @operation(
        derivatives=[lambda y, a, b: b * a ** (b - 1), lambda y, a, b: y * autograd.log(a)],
        domain=((0.1, 3.0), (0.5, 3.0)),
        edges={(1.0, 2.0): (1.0, 2.0, 0.0)},
        text="{a} to the {b}",
    )
    def to_the(a: Any, b: Any) -> Any:
        """Give a power."""
        return a**b

    monkeypatch.setitem(truth.TRUTH, "to_the", lambda a, b: truth.mp.power(a, b))
    for check in (truth.check_value, truth.check_first, truth.check_edges):
        check(to_the)
    truth.check_order(to_the, 2)
    truth.check_order(to_the, 3)
    assert TABLE["to_the"] is to_the
    assert to_the.__doc__ == "Give a power."
    x, n = Value(2.0, name="x"), Value(3.0, name="n")
    y = to_the(x, n)
    node = Graph(y).root
    assert (node.formula, node.derivative(0), node.local(0)) == ("n1 = x to the n", "n × x**(n - 1)", 12.0)
    assert to_the(Tensor(np.float32([2.0])), 2.0).dtype == np.float32
    values = to_the(np.array([Value(2.0), Value(3.0)]), 2.0)
    assert [v.data for v in values] == [4.0, 9.0]


def test_an_operation_on_arrays_passes_the_same_checks():
    """A pullback with a parameter: plain, recorded, second order, on arrays of Values."""

    @operation(pullbacks=[lambda g, y, a, *, weight: 2 * weight * a * autograd.reshape(g, (1, 1))])
    def weighted_square_sum(a: Any, *, weight: float = 1.0) -> Any:
        return np.sum(a * a) * weight

    sample: array_checks.Sample = (((2, 3),), {"weight": 1.5})
    array_checks.check_pullback(weighted_square_sum, sample)
    array_checks.check_second(weighted_square_sum, sample)
    array_checks.check_values(weighted_square_sum, sample)


def test_a_broken_operation_is_seen_by_the_same_checks(monkeypatch: pytest.MonkeyPatch):
    """A wrong derivative turns the checks red."""
    wrong = operation(derivatives=[lambda y, a: 2.02 * a], name="nearly_square")(lambda a: a * a)
    monkeypatch.setitem(truth.TRUTH, "nearly_square", lambda a: a * a)
    truth.check_value(wrong)
    with pytest.raises(AssertionError):
        truth.check_first(wrong)


def test_edges_of_python_floats_are_ieees_here_too():
    """A rule that divides by zero gives inf, not an exception, for Values and Tensors."""
    inverse = operation(derivatives=[lambda y, a: -1 / a**2], name="inverse_here")(lambda a: 1 / a)
    v, x = Value(0.0), Tensor([0.0])
    inverse(v).backward()
    inverse(x).sum().backward()
    assert (v.grad, x.grad.tolist()) == (-math.inf, [-math.inf])


def test_several_arguments_and_nested_use():
    """Operations of your own compose with each other and with grad."""
    twice = operation(derivatives=[lambda y, a: 2], name="twice_here")(lambda a: 2 * a)
    product = operation(derivatives=[lambda y, a, b: b, lambda y, a, b: a], name="product_here")(lambda a, b: a * b)
    assert grad(lambda x: product(twice(x), x) ** 2)(3.0) == 4 * 4 * 27.0
    assert grad(grad(lambda x: product(x, x)))(3.0) == 2.0


@pytest.mark.parametrize(
    ("define", "error", "message"),
    [
        (lambda: operation(derivatives=[lambda y, a: 1])(lambda a, b: a * b), InputValueError, "needs a name such as 'cube'"),
        (lambda: operation(derivatives=[lambda y, a: 1], name="two")(lambda a, b: a * b), InputValueError, r"two takes 2 argument\(s\) and has 1 derivatives; give one per argument"),
        (lambda: operation(pullbacks=[lambda g, y, a: g, lambda g, y, a: g], name="one")(lambda a: a), InputValueError, r"one takes 1 argument\(s\) and has 2 pullbacks"),
        (lambda: operation(derivatives=[lambda a: 1], name="short")(lambda a: a), InputValueError, r"rule 0 takes 1 argument\(s\) and needs 2: y \(the output\)"),
        (lambda: operation(pullbacks=[lambda y, a: 1], name="short")(lambda a: a), InputValueError, "pullbacks take the gradient g first"),
        (lambda: operation(derivatives=[3], name="number")(lambda a: a), InputTypeError, "rule 0 is 3; expected a function such as lambda y, a: 2"),
        (lambda: operation(name="nothing")(lambda a: a), InputTypeError, r"either derivatives=\[…\].*or pullbacks=\[…\]"),
        (lambda: operation(derivatives=[], pullbacks=[], name="both")(lambda a: a), InputTypeError, "either derivatives"),
        (lambda: operation(derivatives=[lambda y, a: 1], name="tanh")(lambda a: a), InputValueError, "already has an operation 'tanh'"),
    ],
)  # fmt: skip
def test_definitions_that_do_not_fit_together(define: Any, error: type[Exception], message: str):
    """Each mistake has its own message, and the table stays as it was."""
    before = dict(TABLE)
    with pytest.raises(error, match=message):
        define()
    assert before == TABLE


def test_a_name_that_does_not_exist():
    """Looking up an operation suggests the nearest name."""
    from autograd.operations import lookup

    with pytest.raises(autograd.UnknownNameError, match="no operation is called 'sigmoyd'; did you mean 'sigmoid'"):
        lookup("sigmoyd")


@pytest.mark.parametrize("given", [None, "x", 1j, np.array([None, None])])
@pytest.mark.parametrize("kind", ["derivatives", "pullbacks"])
def test_a_rule_that_gives_no_number_is_named(kind: str, given: Any):
    """None (a rule without a return) would be nan to NumPy; text and complex numbers are no gradients either."""
    rule = (lambda y, a: given) if kind == "derivatives" else (lambda g, y, a: given)
    broken = operation(lambda a: a * 2, name="broken_rule", **{kind: [rule]})
    del TABLE["broken_rule"]
    with pytest.raises(InputTypeError, match="broken_rule: the rule of argument a gave"):
        grad(lambda x: broken(x).sum())(np.array([1.0, 2.0]))


def test_a_pullback_of_a_shape_that_does_not_fit_is_named():
    """Both shapes are in the message; a shape that broadcasts to the argument's is made to fit."""
    rows = operation(lambda a: a.sum(axis=1), pullbacks=[lambda g, y, a: g], name="rows")
    columns = operation(lambda a: a.sum(axis=0), pullbacks=[lambda g, y, a: g], name="columns")
    del TABLE["rows"], TABLE["columns"]
    with pytest.raises(ShapeError, match=r"rows: the pullback of argument a gave shape \(4,\), and .* \(4, 3\)"):
        grad(lambda x: rows(x).sum())(np.ones((4, 3)))
    assert np.array_equal(grad(lambda x: columns(x).sum())(np.ones((4, 3))), np.ones((4, 3)))
