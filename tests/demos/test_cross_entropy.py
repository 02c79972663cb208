"""The lesson on cross-entropy: by hand and by module, at the edges, and two classes against BCE."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

import nn
from autograd import Graph
from demos import cross_entropy
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_the_findings(seed: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Hand and module agree; two-class cross-entropy equals BCE to 1e-12, losses and gradients; the edges are finite."""
    found = cross_entropy.main(Options(out=tmp_path, seed=seed, quick=True))
    expected = -(math.log(0.9) + math.log(0.6) + math.log(0.8) + math.log(0.3)) / 4
    assert found.by_hand == pytest.approx(expected, rel=1e-12)
    assert found.module == pytest.approx(expected, rel=1e-12)
    assert found.loss_apart < 1e-12
    assert found.gradient_apart < 1e-12
    assert found.edges == {(0.0, 0.0): 0, (0.0, 1.0): 100, (1.0, 0.0): 100, (1.0, 1.0): 0}
    assert found.far == (800, 1)
    assert found.many_shape == (4,)
    out = " ".join(capsys.readouterr().out.split())
    assert f"{expected:.6f}" in out.split("Finding:")[1]
    assert "to 1e-12" in out.split("Finding:")[1]
    assert (tmp_path / "cross_entropy_curves.png").stat().st_size > 10_000


def test_the_printed_pair_is_true(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """log(1 + exp(1.7)) is printed for both losses, and σ(1.7) for the slope."""
    cross_entropy.main(Options(out=tmp_path, quick=True))
    out = capsys.readouterr().out
    assert out.count(f"{math.log1p(math.exp(1.7)):.6f}") == 2
    assert out.count(f"+{1 / (1 + math.exp(-1.7)):.6f}") == 2


def test_the_comparison_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loss that is a little off, or of the wrong sign in its gradient, is noticed."""
    right = nn.CrossEntropy.forward
    monkeypatch.setattr(nn.CrossEntropy, "forward", lambda self, x, y: right(self, x, y) * (1 + 1e-9))
    loss_apart, gradient_apart = cross_entropy.two_classes(0)
    assert loss_apart > 1e-12
    assert gradient_apart > 1e-12


def test_by_hand_is_the_formula() -> None:
    """Small near the label, large far from it, and the sum of both parts between."""
    assert cross_entropy.bce_by_hand(0.25, 0.5) == pytest.approx(-0.5 * (np.log(0.25) + np.log(0.75)))
    assert cross_entropy.bce_by_hand(0.99, 1) < 0.011 < cross_entropy.bce_by_hand(0.99, 0)


def test_the_graph_of_one_sample_has_the_slope_p_minus_y() -> None:
    """With both parts of the formula: the loss is log(1 + exp(−z)), its slope σ(z) − 1."""
    loss = cross_entropy.one_sample()
    (z,) = [node.node for node in Graph(loss) if node.name == "z"]
    loss.backward()
    assert loss.data == pytest.approx(math.log1p(math.exp(-0.85)), rel=1e-14)
    assert z.grad == pytest.approx(1 / (1 + math.exp(-0.85)) - 1, rel=1e-12)


def test_by_way_of_p_ends_where_p_is_rounded_to_1() -> None:
    """Up to z = 36 the formula gives log(1 + exp(z)) roughly; from 37 on it gives nothing, since exp(−37) < 2^−53."""
    z, loss = cross_entropy.by_way_of_p(np.arange(0.0, 41.0))
    assert z.tolist() == list(range(37))
    assert np.allclose(loss[:30], np.logaddexp(0, z[:30]), rtol=1e-3)
