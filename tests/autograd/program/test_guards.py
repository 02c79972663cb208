"""A program never answers for a way through the function that it did not record: it records anew, or refuses."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import autograd as ag
from autograd import Graph, Tensor, Value, grad, no_grad, where
from autograd.check import strategies
from autograd.errors import GradientError, InputTypeError, InputValueError, TrackingError
from autograd.program.guards import BRANCHES

POINTS = (-2.5, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0)


def piecewise(x: Any) -> Any:
    """Three ways, chosen by comparisons."""
    if x > 1:
        return x * x
    return -x if x < 0 else x + 1


def loop(x: Any) -> Any:
    """As many rounds as it takes."""
    y = x
    rounds = 0
    while abs(y) < 4 and rounds < 12:
        y = y * 1.5 + 0.5
        rounds += 1
    return y


def ways() -> dict[str, Any]:
    """Functions that look at their numbers, in every manner that Python has."""
    return {
        "if": piecewise,
        "while": loop,
        "min": lambda x: min(x, 1.0, x * x) * 2,
        "max": lambda x: max([x, -x, x * 0.5]),
        "sorted": lambda x: sorted([x, -x, x * x])[1],
        "bool": lambda x: x * 3 if x else 7.0,
        "not": lambda x: x if not x > 0 else x * x,
        "and": lambda x: x if x > -1 and x < 1 else x * x,
        "chained": lambda x: x if -1 < x < 1 else x * x,
        "mask": lambda x: where((x > -1) & (x < 1), x, x * x),
        "either": lambda x: where((x < -1) | (x > 1), x, x * x),
        "product of a truth": lambda x: (x > 0) * x + (x <= 0) * 0.1,
        "truth in a sum": lambda x: sum(v > 0 for v in (x, x - 1, x + 1)) * x,
        "equal": lambda x: x if x == 0.5 else -x,
        "unequal": lambda x: x if x != 0.5 else -x * 2,
        "item": lambda x: x * x.item(),
        "data": lambda x: x * x.data,
        "round": lambda x: x * round(x),
        "format": lambda x: x * float(f"{x:.1f}"),
        "int of a detached": lambda x: x * int(x.detach()),
        "detach": lambda x: x * x.detach(),
        "copy": lambda x: x * copy.copy(x).item(),
        "no_grad": lambda x: x * without(x),
        "a derivative inside": lambda x: x * grad(lambda t: t * t * x)(x),
        "a derivative of a constant": lambda x: x * grad(lambda t: t * x.detach())(2.0),
        "a derivative of a number": lambda x: x * grad(lambda t: t * t * t)(x.item()),
        "recorded": lambda x: x * ag.grad(x * x * x, x),
        "hessian inside": lambda x: x * ag.hessian(lambda t: t**3 * x)(x),
        "jvp inside": lambda x: x * ag.jvp(lambda t: t**3 * x, (x,), (1.0,))[1],
        "vjp inside": lambda x: x * ag.vjp(lambda t: t**3 * x, x)[1](1.0)[0],
        "hvp inside": lambda x: x * ag.hvp(lambda t: t**3 * x, (x,), (2.0,))[0],
        "jacobian inside": lambda x: x * ag.jacobian(lambda t: t**3 * x)(x),
        "argmax": lambda x: [x * 2, x * x, -x][ag.argmax(np.array([x, x * x, -x], dtype=object))],
        "argmin": lambda x: [x * 2, x * x, -x][ag.argmin([x, x * x, -x])],
        "sort": lambda x: ag.sort(np.array([x, x * x, -x], dtype=object))[1],
        "NumPy's sort": lambda x: np.sort(np.array([x, x * x, -x], dtype=object))[0],
        "NumPy's max": lambda x: np.max(np.array([x, x * x, -x], dtype=object)) * x,
        "NumPy's greater": lambda x: x * x if np.greater(x, 0.75) else -x,
        "NumPy's isfinite": lambda x: x * x if np.isfinite(x) else -x,
        "NumPy's where": lambda x: np.where(x > 0.75, x * x, -x)[()] * 1.0,
        "autograd's equal": lambda x: x * x if ag.equal(x, 0.5) else -x,
        "a cotangent": lambda x: x * ag.vjp(lambda t: t * t, 3.0)[1](x)[0],
        "a table of choices": lambda x: {True: x, False: x * x}[bool(x > 0)],
        "an index": lambda x: [x, x * x][int(x > 0)],
        "relu": lambda x: (x - 0.5).relu() * x,
        "clip and abs": lambda x: abs(ag.clip(x, -1.0, 1.0)) + ag.maximum(x, 0.25),
    }


def without(x: Any) -> Any:
    """Compute where nothing is recorded."""
    with no_grad():
        return x * x + 1


@pytest.mark.parametrize("name", list(ways()))
@pytest.mark.parametrize("native", [False, True], ids=["python", "native"])
def test_every_point_is_answered_as_the_function_would(name: str, native: bool):
    """Recorded at one point, a program answers at all others as the function itself: single and in lanes."""
    if native:
        pytest.importorskip("numba", reason="the extra [jit] is not installed")
    f = ways()[name]
    for first in (0.5, -1.0):
        program = ag.compile(f, first, native=native)
        expected = [ag.value_and_grad(f)(x) for x in POINTS]
        for x, (value, gradient) in zip(POINTS, expected, strict=True):
            assert program.value(x) == pytest.approx(value, rel=1e-12), (name, x)
            assert program.value_and_grad(x) == pytest.approx((value, gradient), rel=1e-12), (name, x)
        values, gradients = ag.compile(f, first, native=native).value_and_grad(np.array(POINTS))
        np.testing.assert_allclose(values, [v for v, _ in expected], rtol=1e-12)
        np.testing.assert_allclose(gradients, [g for _, g in expected], rtol=1e-12)


@pytest.mark.parametrize("name", ["mask", "either", "relu", "clip and abs", "detach", "no_grad", "a derivative inside"])
def test_what_belongs_to_the_program_needs_no_guard(name: str):
    """``where``, ``relu``, ``abs``, ``clip``, ``detach`` and derivatives are computed, not watched: one way for all."""
    program = ag.compile(ways()[name], 0.5)
    program.value(np.array(POINTS))
    assert len(program.branches) == 1
    assert not program.branches[0].guards


@strategies.profile("dev")
@given(strategies.expressions(variables=2, max_operations=6), strategies.numbers())
def test_a_branch_never_answers_for_another(e: Any, at: float):
    """Random graphs on both sides of a comparison: the program is the function, wherever it was recorded."""

    def f(a: Any, b: Any) -> Any:
        y = e(a, b)
        return y * a if y > at else y - b

    a, b = e.point
    points = [(a, b), (a + 0.01, b), (a, b - 0.01)]
    for recorded in points:
        program = ag.compile(f, *recorded)
        for p in points:
            value, gradient = ag.value_and_grad(f, (0, 1))(*p)
            found = program.value_and_grad(*p)
            np.testing.assert_allclose([found[0], *found[1]], [value, *gradient], rtol=1e-9, atol=1e-9)


def test_the_ways_are_kept_and_found_again():
    """A way is recorded once; going back and forth records nothing new."""
    calls = []

    def f(x: Any) -> Any:
        calls.append(None)
        return piecewise(x)

    program = ag.compile(f)
    for x in (2.0, -1.0, 0.5, 3.0, -2.0, 0.25, 2.0):
        assert program.value(x) == piecewise(x)
    assert len(calls) == len(program.branches) == 3


def test_a_function_that_takes_another_way_each_time_is_an_error_with_its_line():
    """After a bounded number of ways the error names the line where the number leaves the graph, and what to write."""
    program = ag.compile(lambda x: x * math.floor(x.item()))
    for k in range(BRANCHES):
        program.value(k + 0.5)
    with pytest.raises(TrackingError) as error:
        program.value(100.5)
    text = str(error.value)
    assert f"has taken {BRANCHES} different ways" in text
    assert "takes the bare number of x by item(): it was" in text
    assert (
        f"line {test_a_function_that_takes_another_way_each_time_is_an_error_with_its_line.__code__.co_firstlineno + 2} of"
        in text
    )
    assert "where(condition, a, b), relu, maximum or abs" in text


def test_a_program_without_its_function_refuses_with_both_numbers():
    """From a file, a program knows one way; where it does not hold it says which question, where, and both numbers."""
    program = pickle.loads(pickle.dumps(ag.compile(lambda x, y: x * y if x > y else x, 3.0, 2.0)))
    assert program.value_and_grad(4.0, 3.0) == (12.0, (3.0, 4.0))
    with pytest.raises(
        TrackingError,
        match=r"line \d+ of .* asks whether x = 1.0 > y = 2.5; that was True when this was recorded and is False now",
    ):
        program.value(1.0, 2.5)
    with pytest.raises(TrackingError, match="x = 1.0 > y = 2.5"):
        program.grad([4.0, 1.0], 2.5)


def test_a_recorded_graph_says_that_it_replays_one_branch():
    """``Graph.program`` knows nothing of Python's comparisons, and its ``repr`` says so."""
    x = Value(2.0, name="x")
    program = Graph(piecewise(x)).program()
    assert "the branch that was recorded" in repr(program)
    assert program.value(-3.0) == 9.0


