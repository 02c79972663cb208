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
    spans: list[tuple[int, int, str, Any]] = []
    for n in nodes:
        mark = n.node._extra.scope if n.node._extra is not None else None
        while mark is not None:
            name, first, last, mark = mark
            spans.append((first, last, name, n))
    # Outer scopes begin earlier and end later. A node belongs if it lies in the interval and the output needs it.
    for first, last, name, output in sorted(spans, key=lambda s: (s[0], -s[1])):
        todo = [output]
        seen = set()
        while todo:
            n = todo.pop()
            if n.position in seen or not first < n.node._index < last:
                continue
            seen.add(n.position)
            if not n.is_leaf:
                n.scope = (
                    f"{n.scope}.{name}"
                    if n.scope and n.scope != name and not n.scope.endswith(f".{name}")
                    else name
                    if not n.scope
                    else n.scope
                )
            todo.extend(a for _, a in n.inputs)


def names_of_caller() -> dict[str, Any]:
    """Give the variables of the nearest frame outside this package; private names and ``_`` are left out."""
    frame = sys._getframe(1)
    while frame is not None and str(frame.f_globals.get("__name__", "")).split(".")[0] == "autograd":
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        return {}
    both = {**frame.f_globals, **frame.f_locals}
    return {k: v for k, v in both.items() if not k.startswith("_") and isinstance(v, Node)}
