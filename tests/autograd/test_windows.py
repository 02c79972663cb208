"""Pooling place by place is what NumPy says about each window: values, winners, ties and nan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, max_pool2d

CASES = [((2, 2), (2, 2), (0, 0)), ((3, 2), (1, 2), (1, 0)), ((3, 3), (2, 2), (1, 1)), ((1, 1), (1, 1), (0, 0))]


def windows_of(a: np.ndarray, size: Any, stride: Any, padding: Any) -> Any:
    """List (n, c, i, j, rows, columns) of every window, one by one."""
    n, c, height, width = a.shape
    for i, top in enumerate(range(-padding[0], height + padding[0] - size[0] + 1, stride[0])):
        for j, left in enumerate(range(-padding[1], width + padding[1] - size[1] + 1, stride[1])):
            rows = slice(max(top, 0), top + size[0])
            columns = slice(max(left, 0), left + size[1])
            for k in range(n):
                for m in range(c):
                    yield (k, m, i, j), (k, m, rows, columns)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("size", "stride", "padding"), CASES)
def test_the_largest_of_each_window_and_its_gradient(size: Any, stride: Any, padding: Any, dtype: Any) -> None:
    """Whole numbers from 0 to 3 tie often: k equal winners get 1/k each, added where windows overlap."""
    random = np.random.default_rng(1)
    a = random.integers(0, 4, (2, 3, 6, 5)).astype(dtype)
    x = Tensor(a)
    y = max_pool2d(x, size, stride, padding)
    g = random.normal(size=y.shape).astype(dtype)
    y.backward(gradient=g)
    expected = np.zeros_like(a)
    for out, place in windows_of(a, size, stride, padding):
        window = a[place]
        assert y.data[out] == window.max()
        expected[place] += g[out] * (window == window.max()) / np.sum(window == window.max())
    assert y.dtype == x.grad.dtype == dtype
    assert np.allclose(x.grad, expected, rtol=1e-5 if dtype is np.float32 else 1e-12)


def test_nan_wins_its_window_and_is_not_hidden() -> None:
    """A nan is the result of its window and makes the gradient there nan; other windows do not notice."""
    a = np.arange(16.0).reshape(1, 1, 4, 4)
    a[0, 0, 0, 1] = np.nan
    x = Tensor(a)
    y = max_pool2d(x, 2)
    y.sum().backward()
    assert np.isnan(y.data).tolist() == [[[[True, False], [False, False]]]]
    assert np.isnan(x.grad[0, 0, :2, :2]).all()
    assert x.grad[0, 0, 2:, :].tolist() == [[0, 0, 0, 0], [0, 1, 0, 1]]
