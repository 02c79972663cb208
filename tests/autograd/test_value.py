"""Value: one number with a memory. Construction, accumulation, conversions, freezing, copying, printing."""

from __future__ import annotations

import copy
import math
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import autograd
from autograd import Graph, Tensor, Value
from autograd.errors import GradientError, InputTypeError, InputValueError, StaleError, TrackingError


@pytest.mark.parametrize(
    "x",
    [
        2,
        True,
        Fraction(5, 2),
        Decimal("0.1"),
        np.float32(0.5),
        np.int64(3),
        np.bool_(True),
        np.array(1.5),
        1e-320,
        math.inf,
        math.nan,
    ],
)
def test_every_plain_real_number_becomes_a_float(x: object):
    """int, bool, Fraction, Decimal and NumPy's scalars are legal, in the constructor, in expressions and in assignment."""
    v = Value(x)
    assert type(v.data) is float
    assert v.data == float(x) or math.isnan(v.data)
    y = Value(1.0) * x
    assert type(y.data) is float
    z = x + Value(1.0)
    assert type(z.data) is float
    v.data = x
    assert type(v.data) is float


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (1 + 2j, r"1\+2j.*complex.*Instead: use real numbers"),
        (np.complex128(1j), r"complex.*x\.real and x\.imag"),
        ("3", r"'3'.*str.*Instead: convert text first: float\(text\)"),
        (None, r"None.*a gradient is None until backward\(\) has run"),
        pytest.param(object(), "object.*give a number, a NumPy array, a Value or a Tensor", id="object"),
        ([1.0, 2.0], r"\[1.0, 2.0\].*one number"),
    ],
    ids=repr,
)
def test_what_is_no_real_number_is_refused(bad: object, message: str):
    """complex, str, None and other objects raise an InputTypeError, which is a TypeError, everywhere the same."""
    with pytest.raises(InputTypeError, match=message):
        Value(bad)
    v = Value(1.0)
    with pytest.raises(InputTypeError):
        v.data = bad
    assert v.data == 1.0
    if not isinstance(bad, list):
        for expression in (
            lambda: v + bad,
            lambda: bad * v,
            lambda: autograd.exp(bad),
            lambda: autograd.maximum(v, bad),
        ):
            with pytest.raises(TypeError):
                expression()


def test_a_number_beyond_float_is_refused():
    """An int that no float can hold says so, instead of an OverflowError from somewhere inside."""
    with pytest.raises(InputValueError, match="beyond the range of a float"):
        Value(10**400)


def test_a_node_is_not_wrapped_again():
    """Value(Value) would cut the graph; the message says what to write."""
    with pytest.raises(InputTypeError, match=r"is a node already.*\.detach\(\)"):
        Value(Value(1.0))


def test_gradients_are_none_until_a_pass_arrives():
    """None, not 0: the pictures can say 'not run'."""
    a, b = Value(2.0), Value(3.0)
    y = a * b
    assert (a.grad, b.grad, y.grad) == (None, None, None)
    y.backward()
    assert (a.grad, b.grad, y.grad) == (3.0, 2.0, 1.0)
    a.zero_grad()
    assert a.grad is None


def test_backward_twice_doubles_the_leaves_exactly():
    """Leaves accumulate over passes; inner nodes hold the latest pass only; nothing leaks from pass to pass."""
    a, b = Value(0.1), Value(0.7)
    h = a * b + a
    y = h * h * h.exp() + a / b
    y.backward()
    once, inner = (a.grad, b.grad), h.grad
    y.backward()
    assert (a.grad, b.grad) == (2 * once[0], 2 * once[1])
    assert h.grad == inner
    assert y.grad == 1.0
    h.backward()
    assert h.grad == 1.0


def test_inner_gradients_of_different_roots_do_not_mix():
    """A second root over the same inner node replaces that node's gradient, and adds to the leaves."""
    a = Value(3.0)
    h = a * 2
    (h * 5).backward()
    assert (h.grad, a.grad) == (5.0, 10.0)
    (h * 7).backward()
    assert (h.grad, a.grad) == (7.0, 24.0)