def test_captured_values_are_read_anew():
    """Values outside the arguments are read at each call; those without gradients are watched as well."""
    w, frozen = Value(2.0, name="w"), Value(3.0).detach()
    program = ag.compile(lambda x: x * w + frozen * (w > 1), 1.0)
    assert program.value_and_grad(5.0) == (13.0, 2.0)
    w.data = 4.0
    assert program.value_and_grad(5.0) == (23.0, 4.0)
    w.data = 0.5
    assert program.value_and_grad(5.0) == (2.5, 0.5)
    w.data, frozen.data = 4.0, 1.0
    assert program.value_and_grad(5.0) == (21.0, 4.0)
    assert pickle.loads(pickle.dumps(program)).value(1.0) == 5.0


REFUSED = {
    "math": (lambda x: math.exp(x), TrackingError, "would cut the graph silently"),
    "numpy": (lambda x: np.array([x], dtype=float)[0], TrackingError, "would cut the graph silently"),
    "backward": (
        lambda x: (x * x).backward(),
        TrackingError,
        r"backward\(\) cannot be compiled \(line \d+ of .*grad\(f\)\(x\)",
    ),
    "a Tensor": (lambda x: (Tensor([1.0, 2.0]) * x).sum(), TrackingError, "not Tensors"),
    "pooling": (
        lambda x: ag.max_pool2d(np.array([[[[x, x * 2], [x, x]]]], dtype=object), 2)[0, 0, 0, 0],
        TrackingError,
        "operations on single numbers",
    ),
    "a hook": (lambda x: (x * x).register_hook(print), TrackingError, "does not call back into Python"),
    "assignment": (lambda x: setattr(x, "data", 3.0) or x, TrackingError, "computes and changes nothing"),
    "a truth": (lambda x: x > 0, InputTypeError, r"outcome of a comparison.*where\(condition, 1.0, 0.0\)"),
    "text": (lambda x: f"{x}", InputTypeError, "which is no real number"),
    "nothing": (lambda x: None, InputTypeError, "None .* which is no real number"),
    "a needed keyword": (lambda x, *, k: x, InputTypeError, "needs the keyword k; compile"),
    "two arguments": (lambda x, y: x, InputTypeError, r"takes 2 arguments \(x, y\); got 1"),
    "no argument": (lambda: 1.0, InputTypeError, "takes 0 arguments"),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_what_cannot_be_compiled_says_where_and_why(name: str):
    """Bad input: each gets an error of ours that says what to write instead."""
    f, kind, text = REFUSED[name]
    with pytest.raises(kind, match=text) as error:
        ag.compile(f, 1.0)
    if kind is TrackingError:
        assert "line " in str(error.value) + "".join(getattr(error.value, "__notes__", []))


def test_methods_of_arrays_have_other_names():
    """A function that calls a Tensor's method on an array argument is told the function to use."""
    with pytest.raises(AttributeError) as error:
        ag.compile(lambda v: v.tanh().sum(), np.ones(3))
    assert "write autograd.tanh(x) instead of x.tanh()" in "".join(error.value.__notes__)
    assert ag.compile(lambda v: ag.tanh(v).sum(), np.ones(3)).value(np.zeros(3)) == 0.0


def test_a_constant_is_a_function_too():
    """A function that gives a plain number has gradient 0, as ``grad`` has it; so has what ignores an argument."""
    assert ag.compile(lambda x: 3.0, 1.0).value_and_grad(2.0) == (3.0, 0.0)
    values, gradients = ag.compile(lambda x: 3.0, 1.0).value_and_grad([1.0, 2.0])
    assert (values.tolist(), gradients.tolist()) == ([3.0, 3.0], [0.0, 0.0])
    assert ag.compile(lambda x, y: x * 2, 1.0, 1.0).value_and_grad(2.0, 5.0) == (4.0, (2.0, 0.0))


def test_calls_that_do_not_fit():
    """Wrong arity, lanes of unequal length, other shapes, what is no number: each error shows what is expected."""
    f = ag.compile(lambda x, y: x * y, 1.0, 1.0)
    with pytest.raises(InputTypeError, match=r"this program takes 2 arguments \(x, y\); got 1"):
        f.value(1.0)
    assert f.grad(2.0, y=3.0) == f.grad(y=3.0, x=2.0) == (3.0, 2.0)
    for named in ({"z": 3.0}, {"x": 3.0}, {"y": 3.0, "z": 1.0}):
        with pytest.raises(InputTypeError, match=r"takes the arguments \(x, y\); got 1 by position and"):
            f.value(2.0, **named)
    with pytest.raises(InputValueError, match="lanes of unequal length: x has 3 examples and y has 4"):
        f.grad(np.ones(3), np.ones(4))
    with pytest.raises(InputValueError, match=r"x has shape \(2, 3\); expected one number for one example, or \(n,\)"):
        f.value(np.ones((2, 3)), 1.0)
    for wrong in ("a", None, 1j, ["a"], np.array(["b"])):
        with pytest.raises((InputTypeError, InputValueError)):
            f.value(wrong, 1.0)
    with pytest.raises(InputTypeError, match="takes plain numbers and arrays, and its results have no graph"):
        f.value(Value(1.0), 2.0)
    g = ag.compile(lambda v: v[0] * v[1], np.zeros(2))
    with pytest.raises(InputValueError, match=r"v has shape \(3,\); expected \(2,\) for one example, or \(n, 2\)"):
        g.value(np.ones(3))
    with pytest.raises(GradientError, match="gives 2 numbers, and a gradient is of one"):
        ag.compile(lambda x: (x, x * 2), 1.0).grad(1.0)
    with pytest.raises(InputTypeError, match="compile takes a function"):
        ag.compile(Value(1.0) * 2)
    with pytest.raises(InputValueError, match="argnums=3 does not fit"):
        ag.compile(lambda x: x, 1.0, argnums=3)
    with pytest.raises(InputValueError, match="no examples before it was ever recorded"):
        ag.compile(lambda x: x).value(np.zeros(0))
    assert ag.compile(lambda x: x, 1.0).value(np.zeros(0)).shape == (0,)
    with pytest.raises(InputTypeError, match="a single number in a graph of whole arrays"):
        Graph((Tensor([1.0, 2.0]) * Value(2.0)).sum()).program()


def test_any_number_of_arguments_is_counted_by_examples():
    """``*xs`` alone says nothing about how many there are; with examples it is compiled."""
    with pytest.raises(InputTypeError, match=r"count them by examples: compile\(f, 1.0, 2.0\)"):
        ag.compile(lambda *xs: xs[0] * xs[1])
    assert ag.compile(lambda *xs: xs[0] * xs[1], 1.0, 2.0).grad(3.0, 4.0) == (4.0, 3.0)


def test_an_array_without_an_example_is_explained():
    """A function of arrays compiled without examples is told that it got single numbers, and how to give examples."""
    with pytest.raises(AttributeError) as error:
        ag.compile(lambda v: (v**2).sum()).value(np.ones(3))
    assert "give examples: compile(<lambda>, np.ones(3))" in "".join(error.value.__notes__)
