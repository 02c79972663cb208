"""Fused rows on arrays of Values: a dot product, a long sum, a layer of neurons as one node each.

Types
    Side    one factor of many products, read once: the nodes and constants as a node keeps them, their numbers, which
            of them receive a gradient (True: all, False: none, else one answer per element), and all as they came.

The rows stand in ``fused``; here they are applied to row after row of numbers. The node is the one that
``Value._operate`` would build (which is asked whenever a mode is on), with its local derivatives from the row's rules.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import arrays, fused, modes
from autograd.arguments import as_array, is_object
from autograd.errors import ShapeError
from autograd.node import ONE, Node, next_index
from autograd.tensor import Tensor
from autograd.tensor_data import explained
from autograd.value import Value, as_float

_new = object.__new__
MANY = 32
"""From so many neurons on NumPy's overhead pays."""
Side = tuple[tuple[Any, ...], tuple[float, ...], Any, tuple[Any, ...]]


def _side(items: list[Any], where: str) -> Side:
    """Read one factor; when a mode is on, the row itself will do that."""
    given = tuple(items)
    if modes.active:
        return given, (), True, given
    if all(type(v) is Value for v in items):
        return given, tuple([v._data for v in items]), True, given
    datas = tuple(v._data if isinstance(v, Value) else as_float(v, where) for v in items)
    tracked = tuple(isinstance(v, Node) and v._tracked for v in items)
    kept = tuple(
        v if isinstance(v, Node) and (t or v._extra is not None) else d
        for v, d, t in zip(items, datas, tracked, strict=True)
    )
    return kept, datas, any(tracked) and (all(tracked) or tracked), given


def _sides(array: Any, where: str) -> list[Side]:
    """Read the rows of a matrix."""
    if is_object(array):
        return [_side(row, where) for row in array.tolist()]
    return [(tuple(row), tuple(row), False, tuple(row)) for row in np.asarray(array, dtype=np.float64).tolist()]


def _kept(partials: tuple[Any, ...], tracked: Any) -> tuple[Any, ...]:
    """Give the local derivatives of those that receive a gradient, None for the others."""
    if tracked is True:
        return partials
    if tracked is False:
        return (None,) * len(partials)
    return tuple(p if t else None for p, t in zip(partials, tracked, strict=True))


def _value(row: Any, data: float, args: tuple[Any, ...], locals_: tuple[Any, ...]) -> Value:
    y: Value = _new(Value)
    y._data = data
    y._rule = row
    y._a = y._da = y.grad = y._extra = None
    y._b = args
    y._db = locals_
    y._index = next_index()
    return y


def _dotted(w: Side, x: Side) -> Any:
    """Give Σ w·x as one node; a single product is a product."""
    if len(w[0]) == 1:
        return w[0][0] * x[0][0]
    if modes.active or not (w[2] or x[2]):
        return fused.dot(*w[3], *x[3])
    of_w, of_x = fused.dot.rules
    (wk, wd, wt, _), (xk, xd, xt, _) = w, x
    data = fused.dot.of_groups(wd, xd)
    return _value(fused.dot, data, wk + xk, _kept(of_w(data, wd, xd), wt) + _kept(of_x(data, wd, xd), xt))


def _outputs(rows: list[Side], weights: list[Side], biases: list[Side]) -> list[Any]:
    """Compute Σ w·x + b for every row and neuron; many of them in columns: the row's own sum, on arrays, in its order."""
    if modes.active or not rows:
        return [()] * len(rows)
    if len(rows) * len(weights) < MANY:
        compute = fused.affine.of_groups
        return [[compute(w[1], x[1], b[1]) for w, b in zip(weights, biases, strict=True)] for x in rows]
    x, w = np.array([r[1] for r in rows])[:, None, :], np.array([w[1] for w in weights])[None, :, :]
    with np.errstate(all="ignore"):
        columns = range(w.shape[2])
        found = fused.affine.of_groups(
            [w[..., j] for j in columns], [x[..., j] for j in columns], [np.array([b[1][0] for b in biases])]
        )
    return found.tolist()  # type: ignore[no-any-return]


def _neurons(weights: list[Side], x: Side, biases: list[Side], outputs: list[float]) -> list[Any]:
    """Give a node for every pair of w and b, and its output."""
    if modes.active:
        return [fused.affine(*w[3], *x[3], *b[3]) for w, b in zip(weights, biases, strict=True)]
    row = fused.affine
    of_w, of_x, of_b = row.rules
    xk, xd, xt, given = x
    found = []
    for (wk, wd, wt, ws), (bk, bd, bt, bs), data in zip(weights, biases, outputs, strict=True):
        if not (wt or xt or bt):
            found.append(row(*ws, *given, *bs))
            continue
        y: Value = _new(Value)
        y._data = data
        y._rule = row
        y._a = y._da = y.grad = y._extra = None
        y._b = wk + xk + bk
        dw, dx, db = of_w(data, wd, xd, bd), of_x(data, wd, xd, bd), of_b(data, wd, xd, bd)
        y._db = (
            (dw if wt is True else _kept(dw, wt))
            + (dx if xt is True else _kept(dx, xt))
            + ((ONE,) if bt is True and db == (1,) else _kept(db, bt))
        )
        y._index = next_index()
        found.append(y)
    return found


