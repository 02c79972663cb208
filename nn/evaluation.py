"""The loss of a network on batches that it does not learn from, and what a batch is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import no_grad
from autograd.errors import InputTypeError, InputValueError
from nn.parameter import data_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def evaluate(model: Any, loss: Callable[[Any, Any], Any], batches: Iterable[Any]) -> float:
    """Give the mean loss over batches, in evaluation mode and without recording."""
    was_training = model.training
    model.eval()
    total, count = 0.0, 0
    try:
        with no_grad():
            for batch in batches:
                x, y = parts_of(batch)
                n = rows_of(batch)
                total, count = total + float(data_of(loss(model(*x), y))) * n, count + n
    finally:
        model.train(was_training)
    if not count:
        raise InputValueError("validation gave no batch")
    return total / count


def parts_of(batch: Any) -> tuple[tuple[Any, ...], Any]:
    """Give the inputs and the target of a batch."""
    if not isinstance(batch, tuple | list) or len(batch) < 2:
        raise InputTypeError(f"fit: a batch is (inputs, targets); got {type(batch).__name__}")
    return tuple(batch[:-1]), batch[-1]


def rows_of(batch: Any) -> int:
    """Give how many examples a batch has."""
    shape = np.shape(data_of(batch[0])) if not isinstance(batch[0], list | tuple) else (len(batch[0]),)
    return shape[0] if shape else 1
