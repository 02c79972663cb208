"""The backward pass of a recording: the rules of the table, applied to Sketches from the newest operation to the oldest.

It is the sweep of ``engine`` in the same order of additions, with each contribution written down instead of computed
at once; what a row keeps from its forward pass is used here as there.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arrays import sum_to
from autograd.operations import Elementwise
from autograd.tensor import Tensor
from autograd.whole.formulas import sketched
from autograd.whole.sketch import Sketch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograd.whole.recording import ArrayTrace, Entry


def gradients(trace: ArrayTrace, y: Any, wanted: list[Tensor]) -> list[Any]:
    """Give ∂y/∂w on the tape for each wanted Tensor; None where nothing arrives."""
    if not isinstance(y, Tensor) or not y._tracked:
        return [None] * len(wanted)
    if trace.tape.forward < 0:
        trace.tape.forward = len(trace.tape.shapes)
    totals: dict[int, Any] = {y._index: np.ones_like(y._data)[()]}
    heap = [-y._index]
    ends = {w._index for w in wanted}
    floor = min(ends, default=0)
    found: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        while heap:
            index = -heapq.heappop(heap)
            g = totals.pop(index)
            if index in ends:
                found[index] = g
            entry = trace.entries.get(index)
            if entry is None:
                continue
            for a, c in contributions(entry, g):
                k = a._index
                if k < floor:
                    continue
                if k in totals:
                    totals[k] = totals[k] + c
                else:
                    totals[k] = c
                    heapq.heappush(heap, -k)
    return [found.get(w._index) for w in wanted]


def contributions(entry: Entry, g: Any) -> Iterator[tuple[Tensor, Any]]:
    """Give what an operation sends to each of its tracked arguments."""
    op = entry.op
    for slot, a in enumerate(entry.args):
        if entry.y._db[slot] is None:
            continue
        name = f"{op.name}_gradient_{slot + 1}"
        args = (g, entry.out, *entry.sketches)
        if isinstance(op, Elementwise):
            c = sketched(_Local(op, slot), args, {}, name)
        else:
            params = entry.params if entry.memory is None else {**entry.params, "memory": entry.memory}
            c = sketched(_Pull(op, slot), args, params, name)
        yield a, shrunk(c, a)


def shrunk(c: Any, a: Tensor) -> Any:
    """Undo broadcasting, and give the contribution the type of what it belongs to."""
    if not isinstance(c, Sketch):
        return a._shrink(np.asarray(c))
    if c.shape != a.shape:
        c = c.reshape(a.shape) if c.size == a.size else sketched(sum_to.compute, (c,), {"shape": a.shape}, "sum_to")
    return c.astype(a.dtype)


class _Rule:
    """The rule of one argument, to be applied to arrays or Sketches."""

    __slots__ = ("op", "slot")

    def __init__(self, op: Any, slot: int) -> None:
        """Choose the row and the argument."""
        self.op = op
        self.slot = slot


class _Local(_Rule):
    """g · ∂y/∂argument of an elementwise row."""

    __slots__ = ()

    def __call__(self, g: Any, y: Any, *args: Any) -> Any:
        """Compute the contribution."""
        op = self.op
        if op.on_arrays is not None:
            return op.on_arrays[self.slot](g, y, *args)
        local = op.derivatives[self.slot - op.passive](y, *args)
        return g if type(local) is int and local == 1 else g * local


class _Pull(_Rule):
    """The pullback of a row of arrays."""

    __slots__ = ()

    def __call__(self, g: Any, y: Any, *args: Any, **params: Any) -> Any:
        """Compute the contribution."""
        if self.op.variadic:
            return self.op.pullbacks[0](self.slot, g, y, *args, **params)
        return self.op.pullbacks[self.slot](g, y, *args, **params)
