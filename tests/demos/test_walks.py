"""The walks of the README: three graphs in the debugger, each showing what it is there for."""

from __future__ import annotations

import pytest

from autograd import Stepper
from demos import walks


def test_tadpoles_slope_is_a_sum_of_seven():
    """W is used once per tadpole: seven sends, and their sum is the slope of the loss."""
    stepper = Stepper(walks.tadpoles).finish()
    assert len(stepper.recording.arrivals(stepper.graph["w"].position)) == 7
    assert stepper.grads["w"] == pytest.approx(-5.9242857, abs=1e-6)


def test_network_stops_at_its_layers():
    """The layers are breakpoints, and the output's gradient at the logit is p − y."""
    stepper = Stepper(walks.network)
    assert stepper.until("scope:output").node.op.name == "sigmoid"
    assert stepper.current.sends[0].amount == pytest.approx(walks.p.data - 1)
    assert stepper.until("scope:hidden").node.op.name == "tanh"


def test_broken_network_names_each_fault():
    """An infinite slope, an exploding chain and a dead ReLU are found, each by its own breakpoint."""
    stepper = Stepper(walks.broken)
    assert stepper.until("nan").node.op.name == "sqrt"
    assert stepper.rewind().until("dead").node.op.name == "relu"
    assert stepper.rewind().until("explode>1e3").node.op.name == "mul"
