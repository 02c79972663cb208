"""``Optimiser``: what all update rules share.

Types
    group    a dictionary: ``params`` and the settings that hold for them (``lr``, ``momentum`` …)
    slot     what is updated in one stroke: one Tensor, or all Values of a group side by side in one array
    state    a slot's arrays, such as momentum: same shape as the slot's data; ``step`` counts updates

A rule is one method, ``update(p, g, state, group)``, which changes the array ``p`` in place. It is written once for
both magnifications. Parameters whose ``grad`` is None, and frozen ones, are left alone.

Assigning ``tensor.data`` tells graphs that still need the old numbers; large arrays are updated in place, through a
scratch array that is kept, because fresh temporaries cost page faults.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, Value
from autograd.errors import InputTypeError, InputValueError, ShapeError
from nn.parameter import is_leaf, is_values, leaves_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Array = np.ndarray[Any, np.dtype[Any]]
Group = dict[str, Any]
State = dict[str, Any]


def number(name: str, what: str, x: Any, low: float = 0.0, high: float = math.inf, *, below: bool = False) -> float:
    """Give a setting as a float; refuse nan, infinity and what lies outside low … high."""
    if isinstance(x, bool) or not isinstance(x, int | float | np.number):
        raise InputTypeError(f"{name}: {what} is a number; got {x!r}")
    if not math.isfinite(x) or not low <= x <= high or (below and x == high):
        bound = f"{low:g} or more" if high == math.inf else f"from {low:g} to {'below ' * below}{high:g}"
        raise InputValueError(f"{name}: {what} must be finite and {bound}; got {x}")
    return float(x)


class Slot:
    """What is updated in one stroke: a Tensor, or several Values side by side."""

    __slots__ = ("leaves", "state", "tensor")

    def __init__(self, leaves: list[Any]) -> None:
        """Hold the leaves; state comes with the first update."""
        self.leaves = leaves
        self.tensor: Tensor | None = leaves[0] if isinstance(leaves[0], Tensor) else None
        self.state: State = {}

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the data."""
        return self.tensor.shape if self.tensor is not None else (len(self.leaves),)

    @property
    def dtype(self) -> Any:
        """The floating type of the data."""
        return self.tensor.dtype if self.tensor is not None else np.dtype(np.float64)


