"""The ledger of a leaf: which backward call, and which edge of it, added how much to ``.grad``.

    with record_ledger():
        loss.backward()
        loss.backward()
    print(w.ledger())

Types
    Entry    one edge: the call, the source line, the node that sent, the amount, ``.grad`` before and after the call.
    Ledger   the entries of one leaf, printable as a table.

Recording replaces the engine's sweep by the debugger's recording of the same pass (equal bit for bit, slower), so
nothing is guessed afterwards. It is on only inside ``record_ledger()``.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import modes
from autograd.errors import GradientError
from autograd.graph import Graph
from autograd.stepper.numbers import written
from autograd.stepper.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from autograd.graph import GraphNode
    from autograd.node import Node

SHOWN = 60
"""With more lines than this, the debugger's ``ledger`` shows the first, the last, and those around the cursor."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """What one edge of one backward call added to a leaf.

    Attributes:
        call: number of the backward call inside ``record_ledger()``, from 1.
        line: file and line of the call, if known.
        root: what was differentiated.
        source: the operation that sent, ``d = a × b``.
        derivative: its local derivative in symbols.
        amount: what it sent.
        total: the sum of this call's amounts up to and with this one.
        before: ``.grad`` when the call began; None if there was none.
    """

    call: int
    line: tuple[str, int] | None
    root: str
    source: str
    derivative: str
    amount: Any
    total: Any
    before: Any


class Ledger:
    """All entries of one leaf, in order."""

    def __init__(self, name: str, entries: list[Entry], now: Any) -> None:
        """Take the entries and the gradient as it is now."""
        self.name = name
        self.entries = entries
        self.now = now

    def __len__(self) -> int:
        """Count the entries."""
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        """Iterate in order."""
        return iter(self.entries)

    def __str__(self) -> str:
        """Write a table: one line per edge, one per call."""
        lines = [f"ledger of {self.name}"]
        call = 0
        expected: Any = None
        for i, e in enumerate(self.entries):
            if e.call != call:
                call = e.call
                where = f", line {e.line[1]} of {e.line[0].replace(chr(92), '/').rsplit('/', 1)[-1]}" if e.line else ""
                lines.append(f"  call {call}: {e.root}.backward(){where}")
                if e.before is None and i:
                    lines.append("    .grad was cleared before this call")
                elif (
                    e.before is not None
                    and expected is not None
                    and not np.array_equal(e.before, expected, equal_nan=True)
                ):
                    lines.append(f"    .grad was assigned before this call: {written(e.before)}")
                elif e.before is not None:
                    lines.append(f"    .grad held {written(e.before)} already: this call adds to it")
            lines.append(f"    {e.source}  sends {written(e.amount)}  ({e.derivative})")
            last = i + 1 == len(self.entries) or self.entries[i + 1].call != call
            if last:
                expected = e.total if e.before is None else e.before + e.total
                lines.append(f"    .grad = {written(expected)}")
        lines.append(f"  .grad is {written(self.now)} now" if self.now is not None else "  .grad is cleared now")
        return "\n".join(lines)

    __repr__ = __str__


class Book:
    """What ``record_ledger()`` gives: counts the calls, keeps the entries by leaf."""

    def __init__(self) -> None:
        """Start empty."""
        self.calls = 0

    def backward(self, root: Node, seed: Any) -> None:
        """Do a backward pass as the engine does, and enter what every leaf receives."""
        from autograd.naming import names_of_caller

        self.calls += 1
        graph = Graph(root, names_of_caller())
        recording = Recording(graph, seed)
        line = modes.caller_line()
        for leaf in graph.leaves:
            for k in recording.arrivals(leaf.position):
                node = recording.node(recording.step_of_send(k))
                send = recording.send(node, recording.final[node.position], k)
                derivative = f"∂{node.id}/∂{leaf.id} = {send.formula}"
                before = leaf.node.grad
                entry = Entry(
                    self.calls, line, graph.root.id, node.formula, derivative, send.amount, send.after,
                    np.array(before) if isinstance(before, np.ndarray) else before,
                )  # fmt: skip
                extra = leaf.node._extras()
                if extra.ledger is None:
                    extra.ledger = []
                extra.ledger.append(entry)
        recording.write()


@contextmanager
def record_ledger() -> Iterator[Book]:
    """Record, for every leaf, which backward call and which edge added how much; ``x.ledger()`` shows it.

    >>> from autograd import Value
    >>> x = Value(3.0, name="x")
    >>> with record_ledger():
    ...     y = x * x
    ...     y.backward()
    ...     y.backward()
    >>> [(e.call, e.amount) for e in x.ledger()], x.grad
    ([(1, 3.0), (1, 3.0), (2, 3.0), (2, 3.0)], 12.0)
    """
    book = Book()
    with modes._mode(ledger=book):
        yield book


def ledger_of(leaf: Node) -> Ledger:
    """Give the ledger of a leaf.

    Raises:
        GradientError: nothing was recorded.
    """
    entries = leaf._extra.ledger if leaf._extra is not None else None
    name = (leaf._extra.name if leaf._extra is not None else None) or "an unnamed leaf"
    if leaf._rule is not None:
        raise GradientError(
            "only a leaf has a ledger: an inner node keeps the gradient of the latest pass; stepper() shows how it came"
        )
    if not entries:
        raise GradientError(
            f"nothing is recorded for {name}: write `with autograd.record_ledger():` around the backward() calls"
        )
    return Ledger(name, entries, leaf.grad)


def ledger_lines(stepper: Any, node: GraphNode) -> list[str]:
    """Write what each edge of the stepper's pass adds to a node, with the cursor among the lines."""
    recording = stepper.recording
    arrivals = recording.arrivals(node.position)
    if not arrivals:
        what = (
            f"the seed, {written(recording.seed)}"
            if node is stepper.graph.root
            else "nothing: this pass never reaches it"
        )
        return [f"{node.id} receives {what}"]
    done = recording.offsets[stepper.pos] + stepper.edge
    lines = [f"{node.id} receives"]
    here = sum(k < done for k in arrivals)
    before = -1
    for place in _places_shown(len(arrivals), here):
        if place > before + 1:
            lines.append(f"  … {place - before - 1} more")
        before, k = place, arrivals[place]
        i = recording.step_of_send(k)
        sender = recording.node(i)
        send = recording.send(sender, recording.final[sender.position], k)
        total = f"total {written(send.after)}" if k < done else "still to come"
        lines.append(f"  step {i + 1:>3}  {written(send.amount)}  from {sender.formula}   {total}")
    return lines


def _places_shown(count: int, here: int) -> list[int]:
    """Give the first, the last, and those around the cursor, where there are too many to read."""
    if count <= SHOWN:
        return list(range(count))
    part = SHOWN // 6
    places = {*range(part), *range(here - part, here + part), *range(count - part, count)}
    return sorted(p for p in places if 0 <= p < count)
