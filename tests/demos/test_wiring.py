"""The lesson on other wirings: two roads of a gradient, a skip connection that trains, a convolution that is better."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import nn
from autograd import no_grad
from demos import wiring
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


def test_the_findings_of_the_full_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The convolutional network reads at least 96 % of the unseen digits right, with fewer parameters than the chain."""
    found = wiring.main(Options(out=tmp_path))
    assert found.trained_on == 4000
    assert found.accuracy["convolution"] >= 0.96
    assert found.accuracy["skip"] > 0.9
    assert found.accuracy["plain"] > 0.9
    assert found.parameters["convolution"] == (25 * 16 + 16) + (16 * 25 * 32 + 32) + (512 * 10 + 10)
    assert found.parameters["convolution"] < found.parameters["plain"]
    last = " ".join(capsys.readouterr().out.split()).split("Finding:")[1]
    assert f"reads {100 * found.accuracy['convolution']:.1f} % right" in last


@pytest.mark.parametrize("seed", [3])
def test_a_short_run(seed: int, tmp_path: Path) -> None:
    """Few digits and few epochs are far better than chance, from another start; every picture is made."""
    found = wiring.main(Options(out=tmp_path, seed=seed, quick=True))
    assert min(found.accuracy.values()) > 0.4
    assert {p.name for p in tmp_path.iterdir()} == {"wiring_skip.svg", "wiring_maps.png", "wiring_convolution.svg"}
    straight, through, whole = found.two_roads
    assert whole == straight + through


def test_the_skip_is_a_second_road_of_the_gradient() -> None:
    """With the weights of the long way cut, layer 1 still learns over the skip, and without a skip it does not."""
    x, y = np.random.default_rng(0).normal(size=(8, 256)), np.arange(8) % 10
    for skip in (False, True):
        model = wiring.Chain(skip=skip, seed=0)
        nn.init.zeros_(model.layer3.weight)
        nn.init.zeros_(model.layer3.bias)
        nn.CrossEntropy()(model(x), y).backward()
        assert bool(np.any(model.layer1.weight.grad)) is skip


def test_a_convolution_finds_a_stroke_wherever_it_stands() -> None:
    """Moving the picture by two places moves what the first layer finds by two places."""
    model = wiring.convolutional(0)
    picture = np.zeros((1, 1, 16, 16), np.float32)
    picture[0, 0, 4:10, 6] = 1
    moved = np.roll(picture, 2, axis=3)
    with no_grad():
        found, found_moved = (np.asarray(model.convolution1(p).data) for p in (picture, moved))
    assert np.allclose(np.roll(found, 2, axis=3)[..., 4:-4], found_moved[..., 4:-4], atol=1e-6)
