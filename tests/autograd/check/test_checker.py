"""The checker: right gradients pass, also where other checkers fail; wrong ones do not; the verdict says what it is."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd as ag
from autograd import Tensor, Value
from autograd.check import (
    GradientCheckError,
    assert_gradients,
    check_gradients,
    check_grads,
    gradcheck,
    numeric_gradient,
)
from autograd.errors import AutogradError
from autograd.operations import TABLE


def verdicts(report):
    """Give the verdicts in order."""
    return [e.verdict for e in report.elements]


# --- the cases on which other checkers fail -------------------------------------------------------------------


def test_relu_at_its_corner_is_right_with_any_subgradient():
    """ReLU at 0: 0, a half and 1 are right, −0.1 and 1.1 are not."""
    assert verdicts(check_gradients(ag.relu, Value(0.0))) == ["kink"]
    for g in (0.0, 0.5, 1.0):
        assert check_gradients(lambda x: max(x, 0.0), 0.0, grad=lambda x, g=g: g).ok
    for g in (-0.1, 1.1):
        assert check_gradients(lambda x: max(x, 0.0), 0.0, grad=lambda x, g=g: g).wrong


def test_a_corner_can_be_refused():
    """``kinks="refuse"`` fails at a corner and shows both slopes."""
    report = check_gradients(ag.relu, Value(0.0), kinks="refuse")
    assert verdicts(report) == ["corner"]
    assert "slope -0 on the left, 1 on the right" in str(report) or "slope 0 on the left, 1 on the right" in str(report)
    assert check_gradients(ag.relu, Value(0.5), kinks="refuse").ok


def test_abs_at_its_corner():
    """|x| at 0: everything from −1 to 1."""
    assert check_gradients(abs, Value(0.0)).ok
    assert check_gradients(abs, 0.0, grad=lambda x: -1.0).ok
    assert check_gradients(abs, 0.0, grad=lambda x: 1.01).wrong


@pytest.mark.parametrize(
    ("share", "right"), [((0.5, 0.5), True), ((1.0, 0.0), True), ((0.0, 0.0), False), ((1.0, 1.0), False)]
)
def test_a_tie_of_max_has_one_joint_slope(share, right):
    """At max(a, a) each may have any share, but the shares add up to 1."""
    report = check_gradients(max, 1.0, 1.0, grad=lambda a, b: share)
    assert report.ok is right
    assert ("joint slope" in str(report)) is not right


def test_a_tie_of_three_over_an_axis():
    """Max over an axis with three equal elements: a third each."""
    assert check_gradients(lambda x: x.max(), np.array([2.0, 2.0, 2.0, 1.0])).ok


def test_a_corner_nearby_is_not_a_corner_here():
    """relu(x − 1) at 1 + 1e-9 has slope 1; the tiniest step alone can see that."""
    assert verdicts(check_gradients(lambda x: ag.relu(x - 1.0), Value(1 + 1e-9))) == ["ok"]
    assert check_gradients(lambda x: max(x - 1.0, 0.0), 1 + 1e-9, grad=lambda x: 0.0).wrong


@pytest.mark.parametrize("x", [1e-8, 1e-3, 1e-300])
def test_log_near_zero(x):
    """A fixed step leaves the domain; ours is a part of x."""
    assert verdicts(check_gradients(ag.log, Value(x))) == ["ok"]


def test_a_square_at_ten_million():
    """A fixed step drowns in rounding; ours is a part of x."""
    assert verdicts(check_gradients(lambda x: x * x, 1e7)) == ["ok"]
    assert check_gradients(lambda x: x * x, 1e7, grad=lambda x: 2.0002 * x).wrong


def test_gradients_of_size_1e_minus_8():
    """An absolute tolerance passes anything here; ours is relative to what can be known."""
    assert verdicts(check_gradients(lambda x: x * 1e-8, 3.0)) == ["ok"]
    assert check_gradients(lambda x: x * 1e-8, 3.0, grad=lambda x: 1.01e-8).wrong
    assert check_gradients(lambda x: x * 1e-8, 3.0, grad=lambda x: 0.0).wrong


def test_float32_functions():
    """Inputs of type float32 are probed in double precision, and their gradient is judged by float32's digits."""
    x = np.array([0.3, -1.2, 2.5], dtype=np.float32)
    report = check_gradients(lambda t: (t.tanh() * t).sum(), x)
    assert report.ok
    assert not report.weak
    assert check_gradients(lambda v: np.sum(v**2), x, grad=lambda v: (2.02 * v).astype(np.float32)).wrong


