"""Every elementwise row of the table, held to mpmath: a new row is tested without another line but its entry in TRUTH."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, rules
from autograd.operations import TABLE, Elementwise, elementwise_rows
from autograd.symbols import Symbol, render
from tests.autograd import truth

BUILT_IN = [row for row in elementwise_rows() if row.name in {getattr(rules, n).name for n in rules.__all__}]
ROWS = pytest.mark.parametrize("row", BUILT_IN, ids=lambda row: row.name)


def test_every_row_has_an_independent_truth():
    """No row is left untested: each has a function of mpmath beside it, and no entry is left over."""
    assert {row.name for row in BUILT_IN} == set(truth.TRUTH)


@ROWS
def test_value(row: Elementwise):
    """Floats, arrays, Values and Tensors agree with mpmath to 1e-12."""
    truth.check_value(row)


@ROWS
def test_first_derivative(row: Elementwise):
    """Local derivatives and both backward passes agree with mpmath to 1e-12."""
    truth.check_first(row)


@ROWS
def test_second_derivative(row: Elementwise):
    """Every second partial derivative, mixed ones included, agrees with mpmath."""
    truth.check_order(row, 2)


@ROWS
def test_third_derivative(row: Elementwise):
    """Every third partial derivative, mixed ones included, agrees with mpmath."""
    truth.check_order(row, 3, count=2)


@ROWS
def test_textbook_form_equals_the_computed_form(row: Elementwise):
    """What a reader is shown is what the machine computes."""
    truth.check_textbook(row)


@ROWS
def test_expansion_equals_the_fused_row(row: Elementwise):
    """A fused row is its expansion, in value and derivative."""
    truth.check_expansion(row)


@ROWS
def test_edges(row: Elementwise):
    """The conventions of the row hold, for floats, Values, arrays and Tensors."""
    truth.check_edges(row)


@ROWS
def test_edges_in_float32(row: Elementwise):
    """The conventions hold in float32 too, and the gradient stays float32."""
    for args, value, locals_ in truth.edge_cases(row):
        if any(1e38 < abs(x) < math.inf or 0 < abs(x) < 1e-30 for x in (*args, value, *locals_)):
            continue  # beyond the range of float32
        tensors = [Tensor(np.float32([a])) for a in args]
        y = row(*tensors)
        assert y.dtype == np.float32
        y.backward(np.ones(1))
        with np.errstate(over="ignore"):  # the expected number may be too large for float32
            assert truth.same(float(y.data[0]), float(np.float32(value)), 1e-6), f"{row.name}{args}: {y.data}"
            for slot, local in zip(truth.slots_of(row), locals_, strict=True):
                g = tensors[slot].grad
                assert g.dtype == np.float32
                assert truth.same(float(g[0]), float(np.float32(local)), 1e-5), f"{row.name}{args}, slot {slot}: {g}"


@ROWS
def test_float32_stays_float32(row: Elementwise):
    """A float32 Tensor gives float32 values and gradients, also beside a Python number, equal to float64's but for rounding."""
    places = truth.points(row, 4)
    columns = [np.array(c) for c in zip(*places, strict=True)]
    small, large = (
        [Tensor(c.astype(np.float32)) for c in columns],
        [Tensor(c.astype(np.float32).astype(float)) for c in columns],
    )
    y, z = row(*small), row(*large)
    if not row.derivatives:
        assert y.dtype == bool
        return
    assert y.dtype == np.float32
    y.sum().backward()
    z.sum().backward()
    np.testing.assert_allclose(y.data, z.data, rtol=2e-5, atol=1e-6)
    for g in autograd.grad(row(*small).sum(), [small[slot] for slot in truth.slots_of(row)], create_graph=True):
        assert g.dtype == np.float32, f"the recorded gradient of {row.name} became {g.dtype}"
    for slot in truth.slots_of(row):
        assert small[slot].grad.dtype == np.float32
        np.testing.assert_allclose(small[slot].grad, large[slot].grad, rtol=2e-4, atol=1e-5)
    for slot in truth.slots_of(row):
        mixed = [Tensor(np.float32([a])) if i == slot else a for i, a in enumerate(places[0])]
        y = row(*mixed)
        assert y.dtype == np.float32, f"{row.name} with a Python number beside it became {y.dtype}"
        y.sum().backward()
        assert mixed[slot].grad.dtype == np.float32


