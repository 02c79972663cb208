"""The measuring stick itself: a wrong layer does not pass it."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd import Tensor, numeric
from autograd.operations import Elementwise
from nn.parameter import data_of
from tests.nn import differences

# Right at order 1; the slope is a bare number, so that nothing of order 2 is recorded.
CUT = Elementwise("cut_square", numeric.square, lambda y, a: 2 * data_of(a))


def subject(*, scalars):
    """Give leaves and a function of them."""
    return differences.leaves_of_array(np.array([0.7, -1.2]), scalars=scalars)


@pytest.mark.parametrize("scalars", [False, True], ids=["tensors", "values"])
def test_a_wrong_slope_is_caught(scalars):
    """A part that the graph does not know of makes the slope wrong, and the comparison fails."""
    x, leaves = subject(scalars=scalars)

    def f():
        hidden = data_of(x) ** 2  # read behind the graph's back
        return (x * hidden).sum()

    with pytest.raises(AssertionError):
        differences.agree(f, leaves)


@pytest.mark.parametrize("scalars", [False, True], ids=["tensors", "values"])
def test_a_wrong_curvature_is_caught(scalars):
    """An operation that is right at order 1 and wrong at order 2 fails at order 2."""
    x, leaves = subject(scalars=scalars)

    def f():
        y = CUT(x)
        return y.sum()

    np.testing.assert_allclose(differences.gradient(f, leaves), differences.slopes(f, leaves), rtol=1e-6)
    with pytest.raises(AssertionError):
        differences.agree(f, leaves)


def test_a_wrong_layer_is_caught():
    """A layer with a forgotten transpose in its backward pass would be noticed."""
    model = nn.Linear(2, 2, seed=0)
    model.weight.register_hook(lambda g: g.T)
    x = Tensor([[1.0, 2.0]])

    def f():
        return (model(x) ** 2).sum()

    with pytest.raises(AssertionError):
        differences.agree(f, model.parameters())
