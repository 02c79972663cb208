"""Fused rows: each is its expansion in value, gradient and second derivative, and a wrong rule in one is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Graph, Tensor, Value, fused
from autograd.check import check_gradients
from autograd.nary import Nary
from autograd.operations import TABLE, Structural, structural_rows
from autograd.symbols import Symbol, render
from tests.autograd import array_checks

NARY = [row for row in TABLE.values() if isinstance(row, Nary)]
CASES = [(row, sample) for row in NARY for sample in row.samples]
SAMPLES = pytest.mark.parametrize(("row", "sample"), CASES, ids=[f"{row.name}-{len(s)}" for row, s in CASES])
ARRAYS = [(row, sample) for row in structural_rows() if row.expansion for sample in row.samples]
ARRAY_SAMPLES = pytest.mark.parametrize(
    ("row", "sample"), ARRAYS, ids=[f"{row.name}-{i}" for i, (row, _) in enumerate(ARRAYS)]
)


def twice(f: Any, args: tuple[float, ...]) -> tuple[float, list[float], list[float]]:
    """Give value, gradient, and the gradient of a fixed projection of the gradient of sin(f)."""
    values = [Value(a) for a in args]
    y = f(*values)
    first = ag.grad(ag.sin(y), values, create_graph=True)
    projected = sum(g * (0.3 + 0.1 * i) for i, g in enumerate(first))
    return y.data, [g.data for g in first], ag.grad(projected, values)


def check_nary(row: Nary, sample: tuple[float, ...]) -> None:
    """Hold a row of many numbers to its expansion at order 0, 1 and 2, and its plain backward pass to the recorded one."""
    (y, first, second), (z, one, two) = twice(row, sample), twice(row.expansion, sample)
    assert y == pytest.approx(z, rel=1e-14)
    np.testing.assert_allclose(first, one, rtol=1e-12)
    np.testing.assert_allclose(second, two, rtol=1e-12)
    values = [Value(a) for a in sample]
    ag.sin(row(*values)).backward()
    np.testing.assert_allclose([v.grad for v in values], one, rtol=1e-12)


def check_array(row: Structural, sample: Any) -> None:
    """Hold a row of arrays to its expansion in value and gradient, for a random cotangent."""
    args, params = array_checks.arguments(sample), sample[1]
    w = np.random.default_rng(2).normal(size=np.shape(row(*args, **params)))
    tensors, others = [Tensor(a) for a in args], [Tensor(a) for a in args]
    y, z = row(*tensors, **params), row.expansion(*others, **params)
    np.testing.assert_allclose(y.data, z.data, rtol=1e-13)
    y.backward(w)
    z.backward(w)
    for a, b in zip(tensors, others, strict=True):
        np.testing.assert_allclose(a.grad, b.grad, rtol=1e-12, atol=1e-14)


@SAMPLES
def test_a_row_of_many_numbers_is_its_expansion(row: Nary, sample: tuple[float, ...]):
    """Value, gradient and second derivative agree to rounding."""
    check_nary(row, sample)


@ARRAY_SAMPLES
def test_a_fused_row_of_arrays_is_its_expansion(row: Structural, sample: Any):
    """Value and gradient agree to rounding; the second derivative is held to differences with all other rows."""
    check_array(row, sample)


@SAMPLES
def test_floats_arrays_tensors_and_arrays_of_values_agree(row: Nary, sample: tuple[float, ...]):
    """The row computes the same from numbers, arrays, Tensors and arrays of Values."""
    y = row(*sample)
    assert isinstance(y, float)
    columns = [np.array([a, 2 * a]) for a in sample]
    np.testing.assert_allclose(row(*columns)[0], y, rtol=1e-14)
    tensors = [Tensor(c) for c in columns]
    z = row(*tensors)
    z.sum().backward()
    boxed = [array_checks.boxed(c) for c in columns]
    v = row(*boxed)
    assert [e.data for e in v] == pytest.approx(z.data.tolist())
    sum(v).backward()
    for t, b in zip(tensors, boxed, strict=True):
        assert [e.grad for e in b] == pytest.approx(t.grad.tolist())


@SAMPLES
def test_the_checker_verifies_the_row_at_order_two(row: Nary, sample: tuple[float, ...]):
    """Our own checker, which measures differences, finds nothing wrong."""
    assert check_gradients(lambda *args: ag.sin(row(*args)), *sample, order=2).ok


@pytest.mark.parametrize(("row", "group"), [(row, i) for row in NARY for i in range(len(row.rules))])
def test_a_broken_rule_turns_red_and_is_named(row: Nary, group: int, monkeypatch: pytest.MonkeyPatch):
    """One per cent in the rule of one group is seen by the comparison, and the checker names the row."""
    rule = row.rules[group]

    def broken(*args: Any) -> tuple[Any, ...]:
        return tuple(1.01 * p for p in rule(*args))

    monkeypatch.setattr(row, "rules", (*row.rules[:group], broken, *row.rules[group + 1 :]))
    with pytest.raises(AssertionError):
        check_nary(row, row.samples[-1])
    report = check_gradients(lambda *args: ag.sin(row(*args)), *row.samples[-1])
    assert not report.ok
    assert report.culprit.op == row.name


@pytest.mark.parametrize("row", NARY, ids=lambda row: row.name)
def test_a_broken_computation_or_expansion_turns_red(row: Nary, monkeypatch: pytest.MonkeyPatch):
    """One per cent in what is computed, or in the expansion, is seen."""
    compute, expansion = row.of_groups, row.expansion
    monkeypatch.setattr(row, "of_groups", lambda *groups: 1.01 * compute(*groups))
    with pytest.raises(AssertionError):
        check_nary(row, row.samples[-1])
    monkeypatch.undo()
    monkeypatch.setattr(row, "expansion", lambda *args: 1.01 * expansion(*args))
    with pytest.raises(AssertionError):
        check_nary(row, row.samples[-1])


@pytest.mark.parametrize("row", [fused.linear, fused.softmax_cross_entropy], ids=lambda row: row.name)
def test_a_broken_row_of_arrays_turns_red_and_is_named(row: Structural, monkeypatch: pytest.MonkeyPatch):
    """One per cent in a pullback or an expansion is seen, and the checker names the row."""
    (rule,), expansion = row.pullbacks, row.expansion
    monkeypatch.setattr(row, "expansion", lambda *a, **p: 1.01 * expansion(*a, **p))
    with pytest.raises(AssertionError):
        check_array(row, row.samples[0])
    monkeypatch.undo()
    monkeypatch.setattr(row, "pullbacks", (lambda *a, **p: 1.01 * rule(*a, **p),))
    with pytest.raises(AssertionError):
        check_array(row, row.samples[0])
    report = check_gradients(lambda *args: row(*args, **row.samples[0][1]), *array_checks.arguments(row.samples[0]))
    assert report.culprit.op == row.name


def test_what_the_forward_pass_remembers_is_used_in_the_backward_pass(monkeypatch: pytest.MonkeyPatch):
    """The cross-entropy keeps its probabilities; a wrong memory makes a wrong gradient, so the memory is what is tested."""
    row, forward = fused.softmax_cross_entropy, fused.softmax_cross_entropy.forward

    def forgetful(a: Any, **params: Any) -> tuple[Any, Any]:
        y, p = forward(a, **params)
        return y, 1.01 * p

    monkeypatch.setattr(row, "forward", forgetful)
    with pytest.raises(AssertionError):
        check_array(row, row.samples[0])


@pytest.mark.parametrize(
    "logits", [[[np.inf, 0.0]], [[-np.inf, 0.0]], [[np.nan, 0.0]], [[-np.inf, -np.inf]], [[800.0, -800.0]]]
)
def test_cross_entropy_at_its_edges(logits: Any):
    """Infinite and huge logits give what log_softmax gives."""
    for label in (0, 1):
        a, b = Tensor(logits), Tensor(logits)
        y = fused.softmax_cross_entropy(a, labels=np.array([label]))
        z = fused.softmax_cross_entropy.expansion(b, labels=np.array([label]))
        np.testing.assert_array_equal(y.data, z.data)
        y.backward()
        z.backward()
        np.testing.assert_allclose(a.grad, b.grad)


def test_written_forms():
    """A few terms are written out, many are folded; Python is always written in full and computes the same."""
    names = [Symbol(n) for n in ("w1", "w2", "x1", "x2", "b")]
    assert render(fused.affine(*names)) == "w1 × x1 + w2 × x2 + b"
    assert render(fused.dot(*names[:4]), "latex") == r"w1 \cdot x1 + w2 \cdot x2"
    assert render(fused.affine.derivatives[0](None, *names)) == "x1"
    assert render(fused.affine.derivatives[3](None, *names)) == "w2"
    many = [Symbol(f"a{i}") for i in range(1, 7)]
    assert render(fused.total(*many)) == "a1 + a2 + … + a6"
    assert render(fused.total(*many), "python") == "a1 + a2 + a3 + a4 + a5 + a6"
    a, b = names[:2]
    assert render(fused.dot(a + b, -b, a, b)) == "(w1 + w2) × w1 + -w2 × w2"
    assert render(fused.affine(*names) * a) == "(w1 × x1 + w2 × x2 + b) × w1"


@pytest.mark.parametrize("row", NARY, ids=lambda row: row.name)
def test_wrong_numbers_of_arguments_are_refused(row: Nary):
    """No argument at all, or an odd one out, is an error that names the row."""
    with pytest.raises(ag.InputTypeError, match=f"{row.name}\\(\\) does not take 0 arguments"):
        row.split(())
    with pytest.raises(ag.InputTypeError, match="takes no names"):
        row(1.0, b=2.0)


# --- how they are reached -------------------------------------------------------------------------------------


def values(*numbers: float) -> list[Value]:
    """Give Values."""
    return [Value(x) for x in numbers]


def test_dot_sum_mean_and_linear_make_one_node_per_number():
    """``ag.dot``, ``sum``, ``mean``, ``matmul`` and ``linear`` on Values are fused; inside ``unfused()`` they are not."""
    w, x, b = values(1.0, 2.0, 3.0), values(4.0, 5.0, 6.0), values(0.5)
    cases = [
        (lambda: ag.dot(w, x), 7, 32.0),
        (lambda: ag.sum(w), 4, 6.0),
        (lambda: ag.mean(w), 5, 2.0),
        (lambda: ag.matmul(np.array([w]), x)[0], 7, 32.0),
        (lambda: ag.linear(np.array(x), np.array([w]), np.array(b))[0], 8, 32.5),
    ]
    for f, size, expected in cases:
        y = f()
        assert y.data == pytest.approx(expected)
        assert len(Graph(y)) == size
        with ag.unfused():
            z = f()
        assert len(Graph(z)) > size
        assert z.data == pytest.approx(expected)
        first = ag.grad(y, [*w, *x]) if size > 5 else ag.grad(y, w)
        second = ag.grad(z, [*w, *x]) if size > 5 else ag.grad(z, w)
        assert first == pytest.approx(second)


def test_pythons_own_sum_is_a_chain_of_additions():
    """``sum(values)`` is Python's: it adds one by one, and each addition is a node."""
    assert len(Graph(sum(values(1.0, 2.0, 3.0)))) == 6


