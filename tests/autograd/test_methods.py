"""Methods and operators are the operations of the table: on Values, Constants, Tensors and Symbols, at every order of edges.

The generated files take shortcuts (no dispatch, local derivatives kept in the node); here each shortcut is held to
the general way through the table.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, _tensor_methods
from autograd.generate.names import DUNDER, UNARY_DUNDER
from autograd.operations import Elementwise, elementwise_rows
from autograd.symbols import Symbol, formula

ROWS = [r for r in elementwise_rows() if not r.passive]
UNARY = [r for r in ROWS if r.arity == 1]
BINARY = [r for r in ROWS if r.name in DUNDER]


def names(row: Elementwise) -> list[str]:
    """Give the methods of a row of one argument."""
    found = [f"__{UNARY_DUNDER[row.name]}__"] if row.name in UNARY_DUNDER else []
    return found + [row.name] * (row.name not in ("neg", "positive"))


def inside(row: Elementwise, slot: int = 0) -> list[float]:
    """Give a few numbers of the row's domain, zero and a kink among them where they belong."""
    low, high = row.domain[slot]
    low, high = max(low, -2.0), min(high, 2.0)
    low, high = (low, high) if low < high else (low, low + 2.0)
    return [low + (high - low) * t for t in (0.07, 0.31, 0.5, 0.83)]


def gradient(y: Tensor, x: Tensor) -> np.ndarray:
    """Give the gradient of Σ w·y for fixed weights w."""
    x.zero_grad()
    y.backward(np.linspace(0.5, 1.5, y.size).reshape(y.shape))
    return np.array(x.grad)


