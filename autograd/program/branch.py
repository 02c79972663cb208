"""``Branch``: one recording of a function, what it gives, and the guards under which it holds."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.modes import gc_paused
from autograd.node import Node
from autograd.program.reverse import gradient
from autograd.trees import flatten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autograd.program.guards import Guard
    from autograd.program.listing import Listing


class Branch:
    """One recording: a listing, where its results are, and the guards.

    ``captured`` are Values that the function found outside its arguments: inputs of the listing behind the arguments,
    read anew at every call. In a file they are the numbers that they had.
    """

    def __init__(
        self, listing: Listing, outputs: list[int], template: Any, guards: list[Guard], captured: Sequence[Any] = ()
    ) -> None:
        """Take what was recorded; ``template`` is the container of the results, None standing for each."""
        self.listing = listing
        self.outputs = outputs
        self.template = template
        self.guards = guards
        self.captured = list(captured)
        self.scalar = template is None or type(template) is float
        self._kernels: dict[Any, Any] = {}
        self.example: list[float] = []
        """The inputs at which this was recorded."""
        self.seconds = 0.0
        """What recording and compiling have taken so far."""

    def full(self, inputs: Sequence[Any]) -> list[Any]:
        """Give the inputs with the captured numbers, as they are now, behind them."""
        return [*inputs, *(x._data if isinstance(x, Node) else x for x in self.captured)]

    def kernel(self, order: int, wanted: tuple[int, ...], back_end: Callable[[Listing], Any]) -> Any:
        """Give compiled code for the results (order 0) or also their gradients (1), and behind them the guards."""
        key = (order, wanted, back_end)
        if key not in self._kernels:
            began = time.perf_counter()
            with gc_paused():
                self._kernels[key] = back_end(self.differentiated(order, wanted))
            self.seconds += time.perf_counter() - began
        return self._kernels[key]

    def differentiated(self, order: int, wanted: tuple[int, ...]) -> Listing:
        """Give a listing of the results, with order 1 the gradient of each, and the guards' operands."""
        listing = self.listing
        found = list(self.outputs)
        if order:
            listing = listing.copy()
            for y in self.outputs:
                found += gradient(listing, y, wanted)
        found_listing = listing.pruned([*found, *(g.operand for g in self.guards)])
        if order and len(self.outputs) == 1:
            found_listing.labels = {1 + k: w for k, w in enumerate(wanted)}
        return found_listing

    def derivative(self, wanted: tuple[int, ...], template: Any) -> Branch:
        """Give the recording of the gradient of a single result."""
        listing = self.listing.copy()
        outputs = gradient(listing, self.outputs[0], wanted)
        return Branch(listing, outputs, template, self.guards, self.captured)

    def holds(self, answers: Sequence[Any]) -> bool:
        """Tell whether the guards came out as they did when this was recorded."""
        return all(same(g.expected, a) for g, a in zip(self.guards, answers, strict=True))

    def rebuilt(self, results: list[Any]) -> Any:
        """Put the results into their containers."""
        return results[0] if self.scalar else flatten(self.template)[1](results)

    def __getstate__(self) -> dict[str, Any]:
        """Give plain data; captured Values become their numbers."""
        state = {k: getattr(self, k) for k in ("listing", "outputs", "template", "guards")}
        return {**state, "captured": self.full(())}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Read plain data."""
        self.__init__(**state)  # type: ignore[misc]


def same(expected: Any, found: Any) -> bool:
    """Tell whether two numbers are the same: nan is nan, and 0.0 is not −0.0.

    >>> same(0.0, -0.0), same(float("nan"), float("nan")), same(True, True)
    (False, True, True)
    """
    if expected != found:
        return bool(math.isnan(expected) and math.isnan(found))
    return expected != 0 or type(expected) is bool or math.copysign(1.0, expected) == math.copysign(1.0, found)


def same_lanes(expected: Any, found: Any) -> Any:
    """Tell for each lane whether its number is the expected one."""
    if np.isnan(expected):
        return np.isnan(found)
    if type(expected) is bool or expected != 0:
        return found == expected
    return (found == 0) & (np.signbit(found) == np.signbit(expected))