def test_axes_shapes_and_short_sums_are_numpys():
    """Sums and means over any axes, with keepdims, of arrays of Values have NumPy's shapes and numbers."""
    data = np.arange(24.0).reshape(2, 3, 4)
    boxed = array_checks.boxed(data)
    for axis in (None, 0, 1, -1, (0, 2), (1, 2), (0, 1, 2), ()):
        for keepdims in (False, True):
            for ours, theirs in ((ag.sum, np.sum), (ag.mean, np.mean)):
                y = ours(boxed, axis, keepdims=keepdims)
                expected = theirs(data, axis=axis, keepdims=keepdims)
                got = np.array(
                    [v.data if isinstance(v, Value) else v for v in np.asarray(y, dtype=object).flat], dtype=float
                )
                assert np.shape(y) == expected.shape
                np.testing.assert_allclose(got.reshape(expected.shape), expected)
    assert len(Graph(ag.sum(values(1.0, 2.0)))) == 3
    assert ag.sum(np.array([], dtype=object)) == 0.0
    assert isinstance(ag.sum(np.array([1.0, 2.0, 3.0], dtype=object)), float)


def test_products_of_matrices_of_values():
    """Vectors, matrices and batches of Values and numbers multiply as NumPy's do, with right gradients."""
    rng = np.random.default_rng(0)
    for left, right in (
        ((3,), (3,)),
        ((2, 3), (3,)),
        ((3,), (3, 2)),
        ((2, 3), (3, 4)),
        ((2, 2, 3), (3, 2)),
        ((1, 1), (1, 1)),
    ):
        a, b = rng.normal(size=left), rng.normal(size=right)
        boxed, tensor = array_checks.boxed(a), Tensor(a)
        y = np.asarray(ag.matmul(boxed, b), dtype=object)
        z = ag.matmul(tensor, b)
        np.testing.assert_allclose(np.array([v.data for v in y.flat]), z.data.reshape(-1))
        ag.sum(y).backward() if y.size > 1 else y.item().backward()
        z.sum().backward()
        np.testing.assert_allclose([v.grad for v in boxed.flat], tensor.grad.reshape(-1))


