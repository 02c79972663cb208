"""NumPy's own functions on Values, on arrays of Values and on Tensors: tracked, or refused with the way out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value
from autograd.errors import AutogradError, InputTypeError, ShapeError, TrackingError
from tests.autograd.array_checks import boxed, near, slope

DATA = np.array([[0.5, 2.0, 1.2], [0.3, 0.9, 1.7]])
FUNCTIONS: dict[str, Any] = {
    "sum": np.sum, "sum over an axis": lambda a: np.sum(a, axis=0), "mean": np.mean, "mean over an axis": lambda a: np.mean(a, axis=1),
    "std": np.std, "std over an axis": lambda a: np.std(a, axis=0), "std with ddof": lambda a: np.std(a, ddof=1),
    "var": np.var, "var over an axis": lambda a: np.var(a, axis=1), "prod": np.prod, "dot": lambda a: np.dot(a, a.T),
    "matmul": lambda a: a @ a.T, "matmul with numbers": lambda a: a @ np.ones((3, 2)), "numbers matmul": lambda a: np.ones((4, 2)) @ a,
    "norm": np.linalg.norm, "norm over an axis": lambda a: np.linalg.norm(a, axis=1), "exp": np.exp, "log": np.log, "log1p": np.log1p, "expm1": np.expm1,
    "exp2": np.exp2, "log2": np.log2, "log10": np.log10, "sqrt": np.sqrt, "cbrt": np.cbrt, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "arcsin": lambda a: np.arcsin(a / 3), "arccos": lambda a: np.arccos(a / 3), "arctan": np.arctan, "arctan2": lambda a: np.arctan2(a, a[::-1]),
    "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "arcsinh": np.arcsinh, "arccosh": lambda a: np.arccosh(a + 2), "arctanh": lambda a: np.arctanh(a / 3),
    "hypot": lambda a: np.hypot(a, a[::-1]), "square": np.square, "reciprocal": np.reciprocal, "negative": np.negative, "absolute": lambda a: np.abs(a - 1),
    "fabs": lambda a: np.fabs(a - 1), "power": lambda a: np.power(a, 2.5), "maximum": lambda a: np.maximum(a, 1.0), "minimum": lambda a: np.minimum(a, a[::-1]),
    "max": np.max, "min over an axis": lambda a: np.min(a, axis=0), "sort": lambda a: np.sort(a, axis=1) * np.arange(3.0), "add": lambda a: np.add(a, 1),
    "subtract": lambda a: np.subtract(1, a), "multiply": lambda a: np.multiply(a, a), "divide": lambda a: np.divide(1, a), "concatenate": lambda a: np.concatenate([a, a]),
    "stack": lambda a: np.stack([a, a * a]), "reshape": lambda a: np.reshape(a, (3, 2)), "transpose": np.transpose, "where": lambda a: np.where(DATA > 1, a, -a),
    "clip": lambda a: np.clip(a, 0.4, 1.5), "cumsum": lambda a: np.cumsum(a, axis=1), "outer": lambda a: np.outer(a[0], a[1]), "trace": np.trace,
    "diagonal": np.diagonal, "einsum": lambda a: np.einsum("ij,kj->ik", a, a), "flip": np.flip, "squeeze": lambda a: np.squeeze(a[None]), "triu": np.triu,
    "add.reduce": lambda a: np.add.reduce(a), "float64 on the left": lambda a: np.float64(2) * a, "float32 on the left": lambda a: np.float32(2) * a,
    "int64 on the left": lambda a: np.int64(2) - a, "array on the left": lambda a: DATA * a, "array minus": lambda a: DATA - a, "array over": lambda a: DATA / a,
    "array power": lambda a: DATA**a, "our exp": autograd.exp, "our softmax": autograd.softmax, "our logsumexp": autograd.logsumexp,
}  # fmt: skip


def weighted(y: Any) -> Any:
    """Reduce a result to one number, with different weights for different elements."""
    if isinstance(y, Value):
        return y
    flat = y.reshape(-1)
    return sum((flat[i] * (1.0 + i) for i in range(len(flat))), 0.0) if not isinstance(y, Tensor) or y.ndim else y


@pytest.mark.parametrize("name", FUNCTIONS)
def test_on_arrays_of_values(name: str):
    """NumPy goes element by element through Values: the numbers of plain NumPy, the gradients of central differences."""
    f = FUNCTIONS[name]
    a = boxed(DATA)
    y = f(a)
    got = [v.data if isinstance(v, Value) else float(v) for v in np.asarray(y, dtype=object).reshape(-1)]
    np.testing.assert_allclose(got, np.reshape(f(DATA), -1), rtol=1e-12)
    weighted(np.asarray(y, dtype=object)).backward()
    expected = slope(lambda x: float(weighted(np.asarray(f(x)))), DATA)
    near([[v.grad or 0.0 for v in row] for row in a], expected, name)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_on_tensors(name: str):
    """The same functions on a Tensor give a Tensor."""
    f = FUNCTIONS[name]
    x = Tensor(DATA)
    y = f(x)
    assert isinstance(y, Tensor)
    np.testing.assert_allclose(y.data, f(DATA), rtol=1e-12)
    weighted(y).backward()
    near(x.grad, slope(lambda v: float(weighted(np.asarray(f(v)))), DATA), name)


def test_norm_and_reduce_on_tensors():
    """np.linalg.norm and a ufunc's reduce reach ours."""
    x = Tensor([3.0, 4.0])
    np.linalg.norm(x).backward()
    np.testing.assert_allclose(x.grad, [0.6, 0.8])
    y = np.add.reduce(x)
    assert (y.item(), y.requires_grad) == (7.0, True)


