"""The cursor over a recorded pass: where it is, what is to be seen there, and how it moves.

Types
    Cursor    the position (steps done, edges done of the next step) and the moves; ``Stepper`` is built on it.
    Now       what every node has at the cursor, by id.
    Steps     the steps as a sequence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from autograd.arguments import short
from autograd.errors import GradientError, InputTypeError, InputValueError, StaleError
from autograd.graph import Graph, GraphNode
from autograd.stepper.breakpoints import Breakpoint, Breakpoints

if TYPE_CHECKING:
    from typing import Self

    from autograd.stepper.records import Compute, Step


class Now(Mapping[str, Any]):
    """What every node has at the cursor, by id: gradients (or values, forward) that have arrived so far."""

    def __init__(self, stepper: Cursor) -> None:
        """Look through the stepper; nothing is copied."""
        self._stepper = stepper

    def __getitem__(self, key: Any) -> Any:
        """Give the gradient so far of a node, by id or by the Value itself; KeyError if nothing has arrived."""
        node = key if isinstance(key, GraphNode) else self._stepper.graph[key]
        found = self._stepper.now(node)
        if found is None:
            raise KeyError(node.id)
        return found

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids of the nodes that have something, in creation order."""
        return (n.id for n in self._stepper.graph if self._stepper.now(n) is not None)

    def __len__(self) -> int:
        """Count them."""
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        """Show the first few."""
        shown = [f"{k}: {short(self[k], 30)}" for _, k in zip(range(8), self, strict=False)]
        return "{" + ", ".join(shown) + (", …" if len(self) > 8 else "") + "}"