def test_a_tensor_beside_an_array_of_values_is_split():
    """Where both meet in a product the Tensor becomes Values, and gradients flow into both."""
    x, w = array_checks.boxed(np.array([1.0, 2.0])), Tensor([[3.0, 4.0], [5.0, 6.0]])
    for y in (ag.matmul(w, x)[0], ag.linear(x, w)[0], ag.linear(w, x.reshape(1, 2))[0, 0]):
        w.zero_grad()
        x[0].zero_grad()
        y.backward()
        assert (y.data, x[0].grad) == (11.0, 3.0)
        np.testing.assert_array_equal(w.grad, [[1.0, 2.0], [0.0, 0.0]])


def test_constants_frozen_parameters_and_plain_numbers_take_part():
    """Only what is tracked gets a gradient; named constants stay in the picture; without anything tracked, no graph."""
    w, c = Value(2.0, name="w"), Value(3.0, name="c")
    c.requires_grad = False
    y = ag.linear(np.array([5.0, Value(7.0, name="x")], dtype=object), np.array([[w, c]]), np.array([1.0]))[0]
    assert Graph(y).root.written() == "w × 5 + c × x + 1"
    y.backward()
    assert (w.grad, c.grad) == (5.0, None)
    z = ag.linear(np.ones(2), np.array([[c, c]]), np.array([c]))[0]
    assert (z.data, z.requires_grad) == (9.0, False)
    with ag.no_grad():
        assert not ag.dot([w, w], [w, w]).requires_grad
    with ag.detect_anomaly(), pytest.raises(ag.AnomalyError, match="affine|w × "):
        ag.linear(np.array([np.inf, 1.0]), np.array([[w, w]]), np.array([w]))


