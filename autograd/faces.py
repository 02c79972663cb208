"""What Value and Tensor have in common beyond arithmetic: names, hooks, habits from other engines, lazy doors.

The *doors* (``DOORS``) are convenience methods that reach upward, to tools that import this file's users; each
imports its tool when it is called. The layer test reads the list.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import engine, modes
from autograd.arguments import short
from autograd.errors import GradientError, InputTypeError
from autograd.node import Node
from autograd.numpy_names import NumpyNames

if TYPE_CHECKING:
    from collections.abc import Callable

_hook_keys = itertools.count(1)

DOORS: dict[str, str] = {
    "graph": "autograd.graph",
    "text": "autograd.views.rails",
    "draw": "autograd.drawing",
    "_repr_mimebundle_": "autograd.drawing",
    "stepper": "autograd.stepper",
    "ledger": "autograd.stepper.ledger",
}
"""Methods that reach upward, and the module that each one opens."""


def data_of(x: Any) -> Any:
    """Give the data of a node, and anything else as it is."""
    if isinstance(x, Node):
        if modes.active and (trace := modes.trace_on()) is not None:
            trace.read(x, "its number")
        return x._data
    return x


class Hook:
    """The handle of a registered hook; ``remove()`` takes it back."""

    __slots__ = ("_key", "_node")

    def __init__(self, node: Node, key: int) -> None:
        """Remember where the hook hangs."""
        self._node = node
        self._key = key

    def remove(self) -> None:
        """Take the hook back; a second call does nothing."""
        hooks = self._node._extras().hooks
        if hooks:
            hooks.pop(self._key, None)


class NodeFace(NumpyNames, Node):
    """The shared public face of Value and Tensor."""

    __slots__ = ()
    _kinds: tuple[type, type]  # the tracked class and the constant class

    @property
    def name(self) -> str | None:
        """What tools call this node; None when nobody named it. ``label`` is the same."""
        return self._extra.name if self._extra is not None else None

    @name.setter
    def name(self, name: str | None) -> None:
        if name is not None and not isinstance(name, str):
            raise InputTypeError(f"a name is a string or None; got {name!r}")
        if name is not None or self._extra is not None:
            self._extras().name = name
            if modes.active and name is not None and (trace := modes.trace_on()) is not None:
                trace.named(self, name)

    label = name

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow here. Assigning False to a leaf freezes it: it becomes a constant in what follows."""
        return self._tracked

    @requires_grad.setter
    def requires_grad(self, on: bool) -> None:
        if self._rule is not None:
            raise GradientError("only a leaf can be frozen; write y.detach() for a constant copy of a computed value")
        self._set_tracked(bool(on))

    def _set_tracked(self, on: bool) -> None:
        """Exchange the class: the hot path's exact type test then sends a constant the slow way."""
        self.__class__ = self._kinds[0] if on else self._kinds[1]

    @property
    def is_leaf(self) -> bool:
        """Whether the node was given rather than computed."""
        return self._rule is None

    @property
    def _prev(self) -> set[Node]:
        """The arguments as a set, as micrograd has them."""
        return {a for a in self._arguments() if isinstance(a, Node)}

    @property
    def _op(self) -> str:
        """The sign of the operation, as micrograd has it; empty for a leaf."""
        return "" if self._rule is None else self._rule.form.glyph

    def __lt__(self, other: Any) -> Any:
        """Compare data: a bool, or an array of them."""
        if modes.active and (trace := modes.trace_on()) is not None:
            return trace.compared("<", self, other)
        return self._data < data_of(other)

    def __le__(self, other: Any) -> Any:
        """Compare data: a bool, or an array of them."""
        if modes.active and (trace := modes.trace_on()) is not None:
            return trace.compared("<=", self, other)
        return self._data <= data_of(other)

    def __gt__(self, other: Any) -> Any:
        """Compare data: a bool, or an array of them."""
        if modes.active and (trace := modes.trace_on()) is not None:
            return trace.compared(">", self, other)
        return self._data > data_of(other)

    def __ge__(self, other: Any) -> Any:
        """Compare data: a bool, or an array of them."""
        if modes.active and (trace := modes.trace_on()) is not None:
            return trace.compared(">=", self, other)
        return self._data >= data_of(other)

    def __eq__(self, other: object) -> Any:
        """Compare data: a bool, or an array of them."""
        if modes.active and (trace := modes.trace_on()) is not None:
            return trace.compared("==", self, other)
        return self._data == data_of(other)

    def __ne__(self, other: object) -> Any:
        """Compare data: a bool, or an array of them."""
        if modes.active and (trace := modes.trace_on()) is not None:
            return trace.compared("!=", self, other)
        return self._data != data_of(other)

    __hash__ = object.__hash__

    def zero_grad(self) -> None:
        """Forget the gradient: ``grad`` is None again."""
        self.grad = None

    def register_hook(self, hook: Callable[[Any], Any]) -> Hook:
        """Call ``hook(gradient)`` when the gradient here is complete; what it returns, if not None, replaces it.

        >>> from autograd import Value
        >>> x = Value(3.0)
        >>> h = x * 2
        >>> handle = h.register_hook(lambda g: g * 10)
        >>> (h * h).backward()
        >>> x.grad
        240.0
        >>> handle.remove()
        """
        if modes.active and (trace := modes.trace_on()) is not None:
            trace.refuse("register_hook()", "a program does not call back into Python")
        if not callable(hook):
            raise InputTypeError(f"a hook is a function of the gradient; got {hook!r}")
        self._generalise()
        extra = self._extras()
        if extra.hooks is None:
            extra.hooks = {}
        key = next(_hook_keys)
        extra.hooks[key] = hook
        return Hook(self, key)

    def _backward(self, seed: Any, create_graph: bool) -> None:
        if modes.active and not create_graph and (trace := modes.trace_on()) is not None:
            trace.refuse(
                "backward()",
                "it writes plain numbers into .grad; inside a compiled function write grad(f)(x), or "
                "backward(create_graph=True)",
            )
        if not create_graph:
            book = modes.current().ledger if modes.active else None
            if book is not None:
                book.backward(self, seed)
                return
            engine.differentiate(self, seed)
            return
        found = engine.adjoints([self], [seed], traced=True)
        for node, g in found.items():
            if node._rule is None:
                node.grad = g if node.grad is None else node.grad + g
            else:
                node.grad = g

    def graph(self) -> Any:
        """Take a snapshot of the graph below this node: ``Graph(self)``, with the caller's names."""
        from autograd.graph import Graph
        from autograd.naming import names_of_caller

        return Graph(self, names=names_of_caller())

    def text(self, **options: Any) -> str:
        """Draw the graph below this node as text; see ``autograd.views.rails.text``."""
        from autograd.naming import names_of_caller
        from autograd.views.rails import text

        return text(self, names=options.pop("names", None) or names_of_caller(), **options)

    def draw(self, **options: Any) -> Any:
        """Draw the graph below this node: values forward, gradients backward; see ``autograd.draw``."""
        from autograd.drawing import draw
        from autograd.naming import names_of_caller

        return draw(self, names=options.pop("names", None) or names_of_caller(), **options)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Show the picture of a small graph in a notebook; a leaf, and a large graph, is shown as text. Never raises."""
        from autograd.drawing import notebook

        return notebook(self)

    def stepper(self, **options: Any) -> Any:
        """Step through the backward pass of this node (``direction="forward"``: the forward pass) in both directions of time.

        See ``autograd.stepper.Stepper``; names come from the caller's variables.
        """
        from autograd.naming import names_of_caller
        from autograd.stepper import Stepper

        return Stepper(self, names=options.pop("names", None) or names_of_caller(), **options)

    def ledger(self) -> Any:
        """Tell which backward call and which edge added how much to this leaf; see ``autograd.record_ledger``."""
        from autograd.stepper.ledger import ledger_of

        return ledger_of(self)

    def _title(self, otherwise: str = "an unnamed leaf") -> str:
        if self._extra is not None and self._extra.name:
            return self._extra.name
        return otherwise if self._rule is None else f"{self._rule.name}(…)"

    def _describe(self) -> str:
        if self._rule is None:
            return self._title()
        args = ", ".join(a._title() if isinstance(a, Node) else short(a, 30) for a in self._arguments())
        return f"{self._rule.name}({args})"

    def _shown(self, parts: list[str]) -> str:
        if self._extra is not None and self._extra.name:
            parts.append(f"name={self._extra.name!r}")
        if self._rule is not None:
            parts.append(f"{self._rule.form.glyph} node")
        return f"{type(self).__name__}({', '.join(parts)})"

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Send NumPy's functions to the table, so that ``np.exp(v)`` and ``np.float64(3) * v`` are tracked."""
        from autograd.ufuncs import apply_ufunc

        return apply_ufunc(ufunc, method, inputs, options)

    def __reduce__(self) -> Any:
        """Pickle and copy leaves; a computed node belongs to its graph."""
        if self._rule is not None:
            raise GradientError(
                f"{self!r} is a computed node: a copy would lose its graph or drag all of it along. Copy its number "
                "(.detach(), .item()), or the leaves, and compute again"
            )
        if modes.active and (trace := modes.trace_on()) is not None:
            trace.read(self, "a copy")
        data = np.array(self._data) if isinstance(self._data, np.ndarray) else self._data
        return (_restore, (type(self), data, self.grad if not isinstance(self.grad, Node) else None, self.name))


def _restore(kind: Any, data: Any, grad: Any, name: str | None) -> Any:
    leaf = kind(data, name=name)
    leaf.grad = grad
    return leaf
