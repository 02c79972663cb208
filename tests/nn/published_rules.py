"""Update formulas as PyTorch's documentation publishes them, written again from those pages, in plain NumPy.

Each takes the start, a function that gives the gradient, the number of steps and the settings, and gives the path.
Nothing is shared with ``nn.optim``, nor is anything done in place.
"""

from __future__ import annotations

import numpy as np


def sgd(p, slope, steps, lr, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False):
    """Stochastic gradient descent: torch.optim.SGD."""
    b, path = None, []
    for _ in range(steps):
        g = slope(p) + weight_decay * p
        if momentum:
            b = g if b is None else momentum * b + (1 - dampening) * g
            g = g + momentum * b if nesterov else b
        p = p - lr * g
        path.append(p)
    return path


def adagrad(p, slope, steps, lr, lr_decay=0.0, weight_decay=0.0, start=0.0, eps=1e-10):
    """Adagrad: torch.optim.Adagrad."""
    total, path = np.full_like(p, start), []
    for t in range(1, steps + 1):
        g = slope(p) + weight_decay * p
        total = total + g**2
        p = p - lr / (1 + (t - 1) * lr_decay) * g / (np.sqrt(total) + eps)
        path.append(p)
    return path


def rmsprop(p, slope, steps, lr, alpha=0.99, eps=1e-8, weight_decay=0.0, momentum=0.0, centered=False):
    """RMSprop: torch.optim.RMSprop."""
    v, mean, b, path = np.zeros_like(p), np.zeros_like(p), np.zeros_like(p), []
    for _ in range(steps):
        g = slope(p) + weight_decay * p
        v = alpha * v + (1 - alpha) * g**2
        spread = v
        if centered:
            mean = alpha * mean + (1 - alpha) * g
            spread = v - mean**2
        b = momentum * b + g / (np.sqrt(spread) + eps)
        p = p - lr * b
        path.append(p)
    return path


def adam(p, slope, steps, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, decoupled=False):
    """Adam: torch.optim.Adam."""
    m, v, path = np.zeros_like(p), np.zeros_like(p), []
    for t in range(1, steps + 1):
        g = slope(p)
        if decoupled:
            p = p - lr * weight_decay * p
        else:
            g = g + weight_decay * p
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g**2
        p = p - lr * (m / (1 - betas[0] ** t)) / (np.sqrt(v / (1 - betas[1] ** t)) + eps)
        path.append(p)
    return path


def adamw(p, slope, steps, lr, weight_decay=0.01, **settings):
    """AdamW: torch.optim.AdamW."""
    return adam(p, slope, steps, lr, weight_decay=weight_decay, decoupled=True, **settings)
