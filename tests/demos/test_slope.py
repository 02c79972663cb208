"""The lesson on slopes: its derivative, its secants and its extrema are those of calculus, and what it prints says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from demos import slope
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


def derivative(x: float) -> float:
    """Differentiate x⁴/4 − x³/3 − x² + 1 by hand: x³ − x² − 2x = x (x − 2) (x + 1)."""
    return x * (x - 2) * (x + 1)


@pytest.mark.parametrize("seed", [None, 0, 1, 7])
def test_the_findings(seed: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The tangent has the slope of the formula, the secant tends to it linearly, and the extrema are −1, 0 and 2."""
    found = slope.main(Options(out=tmp_path, seed=seed, quick=True))
    assert found.derivative == pytest.approx(derivative(found.x), rel=1e-13, abs=1e-14)
    assert found.agrees
    second = 3 * found.x**2 - 2 * found.x - 2
    third = 6 * found.x - 2
    for h in (0.01, 1e-4):  # Taylor: secant − tangent = h/2·y″ + h²/6·y‴ + h³/24·6
        expected = h / 2 * second + h**2 / 6 * third + h**3 / 4
        assert found.secants[h] - found.derivative == pytest.approx(expected, rel=1e-3, abs=1e-10)
    assert [e.x for e in found.extrema] == pytest.approx([-1, 0, 2], abs=1e-12)
    assert [e.kind for e in found.extrema] == ["minimum", "maximum", "minimum"]
    assert [e.y for e in found.extrema] == pytest.approx([7 / 12, 1, -5 / 3], abs=1e-12)
    assert found.lowest.x == pytest.approx(2, abs=1e-12)
    last = " ".join(capsys.readouterr().out.split()).split("Finding:")[1]
    assert f"at x = {found.x:g} is {found.derivative:.6g}" in last
    assert "of the 3 places where the slope is 0 the lowest is x = 2.000000" in last


def test_the_slope_is_that_of_the_formula_everywhere() -> None:
    """The derivative by backward pass equals the one by hand."""
    for k in range(-20, 31):
        assert slope.slope_at(k / 10) == pytest.approx(derivative(k / 10), rel=1e-12, abs=1e-14)


def test_no_extremum_is_made_up() -> None:
    """Where the slope keeps its sign nothing is found."""
    assert slope.extrema_between(0.5, 1.5) == []
    assert [round(e.x, 9) for e in slope.extrema_between(1.0, 3.0)] == [2]


def test_the_forward_pass_of_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table of y = 2x + 3 is right, and the terms of the notes stand beside the English ones once."""
    slope.main(Options(out=tmp_path, quick=True))
    out = capsys.readouterr().out
    rows = re.findall(r"^ +(-?\d\.\d) +(-?\d\.\d) +(-?\d\.\d)$", out, re.MULTILINE)
    assert len(rows) == 4
    assert all(float(double) == 2 * float(x) and float(y) == 2 * float(x) + 3 for x, double, y in rows)
    for term in ("前向传播", "反向传播", "导数", "斜率", "切线", "割线", "极值", "极小值", "极大值", "最小值"):
        assert out.count(f"({term})") == 1, term


def test_the_pictures_are_made(tmp_path: Path) -> None:
    """Two plots and the graph of the line."""
    slope.main(Options(out=tmp_path, quick=True))
    for name in ("slope_tangent.png", "slope_extrema.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "slope_line.svg").read_text(encoding="utf-8")
