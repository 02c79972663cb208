"""Central differences for whole networks, at both magnifications, of order 1 and 2.

A *subject* is a function that gives one number, and the leaves that it depends on: parameters and inputs, Tensors or
Values. ``slopes`` and ``curvatures`` are the numbers that the engine must agree with; nothing of the engine's
differentiation is used to compute them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd as ag
from autograd import Tensor, Value

STEP = 1e-5


def leaves_of_array(x: np.ndarray, *, scalars: bool) -> tuple[Any, list[Any]]:
    """Make an input: a Tensor, or an array of Values; give it and its leaves."""
    if not scalars:
        t = Tensor(x)
        return t, [t]
    values = np.empty(x.size, dtype=object)
    values[:] = [Value(v) for v in x.reshape(-1).tolist()]
    return values.reshape(x.shape), values.tolist()


def read(leaves: list[Any]) -> np.ndarray:
    """Put all numbers of the leaves side by side."""
    return np.concatenate([np.reshape(leaf.data, -1) for leaf in leaves])


def write(leaves: list[Any], flat: np.ndarray) -> None:
    """Give the leaves other numbers."""
    at = 0
    for leaf in leaves:
        if isinstance(leaf, Value):
            leaf.data = float(flat[at])
            at += 1
        else:
            n = leaf.data.size
            leaf.data = flat[at : at + n].reshape(leaf.data.shape)
            at += n


def value(f: Any) -> float:
    """Compute without recording."""
    with ag.no_grad():
        y = f()
    return float(y.item())


def gradient(f: Any, leaves: list[Any]) -> np.ndarray:
    """Give the engine's gradient; a leaf that is not reached counts as 0."""
    for leaf in leaves:
        leaf.grad = None
    f().backward()
    parts = [np.zeros(np.shape(leaf.data)) if leaf.grad is None else leaf.grad for leaf in leaves]
    for leaf in leaves:
        leaf.grad = None
    return np.concatenate([np.reshape(g, -1) for g in parts])


def slopes(f: Any, leaves: list[Any], step: float = STEP) -> np.ndarray:
    """Give ∂f/∂(each number) by central differences with one step of Richardson's extrapolation."""
    start = read(leaves)
    found = np.empty(start.size)
    for i in range(start.size):
        estimates = []
        for h in (step, 2 * step):
            moved = start.copy()
            moved[i] += h
            write(leaves, moved)
            up = value(f)
            moved[i] = start[i] - h
            write(leaves, moved)
            estimates.append((up - value(f)) / (2 * h))
        found[i] = (4 * estimates[0] - estimates[1]) / 3
    write(leaves, start)
    return found


def curvature(f: Any, leaves: list[Any], direction: np.ndarray, step: float = STEP) -> np.ndarray:
    """Give the change of the engine's gradient along a direction, by central differences."""
    start = read(leaves)
    write(leaves, start + step * direction)
    up = gradient(f, leaves)
    write(leaves, start - step * direction)
    down = gradient(f, leaves)
    write(leaves, start)
    return (up - down) / (2 * step)


def recorded_curvature(f: Any, leaves: list[Any], direction: np.ndarray) -> np.ndarray:
    """Give the same by differentiating the recorded gradient."""
    first = ag.grad(f(), leaves, create_graph=True)
    total: Any = 0.0
    at = 0
    for g in first:
        n = int(np.size(g.data))
        part = direction[at : at + n].reshape(np.shape(g.data))
        at += n
        total = total + (g * float(part) if isinstance(g, Value) else (g * part).sum())
    if not total.requires_grad:
        return np.zeros(direction.size)
    second = ag.grad(total, leaves)
    return np.concatenate([np.reshape(s, -1) for s in second])


def agree(f: Any, leaves: list[Any], seed: int = 0) -> np.ndarray:
    """Hold the engine to the differences at order 1 and 2; give the gradient."""
    got = gradient(f, leaves)
    np.testing.assert_allclose(got, slopes(f, leaves), rtol=1e-6, atol=1e-8)
    direction = np.random.default_rng(seed).normal(size=got.size)
    np.testing.assert_allclose(
        recorded_curvature(f, leaves, direction), curvature(f, leaves, direction), rtol=1e-5, atol=1e-7
    )
    return got
