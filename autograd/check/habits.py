"""The names that hands already type: PyTorch's ``gradcheck`` and the ``check_grads`` of JAX and HIPS autograd.

Both raise on a wrong gradient. Steps and tolerances are accepted, so that existing calls run, and not used: the
error bound takes their place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.check.checker import check_gradients
from autograd.check.report import GradientCheckError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def gradcheck(
    func: Callable[..., Any],
    inputs: Any,
    *,
    eps: float | None = None,  # noqa: ARG001  accepted, not needed
    atol: float | None = None,  # noqa: ARG001
    rtol: float | None = None,  # noqa: ARG001
    raise_exception: bool = True,
) -> bool:
    """Check ``func`` at ``inputs`` (one, or a tuple) and give True; PyTorch's name for ``assert_gradients``.

    >>> gradcheck(lambda x: x.tanh(), (0.5,))
    True
    """
    __tracebackhide__ = True
    report = check_gradients(func, *(inputs if isinstance(inputs, tuple) else (inputs,)))
    if raise_exception and not report.ok:
        raise GradientCheckError(report)
    return report.ok


def check_grads(
    f: Callable[..., Any],
    args: Sequence[Any],
    order: int = 1,
    modes: Any = None,  # noqa: ARG001  accepted, not needed
    atol: float | None = None,  # noqa: ARG001
    rtol: float | None = None,  # noqa: ARG001
    eps: float | None = None,  # noqa: ARG001
) -> None:
    """Check ``f(*args)`` up to ``order``; JAX's name for ``assert_gradients``.

    >>> check_grads(lambda x, y: x * y.exp(), (2.0, 0.5), order=2)
    """
    __tracebackhide__ = True
    report = check_gradients(f, *args, order=order)
    if not report.ok:
        raise GradientCheckError(report)
