"""The rules of the house: layers, the public face, lazy imports, docstrings, length of files, the neighbour."""

from __future__ import annotations

import ast
import inspect
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import autograd
from autograd.faces import DOORS

ROOT = Path(__file__).parent.parent
GENERATED = {
    "autograd/program/_native_tape.py",
    "autograd/_operators.py",
    "autograd/_value_methods.py",
    "autograd/_tensor_methods.py",
}

LAYERS = {
    "ground": "errors neighbour numeric forms arguments quiet scatter subscripts modes numpy_names terminal trees",
    "table": "operations nary rules arrays fused singly windows symbols functions custom _operators",
    "engine": (
        "node block soundness contributions engine fusing faces value readings tensor tensor_data tensor_methods "
        "_value_methods _tensor_methods ufuncs zoom functional "
        "products"
    ),
    "graph": "graph naming scopes",
    "tools": "",  # every other module of autograd
    "nn": "",
    "demos": "",
}
RANK = {name: rank for rank, name in enumerate(LAYERS)}
LAYER_OF = {module: layer for layer, modules in LAYERS.items() for module in modules.split()}

UPWARD = {
    # an array of Values as argument of an array operation is stacked and split, or becomes one node
    "operations": {"zoom", "fusing"},
    "graph": {"program.compiled"},  # Graph.program(): a door, like those of Value
}
"""Lazy imports that go upward, beside the doors of ``faces.DOORS``; each is explained where it stands."""

HEAVY = {
    "graphviz",
    "pygraphviz",
    "hypothesis",
    "matplotlib",
    "pytest",
    "IPython",
    "tqdm",
    "sklearn",
    "numba",
    "mlxtend",
}
HEAVY_ALLOWED = {
    "autograd.check.plugin": {"pytest"},  # the pytest plugin is loaded by pytest
    "autograd.program._native_tape": {"numba"},  # generated for numba, and loaded by program.native alone
    "autograd.check.strategies": {"hypothesis"},  # strategies are Hypothesis objects
}

LIMIT = 330
LONG = {
    # Files that are longer than they should be; they may shrink, and no other file may join them.
    "autograd/arrays.py": 345, "autograd/tensor.py": 371, "autograd/check/checker.py": 390,
    "autograd/check/subjects.py": 460, "nn/module.py": 360,
}  # fmt: skip

PUBLIC_NAMES = """
    AnomalyError ArrayProgram AutogradError ExpressionError GradientError Graph InputTypeError InputValueError Program ShapeError
    StaleError Stepper Tensor TrackingError UnknownNameError Value __version__ abs acos acosh add argmax argmin asin
    asinh atan atan2 atanh avg_pool2d broadcast_to cbrt ceil clip common_mistakes compile concatenate conv2d cos cosh cumsum
    detect_anomaly diagonal div dot draw draw_dot einsum elu enable_grad equal erf erfc exp exp2 expand_dims explain
    expm1 flatten flip floor fmod gc_paused gelu gelu_tanh grad hardsigmoid hardtanh hessian hvp hypot jacobian jvp
    leaky_relu linear load_ipython_extension log log10 log1p log2 log_softmax logaddexp logsigmoid logsumexp make_dot
    matmul max max_pool2d maximum mean min minimum mish mod mul neg no_grad norm normal_cdf normal_pdf operation
    outer pad permute pow power prod reciprocal record_ledger record_lines relu relu6 reshape scope sech selu
    sigmoid sign silu sin sinc sinh softmax softplus softsign sort split sqrt square squeeze stack stack_values std
    step sub sum swapaxes take_along_axis tan tanh tape text trace transpose tree tril triu trunc unfuse unfused unsqueeze
    value_and_grad var vjp where
"""
PUBLIC = PUBLIC_NAMES.split()
"""The public face. A new name: put it into ``_PLACES`` of ``autograd/__init__.py`` and, in order, here."""


def sources() -> list[Path]:
    """Give every file of the three packages."""
    return sorted(p for package in ("autograd", "nn", "demos") for p in (ROOT / package).rglob("*.py"))


