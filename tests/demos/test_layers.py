"""The lesson on layers: by hand, as matrices and as single numbers the network gives the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from demos import layers
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [None, 0, 3, 11])
def test_the_findings(seed: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three ways give one output, and it is that of NumPy; both graphs give the same 13 gradients."""
    found = layers.main(Options(out=tmp_path, seed=seed, quick=True))
    state = {name: p.data for name, p in layers.network_of(seed or 0).named_parameters()}
    x = np.array(layers.INPUTS)
    h = 1 / (1 + np.exp(-(state["hidden.linear.weight"] @ x + state["hidden.linear.bias"])))
    y = float((state["output.weight"] @ h + state["output.bias"])[0])
    assert found.by_hand == pytest.approx(y, rel=1e-12)
    assert found.as_matrices == pytest.approx(y, rel=1e-12)
    assert found.as_numbers == pytest.approx(y, rel=1e-12)
    assert found.apart < 1e-12
    assert found.gradients == 3 * 2 + 3 + 3 + 1
    last = " ".join(capsys.readouterr().out.split()).split("Finding:")[1]
    assert f"y = {y:.6f}" in last
    assert "agree to 1e-12" in last


def test_every_multiplication_is_a_node(tmp_path: Path) -> None:
    """6 + 3 multiplications, as many additions as it takes, 3 sigmoids; far fewer nodes when nodes are arrays."""
    found = layers.main(Options(out=tmp_path, quick=True))
    assert found.operations == {"mul": 9, "add": 9, "sigmoid": 3}
    leaves = 2 + 13
    assert found.number_nodes == leaves + 21 + 2  # and the loss: a difference and a square
    assert found.matrix_nodes < found.number_nodes / 2


def test_the_pictures_open_the_network_step_by_step(tmp_path: Path) -> None:
    """Each picture shows more cards than the one before, down to every weight."""
    layers.main(Options(out=tmp_path, quick=True))
    folded, opened, whole = (
        (tmp_path / f"layers_{name}.svg").read_text(encoding="utf-8") for name in ("modules", "hidden", "all")
    )
    assert len(folded) < len(opened) < len(whole)
    assert "activation" not in folded
    assert "activation" in opened
    assert "weight[2,1]" not in opened
    assert "weight[2,1]" in whole
