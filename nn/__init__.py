"""Networks on top of ``autograd``: modules, losses, optimisers and data, with PyTorch's names, shapes and defaults.

>>> import numpy as np
>>> from nn import Linear, MSELoss, ReLU, Sequential, optim
>>> model = Sequential(Linear(2, 8, seed=0), ReLU(), Linear(8, 1, seed=1))
>>> loss = MSELoss()(model(np.ones((4, 2))), np.zeros((4, 1)))
>>> loss.backward()
>>> optim.SGD(model.parameters(), lr=0.1).step()

Every module runs at two magnifications: on Tensors (fast), and unchanged on arrays of Values, where every weight is
a node of its own: ``model.scalars()``.

Reading order: ``parameter``, ``module`` (what a module is), ``formulas`` (what layers compute), ``layers`` and its
neighbours, ``criteria`` (losses), ``optim``, ``data``, ``compiled`` (a step as one NumPy program), ``fitting``, ``storage``.
Names load when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nn import data as data
    from nn import functional as functional
    from nn import init as init
    from nn import optim as optim
    from nn.compiled import Step as Step
    from nn.compiled import compile_step as compile_step
    from nn.containers import ModuleList as ModuleList
    from nn.containers import Sequential as Sequential
    from nn.criteria import (
        BCE as BCE,
    )
    from nn.criteria import (
        MSE as MSE,
    )
    from nn.criteria import (
        BCELoss as BCELoss,
    )
    from nn.criteria import (
        BCEWithLogits as BCEWithLogits,
    )
    from nn.criteria import (
        BCEWithLogitsLoss as BCEWithLogitsLoss,
    )
    from nn.criteria import (
        CrossEntropy as CrossEntropy,
    )
    from nn.criteria import (
        CrossEntropyLoss as CrossEntropyLoss,
    )
    from nn.criteria import (
        MSELoss as MSELoss,
    )
    from nn.fitting import fit as fit
    from nn.layers import Linear as Linear
    from nn.module import Module as Module
    from nn.neurons import MLP as MLP
    from nn.neurons import Layer as Layer
    from nn.neurons import Neuron as Neuron
    from nn.parameter import Parameter as Parameter

_PLACES = {
    "parameter": "Parameter",
    "module": "Module",
    "containers": "Sequential ModuleList",
    "layers": "Identity Linear Flatten Dropout Embedding",
    "activations": (
        "Sigmoid HardSigmoid Hardsigmoid ReLU LeakyReLU ELU GELU SiLU Tanh Softplus Softmax LogSoftmax"
    ),
    "images": "Conv2d MaxPool2d AvgPool2d",
    "normalisation": "BatchNorm1d BatchNorm2d LayerNorm",
    "neurons": "Neuron Layer MLP",
    "criteria": (
        "Loss MSE MSELoss MAE L1 L1Loss Huber HuberLoss BCE BCELoss BCEWithLogits BCEWithLogitsLoss CrossEntropy "
        "CrossEntropyLoss NLL NLLLoss Hinge HingeLoss"
    ),
    "compiled": "Step compile_step",
    "fitting": "fit",
    "history": "History",
    "storage": "save load",
    "bridge": "to_torch from_torch",
    "randomness": "manual_seed",
}  # fmt: skip
_SUBMODULES = ("data", "functional", "init", "optim")
_FACE = {name: place for place, names in _PLACES.items() for name in names.split()}

__all__ = [  # noqa: PLE0604  made from the table above; a test pins the list
    *sorted(_FACE),
    *_SUBMODULES,
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name in _SUBMODULES:
        return import_module(f"nn.{name}")
    if name not in _FACE:
        import difflib

        close = difflib.get_close_matches(name, __all__, 1)
        raise AttributeError(
            f"module 'nn' has no attribute {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")
        )
    found = getattr(import_module(f"nn.{_FACE[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public face."""
    return __all__