def test_a_function_that_insists_on_float32():
    """A function that computes in float32 whatever it gets is probed with float32's steps."""

    def f(v):
        return np.sum(np.asarray(v, np.float32) ** 2, dtype=np.float32)

    assert not check_gradients(f, np.array([0.5, 1.5]), grad=lambda v: 2 * v).wrong
    assert check_gradients(f, np.array([0.5, 1.5]), grad=lambda v: 3 * v).wrong


# --- places where a function is not smooth --------------------------------------------------------------------


def test_an_infinite_slope():
    """√x at 0 has gradient inf; a finite one is wrong."""
    assert verdicts(check_gradients(ag.sqrt, Value(0.0))) == ["infinite"]
    assert check_gradients(math.sqrt, 0.0, grad=lambda x: 0.0).wrong
    assert verdicts(check_gradients(ag.cbrt, Value(0.0))) == ["infinite"]


def test_the_edge_of_a_domain():
    """x·√x is defined on one side of 0 only, and has slope 0 there."""
    assert verdicts(check_gradients(lambda x: x * math.sqrt(x), 0.0, grad=lambda x: 0.0)) in (["edge"], ["weak"])
    report = check_gradients(lambda x: math.exp(x) if x >= 1.0 else math.nan, 1.0, grad=lambda x: math.e)
    assert verdicts(report) == ["edge"]
    assert check_gradients(lambda x: math.exp(x) if x >= 1.0 else math.nan, 1.0, grad=lambda x: 3.0).wrong


def test_a_jump():
    """At a jump the slope of either side is right, and any other is wrong."""
    assert verdicts(check_gradients(ag.floor, Value(2.0))) == ["jump"]
    assert verdicts(check_gradients(lambda x: float(math.floor(x)), 2.5, grad=lambda x: 0.0)) == ["ok"]
    assert check_gradients(lambda x: x + math.floor(x), 2.0, grad=lambda x: 5.0).wrong


def test_a_constant_function_has_gradient_zero():
    """Where nothing changes, 0 is right; another gradient is not."""
    assert check_gradients(lambda x: 7.0, 2.0, grad=lambda x: 0.0).ok
    assert check_gradients(lambda x: 7.0, 2.0, grad=lambda x: 1e-3).wrong


def test_a_missing_gradient_is_allowed_only_where_f_is_flat():
    """An input that is not used may have no gradient; one that is used may not."""
    assert check_gradients(lambda x, y: x * 2.0, 1.0, 3.0).ok
    report = check_gradients(lambda x, y: x * y.detach(), 1.0, 3.0)
    assert [e.name for e in report.wrong] == ["y"]
    assert "dependency missing" in str(report)


def test_what_cannot_be_verified_is_weak_and_fails_an_assertion():
    """1 + tanh(−19): the forward pass has lost the digits; the check says so and does not pass."""
    report = check_gradients(lambda x: 1 + math.tanh(x), -19.0, grad=lambda x: 1 / math.cosh(x) ** 2)
    assert verdicts(report) == ["weak"]
    assert not report.ok
    assert "nothing could be verified" in str(report)


def test_inf_and_nan_at_the_point():
    """Where f is not finite nothing can be verified, and nothing crashes."""
    for x in (0.0, -1.0, math.nan, math.inf):
        report = check_gradients(ag.log, Value(x))
        assert verdicts(report) == ["weak"], report
    assert check_gradients(lambda x: x * x, 2.0, grad=lambda x: math.nan).wrong
    assert check_gradients(lambda x: x * x, 2.0, grad=lambda x: math.inf).wrong