@pytest.mark.parametrize("row", UNARY, ids=lambda r: r.name)
@pytest.mark.parametrize("shape", [(4,), (2, 2), ()])
def test_a_method_of_a_tensor_is_its_row(row: Elementwise, shape: tuple[int, ...]) -> None:
    """``x.tanh()`` gives what ``tanh(x)`` gives, value and gradient, at any shape."""
    numbers = np.array(inside(row)[: math.prod(shape)]).reshape(shape)
    x = Tensor(numbers)
    # An array of a shape that must be broadcast takes the general way.
    expected = row.compute(numbers) if shape else row(float(numbers))
    local = row.derivatives[0](np.asarray(row.compute(numbers)), numbers)
    for name in names(row):
        y = getattr(x, name)()
        np.testing.assert_allclose(y.data, expected, rtol=1e-15, atol=0)
        weights = np.linspace(0.5, 1.5, y.size).reshape(shape)
        np.testing.assert_allclose(gradient(y, x), weights * local, rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("row", BINARY, ids=lambda r: r.name)
def test_an_operator_of_tensors_is_its_row(row: Elementwise) -> None:
    """Operators agree with the row for two Tensors, and for a Tensor beside a number on either side."""
    a, b = np.array(inside(row)), np.array(inside(row, 1))[::-1].copy()
    forward, backward = f"__{DUNDER[row.name]}__", f"__r{DUNDER[row.name]}__"
    x, z = Tensor(a), Tensor(b)
    y = getattr(x, forward)(z)
    general = row(x, z.detach())
    np.testing.assert_allclose(y.data, general.data, rtol=1e-15)
    np.testing.assert_allclose(gradient(y, x), gradient(general, x), rtol=1e-13)
    np.testing.assert_allclose(gradient(getattr(x, forward)(b), x), gradient(general, x), rtol=1e-13)
    other = row(x.detach(), z)
    np.testing.assert_allclose(gradient(y, z), gradient(other, z), rtol=1e-13)
    np.testing.assert_allclose(getattr(z, backward)(a).data, y.data, rtol=1e-15)
    np.testing.assert_allclose(gradient(getattr(z, backward)(a), z), gradient(other, z), rtol=1e-13)
    assert getattr(x, forward)(2.0).data.tolist() == row(a, 2.0).tolist()


@pytest.mark.parametrize("row", BINARY, ids=lambda r: r.name)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_whole_number_beside_a_tensor_is_its_float(row: Elementwise, dtype: type) -> None:
    """``2 * x`` gives the bits of ``2.0 * x``: value, gradient and second derivative, and float32 stays float32."""
    x = Tensor(np.array(inside(row, 0), dtype) + 2)
    for name, number in itertools.product((DUNDER[row.name], "r" + DUNDER[row.name]), (0, 3, -2, 2**40)):
        whole, real = (getattr(x, f"__{name}__")(kind(number)) for kind in (int, float))
        assert whole.dtype == real.dtype == dtype
        found = []
        for y in (whole, real):
            (g,) = autograd.grad(y.sum(), [x], create_graph=True)
            (h,) = autograd.grad(g.sum(), [x]) if g.requires_grad else (np.zeros(1),)
            found.append([np.asarray(getattr(a, "data", a)).tobytes() for a in (y, gradient(y, x), g, h)])
        assert found[0] == found[1], (name, number)


@pytest.mark.parametrize("row", [r for r in ROWS if r.name not in DUNDER], ids=lambda r: r.name)
def test_methods_of_values_constants_and_symbols(row: Elementwise) -> None:
    """A named method does the same on a Value, on a Constant (which stays one) and on a Symbol."""
    numbers = [inside(row, i)[1 + i] for i in range(row.arity)]
    expected = row(*numbers)
    for name in names(row) if row.arity == 1 else [row.name]:
        tracked = getattr(Value(numbers[0]), name)(*numbers[1:])
        constant = getattr(Value(numbers[0]).detach(), name)(*numbers[1:])
        assert tracked.data == constant.data == expected
        assert tracked.requires_grad
        assert not constant.requires_grad
        symbol = getattr(Symbol("a"), name)(*map(Symbol, "bcd"[: row.arity - 1]))
        assert str(symbol) == formula(row, list("abcd"[: row.arity]))


@pytest.mark.parametrize("row", BINARY, ids=lambda r: r.name)
def test_operators_of_values_and_constants(row: Elementwise) -> None:
    """Operators do the same for Value, Constant, float and int on either side."""
    p, q = 3.0, 2.0
    expected = row(p, q)
    forward, backward = f"__{DUNDER[row.name]}__", f"__r{DUNDER[row.name]}__"
    for right in (Value(q), Value(q).detach(), q, int(q)):
        assert getattr(Value(p), forward)(right).data == expected
        assert getattr(Value(p).detach(), forward)(right).data == expected
    for left in (p, int(p)):
        assert getattr(Value(q), backward)(left).data == expected
        assert getattr(Value(q).detach(), backward)(left).data == expected


def test_the_quiet_context_may_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """When another thread is in the shared quiet context, every method computes in its own instead."""

    def taken(*_args: object) -> None:
        raise RuntimeError("cannot enter context: already entered")

    def results() -> list[np.ndarray]:
        found = [getattr(Tensor(inside(r)), name)().data for r in UNARY for name in names(r)]
        pairs = [(Tensor(inside(r)), Tensor(inside(r, 1))) for r in BINARY]
        return found + [getattr(a, f"__{DUNDER[r.name]}__")(b).data for r, (a, b) in zip(BINARY, pairs, strict=True)]

    before = results()
    monkeypatch.setattr(_tensor_methods, "_run", taken)
    for a, b in zip(before, results(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_methods_under_a_mode() -> None:
    """A mode sends every method the general way: nothing is recorded under ``no_grad``."""
    with autograd.no_grad():
        for row in UNARY:
            for name in names(row):
                assert not getattr(Value(inside(row)[1]), name)().requires_grad
                assert not getattr(Tensor(inside(row)), name)().requires_grad
        for row in BINARY:
            for name in (f"__{DUNDER[row.name]}__", f"__r{DUNDER[row.name]}__"):
                assert not getattr(Value(2.0), name)(3.0).requires_grad
                assert not getattr(Tensor([2.0]), name)(Tensor([3.0])).requires_grad


ARRAY_METHODS = [
    ("sum", (), {"axis": 1}), ("mean", (), {"axis": 0}), ("var", (), {"ddof": 1}), ("std", (0,), {}), ("prod", (1,), {}),
    ("max", (1,), {"keepdims": True}), ("min", (), {}), ("norm", (), {}), ("logsumexp", (1,), {}), ("softmax", (), {"axis": 0}),
    ("log_softmax", (), {}), ("cumsum", (1,), {}), ("flatten", (), {}), ("squeeze", (), {}), ("expand_dims", (1,), {}),
    ("swapaxes", (0, 1), {}), ("broadcast_to", ((2, 3, 3),), {}), ("flip", (0,), {}), ("diagonal", (1,), {}), ("trace", (), {}),
    ("triu", (1,), {}), ("tril", (), {}), ("sort", (0,), {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args", "named"), ARRAY_METHODS, ids=[m[0] for m in ARRAY_METHODS])
def test_array_methods_are_the_functions(name: str, args: tuple, named: dict) -> None:
    """``x.sum(axis=1)`` is ``autograd.sum(x, axis=1)``, value and gradient."""
    x = Tensor(np.array([[0.5, 1.5, -1.0], [2.0, 0.25, 3.0], [1.0, -2.0, 0.75]]))
    method, function = getattr(x, name)(*args, **named), getattr(autograd, name)(x, *args, **named)
    np.testing.assert_array_equal(method.data, function.data)
    np.testing.assert_array_equal(gradient(method, x), gradient(function, x))


def test_shape_methods() -> None:
    """Shapes, products and splits as methods: what they give, and that they stay tracked."""
    x = Tensor(np.arange(6.0).reshape(2, 3))
    assert x.reshape(3, 2).shape == x.view((3, 2)).shape == x.T.shape == x.transpose().shape == (3, 2)
    assert x.transpose(1, 0).shape == x.permute(1, 0).shape == (3, 2)
    assert x.unsqueeze(0).shape == (1, 2, 3)
    assert [part.shape for part in x.split(3, axis=1)] == [(2, 1)] * 3
    assert x.dot(np.ones(3)).data.tolist() == (x @ np.ones(3)).data.tolist() == [3.0, 12.0]
    assert (np.ones(2) @ x).data.tolist() == [3.0, 5.0, 7.0]
    assert (x.argmax(), x.argmin(), x.argmax(1).tolist()) == (5, 0, [2, 2])
    assert x.ravel().requires_grad
