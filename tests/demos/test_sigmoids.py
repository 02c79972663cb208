"""The lesson on soft sigmoids: slope, shift and height, nearness to the hard one, and ten fit better than three and one."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from demos import sigmoids
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module", params=[None, 1])
def found(request: Any, tmp_path_factory: pytest.TempPathFactory) -> sigmoids.Findings:
    """Run the lesson once per seed."""
    return sigmoids.main(Options(out=tmp_path_factory.mktemp("sigmoids"), seed=request.param, quick=True))


def test_more_sigmoids_fit_better(found: sigmoids.Findings) -> None:
    """Ten beat three and three beat one, by far; every loss is that of the network as it stands."""
    x = np.linspace(0, 6, 61)
    y = np.sin(2 * x) + 0.3 * x
    losses = {count: fit.losses[-1] for count, fit in found.fits.items()}
    assert losses[10] < losses[3] / 10 < losses[1] / 40
    assert losses[10] < 0.005
    for count, fit in found.fits.items():
        by_hand = fit.b0 + sum(c / (1 + np.exp(-(b + w * x))) for w, b, c in zip(fit.w, fit.b, fit.c, strict=True))
        assert len(fit.w) == count
        assert np.mean((by_hand - y) ** 2) == pytest.approx(losses[count], rel=1e-9)
        assert losses[count] < fit.losses[100] < fit.losses[0]


def test_one_sigmoid_cannot_do_what_ten_do(found: sigmoids.Findings) -> None:
    """A single sigmoid is monotonic: the best monotonic curve is a bound that it does not break."""
    x = np.linspace(0, 6, 61)
    y = np.sin(2 * x) + 0.3 * x
    blocks: list[list[float]] = []  # isotonic regression: merge neighbours that fall (pool adjacent violators)
    for value in y:
        blocks.append([value, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            mean, n = blocks.pop()
            blocks[-1] = [(blocks[-1][0] * blocks[-1][1] + mean * n) / (blocks[-1][1] + n), blocks[-1][1] + n]
    rising = np.concatenate([[mean] * int(n) for mean, n in blocks])
    bound = float(np.mean((rising - y) ** 2))
    assert found.fits[1].losses[-1] > bound > 100 * found.fits[10].losses[-1]


def test_the_soft_sigmoid_comes_near_the_hard_one(found: sigmoids.Findings) -> None:
    """Fitted, it is nowhere 8 % away, and nearer than with w = 1; steeper by two, half the area."""
    w, b, c = found.soft
    assert b == pytest.approx(0, abs=0.05)
    assert c == pytest.approx(1, abs=0.03)
    z = np.linspace(-10, 10, 4001)
    hard = np.clip(z / 6 + 0.5, 0, 1)
    distance = np.abs(c / (1 + np.exp(-(b + w * z))) - hard)
    assert found.gap == pytest.approx(distance.max(), abs=1e-4)
    assert found.gap < 0.08
    assert np.mean(distance**2) < np.mean((1 / (1 + np.exp(-z)) - hard) ** 2)
    steep = list(found.areas.values())
    assert [a / b for a, b in pairwise(steep)] == pytest.approx([2, 2, 2], rel=1e-3)


def test_the_table_of_shapes_is_true(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In each row the middle is −b/w, the slope there c·w/4."""
    found = sigmoids.main(Options(out=tmp_path, quick=True))
    out = capsys.readouterr().out
    rows = re.findall(r"^ +(-?\d) +(-?\d) +(-?\d) +(-?[\d.]+) +(-?[\d.]+) +(\d)$", out, re.MULTILINE)
    assert len(rows) == 5
    for w, b, c, middle, slope, height in (tuple(map(float, row)) for row in rows):
        assert middle == pytest.approx(-b / w, abs=1e-9)
        assert slope == pytest.approx(c * w / 4)
        assert height == (c if w > 0 else 0)
    last = " ".join(out.split()).split("Finding:")[1]
    assert f"{found.fits[10].losses[-1]:.5f} with 10: more fit better." in last
    for term in ("激活函数", "硬 Sigmoid", "超参数", "梯度下降", "均方误差"):
        assert out.count(f"({term})") == 1
    for name in ("sigmoids_shapes.png", "sigmoids_hard.png", "sigmoids_fit.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
