"""Modules made of modules: Sequential, one after the other; ModuleList, a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from autograd.errors import InputTypeError, InputValueError
from nn.module import Module

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def _checked(x: Any, where: str) -> Module:
    if isinstance(x, Module):
        return x
    advice = f"; write {x.__name__}()" if isinstance(x, type) and issubclass(x, Module) else ""
    raise InputTypeError(f"{where} holds modules; got {x!r}{advice}")


class _Listed(Module):
    """What both share: members called 0, 1, 2 and so on."""

    _order: list[Module] | None = None

    def _items(self) -> list[Module]:
        if self._order is None:
            object.__setattr__(self, "_order", [m for _, m in self.named_children()])
        assert self._order is not None
        return self._order

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute; the order of the modules is looked up again."""
        super().__setattr__(name, value)
        object.__setattr__(self, "_order", None)

    def __delattr__(self, name: str) -> None:
        """Take a member away."""
        super().__delattr__(name)
        object.__setattr__(self, "_order", None)

    def _keys(self) -> list[str]:
        return [name for name, _ in self.named_children()]

    def __len__(self) -> int:
        """Give the number of modules."""
        return len(self._items())

    def __iter__(self) -> Iterator[Module]:
        """Iterate in order."""
        return iter(self._items())

    def __getitem__(self, index: Any) -> Any:
        """Give one module, or for a slice the same kind of container."""
        if isinstance(index, slice):
            return type(self)._of(self._items()[index])
        try:
            return self._items()[index]
        except IndexError:
            raise IndexError(f"{type(self).__name__} has {len(self)} modules; there is no number {index}") from None

    def __setitem__(self, index: int, new: Module) -> None:
        """Put another module in a place."""
        setattr(self, self._keys()[index], _checked(new, type(self).__name__))

    def append(self, module: Module) -> Self:
        """Add a module at the end."""
        setattr(self, str(len(self)), _checked(module, type(self).__name__))
        return self

    def extend(self, modules: Iterable[Module]) -> Self:
        """Add several modules at the end."""
        for m in modules:
            self.append(m)
        return self

    @classmethod
    def _of(cls, modules: list[Module]) -> Any:
        return cls(*modules)


class Sequential(_Listed):
    """Modules applied one after the other; given in order, or as a dictionary of names.

    >>> from nn import Linear, ReLU
    >>> model = Sequential(Linear(2, 4, seed=0), ReLU(), Linear(4, 1, seed=1))
    >>> model([[1.0, 2.0]]).shape, [name for name, _ in model.named_parameters()]
    ((1, 1), ['0.weight', '0.bias', '2.weight', '2.bias'])
    """

    def __init__(self, *modules: Any) -> None:
        if len(modules) == 1 and isinstance(modules[0], dict):
            for name, m in modules[0].items():
                if not isinstance(name, str) or not name or "." in name or hasattr(type(self), name):
                    why = (
                        "is an attribute of every module"
                        if isinstance(name, str) and hasattr(type(self), name)
                        else "is no name"
                    )
                    raise InputValueError(f"Sequential: {name!r} {why}; names are text without dots, such as 'hidden'")
                setattr(self, name, _checked(m, "Sequential"))
            return
        if len(modules) == 1 and isinstance(modules[0], list | tuple):
            raise InputTypeError("Sequential takes modules one by one; write Sequential(*modules)")
        self.extend(modules)

    def forward(self, x: Any) -> Any:
        """Apply every module in order."""
        for m in self._items():
            x = m(x)
        return x


class ModuleList(_Listed):
    """A list of modules; a plain list as an attribute does the same here."""

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self.extend(modules)

    @classmethod
    def _of(cls, modules: list[Module]) -> ModuleList:
        return cls(modules)

    def insert(self, index: int, module: Module) -> None:
        """Put a module before a place."""
        items = list(self._items())
        items.insert(index, _checked(module, "ModuleList"))
        for i, m in enumerate(items):
            setattr(self, str(i), m)
