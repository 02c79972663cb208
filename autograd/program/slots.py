"""Which place in memory each register gets: a place is used again as soon as nothing will read what it holds."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograd.operations import Elementwise
    from autograd.program.listing import Listing


def last_uses(listing: Listing) -> array[int]:
    """Give for each register the instruction that reads it last; outputs are read at the very end."""
    inputs, n = listing.inputs, len(listing)
    last = array("i", [0]) * inputs + array("i", range(n))
    for i in range(n):
        for r in listing.operands[listing.start[i] : listing.start[i + 1]]:
            if r >= 0:
                last[r] = i
    for r in listing.outputs:
        if r >= 0:
            last[r] = n
    return last


def slots(
    listing: Listing, kinds: list[int], in_place: Callable[[Elementwise], bool]
) -> tuple[array[int], dict[int, int]]:
    """Give the slot of each register, and how many slots there are of each kind.

    Args:
        listing: what is computed.
        kinds: for each operation of the listing, which kind of slot its results need; inputs are of kind 0.
        in_place: whether an operation may write where one of its arguments stands.
    """
    inputs, n = listing.inputs, len(listing)
    last = last_uses(listing)
    slot = array("i", range(inputs)) + array("i", bytes(4 * n))
    free: dict[int, list[int]] = {kind: [] for kind in {0, *kinds}}
    count = dict.fromkeys(free, 0) | {0: inputs}
    code = listing.code

    def release(dead: set[int]) -> None:
        for r in sorted(dead):
            free[kinds[code[r - inputs]]].append(slot[r])

    for i in range(n):
        op, operands = listing.at(i)
        dead = {r for r in operands if r >= inputs and last[r] == i}
        at_once = in_place(op)
        if at_once:
            release(dead)
        kind = kinds[code[i]]
        if free[kind]:
            slot[inputs + i] = free[kind].pop()
        else:
            slot[inputs + i] = count[kind]
            count[kind] += 1
        if not at_once:
            release(dead)
    return slot, count
