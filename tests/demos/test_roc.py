"""The lesson on the ROC curve: its area is scikit-learn's, exceeds 0.99, and chance and perfection have theirs."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from demos import roc
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [None, 3])
def test_the_findings(seed: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """AUC > 0.99 on the test split, equal to scikit-learn's; 0.5 for chance, 1 for perfection."""
    found = roc.main(Options(out=tmp_path, seed=seed, quick=True))
    assert found.auc > 0.99
    assert found.auc == pytest.approx(found.scikit_learn, abs=1e-12)
    assert found.pairs == pytest.approx(found.auc, abs=1e-12)
    assert found.perfect == 1
    assert found.constant == 0.5
    mean, low, high = found.random
    assert mean == pytest.approx(0.5, abs=0.02)
    assert low < 0.5 < high
    rising = [found.rates[t] for t in sorted(found.rates, reverse=True)]
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in itertools.pairwise(rising))
    last = " ".join(capsys.readouterr().out.split()).split("Finding:")[1]
    assert f"AUC = {found.auc:.4f}, which is scikit-learn's" in last
    assert (tmp_path / "roc_curve.png").stat().st_size > 10_000


def test_our_area_is_scikit_learns_on_random_scores_with_ties() -> None:
    """Ties make diagonal pieces; both areas agree, and turning the scores round turns the area round."""
    random = np.random.default_rng(0)
    for _ in range(20):
        y = random.integers(0, 2, 40)
        y[:2] = 0, 1
        score = random.integers(0, 6, 40) / 6
        ours = roc.area(*roc.curve(score, y))
        assert ours == pytest.approx(roc_auc_score(y, score), abs=1e-12)
        assert roc.area(*roc.curve(-score, y)) == pytest.approx(1 - ours, abs=1e-12)


def test_the_rates_at_a_threshold() -> None:
    """Counted by hand: 2 of 3 found, 1 of 2 alarmed."""
    y = np.array([1, 1, 1, 0, 0])
    assert roc.rates_at(np.array([0.9, 0.7, 0.2, 0.8, 0.1]), y, 0.5) == (2 / 3, 1 / 2)
