"""Finite differences at one node: is what it sends the derivative of what it computes?

For each argument a the operation is computed at a ± h·v, with a fixed direction v, and

    Σ gradient · (f(a + hv) − f(a − hv)) / 2h     is compared with     Σ amount · v.

At a kink the two one-sided differences disagree, and the report says so instead of blaming the rule. The step h
follows Press et al., *Numerical Recipes* (3rd ed. 2007), section 5.7: the cube root of the rounding error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import GradientError
from autograd.operations import Elementwise

if TYPE_CHECKING:
    from autograd.stepper.records import Step


@dataclass(frozen=True, slots=True)
class LocalCheck:
    """One argument: what was sent and what finite differences say, both along the direction v."""

    to: str
    slot: int
    sent: float
    measured: float
    error: float
    tolerance: float
    kink: bool

    @property
    def ok(self) -> bool:
        """Whether both agree within the tolerance, or a kink explains the difference."""
        return self.kink or self.error <= self.tolerance or (np.isnan(self.sent) and bool(np.isnan(self.measured)))


def check_step(step: Step) -> list[LocalCheck]:
    """Check each edge of a backward step."""
    if step.direction != "backward":
        raise GradientError("only a backward step sends gradients; there is nothing to check in a forward step")
    node = step.node.node
    datas = [np.asarray(a.data, dtype=np.float64 if np.size(a.data) == 1 else None) for a in step.node.args]
    parameters = node._parameters()
    rule = node._rule
    g = np.asarray(step.upstream)

    def value(args: list[Any]) -> Any:
        with np.errstate(all="ignore"):
            result = rule.compute(*args, **parameters) if not isinstance(rule, Elementwise) else rule(*args)
        return np.asarray(result, dtype=np.float64)

    return [_edge(send, datas, value, g) for send in step.sends]


def _edge(send: Any, datas: list[Any], value: Any, g: Any) -> LocalCheck:
    x = datas[send.slot]
    kind = send.to.data
    precision = np.finfo(kind.dtype if isinstance(kind, np.ndarray) else np.float64).eps
    scale = float(max(1.0, np.max(np.abs(x), initial=0.0))) if np.all(np.isfinite(x)) else 1.0
    h = float(precision ** (1 / 3)) * scale
    # A fixed direction without symmetry, so that no mistake cancels by accident; 1 for a single number.
    v = np.cos(1.0 + np.arange(x.size)).reshape(x.shape) if x.size > 1 else np.ones_like(x)

    def at(t: float) -> Any:
        args = list(datas)
        args[send.slot] = (x + t * v).astype(x.dtype)
        return value(args)

    with np.errstate(all="ignore"):
        here, up, down = at(0.0), at(h), at(-h)
        measured = float(np.sum(g * (up - down) / (2 * h)))
        right, left = float(np.sum(g * (up - here) / h)), float(np.sum(g * (here - down) / h))
        sent = float(np.sum(np.asarray(send.amount) * v))
        size = float(np.sum(np.abs(g * here)))
        tolerance = (
            1e3 * float(precision ** (2 / 3)) * max(1.0, abs(measured), abs(sent)) + 10 * float(precision) * size / h
        )
        error = abs(sent - measured)
        kink = error > tolerance and abs(right - left) > 1e-2 * max(abs(right), abs(left)) and (
            min(left, right) - tolerance <= sent <= max(left, right) + tolerance
        )  # fmt: skip
    return LocalCheck(send.to.id, send.slot, sent, measured, error, tolerance, bool(kink))
