"""The network whose gradient W6 checks: its data, its loss for any engine, and its gradient by hand.

θ holds 200 numbers: 9 → 14 → 4 with tanh, 16 examples, mean softmax cross-entropy. The scores are small, so that no
engine needs the shift by the largest one.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

INPUTS, HIDDEN, CLASSES, EXAMPLES = 9, 14, 4, 16
WEIGHTS = 200


@cache
def data() -> tuple[Any, Any, Any]:
    """Give θ, the examples and their classes in one-hot form."""
    np = import_module("numpy")
    draw = np.random.default_rng(0)
    theta, x = draw.normal(0, 0.3, WEIGHTS), draw.normal(size=(EXAMPLES, INPUTS))
    return theta, x, np.eye(CLASSES)[draw.integers(0, CLASSES, EXAMPLES)]


def loss_in(np: Any, x: Any, onehot: Any) -> Callable[[Any], Any]:
    """Give the loss as a function of θ, or of many θ in rows, in the operations of ``np``."""
    a, b, c = INPUTS * HIDDEN, (INPUTS + 1) * HIDDEN, (INPUTS + 1) * HIDDEN + HIDDEN * CLASSES

    def loss(t: Any) -> Any:
        rows = t.shape[:-1]
        w1, b1 = t[..., :a].reshape(*rows, INPUTS, HIDDEN), t[..., a:b].reshape(*rows, 1, HIDDEN)
        w2, b2 = t[..., b:c].reshape(*rows, HIDDEN, CLASSES), t[..., c:].reshape(*rows, 1, CLASSES)
        z = np.tanh(x @ w1 + b1) @ w2 + b2
        return (np.log(np.exp(z).sum(-1)) - (z * onehot).sum(-1)).mean(-1)

    return loss


def loss_on_scalars(t: list[Any], tanh: Any, exp: Any, log: Any) -> Any:
    """Give the loss number by number, as a list of 200 becomes one; 6 208 operations."""
    _, x, onehot = data()
    a, b, c = INPUTS * HIDDEN, (INPUTS + 1) * HIDDEN, (INPUTS + 1) * HIDDEN + HIDDEN * CLASSES
    total: Any = None
    for row, label in zip(x.tolist(), onehot.argmax(1).tolist(), strict=True):
        hidden = []
        for j in range(HIDDEN):
            s = t[a + j]
            for i, number in enumerate(row):
                s = s + t[i * HIDDEN + j] * number
            hidden.append(tanh(s))
        scores = []
        for k in range(CLASSES):
            s = t[c + k]
            for j, h in enumerate(hidden):
                s = s + t[b + j * CLASSES + k] * h
            scores.append(s)
        e = exp(scores[0])
        for s in scores[1:]:
            e = e + exp(s)
        one = log(e) - scores[label]
        total = one if total is None else total + one
    return total * (1.0 / EXAMPLES)


def by_hand(theta: Any) -> tuple[float, Any]:
    """Write value and gradient out in NumPy."""
    np = import_module("numpy")
    _, x, onehot = data()
    a, b, c = INPUTS * HIDDEN, (INPUTS + 1) * HIDDEN, (INPUTS + 1) * HIDDEN + HIDDEN * CLASSES
    w2 = theta[b:c].reshape(HIDDEN, CLASSES)
    h = np.tanh(x @ theta[:a].reshape(INPUTS, HIDDEN) + theta[a:b])
    z = h @ w2 + theta[c:]
    e = np.exp(z)
    total = e.sum(1)
    g = (e / total[:, None] - onehot) / EXAMPLES
    gh = g @ w2.T * (1.0 - h * h)
    gradient = np.concatenate([(x.T @ gh).ravel(), gh.sum(0), (h.T @ g).ravel(), g.sum(0)])
    return float((np.log(total) - (z * onehot).sum(1)).mean()), gradient
