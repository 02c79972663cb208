"""Where random numbers come from: NumPy Generators, so that a seed gives the same network on every machine.

A layer takes ``seed=``: a whole number, a Generator to draw from, or None for the generator that all unseeded layers
share. ``manual_seed(0)`` sets that one, as in PyTorch.

>>> manual_seed(0)
>>> first = generator().random()
>>> manual_seed(0)
>>> generator().random() == first
True
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import InputTypeError, InputValueError

Seed = int | np.random.Generator | None
_shared = np.random.default_rng()


def manual_seed(seed: int) -> None:
    """Set the generator that layers without a seed of their own draw from."""
    global _shared  # noqa: PLW0603  the documented shared generator
    _shared = np.random.default_rng(checked_seed(seed))


def checked_seed(seed: Any) -> int:
    """Give a whole number ≥ 0, or refuse."""
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
        raise InputTypeError(f"a seed is a whole number; got {seed!r}. Write seed=0, or pass a numpy Generator")
    if seed < 0:
        raise InputValueError(f"a seed is 0 or more; got {seed}")
    return int(seed)


def generator(seed: Seed = None) -> np.random.Generator:
    """Give the Generator that a seed stands for."""
    if seed is None:
        return _shared
    return seed if isinstance(seed, np.random.Generator) else np.random.default_rng(checked_seed(seed))
