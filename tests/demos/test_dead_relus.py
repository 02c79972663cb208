"""The lesson on dead ReLUs: their share grows with the learning rate, and nothing reaches a dead unit."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nn
from demos import dead_relus
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [None, 1])
def test_the_findings(seed: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The share never falls from rate to rate, and rises by far; a dead unit receives a gradient of exactly 0."""
    found = dead_relus.main(Options(out=tmp_path, seed=seed, quick=True))
    shares = [found.dead[rate] for rate in dead_relus.RATES]
    assert all(a <= b for a, b in pairwise(shares))
    assert shares[0] < 0.15
    assert shares[-1] > 0.6
    assert shares[-1] > shares[0] + 0.5
    assert found.before <= shares[0]
    assert found.right[1.0] > 0.95  # a rate that is not too large learns
    assert found.gradient_of_dead == 0
    assert found.died == round(shares[-1] * dead_relus.UNITS * 5)  # 5 networks with --quick
    assert found.came_back == 0
    last = " ".join(capsys.readouterr().out.split()).split("Finding:")[1]
    assert "dead units grows with the learning rate" in last
    assert f"{100 * shares[-1]:.0f} % at {dead_relus.RATES[-1]:g}" in last
    assert (tmp_path / "dead_relus_rates.png").stat().st_size > 10_000
    assert "dead" in (tmp_path / "dead_relus_unit.svg").read_text(encoding="utf-8")


def test_a_unit_is_dead_when_no_example_reaches_it() -> None:
    """One of three units is below 0 on both points, one is above 0 on one of them only."""
    model = nn.Sequential(nn.Linear(2, 3, seed=0), nn.ReLU(), nn.Linear(3, 1, seed=0))
    model[0].load_state_dict({"weight": np.array([[1.0, 0], [-1, 0], [0, 1]]), "bias": np.array([0.0, -5, 0])})
    assert dead_relus.dead_units(model, np.array([[1.0, 1.0], [-1.0, 2.0]])).tolist() == [False, True, False]
