"""Parameters: what training changes. One rule, two magnifications, no wrapper.

    holder   what a module has as an attribute: a leaf Tensor, a leaf Value, or an array of leaf Values
    leaf     what an optimiser changes: a Tensor, or one Value

A holder is one entry of ``state_dict()``; its leaves are what ``parameters()`` lists. On Tensors the two are the
same; a network of Values has one leaf per number. A plain NumPy array is never a parameter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, Value
from autograd.errors import InputTypeError, ShapeError
from autograd.modes import trace_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Array = np.ndarray[Any, np.dtype[Any]]


def is_leaf(x: Any) -> bool:
    """Tell whether ``x`` is a Tensor or Value that was given rather than computed."""
    return isinstance(x, Tensor | Value) and x.is_leaf


def is_values(x: Any) -> bool:
    """Tell whether ``x`` is an array of Values."""
    return isinstance(x, np.ndarray) and x.dtype.kind == "O"


def is_holder(x: Any) -> bool:
    """Tell whether a module's attribute is a parameter: a leaf, or a non-empty array of leaf Values."""
    return is_leaf(x) or (is_values(x) and x.size > 0 and all(isinstance(v, Value) and v.is_leaf for v in x.flat))


class _ParameterType(type):
    def __instancecheck__(cls, x: Any) -> bool:
        return is_leaf(x)


class Parameter(metaclass=_ParameterType):
    """Make a leaf that training may change: a Tensor, which a module picks up when it becomes an attribute.

    Args:
        data: numbers, nested lists or an array; copied.
        requires_grad: False makes a frozen parameter.

    There is no class of its own: ``Parameter(…)`` gives a Tensor, and ``isinstance(x, Parameter)`` asks for a leaf.

    >>> w = Parameter([1.0, 2.0])
    >>> type(w).__name__, isinstance(w, Parameter), isinstance(w * 2, Parameter)
    ('Tensor', True, False)
    """

    def __new__(cls, data: Any, requires_grad: bool = True, *, name: str | None = None) -> Any:
        """Make the Tensor."""
        leaf = Tensor(data, name=name)
        leaf.requires_grad = requires_grad
        return leaf


def leaves_of(holder: Any) -> list[Any]:
    """Give the Tensors or Values of a holder, in order."""
    return holder.reshape(-1).tolist() if is_values(holder) else [holder]


def named_leaves(name: str, holder: Any) -> Iterator[tuple[str, Any]]:
    """Give the leaves with names; an element of an array of Values is called ``weight[0,1]``."""
    if not is_values(holder):
        yield name, holder
        return
    for index, v in zip(np.ndindex(holder.shape), holder.flat, strict=True):
        yield f"{name}[{','.join(map(str, index))}]", v


def data_of(x: Any) -> Any:
    """Give the bare numbers of a Tensor, a Value, or an array of Values; anything else as it is."""
    if isinstance(x, Tensor | Value):
        return x.data
    if is_values(x):
        return np.array([v.data if isinstance(v, Value) else v for v in x.flat], dtype=np.float64).reshape(x.shape)
    return x


def outside(function: Callable[..., Any], x: Any, *rest: Any, later: bool = False) -> Any:
    """Call a function on the bare numbers of x: a check, a draw. A compiled step calls it in every replay.

    ``later``: once all else is done, since the function changes something.
    """
    trace = trace_on()
    if trace is not None and trace.whole:
        return trace.outside(function, (x, *rest), later=later)
    return function(data_of(x), *map(data_of, rest))


def shape_of(x: Any) -> tuple[int, ...]:
    """Give the shape; () for a number or a Value."""
    return tuple(getattr(x, "shape", ()))


def assign(holder: Any, new: Array) -> None:
    """Give a holder other numbers of the same shape; graphs that need the old ones notice."""
    if shape_of(holder) != new.shape:
        raise ShapeError(f"a parameter of shape {shape_of(holder)} cannot become {new.shape}")
    if is_values(holder):
        for v, number in zip(holder.flat, new.reshape(-1).tolist(), strict=True):
            v.data = float(number)
    else:
        holder.data = new if isinstance(holder, Tensor) else float(new)


def as_values(data: Any) -> Any:
    """Give new leaf Values with these numbers: an array of them, or one Value for a single number.

    >>> as_values(np.array([1.0, 2.0]))[1]
    Value(2.0)
    """
    array = np.asarray(data, dtype=np.float64)
    if not array.ndim:
        return Value(float(array))
    values = np.empty(array.size, dtype=object)
    values[:] = [Value(number) for number in array.reshape(-1).tolist()]
    return values.reshape(array.shape)


def arranged(x: Any) -> Any:
    """Give a list of numbers, Values or Tensors as one array; anything else as it is.

    >>> arranged([Value(1.0), 2.0]).dtype
    dtype('O')
    """
    if not isinstance(x, list | tuple):
        return x
    parts = [arranged(part) for part in x]
    if any(isinstance(part, Tensor) for part in parts):
        from autograd import stack

        return stack(parts)
    try:
        array = np.array(parts)
    except ValueError:
        raise ShapeError("a ragged list has no shape; give rows of equal length, or pad them") from None
    if array.dtype.kind not in "fiubO":
        raise InputTypeError(f"expected numbers; got a list of {array.dtype}. Convert text first: float(text)")
    return array
