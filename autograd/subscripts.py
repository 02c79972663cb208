"""The subscripts of einsum: written in full, and when planning pays."""

from __future__ import annotations

from typing import Any

import numpy as np


def heavy(args: Any) -> bool:
    """Whether planning an einsum pays: numbers only, and more than a handful of them."""
    return len(args) > 1 and all(np.asarray(a).dtype.kind == "f" for a in args) and sum(np.size(a) for a in args) > 1000


def explicit(subscripts: str, ndims: list[int]) -> tuple[list[str], str]:
    """Write einsum subscripts in full: letters for every axis, the output spelled out.

    >>> explicit("...ij,jk", [3, 2])
    (['Aij', 'jk'], 'Aik')
    """
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    inputs = left.split(",")
    widest = max((n - len(s.replace("...", "")) for s, n in zip(inputs, ndims, strict=True) if "..." in s), default=0)
    batch = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in subscripts][:widest]
    full = []
    for s, n in zip(inputs, ndims, strict=True):
        own = n - len(s.replace("...", ""))
        full.append(s.replace("...", "".join(batch[widest - own :])) if "..." in s else s)
    if not arrow:
        letters = "".join(inputs).replace(".", "")
        right = ("..." if "..." in left else "") + "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    return full, right.replace("...", "".join(batch))
