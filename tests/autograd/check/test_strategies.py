"""The strategies: random graphs are right, are shared, shrink, and print as programs that run."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from autograd import Graph, Tensor, Value, rules
from autograd.check import check_gradients, strategies
from autograd.errors import InputTypeError, InputValueError, UnknownNameError
from autograd.operations import Elementwise, lookup

CALM = settings(max_examples=500, deadline=None, derandomize=True, database=None)
FEW = settings(strategies.profile("dev"), max_examples=60, derandomize=True, deadline=None, database=None)


@FEW
@given(strategies.expressions(variables=2, max_operations=8))
def test_the_engine_differentiates_random_graphs(e):
    """No alarm on the healthy engine."""
    report = check_gradients(e, *e.point)
    assert not report.wrong, f"{report}\n{e!r}"


@FEW
@given(strategies.expressions(variables=3, max_operations=5))
def test_random_graphs_on_tensors(e):
    """The same expressions on Tensors, moved a little apart."""
    inputs = [Tensor([x, x]) for x in e.point]
    assert not check_gradients(e, *inputs).wrong


@FEW
@given(strategies.broadcastable(3))
def test_groups_broadcast(group):
    """The group broadcasts together, and gradients are summed back to each shape."""
    np.broadcast_shapes(*(t.shape for t in group))
    assert not check_gradients(lambda a, b, c: (a * b + c).tanh() * a, *group).wrong


@FEW
@given(strategies.expressions())
def test_the_printed_program_runs_and_gives_the_same(e):
    """What a failing example prints can be pasted into a file."""
    found = {}
    exec(e.program, found)
    inputs = [Value(x) for x in e.point]
    y = e(*inputs)
    y.backward()
    assert found["y"].data == y.data or math.isnan(y.data)
    for i, x in enumerate(inputs):
        assert found[f"x{i}"].grad == x.grad


@FEW
@given(strategies.expressions(max_operations=8))
def test_repairs_keep_graphs_finite(e):
    """Arguments outside a domain are repaired, so every value is finite."""
    y = e(*(Value(x) for x in e.point))
    for node in Graph(y):
        assert math.isfinite(node.data)


def test_nodes_are_shared():
    """An expression in which a computed node has two users is easy to find."""
    e = find(
        strategies.expressions(),
        lambda e: any(len(n.users) > 1 and not n.is_leaf for n in Graph(e(*map(Value, e.point)))),
        settings=CALM,
    )
    assert len(e.lines) <= 4


def test_a_failure_shrinks_to_one_or_two_operations():
    """A wrong rule in a pool of right ones is found and shrunk to a program of one or two lines."""
    tanh = lookup("tanh")
    bad = Elementwise("tanh", tanh.compute, lambda y, a: 1 - y, form=tanh.form)
    pool = [lookup("mul"), lookup("add"), lookup("sin"), bad]

    def fails(e):
        return bool(check_gradients(e, *e.point).wrong)

    e = find(
        strategies.expressions(operations=pool, max_operations=10),
        fails,
        settings=settings(max_examples=500, deadline=None, derandomize=True, database=None),
    )
    assert len(e.lines) <= 2
    assert any(op is bad for op, _ in e.lines)


def test_numbers_shrink_to_whole_numbers():
    """A failing number is a whole number if one fails, else a quarter."""
    assert find(strategies.numbers(-3, 3), lambda x: x > 0.6, settings=CALM) == 1.0
    assert find(strategies.numbers(0.1, 0.9), lambda x: x > 0.3, settings=CALM) in (0.5, 0.75)


@FEW
@given(st.data())
def test_values_and_tensors(data):
    """Values and Tensors come out in the range and shape that were asked for."""
    assert isinstance(data.draw(strategies.values()), Value)
    t = data.draw(strategies.tensors((2, 3), low=0.5, high=1.0, dtype=np.float32))
    assert t.shape == (2, 3)
    assert t.dtype == np.float32
    assert np.all((t.data >= 0.5) & (t.data <= 1.0))
    assert data.draw(strategies.tensors()).ndim <= 3


def test_profiles():
    """Three profiles; an unknown one is refused."""
    assert strategies.profile("ci").derandomize
    assert strategies.profile("nightly").max_examples == 2000
    with pytest.raises(InputValueError):
        strategies.profile("often")
    with pytest.raises(InputValueError):
        strategies.numbers(2, 1)


@FEW
@given(strategies.expressions(1, operations=["sin", rules.exp]))
def test_operations_are_rows_or_names(e):
    """A name stands for its row."""
    assert {op.name for op, _ in e.lines} <= {"sin", "exp", "tanh", "mul"}


def test_operations_that_are_none():
    """What is no operation on numbers is refused by name when an example is drawn."""
    for wrong, error in (("sine", UnknownNameError), ("matmul", InputTypeError), (3, InputTypeError)):
        with pytest.raises(error):
            find(strategies.expressions(1, operations=[wrong]), lambda e: True)
