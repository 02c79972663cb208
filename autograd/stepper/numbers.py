"""How the debugger writes numbers: four decimals for one number; shape, norm and an excerpt for an array."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import terminal
from autograd.node import Node
from autograd.scatter import Scatter


def is_array(x: Any) -> bool:
    """Tell whether ``x`` has more (or fewer) numbers than one."""
    return isinstance(x, np.ndarray) and x.size != 1


def plain(x: Any) -> Any:
    """Give the data of a node, and of an array with one element the element."""
    if isinstance(x, Node):
        x = x._data
    if type(x) is Scatter:
        x = x.g
    if isinstance(x, np.ndarray) and x.size == 1:
        return float(x.reshape(-1)[0])
    return x


def written(x: Any) -> str:
    """Write a number, or the shape and norm of an array.

    >>> written(0.25), written(np.ones((2, 8)))
    ('0.2500', '[2×8] norm 4.0000')
    """
    x = plain(x)
    if is_array(x):
        with np.errstate(all="ignore"):
            return f"{shape(x)} norm {terminal.number(np.linalg.norm(x.ravel()))}"
    if isinstance(x, np.bool_ | bool):
        return str(bool(x))
    return terminal.number(x) if isinstance(x, int | float | np.number) or x is None else str(x)


def shape(x: Any) -> str:
    """Write a shape: ``[2×8]``."""
    return "[" + "×".join(map(str, np.shape(x))) + "]"


def excerpt(x: Any, room: int) -> str:
    """Write as many of the first numbers of an array as fit into ``room`` columns.

    >>> excerpt(np.arange(100.0), 24)
    '0 1 2 3 4 5 6 7 8 9 10 …'
    """
    shown = ""
    flat = np.ravel(x)
    for i, v in enumerate(flat[:32]):
        one = f"{v:.4g}"
        rest = 2 if i + 1 < flat.size else 0
        if len(shown) + 1 + len(one) + rest > room:
            return shown + " …"
        shown = f"{shown} {one}" if shown else one
    return shown + (" …" if flat.size > 32 else "")
