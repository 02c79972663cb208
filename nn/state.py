"""The state of a module: parameters and buffers by path, as plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import InputTypeError, InputValueError, ShapeError
from nn.parameter import assign, data_of, shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nn.module import Module

Array = np.ndarray[Any, np.dtype[Any]]


def collect(module: Module) -> dict[str, Array]:
    """Copy all parameters and buffers; the order is that of the modules, as in PyTorch."""
    holders, buffers = dict(_all_holders(module)), dict(module.named_buffers())
    return {name: np.array(data_of(x)) for name, x in (holders | buffers).items()}


def _all_holders(module: Module) -> list[tuple[str, Any]]:
    """Give every holder under every path; a shared one appears under each, as in PyTorch."""
    from nn.module import Module, _walk, joined, members

    return [
        (joined(path, name), x) for path, m in _walk(module, "") for name, x in members(m) if not isinstance(x, Module)
    ]


def shapes(module: Module) -> dict[str, tuple[int, ...]]:
    """Give the shape of every entry of the state."""
    return {name: shape_of(x) for name, x in [*_all_holders(module), *module.named_buffers()]}


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
    if len(wrong) > 8:  # noqa: PLR2004
        lines.append(f"  … and {len(wrong) - 8} more shapes")
    if not wrong:
        lines.append("Compare with model.state_dict(), or pass strict=False to take what fits by name")
    raise (ShapeError if wrong else InputValueError)("\n".join(lines))


def _some(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" … ({len(names)} in all)" if len(names) > 8 else "")  # noqa: PLR2004


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
    for name, holder in _all_holders(module):
        if name in arrays:
            assign(holder, arrays[name])
    for name, buffer in module.named_buffers():
        if name in arrays:
            buffer[...] = arrays[name]
