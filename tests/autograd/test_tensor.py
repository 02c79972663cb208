"""Tensor: an array with a memory. Construction, versions, accumulation, conversions, freezing, copying, printing."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value
from autograd.errors import GradientError, InputTypeError, InputValueError, ShapeError, StaleError, TrackingError


def test_what_becomes_float64_and_what_stays():
    """Integers, booleans, Fractions and Decimals become float64; float32 and float16 stay; the data is copied."""
    for data in (
        [1, 2],
        [True, False],
        [Fraction(1, 2), Decimal("0.5")],
        np.arange(2),
        np.array([1.0, 2.0]),
        3,
        np.int32(3),
        range(2),
    ):
        assert Tensor(data).dtype == np.float64
    assert Tensor(np.float32([1])).dtype == np.float32
    assert Tensor([1, 2], dtype=np.float32).dtype == np.float32
    mine = np.array([1.0, 2.0])
    x = Tensor(mine)
    mine[0] = 99
    assert x.data.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (np.array([1j]), "complex128 array.*Instead: use real numbers"),
        ([1 + 2j], "complex"),
        ("abc", "'abc'.*str.*convert text first"),
        (["a", "b"], r"<U1 array.*float\(text\)"),
        (None, "None"),
        ([1.0, None], r"None.*an element of \[1.0, None\]"),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), r"datetime64\[D\] array; expected real numbers"),
        ({"a": 1}, "dict"),
        (Value(1.0), "a node already"),
        ([Value(1.0), 2.0], r"stack_values\(values\)"),
    ],
    ids=str,
)
def test_what_is_no_array_of_real_numbers_is_refused(bad: object, message: str):
    """complex, text, None, dates, nodes: an InputTypeError with what was given and what to write."""
    with pytest.raises(InputTypeError, match=message):
        Tensor(bad)


def test_a_ragged_list_is_refused():
    """Rows of different length have no shape; in the constructor, in expressions and in functions."""
    x = Tensor([1.0, 2.0])
    for act in (
        lambda: Tensor([[1.0, 2.0], [3.0]]),
        lambda: x + [[1.0, 2.0], [3.0]],
        lambda: autograd.sum([[1.0, 2.0], [3.0]]),
    ):
        with pytest.raises(
            (InputTypeError, InputValueError),
            match=r"ragged list has no shape: \[\[1.0, 2.0\], \[3.0\]\]; give rows of equal length",
        ):
            act()


def test_integer_dtypes_have_no_derivatives():
    """dtype=int is refused: derivatives need a floating type."""
    with pytest.raises(InputTypeError, match="dtype int64 is not a floating type"):
        Tensor([1, 2], dtype=int)


def test_backward_needs_one_number_or_a_gradient():
    """The error names the shape and the ways out; a gradient of the wrong shape is refused; nothing changes."""
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    y = x * 2
    with pytest.raises(ShapeError, match=r"this Tensor has shape \(2, 2\).*y\.sum\(\)\.backward\(\).*gradient="):
        y.backward()
    with pytest.raises(ShapeError, match=r"gradient has shape \(3,\); expected \(2, 2\)"):
        y.backward(np.ones(3))
    assert x.grad is None
    y.backward([[1, 2], [3, 4]])
    assert x.grad.tolist() == [[2.0, 4.0], [6.0, 8.0]]
    Tensor([[5.0]]).backward()


def test_backward_twice_doubles_exactly():
    """Leaves accumulate; inner nodes hold the latest pass."""
    rng = np.random.default_rng(0)
    x, w = Tensor(rng.normal(size=(4, 3))), Tensor(rng.normal(size=(3, 2)))
    h = x @ w
    y = (h.tanh() * h).sum() + x[0].sum() + x[0, 1] ** 2
    y.backward()
    once, inner = (x.grad.copy(), w.grad.copy()), h.grad.copy()
    y.backward()
    np.testing.assert_array_equal(x.grad, 2 * once[0])
    np.testing.assert_array_equal(w.grad, 2 * once[1])
    np.testing.assert_array_equal(h.grad, inner)


def test_a_leafs_gradient_owns_its_array():
    """Writing into a gradient, or into the seed, changes nothing else."""
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    seed = np.array([1.0, 1.0])
    y = a + b
    y.backward(seed)
    a.grad[0] = 99
    assert (b.grad.tolist(), y.grad.tolist(), seed.tolist()) == ([1.0, 1.0], [1.0, 1.0], [1.0, 1.0])
    y.backward(seed)
    assert b.grad.tolist() == [2.0, 2.0]
    old = b.grad
    y.backward(seed)
    assert old.tolist() == [2.0, 2.0]


def test_a_leaf_reached_through_slices_owns_its_gradient():
    """Slices are gathered in a buffer; the next pass does not write into the gradient that was given out."""
    x = Tensor(np.arange(4.0))
    y = x[1] * x[2] + x[:2].sum()
    y.backward()
    first = x.grad
    kept = first.copy()
    y.backward()
    np.testing.assert_array_equal(first, kept)
    np.testing.assert_array_equal(x.grad, 2 * kept)


@pytest.mark.parametrize(
    "change",
    [
        lambda x: setattr(x, "data", [5.0, 6.0]),
        lambda x: x.__setitem__(0, 9.0),
        lambda x: setattr(x, "data", x.data),
    ],
    ids=["assignment", "item", "the same array"],
)  # fmt: skip
@pytest.mark.parametrize(
    "f",
    [lambda x: (x * x).sum(), lambda x: x.tanh().sum(), lambda x: (x @ np.eye(2)).sum(), lambda x: x[0] * 2, lambda x: x.norm(), lambda x: (x * np.ones(2)).sum(),
     lambda x: x.values().sum(), lambda x: autograd.where(x > 0, x, 0.0).sum(), lambda x: (x / 2.0).exp().sum()],
    ids=["mul", "tanh", "matmul", "index", "norm", "array", "values", "where", "number"],
)  # fmt: skip
def test_a_tensor_changed_while_a_graph_needs_it(f: object, change: object):
    """backward() after a change in place raises, says which Tensor, and leaves every gradient as it was."""
    x = Tensor([1.0, 2.0], name="x")
    y = f(x)
    change(x)
    with pytest.raises(StaleError, match=r"x of shape \(2,\) was changed in place after .* used it.*Tensor\(x\.data\)"):
        y.backward()
    assert x.grad is None
    with pytest.raises(StaleError):
        y.backward(create_graph=True)
    f(x).backward()
    assert x.grad is not None


def test_a_frozen_tensor_changed_while_a_graph_needs_it():
    """A constant's numbers are needed by the backward pass too: a change is noticed, named or not."""
    for name in (None, "w"):
        w, x = Tensor([2.0, 3.0], name=name), Tensor([1.0, 1.0])
        w.requires_grad = False
        y = (w * x).sum()
        w.data -= 1.0
        with pytest.raises(StaleError, match="was changed in place after"):
            y.backward()
        assert x.grad is None


