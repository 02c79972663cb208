"""The lesson on ReLUs: two make a hard sigmoid exactly, value and derivative, and a ReLU network is fitted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from autograd import relu
from demos import two_relus
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module", params=[None, 1])
def found(request: Any, tmp_path_factory: pytest.TempPathFactory) -> two_relus.Findings:
    """Run the lesson once per seed."""
    return two_relus.main(Options(out=tmp_path_factory.mktemp("relus"), seed=request.param, quick=True))


def test_the_identity_holds_to_rounding(found: two_relus.Findings) -> None:
    """Over random w, b and c the two forms differ by 1e-12 at most, in value and in slope."""
    assert found.worst <= 1e-12
    assert found.worst_gradient <= 1e-12
    assert found.red <= 1e-12
    assert found.corner == (0, pytest.approx(1 / 6))  # the corner itself is told as it is


def test_the_identity_against_a_formula_of_its_own() -> None:
    """The two ReLUs are c·clip((b + w·x)/6 + 1/2, 0, 1); with a single one, or another shift, they are not."""
    x = np.linspace(-4, 4, 801)
    for w, b, c in ((4.0, -7.0, -2.5), (-1.0, 2.0, 3.0), (0.5, 0.0, 1.0)):
        expected = c * np.clip((b + w * x) / 6 + 0.5, 0, 1)
        assert two_relus.two_relus(x, w, b, c) == pytest.approx(expected, abs=1e-13)
    expected = np.clip(4 * x / 6 + 0.5, 0, 1)
    assert np.max(np.abs(relu(3 + 4 * x) / 6 - expected)) > 1
    assert np.max(np.abs(relu(3 + 4 * x) / 6 - relu(-2 + 4 * x) / 6 - expected)) > 0.1


def test_the_red_curve_is_six_relus() -> None:
    """Rebuilt from the table of ReLUs alone, at its corners, between and outside them; five of the six are not enough."""
    relus = two_relus.relus_of(two_relus.RED)
    assert len(relus) == 6
    truth = {-1.0: 1.0, 0.0: 1.0, 0.5: 2.0, 1.0: 3.0, 1.75: 1.75, 2.5: 0.5, 3.25: 1.25, 4.0: 2.0, 9.0: 2.0}
    for x, y in truth.items():
        assert 1 + sum(c * max(0.0, x - place) for c, place in relus) == pytest.approx(y, abs=1e-12)
    for left_out in range(6):
        some = relus[:left_out] + relus[left_out + 1 :]
        assert any(abs(1 + sum(c * max(0.0, x - place) for c, place in some) - y) > 0.5 for x, y in truth.items())


def test_relus_fit_in_place_of_sigmoids(found: two_relus.Findings) -> None:
    """Twenty ReLUs fit better than six, and far better than at their start; every loss is that of the output."""
    x = np.linspace(0, 6, 61)
    y = np.sin(2 * x) + 0.3 * x
    losses = {name: fit.losses[-1] for name, fit in found.fits.items()}
    assert list(losses) == ["3 sigmoids", "6 ReLUs", "10 sigmoids", "20 ReLUs"]
    assert losses["20 ReLUs"] < losses["6 ReLUs"] / 2
    assert losses["20 ReLUs"] < 0.06
    for fit in found.fits.values():
        assert np.mean((fit.output - y) ** 2) == pytest.approx(fit.losses[-1], rel=1e-9)
        assert fit.losses[-1] < fit.losses[0] / 2
        assert len(fit.losses) == two_relus.UPDATES + 1


def test_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """First and second add up to the hard sigmoid in each row; the sentence at the end holds the numbers."""
    found = two_relus.main(Options(out=tmp_path, quick=True))
    out = capsys.readouterr().out
    rows = re.findall(r"^ +([\d.]+) +(-?[\d.]+) +(-?[\d.]+) +(-?[\d.]+) +(-?[\d.]+)$", out, re.MULTILINE)
    assert len(rows) == 7
    for x, first, second, together, hard in (tuple(map(float, row)) for row in rows):
        assert first + second == pytest.approx(together, abs=2e-4)
        assert together == hard == pytest.approx(-2.5 * np.clip((4 * x - 7) / 6 + 0.5, 0, 1), abs=1e-4)
    last = " ".join(out.split()).split("Finding:")[1]
    assert f"two ReLUs make a hard sigmoid to {found.worst:.1e}" in last
    assert f"to {found.fits['20 ReLUs'].losses[-1]:.4f}." in last
    assert out.count("(激活函数)") == 1
    for name in ("two_relus_sum.png", "two_relus_fit.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "two_relus_graph.svg").read_text(encoding="utf-8")
