"""What nodes are called: ids, the names of variables, and the scopes that a node lies in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from autograd.node import Node

if TYPE_CHECKING:
    from collections.abc import Mapping


def ids_of(nodes: list[Any], names: Mapping[str, Any]) -> dict[int, str]:
    """Give every node an id: its name, the name of a variable that holds it, or n1, n2 … in order of creation."""
    variables: dict[int, str] = {}
    for variable, x in names.items():
        if isinstance(x, Node):
            variables.setdefault(x._index, variable)
    used: dict[str, int] = {}
    ids: dict[int, str] = {}
    taken = {n.name for n in nodes if n._extra is not None and n._extra.name} | set(variables.values())
    unnamed = 0
    for node in nodes:
        given = node.name if node._extra is not None else None
        name = given or variables.get(node._index)
        if name is None:
            unnamed += 1
            while f"n{unnamed}" in taken:
                unnamed += 1
            ids[node._index] = f"n{unnamed}"
            continue
        used[name] = used.get(name, 0) + 1
        unique = name if used[name] == 1 else f"{name}_{used[name]}"
        while used[name] > 1 and unique in taken:
            used[name] += 1
            unique = f"{name}_{used[name]}"
        taken.add(unique)
        ids[node._index] = unique
    return ids


def find_scopes(nodes: list[Any]) -> None:
    """Give each node the dotted names of the scopes around it, outermost first."""
    spans: dict[tuple[int, int, str], list[Any]] = {}
    for n in nodes:
        mark = n.node._extra.scope if n.node._extra is not None else None
        while mark is not None:
            name, first, last, mark = mark
            spans.setdefault((first, -last, name), []).append(n)
    inner: dict[int, str] = {}  # by position: the innermost scope so far, under the name that it was marked with
    # Outer scopes begin earlier and end later. A node belongs if it lies in the interval and an output needs it.
    for first, last, name in sorted(spans):
        todo = list(spans[first, last, name])
        seen: set[int] = set()
        while todo:
            n = todo.pop()
            if n.position in seen or not first < n.node._index < -last:
                continue
            seen.add(n.position)
            if not n.is_leaf:
                n.scope = _nested_scope(n.scope, inner.get(n.position, ""), name)
                inner[n.position] = name
            todo.extend(a for _, a in n.inputs)


def _nested_scope(outer: str, around: str, name: str) -> str:
    """Give the full name of a scope inside ``outer``, whose innermost part was marked as ``around``.

    >>> _nested_scope("net.block", "block", "block.gate"), _nested_scope("net", "net", "gate")
    ('net.block.gate', 'net.gate')
    """
    if not outer or name == around:
        return outer or name
    return outer + name[len(around) :] if name.startswith(f"{around}.") else f"{outer}.{name}"


def names_of_caller() -> dict[str, Any]:
    """Give the variables of the nearest frame outside this package; private names and ``_`` are left out."""
    frame = sys._getframe(1)
    while frame is not None and str(frame.f_globals.get("__name__", "")).split(".")[0] == "autograd":
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        return {}
    both = {**frame.f_globals, **frame.f_locals}
    return {k: v for k, v in both.items() if not k.startswith("_") and isinstance(v, Node)}
