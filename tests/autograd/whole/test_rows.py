"""Every row of the table, compiled on whole arrays: the same numbers as with the graph, at every order, in every width."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Tensor, grad
from autograd.operations import Elementwise, Structural
from tests.autograd import truth
from tests.autograd.test_arrays import CASES
from tests.autograd.test_rules import BUILT_IN

DTYPES = [np.float64, np.float32]


def close(found: Any, wanted: Any, what: str) -> None:
    """Compare to rounding; nan and infinity where they belong."""
    found, wanted = np.asarray(found), np.asarray(wanted)
    assert found.shape == wanted.shape, what
    eps = np.finfo(wanted.dtype if wanted.dtype.kind == "f" else np.float64).eps
    with np.errstate(all="ignore"):
        scale = np.abs(wanted[np.isfinite(wanted)]).max(initial=1.0)
    np.testing.assert_allclose(found, wanted, rtol=200 * eps, atol=200 * eps * scale, err_msg=what)


def weighted(row: Any, params: dict[str, Any]) -> Any:
    """Give a function of the row's arguments with one number: the result times fixed weights, all different."""

    def f(*args: Any) -> Any:
        y = row(*args, **params)
        weights = np.linspace(0.5, 1.5, int(np.prod(y.shape))).reshape(y.shape)
        return (y * weights.astype(y.dtype)).sum()

    return f


def agree(f: Any, first: list[Any], second: list[Any]) -> None:
    """Record at the first arguments, replay at the second, and compare with the graph there; likewise the slopes' slopes."""
    program = ag.compile(f, *map(Tensor, first))
    for args in (first, second):
        leaves = [Tensor(a) for a in args]
        y = f(*leaves)
        y.backward()
        value, gradients = program.value_and_grad(*args)
        close(np.asarray(value, y.dtype), y.data, "value")
        close(np.asarray(program(*args), y.dtype), y.data, "value alone")
        for g, leaf in zip(gradients if len(args) > 1 else [gradients], leaves, strict=True):
            close(np.asarray(g, leaf.dtype), leaf.data * 0 if leaf.grad is None else leaf.grad, "gradient")

    positions = tuple(range(len(first)))

    def slopes(*args: Any) -> Any:
        found = grad(f, positions)(*args)
        return sum(ag.sum(g * g) for g in found)

    wanted = grad(slopes, positions)(*second)
    program = ag.compile(slopes, *map(Tensor, first))
    for g, w in zip(program.grad(*second) if len(first) > 1 else [program.grad(*second)], wanted, strict=True):
        close(np.asarray(g, np.asarray(w).dtype), w, "second derivative")


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: d.__name__)
@pytest.mark.parametrize("row", [row for row in BUILT_IN if not row.passive], ids=lambda row: row.name)
def test_an_elementwise_row(row: Elementwise, dtype: Any):
    """Value, gradient and second derivative of every row on numbers; ``where`` has its own test with comparisons."""
    points = truth.points(row, 12)
    columns = np.array(points, dtype).T
    f = weighted(row, {})
    agree(f, [c[:6].reshape(2, 3) for c in columns], [c[6:12].reshape(2, 3) for c in columns])


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: d.__name__)
@pytest.mark.parametrize(("row", "sample"), CASES, ids=lambda x: getattr(x, "name", None) or "")
def test_a_row_of_arrays(row: Structural, sample: Any, dtype: Any):
    """Value, gradient and second derivative of every row on arrays."""
    shapes, params = sample
    rng = np.random.default_rng(0)
    first, second = ([rng.normal(size=s).astype(dtype) for s in shapes] for _ in range(2))
    agree(weighted(row, params), first, second)
