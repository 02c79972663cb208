"""Losses as modules: settings now, prediction and target when called.

The formulas are in ``loss_functions`` and ``classification``.

>>> import numpy as np
>>> MSE()(np.array([1.0, 2.0]), np.array([0.0, 0.0])).item()
2.5

The short names are the main ones; PyTorch's (``MSELoss`` …) are the same classes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nn import classification
from nn import loss_functions as functions
from nn.layers import between
from nn.module import Module


class Loss(Module):
    """What losses share: how the losses of single numbers become one.

    Args:
        reduction: "mean" (the default), "sum", or "none" for all of them.
    """

    def __init__(self, *, reduction: str = "mean") -> None:
        self.reduction = functions.checked_reduction(type(self).__name__, reduction)

    def extra_repr(self) -> str:
        """Give the reduction where it is not the usual one."""
        return "" if self.reduction == "mean" else f"reduction={self.reduction!r}"


class MSE(Loss):
    """The mean squared error, (prediction − target)²."""

    def forward(self, prediction: Any, target: Any) -> Any:
        """Compare numbers one by one; the shapes must be equal."""
        return functions.mse_loss(prediction, target, self.reduction, type(self).__name__)


class MAE(Loss):
    """The mean absolute error, |prediction − target|."""

    def forward(self, prediction: Any, target: Any) -> Any:
        """Compare numbers one by one; the shapes must be equal."""
        return functions.l1_loss(prediction, target, self.reduction, type(self).__name__)


class Huber(Loss):
    """Quadratic near 0 and linear beyond ``delta``: half of d² up to there."""

    def __init__(self, *, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction)
        self.delta = between("Huber", "delta", delta, np.nextafter(0, 1), np.inf)

    def forward(self, prediction: Any, target: Any) -> Any:
        """Compare numbers one by one; the shapes must be equal."""
        return functions.huber_loss(prediction, target, self.reduction, self.delta, type(self).__name__)


class BCE(Loss):
    """Binary cross-entropy of probabilities: −[y·log p + (1 − y)·log(1 − p)].

    At p = 0 and 1 the logarithm stops at −100, as in PyTorch, and the slope at ±1e12; ``BCEWithLogits`` needs no such
    stop, and is the better choice for training.

    Args:
        weight: one number per loss, or what broadcasts to that.
        reduction: "mean", "sum" or "none".
    """

    weight: Any

    def __init__(self, weight: Any = None, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.register_buffer("weight", weight)

    def forward(self, prediction: Any, target: Any) -> Any:
        """Compare probabilities with targets in 0 … 1."""
        return functions.binary_cross_entropy(prediction, target, self.weight, self.reduction, type(self).__name__)


class BCEWithLogits(Loss):
    """Binary cross-entropy of σ(prediction), from the bare numbers before the sigmoid.

    Args:
        weight: one number per loss, or what broadcasts to that.
        reduction: "mean", "sum" or "none".
        pos_weight: the factor of the positive class.
    """

    weight: Any
    pos_weight: Any

    def __init__(self, weight: Any = None, *, reduction: str = "mean", pos_weight: Any = None) -> None:
        super().__init__(reduction=reduction)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, prediction: Any, target: Any) -> Any:
        """Compare logits with targets in 0 … 1."""
        return functions.binary_cross_entropy_with_logits(
            prediction, target, self.weight, self.reduction, self.pos_weight, type(self).__name__
        )


class NLL(Loss):
    """−log p at the label; takes what LogSoftmax gives.

    Args:
        weight: one number per class; a mean is divided by the weights of the labels.
        ignore_index: samples with this label do not count.
        reduction: "mean", "sum" or "none".
    """

    weight: Any

    def __init__(self, weight: Any = None, ignore_index: int = -100, *, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.register_buffer("weight", weight)
        self.ignore_index = ignore_index

    def forward(self, prediction: Any, target: Any) -> Any:
        """Compare (batch, classes, …) log-probabilities with labels (batch, …)."""
        return classification.nll_loss(
            prediction, target, self.weight, self.reduction, self.ignore_index, name=type(self).__name__
        )


class CrossEntropy(NLL):
    """−log softmax(prediction) at the label, from the bare numbers before the softmax.

    Args:
        weight: one number per class; a mean is divided by the weights of the labels.
        ignore_index: samples with this label do not count.
        reduction: "mean", "sum" or "none".
        label_smoothing: the share of the target that is spread evenly over all classes.

    >>> loss = CrossEntropy()(np.zeros((3, 10)), np.array([0, 4, 9]))
    >>> bool(np.isclose(loss.item(), np.log(10)))
    True
    """

    def __init__(
        self,
        weight: Any = None,
        ignore_index: int = -100,
        *,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(weight, ignore_index, reduction=reduction)
        self.label_smoothing = between("CrossEntropy", "label_smoothing", label_smoothing, 0, 1)

    def forward(self, prediction: Any, target: Any) -> Any:
        """Compare (batch, classes, …) logits with labels (batch, …), or with probabilities of the same shape."""
        return classification.cross_entropy(
            prediction,
            target,
            self.weight,
            self.reduction,
            self.ignore_index,
            self.label_smoothing,
            type(self).__name__,
        )


class Hinge(Loss):
    """max(0, margin − y·s) for labels y of −1 and 1."""

    def __init__(self, *, margin: float = 1.0, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)
        self.margin = float(margin)

    def forward(self, prediction: Any, target: Any) -> Any:
        """Compare scores with labels of −1 and 1."""
        return functions.hinge_loss(prediction, target, self.reduction, self.margin, type(self).__name__)


MSELoss, L1Loss, HuberLoss, HingeLoss, L1 = MSE, MAE, Huber, Hinge, MAE
BCELoss, BCEWithLogitsLoss, NLLLoss, CrossEntropyLoss = BCE, BCEWithLogits, NLL, CrossEntropy
