"""``Wire``: a result of a listing that is being written. Operators and operations applied to Wires append instructions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd._operators import Operators
from autograd.arguments import short
from autograd.errors import InputTypeError, TrackingError
from autograd.operations import Elementwise
from autograd.program.listing import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.program.listing import Listing


class Wire(Operators):
    """A result of a listing that is being written: what a rule of the table is applied to when it is to be compiled."""

    __slots__ = ("listing", "operand")
    _rank = 4

    def __init__(self, listing: Listing, operand: int) -> None:
        """Stand for an operand."""
        self.listing = listing
        self.operand = operand

    @staticmethod
    def _operate(op: Any, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        listing = next(a.listing for a in args if isinstance(a, Wire))
        if not isinstance(op, Elementwise) or params:
            raise InputTypeError(f"{op.name} works on whole arrays; a program is made of operations on single numbers")
        return apply(listing, op, args)

    def __lt__(self, other: Any) -> Any:
        return Wire._operate(RELATIONS["<"], (self, other), {})

    def __le__(self, other: Any) -> Any:
        return Wire._operate(RELATIONS["<="], (self, other), {})

    def __gt__(self, other: Any) -> Any:
        return Wire._operate(RELATIONS[">"], (self, other), {})

    def __ge__(self, other: Any) -> Any:
        return Wire._operate(RELATIONS[">="], (self, other), {})

    def __eq__(self, other: object) -> Any:
        return Wire._operate(RELATIONS["=="], (self, other), {})

    def __ne__(self, other: object) -> Any:
        return Wire._operate(RELATIONS["!="], (self, other), {})

    def __and__(self, other: Any) -> Any:
        return Wire._operate(RELATIONS["and"], (self, other), {})

    def __or__(self, other: Any) -> Any:
        return Wire._operate(RELATIONS["or"], (self, other), {})

    __rand__, __ror__ = __and__, __or__
    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        """Refuse: a rule that is compiled must hold for every number."""
        raise TrackingError("a rule asks for the truth of a number that is not known yet; write where(condition, a, b)")

    def __float__(self) -> float:
        """Refuse, likewise."""
        raise TrackingError("a rule asks for a number that is not known yet; write rules with autograd's own functions")


def apply(listing: Listing, op: Elementwise, args: Sequence[Any]) -> Any:
    """Apply an operation to Wires and numbers: a Wire, or a float when every argument is a constant."""
    expansion = getattr(op, "expansion", None)
    if getattr(op, "variadic", False) and expansion is not None:
        return expansion(*args)
    operands = []
    for a in args:
        if isinstance(a, Wire):
            operands.append(a.operand)
        elif isinstance(a, bool | int | float) or hasattr(a, "dtype"):
            operands.append(listing.constant(a if isinstance(a, bool) else float(a)))
        else:
            raise InputTypeError(f"{op.name}: cannot compile {short(a)}; use numbers and autograd's functions")
    operand = listing.emit(op, operands)
    return Wire(listing, operand) if operand >= 0 else listing.constants[~operand]
