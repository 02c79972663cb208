"""Modes: what is switched on for a while, in one thread or task only.

``no_grad()``          operations compute but record nothing.
``detect_anomaly()``   the first value that is not finite raises, with its operation, inputs, name and line.
``record_lines()``     every node remembers the source line that made it.
``unfused()``          one node per operation, where otherwise one node stands for many.
``gc_paused()``        Python's cyclic garbage collector rests (our graphs have no cycles to collect).

The state lives in a context variable, so threads and asyncio tasks do not see each other's modes, and leaving
by an exception restores it. A generator that is paused inside a block has not left it: the block holds for
whoever goes on in that thread, until the generator ends or is closed. ``active`` counts the modes that are on
anywhere in the process: the hot path reads that one number, and asks the context variable only when it is not
zero.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

active = 0
"""How many modes are on in the whole process; written under a lock, read without one."""

unfusing = 0
"""How many blocks of ``unfused()`` are on; counted apart, since they leave the hot path as it is."""

_lock = threading.Lock()
_PACKAGES = tuple(f"{Path(__file__).parents[1] / name}{os.sep}" for name in ("autograd", "nn"))


@dataclass(frozen=True, slots=True)
class Modes:
    """The modes of one thread or task."""

    recording: bool = True
    anomaly: bool = False
    lines: bool = False
    fused: bool = True
    """Whether an operation such as Σ w·x + b becomes one node."""
    ledger: Any = None
    """Where backward calls are entered, inside ``record_ledger()``."""
    trace: Any = None
    """What writes every operation down, while a function is compiled."""


_DEFAULT = Modes()


@dataclass(slots=True, eq=False)
class _Block:
    """One ``with`` block: what it changes, what held when it was entered, what holds inside."""

    changes: dict[str, Any]
    below: Modes
    inside: Modes
    on: bool = True


_blocks: ContextVar[tuple[_Block, ...]] = ContextVar("autograd_modes", default=())


def current() -> Modes:
    """Give the modes of the running thread or task."""
    modes = _DEFAULT
    for block in _blocks.get():
        if block.on:
            modes = block.inside if block.below is modes else replace(modes, **block.changes)
    return modes


@contextmanager
def _mode(*, plain: bool = True, **changes: Any) -> Iterator[None]:
    # Blocks of generators may end in another order than they began, or in another thread: each takes back its own.
    # ``plain`` modes change what every operation does; the others are asked for only where they matter.
    global active, unfusing  # noqa: PLW0603  the documented counts
    below = current()
    block = _Block(changes, below, replace(below, **changes))
    _blocks.set((*_blocks.get(), block))
    with _lock:
        active += plain
        unfusing += not plain
    try:
        yield
    finally:
        block.on = False
        with _lock:
            active -= plain
            unfusing -= not plain
        _blocks.set(tuple(b for b in _blocks.get() if b.on))


def no_grad() -> Any:
    """Compute without recording: results are constants. A context manager, also usable as a decorator.

    >>> from autograd import Value
    >>> w = Value(2.0)
    >>> with no_grad():
    ...     y = w * w
    >>> y.requires_grad
    False
    """
    return _mode(recording=False)


def enable_grad() -> Any:
    """Record again inside a ``no_grad()`` block."""
    return _mode(recording=True)


def detect_anomaly() -> Any:
    """Raise ``AnomalyError`` at the first value or gradient that is nan or infinite.

    The forward pass is watched first, since a nan gradient almost always begins as a nan value.

    >>> from autograd import Value
    >>> with detect_anomaly():
    ...     Value(-0.3, name="v").sqrt()
    Traceback (most recent call last):
    ...
    autograd.errors.AnomalyError: first non-finite value: √(v) = nan, from v = -0.3 (line 2 of <doctest autograd.modes.detect_anomaly[1]>)
    """
    return _mode(anomaly=True, lines=True)


def record_lines() -> Any:
    """Let every node remember the line of source that made it (slower; for tools)."""
    return _mode(lines=True)


def unfused() -> Any:
    """Record every multiplication and addition as a node of its own: for looking closely, not for speed.

    Otherwise a sum of many Values, a dot product, a neuron of ``nn`` and a layer or a cross-entropy on Tensors are one
    node each. What was recorded fused can also be opened afterwards: ``autograd.unfuse(y)``.

    >>> import autograd as ag
    >>> w, x = [ag.Value(2.0), ag.Value(3.0)], [ag.Value(5.0), ag.Value(7.0)]
    >>> len(ag.Graph(ag.dot(w, x)))
    5
    >>> with unfused():
    ...     len(ag.Graph(ag.dot(w, x)))
    7
    """
    return _mode(plain=False, fused=False)


def fusing() -> bool:
    """Tell whether fused rows may be used here."""
    return not (unfusing or active) or current().fused


def tracing(trace: Any, *, fused: bool = False) -> Any:
    """Let ``trace`` see every operation, comparison and reading of a Value; for ``autograd.compile``."""
    return _mode(trace=trace, fused=fused)


def trace_on() -> Any:
    """Give the trace that is being written here, or None."""
    return current().trace if active else None


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pause Python's cyclic garbage collector; it goes on afterwards if it was on before.

    Graphs here have no reference cycles and are freed by counting alone, so the collector only costs time when
    many nodes are built (a factor of two at 100 000 nodes).

    >>> with gc_paused():
    ...     gc.isenabled()
    False
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def of_the_user(file: str) -> bool:
    """Tell whether a file of source is neither ours nor NumPy's."""
    return not file.startswith(_PACKAGES) and "/numpy/" not in file


def caller_line() -> tuple[str, int] | None:
    """Give file and line of the innermost frame outside these packages and NumPy: where the user's own code stands."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if of_the_user(name):
            return name, frame.f_lineno
        frame = frame.f_back  # type: ignore[assignment]
    return None
