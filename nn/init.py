"""Starting values for weights: PyTorch's defaults, Xavier, He.

A function takes a parameter (or a shape), fills it in place, and gives it back. ``seed`` is a whole number, a
Generator, or None for the shared one (``nn.manual_seed``). Names end in ``_`` as in PyTorch, where a trailing
underscore means that the argument is changed.

Sources: Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010),
eq. 12 and 16; He et al., "Delving deep into rectifiers" (2015), eq. 10 and 14.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from autograd.errors import InputValueError, ShapeError
from nn.parameter import assign, shape_of
from nn.randomness import Seed, generator

Mode = Literal["fan_in", "fan_out"]
_GAINS = {
    "linear": 1.0, "conv2d": 1.0, "sigmoid": 1.0, "tanh": 5 / 3, "relu": math.sqrt(2), "selu": 0.75,
}  # fmt: skip


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Give how many numbers enter and leave one unit of a weight of this shape.

    >>> fans((10, 64)), fans((8, 3, 5, 5))
    ((64, 10), (75, 200))
    """
    if len(shape) < 2:
        raise ShapeError(f"fan-in and fan-out need a weight of two or more axes (out, in, …); got shape {shape}")
    field = math.prod(shape[2:])
    return shape[1] * field, shape[0] * field


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Give the factor that keeps the variance through an activation, as PyTorch tabulates it.

    >>> round(calculate_gain("leaky_relu", 0.2), 4)
    1.3868
    """
    if nonlinearity == "leaky_relu":
        return math.sqrt(2 / (1 + (0.01 if param is None else param) ** 2))
    if nonlinearity not in _GAINS:
        raise InputValueError(
            f"no gain is known for {nonlinearity!r}; there are leaky_relu, {', '.join(sorted(_GAINS))}"
        )
    return _GAINS[nonlinearity]


def _fill(parameter: Any, numbers: Any) -> Any:
    assign(parameter, np.asarray(numbers, dtype=np.float64))
    return parameter


def constant_(parameter: Any, value: float) -> Any:
    """Fill with one number."""
    return _fill(parameter, np.full(shape_of(parameter), value))


def zeros_(parameter: Any) -> Any:
    """Fill with 0."""
    return constant_(parameter, 0.0)


def ones_(parameter: Any) -> Any:
    """Fill with 1."""
    return constant_(parameter, 1.0)


def uniform_(parameter: Any, a: float = 0.0, b: float = 1.0, *, seed: Seed = None) -> Any:
    """Fill evenly from a to b.

    >>> from nn import Parameter
    >>> uniform_(Parameter([0.0, 0.0]), -1, 1, seed=0).data.round(3)
    array([ 0.274, -0.46 ])
    """
    return _fill(parameter, generator(seed).uniform(a, b, shape_of(parameter)))


def normal_(parameter: Any, mean: float = 0.0, std: float = 1.0, *, seed: Seed = None) -> Any:
    """Fill from the normal distribution."""
    return _fill(parameter, generator(seed).normal(mean, std, shape_of(parameter)))


def xavier_uniform_(parameter: Any, gain: float = 1.0, *, seed: Seed = None) -> Any:
    """Fill evenly in ±gain·√(6 / (fan_in + fan_out)): Glorot & Bengio 2010, eq. 16."""
    bound = gain * math.sqrt(6 / sum(fans(shape_of(parameter))))
    return uniform_(parameter, -bound, bound, seed=seed)


def xavier_normal_(parameter: Any, gain: float = 1.0, *, seed: Seed = None) -> Any:
    """Fill from a normal distribution of variance 2·gain² / (fan_in + fan_out): Glorot & Bengio 2010, eq. 12."""
    return normal_(parameter, 0.0, gain * math.sqrt(2 / sum(fans(shape_of(parameter)))), seed=seed)


def _he_std(parameter: Any, a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise InputValueError(f"mode is 'fan_in' or 'fan_out'; got {mode!r}")
    return calculate_gain(nonlinearity, a) / math.sqrt(fans(shape_of(parameter))[mode == "fan_out"])


def he_uniform_(
    parameter: Any, a: float = 0.0, mode: Mode = "fan_in", nonlinearity: str = "leaky_relu", *, seed: Seed = None
) -> Any:
    """Fill evenly with variance gain² / fan: He et al. 2015, eq. 10. PyTorch's name is ``kaiming_uniform_``."""
    bound = math.sqrt(3) * _he_std(parameter, a, mode, nonlinearity)
    return uniform_(parameter, -bound, bound, seed=seed)


def he_normal_(
    parameter: Any, a: float = 0.0, mode: Mode = "fan_in", nonlinearity: str = "leaky_relu", *, seed: Seed = None
) -> Any:
    """Fill from a normal distribution of variance gain² / fan: He et al. 2015, eq. 10. Also ``kaiming_normal_``."""
    return normal_(parameter, 0.0, _he_std(parameter, a, mode, nonlinearity), seed=seed)


kaiming_uniform_, kaiming_normal_ = he_uniform_, he_normal_


def default_(weight: Any, bias: Any = None, *, seed: Seed = None) -> None:
    """Fill the weight and bias of a Linear or Conv2d as PyTorch does: evenly in ±1/√fan_in, both of them."""
    source = generator(seed)
    fan_in, _ = fans(shape_of(weight))
    bound = 1 / math.sqrt(fan_in) if fan_in else 0.0
    uniform_(weight, -bound, bound, seed=source)
    if bias is not None:
        uniform_(bias, -bound, bound, seed=source)
