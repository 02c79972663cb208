"""The lesson on learning rates finds what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demos import learning_rate
from demos.course import Options, data

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> learning_rate.Findings:
    """Run the lesson once."""
    out = tmp_path_factory.mktemp("rate")
    findings = learning_rate.main(Options(out=out, quick=True))
    assert (out / "learning_rate.png").exists()
    return findings


def test_the_border_is_two_over_the_curvature(found: learning_rate.Findings) -> None:
    """The curvature of the mean squared error in w is 2/n Σ t²."""
    times = [float(t) for t in data("tadpoles.csv")["time"]]
    assert found.curvature == pytest.approx(2 / len(times) * sum(t * t for t in times), rel=1e-12)
    assert found.border == pytest.approx(2 / found.curvature)


def test_each_side_of_the_border(found: learning_rate.Findings) -> None:
    """Below it no run is ever worse than at its start; above it every run diverges, and says from which update on."""
    for run in found.runs:
        if run.rate < found.border:
            assert run.bad is None
            assert run.losses[-1] < run.losses[0]
        else:
            assert (run.verdict, run.bad) == ("diverges", 1)
            assert run.losses[-1] > 1000 * run.losses[0]


def test_each_update_multiplies_the_distance_by_the_factor(found: learning_rate.Findings) -> None:
    """1 − learning rate × curvature, to the last digits that the distance still has."""
    best = found.runs[3].path[-1]
    for run in found.runs:
        factor = 1 - run.rate * found.curvature
        assert run.path[1] - best == pytest.approx(factor * (run.path[0] - best), rel=1e-9, abs=1e-12)


def test_too_small_is_slow_and_half_the_border_is_fastest(found: learning_rate.Findings) -> None:
    """The smallest rate does not arrive in time, half the border takes one update."""
    assert found.runs[0].verdict == "slow"
    assert found.fastest == pytest.approx(found.border / 2)
    assert min(r.updates for r in found.runs if r.verdict == "arrives") == 1


def test_with_two_parameters_the_steepest_direction_decides(found: learning_rate.Findings) -> None:
    """A hundredth below the border comes down, a hundredth above flies away; it is lower than with w alone."""
    border, below, above = found.both
    assert (below, above) == (True, False)
    assert border < found.border


@pytest.mark.parametrize("seed", [1, 5])
def test_other_starts(seed: int, tmp_path: Path) -> None:
    """The border does not depend on where a run starts."""
    runs = learning_rate.main(Options(out=tmp_path, seed=seed, quick=True)).runs
    assert [r.verdict == "diverges" for r in runs] == [share > 1 for share in learning_rate.SHARES]