@ROWS
def test_array_of_values_equals_tensor(row: Elementwise):
    """An array of Values gives what a Tensor gives, in value and gradient."""
    if not row.derivatives:
        return
    places = truth.points(row, 3)
    columns = list(zip(*places, strict=True))
    tensors = [Tensor(c) for c in columns]
    arrays = [np.array([Value(v) for v in c], dtype=object) for c in columns]
    y, z = row(*tensors), row(*arrays)
    np.testing.assert_allclose([v.data if isinstance(v, Value) else v for v in z], y.data, rtol=1e-12)
    y.sum().backward()
    sum(z).backward()
    for slot in truth.slots_of(row):
        np.testing.assert_allclose([v.grad for v in arrays[slot]], tensors[slot].grad, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("row", [r for r in BUILT_IN if r.arity > 1 and r.derivatives], ids=lambda row: row.name)
def test_constants_beside_a_tracked_argument(row: Elementwise):
    """With one argument tracked and the others plain numbers, arrays or constants, its gradient is the same, recorded or not."""
    for args in truth.points(row, 3):
        for slot in truth.slots_of(row):
            local = row.local_of(slot, row.float_of(*args), *args)
            for track in (Value, lambda a: Tensor(a), lambda a: Tensor([a, a])):
                for constant in (
                    float,
                    np.float64,
                    lambda a: Value(a).detach(),
                    lambda a: Tensor([a]).detach(),
                    lambda a: np.array([a]),
                ):
                    given = [track(a) if i == slot else constant(a) for i, a in enumerate(args)]
                    x = given[slot]
                    y = autograd.sum(row(*given)) if not isinstance(row(*given), Value) else row(*given)
                    recorded = autograd.grad(y, x, create_graph=True)
                    y.backward()
                    for g in (x.grad, recorded.data):
                        np.testing.assert_allclose(g, np.broadcast_to(local, np.shape(x.data)), rtol=1e-12, atol=1e-300)


@ROWS
def test_python_form_computes_the_same(row: Elementwise):
    """The Python form of the row and of its derivatives is Python that gives the same numbers."""
    letters = "abc"[: row.arity]
    space = {name: getattr(autograd, name) for name in autograd.__all__ if name in autograd._FACE} | {
        TABLE[name].name: TABLE[name] for name in truth.TRUTH
    }
    space |= {"nan": math.nan, "inf": math.inf}
    space |= {"abs": rules.absolute}
    for args in truth.points(row, 3):
        names = dict(zip(letters, args, strict=True))
        y = row.float_of(*args)
        written = render(row(*(Symbol(x) for x in letters)), "python")
        assert truth.same(float(eval(written, dict(space), names)), y, 1e-12), written
        for slot in truth.slots_of(row):
            local = row.derivatives[slot - row.passive](Symbol("y"), *(Symbol(x) for x in letters))
            written = render(local, "python") if isinstance(local, Symbol) else repr(local)
            got = float(eval(written, dict(space), {**names, "y": y}))
            assert truth.same(got, row.local_of(slot, y, *args), 1e-12), f"{row.name}: {written}"


@ROWS
def test_text_and_latex_forms(row: Elementwise):
    """Each form names every argument, in all three styles, with balanced brackets and no template left over."""
    symbols = [Symbol(f"arg{x}") for x in "abc"[: row.arity]]
    for style in ("text", "python", "latex"):
        for shown in [row(*symbols), *(d(Symbol("out"), *symbols) for d in row.derivatives)]:
            written = render(shown, style) if isinstance(shown, Symbol) else str(shown)
            assert written.count("(") == written.count(")"), written
            if style == "latex":
                assert written.count("{") == written.count("}"), written
            else:
                assert "{" not in written, written
        whole = render(row(*symbols), style)
        assert all(s.name in whole for s in symbols), whole


def test_brackets_stand_where_precedence_needs_them():
    """A printed expression reads back as the same expression."""
    a, b = Symbol("a"), Symbol("b")
    cases = {
        (a + b) * a: "(a + b) × a",
        a - (b - a): "a - (b - a)",
        a / (b * a): "a / (b × a)",
        (-a) ** 2: "(-a)**2",
        -(a**2): "-a**2",
        a**-b: "a**-b",
        (a**b) ** a: "(a**b)**a",
        2 / a: "2 / a",
    }
    for expression, written in cases.items():
        assert render(expression) == written
    for expression in cases:
        python = render(expression, "python")
        numbers = {"a": 1.7, "b": 0.6}
        expected = eval(python, {}, numbers)
        again = render(eval(python, {}, {"a": a, "b": b}), "python")
        assert eval(again, {}, numbers) == expected


def test_symbols_refuse_to_choose():
    """A rule with Python's ``if`` is refused with the way out, since it could be neither printed nor recorded."""
    with pytest.raises(autograd.TrackingError, match=r"where\(condition, a, b\)"):
        bool(Symbol("a") > 0)
    with pytest.raises(autograd.TrackingError, match=r"where\(condition, a, b\)"):
        bool(Symbol("a"))
