"""The function as a whole: a second backward pass, with -2 times the cotangent, shows what one pass cannot."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Tensor, cos, operation
from autograd.check import check_gradients
from autograd.check.subjects import Engine
from autograd.check.whole import FACTOR

X = np.array([0.5, -1.25, 2.0])


def passes(monkeypatch, gradients):
    """Let the backward passes after the first give these functions of (gradient, factor), one after the other."""
    true, left = Engine.again, list(gradients)

    def again(self, factor=1.0):
        found = [g._data if isinstance(g, Tensor) else g for g in true(self, 1.0)]
        if not self.__dict__.setdefault("begun", False):
            self.begun = True
            return found
        return [(left.pop(0) if left else np.multiply)(g, factor) for g in found]

    monkeypatch.setattr(Engine, "again", again)


def problems(f=lambda x: (x * x).sum(), x=X):
    """Give what the check says of the function as a whole."""
    return check_gradients(f, Tensor(x), locate=False).problems


def test_a_right_gradient_costs_two_backward_passes(monkeypatch):
    """One for the gradient, one that shows that it repeats and is linear."""
    factors = []
    true = Engine.again
    monkeypatch.setattr(Engine, "again", lambda self, factor=1.0: factors.append(factor) or true(self, factor))
    assert problems() == []
    assert factors == [1.0, FACTOR]


@pytest.mark.parametrize(
    ("second", "what"),
    [
        (lambda g, _: g, "not linear"),
        (lambda g, f: g * f * f, "not linear"),
        (lambda g, f: g * abs(f), "not linear"),
        (lambda g, f: np.maximum(g * f, 0.0), "not linear"),
        (lambda g, f: g * f + 1e-3, "not linear"),
    ],
    ids=["ignored", "squared", "sign lost", "cut", "shifted"],
)
def test_a_pass_that_is_not_linear_is_reported(monkeypatch, second, what):
    """A backward pass that forgets its cotangent, its sign, or adds something."""
    passes(monkeypatch, [second])
    assert [what in p for p in problems()] == [True]


def test_a_pass_that_does_not_repeat_is_reported(monkeypatch):
    """A backward pass that adds to what the first one left, or changes in its last bit."""
    passes(monkeypatch, [lambda g, f: g + g * f, lambda g, f: g + g * f])
    assert any("second backward pass" in p for p in problems())
    passes(monkeypatch, [lambda g, f: np.nextafter(g * f, 9.0), lambda g, f: np.nextafter(g * f, 9.0)])
    assert ["second backward pass" in p for p in problems()] == [True]


def test_two_errors_that_hide_each_other_from_a_doubled_cotangent_are_seen(monkeypatch):
    """It adds to the first pass, and it forgets its cotangent: twice the gradient, which a factor of 2 would approve."""
    passes(monkeypatch, [lambda g, _: g + g, lambda g, _: g + g])
    assert len(problems()) == 2


def test_a_rule_that_forgets_the_sign_of_what_comes_from_above_is_reported():
    """An operation whose derivative is right for the cotangent 1, and not linear."""
    wrong = operation(lambda a: np.sin(a), pullbacks=[lambda g, y, a: abs(g) * cos(a)], name="wrong")
    report = check_gradients(lambda x: wrong(x).sum(), Tensor(np.array([0.5, 0.25])))
    assert ["not linear" in p for p in report.problems] == [True]


def test_numbers_too_small_or_too_large_to_be_doubled_exactly_accuse_nobody():
    """Bits are lost below 1e-308, and -2 times a number above 9e307 is infinite: then the passes are compared loosely."""
    with np.errstate(all="ignore"):
        for f in (lambda x: (x * 5e-324).sum(), lambda x: (x * 1.7e308).sum(), lambda x: (x * 3e-310 * 0.3).sum()):
            assert not [p for p in problems(f) if "linear" in p or "second" in p]
