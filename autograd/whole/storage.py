"""Which calls write into which arrays: temporaries are made once, and shared by results that are never needed at one time.

Fresh arrays cost more than their arithmetic where they are small (an allocation each) and where they are large (the
operating system's pages, again in every step). So each result that can be written into a given array gets one. An
elementwise call may write over an argument that nobody needs any more.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.whole.calls import WRITES, Ref

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from autograd.whole.calls import Call, Tape


def buffers(tape: Tape, returned: Collection[int], read: Collection[int], fixed: Mapping[int, Any]) -> dict[int, Any]:
    """Give the array that each register is written into, where there is one.

    Args:
        tape: tidied calls.
        returned: registers that are given away; each replay makes new arrays for them.
        read: registers that are read when all is done.
        fixed: registers whose arrays are given from outside.
    """
    last = _last_uses(tape)
    for r in read:
        last[tape.roots[r]] = len(tape.calls)
    found: dict[int, Any] = {}
    free: dict[tuple[int, Any], list[Any]] = {}
    away = {tape.roots[r] for r in returned}
    for i, call in enumerate(tape.calls):
        dying = {tape.roots[r] for r in call.refs() if last[tape.roots[r]] == i}
        dying = {r for r in dying if r in found and r not in fixed}
        out = call.out
        if out >= 0 and call.kind in WRITES and tape.shapes[out] and out not in away and call.function is not np.vdot:
            shape, dtype = tape.shapes[out], tape.dtypes[out]
            if out in fixed:
                found[out] = fixed[out]
            else:
                over = _overwritten(tape, call, dying, found) if call.kind == "ufunc" else -1
                if over >= 0:
                    found[out] = found[over]
                    dying.discard(over)
                else:
                    spare = free.get((math.prod(shape), dtype))
                    found[out] = (spare.pop() if spare else _apart(math.prod(shape), dtype, len(found))).reshape(shape)
        for r in dying:
            free.setdefault((found[r].size, found[r].dtype), []).append(found[r].reshape(-1))
        if out >= 0 and out in found and last.get(out, -1) < 0 and out not in fixed:
            free.setdefault((found[out].size, found[out].dtype), []).append(found[out].reshape(-1))
    return found


PAGE, LINE = 4096, 64


def _apart(size: int, dtype: Any, turn: int) -> Any:
    """Give a new array that begins on a cache line, each time at another place of its page.

    Processors take a load for one that waits for an earlier store when both are at the same place of their pages; where
    argument and result lie alike, an elementwise call may take five times as long.
    """
    wanted = turn * 9 * LINE % PAGE
    raw = np.empty(size * dtype.itemsize + 2 * PAGE, np.uint8)
    start = (wanted - raw.ctypes.data) % PAGE
    return raw[start : start + size * dtype.itemsize].view(dtype)


def _last_uses(tape: Tape) -> dict[int, int]:
    last: dict[int, int] = {}
    for i, call in enumerate(tape.calls):
        for r in call.refs():
            last[tape.roots[r]] = i
    return last


def _overwritten(tape: Tape, call: Call, dying: set[int], found: dict[int, Any]) -> int:
    """Give an argument that the result may be written over, or −1.

    An argument of which another one is a view would do too, but NumPy would copy it first.
    """
    out = call.out
    for x in call.args:
        if not isinstance(x, Ref) or x.register not in dying:
            continue
        r = x.register
        fits = found[r].shape == tape.shapes[out] and found[r].dtype == tape.dtypes[out]
        alone = all(q == r for q in call.refs() if tape.roots[q] == r)
        if fits and alone:
            return r
    return -1
