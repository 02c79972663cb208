"""Every structural row of the table, held to central differences on its own samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Tensor, arrays, windows
from autograd.errors import InputTypeError, InputValueError, ShapeError
from autograd.operations import Structural, lookup, structural_rows
from autograd.symbols import formula
from tests.autograd import array_checks

BUILT_IN = {id(x) for module in (arrays, windows) for x in vars(module).values()}
CASES = [(row, sample) for row in structural_rows() if id(row) in BUILT_IN for sample in row.samples]
SAMPLES = pytest.mark.parametrize(("row", "sample"), CASES, ids=[f"{row.name}-{i}" for i, (row, _) in enumerate(CASES)])


def test_every_row_has_samples():
    """No structural row is left untested."""
    assert [row.name for row in structural_rows() if id(row) in BUILT_IN and not row.samples] == []


@SAMPLES
def test_pullback(row: Structural, sample: array_checks.Sample):
    """Plain and recorded gradients agree with central differences."""
    array_checks.check_pullback(row, sample)


@SAMPLES
def test_second_order(row: Structural, sample: array_checks.Sample):
    """Gradients of gradients agree with central differences."""
    array_checks.check_second(row, sample)


@SAMPLES
def test_float32_stays_float32(row: Structural, sample: array_checks.Sample):
    """float32 stays float32, in value and gradient."""
    array_checks.check_float32(row, sample)


@SAMPLES
def test_array_of_values_equals_tensor(row: Structural, sample: array_checks.Sample):
    """Zoomed in or out, the same numbers."""
    array_checks.check_values(row, sample)


@SAMPLES
def test_plain_arrays_give_plain_arrays(row: Structural, sample: array_checks.Sample):
    """Without a Tensor an operation is NumPy: nothing is recorded, and a nested list will do for an array."""
    args = array_checks.arguments(sample)
    y = row(*args, **sample[1])
    assert isinstance(y, np.ndarray | np.floating | float)
    np.testing.assert_array_equal(row(*(a.tolist() for a in args), **sample[1]), y)


@SAMPLES
def test_text_form(row: Structural, sample: array_checks.Sample):
    """The row can be written over names in every style."""
    names = [f"arg{i}" for i in range(len(sample[0]))]
    for style in ("text", "python", "latex"):
        written = formula(row, names, style)
        assert all(name in written for name in names)


def test_sort_argsort_and_maxima_follow_their_elements():
    """Sort sends each gradient back to where the element came from."""
    x = Tensor([[3.0, 1.0, 2.0], [0.0, 5.0, -1.0]])
    y = x.sort()
    np.testing.assert_array_equal(y.data, np.sort(x.data))
    y.backward(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    np.testing.assert_array_equal(x.grad, [[3.0, 1.0, 2.0], [5.0, 6.0, 4.0]])


@pytest.mark.parametrize(
    "index",
    [
        0, -1, slice(None), slice(None, None, -1), (1, 2), (slice(None), 0), (..., 1), None, (None, slice(1, 2)), [0, 0, 1],
        (np.array([0, 1, 1]), np.array([2, 2, 2])), (np.array([[0], [1]]), np.array([1, 1])), np.array([True, False]),
        np.array([[True, False, True], [False, False, True]]), (slice(None), np.array([2, 2, 0])), np.array([], dtype=int),
        (np.array([True, False]), 1), (slice(0, 0),), (np.int64(1), ...),
    ],
    ids=str,
)  # fmt: skip
def test_indexing_is_numpys(index: object):
    """Integers, slices, masks, integer arrays and repeated indices: NumPy's values, right gradients, twice differentiable."""
    data = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    x = Tensor(data)
    y = x[index]
    np.testing.assert_array_equal(y.data, data[index])
    w = np.arange(1.0, y.size + 1).reshape(y.shape)
    (y * y * w).sum().backward()
    expected = np.zeros_like(data)
    np.add.at(expected, index, 2 * data[index] * w)
    np.testing.assert_array_equal(x.grad, expected)
    (g,) = autograd.grad((x[index] ** 3 * w).sum(), [x], create_graph=True)
    (second,) = autograd.grad(g.sum(), [x])
    expected = np.zeros_like(data)
    np.add.at(expected, index, 6 * data[index] * w)
    np.testing.assert_allclose(second, expected, rtol=1e-14)


SHAPES = [
    ((), ()),
    ((3,), ()),
    ((3, 1), (3,)),
    ((2, 3), (3,)),
    ((2, 1, 4), (3, 1)),
    ((1, 1), (5,)),
    ((0,), ()),
    ((0, 3), (3,)),
    ((2, 0), (1, 1)),
]


