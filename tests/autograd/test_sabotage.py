"""The tests of the table can fail: every row is broken in turn, and the same checks must turn red.

A derivative is made 1 % too large, or its sign is changed; where it is 0 everywhere, 0.01 is added. A computation
is made 1 % too large. A pullback likewise. The untouched row is checked first, so that red means the sabotage.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, arrays, fused
from autograd.errors import GradientError
from autograd.generate.files import main
from autograd.generate.value_methods import value_source
from autograd.operations import Elementwise, Structural
from tests.autograd import array_checks, truth
from tests.autograd.test_arrays import CASES
from tests.autograd.test_rules import BUILT_IN

DERIVATIVES = [(row, slot) for row in BUILT_IN for slot in range(len(row.derivatives))]
PULLBACKS = [(row, slot) for row in dict.fromkeys(row for row, _ in CASES) for slot in range(len(row.pullbacks))]


def enlarged(rule: Any, row: Elementwise, slot: int) -> Any:
    """Make a derivative 1 % too large, or add 0.01 where it is 0 everywhere."""
    zero = all(truth.true_derivative(row, args, (slot,)) == 0 for args in truth.points(row, 12))
    return (lambda *args: rule(*args) + 0.01) if zero else (lambda *args: 1.01 * rule(*args))


@pytest.mark.parametrize(("row", "slot"), DERIVATIVES, ids=lambda x: getattr(x, "name", x))
def test_a_broken_derivative_turns_red(row: Elementwise, slot: int, monkeypatch: pytest.MonkeyPatch):
    """One per cent, or a sign, in one local derivative is seen by both checks, computed and recorded."""
    rule = row.derivatives[slot]
    truth.check_first(row)
    for broken in (enlarged(rule, row, slot + row.passive), lambda *args: -rule(*args) - 1e-6):
        monkeypatch.setattr(row, "derivatives", (*row.derivatives[:slot], broken, *row.derivatives[slot + 1 :]))
        with pytest.raises(AssertionError):
            truth.check_first(row)
        with pytest.raises(AssertionError):
            truth.check_order(row, 1, 12)
        monkeypatch.undo()


@pytest.mark.parametrize("row", BUILT_IN, ids=lambda row: row.name)
def test_a_broken_computation_turns_red(row: Elementwise, monkeypatch: pytest.MonkeyPatch):
    """One per cent in the value is seen (one hundredth where the value may be 0)."""
    compute = row.compute
    truth.check_value(row, 4)
    monkeypatch.setattr(row, "compute", lambda *args: compute(*args) * 1.01 + 0.01)
    with pytest.raises(AssertionError):
        truth.check_value(row, 4)


@pytest.mark.parametrize("row", [r for r in BUILT_IN if any(r.textbook)], ids=lambda row: row.name)
def test_a_broken_textbook_form_turns_red(row: Elementwise, monkeypatch: pytest.MonkeyPatch):
    """One per cent in a printed derivative is seen."""
    monkeypatch.setattr(row, "textbook", tuple(t and (lambda *args, t=t: t(*args) * 1.01) for t in row.textbook))
    with pytest.raises(AssertionError):
        truth.check_textbook(row)


@pytest.mark.parametrize("row", [r for r in BUILT_IN if r.expansion], ids=lambda row: row.name)
def test_a_broken_expansion_turns_red(row: Elementwise, monkeypatch: pytest.MonkeyPatch):
    """One per cent in an expansion is seen."""
    whole = row.expansion
    monkeypatch.setattr(row, "expansion", lambda *args: whole(*args) * 1.01)
    with pytest.raises(AssertionError):
        truth.check_expansion(row)


@pytest.mark.parametrize("row", [r for r in BUILT_IN if r.edges], ids=lambda row: row.name)
def test_a_changed_convention_turns_red(row: Elementwise, monkeypatch: pytest.MonkeyPatch):
    """A convention that the row does not keep is seen, in each number of each convention."""
    for args, expected in row.edges.items():
        for i, x in enumerate(expected):
            other = 0.25 if np.isnan(x) or np.isinf(x) else x + 0.25 * max(abs(x), 1)
            monkeypatch.setattr(row, "edges", {args: (*expected[:i], other, *expected[i + 1 :])})
            with pytest.raises(AssertionError):
                truth.check_edges(row)
            monkeypatch.undo()


@pytest.mark.parametrize(("row", "slot"), PULLBACKS, ids=lambda x: getattr(x, "name", x))
def test_a_broken_pullback_turns_red(row: Structural, slot: int, monkeypatch: pytest.MonkeyPatch):
    """One per cent in one pullback is seen at first order; a pullback that forgets its graph, at second."""
    sample = row.samples[0]
    array_checks.check_pullback(row, sample)
    rule = row.pullbacks[slot]

    def forgetful(*args: Any, **params: Any) -> Any:
        c = rule(*args, **params)
        return c.detach() if isinstance(c, Tensor) else c

    monkeypatch.setattr(
        row, "pullbacks", (*row.pullbacks[:slot], lambda *a, **p: rule(*a, **p) * 1.01, *row.pullbacks[slot + 1 :])
    )
    with pytest.raises(AssertionError):
        array_checks.check_pullback(row, sample)
    monkeypatch.undo()
    array_checks.check_second(row, sample)
    monkeypatch.setattr(row, "pullbacks", (*row.pullbacks[:slot], forgetful, *row.pullbacks[slot + 1 :]))
    with pytest.raises((AssertionError, GradientError)):
        array_checks.check_second(row, sample)


@pytest.mark.parametrize("row", [arrays.getitem, arrays.pack, fused.linear], ids=lambda row: row.name)
def test_a_broken_spread_turns_red(row: Structural, monkeypatch: pytest.MonkeyPatch):
    """The rows that send their contributions all at once are checked on that way too."""
    spread = row.spread
    monkeypatch.setattr(row, "spread", lambda node, g: spread(node, g * 1.01))
    with pytest.raises(AssertionError):
        array_checks.check_pullback(row, row.samples[0])


@pytest.mark.usefixtures("shipped_table")
def test_a_generated_file_that_differs_turns_red(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, capsys: pytest.CaptureFixture[str]
):
    """The comparison of the generated files notices a changed rule and a changed byte."""
    assert main(["--check"]) == 0
    row = next(r for r in BUILT_IN if r.name == "tanh")
    before = value_source()
    monkeypatch.setattr(row, "derivatives", (lambda y, a: 1 - y * y,))
    assert value_source() != before
    assert main(["--check"]) == 1
    assert "_value_methods.py is out of date: run python -m autograd.generate" in capsys.readouterr().out
