"""The lesson on logistic regression: it learns from the training split alone, and is right on the test split."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from autograd import Tensor
from demos import logistic
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [None, 3])
def test_the_findings(seed: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At least 95 % of the unseen tumours are called right, far more than by calling everybody benign."""
    found = logistic.main(Options(out=tmp_path, seed=seed, quick=True))
    assert found.test_accuracy > 0.95
    assert found.train_accuracy > 0.97
    assert 0.55 < found.always_benign < 0.7
    assert found.test_accuracy == pytest.approx(1 - sum(found.wrong) / 171)
    assert all(np.diff(found.losses) < 0)
    assert found.losses[-1] < 0.08
    out = " ".join(capsys.readouterr().out.split())
    assert f"accuracy of {found.test_accuracy:.1%}" in out.split("Finding:")[1]
    missed, alarmed = found.wrong
    table = re.search(r"is malignant (\d+) (\d+) is benign (\d+) (\d+)", out)
    assert table is not None
    assert [int(n) for n in table.groups()] == [67 - missed, missed, alarmed, 104 - alarmed]
    assert (tmp_path / "logistic_training.png").stat().st_size > 10_000


def test_only_the_training_split_is_standardised_to_0_and_1() -> None:
    """Mean 0 and spread 1 hold for the training split; the test split is shifted by the same numbers, so not for it."""
    split = logistic.load()
    assert split.x_train.shape == (398, 30)
    assert split.x_test.shape == (171, 30)
    assert np.allclose(split.x_train.mean(axis=0), 0, atol=1e-12)
    assert np.allclose(split.x_train.std(axis=0), 1)
    assert np.max(np.abs(split.x_test.mean(axis=0))) > 0.01
    assert split.y_train.sum() + split.y_test.sum() == 212  # malignant tumours in the data


def test_the_gradient_is_the_one_of_the_textbook() -> None:
    """∂loss/∂w = mean of (p − y)·x, and ∂loss/∂b = mean of p − y."""
    split = logistic.load()
    w, b = Tensor(np.linspace(-0.1, 0.1, 30)), Tensor(0.2)
    p = logistic.neuron(split.x_train, w, b)
    logistic.log_loss(p, split.y_train).backward()
    error = p.data - split.y_train
    assert np.allclose(w.grad, error @ split.x_train / len(error), rtol=1e-9, atol=1e-12)
    assert float(b.grad) == pytest.approx(error.mean(), rel=1e-9)


def test_the_neuron_is_drawn_in_its_two_parts(tmp_path: Path) -> None:
    """Both parts are frames of the picture."""
    logistic.main(Options(out=tmp_path, quick=True))
    drawn = (tmp_path / "logistic_neuron.svg").read_text(encoding="utf-8")
    assert "linear part" in drawn
    assert "non-linear part" in drawn or "non&#45;linear part" in drawn