def test_the_first_infinite_number_of_a_wide_neuron_is_named():
    """With more inputs than there are letters the message still names them, the first eight and the one to blame."""
    w = values(*[1.0] * 9, np.inf)
    with ag.detect_anomaly(), pytest.raises(ag.AnomalyError, match="a1 = 1.0, .*a8 = 1.0, …; a10 was not finite"):
        ag.linear(np.ones(10), np.array([w]), np.array(values(0.0)))


def test_assigning_data_changes_no_recorded_gradient():
    """A node keeps the numbers it was computed from; what must evaluate rules again says that they are stale."""
    w, x = values(1.0, 2.0), values(3.0, 4.0)
    y = ag.dot(w, x)
    x[0].data = 100.0
    y.backward()
    assert w[0].grad == 3.0
    with pytest.raises(ag.StaleError):
        y.backward(create_graph=True)


def test_hooks_and_names_on_fused_nodes():
    """A hook on a fused node and on its arguments sees the gradient once, and may replace it."""
    w, x = values(1.0, 2.0), values(3.0, 4.0)
    y = ag.dot(w, x)
    seen = []
    y.register_hook(lambda g: g * 10)
    w[1].register_hook(seen.append)
    (y * 2).backward()
    assert (w[0].grad, seen) == (60.0, [80.0])


@pytest.mark.parametrize(
    "shapes", [((2, 3), (4, 2), None), ((2, 3), (4, 3), (3,)), ((), (4, 3), None), ((2, 3), (3,), None)]
)
def test_linear_names_shapes_that_do_not_fit(shapes: Any):
    """A ShapeError says which shapes were given, for Tensors, Values and plain arrays, fused and not."""
    x, w, b = (None if s is None else np.ones(s) for s in shapes)
    for convert in (Tensor, array_checks.boxed, np.asarray):
        with pytest.raises((ag.ShapeError, ag.InputTypeError), match="linear|fit"), ag.unfused():
            ag.linear(x, convert(w), None if b is None else convert(b))
        with pytest.raises((ag.ShapeError, ag.InputTypeError), match="linear|fit"):
            ag.linear(x, convert(w), None if b is None else convert(b))


def test_lists_are_arrays_and_what_does_not_fit_is_named():
    """Nested lists of Values and numbers do for arrays; vectors of unequal length are a ShapeError that names both."""
    assert ag.linear([[1.0, 2.0]], [[Value(3.0), 4.0]], [5.0])[0, 0].data == 16.0
    assert ag.linear([1.0, Value(2.0)], [[3.0, 4.0], [1.0, 1.0]]).shape == (2,)
    with pytest.raises(ag.ShapeError, match=r"matmul: these do not fit together: a \(2,\), b \(1,\)"):
        ag.dot(values(1.0, 2.0), values(1.0))
    with pytest.raises(ag.InputTypeError, match="sum\\(\\) got 'a'"):
        ag.sum(np.array([Value(1.0), "a", None], dtype=object))


def test_a_line_is_the_users_own():
    """Anomalies inside a layer name the line that called the layer."""
    import nn

    for scalars in (False, True):
        layer = nn.Linear(2, 2, seed=0)
        layer = layer.scalars() if scalars else layer
        with ag.detect_anomaly(), pytest.raises(ag.AnomalyError, match=r"line \d+ of .*test_fused.py"):
            layer(np.array([[np.nan, 1.0]]))


def test_unfused_holds_here_only():
    """The mode ends with its block, also by an exception, nests, and does not slow the hot path."""
    w = values(1.0, 2.0, 3.0)

    def size() -> int:
        return len(Graph(ag.sum(w)))

    with pytest.raises(ZeroDivisionError), ag.unfused():
        assert size() == 5
        with ag.unfused():
            assert size() == 5
        assert size() == 5
        assert ag.modes.active == 0
        _ = 1 / 0
    assert size() == 4
