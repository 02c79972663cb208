"""The first lesson: what it finds is true, and what it prints says so."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from autograd import Value
from demos import tadpoles
from demos.course import Options, data

if TYPE_CHECKING:
    from pathlib import Path

TIMES = [0.8, 1.7, 2.7, 3.2, 3.7, 4.2, 4.2]
VOLUMES = [1.0, 0.9, 2.4, 2.9, 2.8, 3.8, 2.7]


def test_the_data_are_the_seven_points_of_the_course() -> None:
    """The file holds the course's numbers."""
    table = data("tadpoles.csv")
    assert [float(t) for t in table["time"]] == TIMES
    assert [float(v) for v in table["volume"]] == VOLUMES


def test_the_loss_and_its_slope_are_those_of_the_parabola() -> None:
    """The mean squared error and its derivative agree with the formulas, at several w."""
    t, v = np.array(TIMES), np.array(VOLUMES)
    for start in (0.0, 0.5, 1.0, 2.0):
        w = Value(start)
        loss = tadpoles.loss_of(w, TIMES, VOLUMES)
        loss.backward()
        assert loss.data == pytest.approx(np.mean((start * t - v) ** 2), rel=1e-12)
        assert w.grad == pytest.approx(np.mean(2 * (start * t - v) * t), rel=1e-12)


@pytest.mark.parametrize("seed", [None, 0, 1, 7])
def test_the_findings(seed: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """C reaches the least-squares w to 1e-6; B moves 19 times further away at each update; A walks on by its fixed value."""
    found = tadpoles.main(Options(out=tmp_path, seed=seed, quick=True))
    (best,), *_ = np.linalg.lstsq(np.array(TIMES)[:, None], np.array(VOLUMES), rcond=None)
    fixed, bare, scaled = found.paths.values()
    assert found.best == pytest.approx(best, rel=1e-12)
    assert abs(scaled[-1] - best) < 1e-6
    assert len(scaled) - 1 == found.updates < tadpoles.UPDATES
    assert fixed[0] == bare[0] == scaled[0]
    assert 0 <= fixed[0] <= 2

    curvature = 2 * np.mean(np.square(TIMES))
    assert found.growth == pytest.approx(curvature - 1, rel=1e-6)
    distances = [abs(w - best) for w in bare]
    assert all(after > 18 * before for before, after in pairwise(distances))
    assert all((x - best) * (y - best) < 0 for x, y in pairwise(bare))  # to the other side each time
    assert np.allclose(np.diff(fixed), -tadpoles.FIXED)
    assert abs(fixed[-1] - best) > 10

    out = " ".join(capsys.readouterr().out.split())
    assert "It diverges" in out
    last = out.split("Finding:")[1]
    assert f"{found.updates} updates" in last
    assert f"{best:.6f}" in last


def test_the_five_steps_are_shown_with_their_terms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Initialise, forward, loss, backward, update: numbered, in order, with the Chinese term beside each at first use."""
    tadpoles.main(Options(out=tmp_path, quick=True))
    out = capsys.readouterr().out
    found = re.findall(r"^(\d)\. (Initialise|Forward pass|Loss|Backward pass|Update)", out, re.MULTILINE)
    assert found == [("1", "Initialise"), ("2", "Forward pass"), ("3", "Loss"), ("4", "Backward pass"), ("5", "Update")]
    for term in (
        "初始化",
        "前向传播",
        "损失函数",
        "反向传播",
        "学习率",
        "梯度下降",
        "单点误差",
        "均方误差",
        "参数更新",
    ):
        assert out.count(f"({term})") == 1
    slope = float(re.search(r"gradient \(梯度\): (-?[\d.]+)", " ".join(out.split()))[1].rstrip("."))  # type: ignore[index]
    assert slope == pytest.approx(24.088571, abs=1e-5)


def test_the_table_is_true(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each number of the table follows from the closed form of its rule."""
    tadpoles.main(Options(out=tmp_path, quick=True))
    best = 55.75 / 70.03
    curvature = 2 * 70.03 / 7
    rows = [
        line.split()
        for line in capsys.readouterr().out.splitlines()
        if re.match(r" {2,}\d+ +-?[\d.]+ ", line) and len(line.split()) == 5
    ]
    rows = [r for r in rows if r[0].isdigit()]
    assert len(rows) > 10
    for k, a, b, c, loss in rows:
        n = int(k)
        assert float(a) == pytest.approx(2 - 0.5 * n, rel=1e-5)
        assert b == "(stopped)" or float(b) == pytest.approx(best + (2 - best) * (1 - curvature) ** n, rel=1e-4)
        w = best + (2 - best) * (1 - 0.01 * curvature) ** n
        assert float(c) == pytest.approx(w, rel=1e-4)
        expected = np.mean((w * np.array(TIMES) - np.array(VOLUMES)) ** 2)
        assert float(loss) == pytest.approx(expected, abs=1e-5)


def test_the_pictures_are_made(tmp_path: Path) -> None:
    """Both pictures are PNG files of some size."""
    tadpoles.main(Options(out=tmp_path, quick=True))
    for name in ("tadpoles_fit.png", "tadpoles_paths.png"):
        content = (tmp_path / name).read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) > 10_000


def test_a_path_stops_at_the_best_w_and_far_away() -> None:
    """A walk ends when w is close, when it has diverged, or when its updates are used up."""
    points = (TIMES, VOLUMES)
    best = 55.75 / 70.03
    assert len(tadpoles.descend(lambda w, _: w, 2.0, best, points)) == tadpoles.UPDATES + 1
    assert len(tadpoles.descend(lambda w, _: best, 2.0, best, points)) == 2
    assert math.isclose(tadpoles.descend(lambda w, _: 1e7, 2.0, best, points)[-1], 1e7)
