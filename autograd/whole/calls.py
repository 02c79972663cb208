"""The flat list of NumPy calls in which a computation on whole arrays is written down.

Types
    Ref     the result of an earlier call, or an input: a number, the *register*
    Call    one call: function, arguments (with Refs among them), and the register of its result
    Tape    all calls in order, and of each register its shape, its type, and what it is a view of

A call is one of these kinds::

    ufunc      a ufunc on numbers or arrays, which can write into a given array
    reduce     a ufunc's reduction, likewise
    product    a product of matrices, likewise
    view       another look at the same memory: ``a.T``, ``a.reshape(…)``, ``a[:, 0]``
    other      any other function of NumPy or of the table; it gives an array of its own
    outside    a function that is no arithmetic: draws random numbers, checks labels. Called in every replay, in order
    after      the same, when all else is done: it may change something, and until then nothing has been changed
    guard      a truth on which the recorded way depends
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WRITES = frozenset({"ufunc", "reduce", "product"})
"""Kinds that can write their result into an array that exists."""
KEPT = frozenset({"outside", "after", "guard"})
"""Kinds that stay, whether or not anybody uses their result."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Stands for the value of a register among the arguments of a call."""

    register: int


@dataclass(slots=True, eq=False)
class Call:
    """One call."""

    kind: str
    function: Any
    args: tuple[Any, ...]
    named: dict[str, Any] = field(default_factory=dict)
    out: int = -1

    def refs(self) -> Iterator[int]:
        """Give the registers that this call reads."""
        yield from refs_in(self.args)
        yield from refs_in(tuple(self.named.values()))


def refs_in(x: Any) -> Iterator[int]:
    """Give the registers in an argument; containers are looked into."""
    if isinstance(x, Ref):
        yield x.register
    elif isinstance(x, tuple | list):
        for part in x:
            yield from refs_in(part)


def replaced(x: Any, what: Callable[[Ref], Any]) -> Any:
    """Give an argument with its Refs exchanged."""
    if isinstance(x, Ref):
        return what(x)
    if isinstance(x, tuple | list):
        return type(x)([replaced(part, what) for part in x])
    return x


class Tape:
    """Calls in order. The first registers are the inputs."""

    def __init__(self) -> None:
        """Start empty."""
        self.calls: list[Call] = []
        self.shapes: list[tuple[int, ...]] = []
        self.dtypes: list[Any] = []
        self.forward = -1
        """How many registers the forward pass has, once a backward pass was written down behind it."""
        self.roots: list[int] = []
        """For each register the one whose memory it looks at: itself, unless it is a view."""

    def register(self, value: Any, root: int = -1) -> int:
        """Give a new register for something of this shape and type."""
        n = len(self.shapes)
        self.shapes.append(np.shape(value))
        self.dtypes.append(value.dtype if hasattr(value, "dtype") else np.asarray(value).dtype)
        self.roots.append(self.roots[root] if root >= 0 else n)
        return n

    def append(self, kind: str, function: Any, args: Any, named: Any, value: Any, root: int = -1) -> int:
        """Write a call down; give the register of its result (−1 where it has none)."""
        out = -1 if value is None else self.register(value, root)
        self.calls.append(Call(kind, function, tuple(args), dict(named), out))
        return out

    def copy(self) -> Tape:
        """Give a tape of its own with the same calls."""
        new = Tape()
        new.forward = self.forward
        new.calls = [Call(c.kind, c.function, c.args, dict(c.named), c.out) for c in self.calls]
        new.shapes, new.dtypes, new.roots = [*self.shapes], [*self.dtypes], [*self.roots]
        return new
