"""The generated files are what the table says, and what they compute is what the table computes, bit for bit."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, modes
from autograd.generate.files import main
from autograd.generate.names import DUNDER
from autograd.operations import Elementwise
from tests.autograd import truth
from tests.autograd.test_rules import BUILT_IN

SPECIAL = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    -8.0,
    20.0,
    40.0,
    -40.0,
    800.0,
    -800.0,
    1e200,
    5e-324,
    float("inf"),
    float("-inf"),
    float("nan"),
]


def bits(x: float) -> bytes:
    """Give a float's bits, where every nan is the same."""
    return b"nan" if x != x else struct.pack("<d", x)


@pytest.mark.usefixtures("shipped_table")
def test_generated_files_are_up_to_date(capsys: pytest.CaptureFixture[str]):
    """Regenerating gives the same bytes."""
    assert main(["--check"]) == 0, capsys.readouterr().out
    for name in ("_operators.py", "_value_methods.py", "_tensor_methods.py"):
        text = (Path(autograd.__file__).parent / name).read_text(encoding="utf-8")
        assert "Generated from the table by ``python -m autograd.generate``; do not edit." in text


def test_the_command_that_the_files_name_works():
    """``python -m autograd.generate --check``, as every generated file says it, finds nothing to do."""
    command = [sys.executable, "-m", "autograd.generate", "--check"]
    out = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (out.returncode, out.stdout, out.stderr) == (0, "", "")


@pytest.mark.parametrize("row", [r for r in BUILT_IN if r.arity == 1], ids=lambda row: row.name)
def test_generated_unary_methods_equal_the_table(row: Elementwise):
    """A method of Value and the generic way give the same bits, value and local derivative, at points and edges."""
    for p in [args[0] for args in truth.points(row, 20)] + SPECIAL:
        y = {"neg": lambda v: -v, "positive": lambda v: +v, "abs": abs}.get(row.name, lambda v: getattr(v, row.name)())(
            Value(p)
        )
        value = row.float_of(p)
        assert bits(y.data) == bits(value), (row.name, p, y.data, value)
        assert y._rule is row
        y.backward()
        (x,) = y._prev
        assert bits(x.grad) == bits(row.local_of(0, value, p)), (row.name, p, x.grad)


@pytest.mark.parametrize("row", [r for r in BUILT_IN if r.name in DUNDER], ids=lambda row: row.name)
def test_generated_binary_methods_equal_the_table(row: Elementwise):
    """An operator with Values and numbers on either side and the generic way give the same bits."""
    operators = {name: getattr(Value, f"__{DUNDER[name]}__") for name in DUNDER}
    pairs = truth.points(row, 10) + [(p, q) for p in SPECIAL for q in SPECIAL]
    for p, q in pairs:
        value = row.float_of(p, q)
        expected = [bits(row.local_of(slot, value, p, q)) for slot in (0, 1)]
        a, b = Value(p), Value(q)
        y = operators[row.name](a, b)
        y.backward()
        assert [bits(y.data), bits(a.grad), bits(b.grad)] == [bits(value), *expected], (row.name, p, q)
        a, b = Value(p), Value(q)
        y, z = operators[row.name](a, q), getattr(Value, f"__r{DUNDER[row.name]}__")(b, p)
        y.backward()
        z.backward()
        assert [bits(y.data), bits(a.grad)] == [bits(value), expected[0]], (row.name, p, q)
        assert [bits(z.data), bits(b.grad)] == [bits(value), expected[1]], (row.name, p, q)


@pytest.mark.parametrize("row", [r for r in BUILT_IN if r.derivatives], ids=lambda row: row.name)
def test_generated_tensor_methods_equal_the_table(row: Elementwise):
    """The hot path of Tensor and the general way (taken while a mode is on) give the same bits."""
    if row.passive or row.arity > 2:
        return
    places = truth.points(row, 5)
    columns = [np.array(c) for c in zip(*places, strict=True)]
    results = []
    for watched in (False, True):
        args = [Tensor(c) for c in columns]
        if watched:
            with modes.record_lines():
                y = row(*args)
        else:
            y = getattr(args[0], f"__{DUNDER[row.name]}__")(args[1]) if row.name in DUNDER else row(*args)
        y.sum().backward()
        results.append([y.data.tobytes(), *(a.grad.tobytes() for a in args)])
    assert results[0] == results[1]


def test_ints_on_either_side_of_a_value():
    """Python ints are taken as floats, also large ones; an int beyond float is refused in words."""
    v = Value(2.0)
    assert ((v + 1).data, (3 - v).data, (v * True).data, (2**v).data, (v**2).data, (7 // 1 * v).data) == (
        3.0,
        1.0,
        2.0,
        4.0,
        4.0,
        14.0,
    )
    with pytest.raises(autograd.InputValueError, match="beyond the range of a float"):
        v * 10**400
