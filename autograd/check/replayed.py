"""A function of many single numbers is recorded once and replayed, where that gives the same bits.

A check calls its function several times for each number. With many numbers, compiling pays: the function is called
itself until the check has seen that it repeats, then it is recorded, and the recording is held against the function,
bit for bit, at three points before it is trusted. Comparisons and numbers that are read are guarded (see
``autograd.program``); whatever else goes wrong, or takes another way at every point, sends the check back to the
function itself, for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.check.inputs import same_bits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Array = np.ndarray[Any, np.dtype[Any]]
MANY = 24
"""Below so many numbers a check is over before compiling would be paid back."""
CALLS = 4
"""So many calls of the function itself come first: enough to see whether it repeats."""
TRIALS = 3
"""Points at which the recording is held against the function."""
WAYS = 4
"""A function with more ways than this near one point is called, not replayed."""


class Replay:
    """Decides, call by call, whether the recording may answer instead of the function."""

    def __init__(self, function: Callable[..., Sequence[Any]]) -> None:
        """Take the function from single numbers to a list of outputs."""
        self.function = function
        self.recordings = 0
        """How often the function was run to be recorded."""
        self._calls = 0
        self._trials = 0
        self._program: Any = None
        self._given_up = False

    def outputs(self, inputs: Sequence[float]) -> list[Array] | None:
        """Give the outputs from the recording; None while, or when, the function itself must be called."""
        if self._given_up or self._trials < TRIALS:
            return None
        try:
            found = self._replayed(inputs)
        except Exception:  # noqa: BLE001  the function itself will raise it again, where it can be reported
            self._give_up()
            return None
        if len(self._program.branches) > WAYS:
            self._give_up()
        return found

    def saw(self, inputs: Sequence[float], found: list[Array]) -> None:
        """Note what the function gave; record it when it is time, and compare the recording with it."""
        self._calls += 1
        if self._given_up or self._calls < CALLS:
            return
        try:
            if self._program is None:
                from autograd.program.compiled import compile as compiled

                self._program = compiled(lambda *x: tuple(self.function(*x)), *inputs)
            again = self._replayed(inputs)
        except Exception:  # noqa: BLE001  it cannot be recorded, for whatever reason
            self._give_up()
            return
        self._trials += 1
        if len(again) != len(found) or not all(
            a.dtype == b.dtype and a.shape == b.shape and same_bits(a, b) for a, b in zip(again, found, strict=True)
        ):
            self._give_up()

    def _replayed(self, inputs: Sequence[float]) -> list[Array]:
        before = len(self._program.branches)
        found = [np.asarray(y) for y in self._program.value(*inputs)]
        self.recordings += len(self._program.branches) - before + (self._trials == 0 and before == 1)
        return found

    def _give_up(self) -> None:
        self._given_up, self._program = True, None
