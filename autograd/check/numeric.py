"""``numeric_gradient``: a gradient from values alone, with an error bound that holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.check.probe import Probe
from autograd.check.slopes import measure
from autograd.check.subjects import Engine, Plain, Subject
from autograd.errors import ShapeError
from autograd.modes import no_grad

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class NumericGradient:
    """A gradient from values alone.

    Attributes:
        value: the slopes, in the shape of the input (a float for a number).
        bound: how far each slope may be from the truth; inf where nothing settles.
        status: for each slope ``"smooth"``, ``"kink"``, ``"jump"``, ``"infinite"``, ``"edge"``, ``"flat"``,
            ``"undefined"`` or ``"unresolved"``; one word for a number.
        left, right: the one-sided slopes.
        evaluations: how often the function was computed.
    """

    value: Any
    bound: Any
    status: Any
    left: Any
    right: Any
    evaluations: int


def numeric_gradient(f: Callable[..., Any], x: Any) -> NumericGradient:
    """Give the gradient of a scalar function at ``x`` from its values, with an error bound.

    Args:
        f: a function of one number or array (or Value, or Tensor) that gives one number.
        x: a float, an array, a Value or a Tensor. A float or an array is handed to ``f`` as it is.

    Raises:
        ShapeError: f gives more than one number.

    >>> g = numeric_gradient(abs, 0.0)
    >>> g.status, g.left, g.right
    ('kink', -1.0, 1.0)
    >>> numeric_gradient(lambda x: float(np.sum(x**3)), np.array([1.0, 2.0])).value.round(9)
    array([ 3., 12.])
    """
    from autograd.node import Node

    subject: Subject = (
        Engine(f, (x,), None) if isinstance(x, Node | list) or _holds_nodes(x) else Plain(f, (x,), None, None, None)
    )
    with no_grad():
        outputs = subject.evaluate([leaf.data for leaf in subject.leaves])
        if sum(y.size for y in outputs) != 1:
            raise ShapeError(
                f"numeric_gradient takes a function that gives one number; this one gave shape {outputs[0].shape}"
            )
        probe = Probe(subject, [np.ones(y.shape) for y in outputs])
        found, used = [], 0
        for i, leaf in enumerate(subject.leaves):
            for k in range(leaf.data.size):
                line = probe.element(i, k)
                found.append(measure(line))
    used = probe.evaluations + 1
    shape = subject.leaves[0].data.shape if len(subject.leaves) == 1 else (len(found),)

    def shaped(column: list[Any]) -> Any:
        return np.array(column).reshape(shape) if shape else column[0]

    return NumericGradient(
        shaped([s.slope for s in found]),
        shaped([s.bound for s in found]),
        shaped([s.status for s in found]),
        shaped([s.left.slope for s in found]),
        shaped([s.right.slope for s in found]),
        used,
    )


def _holds_nodes(x: Any) -> bool:
    return isinstance(x, np.ndarray) and x.dtype.kind == "O"
