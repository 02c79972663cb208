"""``--source``: the command line prints the Python that computes value and gradient."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd.command.main import main

ROOT = Path(__file__).parents[3]


def test_the_source_of_an_expression(capsys: pytest.CaptureFixture[str]):
    """It is printed alone, so that it can be kept in a file; it runs, and gives what the command would."""
    assert main(["a*b + sin(c)", "a=2", "b=-3", "c=10", "--source"]) == 0
    printed = capsys.readouterr().out
    namespace: dict[str, Any] = {}
    exec(printed, namespace)
    value, da, db, _ = namespace["value_and_grad"](2.0, -3.0, 10.0)
    assert (round(value, 6), da, db) == (-6.544021, -3.0, 2.0)
    assert printed.startswith("from math import cos, sin\n")
    assert '"""Value and gradient of a*b + sin(c), along the branch that was recorded."""' in printed


def test_the_source_of_arrays_is_number_by_number(capsys: pytest.CaptureFixture[str]):
    """Each element of an array is an argument of its own."""
    assert main(["mean((w*x - 1)**2)", "w=1", "x=[1,2]", "--source"]) == 0
    assert "def value_and_grad(w, x_0, x_1):" in capsys.readouterr().out


def test_several_expressions_and_json(capsys: pytest.CaptureFixture[str]):
    """One program for each expression; beside JSON the source goes to standard error."""
    assert main(["x**2", "x*3", "x=2", "--source"]) == 0
    assert capsys.readouterr().out.count("def value_and_grad(x):") == 2
    assert main(["x**2", "x=2", "--source", "--format", "json"]) == 0
    both = capsys.readouterr()
    assert both.out.startswith("{")
    assert "def value_and_grad(x):" in both.err


def test_the_source_of_a_script(capsys: pytest.CaptureFixture[str]):
    """A value of a script is shown under its own names."""
    assert main([str(ROOT / "demos" / "walks.py") + ":tadpoles", "--source"]) == 0
    printed = capsys.readouterr().out
    assert '"""Value and gradient of tadpoles, along the branch that was recorded."""' in printed
    assert "    return tadpoles, d_w\n" in printed
    assert all(len(line) <= 100 for line in printed.splitlines())


def test_what_has_no_source_says_so(capsys: pytest.CaptureFixture[str]):
    """Single numbers and whole arrays in one graph have no program; a number has no graph."""
    assert main(["sum(softmax(x) * x)", "x=[1,2]", "--source"]) == 2
    assert "a single number in a graph of whole arrays" in capsys.readouterr().err
    assert main(["1 + 2", "--source"]) in (0, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_terminals(encoding: str):
    """In a terminal without Unicode the comments are written with the signs that it has."""
    done = subprocess.run(
        [sys.executable, "-m", "autograd", "tanh(a*b)", "a=2", "b=3", "--source"],
        capture_output=True, check=False, cwd=ROOT, env={"PYTHONIOENCODING": encoding, "NO_COLOR": "1", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert b"def value_and_grad(a, b):" in done.stdout


def test_the_source_of_a_network_of_tensors_is_numpy(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """A script's loss on Tensors is printed as the NumPy that computes it and its gradients; it runs by itself."""
    script = tmp_path / "net.py"
    script.write_text(
        "import numpy as np, nn\nmodel = nn.Sequential(nn.Linear(2, 3, seed=0), nn.Tanh(), nn.Linear(3, 2, seed=1))\n"
        "loss = nn.CrossEntropy()(model(np.array([[1.0, 2.0], [0.5, -1.0]])), np.array([0, 1]))\nloss.backward()\n"
    )
    assert main([str(script) + ":loss", "--source"]) == 0
    namespace: dict[str, Any] = {}
    exec(capsys.readouterr().out, namespace)
    model = nn.Sequential(nn.Linear(2, 3, seed=0), nn.Tanh(), nn.Linear(3, 2, seed=1))
    loss = nn.CrossEntropy()(model(np.array([[1.0, 2.0], [0.5, -1.0]])), np.array([0, 1]))
    loss.backward()
    value, *slopes = namespace["value_and_grad"](*(p.data for p in model.parameters()))
    assert value == pytest.approx(loss.item(), rel=1e-12)
    for g, p in zip(slopes, model.parameters(), strict=True):
        np.testing.assert_allclose(g, p.grad, rtol=1e-10, atol=1e-14)