def test_numpys_defaults_are_kept_where_ours_differ():
    """np.cumsum flattens, np.trace takes the first two axes, np.pad has a mode: as in NumPy, though our functions differ."""
    data = np.random.default_rng(0).normal(size=(2, 2, 3))
    for f in (
        np.cumsum,
        np.trace,
        np.diagonal,
        lambda a: np.pad(a, 1, "constant"),
        lambda a: np.linalg.norm(a[0, 0], 2),
        lambda a: np.dot(a, np.ones(3)),
    ):
        y = f(Tensor(data))
        assert isinstance(y, Tensor)
        np.testing.assert_allclose(y.data, f(data))
    with pytest.raises(ShapeError, match="Use matmul or einsum"):
        np.dot(Tensor(data), np.ones((2, 3, 2)))


def test_ufuncs_on_a_single_value():
    """np.exp(v), np.float64(3) * v and v * np.float32(2) are Values with a graph."""
    v = Value(0.5)
    for f in (
        np.exp,
        np.tanh,
        np.sqrt,
        np.arcsin,
        lambda x: np.float64(3) * x,
        lambda x: np.int64(3) - x,
        lambda x: np.int64(2) ** x,
    ):
        v.zero_grad()
        y = f(v)
        assert type(y) is Value
        y.backward()
        assert math.isclose(v.grad, (f(0.5 + 1e-6) - f(0.5 - 1e-6)) / 2e-6, rel_tol=1e-8)


def test_comparisons_give_plain_booleans():
    """All six comparisons compare data, against numbers, nodes, arrays and NumPy scalars."""
    v, x = Value(1.0), Tensor([1.0, 2.0])
    assert (v < 2, v <= 1, v > 2, v >= 1, v == 1, v != 1) == (True, True, False, True, True, False)
    assert (v == Value(1.0), np.float64(2) > v, v > 0) == (True, True, True)
    for result, expected in (
        ((x > 1), [False, True]),
        ((x == [1.0, 3.0]), [True, False]),
        ((np.array([1.0, 1.0]) < x), [False, True]),
        ((x >= x), [True, True]),
    ):
        assert result.dtype == bool
        assert result.tolist() == expected
    assert len({v, Value(1.0), v}) == 2, "hashing goes by identity"
    assert np.isfinite(x).tolist() == [True, True]
    assert bool(np.isnan(Value(math.nan)))


def test_questions_are_answered_with_bare_numbers():
    """allclose, argsort and their like have no derivative, and look at the numbers as comparisons do."""
    x, y = Tensor([3.0, 1.0, 2.0]), Tensor([3.0, 1.0, 2.0 + 1e-12])
    assert np.allclose(x, y) is True
    assert np.allclose(x, [3.0, 1.0, 5.0]) is False
    assert np.isclose(a=x, b=y).tolist() == [True] * 3
    assert np.array_equal(x, y) is False
    assert np.argsort(x).tolist() == [1, 2, 0]
    assert x[np.argsort(x)].tolist() == [1.0, 2.0, 3.0]
    assert np.count_nonzero(x) == 3


