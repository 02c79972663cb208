"""The probe: a subject at a point, reduced to functions of one number that can be measured.

Types
    Probe      φ(x) = Σ v·f(x) at a point, with lines along single elements and along directions.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.check.ladder import EPS, power_of_two
from autograd.check.slopes import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autograd.check.subjects import Subject

Array = np.ndarray[Any, np.dtype[Any]]


def cotangents(outputs: Sequence[Array], seed: int) -> list[Array]:
    """Draw a cotangent for each output: magnitudes from 0.5 to 1.5 with random signs; 1 for a single number.

    A single number keeps its gradient as its user knows it; that cotangents are used is seen when 1 becomes 2.

    >>> [bool(0.5 <= abs(v) <= 1.5) for v in cotangents([np.zeros(2)], 0)[0]]
    [True, True]
    """
    if len(outputs) == 1 and outputs[0].size == 1:
        return [np.ones(outputs[0].shape, outputs[0].dtype if outputs[0].dtype.kind == "f" else float)]
    source = random.Random(seed)  # noqa: S311  reproducible, no secret
    result = []
    for y in outputs:
        flat = [math.copysign(0.5 + source.random(), source.random() - 0.5) for _ in range(y.size)]
        # Sixteen bits are plenty, and exact in every floating type.
        v = np.round(np.array(flat) * 65536) / 65536
        result.append(v.reshape(y.shape).astype(y.dtype if y.dtype.kind == "f" else float))
    return result


class Probe:
    """Σ v·f around a point, in double precision where the function permits it."""

    def __init__(self, subject: Subject, weights: list[Array]) -> None:
        """Choose the precision, and compute the value at the point."""
        self.subject = subject
        self.weights = [np.asarray(w, dtype=float).reshape(-1).tolist() for w in weights]
        self.evaluations = 0
        self.raised: list[tuple[str, float, Exception]] = []
        kinds = [leaf.data.dtype for leaf in subject.leaves]
        self.data = [leaf.data.astype(np.float64, order="C") for leaf in subject.leaves]
        self.eps = EPS
        if any(k != np.float64 for k in kinds) and not self._permits_double():
            self.data = [leaf.data.copy(order="C") for leaf in subject.leaves]
        outputs = subject.evaluate(self.data)
        for a in [*self.data, *outputs]:
            if a.dtype.kind == "f" and a.dtype.itemsize < 8:
                self.eps = max(self.eps, float(np.finfo(a.dtype).eps))
        self.value = self._combined(outputs)
        self.shake: float | None = None
        """Rounding that the graph lets us expect; asked for when the quick pass has failed."""

    def _permits_double(self) -> bool:
        try:
            outputs = self.subject.evaluate(self.data)
        except Exception:  # noqa: BLE001  the function insists on its own precision
            return False
        return all(y.dtype.kind != "f" or y.dtype == np.float64 for y in outputs)

    def _combined(self, outputs: Sequence[Array]) -> float:
        self.evaluations += 1
        if len(outputs) == 1 and outputs[0].size == 1:
            return float(outputs[0].reshape(())) * float(self.weights[0][0])
        products: list[float] = []
        for w, y in zip(self.weights, outputs, strict=True):
            products.extend(map(float.__mul__, w, np.asarray(y, dtype=float).reshape(-1).tolist()))
        try:
            return math.fsum(products)
        except (OverflowError, ValueError):  # fsum refuses inf − inf
            return math.nan

    def element(self, leaf: int, k: int) -> Line:
        """Give the line along one element."""
        flat = self.data[leaf].reshape(-1)
        x = float(flat[k])

        def at(t: float) -> float:
            flat[k] = x + t
            try:
                return self._combined(self.subject.evaluate(self.data))
            finally:
                flat[k] = x

        return Line(at, x, eps=self.eps, shake=self.shake or 0.0, value=self.value)

    def direction(self, moves: Sequence[tuple[int, Array, Array]]) -> Line:
        """Give the line on which the elements ``(leaf, positions, entries)`` move together, all others staying."""
        flats = [(self.data[leaf].reshape(-1), where, entries) for leaf, where, entries in moves]
        starts = [flat[where].copy() for flat, where, _ in flats]

        def at(t: float) -> float:
            for (flat, where, entries), start in zip(flats, starts, strict=True):
                flat[where] = start + t * entries
            try:
                return self._combined(self.subject.evaluate(self.data))
            finally:
                for (flat, where, _), start in zip(flats, starts, strict=True):
                    flat[where] = start

        # The entries carry the sizes of the elements, so a step of 1 is as large as the point.
        largest = max((float(np.max(np.abs(entries), initial=1.0)) for _, _, entries in moves), default=1.0)
        return Line(at, 1.0, eps=self.eps, shake=self.shake or 0.0, value=self.value, fine=power_of_two(largest))

    def entries(self, leaf: int, signs: Array) -> Array:
        """Give ±2^round(log₂|xᵢ|), so that steps are exact; ±1 where x is 0."""
        x = np.abs(self.data[leaf].reshape(-1).astype(float))
        sizes = np.exp2(np.round(np.log2(np.where(x > 0, x, 1.0))))
        return np.asarray(signs * sizes)

    def note(self, line: Line, name: str) -> None:
        """Keep what the function raised along a line, with the point where it did."""
        self.raised.extend((name, line.x + t, error) for t, error in line.raised[:1])

    def expect_rounding(self, shake: Callable[[], float]) -> None:
        """Ask once how much rounding the recorded graph lets us expect."""
        if self.shake is None:
            self.shake = shake()

    @staticmethod
    def size(x: float) -> float:
        """Give the power of two below ``|x|``; 1 for 0."""
        return power_of_two(x) if x else 1.0
