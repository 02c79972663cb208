"""Members: how the modules and parameters below a module are found and named.

``Branch`` is the part of a module that this file needs; ``Module`` adds everything that a user sees. Members are
attributes that are modules or parameters, and those inside lists, tuples and dicts. Names are dotted paths.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, Value
from autograd.errors import InputTypeError
from nn.parameter import is_holder, named_leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Member = tuple[str, Any]
INTERNAL = frozenset({"training", "_buffers", "_hooks", "_path", "_stamp", "_given", "_order"})
structure = 0
"""Grows whenever a member is assigned anywhere; a module whose stamp is older names its tree again when called."""
_changes = itertools.count(1)


class Branch:
    """What every module has; class attributes, so that a subclass need not call ``super().__init__()``."""

    training: bool = True
    _buffers: frozenset[str] = frozenset()
    _hooks: dict[str, dict[int, Callable[..., Any]]] | None = None
    _path: str = ""
    _stamp: int = -1
    _given: frozenset[str] = frozenset()


SCANNED = (Branch, Tensor, Value, np.ndarray, list, tuple, dict)
"""The types of attributes in which members are looked for."""


def changed() -> None:
    """Note that the members of some module changed."""
    global structure  # noqa: PLW0603  the documented count
    structure = next(_changes)


def unique(module: Branch, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Give a module and all below it with their paths, each once."""
    seen: set[int] = set()
    for path, m in walk(module, prefix):
        if id(m) not in seen:
            seen.add(id(m))
            yield path, m


def joined(path: str, name: str) -> str:
    """Join two parts of a dotted path, either of which may be empty."""
    return f"{path}.{name}" if path and name else path or name


def direct(module: Branch) -> Iterator[Member]:
    """Give the modules and parameters among the attributes, those in lists, tuples and dicts included."""
    for name, value in tuple(vars(module).items()):
        if name in INTERNAL or name in module._buffers or not isinstance(value, SCANNED):
            continue
        yield from _inside(name, value)


def _inside(name: str, value: Any) -> Iterator[Member]:
    if isinstance(value, Branch) or is_holder(value):
        yield name, value
    elif isinstance(value, list | tuple):
        for i, part in enumerate(value):
            if isinstance(part, SCANNED):
                yield from _inside(f"{name}.{i}", part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if isinstance(part, SCANNED):
                yield from _inside(f"{name}.{key}", part)


def walk(module: Branch, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Give a module and all below it with their paths; a shared one appears under each of its paths."""
    todo: list[tuple[str, Any, frozenset[int]]] = [(prefix, module, frozenset())]
    while todo:
        path, m, above = todo.pop()
        if id(m) in above:
            raise InputTypeError(f"{type(m).__name__} {path!r} contains itself; a network of modules is a tree")
        yield path, m
        below = [(joined(path, name), child, above | {id(m)}) for name, child in direct(m) if isinstance(child, Branch)]
        todo.extend(reversed(below))


def name_members(root: Branch) -> None:
    """Give paths to all modules below ``root``, and names to their parameters that the user did not name."""
    for path, m in unique(root):
        given = set()
        for name, holder in direct(m):
            if isinstance(holder, Branch):
                continue
            for full, leaf in named_leaves(joined(path, name), holder):
                if leaf.name is None or leaf.name in m._given:
                    leaf.name = full
                    given.add(full)
        object.__setattr__(m, "_path", path)
        object.__setattr__(m, "_stamp", structure)
        object.__setattr__(m, "_given", frozenset(given))