def module_of(path: Path) -> str:
    """Give ``autograd.check.ladder`` for a path; a package is its ``__init__``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module: str) -> str:
    """Give the layer of a module."""
    package, _, rest = module.partition(".")
    return LAYER_OF.get(rest.split(".")[0], "tools") if package == "autograd" else package


@cache
def modules() -> frozenset[str]:
    """Give the names of all modules of the three packages."""
    return frozenset(map(module_of, sources()))


def imports(path: Path) -> list[tuple[str, bool]]:
    """Give (module, lazy) for each import; imports for type checkers alone are left out."""
    found: list[tuple[str, bool]] = []

    def visit(node: ast.AST, *, lazy: bool) -> None:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for child in node.orelse:
                visit(child, lazy=lazy)
            return
        if isinstance(node, ast.Import):
            found.extend((alias.name, lazy) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import; write the whole name"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in modules():
                    found.append((whole, lazy))
                elif node.module == "autograd" and alias.name in autograd._FACE:
                    found.append(
                        (
                            f"autograd.{autograd._FACE[alias.name][0]}"
                            if module_of(path).startswith("autograd")
                            else "autograd",
                            lazy,
                        )
                    )
                else:
                    found.append((str(node.module), lazy))
        inside = lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            visit(child, lazy=inside)

    visit(ast.parse(path.read_text(encoding="utf-8")), lazy=False)
    return found


def ours(name: str) -> bool:
    """Tell whether an imported module belongs to the three packages."""
    return name.split(".", maxsplit=1)[0] in ("autograd", "nn", "demos")


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_imports_only_go_downward(path: Path):
    """No module imports from a layer above its own; lazy exceptions are the listed doors."""
    module = module_of(path)
    if module == "autograd":  # the public face loads everything, lazily
        return
    own = RANK[layer_of(module)]
    for name, lazy in imports(path):
        if not ours(name) or name == "autograd" or RANK[layer_of(name)] <= own:
            continue
        short, target = module.removeprefix("autograd."), name.removeprefix("autograd.")
        allowed = UPWARD.get(short, set()) | (
            {d.removeprefix("autograd.") for d in DOORS.values()} if short == "faces" else set()
        )
        if short == "faces":
            allowed |= {"naming"}  # the doors hand on the caller's variable names
        assert lazy, f"{module} imports {name}, which lies in a higher layer"
        assert target in allowed, f"{module} opens a door to {name} that is not listed"


def test_no_two_modules_need_each_other():
    """The imports at the heads of files have no circle."""
    graph = {module_of(p): {n for n, lazy in imports(p) if not lazy and ours(n)} for p in sources()}
    done: set[str] = set()
    while len(done) < len(graph):
        ready = {
            m
            for m, needs in graph.items()
            if m not in done and not {n for n in needs if n in graph and n not in (m, "autograd")} - done
        }
        assert ready, f"these import each other in a circle: {sorted(set(graph) - done)}"
        done |= ready


def test_every_door_is_a_method_that_opens_its_module():
    """``faces.DOORS`` lists methods that exist, and modules that can be found."""
    for method, module in DOORS.items():
        assert callable(getattr(autograd.Value, method)) or isinstance(
            inspect.getattr_static(autograd.Value, method), property
        )
        assert module in modules(), module


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_heavy_packages_are_imported_only_when_used(path: Path):
    """graphviz, hypothesis, matplotlib, pytest, IPython … never at the head of a file, but where they are the file's purpose."""
    module = module_of(path)
    found = {name.split(".")[0] for name, lazy in imports(path) if not lazy} & HEAVY
    if not module.startswith("demos"):
        assert found <= HEAVY_ALLOWED.get(module, set()), f"{module} imports {found}"


def test_nn_uses_the_public_face():
    """Nn builds on names that everybody has: what ``autograd`` exports, its errors, and the trees and names of the public face."""
    used = {
        name
        for p in sources()
        if module_of(p).startswith("nn")
        for name, _ in imports(p)
        if ours(name) and name.startswith("autograd")
    }
    allowed = {
        "autograd",
        "autograd.errors",
        "autograd.scopes",
        "autograd.trees",
        "autograd.rules",
        "autograd.fused",
        "autograd.windows",
        "autograd.numeric",
        "autograd.custom",
        "autograd.modes",  # whether one is on
        "autograd.singly",  # softmax of Values, number by number
        "autograd.whole.loss",  # a step of training as a program of whole arrays
    }
    assert used <= allowed, f"nn reaches into {sorted(used - allowed)}"


def test_the_public_face_is_pinned():
    """``autograd.__all__`` is exactly the list above; a name is added on purpose, in both places."""
    missing, extra = sorted(set(autograd.__all__) - set(PUBLIC)), sorted(set(PUBLIC) - set(autograd.__all__))
    assert not missing, f"add to PUBLIC in this test: {missing}"
    assert not extra, f"no longer exported, or misspelt in PUBLIC: {extra}"
    assert sorted(PUBLIC) == PUBLIC, "keep PUBLIC sorted"
    assert dir(autograd) == sorted(autograd.__all__)


@pytest.mark.parametrize("name", [n for n in autograd.__all__ if n != "__version__"])
def test_every_public_name_has_a_docstring(name: str):
    """``help(autograd.name)`` says something."""
    doc = inspect.getdoc(getattr(autograd, name))
    assert doc
    assert len(doc) > 10, f"{name}: {doc!r}"


