"""Reverse mode over a listing: the backward pass, appended to the instructions of the forward pass.

The rules of the derivative table are applied to Wires, so each contribution g · ∂y/∂a becomes instructions as the
table writes it, and nothing is written twice. What comes out is a listing again: applied once more it gives second
derivatives, and so on to any order.

The order of the additions is the engine's (from the newest result to the oldest, first argument first), so a program
and ``backward()`` agree to the last bit wherever the operations themselves do. Zero adjoints are not skipped:
0·inf must be nan. Only results that depend on the wanted inputs are visited.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import rules
from autograd.program.listing import UNKNOWN, Listing
from autograd.program.wires import Wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.operations import Elementwise


def gradient(listing: Listing, output: int, wanted: Sequence[int]) -> list[int]:
    """Append the backward pass from one output; give the operand of ∂output/∂w for each wanted input.

    >>> from autograd import rules
    >>> f = Listing(2)
    >>> y = f.append(rules.mul, (0, f.append(rules.mul, (0, 1))))   # x · (x · w)
    >>> f.outputs = [y, *gradient(f, y, [0, 1])]
    >>> f.find(f.computed([3.0, 5.0]), f.outputs)
    [45.0, 30.0, 9.0]
    """
    zero = listing.constant(0.0)
    if output < 0:
        return [zero] * len(wanted)
    active = _active(listing, output, wanted)
    none = -(2**31)
    adjoints = array("i", [none]) * (output + 1)
    adjoints[output] = listing.constant(1.0)
    for register in range(output, listing.inputs - 1, -1):
        g = adjoints[register]
        if g == none or not active[register]:
            continue
        op, operands = listing.at(register - listing.inputs)
        for slot in range(op.passive, len(operands)):
            a = operands[slot]
            if a < 0 or not active[a]:
                continue
            listing.context = 8 * register + slot if slot < 8 else UNKNOWN
            c = _contribution(listing, op, slot, register, operands, g, a)
            before = adjoints[a]
            if before == none:
                adjoints[a] = c
            else:
                adjoints[a] = listing.emit(rules.add, (before, c), adjoint=a)
    listing.context = -1
    return [adjoints[w] if w <= output and adjoints[w] != none else zero for w in wanted]


def _active(listing: Listing, output: int, wanted: Sequence[int]) -> bytearray:
    """Mark the registers that depend on a wanted input through arguments that have derivatives."""
    active = bytearray(output + 1)
    for w in wanted:
        if w <= output:
            active[w] = 1
    inputs = listing.inputs
    passive = [op.passive for op in listing.operations]
    code, start, operands = listing.code, listing.start, listing.operands
    for i in range(output + 1 - inputs):
        for k in range(start[i] + passive[code[i]], start[i + 1]):
            r = operands[k]
            if r >= 0 and active[r]:
                active[inputs + i] = 1
                break
    return active


def _contribution(listing: Listing, op: Elementwise, slot: int, register: int, operands: Any, g: int, a: int) -> int:
    """Give the operand of g · ∂y/∂(argument slot)."""
    local = _local(listing, op, slot, register, operands)
    factor = local.operand if isinstance(local, Wire) else listing.constant(local)
    return listing.emit(rules.mul, (g, factor), adjoint=a)


def _local(listing: Listing, op: Elementwise, slot: int, register: int, operands: Any) -> Any:
    """Apply the table's rule to the results themselves; constants stay numbers."""
    rule = op.derivatives[slot - op.passive]
    args = [Wire(listing, r) if r >= 0 else listing.constants[~r] for r in operands]
    y = Wire(listing, register)
    try:
        return rule(y, *args)
    except (ZeroDivisionError, OverflowError):  # a constant such as the 0 of x / 0: IEEE has an answer
        with np.errstate(all="ignore"):
            return rule(y, *(np.float64(x) if isinstance(x, float) else x for x in args))
    except Exception as error:
        error.add_note(f"while differentiating {op.name}")
        raise
