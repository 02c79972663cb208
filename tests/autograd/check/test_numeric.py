"""Numeric gradients: the error bound holds, on a part of the field that the benchmark measures in full."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograd import Value
from autograd.check import check_gradients, numeric_gradient
from autograd.check.ladder import Rungs, climb, lattice_noise, steps
from tests.benchmarks.checkers_field import FUNCTIONS, field

POINTS = list(field(6, seed=1))


def test_the_bound_holds():
    """The true error exceeds three times the claimed bound nowhere."""
    for p in POINTS:
        found = numeric_gradient(p.f, p.x)
        if math.isfinite(found.bound):
            assert abs(found.value - p.slope) <= 3 * found.bound, (p.name, p.x, found)


def test_most_bounds_are_tight():
    """A bound that verifies nothing would always hold: most are below a millionth of the slope."""
    tight = sum(numeric_gradient(p.f, p.x).bound <= 1e-6 * abs(p.slope) for p in POINTS)
    assert tight > 0.9 * len(POINTS)


def test_no_right_gradient_is_accused_and_no_wrong_one_passes():
    """The promise, on six points for each of the 66 functions."""
    weak = 0
    for p in POINTS:
        report = check_gradients(p.f, p.x, grad=lambda x, g=p.slope: g)
        assert not report.wrong, (p.name, p.x, str(report))
        weak += bool(report.weak)
        if p.slope:
            for factor in (1.1, 1.001):
                assert not check_gradients(p.f, p.x, grad=lambda x, g=p.slope * factor: g).ok, (p.name, p.x, factor)
    assert weak <= 0.02 * len(POINTS)
    assert len({p.name for p in POINTS}) == len(FUNCTIONS)


@pytest.mark.parametrize(
    ("f", "x", "status"),
    [
        (math.exp, 1.0, "smooth"),
        (abs, 0.0, "kink"),
        (math.sqrt, 0.0, "infinite"),
        (lambda x: float(math.floor(x)), 2.0, "jump"),
        (lambda x: 3.0, 2.0, "flat"),
        (math.asin, 1.0, "infinite"),
        (lambda x: x * x if x >= 1 else math.nan, 1.0, "edge"),
        (lambda x: math.nan, 1.0, "undefined"),
        (lambda x: x * math.log(x) if x > 0 else 0.0, 0.0, "unresolved"),
    ],
)
def test_status(f, x, status):
    """What the values show is named."""
    assert numeric_gradient(f, x).status == status


def test_arrays_and_values():
    """An array gives arrays; a Value is handed over as a Value."""
    found = numeric_gradient(lambda v: float(np.sum(np.sin(v))), np.array([[0.1, 0.2], [0.3, 0.4]]))
    assert found.value.shape == found.bound.shape == found.status.shape == (2, 2)
    assert np.all(np.abs(found.value - np.cos([[0.1, 0.2], [0.3, 0.4]])) <= 3 * found.bound)
    assert abs(numeric_gradient(lambda v: v.tanh(), Value(0.3)).value - 1 / math.cosh(0.3) ** 2) < 1e-12


def test_slow_convergence_is_not_taken_for_a_limit():
    """x**1.5 at 0: Richardson's factors are wrong there, and the bound knows."""
    found = numeric_gradient(lambda x: math.copysign(abs(x) ** 1.5, x), 0.0)
    assert abs(found.value) <= 3 * found.bound


def test_steps_are_powers_of_two_that_fit_the_point():
    """From half the point (or of 1) down, ratio 4, never below 16 ulp."""
    for x in (0.0, 1e-8, 0.3, 7.0, 1e8):
        hs = steps(x)
        assert all(math.frexp(h)[0] == 0.5 for h in hs)
        assert all(a == 4 * b for a, b in zip(hs, hs[1:], strict=False))
        assert hs[-1] >= 16 * math.ulp(x)


def test_noise_is_measured():
    """Noise of size 1e-9 on a sine is found within a factor of ten."""
    source = np.random.default_rng(3)
    noise, flat = lattice_noise(lambda t: math.sin(t) + 1e-9 * source.standard_normal(), 1.0, 1e-4)
    assert 1e-10 < noise < 1e-8
    assert not flat


def test_a_ladder_of_two_rungs_says_nothing():
    """Without a third quotient there is no error to estimate."""
    assert math.isinf(climb(Rungs([1.0, 1.0], [0.0, 0.0], 16.0)).bound)


def test_a_corner_too_near_to_be_seen_from_both_sides_accuses_nobody():
    """A corner at 1e-9 … 1e-3 from the point, in a function whose rounding hides one of its two slopes."""
    draw = np.random.default_rng(3)
    draw.normal(size=120)
    for _ in range(150):
        corner = 10.0 ** draw.uniform(-9.5, -3) * draw.choice([-1, 1])
        x, base, c = float(draw.normal()), 10.0 ** draw.uniform(0, 2.5), float(draw.normal())
        corner += x

        def f(t, corner=corner, base=base, c=c):
            return base + max(t - corner, 0.0) * c + t * t

        def slope(t, corner=corner, c=c):
            return (c if t > corner else 0.0) + 2 * t

        assert not check_gradients(f, x, grad=slope).wrong
