"""The sandbox of wrong algorithms: what common mistakes give on a graph, and where they first go wrong.

``common_mistakes(y)`` runs four wrong backward passes beside the right one, on the same recorded numbers; no ``.grad`` is read
or written. Each is a mistake that people make when they write their first autograd:

    assign instead of add      ``a.grad = …`` where ``a.grad += …`` is needed: a shared node keeps the last sum only
    naive recursion            each node passes its gradient on at once, every time it receives something: a shared
                               node passes on its first part twice
    no topological order       each node passes its gradient on once, when it is first met, breadth first: parts that
                               arrive later are lost
    backward twice             a second pass over gradients that were not cleared, inner nodes included

Type
    Mistake   the name, what it does, the gradients it gives, the first node that differs, in words.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import engine, terminal
from autograd.graph import Graph, GraphNode
from autograd.naming import names_of_caller
from autograd.scatter import Scatter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LIMIT = 200_000
"""A naive recursion visits every path; beyond this many visits it is stopped, and the report says so."""

Gradients = dict[int, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Mistake:
    """One wrong algorithm on one graph.

    Attributes:
        name: what the mistake is called.
        does: what the algorithm does, in a sentence.
        grads: what it gives, by node id.
        first: the first node, in the order of backprop, whose gradient differs; None if none does.
        wrong: the gradient that it gives there; right: the true one.
        visits: how many times it passed a gradient on.
        stopped: whether it was stopped after too many visits.
    """

    name: str
    does: str
    why: str
    graph: Graph
    grads: dict[str, Any]
    first: GraphNode | None
    wrong: Any
    right: Any
    visits: int
    stopped: bool

    @property
    def differs(self) -> bool:
        """Whether any gradient is wrong."""
        return self.first is not None

    def __str__(self) -> str:
        """Say where it goes wrong first."""
        head = f"{self.name}: {self.does}"
        if self.stopped:
            head += f" (stopped after {self.visits} visits: it walks every path, and there are too many)"
        if self.first is None:
            return f"{head}. On this graph no gradient differs{': no node is used twice' if not _shared(self.graph) else ''}."
        name, root = self.first.id, self.graph.root.id
        uses = len(self.first.users)
        used = f", which is used {uses} times" if uses > 1 else ""
        return (
            f"{head}. First wrong at {name}{used}: it gives ∂{root}/∂{name} = {_short(self.wrong)}, and "
            f"{_short(self.right)} is right. {self.why}"
        )

    __repr__ = __str__


@dataclass(slots=True)
class _Run:
    """The state of one wrong pass."""

    graph: Graph
    root: GraphNode
    seed: Any
    grads: Gradients = field(default_factory=dict)
    visits: int = 0
    stopped: bool = False

    def sent(self, node: GraphNode) -> list[tuple[GraphNode, Any]]:
        """Give what ``node`` would send with the gradient that it has now."""
        self.visits += 1
        result = []
        for a, c in engine.contributions(node.node, self.grads[node.position]):
            target = self.graph[a]
            if type(c) is Scatter:
                dense = np.zeros(np.shape(target.data), np.result_type(target.data))
                c.into(dense)
                c = dense
            result.append((target, c))
        return result

    def add(self, node: GraphNode, c: Any) -> None:
        """Accumulate, as is right."""
        old = self.grads.get(node.position)
        self.grads[node.position] = c if old is None else old + c


def _assign(run: _Run) -> None:
    run.grads[run.root.position] = run.seed
    for node in reversed(run.graph.nodes):
        if not node.is_leaf and node.position in run.grads:
            for target, c in run.sent(node):
                run.grads[target.position] = c


def _recursion(run: _Run) -> None:
    run.grads[run.root.position] = run.seed
    todo = [iter(run.sent(run.root) if not run.root.is_leaf else [])]
    while todo:
        target, c = next(todo[-1], (None, None))
        if target is None:
            todo.pop()
            continue
        run.add(target, c)
        if target.is_leaf:
            continue
        if run.visits >= LIMIT:
            run.stopped = True
            return
        todo.append(iter(run.sent(target)))


def _breadth_first(run: _Run) -> None:
    run.grads[run.root.position] = run.seed
    todo = deque([run.root])
    met = {run.root.position}
    while todo:
        node = todo.popleft()
        if node.is_leaf:
            continue
        for target, c in run.sent(node):
            run.add(target, c)
            if target.position not in met:
                met.add(target.position)
                todo.append(target)


def _twice(run: _Run) -> None:
    for _ in range(2):
        run.grads[run.root.position] = run.seed
        for node in reversed(run.graph.nodes):
            if not node.is_leaf and node.position in run.grads:
                for target, c in run.sent(node):
                    run.add(target, c)


ALGORITHMS: dict[str, tuple[Callable[[_Run], None], str, str]] = {
    "assign instead of add": (
        _assign,
        "a.grad = … where a.grad += … is needed",
        "Each use of a node has a part in its gradient; the last one overwrote the others.",
    ),
    "naive recursion": (
        _recursion,
        "every node passes its gradient on each time it receives a part",
        "It passed on before all its parts had arrived, then passed the first part on again with the second.",
    ),
    "no topological order": (
        _breadth_first,
        "every node passes its gradient on once, when it is first met",
        "It passed on before all its parts had arrived; what came later never went further.",
    ),
    "backward twice": (
        _twice,
        "a second pass without clearing the gradients of inner nodes",
        "Two passes should give twice the gradient; here the inner nodes of the first pass were passed on again.",
    ),
}


def common_mistakes(
    y: Any,
    *,
    names: Mapping[str, Any] | None = None,
    only: str | None = None,
) -> list[Mistake]:
    """Run the wrong algorithms on the graph below ``y``; ``backward twice`` is compared with twice the gradient.

    Args:
        y: a Value, a Tensor with one element, or a ``Graph``.
        names: variables to take names from; the caller's own when left out.
        only: the name of one algorithm.

    Raises:
        UnknownNameError: ``only`` is not one of the names.

    >>> from autograd import Value
    >>> a = Value(3.0, name="a")
    >>> b = a + a; b.name = "b"
    >>> c = b * b; c.name = "c"
    >>> for m in common_mistakes(c): print(f"{m.name}: {m.first and m.first.id} {m.wrong} {m.right}")
    assign instead of add: b 6.0 12.0
    naive recursion: a 36.0 24.0
    no topological order: None None None
    backward twice: a 72.0 48.0
    """
    from autograd.errors import UnknownNameError

    graph = y if isinstance(y, Graph) else Graph(y, names_of_caller() if names is None else names)
    if only is not None and only not in ALGORITHMS:
        raise UnknownNameError(f"no such mistake {only!r}; there are {', '.join(ALGORITHMS)}")
    root = graph.root.node
    seed = 1.0 if isinstance(root._data, float) else root._seed(None)
    true = {graph[node].position: g for node, g in engine.adjoints([root], [seed]).items()}
    with np.errstate(all="ignore"):
        return [_tried(name, graph, seed, true) for name in (ALGORITHMS if only is None else [only])]


def _tried(name: str, graph: Graph, seed: Any, true: Gradients) -> Mistake:
    algorithm, does, why = ALGORITHMS[name]
    run = _Run(graph, graph.root, seed)
    algorithm(run)
    factor = 2.0 if algorithm is _twice else 1.0
    first = wrong = right = None
    for node in reversed(graph.nodes):
        if node.position not in true:
            continue
        given = run.grads.get(node.position)
        # Inner gradients after a second pass are not asked for by anybody; the leaves are.
        if algorithm is _twice and not node.is_leaf:
            continue
        wanted = true[node.position] * factor
        if given is None or not np.allclose(given, wanted, rtol=1e-9, atol=0.0, equal_nan=True):
            first, wrong, right = node, given, wanted
            break
    ids = {graph.nodes[p].id: g for p, g in run.grads.items()}
    return Mistake(name, does, why, graph, ids, first, wrong, right, run.visits, run.stopped)


def _shared(graph: Graph) -> bool:
    return any(len(n.users) > 1 for n in graph)


def _short(x: Any) -> str:
    if x is None:
        return "nothing"
    if isinstance(x, np.ndarray) and x.size != 1:
        return f"an array of norm {terminal.number(float(np.linalg.norm(x.ravel())))}"
    return terminal.number(float(np.asarray(x).reshape(-1)[0]))
