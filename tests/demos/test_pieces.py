"""The lesson on hard sigmoids: a piecewise linear curve is rebuilt exactly, and a smooth one approached with order 2."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from autograd import Value
from autograd.terminal import display_width
from demos import pieces
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [None, 0, 3, 8])
def test_the_findings(seed: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The red curve is rebuilt to 1e-12, random curves too, and ten times the pieces give a hundredth of the error."""
    found = pieces.main(Options(out=tmp_path, seed=seed, quick=True))
    assert found.worst <= 1e-12
    assert found.random_worst <= 1e-12
    assert len(found.pieces) == 3
    assert found.errors[20] / found.errors[200] == pytest.approx(100, rel=0.05)
    assert all(found.errors[n] <= 4 * (6 / n) ** 2 / 8 + 1e-12 for n in found.errors)
    assert found.errors[200] < 5e-4
    last = " ".join(capsys.readouterr().out.split()).split("Finding:")[1]
    assert f"rebuild the red curve to {found.worst:.1e}" in last
    assert f"{found.errors[100]:.6f} with 100" in last


def test_the_sum_is_the_curve_written_out() -> None:
    """Between its corners the red curve is the straight line, left and right of them it is level."""
    constant, parts = pieces.pieces_of(pieces.RED)
    for (x0, y0), (x1, y1) in pairwise(pieces.RED):
        for share in (0.0, 0.25, 0.5, 1.0):
            expected = y0 + share * (y1 - y0)
            assert pieces.total(constant, parts, x0 + share * (x1 - x0)) == pytest.approx(expected, abs=1e-12)
    assert pieces.total(constant, parts, -100.0) == 1
    assert pieces.total(constant, parts, 100.0) == pytest.approx(2, abs=1e-12)


def test_one_piece_is_a_hard_sigmoid() -> None:
    """Level, a straight slope, level; the slope is c·w/6, seen by the backward pass."""
    piece = pieces.Piece(4.0, -7.0, -2.5)
    assert [piece(x) for x in (0.0, 1.0, 1.75, 2.5, 9.0)] == pytest.approx([0, 0, -1.25, -2.5, -2.5], abs=1e-15)
    for place, expected in ((0.5, 0.0), (1.75, -2.5 * 4 / 6), (3.0, 0.0)):
        x = Value(place)
        piece(x).backward()
        assert x.grad == pytest.approx(expected, abs=1e-15)


def test_a_missing_piece_is_seen() -> None:
    """The distance is no tautology: one piece less, or a wrong height, and it is large."""
    constant, parts = pieces.pieces_of(pieces.RED)
    xs = np.linspace(-1, 5, 601)
    truth = np.interp(xs, *zip(*pieces.RED, strict=True))
    assert np.max(np.abs(pieces.total(constant, parts[:-1], xs) - truth)) == pytest.approx(1.5)
    assert np.max(np.abs(pieces.total(constant + 0.1, parts, xs) - truth)) == pytest.approx(0.1)


def test_random_corners_go_to_the_right() -> None:
    """Made-up curves are functions: x grows."""
    corners = pieces.random_corners(random.Random(2), 12)
    assert len(corners) == 13
    assert all(b[0] > a[0] for a, b in pairwise(corners))


def test_the_table_adds_up(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """In every row constant and pieces give the sum; a narrow terminal has room for it; terms once; pictures there."""
    monkeypatch.setenv("COLUMNS", "48")
    pieces.main(Options(out=tmp_path, quick=True))
    out = capsys.readouterr().out
    rows = [[float(x) for x in line.split()] for line in out.splitlines() if re.fullmatch(r"( +-?\d+\.\d+){6}", line)]
    assert len(rows) == 7
    assert all(sum(row[1:5]) == pytest.approx(row[5], abs=2e-3) for row in rows)
    assert all(display_width(line) <= 48 for line in out.splitlines() if not line.startswith("picture: "))
    for term in ("分段线性曲线", "硬 Sigmoid"):
        assert " ".join(out.split()).count(f"({term})") == 1
    for name in ("pieces_sum.png", "pieces_more.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "pieces_graph.svg").read_text(encoding="utf-8")
