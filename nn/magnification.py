"""Zoom: the same network with Tensors, or with a Value for every single weight.

The copy has new leaves with the same numbers: training one does not change the other. Frozen parameters stay
frozen, shared ones stay shared, buffers are copied, hooks are left behind. Values are float64, so a float32
network gains digits on the way there, and comes back as float64.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, Value
from nn.members import Branch
from nn.parameter import as_values, data_of, is_holder, is_values, leaves_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nn.module import Module


def scalars(module: Module) -> Any:
    """Copy a module with every Tensor split into Values."""
    return _copied(module, _to_values, {})


def tensors(module: Module) -> Any:
    """Copy a module with every array of Values joined into a Tensor."""
    return _copied(module, _to_tensor, {})


def _to_values(holder: Any) -> Any:
    return as_values(data_of(holder))


def _to_tensor(holder: Any) -> Any:
    return Tensor(data_of(holder))


def _converted(holder: Any, convert: Callable[[Any], Any]) -> Any:
    new = convert(holder)
    old = leaves_of(holder)
    frozen = [not leaf.requires_grad for leaf in old]
    for i, leaf in enumerate(leaves_of(new)):
        leaf.requires_grad = (
            not (frozen[i] if len(old) > 1 else frozen[0]) if is_values(new) or len(old) == 1 else not all(frozen)
        )
    return new


def _copied(x: Any, convert: Callable[[Any], Any], memo: dict[int, Any]) -> Any:
    if id(x) in memo:
        return memo[id(x)]
    new: Any
    if isinstance(x, Branch):
        new = object.__new__(type(x))
        memo[id(x)] = new
        for name, value in vars(x).items():
            if name not in ("_hooks", "_path", "_stamp", "_given", "_order"):
                object.__setattr__(new, name, _copied(value, convert, memo))
        return new
    if is_holder(x):
        new = _converted(x, convert)
    elif isinstance(x, list | tuple) and any(
        isinstance(part, Branch | Tensor | Value | np.ndarray | list | tuple | dict) for part in x
    ):
        parts = [_copied(part, convert, memo) for part in x]
        new = parts if isinstance(x, list) else type(x)(*parts) if hasattr(x, "_fields") else tuple(parts)
    elif isinstance(x, dict):
        new = {key: _copied(value, convert, memo) for key, value in x.items()}
    else:
        new = (
            copy.copy(x)
            if isinstance(x, np.ndarray | list | set)
            else copy.deepcopy(x)
            if isinstance(x, np.random.Generator)
            else x
        )
    memo[id(x)] = new
    return new
