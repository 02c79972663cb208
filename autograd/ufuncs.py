"""NumPy's names for our operations: how ``np.exp(v)`` and ``np.concatenate([x, y])`` reach the table."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import functions, modes, rules
from autograd.arguments import is_object
from autograd.arrays import matmul, outer
from autograd.errors import InputTypeError
from autograd.faces import data_of
from autograd.node import Node
from autograd.operations import TABLE
from autograd.zoom import split

if TYPE_CHECKING:
    from collections.abc import Callable

# NumPy's name → ours, where they differ; the other ufuncs are found by their own name.
RENAMED = {
    "subtract": "sub", "multiply": "mul", "divide": "div", "true_divide": "div", "negative": "neg", "power": "pow",
    "float_power": "pow", "remainder": "mod", "absolute": "abs", "fabs": "abs", "arcsin": "asin", "arccos": "acos",
    "arctan": "atan", "arctan2": "atan2", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "matmul": "matmul",
}  # fmt: skip
SIGNS = {"less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">=", "equal": "==", "not_equal": "!="}
COMPARISONS = {
    *SIGNS,
    "isfinite",
    "isnan",
    "isinf",
    "signbit",
}


# Where NumPy's arguments or defaults differ from ours, a function with NumPy's.


def _norm(a: Any, ord: Any = None, axis: Any = None, *, keepdims: bool = False) -> Any:  # noqa: A002  NumPy's name
    if ord not in (None, "fro") and not (ord == 2 and (np.ndim(a) == 1 or isinstance(axis, int))):
        raise InputTypeError(
            f"np.linalg.norm with ord={ord!r} is not tracked; ours is the Euclidean norm. Write abs(x).sum() for ord=1, "
            "abs(x).max() for the largest"
        )
    return functions.norm(a, axis, keepdims=keepdims)


def _cumsum(a: Any, axis: Any = None) -> Any:
    return functions.cumsum(functions.flatten(a), 0) if axis is None else functions.cumsum(a, axis)


def _leading_axes_last(a: Any) -> Any:
    return functions.permute(a, *range(2, a.ndim), 0, 1) if a.ndim > 2 else a


def _diagonal(a: Any, offset: int = 0) -> Any:
    return functions.diagonal(_leading_axes_last(a), offset)


def _trace(a: Any, offset: int = 0) -> Any:
    return functions.trace(_leading_axes_last(a), offset)


def _pad(a: Any, pad_width: Any, mode: str = "constant", constant_values: float = 0.0) -> Any:
    if mode != "constant":
        raise InputTypeError(
            f"np.pad with mode={mode!r} is not tracked; ours pads with a constant: autograd.pad(x, widths, value)"
        )
    return functions.pad(a, pad_width, constant_values)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sum": functions.sum_of, "mean": functions.mean, "prod": functions.prod, "max": functions.max_of, "amax": functions.max_of,
    "min": functions.min_of, "amin": functions.min_of, "var": functions.var, "std": functions.std, "norm": _norm,
    "argmax": functions.argmax, "argmin": functions.argmin, "reshape": functions.reshape_to, "ravel": functions.flatten,
    "transpose": functions.transposed, "squeeze": functions.squeeze, "expand_dims": functions.expand_dims,
    "swapaxes": functions.swapaxes, "broadcast_to": functions.broadcast_to, "concatenate": functions.concatenate,
    "stack": functions.stack, "split": functions.split, "dot": functions.dot, "matmul": matmul, "outer": outer,
    "where": rules.where, "clip": rules.clip, "flip": functions.flip, "cumsum": _cumsum, "triu": functions.triu,
    "tril": functions.tril, "diagonal": _diagonal, "trace": _trace, "einsum": functions.einsum,
    "sort": functions.sort, "sinc": rules.sinc, "take_along_axis": functions.take_along_axis, "pad": _pad,
}  # fmt: skip
"""NumPy's array functions, by name."""

ANSWERS = {
    "allclose",
    "isclose",
    "array_equal",
    "array_equiv",
    "any",
    "all",
    "argsort",
    "nonzero",
    "flatnonzero",
    "count_nonzero",
}
"""Functions that answer with truths, places or counts: of the bare numbers, like comparisons; they have no derivative."""

