"""``Graph``: a snapshot of what lies below one or more results; every tool reads this and nothing deeper.

Types
    Graph          nodes in creation order, found by position or by id.
    GraphNode      one Value or Tensor: id, operation, arguments, data, gradient, scope.
    Constant       a plain number or array among the arguments; ``name`` is set for a named constant.

Ids are stable: the name where there is one (``w``; a second ``w`` becomes ``w_2``), else ``n1``, ``n2`` … in the
order of creation, which does not depend on what else the program did before.

Names come from ``name=``, or from variables: ``Graph(y, names=locals())``; the methods ``y.graph()`` and
``y.text()`` look at the caller's variables by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from autograd.arguments import short
from autograd.errors import InputTypeError, InputValueError, UnknownNameError
from autograd.naming import find_scopes, ids_of
from autograd.node import Node
from autograd.operations import Elementwise
from autograd.symbols import Style, Symbol, derivative, formula, number, render
from autograd.trees import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Constant:
    """A plain number or array among the arguments of a node."""

    data: Any
    name: str | None = None

    @property
    def text(self) -> str:
        """The name, the number, or the shape of the array."""
        if self.name:
            return self.name
        shape = getattr(self.data, "shape", ())
        return (
            f"array{list(shape)}"
            if shape
            else number(self.data)
            if isinstance(self.data, int | float)
            else short(self.data)
        )


@dataclass(eq=False, slots=True)
class GraphNode:
    """One node of a snapshot."""

    id: str
    position: int
    node: Any
    args: tuple[GraphNode | Constant, ...]
    scope: str = ""
    siblings: list[GraphNode] = field(default_factory=list, repr=False)
    """All nodes of the snapshot, in order."""
    _users: list[tuple[GraphNode, int]] | None = None

    @property
    def users(self) -> list[tuple[GraphNode, int]]:
        """Who uses this node, and in which argument slot; ``x * x`` uses x twice.

        Found for all nodes when the first is asked: a compiler of a million operations never does, and saves a fifth of
        the memory.
        """
        if self._users is None:
            for n in self.siblings:
                n._users = []
            for n in self.siblings:
                for slot, a in n.inputs:
                    assert a._users is not None
                    a._users.append((n, slot))
        return self._users or []

    @property
    def op(self) -> Any:
        """The row of the table, or None for a leaf."""
        return self.node._rule

    @property
    def is_leaf(self) -> bool:
        """Whether the node was given rather than computed."""
        return self.node._rule is None

    @property
    def data(self) -> Any:
        """The number or array."""
        return self.node._data

    @property
    def grad(self) -> Any:
        """The gradient: None where no backward pass has arrived."""
        g = self.node.grad
        return g._data if isinstance(g, Node) else g

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape; () for a Value."""
        return getattr(self.node._data, "shape", ())

    @property
    def name(self) -> str | None:
        """The name that the user gave, if any."""
        return self.node.name  # type: ignore[no-any-return]

    @property
    def line(self) -> tuple[str, int] | None:
        """File and line that made the node, if they were recorded."""
        return self.node._extra.line if self.node._extra else None

    @property
    def inputs(self) -> list[tuple[int, GraphNode]]:
        """The arguments that are nodes, with their slots."""
        return [(slot, a) for slot, a in enumerate(self.args) if isinstance(a, GraphNode)]

    def written(self, style: Style = "text") -> str:
        """Write the operation over the ids of its arguments: ``a × b``; a leaf is its id."""
        if self.op is None:
            return self.id
        names = [a.id if isinstance(a, GraphNode) else a.text for a in self.args]
        if not isinstance(self.op, Elementwise) and self.op.writer is None:
            given = {k: v for k, v in self.node._parameters().items() if v is not None and v is not False}
            shown = [*names, *(f"{k}={short(v, 24)}" for k, v in given.items())]
            if style == "text" and self.op.form.glyph != self.op.name and not given:
                return formula_of_structural(self.op, names)
            return formula(self.op, shown, style)
        return formula(self.op, names, style)

    @property
    def formula(self) -> str:
        """``d = a × b`` for a computed node, ``a`` for a leaf."""
        return self.id if self.op is None else f"{self.id} = {self.written()}"

    def derivative(self, slot: int, style: Style = "text", *, textbook: bool = True) -> str:
        """Write the local derivative for one argument over ids: ``b`` for ∂(a × b)/∂a.

        An array operation has a pullback instead; its name is given: ``pullback of sum``.
        """
        if not isinstance(self.op, Elementwise):
            return f"pullback of {self.op.name}" if style == "text" else rf"\mathrm{{pullback}}_{{{self.op.name}}}"
        symbols = [Symbol(a.id) if isinstance(a, GraphNode) or a.name else a.data for a in self._plain_args()]
        return render(derivative(self.op, slot, Symbol(self.id), tuple(symbols), textbook=textbook), style)

    def _plain_args(self) -> list[Any]:
        return [
            Named(a.text) if isinstance(a, Constant) and (a.name or not isinstance(a.data, int | float)) else a
            for a in self.args
        ]

    def local(self, slot: int) -> Any:
        """Give the local derivative for one argument as numbers, as recorded; None for an array operation."""
        return local_derivative(self.node, slot)

    def __repr__(self) -> str:
        """Show the formula and the number."""
        return (
            f"<node {self.formula} = {short(self.data, 40)}>"
            if self.op
            else f"<leaf {self.id} = {short(self.data, 40)}>"
        )


class Named:
    """A constant array inside a written derivative: it has a name, like a node."""

    def __init__(self, name: str) -> None:
        """Take the text of the constant."""
        self.id = self.name = name


