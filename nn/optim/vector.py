"""``Vector``: all Tensors of a parameter group side by side in one array, updated in one stroke.

An update rule works number by number, so it does not care which Tensor a number belongs to. Where gradients come in one
array as well, a step is a few calls for the whole group instead of a few for each parameter. Large groups are updated
piece by piece, small enough for the processor's cache.

The Tensors' data become views of the vector, and so do the arrays of the optimiser's state; whoever assigns to either
is noticed, and the vector is filled again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nn.optim import rules

if TYPE_CHECKING:
    from autograd import Tensor
    from nn.optim.optimiser import Optimiser, Slot

BY_NUMBER = frozenset(
    {rules.SGD, rules.Adagrad, rules.RMSprop, rules.Adam, rules.AdamW, rules.FixedStep, rules.BareSlope}
)
"""Rules that treat each number alone; a subclass may not."""
PIECE = 1 << 15
"""So many numbers are updated at a time."""


class Vector:
    """Some slots of one group, of one floating type."""

    def __init__(self, optimiser: Optimiser, group: dict[str, Any], slots: list[Slot], tensors: list[Tensor]) -> None:
        """Lay the Tensors side by side."""
        self.optimiser, self.group, self.slots, self.tensors = optimiser, group, slots, tensors
        dtype = tensors[0].dtype
        self.size = sum(p.size for p in tensors)
        self.data = np.empty(self.size, dtype)
        self.grad = np.zeros(self.size, dtype)
        self.gradients = self._views(self.grad)
        """Where the gradient of each Tensor belongs."""
        self._homes = self._views(self.data)
        self._rows: list[Any] = []
        self._scratch = np.empty(min(self.size, PIECE), dtype)
        self._state: dict[str, Any] = {}
        self._steps = 0
        self._even = True
        self._gather()

    def _views(self, array: Any) -> list[Any]:
        ends = np.cumsum([0, *(p.size for p in self.tensors)])
        return [array[a:b].reshape(p.shape) for a, b, p in zip(ends[:-1], ends[1:], self.tensors, strict=True)]

    def _gather(self) -> None:
        """Take the Tensors' numbers and the optimiser's state as they are now."""
        for p, home in zip(self.tensors, self._homes, strict=True):
            if p._data is not home:
                np.copyto(home, p._data)
                p._data = home
        states = [slot.state for slot in self.slots]
        self._steps = int(states[0].get("step", 0))
        self._state = {}
        # A Tensor that was left out of some update is not where the others are: each is updated for itself then.
        self._even = all(
            s.keys() - {"scratch"} == states[0].keys() - {"scratch"} and s.get("step", 0) == self._steps for s in states
        )
        if not self._even:
            self._rows = self._listed()
            return
        for key in {key: None for s in states for key in s if key not in ("step", "scratch")}:
            self._state[key] = whole = np.zeros_like(self.data)
            for s, view in zip(states, self._views(whole), strict=True):
                if key in s:
                    np.copyto(view, s[key])
        self._share()

    def _listed(self) -> list[Any]:
        columns = self.tensors, self._homes, self.gradients, self.slots
        return [(*row, row[3].state) for row in zip(*columns, strict=True)]

    def _share(self) -> None:
        """Let each slot's state be views of the vector's."""
        for key, whole in self._state.items():
            for slot, view in zip(self.slots, self._views(whole), strict=True):
                slot.state[key] = view
        self._rows = self._listed()
        self._pieces = []
        for a in range(0, self.size, PIECE):
            part = slice(a, min(a + PIECE, self.size))
            state = {key: whole[part] for key, whole in self._state.items()}
            state["scratch"] = self._scratch[: part.stop - a]
            self._pieces.append((self.data[part], self.grad[part], state))

    @property
    def ready(self) -> bool:
        """Whether one stroke is right: all gradients are the vector's, all have seen the same number of updates."""
        t = self._steps
        return self._even and all(p.grad is g and state.get("step", 0) == t for p, _, g, _, state in self._rows)

    def settle(self) -> None:
        """Notice data and states that were assigned from outside, and updates that went another way."""
        t = self._steps
        for p, home, _, slot, state in self._rows:
            if p._data is not home or slot.state is not state or state.get("step", 0) != t:
                self._gather()
                return

    def step(self) -> None:
        """Update all by the gradients in ``grad``."""
        t = self._steps = self._steps + 1
        update, group = self.optimiser.update, self.group
        known = len(self._state) + 2
        for p, g, state in self._pieces:
            state["step"] = t
            update(p, g, state, group)
        for p, home, _, _, state in self._rows:
            state["step"] = t
            p.data = home  # the same array: graphs that need the old numbers notice
        if len(self._pieces[0][2]) != known:  # the first update has made arrays of its own
            self._adopt()

    def _adopt(self) -> None:
        for key in [k for k in self._pieces[0][2] if k not in ("step", "scratch") and k not in self._state]:
            self._state[key] = np.concatenate([state[key] for _, _, state in self._pieces])
        self._share()


def vectors(optimiser: Optimiser, tensors: list[Tensor]) -> tuple[list[Vector], list[Tensor]]:
    """Lay side by side what can be; give the vectors, and the Tensors that are left for ``optimiser.step()``."""
    wanted = {id(p) for p in tensors}
    found: list[Vector] = []
    placed: set[int] = set()
    if type(optimiser) in BY_NUMBER:
        for group, slots in zip(optimiser.param_groups, optimiser._slots, strict=True):
            by_type: dict[Any, list[Slot]] = {}
            for slot in slots:
                if slot.tensor is not None and id(slot.tensor) in wanted:
                    by_type.setdefault((slot.tensor.dtype, int(slot.state.get("step", 0))), []).append(slot)
            for some in by_type.values():
                found.append(Vector(optimiser, group, some, [slot.tensor for slot in some]))  # type: ignore[misc]
                placed.update(id(slot.tensor) for slot in some)
    return found, [p for p in tensors if id(p) not in placed]
