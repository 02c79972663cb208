"""Starting values: bounds and variances of the papers, one seed, one network."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nn
from nn import init


@pytest.mark.parametrize(
    ("fill", "std", "bound"),
    [
        (lambda p: init.xavier_uniform_(p, seed=0), math.sqrt(2 / 500), math.sqrt(6 / 500)),
        (lambda p: init.xavier_normal_(p, 2.0, seed=0), 2 * math.sqrt(2 / 500), None),
        (lambda p: init.he_uniform_(p, seed=0), math.sqrt(2 / 200), math.sqrt(6 / 200)),
        (lambda p: init.he_normal_(p, mode="fan_out", nonlinearity="relu", seed=0), math.sqrt(2 / 300), None),
        (lambda p: init.he_uniform_(p, a=math.sqrt(5), seed=0), 1 / math.sqrt(600), 1 / math.sqrt(200)),
        (lambda p: init.normal_(p, 0, 0.3, seed=0), 0.3, None),
        (lambda p: init.uniform_(p, -0.2, 0.2, seed=0), 0.2 / math.sqrt(3), 0.2),
    ],
)
def test_spread(fill, std, bound):
    """Each rule has the spread and the bound of its formula, at both magnifications the same numbers."""
    p = fill(nn.Parameter(np.zeros((300, 200))))
    assert abs(p.data.mean()) < 0.01 * std * 3
    assert p.data.std() == pytest.approx(std, rel=0.01)
    if bound is not None:
        assert 0.999 * bound < np.abs(p.data).max() <= bound
    v = fill(nn.parameter.as_values(np.zeros((300, 2)))) if bound is None else None
    assert v is None or v[0, 0].data != 0


def test_zoomed_parameters_get_the_same_numbers():
    """A seed fills a Tensor and an array of Values alike."""
    t, v = nn.Parameter(np.zeros((3, 4))), nn.parameter.as_values(np.zeros((3, 4)))
    for fill in (init.xavier_normal_, init.kaiming_uniform_, init.normal_):
        assert np.array_equal(fill(t, seed=3).data, nn.parameter.data_of(fill(v, seed=3)))
    assert np.array_equal(init.ones_(t).data, np.ones((3, 4)))
    assert not init.zeros_(t).data.any()
    assert (init.constant_(t, 2.5).data == 2.5).all()


def test_gains():
    """Gains are PyTorch's table."""
    assert init.calculate_gain("tanh") == pytest.approx(5 / 3)
    assert init.calculate_gain("relu") == pytest.approx(math.sqrt(2))
    assert init.calculate_gain("leaky_relu", 1.0) == pytest.approx(1)
    assert init.calculate_gain("linear") == 1


def test_a_generator_is_drawn_from():
    """A Generator passed as seed is used up, so that layers made from one differ."""
    source = np.random.default_rng(0)
    a, b = nn.Linear(2, 2, seed=source), nn.Linear(2, 2, seed=source)
    assert not np.array_equal(a.weight.data, b.weight.data)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: init.xavier_uniform_(nn.Parameter([1.0])), "two or more axes"),
        (lambda: init.he_normal_(nn.Parameter([[1.0]]), mode="fan"), "fan_in"),
        (lambda: init.calculate_gain("softermax"), "no gain"),
        (lambda: nn.manual_seed(-1), "0 or more"),
        (lambda: nn.manual_seed("a"), "whole number"),
        (lambda: nn.manual_seed(True), "whole number"),
    ],
)
def test_refused(make, words):
    """What cannot work is refused."""
    with pytest.raises((ValueError, TypeError), match=words):
        make()
