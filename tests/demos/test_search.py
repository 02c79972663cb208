"""The lesson on searching: the grid and gradient descent find the same place, and only one of them can grow."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from demos import search
from demos.course import Options, data

if TYPE_CHECKING:
    from pathlib import Path

VIEWS = np.array([float(v) for v in data("blog_views.csv")["views"]])
SCALED = (VIEWS - VIEWS.mean()) / VIEWS.std()
TODAY, TOMORROW = SCALED[55:-1], SCALED[56:]


def exact() -> tuple[float, float]:
    """Give b and w of the line by the textbook: w = covariance / variance."""
    w = float(np.cov(TODAY, TOMORROW, bias=True)[0, 1] / np.var(TODAY))
    return float(TOMORROW.mean() - w * TODAY.mean()), w


@pytest.fixture(scope="module", params=[None, 2])
def found(request: Any, tmp_path_factory: pytest.TempPathFactory) -> search.Findings:
    """Run the lesson once per seed."""
    return search.main(Options(out=tmp_path_factory.mktemp("search"), seed=request.param, quick=True))


def test_both_ways_find_the_same_place(found: search.Findings) -> None:
    """The grid comes as near as its step lets it, descent much nearer, with far fewer losses."""
    assert found.exact == pytest.approx(exact(), rel=1e-9)
    for size, grid in found.grids.items():
        assert np.max(np.abs(grid.best - exact())) <= size / 2 + 1e-9
        b, w = grid.best
        assert grid.loss == pytest.approx(np.mean((b + w * TODAY - TOMORROW) ** 2), rel=1e-12)
        assert grid.loss >= np.mean((exact()[0] + exact()[1] * TODAY - TOMORROW) ** 2)
    assert [g.tried for g in found.grids.values()] == [21 * 31, 41 * 61, 201 * 301]
    assert np.max(np.abs(found.descent.path[-1] - exact())) < 1e-4
    assert found.descent.updates < 400
    assert all(b < a for a, b in itertools.pairwise(found.descent.losses))


def test_the_descent_follows_the_gradient(found: search.Findings) -> None:
    """Each step is learning rate × gradient by the formula."""
    for k in (0, 5, 60):
        b, w = found.descent.path[k]
        errors = b + w * TODAY - TOMORROW
        step = search.LEARNING_RATE * np.array([2 * errors.mean(), 2 * (errors * TODAY).mean()])
        assert found.descent.path[k + 1] == pytest.approx(found.descent.path[k] - step, rel=1e-10)


def test_search_grows_exponentially_and_descent_does_not(found: search.Findings) -> None:
    """Eleven times the points for every parameter; descent arrives with 57 parameters in under a thousand updates."""
    assert {count: s.tried for count, s in found.searches.items()} == {n: 11**n for n in (2, 3, 4, 5)}
    for count, s in found.searches.items():
        assert found.least[count] < found.descents[count].losses[-1] < s.loss
    for count, descent in found.descents.items():
        assert descent.losses[-1] <= 1.001 * found.least[count]
        assert descent.updates < 1000
    assert found.descents[57].updates < 20 * found.descents[2].updates


def test_nothing_is_missed_by_the_search() -> None:
    """All combinations are tried, against plain loops."""
    x, y = search.samples(SCALED, 2)
    axes = [np.linspace(-1, 1, 5)] * 3
    best = min(itertools.product(*axes), key=lambda p: float(np.mean((x @ np.array(p) - y) ** 2)))
    result = search.try_all(axes, x, y)
    assert result.tried == 125
    assert tuple(result.best) == best


def test_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table has the counted searches, and the sentence at the end the numbers of the findings."""
    found = search.main(Options(out=tmp_path, quick=True))
    out = capsys.readouterr().out
    for count, s in found.searches.items():
        assert re.search(rf"^ +{count} +{s.tried} +{s.loss:.4f} +{found.descents[count].updates} ", out, re.MULTILINE)
    last = " ".join(out.split()).split("Finding:")[1]
    assert "trying 60501 pairs" in last
    assert f"descent needs {found.descents[57].updates} updates" in last
    for term in ("穷举", "梯度下降", "优化", "参数"):
        assert out.count(f"({term})") == 1
    for name in ("search_surface.png", "search_cost.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