class Cursor:
    """A position in a pass, and the moves; see ``Stepper``."""

    graph: Graph
    recording: Any
    direction: str
    breakpoints: Breakpoints
    pos: int
    edge: int
    stopped_by: list[Breakpoint]
    _leaves: list[tuple[GraphNode, Any, int]]

    # --- looking ------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """Give the number of steps."""
        return len(self.recording)

    @property
    def current(self) -> Any:
        """The step that was done last, or is half done; None at the start."""
        i = self.current_index
        return None if i is None else self.recording.step(i)

    @property
    def current_index(self) -> int | None:
        """The number of the current step."""
        return self.pos if self.edge else self.pos - 1 if self.pos else None

    @property
    def edges_done(self) -> int:
        """How many edges of the current step are done."""
        i = self.current_index
        return 0 if i is None else self.edge or self.recording.edges(i)

    @property
    def steps(self) -> Steps:
        """All steps, made as they are looked at."""
        return Steps(self)

    @property
    def grads(self) -> Now:
        """Gradients at the cursor, by id; a node that nothing has reached is not in it."""
        return Now(self)

    values = grads
    """Forward: what has been computed up to the cursor."""

    def now(self, node: Any) -> Any:
        """Give what a node has at the cursor: its gradient so far (its value, forward); None if nothing."""
        found = node if isinstance(node, GraphNode) else self.graph[node]
        return self.recording.now(found.position, self.pos, self.edge)

    @property
    def at_end(self) -> bool:
        """Whether every step is done."""
        return self.pos >= len(self)

    def stale(self) -> str | None:
        """Say which leaf was changed since the pass was recorded; None if none was."""
        for n, data, version in self._leaves:
            node = n.node
            if node._data is not data or getattr(node, "_version", 0) != version:
                was = f"was {short(data, 30)} when this pass was recorded and is {short(node._data, 30)} now"
                if node._data is data:
                    was = "was written into after this pass was recorded"
                return f"{n.id} {was}; the numbers here belong to the old data. reset() computes and records again"
        return None

    def _check_fresh(self) -> None:
        said = self.stale()
        if said:
            raise StaleError(f"the graph changed under the stepper: {said}")

    # --- moving -------------------------------------------------------------------------------------------------

    def step(self, n: int = 1) -> Any:
        """Do the next step (or the rest of a half-done one), ``n`` times; None if there is none left."""
        return self._by(_count(n))

    def back(self, n: int = 1) -> Any:
        """Undo the last step (or the done part of a half-done one), ``n`` times."""
        self._check_fresh()
        for _ in range(_count(n)):
            if self.edge:
                self.edge = 0
            elif self.pos:
                self.pos -= 1
        return self.current

    def _by(self, n: int) -> Any:
        self._check_fresh()
        if self.at_end:
            return None
        self.pos, self.edge = min(len(self), self.pos + n), 0
        return self.current

    def micro(self, n: int = 1) -> Any:
        """Move by ``n`` edges; negative goes back in time."""
        self._check_fresh()
        if not isinstance(n, int):
            raise InputTypeError(f"micro() moves by a whole number of edges; got {n!r}")
        for _ in range(abs(n)):
            if n > 0 and not self.at_end:
                self._place(self.pos, self.edge + 1)
            elif n < 0 and self.edge:
                self.edge -= 1
            elif n < 0 and self.pos:
                self.pos -= 1
                self.edge = max(0, self.recording.edges(self.pos) - 1)
        return self.current

    def _place(self, pos: int, edge: int) -> None:
        if edge >= self.recording.edges(pos):
            pos, edge = pos + 1, 0
        self.pos, self.edge = pos, edge

    def to(self, where: Any) -> Any:
        """Go so that ``where`` is done: a number of steps, a node's id, or the Value itself.

        A leaf has no step of its own: the cursor goes to the last step that sends to it.
        """
        self._check_fresh()
        self.pos, self.edge = self.position_of(where), 0
        return self.current

    def position_of(self, where: Any) -> int:
        """Give the number of steps after which ``where`` is done."""
        if isinstance(where, int) and not isinstance(where, bool):
            if not -len(self) <= where <= len(self):
                raise InputValueError(f"there are {len(self)} steps, so positions are 0 to {len(self)}; got {where}")
            return where if where >= 0 else len(self) + 1 + where
        node = where if isinstance(where, GraphNode) else self.graph[where]
        own = self.recording.step_of.get(node.position)
        if own is not None:
            return int(own) + 1
        if self.direction == "forward":
            return 0
        arrivals = self.recording.arrivals(node.position)
        if not arrivals:
            if node is self.graph.root:
                return 0
            raise GradientError(f"{node.id} is never reached by this backward pass: no step to go to")
        return int(self.recording.step_of_send(arrivals[-1])) + 1

    def until(self, predicate: Any) -> Any:
        """Go on until ``predicate`` holds: a breakpoint's text ("z", "op:relu", "nan") or a function of a Step.

        Gives the step, or None if the end was reached without it.
        """
        return self._search(self._one(predicate), +1)

    def back_until(self, predicate: Any) -> Any:
        """The same, back in time."""
        return self._search(self._one(predicate), -1)

    def run(self) -> Any:
        """Go on to the next breakpoint, or to the end (then None)."""
        return self._search(self.breakpoints.active(), +1)

    def run_back(self) -> Any:
        """Go back to the breakpoint before, or to the start (then None)."""
        return self._search(self.breakpoints.active(), -1)

    def watch(self, node: Any) -> Breakpoint:
        """Stop a run wherever ``node`` receives something."""
        return self.breakpoints.add(node, receives=True)

    def _one(self, predicate: Any) -> list[Breakpoint]:
        return [Breakpoint(0, predicate, self.graph, self.direction)]

    def _search(self, stops: list[Breakpoint], towards: int) -> Any:
        self._check_fresh()
        self.stopped_by = []
        i = self.pos if towards > 0 else self.pos - 2 + bool(self.edge)
        while 0 <= i < len(self) and stops:
            if len(stops) == 1 and stops[0].positions is not None:
                found = stops[0].nearest(i, towards, self.recording)
                if found is None:
                    break
                i = found
            hits = [b for b in stops if b.hits(self.recording, i)]
            if hits:
                for b in hits:
                    b.count += 1
                self.stopped_by = hits
                self.pos, self.edge = i + 1, 0
                return self.current
            i += towards
        self.pos, self.edge = (len(self) if towards > 0 else 0), 0
        return None

    def rewind(self) -> Self:
        """Go to the start."""
        self.pos = self.edge = 0
        return self

    def finish(self) -> Self:
        """Go to the end."""
        self._check_fresh()
        self.pos, self.edge = len(self), 0
        return self

    def __iter__(self) -> Iterator[Any]:
        """Do the remaining steps one after the other."""
        while not self.at_end:
            yield self.step()


class Steps:
    """The steps of a pass as a sequence; each is made when it is looked at."""

    def __init__(self, stepper: Cursor) -> None:
        """Look through the stepper."""
        self._stepper = stepper

    def __len__(self) -> int:
        """Give the number of steps."""
        return len(self._stepper)

    def __getitem__(self, i: int) -> Step | Compute:
        """Make step ``i``, counted from 0."""
        return self._stepper.recording.step(range(len(self))[i])  # type: ignore[no-any-return]

    def __iter__(self) -> Iterator[Any]:
        """Make them one after the other."""
        return (self[i] for i in range(len(self)))


def _count(n: Any) -> int:
    if not isinstance(n, int) or isinstance(n, bool) or n < 0:
        raise InputValueError(f"the number of steps is a whole number, 0 or more; got {n!r}")
    return n
