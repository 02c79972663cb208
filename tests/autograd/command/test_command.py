"""The command line: what a person sees, what a program reads, and the exit codes."""

from __future__ import annotations

import json
import math
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from autograd import Value
from autograd.command.differences import compare, quotient
from autograd.command.main import main
from autograd.command.results import results_of
from autograd.command.values import read_file, sort_arguments
from autograd.errors import AutogradError
from autograd.expressions import whitelist
from autograd.expressions.expression import parse
from autograd.operations import elementwise_rows
from autograd.terminal import display_width

ROOT = Path(__file__).parents[3]
EXAMPLE = ["tanh(a*b + c)", "a=2", "b=-3", "c=10"]


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test see the same terminal: 80 columns, no colour."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run the command; give exit code, standard output and standard error."""
    code = main(list(words))
    out, err = capsys.readouterr()
    return code, out, err


def run(*words: str, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING")}
    return subprocess.run(
        [sys.executable, "-m", "autograd", *words],
        cwd=ROOT, env=kept | {"PYTHONUTF8": "1"} | environment, input=stdin, capture_output=True, encoding="utf-8", errors="replace",
        timeout=60, check=False,
    )  # fmt: skip


# --- what a person sees -------------------------------------------------------------------------------------------


def test_the_first_command_of_the_readme() -> None:
    """The command shows value, graph, gradients and their proof, writes nothing else, and ends with 0."""
    done = run(*EXAMPLE)
    assert done.returncode == 0
    assert done.stderr == ""
    y = math.tanh(4.0)
    slope = 1 - y * y
    assert f"tanh(a*b + c) = {y:.10g}" in done.stdout
    for name, gradient in (("a", -3 * slope), ("b", 2 * slope), ("c", slope)):
        (row,) = [line for line in done.stdout.splitlines() if re.match(rf"{name} +-?\d", line)]
        shown, difference = map(float, row.split()[1:3])
        assert shown == pytest.approx(gradient, rel=1e-8)
        assert difference == pytest.approx(gradient, rel=1e-7)
        assert "✓" in row
    assert "●      n3 = tanh(n2)   0.9993   1.0000" in done.stdout
    assert done.stdout.splitlines()[-1] == "All 3 gradients agree with central differences."


def test_the_hessian_beside_differences_of_the_gradient(capsys: pytest.CaptureFixture[str]) -> None:
    """``--order 2`` shows each second derivative once, right to nine digits, and confirms it."""
    code, out, _ = answer(capsys, "x**2 * y + sin(y)", "x=3", "y=2", "--order", "2")
    assert code == 0
    table = out[out.index("∂²/∂") :]
    expected = {"x,x": 4.0, "x,y": 6.0, "y,y": -math.sin(2)}
    for label, number in expected.items():
        (row,) = [line for line in table.splitlines() if line.startswith(f"{label} ")]
        assert float(row.split()[1]) == pytest.approx(number, rel=1e-8)
        assert "✓" in row
    assert "y,x" not in table
    assert "All 4 second derivatives agree" in out


def test_several_expressions_share_the_values(capsys: pytest.CaptureFixture[str]) -> None:
    """Two expressions, as two words or with a semicolon, give two reports."""
    code, out, _ = answer(capsys, "a*b", "a + b", "a=2", "b=3")
    assert code == 0
    assert "a*b = 6" in out
    assert "a + b = 5" in out
    assert answer(capsys, "a*b; a + b", "a=2", "b=3")[1] == out


def test_parts_named_in_one_word_are_known_in_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    """``z=a*b`` is no value but a part of the expression, and the graph shows its name."""
    code, out, _ = answer(capsys, "z=a*b", "tanh(z)", "a=0.5", "b=2")
    assert code == 0
    assert "z = a × b" in out
    assert "tanh(z) = 0.761594156" in out


def test_values_may_be_expressions_arrays_and_unicode(capsys: pytest.CaptureFixture[str]) -> None:
    """``x=pi/4``, ``v=[[1,2],[3,4]]`` and ``权重=0.5`` are values."""
    code, out, _ = answer(capsys, "sin(x) * 权重 + sum(v)", "x=pi/6", "权重=2", "v=[[1,2],[3,4]]")
    assert code == 0
    assert "= 11" in out
    assert "v[1,0]" in out
    assert "权重" in out


def test_an_expression_may_begin_with_a_minus(capsys: pytest.CaptureFixture[str]) -> None:
    """``-x**2`` is an expression, not an option; options may stand anywhere."""
    code, out, _ = answer(capsys, "-x**2", "--order", "2", "x=3")
    assert code == 0
    assert "-x**2 = -9" in out


def test_an_expression_without_names_is_computed(capsys: pytest.CaptureFixture[str]) -> None:
    """``2+3`` is 5; there is nothing to differentiate, and that is said."""
    code, out, _ = answer(capsys, "2+3")
    assert (code, out) == (0, "2+3 = 5\nNo names in it, so there is nothing to differentiate.\n")


def test_numbers_in_the_text_are_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    """``w = 2; x = 3; w*x`` needs nothing more, and differentiates both."""
    code, out, _ = answer(capsys, "w = 2; x = 3; w*x")
    assert code == 0
    assert "Both gradients agree" in out
    assert "given twice" in answer(capsys, "w = 2; w*x", "w=3", "x=1")[2]


def test_notes_about_unused_values_and_eulers_number(capsys: pytest.CaptureFixture[str]) -> None:
    """A value that is not used, and an ``e`` that was perhaps meant as a name, are pointed out."""
    out = answer(capsys, "d*e", "d=2", "f=3")[1]
    assert "f is given but the expression does not use it" in out
    assert "e is Euler's number" in out
    assert "Euler" not in answer(capsys, "d*e", "d=2", "e=3")[1]


@pytest.mark.parametrize("columns", [48, 60, 80, 120])
@pytest.mark.parametrize(
    "words",
    [[*EXAMPLE, "--order", "2"], ["relu(x)*权重", "x=0", "权重=2"], ["sqrt(x)", "x=0"],
     ["mean((w*x - y)**2)", "w=1", "x=[1,2,3]", "y=[2,4,6]"],
     ["a*" * 40 + "a", "a=1.01"]],
)  # fmt: skip
def test_lines_fit_the_terminal(
    words: list[str], columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is wider than the terminal, whose columns wide characters take two of."""
    monkeypatch.setenv("COLUMNS", str(columns))
    out = answer(capsys, *words)[1]
    assert max(display_width(line) for line in out.splitlines()) <= columns


def test_colour_follows_the_environment() -> None:
    """Off in a pipe, on with FORCE_COLOR, off with NO_COLOR whatever else is set; on standard error too."""
    assert "\x1b" not in run("x", "x=1").stdout
    assert "\x1b[" in run("x", "x=1", FORCE_COLOR="1").stdout
    assert "\x1b" not in run("x", "x=1", FORCE_COLOR="1", NO_COLOR="1").stdout
    assert "\x1b[31merror:" in run("1/x", "x=0", FORCE_COLOR="1").stderr


def test_a_terminal_without_unicode_gets_ascii() -> None:
    """Rails, signs and names are written with ASCII, and the caret stays below its place."""
    done = run("σ(权重*x)/2", "权重=1", "x=2", "--order", "2", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "*    n2 = sigmoid(n1)" in done.stdout
    wrong = run("权重*x $", PYTHONIOENCODING="ascii")
    assert wrong.returncode == 2
    shown, carets = wrong.stderr.splitlines()[-2:]
    assert shown[carets.index("^")] == "$"


# --- what a program reads -----------------------------------------------------------------------------------------


def parsed(text: str) -> dict[str, Any]:
    """Read JSON strictly: NaN and Infinity outside strings are no JSON."""

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    return json.loads(text, parse_constant=refuse)


def test_json_is_one_object_with_stable_keys(capsys: pytest.CaptureFixture[str]) -> None:
    """``--format json`` gives everything of the text report, and these keys."""
    code, out, _ = answer(capsys, *EXAMPLE, "--format", "json", "--order", "2")
    found = parsed(out)
    assert code == 0
    assert list(found) == ["expression", "inputs", "results", "agrees", "notes", "error"]
    (result,) = found["results"]
    assert list(result) == ["expression", "value", "gradients", "comparisons", "not_compared", "agrees", "graph", "hessian",
                            "hessian_comparisons"]  # fmt: skip
    assert found["inputs"] == {"a": 2.0, "b": -3.0, "c": 10.0}
    y = math.tanh(4.0)
    assert result["value"] == y
    assert result["gradients"]["a"] == pytest.approx(-3 * (1 - y * y), rel=1e-12)
    assert result["hessian"]["c"]["c"] == pytest.approx(-2 * y * (1 - y * y), rel=1e-12)
    assert result["comparisons"]["a"]["agrees"] is True
    assert [n["id"] for n in result["graph"]] == ["a", "b", "c", "n1", "n2", "n3"]
    assert result["graph"][3]["arguments"] == ["a", "b"]


def test_json_says_what_is_not_finite(capsys: pytest.CaptureFixture[str]) -> None:
    """An infinite gradient is the string "Infinity"; the object stays valid JSON."""
    code, out, _ = answer(capsys, "sqrt(x)", "x=0", "--format", "json")
    found = parsed(out)
    assert code == 1
    assert found["agrees"] is False
    assert found["results"][0]["gradients"] == {"x": "Infinity"}
    assert found["results"][0]["comparisons"]["x"]["verdict"] == "edge"


def test_json_carries_errors_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Bad input gives an object of the same keys with the message and the place, and exit code 2."""
    code, out, err = answer(capsys, "1 + 1/x", "x=0", "--format", "json")
    found = parsed(out)
    assert code == 2
    assert list(found) == ["expression", "inputs", "results", "agrees", "notes", "error"]
    assert found["error"]["position"] == 4
    assert "division by zero" in found["error"]["message"]
    assert "division by zero" in err
    assert parsed(answer(capsys, "--format", "json", "2x")[1])["error"]["position"] == 1


def test_json_holds_arrays(capsys: pytest.CaptureFixture[str]) -> None:
    """Arrays are nested lists in the shape of the input."""
    found = parsed(answer(capsys, "sum(A*A)", "A=[[1,2],[3,4]]", "--format", "json")[1])
    assert found["inputs"]["A"] == [[1.0, 2.0], [3.0, 4.0]]
    assert found["results"][0]["gradients"]["A"] == [[2.0, 4.0], [6.0, 8.0]]
    assert found["results"][0]["comparisons"]["A[1,0]"]["agrees"]


# --- bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (["tanh(a*bb + c)", "a=2", "b=-3", "c=10"], ["'bb' has no value", "did you mean 'b'", "^^"]),
        (["1/x", "x=0"], ["division by zero: 1 / 0 is inf", "^^^"]),
        (["tnah(x)", "x=1"], ["did you mean 'tanh'"]),
        (["__import__('os')"], ["belong to Python"]),
        (["__import__('os').system('ls')"], ["attribute"]),
        (["2x", "x=1"], ["2*x"]),
        (["x^2", "x=1"], ["**"]),
        (["tanh(x", "x=1"], ["never closed"]),
        ([""], ["empty"]),
        (["x > 0", "x=1"], ["true or false"]),
        (["2*x", "x=[1,2]"], ["shape (2,)", "sum(…)"]),
        (["a=1", "b=2"], ["no expression"]),
        (["x", "x="], ["no value after"]),
        (["x", "x=inf"], ["finite"]),
        (["x", "x=nan"], ["finite"]),
        (["x", "x=1/0"], ["in 'x=1/0'", "division by zero"]),
        (["x", "x=2y3"], ["in 'x=2y3'", "sign is missing"]),
        (["x", "x=1", "x=2"], ["given twice"]),
        (["sum(x)", "x=[[1,2],[3]]"], ["equal length"]),
        (["x", "x=1e400"], ["largest float"]),
        (["x", "x='a'"], ["einsum"]),
        (["sin"], ["write sin(…)"]),
        (["--order", "3", "x"], ["--order", "--help"]),
        (["--bogus"], ["--bogus", "--help"]),
        (["--format", "xml", "x"], ["--format"]),
        (["x", "--values", "/nowhere/file"], ["/nowhere/file"]),
        (["sum(x**2)", "x=" + str(list(range(50))), "--order", "2"], ["hvp"]),
        (["train.py:loss"], ["--step"]),
        (["missing.py:loss", "--step"], ["no script"]),
        (["train.py", "--step"], ["say which value of train.py is meant", "train.py:loss"]),
        (["2+3", "--draw", "x.svg"], ["nothing to draw"]),
        (["2+3", "--step"], ["nothing to step"]),
    ],
)  # fmt: skip
def test_bad_input_gets_its_own_message_and_exit_code_2(
    words: list[str], fragments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each mistake is named on standard error, without a traceback."""
    code, _, err = answer(capsys, *words)
    assert code == 2
    assert err.startswith("error: ")
    assert "Traceback" not in err
    for fragment in fragments:
        assert fragment in err


def test_missing_values_come_with_the_command_to_type(capsys: pytest.CaptureFixture[str]) -> None:
    """The command that is shown works when it is typed."""
    code, _, err = answer(capsys, "tanh(a*b + c)", "a=2")
    assert code == 2
    assert "b and c need values" in err
    command = shlex.split(err.strip().splitlines()[-1])
    assert command[:3] == ["python", "-m", "autograd"]
    assert answer(capsys, *command[3:])[0] == 0
    assert "x needs a value" in answer(capsys, "x*x")[2]


# --- the proof ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "verdict", "sentence"),
    [
        (["relu(x)", "x=0"], "kink", "0 on the left of 0 and 1 on the right; 0 is the convention"),
        (["clip(x, 0, 1)", "x=1"], "kink", "1 is the convention"),
        (["floor(x)", "x=2"], "jump", "jumps at 2"),
        (["sqrt(x)", "x=0"], "edge", "to the left of 0"),
        (["cbrt(x)", "x=0"], "unsettled", "inf"),
    ],
)
def test_kinks_jumps_and_edges_are_told_apart(
    words: list[str], verdict: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a difference quotient cannot confirm the gradient the report says why, and the exit code is 1."""
    code, out, _ = answer(capsys, *words)
    assert code == 1
    assert f"✗ {verdict}" in out
    assert sentence in " ".join(out.split())


def test_an_agreeing_kink_is_mentioned(capsys: pytest.CaptureFixture[str]) -> None:
    """The gradient 0 of |x| at 0 equals the central difference, yet the kink is named."""
    code, out, _ = answer(capsys, "abs(x)", "x=0")
    assert code == 0
    assert "the slope is -1 on the left and 1 on the right" in out


def test_a_wrong_derivative_is_caught(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Sabotage: with a wrong rule for sin and for its second derivative, the command sees red."""
    sin, cos = (whitelist.allowed()[n] for n in ("sin", "cos"))
    assert answer(capsys, "2*sin(x)", "x=0.7")[0] == 0
    with monkeypatch.context() as broken:
        broken.setattr(sin, "derivatives", (lambda y, a: cos(a) * 1.0001,))
        code, out, _ = answer(capsys, "2*sin(x)", "x=0.7")
        assert code == 1
        assert "✗ disagrees" in out
    with monkeypatch.context() as broken:
        broken.setattr(cos, "derivatives", (lambda y, a: sin(a),))
        code, out, _ = answer(capsys, "2*sin(x)", "x=0.7", "--order", "2")
        assert code == 1
        assert "The gradient agrees" in out
        assert "1 of 1 second derivative could not be confirmed" in out


@pytest.mark.parametrize("row", [r for r in elementwise_rows() if r.derivatives], ids=lambda r: r.name)
def test_no_row_of_the_table_is_accused_wrongly(row: Any) -> None:
    """In the interior of its domain every derivative of the table agrees with the differences of this command."""
    for shift in (0.31, 0.77):
        at = []
        for low, high in row.domain:
            low, high = max(low, -2.0), min(high, 2.0)
            at.append(low + (high - low) * (shift + 0.03 * len(at)))
        if any(abs(k(*at)) < 1e-3 for k in row.kinks):
            continue
        args = [bool(x > 0) if i < row.passive else x for i, x in enumerate(at)]
        for slot in range(row.passive, row.arity):
            y = row.float_of(*args)
            gradient = row.local_of(slot, y, *args)

            def f(x: float, slot: int = slot, args: list[Any] = args) -> Any:
                return np.array([row.float_of(*(x if k == slot else v for k, v in enumerate(args)))])

            found = compare(row.name, args[slot], gradient, quotient(f, args[slot]), 0)
            assert found.agrees, (row.name, slot, args, found)
            wrong = compare(row.name, args[slot], gradient * 1.001 + 1e-4, quotient(f, args[slot]), 0)
            assert not wrong.agrees, (row.name, slot, args, wrong)


@pytest.mark.parametrize(
    ("text", "x", "slope"),
    [("x + 1e10", 1.0, 1.0), ("exp(1000*x)", 1e-3, 1000 * math.e), ("x**10", 100.0, 1e19), ("log(x)", 1e-9, 1e9), ("log(x)", 1e-300, 1e300),
     ("x**2", 1e-9, 2e-9), ("1e-30*x", 1.0, 1e-30), ("sin(1e6*x)", 1.0, 1e6 * math.cos(1e6)), ("cos(x)", 0.0, 0.0), ("x*0", 1.0, 0.0),
     ("1/(1 + exp(-x))", 30.0, math.exp(-30.0)), ("(x - 1)**2", 1.0, 0.0), ("x*1e300", 2.0, 1e300)],
)  # fmt: skip
def test_badly_scaled_functions_are_judged_fairly(
    text: str, x: float, slope: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """Steep, flat, huge and tiny functions agree, because the step is chosen by its estimated error."""
    code, out, _ = answer(capsys, text, f"x={x!r}", "--format", "json")
    (found,) = parsed(out)["results"]
    assert found["gradients"]["x"] == pytest.approx(slope, rel=1e-9, abs=1e-300)
    assert code == 0, found["comparisons"]


def odd_expression(random: Random, depth: int = 3) -> str:
    """Put together a call that nobody would write: any function with any arguments."""
    kind = random.random()
    if kind < 0.3 or depth == 0:
        return random.choice(["a", "b", "v", "M"])
    if kind < 0.5:
        return random.choice(["1", "2", "0", "-1", "0.5", "pi", "True", "1e300"])
    inner = [odd_expression(random, depth - 1) for _ in range(3)]
    if kind < 0.75:
        name = random.choice(sorted(whitelist.allowed()))
        words = inner[: random.choice([1, 1, 1, 2, 2, 3])]
        words[:1] = [random.choice(["'i,i->'", "'ij->i'", "'zz'"])] if name == "einsum" else words[:1]
        words += random.choices(
            ["axis=0", "axis=-1", "axis=(0,1)", "keepdims=True", "shape=(2,1)", "ddof=1", "bogus=3"],
            k=random.random() < 0.3,
        )
        return f"{name}({', '.join(words)})"
    if kind < 0.84:
        return f"[{inner[0]}, {inner[1]}]" if random.random() < 0.6 else f"({inner[0]}, {inner[1]})"
    if kind < 0.88:
        return f"{inner[0]}[{random.choice(['0', '-1', ':', '1:', '0,1', 'v>1', '::-1', '9', 'a', 'v'])}]"
    return f"({inner[0]} {random.choice(['+', '-', '*', '/', '**', '%', '@', '<', '==', 'and', 'or'])} {inner[1]})"


@pytest.mark.parametrize("seed", range(8))
def test_odd_expressions_give_numbers_or_errors_of_ours(seed: int) -> None:
    """Whatever is combined with whatever: a report, or an error that points at the place, and nothing else."""
    random = Random(seed)
    values = {"a": 1.5, "b": -0.3, "v": np.array([1.0, 2.0]), "M": np.array([[1.0, 2.0], [3.0, 4.0]])}
    outcomes = []
    for _ in range(120):
        text = odd_expression(random)
        try:
            results = results_of(parse(text), values, order=random.choice([1, 1, 1, 2]))
            outcomes.append(all(math.isfinite(r.value) for r in results))
        except AutogradError as error:
            outcomes.append(bool(str(error)))
    assert all(outcomes)
    assert len(outcomes) == 120


def test_large_arrays_are_compared_in_part_and_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Beyond 200 elements a spread of them is compared; the count of the others is shown."""
    code, out, _ = answer(capsys, "sum(x**2)", f"x={list(range(500))}")
    assert code == 0
    assert "300 more array elements were not compared" in out
    assert len(out.splitlines()) < 50


# --- values -------------------------------------------------------------------------------------------------------


def test_values_from_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON and lines with comments give the same values; the command line wins over the file."""
    lines, as_json = tmp_path / "v.txt", tmp_path / "v.json"
    lines.write_text("\ufeffa = 2  # two\n\n# nothing\n 权重 = [1, 2/4]\n", encoding="utf-8")
    as_json.write_text('{"a": 2, "权重": [1, 0.5]}', encoding="utf-8")
    first = answer(capsys, "a*sum(权重)", "--values", str(lines))
    assert first[0] == 0
    assert "= 3" in first[1]
    assert answer(capsys, "a*sum(权重)", "--values", str(as_json)) == first
    assert "= 15" in answer(capsys, "a*sum(权重)", "a=10", "--values", str(lines))[1]
    assert "= 6" in run("a*3", "--values", "-", stdin="a=2").stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a = 2\nb: 3", "line 2"), (b"a = 2\na = 3", "given twice"), (b"a = b", "line 1"), (b"a = 1/0", "line 1"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b'{"a": 2', "line 1"), (b'{"a": "x"}', "'a'"), (b'{"a": NaN}', "finite"), (b'{"a": true}', "number"), (b'{"a": null}', "number"),
        (b"[1, 2]", "object"), (b'{"a": [[1], [2, 3]]}', "equal length"), (b'{"a b": 1}', "not a name"),
        (b'{"a": 1, "a": 2}', "given twice"),
        (b'{"a": ' + b"9" * 400 + b"}", "largest float"), (b"[" * 100000, "JSON"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_with_the_line(
    content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that cannot be used is named, with line or entry."""
    file = tmp_path / "values"
    file.write_bytes(content)
    code, _, err = answer(capsys, "a", "--values", str(file))
    assert code == 2
    assert words in err
    assert "values" in err


def test_a_folder_is_no_file_of_values(tmp_path: Path) -> None:
    """What cannot be opened is refused in our words."""
    with pytest.raises(AutogradError, match="cannot read"):
        read_file(str(tmp_path))


def test_values_and_expressions_are_told_apart() -> None:
    """``==`` compares, ``;`` makes an expression, a right side with names of its own names a part."""
    assert sort_arguments(["a==b", "a=1", "z = a; z", "q=a*2", "b = -pi"]) == (
        ["a==b", "z = a; z", "q=a*2"],
        {"a": 1.0, "b": -math.pi},
    )


# --- the rest of the tool -----------------------------------------------------------------------------------------


def test_help_and_version_need_no_numpy() -> None:
    """``--help`` shows examples, ``--version`` the version; neither loads NumPy, and both end with 0."""
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "from autograd.command.main import main\n"
        "print(main(['--help']), main(['--version']), main(['a', 'a=1']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert 'python -m autograd "tanh(a*b + c)" a=2 b=-3 c=10' in done.stdout
    assert "chainrule " in done.stdout
    assert done.stdout.endswith("0 0 2\n")
    assert "numpy" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_example_of_the_help_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the help shows can be typed."""
    main(["--help"])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if line.startswith("  python -m autograd ")]
    assert len(lines) >= 7
    monkeypatch.chdir(tmp_path)
    (tmp_path / "numbers.txt").write_text("x = 2")
    (tmp_path / "train.py").write_text("from autograd import Value\nw = Value(2.0)\nloss = w * w\n")
    for line in lines:
        words = shlex.split(line)[3:]
        if {"--step", "--predict"} & {*words}:
            monkeypatch.setattr("sys.stdin", __import__("io").StringIO("q\n"))
        assert main(words) == 0, line
    capsys.readouterr()


def test_without_arguments_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody who types the bare command learns what it is for."""
    code, out, _ = answer(capsys)
    assert code == 0
    assert "examples:" in out


def test_names_lists_the_functions(capsys: pytest.CaptureFixture[str]) -> None:
    """``--names`` shows every function and constant that may be used."""
    code, out, _ = answer(capsys, "--names")
    assert code == 0
    words = set(re.findall(r"[\w]+", out))
    assert set(whitelist.allowed()) <= words


def test_a_reader_that_goes_away_is_no_error() -> None:
    """``… | head -1``: no traceback, no complaint."""
    command = f'"{sys.executable}" -m autograd "a*b" a=1 b=2'
    for reader in ("true", "head -1"):
        done = subprocess.run(
            f"{command} | {reader}", shell=True, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_is_reported() -> None:
    """Output that cannot be written is an error in one line."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-m", "autograd", "a", "a=1"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True,
                              timeout=60, check=False)  # fmt: skip
    assert done.returncode != 0
    assert "cannot write the output" in done.stderr
    assert "Traceback" not in done.stderr


def test_interrupting_ends_quietly() -> None:
    """Ctrl-C: exit code 130 and no traceback."""
    code = "from autograd.command.main import main; print('ready', flush=True); raise SystemExit(main(['a', '--values', '-']))"
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert (out, err) == ("", "")


# --- drawing and stepping -----------------------------------------------------------------------------------------


def test_draw_writes_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The suffix chooses the format; the names of the values are in the picture."""
    target = tmp_path / "g.dot"
    code, out, _ = answer(capsys, *EXAMPLE, "--draw", str(target))
    assert code == 0
    assert out.splitlines()[-1] == f"drawn: {target}"
    source = target.read_text(encoding="utf-8")
    assert source.startswith("digraph")
    assert "n3 = tanh(n2)" in source
    answer(capsys, "a*b", "a+b", "a=1", "b=2", "--draw", str(target))
    assert (tmp_path / "g-1.dot").exists()
    assert (tmp_path / "g-2.dot").exists()


@pytest.mark.parametrize("suffix", ["svg", "html", "png", "pdf"])
def test_draw_renders_every_format(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each format of the help begins as such a file begins."""
    target = tmp_path / f"g.{suffix}"
    assert answer(capsys, "a*b", "a=1", "b=2", "--draw", str(target))[0] == 0
    head = target.read_bytes()[:400].lstrip().lower()
    assert {"svg": b"<svg" in head or b"<?xml" in head, "html": b"<!doctype html" in head, "png": head.startswith(b"\x89png"),
            "pdf": head.startswith(b"%pdf")}[suffix]  # fmt: skip


def test_a_picture_that_cannot_be_written_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing folder or an unknown suffix is an error of ours."""
    for bad in (tmp_path / "no" / "g.dot", tmp_path / "g.gif", tmp_path / "g"):
        code, _, err = answer(capsys, "a*b", "a=1", "b=2", "--draw", str(bad))
        assert code == 2
        assert err.startswith("error: cannot")


def test_step_opens_the_debugger() -> None:
    """``--step`` reads commands from a pipe, and shows the steps of this expression."""
    done = run(*EXAMPLE, "--step", stdin="n\nn\nq\n")
    assert done.returncode == 0
    assert "step 1/3   n3 = tanh(n2)" in done.stdout
    assert "step 2/3   n2 = n1 + c" in done.stdout


def test_forward_steps_through_the_forward_pass() -> None:
    """``--forward`` opens the prompt on the forward pass, with ``--step`` or alone."""
    for words in (["--forward"], ["--step", "--forward"]):
        done = run("d = a*b; tanh(d + b)", "a=0.5", "b=-0.3", *words, stdin="n\nc\nq\n")
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("at the start of the forward pass to n2: 3 steps\n  next: d = a × b\n")
        assert "gives    0.5000 × -0.3000 = -0.1500" in done.stdout
        assert "at the end: n2 = -0.4219" in done.stdout
        assert "predict" not in done.stdout


def test_predict_asks_before_it_shows() -> None:
    """``--predict`` steps and asks for each amount of the backward pass, and in the end gives the score."""
    done = run("d = a*b; tanh(d + b)", "a=0.5", "b=-0.3", "--predict", stdin="n 3\n1 - n2**2\ng\n9\n\n-a*g\nq\n")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "at the start of the backward pass from n2: 3 steps"
    assert lines[3].startswith("predict is on: n and s ask what is sent")
    assert "  ∂n2/∂n1 = 1 - n2**2. What goes to n1? 1 - n2**2" in lines
    assert "  ✓ right   (1 of 1 right)" in lines
    assert any(line.startswith("  ✗ off by") for line in lines)
    assert "  ✗ right size, wrong sign: it is 0.4110   (2 of 5 right)" in lines
    assert lines[-1] == "at the end: 2 of 5 right"


def test_predict_asks_for_values_on_the_way_forward(tmp_path: Path) -> None:
    """``--predict --forward`` asks what each node computes, of an expression and of a script's value alike."""
    script = tmp_path / "train.py"
    script.write_text("from autograd import Value\na, b = Value(0.5), Value(-0.3)\nd = a * b\nloss = d + b\n")
    for words in (["d = a*b; loss = d + b; loss", "a=0.5", "b=-0.3"], [f"{script}:loss"]):
        done = run(*words, "--predict", "--forward", stdin="n 2\na*b\nd+b\nq\n")
        assert done.returncode == 0, done.stderr
        assert "predict is on: n and s ask what is computed" in done.stdout
        assert "What is d? a*b\n  ✓ right   (1 of 1 right)" in done.stdout
        assert done.stdout.endswith("at the end: 2 of 2 right\n")


def test_stepping_through_one_of_several_says_which(capsys: pytest.CaptureFixture[str]) -> None:
    """Of several expressions the last is stepped through, and that is said."""
    done = run("a*b", "a + b", "a=1", "b=2", "--step", stdin="q\n")
    assert done.stdout.startswith("stepping through the last of 2 expressions: a + b\nat the start")
    assert "expressions" not in run("a*b", "a=1", "b=2", "--step", stdin="q\n").stdout
    code, _, err = answer(capsys, "2*3", "--predict")
    assert code == 2
    assert "there is nothing to step through" in err


def test_a_script_of_the_users_own_is_stepped(tmp_path: Path) -> None:
    """``script.py:loss --step`` runs the script beside its own modules and steps the value of that name."""
    (tmp_path / "numbers_of_mine.py").write_text("START = 2.0\n")
    script = tmp_path / "train.py"
    script.write_text(
        "from autograd import Value\nfrom numbers_of_mine import START\n"
        "if __name__ == '__main__':\n    w = Value(START)\n    loss = (w * 3 - 1) ** 2\n    count = 1\n"
    )
    done = run(f"{script}:loss", "--step", "--draw", str(tmp_path / "g.dot"), stdin="n\nq\n")
    assert done.returncode == 0, done.stderr
    assert "loss = n2**2 = 25.0000" in done.stdout
    assert (tmp_path / "g.dot").exists()
    assert "did you mean 'loss'" in run(f"{script}:los", "--step").stderr
    assert "of type int" in run(f"{script}:count", "--step").stderr
    script.write_text("1/0\n")
    failed = run(f"{script}:loss", "--step")
    assert failed.returncode == 2
    assert "ZeroDivisionError" in failed.stderr
    script.write_text("import sys; sys.exit(3)\n")
    assert "ended by itself" in run(f"{script}:loss", "--step").stderr


def test_nothing_of_the_command_changes_the_engine(capsys: pytest.CaptureFixture[str]) -> None:
    """Running the command leaves no mode on and no name behind."""
    answer(capsys, *EXAMPLE)
    x = Value(2.0)
    (x * x).backward()
    assert x.grad == 4.0
