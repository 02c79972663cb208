"""``Tensor``: an array of real numbers that remembers how it was computed.

Every operation, elementwise or structural, is recorded by ``Tensor._operate`` with its arguments, its parameters
and the *version* of each argument. Local derivatives are computed when the backward pass asks for them; if an
argument was changed in between, the version tells, and the backward pass raises instead of using new data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _tensor_methods, modes
from autograd._operators import Operators
from autograd._tensor_methods import FastTensorMethods
from autograd.arguments import short
from autograd.arrays import broadcast_to, getitem, sum_to
from autograd.contributions import tensor_contributions
from autograd.errors import AnomalyError, GradientError, InputTypeError, ShapeError, StaleError, TrackingError
from autograd.faces import NodeFace, data_of
from autograd.node import Node, Remembered, mark_changed, next_index
from autograd.operations import Elementwise, Operation
from autograd.quiet import quietly
from autograd.readings import Readings
from autograd.rules import positive
from autograd.tensor_data import Array, as_data, careful, datum, explained, plain_index, sum_to_shape
from autograd.value import Value, anomaly_message

if TYPE_CHECKING:
    from collections.abc import Iterator

_new = object.__new__


class Tensor(FastTensorMethods, Readings, NodeFace):
    """An array in a computation graph.

    Args:
        data: numbers, nested lists or an array; copied. Integers become float64, floating types stay.
        name: what tools call it.
        dtype: the floating type, if another one is wanted.

    >>> w = Tensor([[1.0, 2.0], [3.0, 4.0]], name="w")
    >>> y = (w @ [1.0, -1.0]).tanh().sum()
    >>> y.backward()
    >>> w.grad.round(4)
    array([[ 0.42, -0.42],
           [ 0.42, -0.42]])

    Assigning ``x.data`` or ``x[i] = …`` on a leaf is noticed by graphs that still need the old numbers; writing
    into ``x.data[0]`` cannot be seen, so do not do that between the forward and the backward pass.
    """

    __slots__ = ()
    _rank = 2

    def __init__(self, data: Any, name: str | None = None, *, dtype: Any = None, label: str | None = None) -> None:
        """Make a leaf."""
        self._data = as_data(data, "Tensor()", dtype)
        self.grad = None
        self._rule = self._a = self._b = self._da = self._db = self._extra = None
        self._index = next_index()
        self._version = 0
        if name is not None or label is not None:
            self.name = name if name is not None else label

    @property
    def data(self) -> Array:
        """The array. Assigning keeps shape and type, and is noticed by graphs that need the old numbers."""
        if modes.active:
            self._look("the data")
        return self._data  # type: ignore[no-any-return]

    @data.setter
    def data(self, new: Any) -> None:
        if modes.active and (trace := modes.trace_on()) is not None and trace.whole:
            trace.assigned(self)
        if new is not self._data:
            array = as_data(new, "Tensor.data", self._data.dtype)
            if array.shape != self._data.shape:
                raise ShapeError(f"data of shape {self._data.shape} cannot become {array.shape}; make a new Tensor")
            self._data = array
        mark_changed(self)

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self._data.shape  # type: ignore[no-any-return]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._data.ndim  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._data.size  # type: ignore[no-any-return]

    @property
    def dtype(self) -> Any:
        """The floating type."""
        return self._data.dtype

    def __len__(self) -> int:
        """Give the length of the first axis."""
        if not self._data.ndim:
            raise InputTypeError("a 0-d Tensor has no length; it is a single number: .item()")
        return len(self._data)

    def __iter__(self) -> Iterator[Any]:
        """Iterate over the first axis; each item is tracked."""
        return (self[i] for i in range(len(self)))

    def detach(self) -> ConstantTensor:
        """Give the same numbers as a constant: no gradient flows through it."""
        y = constant(self._data, self.name)
        if modes.active and (trace := modes.trace_on()) is not None and trace.whole:
            trace.detached(y, self)
        return y

    def values(self) -> Array:
        """Split into an array of Values, one node per element; gradients flow back into this Tensor."""
        from autograd.zoom import split

        return split(self)  # type: ignore[no-any-return]

    def backward(self, gradient: Any = None, *, create_graph: bool = False) -> None:
        """Differentiate this tensor: add its gradient to ``.grad`` of every leaf below it.

        Args:
            gradient: what arrives from outside, of this shape; may be left out if there is one element.
            create_graph: record the gradients themselves, so that they can be differentiated again.
        """
        self._backward(self._seed(gradient, traced=create_graph), create_graph)

    def _seed(self, gradient: Any, *, traced: bool = False) -> Any:
        if gradient is None:
            if self._data.size != 1:
                raise ShapeError(
                    f"backward() starts from one number, and this Tensor has shape {self.shape}. Reduce it first "
                    "(y.sum().backward()), or say what arrives: y.backward(gradient=array of that shape)"
                )
            return np.ones_like(self._data)
        if isinstance(gradient, Node):
            if traced:
                return gradient
            gradient = gradient._data
        seed = as_data(gradient, "backward()", self._data.dtype)
        if seed.shape != self._data.shape:
            raise ShapeError(f"gradient has shape {seed.shape}; expected {self.shape}, the shape of the Tensor")
        return seed

    # --- NumPy and indices ----------------------------------------------------------------------------------

    def __array_function__(self, function: Any, types: Any, args: Any, named: Any) -> Any:
        """Send NumPy's array functions to ours: ``np.sum(x)``, ``np.concatenate([x, y])``."""
        from autograd.ufuncs import apply_function

        return apply_function(function, args, named)

    def __getitem__(self, index: Any) -> Any:
        """Index or slice as NumPy does: integers, slices, masks, integer arrays, repeated indices."""
        return getitem(self, index=plain_index(index))

    def __setitem__(self, index: Any, new: Any) -> None:
        """Write into a leaf; graphs that need the old numbers notice."""
        if self._rule is not None:
            raise GradientError(
                "a computed Tensor cannot be written into; build the result with where() or concatenate()"
            )
        if isinstance(new, Node) and new._tracked:
            raise TrackingError(
                "writing a tracked value into a Tensor would lose its graph; use where(), stack() or .detach()"
            )
        if modes.active and (trace := modes.trace_on()) is not None and trace.whole:
            trace.assigned(self)
        place, numbers = plain_index(index), data_of(new)
        try:
            self._data[place] = numbers
        except (ValueError, TypeError) as error:
            raise explained(error, getitem, [self._data, numbers], {"index": index}) from error
        mark_changed(self)

    def __repr__(self) -> str:
        """Show array, gradient, name and how it was made; no side effect."""
        body = np.array2string(self._data, separator=", ", prefix="Tensor(", threshold=20, edgeitems=3)
        parts = [body]
        if self._data.dtype != np.float64 or self._data.size == 0:
            parts.append(f"shape={self.shape}, dtype={self._data.dtype}")
        if self.grad is not None:
            parts.append("grad=…" if self._data.size > 4 else f"grad={short(data_of(self.grad))}")
        return self._shown(parts)

    def __format__(self, spec: str) -> str:
        """Format the only element, or show the Tensor when there is no format."""
        return format(self.item(), spec) if spec else repr(self)

    # --- recording ------------------------------------------------------------------------------------------

    @staticmethod
    def _operate(op: Operation, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """Compute an operation on arrays and record it."""
        if modes.active and (trace := modes.trace_on()) is not None:
            return trace.applied_arrays(op, args, params)
        elementwise = isinstance(op, Elementwise)
        datas: list[Any] = []
        saved: list[Any] = []
        track = False
        plain = True
        for a in args:
            kind = type(a)
            if kind is Tensor:
                datas.append(a._data)
                saved.append(True)
                track = True
            elif kind is float or kind is int or (kind is np.ndarray and a.dtype.kind == "f"):
                datas.append(a)
                saved.append(None)
            else:
                plain = False
                datas.append(datum(a, op))
                saved.append(_saved(a))
                track = track or saved[-1] is not None
        if not plain:
            if not elementwise and any(isinstance(a, Value) for a in args):
                return op(*(Tensor._operate(positive, (a,), {}) if isinstance(a, Value) else a for a in args), **params)
            args = tuple(
                a if isinstance(a, Tensor) or (isinstance(a, Node) and (s is not None or a._extra is not None)) else d
                for a, d, s in zip(args, datas, saved, strict=True)
            )
        if elementwise and op.passive:  # type: ignore[attr-defined]
            saved[0] = None  # a condition receives no gradient
            track = any(s is not None for s in saved)
        memory: Any = None
        try:
            if track and op.forward is not None:
                data, memory = quietly(op.forward, *datas, **params)
            else:
                data = quietly(op.compute, *datas, **params) if op.plain_compute else careful(op, datas, params)
        except (ValueError, TypeError, IndexError) as error:
            raise explained(error, op, datas, params) from error
        if not op.differentiable:
            return data
        if type(data) is not np.ndarray:
            data = np.asarray(data)
        if modes.active:
            mode = modes.current()
            track = track and mode.recording
        else:
            mode = None
        if not track:
            y: Tensor = constant(data, None)
        else:
            y = _new(Tensor)
            y._data = data
            y.grad = y._a = y._extra = None
            y._rule = op
            y._b = args
            y._da = params if memory is None else Remembered(params, memory)
            y._db = saved
            y._version = 0
            y._index = next_index()
        if mode is not None:
            if mode.lines:
                y._extras().line = modes.caller_line()
            if mode.anomaly and not np.all(np.isfinite(data)):
                raise AnomalyError(anomaly_message(y, op, args))
        return y

    def _contributions(self, g: Any) -> Any:
        """Give what this node sends to each tracked argument when gradient ``g`` arrives."""
        spread = self._rule.spread
        return tensor_contributions(self, g) if spread is None else spread(self, g)

    def _generalise(self) -> None:
        """Take the general form: the sweep looks for hooks only there."""
        if self._rule is None or isinstance(self._da, dict):
            return
        args = self._arguments()
        self._a, self._b, self._da, self._db = None, args, {}, tuple(_saved(a) for a in args)

    def _shrink(self, c: Any) -> Any:
        """Undo broadcasting: sum the contribution to this tensor's shape, in its type."""
        data = self._data
        if type(c) is not np.ndarray:
            c = np.asarray(c)
        if c.shape != data.shape:
            c = sum_to_shape(c, data.shape)
        return c if c.dtype == data.dtype else c.astype(data.dtype)

    def _fit(self, c: Any) -> Any:
        """Undo broadcasting of a recorded contribution."""
        if not isinstance(c, Node):
            c = constant(np.asarray(c, dtype=self._data.dtype), None)
        elif not isinstance(c, Tensor):
            c = Tensor._operate(positive, (c,), {})
        if c.shape == self.shape:
            return c
        return sum_to(c, shape=self.shape) if c.ndim >= self.ndim else broadcast_to(c, shape=self.shape)

    def _raise_stale(self, user: Node) -> None:
        raise StaleError(
            f"{self._title('a leaf')} of shape {self.shape} was changed in place after {user._describe()} used it; the "
            "gradient needs the old numbers. Run backward() before changing data, or compute on a copy: Tensor(x.data)"
        )

    def _receive(self, g: Any, *, owned: bool) -> None:
        old = self.grad
        if isinstance(old, Node) or isinstance(g, Node):
            self.grad = old + g
        elif old is None:
            self.grad = g if owned else np.array(g, dtype=self._data.dtype)
        else:
            self.grad = old + g

    def _gradient_like(self, g: Any) -> Any:
        if isinstance(g, Node):
            return g
        array = as_data(g, "the result of a hook", self._data.dtype)
        if array.shape != self.shape:
            raise ShapeError(f"a hook returned a gradient of shape {array.shape}; expected {self.shape}")
        return array

    def _zeros(self) -> Array:
        return np.zeros_like(self._data)


class ConstantTensor(Tensor):
    """A Tensor that takes part in expressions and never receives a gradient."""

    __slots__ = ()
    _tracked = False

    def backward(self, gradient: Any = None, *, create_graph: bool = False) -> None:
        """Refuse: there is nothing to differentiate."""
        raise GradientError(
            f"a constant Tensor of shape {self.shape} (made by detach(), under no_grad(), or frozen) has no graph to "
            "differentiate. Compute it from a Tensor outside no_grad()"
        )


def _saved(a: Any) -> Any:
    """Give what the backward pass needs to know of an argument: a Value's number, True for a Tensor, or None."""
    if not isinstance(a, Node) or not a._tracked:
        return None
    return True if isinstance(a, Tensor) else a._data


def constant(data: Any, name: str | None) -> ConstantTensor:
    """Give an array as a constant, without a copy."""
    y: ConstantTensor = _new(ConstantTensor)
    y._data = data
    y.grad = y._rule = y._a = y._b = y._da = y._db = y._extra = None
    y._index = next_index()
    y._version = 0
    if name is not None:
        y.name = name
    return y


# A constant takes none of the hot path: its operators ask the table, which sees that it is not tracked.
for _name, _method in vars(Operators).items():
    if callable(_method) and _name in vars(FastTensorMethods):
        setattr(ConstantTensor, _name, _method)

Tensor._kinds = (Tensor, ConstantTensor)
_tensor_methods.Tensor = Tensor
