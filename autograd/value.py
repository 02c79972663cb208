"""``Value``: one real number that remembers how it was computed.

The arithmetic comes from the generated hot path (``_value_methods``) and, for everything unusual, from
``Value._operate`` below, which asks the table. A ``Constant`` is a Value that never receives a gradient: what
``detach()`` gives, what ``no_grad()`` computes, and what a frozen parameter becomes.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import _value_methods, engine, modes
from autograd._operators import Operators
from autograd._value_methods import ValueMethods
from autograd.arguments import bad_argument, short
from autograd.block import Block
from autograd.errors import AnomalyError, GradientError, InputTypeError, InputValueError, TrackingError
from autograd.faces import NodeFace
from autograd.node import Node, next_index
from autograd.operations import Elementwise, Operation
from autograd.scatter import Scatter

if TYPE_CHECKING:
    from collections.abc import Iterator


def as_float(x: Any, where: str) -> float:
    """Turn any plain real number into a float; refuse everything else, saying what to write instead.

    >>> from fractions import Fraction
    >>> as_float(Fraction(1, 4), "Value()")
    0.25
    """
    if type(x) is float:
        return x
    if isinstance(x, int | float | Fraction | Decimal | np.integer | np.floating | np.bool_):
        try:
            return float(x)
        except OverflowError:
            raise InputValueError(f"{where} got {short(x)}, which is beyond the range of a float (1.8e308)") from None
    if isinstance(x, np.ndarray) and x.ndim == 0 and x.dtype.kind in "fiub":
        return float(x)
    if isinstance(x, Node):
        raise InputTypeError(
            f"{where} got {x!r}, which is a node already; use it as it is, or write .detach() for a copy without a graph"
        )
    if isinstance(x, np.ndarray | list | tuple):
        raise InputTypeError(f"{where} got {short(x)}; a Value holds one number. Instead: Tensor(...)")
    raise InputTypeError(bad_argument(x, where))


class Value(ValueMethods, NodeFace):
    """One real number in a computation graph.

    Args:
        data: the number: int, float, bool, Fraction, Decimal or a NumPy scalar; kept as a float.
        name: what tools call it in pictures and sessions; ``label`` is the same.

    >>> a, b = Value(2.0, name="a"), Value(-3.0, name="b")
    >>> y = (a * b + 10).tanh()
    >>> y.backward()
    >>> a.grad, b.grad
    (-0.00402285204907769, 0.0026819013660517935)

    ``data`` may be assigned; local derivatives belong to the forward pass, so gradients of an expression that was
    recorded before stay what they were. Python's six comparisons compare data; ``hash`` goes by identity.
    """

    __slots__ = ()

    def __init__(self, data: Any, name: str | None = None, *, label: str | None = None) -> None:
        """Make a leaf."""
        self._data = data if type(data) is float else as_float(data, "Value()")
        self.grad = None
        self._rule = self._a = self._b = self._da = self._db = self._extra = None
        self._index = next_index()
        if name is not None or label is not None:
            self.name = name if name is not None else label

    @property
    def data(self) -> float:
        """The number. Assigning coerces, and changes no gradient of a graph that is recorded already."""
        if modes.active:
            self._left("data")
        return self._data  # type: ignore[no-any-return]

    @data.setter
    def data(self, new: Any) -> None:
        if modes.active and (trace := modes.trace_on()) is not None:
            trace.assigned(self)
        self._data = new if type(new) is float else as_float(new, "Value.data")

    def item(self) -> float:
        """Give the number as a float, outside any graph."""
        if modes.active:
            self._left("item()")
        return self._data  # type: ignore[no-any-return]

    def detach(self) -> Constant:
        """Give the same number as a constant: no gradient flows through it."""
        y = _constant(self._data, self.name)
        if modes.active and (trace := modes.trace_on()) is not None:
            trace.detached(y, self)
        return y

    def _left(self, how: str) -> None:
        """Tell a trace, if one is written, that the bare number leaves the graph here."""
        if (trace := modes.trace_on()) is not None:
            trace.read(self, how)

    def backward(self, gradient: Any = None, *, create_graph: bool = False) -> None:
        """Differentiate this value: add ∂self/∂leaf to ``.grad`` of every leaf below it.

        Args:
            gradient: what arrives at this value from outside; 1 when left out.
            create_graph: record the gradients themselves, so that they can be differentiated again.

        >>> x = Value(3.0)
        >>> y = x * x
        >>> y.backward(); y.backward()
        >>> x.grad
        12.0
        """
        seed = 1.0 if gradient is None else gradient
        self._backward(seed if create_graph and isinstance(seed, Node) else as_float(seed, "backward()"), create_graph)

    # --- comparisons and conversions ------------------------------------------------------------------------

    def __bool__(self) -> bool:
        """Give the truth of the number."""
        if modes.active and (trace := modes.trace_on()) is not None:
            return bool(trace.compared("!=", self, 0.0))
        return bool(self._data)

    def __float__(self) -> float:
        """Refuse on a tracked value: the graph would be cut without a word."""
        if self._tracked:
            raise TrackingError(
                f"float({self!r}) would cut the graph silently, and so would math.exp and its like. Write .item() for "
                "the bare number, or autograd.exp(v), v.tanh() … to keep the gradient"
            )
        if modes.active:
            self._left("float()")
        return self._data  # type: ignore[no-any-return]

    def __int__(self) -> int:
        """Refuse on a tracked value, as ``float`` does."""
        return int(self.__float__())

    def __round__(self, digits: int | None = None) -> float | int:
        """Round the bare number, for printing."""
        if modes.active:
            self._left("round()")
        return round(self._data, digits)  # type: ignore[no-any-return]

    def __format__(self, spec: str) -> str:
        """Format the bare number: ``f"{v:.3f}"``."""
        if modes.active:
            self._left("format()")
        return format(self._data, spec) if spec else repr(self)

    def __repr__(self) -> str:
        """Show value, gradient, name and how it was made; no side effect.

        >>> Value(2, name="x") * 3
        Value(6.0, × node)
        """
        parts = [repr(self._data)]
        if self.grad is not None:
            g = self.grad
            parts.append(f"grad={g._data if isinstance(g, Node) else g!r}")
        return self._shown(parts)

    # --- the slow way through the table ---------------------------------------------------------------------

    @staticmethod
    def _operate(op: Operation, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """Apply an operation where the hot path does not: modes, three arguments, constants, IEEE edges."""
        if not isinstance(op, Elementwise) or any(
            isinstance(a, np.ndarray) and (a.ndim or a.dtype.kind not in "fiub") for a in args
        ):
            from autograd.tensor import Tensor

            return Tensor._operate(op, args, params)
        if modes.active:
            mode = modes.current()
            if mode.trace is not None:
                return mode.trace.applied(op, args, mode)
        return Value._apply(op, args)

    @staticmethod
    def _apply(op: Elementwise, args: tuple[Any, ...]) -> Any:
        """Compute one operation and record it."""
        datas: list[Any] = []
        for i, a in enumerate(args):
            x = a._data if isinstance(a, Node) else a
            datas.append(bool(x) if i < op.passive and op.derivatives else as_float(x, f"{op.name}()"))
        if not op.derivatives:
            return op.compute(*datas)
        data = op.float_of(*datas)
        mode = modes.current()
        tracked = [i >= op.passive and isinstance(a, Node) and a._tracked for i, a in enumerate(args)]
        if mode.recording and any(tracked):
            y: Value = _build(op, args, data, datas, tracked)
        else:
            y = _constant(data, None)
        if mode.lines:
            y._extras().line = modes.caller_line()
        if mode.anomaly and not math.isfinite(data):
            raise AnomalyError(anomaly_message(y, op, args))
        return y

    def _contributions(self, g: Any) -> Iterator[tuple[Node, Any]]:
        """Give the contributions of a node with three arguments or a Tensor argument."""
        if type(self._b) is Block:
            return self._b.contributions(self._index, g)
        if not isinstance(self._rule, Elementwise):  # one element of a Tensor
            return iter([(self._b[0], Scatter(self._da["index"], g))])
        return ((a, g * local) for a, local in zip(self._b, self._db, strict=True) if local is not None)

    def _receive(self, g: Any, *, owned: bool) -> None:
        old = self.grad
        self.grad = g if old is None else old + g

    def _gradient_like(self, g: Any) -> Any:
        return g if isinstance(g, Node) else as_float(g, "the result of a hook")

    def _fit(self, c: Any) -> Any:
        """Turn a recorded contribution into a Value; what comes out of an array operation is summed first."""
        if isinstance(c, Node) and not isinstance(c, Value):
            from autograd.arrays import sum_
            from autograd.zoom import element

            return element(sum_(c), ())
        return c

    def _generalise(self) -> None:
        """Take the general form: the sweep looks for hooks only there. A node of a block leaves it."""
        if self._rule is None or (self._a is None and type(self._b) is tuple):
            return
        args = self._arguments()
        if self._is_general():
            self._b.whole, self._db, self._b = False, self._needs(), args
            return
        first = self._da if self._a is not None else None
        second = self._db if self._b is not None else None
        self._a, self._b, self._da, self._db = None, args, None, (first, second)[: len(args)]

    def _shrink(self, c: Any) -> Any:
        """Turn the contribution of an array operation into one number."""
        return float(np.sum(c))

    def _zeros(self) -> float:
        return 0.0


class Constant(Value):
    """A Value that takes part in expressions and never receives a gradient."""

    __slots__ = ()
    _tracked = False

    def backward(self, gradient: Any = None, *, create_graph: bool = False) -> None:
        """Refuse: there is nothing to differentiate."""
        raise GradientError(
            f"{self!r} is a constant (made by detach(), under no_grad(), or frozen): it has no graph to differentiate. "
            "Compute it from a Value outside no_grad()"
        )


def _constant(data: float, name: str | None) -> Constant:
    y = Constant(data)
    if name is not None:
        y.name = name
    return y


def _build(op: Elementwise, args: tuple[Any, ...], data: float, datas: list[Any], tracked: list[bool]) -> Value:
    """Record a node in the compact form where that fits, in the general form otherwise."""
    y: Value = object.__new__(Value)
    y._data = data
    y._rule = op
    y.grad = y._extra = None
    if op.variadic:
        partials = op.partials(data, *datas)  # type: ignore[attr-defined]
        locals_ = [float(p) if t else None for p, t in zip(partials, tracked, strict=True)]
    else:
        locals_ = [op.local_of(i, data, *datas) if t else None for i, t in enumerate(tracked)]
    kept = tuple(
        a if isinstance(a, Node) and (t or a._extra is not None) else d
        for a, d, t in zip(args, datas, tracked, strict=True)
    )
    named_constant = any(isinstance(k, Node) and not t for k, t in zip(kept, tracked, strict=True))
    if len(args) > 2 or op.passive or op.variadic or named_constant:
        y._a, y._b, y._da, y._db = None, kept, None, tuple(locals_)
    else:
        y._a, y._da = (kept[0], locals_[0]) if tracked[0] else (None, kept[0])
        y._b = y._db = None
        if len(args) == 2:
            y._b, y._db = (kept[1], locals_[1]) if tracked[1] else (None, kept[1])
    y._index = next_index()
    return y


def anomaly_message(y: Node, op: Operation, args: tuple[Any, ...]) -> str:
    """Say which operation first gave a number that is not finite, from which inputs, on which line."""
    from autograd.symbols import formula

    letters = "abcdefgh" if len(args) <= 8 else [f"a{i}" for i in range(1, len(args) + 1)]
    names = [a._title(letters[i]) if isinstance(a, Node) else short(a, 20) for i, a in enumerate(args)]
    given = [f"{n} = {short(a._data, 40)}" for n, a in zip(names, args, strict=True) if isinstance(a, Node)]
    inputs = ", ".join(given[:8]) + ", …" * (len(given) > 8)
    bad = [n for n, a in zip(names, args, strict=True) if isinstance(a, Node) and not np.all(np.isfinite(a._data))]
    blame = f"; {bad[0]} was not finite already: it is an input" if bad else ""
    return f"first non-finite value: {formula(op, names)} = {short(y._data, 60)}, from {inputs}{blame}{engine.where_made(y)}"


# A constant takes none of the hot path: its operators ask the table, which sees that it is not tracked.
for _name, _method in vars(Operators).items():
    if callable(_method) and _name in vars(ValueMethods):
        setattr(Constant, _name, _method)

Value._kinds = (Value, Constant)
_value_methods.Value = Value
