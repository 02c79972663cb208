"""What a program leaves behind: its source, its pickle, its file, and their names."""

from __future__ import annotations

import ast
import importlib.util
import io
import pickle
import pickletools
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd as ag
from autograd import Graph, Value, operation
from autograd.check import strategies
from autograd.errors import InputTypeError, InputValueError
from autograd.operations import TABLE, elementwise_rows
from autograd.program.names import identifier
from autograd.program.native_text import has_text
from autograd.program.source import WHOLE
from tests.autograd.program.test_agreement import close, sizes


def loaded(path: Path) -> Any:
    """Import a file that a program has written."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def neuron(x: Any, w: Any, b: Any) -> Any:
    """A weighted sum and an activation."""
    return ag.sigmoid((x * w).sum() + b)


def test_the_source_is_what_one_reads():
    """One operation a line, the user's names, forward and then backward, each contribution with its rule."""
    assert ag.compile(lambda a, b, c: (a * b + c).tanh(), 1.0, 1.0, 1.0).source == (
        "from math import cosh, tanh\n"
        "\n\n"
        "def value_and_grad(a, b, c):\n"
        '    """Value and gradient of <lambda>."""\n'
        "    # forward\n"
        "    n1 = a * b\n"
        "    n2 = n1 + c\n"
        "    n3 = tanh(n2)\n"
        "    # backward, from d_n3 = 1; a sum hands its gradient on\n"
        "    t1 = 1.0 / cosh(n2)             # sech(n2)\n"
        "    t2 = t1 * t1\n"
        "    d_a = t2 * b                    # ∂n1/∂a = b\n"
        "    d_b = t2 * a                    # ∂n1/∂b = a\n"
        "    d_c = t2\n"
        "    return n3, d_a, d_b, d_c\n"
    )


def test_the_source_runs_as_it_stands():
    """The text is Python that gives value and gradient; guards are said in it, and returned behind the gradient."""
    f = ag.compile(lambda x, y: ag.elu(x) * y if x > y else ag.gelu(x) - y, 3.0, 2.0)
    namespace: dict[str, Any] = {}
    exec(f.source, namespace)
    value, dx, dy, guard = namespace["value_and_grad"](4.0, 3.0)
    assert (value, (dx, dy)) == f.value_and_grad(4.0, 3.0)
    assert guard is True
    assert f"# guard: > was True (line {test_the_source_runs_as_it_stands.__code__.co_firstlineno + 2} of" in f.source


NAMES = ["x'", "中文", "lambda", "a<b", "w", "w", "tanh", "exp", "memory", "part_1", "d_w", "n1", "t1", "", "__import__('os')",
         "a\nimport os", '"""', "# x", "nan", "None", "ﬁ", "fi", "x" * 300, "é", "e\u0301", "👍", "print", "np", "cube_"]  # fmt: skip


def test_names_become_identifiers():
    """Every name, however strange, is a valid identifier; no two are the same, and nothing of it is executed."""
    values = [Value(0.1 * k + 0.2, name=name) for k, name in enumerate(NAMES)]
    y = sum(v.tanh() * v.exp() for v in values)
    program = Graph(y).program(values)
    function = ast.parse(program.source).body[-1]
    assert isinstance(function, ast.FunctionDef)
    arguments = [a.arg for a in function.args.args]
    assert len(set(arguments)) == len(NAMES)
    assert all(a.isidentifier() for a in arguments)
    y.backward()
    value, gradient = program.value_and_grad(*(v.item() for v in values))
    assert value == y.item()
    np.testing.assert_allclose(gradient, [v.grad for v in values], rtol=1e-14)


@given(st.text(max_size=12))
def test_any_text_becomes_an_identifier(text: str):
    """Whatever is typed, the identifier is one that Python's parser leaves as it is."""
    name = identifier(text)
    tree = ast.parse(f"{name} = 1")
    assert isinstance(tree.body[0], ast.Assign)
    assert ast.unparse(tree.body[0].targets[0]) == name


def test_a_title_cannot_break_out_of_the_text():
    """Names of functions and of results stand in a docstring, and stay there."""
    program = Graph(Value(1.0, name='"""\nimport os\n"""') * 2).program()
    program.name = 'a"""\nraise SystemExit\\'
    ast.parse(program.source)
    assert "SystemExit" not in {n.id for n in ast.walk(ast.parse(program.source)) if isinstance(n, ast.Name)}


WRITTEN = [row for row in strategies.smooth_rows() if has_text(row)]


@strategies.profile("dev")
@given(strategies.expressions(variables=2, max_operations=10, operations=WRITTEN))
def test_a_file_computes_the_same_without_the_library(e: Any):
    """The file's functions agree with the program, single and in lanes."""
    import tempfile

    program = ag.compile(e, *e.point)
    with tempfile.TemporaryDirectory() as folder:
        module = loaded(program.save(Path(folder) / "saved.py"))
    assert module.value(*e.point) == program.value(*e.point)
    assert module.value_and_grad(*e.point) == program.value_and_grad(*e.point)
    lanes = [np.array([x, x + 0.01]) for x in e.point]
    expected, found = program.value_and_grad(*lanes), module.value_and_grad(*lanes)
    close(found[0], expected[0], sizes(e))
    close(found[1], expected[1], sizes(e))


def test_a_file_imports_math_and_numpy_only(tmp_path: Path):
    """It runs in a Python that does not see this library, with every row of the table."""
    rows = [r for r in elementwise_rows() if r.derivatives and has_text(r) and np.isfinite(r(*[0.4] * r.arity))]

    def f(x: Any) -> Any:
        return sum(row(*([x] * row.arity)) * 0.1 for row in rows) + ag.where(x > 0.25, x, -x)

    path = ag.compile(f, 0.5).save(tmp_path / "all.py")
    names = {
        n.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import)
        for n in node.names
    }
    assert names <= {"math", "numpy", "operator"}
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import runpy; print(runpy.run_path({str(path)!r})['value_and_grad'](0.4))"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    value, gradient = ast.literal_eval(done.stdout)
    assert (value, gradient) == ag.compile(f, 0.5).value_and_grad(0.4)


