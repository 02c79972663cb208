"""The whitelist: every function and constant that an expression may use, and nothing else.

The functions are the public operations of the derivative table and the array functions built on it. Only what is
listed here can ever be called from an expression; there is no other way to reach Python from its text.
"""

from __future__ import annotations

import math
from functools import cache, reduce
from typing import TYPE_CHECKING, Any

from autograd import functions, rules
from autograd.arrays import matmul, outer
from autograd.errors import InputTypeError
from autograd.operations import Elementwise
from autograd.windows import avg_pool2d, conv2d, max_pool2d

if TYPE_CHECKING:
    from collections.abc import Callable

CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}
"""Constants; a value that the user gives under the same name wins."""

ALIASES = {
    "σ": "sigmoid", "logistic": "sigmoid", "ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "arctan2": "atan2", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "φ": "normal_pdf", "pow": "power",
    "absolute": "abs", "unsqueeze": "expand_dims",
}  # fmt: skip
"""Other names for the same functions, as books and NumPy spell them."""

_ARRAYS = (
    "argmax argmin broadcast_to concatenate cumsum diagonal dot einsum expand_dims flatten flip log_softmax logsumexp "
    "mean norm pad permute prod softmax sort squeeze stack std swapaxes tril triu trace var"
)
_INFIX = {"add", "sub", "mul", "div", "neg", "positive", "mod", "equal"}  # written with signs
_INTERNAL = {"share", "sinc_slope"}


def _extremum(of_two: Any, of_array: Any, name: str) -> Callable[..., Any]:
    """``max(a, b)`` of several numbers, as Python has it, and ``max(x, axis=0)`` of an array."""

    def extremum(*args: Any, **params: Any) -> Any:
        if len(args) == 1:
            return of_array(args[0], **params)
        if not args or params:
            raise InputTypeError(f"write {name}(a, b) for numbers, or {name}(x, axis=0) for an array")
        return reduce(of_two, args)

    return extremum


@cache
def allowed() -> dict[str, Callable[..., Any]]:
    """Give every function by name, in alphabetical order, aliases last."""
    table: dict[str, Callable[..., Any]] = {
        op.name: op
        for op in (getattr(rules, name) for name in rules.__all__)
        if isinstance(op, Elementwise) and op.name not in _INFIX | _INTERNAL
    }
    table["power"] = table.pop("pow")
    table |= {name: getattr(functions, name) for name in _ARRAYS.split()}
    table |= {
        "sum": functions.sum_of, "reshape": functions.reshape_to, "transpose": functions.transposed,
        "matmul": matmul, "outer": outer, "conv2d": conv2d, "avg_pool2d": avg_pool2d, "max_pool2d": max_pool2d,
        "max": _extremum(rules.maximum, functions.max_of, "max"), "min": _extremum(rules.minimum, functions.min_of, "min"),
    }  # fmt: skip
    return dict(sorted(table.items())) | {alias: table[name] for alias, name in ALIASES.items()}


_FIRST_ONLY = (
    "argmax argmin broadcast_to cumsum diagonal expand_dims flatten flip log_softmax logsumexp mean norm pad permute prod "
    "reshape softmax sort squeeze std sum swapaxes trace transpose tril triu var"
)


@cache
def of_one_array() -> frozenset[Any]:
    """Give the functions of one array, whose further arguments are axes, shapes and counts."""
    return frozenset(allowed()[name] for name in _FIRST_ONLY.split())


def takes_numbers_only(function: Any) -> bool:
    """Tell whether every argument is a real number (or array of them): not an axis, a shape or a text."""
    return isinstance(function, Elementwise)
