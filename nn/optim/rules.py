"""The update rules. Each is one method over arrays: ``p`` the parameter, ``g`` its gradient, both of one shape.

Formulas and defaults are PyTorch's. Sources: Sutskever et al. 2013 (momentum, Nesterov), Duchi et al. 2011
(Adagrad), Tieleman & Hinton 2012 (RMSprop), Kingma & Ba 2015 (Adam), Loshchilov & Hutter 2019 (AdamW).

``out=`` and ``*=`` everywhere: for arrays that do not fit the cache, a fresh temporary costs more than the arithmetic.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import InputTypeError, InputValueError
from nn.optim.optimiser import Array, Group, Optimiser, State, kept, number


def _decayed(p: Array, g: Array, state: State, weight_decay: float) -> Array:
    """Give g + weight_decay·p: the slope of the loss plus weight_decay/2·p²."""
    if not weight_decay:
        return g
    sum_ = np.multiply(p, weight_decay, out=state["scratch"])
    sum_ += g
    return sum_


class SGD(Optimiser):
    """p ← p − lr·g, with momentum v ← momentum·v + (1 − dampening)·g in place of g.

    Args:
        params: parameters or groups.
        lr: the learning rate.
        momentum: how much of the last velocity stays.
        dampening: how much of the gradient is held back from the velocity.
        weight_decay: added to the gradient, times the parameter.
        nesterov: look ahead by one step of momentum.
    """

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "momentum": momentum,
                "dampening": dampening,
                "weight_decay": weight_decay,
                "nesterov": nesterov,
            },
        )

    def checked(self, settings: Group) -> Group:
        """Check the settings of a group."""
        s = super().checked(settings)
        for what in ("momentum", "weight_decay"):
            s[what] = number(self._name, what, s[what])
        s["dampening"] = number(self._name, "dampening", s["dampening"], -np.inf)
        if s["nesterov"] and (not s["momentum"] or s["dampening"]):
            raise InputValueError("SGD: nesterov=True needs momentum above 0 and dampening 0")
        return s

    def update(self, p: Array, g: Array, state: State, group: Group) -> None:
        """Take one step."""
        momentum, lr = group["momentum"], group["lr"]
        scratch = state["scratch"]
        if group["weight_decay"]:
            g = _decayed(p, g, state, group["weight_decay"])
        if momentum:
            v, new = kept(state, "momentum_buffer", p)
            if new:
                v += g
            else:
                v *= momentum
                v += g if not group["dampening"] else (1 - group["dampening"]) * g
            g = g + momentum * v if group["nesterov"] else v
        np.multiply(g, lr, out=scratch)
        p -= scratch


class Adagrad(Optimiser):
    """p ← p − lr·g / (√Σg² + eps): directions that were steep so far move less."""

    def __init__(
        self,
        params: Any,
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "lr_decay": lr_decay,
                "weight_decay": weight_decay,
                "initial_accumulator_value": initial_accumulator_value,
                "eps": eps,
            },
        )

    def checked(self, settings: Group) -> Group:
        """Check the settings of a group."""
        s = super().checked(settings)
        return {k: number(self._name, k, x) for k, x in s.items()}

    def update(self, p: Array, g: Array, state: State, group: Group) -> None:
        """Take one step."""
        g = _decayed(p, g, state, group["weight_decay"])
        total, _ = kept(state, "sum", p, group["initial_accumulator_value"])
        total += g * g
        rate = group["lr"] / (1 + (state["step"] - 1) * group["lr_decay"])
        _move(p, g, np.sqrt(total), rate, group["eps"])


class RMSprop(Optimiser):
    """p ← p − lr·g / (√v + eps), with v a running mean of g²."""

    def __init__(
        self,
        params: Any,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "alpha": alpha,
                "eps": eps,
                "weight_decay": weight_decay,
                "momentum": momentum,
                "centered": centered,
            },
        )

    def checked(self, settings: Group) -> Group:
        """Check the settings of a group."""
        s = super().checked(settings)
        s["alpha"] = number(self._name, "alpha", s["alpha"], 0, 1)
        for what in ("eps", "weight_decay", "momentum"):
            s[what] = number(self._name, what, s[what])
        return s

    def update(self, p: Array, g: Array, state: State, group: Group) -> None:
        """Take one step."""
        g = _decayed(p, g, state, group["weight_decay"])
        alpha = group["alpha"]
        v, _ = kept(state, "square_avg", p)
        v *= alpha
        v += (1 - alpha) * g * g
        spread = v
        if group["centered"]:
            mean, _ = kept(state, "grad_avg", p)
            mean *= alpha
            mean += (1 - alpha) * g
            spread = v - mean * mean
        if group["momentum"]:
            buffer, _ = kept(state, "momentum_buffer", p)
            buffer *= group["momentum"]
            buffer += g / (np.sqrt(spread) + group["eps"])
            p -= group["lr"] * buffer
        else:
            _move(p, g, np.sqrt(spread), group["lr"], group["eps"])


class Adam(Optimiser):
    """p ← p − lr·m̂ / (√v̂ + eps), with running means m of g and v of g², freed of their start at 0."""

    decoupled = False

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay})

    def checked(self, settings: Group) -> Group:
        """Check the settings of a group."""
        s = super().checked(settings)
        if not isinstance(s["betas"], tuple | list) or len(s["betas"]) != 2:
            raise InputTypeError(f"{self._name}: betas are two numbers; got {s['betas']!r}")
        s["betas"] = tuple(number(self._name, f"betas[{i}]", b, 0, 1, below=True) for i, b in enumerate(s["betas"]))
        for what in ("eps", "weight_decay"):
            s[what] = number(self._name, what, s[what])
        return s

    def update(self, p: Array, g: Array, state: State, group: Group) -> None:
        """Take one step."""
        first, second = group["betas"]
        decay = group["weight_decay"]
        if decay and self.decoupled:
            p *= 1 - group["lr"] * decay
        else:
            g = _decayed(p, g, state, decay)
        m, _ = kept(state, "exp_avg", p)
        v, _ = kept(state, "exp_avg_sq", p)
        m *= first
        m += (1 - first) * g
        v *= second
        square = g * g
        square *= 1 - second
        v += square
        np.sqrt(v, out=square)
        t = state["step"]
        square /= (1 - second**t) ** 0.5
        _move(p, m, square, group["lr"] / (1 - first**t), group["eps"])


class AdamW(Adam):
    """Adam, with the weight decay applied to the parameter itself instead of to its gradient."""

    decoupled = True

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)


class FixedStep(Optimiser):
    """A wrong rule that teaches: subtract a fixed value, whatever the slope. It walks past the minimum."""

    def __init__(self, params: Any, size: float = 0.1) -> None:
        super().__init__(params, {"size": size})

    def checked(self, settings: Group) -> Group:
        """Check the settings of a group."""
        return {**settings, "size": number(self._name, "size", settings["size"], -np.inf)}

    def update(self, p: Array, g: Array, state: State, group: Group) -> None:
        """Take one step."""
        p -= np.asarray(group["size"], p.dtype)


class BareSlope(Optimiser):
    """A wrong rule that teaches: subtract the slope itself, without a learning rate. It oscillates and diverges."""

    def __init__(self, params: Any) -> None:
        super().__init__(params, {})

    def update(self, p: Array, g: Array, state: State, group: Group) -> None:
        """Take one step."""
        p -= g


def _move(p: Array, g: Array, spread: Array, rate: Any, eps: float) -> None:
    """P ← p − rate·g / (spread + eps), using up ``spread``."""
    spread += eps
    np.divide(g, spread, out=spread)
    spread *= rate
    p -= spread