# --- kinds of functions ---------------------------------------------------------------------------------------


def test_values_tensors_and_arrays_of_values():
    """All three are handed over as what they are."""
    assert check_gradients(lambda a, b: (a * b).tanh() + a, Value(0.4), Value(-1.1)).ok
    assert check_gradients(lambda x, w: (x @ w).tanh(), Tensor(np.ones((2, 3))), np.full((3, 2), 0.3)).ok
    array = np.array([[Value(1.0), Value(2.0)], [Value(-0.5), Value(0.3)]], dtype=object)
    assert check_gradients(lambda v: np.exp(v).sum(), array).ok


def test_containers():
    """Nested tuples, lists and dicts; labels are handed on as they are."""

    def loss(parameters, x, labels):
        scores = x @ parameters["w"] + parameters["b"][0]
        return ag.take_along_axis(scores, labels[:, None], 1).sum()

    report = check_gradients(loss, {"w": np.ones((3, 2)), "b": (np.zeros(2),)}, np.ones((4, 3)), np.array([0, 1, 1, 0]))
    assert report.ok
    assert report.elements[0].name == "parameters[w][0, 0]"
    assert len(report.elements) == 6 + 2 + 12


def test_several_outputs():
    """A function may give an array, or a container of results."""
    assert check_gradients(lambda x: (x * x, {"s": x.sum()}), np.array([1.0, 2.0])).ok


def test_hand_written_numpy_gradients():
    """grad= for one number, a Jacobian for an array, vjp= for anything."""
    a = np.array([[1.0, 2.0], [3.0, 5.0]])
    x = np.array([0.3, -0.7])
    assert check_gradients(lambda v: float(v @ a @ v), x, grad=lambda v: (a + a.T) @ v).ok
    assert check_gradients(lambda v: a @ v, x, grad=lambda v: a).ok
    report = check_gradients(lambda v: a @ v, x, grad=lambda v: a.T)
    assert report.wrong
    assert check_gradients(lambda m, v: m @ v, a, x, vjp=lambda g, m, v: (np.outer(g, v), m.T @ g)).ok
    assert check_gradients(lambda m, v: m @ v, a, x, vjp=lambda g, m, v: (np.outer(v, g), m.T @ g)).wrong


def test_parameters_that_the_function_uses_by_itself():
    """wrt= names leaves or a module; their data and gradients are as before afterwards."""
    w = Tensor([[0.5, -1.0]], name="w")
    y = (w * w).sum()
    report = check_gradients(lambda x: (w @ x).tanh(), np.array([0.2, 0.9]), wrt=w)
    assert report.ok
    assert [e.name for e in report.elements] == ["w[0, 0]", "w[0, 1]"]
    assert w.grad is None
    y.backward()  # a graph from before the check is still good
    assert w.grad.tolist() == [[1.0, -2.0]]


def test_modules():
    """A module stands for its parameters."""
    nn = pytest.importorskip("nn")
    model = nn.MLP(2, [3, 1])
    report = check_gradients(lambda: model([0.5, -0.3]), wrt=model)
    assert report.ok
    assert report.covered == len(list(model.parameters()))


def test_wrt_chooses_arguments():
    """Positions choose what is differentiated."""
    report = check_gradients(lambda x, y: x * y, 2.0, 3.0, wrt=1)
    assert [e.name for e in report.elements] == ["y"]


def test_second_order():
    """order=2 checks the gradient of the gradient."""
    report = check_gradients(lambda x, y: (x * y).exp() + x**3, 0.4, -0.7, order=2)
    assert report.ok
    assert [e.name for e in report.elements] == ["x", "y", "x (order 2)", "y (order 2)"]
    assert check_gradients(lambda a: (a @ a.T).tanh(), np.array([[0.2, 0.4], [0.1, -0.3]]), order=2).ok
    w = Tensor([0.3, 0.8], name="w")
    assert check_gradients(lambda x: (w * x).sin().sum(), np.array([1.0, 2.0]), wrt=w, order=2).ok


