"""How a program presents itself: its source, its figures, its ``repr``."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograd.program.floats import Floats
from autograd.program.source import Writer

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograd.program.branch import Branch
    from autograd.program.program import Program


@dataclass(frozen=True, slots=True)
class Stats:
    """Figures of a program: its value and gradient on floats.

    Attributes:
        operations: what the function does once, without the backward pass.
        statements: lines of the generated code, forward and backward.
        compile_seconds: recording, differentiating and compiling so far.
        bytes: what the listing of value and gradient takes.
        replay_seconds: one call on floats, the best of several.
        eager_seconds: the same with ``backward()``, estimated from the graph's operations where there is no function.
        break_even: after how many calls the compilation is paid back; None where eager is no slower.
    """

    operations: int
    statements: int
    compile_seconds: float
    bytes: int
    replay_seconds: float
    eager_seconds: float
    break_even: int | None

    def __str__(self) -> str:
        """Write the figures on one line."""
        paid = f"paid back after {self.break_even:,} calls" if self.break_even is not None else "never paid back"
        return (
            f"{self.operations:,} operations, {self.statements:,} statements, {self.bytes / 1024:,.0f} kB; compiled in "
            f"{self.compile_seconds * 1e3:,.1f} ms, {paid} ({self.replay_seconds * 1e6:,.1f} µs a call; eager "
            f"{self.eager_seconds * 1e6:,.1f} µs)"
        )


def latest(program: Program) -> Branch:
    """Give the recording that was used last.

    Raises:
        InputValueError: the program was not called yet and had no examples.
    """
    from autograd.errors import InputValueError

    if not program.branches:
        raise InputValueError(
            f"{program.name} was not recorded yet: call it once, or give examples: compile({program.name}, 1.0)"
        )
    return program.branches[0]


def source_of(program: Program) -> str:
    """Give the readable source of value and gradient (of the values alone where there are several)."""
    branch = latest(program)
    order = int(branch.scalar)
    listing = branch.differentiated(order, program._wanted)
    what = "Value and gradient" if order else "Values"
    notes = [f"guard: {g.what} was {g.expected!r} ({g.place})" for g in branch.guards]
    title = "value_and_grad" if order else "value"
    replays = ", along the branch that was recorded" if program.recorded else ""
    doc = f"{what} of {program.name}{replays}."
    return Writer(listing, title, " ".join(doc.replace("\\", "/").replace('"', "'").split()), notes).text()


def stats_of(program: Program) -> Stats:
    """Measure a program at the inputs where it was recorded."""
    branch = latest(program)
    order = int(branch.scalar)
    kernel = branch.kernel(order, program._wanted, Floats)
    _ = kernel.function
    listing = kernel.listing
    columns = (listing.code, listing.start, listing.operands, listing.adjoint, listing.because)
    inputs = branch.full(branch.example or [0.0] * program.signature.size)
    replay = best(lambda: kernel(inputs))
    eager = _eager_seconds(program, branch)
    seconds = branch.seconds + kernel.seconds
    saved = eager - replay
    return Stats(
        operations=len(branch.listing),
        statements=kernel.statements,
        compile_seconds=seconds,
        bytes=sum(c.itemsize * len(c) for c in columns) + 8 * len(listing.constants),
        replay_seconds=replay,
        eager_seconds=eager,
        break_even=int(seconds / saved) + 1 if saved > 0 else None,
    )


def best(run: Callable[[], Any], budget: float = 0.05) -> float:
    """Give the best time of several runs, in seconds."""
    found: list[float] = []
    end = time.perf_counter() + budget
    while not found or (time.perf_counter() < end and len(found) < 200):
        began = time.perf_counter()
        run()
        found.append(time.perf_counter() - began)
    return min(found)


NANOSECONDS = 500
"""What one operation takes eagerly, forward and backward, where it cannot be measured (benchmark W1)."""


def _eager_seconds(program: Program, branch: Branch) -> float:
    f = getattr(program._record, "f", None)
    if f is None or not branch.example:
        return len(branch.listing) * NANOSECONDS * 1e-9
    order = branch.scalar

    def run() -> None:
        _, args = program.signature.values(branch.example)
        y = f(*args)
        if order and hasattr(y, "backward") and y._tracked:
            y.backward()

    return best(run)


def described(program: Program) -> str:
    """Give the ``repr`` of a program."""
    call = f"{program.name}{program.signature.text}"
    if not program.branches:
        return f"<program {call}, recorded at its first call>"
    branch = program.branches[0]
    ways = f", {len(program.branches)} ways" if len(program.branches) > 1 else ""
    guards = f", {len(branch.guards)} guard{'s' * (len(branch.guards) != 1)}" if branch.guards else ""
    kind = ", the branch that was recorded" if program.recorded else ""
    if program._record is None and branch.guards:
        kind = ", without its function"
    return f"<program {call}: {len(branch.listing):,} operation{'s' * (len(branch.listing) != 1)}{ways}{guards}{kind}>"
