"""The checker replays functions of many single numbers; its verdicts are those of calling the function itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd.check import check_gradients, replayed, subjects

POINT = np.random.default_rng(3).normal(size=30).tolist()


def network(*t: Any) -> Any:
    """A small function of thirty numbers."""
    hidden = [sum(t[3 * k + i] * (0.5 - 0.1 * i * k) for i in range(3)).tanh() for k in range(9)]
    return sum(h * h for h in hidden) + (t[27] * t[28]).exp() + t[29].relu()


def cut(*t: Any) -> Any:
    """A function that takes bare numbers out of the graph: its gradient is wrong."""
    return sum(x * x.item() for x in t)


def stale(*t: Any) -> Any:
    """A function that forgets the graph of one argument."""
    return network(*t) + t[4].detach() * t[5]


def corner(*t: Any) -> Any:
    """A function with a choice that Python makes."""
    return network(*t) if t[0] > POINT[0] - 1e-3 else t[0] * 0


def raising(*t: Any) -> Any:
    """A function that ends close to the point."""
    if t[1] > POINT[1] + 0.05:
        raise ValueError("too large")
    return network(*t)


def arrays(*t: Any) -> Any:
    """A function that cannot be recorded."""
    return ag.stack_values(list(t)).tanh().sum()


FUNCTIONS = [network, cut, stale, corner, raising, arrays]


def report(f: Any, many: int, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Check with a limit from which functions are replayed."""
    monkeypatch.setattr(subjects, "MANY", many)
    return check_gradients(f, *POINT)


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_the_report_is_the_same(f: Any, monkeypatch: pytest.MonkeyPatch):
    """Element by element: the same slopes, bounds and verdicts, to the bit, and the same problems."""
    called, again = report(f, 10**9, monkeypatch), report(f, replayed.MANY, monkeypatch)
    assert [(e.name, e.given, e.numeric, e.bound, e.verdict) for e in called.elements] == [
        (e.name, e.given, e.numeric, e.bound, e.verdict) for e in again.elements
    ]
    assert (called.ok, called.problems, called.raised, called.hints) == (
        again.ok,
        again.problems,
        again.raised,
        again.hints,
    )
    assert str(called.culprit) == str(again.culprit)
    assert called.evaluations <= again.evaluations <= called.evaluations + replayed.WAYS + 2


def test_the_function_is_called_a_few_times_only(monkeypatch: pytest.MonkeyPatch):
    """Most evaluations are replays; they are counted as evaluations all the same, and the recording too."""
    calls = []

    def f(*t: Any) -> Any:
        calls.append(None)
        return network(*t)

    found = report(f, replayed.MANY, monkeypatch)
    assert found.ok
    assert len(calls) < 15
    assert found.evaluations > 100


def test_a_function_that_does_not_repeat_is_still_found(monkeypatch: pytest.MonkeyPatch):
    """Random numbers inside the function are noticed before anything is replayed."""
    draw = np.random.default_rng(0)
    found = report(lambda *t: network(*t) + draw.normal(), replayed.MANY, monkeypatch)
    assert any("not deterministic" in p for p in found.problems)


def test_state_that_creeps_in_later_is_not_hidden(monkeypatch: pytest.MonkeyPatch):
    """A function that changes after some calls does not agree with its recording, which is then given up."""
    calls = []

    def f(*t: Any) -> Any:
        calls.append(None)
        return network(*t) * (1.0 if len(calls) < 6 else 1.001)

    assert not report(f, replayed.MANY, monkeypatch).ok


def test_few_numbers_are_called(monkeypatch: pytest.MonkeyPatch):
    """With few numbers nothing is compiled."""
    monkeypatch.setattr(subjects, "Replay", None)
    assert check_gradients(lambda x, y: x * y, 1.0, 2.0).ok