def test_a_wrong_second_derivative_is_found():
    """A rule that is right, and wrong when differentiated."""
    op = ag.operation(
        lambda a: a**3,
        derivatives=[lambda y, a: 3 * a.detach() ** 2 if isinstance(a, Value) else 3 * a**2],
        name="cubed_badly",
    )
    assert check_gradients(op, Value(1.5)).ok
    assert check_gradients(op, Value(1.5), order=2).wrong
    report = check_gradients(lambda x: (op(x.sin()) * x).exp(), Value(1.5), order=2)
    assert report.culprit is not None, str(report)
    assert report.culprit.op == "cubed_badly"
    assert report.culprit.formula == "n3 = cubed_badly(n2)"
    assert "order 2 is wrong" in str(report)


def test_more_points():
    """points= goes to places nearby; a gradient that is right at one point only is found."""

    def f(x):
        return x * x

    assert check_gradients(f, 3.0, grad=lambda x: 6.0).ok
    assert check_gradients(f, 3.0, grad=lambda x: 6.0, points=3).wrong


# --- the function as a whole ----------------------------------------------------------------------------------


def test_a_random_function():
    """Two calls that differ are reported, not blamed on the gradient."""
    source = np.random.default_rng(0)
    report = check_gradients(lambda x: x * source.uniform(), 2.0)
    assert not report.ok
    assert "not deterministic" in str(report)


def test_a_function_that_changes_its_input():
    """Writing into an input is reported."""

    def f(v):
        v[0] = 7.0
        return float(np.sum(v))

    report = check_gradients(f, np.array([1.0, 2.0]), grad=np.ones_like)
    assert "v is changed in place by the function" in str(report)


def test_a_gradient_that_changes_its_input():
    """So is a gradient that does."""

    def grad(v):
        v *= 2
        return v

    report = check_gradients(lambda v: float(v @ v), np.array([1.0, 2.0]), grad=grad)
    assert "v is changed in place by the given grad" in str(report)


def test_a_function_that_changes_its_input_blames_no_operation():
    """The numbers that its graph recorded are gone, so that nothing can be said about its rules."""

    def f(v):
        y = v.exp().sum()
        v.data[0] += 1.0
        return y

    report = check_gradients(f, np.array([1.0, 2.0]))
    assert "v is changed in place by the function" in str(report)
    assert report.culprit is None


def _in_place(g):
    if isinstance(g, np.ndarray):
        g *= 2
        return g
    return g * 2


@pytest.mark.parametrize(
    ("name", "pullback", "compute", "said"),
    [
        ("gives_none", lambda g, y, a: None, lambda a: a * 2, "gave None (NoneType): does it lack a return?"),
        (
            "wrong_shape",
            lambda g, y, a: g,
            lambda a: a.sum(axis=1),
            "gave shape (3,), and the argument has shape (3, 2)",
        ),
        ("raises", lambda g, y, a: g["a"], lambda a: a * 2, "its rule raises IndexError"),
        ("writes_into_g", lambda g, y, a: _in_place(g), lambda a: a * 2, "writes into the gradient that arrives"),
        ("writes_into_a", lambda g, y, a: g * 2 + 0 * _in_place(a), lambda a: a * 2, "writes into argument a"),
    ],
)
def test_a_backward_pass_that_cannot_run_has_a_culprit(name, pullback, compute, said):
    """A rule that raises, or writes into what it was given, is a wrong gradient with a culprit, not a traceback."""
    op = ag.operation(compute, pullbacks=[pullback], name=name)
    del TABLE[name]

    def f(x):
        h = x.exp()
        return ((op(h).sum() + h) * h).sum()

    report = check_gradients(f, np.array([[0.1, 0.2], [0.3, 0.5], [0.6, 0.7]]))
    assert not report.ok
    assert report.culprit is not None
    assert report.culprit.op == name
    assert said in str(report)


def test_a_corner_gives_no_hint():
    """At a corner no single slope is measured, so no pattern is read off it."""
    report = check_gradients(lambda x: x.relu(), 0.0, kinks="refuse")
    assert not report.ok
    assert not report.hints


