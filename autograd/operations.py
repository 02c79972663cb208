"""What an operation *is*: a row of the derivative table, and the one door through which it is applied.

Types
    Operation     name, how it is written, how it is computed; call it to apply it.
    Elementwise   also one *local derivative* per argument, ``(y, a, b, …) -> ∂y/∂a``.
    Structural    also one *pullback* per argument, ``(g, y, a, b, …, **params) -> gradient of that argument``.

``y`` is the output, ``a, b, c`` the arguments, ``g`` the gradient that arrives at the output. Rules are plain
Python over operators and other operations. Applied to floats and arrays a rule computes; applied to Values
and Tensors it records (so derivatives have derivatives); applied to Symbols it prints.

How a call finds its way: an argument whose class defines ``_operate`` takes over, the highest ``_rank`` first
(Value 1, Tensor 2, Symbol 3). With plain numbers and arrays alone, the operation is computed on the spot.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import modes, numeric
from autograd.arguments import as_array, bad_argument, boxed_object, check_array, is_object, on_each, short
from autograd.errors import InputTypeError, InputValueError, UnknownNameError
from autograd.forms import ARGUMENTS, Form, call
from autograd.quiet import quietly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

TABLE: dict[str, Operation] = {}
"""Every operation by name, in the order of definition: the derivative table."""

OPERATORS = {
    operator.add: "+", operator.sub: "-", operator.mul: "*", operator.truediv: "/", operator.neg: "-",
    operator.mod: "%",
}  # fmt: skip
"""The Python operators that a row may be computed with, as source."""


class Operation:
    """A row of the table. Calling it applies it to floats, arrays, Values, Tensors or Symbols alike."""

    derivatives: tuple[Callable[..., Any], ...] = ()
    pullbacks: tuple[Callable[..., Any], ...] = ()
    on_arrays: tuple[Callable[..., Any], ...] | None = None
    """Generated: contributions ``(g, y, a, b) -> g · ∂y/∂argument`` as plain NumPy, without dispatch."""
    spread: Callable[..., Any] | None = None
    """For rows whose contributions are better given all at once: ``(node, g) -> pairs (argument, gradient)``."""
    writer: Callable[[list[tuple[str, int]], str], tuple[str, int]] | None = None
    """For rows without a fixed number of arguments: writes the operation over written arguments, in place of a form."""
    expansion: Callable[..., Any] | None = None
    """A fused row in plain operations: ``autograd.unfuse`` puts it in the place of the node."""
    forward: Callable[..., tuple[Any, Any]] | None = None
    variadic, passive = False, 0
    alone = False
    """Whether there is one argument and one pullback for it: the backward pass has nothing to go through."""
    fresh = False
    """Whether each contribution is an array of its own, which a leaf may keep without copying it."""

    def __init__(
        self, name: str, compute: Callable[..., Any], arity: int, form: Form | None = None, doc: str = ""
    ) -> None:
        """Describe the operation; it is not in the table until ``register`` puts it there."""
        self.name = name
        self.compute = compute
        self.arity = arity
        self.form = form or call(name, arity)
        self.plain_compute = isinstance(compute, np.ufunc | numeric.Function) or compute in OPERATORS
        self.__doc__ = doc or f"The operation ``{name}`` of the derivative table."
        self.__name__ = self.__qualname__ = name

    def __call__(self, *args: Any, **params: Any) -> Any:
        """Apply the operation; the class of the highest-ranking argument decides what that means."""
        return self._applied(args, params)

    def _applied(self, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        handler: Any = None
        rank = 0
        for a in args:
            kind = type(a)
            if kind is list or kind is tuple:
                return self(*(as_array(x) if isinstance(x, list | tuple) else x for x in args), **params)
            r = getattr(kind, "_rank", 0)
            if r > rank:
                rank, handler = r, kind
            elif kind is np.ndarray and rank < 3 and a.dtype.kind in "OUSVcMm":
                check_array(a)
                return self._on_objects(args, params)
        if handler is not None:
            return handler._operate(self, args, params)
        for a in args:
            if a is None or type(a) is str or isinstance(a, complex | np.complexfloating):
                raise InputTypeError(bad_argument(a, f"{self.name}()"))
        return self._on_plain(args, params)

    def _on_plain(self, args: tuple[Any, ...], params: Mapping[str, Any]) -> Any:
        if self.plain_compute:
            return quietly(self.compute, *args, **params)
        with np.errstate(all="ignore"):
            return self.compute(*args, **params)

    def _on_objects(self, args: tuple[Any, ...], params: Mapping[str, Any]) -> Any:
        raise NotImplementedError

    @property
    def differentiable(self) -> bool:
        """Whether any argument has a derivative; the result of an operation without one is plain data."""
        return bool(self.derivatives or self.pullbacks)

    def __repr__(self) -> str:
        """Show the operation as it is written."""
        return f"<operation {self.form.text.format_map(_Names())}>"

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Pickle by name: an operation is a constant of the program."""
        return (lookup, (self.name,))


