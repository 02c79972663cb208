"""The lesson on tensors: shapes, and gradients that find their way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from autograd import Tensor
from demos import tensors
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [None, 1])
def test_the_findings(seed: int | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each operation gives the shape of NumPy's, its gradient comes back in the input's shape and is right."""
    found = tensors.main(Options(out=tmp_path, seed=seed, quick=True))
    assert found.kinds == {
        "sound": ((4000,), "float32"),
        "grey": ((106, 160), "float64"),
        "colour": ((106, 160, 3), "float64"),
    }
    assert {name: after for name, (_, after) in found.shapes.items()} == {
        "transpose": (160, 106),
        "move colours first": (3, 106, 160),
        "squeeze": (106, 160),
        "concatenate, dim 0": (212, 160),
        "concatenate, dim 1": (106, 320),
        "colour to grey": (106, 160),
        "frames of sound": (125, 32),
        "frames @ w.T": (125, 64),
    }
    assert all(found.came_back.values())
    assert max(found.errors.values()) < 1e-5
    assert found.twice == 2
    last = " ".join(capsys.readouterr().out.split()).split("Finding:")[1]
    assert "8 of 8 operations" in last
    assert "receives 2 times 1" in last


def test_a_wrong_gradient_is_noticed() -> None:
    """An operation that forgets half of its gradient does not pass."""
    random = np.random.default_rng(0)
    x = Tensor(random.normal(size=(5, 4)))
    assert tensors.examine(x, lambda a: a.T, random)[2] < 1e-12
    assert tensors.examine(x, lambda a: a.T * 0.5 + (a.detach().T * 0.5), random)[2] > 1e-3


def test_the_pictures_are_made(tmp_path: Path) -> None:
    """Three tensors, three operations, one graph."""
    tensors.main(Options(out=tmp_path, quick=True))
    assert {p.name for p in tmp_path.iterdir()} == {"tensors_kinds.png", "tensors_operations.png", "tensors_graph.svg"}
