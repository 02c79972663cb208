"""The sandbox of wrong algorithms: each goes wrong where the books say, and is silent where it cannot."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from autograd import Tensor, Value, common_mistakes
from autograd.errors import UnknownNameError
from tests.autograd.stepper.graphs import build, numbers, recipes


def test_the_textbook_case():
    """B = a + a, c = b * b: micrograd#81's graph; each mistake names its first wrong node in words."""
    a = Value(3.0, name="a")
    b = a + a
    c = b * b
    found = {m.name: m for m in common_mistakes(c)}
    assert (found["assign instead of add"].first.id, found["assign instead of add"].wrong) == ("b", 6.0)
    assert (found["naive recursion"].first.id, found["naive recursion"].wrong) == ("a", 36.0)
    assert not found["no topological order"].differs
    assert (found["backward twice"].wrong, found["backward twice"].right) == (72.0, 48.0)
    assert "First wrong at b, which is used 2 times: it gives ∂c/∂b = 6.0000, and 12.0000 is right" in str(
        found["assign instead of add"]
    )
    assert a.grad is None


def test_order_matters():
    """Breadth first goes wrong when a short path and a long path meet."""
    a = Value(2.0, name="a")
    d = a * 3
    e = d.tanh()
    f = d * e
    (found,) = common_mistakes(f, only="no topological order")
    assert found.first.id == "a"
    assert found.differs


def test_a_tree_forgives():
    """Where no node is used twice the one-pass mistakes give right gradients, and the text says why."""
    a, b = Value(2.0, name="a"), Value(5.0, name="b")
    for m in common_mistakes((a * b).tanh())[:3]:
        assert not m.differs
        assert "no node is used twice" in str(m)


def test_naive_recursion_is_stopped():
    """The recursion walks every path; on an exponential graph it is stopped, and says so."""
    x = Value(1.0, name="x")
    y = x
    for _ in range(40):
        y = y + y
    (found,) = common_mistakes(y, only="naive recursion")
    assert found.stopped
    assert "it walks every path" in str(found)


@settings(max_examples=25, deadline=None)
@given(numbers, recipes)
def test_right_algorithm_is_the_reference(data, recipe):
    """Whatever is reported as right is the engine's gradient (twice that for two passes)."""
    _, y = build(data, recipe)
    y.backward()
    for m in common_mistakes(y):
        if m.first is not None and m.first.is_leaf:
            factor = 2 if m.name == "backward twice" else 1
            assert m.right == factor * m.first.grad


def test_tensors_and_names():
    """Arrays work too; an unknown name is refused with the list."""
    w = Tensor([1.0, 2.0], name="w")
    y = (w * w).sum()
    assert common_mistakes(y)[0].first.id == "w"
    with pytest.raises(UnknownNameError, match="there are assign instead of add, naive recursion"):
        common_mistakes(y, only="sloth")