def test_unknown_names_are_answered():
    """A misspelt attribute gets a suggestion; autograd.numpy gets told whose it is."""
    with pytest.raises(AttributeError, match="did you mean 'Value'"):
        _ = autograd.Valeu
    with pytest.raises(AttributeError, match="HIPS autograd, which is another package"):
        _ = autograd.numpy


def run(code: str, *path: Path) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own, with folders put before all others."""
    command = f"import sys; sys.path[:0] = {[str(p) for p in path]!r}\n{code}"
    return subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )


def test_importing_the_package_loads_nothing():
    """``import autograd`` and its errors load without NumPy; a first Value loads no tool and no heavy package."""
    out = run("import autograd, autograd.errors; print('numpy' in sys.modules)")
    assert out.stdout == "False\n", out.stderr
    heavy = sorted(HEAVY | {"autograd.drawing", "autograd.stepper", "autograd.check", "autograd.command", "nn"})
    out = run(
        f"import autograd; y = autograd.Value(2.0) * 3; y.backward(); autograd.Tensor([1.0]).sum(); print([m for m in {heavy!r} if m in sys.modules])"
    )
    assert out.stdout == "[]\n", out.stdout + out.stderr


def test_every_public_name_loads_without_heavy_packages():
    """Looking at any public name imports no optional package."""
    optional = sorted(HEAVY)
    out = run(
        f"import autograd\nfor name in autograd.__all__: getattr(autograd, name)\nprint([m for m in {optional!r} if m in sys.modules])"
    )
    assert out.stdout == "[]\n", out.stdout + out.stderr


@pytest.mark.parametrize(
    "path", [p for p in sources() if p.relative_to(ROOT).as_posix() not in GENERATED], ids=module_of
)
def test_files_can_be_read_in_one_sitting(path: Path):
    """No file grows past its limit; when one does, it has two subjects."""
    name = path.relative_to(ROOT).as_posix()
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONG.get(name, LIMIT), f"{name} has {lines} lines: split it by subject"


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_every_file_says_what_it_is(path: Path):
    """Each file opens with a docstring, and none calls eval, exec or pickle."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{path} has no docstring"
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    evaluating = {
        "autograd.stepper.names",
        "autograd.stepper.prompt",
        "autograd.stepper.looking",
        "autograd.whole.kernel",  # runs the text that autograd.whole.writing has written; its names are our own
        "autograd.program.floats",  # runs the text that autograd.program.source has written, where no user's text enters
    }  # p EXPR, in the user's own process
    if module_of(path) not in evaluating:
        assert not called & {"eval", "exec"}, f"{path} evaluates text"
    assert not {n for n, _ in imports(path)} & {"pickle", "dill", "cloudpickle", "shelve"}, f"{path} pickles"


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders: HIPS autograd's face over our files, and our files over HIPS autograd's."""
    base = tmp_path_factory.mktemp("neighbour")
    for order in ("over", "beside"):
        shutil.copytree(ROOT / "autograd", base / order / "autograd", ignore=shutil.ignore_patterns("__pycache__"))
        (base / order / "autograd" / "tracer.py").write_text('"""HIPS autograd\'s tracer."""\n', encoding="utf-8")
    (base / "over" / "autograd" / "__init__.py").write_text("from . import tracer\n", encoding="utf-8")
    return base / "over", base / "beside"


def test_hips_autograd_installed_over_ours(neighbours: tuple[Path, Path]):
    """Our modules inside a stranger's package stop at once, and say what to do: on import, and from the command line."""
    for code in (
        "import autograd.value",
        "import autograd.errors",
        "import runpy; sys.argv = ['x', 'a*2', 'a=1']; runpy.run_module('autograd', run_name='__main__')",
    ):
        out = run(code, neighbours[0])
        assert out.returncode == 1
        assert "HIPS autograd was installed over this package" in out.stderr
        assert "pip uninstall -y autograd chainrule && pip install chainrule" in out.stderr


def test_ours_installed_over_hips_autograd(neighbours: tuple[Path, Path]):
    """With files of HIPS autograd beside ours, everything works and the import warns once, with the way out."""
    out = run("import autograd; print(autograd.Value(2.0) * 3)", neighbours[1])
    assert out.stdout == "Value(6.0, × node)\n", out.stderr
    assert out.stderr.count("RuntimeWarning: HIPS autograd") == 1
    assert "pip uninstall -y autograd chainrule" in out.stderr


def test_alone_there_is_no_warning():
    """Without a neighbour, importing is silent."""
    out = run("import warnings; warnings.simplefilter('error'); import autograd; autograd.Value")
    assert (out.returncode, out.stderr) == (0, "")
