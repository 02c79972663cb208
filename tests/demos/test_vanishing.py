"""The lesson on the vanishing gradient: it vanishes in the sigmoid network, and not in the ReLU network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from demos import vanishing
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [None, 2, 9])
def test_the_findings(seed: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first layer's gradient is at least 100 times smaller than the last one's with sigmoid; with ReLU it is not."""
    found = vanishing.main(Options(out=tmp_path, seed=seed, quick=True))
    assert len(found.ratios["sigmoid"]) == len(found.ratios["ReLU"]) == vanishing.NETWORKS
    assert min(found.ratios["sigmoid"]) > 1000
    assert max(found.ratios["ReLU"]) < 100
    for sizes in found.sizes.values():
        assert len(sizes) == vanishing.DEPTH
    assert all(np.diff(np.log(found.sizes["sigmoid"])) > 0)  # smaller with every layer toward the input
    drop = {kind: 1 - after / before for kind, (before, after) in found.losses.items()}
    assert drop["ReLU"] > 0.3
    assert drop["sigmoid"] < 0.2
    last = " ".join(capsys.readouterr().out.split()).split("Finding:")[1]
    assert "times smaller than the last" in last
    assert (tmp_path / "vanishing_layers.png").stat().st_size > 10_000
    assert "vanishing" in (tmp_path / "vanishing_chain.svg").read_text(encoding="utf-8")


def test_the_chain_is_a_product_of_slopes(tmp_path: Path) -> None:
    """Each factor is h(1 − h), at most 1/4, and their product is what arrives."""
    found = vanishing.main(Options(out=tmp_path, quick=True))
    h, factors = 0.5, []
    for _ in range(vanishing.CHAIN):
        h = 1 / (1 + np.exp(-h))
        factors.append(h * (1 - h))
    assert max(factors) <= 0.25
    assert found.chain == pytest.approx(np.cumprod([1.0, *factors[::-1]]), rel=1e-9)


def test_the_size_is_the_root_mean_square() -> None:
    """The measure agrees with finite differences of the loss, in one weight of the first layer."""
    random = np.random.default_rng(1)
    model = vanishing.network_of("ReLU", random)
    x, y = random.normal(size=(20, 2)), random.integers(0, 2, 20).astype(float)
    sizes = vanishing.gradient_by_layer(model, x, y)
    weight = model[0].weight
    assert sizes[0] == pytest.approx(np.linalg.norm(weight.grad) / np.sqrt(weight.grad.size), rel=1e-12)

    def loss() -> float:
        z = np.asarray(model(x).data)[:, 0]
        return float(np.mean(np.logaddexp(0, z) - y * z))

    step, start = 1e-6, weight.data.copy()
    there = np.zeros_like(start)
    there[3, 1] = step
    weight.data = start + there
    above = loss()
    weight.data = start - there
    assert weight.grad[3, 1] == pytest.approx((above - loss()) / (2 * step), rel=1e-4)
