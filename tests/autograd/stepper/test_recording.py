"""The recording of a pass: equal to ``backward()``, compact, and honest about hooks and changes."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import GradientError, Stepper, Tensor, Value
from autograd.errors import ShapeError, StaleError

from .graphs import bits, build, numbers, recipes

few = settings(max_examples=40, deadline=None)


@few
@given(numbers, recipes, st.sampled_from(["value", "tensor", "mixed"]))
def test_final_state_is_backward(data, recipe, kind):
    """After the last step every gradient is what ``backward()`` gives, bit for bit, also after ``commit()``."""
    leaves, y = build(data, recipe, kind)
    stepper = Stepper(y).finish()
    y.backward()
    for n in stepper.graph:
        assert bits(stepper.now(n)) == bits(n.grad), n.formula
    wanted = [bits(x.grad) for x in leaves]
    for x in leaves:
        x.grad = None
    stepper.commit()
    assert [bits(x.grad) for x in leaves] == wanted


@few
@given(numbers, recipes, st.sampled_from(["value", "tensor", "mixed"]))
def test_sends_add_up(data, recipe, kind):
    """Each send's before + amount is its after, amounts are local × upstream, and the receivers' last after is final."""
    _, y = build(data, recipe, kind)
    stepper = Stepper(y)
    last = {}
    for step in stepper.steps:
        assert bits(step.upstream) == bits(stepper.recording.final[step.node.position])
        for s in step.sends:
            assert np.array_equal(s.before + s.amount, s.after, equal_nan=True)
            assert s.first == (s.to.id not in last)
            if not s.first:
                assert bits(s.before) == bits(last[s.to.id])
            if kind == "value":
                assert bits(s.amount) == bits(s.local * s.upstream)
            last[s.to.id] = s.after
    for name, after in last.items():
        assert bits(after) == bits(stepper.recording.final[stepper.graph[name].position])


def test_order_is_creation_descending():
    """Steps go from the newest node to the oldest, arguments in their order; x * x sends twice, in slots 0 and 1."""
    x = Value(3.0, name="x")
    y = x * x
    stepper = Stepper(y + x)
    positions = [s.node.position for s in stepper.steps]
    assert positions == sorted(positions, reverse=True)
    assert [(s.to.id, s.slot, s.formula) for s in stepper.steps[1].sends] == [("x", 0, "x"), ("x", 1, "x")]


def test_grad_is_untouched_until_commit():
    """Opening and walking neither reads nor writes ``.grad``; commit adds to leaves, as backward() does."""
    x = Value(3.0, name="x")
    h = x * x
    x.grad, h.grad = 100.0, -1.0
    stepper = Stepper(h * 2).finish()
    assert (x.grad, h.grad) == (100.0, -1.0)
    stepper.commit()
    assert (x.grad, h.grad) == (112.0, 2.0)


def test_hooks_run_once_and_are_shown():
    """A hook runs when the pass is recorded, not again on commit, and the step says what arrived before it."""
    calls = []
    x = Value(3.0, name="x")
    h = x * 2
    h.register_hook(lambda g: calls.append(g) or g * 10)
    x.register_hook(lambda g: g + 1)
    stepper = Stepper(h * h).finish()
    assert calls == [12.0]
    assert stepper.steps[1].hooked == 12.0
    assert "a hook replaced the gradient here: 12.0000 arrived" in str(stepper.to(2) and stepper)
    stepper.commit()
    assert (x.grad, calls) == (241.0, [12.0])


def test_second_order_graph():
    """A gradient made with create_graph is a graph like any other: its backward pass can be stepped."""
    x = Value(2.0, name="x")
    (x * x * x).backward(create_graph=True)
    first = x.grad
    x.grad = None
    stepper = Stepper(first).finish()
    assert stepper.grads["x"] == 12.0


def test_scattered_gradients_are_not_dense_per_element():
    """Splitting a Tensor of n elements keeps n small pieces, not n arrays of n; going back is still exact."""
    n = 600
    w = Tensor(np.linspace(-1, 1, n), name="w")
    y = sum(v * v for v in w.values())
    stepper = Stepper(y)
    assert stepper.recording.memory < 100 * n * 8
    k = stepper.recording.arrivals(stepper.graph["w"].position)[n // 2]
    i = stepper.recording.step_of_send(k)
    there = bits(stepper.to(i + 1).sends[0].after)
    stepper.finish()
    assert bits(stepper.to(i + 1).sends[0].after) == there
    stepper.finish().commit()
    assert np.array_equal(w.grad, 2 * w.data)


def test_pieces_and_whole_arrays_mix():
    """A Tensor that receives single elements, then a whole array, then elements again: every before and after holds."""
    w = Tensor([1.0, 2.0, 3.0], name="w")
    early = w[0] * 2.0
    whole = (w * w).sum()
    p, q, r = w.values()
    stepper = Stepper(p * q * r + whole + early)
    arrivals = stepper.recording.arrivals(stepper.graph["w"].position)
    sends = []
    for k in arrivals:
        node = stepper.recording.node(stepper.recording.step_of_send(k))
        sends.append(stepper.recording.send(node, stepper.recording.final[node.position], k))
    total = np.zeros(3)
    for s in sends:
        assert np.array_equal(s.before, total) or s.first
        total = total + s.amount
        assert np.array_equal(s.after, total)
    assert len(sends) == 6
    for s, k in reversed(list(zip(sends, arrivals, strict=True))):
        node = stepper.recording.node(stepper.recording.step_of_send(k))
        again = stepper.recording.send(node, stepper.recording.final[node.position], k)
        assert bits(again.before) == bits(s.before)
        assert bits(again.after) == bits(s.after)


def test_constants_and_leaves():
    """A constant is refused with advice; a leaf has no steps, and its gradient is the seed."""
    with pytest.raises(GradientError, match="there is no backward pass to step through"):
        Stepper(Value(1.0).detach())
    stepper = Stepper(Value(2.0, name="x"))
    assert (len(stepper), stepper.step(), stepper.grads["x"]) == (0, None, 1.0)
    assert "x is a leaf" in str(stepper)


def test_stale_tensor_is_refused_on_opening():
    """A Tensor written into after the forward pass is named, and nothing is recorded from mixed data."""
    w = Tensor([1.0, 2.0], name="w")
    y = (w * w).sum()
    w[0] = 5.0
    with pytest.raises(StaleError, match="w of shape"):
        Stepper(y)


@pytest.mark.parametrize("seed", [2.0, -0.5])
def test_seed(seed):
    """The seed is the gradient that arrives at the result; everything scales with it."""
    x = Tensor([1.0, 2.0], name="x")
    assert np.array_equal(Stepper((x * x).sum(), seed=seed).finish().grads["x"], 2 * seed * x.data)


def test_large_graph_opens_and_answers_fast():
    """100 000 nodes: opening takes about a second, a step about 250 bytes, and until, jump and rc answer at once."""
    x, w = Value(1.0, name="x"), Value(0.5, name="w")
    y = x
    for i in range(50_000):
        y = y * w + x
        if i == 1_000:
            y.name = "early"
    begin = time.process_time()
    stepper = Stepper(y)
    opened = time.process_time() - begin
    assert len(stepper) == 100_000
    assert opened < 3.0  # 0.6 s on a quiet machine; the bound leaves room for a loaded one
    assert stepper.recording.memory / len(stepper) < 300
    for move in (
        lambda: stepper.until("early"),
        lambda: stepper.to(50_000),
        lambda: (stepper.breakpoints.add("early") and stepper.run_back()) or stepper.run(),
        lambda: stepper.until("explode>1e30"),
        lambda: stepper.back(10),
        lambda: stepper.grads["x"],
    ):
        begin = time.process_time()
        move()
        assert time.process_time() - begin < 1.0


def test_an_array_needs_a_seed_of_its_shape():
    """A Tensor of several elements is stepped through with what arrives at it; without, the message says both ways out."""
    y = Tensor([1.0, 2.0], name="x").exp()
    with pytest.raises(
        ShapeError, match=r"starts from one number, and this Tensor has shape \(2,\).*y\.sum\(\).*seed="
    ):
        Stepper(y)
    assert (
        Stepper(y, seed=np.array([1.0, 0.5])).finish().grads["x"].tolist()
        == np.exp([1.0, 2.0]).dot(np.diag([1.0, 0.5])).tolist()
    )
