"""A listing on many examples at once: each register is an array with one entry per example, a *lane*.

The same instructions as on floats, computed by NumPy. Lanes are taken in blocks: large enough that calling NumPy
costs little, small enough that what a block computes stays near the processor. Results are written into buffers, and
a buffer is used again as soon as nothing will read what it holds; so no memory is asked for while a block runs.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import numeric, rules
from autograd.generate.names import NUMPY_NAMES
from autograd.operations import OPERATORS, Elementwise
from autograd.program.listing import RELATIONS, detach
from autograd.program.schedule import scheduled
from autograd.program.slots import slots

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autograd.program.listing import Listing

Array = np.ndarray[Any, np.dtype[Any]]
Step = tuple["Callable[..., Any]", tuple[Any, ...]]

BLOCK = 8_192
"""Lanes in one block, at most."""
ROOM = 1 << 25
"""Bytes that the buffers of one block may take; a listing with very many results gets smaller blocks."""
LEAST = 64
"""Lanes in one block, at least."""


class Lanes:
    """Runs a listing on arrays of examples."""

    def __init__(self, listing: Listing) -> None:
        """Choose a buffer for every register."""
        self.listing = listing = (
            scheduled(next_powers(shared_relu(listing))) if listing.because.count(-1) < len(listing) else listing
        )
        self.truths = [op.name in RELATIONS and RELATIONS[op.name] is op for op in listing.operations]
        self.buffer, self.count = slots(listing, [int(t) for t in self.truths], lambda op: op not in NOT_IN_PLACE)
        self._lock = threading.Lock()
        self._bound: tuple[int, list[Step], list[Any], list[Any]] | None = None

    def __call__(self, inputs: Sequence[Any], lanes: int) -> list[Any]:
        """Give the outputs, each an array of one number per lane."""
        results = [np.empty(lanes) for _ in self.listing.outputs]
        if lanes:
            with self._lock, np.errstate(all="ignore"):  # the buffers serve one call at a time
                self._fill(results, inputs, lanes)
        return results

    def _fill(self, results: list[Any], inputs: Sequence[Any], lanes: int) -> None:
        most = max(LEAST, min(BLOCK, ROOM // (8 * max(self.count[0], 1))))
        blocks = -(-lanes // most)
        size = -(-lanes // blocks)
        if self._bound is None or self._bound[0] != size:
            self._bound = size, *self._steps(size)
        _, steps, places, outputs = self._bound
        arrays = [(p, x) for p, x in zip(places, inputs, strict=True) if isinstance(x, np.ndarray)]
        for p, x in zip(places, inputs, strict=True):
            if not isinstance(x, np.ndarray):
                p.fill(x)
        for k in range(blocks):
            first = min(k * size, lanes - size)  # the last block may do a few lanes again
            for p, x in arrays:
                p[:] = x[first : first + size]
            for function, args in steps:
                function(*args)
            for result, y in zip(results, outputs, strict=True):
                result[first : first + size] = y

    def _steps(self, size: int) -> tuple[list[Step], list[Any], list[Any]]:
        """Bind every instruction to its buffers; give also where inputs go and where outputs are."""
        listing = self.listing
        inputs = listing.inputs
        floats = list(np.empty((self.count[0], size)))
        truths = list(np.empty((self.count.get(1, 0), size), bool))
        zeros = np.zeros(size)
        constants = [np.array(c) for c in listing.constants]

        def at(r: int) -> Any:
            if r < 0:
                return constants[~r]
            truth = r >= inputs and self.truths[listing.code[r - inputs]]
            return (truths if truth else floats)[self.buffer[r]]

        steps: list[Step] = []
        for i in range(len(listing)):
            op, operands = listing.at(i)
            steps.extend(into(op, [at(r) for r in operands], at(inputs + i), zeros))
        return steps, floats[:inputs], [at(r) for r in listing.outputs]


NEXT_POWER = Elementwise("next power", lambda y, a: y / abs(a), arity=2, passive=2)
"""a ** (c − 1) from y = a ** c, for c < 0 that is no whole number: y / |a|, also at 0, at ∞ and for a < 0 (nan)."""
NOT_IN_PLACE = frozenset({rules.where, NEXT_POWER})
"""Operations that write into their buffer before they have read all arguments."""
ONE = np.array(1.0)


def shared_relu(listing: Listing) -> Listing:
    """Take the slope of a ReLU as the sign of its result, where that is there: one pass over the lanes instead of two."""
    if rules.relu not in listing.operations or rules.step not in listing.operations:
        return listing
    listing = listing.copy()
    relu, step = (listing.operations.index(op) for op in (rules.relu, rules.step))
    if rules.sign not in listing.operations:
        listing.operations.append(rules.sign)
        listing._code_of[rules.sign] = len(listing.operations) - 1
    sign = listing.operations.index(rules.sign)
    result: dict[int, int] = {}
    for i in range(len(listing)):
        k = listing.start[i]
        if listing.code[i] == relu:
            result.setdefault(listing.operands[k], listing.inputs + i)
        elif listing.code[i] == step and listing.operands[k] in result:
            listing.code[i], listing.operands[k] = sign, result[listing.operands[k]]
    return listing


def next_powers(listing: Listing) -> Listing:
    """Divide where the slope of a root needs the next power: a third of the time of another power.

    x ** -0.5 has the slope -0.5 · x ** -1.5. The quotient is right to the last digit or two, and at the edges.
    """
    if rules.power not in listing.operations:
        return listing
    listing = listing.copy()
    power = listing.operations.index(rules.power)
    found: dict[tuple[int, float], int] = {}
    for i in range(len(listing)):
        k = listing.start[i]
        if listing.code[i] != power or listing.operands[k + 1] >= 0:
            continue
        a, c = listing.operands[k], listing.constants[~listing.operands[k + 1]]
        y = found.get((a, c + 1))
        if y is None or c + 1 >= 0 or c == int(c):
            found.setdefault((a, c), listing.inputs + i)
            continue
        if NEXT_POWER not in listing.operations:
            listing.operations.append(NEXT_POWER)
        listing.code[i] = listing.operations.index(NEXT_POWER)
        listing.operands[k], listing.operands[k + 1] = y, a
    return listing


def into(op: Elementwise, args: list[Any], out: Array, zeros: Array) -> list[Step]:
    """Give the calls that compute one operation into a buffer; most operations are one ufunc.

    ``zeros`` has as many as a block has lanes: NumPy's maximum is three times as fast with it as with one 0.
    """
    if op is detach or op is rules.positive:
        return [(np.copyto, (out, args[0]))]
    if op is rules.relu:
        return [(partial(np.maximum, out=out), (args[0], zeros))]
    if op is rules.step:
        return [(partial(np.maximum, out=out), (args[0], zeros)), (np.sign, (out, out))]
    if op is rules.reciprocal:
        return [(np.divide, (ONE, args[0], out))]
    if op is rules.sech:
        return [(np.cosh, (args[0], out)), (np.divide, (ONE, out, out))]
    if op is rules.where and args[0].dtype == bool and args[0].ndim:
        return [(np.copyto, (out, args[2])), (partial(np.copyto, where=args[0]), (out, args[1]))]
    if op is NEXT_POWER:
        return [(np.absolute, (args[1], out)), (np.divide, (args[0], out, out))]
    if op is rules.power and not args[1].ndim:
        plain = POWERS.get(float(args[1]))
        if plain is not None:
            return [(plain, (args[0], out))]
        return [(np.power, (args[0], np.full(out.shape, args[1]), out))]  # as with maximum: faster than one number
    function = array_function(op)
    if isinstance(function, np.ufunc) and function not in (np.maximum, np.minimum):
        return [(function, (*args, out))]
    return [(partial(_copied, function, out), tuple(args))]


POWERS = {2.0: np.square, -1.0: np.reciprocal}
"""Quicker ways that agree at every edge; a square root does not, (−∞)**0.5 being ∞."""


def _copied(function: Callable[..., Any], out: Array, *args: Any) -> None:
    out[...] = function(*args)


def array_function(op: Elementwise) -> Callable[..., Any]:
    """Give the NumPy function that computes a row on arrays."""
    f = op.compute
    if isinstance(f, numeric.Function):
        return f.array
    if f in OPERATORS:
        return getattr(np, NUMPY_NAMES.get(op.name, op.name))  # type: ignore[no-any-return]
    return RELATION_UFUNCS[op.name] if op.passive == op.arity else op


RELATION_UFUNCS: dict[str, Callable[..., Any]] = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
    "and": np.logical_and, "or": np.logical_or,
}  # fmt: skip
