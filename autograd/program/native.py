"""A listing as machine code, with numba (``pip install 'chainrule[jit]'``), single and in lanes.

The interpreter in ``_native_tape`` is compiled once, when it is first used on a machine (some seconds), and kept on
disk. A program is a table of numbers for it: code, where the result goes, where the arguments are. Results agree with the other back
ends to rounding, since the machine's mathematics library may differ from Python's and NumPy's in the last digit.
"""

from __future__ import annotations

import warnings
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.program.floats import Floats
from autograd.program.lanes import Lanes
from autograd.program.schedule import scheduled
from autograd.program.slots import slots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.program.listing import Listing

WIDTH = 128
"""Lanes that are computed together: few enough that they stay in the processor's first caches."""


@cache
def interpreter() -> Any:
    """Give the module with the interpreter, or None, with one notice, where numba is missing or does not work."""
    try:
        from autograd.program import _native_tape

        _native_tape.run(np.zeros((0, 5), np.int32), np.zeros(0))
    except Exception as error:  # noqa: BLE001  numba fails in many ways, and plain Python gives the same numbers
        missing = isinstance(error, ImportError)
        reason = (
            "numba is not installed: pip install 'chainrule[jit]'" if missing else f"numba does not work here ({error})"
        )
        warnings.warn(f"native=True runs as plain Python: {reason}", RuntimeWarning, stacklevel=2)
        return None
    return _native_tape


def fits(listing: Listing) -> bool:
    """Tell whether the interpreter knows every operation; one of the user's own it does not."""
    tape = interpreter()
    return tape is not None and all(op.name in tape.CODES for op in listing.operations)


def native_or_plain(listing: Listing) -> Native | Floats:
    """Give machine code, or Python where numba or the interpreter cannot do it."""
    return Native(listing) if fits(listing) else Floats(listing)


def native_lanes_or_plain(listing: Listing) -> NativeLanes | Lanes:
    """Give machine code for lanes, or NumPy where numba or the interpreter cannot do it."""
    return NativeLanes(listing) if fits(listing) else Lanes(listing)


def table_of(listing: Listing, slot: Any, count: int) -> Any:
    """Give one row (code, result, three operands) for each instruction; constants stand behind the ``count`` slots."""
    codes = np.array([interpreter().CODES.index(op.name) for op in listing.operations], np.int32)
    n = len(listing)
    table = np.zeros((n, 5), np.int32)
    if not n:
        return table
    places = np.concatenate([np.frombuffer(slot, np.int32), count + np.arange(len(listing.constants))[::-1]])
    operands = places[np.frombuffer(listing.operands, np.int32)]  # a negative operand counts from the end
    start = np.frombuffer(listing.start, np.int32)
    table[:, 0] = codes[np.frombuffer(listing.code, np.int32)]
    table[:, 1] = places[listing.inputs : listing.inputs + n]
    for k in range(3):
        has = start[:-1] + k < start[1:]
        table[has, 2 + k] = operands[start[:-1][has] + k]
    return table


class Native:
    """Runs a listing on floats as machine code."""

    def __init__(self, listing: Listing, *, in_place: bool = True) -> None:
        """Lay the registers out and write the table."""
        self.listing = listing
        ordered = scheduled(listing)
        slot, counts = slots(ordered, [0] * len(ordered.operations), lambda _: in_place)
        self.count = counts[0]
        self.inputs = listing.inputs
        self.table = table_of(ordered, slot, self.count)
        self.registers = np.concatenate([np.zeros(self.count), np.array(ordered.constants, float)])
        places = np.array([slot[r] if r >= 0 else self.count + ~r for r in ordered.outputs], np.int64)
        self.outputs = places
        self.run = interpreter().run
        self.run_lanes = interpreter().run_lanes

    def __call__(self, inputs: Sequence[float]) -> list[float]:
        """Give the outputs."""
        registers = self.registers.copy()
        registers[: self.inputs] = inputs
        self.run(self.table, registers)
        return registers[self.outputs].tolist()  # type: ignore[no-any-return]


class NativeLanes(Native):
    """Runs a listing on arrays of examples as machine code."""

    def __init__(self, listing: Listing) -> None:
        """Give no result the place of an argument, so that the lanes of one operation are computed side by side."""
        super().__init__(listing, in_place=False)

    def __call__(self, inputs: Sequence[Any], lanes: int) -> list[Any]:  # type: ignore[override]
        """Give the outputs, each an array of one number per lane."""
        results = np.empty((len(self.outputs), lanes))
        width = min(WIDTH, lanes)
        registers = np.repeat(self.registers[:, None], max(width, 1), axis=1)
        for r, x in enumerate(inputs):
            if not isinstance(x, np.ndarray):
                registers[r] = x
        arrays = [(r, x) for r, x in enumerate(inputs) if isinstance(x, np.ndarray)]
        for k in range(0, lanes, width or 1):
            first = min(k, lanes - width)
            for r, x in arrays:
                registers[r] = x[first : first + width]
            self.run_lanes(self.table, registers)
            results[:, first : first + width] = registers[self.outputs]
        return list(results)
