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
from autograd.symbols import Symbol

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
    known: dict[tuple[Elementwise, int], int | float | None] = {}
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
            factor = _factor(listing, op, slot, register, operands, known)
            c = listing.emit(rules.mul, (g, factor), adjoint=a)
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


def _factor(
    listing: Listing, op: Elementwise, slot: int, register: int, operands: Any, known: dict[Any, int | float | None]
) -> int:
    """Give the operand of ∂y/∂(argument slot): the table's rule, applied to the results themselves."""
    key = op, slot
    if key not in known:
        known[key] = _plain(op, slot)
    plain = known[key]
    if type(plain) is float:
        return listing.constant(plain)
    if plain is not None:
        return operands[plain] if plain >= 0 else register
    rule = op.derivatives[slot - op.passive]
    args = [Wire(listing, r) if r >= 0 else listing.constants[~r] for r in operands]
    y = Wire(listing, register)
    try:
        local = rule(y, *args)
    except (ZeroDivisionError, OverflowError):  # a constant such as the 0 of x / 0: IEEE has an answer
        with np.errstate(all="ignore"):
            local = rule(y, *(np.float64(x) if isinstance(x, float) else x for x in args))
    except Exception as error:
        error.add_note(f"while differentiating {op.name}")
        raise
    return local.operand if isinstance(local, Wire) else listing.constant(local)


def _plain(op: Elementwise, slot: int) -> int | float | None:
    """Ask a rule once whether it is 1, −1 or 0 (a float), an argument (its position), y (−1), or more than that."""
    names = [Symbol(str(i)) for i in range(op.arity)]
    y = Symbol("y")
    try:
        local = op.derivatives[slot - op.passive](y, *names)
    except Exception:  # noqa: BLE001  asked again where its error can be reported
        return None
    if isinstance(local, Symbol):
        return -1 if local is y else next((i for i, name in enumerate(names) if local is name), None)
    return float(local) if isinstance(local, int | float) else None