def test_changing_after_backward_is_fine():
    """The training loop: forward, backward, update, again."""
    w = Tensor([3.0])
    for _ in range(100):
        w.zero_grad()
        ((w - 1) ** 2).sum().backward()
        w.data -= 0.1 * w.grad
    np.testing.assert_allclose(w.data, [1.0], atol=1e-8)


def test_assigning_data_keeps_shape_and_type():
    """A new shape is refused; numbers are converted to the Tensor's own type."""
    x = Tensor(np.float32([1, 2]))
    x.data = [3, 4]
    assert (x.dtype, x.data.tolist()) == (np.float32, [3.0, 4.0])
    with pytest.raises(ShapeError, match=r"data of shape \(2,\) cannot become \(3,\)"):
        x.data = [1.0, 2.0, 3.0]
    assert x.data.tolist() == [3.0, 4.0]


def test_writing_into_a_computed_tensor_is_refused():
    """Items of a result cannot be assigned, nor tracked values written into a leaf."""
    x = Tensor([1.0, 2.0])
    with pytest.raises(
        GradientError, match=r"cannot be written into; build the result with where\(\) or concatenate\(\)"
    ):
        (x * 2)[0] = 5.0
    with pytest.raises(TrackingError, match="would lose its graph"):
        x[0] = Value(3.0)
    assert x.data.tolist() == [1.0, 2.0]


def test_conversions():
    """item, tolist, numpy, len, iteration, bool: bare numbers, or an error that names the way."""
    x = Tensor([[1.0, 2.0]])
    assert (x.tolist(), len(x), [r.shape for r in x], x.size, x.ndim) == ([[1.0, 2.0]], 1, [(2,)], 2, 2)
    copy_ = x.numpy()
    copy_[0, 0] = 9
    assert x.data[0, 0] == 1.0
    assert (Tensor([3.0]).item(), bool(Tensor([0.0])), f"{Tensor(1.5):.2f}") == (3.0, False, "1.50")
    with pytest.raises(ShapeError, match=r"item\(\) needs one element; this Tensor has shape \(1, 2\)"):
        x.item()
    with pytest.raises(ShapeError, match=r"truth of a Tensor of shape \(1, 2\) is ambiguous"):
        bool(x)
    with pytest.raises(InputTypeError, match="0-d Tensor has no length"):
        len(Tensor(1.0))
    with pytest.raises(TrackingError, match=r"\.item\(\)"):
        float(Tensor(1.0))
    with pytest.raises(InputTypeError, match="a Tensor cannot be an index"):
        np.zeros(3) + x[Tensor([0.0])]


