"""The lesson on the learning rate: slow, converging and diverging runs, and the border at 2 / curvature."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from demos import learning_rate
from demos.course import Options, data

if TYPE_CHECKING:
    from pathlib import Path

TABLE = data("tadpoles.csv")
TIMES, VOLUMES = ([float(x) for x in TABLE[column]] for column in ("time", "volume"))
CURVATURE = 2 * float(np.mean(np.square(TIMES)))


@pytest.mark.parametrize("seed", [None, 0, 3])
def test_the_findings(seed: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The border is 2 / curvature, found by trying too; each run ends as its factor says."""
    found = learning_rate.main(Options(out=tmp_path, seed=seed, quick=True))
    assert found.curvature == pytest.approx(CURVATURE, rel=1e-12)
    assert found.critical == pytest.approx(2 / CURVATURE, rel=1e-12)
    assert found.measured == pytest.approx(2 / CURVATURE, abs=2e-9)
    verdicts = [run.verdict for run in found.runs.values()]
    assert verdicts[0] == "slow"
    assert verdicts[-2:] == ["diverged", "diverged"]
    assert set(verdicts[2:-2]) == {"converged"}
    for rate, run in found.runs.items():
        factor = 1 - rate * CURVATURE
        distance = np.array(run.ws[:20]) - found.best
        assert distance == pytest.approx(distance[0] * factor ** np.arange(len(distance)), rel=1e-6, abs=1e-12)
        assert (run.verdict == "diverged") == (abs(factor) > 1)
        if run.verdict == "converged":
            assert abs(run.ws[-1] - found.best) < learning_rate.CLOSE <= abs(run.ws[-2] - found.best)
            assert all(after <= before for before, after in pairwise(run.losses))
    last = " ".join(capsys.readouterr().out.split()).split("Finding:")[1]
    assert f"{2 / CURVATURE:.8f}, and trying finds it at {found.measured:.8f}" in last


def test_divergence_is_reported_at_the_first_bad_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first update without a finite loss is named, nothing is nan, and it grew from the first update on."""
    found = learning_rate.main(Options(out=tmp_path, quick=True))
    told = " ".join(capsys.readouterr().out.split())
    for run in list(found.runs.values())[-2:]:
        assert run.first_growth == 1
        assert run.first_bad == run.updates
        assert math.isinf(run.losses[-1])
        assert all(math.isfinite(x) for x in run.losses[:-1])
        assert all(math.isfinite(w) for w in run.ws)
        assert f"at update {run.first_bad} the loss is inf" in told
    factor = abs(1 - CURVATURE)  # at rate 1 the squared distance passes the largest float after so many updates
    largest = math.log(1.797e308) - math.log(sum(t * t for t in TIMES))
    expected = math.ceil((largest - 2 * math.log(2 - found.best)) / (2 * math.log(factor)))
    assert abs(found.runs[1.0].updates - expected) <= 1


def test_with_two_parameters_the_steepest_direction_sets_the_border() -> None:
    """The border is 2 / the greatest eigenvalue of the matrix of second derivatives, and the runs beside it say so."""
    plane = learning_rate.in_the_plane((TIMES, VOLUMES))
    mean = float(np.mean(TIMES))
    expected = np.linalg.eigvalsh([[CURVATURE, 2 * mean], [2 * mean, 2]])
    assert plane.curvatures == pytest.approx(list(expected), rel=1e-10)
    assert plane.critical == pytest.approx(2 / expected[-1], rel=1e-10)
    assert plane.critical < 2 / CURVATURE
    assert plane.below
    assert plane.above


def test_one_update_arrives_at_rate_one_over_curvature() -> None:
    """A parabola is solved by a single update."""
    best = sum(t * v for t, v in zip(TIMES, VOLUMES, strict=True)) / sum(t * t for t in TIMES)
    run = learning_rate.descend(1 / CURVATURE, 2.0, best, (TIMES, VOLUMES), 10)
    assert run.updates == 1
    assert run.ws[-1] == pytest.approx(best, rel=1e-12)


def test_growth_is_told_on_both_sides_of_the_border() -> None:
    """A rate just below the border shrinks the slope, one just above lets it grow."""
    points = (TIMES, VOLUMES)
    assert not learning_rate.grows(2 / CURVATURE - 1e-7, 1.0, points)
    assert learning_rate.grows(2 / CURVATURE + 1e-7, 1.0, points)


def test_the_pictures_are_made(tmp_path: Path) -> None:
    """Both pictures are PNG files."""
    learning_rate.main(Options(out=tmp_path, quick=True))
    for name in ("learning_rate_runs.png", "learning_rate_needed.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
