"""Scopes: which module made which nodes, at no cost per node.

Leaving a scope marks its output with (name, first index, last index). A node belongs to the scope when it was
created in that interval and the output depends on it; the snapshot works that out when somebody looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import InputTypeError
from autograd.node import Extra, Node, next_index
from autograd.trees import flatten

if TYPE_CHECKING:
    from collections.abc import Callable


def scope(name: str, function: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """Give a function whose nodes are shown under ``name`` in pictures and in the debugger.

    >>> from autograd import Graph, Value
    >>> x = Value(0.5, name="x")
    >>> y = scope("gate", lambda v: (v * 2).sigmoid())(x) + 1
    >>> [(n.id, n.scope) for n in Graph(y)]
    [('x', ''), ('n1', 'gate'), ('n2', 'gate'), ('n3', '')]
    """
    if not isinstance(name, str) or not name:
        raise InputTypeError(f"a scope needs a name; got {name!r}")
    if not callable(function):
        given = "" if function is None else f"; got {function!r}"
        raise InputTypeError(
            f"a scope is the call of a function, whose result tells which nodes are inside{given}. Write scope({name!r}, f)(x)"
        )

    def scoped(*args: Any, **named: Any) -> Any:
        first = next_index()
        result = function(*args, **named)
        mark(result, name, first)
        return result

    return scoped


def begin() -> int:
    """Give the index at which a scope begins; ``mark`` takes it when the scope ends."""
    return next_index()


def mark(result: Any, name: str, first: int) -> None:
    """Mark every node of ``result`` that was created since index ``first`` as an output of the scope ``name``.

    Nested scopes may be marked with their own names (``gate`` inside ``block``) or with full dotted paths, as
    modules are (``block.gate`` inside ``block``); both are shown as ``block.gate``.
    """
    last = next_index()
    if isinstance(result, Node):
        _mark_one(result, name, first, last)
        return
    leaves: Any = ()
    if not isinstance(result, np.ndarray):
        leaves = flatten(result)[0]
    elif result.dtype.kind == "O":
        leaves = result.reshape(-1).tolist()
    if len(leaves) > 1:
        _mark_many(leaves, name, first, last)
    elif leaves:
        _mark_one(leaves[0], name, first, last)


def _mark_one(leaf: Any, name: str, first: int, last: int) -> None:
    if isinstance(leaf, Node) and leaf._rule is not None and leaf._index > first:
        extra = leaf._extras()
        # A module that returns its child's output marks the same node again: keep both, innermost last.
        extra.scope = (name, first, last, extra.scope)


def _mark_many(leaves: Any, name: str, first: int, last: int) -> None:
    """Mark many outputs of one scope: those that were alike before go on sharing what they have beside their numbers."""
    made: dict[int, tuple[Extra | None, Extra]] = {}
    known: tuple[Any, Any] = (made, None)  # the latest pair of old and new; neighbours are mostly alike
    for leaf in leaves:
        if not isinstance(leaf, Node) or leaf._rule is None or leaf._index <= first:
            continue
        old = leaf._extra
        if old is not known[0]:
            if old is not None and not old.shared:
                old.scope = (name, first, last, old.scope)
                continue
            if id(old) not in made:
                extra = Extra() if old is None else old.copy()
                extra.shared = True
                extra.scope = (name, first, last, extra.scope)
                made[id(old)] = (old, extra)  # the old one is held, so that its id stays its own
            known = made[id(old)]
        leaf._extra = known[1]
