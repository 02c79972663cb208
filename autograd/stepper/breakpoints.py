"""Breakpoints: where a run stops.

Text forms: a node's id; ``op:relu``; ``scope:layers.0`` (or just the scope's name); ``nan``; ``vanish<1e-6``;
``explode>1e3``; ``dead``; or a function of a Step. On a node a run stops when its step is done; on a leaf, when it
receives something. ``vanish`` and ``explode`` stop where the size *crosses* the bound, not at each step beyond it;
``nan`` stops where the first number that is not finite *comes from*.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import InputTypeError, InputValueError, UnknownNameError
from autograd.graph import Graph, GraphNode
from autograd.node import Node
from autograd.operations import TABLE
from autograd.scatter import Scatter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BOUND = re.compile(r"(vanish|explode)\s*([<>])?\s*([-+.\deE]+)?$")
RECTIFIERS = ("relu", "relu6")


class Breakpoint:
    """One stop: what it looks for, how often it was hit, whether it is on."""

    def __init__(
        self,
        number: int,
        what: Any,
        graph: Graph,
        direction: str = "backward",
        *,
        once: bool = False,
        receives: bool = False,
    ) -> None:
        """Read the text form; an unknown name is refused with a suggestion.

        ``receives`` makes it a watch: it stops where the node receives something, not at its own step.
        """
        self.receives = receives and direction == "backward"
        self.number = number
        self.what = what
        self.graph = graph
        self.once = once
        self.enabled = True
        self.count = 0
        self.condition: Callable[[Any], bool] | None = None
        self.condition_text = ""
        self.positions: frozenset[int] | None = None
        self.leaf: GraphNode | None = None
        self._steps: list[int] | None = None
        self._for: Any = None
        self.test: Callable[[Any, int], bool] = self._read(what, direction)

    def __repr__(self) -> str:
        """Show the text form and the count."""
        return f"<breakpoint {self.number}: {self.text}, hit {self.count} times>"

    @property
    def text(self) -> str:
        """The text form; a function shows its name."""
        what = self.what
        if isinstance(what, str):
            shown = what
        elif isinstance(what, Node | GraphNode):
            shown = self.graph[what.node if isinstance(what, GraphNode) else what].id
        else:
            shown = getattr(what, "__name__", repr(what))
        shown = f"watch {shown}" if self.receives else shown
        return shown + (f", {self.condition_text}" if self.condition_text else "")

    def places(self, recording: Any) -> list[int] | None:
        """Give the steps at which this can stop, if that is known beforehand."""
        return None if self.positions is None else list(self._step_list(recording))

    def hits(self, recording: Any, index: int) -> bool:
        """Tell whether a run stops when step ``index`` is done."""
        try:
            hit = bool(self.test(recording, index))
            return hit and (self.condition is None or bool(self.condition(recording.step(index))))
        except Exception as error:
            error.add_note(
                f"while testing {self.text} at step {index + 1}: {recording.node(index).formula}; the cursor did not move"
            )
            raise

    def _read(self, what: Any, direction: str) -> Callable[[Any, int], bool]:
        if isinstance(what, GraphNode):
            return self._at(what)
        if isinstance(what, Node):
            return self._at(self.graph[what])
        if callable(what):
            return lambda recording, i: bool(what(recording.step(i)))
        if not isinstance(what, str):
            raise InputTypeError(
                f'a breakpoint is a node, a text ("z", "op:relu", "nan", "vanish<1e-6", "explode>1e3", "dead") or a '
                f"function of a Step; got {what!r}"
            )
        text = what.strip()
        if text in self.graph:
            return self._at(self.graph[text])
        if text.startswith("op:"):
            return self._operation(text[3:].strip())
        if text.startswith("scope:") or any(n.scope == text or n.scope.startswith(f"{text}.") for n in self.graph):
            return self._scope(text.removeprefix("scope:").strip())
        if text == "nan":
            return _not_finite if direction == "backward" else _value_not_finite
        if text == "dead":
            return _dead
        bound = BOUND.match(text)
        if bound:
            return _crossing(bound[1], bound[2], bound[3], text, direction)
        self.graph[text]  # raises, with a suggestion
        raise AssertionError(text)

    def _at(self, node: GraphNode) -> Callable[[Any, int], bool]:
        self.leaf = node if node.is_leaf or self.receives else None
        self.positions = frozenset([node.position])
        return self._listed

    def _operation(self, name: str) -> Callable[[Any, int], bool]:
        found = frozenset(n.position for n in self.graph if n.op is not None and name in (n.op.name, n.op.form.glyph))
        if not found and name not in TABLE:
            used = sorted({n.op.name for n in self.graph if n.op is not None})
            raise UnknownNameError(f"no operation {name!r} in this graph; it has {', '.join(used)}")
        self.positions = found
        return self._listed

    def _scope(self, name: str) -> Callable[[Any, int], bool]:
        inside = frozenset(
            n.position for n in self.graph if n.scope and (n.scope == name or n.scope.startswith(f"{name}."))
        )
        if not inside:
            scopes = sorted({n.scope for n in self.graph if n.scope})
            raise UnknownNameError(f"no scope {name!r} in this graph; it has {', '.join(scopes) or 'none'}")
        self.positions = inside
        return self._entered

    def _listed(self, recording: Any, index: int) -> bool:
        assert self.positions is not None
        if self.leaf is not None:
            return index in self._step_list(recording, set_=True)
        return recording.order[index] in self.positions

    def _entered(self, recording: Any, index: int) -> bool:
        assert self.positions is not None
        inside = self.positions
        return recording.order[index] in inside and (index == 0 or recording.order[index - 1] not in inside)

    def _step_list(self, recording: Any, *, set_: bool = False) -> Any:
        """Give the steps at which this breakpoint can stop, sorted; they are worked out once per recording."""
        if self._for is not recording:
            assert self.positions is not None
            if self.leaf is None:
                steps = {recording.step_of[p] for p in self.positions if p in recording.step_of}
            elif recording.direction == "forward":
                steps = {recording.step_of[user.position] for user, _ in self.leaf.users}
            else:
                steps = {recording.step_of_send(k) for k in recording.arrivals(self.leaf.position)}
            self._for, self._set, self._steps = recording, steps, sorted(steps)
        return self._set if set_ else self._steps

    def nearest(self, index: int, towards: int, recording: Any) -> int | None:
        """Give the nearest step at or beyond ``index`` at which this breakpoint can stop."""
        steps = self._step_list(recording)
        if towards > 0:
            k = bisect_left(steps, index)
            return steps[k] if k < len(steps) else None
        k = bisect_right(steps, index)
        return steps[k - 1] if k else None


def finite(x: Any) -> bool:
    """Tell whether every number in ``x`` is finite."""
    if type(x) is float:
        return math.isfinite(x)
    return bool(np.all(np.isfinite(x.g if type(x) is Scatter else x)))


def size(x: Any) -> float:
    """Give |x|, or the Euclidean norm of an array."""
    if type(x) is float:
        return abs(x)
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(np.ravel(x.g if type(x) is Scatter else x)))


def _sent(recording: Any, index: int) -> Iterator[Any]:
    for k in range(recording.offsets[index], recording.offsets[index + 1]):
        yield recording.amounts[k]


def _not_finite(recording: Any, index: int) -> bool:
    if not finite(recording.final[recording.order[index]]):
        return False
    return not all(finite(c) for c in _sent(recording, index))


def _value_not_finite(recording: Any, index: int) -> bool:
    node = recording.node(index)
    if finite(recording.values[node.position]):
        return False
    return all(finite(recording.values[a.position]) for _, a in node.inputs)


def _dead(recording: Any, index: int) -> bool:
    return dead(recording.node(index)) is not None


def dead(node: GraphNode) -> Any:
    """Give the input of a ReLU that lets nothing through (the largest, of an array), or None."""
    if node.op is None or node.op.name not in RECTIFIERS:
        return None
    x = node.args[0].data
    if type(x) is float:
        return x if x <= 0 else None
    largest = np.max(x) if np.size(x) else None
    return float(largest) if largest is not None and largest <= 0 else None


def _crossing(kind: str, sign: str | None, bound: str | None, text: str, direction: str) -> Callable[[Any, int], bool]:
    expected = "<" if kind == "vanish" else ">"
    try:
        limit = float(bound) if bound else (1e-6 if kind == "vanish" else 1e3)
    except ValueError:
        limit = math.nan
    if (sign and sign != expected) or not limit > 0:
        raise InputValueError(f'write {kind}{expected}NUMBER, such as "vanish<1e-6" or "explode>1e3"; got {text!r}')
    beyond: Callable[[float], bool] = (lambda s: s < limit) if kind == "vanish" else (lambda s: math.inf > s > limit)

    def crossing(recording: Any, index: int) -> bool:
        if direction == "forward":
            node = recording.node(index)
            inputs = [size(recording.values[a.position]) for _, a in node.inputs]
            return beyond(size(recording.values[node.position])) and not any(map(beyond, inputs))
        if beyond(size(recording.final[recording.order[index]])):
            return False
        return any(beyond(size(c)) for c in _sent(recording, index))

    return crossing


class Breakpoints:
    """The breakpoints and watches of one stepper."""

    def __init__(self, stepper: Any) -> None:
        """Start empty."""
        self._stepper = stepper
        self._all: list[Breakpoint] = []
        self._next = 1

    def add(
        self,
        what: Any,
        *,
        once: bool = False,
        receives: bool = False,
        condition: Any = None,
        condition_text: str = "",
    ) -> Breakpoint:
        """Stop at a node, an operation, a scope, ``"nan"``, ``"vanish<1e-6"``, ``"explode>1e3"``, ``"dead"``, or a function."""
        stepper = self._stepper
        stop = Breakpoint(self._next, what, stepper.graph, stepper.direction, once=once, receives=receives)
        stop.condition, stop.condition_text = condition, condition_text
        self._next += 1
        self._all.append(stop)
        return stop

    def remove(self, number: int) -> Breakpoint:
        """Take one back, by number."""
        for stop in self._all:
            if stop.number == number:
                self._all.remove(stop)
                return stop
        known = ", ".join(str(b.number) for b in self._all) or "none"
        raise UnknownNameError(f"no breakpoint {number}; there are {known}")

    def clear(self) -> None:
        """Take all back."""
        self._all.clear()

    def active(self) -> list[Breakpoint]:
        """Give those that are on."""
        return [b for b in self._all if b.enabled]

    def __iter__(self) -> Iterator[Breakpoint]:
        """Iterate in the order they were added."""
        return iter(tuple(self._all))

    def __len__(self) -> int:
        """Count them."""
        return len(self._all)

    def __repr__(self) -> str:
        """Show them."""
        return f"<breakpoints {[b.text for b in self._all]}>"
