"""The lesson on handwritten digits: 16 × 16 inputs, ten shares, and the accuracy that the issue asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from demos import digits
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


def test_the_findings_of_the_full_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At least 93 % of the unseen digits are read right."""
    found = digits.main(Options(out=tmp_path))
    assert found.test_accuracy >= 0.93
    assert found.train_accuracy > found.test_accuracy
    assert found.losses[-1] < 0.2 * found.losses[0]
    assert found.confusion.sum() == 1000
    assert found.test_accuracy == pytest.approx(np.trace(found.confusion) / 1000)
    assert found.sums < 1e-12
    out = capsys.readouterr().out
    last = " ".join(out.split()).split("Finding:")[1]
    assert f"accuracy of {found.test_accuracy:.1%}" in last
    rows = re.findall(r"^   (\d)  ((?: +(?:\d+|\.)){10})$", out, re.MULTILINE)
    printed = [[int(n.replace(".", "0")) for n in row.split()] for _, row in rows]
    assert printed == found.confusion.tolist()
    assert (tmp_path / "digits_confusion.png").stat().st_size > 10_000


@pytest.mark.parametrize("seed", [2])
def test_the_findings_of_a_short_run(seed: int, tmp_path: Path) -> None:
    """A few epochs are far better than chance, from any start."""
    found = digits.main(Options(out=tmp_path, seed=seed, quick=True))
    assert found.test_accuracy > 0.88
    assert all(np.diff(found.losses) < 0)


def test_averaging_down_keeps_the_ink() -> None:
    """Padding adds none, and the mean of 2 × 2 places keeps a quarter of the sum; a stroke stays where it was."""
    picture = np.zeros((1, 28, 28))
    picture[0, 4:6, 10:12] = 1
    small = digits.averaged_down(picture)
    assert small.shape == (1, 16, 16)
    assert small.sum() * 4 == picture.sum()
    assert small[0, 3, 6] == 1


def test_the_split_is_fixed_and_the_test_digits_are_not_looked_at() -> None:
    """4000 and 1000; mean 0 and spread 1 of the training split only."""
    data = digits.load()
    assert data.x_train.shape == (4000, 256)
    assert data.x_test.shape == (1000, 256)
    assert data.x_train.mean() == pytest.approx(0, abs=1e-9)
    assert data.x_train.std() == pytest.approx(1, abs=1e-9)
    assert abs(data.x_test.mean()) > 1e-4
    assert np.bincount(np.concatenate([data.y_train, data.y_test])).tolist() == [500] * 10