class _Names(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


class Elementwise(Operation):
    """An operation on real numbers, applied to arrays number by number with NumPy's broadcasting.

    ``domain`` gives, for each argument, the open interval in which the function is smooth but for ``kinks``
    (places where a one-sided derivative must be chosen). ``edges`` lists the conventions: arguments → value and
    local derivatives. ``textbook`` holds derivatives as a book writes them, where the computed ones are a
    stabler form of the same thing. ``expansion`` writes a fused row in simpler operations.
    """

    def __init__(
        self,
        name: str,
        compute: Callable[..., Any],
        *derivatives: Callable[..., Any],
        form: Form | None = None,
        arity: int | None = None,
        defaults: tuple[float, ...] = (),
        domain: tuple[tuple[float, float], ...] = (),
        kinks: tuple[Callable[..., Any], ...] = (),
        edges: Mapping[tuple[float, ...], tuple[float, ...]] | None = None,
        textbook: tuple[Callable[..., Any] | None, ...] = (),
        expansion: Callable[..., Any] | None = None,
        passive: int = 0,
        doc: str = "",
    ) -> None:
        """Store the columns of the row. The first ``passive`` arguments are conditions: no gradient."""
        super().__init__(name, compute, arity or len(derivatives) + passive, form, doc)
        self.derivatives = derivatives
        self.passive = passive
        self.defaults = defaults
        self.domain = domain or ((-numeric.inf, numeric.inf),) * self.arity
        self.kinks = kinks
        self.edges = dict(edges or {})
        self.textbook = textbook
        self.expansion = expansion

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Apply the operation; arguments with a default value may be left out or given by name."""
        if named or len(args) != self.arity:
            args = self._complete(args, named)
        return self._applied(args, {})

    def _complete(self, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
        required = self.arity - len(self.defaults)
        filled = list(args)
        for i in range(len(args), self.arity):
            letter = ARGUMENTS[i]
            if letter in named:
                filled.append(named.pop(letter))
            elif i >= required:
                filled.append(self.defaults[i - required])
            else:
                break
        if named or len(filled) != self.arity:
            raise InputTypeError(
                f"{self.name}() takes {self.arity} argument{'s' * (self.arity != 1)} "
                f"({', '.join(ARGUMENTS[: self.arity])}); got {len(args)}"
                + (f" and the names {sorted(named)}" if named else "")
            )
        return tuple(filled)

    def _on_plain(self, args: tuple[Any, ...], params: Mapping[str, Any]) -> Any:
        for a in args:
            if type(a) is not float and type(a) is not int and type(a) is not bool:
                # NumPy computes the tangent of booleans in half precision; here whole numbers become floats first.
                floats = [
                    x.astype(np.float64)
                    if i >= self.passive and isinstance(x, np.ndarray) and x.dtype.kind in "biu"
                    else x
                    for i, x in enumerate(args)
                ]
                return super()._on_plain(tuple(floats), params)
        return self.float_of(*args)

    def _on_objects(self, args: tuple[Any, ...], params: Mapping[str, Any]) -> Any:
        # A bare Value among the inputs of a ufunc would take over; inside an array of objects it is only an object.
        boxed = (a.values() if getattr(type(a), "_rank", 0) == 2 else boxed_object(a) for a in args)
        with np.errstate(all="ignore"):  # Values overflow by convention; NumPy would warn after its loop
            return np.frompyfunc(on_each(self, args[0]) if self.arity == 1 else self, self.arity, 1)(*boxed)

    def float_of(self, *args: float) -> float:
        """Compute with Python floats; where they raise, IEEE 754 answers instead of an exception."""
        try:
            return float(self.compute(*args))
        except (ArithmeticError, ValueError):
            return numeric.ieee(self.compute, *args)

    def local_of(self, slot: int, y: float, *args: float) -> float:
        """Give the local derivative for one argument as a float, at recorded floats."""
        try:
            return float(self.derivatives[slot - self.passive](y, *args))
        except (ArithmeticError, ValueError):
            return numeric.ieee(self.derivatives[slot - self.passive], y, *args)


class Structural(Operation):
    """An operation on whole arrays, with one pullback per array argument, written in traced operations.

    ``objects`` says how an array of Values is treated: ``"numpy"``: NumPy's own function does it element by
    element, so that each step is a node; ``"tensor"``: the Values are stacked into one Tensor and split again.
    """

    def __init__(
        self,
        name: str,
        compute: Callable[..., Any],
        *pullbacks: Callable[..., Any],
        form: Form | None = None,
        variadic: bool = False,
        objects: str = "tensor",
        expansion: Callable[..., Any] | None = None,
        samples: tuple[tuple[Any, ...], ...] = (),
        pure: bool = False,
        forward: Callable[..., tuple[Any, Any]] | None = None,
        fuses: bool = False,
        doc: str = "",
    ) -> None:
        """Store the columns; ``samples`` are (shapes, params) with which the tests try the row.

        ``pure`` promises that ``compute`` is NumPy alone and calls no operation of ours. ``forward`` computes the same
        and also gives what the plain backward pass would have to compute again; pullbacks get it as ``memory=``, or None.
        ``fuses`` sends arrays of Values to ``fusing``, which makes one node of many.
        """
        super().__init__(name, compute, len(pullbacks), form, doc)
        self.plain_compute = self.plain_compute or pure
        self.pullbacks = pullbacks
        self.variadic = variadic
        self.alone = len(pullbacks) == 1 and not variadic
        self.objects = objects
        self.expansion = expansion
        self.forward = forward
        self.samples = samples
        self.fuses = fuses

    def __call__(self, *args: Any, **params: Any) -> Any:
        """Apply the operation to arrays; parameters such as ``axis`` are plain numbers, given by name."""
        if len(args) != self.arity and not self.variadic:
            raise InputTypeError(f"{self.name} takes {self.arity} array{'s' * (self.arity != 1)}; got {len(args)}")
        if modes.unfusing and self.expansion is not None and not modes.fusing():
            return self.expansion(*args, **params)
        for name, value in params.items():
            if getattr(type(value), "_rank", 0):
                raise InputTypeError(
                    f"{self.name}: {name} is a parameter without a gradient; got {short(value)}. Give plain numbers"
                )
        return self._applied(args, params)

    def pullback(self, slot: int) -> Callable[..., Any]:
        """Give the rule of one argument; a variadic row has one rule, told which argument it serves."""
        if self.variadic:
            rule = self.pullbacks[0]
            return lambda g, y, *args, **params: rule(slot, g, y, *args, **params)
        return self.pullbacks[slot]

    def _on_objects(self, args: tuple[Any, ...], params: Mapping[str, Any]) -> Any:
        if self.fuses and modes.fusing():
            from autograd.fusing import ON_VALUES

            boxed = (a.values() if getattr(type(a), "_rank", 0) == 2 else boxed_object(a) for a in args)
            with np.errstate(all="ignore"):  # Values overflow by convention; NumPy would warn after its loop
                return ON_VALUES[self.name](*map(np.asarray, boxed), **params)
        if self.objects == "numpy":
            with np.errstate(all="ignore"):
                return self.compute(*args, **params)
        if not modes.fusing():
            from autograd.singly import SINGLY

            if self.name in SINGLY and all(is_object(a) and a.size for a in args):
                return SINGLY[self.name](*args, **params)
        from autograd.zoom import split, stack_values

        return split(self(*(stack_values(a) if is_object(a) else a for a in args), **params))


def register(operation: Operation) -> Operation:
    """Put a row into the table. A name can be used once."""
    if operation.name in TABLE:
        raise InputValueError(f"the table already has an operation {operation.name!r}; choose another name")
    TABLE[operation.name] = operation
    return operation


def lookup(name: str) -> Operation:
    """Find an operation of the table by its name."""
    try:
        return TABLE[name]
    except KeyError:
        import difflib

        close = difflib.get_close_matches(name, TABLE, 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise UnknownNameError(f"no operation is called {name!r}{hint}") from None


def elementwise_rows() -> Iterator[Elementwise]:
    """Iterate over the elementwise rows of the table that have a fixed number of arguments."""
    return (row for row in tuple(TABLE.values()) if isinstance(row, Elementwise) and not row.variadic)


def structural_rows() -> Iterator[Structural]:
    """Iterate over the structural rows of the table."""
    return (row for row in tuple(TABLE.values()) if isinstance(row, Structural))
