"""The lesson on page views: split by time, least squares reached by gradient descent, the week beats the day on unseen days."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from demos import views
from demos.course import Options, data

if TYPE_CHECKING:
    from pathlib import Path

SERIES = np.array([float(v) for v in data("blog_views.csv")["views"]])
BORDER = len(SERIES) - 91


def least_squares(days: int) -> tuple[float, float, float]:
    """Fit the same model on the same days without scaling and without gradients; give RMSE, RMSE and MAE."""
    rows = np.array([[1, *SERIES[t - days : t][::-1]] for t in range(56, len(SERIES))])
    labels = SERIES[56:]
    known = BORDER - 56
    w, *_ = np.linalg.lstsq(rows[:known], labels[:known], rcond=None)
    errors = rows @ w - labels
    return (
        float(np.sqrt(np.mean(errors[:known] ** 2))),
        float(np.sqrt(np.mean(errors[known:] ** 2))),
        float(np.mean(np.abs(errors[known:]))),
    )


@pytest.fixture(scope="module", params=[None, 1])
def found(request: Any, tmp_path_factory: pytest.TempPathFactory) -> views.Findings:
    """Run the lesson once per seed."""
    return views.main(Options(out=tmp_path_factory.mktemp("views"), seed=request.param, quick=True))


def test_the_week_beats_the_day_on_unseen_days(found: views.Findings) -> None:
    """The finding: seven days have a smaller error than one day and than both naive forecasts, in RMSE and in MAE."""
    seven = found.models[7]
    for other in (found.models[1], found.naive[1], found.naive[7]):
        assert seven.test < 0.95 * other.test
        assert seven.absolute < 0.95 * other.absolute
    assert seven.test < 0.6 * found.models[1].test
    assert found.best == 28
    assert found.models[28].test < 0.95 * min(found.models[7].test, found.models[56].test)


def test_gradient_descent_reaches_least_squares(found: views.Findings) -> None:
    """Each model's errors are those of the closed form, on the same days."""
    for days, score in found.models.items():
        train, test, absolute = least_squares(days)
        assert score.train == pytest.approx(train, rel=1e-4)
        assert score.test == pytest.approx(test, rel=3e-3)
        assert score.absolute == pytest.approx(absolute, rel=3e-3)


def test_the_naive_forecasts(found: views.Findings) -> None:
    """'Same as yesterday' and 'same as seven days ago' are just that."""
    for days in (1, 7):
        copied = SERIES[BORDER - days : -days]
        assert np.array_equal(found.naive[days].forecasts, copied)
        assert found.naive[days].test == pytest.approx(np.sqrt(np.mean((copied - SERIES[BORDER:]) ** 2)))


def test_nothing_of_the_test_days_reaches_the_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With other views in the last 91 days, every weight is the same."""
    before = views.main(Options(out=tmp_path, quick=True)).weights
    table = dict(data("blog_views.csv"))
    table["views"] = [v if t < BORDER else str(100 + 7 * t) for t, v in enumerate(table["views"])]
    monkeypatch.setattr(views, "data", lambda _: table)
    after = views.main(Options(out=tmp_path, quick=True)).weights
    assert all(np.array_equal(before[days], after[days]) for days in views.DAYS)


def test_an_example_holds_yesterday_first() -> None:
    """Row and label belong to the same day, and no day looks at itself."""
    x, y = views.examples(np.arange(10.0), 3, 4)
    assert x[0].tolist() == [3, 2, 1]
    assert y.tolist() == [4, 5, 6, 7, 8, 9]
    assert x[-1].tolist() == [8, 7, 6]


def test_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table and the sentence at the end hold the numbers of the findings, and say of each baseline what is true."""
    found = views.main(Options(out=tmp_path, quick=True))
    out = capsys.readouterr().out
    for days, score in found.models.items():
        assert re.search(rf"model of {days} days? +{score.train:.1f} +{score.test:.1f} +{score.absolute:.1f}\n", out)
    told = " ".join(out.split())
    assert (
        f"It beats the simplest use of that knowledge, copying the day a week ago ({found.naive[7].test:.1f})" in told
    )
    last = told.split("Finding:")[1]
    numbers = [s.test for s in (found.models[7], found.models[1], found.naive[1], found.naive[7], found.models[28])]
    assert all(f"{x:.1f}" in last for x in numbers)
    for term in ("线性模型", "特征", "领域知识", "训练集", "测试集", "梯度下降"):
        assert out.count(f"({term})") == 1
    for name in ("views_forecast.png", "views_errors.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
