"""The ledger: which backward call and which edge added how much to a leaf."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import GradientError, Tensor, Value, record_ledger

from .graphs import bits, build, numbers, recipes


@settings(max_examples=30, deadline=None)
@given(numbers, recipes, st.sampled_from(["value", "tensor", "mixed"]))
def test_recording_changes_no_gradient(data, recipe, kind):
    """backward() inside record_ledger() gives the same gradients, bit for bit, twice in a row."""
    leaves, y = build(data, recipe, kind)
    others, z = build(data, recipe, kind)
    with record_ledger():
        y.backward()
        y.backward()
    z.backward()
    z.backward()
    assert [bits(x.grad) for x in leaves] == [bits(x.grad) for x in others]
    for x in leaves:
        if x.grad is not None:
            for call in (1, 2):
                entries = [e for e in x.ledger() if e.call == call]
                assert np.allclose(sum(e.amount for e in entries), entries[-1].total, equal_nan=True)


def test_calls_and_edges():
    """Two calls are told apart, with the line of each; the table shows what was there before."""
    x = Value(3.0, name="x")
    y = x * x
    with record_ledger() as book:
        y.backward()
        y.backward()
        x.zero_grad()
        y.backward()
    assert book.calls == 3
    assert [(e.call, e.amount, e.total) for e in x.ledger()][:4] == [
        (1, 3.0, 3.0),
        (1, 3.0, 6.0),
        (2, 3.0, 3.0),
        (2, 3.0, 6.0),
    ]
    assert x.ledger().entries[0].line[0].endswith("test_ledger.py")
    text = str(x.ledger())
    assert "call 2: y.backward(), line" in text
    assert ".grad held 6.0000 already: this call adds to it" in text
    assert ".grad was cleared before this call" in text
    assert text.endswith(".grad is 6.0000 now")


def test_assignment_between_calls_is_seen():
    """A .grad that was assigned by hand is not what the last call left, and the table says so."""
    x = Value(3.0, name="x")
    with record_ledger():
        (x * 2).backward()
        x.grad = 100.0
        (x * 2).backward()
    assert ".grad was assigned before this call: 100.0000" in str(x.ledger())


def test_nothing_is_recorded_outside():
    """Without recording there is no ledger, and the error says how to record; inner nodes have none."""
    w = Tensor([1.0], name="w")
    y = (w * w).sum()
    y.backward()
    with pytest.raises(GradientError, match="record_ledger"):
        w.ledger()
    with pytest.raises(GradientError, match="only a leaf has a ledger"):
        y.ledger()
