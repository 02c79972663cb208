"""What an operation accepts, beyond the numbers themselves."""

from __future__ import annotations

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value
from autograd.errors import InputTypeError


def test_a_tensor_is_no_parameter() -> None:
    """An axis is a plain number; a Tensor in its place is refused by name."""
    v = Tensor([1.0, 2.0])
    with pytest.raises(InputTypeError, match="var: axis is a parameter without a gradient"):
        autograd.var(v, axis=v)
    with pytest.raises(InputTypeError, match="std: axis"):
        autograd.std(v, v)


def test_a_third_array_is_refused() -> None:
    """An array operation takes as many arrays as it has pullbacks."""
    v = Tensor([1.0, 2.0])
    with pytest.raises(InputTypeError, match="matmul takes 2 arrays; got 3"):
        autograd.matmul(v, v, v)


def test_booleans_become_floats_of_full_width() -> None:
    """NumPy would compute in half precision; an operation here does not."""
    assert autograd.atan(np.array([True, False])).dtype == np.float64
    assert autograd.exp(np.array([1, 2], dtype=np.int8)).dtype == np.float64


@pytest.mark.parametrize("op", [autograd.clip, autograd.hardtanh])
@pytest.mark.parametrize("a", [-2.0, 0.0, 0.5, 3.0])
def test_bounds_in_the_wrong_order_give_the_upper_one(op: object, a: float) -> None:
    """min(max(a, low), high) is high when low > high, and all of the gradient goes there."""
    x, low, high = Value(a), Value(1.0), Value(-1.0)
    y = op(x, low, high)  # type: ignore[operator]
    y.backward()
    assert y.data == -1.0
    assert (x.grad, low.grad, high.grad) == (0.0, 0.0, 1.0)


def test_bounds_that_meet_share_nothing_twice() -> None:
    """With low = high the result moves with the upper bound, once."""
    x, low, high = Value(0.0), Value(0.5), Value(0.5)
    autograd.hardtanh(x, low, high).backward()
    assert (x.grad, low.grad, high.grad) == (0.0, 0.0, 1.0)
