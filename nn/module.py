"""``Module``: something with parameters that can be called; the base of layers, networks and losses.

Types
    Module     attributes that are parameters, modules, or lists, tuples and dicts of them, are *members*.
    holder     a parameter as the module has it: a Tensor, a Value, or an array of Values (see ``parameter``).

Members are found by looking at the attributes in the order of assignment; nothing needs to be registered, and
``super().__init__()`` may be left out. Names are dotted paths, as in PyTorch: ``layers.0.weight``.

Calling a module runs ``forward`` between its hooks, and marks what came out with the module's path, so that
pictures and the debugger can fold the graph by module.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np

from autograd import modes, scopes
from autograd.errors import InputTypeError
from nn import magnification, members, printing, state
from nn.members import Branch, direct, joined, name_members, unique
from nn.parameter import is_holder, leaves_of, named_leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from autograd import Tensor, Value

_keys = itertools.count(1)


class Handle:
    """The handle of a registered hook; ``remove()`` takes it back."""

    __slots__ = ("_hooks", "_key")

    def __init__(self, hooks: dict[int, Any], key: int) -> None:
        """Remember where the hook hangs."""
        self._hooks = hooks
        self._key = key

    def remove(self) -> None:
        """Take the hook back; a second call does nothing."""
        self._hooks.pop(self._key, None)


def _plain(x: Any) -> bool:
    """Tell whether ``x`` is bare numbers: one, a list, an array."""
    while isinstance(x, list) and x:
        x = x[0]
    return isinstance(x, int | float) or (isinstance(x, np.ndarray) and x.dtype.kind in "fiub")


class Module(Branch):
    """The base class of everything that has parameters and can be called.

    Write ``forward``; keep parameters and modules as attributes.

    >>> import nn
    >>> class Line(nn.Module):
    ...     def __init__(self):
    ...         self.w = nn.Parameter(2.0)
    ...         self.b = nn.Parameter(1.0)
    ...     def forward(self, x):
    ...         return self.w * x + self.b
    >>> line = Line()
    >>> line(3.0).item(), [name for name, _ in line.named_parameters()]
    (7.0, ['w', 'b'])
    """

    def forward(self, *args: Any, **named: Any) -> Any:
        """Compute the output; a subclass says how."""
        raise NotImplementedError(f"{type(self).__name__} has no forward(self, x); write one that returns the output")

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Run ``forward`` between the hooks, and mark the nodes that it made with this module's path."""
        if self._stamp != members.structure:
            name_members(self)
        hooks = self._hooks
        if hooks is not None:
            for hook in tuple(hooks["before"].values()):
                replaced = hook(self, args)
                if replaced is not None:
                    args = replaced if isinstance(replaced, tuple) else (replaced,)
        if modes.active and (trace := modes.trace_on()) is not None:
            trace.called(self)
        first = scopes.begin()
        y = self.forward(*args, **named)
        if hooks is not None:
            for hook in tuple(hooks["after"].values()):
                replaced = hook(self, args, y)
                y = y if replaced is None else replaced
            for hook in tuple(hooks["backward"].values()):
                _watch_gradient(self, hook, y)
        if self._path:
            scopes.mark(y, self._path, first)
        return y

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute; a new member lets names be given again."""
        if _plain(value) and is_holder(vars(self).get(name)):
            raise InputTypeError(
                f"{type(self).__name__}.{name} is a parameter, and plain numbers in its place would not be trained. Write "
                f"module.{name}.data = numbers, or module.{name} = nn.Parameter(numbers)"
            )
        object.__setattr__(self, name, value)
        if isinstance(value, members.SCANNED) and name not in self._buffers and name not in members.INTERNAL:
            members.changed()

    def __delattr__(self, name: str) -> None:
        """Take a member away."""
        object.__delattr__(self, name)
        if name in self._buffers:
            object.__setattr__(self, "_buffers", self._buffers - {name})

    # --- members --------------------------------------------------------------------------------------------

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Give the modules that are members, with their names."""
        return ((name, m) for name, m in direct(self) if isinstance(m, Module))

    def children(self) -> Iterator[Module]:
        """Give the modules that are members."""
        return (m for _, m in self.named_children())

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """Give this module and all below it with their paths, each once."""
        return unique(self, prefix)

    def modules(self) -> Iterator[Module]:
        """Give this module and all below it, each once."""
        return (m for _, m in self.named_modules())

    def named_holders(self) -> Iterator[tuple[str, Any]]:
        """Give the parameters as they are kept (arrays of Values in one piece), with paths, each once."""
        seen: set[int] = set()
        for path, m in self.named_modules():
            for name, holder in direct(m):
                if not isinstance(holder, Module) and id(holder) not in seen:
                    seen.add(id(holder))
                    yield joined(path, name), holder

    def named_parameters(self) -> Iterator[tuple[str, Tensor | Value]]:
        """Give every parameter with its path; on a network of Values every single weight: ``0.weight[0,1]``."""
        return (pair for path, holder in self.named_holders() for pair in named_leaves(path, holder))

    def parameters(self) -> list[Any]:
        """Give all parameters as a list: Tensors, or on a network of Values every Value."""
        return [leaf for _, holder in self.named_holders() for leaf in leaves_of(holder)]

    def register_buffer(self, name: str, data: Any) -> None:
        """Keep an array that belongs to the state and is not trained, such as a running mean."""
        object.__setattr__(self, "_buffers", self._buffers | {name})
        object.__setattr__(self, name, None if data is None else np.array(data))

    def named_buffers(self) -> Iterator[tuple[str, Any]]:
        """Give the arrays that are part of the state without being parameters, with paths."""
        return ((joined(path, name), data) for path, m in self.named_modules() for name, data in m.own_buffers())

    def own_buffers(self) -> Iterator[tuple[str, Any]]:
        """Give the buffers of this module alone."""
        return ((name, x) for name, x in vars(self).items() if name in self._buffers and x is not None)

    def buffers(self) -> list[Any]:
        """Give the arrays that are part of the state without being parameters."""
        return [data for _, data in self.named_buffers()]

    # --- state ----------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Give copies of all parameters and buffers as plain arrays, by path: the same at both magnifications."""
        return state.collect(self)

    def load_state_dict(self, new: Mapping[str, Any], strict: bool = True) -> None:
        """Take parameters and buffers from a dictionary; names and shapes are checked before anything changes."""
        state.install(self, new, strict=strict)

    def save(self, path: Any) -> None:
        """Write the state to ``.npz`` or ``.safetensors``; see ``nn.save``."""
        from nn.storage import save

        save(self, path)

    def load(self, path: Any) -> Self:
        """Read the state from a file, after checking names and shapes; see ``nn.load``."""
        from nn.storage import load_into

        load_into(self, path)
        return self

    def train(self, mode: bool = True) -> Self:
        """Switch to training: dropout drops, batch normalisation uses the batch."""
        for m in self.modules():
            m.training = mode
        return self

    def eval(self) -> Self:
        """Switch to evaluation: dropout rests, batch normalisation uses its running numbers."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget all gradients: ``grad`` is None again."""
        for p in self.parameters():
            p.grad = None

    def requires_grad_(self, on: bool = True) -> Self:
        """Freeze (False) or unfreeze (True) every parameter."""
        for p in self.parameters():
            p.requires_grad = on
            if not on:
                p.grad = None
        return self

    def freeze(self) -> Self:
        """Let no gradient flow to any parameter: ``requires_grad_(False)``."""
        return self.requires_grad_(False)

    def unfreeze(self) -> Self:
        """Let gradients flow again."""
        return self.requires_grad_(True)

    def apply(self, function: Callable[[Module], Any]) -> Self:
        """Call a function on every module, children first."""
        for m in reversed(list(self.modules())):
            function(m)
        return self

    # --- hooks ----------------------------------------------------------------------------------------------

    def register_forward_pre_hook(self, hook: Callable[..., Any]) -> Handle:
        """Call ``hook(module, args)`` before ``forward``; what it returns, if not None, replaces the arguments."""
        return self._register("before", hook)

    def register_forward_hook(self, hook: Callable[..., Any]) -> Handle:
        """Call ``hook(module, args, output)`` after ``forward``; what it returns, if not None, replaces the output."""
        return self._register("after", hook)

    def register_backward_hook(self, hook: Callable[..., Any]) -> Handle:
        """Call ``hook(module, gradient)`` when the gradient of the output is complete in a backward pass.

        What it returns, if not None, replaces that gradient. On a network of Values it is called for each output.
        """
        return self._register("backward", hook)

    def _register(self, kind: str, hook: Callable[..., Any]) -> Handle:
        if not callable(hook):
            raise InputTypeError(f"a hook is a function; got {hook!r}")
        if self._hooks is None:
            self._hooks = {"before": {}, "after": {}, "backward": {}}
        key = next(_keys)
        self._hooks[kind][key] = hook
        return Handle(self._hooks[kind], key)

    # --- looking and zooming --------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """Say what stands in the brackets of the module's line; a subclass may."""
        return ""

    def __repr__(self) -> str:
        """Show the tree of modules, with the number of parameters."""
        return printing.tree(self)

    def summary(self, example: Any) -> str:
        """Run the network once and give a table of modules, output shapes and parameters.

        Args:
            example: the shape of an input with its batch axis, such as ``(1, 64)``, or an input itself.
        """
        return printing.summary(self, example)

    def title(self) -> str:
        """Name the module for a message: ``Linear 'layers.0' (2 → 8)``."""
        return type(self).__name__ + (f" {self._path!r}" if self._path else "")

    def scalars(self) -> Self:
        """Give the same network with every weight a Value of its own, to step through and to draw."""
        return cast("Self", magnification.scalars(self))

    def tensors(self) -> Self:
        """Give the same network with Tensors for arrays of Values: the way back, and fast."""
        return cast("Self", magnification.tensors(self))


def _watch_gradient(module: Branch, hook: Callable[..., Any], y: Any) -> None:
    from autograd.trees import flatten

    for node in flatten(y)[0]:
        if getattr(node, "requires_grad", False):
            node.register_hook(lambda g: hook(module, g))