def test_no_elements():
    """An array without elements has no gradient to verify, and the report says so."""
    report = check_gradients(lambda x: x.sum(), np.zeros((0, 3)))
    assert not report.ok
    assert "no elements" in str(report)


def test_the_culprit_of_a_later_output():
    """With several outputs the operation is found in whichever graph it is, with its line."""
    op = ag.operation(lambda a: a * 2, pullbacks=[lambda g, y, a: g * 3], name="three_for_two")
    del TABLE["three_for_two"]
    report = check_gradients(lambda x: (x.exp(), x.sin(), op(x.exp())), np.ones((2, 2)))
    assert report.culprit is not None
    assert report.culprit.op == "three_for_two"
    assert report.culprit.line is not None


def test_a_function_that_raises_is_not_a_wrong_gradient():
    """The exception of the function itself is handed on."""
    with pytest.raises(ZeroDivisionError):
        check_gradients(lambda x: x * (1 / 0), 1.0)


def test_a_gradient_of_the_wrong_shape():
    """The shape is named, and the sum over a broadcast axis that may be missing."""
    report = check_gradients(
        lambda x, b: float(np.sum(x + b)),
        np.ones((3, 2)),
        np.ones(2),
        grad=lambda x, b: (np.ones((3, 2)), np.ones((3, 2))),
    )
    assert "broadcast" in str(report)
    assert not report.ok


def test_a_function_that_raises_beside_the_point():
    """The point where it raised is reported; nothing crashes."""

    def f(x):
        if x < 1.0:
            raise ValueError("below one")
        return x * x

    report = check_gradients(f, 1.0, grad=lambda x: 2 * x)
    assert verdicts(report) == ["edge"]
    assert "below one" in str(report)
    assert "x at 0." in str(report)


def nothing(x):
    """Lack a return statement."""


@pytest.mark.parametrize(
    "call",
    [
        lambda: check_gradients(lambda: 1.0),
        lambda: check_gradients(nothing, 1.0),
        lambda: check_gradients(lambda x: "text", 1.0),
        lambda: check_gradients(lambda x: x, "text"),
        lambda: check_gradients(lambda x: x, None),
        lambda: check_gradients(lambda x: x, 1j),
        lambda: check_gradients(3.0, 1.0),
        lambda: check_gradients(lambda x: x, 1.0, order=0),
        lambda: check_gradients(lambda x: x, 1.0, kinks="maybe"),
        lambda: check_gradients(lambda x: x, 1.0, wrt=4),
        lambda: check_gradients(lambda x: x, 1.0, grad=3.0),
        lambda: check_gradients(lambda x: x, 1.0, grad=lambda x: 1.0, vjp=lambda v, x: v),
        lambda: check_gradients(lambda x: x, 1.0, grad=lambda x: 1.0, order=2),
        lambda: check_gradients(lambda x, y: x * y, 1.0, 2.0, grad=lambda x, y: y),
        lambda: numeric_gradient(lambda x: x, np.ones(2)),
    ],
)
def test_bad_input_is_refused_with_advice(call):
    """A call that makes no sense raises one of our errors with a message of some length."""
    with pytest.raises(AutogradError) as caught:
        call()
    assert len(str(caught.value)) > 25


# --- the faces --------------------------------------------------------------------------------------------------


def test_assert_gradients_raises_an_assertion_error_with_the_report():
    """The message is the table; the report is at hand."""
    with pytest.raises(AssertionError) as caught:
        assert_gradients(lambda x: x * x, 3.0, grad=lambda x: -2 * x)
    assert isinstance(caught.value, GradientCheckError)
    assert caught.value.report.wrong
    assert "the sign is wrong" in str(caught.value)


