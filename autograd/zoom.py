"""Zoom: the same numbers as one Tensor, or as an array of Values with a node for each element.

Gradients flow across in both directions, so a model can run fast on Tensors and be opened where somebody wants to
look at single numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import modes
from autograd.arguments import short
from autograd.arrays import getitem, pack
from autograd.errors import InputTypeError
from autograd.node import Node, next_index
from autograd.tensor import Tensor
from autograd.value import Constant, Value, as_float


def element(tensor: Tensor, index: tuple[int, ...]) -> Value:
    """Give one element of a Tensor as a Value whose gradient flows back into the Tensor."""
    if modes.active and (trace := modes.trace_on()) is not None:
        trace.refuse_arrays(getitem)
    data = float(tensor._data[index])
    if not tensor._tracked or (modes.active and not modes.current().recording):
        return Constant(data)
    y: Value = object.__new__(Value)
    y._data = data
    y.grad = y._a = y._extra = None
    y._rule = getitem
    y._b = (tensor,)
    y._da = {"index": index}
    y._db = (True,)
    y._index = next_index()
    return y


def split(tensor: Any) -> Any:
    """Split a Tensor into an array of Values of the same shape.

    >>> w = Tensor([1.0, 2.0])
    >>> a, b = split(w)
    >>> (a * b).backward()
    >>> w.grad
    array([2., 1.])
    """
    if isinstance(tensor, Value):
        return tensor
    if not isinstance(tensor, Tensor):
        raise InputTypeError(f"split into Values takes a Tensor; got {short(tensor)}")
    values = np.empty(tensor.shape, dtype=object)
    for index in np.ndindex(tensor.shape):
        values[index] = element(tensor, index)
    return values if tensor.ndim else values[()]


def stack_values(values: Any) -> Tensor:
    """Join Values (a nested list or an array of them, numbers among them) into one Tensor.

    >>> x, y = Value(1.0), Value(2.0)
    >>> (stack_values([x, y]) ** 2).sum().backward()
    >>> x.grad, y.grad
    (2.0, 4.0)
    """
    array = np.asarray(values, dtype=object)
    for v in array.flat:
        if isinstance(v, Tensor) or not isinstance(v, Node):
            as_float(v, "stack_values()")
    flat = array.reshape(-1).tolist()
    if not flat:
        return Tensor(np.zeros(array.shape))
    return Tensor._operate(pack, tuple(flat), {"shape": array.shape})  # type: ignore[no-any-return]