@pytest.mark.parametrize("shapes", SHAPES, ids=str)
@pytest.mark.parametrize("name", ["add", "sub", "mul", "div", "pow", "maximum", "atan2", "hypot", "logaddexp"])
def test_broadcasting_pairs(name: str, shapes: tuple[tuple[int, ...], tuple[int, ...]]):
    """Values broadcast as NumPy's do, gradients come back in the shape of each argument, at first and second order."""
    row = lookup(name)
    rng = np.random.default_rng(1)
    for left, right in (shapes, shapes[::-1]):
        a, b = rng.uniform(0.5, 2.0, left), rng.uniform(0.5, 2.0, right)
        x, z = Tensor(a), Tensor(b)
        y = row(x, z)
        assert y.shape == np.broadcast_shapes(left, right)
        w = rng.normal(size=y.shape)
        y.backward(w)
        assert x.grad.shape == left
        assert z.grad.shape == right
        array_checks.near(
            x.grad, array_checks.slope(lambda v, b=b, w=w: float(np.sum(w * row(v, b))), a), f"{name} {left} {right}"
        )
        array_checks.near(
            z.grad, array_checks.slope(lambda v, a=a, w=w: float(np.sum(w * row(a, v))), b), f"{name} {left} {right}"
        )
        for g, of in zip(autograd.grad((row(x, z) * w).sum(), [x, z], create_graph=True), (x, z), strict=True):
            assert g.shape == of.shape
            np.testing.assert_allclose(g.data, of.grad, rtol=1e-13)
            if not g.requires_grad:
                continue
            for second, at in zip(autograd.grad(g.sum(), [x, z]), (x, z), strict=True):
                assert second.shape == at.shape
                assert np.all(np.isfinite(second))


def test_an_array_beside_a_tensor_is_a_constant():
    """Plain arrays, lists and numbers take part on either side, and get no gradient."""
    x = Tensor([1.0, 2.0])
    for y in (x * np.array([3.0, 4.0]), np.array([3.0, 4.0]) * x, x * [3.0, 4.0], [3.0, 4.0] * x):
        x.zero_grad()
        y.sum().backward()
        np.testing.assert_array_equal(x.grad, [3.0, 4.0])
    y = np.float64(3) * x + np.float32(1) - 2
    assert isinstance(y, Tensor)
    assert y.dtype == np.float64


def test_mixed_float32_and_float64():
    """A float32 argument gets a float32 gradient though the other argument is float64."""
    a, b = Tensor(np.float32([1, 2])), Tensor([3.0, 4.0])
    y = (a * b).sum()
    assert y.dtype == np.float64
    y.backward()
    assert a.grad.dtype == np.float32
    assert b.grad.dtype == np.float64


def test_split_squeeze_diagonal_and_friends():
    """The functions that are made of rows: values as NumPy's, gradients by central differences."""
    data = np.random.default_rng(0).normal(size=(4, 3))
    cases = [
        lambda a: autograd.concatenate(autograd.split(a, 2)[::-1]),
        lambda a: autograd.split(a, [1, 3])[1],
        lambda a: autograd.squeeze(autograd.expand_dims(a, 1)),
        lambda a: autograd.diagonal(a, 1),
        lambda a: autograd.trace(autograd.permute(a, 1, 0)),
        lambda a: autograd.swapaxes(a, 0, 1),
        lambda a: autograd.flatten(a),
        lambda a: autograd.dot(a, np.arange(3.0)),
        lambda a: autograd.avg_pool2d(autograd.reshape(a, (1, 1, 4, 3)), 2, 1),
        lambda a: autograd.conv2d(autograd.reshape(a, (1, 1, 4, 3)), np.ones((2, 1, 2, 2)), np.array([0.5, -0.5])),
        lambda a: autograd.min(a, 0),
        lambda a: autograd.max(a, 1, keepdims=True),
        lambda a: autograd.take_along_axis(a, np.argsort(data, axis=0), 0),
        lambda a: autograd.pad(a, 1, 2.0),
        lambda a: autograd.einsum("ij,kj->ik", a, a),
    ]
    for i, f in enumerate(cases):
        x = Tensor(data)
        y = f(x)
        np.testing.assert_allclose(y.data, f(data))
        w = np.random.default_rng(i).normal(size=y.shape)
        y.backward(w)
        array_checks.near(x.grad, array_checks.slope(lambda v, f=f, w=w: float(np.sum(w * f(v))), data), f"case {i}")


