"""micrograd's networks: a Neuron is a weighted sum and an activation, a Layer is neurons, an MLP is layers.

Every weight is a Value, so the graph of one example can be read number by number. Written for Karpathy's micrograd,
``nn.MLP(3, [4, 4, 1])`` runs unchanged. ``seed=`` makes the network reproducible.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

import autograd as ag
from autograd import Tensor, Value
from autograd.errors import InputTypeError, ShapeError
from nn import formulas
from nn.activations import ReLU, Sigmoid, Tanh
from nn.containers import Sequential
from nn.layers import Linear, positive
from nn.module import Module
from nn.parameter import arranged, as_values, data_of, shape_of
from nn.randomness import Seed, generator

if TYPE_CHECKING:
    from collections.abc import Sequence

_ACTIVATIONS = {"relu": ag.relu, "tanh": ag.tanh, "sigmoid": ag.sigmoid}
_MODULES = {"relu": ReLU, "tanh": Tanh, "sigmoid": Sigmoid}


class Neuron(Module):
    """activation(w · x + b), with w starting evenly in ±1 and b at 0, as in micrograd.

    Args:
        nin: how many numbers come in.
        nonlin: False leaves the activation out.
        activation: "relu" (the default), "tanh" or "sigmoid".
        seed: where the starting values come from.

    >>> from nn import Neuron
    >>> n = Neuron(2, seed=0)
    >>> n([1.0, -1.0]).item() >= 0, len(n.parameters())
    (True, 3)
    """

    def __init__(self, nin: int, nonlin: bool = True, *, activation: str = "relu", seed: Seed = None) -> None:
        positive("Neuron", nin=nin)
        if activation not in _ACTIVATIONS:
            raise InputTypeError(f"Neuron: activation is one of {', '.join(_ACTIVATIONS)}; got {activation!r}")
        self.w: Any = as_values(generator(seed).uniform(-1, 1, nin))
        self.b: Any = Value(0.0)
        self.nonlin = bool(nonlin)
        self.activation = activation

    def forward(self, x: Any) -> Any:
        """Give a bare Value for one example (nin,), an array of them for a batch (…, nin)."""
        x = formulas.meet(x, self.w)
        shape = shape_of(x)
        if not shape or shape[-1] != len(self.w):
            raise ShapeError(f"{self.title()} takes {len(self.w)} numbers; got shape {shape}")
        y = formulas.neuron(x, self.w, self.b)
        return _ACTIVATIONS[self.activation](y) if self.nonlin else y

    def extra_repr(self) -> str:
        """Give the size and the activation."""
        return f"{len(self.w)}, {self.activation if self.nonlin else 'linear'}"


class Layer(Module):
    """Neurons side by side."""

    def __init__(self, nin: int, nout: int, *, seed: Seed = None, **kwargs: Any) -> None:
        positive("Layer", nin=nin, nout=nout)
        source = generator(seed)
        self.neurons = [Neuron(nin, seed=source, **kwargs) for _ in range(nout)]

    def forward(self, x: Any) -> Any:
        """Give (…, nout); one neuron gives a bare Value."""
        outputs = [n(x) for n in self.neurons]
        if len(outputs) == 1:
            return outputs[0]
        if isinstance(outputs[0], Tensor):
            return ag.stack(outputs, axis=-1)
        first = shape_of(outputs[0])
        return np.stack(outputs, axis=-1) if first else arranged(outputs)


class MLP(Module):
    """A multi-layer perceptron: ``MLP(2, [16, 16, 1])``; every layer but the last has an activation.

    >>> model = MLP(3, [4, 4, 1], seed=0)
    >>> type(model([2.0, 3.0, -1.0])).__name__, len(model.parameters())
    ('Value', 41)
    """

    def __init__(self, nin: int, nouts: Sequence[int], *, activation: str = "relu", seed: Seed = None) -> None:
        if isinstance(nouts, int) or not len(nouts):
            raise InputTypeError(
                f"MLP takes the size of each layer as a list, such as MLP({nin}, [4, 1]); got {nouts!r}"
            )
        source = generator(seed)
        sizes = [nin, *nouts]
        self.layers = [
            Layer(a, b, seed=source, activation=activation, nonlin=i != len(nouts) - 1)
            for i, (a, b) in enumerate(itertools.pairwise(sizes))
        ]

    def sequential(self) -> Sequential:
        """Give the same network as matrices: Linear layers and activations, with the same numbers and new leaves.

        It computes (batch, 1) where this one gives a bare Value, and it has a counterpart in PyTorch.

        >>> MLP(2, [3, 1], seed=0).sequential()
        Sequential(
          (0): Linear(in_features=2, out_features=3, bias=True)  # 9 parameters
          (1): ReLU()
          (2): Linear(in_features=3, out_features=1, bias=True)  # 4 parameters
        )  # 13 parameters
        """
        made = Sequential()
        for layer in self.layers:
            neurons = layer.neurons
            linear = Linear(len(neurons[0].w), len(neurons), seed=0)
            weight, bias = ([data_of(getattr(n, what)) for n in neurons] for what in ("w", "b"))
            linear.load_state_dict({"weight": np.array(weight), "bias": np.array(bias)})
            made.append(linear)
            if neurons[0].nonlin:
                made.append(_MODULES[neurons[0].activation]())
        return made

    def forward(self, x: Any) -> Any:
        """Give a bare Value for one output, an array for several."""
        batch = shape_of(arranged(x))[:-1]
        for i, layer in enumerate(self.layers):
            # A layer of one neuron gives a bare number, which the next layer takes as a list of one.
            x = (
                ag.reshape(arranged([x]) if not isinstance(x, np.ndarray | Tensor) else x, (*batch, 1))
                if i and len(self.layers[i - 1].neurons) == 1
                else x
            )
            x = layer(x)
        return x
