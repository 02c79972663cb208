"""Random computations on Tensors: compiled and with the graph, the same numbers; buffers that are shared too early would show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd as ag
from autograd import Tensor

CONSTANTS = {
    (2, 3): np.linspace(-1, 1, 6).reshape(2, 3),
    (3,): np.array([0.5, -1.0, 2.0]),
    (2, 1): np.array([[1.5], [-0.5]]),
}

STEPS: dict[str, Any] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / (1 + b * b),
    "maximum": ag.maximum,
    "tanh": lambda a, b: ag.tanh(a),
    "relu": lambda a, b: ag.relu(a),
    "sigmoid": lambda a, b: ag.sigmoid(a),
    "square": lambda a, b: a**2 * 0.1,
    "root": lambda a, b: ag.sqrt(1 + a * a),
    "where": lambda a, b: ag.where(a > 0.1, a, b),
    "softmax": lambda a, b: ag.softmax(a),
    "normal": lambda a, b: (a - ag.mean(a, axis=-1, keepdims=True)) / ag.sqrt(ag.var(a, axis=-1, keepdims=True) + 0.1),
    "rows": lambda a, b: a + ag.sum(a, axis=0),
    "columns": lambda a, b: a * ag.mean(a, axis=-1, keepdims=True),
    "all": lambda a, b: a + ag.sum(b) * 0.1,
    "largest": lambda a, b: a - ag.max(a),
    "turned": lambda a, b: ag.reshape(ag.transpose(a), a.shape),
    "sliced": lambda a, b: a + a[..., :1] * (b[..., -1:] if b.ndim else b),
    "picked": lambda a, b: a + a[np.array([0, 0, 1])[: a.shape[0]] % a.shape[0]][: a.shape[0]],
    "product": lambda a, b: (
        ag.matmul(ag.matmul(a, ag.transpose(b)), b) * 0.2 if a.ndim == b.ndim == 2 and a.shape == b.shape else a
    ),
    "joined": lambda a, b: (
        ag.concatenate([a, b], axis=-1)[..., ::2][..., : a.shape[-1]] * 1.0
        if a.shape == b.shape and a.shape[-1] % 2
        else a
    ),
    "constant": lambda a, b: a * CONSTANTS.get(a.shape, 2.0),
    "cut": lambda a, b: a * b.detach(),
    "ones": lambda a, b: a * 1.0 + np.zeros(a.shape),
    "twice": lambda a, b: a + a,
}

ON_AXES = {"softmax", "normal", "rows", "columns", "turned", "sliced", "picked", "joined"}
"""Steps that need an axis."""

PLANS = st.lists(
    st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=25
)


def computation(plan: list[tuple[str, int, int]]) -> Any:
    """Give a function that follows a plan: each step takes two earlier results, whose shapes go together, or one twice."""

    def f(*args: Any) -> Any:
        found = [*args]
        for step, i, j in plan:
            a, b = found[i % len(found)], found[j % len(found)]
            name = "tanh" if not a.ndim and step in ON_AXES else step
            y = STEPS[name](a, b if np.broadcast_shapes(a.shape, b.shape) == a.shape else a)
            found.append(y)
        return sum(ag.sum(y * y) * (0.5 + k) for k, y in enumerate(found[len(args) :])) * 0.01

    return f


SHAPES = [(2, 3), (2, 3), (3,), (2, 1), ()]


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=lambda d: d.__name__)
@settings(max_examples=60, deadline=None)
@given(plan=PLANS, seed=st.integers(0, 999))
def test_any_computation(dtype: Any, plan: Any, seed: int):
    """Recorded at one point, replayed at two others."""
    rng = np.random.default_rng(seed)
    f = computation(plan)
    program = ag.compile(f, *(Tensor(rng.normal(size=s).astype(dtype)) for s in SHAPES))
    for _ in range(2):
        points = [np.asarray(rng.normal(size=s), dtype) for s in SHAPES]
        leaves = [Tensor(p) for p in points]
        y = f(*leaves)
        y.backward()
        value, slopes = program.value_and_grad(*points)
        size = max([abs(y.item()), 1.0, *(float(np.max(np.abs(x.grad))) for x in leaves if x.grad is not None)])
        if not np.isfinite(size):
            continue
        close = 1e-10 if dtype == np.float64 else 2e-3
        np.testing.assert_allclose(value, y.item(), rtol=close, atol=close)
        for g, leaf in zip(slopes, leaves, strict=True):
            expected = np.zeros(leaf.shape) if leaf.grad is None else leaf.grad
            np.testing.assert_allclose(g, expected, rtol=close, atol=close * size)