def formula_of_structural(op: Any, names: list[str]) -> str:
    """Write an array operation that has a sign of its own: ``a @ b``, ``Σ(a)``."""
    return str(op.form.text.format(**dict(zip("abcdefgh", names, strict=False))))


def local_derivative(node: Any, slot: int) -> Any:
    """Give ∂node/∂(argument ``slot``) at the recorded numbers: a float, an array, or None for an array operation.

    >>> from autograd import Value
    >>> y = Value(2.0) * Value(5.0)
    >>> local_derivative(y, 0)
    5.0
    """
    rule = node._rule
    if not isinstance(rule, Elementwise) or slot < rule.passive:
        return None
    if type(node._data) is float:
        if node._is_general():
            return node._needs()[slot]
        return (
            node._da if slot == 0 and node._a is not None else node._db if slot == 1 and node._b is not None else None
        )
    data = [a._data if isinstance(a, Node) else a for a in node._arguments()]
    return rule.derivatives[slot - rule.passive](node._data, *data)


class Graph:
    """Everything below one result, or several, as it is now.

    Args:
        root: a Value or Tensor, or a container of them.
        names: variables to take names from, such as ``locals()``; a node's own name wins.

    >>> from autograd import Value
    >>> a, b = Value(2.0), Value(-3.0)
    >>> g = Graph((a * b).tanh(), names={"a": a, "b": b})
    >>> for node in g: print(node.formula)
    a
    b
    n1 = a × b
    n2 = tanh(n1)
    >>> g["n1"].derivative(0), g["n1"].local(0)
    ('b', -3.0)
    """

    def __init__(self, root: Any, names: Mapping[str, Any] | None = None) -> None:
        """Walk the graph once, without recursion."""
        roots = [leaf for _, leaf in walk(root)]
        for r in roots:
            if not isinstance(r, Node):
                raise InputTypeError(f"a graph starts at a Value or Tensor; got {short(r)} of type {type(r).__name__}")
        if not roots:
            raise InputValueError("a graph starts at a Value or Tensor; got an empty container")
        found = _reachable(roots)
        ids = ids_of(found, names or {})
        self.nodes: list[GraphNode] = []
        at: dict[int, GraphNode] = {}
        for position, node in enumerate(found):
            args = tuple(
                at[a._index]
                if isinstance(a, Node) and a._index in at
                else Constant(a._data, a.name)
                if isinstance(a, Node)
                else Constant(a)
                for a in node._arguments()
            )
            entry = GraphNode(ids[node._index], position, node, args, siblings=self.nodes)
            at[node._index] = entry
            self.nodes.append(entry)
        self.roots: list[GraphNode] = [at[r._index] for r in roots]
        self._at = at
        find_scopes(self.nodes)

    @cached_property
    def _by_id(self) -> dict[str, GraphNode]:
        """Every node by its id, once somebody asks for one."""
        return {n.id: n for n in self.nodes}

    @property
    def root(self) -> GraphNode:
        """The (first) result."""
        return self.roots[0]

    @property
    def leaves(self) -> list[GraphNode]:
        """The nodes that were given rather than computed."""
        return [n for n in self.nodes if n.is_leaf]

    def program(self, inputs: Any = None, wrt: Any = None) -> Any:
        """Give a ``Program`` that replays this graph with other numbers, as straight-line code.

        A graph of Tensors gives an ``ArrayProgram``, whose source is NumPy.

        Args:
            inputs: ids or Values that become arguments, in this order; all leaves when left out.
            wrt: those of the inputs to differentiate; all when left out.

        It replays the branch that was recorded: comparisons that Python made while the graph was built are not in the
        graph. ``autograd.compile(f)`` watches them.

        >>> from autograd import Value
        >>> a, b = Value(2.0, name="a"), Value(-3.0, name="b")
        >>> Graph(a * b + a).program().value_and_grad(5.0, 7.0)
        (40.0, (8.0, 5.0))
        """
        from autograd.program.compiled import program_of

        return program_of(self, inputs, wrt)

    def __len__(self) -> int:
        """Give the number of nodes."""
        return len(self.nodes)

    def __iter__(self) -> Iterator[GraphNode]:
        """Iterate in creation order: arguments before results."""
        return iter(self.nodes)

    def __contains__(self, key: Any) -> bool:
        """Tell whether an id or a node is in the graph."""
        return key in self._by_id if isinstance(key, str) else isinstance(key, Node) and key._index in self._at

    def __getitem__(self, key: Any) -> GraphNode:
        """Find a node by id (``g["w"]``), by position, or by the Value or Tensor itself."""
        if isinstance(key, int):
            return self.nodes[key]
        if isinstance(key, Node) and key._index in self._at:
            return self._at[key._index]
        if isinstance(key, str) and key in self._by_id:
            return self._by_id[key]
        import difflib

        close = difflib.get_close_matches(str(key), self._by_id, 3)
        hint = f"did you mean {', '.join(close)}?" if close else f"it has {', '.join(list(self._by_id)[:8])} …"
        raise UnknownNameError(f"no node {key!r} in this graph of {len(self)} nodes; {hint}")

    def __repr__(self) -> str:
        """Show the size."""
        return f"<graph of {len(self)} nodes, {len(self.leaves)} of them leaves, root {self.root.formula}>"


def _reachable(roots: list[Any]) -> list[Any]:
    """Give every node below the roots in creation order; unnamed constants are no nodes."""
    seen: dict[int, Any] = {}
    todo = list(roots)
    while todo:
        node = todo.pop()
        if node._index in seen:
            continue
        seen[node._index] = node
        todo.extend(a for a in node._arguments() if isinstance(a, Node) and a._tracked)
    return [seen[i] for i in sorted(seen)]
