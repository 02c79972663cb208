"""The lesson on activation functions: curves, slopes, saturation and sparsity are those of the formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from demos import activations
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [None, 4])
def test_the_findings(seed: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Values and slopes agree with the textbook; ReLU keeps its slope at 10, and half of its units are silent."""
    found = activations.main(Options(out=tmp_path, seed=seed, quick=True))
    x = np.array(activations.AT)
    s = 1 / (1 + np.exp(-x))
    expected = {
        "sigmoid": (s, s * (1 - s)),
        "tanh": (np.tanh(x), 1 / np.cosh(x) ** 2),
        "ReLU": (np.maximum(x, 0), (x > 0) * 1.0),
        "hard sigmoid": (np.clip(x / 6 + 0.5, 0, 1), (np.abs(x) < 3) / 6),
    }
    for name, (values, slopes) in expected.items():
        assert found.values[name] == pytest.approx(values, rel=1e-9, abs=1e-15)
        assert found.slopes[name] == pytest.approx(slopes, rel=1e-9, abs=1e-15)
    assert found.steepest == pytest.approx({"sigmoid": 0.25, "tanh": 1, "ReLU": 1, "hard sigmoid": 1 / 6})
    # the slope is 1 % of its largest where σ(1 − σ) = 0.0025 and where 1/cosh² = 0.01
    sigmoid_flat = -np.log(0.5 - np.sqrt(0.25 - 0.0025)) + np.log(0.5 + np.sqrt(0.25 - 0.0025))
    assert found.flat_from["sigmoid"] == pytest.approx(sigmoid_flat, abs=0.01)
    assert found.flat_from["tanh"] == pytest.approx(np.arccosh(10), abs=0.01)
    assert found.flat_from["hard sigmoid"] == 3
    assert found.flat_from["ReLU"] is None

    assert all(0.4 < share < 0.6 for share in found.zeros["ReLU"])
    assert found.zeros["sigmoid"] == found.zeros["tanh"] == [0.0] * activations.DEPTH
    assert found.paths == pytest.approx(np.prod([1 - z for z in found.zeros["ReLU"]]))
    assert found.paths == pytest.approx(2**-activations.DEPTH, rel=0.3)
    last = " ".join(capsys.readouterr().out.split()).split("Finding:")[1]
    assert "slope of ReLU is 1" in last
    assert f"{np.mean(found.zeros['ReLU']):.0%} of the ReLU" in last


def test_the_pictures_are_made(tmp_path: Path) -> None:
    """Curves, bars, and the graph."""
    activations.main(Options(out=tmp_path, quick=True))
    for name in ("activations_curves.png", "activations_sparsity.png"):
        assert (tmp_path / name).stat().st_size > 10_000
    assert "hardsigmoid" in (tmp_path / "activations_graph.svg").read_text(encoding="utf-8")