def test_what_to_write_instead_computes_the_same():
    """The advice of the messages is right."""
    a = np.random.default_rng(0).normal(size=(3, 4))
    x, v = Tensor(a), Tensor(a[0])
    k, n = 1, 2
    pairs = [
        (autograd.concatenate([x, x]), np.vstack([a, a])), (autograd.concatenate([x, x], axis=-1), np.hstack([a, a])),
        (autograd.stack([v, v], axis=1), np.column_stack([a[0], a[0]])), (autograd.concatenate([v[-k:], v[:-k]]), np.roll(a[0], k)),
        (autograd.concatenate([v] * n), np.tile(a[0], n)), (v[np.repeat(np.arange(len(v)), n)], np.repeat(a[0], n)),
        (v[1:] - v[:-1], np.diff(a[0])), (autograd.einsum("...i,...i->...", v, v), np.inner(a[0], a[0])),
        (x.max() - x.min(), np.ptp(a)), ((v * a[1]).sum() / a[1].sum(), np.average(a[0], weights=a[1])),
        (np.eye(4) * v, np.diag(a[0])), (x.flip(axis=0), np.flipud(a)), ((v[2:] - v[:-2]) / 2, np.gradient(a[0])[1:-1]),
        (autograd.where(np.isfinite(x), x, 0.0), np.nan_to_num(a)),
        (autograd.einsum("ij,kl->ikjl", x, x).reshape(9, 16), np.kron(a, a)),
    ]  # fmt: skip
    for ours, numpys in pairs:
        np.testing.assert_allclose(ours.data, numpys, rtol=1e-15)


def test_what_numpy_cannot_track_is_refused_with_a_way_out():
    """out=, unknown functions and conversions that would cut the graph silently raise, and name what to write."""
    x, v = Tensor([1.0, 2.0]), Value(1.0)
    with pytest.raises(InputTypeError, match="out"):
        np.add(x, 1, out=np.zeros(2))
    with pytest.raises(InputTypeError, match=r"np\.gcd has no derivative here.*@autograd\.operation"):
        np.gcd(x, 2)
    with pytest.raises(InputTypeError, match=r"np\.median is not tracked.*\.data"):
        np.median(x)
    with pytest.raises(InputTypeError, match=r"np\.roll is not tracked; write autograd\.concatenate\("):
        np.roll(x, 1)
    with pytest.raises(InputTypeError, match=r"np\.linalg\.inv is not tracked; NumPy's names that are: .*sum, .*where"):
        np.linalg.inv(Tensor(np.eye(2)))
    with pytest.raises(InputTypeError, match=r"np\.linalg\.norm with ord=1 is not tracked.*abs\(x\)\.sum\(\)"):
        np.linalg.norm(x, 1)
    with pytest.raises(InputTypeError, match=r"np\.sum is tracked without some of NumPy's options.*initial"):
        np.sum(x, initial=3.0)
    with pytest.raises(InputTypeError, match=r"np\.pad with mode='edge'"):
        np.pad(x, 1, "edge")
    with pytest.raises(TrackingError, match=r"\.numpy\(\)"):
        np.asarray(x)
    with pytest.raises(TrackingError, match=r"\.numpy\(\)"):
        np.array(x)
    with pytest.raises(TrackingError, match=r"\.item\(\)"):
        np.zeros(1)[0:1].__setitem__(0, v)
    assert issubclass(TrackingError, AutogradError)


def test_a_detached_tensor_is_an_array_for_numpy():
    """A constant may become an array: nothing is lost."""
    np.testing.assert_array_equal(np.asarray(Tensor([1.0, 2.0]).detach()), [1.0, 2.0])
    assert np.median(np.asarray(Tensor([1.0, 2.0]).detach())) == 1.5


def test_in_place_operators_make_new_nodes():
    """``v += 1`` and ``x *= 2`` rebind the name; the old node and its graph stay as they were."""
    v, x = Value(1.0), Tensor([1.0, 2.0])
    old_v, old_x = v, x
    v += 1
    x *= 2
    assert (v.data, old_v.data) == (2.0, 1.0)
    assert (x.data.tolist(), old_x.data.tolist()) == ([2.0, 4.0], [1.0, 2.0])
    x.sum().backward()
    assert old_x.grad.tolist() == [2.0, 2.0]


def test_shape_functions_read_the_shape():
    """np.shape, np.ndim and np.size work on Tensors."""
    x = Tensor(np.zeros((2, 3)))
    assert (np.shape(x), np.ndim(x), np.size(x), len(x)) == ((2, 3), 2, 6, 2)


def test_an_array_that_is_assigned_values():
    """An object array made by hand works in matrix products with numbers, in any order."""
    w = boxed(np.array([[1.0, 2.0], [3.0, 4.0]]))
    x = np.array([1.0, -1.0])
    y = np.tanh(w @ x + 0.5).sum()
    assert isinstance(y, Value)
    y.backward()
    expected = slope(lambda m: float(np.tanh(m @ x + 0.5).sum()), np.array([[1.0, 2.0], [3.0, 4.0]]))
    near([[v.grad for v in row] for row in w], expected, "gradient")
