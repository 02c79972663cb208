"""Losses of networks as compiled programs: one recording serves for all weights, and gives what the eager engine gives."""

from __future__ import annotations

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import value_and_grad

RNG = np.random.default_rng(3)
X = RNG.normal(size=(4, 2))
LABELS = np.array([0, 2, 1, 2])
CASES = {
    "cross-entropy": lambda s: nn.CrossEntropy()(s, LABELS),
    "cross-entropy, smoothed": lambda s: nn.CrossEntropy(label_smoothing=0.1)(s, LABELS),
    "NLL": lambda s: nn.NLL()(nn.LogSoftmax()(s), LABELS),
    "softmax": lambda s: nn.MSE()(nn.Softmax()(s), np.eye(3)[LABELS]),
    "BCE": lambda s: nn.BCE()(ag.sigmoid(s), np.eye(3)[LABELS]),
    "BCE from logits": lambda s: nn.BCEWithLogits()(s, np.eye(3)[LABELS]),
    "hinge": lambda s: nn.Hinge()(s, 2 * np.eye(3)[LABELS] - 1),
    "L1": lambda s: nn.MAE()(s, np.eye(3)[LABELS]),
}


@pytest.mark.parametrize("case", CASES)
def test_one_recording_serves_for_all_weights(case):
    """No guard, and the eager value and gradient, far from where it was recorded too."""

    def loss(w, b):
        return CASES[case](X @ w.T + b)

    program = ag.compile(loss, np.zeros((3, 2)), np.zeros(3))
    eager = value_and_grad(loss, (0, 1))
    for scale in (0.1, 1.0, 30.0):
        w, b = scale * RNG.normal(size=(3, 2)), RNG.normal(size=3)
        value, slopes = program.value_and_grad(w, b)
        expected, wanted = eager(w, b)
        np.testing.assert_allclose(value, expected, rtol=1e-11)
        for found, other in zip(slopes, wanted, strict=True):
            np.testing.assert_allclose(found, other, rtol=1e-9, atol=1e-12)
    assert len(program.branches) == 1
    assert not program.branches[0].guards
