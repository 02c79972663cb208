"""``Sketch``: stands for an array while a computation is written down.

NumPy hands its functions and ufuncs over to a Sketch; it computes them on the array that it stands for and writes them
down on a tape. So the formulas of the table, which are NumPy and operations of the table, are written down by running
them. What would let a bare number escape (``float(x)``, ``np.asarray(x)``, writing into a part) raises ``UnsketchedError``;
the recording then keeps the operation as one call. The truth of a number becomes a guard.
"""

from __future__ import annotations

import operator
from typing import Any, ClassVar, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd.whole.calls import Call, Ref, Tape


class UnsketchedError(Exception):
    """A formula asked for something that cannot be written down; only the recording sees this."""


VIEWS = frozenset(
    {np.reshape, np.transpose, np.broadcast_to, np.ravel, np.flip, np.swapaxes, np.moveaxis, np.expand_dims}
)
REDUCTIONS = {
    np.sum: np.add,
    np.prod: np.multiply,
    np.max: np.maximum,
    np.min: np.minimum,
    np.any: np.logical_or,
    np.all: np.logical_and,
}
LIKE = frozenset({np.zeros_like, np.ones_like, np.full_like, np.empty_like, np.shape, np.ndim, np.size, np.result_type})
"""Functions that look at shape and type alone; their result is the same in every replay."""


def bare(x: Any) -> Any:
    """Give the arrays that Sketches stand for; containers are looked into."""
    if isinstance(x, Sketch):
        return x.value
    if type(x) in (tuple, list):
        return type(x)([bare(part) for part in x])
    return x


def written(x: Any) -> Any:
    """Give an argument with Refs in the place of Sketches."""
    if isinstance(x, Sketch):
        return Ref(x.register)
    if type(x) in (tuple, list):
        return type(x)([written(part) for part in x])
    return x


def sketches_in(x: Any) -> bool:
    """Tell whether a Sketch is among the arguments; containers are looked into."""
    return isinstance(x, Sketch) or (isinstance(x, tuple | list) and any(map(sketches_in, x)))


def write(
    tape: Tape, kind: str, function: Any, args: tuple[Any, ...], named: dict[str, Any], source: Any = None
) -> Any:
    """Compute a call, write it down, and give its result as a Sketch; ``source`` is what a view looks at."""
    value = function(*bare(args), **{k: bare(v) for k, v in named.items()})
    root = -1
    if source is not None:
        if isinstance(value, np.ndarray) and np.may_share_memory(value, source.value):
            root = source.register
            source.looked_at = True
        else:
            kind = "other"
    options = {k: written(v) for k, v in named.items()}
    return Sketch(tape, tape.append(kind, function, written(args), options, value, root), value)


