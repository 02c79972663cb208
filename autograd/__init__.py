"""An autograd engine in which nothing is hidden.

>>> from autograd import Value
>>> a, b = Value(2.0, name="a"), Value(-3.0, name="b")
>>> y = (a * b).tanh()
>>> y.backward()
>>> print(f"{a.grad:.6f}")
-0.000074

Everything public is listed in ``__all__`` and loaded when it is first used (PEP 562), so importing the package
costs nothing and tools that only need a part load only that part.
"""

from __future__ import annotations

import os as _os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.custom import operation as operation
    from autograd.functional import grad as grad
    from autograd.graph import Graph as Graph
    from autograd.tensor import Tensor as Tensor
    from autograd.value import Value as Value

_PLACES = {
    "errors": (
        "AnomalyError AutogradError ExpressionError GradientError InputTypeError InputValueError ShapeError StaleError "
        "TrackingError UnknownNameError"
    ),
    "modes": "detect_anomaly enable_grad gc_paused no_grad record_lines unfused",
    "value": "Value",
    "tensor": "Tensor",
    "zoom": "stack_values",
    "fusing": "linear",
    "custom": "operation",
    "functional": "grad value_and_grad",
    "products": "hessian hvp jacobian jvp vjp",
    "rules": (
        "acos acosh add asin asinh atan atan2 atanh cbrt ceil clip cos cosh div elu equal erf erfc exp exp2 expm1 floor "
        "fmod gelu gelu_tanh hardsigmoid hardtanh hypot leaky_relu log log10 log1p log2 logaddexp logsigmoid maximum "
        "minimum mish mod mul neg normal_cdf normal_pdf power reciprocal relu relu6 sech selu sigmoid sign silu sin sinc "
        "sinh softplus softsign sqrt square step sub tan tanh trunc where"
    ),
    "functions": (
        "argmax argmin broadcast_to concatenate cumsum diagonal dot einsum expand_dims flatten flip log_softmax logsumexp "
        "mean norm pad permute prod softmax sort split squeeze stack std swapaxes take_along_axis trace tril triu var"
    ),
    "arrays": "matmul outer",
    "windows": "avg_pool2d conv2d max_pool2d",
    "graph": "Graph",
    "opening": "unfuse",
    "program.compiled": "compile",
    "program.program": "Program",
    "whole.program": "ArrayProgram",
    "views.rails": "text",
    "drawing": "draw draw_dot make_dot",
    "scopes": "scope",
    "stepper": "Stepper",
    "stepper.ledger": "record_ledger",
    "explanation.explanation": "explain",
    "explanation.mistakes": "common_mistakes",
    "views": "tape tree",
}  # fmt: skip
_RENAMED = {
    "abs": ("rules", "absolute"),
    "pow": ("rules", "power"),
    "sum": ("functions", "sum_of"),
    "max": ("functions", "max_of"),
    "min": ("functions", "min_of"),
    "reshape": ("functions", "reshape_to"),
    "transpose": ("functions", "transposed"),
    "unsqueeze": ("functions", "expand_dims"),
    "load_ipython_extension": ("stepper.ipython", "load_ipython_extension"),
}
_FACE = {name: (place, name) for place, names in _PLACES.items() for name in names.split()} | _RENAMED

__all__ = [  # noqa: PLE0604  made from the table above; a test pins the list
    *sorted(_FACE),
    "__version__",
]

if _os.path.exists(_os.path.join(_os.path.dirname(__file__), "tracer.py")):  # noqa: PTH110, PTH118, PTH120  HIPS autograd
    from autograd.neighbour import warn_beside as _warn_beside

    _warn_beside()


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("chainrule")
        except PackageNotFoundError:  # running from a checkout that is not installed
            return "0+checkout"
    if name not in _FACE:
        raise _UnknownError(name)
    place, attribute = _FACE[name]
    found = getattr(import_module(f"autograd.{place}"), attribute)
    globals()[name] = found
    return found


class _UnknownError(AttributeError):
    """The message is made when it is read: the import system asks for each submodule here first, and does not read it."""

    def __str__(self) -> str:
        """Name the nearest public name."""
        import difflib

        (name,) = self.args
        close = difflib.get_close_matches(name, _FACE, 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        if name == "numpy":
            hint += "; autograd.numpy belongs to HIPS autograd, which is another package of the same import name"
        return f"module 'autograd' has no attribute {name!r}{hint}"


_UnknownError.__module__, _UnknownError.__qualname__ = "builtins", "AttributeError"  # as it is shown


def __dir__() -> list[str]:
    """List the public face."""
    return __all__
