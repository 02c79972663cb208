"""The plain layers: Linear, Flatten, Dropout, Embedding, Identity."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import InputTypeError, InputValueError, ShapeError
from nn import formulas, init
from nn.module import Module
from nn.parameter import Parameter, arranged, shape_of
from nn.randomness import Seed, generator


def positive(name: str, **sizes: Any) -> None:
    """Refuse sizes that are not whole numbers above 0."""
    for what, n in sizes.items():
        if isinstance(n, bool) or not isinstance(n, int | np.integer):
            raise InputTypeError(f"{name}: {what} is a whole number; got {n!r}")
        if n < 1:
            raise InputValueError(f"{name}: {what} is at least 1; got {n}")


def between(name: str, what: str, x: Any, low: float, high: float) -> float:
    """Refuse a number outside low … high, nan included."""
    if isinstance(x, bool) or not isinstance(x, int | float | np.number):
        raise InputTypeError(f"{name}: {what} is a number; got {x!r}")
    if not low <= x <= high:
        raise InputValueError(f"{name}: {what} lies between {low:g} and {high:g}; got {x}")
    return float(x)


class Identity(Module):
    """Give back what comes in."""

    def forward(self, x: Any) -> Any:
        """Give back x."""
        return x


class Linear(Module):
    """y = x · weightᵀ + bias.

    Args:
        in_features: the length of the last axis of the input.
        out_features: the length of the last axis of the output.
        bias: whether to add a bias.
        seed: where the starting values come from; evenly in ±1/√in_features, as in PyTorch.
        dtype: the floating type of the parameters.

    Shapes: input (…, in_features), output (…, out_features); weight (out_features, in_features), bias (out_features,).

    >>> layer = Linear(2, 3, seed=0)
    >>> layer(np.ones((4, 2))).shape, layer
    ((4, 3), Linear(in_features=2, out_features=3, bias=True)  # 9 parameters)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        seed: Seed = None,
        dtype: Any = np.float64,
    ) -> None:
        positive("Linear", in_features=in_features, out_features=out_features)
        self.in_features = int(in_features)
        self.out_features = int(out_features)
        self.weight = Parameter(np.zeros((out_features, in_features), dtype))
        self.bias = Parameter(np.zeros(out_features, dtype)) if bias else None
        init.default_(self.weight, self.bias, seed=seed)

    def forward(self, x: Any) -> Any:
        """Apply the layer to the last axis of x."""
        x = arranged(x)
        shape = shape_of(x)
        if not shape or shape[-1] != self.in_features:
            raise ShapeError(
                f"{self.title()} takes {self.in_features} features on the last axis; got shape {shape}"
                + (f", which has {shape[-1]}" if shape else "")
            )
        return formulas.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        """Give the sizes."""
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class Flatten(Module):
    """Join axes into one: everything but the batch axis, unless told otherwise."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, x: Any) -> Any:
        """Give (batch, everything else)."""
        return formulas.flatten(x, self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """Give the axes."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Dropout(Module):
    """In training, set a share p of the numbers to 0 and scale the rest by 1 / (1 − p); in evaluation do nothing.

    Args:
        p: the probability of a 0.
        seed: a whole number or a Generator; without one the shared generator decides.
    """

    def __init__(self, p: float = 0.5, *, seed: Seed = None) -> None:
        self.p = between("Dropout", "p", p, 0, 1)
        self.generator = None if seed is None else generator(seed)

    def forward(self, x: Any) -> Any:
        """Drop in training, give back x in evaluation."""
        if not self.training or self.p == 0:
            return x
        return formulas.dropout(x, self.p, generator(self.generator))

    def extra_repr(self) -> str:
        """Give the probability."""
        return f"p={self.p}"


class Embedding(Module):
    """A table of vectors, looked up by whole numbers.

    Shapes: input (…) of whole numbers, output (…, embedding_dim); weight (num_embeddings, embedding_dim), drawn
    from the standard normal distribution.
    """

    def __init__(self, num_embeddings: int, embedding_dim: int, *, seed: Seed = None, dtype: Any = np.float64) -> None:
        positive("Embedding", num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        self.num_embeddings = int(num_embeddings)
        self.embedding_dim = int(embedding_dim)
        self.weight = Parameter(np.zeros((num_embeddings, embedding_dim), dtype))
        init.normal_(self.weight, seed=seed)

    def forward(self, index: Any) -> Any:
        """Look up the rows."""
        return formulas.embedding(index, self.weight)

    def extra_repr(self) -> str:
        """Give the sizes."""
        return f"{self.num_embeddings}, {self.embedding_dim}"