class Sketch(NDArrayOperatorsMixin):
    """An array that writes down what is done with it."""

    __slots__ = ("looked_at", "register", "tape", "value")
    _rank = 3
    _operate: ClassVar[Any]
    """What an operation of the table does with Sketches; ``formulas`` says it."""

    def __init__(self, tape: Tape, register: int, value: Any) -> None:
        """Stand for ``value``."""
        self.tape = tape
        self.register = register
        self.value = value
        self.looked_at = tape.roots[register] != register
        """Whether other Sketches share this one's memory."""

    # --- what is the same in every replay ---------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return np.shape(self.value)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return np.ndim(self.value)

    @property
    def size(self) -> int:
        """The number of elements."""
        return int(np.size(self.value))

    @property
    def dtype(self) -> Any:
        """The type of the elements."""
        return self.value.dtype

    def __len__(self) -> int:
        """Give the length of the first axis."""
        return len(self.value)

    # --- NumPy's functions ------------------------------------------------------------------------------------

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **named: Any) -> Any:
        """Write down a ufunc or its reduction."""
        if method == "reduce":
            result = write(self.tape, "reduce", ufunc.reduce, (inputs[0], named.get("axis", 0)), _reduced(named))
        elif method == "__call__" and not named and ufunc.nout == 1:
            kind = "product" if ufunc is np.matmul else "ufunc"
            result = write(self.tape, kind, ufunc, inputs, {})
        else:
            raise UnsketchedError(f"{ufunc.__name__}.{method}")
        if out is None:
            return result
        (target,) = out
        if (
            not isinstance(target, Sketch)
            or target.looked_at
            or (target.shape, target.dtype) != (result.shape, result.dtype)
        ):
            raise UnsketchedError("out=")
        target.register, target.value = result.register, result.value
        return target

    def __array_function__(self, function: Any, types: Any, args: Any, named: Any) -> Any:
        """Write down an array function."""
        del types
        if function is np.copy:
            return args[0].copy()
        if function is np.where and len(args) == 3 and not sketches_in(args[0]) and np.ndim(args[0]) == 0:
            chosen = args[1 if args[0] else 2]
            if isinstance(chosen, Sketch) and chosen.shape == np.broadcast_shapes(*(np.shape(bare(x)) for x in args)):
                return chosen
        if function in LIKE:
            return function(*bare(args), **named)
        if function in REDUCTIONS:
            axis = args[1] if len(args) > 1 else named.get("axis")
            return write(self.tape, "reduce", REDUCTIONS[function].reduce, (args[0], axis), _reduced(named))
        if function is np.reshape and len(args) == 2 and not named:
            return args[0].reshape(args[1])
        if function in VIEWS:
            return self._view(function, args, named)
        if named.get("out") is not None or function in (np.copyto, np.put, np.place, np.putmask):
            raise UnsketchedError(function.__name__)
        return write(self.tape, "other", function, args, named)

    def _view(self, function: Any, args: tuple[Any, ...], named: Any) -> Any:
        source = args[0]
        if not isinstance(source, Sketch) or sketches_in(args[1:]):
            raise UnsketchedError(function.__name__)
        return write(self.tape, "view", function, args, named, source)

    # --- an array's own methods -------------------------------------------------------------------------------

    @property
    def T(self) -> Any:  # noqa: N802  NumPy's name
        """The array with its axes reversed."""
        return self._view(np.transpose, (self,), {})

    def transpose(self, *axes: Any) -> Any:
        """Permute the axes."""
        return self._view(np.transpose, (self, (axes[0] if len(axes) == 1 else axes) or None), {})

    def reshape(self, *shape: Any) -> Any:
        """Give the same elements another shape."""
        if np.reshape(self.value, shape[0] if len(shape) == 1 else shape).shape == self.shape:
            self.looked_at = True
            return self
        return self._view(np.reshape, (self, shape[0] if len(shape) == 1 else shape), {})

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        """Convert; nothing is written down where the type is this one already."""
        if np.dtype(dtype) == self.dtype:
            return self
        return write(self.tape, "other", _astype, (self, np.dtype(dtype)), {})

    def copy(self) -> Any:
        """Give the same numbers in memory of their own."""
        return write(self.tape, "ufunc", np.positive, (self,), {})

    def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Add up."""
        return np.sum(self, axis=axis, keepdims=keepdims)

    def max(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Give the largest."""
        return np.max(self, axis=axis, keepdims=keepdims)

    def min(self, axis: Any = None, keepdims: bool = False) -> Any:
        """Give the smallest."""
        return np.min(self, axis=axis, keepdims=keepdims)

    def any(self, axis: Any = None) -> Any:
        """Tell whether any is true."""
        return np.any(self, axis=axis)

    def all(self, axis: Any = None) -> Any:
        """Tell whether all are true."""
        return np.all(self, axis=axis)

    def __getitem__(self, index: Any) -> Any:
        """Index or slice."""
        if index == () and type(index) is tuple:
            return self
        if sketches_in(index):
            return write(self.tape, "other", operator.getitem, (self, index), {})
        return self._view(operator.getitem, (self, index), {})

    def __pow__(self, other: Any) -> Any:
        """Raise to a power, with the short ways that NumPy's own operator has."""
        short = {2: np.square, 1: np.positive, -1: np.reciprocal, 0.5: np.sqrt}
        single = not isinstance(other, Sketch) and np.ndim(other) == 0 and self.dtype.kind == "f"
        if single and float(other) in short and np.result_type(self.dtype, other) == self.dtype:
            return short[float(other)](self)
        return write(self.tape, "other", operator.pow, (self, other), {})

    def __bool__(self) -> bool:
        """Give the truth, and write down that the recorded way depends on it."""
        answer = bool(self.value)
        self.tape.calls.append(Call("guard", bool, (Ref(self.register), answer)))
        return answer

    # --- what would let numbers escape ------------------------------------------------------------------------

    def _escape(self, *_: Any, **__: Any) -> NoReturn:
        raise UnsketchedError("a bare number was asked for")

    __float__ = __int__ = __index__ = __array__ = __iter__ = __setitem__ = item = tolist = _escape

    def __repr__(self) -> str:
        """Show the register."""
        return f"<sketch r{self.register} of shape {self.shape}>"


def _astype(a: Any, dtype: Any) -> Any:
    return a.astype(dtype)


def _reduced(named: dict[str, Any]) -> dict[str, Any]:
    """Give the options of a reduction that say something."""
    allowed = {"axis", "keepdims", "initial"}
    given = {k: v for k, v in named.items() if v is not None and v is not np._NoValue and k != "axis"}
    if not given.keys() <= allowed:
        raise UnsketchedError("an option of a reduction")
    return {k: v for k, v in given.items() if not (k == "keepdims" and v is False)}
