"""Nested containers: tuples, lists and dicts whose leaves are numbers, arrays, Values or Tensors.

>>> leaves, rebuild = flatten({"w": (1.0, 2.0), "b": 3.0})
>>> leaves
[1.0, 2.0, 3.0]
>>> rebuild([x * 10 for x in leaves])
{'w': (10.0, 20.0), 'b': 30.0}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Path = tuple[str, ...]


def is_array_of_values(x: Any) -> bool:
    """Tell whether ``x`` is an array of objects: a container of Values with a shape."""
    return isinstance(x, np.ndarray) and x.dtype.kind == "O"


def _is_container(x: Any) -> bool:
    return isinstance(x, tuple | dict) or is_array_of_values(x) or (isinstance(x, list) and not _is_numbers(x))


def _is_numbers(x: list[Any]) -> bool:
    """A nested list of plain numbers is an array, not a container."""
    return bool(x) and all(isinstance(v, int | float) or (isinstance(v, list) and _is_numbers(v)) for v in x)


def flatten(tree: Any) -> tuple[list[Any], Callable[[list[Any]], Any]]:
    """Give the leaves in order, and a function that puts other leaves into the same containers."""
    leaves = [leaf for _, leaf in walk(tree)]

    def rebuild(new: list[Any]) -> Any:
        supply = iter(new)
        return _rebuilt(tree, supply)

    return leaves, rebuild


def walk(tree: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Give (path, leaf) for every leaf, such as ``(("w", "0"), 1.0)``."""
    if not _is_container(tree):
        yield path, tree
    elif isinstance(tree, dict):
        for key, branch in tree.items():
            yield from walk(branch, (*path, str(key)))
    elif is_array_of_values(tree):
        for index in np.ndindex(tree.shape):
            yield (*path, ",".join(map(str, index))), tree[index]
    else:
        for i, branch in enumerate(tree):
            yield from walk(branch, (*path, str(i)))


def _rebuilt(tree: Any, supply: Iterator[Any]) -> Any:
    if not _is_container(tree):
        return next(supply)
    if isinstance(tree, dict):
        return {key: _rebuilt(branch, supply) for key, branch in tree.items()}
    if is_array_of_values(tree):
        new = np.empty(tree.shape, dtype=object)
        for index in np.ndindex(tree.shape):
            new[index] = next(supply)
        return new
    parts = [_rebuilt(branch, supply) for branch in tree]
    if isinstance(tree, tuple):
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return parts
