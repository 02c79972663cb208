"""``Replay``: one update of a network of Values as a compiled program, all examples of the batch side by side.

A network of Values builds the same graph for every example of every batch. ``fit`` records it once, for one example
with the inputs and targets as leaves, and replays it as a program whose lanes are the examples; the loss of the batch
is the mean (or sum) over the lanes, and so are the gradients. Nobody has to ask for it, and the numbers are the same to
rounding: the first batch is computed both ways and compared.

Only what is known to treat each example alone, to hold no state and to draw no random numbers is replayed: the modules
and losses listed below, of exactly these classes, without hooks, frozen parameters, weights or modes. Everything else
is trained in the plain way.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Graph, Value, modes
from nn import activations, containers, criteria, layers, neurons
from nn.parameter import as_values, data_of, shape_of

MODULES = frozenset(
    {
        layers.Linear, layers.Flatten, layers.Identity, containers.Sequential, neurons.Neuron, neurons.Layer, neurons.MLP,
        activations.Sigmoid, activations.HardSigmoid, activations.ReLU, activations.SiLU, activations.Tanh,
        activations.LeakyReLU, activations.ELU, activations.GELU, activations.Softplus,
    }
)  # fmt: skip
LOSSES = frozenset({criteria.MSE, criteria.MAE, criteria.BCE, criteria.BCEWithLogits, criteria.Hinge})
LARGEST = 20_000
"""How many nodes the graph of one example may have; compiling a larger one takes longer than most runs."""

Array = np.ndarray[Any, np.dtype[Any]]


class Replay:
    """The program of one example's loss, and how its lanes become the loss and the gradients of a batch."""

    def __init__(self, model: Any, loss: Any, x: Array, y: Array) -> None:
        """Record the first example of a batch."""
        self.model, self.loss = model, loss
        self.described = repr(model), repr(loss)
        self.parameters = model.parameters()
        self.forms = x.shape[1:], y.shape[1:]
        inputs, targets = as_values(x[:1]), as_values(y[:1])
        prediction = model(inputs)
        self.predicted = shape_of(prediction)[1:]
        given = [*self.parameters, *inputs.flat, *targets.flat]
        graph = Graph(loss(prediction, targets))
        self.size = len(graph)
        reached = [v for v in given if v in graph]
        self.places = [i for i, v in enumerate(given) if v in graph]
        self.wanted = [p for p in self.parameters if p in graph]
        self.program = graph.program(inputs=reached, wrt=self.wanted) if self.wanted and self.size <= LARGEST else None

    def holds(self) -> bool:
        """Tell whether modules and loss still have the settings that they were recorded with."""
        return self.described == (repr(self.model), repr(self.loss))

    def suits(self, x: Any, y: Any) -> bool:
        """Tell whether a batch has the form that was recorded, and the network is still as it was."""
        return (
            self.program is not None
            and _plain(x, y)
            and (x.shape[1:], y.shape[1:]) == self.forms
            and _known(self.model, self.loss, self.parameters)
        )

    def __call__(self, x: Array, y: Array) -> tuple[float, list[float]]:
        """Give the loss of a batch and its gradient by each parameter in ``wanted``."""
        assert self.program is not None
        n = len(x)
        self.loss(np.full((n, *self.predicted), 0.5), y)  # targets that do not fit are refused as ever
        columns = [p.data for p in self.parameters]
        columns += [*np.asarray(x, np.float64).reshape(n, -1).T, *np.asarray(y, np.float64).reshape(n, -1).T]
        losses, gradients = self.program.value_and_grad(*(columns[i] for i in self.places))
        each = np.asarray(gradients if len(self.wanted) > 1 else [gradients]).reshape(len(self.wanted), -1)
        reduce = np.mean if self.loss.reduction == "mean" else np.sum
        with np.errstate(all="ignore"):
            return float(reduce(losses)), reduce(each, axis=1).tolist()

    def deliver(self, gradients: list[float]) -> None:
        """Write the gradients where a backward pass would."""
        for p, g in zip(self.wanted, gradients, strict=True):
            p.grad = g


def replay_of(model: Any, loss: Any, trained: list[Any], x: Any, y: Any) -> Replay | None:
    """Give a replay for these batches, or None where the plain way is the right one.

    The first batch is computed both ways; if the two do not agree to rounding, nothing is replayed.
    """
    parameters = model.parameters() if type(model) in MODULES else []
    if not {*map(id, trained)} <= {*map(id, parameters)} or not _plain(x, y) or not _known(model, loss, parameters):
        return None
    made = Replay(model, loss, x, y)
    return made if made.suits(x, y) and _agrees(made, x, y) else None


def _agrees(made: Replay, x: Array, y: Array) -> bool:
    value, gradients = made(x, y)
    kept = [p.grad for p in made.parameters]
    for p in made.parameters:
        p.grad = None
    plain = made.loss(made.model(x), y)
    plain.backward()
    wanted = [p.grad for p in made.wanted]
    known = {*map(id, made.wanted)}
    left_out = any(p.grad is not None for p in made.parameters if id(p) not in known)
    for p, g in zip(made.parameters, kept, strict=True):
        p.grad = g
    if left_out or any(g is None for g in wanted):
        return False
    size = float(np.max(np.abs(wanted), initial=1.0))
    return bool(
        np.allclose(value, data_of(plain), rtol=1e-9, atol=1e-12, equal_nan=True)
        and np.allclose(gradients, wanted, rtol=1e-9, atol=1e-12 * size, equal_nan=True)
    )


def _plain(x: Any, y: Any) -> bool:
    """Tell whether a batch is two plain arrays with one row per example."""
    arrays = all(type(a) is np.ndarray and a.dtype.kind in "fiub" and a.ndim for a in (x, y))
    return bool(arrays and x.ndim > 1 and len(x) == len(y) > 0)


def _known(model: Any, loss: Any, parameters: list[Any]) -> bool:
    """Tell whether nothing here has state, hooks, weights or modes that a replay would miss."""
    return (
        not modes.active
        and not modes.unfusing
        and type(loss) in LOSSES
        and loss.reduction in ("mean", "sum")
        and getattr(loss, "weight", None) is None
        and getattr(loss, "pos_weight", None) is None
        and all(
            m._hooks is None and (type(m) in MODULES or m is loss) and "forward" not in vars(m)
            for m in (*model.modules(), loss)
        )
        and all(type(p) is Value and (p._extra is None or not p._extra.hooks) for p in parameters)
    )
