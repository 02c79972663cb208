"""The checks that hold a structural row to central differences: first order, second order, float32, arrays of Values.

A *sample* of a row is ``(shapes, params)``. The arguments are random; so is the cotangent that is pulled back. The
stencil has five points, so its error is about 1e-10 and the checks can be strict (1e-7). They raise
``AssertionError``; the sabotage test calls them on broken rows and expects red.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import autograd
from autograd import Tensor, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograd.operations import Structural

STEP = 1e-3
Sample = tuple[tuple[Any, ...], dict[str, Any]]


def arguments(sample: Sample, seed: int = 3) -> list[np.ndarray]:
    """Give random arrays of the sample's shapes, without ties."""
    rng = np.random.default_rng(seed)
    return [np.asarray(rng.normal(size=shape) + 0.1) for shape in sample[0]]


def slope(f: Callable[[np.ndarray], float], x: np.ndarray) -> np.ndarray:
    """Differentiate numerically: five points, error O(h⁴)."""
    g = np.zeros(np.shape(x))
    for i in np.ndindex(np.shape(x)):
        near = []
        for k in (-2, -1, 1, 2):
            moved = np.array(x)
            moved[i] += k * STEP
            near.append(f(moved))
        g[i] = (near[0] - 8 * near[1] + 8 * near[2] - near[3]) / (12 * STEP)
    return g


def at(args: list[np.ndarray], slot: int, x: np.ndarray) -> list[np.ndarray]:
    """Put ``x`` into one slot."""
    return [x if i == slot else a for i, a in enumerate(args)]


def pulled(row: Structural, args: list[np.ndarray], params: dict[str, Any], w: np.ndarray) -> list[np.ndarray]:
    """Give the gradient of Σ w·row(args) at each argument, by the plain backward pass."""
    tensors = [Tensor(a) for a in args]
    row(*tensors, **params).backward(w)
    return [t.grad for t in tensors]


def near(got: Any, expected: Any, what: str, tolerance: float = 1e-7) -> None:
    """Compare arrays, shapes included."""
    assert np.shape(got) == np.shape(expected), f"{what}: shape {np.shape(got)}, expected {np.shape(expected)}"
    assert np.allclose(got, expected, rtol=tolerance, atol=tolerance), f"{what}: got {got}, expected {expected}"


def check_pullback(row: Structural, sample: Sample) -> None:
    """The plain and the recorded backward pass agree with central differences, for a random cotangent."""
    args, params = arguments(sample), sample[1]
    w = np.random.default_rng(5).normal(size=np.shape(row(*args, **params)))
    plain = pulled(row, args, params, w)
    tensors = [Tensor(a) for a in args]
    traced = autograd.grad(row(*tensors, **params), tensors, gradient=w, create_graph=True)
    for slot, a in enumerate(args):
        expected = slope(lambda x, s=slot: float(np.sum(w * row(*at(args, s, x), **params))), a)
        near(plain[slot], expected, f"{row.name}{sample}: gradient {slot}")
        near(traced[slot].data, expected, f"{row.name}{sample}: recorded gradient {slot}")


def check_second(row: Structural, sample: Sample) -> None:
    """The gradient of a random projection of the gradient agrees with central differences, in arguments and cotangent."""
    args, params = arguments(sample), sample[1]
    rng = np.random.default_rng(6)
    w = rng.normal(size=np.shape(row(*args, **params)))
    u = [rng.normal(size=a.shape) for a in args]

    def projection(points: list[np.ndarray], cotangent: np.ndarray) -> float:
        return float(sum(np.sum(v * g) for v, g in zip(u, pulled(row, points, params, cotangent), strict=True)))

    tensors, cotangent = [Tensor(a) for a in args], Tensor(w)
    first = autograd.grad(row(*tensors, **params), tensors, gradient=cotangent, create_graph=True)
    total = sum((g * v).sum() for g, v in zip(first, u, strict=True))
    second = autograd.grad(total, [*tensors, cotangent])
    for slot, a in enumerate(args):
        expected = slope(lambda x, s=slot: projection(at(args, s, x), w), a)
        near(second[slot], expected, f"{row.name}{sample}: second derivative {slot}")
    near(second[-1], slope(lambda v: projection(args, v), w), f"{row.name}{sample}: derivative along the cotangent")


def check_float32(row: Structural, sample: Sample) -> None:
    """float32 arguments give float32 values and gradients, equal to float64's but for rounding."""
    args, params = [a.astype(np.float32) for a in arguments(sample)], sample[1]
    y = row(*(Tensor(a) for a in args), **params)
    assert y.dtype == np.float32, f"{row.name}{sample} became {y.dtype}"
    w = np.ones(y.shape, np.float32)
    wide = [a.astype(np.float64) for a in args]
    near(y.data, row(*wide, **params), f"{row.name}{sample} in float32", 1e-4)
    tensors = [Tensor(a) for a in args]
    for g in autograd.grad(row(*tensors, **params), tensors, gradient=w, create_graph=True):
        assert g.dtype == np.float32, f"{row.name}{sample}: the recorded gradient became {g.dtype}"
    for got, expected in zip(pulled(row, args, params, w), pulled(row, wide, params, w), strict=True):
        assert got.dtype == np.float32, f"{row.name}{sample}: gradient became {got.dtype}"
        near(got, expected, f"{row.name}{sample}: gradient in float32", 1e-3)


def boxed(a: np.ndarray) -> np.ndarray:
    """Give an array of Values with the same numbers."""
    values = np.empty(a.shape, dtype=object)
    for i in np.ndindex(a.shape):
        values[i] = Value(a[i])
    return values


def check_values(row: Structural, sample: Sample) -> None:
    """An array of Values gives the same numbers and gradients as a Tensor."""
    args, params = arguments(sample), sample[1]
    expected = row(*args, **params)
    w = np.random.default_rng(8).normal(size=np.shape(expected))
    arrays = [boxed(a) for a in args]
    y = np.asarray(row(*arrays, **params), dtype=object)
    near(
        [v.data if isinstance(v, Value) else v for v in y.reshape(-1)],
        np.reshape(expected, -1),
        f"{row.name}{sample} of Values",
        1e-12,
    )
    sum((v * c for v, c in zip(y.reshape(-1), w.reshape(-1), strict=True)), Value(0.0)).backward()
    for slot, g in enumerate(pulled(row, args, params, w)):
        got = np.array([0.0 if v.grad is None else v.grad for v in arrays[slot].reshape(-1)]).reshape(g.shape)
        near(got, g, f"{row.name}{sample}: gradient {slot} of Values", 1e-10)
