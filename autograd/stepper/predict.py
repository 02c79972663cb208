"""The ``predict`` mode: a learner says what an edge will send before it is shown, and hears how far off that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.stepper.numbers import is_array, plain, written

if TYPE_CHECKING:
    from autograd.stepper.records import Send


def verdict(answer: Any, send: Send) -> tuple[bool, str]:
    """Judge an answer: whether it is right, and in words how far off it is.

    Right means within half a percent, or equal in the four decimals that the screen shows.
    """
    given, wanted = plain(answer), plain(send.amount)
    if is_array(wanted) or is_array(given):
        if np.shape(given) != np.shape(wanted):
            return False, f"the shapes differ: yours is {list(np.shape(given))}, sent is {list(np.shape(wanted))}"
        worst = float(np.max(np.abs(np.asarray(given) - wanted), initial=0.0))
        good = bool(np.allclose(given, wanted, rtol=5e-3, atol=5e-5))
        return good, "right" if good else f"not yet: the largest difference is {worst:.4g}"
    given, wanted = float(given), float(wanted)
    if near(given, wanted):
        return True, "right" if given == wanted else f"right: it is {written(wanted)}"
    shown = f"it is {written(wanted)}"
    if not np.isfinite(wanted) or not np.isfinite(given):
        return False, shown
    if near(given, -wanted):
        return False, f"right size, wrong sign: {shown}"
    if near(given, float(plain(send.after))) and not send.first:
        return False, f"that is the new total; the amount that is added: {shown}"
    if send.local is not None and near(given, float(plain(send.local))):
        return (
            False,
            f"that is the local derivative; multiply it by the upstream gradient {written(send.upstream)}: {shown}",
        )
    if near(given, float(plain(send.upstream))):
        return False, f"that is the upstream gradient; multiply it by the local derivative {send.formula}: {shown}"
    off = given - wanted
    share = f" ({abs(off / wanted):.1%})" if wanted else ""
    return False, f"off by {off:+.4g}{share}: {shown}"


def near(given: float, wanted: float) -> bool:
    """Tell whether two numbers agree as far as a learner's answer must."""
    return given == wanted or abs(given - wanted) <= max(5e-3 * abs(wanted), 5e-5 if abs(wanted) >= 1e-3 else 0.0)
