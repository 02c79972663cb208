"""Activations as modules. Each applies one function of the table; none has parameters."""

from __future__ import annotations

from typing import Any, ClassVar

import autograd as ag
from autograd import Tensor
from nn import formulas
from nn.module import Module
from nn.parameter import arranged


class Activation(Module):
    """A module that applies one function to every number."""

    function: ClassVar[Any]

    def forward(self, x: Any) -> Any:
        """Apply the function to every number of x."""
        if type(x) is Tensor:  # a Tensor's own method is the shorter way to the same row
            return getattr(x, self.function.name)()
        return self.function(arranged(x))


class Sigmoid(Activation):
    """σ(x) = 1 / (1 + exp(−x))."""

    function = staticmethod(ag.sigmoid)


class HardSigmoid(Activation):
    """0 below −3, 1 above 3, x/6 + ½ between (PyTorch's Hardsigmoid)."""

    function = staticmethod(ag.hardsigmoid)


class ReLU(Activation):
    """max(x, 0); the slope at 0 is 0."""

    function = staticmethod(ag.relu)


class SiLU(Activation):
    """x·σ(x), also called swish."""

    function = staticmethod(ag.silu)


class Tanh(Activation):
    """The hyperbolic tangent."""

    function = staticmethod(ag.tanh)


class LeakyReLU(Module):
    """x above 0, negative_slope·x below."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = float(negative_slope)

    def forward(self, x: Any) -> Any:
        """Apply the function to every number of x."""
        return ag.leaky_relu(arranged(x), self.negative_slope)

    def extra_repr(self) -> str:
        """Give the slope."""
        return f"negative_slope={self.negative_slope}"


class ELU(Module):
    """x above 0, alpha·(exp(x) − 1) below."""

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = float(alpha)

    def forward(self, x: Any) -> Any:
        """Apply the function to every number of x."""
        return ag.elu(arranged(x), self.alpha)

    def extra_repr(self) -> str:
        """Give alpha."""
        return f"alpha={self.alpha}"


class GELU(Module):
    """x·Φ(x), with the exact normal distribution, or its tanh approximation (``approximate="tanh"``)."""

    def __init__(self, approximate: str = "none") -> None:
        if approximate not in ("none", "tanh"):
            raise ag.errors.InputValueError(f"GELU: approximate is 'none' or 'tanh'; got {approximate!r}")
        self.approximate = approximate

    def forward(self, x: Any) -> Any:
        """Apply the function to every number of x."""
        return ag.gelu_tanh(arranged(x)) if self.approximate == "tanh" else ag.gelu(arranged(x))

    def extra_repr(self) -> str:
        """Give the form."""
        return f"approximate={self.approximate!r}"


class Softplus(Module):
    """log(1 + exp(beta·x)) / beta; accurate everywhere, so PyTorch's threshold is not needed."""

    def __init__(self, beta: float = 1.0) -> None:
        self.beta = float(beta)

    def forward(self, x: Any) -> Any:
        """Apply the function to every number of x."""
        x = arranged(x)
        return ag.softplus(x) if self.beta == 1 else ag.softplus(x * self.beta) / self.beta

    def extra_repr(self) -> str:
        """Give beta."""
        return f"beta={self.beta}"


class Softmax(Module):
    """exp(x) / Σ exp(x) along an axis."""

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, x: Any) -> Any:
        """Turn numbers into shares that sum to 1."""
        return formulas.softmax(arranged(x), self.dim)

    def extra_repr(self) -> str:
        """Give the axis."""
        return f"dim={self.dim}"


class LogSoftmax(Softmax):
    """log(softmax(x)) along an axis, without log 0."""

    def forward(self, x: Any) -> Any:
        """Give the logarithms of the shares."""
        return formulas.log_softmax(arranged(x), self.dim)


Hardsigmoid = HardSigmoid