def test_iteration_is_tracked():
    """sum(tensor) and unpacking keep the graph."""
    x = Tensor([1.0, 2.0, 3.0])
    a, b, c = x
    (sum(x) + a * b * c).backward()
    assert x.grad.tolist() == [7.0, 4.0, 3.0]


def test_freezing_detaching_and_constants():
    """A frozen Tensor is a constant in what follows; detach() cuts; a constant refuses backward()."""
    w, x = Tensor([2.0, 3.0]), Tensor([1.0, 1.0])
    w.requires_grad = False
    (w * x).sum().backward()
    assert (w.grad, x.grad.tolist()) == (None, [2.0, 3.0])
    w.requires_grad = True
    (w * x.detach()).sum().backward()
    assert (w.grad.tolist(), x.grad.tolist()) == ([1.0, 1.0], [2.0, 3.0])
    with pytest.raises(GradientError, match=r"a constant Tensor of shape \(2,\)"):
        w.detach().backward()
    with pytest.raises(GradientError, match="only a leaf can be frozen"):
        (w * 2).requires_grad = False


def test_leaves_pickle_and_copy():
    """A leaf survives with data, type, gradient and name, and shares nothing; a computed Tensor is refused."""
    x = Tensor(np.float32([1, 2]), name="x")
    (x * 3).sum().backward()
    for again in (pickle.loads(pickle.dumps(x)), copy.deepcopy(x), copy.copy(x)):
        assert (again.dtype, again.data.tolist(), again.grad.tolist(), again.name) == (
            np.float32,
            [1.0, 2.0],
            [3.0, 3.0],
            "x",
        )
    deep = copy.deepcopy(x)
    deep.data[0] = 9
    deep.grad[0] = 9
    assert (x.data.tolist(), x.grad.tolist()) == ([1.0, 2.0], [3.0, 3.0])
    with pytest.raises(GradientError, match="computed node"):
        pickle.dumps(x * 2)


def test_repr():
    """A repr is short, names the type when it is not float64, and has no side effect."""
    assert repr(Tensor([1.0, 2.0], name="w")) == "Tensor([1., 2.], name='w')"
    assert "dtype=float32" in repr(Tensor(np.float32([1])))
    assert "shape=(0, 3)" in repr(Tensor(np.zeros((0, 3))))
    assert len(repr(Tensor(np.zeros((100, 100))))) < 500
    assert "× node" in repr(Tensor([1.0]) * 2)


def test_empty_tensors_flow():
    """Nothing in, nothing out, no error: sums, products, elementwise operations, gradients of shape (0,)."""
    x = Tensor(np.zeros((0, 3)))
    y = (
        (x.exp() * 2 + np.ones(3)).sum()
        + (x @ np.ones((3, 2))).sum()
        + x.reshape(-1).sum()
        + autograd.concatenate([x, x]).sum()
    )
    y.backward()
    assert (y.item(), x.grad.shape) == (0.0, (0, 3))


def test_no_warning_leaks():
    """Overflow, division by zero and invalid operations have conventions here; NumPy's warnings do not come through."""
    big, zero = Tensor([1e200, 1.0]), Tensor([0.0, -1.0])
    for y in (
        big * big,
        big**2,
        1 / zero,
        autograd.log(zero),
        autograd.sqrt(zero),
        zero / zero,
        big.exp(),
        (big * big) - (big * big),
        autograd.norm(big * 1e200),
    ):
        y.sum().backward()
    (big.sum() * 1e200 * 1e200).backward()
    autograd.grad((big * big).sum(), [big], create_graph=True)
    autograd.hessian(lambda x: (1 / x).sum())(np.array([0.0, 1.0]))
    assert np.isinf((Tensor(1e200) * Tensor(1e200)).item())


def test_memory_layout_of_the_input_does_not_matter():
    """Transposed, reversed and broadcast arrays are legal inputs and seeds."""
    base = np.arange(6.0).reshape(2, 3)
    x = Tensor(base.T[::-1])
    (x * x).backward(np.broadcast_to(1.0, (3, 2)))
    np.testing.assert_array_equal(x.grad, 2 * base.T[::-1])


def test_writing_what_does_not_fit_is_refused():
    """The shapes and the index are named, and nothing is written."""
    x = Tensor(np.ones((2, 3)))
    with pytest.raises(ShapeError, match=r"a \(2, 3\), b \(7,\), index=0"):
        x[0] = np.ones(7)
    with pytest.raises(ShapeError):
        x[0] = "a"
    with pytest.raises(IndexError):
        x[5] = 1.0
    np.testing.assert_array_equal(x.data, np.ones((2, 3)))
