"""``Stepper``: step through a pass in both directions of time, change a leaf, commit the gradients.

Read it so: the whole pass is recorded once (``recording``); the stepper is a position in it (``cursor``): steps done,
and edges done of the next step. Moving is arithmetic on those two numbers, so every walk that ends at the same place
ends in the same state, bit for bit, and going back costs nothing.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from autograd.arguments import short
from autograd.errors import GradientError, InputValueError
from autograd.graph import Graph
from autograd.naming import names_of_caller
from autograd.opening import open_graph
from autograd.stepper.breakpoints import Breakpoints
from autograd.stepper.cursor import Cursor
from autograd.stepper.forward import Forward
from autograd.stepper.recording import Recording
from autograd.stepper.replay import replay

if TYPE_CHECKING:
    from collections.abc import Mapping

    from autograd.stepper.local_check import LocalCheck


PAGE_NODES = 60
"""A notebook gets the interactive page of a graph up to this size, opened at the current step."""


class Stepper(Cursor):
    """Step through the backward pass (or the forward pass) of one result, in both directions of time.

    Args:
        y: a Value or Tensor, or a ``Graph``.
        direction: ``"backward"`` or ``"forward"``.
        seed: the gradient that arrives at ``y``.
        names: variables to take names from; the caller's own when left out.

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
        self.original = y if isinstance(y, Graph) else Graph(y, names_of_caller() if names is None else names)
        self.closed = self.original
        """The graph as it was recorded; ``original`` has the fused nodes open that the user opened."""
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
        self.stopped_by = []

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
        self.recording.write()
        if self.closed is not self.original:  # the nodes of the user are those of the closed graph
            for n in self.closed:
                if not n.is_leaf and (g := self.recording.final[self.graph[n.id].position]) is not None:
                    n.node.grad = g

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

    def open(self, *names: Any) -> Stepper:
        """Show fused nodes in their parts (``open("n7")``), all of them without a name; the cursor stays at its node.

        >>> import autograd as ag
        >>> y = ag.dot([ag.Value(2.0), ag.Value(3.0)], [ag.Value(5.0), ag.Value(7.0)])
        >>> [s.node.formula for s in Stepper(y, names={"y": y}).open("y").steps]
        ['y = y.1 + y.2', 'y.2 = n2 × n4', 'y.1 = n1 × n3']
        """
        return self._opened(open_graph(self.original, names or None))

    def close(self) -> Stepper:
        """Show every fused node as the one node that it is."""
        return self._opened(self.closed)

    def _opened(self, graph: Graph) -> Stepper:
        here = self.current
        place = None if here is None else here.node.id
        self.original = graph
        self._record(replay(graph, self.changes) if self.changes else graph)
        while place is not None and place not in self.graph:  # a part of a node that is closed now
            place = place.rpartition(".")[0] or None
        if place is not None:
            self.pos = self.recording.step_of[self.graph[place].position] + 1
        return self

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

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Show the step as text, and as a picture where pictures are available; never raises."""
        bundle = {"text/plain": str(self)}
        with contextlib.suppress(Exception):  # a figure object never raises inside Jupyter; text is there already
            bundle = dict(picture(self)._repr_mimebundle_()) | bundle
            if self.direction == "backward" and len(self.graph) <= PAGE_NODES:  # one card per node, so steps agree
                from autograd.drawing import draw

                bundle["text/html"] = draw(self.graph).frame(start=self.pos)
        return bundle


def picture(stepper: Stepper) -> Any:
    """Draw the current step; the whole graph at the start, and for a forward pass."""
    from autograd.drawing import draw

    if stepper.direction == "forward":
        return draw(stepper.graph, view="forward")
    return draw(stepper.graph if stepper.current is None else stepper.current)
