"""The lesson on layers without activations: they are one matrix, and one straight line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.datasets import make_moons

from demos import collapse
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [None, 5])
def test_the_findings(seed: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The product is the network to 1e-12; no straight line parts the moons, the network with tanh does."""
    found = collapse.main(Options(out=tmp_path, seed=seed, quick=True))
    assert found.apart < 1e-12
    assert found.product.shape == (1, 2)
    assert found.linear <= found.best_line < found.bent
    assert found.bent >= 198
    assert found.points == 200

    x, y = make_moons(200, noise=0.1, random_state=0)  # what the printed matrix gets right is what was counted
    assert int(np.sum(((x @ found.product.T)[:, 0] + found.offset > 0) == y)) == found.linear
    out = " ".join(capsys.readouterr().out.split())
    assert f"{found.linear} of 200" in out.split("Finding:")[1]
    assert (tmp_path / "collapse_moons.png").stat().st_size > 10_000


def test_multiplying_out_notices_an_activation() -> None:
    """With tanh between the layers, the product of the matrices is not the network (so the check can fail)."""
    model = collapse.network_of(0, activation=True)
    linear = collapse.network_of(0, activation=False)
    product, offset = collapse.multiplied_out(linear)
    x = np.array([[3.0, -2.0], [0.5, 4.0]])
    assert np.allclose(linear(x).data, x @ product.T + offset, rtol=1e-12, atol=1e-12)
    assert not np.allclose(model(x).data, x @ product.T + offset, atol=1e-3)


def test_the_best_line_is_found() -> None:
    """Known cases: XOR gets 3 of 4 right, points that a line parts all; and no line from a fine search is better."""
    square = np.array([[0.0, 0.1], [1.0, 0.0], [0.1, 1.0], [1.1, 1.2]])
    assert collapse.best_line(square, np.array([0, 1, 1, 0])) == 3
    assert collapse.best_line(square, np.array([0, 1, 0, 1])) == 4
    random = np.random.default_rng(3)
    x = random.normal(size=(12, 2))
    y = random.integers(0, 2, 12)
    tried = 0
    for angle in np.linspace(0, 2 * np.pi, 2000):
        along = x @ [np.cos(angle), np.sin(angle)]
        tried = max(tried, *(int(np.sum((along > c) == y)) for c in [-9.0, *np.sort(along)]))
    assert collapse.best_line(x, y) == tried
