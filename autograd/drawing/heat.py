"""A small heat map in place of a number: an array as a few coloured cells.

>>> import numpy as np
>>> cells(np.array([[1.0, -1.0, 0.0]]))
((8, 0, 4),)
"""

from __future__ import annotations

from typing import Any

import numpy as np

ROWS, COLUMNS = 6, 8
MIDDLE = 4


def cells(x: Any) -> tuple[tuple[int, ...], ...]:
    """Give the steps (0 … 8, 4 is zero) of a heat map; empty for a number, and for more than two dimensions.

    Larger arrays are averaged down to 6 × 8 blocks. The scale runs from −max|x| to max|x|; an array of one sign is
    shown on its half of it. What is not finite counts as zero here; the text below the map counts it.
    """
    if not isinstance(x, np.ndarray) or x.ndim not in (1, 2) or x.size < 3:
        return ()
    grid = np.where(np.isfinite(x), x, 0).astype(float)
    grid = grid.reshape(1, -1) if grid.ndim == 1 else grid
    if grid.shape[1] == 1 and grid.shape[0] > ROWS:
        grid = grid.T
    grid = _means(_means(grid, ROWS).T, COLUMNS).T
    top = float(np.max(np.abs(grid)))
    steps = np.full(grid.shape, MIDDLE) if top == 0 else np.rint(grid / top * MIDDLE).astype(int) + MIDDLE
    return tuple(tuple(int(s) for s in row) for row in steps)


def _means(grid: np.ndarray[Any, Any], most: int) -> np.ndarray[Any, Any]:
    if grid.shape[0] <= most:
        return grid
    cuts = np.linspace(0, grid.shape[0], most + 1).round().astype(int)[:-1]
    sums: np.ndarray[Any, Any] = np.add.reduceat(grid, cuts, axis=0)
    counts = np.diff(np.append(cuts, grid.shape[0]))
    return sums / counts[:, None]
