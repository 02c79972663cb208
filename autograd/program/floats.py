"""A listing on Python floats: its generated code, compiled, and what happens where Python's floats raise.

This is the one place where text that the package has written itself is executed. No part of it comes from a user:
names went through ``names.identifier``, numbers through ``repr``, comments are written without line breaks.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from autograd.modes import gc_paused
from autograd.program.schedule import scheduled
from autograd.program.source import NAMED, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autograd.program.listing import Listing


class Floats:
    """Runs a listing on floats: straight-line Python, and operation by operation where that raises.

    The first call goes operation by operation too, and the second one compiles: a program that is used once is not
    worth a compiler.
    """

    def __init__(self, listing: Listing) -> None:
        """Take the listing; nothing is compiled yet."""
        self.listing = listing
        self.statements = len(listing)
        self.seconds = 0.0
        """What compiling has taken."""
        self._function: Callable[..., Any] | None = None
        self._used = False

    @property
    def function(self) -> Callable[..., Any]:
        """The compiled code."""
        if self._function is None:
            began = time.perf_counter()
            self._function = executed(Writer(arranged(self.listing), "run"))
            self.seconds = time.perf_counter() - began
        return self._function

    def __call__(self, inputs: Sequence[float]) -> Sequence[float]:
        """Give the outputs; IEEE results where Python's floats would raise."""
        if self._function is None and not self._used:
            self._used = True
            return self.listing.find(self.listing.computed(inputs), self.listing.outputs)
        try:
            return self.function(*inputs)  # type: ignore[no-any-return]
        except (ArithmeticError, ValueError):
            return self.listing.find(self.listing.computed(inputs), self.listing.outputs)


def arranged(listing: Listing) -> Listing:
    """Give the order in which a listing runs: a very long one so that results are near where they are used."""
    return listing if len(listing) <= NAMED else scheduled(listing)


def executed(writer: Writer) -> Callable[..., Any]:
    """Compile the pieces of a program, one at a time, and give its function."""
    namespace: dict[str, Any] = {"__builtins__": {}}
    with gc_paused():
        for k, piece in enumerate(writer.pieces()):
            namespace.update(writer.functions)
            exec(compile(piece, f"<program {writer.name}, piece {k + 1}>", "exec"), namespace)  # noqa: S102  our own text
    namespace.update(writer.functions)
    return namespace[writer.name]  # type: ignore[no-any-return]


__all__ = ["Floats", "executed"]
