"""Blocks: eight elements verified by one slope, where eight slopes would say the same.

An array of some dozens of elements is first looked at in blocks of elements that contribute alike. In a block each
element moves by a different amount (its own size times 1, 1 + 1/8, 1 + 2/8 …, with random signs), so errors of
several elements do not cancel unless somebody computes them to. A block is accepted only if its error bound verifies
the *least* of its elements to the usual share; all others are looked at one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.check.ladder import added
from autograd.check.slopes import quick

if TYPE_CHECKING:
    from autograd.check.probe import Probe
    from autograd.check.verdicts import Measure

Array = np.ndarray[Any, np.dtype[Any]]
SIZE = 8
FEW = 32
"""With fewer elements than this, each is looked at by itself."""


def verified_in_blocks(
    probe: Probe, gradients: list[Array | None], base: Measure, seed: int
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
        sizes = np.abs(probe.entries(leaf, np.ones(flat.size)))
        weight = np.abs(flat * sizes)
        useful = np.flatnonzero(np.isfinite(weight) & (weight > 0))
        order = useful[np.argsort(weight[useful], kind="stable")]
        for start in range(0, len(order), SIZE):
            where = order[start : start + SIZE]
            # Eighths are exact, and no two elements of a block move by the same multiple of their size.
            spread = 1 + draw.permutation(len(where)) / 8
            entries = sizes[where] * spread * draw.choice([-1.0, 1.0], len(where))
            _block(probe, leaf, where, entries, flat, base, found)
    return found


def _block(
    probe: Probe,
    leaf: int,
    where: Array,
    entries: Array,
    flat: Array,
    base: Measure,
    found: dict[tuple[int, int], tuple[float, float]],
) -> None:
    terms = flat[where] * entries
    given = added(terms.tolist())
    least = float(np.min(np.abs(terms)))
    # What is forgiven of the sum must be little for the least of its terms.
    rtol = max(base.rtol, 16 * base.eps)
    forgiven = min(rtol, 0.1 * base.weak * least / abs(given)) if given else 0.0
    slope, _ = quick(probe.direction([(leaf, where, entries)]), given, forgiven, (1.0,))
    if slope is None or slope.status != "smooth":
        return
    if slope.bound + forgiven * abs(given) > 0.3 * base.weak * least:
        return
    difference = slope.slope - given
    for k, d, g in zip(where.tolist(), entries.tolist(), flat[where].tolist(), strict=True):
        found[leaf, k] = (g + difference / d, slope.bound / abs(d))
