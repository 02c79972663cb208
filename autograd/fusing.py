"""Fused rows on arrays of Values: a dot product, a long sum, a layer of neurons as one node each.

Types
    Side    one factor of many products, read once: the nodes and constants as a node keeps them, their numbers, which
            of them receive a gradient (True: all, False: none, else one answer per element), and all as they came.

The rows stand in ``fused``; here they are applied to row after row of numbers. The node is the one that
``Value._operate`` would build (which is asked whenever a mode is on), with its local derivatives from the row's rules.
Many products of the same rows and columns, such as a layer on a batch, share a ``Block``.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from autograd import arrays, fused, modes
from autograd.arguments import as_array, is_object
from autograd.block import Block, Factor, only
from autograd.errors import ShapeError
from autograd.node import ONE, Node, counter, next_index
from autograd.tensor import Tensor
from autograd.tensor_data import explained
from autograd.value import Value, as_float

_new = object.__new__
MANY = 32
"""From so many nodes of four products each, or a few more of fewer, a block pays: NumPy has a price of its own."""
Side = tuple[tuple[Any, ...], tuple[float, ...], Any, tuple[Any, ...]]


def _side(items: list[Any], where: str) -> Side:
    """Read one factor; when a mode is on, the row itself will do that."""
    given = tuple(items)
    if modes.active:
        return given, (), True, given
    if set(map(type, items)) == {Value}:
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
    return _value(fused.dot, data, wk + xk, only(of_w(data, wd, xd), wt) + only(of_x(data, wd, xd), xt))


def _neurons(weights: list[Side], x: Side, biases: list[Side]) -> list[Any]:
    """Give a node for every pair of w and b."""
    if modes.active:
        return [fused.affine(*w[3], *x[3], *b[3]) for w, b in zip(weights, biases, strict=True)]
    row = fused.affine
    of_w, of_x, of_b = row.rules
    xk, xd, xt, given = x
    found = []
    for (wk, wd, wt, ws), (bk, bd, bt, bs) in zip(weights, biases, strict=True):
        if not (wt or xt or bt):
            found.append(row(*ws, *given, *bs))
            continue
        data = row.of_groups(wd, xd, bd)
        dw, dx, db = of_w(data, wd, xd, bd), of_x(data, wd, xd, bd), of_b(data, wd, xd, bd)
        locals_ = (
            (dw if wt is True else only(dw, wt))
            + (dx if xt is True else only(dx, xt))
            + ((ONE,) if bt is True and db == (1,) else only(db, bt))
        )
        found.append(_value(row, data, wk + xk + bk, locals_))
    return found


def _pays(rows: Any, columns: Any) -> bool:
    """Tell whether products of rows with columns are many enough to be made as one block."""
    nodes, n = len(rows) * len(columns), rows.shape[-1]
    return not modes.active and n > 1 and nodes >= MANY and nodes * n >= 4 * MANY


def _factor(matrix: Any, axis: int, where: str) -> Factor:
    """Read the rows of a matrix as a group of arguments."""
    if not is_object(matrix):
        return Factor(None, np.array(matrix, dtype=np.float64), False, axis)
    kept, datas, tracked, _ = _side(matrix.reshape(-1).tolist(), where)
    return Factor(kept, np.array(datas).reshape(matrix.shape), tracked, axis)


def _many(row: Any, shape: tuple[int, ...], factors: list[Factor]) -> Any:
    """Give an array of nodes, a block; None where some of them might be constants."""
    if not any(f.tracked is True for f in factors):
        return None
    block = Block(row, factors)
    indices = list(itertools.islice(counter, block.count))
    new, found = _new, []
    for data, index in zip(block.outputs.reshape(-1).tolist(), indices, strict=True):
        y: Value = new(Value)
        y._data = data
        y._rule = row
        y._a = y._da = y._db = y.grad = y._extra = None
        y._b = block
        y._index = index
        found.append(y)
    block.first, block.last = first, last = indices[0], indices[-1]
    if last - first >= block.count:  # another thread made nodes in between: each keeps what is its own
        for i, y in enumerate(found, first):
            y._db = block.locals_of(i)
            y._b = block.arguments(i)
    return _boxed(found, shape)


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
    return _value(fused.total, data, kept, locals_ or only(tuple(map(float, rule(data, datas))), tracked))


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
    shape = a.shape[:-1] + b.shape[1:]
    a, b = a.reshape(-1, a.shape[-1]), b.T if b.ndim == 2 else b.reshape(1, -1)
    if _pays(a, b):
        made = _many(fused.dot, shape, [_factor(a, 0, "matmul()"), _factor(b, 1, "matmul()")])
        if made is not None:
            return made
    left, right = _sides(a, "matmul()"), _sides(b, "matmul()")
    return _boxed([_dotted(w, x) for w in left for x in right], shape)


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
    matrix = x.reshape(-1, x.shape[-1])
    shape = (*x.shape[:-1], len(weight))
    if _pays(matrix, weight):
        factors = [_factor(weight, 1, "linear()"), _factor(matrix, 0, "linear()")]
        if bias is not None:
            factors.append(_factor(bias.reshape(-1, 1), 1, "linear()"))
        made = _many(fused.dot if bias is None else fused.affine, shape, factors)
        if made is not None:
            return made
    rows, weights = _sides(matrix, "linear()"), _sides(weight, "linear()")
    if bias is None:
        found = [_dotted(w, row) for row in rows for w in weights]
    else:
        biases = _sides(bias.reshape(-1, 1), "linear()")
        found = [y for row in rows for y in _neurons(weights, row, biases)]
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
        return Tensor._operate(fused.linear, (x, weight) if bias is None else (x, weight, bias), {})
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
