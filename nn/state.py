"""The state of a module: parameters and buffers by path, as plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import InputTypeError, InputValueError, ShapeError
from nn.members import Branch, direct, joined, walk
from nn.parameter import assign, data_of, is_holder, shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nn.module import Module

Array = np.ndarray[Any, np.dtype[Any]]


def collect(module: Module) -> dict[str, Array]:
    """Copy all parameters and buffers, module by module in PyTorch's order."""
    return {name: np.array(data_of(x)) for name, x in entries(module)}


def entries(module: Module) -> list[tuple[str, Any]]:
    """Give every parameter as it is kept and every buffer; what is shared appears under each of its paths."""
    found: list[tuple[str, Any]] = []
    for path, m in walk(module):
        found.extend((joined(path, name), x) for name, x in direct(m) if not isinstance(x, Branch))
        found.extend((joined(path, name), x) for name, x in m.own_buffers())
    if len(dict(found)) < len(found):
        seen: set[str] = set()
        twice = next(name for name, _ in found if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise InputValueError(
            f"two members have the path {twice!r}; a name with a dot in it? Give each a name of its own"
        )
    return found


def shapes(module: Module) -> dict[str, tuple[int, ...]]:
    """Give the shape of every entry of the state."""
    return {name: shape_of(x) for name, x in entries(module)}


def check(expected: Mapping[str, tuple[int, ...]], given: Mapping[str, tuple[int, ...]], title: str) -> None:
    """Compare names and shapes; raise one error that lists everything that does not fit."""
    missing = [n for n in expected if n not in given]
    extra = [n for n in given if n not in expected]
    wrong = [n for n in expected if n in given and expected[n] != given[n]]
    if not (missing or extra or wrong):
        return
    lines = [f"the state does not fit {title}; nothing was changed:"]
    if missing:
        lines.append(f"  missing: {_some(missing)}")
    if extra:
        lines.append(f"  not in the model: {_some(extra)}")
    lines.extend(f"  {n}: got shape {given[n]}, the model has {expected[n]}" for n in wrong[:8])
    if len(wrong) > 8:
        lines.append(f"  … and {len(wrong) - 8} more shapes")
    if not wrong:
        lines.append("Compare with model.state_dict(), or pass strict=False to take what fits by name")
    raise (ShapeError if wrong else InputValueError)("\n".join(lines))


def _some(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" … ({len(names)} in all)" if len(names) > 8 else "")


def as_plain(name: str, x: Any) -> Array:
    """Give an entry as an array; PyTorch's tensors are understood without importing PyTorch."""
    if hasattr(x, "detach") and hasattr(x, "cpu"):
        x = x.detach().cpu().numpy()
    array = np.asarray(data_of(x))
    if array.dtype.kind not in "fiub":
        raise InputTypeError(f"entry {name!r} of the state holds {array.dtype}; expected real numbers")
    return array


def install(module: Module, new: Mapping[str, Any], *, strict: bool) -> None:
    """Check everything, then assign everything."""
    if not hasattr(new, "items"):
        raise InputTypeError(f"load_state_dict takes a dictionary of arrays; got {type(new).__name__}")
    arrays = {str(name): as_plain(str(name), x) for name, x in new.items()}
    expected = shapes(module)
    if strict:
        check(expected, {n: a.shape for n, a in arrays.items()}, type(module).__name__)
    else:
        both = [n for n in expected if n in arrays]
        check({n: expected[n] for n in both}, {n: arrays[n].shape for n in both}, type(module).__name__)
    for name, x in entries(module):
        if name not in arrays:
            continue
        if is_holder(x):
            assign(x, arrays[name])
        else:
            x[...] = arrays[name]
