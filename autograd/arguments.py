"""What may enter an operation: recognising arrays of Values, reading nested lists, and saying no politely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import InputTypeError, InputValueError

if TYPE_CHECKING:
    from collections.abc import Callable


def boxed_object(a: Any) -> Any:
    """Put a single node into a 0-d array of objects; leave anything else alone."""
    if getattr(type(a), "_rank", 0) == 0:
        return a
    box = np.empty((), dtype=object)
    box[()] = a
    return box


def is_object(a: object) -> bool:
    """Tell whether ``a`` is an array of Python objects, which for us means of Values."""
    return isinstance(a, np.ndarray) and a.dtype.kind == "O"


def on_each(operation: Any, array: Any) -> Callable[[Any], Any]:
    """Give what applies an operation of one argument to each element of an array of objects.

    A Value's own method is the hot path; where all elements are of one type, it is looked for once.
    """

    def of(kind: type) -> Any:
        return (getattr(kind, operation.name, None) if getattr(kind, "_rank", 0) == 1 else None) or operation

    kinds = set(map(type, array.reshape(-1).tolist()))
    return of(kinds.pop()) if len(kinds) == 1 else lambda a: of(type(a))(a)


def check_array(a: Any) -> None:
    """Refuse arrays of text, dates or complex numbers."""
    if a.dtype.kind != "O":
        raise InputTypeError(bad_argument(a, "an operation"))


def as_array(x: Any) -> Any:
    """Turn nested lists into an array: of floats, or of objects when there are Values among them."""
    try:
        return np.asarray(x)
    except ValueError:
        raise InputValueError(
            f"a ragged list has no shape: {short(x)}; give rows of equal length, or pad them"
        ) from None


def short(x: object, width: int = 60) -> str:
    """Give ``repr(x)`` on one line, cut to ``width`` characters.

    >>> short("a" * 100, 10)
    "'aaaaaa..."
    """
    text = " ".join(repr(x).split())
    return text if len(text) <= width else text[: width - 3] + "..."


def bad_argument(x: Any, where: str) -> str:
    """Say why ``x`` cannot take part in a graph, and what to write instead."""
    kind = f"{x.dtype} array" if isinstance(x, np.ndarray) else type(x).__name__
    if isinstance(x, complex | np.complexfloating) or (isinstance(x, np.ndarray) and x.dtype.kind == "c"):
        advice = "use real numbers: keep x.real and x.imag as two inputs"
    elif isinstance(x, str) or (isinstance(x, np.ndarray) and x.dtype.kind in "US"):
        advice = "convert text first: float(text)"
    elif x is None:
        advice = "a value is missing here; a gradient is None until backward() has run"
    else:
        advice = "give a number, a NumPy array, a Value or a Tensor"
    return f"{where} got {short(x)} of type {kind}; expected real numbers. Instead: {advice}"


def real(a: Any) -> Any:
    """Give whole numbers and truths as floats, and floats as they are."""
    return a if np.result_type(a).kind == "f" else np.asarray(a, np.float64)