def test_habitual_names():
    """gradcheck(func, inputs) and check_grads(f, args, order) work as hands expect."""
    assert gradcheck(lambda x, y: x * y, (2.0, 3.0), eps=1e-6, atol=1e-4)
    check_grads(lambda x: ag.exp(x), (0.5,), 2)
    bad = ag.operation(lambda a: a * a, derivatives=[lambda y, a: a], name="bad_square")
    assert not gradcheck(bad, (Value(1.0),), raise_exception=False)
    with pytest.raises(AssertionError):
        gradcheck(bad, (Value(1.0),))
    with pytest.raises(AssertionError):
        check_grads(bad, (Value(1.0),))


@pytest.mark.parametrize(
    ("grad", "said"),
    [
        (lambda m: -2 * m, "sign"),
        (lambda m: 2 * m / m.size, "too small"),
        (lambda m: 2 * m * m.size, "too large"),
        (lambda m: 2 * m.T, "transposed"),
        (lambda m: 0 * m, "0 everywhere"),
        (lambda m: 2 * m + 0.5, "constant is added"),
    ],
)
def test_hints(grad, said):
    """A pattern in the whole gradient is put into words."""
    report = check_gradients(
        lambda m: float(np.sum(m * m)), np.array([[1.0, 2.0, 4.0], [3.0, 5.0, 7.0], [0.5, 0.25, 9.0]]), grad=grad
    )
    assert report.wrong
    assert said in "".join(report.hints)


def test_the_culprit_has_formula_numbers_and_line():
    """The guilty operation is named with all that is needed to find it."""
    bad = ag.operation(lambda a: a * a, derivatives=[lambda y, a: 3 * a], name="bad_square", text="sq({a})")

    def f(x):
        h = x + 1.0
        return bad(h) * 2.0

    report = check_gradients(f, Value(2.0))
    culprit = report.culprit
    assert culprit.op == "bad_square"
    assert "sq(" in culprit.formula
    assert culprit.derivative.startswith("3 × ")
    assert culprit.line[0] == __file__
    assert culprit.line[1] == f.__code__.co_firstlineno + 2
    assert check_gradients(f, Value(2.0), locate=False).culprit is None


def test_cost_of_a_scalar_check():
    """A scalar function checks in at most ten evaluations."""
    for f in (ag.exp, ag.sin, ag.tanh, ag.log, ag.sqrt, ag.sigmoid):
        assert check_gradients(f, Value(0.8)).evaluations <= 10


# --- right gradients that look wrong --------------------------------------------------------------------------


def test_terms_that_cancel_in_the_backward_pass():
    """What is left of x·(1/x) and eˣ − x is rounding: nothing can be verified there, and nobody is accused."""
    rng = np.random.default_rng(0)
    report = check_gradients(lambda x: (x * (1 / x)).sum(), rng.normal(size=50) * 0.01)
    assert report.ok
    assert report.weak
    assert not check_gradients(lambda x: float(x * (1 / x)), 0.3, grad=lambda x: 1 / x - x * (1 / x**2)).wrong
    assert not check_gradients(lambda x: x.tanh() - x, -2.063740151766358e-06).wrong
    assert not check_gradients(lambda x: abs(x).exp() - abs(x), np.float32([4.3e-5, 3.3e-5, -8.1e-5])).wrong
    assert not check_gradients(lambda x: x.logsumexp(), np.float32([19.457651, 9.193524]), order=2).wrong


@pytest.mark.parametrize("factor", [1.001, 1.1, -1.0, 0.0])
def test_a_wrong_gradient_is_found_beside_terms_that_cancel(factor):
    """The second look forgives rounding, no more: a factor on one of the terms is still wrong."""
    x = np.random.default_rng(0).normal(size=20) * 0.01
    report = check_gradients(lambda x: float(np.sum(x * (1 / x))), x, grad=lambda x: 1 / x - factor * x * (1 / x**2))
    assert len(report.wrong) == 20
    report = check_gradients(
        lambda x: np.sum(np.exp(x) - x), np.float32([0.5, -0.3, 1.2]), grad=lambda x: factor * np.exp(x) - 1
    )
    assert len(report.wrong) == 3


