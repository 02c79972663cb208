"""Blocks: some dozens of elements verified by one slope, where so many slopes would say the same.

An array of some dozens of elements is first looked at in blocks of elements that contribute alike. In a block each
element moves by a different amount (its own size times a number from 1 to 2 in 1024ths, with random signs), so errors
of several elements do not cancel unless somebody computes them to. A block is accepted only if its error bound verifies
the *least* of its elements to the usual share; one that is not accepted is halved, and what is left in the end is
looked at one by one. So a block never accuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.check.ladder import added
from autograd.check.slopes import QUICK, quick

if TYPE_CHECKING:
    from autograd.check.probe import Probe
    from autograd.check.verdicts import Measure

Array = np.ndarray[Any, np.dtype[Any]]
LARGEST, SMALLEST = 32, 8
"""A block that fails is halved, down to the smaller size; the one after a block that passes is twice as large."""
GRAIN = 1024
"""Amounts are multiples of one part in so many: exact in a step, and no two in a block are the same."""
FEW = 32
"""With fewer elements than this, each is looked at by itself."""


def verified_in_blocks(
    probe: Probe, gradients: list[Array | None], base: Measure, seed: list[int]
) -> dict[tuple[int, int], tuple[float, float]]:
    """Give (numeric slope, error bound) for each element, by (leaf, position), that a block verifies."""
    found: dict[tuple[int, int], tuple[float, float]] = {}
    if sum(g.size for g in gradients if g is not None) < FEW:
        return found
    draw = np.random.default_rng(seed)
    for leaf, g in enumerate(gradients):
        if g is None or not g.size:
            continue
        flat = g.reshape(-1)
        sizes = probe.entries(leaf, draw.choice([-1.0, 1.0], flat.size))
        weight = np.abs(flat * sizes)
        useful = np.flatnonzero(np.isfinite(weight) & (weight > 0))
        order = useful[np.argsort(weight[useful], kind="stable")]
        start, size = 0, LARGEST
        while start < len(order):
            where = order[start : start + size]
            share = GRAIN // size
            amounts = draw.permutation(size)[: len(where)] * share + draw.integers(0, share, len(where))
            entries = sizes[where] * (1 + amounts / GRAIN)
            verified = _verified(probe, leaf, where, entries, flat[where], base)
            found.update(verified)
            if verified or len(where) <= SMALLEST:
                start += len(where)
            size = min(2 * size, LARGEST) if verified else max(len(where) // 2, SMALLEST)
    return found


def _verified(
    probe: Probe, leaf: int, where: Array, entries: Array, given: Array, base: Measure
) -> dict[tuple[int, int], tuple[float, float]]:
    """Give slope and bound for each element of one block; nothing where it does not verify them all."""
    terms = given * entries
    together = added(terms.tolist())
    sizes = np.abs(terms)
    least = 0.1 * base.weak * float(sizes.min())
    # What is forgiven of the sum must be little for the least of its terms, and so must the bound.
    forgiven = min(max(base.rtol, 16 * base.eps), least / abs(together)) if together else 0.0
    enough = min(QUICK * float(sizes.sum()), 3 * least - forgiven * abs(together))
    slope, _ = quick(probe.direction([(leaf, where, entries)]), together, forgiven, (1.0,), enough)
    if slope is None or slope.status != "smooth":
        return {}
    numeric = given + (slope.slope - together) / entries
    bounds = slope.bound / np.abs(entries)
    return {
        (leaf, k): pair
        for k, pair in zip(where.tolist(), zip(numeric.tolist(), bounds.tolist(), strict=True), strict=True)
    }
