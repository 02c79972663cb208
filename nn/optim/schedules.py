"""Learning-rate schedules: the rate of step k as a formula of k and of the rate at the start.

Call ``schedule.step()`` after each epoch (or each update); PyTorch's names and defaults. Rates are computed from k
directly, so a restored schedule continues exactly.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autograd.errors import InputTypeError, InputValueError
from nn.optim.optimiser import Optimiser

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Schedule:
    """The base: a subclass gives ``rate(base, k)``, the learning rate after k steps."""

    def __init__(self, optimizer: Optimiser) -> None:
        if not isinstance(optimizer, Optimiser) or "lr" not in optimizer.defaults:
            raise InputTypeError(f"a schedule changes the lr of an optimiser; got {optimizer!r}")
        self.optimiser = optimizer
        self.base = [group["lr"] for group in optimizer.param_groups]
        self.count = 0
        self._apply()

    def rate(self, base: float, k: int) -> float:
        """Give the learning rate after k steps."""
        raise NotImplementedError

    def step(self) -> None:
        """Go on by one step."""
        self.count += 1
        self._apply()

    def _apply(self) -> None:
        for group, rate in zip(self.optimiser.param_groups, self.get_last_lr(), strict=True):
            group["lr"] = rate

    def get_last_lr(self) -> list[float]:
        """Give the present learning rate of each group."""
        return [self.rate(base, self.count) for base in self.base]

    def state_dict(self) -> dict[str, Any]:
        """Give what is needed to go on later."""
        return {"count": self.count, "base": list(self.base)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved state."""
        if len(state["base"]) != len(self.optimiser.param_groups):
            raise InputValueError(
                f"the schedule was saved with {len(state['base'])} parameter groups; here are {len(self.optimiser.param_groups)}"
            )
        self.count, self.base = int(state["count"]), [float(b) for b in state["base"]]
        self._apply()


class StepLR(Schedule):
    """Multiply by gamma every step_size steps."""

    def __init__(self, optimizer: Optimiser, step_size: int, gamma: float = 0.1) -> None:
        if step_size < 1:
            raise InputValueError(f"StepLR: step_size is at least 1; got {step_size}")
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer)

    def rate(self, base: float, k: int) -> float:
        """Base · gamma^(k // step_size)."""
        return base * self.gamma ** (k // self.step_size)


class CosineAnnealingLR(Schedule):
    """Go down to eta_min along half a cosine in T_max steps (Loshchilov & Hutter 2017)."""

    def __init__(self, optimizer: Optimiser, T_max: int, eta_min: float = 0.0) -> None:
        if T_max < 1:
            raise InputValueError(f"CosineAnnealingLR: T_max is at least 1; got {T_max}")
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer)

    def rate(self, base: float, k: int) -> float:
        """eta_min + (base − eta_min)·(1 + cos(πk/T_max))/2."""
        return self.eta_min + (base - self.eta_min) * (1 + math.cos(math.pi * k / self.T_max)) / 2


class LinearLR(Schedule):
    """Warm up: from start_factor·base to end_factor·base in total_iters steps, then stay."""

    def __init__(
        self, optimizer: Optimiser, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5
    ) -> None:
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer)

    def rate(self, base: float, k: int) -> float:
        """Go along a straight line."""
        share = min(k, self.total_iters) / self.total_iters if self.total_iters else 1.0
        return base * (self.start_factor + (self.end_factor - self.start_factor) * share)


class LambdaLR(Schedule):
    """base · lr_lambda(k)."""

    def __init__(self, optimizer: Optimiser, lr_lambda: Callable[[int], float]) -> None:
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def rate(self, base: float, k: int) -> float:
        """Ask the function."""
        return base * self.lr_lambda(k)


class SequentialLR(Schedule):
    """One schedule after another; each begins counting at its milestone.

    >>> from nn import Parameter, optim
    >>> sgd = optim.SGD([Parameter([1.0])], lr=1.0)
    >>> warm = LinearLR(sgd, start_factor=0.5, total_iters=2)
    >>> both = SequentialLR(sgd, [warm, CosineAnnealingLR(sgd, 4)], milestones=[2])
    >>> rates = []
    >>> for _ in range(6):
    ...     rates.append(round(sgd.param_groups[0]["lr"], 3))
    ...     both.step()
    >>> rates
    [0.5, 0.75, 1.0, 0.854, 0.5, 0.146]
    """

    def __init__(self, optimizer: Optimiser, schedulers: Sequence[Schedule], milestones: Sequence[int]) -> None:
        if len(schedulers) != len(milestones) + 1 or list(milestones) != sorted(milestones):
            raise InputValueError(
                f"SequentialLR: {len(schedulers)} schedules need {len(schedulers) - 1} growing milestones; got {list(milestones)}"
            )
        self.schedulers, self.milestones = list(schedulers), list(milestones)
        # The members have set the rate already; the base is what the first one started from.
        for group, base in zip(optimizer.param_groups, self.schedulers[0].base, strict=True):
            group["lr"] = base
        super().__init__(optimizer)

    def rate(self, base: float, k: int) -> float:
        """Ask the schedule whose turn it is."""
        i = sum(k >= m for m in self.milestones)
        return self.schedulers[i].rate(base, k - (self.milestones[i - 1] if i else 0))