def test_a_function_faster_than_the_steps():
    """sin(10⁷x) is noise to the steps of the ladder; far smaller steps agree with its gradient, and with no other."""
    assert not check_gradients(lambda x: (x * 1e7).sin(), 0.3).wrong
    assert not check_gradients(lambda x: x.exp().sinc() + 0.5 * x, 10.839921772596837).wrong
    report = check_gradients(lambda x: math.sin(1e7 * x), 0.3, grad=lambda x: 0.5e7 * math.cos(1e7 * x))
    assert not report.ok


def test_numbers_at_the_ends_of_the_range():
    """Sums beyond the largest float and gradients among the least ones neither raise nor warn nor accuse."""

    def f(x):
        h = ag.logsumexp(x) + 0.5 * x
        return ag.exp(ag.logsumexp(h) * h) + 0.5 * x

    assert not check_gradients(f, np.array([12.95581918])).wrong
    assert not check_gradients(lambda x: x * 1e300, np.full(300, 1e8)).wrong
    report = check_gradients(lambda x: ((x - 200) * 4).sigmoid().sum(), np.array([24.0, 15.0, 14.8]))
    assert not report.problems


def test_a_zero_is_not_verified_by_noise():
    """A gradient of 0 is measured against the slopes around the point; the jumps of a function that is all noise are none."""

    def f(x):
        h = (np.prod(x) + 0.5 * x) ** 3
        return np.cos(h) * h

    x = np.float32([4.735082, 18.048964, -13.0186405])
    report = check_gradients(f, x, vjp=lambda v, x: np.zeros_like(x))
    assert not report.ok
    assert not report.verified
    assert check_gradients(lambda x: float(1e8 + np.cos(x)), 0.0, grad=lambda x: 0.0).ok
    assert check_gradients(lambda x: float(x**10), 0.0, grad=lambda x: 0.0).ok


# --- arrays as they come --------------------------------------------------------------------------------------

LAYOUTS = {
    "C": lambda a: a.copy(),
    "Fortran": np.asfortranarray,
    "transposed": lambda a: a.T,
    "every second": lambda a: np.repeat(a, 2, axis=1)[:, ::2],
    "backwards": lambda a: a[::-1, ::-1],
    "read-only": lambda a: np.broadcast_to(a[:1], a.shape),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("layout", list(LAYOUTS))
@pytest.mark.parametrize("rows", [3, 30])
def test_the_layout_of_an_array_in_memory_does_not_matter(layout, dtype, rows):
    """A transposed or strided input is checked like any other, element by element and along directions."""
    a = LAYOUTS[layout](np.random.default_rng(0).normal(size=(rows, 12)).astype(dtype))
    assert check_gradients(lambda x: (x**2).tanh().sum(), a).ok
    assert check_gradients(lambda x: x * x.sum(), Tensor(a)).ok
    assert check_gradients(lambda x: (x**2).tanh().sum(), a[:2, :2], order=2).ok
    assert check_gradients(lambda x: np.sum(x**2), a, grad=lambda x: 2 * x).ok
    assert check_gradients(lambda x: np.sum(x**2), a, grad=lambda x: np.asfortranarray(2 * x)).ok
    assert check_gradients(lambda x: np.sum(x**2), a, grad=lambda x: 2.02 * x).wrong
    w = Tensor(np.ones(a.shape))
    w.data = a
    assert check_gradients(lambda: (w**2).sum(), wrt=w).ok


def test_the_culprit_beside_transposed_arrays():
    """An operation whose argument is transposed is not blamed for another's rule; nor does an element of a Tensor get in the way."""
    op = ag.operation(lambda a: np.tanh(a), derivatives=[lambda y, a: 1 - y], name="tanh_badly")
    del TABLE["tanh_badly"]
    report = check_gradients(lambda x: op(x @ x.T).sum(), np.random.default_rng(0).normal(size=(2, 3)))
    assert report.culprit is not None
    assert report.culprit.op == "tanh_badly"
    report = check_gradients(lambda x: op(x.values()[0]) * 2, np.array([0.3, 0.4]))
    assert report.culprit is not None
    assert report.culprit.op == "tanh_badly"