class Optimiser:
    """The base of all update rules.

    Args:
        params: parameters, or dictionaries ``{"params": [...], "lr": …}`` with settings of their own.
        settings: what holds for groups that do not say otherwise.
    """

    def __init__(self, params: Any, settings: Mapping[str, Any]) -> None:
        self.defaults = dict(settings)
        self.param_groups: list[Group] = []
        self._slots: list[list[Slot]] = []
        given = self._listed(params)
        if not given:
            raise InputValueError(f"{self._name} got no parameters; write {self._name}(model.parameters(), …)")
        for group in given if isinstance(given[0], dict) else [{"params": given}]:
            self.add_param_group(group)

    @property
    def _name(self) -> str:
        return type(self).__name__

    def _listed(self, params: Any) -> list[Any]:
        if hasattr(params, "parameters"):
            raise InputTypeError(
                f"{self._name} takes parameters, not a module; write {self._name}(model.parameters(), …)"
            )
        if isinstance(params, Tensor | Value):
            raise InputTypeError(f"{self._name} takes a list of parameters; write {self._name}([w], …)")
        try:
            return list(params)
        except TypeError:
            raise InputTypeError(f"{self._name} takes a list of parameters; got {params!r}") from None

    def add_param_group(self, group: Group) -> None:
        """Add parameters with settings of their own."""
        if not isinstance(group, dict) or "params" not in group:
            raise InputTypeError(f"a parameter group is a dictionary with 'params'; got {group!r}")
        unknown = [key for key in group if key != "params" and key not in self.defaults]
        if unknown:
            raise InputValueError(f"{self._name} has no setting {unknown[0]!r}; it has {', '.join(self.defaults)}")
        raw = group["params"]
        raw = [raw] if isinstance(raw, Tensor | Value) else self._listed(raw)
        leaves: list[Any] = []
        for p in raw:
            holder = p if is_values(p) else np.array(p, dtype=object) if isinstance(p, list) else p
            leaves.extend(leaves_of(holder))
        known = {id(p) for g in self.param_groups for p in g["params"]}
        for i, p in enumerate(leaves):
            if not is_leaf(p):
                what = "a computed node" if isinstance(p, Tensor | Value) else f"{p!r} of type {type(p).__name__}"
                raise InputTypeError(
                    f"{self._name}: parameter {i} is {what}; expected leaf Tensors or Values, as model.parameters() gives"
                )
            if id(p) in known:
                raise InputValueError(f"{self._name}: parameter {p.name or i} was given twice")
            known.add(id(p))
        settings = self.checked({**self.defaults, **{k: v for k, v in group.items() if k != "params"}})
        values = [p for p in leaves if isinstance(p, Value)]
        slots = [Slot([p]) for p in leaves if isinstance(p, Tensor)]
        self.param_groups.append({"params": leaves, **settings})
        self._slots.append(slots + ([Slot(values)] if values else []))

    def checked(self, settings: Group) -> Group:
        """Check the settings of a group; a rule adds its own checks."""
        return {**settings, **({"lr": number(self._name, "lr", settings["lr"])} if "lr" in settings else {})}

    def update(self, p: Array, g: Array, state: State, group: Group) -> None:
        """Change ``p`` in place; a rule says how."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Forget all gradients: ``grad`` is None again."""
        for group in self.param_groups:
            for p in group["params"]:
                p.grad = None

    def step(self) -> None:
        """Update every parameter that has a gradient."""
        with np.errstate(all="ignore"):
            for group, slots in zip(self.param_groups, self._slots, strict=True):
                for slot in slots:
                    if slot.tensor is not None:
                        self._step_tensor(slot, slot.tensor, group)
                    else:
                        self._step_values(slot, group)

    def _step_tensor(self, slot: Slot, p: Tensor, group: Group) -> None:
        g = p.grad
        if g is None or not p.requires_grad:
            return
        if isinstance(g, Tensor):  # left by backward(create_graph=True)
            g = g.data
        data, state = p.data, slot.state
        if getattr(g, "shape", None) != data.shape and (isinstance(g, str) or np.shape(g) != data.shape):
            given = f"shape {np.shape(g)}" if isinstance(g, np.ndarray) else repr(g)
            raise ShapeError(
                f"{self._name}: the gradient of {p.name or 'a parameter'} is {given}; expected shape {data.shape}, that of "
                "the parameter"
            )
        if "scratch" not in state:
            state["scratch"] = np.empty_like(data)
        state["step"] = state.get("step", 0) + 1
        self.update(data, g, state, group)
        p.data = data

    def _step_values(self, slot: Slot, group: Group) -> None:
        leaves = slot.leaves
        live = [i for i, v in enumerate(leaves) if v.grad is not None and v.requires_grad]
        if not live:
            return
        whole = len(live) == len(leaves)
        chosen = leaves if whole else [leaves[i] for i in live]
        data = np.array([v.data for v in chosen])
        g = np.array([v.grad.data if isinstance(v.grad, Value) else v.grad for v in chosen])
        if "step" not in slot.state:
            slot.state["step"] = np.zeros(len(leaves))
        kept = slot.state
        state = dict(kept) if whole else {key: array[live] for key, array in kept.items()}
        state["step"] = state["step"] + 1
        state["scratch"] = np.empty_like(data)
        self.update(data, g, state, group)
        del state["scratch"]
        for key, array in state.items():
            if whole:
                kept[key] = array
            else:
                if key not in kept:
                    kept[key] = np.zeros(len(leaves))
                kept[key][live] = array
        for v, x in zip(chosen, data.tolist(), strict=True):
            v.data = x

    # --- state ----------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Give settings and state: ``{"groups": [settings …], "state": {"0.0.momentum_buffer": array …}}``."""
        return {
            "groups": [{k: v for k, v in g.items() if k != "params"} for g in self.param_groups],
            "state": {
                f"{i}.{j}.{key}": np.array(x)
                for i, slots in enumerate(self._slots)
                for j, slot in enumerate(slots)
                for key, x in slot.state.items()
                if key != "scratch"
            },
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take settings and state; everything is checked before anything changes."""
        if not hasattr(state, "keys") or not {"groups", "state"} <= set(state.keys()):
            given = f"keys {sorted(map(str, state.keys()))}" if hasattr(state, "keys") else type(state).__name__
            raise InputTypeError(
                f"{self._name}: a state is a dictionary with 'groups' and 'state', as state_dict() gives; got {given}"
            )
        groups, arrays = list(state["groups"]), dict(state["state"])
        if len(groups) != len(self.param_groups):
            raise InputValueError(
                f"{self._name}: the state has {len(groups)} parameter groups, this one {len(self.param_groups)}"
            )
        for own, new in zip(self.param_groups, groups, strict=True):
            if set(new) != set(own) - {"params"}:
                raise InputValueError(
                    f"{self._name}: the state is of another kind of optimiser, with settings {sorted(new)}"
                )
        found: dict[tuple[int, int], State] = {}
        for name, x in arrays.items():
            i, j, key = name.split(".", 2)
            place = (int(i), int(j))
            if place[0] >= len(self._slots) or place[1] >= len(self._slots[place[0]]):
                raise InputValueError(f"{self._name}: the state has an entry {name!r}, and there is no such parameter")
            slot = self._slots[place[0]][place[1]]
            array = np.asarray(x)
            if array.shape not in {slot.shape, ()}:
                raise ShapeError(f"{self._name}: the entry {name!r} has shape {array.shape}; expected {slot.shape}")
            scalar = key == "step" and slot.tensor is not None
            found.setdefault(place, {})[key] = int(array) if scalar else np.array(array, dtype=slot.dtype)
        for own, new in zip(self.param_groups, groups, strict=True):
            own.update(self.checked(dict(new)))
        for i, slots in enumerate(self._slots):
            for j, slot in enumerate(slots):
                slot.state = found.get((i, j), {})

    def __repr__(self) -> str:
        """Show the rule and its settings."""
        lines = [
            f"  group {i}: {sum(int(np.prod(s.shape)) for s in slots):,} numbers, "
            + ", ".join(f"{k}={v}" for k, v in g.items() if k != "params")
            for i, (g, slots) in enumerate(zip(self.param_groups, self._slots, strict=True))
        ]
        return "\n".join([f"{self._name}(", *lines, ")"])


Optimizer = Optimiser


def kept(state: State, key: str, like: Array, value: float = 0.0) -> tuple[Array, bool]:
    """Give an array of the state, made when it is first needed, and whether it is new."""
    found = state.get(key)
    if found is not None:
        return found, False
    state[key] = np.full_like(like, value)
    return state[key], True


def parameters_of(params: Iterable[Any] | Any) -> list[Any]:
    """Give leaves from one parameter or many."""
    if isinstance(params, Tensor | Value):
        return [params]
    return [leaf for p in params for leaf in leaves_of(p)]
