"""``Stepper``: a cursor over a recorded pass that moves in both directions of time.

Read it so: the whole pass is recorded once (``recording``); the stepper is a position in it, (steps done, edges done
of the next step). Moving is arithmetic on those two numbers, so every walk that ends at the same place ends in the
same state, bit for bit, and going back costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import short
from autograd.errors import GradientError, InputTypeError, InputValueError, StaleError
from autograd.graph import Graph, GraphNode
from autograd.stepper.breakpoints import Breakpoint, Breakpoints
from autograd.stepper.recording import Forward, Recording
from autograd.stepper.replay import replay

if TYPE_CHECKING:
    from autograd.stepper.local_check import LocalCheck
    from autograd.stepper.records import Compute, Step


class Now(Mapping[str, Any]):
    """What every node has at the cursor, by id: gradients (or values, forward) that have arrived so far."""

    def __init__(self, stepper: Stepper) -> None:
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


class Stepper:
    """Step through the backward pass (or the forward pass) of one result, in both directions of time.

    Args:
        y: a Value or Tensor, or a ``Graph``.
        direction: ``"backward"`` or ``"forward"``.
        seed: the gradient that arrives at ``y``.
        names: variables to take names from, such as ``locals()``.

    ``.grad`` of the user's nodes is neither read nor written until ``commit()``.

    >>> from autograd import Value
    >>> a, b = Value(0.5, name="a"), Value(-0.3, name="b")
    >>> st = Stepper(a * b + b)
    >>> st.step()
    <step 1: n2 = n1 + b, gradient 1.0, sends to n1, b>
    >>> st.step().sends[1].after
    1.5
    >>> st.back(); st.grads["b"]
    <step 1: n2 = n1 + b, gradient 1.0, sends to n1, b>
    1.0
    >>> st.finish().commit(); (a.grad, b.grad)
    (-0.3, 1.5)
    """

    def __init__(
        self,
        y: Any,
        *,
        direction: str = "backward",
        seed: Any = 1.0,
        names: Mapping[str, Any] | None = None,
    ) -> None:
        """Record the pass."""
        if direction not in ("backward", "forward"):
            raise InputValueError(f'direction is "backward" or "forward"; got {direction!r}')
        self.original = y if isinstance(y, Graph) else Graph(y, names)
        self._seed = seed
        self.direction = direction
        self.breakpoints = Breakpoints(self)
        self.changes: dict[str, Any] = {}
        self._record(self.original)

    def _record(self, graph: Graph) -> None:
        self.graph = graph
        self.recording: Any = (Forward if self.direction == "forward" else Recording)(graph, self._seed)
        self._leaves = [(n, n.node._data, getattr(n.node, "_version", 0)) for n in graph.leaves]
        self.pos = 0
        self.edge = 0

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
        self.stopped_by: list[Breakpoint] = []
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

    def rewind(self) -> Stepper:
        """Go to the start."""
        self.pos = self.edge = 0
        return self

    def finish(self) -> Stepper:
        """Go to the end."""
        self._check_fresh()
        self.pos, self.edge = len(self), 0
        return self

    def __iter__(self) -> Iterator[Any]:
        """Do the remaining steps one after the other."""
        while not self.at_end:
            yield self.step()

    # --- acting -------------------------------------------------------------------------------------------------

    def commit(self) -> None:
        """Write the gradients of the whole pass, as ``backward()`` does: leaves add, inner nodes are replaced."""
        if self.direction == "forward":
            raise GradientError('a forward pass has no gradients to commit; open Stepper(y, direction="backward")')
        if self.changes:
            raise GradientError(
                f"these gradients belong to a what-if ({self._changed()}), not to your graph; reset() first"
            )
        self._check_fresh()
        for n, g in zip(self.graph, self.recording.final, strict=True):
            if g is None:
                continue
            if n.is_leaf:
                n.node._receive(g, owned=False)
            else:
                n.node.grad = np.array(g) if isinstance(g, np.ndarray) else g

    def what_if(self, **leaves: Any) -> Stepper:
        """Compute and record again with other numbers in some leaves; the user's own nodes stay as they are.

        The recorded operations are replayed: a Python ``if`` takes the branch that it took before. The cursor
        stays where it is.

        >>> from autograd import Value
        >>> a, b = Value(0.5, name="a"), Value(-0.3, name="b")
        >>> st = Stepper(a * b)
        >>> st.what_if(a=2.0).finish().grads["b"], a.data
        (2.0, 0.5)
        """
        return self.with_leaves(leaves)

    def with_leaves(self, leaves: Mapping[str, Any]) -> Stepper:
        """``what_if`` for names that are no identifiers, such as ``layers.0.weight``."""
        changes = self.changes | {self._leaf(name): x for name, x in leaves.items()}
        graph = replay(self.original, changes)
        place = (self.pos, self.edge)
        self.changes = changes
        self._record(graph)
        self.pos, self.edge = place
        return self

    def _leaf(self, name: str) -> str:
        node = self.original[name]
        if not node.is_leaf:
            leaves = ", ".join(n.id for n in self.original.leaves[:8])
            raise InputValueError(f"{name} is computed ({node.formula}); change one of the leaves: {leaves}")
        return node.id

    def _changed(self) -> str:
        return ", ".join(f"{k} = {short(v, 20)}" for k, v in self.changes.items())

    def reset(self) -> Stepper:
        """Compute again from the present data of the leaves, record again, and go to the start."""
        changed = self.stale() is not None and not self.changes
        self.changes = {}
        self._record(self.original)
        if changed or any(b.node._data is not d for b, d, _ in self._leaves):
            self._record(replay(self.original, {}))
        return self

    def check(self) -> list[LocalCheck]:
        """Compare what the current node sends with finite differences of its operation, argument by argument."""
        from autograd.stepper.local_check import check_step

        step = self.current
        if step is None:
            raise GradientError("no step is done yet; step() first, then check() looks at that node")
        return check_step(step)

    def repl(self, stdin: Any = None, stdout: Any = None, *, predict: bool = False, **options: Any) -> None:
        """Open the prompt of the debugger; ``h`` there explains everything."""
        from autograd.stepper.prompt import open_prompt

        open_prompt(self, stdin, stdout, predict=predict, **options)

    def __str__(self) -> str:
        """Give the current step as text, 80 columns, no colour."""
        from autograd.stepper.display import page

        return "\n".join(page(self, width=80, colour=False, unicode=True))

    def __repr__(self) -> str:
        """Show where the cursor is; no side effect."""
        half = f" and {self.edge} of {self.recording.edges(self.pos)} edges" if self.edge else ""
        return f"<{self.direction} stepper of {self.graph.root.formula}: {self.pos} of {len(self)} steps{half} done>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002
        """Show the step as text, and as a picture where pictures are available; never raises."""
        bundle = {"text/plain": str(self)}
        try:
            from autograd.drawing import draw

            bundle |= draw(self)._repr_mimebundle_()
        except Exception:  # noqa: BLE001  a figure object never raises inside Jupyter
            pass
        return bundle


class Steps:
    """The steps of a pass as a sequence; each is made when it is looked at."""

    def __init__(self, stepper: Stepper) -> None:
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


