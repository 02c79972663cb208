"""Tracing: a function is run once on Values, and every operation on them is written down as it happens.

The trace sees what leaves the graph. A comparison gives a ``Condition``; handed to ``where`` it becomes part of the
program, and asked for its truth (``if``, ``while``, ``and``, ``min`` …) it becomes a *guard*: the program holds only
where the answer is the same again. Reading the bare number (``v.item()``, ``v.data``, ``round(v)``, ``f"{v:.3f}"``) is
a guard on the exact number. Values that the function finds outside its arguments are *captured*: the program reads
their numbers anew at every call. Everything else (plain numbers, settings) is fixed when the function is traced.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from autograd import modes
from autograd.arguments import short
from autograd.errors import GradientError, InputTypeError, TrackingError
from autograd.node import Node, counter, new, next_index
from autograd.operations import Elementwise
from autograd.program.conditions import Condition
from autograd.program.guards import Guard
from autograd.program.listing import RELATIONS, Listing, detach
from autograd.program.recording import recorded
from autograd.program.wires import Wire
from autograd.value import Value

if TYPE_CHECKING:
    from collections.abc import Sequence


class Trace:
    """What happens to the arguments of one call."""

    whole = False
    """Whether whole arrays are traced, and not single numbers."""

    def __init__(self, inputs: Sequence[Value]) -> None:
        """Start with the arguments as registers."""
        self.listing = Listing(len(inputs))
        self.guards: list[Guard] = []
        self.captured: list[Value] = []
        self._guarded: dict[tuple[int, Any], None] = {}
        self._outside: dict[int, int] = {}
        self._base = inputs[0]._index if inputs else next(counter)
        self._register = array("i")
        self._tests: dict[int, Condition] = {}
        for register, x in enumerate(inputs):
            self._bind(x, register)
            if x.name:
                self.listing.names[register] = x.name

    def _bind(self, node: Node, operand: int) -> None:
        k = node._index - self._base
        if k >= len(self._register):
            self._register.extend([NONE] * (k + 1 - len(self._register)))
        self._register[k] = operand

    def operand(self, a: Any) -> int | None:
        """Give the operand of a node that is traced or captured; None for a plain number."""
        if isinstance(a, Condition):
            return a.operand
        if not isinstance(a, Node):
            return None
        if not isinstance(a, Value):
            self.refuse_arrays(None)
        k = a._index - self._base
        if 0 <= k < len(self._register) and self._register[k] != NONE:
            return self._register[k]
        if k >= 0:
            return None  # made in this call from plain numbers
        found = self._outside.get(a._index)
        if found is None:
            found = self._outside[a._index] = self.listing.append(
                CAPTURED, (self.listing.constant(len(self.captured)),)
            )
            self.captured.append(a)
            if not a._tracked:  # differentiation takes the numbers of constants as they are
                self._guard(Guard(found, a._data, modes.caller_line(), "the constant", found, found))
        return found

    def applied(self, op: Elementwise, args: tuple[Any, ...], mode: modes.Modes) -> Any:
        """Compute an operation as always, and write it down."""
        if op.passive or not mode.recording or mode.anomaly or mode.lines or getattr(op, "variadic", False):
            return self._applied(op, args)
        operands: list[int] = []
        datas: list[float] = []
        tracked = traced = False
        known, base = self._register, self._base
        for a in args:
            kind = type(a)
            if kind is Value:
                k = a._index - base
                r = known[k] if 0 <= k < len(known) else NONE
                if r == NONE:
                    found = self.operand(a)
                    r = self.listing.constant(a._data) if found is None else found
                else:
                    traced = True
                traced = traced or r >= 0
                tracked = True
                datas.append(a._data)
            elif kind is float or kind is int:
                datas.append(float(a))
                r = self.listing.constant(datas[-1])
            else:
                return self._applied(op, args)
            operands.append(r)
        if not traced or not tracked:
            return self._applied(op, args)
        y: Value = new(Value)
        y._data = op.float_of(*datas)
        y._rule = op
        y._a = y._da = y.grad = y._extra = None
        y._b, y._db = args, tuple(MADE_HERE if type(a) is Value else None for a in args)
        y._index = next_index()
        self._bind(y, self.listing.append(op, operands))
        return y

    def _applied(self, op: Elementwise, args: tuple[Any, ...]) -> Any:
        """Do the same for whatever is not usual: constants, conditions, other modes."""
        listing, apply = self.listing, Value._apply
        variadic = getattr(op, "variadic", False)
        found = [
            self.operand(a) if variadic or i < op.passive or not isinstance(a, Condition) else None
            for i, a in enumerate(args)
        ]
        plain = tuple(
            (a.answer if i < op.passive else float(bool(a))) if isinstance(a, Condition) else a
            for i, a in enumerate(args)
        )
        if all(r is None for r in found):
            return apply(op, plain)
        if not op.derivatives:
            return self._tested(op, plain, found)
        y = apply(op, plain)
        if y._index - self._base < 0:
            raise AssertionError
        wires = [
            _number(a, i < op.passive) if r is None else Wire(listing, r)
            for i, (a, r) in enumerate(zip(plain, found, strict=True))
        ]
        wire = recorded(listing, op, wires)
        if isinstance(wire, Wire):
            operand = wire.operand
            if not y._tracked:
                operand = listing.emit(detach, (operand,))
            self._bind(y, operand)
            if y._extra is not None and y._extra.name:
                listing.names.setdefault(operand, y._extra.name)
        return y

    def _tested(self, op: Elementwise, plain: tuple[Any, ...], found: list[int | None]) -> Any:
        """Write down an operation whose result is a truth: ``equal``."""
        listing = self.listing
        operands = [listing.constant(_number(a, False)) if r is None else r for a, r in zip(plain, found, strict=True)]
        datas = [a._data if isinstance(a, Node) else a for a in plain]
        answer = op.compute(*datas)
        return Condition(self, listing.emit(RELATIONS["=="], operands), bool(answer), "==", operands[0], operands[-1])

    # --- what leaves the graph --------------------------------------------------------------------------------

    def compared(self, sign: str, a: Any, b: Any) -> Any:
        """Compare two numbers: a Condition if one of them is traced."""
        left, right = self.operand(a), self.operand(b)
        p, q = (x.answer if isinstance(x, Condition) else x._data if isinstance(x, Node) else x for x in (a, b))
        answer = RELATIONS[sign].compute(p, q)
        if left is None and right is None:
            return answer
        if type(answer) is not bool and not isinstance(answer, np.bool_):  # against an array
            for x in (a, b):
                if isinstance(x, Node):
                    self.read(x, f"{sign} array")
            return answer
        if not all(
            isinstance(x, int | float | np.number | np.bool_) for x in (p, q)
        ):  # against None or text: the same for every number
            return answer
        emit, constant = self.listing.emit, self.listing.constant
        left = constant(float(p)) if left is None else left
        right = constant(float(q)) if right is None else right
        return Condition(self, emit(RELATIONS[sign], (left, right)), bool(answer), sign, left, right)

    def answered(self, condition: Condition) -> bool:
        """Note that Python asked for the truth of a comparison."""
        c = condition
        if c.operand >= 0:
            self._guard(Guard(c.operand, c.answer, None, c.sign, c.left, c.right))
        return c.answer

    def read(self, node: Any, how: str) -> None:
        """Note that the bare number of a node was read."""
        operand = self.operand(node)
        if operand is not None and operand >= 0:
            self._guard(Guard(operand, node._data, None, how, operand, operand))

    def _guard(self, guard: Guard) -> None:
        key = (guard.operand, guard.expected)
        if key not in self._guarded:
            self._guarded[key] = None
            guard.line = guard.line or modes.caller_line()
            self.guards.append(guard)

    def called(self, module: Any) -> None:
        """A module was called; what it computes is seen number by number."""

    def named(self, node: Any, name: str) -> None:
        """Note what the user calls a result."""
        operand = self.operand(node)
        if operand is not None and operand >= 0:
            self.listing.names[operand] = name

    def detached(self, y: Node, source: Value) -> None:
        """Note that y has the number of another node, without its gradient."""
        operand = self.operand(source)
        if operand is not None:
            self._bind(y, self.listing.emit(detach, (operand,)))

    def equal_leaf(self, constant: Value) -> Value:
        """Give a leaf of its own, equal to a constant, for a differentiation inside the function."""
        leaf = Value(constant._data)
        operand = self.operand(constant)
        if operand is not None:
            self._bind(leaf, operand)
        return leaf

    def assigned(self, node: Any) -> None:
        """Refuse an assignment to the data of what the program depends on."""
        if self.operand(node) is not None:
            self.refuse("assigning .data", "a program computes and changes nothing; return the new number instead")

    def refuse(self, what: str, advice: str) -> NoReturn:
        """Say that something cannot be part of a program."""
        raise TrackingError(f"{what} cannot be compiled ({_here()}): {advice}")

    def applied_arrays(self, op: Any, args: tuple[Any, ...], params: dict[str, Any]) -> NoReturn:
        """Refuse an operation on whole arrays."""
        del args, params
        self.refuse_arrays(op)

    def refuse_arrays(self, op: Any) -> NoReturn:
        """Say that Tensors have no place in a program."""
        what = f"{op.name}: an operation on a whole array" if op is not None else "a Tensor"
        self.refuse(
            what, "a program is made of operations on single numbers. Use arrays of Values (autograd.sum, mean, @ and "
            "NumPy's functions take them) and plain arrays, not Tensors; a Tensor's own operations run in NumPy already"
        )  # fmt: skip

    def finished(self, results: Sequence[Any]) -> tuple[Listing, list[int]]:
        """Give the listing with the captured Values as further inputs, and where the results are."""
        outputs = []
        for y in results:
            if isinstance(y, Condition):
                raise InputTypeError(
                    "the function gave the outcome of a comparison, which is no number; return where(condition, 1.0, 0.0)"
                )
            found = self.operand(y)
            outputs.append(self.listing.constant(_number(y, False)) if found is None else found)
        return _with_inputs(self.listing, len(self.captured), outputs, self.guards)


class _MadeHere:
    """Stands where a node keeps its local derivatives: a Value of a trace is for the trace alone."""

    def __rmul__(self, other: Any) -> NoReturn:
        raise GradientError(
            "this Value was made while a function was compiled, and left the function by the back door (a list, an "
            "attribute). It has no gradient; return it from the function instead"
        )

    __mul__ = __rmul__


MADE_HERE = _MadeHere()
NONE = -(2**31)
CAPTURED = Elementwise("captured", lambda k: k, arity=1, passive=1)
"""Stands for a captured Value until the trace ends and all inputs are known."""


def _here() -> str:
    line = modes.caller_line()
    return f"line {line[1]} of {line[0]}" if line else "unknown line"


def _number(a: Any, truth: bool) -> Any:
    if isinstance(a, Node):
        a = a._data
    if truth:
        return bool(a)
    try:
        return float(a)
    except (TypeError, ValueError):
        raise InputTypeError(
            f"the function gave {short(a)} ({type(a).__name__}), which is no real number; return numbers computed from the "
            "arguments with autograd's functions, or containers of them"
        ) from None


def _with_inputs(listing: Listing, extra: int, outputs: list[int], guards: list[Guard]) -> tuple[Listing, list[int]]:
    """Renumber: what was captured becomes inputs behind the arguments."""
    n = listing.inputs
    new = Listing(n + extra)
    place = array("i", range(n))
    for i in range(len(listing)):
        op, operands = listing.at(i)
        if op is CAPTURED:
            place.append(n + int(listing.constants[~operands[0]]))
            continue
        moved = [place[r] if r >= 0 else new.constant(listing.constants[~r]) for r in operands]
        place.append(new.append(op, moved))

    def at(r: int) -> int:
        return place[r] if r >= 0 else new.constant(listing.constants[~r])

    new.names = {at(r): name for r, name in listing.names.items()}
    for g in guards:
        g.operand, g.left, g.right = at(g.operand), at(g.left), at(g.right)
    return new, [at(r) for r in outputs]