def total(items: list[Any]) -> Any:
    """Give the sum of numbers and Values as one node; of two or fewer, in the plain way."""
    if len(items) < 3:
        return 0.0 if not items else items[0] if len(items) == 1 else items[0] + items[1]
    kept, datas, tracked, _ = _side(items, "sum()")
    if modes.active or not tracked:
        return fused.total(*items)
    data = fused.total.of_groups(datas)
    (rule,) = fused.total.rules
    locals_ = (ONE,) * len(items) if tracked is True and set(rule(data, datas)) == {1} else None
    return _value(fused.total, data, kept, locals_ or _kept(tuple(map(float, rule(data, datas))), tracked))


def _boxed(items: list[Any], shape: tuple[int, ...]) -> Any:
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array.reshape(shape) if shape else array[0]


def sum_of_values(a: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Sum an array of Values over axes: one node per sum."""
    axes = range(a.ndim) if axis is None else [i % a.ndim for i in (axis if isinstance(axis, tuple) else (axis,))]
    gone = [i for i in range(a.ndim) if i in axes]
    rest = [i for i in range(a.ndim) if i not in axes]
    moved = a.transpose(*rest, *gone)
    shape = tuple(a.shape[i] for i in rest)
    rows = moved.reshape(int(np.prod(shape)), int(np.prod([a.shape[i] for i in gone]))).tolist()
    if not rows:
        return arrays.sum_.compute(a, axis=axis, keepdims=keepdims)
    return _boxed([total(row) for row in rows], arrays.kept(a.shape, axis) if keepdims else shape)


def mean_of_values(a: Any, *, axis: Any = None, keepdims: bool = False) -> Any:
    """Average an array of Values over axes: one sum and one division each."""
    n = arrays.count(a.shape, axis)
    if not n:
        return arrays.mean.compute(a, axis=axis, keepdims=keepdims)
    return sum_of_values(a, axis=axis, keepdims=keepdims) / n


def matmul_of_values(a: Any, b: Any) -> Any:
    """Multiply vectors and matrices with Values among them: one dot product per number of the result."""
    if a.ndim > 2 or b.ndim > 2 or a.shape[-1:] != b.shape[:1] or not a.size or not b.size:
        try:  # batches of matrices, and NumPy's own words for what does not fit
            return arrays.matmul.compute(a, b)
        except ValueError as error:
            raise explained(error, arrays.matmul, [a, b], {}) from error
    left = _sides(a.reshape(-1, a.shape[-1]), "matmul()")
    right = _sides(b.T if b.ndim == 2 else b.reshape(1, -1), "matmul()")
    return _boxed([_dotted(w, x) for w in left for x in right], a.shape[:-1] + b.shape[1:])


def _check_linear(x: Any, weight: Any, bias: Any) -> None:
    if (
        weight.ndim != 2
        or not x.ndim
        or x.shape[-1] != weight.shape[1]
        or (bias is not None and bias.shape != weight.shape[:1])
    ):
        given = "" if bias is None else f", bias {bias.shape}"
        raise ShapeError(f"linear: these do not fit together: x {x.shape}, weight {weight.shape}{given}")


def _linear_of_values(x: Any, weight: Any, bias: Any) -> Any:
    rows = _sides(x.reshape(-1, x.shape[-1]), "linear()")
    weights = _sides(weight, "linear()")
    if bias is None:
        found = [_dotted(w, row) for row in rows for w in weights]
    else:
        biases = _sides(bias.reshape(-1, 1), "linear()")
        outputs = _outputs(rows, weights, biases)
        found = [y for row, out in zip(rows, outputs, strict=True) for y in _neurons(weights, row, biases, out)]
    shape = (*x.shape[:-1], len(weights))
    return _boxed(found, shape) if found else np.empty(shape, dtype=object)


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """Give x · weightᵀ + bias over the last axis of x, as one node: per neuron on Values, for the whole layer on Tensors.

    Args:
        x: (…, n): a Tensor, an array of Values, or plain numbers.
        weight: (m, n).
        bias: (m,), or None.

    Raises:
        ShapeError: the shapes do not fit together.

    Inside ``autograd.unfused()`` every product and sum is a node of its own.

    >>> w = np.array([[Value(2.0), Value(3.0)]])
    >>> y = linear(np.array([5.0, 7.0]), w, np.array([Value(1.0)]))
    >>> y[0]
    Value(32.0, w·x+b node)
    """
    usual = type(x) is Tensor or (type(x) is np.ndarray and x.dtype.kind == "f")
    plain = bias is None or type(bias) is Tensor
    if usual and plain and type(weight) is Tensor and not modes.unfusing:  # without further questions
        return fused.linear(x, weight) if bias is None else fused.linear(x, weight, bias)
    x, weight, bias = (as_array(a) if isinstance(a, list | tuple) else a for a in (x, weight, bias))
    given: tuple[Any, ...] = (x, weight) if bias is None else (x, weight, bias)
    objects = [is_object(a) for a in given]
    if any(objects) and any(getattr(type(a), "_rank", 0) > 1 for a in given):
        given = tuple(a.values() if getattr(type(a), "_rank", 0) > 1 else a for a in given)
    x, weight, bias = given if bias is not None else (*given, None)
    if any(objects) or not modes.fusing() or not any(isinstance(a, Node) for a in given):
        _check_linear(*(a if a is None or hasattr(a, "ndim") else np.asarray(a) for a in (x, weight, bias)))
    if not modes.fusing():
        y = arrays.matmul(x, weight.T)
        return y if bias is None else y + bias
    if not any(objects):
        return fused.linear(*given)
    return _linear_of_values(x, weight, bias)


ON_VALUES: dict[str, Any] = {
    "sum": sum_of_values, "mean": mean_of_values, "matmul": matmul_of_values, "linear": linear,
}  # fmt: skip
"""What a row of arrays does with arrays of Values, where it is not NumPy's element by element."""