def test_a_leaf_may_be_differentiated():
    """D self / d self is 1, and accumulates as everywhere."""
    v = Value(5.0)
    v.backward()
    v.backward(2.0)
    assert v.grad == 3.0


def test_the_seed_scales():
    """backward(gradient=3) starts from 3; a wrong seed is refused and nothing changes."""
    x = Value(2.0)
    y = x * x
    y.backward(3)
    assert x.grad == 12.0
    with pytest.raises(InputTypeError, match=r"backward\(\) got 'no'"):
        y.backward("no")
    assert x.grad == 12.0


def test_a_value_used_many_times_collects_every_use():
    """Shared nodes: b = a + a; c = b + b; and x·x·x."""
    a = Value(1.0)
    b = a + a
    c = b + b
    c.backward()
    assert (a.grad, b.grad) == (4.0, 2.0)
    x = Value(2.0)
    (x * x * x).backward()
    assert x.grad == 12.0


def test_assigning_data_does_not_change_recorded_gradients():
    """Local derivatives belong to the forward pass."""
    a, b = Value(2.0), Value(3.0)
    y = a * b
    a.data, b.data = 100.0, 200.0
    y.backward()
    assert (a.grad, b.grad) == (3.0, 2.0)


def test_create_graph_after_an_assignment_says_stale():
    """Whatever evaluates rules again notices that the data changed, instead of mixing old and new."""
    a = Value(2.0)
    y = a * a
    a.data = 5.0
    with pytest.raises(StaleError, match="data was assigned in between. Compute the expression again"):
        y.backward(create_graph=True)
    assert a.grad is None


def test_float_and_math_functions_refuse_to_cut_the_graph():
    """float(v), int(v) and math.exp(v) raise, and name the function to use."""
    v = Value(2.0)
    for cut in (float, int, math.exp, math.sqrt, lambda x: f"{float(x)}", complex):
        with pytest.raises(TrackingError, match=r"\.item\(\).*autograd\.exp"):
            cut(v)
    assert float(v.detach()) == 2.0
    assert math.exp(v.detach()) == math.exp(2.0)


def test_item_format_round_bool():
    """The bare number, for printing and for choices."""
    v = Value(2.3456)
    assert (v.item(), f"{v:.2f}", round(v), round(v, 1), bool(v), bool(Value(0.0))) == (
        2.3456,
        "2.35",
        2,
        2.3,
        True,
        False,
    )
    assert f"{v}" == "Value(2.3456)"


def test_repr_shows_value_gradient_name_and_origin():
    """A repr says what is known, and computes nothing."""
    x = Value(2.0, name="x")
    y = x * 3
    assert (repr(x), repr(y)) == ("Value(2.0, name='x')", "Value(6.0, × node)")
    y.backward()
    assert repr(x) == "Value(2.0, grad=3.0, name='x')"
    assert repr(Value(1.0).detach()) == "Constant(1.0)"


def test_names_and_labels():
    """Label is the same as name; a name that is no string is refused; duplicates get a suffix in the snapshot."""
    v = Value(1.0, label="w")
    assert (v.name, v.label) == ("w", "w")
    v.label = "u"
    assert v.name == "u"
    with pytest.raises(InputTypeError, match="a name is a string or None; got 3"):
        v.name = 3
    y = Value(1.0, name="w") + Value(2.0, name="w") * Value(3.0, name="w")
    assert [n.id for n in Graph(y)] == ["w", "w_2", "w_3", "n1", "n2"]


def test_detach_gives_a_constant():
    """No gradient flows through detach(); the constant keeps its name, and refuses backward()."""
    x = Value(2.0, name="x")
    c = (x * 1).detach()
    y = x * c
    y.backward()
    assert (x.grad, c.grad) == (2.0, None)
    assert x.detach().name == "x"
    with pytest.raises(GradientError, match="is a constant .*has no graph to differentiate"):
        c.backward()
    with pytest.raises(GradientError, match="constant"):
        (c * 2).backward()


