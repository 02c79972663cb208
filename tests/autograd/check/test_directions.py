"""Many elements: directions instead of coordinates, and the one wrong element found by bisection."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Tensor
from autograd.check import check_gradients


def wrong_at(k, factor):
    """A gradient of Σx² that is wrong in one element."""

    def grad(x):
        g = 2 * x
        g[k] *= factor
        return g

    return grad


@pytest.mark.parametrize("k", [0, 7777, 9999])
@pytest.mark.parametrize("factor", [1.1, 1.001, -1.0])
def test_one_wrong_element_of_ten_thousand_is_found(k, factor):
    """The bisection ends at the very coordinate."""
    x = np.random.default_rng(0).uniform(0.5, 2.0, 10_000)
    report = check_gradients(lambda v: float(v @ v), x, grad=wrong_at(k, factor))
    assert [e.index for e in report.wrong] == [(k,)]


def test_a_right_gradient_of_ten_thousand_elements_costs_a_few_evaluations():
    """Three directions, not ten thousand coordinates."""
    x = np.random.default_rng(1).normal(size=10_000)
    report = check_gradients(lambda v: float(v @ v), x, grad=lambda v: 2 * v)
    assert report.ok
    assert report.covered == 10_000
    assert report.evaluations < 60


def test_several_inputs_and_several_wrong_elements():
    """Elements of different inputs are told apart."""
    x, w = np.full((20, 15), 0.5), np.full(300, 1.5)

    def grad(x, w):
        gx, gw = 2 * x, np.ones_like(w)
        gx[3, 4] = 9.0
        gw[299] = 0.0
        return gx, gw

    report = check_gradients(lambda x, w: float(np.sum(x * x) + np.sum(w)), x, w, grad=grad)
    assert {e.name for e in report.wrong} == {"x[3, 4]", "w[299]"}


def test_directions_can_be_asked_for_and_refused():
    """directions=True, a number, or False."""
    x = np.ones(10)
    assert len(check_gradients(lambda t: (t * t).sum(), x, directions=True).elements) == 3
    assert len(check_gradients(lambda t: (t * t).sum(), x, directions=5).elements) == 5
    assert len(check_gradients(lambda t: (t * t).sum(), np.ones(300), directions=False).elements) == 300


def test_tensors_with_corners():
    """A thousand ReLUs, none of them exactly at its corner."""
    x = np.random.default_rng(2).normal(size=(40, 25))
    assert check_gradients(lambda t: t.relu().sum(), Tensor(x)).ok


def test_noise_of_a_large_sum_does_not_accuse():
    """A sum with cancellation is verified or weak, never wrong."""
    x = np.random.default_rng(3).normal(size=5000) * 1e6
    assert not check_gradients(lambda v: float(np.sum(np.sin(v)) + np.sum(v)), x, grad=lambda v: np.cos(v) + 1).wrong