INSTEAD = {
    "vstack": "autograd.concatenate([a, b])", "hstack": "autograd.concatenate([a, b], axis=-1)",
    "column_stack": "autograd.stack([a, b], axis=1)", "append": "autograd.concatenate([a, b])",
    "roll": "autograd.concatenate([x[-k:], x[:-k]])", "tile": "autograd.concatenate([x] * n)",
    "repeat": "x[np.repeat(np.arange(len(x)), n)]", "diff": "x[1:] - x[:-1]", "gradient": "(x[2:] - x[:-2]) / 2",
    "tensordot": "autograd.einsum('ij,jk->ik', a, b)", "inner": "autograd.einsum('...i,...i->...', a, b)",
    "kron": "autograd.einsum('ij,kl->ikjl', a, b), and reshape", "cross": "its three components, and autograd.stack",
    "ptp": "x.max() - x.min()", "average": "(x * w).sum() / w.sum()", "median": "the middle of x.sort()",
    "moveaxis": "x.permute(…)", "rollaxis": "x.permute(…)", "diag": "x.diagonal(), or np.eye(n) * x for a matrix",
    "nan_to_num": "autograd.where(np.isfinite(x), x, 0.0)", "flipud": "x.flip(axis=0)", "fliplr": "x.flip(axis=1)",
    "round": "np.round(x.data): its derivative is 0 everywhere", "atleast_1d": "x.reshape(…)", "atleast_2d": "x.reshape(…)",
    "zeros_like": "np.zeros(x.shape)", "ones_like": "np.ones(x.shape)", "copy": "x * 1.0",
    "nansum": "autograd.where(np.isnan(x), 0.0, x).sum()",
}  # fmt: skip
"""What to write for functions of NumPy that many people reach for."""


def apply_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Apply a NumPy ufunc to nodes by looking up the operation of that name."""
    name = ufunc.__name__
    if any(is_object(x) for x in inputs) and method == "__call__" and not options:
        # An array of Values with a single Value: box the single one, and let NumPy go element by element.
        boxed = [np.array(split(x), dtype=object) if isinstance(x, Node) else x for x in inputs]
        return ufunc(*boxed)
    if method == "reduce" and name in ("add", "multiply", "maximum", "minimum"):
        reduce = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min"}[name]
        return apply_function(FUNCTIONS[reduce], inputs, {"axis": 0, **options}, reduce)
    if method != "__call__" or options:
        extra = f".{method}" if method != "__call__" else f" with {sorted(options)}"
        raise InputTypeError(
            f"np.{name}{extra} cannot be tracked; write the expression without it (out= and where= write into arrays, and "
            "a graph has no such step)"
        )
    if name in SIGNS and modes.active and (trace := modes.trace_on()) is not None:
        return trace.compared(SIGNS[name], *inputs)
    if name in COMPARISONS:
        return ufunc(*(data_of(x) for x in inputs))
    operation = TABLE.get(RENAMED.get(name, name))
    if operation is None:
        raise InputTypeError(
            f"np.{name} has no derivative here; write it with operations of the table, or add one with "
            "@autograd.operation. For the bare numbers use .data"
        )
    return operation(*inputs)


def _bare(x: Any) -> Any:
    return data_of(x) if isinstance(x, Node) else x


def apply_function(function: Any, args: Any, named: dict[str, Any], name: str | None = None) -> Any:
    """Apply a NumPy array function to nodes by looking up ours of that name."""
    name = name or function.__name__
    ours = FUNCTIONS.get(name)
    if name in ("shape", "ndim", "size"):
        return getattr(np.empty(args[0].shape), name)
    if name in ANSWERS:
        return function(*map(_bare, args), **{k: _bare(x) for k, x in named.items()})
    if ours is None:
        where = "linalg." if "linalg" in getattr(function, "__module__", "") else ""
        way = f"write {INSTEAD[name]}" if name in INSTEAD else f"NumPy's names that are: {', '.join(sorted(FUNCTIONS))}"
        raise InputTypeError(f"np.{where}{name} is not tracked; {way}. For the bare numbers use .data")
    given = {
        k: v
        for k, v in named.items()
        if v is not None and v is not np._NoValue and not (k == "keepdims" and v is False)
    }
    if name == "clip":
        return ours(*args[:1], *(args[1:] or (given["a_min"], given["a_max"])))
    try:
        inspect.signature(ours).bind(*args, **given)
    except TypeError as error:
        raise InputTypeError(
            f"np.{name} is tracked without some of NumPy's options: {error}. Leave the option out, or call autograd.{name}"
        ) from None
    return ours(*args, **given)
