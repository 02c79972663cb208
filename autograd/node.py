"""The node: nine slots that Value and Tensor share.

A graph is nothing but nodes that know their arguments. There are no closures and no reference cycles, so
dropping the last reference to the result frees everything at once.

    _data       float (Value) or array (Tensor)
    grad        gradient of the latest backward pass (inner nodes), or the sum over passes (leaves); None before
    _rule       the row of the table that made the node; None for a leaf
    _a, _b      the two arguments, where a constant leaves None
    _da, _db    the two local derivatives (Value); the slot beside a constant holds the constant itself
    _index      creation number: an argument's is always smaller than the result's
    _extra      None, or name, hooks, scope and source line (an Extra)

Nodes of any other shape (three arguments, a Tensor anywhere) have ``_a = None`` and a *tuple* of arguments in
``_b``; ``_da`` then holds the parameters of the operation (or its contributions, for the hot path) and ``_db`` a
tuple of what each argument needs: its local derivative (Value), True (a Tensor), the number it had (a Value inside
an array operation), or None where no gradient flows. Nodes that were made together, as a layer of neurons, hold a
Block in ``_b``, from which both tuples are cut when somebody asks.

A Tensor remembers the index at which it was last changed (``_version``); a node older than that, computed from it,
is stale.

Freeing is iterative: a chain of a million nodes must not be freed by a million nested calls. CPython limits the
nesting for its own containers; ``__del__`` is not needed, since slots of a heap type use the same mechanism.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from autograd.block import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

new = object.__new__
counter = itertools.count(1)
next_index = counter.__next__
"""Atomic in CPython; a global ``N += 1`` is not, and two threads could share an index."""


ONE, MINUS_ONE = 1.0, float("-1")
"""The local derivatives of a sum and a difference, known by identity: the sweep need not multiply by them."""

last_change = 0
"""The index at which any Tensor was last changed in place; the engine looks closer only when a graph is older."""


def mark_changed(tensor: Any) -> None:
    """Note that a Tensor was changed: nodes with a smaller index were computed from the old numbers."""
    global last_change  # noqa: PLW0603  one number for the process, like the index itself
    tensor._version = last_change = next_index()


class Extra:
    """What only a few nodes have: a name, hooks, the scope that they close, the source line, a ledger.

    ``spent`` marks the private input of a differentiation that is over: nobody can ask for its gradient any more.
    ``shared`` marks one that several nodes have, the outputs of one module: whoever writes takes a copy first.
    """

    __slots__ = ("hooks", "ledger", "line", "name", "scope", "shared", "spent")

    def __init__(self) -> None:
        """Start with nothing set."""
        self.name: str | None = None
        self.hooks: dict[int, Any] | None = None
        self.scope: Any = None  # (name, first index, last index, the scope inside or None)
        self.line: tuple[str, int] | None = None
        self.spent = False
        self.shared = False
        self.ledger: list[Any] | None = None

    def copy(self) -> Extra:
        """Give the same for one node alone."""
        own = Extra()
        own.name, own.scope, own.line, own.spent = self.name, self.scope, self.line, self.spent
        own.hooks = None if self.hooks is None else dict(self.hooks)
        own.ledger = None if self.ledger is None else list(self.ledger)
        return own


class Remembered(dict[str, Any]):
    """The parameters of an operation, and what its backward pass would otherwise compute again (``memory``)."""

    __slots__ = ("memory",)
    memory: Any


class Node:
    """What the engine sees of a Value or a Tensor; see the head of this file for the slots."""

    __slots__ = ("_a", "_b", "_da", "_data", "_db", "_extra", "_index", "_rule", "grad")
    _tracked = True
    _rank = 1

    _a: Any
    _b: Any
    _da: Any
    _data: Any
    _db: Any
    _index: int
    _extra: Extra | None
    _rule: Any
    grad: Any

    if TYPE_CHECKING:  # what the two classes above this one bring along
        name: str | None

        def _contributions(self, g: Any) -> Iterator[tuple[Node, Any]]: ...
        def _receive(self, g: Any, *, owned: bool) -> None: ...
        def _gradient_like(self, g: Any) -> Any: ...
        def _fit(self, c: Any) -> Any: ...
        def _shrink(self, c: Any) -> Any: ...
        def _raise_stale(self, user: Node) -> None: ...
        def _generalise(self) -> None: ...
        def _describe(self) -> str: ...
        def _title(self, otherwise: str = ...) -> str: ...

    def _arguments(self) -> tuple[Any, ...]:
        """Give the arguments in order: nodes, and constants as plain numbers or arrays."""
        rule = self._rule
        if rule is None:
            return ()
        if self._a is None:
            if type(self._b) is tuple:
                return self._b
            if type(self._b) is Block:
                return self._b.arguments(self._index)
        if rule.arity == 1:
            return (self._a,)
        return (self._da if self._a is None else self._a, self._db if self._b is None else self._b)

    def _is_general(self) -> bool:
        """Tell whether the arguments stand in a tuple, its own or one that a block would give."""
        return self._a is None and type(self._b) in (tuple, Block)

    def _needs(self) -> tuple[Any, ...]:
        """Give what each argument of a node of the general form needs: its local derivative, True, a number, or None."""
        return self._b.locals_of(self._index) if type(self._b) is Block else self._db

    def _parameters(self) -> dict[str, Any]:
        """Give the parameters of the operation, such as ``axis``."""
        return self._da if isinstance(self._da, dict) else {}

    def _extras(self) -> Extra:
        """Give the rare slot, made when first needed."""
        extra = self._extra
        if extra is None:
            extra = self._extra = Extra()
        elif extra.shared:
            extra = self._extra = extra.copy()
        return extra
