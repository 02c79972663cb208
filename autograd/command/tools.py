"""``--draw``, ``--step`` (``--forward``, ``--predict``) and ``--source``: what other rooms do, loaded when asked for.

``python -m autograd script.py:loss --step`` runs a script of the user's own and steps through the value it calls
``loss``. Unlike an expression, a script is the user's program: it runs as ``python script.py`` would.
"""

from __future__ import annotations

import re
import runpy
import sys
import traceback
from pathlib import Path
from typing import Any

from autograd.errors import InputTypeError, InputValueError, UnknownNameError
from autograd.expressions.source import did_you_mean

_SCRIPT = re.compile(r"(?P<path>.+\.py):(?P<name>[^\W\d]\w*)")


def script_of(arguments: list[str]) -> tuple[str, str] | None:
    """Give path and name when the only argument is ``path.py:name``, else None.

    >>> script_of(["train.py:loss"]), script_of(["a*b", "a=2"])
    (('train.py', 'loss'), None)

    Raises:
        InputValueError: a path alone.
    """
    only = arguments[0].strip() if len(arguments) == 1 else ""
    if only.removesuffix(":").endswith(".py"):
        path = only.removesuffix(":")
        raise InputValueError(f"say which value of {path} is meant, by the name that it has there: {path}:loss")
    match = _SCRIPT.fullmatch(only)
    return (match["path"], match["name"]) if match else None


def run_script(path: str, name: str) -> tuple[Any, dict[str, Any]]:
    """Run a script and give the Value or Tensor that it calls ``name``, and all its nodes by name.

    Raises:
        InputValueError: there is no such file, or the script fails (its traceback is shown first).
        UnknownNameError: the script has no such name.
        InputTypeError: the name is not a Value or Tensor.
    """
    from autograd.node import Node

    script = Path(path)
    if not script.is_file():
        raise InputValueError(f"there is no script {path!r}")
    before = sys.argv, list(sys.path)
    sys.argv = [path]
    sys.path.insert(0, str(script.resolve().parent))
    try:
        found = runpy.run_path(path, run_name="__main__")
    except SystemExit as done:
        raise InputValueError(f"{path} ended by itself (sys.exit({done.code!r})), so its names are gone") from None
    except Exception as error:  # noqa: BLE001  the user's own program may raise anything
        traceback.print_exc()
        raise InputValueError(
            f"{path} failed before {name!r} could be stepped ({type(error).__name__}: {error})"
        ) from None
    finally:
        sys.argv, sys.path[:] = before
    nodes = {k: v for k, v in found.items() if isinstance(v, Node) and not k.startswith("_")}
    if name not in found:
        raise UnknownNameError(f"{path} has no name {name!r}{did_you_mean(name, list(nodes))}")
    if name not in nodes:
        raise InputTypeError(
            f"{name!r} in {path} is of type {type(found[name]).__name__}, and only a Value or Tensor has a graph"
            + (f"; such are {', '.join(list(nodes)[:6])}" if nodes else "")
        )
    return nodes[name], nodes


def draw_results(roots: list[Any], path: str, names: dict[str, Any] | None = None) -> list[Path]:
    """Draw each result into a file; several results get ``-1``, ``-2`` … before the suffix.

    Raises:
        InputValueError: nothing to draw, a suffix that is no format, or a file that cannot be written.
    """
    from autograd.drawing import draw
    from autograd.node import Node

    drawn = []
    target = Path(path)
    for i, root in enumerate(roots, start=1):
        if not isinstance(root, Node):
            raise InputValueError("there is nothing to draw: no name in the expression, so there is no graph")
        place = target if len(roots) == 1 else target.with_name(f"{target.stem}-{i}{target.suffix}")
        try:
            drawn.append(Path(draw(root, view="both", names=names or {}).save(place)))
        except OSError as error:
            reason = error.strerror or str(error)
            raise InputValueError(f"cannot write the picture {place}: {reason}") from None
    return drawn


def single_values(expression: Any, inputs: dict[str, Any]) -> list[Any]:
    """Compute the results of an expression with a Value for every single number, also inside arrays."""
    import numpy as np

    from autograd.value import Value

    leaves: dict[str, Any] = {}
    for name, given in inputs.items():
        block = np.empty(np.shape(given), dtype=object)
        for index in np.ndindex(block.shape):
            block[index] = Value(float(np.asarray(given)[index]), name="_".join((name, *map(str, index))))
        leaves[name] = block if block.ndim else block[()]
    return list(expression.compute(leaves).results)


def source_text(root: Any, names: dict[str, Any], title: str) -> str:
    """Give the Python that computes a result and its gradient, from the graph that was recorded.

    Raises:
        InputTypeError: the graph has operations on whole arrays.
        InputValueError: there is no graph.
    """
    from autograd.graph import Graph
    from autograd.node import Node

    if not isinstance(root, Node):
        raise InputValueError("there is no source to show: no name in the expression, so there is no graph")
    from autograd.terminal import plain_ascii, unicode_wanted

    program = Graph(root, names=names).program()
    program.name = " ".join(title.split())
    text = str(program.source).rstrip("\n")
    return text if unicode_wanted() else plain_ascii(text)


def step_through(
    root: Any, names: dict[str, Any] | None = None, *, forward: bool = False, predict: bool = False
) -> None:
    """Open the debugger's prompt on a result: on its backward pass, or on its forward pass, with questions or without.

    Raises:
        InputValueError: there is no graph.
    """
    from autograd.node import Node
    from autograd.stepper import Stepper

    if not isinstance(root, Node):
        raise InputValueError("there is nothing to step through: no name in the expression, so there is no graph")
    Stepper(root, direction="forward" if forward else "backward", names=names or {}).repl(predict=predict)
