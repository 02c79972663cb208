"""Bounds on the gradient, applied between ``backward()`` and ``step()``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.errors import GradientError
from nn.optim.optimiser import number, parameters_of

SQUARES = (1e-200, 1e200)
"""Where a sum of squares has lost nothing to overflow or underflow; outside numbers are scaled first."""


def _bare(g: Any) -> Any:
    return g.data if hasattr(g, "backward") else g


def gradient_norm(params: Any, norm_type: float = 2.0) -> float:
    """Give the norm of all gradients taken together as one vector; parameters without one count as 0.

    >>> from nn import Parameter
    >>> w = Parameter([3.0, 4.0])
    >>> (w * w / 2).sum().backward()
    >>> gradient_norm([w])
    5.0
    """
    arrays = [
        np.asarray(_bare(p.grad), dtype=np.float64).reshape(-1) for p in parameters_of(params) if p.grad is not None
    ]
    if not arrays:
        return 0.0
    if norm_type == 2:
        squares = sum(float(np.vdot(g, g)) for g in arrays)
        if SQUARES[0] < squares < SQUARES[1]:
            return math.sqrt(squares)
    flat = arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
    if norm_type == math.inf:
        return float(np.max(np.abs(flat)))
    scale = float(np.max(np.abs(flat)))
    if not math.isfinite(scale) or not scale:
        return scale
    flat = flat / scale
    return scale * float(np.linalg.norm(flat, norm_type))


def clip_grad_norm_(params: Any, max_norm: float, norm_type: float = 2.0, *, error_if_nonfinite: bool = False) -> float:
    """Scale all gradients so that their norm is at most ``max_norm``; give the norm before."""
    params = parameters_of(params)
    max_norm = number("clip_grad_norm_", "max_norm", max_norm)
    total = gradient_norm(params, norm_type)
    if error_if_nonfinite and not math.isfinite(total):
        raise GradientError(
            f"the norm of the gradients is {total}; look for the first bad value with autograd.detect_anomaly()"
        )
    factor = max_norm / (total + 1e-6)  # PyTorch's guard against 0
    if factor < 1:
        for p in params:
            if p.grad is not None:
                _replace(p, _bare(p.grad) * factor)
    return total


def clip_grad_value_(params: Any, clip_value: float) -> None:
    """Cut every number of every gradient to ±clip_value."""
    clip_value = number("clip_grad_value_", "clip_value", clip_value)
    for p in parameters_of(params):
        if p.grad is not None:
            _replace(p, np.clip(_bare(p.grad), -clip_value, clip_value))


def _replace(p: Any, g: Any) -> None:
    if isinstance(p, Tensor):
        g = np.asarray(g, dtype=p.dtype)
        if isinstance(p.grad, np.ndarray):
            p.grad[...] = g
        else:
            p.grad = g
    else:
        p.grad = float(g)
