"""Layers and losses as functions, without modules: ``nn.functional``, named as in PyTorch.

>>> import numpy as np
>>> import nn
>>> nn.functional.mse_loss(np.array([1.0]), np.array([3.0])).item()
4.0
"""

from __future__ import annotations

from autograd import (
    avg_pool2d,
    elu,
    gelu,
    hardsigmoid,
    leaky_relu,
    logsigmoid,
    max_pool2d,
    relu,
    sigmoid,
    silu,
    softplus,
    tanh,
)
from nn.classification import cross_entropy, nll_loss
from nn.formulas import conv2d, dropout, embedding, flatten, layer_norm, linear, log_softmax, softmax
from nn.loss_functions import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    hinge_loss,
    huber_loss,
    l1_loss,
    mse_loss,
)

__all__ = [
    "avg_pool2d",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "conv2d",
    "cross_entropy",
    "dropout",
    "elu",
    "embedding",
    "flatten",
    "gelu",
    "hardsigmoid",
    "hinge_loss",
    "huber_loss",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "linear",
    "log_softmax",
    "logsigmoid",
    "max_pool2d",
    "mse_loss",
    "nll_loss",
    "relu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "tanh",
]