def test_freezing_and_thawing():
    """A frozen leaf is a constant in what follows; thawed, it learns again. A computed node cannot be frozen."""
    w, x = Value(2.0, name="w"), Value(3.0)
    w.requires_grad = False
    y = w * x
    y.backward()
    assert (w.grad, x.grad, w.requires_grad) == (None, 2.0, False)
    w.requires_grad = True
    (w * x).backward()
    assert (w.grad, x.grad) == (3.0, 4.0)
    with pytest.raises(GradientError, match=r"only a leaf can be frozen; write y\.detach\(\)"):
        y.requires_grad = False
    assert Value.__doc__ is not None


def test_freezing_in_between_leaves_recorded_graphs_alone():
    """What was recorded before freezing still differentiates."""
    w = Value(2.0)
    y = w * w
    w.requires_grad = False
    y.backward()
    assert w.grad == 4.0


def test_leaves_pickle_and_copy():
    """A leaf survives pickling and copying with number, gradient and name; a constant stays one."""
    x = Value(2.0, name="x")
    (x * 3).backward()
    for again in (pickle.loads(pickle.dumps(x)), copy.copy(x), copy.deepcopy(x)):
        assert (type(again), again.data, again.grad, again.name) == (Value, 2.0, 3.0, "x")
        assert again is not x
    assert type(copy.deepcopy(x.detach())) is type(x.detach())
    a, b = copy.deepcopy([x, x])
    assert a is b


def test_computed_nodes_do_not_pickle():
    """Copying an inner node is refused with advice."""
    y = Value(2.0) * 3
    for act in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(GradientError, match=r"computed node.*\.detach\(\)"):
            act(y)


def test_operations_pickle_by_name():
    """An operation is a constant of the program."""
    assert pickle.loads(pickle.dumps(autograd.tanh)) is autograd.tanh
    assert copy.deepcopy(autograd.tanh) is autograd.tanh


def test_functions_accept_every_kind():
    """Exp of float, array, list, Value, Tensor and array of Values: each gives its own kind."""
    assert type(autograd.exp(1)) is float
    assert isinstance(autograd.exp(np.ones(2)), np.ndarray)
    assert isinstance(autograd.exp([1.0, 2.0]), np.ndarray)
    assert type(autograd.exp(Value(1.0))) is Value
    assert type(autograd.exp(Tensor([1.0]))) is Tensor
    values = autograd.exp(np.array([Value(1.0), Value(2.0)]))
    assert values.dtype == object
    assert type(values[0]) is Value


def test_where_with_a_value_as_condition():
    """A condition chooses; no gradient flows into it, and comparisons of Values are conditions."""
    c, a, b = Value(1.0), Value(2.0), Value(3.0)
    y = autograd.where(c, a, b) + autograd.where(a > b, a, b) * 10
    y.backward()
    assert (y.data, c.grad, a.grad, b.grad) == (32.0, None, 1.0, 10.0)


def test_defaults_and_wrong_numbers_of_arguments():
    """leaky_relu has a default slope; too few or unknown arguments are named."""
    assert autograd.leaky_relu(-1.0) == -0.01
    assert Value(-1.0).leaky_relu().data == -0.01
    assert autograd.leaky_relu(-1.0, b=0.5) == -0.5
    with pytest.raises(InputTypeError, match=r"exp\(\) takes 1 argument \(a\); got 2"):
        autograd.exp(1.0, 2.0)
    with pytest.raises(InputTypeError, match=r"maximum\(\) takes 2 arguments \(a, b\); got 1"):
        autograd.maximum(1.0)
    with pytest.raises(InputTypeError, match=r"names \['slope'\]"):
        autograd.leaky_relu(1.0, slope=2.0)
