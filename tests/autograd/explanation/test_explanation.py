"""A gradient as a sum over paths: equal to the engine's, counted exactly, folded honestly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from autograd import Graph, InputValueError, Tensor, Value, explain
from autograd.errors import UnknownNameError
from autograd.explanation.paths import count_paths
from tests.autograd.stepper.graphs import build, numbers, recipes


@settings(max_examples=40, deadline=None)
@given(numbers, recipes)
def test_paths_sum_to_the_gradient(data, recipe):
    """When all paths are written out their products sum to the engine's gradient."""
    leaves, y = build(data, recipe)
    y.backward()
    for x in leaves:
        if x.grad is None:
            continue
        found = explain(y, x, max_paths=100_000)
        assert found.count == len(found.paths)
        assert sum(p.amount for p in found.paths) == pytest.approx(x.grad, rel=1e-9, abs=1e-12)
        folded = explain(y, x, max_paths=2)
        shown = sum(p.amount for p in folded.paths)
        assert shown + (folded.rest or 0.0) == pytest.approx(x.grad, rel=1e-9, abs=1e-12)


def test_text_is_symbols_then_numbers():
    """The text has partial derivatives, then formulas, then numbers, then the sum."""
    a, b = Value(0.5, name="a"), Value(-0.3, name="b")
    d = a * b
    f = d * (d + b).tanh()
    lines = str(explain(f, wrt="b")).split("\n")
    assert lines[0] == "∂f/∂b: 3 paths from f to b"
    assert lines[2] == "∂f/∂b = ∂f/∂d · ∂d/∂b"
    assert lines[5] == "      = n2 · a"
    assert lines[8] == "      = -0.4219 × 0.5000 = -0.2109"
    assert lines[-1] == "      = -0.3959"


def test_exponentially_many_paths_are_counted_not_listed():
    """2¹⁰⁰ paths are counted exactly; a few are shown, the rest is one line with number and sum."""
    x = Value(1.0, name="x")
    y = x
    for _ in range(100):
        y = y + y
    found = explain(y, x, max_paths=3)
    assert found.count == 2**100
    assert len(found.paths) == 3
    assert found.total == 2.0**100
    text = str(found)
    assert "about 1.268e+30 paths" in text
    assert "other paths, together 1.268e+30" in text
    assert "more factors" in text
    assert len(text) < 5000


def test_deep_chain():
    """A chain of 50 000 operations is explained without recursion, its middle folded."""
    x = Value(1.0, name="x")
    y = x
    for _ in range(50_000):
        y = y * 1.0
    found = explain(y, x)
    assert found.count == 1
    assert "(… 49988 more factors …)" in str(found)


def test_edges_of_meaning():
    """The result itself has gradient 1; a node that is not below it is unknown; a number of paths is a number."""
    x = Value(2.0, name="x")
    y = x * x
    assert str(explain(y, y)) == "∂y/∂y = 1: it is the result itself"
    assert explain(y, x).count == 2
    with pytest.raises(UnknownNameError):
        explain(y, "z")
    with pytest.raises(InputValueError, match="max_paths"):
        explain(y, x, max_paths=0)


def test_where_condition_is_no_path():
    """A condition passes no gradient, so no path leads through it."""
    from autograd import where

    x = Value(2.0, name="x")
    y = where(x, x * 3, x)
    assert count_paths(Graph(y), x) == 2
    assert explain(y, x).total == 3.0


def test_tensors_are_explained_with_shapes():
    """For arrays a path shows the pullbacks, and what arrives as shape and norm."""
    w = Tensor([[1.0, 2.0], [3.0, 4.0]], name="w")
    y = ((w @ w) * w).sum()
    found = explain(y, w)
    y.backward()
    assert found.count == 3
    assert np.allclose(sum(p.amount for p in found.paths), w.grad)
    assert "[pullback of matmul]" in str(found)
    assert "array of shape [2, 2], norm" in str(found)


def test_latex():
    """LaTeX is one aligned block: fractions, formulas, numbers, sum; negative factors are bracketed."""
    a, b = Value(0.5, name="a"), Value(-0.3, name="b_1")
    text = explain(a * b * b, a).latex()
    assert text.startswith("\\begin{aligned}\n\\frac{\\partial n_{2}}{\\partial a} &= ")
    assert "\\mathrm{b\\_1}" in text, text
    assert text.endswith("&= 0.09\n\\end{aligned}")
    assert "\\left(-0.3\\right)" in text
    assert explain(a * b, a)._repr_latex_().startswith("$\\displaystyle ")
