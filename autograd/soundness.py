"""What is checked on the way through a graph: that data is what it was, and, if asked, that numbers are finite.

Raised here: ``StaleError`` when a Tensor or Value was changed after the graph was recorded, and ``AnomalyError`` at
the first gradient that is not finite (the forward pass is watched where values are computed).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import modes
from autograd import node as creation
from autograd.arguments import short
from autograd.errors import AnomalyError, StaleError
from autograd.node import Node
from autograd.operations import Elementwise
from autograd.scatter import Scatter

if TYPE_CHECKING:
    from collections.abc import Iterable


def check_changes(nodes: Iterable[Node | None]) -> None:
    """Raise ``StaleError`` if a Tensor was changed after one of these nodes was computed from it."""
    for node in nodes:
        if node is None or node._index > creation.last_change:  # no Tensor was changed since
            continue
        for tensor in (node, *node._arguments()):
            if getattr(tensor, "_version", 0) > node._index:
                tensor._raise_stale(node)


def check_fresh(node: Node) -> None:
    """Raise ``StaleError`` when data was assigned since ``node`` was computed from it."""
    args = node._arguments()
    data = tuple(a._data if isinstance(a, Node) else a for a in args)
    rule = node._rule
    check_changes([node])
    if not isinstance(rule, Elementwise):
        return
    now = rule.float_of(*data) if type(node._data) is float else rule(*data)
    then = node._data
    with np.errstate(invalid="ignore"):
        same = np.all((np.asarray(now) == then) | (np.not_equal(now, now) & np.not_equal(then, then)))
    if not same or np.shape(now) != np.shape(then):
        raise StaleError(
            f"{rule.name} was computed as {short(then)}, and its arguments {short(data)} now give {short(now)}: data "
            "was assigned in between. Compute the expression again, then differentiate"
        )


def check_gradient(node: Node, a: Node, c: Any) -> None:
    """In anomaly mode: raise at the first contribution that is not finite."""
    g = c.g if type(c) is Scatter else c._data if isinstance(c, Node) else c
    if not np.all(np.isfinite(g)):
        raise AnomalyError(
            f"first non-finite gradient: {node._describe()} sends {short(g)} to {a._title()}"
            f"{where_made(node)}; every value of the forward pass up to here was finite or not watched"
        )


def where_made(node: Node) -> str:
    """Give the source line that made the node, if it was recorded."""
    line = node._extra.line if node._extra else None
    return f" (line {line[1]} of {line[0]})" if line else ""


def anomaly_on() -> bool:
    """Tell whether ``detect_anomaly()`` is on here."""
    return modes.active > 0 and modes.current().anomaly