def test_a_file_keeps_its_promises(tmp_path: Path):
    """Vectors, IEEE results, guards, long programs: the file has them all."""
    module = loaded(ag.compile(neuron, np.zeros(3), np.zeros(3), 0.0).save(tmp_path / "neuron.py"))
    x, w = np.array([1.0, 2.0, 3.0]), np.array([0.5, -0.25, 0.125])
    expected = ag.compile(neuron, x, w, 0.5).value_and_grad(x, w, 0.5)
    found = module.value_and_grad(x, w, 0.5)
    assert found[0] == expected[0]
    for a, b in zip(found[1], expected[1], strict=True):
        np.testing.assert_array_equal(a, b)
    inverse = loaded(ag.compile(lambda x: 1 / x if x < 10 else x, 1.0).save(tmp_path / "inverse.py"))
    assert inverse.value_and_grad(0.0) == (float("inf"), -float("inf"))
    with pytest.raises(ValueError, match=r"holds only where < in line \d+ of .* gives True"):
        inverse.value(11.0)
    with pytest.raises(ValueError, match="gives True"):
        inverse.value(np.array([1.0, 11.0]))
    with pytest.raises(ValueError, match="expected"):
        module.value(np.zeros(4), w, 0.0)

    def long(x: Any) -> Any:
        y = x
        for _ in range(2 * WHOLE):
            y = y * 0.999 + 0.001
        return y

    program = ag.compile(long, 0.5)
    assert loaded(program.save(tmp_path / "long.py")).value_and_grad(0.25) == program.value_and_grad(0.25)


def test_captured_values_are_numbers_in_a_file(tmp_path: Path):
    """A file knows nothing of Values: what was captured is the number it had."""
    w = Value(2.0)
    program = ag.compile(lambda x: x * w, 1.0)
    module = loaded(program.save(tmp_path / "captured.py"))
    w.data = 5.0
    assert (module.value(3.0), program.value(3.0)) == (6.0, 15.0)


def test_a_pickle_is_plain_data():
    """A pickled program holds names and numbers, no code; read again it is the same program."""
    f = ag.compile(neuron, np.zeros(3), np.zeros(3), 0.0)
    data = pickle.dumps(f)
    names = {
        arg
        for op, arg, _ in pickletools.genops(io.BytesIO(data))
        if op.name == "SHORT_BINUNICODE" and isinstance(arg, str)
    }
    assert not {n for n in names if n in {"exec", "eval", "compile", "code", "function", "CodeType", "FunctionType"}}
    again = pickle.loads(data)
    x, w = np.ones(3), np.full(3, 0.5)
    assert repr(again.value_and_grad(x, w, 0.1)) == repr(f.value_and_grad(x, w, 0.1))
    assert again.source == f.source
    assert pickle.loads(pickle.dumps(f.derivative())).value(x, w, 0.1)[2] == f.grad(x, w, 0.1)[2]


@pytest.fixture
def cube() -> Any:
    """An operation of the user's own."""

    @operation(derivatives=[lambda y, a: 3 * a**2], name="own_cube")
    def own_cube(a: Any) -> Any:
        return a**3

    yield own_cube
    del TABLE["own_cube"]


def test_an_operation_without_a_text(cube: Any, tmp_path: Path):
    """A user's operation is compiled and differentiated here; it cannot be written to a file, and the error says so."""
    f = ag.compile(lambda x: cube(x) * 2, 1.0)
    assert f.value_and_grad(2.0) == (16.0, 24.0)
    assert f.hessian(2.0) == 24.0
    assert f.grad([1.0, 2.0]).tolist() == [6.0, 24.0]
    assert "own_cube_(x)" in f.source
    with pytest.raises(InputTypeError, match="own_cube is an operation of your own.*cannot be written to a file"):
        f.save(tmp_path / "no.py")


def test_a_native_program_with_an_operation_of_the_users_own(cube: Any):
    """Machine code does not know it: the program runs as Python, with the same numbers."""
    pytest.importorskip("numba", reason="the extra [jit] is not installed")
    f = ag.compile(lambda x: cube(x) * 2, 1.0, native=True)
    assert f.value_and_grad(2.0) == (16.0, 24.0)
    assert f.grad([1.0, 2.0]).tolist() == [6.0, 24.0]


def test_what_cannot_be_saved_says_so(tmp_path: Path):
    """No folder, several results, a program that was never recorded."""
    f = ag.compile(lambda x: x * 2, 1.0)
    with pytest.raises(InputValueError, match="cannot write the program"):
        f.save(tmp_path / "nowhere" / "f.py")
    with pytest.raises(InputTypeError, match="programs that give one number"):
        ag.compile(lambda x: (x, x), 1.0).save(tmp_path / "two.py")
    with pytest.raises(InputValueError, match="was not recorded yet: call it once, or give examples"):
        _ = ag.compile(lambda x: x).source


def test_figures_of_a_program():
    """``stats`` counts what was recorded, and says when compiling is paid back."""
    stats = ag.compile(lambda a, b, c: (a * b + c).tanh(), 1.0, 1.0, 1.0).stats
    assert (stats.operations, stats.statements) == (3, 7)
    assert stats.compile_seconds > 0
    assert stats.replay_seconds > 0
    assert stats.break_even is None or stats.break_even > 0
    assert "3 operations, 7 statements" in str(stats)
