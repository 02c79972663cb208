"""Check gradients: a right one is never accused, a wrong one never passes silently, the guilty operation is named.

>>> from autograd.check import assert_gradients, numeric_gradient
>>> assert_gradients(lambda x: (x * x).exp(), 0.5)
>>> result = numeric_gradient(lambda x: x * x, 3.0)
>>> result.status, abs(result.value - 6.0) <= result.bound
('smooth', True)

For functions of this engine, for NumPy functions with a hand-written gradient (``grad=``, ``vjp=``), and for PyTorch
and JAX (``from_torch``, ``from_jax``). ``strategies`` are for Hypothesis, ``plugin`` is for pytest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.check.checker import assert_gradients as assert_gradients
    from autograd.check.checker import check_gradients as check_gradients
    from autograd.check.foreign import from_jax as from_jax
    from autograd.check.foreign import from_torch as from_torch
    from autograd.check.habits import check_grads as check_grads
    from autograd.check.habits import gradcheck as gradcheck
    from autograd.check.numeric import NumericGradient as NumericGradient
    from autograd.check.numeric import numeric_gradient as numeric_gradient
    from autograd.check.report import Culprit as Culprit
    from autograd.check.report import GradientCheckError as GradientCheckError
    from autograd.check.report import Report as Report
    from autograd.check.verdicts import Element as Element

_PLACES = {
    "assert_gradients": "checker",
    "check_gradients": "checker",
    "numeric_gradient": "numeric",
    "NumericGradient": "numeric",
    "from_torch": "foreign",
    "from_jax": "foreign",
    "gradcheck": "habits",
    "check_grads": "habits",
    "Report": "report",
    "Culprit": "report",
    "GradientCheckError": "report",
    "Element": "verdicts",
}

__all__ = sorted(_PLACES)  # noqa: PLE0605  made from the table above


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: the pytest plugin must not load NumPy for everybody."""
    if name == "strategies":
        return import_module("autograd.check.strategies")
    if name not in _PLACES:
        raise AttributeError(f"module 'autograd.check' has no attribute {name!r}; it has {', '.join(__all__)}")
    found = getattr(import_module(f"autograd.check.{_PLACES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public face."""
    return __all__
