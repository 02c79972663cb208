"""Computing without NumPy's warnings: edges have conventions here, and a convention does not warn.

``np.errstate`` costs more than a small array operation. Its setting lives in a context variable, so a context that
was copied once inside ``np.errstate(all="ignore")`` can be entered again and again for a tenth of that.
"""

from __future__ import annotations

import contextvars
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable


def _quiet_run() -> Callable[..., Any]:
    with np.errstate(all="ignore"):
        return contextvars.copy_context().run


def quiet_context() -> contextvars.Context:
    """Give a context of its own with the warnings off, for one caller at a time who may call back into this package."""
    context = contextvars.Context()
    context.run(np.seterr, all="ignore")
    return context


class _Local(threading.local):
    """One quiet context per thread."""

    def __init__(self) -> None:
        self.run = _quiet_run()


own = _Local()
"""The running thread's: ``own.run(f, …)`` is ``quietly(f, …)`` with one call less."""

run = _quiet_run()
"""One quiet context for whoever comes first: a context can be entered only once at a time, so a caller in another
thread gets a RuntimeError and takes ``quietly`` instead."""


def quietly(function: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """Call a NumPy computation with floating-point warnings off. It must not call back into this package.

    >>> quietly(np.log, np.zeros(1))
    array([-inf])
    """
    return own.run(function, *args, **named)
