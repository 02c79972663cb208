"""The inputs of a check, sorted: what is differentiated, what is handed on, what makes no sense.

Types
    Leaf            one number or array among the inputs: where it is, its numbers, what it is handed over as.
    ModuleArgument  a module in the place of an argument; its parameters are checked.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.arguments import bad_argument, short
from autograd.errors import InputTypeError, InputValueError
from autograd.node import Node
from autograd.trees import flatten, walk

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(slots=True)
class Leaf:
    """One number or array that is differentiated."""

    path: str
    data: Array
    kind: str
    """``"value"``, ``"tensor"``, ``"float"``, ``"array"``, or ``"parameter"``: a node that f reaches by itself."""
    dtype: Any
    node: Any = None
    original: Any = None
    """What a parameter held before the check."""


def same_bits(a: Any, b: Any) -> bool:
    """Tell whether two arrays hold the same numbers, nan being the same as nan."""
    return np.array_equal(np.asarray(a, dtype=float), np.asarray(b, dtype=float), equal_nan=True)


def outputs_of(result: Any, name: str) -> list[Any]:
    """Give the outputs of a function as nodes, numbers and arrays; refuse what is no real number."""
    if isinstance(result, Node | float | np.floating):
        return [result]
    leaves = flatten(result)[0]
    for y in leaves:
        if isinstance(y, Node) or (
            isinstance(y, np.ndarray | np.number | float | int) and np.asarray(y).dtype.kind in "fiub"
        ):
            continue
        if y is None:
            raise InputTypeError(
                f"{name} returned None; does it lack a return statement? Expected a number, array, Value or Tensor"
            )
        raise InputTypeError(bad_argument(y, f"the result of {name}"))
    if not leaves:
        raise InputTypeError(f"{name} returned an empty container; expected a number, array, Value or Tensor")
    return leaves


def argument(a: Any) -> Any:
    """A module among the arguments is handed on as it is; its parameters are checked."""
    return ModuleArgument(a) if hasattr(a, "parameters") and callable(a.parameters) else a


class ModuleArgument:
    """A module in the place of an argument."""

    def __init__(self, module: Any) -> None:
        self.module = module


def parameters_of(wrt: Any, args: tuple[Any, ...]) -> list[Leaf]:
    """List the nodes that f reaches by itself: a module's parameters, or Values and Tensors given by ``wrt``."""
    found: list[tuple[str, Any]] = []
    for owner in (*args, wrt):
        if hasattr(owner, "named_parameters"):
            found.extend(owner.named_parameters())
        elif hasattr(owner, "parameters") and callable(owner.parameters):
            found.extend((f"parameter {i}", p) for i, p in enumerate(owner.parameters()))
    if wrt is not None and not found and not _is_positions(wrt):
        found.extend((".".join(path) or "wrt", p) for path, p in walk(wrt))
    leaves = []
    for name, p in found:
        for path, node in walk(p):
            if not isinstance(node, Node) or node._rule is not None:
                raise InputTypeError(
                    f"wrt= takes positions of arguments, a module, or leaves (Values, Tensors); got {short(node)}"
                )
            title = node.name or ".".join((name, *path))
            data = np.array(node._data, order="C")
            leaves.append(Leaf(title, data, "parameter", data.dtype, node, node._data))
    return leaves


def _is_positions(wrt: Any) -> bool:
    return isinstance(wrt, int) or (isinstance(wrt, tuple | list) and all(isinstance(i, int) for i in wrt))


def chosen_positions(wrt: Any, count: int) -> set[int] | None:
    """Give the positions that ``wrt=`` chooses, none if it names leaves or modules, None if all are meant."""
    if wrt is None:
        return None
    if not _is_positions(wrt):
        return set()
    positions = [wrt] if isinstance(wrt, int) else list(wrt)
    for i in positions:
        if not -count <= i < count:
            raise InputValueError(f"wrt={wrt!r} does not fit {count} input(s)")
    return {i % count for i in positions}


def floating(x: Any) -> bool:
    """Tell whether an input is differentiated without being asked for."""
    if isinstance(x, Node):
        return True
    if isinstance(x, list):
        return np.asarray(x).dtype.kind == "f"
    return isinstance(x, float | np.floating) or (isinstance(x, np.ndarray) and x.dtype.kind == "f")


def number(x: Any) -> bool:
    """Tell whether an input is a whole number or an array of them: differentiated if there is nothing else."""
    return (isinstance(x, int | np.integer | list) and not isinstance(x, bool)) or (
        isinstance(x, np.ndarray) and x.dtype.kind in "iu"
    )


def check_input(x: Any, path: str) -> None:
    """Refuse what is no input of a real function."""
    if isinstance(x, Node | ModuleArgument | bool | int | float | np.bool_ | np.integer | np.floating | list):
        return
    if isinstance(x, np.ndarray) and x.dtype.kind in "fiub":
        return
    if callable(x):
        return
    raise InputTypeError(bad_argument(x, f"input {path}"))


def parameter_names(f: Any, count: int) -> list[str]:
    """Give the names of the arguments, from the function where it tells them."""
    try:
        found = [
            p.name
            for p in inspect.signature(f).parameters.values()
            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        ]
    except (TypeError, ValueError):
        found = []
    return [found[i] if i < len(found) else f"input {i}" for i in range(count)]


def written_path(path: tuple[str, ...], names: list[str]) -> str:
    """Write where a leaf is: ``w[0]``."""
    return names[int(path[0])] + "".join(f"[{p}]" for p in path[1:])