def test_argmax_is_plain_data():
    """Argmax and argmin give plain integers, for every kind of argument: an index has no gradient."""
    for x in (
        [1.0, 3.0, 2.0],
        np.array([1.0, 3.0, 2.0]),
        Tensor([1.0, 3.0, 2.0]),
        array_checks.boxed(np.array([1.0, 3.0, 2.0])),
    ):
        assert (autograd.argmax(x), autograd.argmin(x)) == (1, 0)
        assert type(autograd.argmax(x)) is int


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: x + np.ones(3), r"add: these do not fit together: a \(2, 2\), b \(3,\)"),
        (lambda x: x @ np.ones((3, 2)), r"matmul: .*a \(2, 2\), b \(3, 2\)"),
        (lambda x: x.reshape(3), r"reshape: .*a \(2, 2\), shape=\(3,\)"),
        (lambda x: autograd.concatenate([x, np.ones(2)]), r"concatenate: .*\(2, 2\).*\(2,\)"),
        (lambda x: x.sum(axis=5), r"sum"),
        (lambda x: x[7], r"getitem: index 7 is out of bounds"),
        (lambda x: autograd.split(x, 3), "cannot be cut into 3 equal parts"),
        (lambda x: x.squeeze(0), r"axis 0 of shape \(2, 2\) does not have length 1"),
        (lambda x: autograd.diagonal(x[0]), "needs two axes"),
        (lambda x: autograd.swapaxes(x, 0, 2), r"swapaxes: axes 0 and 2 are out of range for shape \(2, 2\)"),
        (lambda x: autograd.argmax(x, 2), r"argmax of shape \(2, 2\) along axis 2"),
        (lambda x: autograd.argmin(x[:0]), r"argmin of shape \(0, 2\)"),
        (lambda x: autograd.conv2d(x, x), r"batch, channel, height, width"),
        (lambda x: autograd.conv2d(x[None, None], np.ones((1, 2, 1, 1))), "1 channels and the kernels take 2"),
        (lambda x: autograd.max_pool2d(x[None, None], 3), "window"),
        (lambda x: autograd.einsum("ij,jk", x, np.ones(3)), "einsum"),
    ],
)  # fmt: skip
def test_shapes_that_do_not_fit_are_named(call: object, message: str):
    """A ShapeError, which is a ValueError, names the operation and the shapes."""
    with pytest.raises(ShapeError, match=message):
        call(Tensor(np.ones((2, 2))))


def test_windows_take_whole_numbers():
    """A kernel size of 1.5 is refused with what was expected."""
    with pytest.raises(InputTypeError, match="one or two whole numbers; got 1.5"):
        autograd.max_pool2d(np.ones((1, 1, 4, 4)), 1.5)
    with pytest.raises(InputValueError, match="stride is at least 1; got 0"):
        autograd.avg_pool2d(np.ones((1, 1, 4, 4)), 2, stride=0)


@pytest.mark.parametrize("wrap", [np.asarray, Tensor])
def test_a_window_larger_than_the_image(wrap: Any):
    """It is refused by name, for plain arrays as for Tensors."""
    with pytest.raises(ShapeError, match=r"window of \(5, 5\) is larger than the image"):
        autograd.max_pool2d(wrap(np.ones((1, 1, 4, 4))), 5)


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "logsumexp", "std", "var", "norm", "mean", "prod"])
@pytest.mark.parametrize("dtype", [int, bool, np.uint8, np.int8])
def test_plain_whole_numbers_are_taken_as_floats(name: str, dtype: Any):
    """An operation on arrays computes with integers and booleans what it computes with the same numbers as floats."""
    a = np.array([[1, 0, 3], [4, 1, 7]]).astype(dtype)
    operation = getattr(autograd, name)
    assert np.array_equal(operation(a), operation(a.astype(float)))


@pytest.mark.parametrize("shape", [(), (1,), (0,), (2, 1), (3, 0), (0, 3), (2, 3, 4), (2, 0, 4)], ids=str)
def test_the_gradient_of_a_reduction_is_seen_from_everywhere(shape: tuple[int, ...]):
    """Whatever the axes and the order of the gradient's memory, it is what broadcasting gives, and it is no copy."""
    a = np.zeros(shape)
    several = [(0, -1), (0, 2)][: max(0, len(shape) - 1)]
    for axis in (None, (), *range(-len(shape), len(shape)), *several):
        y = np.add.reduce(a, axis=axis, keepdims=True)
        g = np.arange(float(y.size)).reshape(y.shape)
        turned = np.repeat(np.asfortranarray(g[..., None]), 2, axis=-1)[..., 0]
        for given in (g, turned, g.reshape(np.add.reduce(a, axis=axis).shape), g.astype("f4")):
            found = arrays.repeated(given, a, axis)
            assert found.dtype == given.dtype
            assert not found.flags.writeable
            np.testing.assert_array_equal(found, np.broadcast_to(g, shape))
