"""Guards: what must come out the same for a recording to hold, and what is said when it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograd.errors import TrackingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.program.branch import Branch

Line = tuple[str, int] | None
BRANCHES = 32
"""How many ways through a function a program keeps."""


@dataclass(slots=True)
class Guard:
    """What must come out the same: a comparison's answer, or the exact number that was read."""

    operand: int
    expected: Any
    line: Line
    what: str
    """How the number left the graph: the sign of a comparison, or ``item()``."""
    left: int
    right: int

    @property
    def place(self) -> str:
        """The line of source."""
        return f"line {self.line[1]} of {self.line[0]}" if self.line else "an unknown line"

    @property
    def compares(self) -> bool:
        """Whether this is the outcome of a comparison rather than a number that was read."""
        return type(self.expected) is bool


def explained(branch: Branch, inputs: Sequence[float], answers: Sequence[Any]) -> str:
    """Say which guard fails first, where it stands, and with which numbers."""
    from autograd.program.branch import same

    guard, answer = next(
        (g, a) for g, a in zip(branch.guards, answers, strict=True) if not same(g.expected, _plain(a, g))
    )
    registers = branch.listing.computed(branch.full(inputs))
    left, right = branch.listing.find(registers, (guard.left, guard.right))
    names = branch.listing.names
    if guard.compares:
        shown = f"{_named(names.get(guard.left), left)} {guard.what} {_named(names.get(guard.right), right)}"
        return f"{guard.place} asks whether {shown}; that was {guard.expected} when this was recorded and is {bool(answer)} now"
    name = names.get(guard.left, "a value")
    return (
        f"{guard.place} takes the bare number of {name} by {guard.what}: it was {guard.expected!r} when this was recorded "
        f"and is {left!r} now"
    )


def _plain(answer: Any, guard: Guard) -> Any:
    return bool(answer) if guard.compares else answer


def _named(name: str | None, number: float) -> str:
    return f"{number!r}" if name is None else f"{name} = {number!r}"


def refusal(branch: Branch, inputs: Sequence[float], answers: Sequence[Any]) -> TrackingError:
    """Give the error of a program that cannot record anew."""
    return TrackingError(
        f"this program replays one recording, and {explained(branch, inputs, answers)}. Make it from the function with "
        "autograd.compile(f), which records the other way too, or write the choice as where(condition, a, b), relu, "
        "maximum or abs, which belong to the program"
    )


def too_many(branch: Branch, inputs: Sequence[float], answers: Sequence[Any]) -> TrackingError:
    """Give the error of a function that takes another way at every call."""
    return TrackingError(
        f"the function has taken {BRANCHES} different ways, and a program keeps no more: {explained(branch, inputs, answers)}. "
        "There the value leaves the graph. Write the choice as where(condition, a, b), relu, maximum or abs, and "
        "compute with the Value itself instead of its number"
    )
