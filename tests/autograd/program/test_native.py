"""Machine code agrees with Python; without numba there is one notice and the same numbers."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import autograd as ag
from autograd.check import strategies
from autograd.program import native
from autograd.program.floats import Floats
from autograd.program.lanes import Lanes
from tests.autograd.program.test_agreement import ROWS, SETTINGS, close, sizes


@pytest.fixture
def numba() -> None:
    """Skip where numba is not installed."""
    pytest.importorskip("numba", reason="the extra [jit] is not installed")


@pytest.fixture
def without_numba(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Pretend that numba is not installed."""
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "autograd.program._native_tape", raising=False)
    monkeypatch.delattr("autograd.program._native_tape", raising=False)
    native.interpreter.cache_clear()
    yield
    native.interpreter.cache_clear()


@pytest.mark.usefixtures("numba")
@SETTINGS
@given(e=strategies.expressions(variables=3, max_operations=10))
def test_machine_code_agrees_with_python(e: Any):
    """Value and gradient, single and in lanes, and the Hessian: the four back ends agree to rounding."""
    plain, machine = ag.compile(e, *e.point), ag.compile(e, *e.point, native=True)
    expected, found = plain.value_and_grad(*e.point), machine.value_and_grad(*e.point)
    close(found[0], expected[0], sizes(e))
    close(found[1], expected[1], sizes(e))
    lanes = [np.linspace(x, x + 0.01, 300) for x in e.point]
    expected, found = plain.value_and_grad(*lanes), machine.value_and_grad(*lanes)
    close(found[0], expected[0], sizes(e))
    close(found[1], expected[1], sizes(e))
    expected, found = plain.hessian(*e.point), machine.hessian(*e.point)
    close(found, expected, max(sizes(e) ** 2, float(np.max(np.abs(expected)))))


@pytest.mark.usefixtures("numba")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_row_has_a_case_and_keeps_its_conventions(row: Any):
    """At the edges of its domain a row gives what the table says, as machine code too."""
    program = ag.compile(row, *([0.5] * row.arity), argnums=tuple(range(row.passive, row.arity)), native=True)
    assert native.fits(program.branches[0].differentiated(1, program._wanted))
    for args, expected in row.edges.items():
        value, gradient = program.value_and_grad(*args)
        np.testing.assert_allclose([value, *gradient], expected, rtol=1e-12)
        value, gradient = program.value_and_grad(*(np.full(3, a) for a in args))
        np.testing.assert_allclose([value[2], *(g[2] for g in gradient)], expected, rtol=1e-12)


@pytest.mark.usefixtures("numba")
def test_native_is_what_runs():
    """With numba, native=True does not quietly run Python."""
    program = ag.compile(lambda x: x * x, 1.0, native=True)
    assert type(program.branches[0].kernel(1, (0,), native.native_or_plain)) is native.Native
    assert type(program.branches[0].kernel(1, (0,), native.native_lanes_or_plain)) is native.NativeLanes


@pytest.mark.usefixtures("without_numba")
def test_without_numba_there_is_one_notice():
    """The first program says how to install numba; all of them give the same numbers in plain Python."""
    program = ag.compile(lambda x: x * x, 1.0, native=True)
    with pytest.warns(RuntimeWarning, match=r"native=True runs as plain Python: numba is not installed: pip install"):
        assert program.value_and_grad(3.0) == (9.0, 6.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert program.grad([1.0, 2.0]).tolist() == [2.0, 4.0]
        assert ag.compile(lambda x: x * 3, 1.0, native=True).value(2.0) == 6.0
    assert type(program.branches[0].kernel(1, (0,), native.native_or_plain)) is Floats
    assert type(program.branches[0].kernel(1, (0,), native.native_lanes_or_plain)) is Lanes
