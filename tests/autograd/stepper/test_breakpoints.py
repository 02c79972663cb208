"""Where a run stops: names, operations, scopes, health, functions; and what cannot be a breakpoint."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograd import InputTypeError, InputValueError, Stepper, Tensor, Value, scope
from autograd.errors import UnknownNameError


@pytest.fixture
def stepper():
    """Two modules in a row, and a loss."""
    x = Value(0.5, name="x")
    h = scope("layers.0", lambda v: (v * 2).tanh())(x)
    k = scope("layers.1", lambda v: (v * 3 + 1).relu())(h)
    loss = k * k
    return Stepper(loss, names={"h": h, "k": k, "loss": loss})


def stops(stepper, what):
    """Give the nodes at which a run with one breakpoint stops."""
    stepper.rewind()
    stepper.breakpoints.clear()
    stepper.breakpoints.add(what)
    found = []
    while (step := stepper.run()) is not None:
        found.append(step.node.id)
    return found


def test_kinds(stepper):
    """Each text form stops where it says, and nowhere else; at the end a run gives None."""
    assert stops(stepper, "h") == ["h"]
    assert stops(stepper, "op:mul") == ["loss", "n2", "n1"]
    assert stops(stepper, "op:×") == ["loss", "n2", "n1"]
    assert stops(stepper, "scope:layers.1") == ["k"]
    assert stops(stepper, "layers") == ["k"]
    assert stops(stepper, "x") == ["n1"]
    assert stops(stepper, lambda s: s.index == 2) == ["n3"]
    assert stops(stepper, stepper.graph["k"].node) == ["k"]
    assert stops(stepper, "nan") == []
    assert stepper.at_end


def test_back_in_time_stops_at_the_same_places(stepper):
    """Running back visits the same stops in the opposite order, and ends at the start."""
    stepper.breakpoints.add("op:mul")
    stepper.finish()
    found = []
    while (step := stepper.run_back()) is not None:
        found.append(step.node.id)
    assert found == ["n2", "loss"]  # n1 is where the cursor stood
    assert (stepper.pos, stepper.edge) == (0, 0)


def test_running_back_from_a_stop_leaves_it(stepper):
    """At a stop, rc goes to the one before and c comes back to the same."""
    stepper.breakpoints.add("op:mul")
    assert stepper.run().node.id == "loss"
    assert stepper.run().node.id == "n2"
    assert stepper.run_back().node.id == "loss"
    assert stepper.run().node.id == "n2"


def test_dead_relu():
    """Dead stops at a ReLU whose input is not above 0, for numbers and for arrays, and the page says so."""
    x = Value(-1.9, name="x")
    stepper = Stepper(x.relu() + x * 2)
    assert stepper.until("dead").node.op.name == "relu"
    assert "dead: input -1.9000 is not above 0" in str(stepper)
    w = Tensor([-1.0, -2.0], name="w")
    assert Stepper((w.relu() + w).sum()).until("dead") is not None
    assert Stepper((Tensor([-1.0, 2.0]).relu()).sum()).until("dead") is None


def test_vanish_and_explode_stop_at_the_crossing():
    """A chain that explodes is stopped where the bound is crossed, once; likewise a vanishing one."""
    x = Value(1.0, name="x")
    y = x
    for _ in range(8):
        y = y * 10.0
    assert stops(Stepper(y), "explode>1e3") == ["n5"]
    assert "exploding" in str(Stepper(y).to("n5") and _at(y, "n5"))
    z = x
    for _ in range(8):
        z = z * 0.1
    assert stops(Stepper(z), "vanish<1e-4") == ["n4"]


def _at(y, name):
    stepper = Stepper(y)
    stepper.to(name)
    return stepper


def test_nan_is_named_at_its_origin():
    """Nan stops where the first number that is not finite comes from, not where it is passed on."""
    v = Value(0.0, name="v")
    stepper = Stepper(v.sqrt() * 2 + 1)
    step = stepper.until("nan")
    assert step.node.op.name == "sqrt"
    assert math.isinf(step.sends[0].amount)
    assert "first that is not finite" in str(stepper)
    forward = Stepper((Value(-0.3, name="v").sqrt() * 2 + 1), direction="forward")
    assert forward.until("nan").node.op.name == "sqrt"
    assert "first that is not finite" in str(forward)


def test_nan_stops_once():
    """Behind its origin a number that is not finite is passed on, and that is no new stop."""
    v, w = Value(0.0, name="v"), Value(0.0, name="w")
    assert stops(Stepper(((v * w).sqrt() * 2), names={}), "nan") == ["n2"]


def test_neighbouring_stops_back_in_time(stepper):
    """Two stops next to each other are both visited on the way back, also from the middle of a step."""
    stepper.breakpoints.add(lambda s: s.index in (1, 2))
    stepper.to(3)
    assert stepper.run_back().index == 1
    stepper.to(2)
    stepper.micro(1)
    assert stepper.run_back().index == 1
    assert stepper.run_back() is None


def test_watch_stops_where_a_node_receives(stepper):
    """A watch on an inner node stops at the steps that send to it, not at its own step."""
    stop = stepper.watch("h")
    assert stepper.run().node.id == "n2"
    assert stop.text == "watch h"
    assert stepper.run() is None


def test_forward_breakpoints(stepper):
    """The same texts stop a forward pass."""
    forward = Stepper(stepper.graph, direction="forward")
    assert forward.until("op:tanh").node.id == "h"
    assert forward.until("explode>2").node.id == "n2"
    assert forward.until("nan") is None


def test_bad_breakpoints(stepper):
    """What cannot be a breakpoint is refused, with what would be one."""
    with pytest.raises(UnknownNameError, match=r"no node 'lss'.*did you mean loss"):
        stepper.breakpoints.add("lss")
    with pytest.raises(UnknownNameError, match=r"no operation 'cosh_'"):
        stepper.breakpoints.add("op:cosh_")
    with pytest.raises(UnknownNameError, match=r"no scope 'head'.*layers.0, layers.1"):
        stepper.breakpoints.add("scope:head")
    with pytest.raises(InputValueError, match="write vanish<NUMBER"):
        stepper.breakpoints.add("vanish>1")
    with pytest.raises(InputTypeError, match="got 3.5"):
        stepper.breakpoints.add(3.5)
    with pytest.raises(UnknownNameError, match=r"no breakpoint 7"):
        stepper.breakpoints.remove(7)


def test_predicate_that_raises_leaves_the_cursor(stepper):
    """An exception from a predicate comes through with a note that says where, and nothing has moved."""
    stepper.step()
    with pytest.raises(ZeroDivisionError) as caught:
        stepper.until(lambda s: 1 / (s.index - 3) > 0)
    assert stepper.pos == 1
    assert any("at step 4" in note and "did not move" in note for note in caught.value.__notes__)


def test_breakpoint_that_is_never_hit(stepper):
    """A run that meets nothing goes to the end; the breakpoint knows that it was not hit."""
    stop = stepper.breakpoints.add("explode>1e9")
    assert stepper.run() is None
    assert (stepper.at_end, stop.count) == (True, 0)


def test_array_sizes_are_norms():
    """For arrays, explode looks at the Euclidean norm."""
    w = Tensor(np.full(4, 30.0), name="w")
    assert Stepper((w * w).sum()).until("explode>50").node.op.name == "mul"
    assert Stepper((w * w).sum()).until("explode>1000") is None
