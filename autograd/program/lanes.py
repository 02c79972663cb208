"""A listing on many examples at once: each register is an array with one entry per example, a *lane*.

The same instructions as on floats, computed by NumPy. The lanes are taken in blocks, small enough that a block of
every register stays near the processor, and large enough that calling NumPy costs little; results are written into
buffers that are used again as soon as nothing reads them any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import numeric
from autograd.generate_tensor import NUMPY_NAMES
from autograd.operations import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autograd.operations import Elementwise
    from autograd.program.listing import Listing

BLOCK = 1_024
"""Lanes in one block."""


class Lanes:
    """Runs a listing on arrays of examples."""

    def __init__(self, listing: Listing) -> None:
        """Choose a buffer for every register."""
        self.listing = listing
        self.functions = [array_function(op) for op in listing.operations]

    def __call__(self, inputs: Sequence[Any], lanes: int) -> list[Any]:
        """Give the outputs, each an array of one number per lane."""
        listing = self.listing
        results = [np.empty(lanes) for _ in listing.outputs]
        with np.errstate(all="ignore"):
            for first in range(0, lanes, BLOCK):
                last = min(first + BLOCK, lanes)
                registers = [x[first:last] if isinstance(x, np.ndarray) else np.full(last - first, x) for x in inputs]
                for i in range(len(listing)):
                    _, operands = listing.at(i)
                    args = [registers[r] if r >= 0 else listing.constants[~r] for r in operands]
                    registers.append(self.functions[listing.code[i]](*args))
                for result, r in zip(results, listing.outputs, strict=True):
                    result[first:last] = registers[r] if r >= 0 else listing.constants[~r]
        return results


def array_function(op: Elementwise) -> Callable[..., Any]:
    """Give the NumPy function that computes a row on arrays."""
    f = op.compute
    if isinstance(f, numeric.Function):
        return f.array
    if f in OPERATORS:
        return getattr(np, NUMPY_NAMES.get(op.name, op.name))  # type: ignore[no-any-return]
    if op.passive == op.arity:
        return RELATION_UFUNCS[op.name]
    return op


RELATION_UFUNCS: dict[str, Callable[..., Any]] = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
    "and": np.logical_and, "or": np.logical_or,
}  # fmt: skip
