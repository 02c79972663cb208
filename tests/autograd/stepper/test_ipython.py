"""IPython: ``%load_ext autograd`` and ``%backprop``."""

from __future__ import annotations

import io

import pytest

import autograd
from autograd import InputTypeError, Stepper, Value
from autograd.stepper.ipython import load_ipython_extension


class Shell:
    """What the extension uses of IPython's shell."""

    def __init__(self, **variables):
        self.user_ns = variables
        self.magics = {}

    def register_magic_function(self, function, kind, name):
        """Keep the magic."""
        assert kind == "line"
        self.magics[name] = function

    def ev(self, text):
        """Evaluate in the notebook's variables."""
        return eval(text, {}, self.user_ns)


def shell():
    """Give a shell with x and y = x²."""
    x = Value(2.0)
    return Shell(x=x, y=x * x)


def test_extension_is_found_where_ipython_looks():
    """``%load_ext autograd`` imports ``autograd`` and calls this name."""
    assert autograd.load_ipython_extension is load_ipython_extension


def test_show_gives_a_stepper_with_the_users_names():
    """%backprop --show y gives the Stepper; names come from the notebook's variables."""
    s = shell()
    load_ipython_extension(s)
    stepper = s.magics["backprop"]("--show y")
    assert isinstance(stepper, Stepper)
    assert [n.id for n in stepper.graph] == ["x", "y"]
    assert s.magics["backprop"]("--show --forward y").direction == "forward"


def test_the_prompt_opens(monkeypatch, capsys):
    """%backprop y opens the prompt at y."""
    s = shell()
    load_ipython_extension(s)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\nq\n"))
    s.magics["backprop"]("y")
    assert "▶ step 1/1   y = x × x = 4.0000" in capsys.readouterr().out


@pytest.mark.parametrize("line", ["", "--sideways y", "3 + 4"])
def test_bad_lines(line):
    """A missing expression, an unknown flag or a plain number is refused with what to write."""
    s = shell()
    load_ipython_extension(s)
    with pytest.raises(InputTypeError, match="backprop"):
        s.magics["backprop"](line)


def test_real_ipython():
    """In a real IPython the magic is registered and runs."""
    pytest.importorskip("IPython")
    import subprocess
    import sys

    code = (
        "from IPython.core.interactiveshell import InteractiveShell as S; s = S.instance(); "
        "s.run_cell('%load_ext autograd'); "
        "s.run_cell('from autograd import Value; x = Value(2.0); y = x * x'); "
        "print(s.run_line_magic('backprop', '--show y').finish())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "▶ step 1/1   y = x × x = 4.0000" in done.stdout
