"""Blocks of elements: cheaper than one by one, and no wrong element hides in one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograd.check import check_gradients

X = np.random.default_rng(0).normal(size=(8, 8))


def f(v):
    """Add up a cubic and a sine of each element."""
    return float(np.sum(v**3 + np.sin(v)))


def slope(v):
    """Give its gradient."""
    return 3 * v**2 + np.cos(v)


def test_a_right_gradient_costs_less_than_an_evaluation_for_two_elements():
    """Up to 32 elements share one slope."""
    report = check_gradients(f, X, grad=slope)
    assert report.ok
    assert len(report.elements) == 64
    assert report.evaluations < 64 / 2


def test_a_block_with_a_corner_is_halved():
    """One element at a corner, with a subgradient, costs its neighbours their block and not the others theirs."""

    def bent(v):
        return f(v) + 5.0 * float(np.abs(v[3, 3] - X[3, 3]))

    def grad(v):
        g = slope(v)
        g[3, 3] += 1.0
        return g

    report = check_gradients(bent, X, grad=grad)
    assert [e.verdict for e in report.elements].count("ok") == 63
    assert [e.index for e in report.kinks] == [(3, 3)]
    alone = check_gradients(
        lambda t: t**3 + math.sin(t) + 5 * abs(t - X[3, 3]), X[3, 3], grad=lambda _: 1.0 + slope(X)[3, 3]
    )
    assert alone.kinks
    assert report.evaluations - alone.evaluations < 64 * 2


@pytest.mark.parametrize("factor", [1.1, 1.001, 0.0, -1.0])
def test_one_wrong_element_is_found_wherever_it_is(factor):
    """The wrong element is named, and only that one."""
    for k in range(0, 64, 5):
        where = tuple(int(i) for i in np.unravel_index(k, X.shape))

        def grad(v, where=where):
            g = slope(v)
            g[where] *= factor
            return g

        assert [e.index for e in check_gradients(f, X, grad=grad).wrong] == [where]


def test_two_elements_exchanged_are_found():
    """Errors of opposite sign do not cancel in a block."""
    for a in range(0, 60, 3):

        def grad(v, a=a):
            g = slope(v).reshape(-1)
            g[[a, a + 1]] = g[[a + 1, a]]
            return g.reshape(v.shape)

        assert len(check_gradients(f, X, grad=grad).wrong) == 2


def test_errors_that_add_to_zero_are_found():
    """A gradient whose errors sum to zero is wrong in every element."""
    draw = np.random.default_rng(5)
    for _ in range(25):
        error = draw.choice([-0.01, 0.01], size=X.shape)
        report = check_gradients(f, X, grad=lambda v, error=error: slope(v) + error)
        assert len(report.wrong) == 64


def test_numbers_in_the_report_are_measured():
    """Each element's numeric slope is the truth within its bound."""
    report = check_gradients(f, X, grad=slope)
    for e in report.elements:
        assert abs(e.numeric - slope(X)[e.index]) <= 3 * e.bound + 1e-12


def test_errors_in_several_elements_are_found_in_every_seed():
    """Three or four errors that add to zero do not cancel in a block, whatever its random amounts are."""
    same = np.ones(40)
    for seed in range(60):
        where = np.random.default_rng(seed).choice(40, size=4, replace=False)
        for errors in ([0.01, 0.01, -0.02, 0.0], [0.01, 0.01, -0.01, -0.01], [0.02, -0.01, 0.0, 0.0]):
            given = np.full(40, 3.0)
            given[where] += errors
            report = check_gradients(lambda v: float(3.0 * v.sum()), same, grad=lambda _, g=given: g, seed=seed)
            assert len(report.wrong) == np.count_nonzero(errors)
