"""``Condition``: the outcome of a comparison while a function is traced, a bool that knows where it came from.

Given to ``where`` it becomes part of the program; asked for its truth it becomes a guard.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.program.listing import RELATIONS
from autograd.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograd.program.tracing import Trace


class Condition:
    """The outcome of a comparison while a function is traced: a bool that knows where it came from."""

    __slots__ = ("answer", "left", "operand", "right", "sign", "trace")
    _rank = 1

    def __init__(self, trace: Trace, operand: int, answer: bool, sign: str, left: int, right: int) -> None:
        self.trace = trace
        self.operand = operand
        self.answer = answer
        self.sign = sign
        self.left = left
        self.right = right

    @staticmethod
    def _operate(op: Any, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        return Value._operate(op, args, params)

    def __bool__(self) -> bool:
        """Give the answer, and guard it."""
        return self.trace.answered(self)

    __index__ = __int__ = lambda self: int(bool(self))
    __float__ = lambda self: float(bool(self))  # noqa: E731

    def _joined(self, sign: str, other: Any) -> Any:
        if isinstance(other, Condition):
            answer = RELATIONS[sign].compute(self.answer, other.answer)
            operand = self.trace.listing.emit(RELATIONS[sign], (self.operand, other.operand))
            return Condition(self.trace, operand, answer, sign, self.operand, other.operand)
        if isinstance(other, bool | np.bool_):
            keeps = bool(other) if sign == "and" else not other
            return self if keeps else sign != "and"
        return NotImplemented

    def __and__(self, other: Any) -> Any:
        """Both."""
        return self._joined("and", other)

    def __or__(self, other: Any) -> Any:
        """Either."""
        return self._joined("or", other)

    __rand__, __ror__ = __and__, __or__

    def __invert__(self) -> Any:
        """The opposite (for a bool, Python's ``~`` is a trap)."""
        operand = self.trace.listing.emit(RELATIONS["=="], (self.operand, self.trace.listing.constant(False)))
        return Condition(self.trace, operand, not self.answer, "not", self.operand, self.operand)

    def __eq__(self, other: object) -> Any:
        """Compare the answer."""
        return bool(self) == other

    def __ne__(self, other: object) -> Any:
        """Compare the answer."""
        return bool(self) != other

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        """Show the answer."""
        return repr(self.answer)


def _as_bool(function: Callable[..., Any], *, reflected: bool = False) -> Any:
    """Give an operator that asks for the truth first: ``(v > 0) * 3``."""
    if reflected:
        return lambda self, other: function(other, bool(self))
    return lambda self, other: function(bool(self), other)


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
    setattr(Condition, f"__{_name}__", _as_bool(getattr(operator, _name)))
    setattr(Condition, f"__r{_name}__", _as_bool(getattr(operator, _name), reflected=True))
for _name in ("lt", "le", "gt", "ge"):
    setattr(Condition, f"__{_name}__", _as_bool(getattr(operator, _name)))
