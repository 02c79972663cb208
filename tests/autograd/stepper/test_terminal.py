"""The prompt through a real pseudo-terminal: every command, two widths, with and without Unicode; Tab, Ctrl-C, Ctrl-D."""

from __future__ import annotations

import os
import subprocess
import sys

import pexpect
import pytest

from autograd.stepper import guide
from autograd.terminal import display_width

from . import screens


@pytest.mark.parametrize(("width", "signs"), screens.SCREENS)
def test_every_command_on_a_real_terminal(width, signs):
    """The whole session looks as it did when somebody last looked at it (``python screens.py`` writes it anew)."""
    wanted = screens.golden(width, signs).read_text(encoding="utf-8")
    assert screens.capture(width, signs) == wanted
    assert wanted.startswith("exit 0\n")


def test_the_session_has_every_command():
    """No command of the guide is missing from the session."""
    typed = (screens.HERE / "session.txt").read_text(encoding="utf-8")
    words = {part.split()[0] for line in typed.splitlines() for part in line.split(";;") if part.strip()}
    elsewhere = {"html"}  # tested below: it needs an engine that draws
    for entry in guide.ENTRIES:
        assert set(entry.names.split()) & words or entry.method in elsewhere, entry.names


@pytest.mark.parametrize(("width", "signs"), screens.SCREENS)
def test_lines_fit(width, signs):
    """Nothing but LaTeX, which is to be copied, is wider than the terminal; ASCII means ASCII."""
    text = screens.golden(width, signs).read_text(encoding="utf-8")
    for line in text.splitlines():
        assert display_width(line) <= width or "\\" in line, line
    assert signs == "unicode" or text.isascii()


def test_tab_completes_commands_and_nodes():
    """Tab completes node names after a command, and commands at the start."""
    child = screens.start(echo=True)
    child.expect(screens.PROMPT)
    child.send("displ\t")
    child.expect_exact("display")
    child.send(" 2 * 3\r")
    child.expect_exact("display 1: 2 * 3 = 6")
    child.expect(screens.PROMPT)
    child.send("rewi\t\r")
    child.expect("at the start of the backward pass")
    child.expect(screens.PROMPT)
    child.send("j \t\t")
    child.expect(r"a +b +d +e +f +t")
    child.sendline("e ;; q")
    child.expect("e = d")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_ctrl_c_interrupts_and_ctrl_d_leaves():
    """Ctrl-C gives a new prompt and loses nothing; Ctrl-D leaves with exit code 0."""
    child = screens.start()
    child.expect(screens.PROMPT)
    child.sendline("n")
    child.expect("step 1/4")
    child.expect(screens.PROMPT)
    child.sendline("unt abs")
    child.expect("no node")
    child.expect(screens.PROMPT)
    child.sendintr()
    child.expect("--KeyboardInterrupt--")
    child.expect(screens.PROMPT)
    child.sendline("p st.pos")
    child.expect("1\r\n")
    child.expect(screens.PROMPT)
    child.sendeof()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_ctrl_c_interrupts_a_long_command():
    """A run that takes too long can be interrupted; the cursor has not moved."""
    child = screens.start()
    child.expect(screens.PROMPT)
    child.sendline("b f, [None for _ in iter(int, 1)]")
    child.expect(screens.PROMPT)
    child.sendline("c")
    import time

    time.sleep(0.3)
    child.sendintr()
    child.expect("--KeyboardInterrupt--")
    child.expect(screens.PROMPT)
    child.sendline("p (st.pos, st.edge)")
    child.expect(r"\(0, 0\)")
    child.expect(screens.PROMPT)
    child.sendline("q")
    child.expect(pexpect.EOF)


@pytest.mark.parametrize(
    ("more", "coloured"),
    [({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"FORCE_COLOR": "1"}, True), ({}, False)],
)
def test_colour_follows_the_environment(more, coloured):
    """NO_COLOR, then FORCE_COLOR, then TERM=dumb, then whether it is a terminal."""
    child = screens.start(env=screens.environment(**more))
    child.expect(r"\(backprop\) ")
    child.sendline("n")
    child.expect("still|shared|tanh|step 1/4.*\r\n.*\r\n.*\r\n.*\r\n")
    assert ("\x1b[33m" in child.before + child.after) is coloured
    child.sendline("q")
    child.expect(pexpect.EOF)


def test_forward_and_predict_open_from_the_program():
    """The direction and the predict mode are options of the call."""
    child = screens.start("forward")
    child.expect(screens.PROMPT)
    child.sendline("n ;; c")
    child.expect("gives    0.5000 × -0.3000 = -0.1500")
    child.expect("at the end: f = 0.0633")
    child.sendline("q")
    child.expect(pexpect.EOF)
    child = screens.start("predict")
    child.expect(screens.PROMPT)
    child.sendline("n")
    child.expect("What goes to d")
    child.sendeof()
    child.expect("predict is off")


def test_piped_commands_have_no_prompt_and_no_colour():
    """A script can be piped in: no prompt, no colour, and the output is the same every time."""
    outputs = {
        subprocess.run(
            [sys.executable, str(screens.HERE / "lesson.py")], input="n\nc\nwhy b\n", env=screens.environment(TERM="xterm"),
            capture_output=True, text=True, encoding="utf-8", check=True,
        ).stdout
        for _ in range(2)
    }  # fmt: skip
    (text,) = outputs
    assert "(backprop)" not in text
    assert "\x1b" not in text
    assert text.endswith("      = -0.3959\n")


def test_python_dash_i_and_startup(tmp_path):
    """After the prompt is left, ``python -i`` with a PYTHONSTARTUP file goes on as usual, history and all."""
    startup = tmp_path / "startup.py"
    startup.write_text("greeting = 'from startup'\n")
    env = screens.environment(PYTHONSTARTUP=str(startup), PYTHON_BASIC_REPL="1")
    child = pexpect.spawn(
        sys.executable, ["-i", str(screens.HERE / "lesson.py")], env=env, encoding="utf-8", timeout=20, echo=False
    )
    child.expect(screens.PROMPT)
    child.sendline("commit ;; q")
    child.expect(">>> ")
    child.sendline("round(a.grad, 4)")
    child.expect("0.1636")
    child.sendline("exit()")
    child.expect(pexpect.EOF)


@pytest.mark.parametrize("kind", ["html", "svg"])
def test_pictures(kind, tmp_path):
    """Html and svg write the current step into a file, where an engine is available."""
    pytest.importorskip("graphviz")
    child = screens.start(env=screens.environment())
    child.expect(screens.PROMPT)
    child.sendline(f"n ;; {kind} {tmp_path}{os.sep}step.{kind}")
    child.expect(["wrote", r"\*\*\* "])
    if child.after != "wrote":
        child.expect(screens.PROMPT)
        pytest.skip(f"no drawing engine here: {child.before}")
    child.sendline("q")
    child.expect(pexpect.EOF)
    assert "step 1" in (tmp_path / f"step.{kind}").read_text(encoding="utf-8")
