"""The DOT sources are golden files: the same graph gives the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograd import draw
from demos.pictures import graphs

GOLDEN = Path(__file__).parent / "golden"
PICTURES = {
    "neuron.forward": lambda: draw(graphs.neuron(), view="forward", names={}),
    "neuron.backward": lambda: draw(graphs.neuron(), view="backward", names={}),
    "neuron.both": lambda: draw(graphs.neuron(), names={}),
    "neuron.not_run": lambda: draw(graphs.neuron(), run=False, names={}),
    "shared": lambda: draw(graphs.shared(), direction="TB", names={}),
    "shared.step": lambda: draw(_stepper(graphs.shared(), 3), names={}),
    "ill": lambda: draw(graphs.ill(), health=True, names={}),
    "layer": lambda: draw(graphs.layer(), names={}),
    "network.folded": lambda: draw(graphs.network(), depth=0, names={}),
    "network.opened": lambda: draw(graphs.network(), depth=0, opened="layers.2.neurons.0", names={}),
    "network.default": lambda: draw(graphs.network(), names={}),
    "loop": lambda: draw(graphs.loop(), names={}),
    "lines": lambda: draw(graphs.loop(40), names={}),
    "powers": lambda: draw(graphs.powers(), digits=2, names={}),
    "order": lambda: draw(graphs.order(), number_format=".1e", names={}),
    "constants": lambda: draw(graphs.constants(), names={}),
    "choices": lambda: draw(graphs.choices(), names={}),
    "names": lambda: draw(graphs.names(), names={}),
}


def _stepper(y, steps):
    stepper = y.stepper()
    stepper.step(steps)
    return stepper


def _main(where: Path) -> None:
    """Write the golden files: ``python tests/autograd/drawing/test_golden.py``; look at the difference before committing."""
    where.mkdir(exist_ok=True)
    for name, make in PICTURES.items():
        (where / f"{name}.dot").write_text(make().source, encoding="utf-8")


@pytest.mark.parametrize("name", PICTURES)
def test_source_is_the_golden_file(name):
    """The same graph is the same ``.dot``, byte for byte."""
    assert PICTURES[name]().source == (GOLDEN / f"{name}.dot").read_text(encoding="utf-8")


def test_no_golden_file_is_left_over():
    """Each golden file belongs to a picture."""
    assert {p.stem for p in GOLDEN.glob("*.dot")} == set(PICTURES)


@pytest.mark.parametrize("seed", ["1", "4711"])
def test_hash_seed_changes_nothing(seed, tmp_path):
    """Another PYTHONHASHSEED, in another process, gives the same bytes."""
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import test_golden, pathlib; test_golden._main(pathlib.Path({str(tmp_path)!r}))"
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, cwd=root)
    for name in PICTURES:
        assert (tmp_path / f"{name}.dot").read_bytes() == (GOLDEN / f"{name}.dot").read_bytes(), name


if __name__ == "__main__":
    _main(GOLDEN)
