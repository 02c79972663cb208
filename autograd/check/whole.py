"""What is checked of a function as a whole: passes that repeat, linearity in the cotangent, shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import short
from autograd.check.inputs import same_bits
from autograd.errors import InputTypeError
from autograd.node import Node

if TYPE_CHECKING:
    from autograd.check.report import Report
    from autograd.check.subjects import Subject

Array = np.ndarray[Any, np.dtype[Any]]


FACTOR = -2.0
"""What a second backward pass multiplies its cotangent with: exact, and a rule that forgets the sign is seen."""


def check_repeats(subject: Subject, gradients: list[Any], report: Report) -> None:
    """Backward twice gives the same twice; -2 times the cotangent gives -2 times the gradient.

    One pass mostly shows both: without an error it gives exactly -2 times the bits of the first one. Where it does not
    (a number too small or too large for that, or an error), each is looked at by itself.
    """
    kept = [None if g is None else np.array(_data(g)) for g in gradients]
    scaled = subject.again(FACTOR)
    if not scaled or all(_is_multiple(g, other) for g, other in zip(kept, scaled, strict=False)):
        return
    kept_scaled = [None if g is None else np.array(_data(g)) for g in scaled]
    for leaf, g, other in zip(subject.leaves, kept, subject.again(), strict=False):
        if (g is None) != (other is None) or (g is not None and not same_bits(g, _data(other))):
            report.problems.append(f"a second backward pass gives another gradient for {leaf.path}")
    for leaf, g, other in zip(subject.leaves, kept, kept_scaled, strict=False):
        if g is None or other is None or np.shape(g) != np.shape(other):
            continue
        with np.errstate(all="ignore"):
            expected = FACTOR * np.asarray(g, float)
            info = np.finfo(leaf.dtype)  # below this, numbers lose digits, and scaling them gains some
            least = float(info.tiny / info.eps)
            close = np.isclose(expected, np.asarray(other, float), rtol=1e-6, atol=least, equal_nan=True)
            if not np.all(close | ~np.isfinite(expected)):
                report.problems.append(
                    f"the gradient of {leaf.path} is not linear in the cotangent: vjp(-2v) differs from -2·vjp(v)"
                )


def _is_multiple(g: Any, other: Any) -> bool:
    if g is None or other is None:
        return g is other
    expected, found = FACTOR * np.asarray(g, float), np.asarray(_data(other), float)
    return np.array_equal(expected, found, equal_nan=True)


def _data(g: Any) -> Any:
    return g._data if isinstance(g, Node) else g


def check_shapes(subject: Subject, gradients: list[Any], report: Report) -> list[Array | None]:
    """Give each gradient as an array of its input's shape; a missing one as zeros; None where the shape is wrong."""
    usable: list[Array | None] = []
    for leaf, g in zip(subject.leaves, gradients, strict=True):
        if g is None:
            usable.append(np.zeros(leaf.data.shape))
            continue
        array = np.asarray(_data(g))
        if array.dtype.kind not in "fiub":
            raise InputTypeError(f"the gradient of {leaf.path} is {short(g)}; expected real numbers")
        if array.shape != leaf.data.shape:
            reduced = "; is a sum over a broadcast axis missing?" if array.size > leaf.data.size else ""
            report.problems.append(
                f"the gradient of {leaf.path} has shape {array.shape}, and {leaf.path} has shape {leaf.data.shape}{reduced}"
            )
            usable.append(None)
            continue
        usable.append(array.astype(float))
    return usable
