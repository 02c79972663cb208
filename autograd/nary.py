"""``Nary``: a row of the table that takes any number of numbers, in groups: Σ w·x + b, Σ a·b, Σ a.

One node stands for what would be dozens, and a derivative is still written once: one rule per *group*, which gives
the local derivatives of all its members as a tuple. For ``affine`` the groups are the weights w, the inputs x and
the bias b, and the rules read like the calculus: ∂y/∂w = x, ∂y/∂x = w, ∂y/∂b = 1.

Everything else of an elementwise row works: numbers, arrays, Values, Tensors and Symbols as arguments, any order of
derivative, a written form, an ``expansion`` into plain operations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.errors import InputTypeError
from autograd.operations import Elementwise, Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from autograd.forms import Form

Groups = tuple[tuple[Any, ...], ...]


class _BySlot:
    """The derivatives of a row, one per argument, taken from the rules of its groups when asked."""

    def __init__(self, row: Nary) -> None:
        """Belong to a row."""
        self._row = row

    def __getitem__(self, slot: int) -> Callable[..., Any]:
        """Give the rule of one argument: ``(y, *arguments) -> ∂y/∂(that argument)``."""
        return lambda y, *args: self._row.partials(y, *args)[slot]


class Nary(Elementwise):
    """An operation on any number of numbers; its arguments come in groups, and each group has one rule.

    ``sizes(n)`` gives the length of each group for n arguments, or None if n does not fit. ``writer(arguments,
    style)`` gives the written form over written arguments, and how tightly it binds. ``samples`` are arguments with
    which the tests try the row.
    """

    variadic = True

    def __init__(
        self,
        name: str,
        compute: Callable[..., Any],
        *rules: Callable[..., Any],
        sizes: Callable[[int], tuple[int, ...] | None],
        form: Form,
        writer: Callable[[list[tuple[str, int]], str], tuple[str, int]],
        expansion: Callable[..., Any],
        samples: tuple[tuple[float, ...], ...],
        doc: str = "",
    ) -> None:
        """Store the columns; ``compute`` and the rules take groups."""
        super().__init__(name, self._computed, form=form, expansion=expansion, doc=doc)
        self.of_groups = compute
        self.rules = rules
        self.sizes = sizes
        self.writer = writer
        self.samples = samples
        self.derivatives = _BySlot(self)  # type: ignore[assignment]

    def split(self, args: tuple[Any, ...]) -> Groups:
        """Give the arguments in their groups."""
        sizes = self.sizes(len(args))
        if sizes is None:
            raise InputTypeError(f"{self.name}() does not take {len(args)} arguments; it is {self.form.text}")
        groups = []
        at = 0
        for size in sizes:
            groups.append(tuple(args[at : at + size]))
            at += size
        return tuple(groups)

    def _computed(self, *args: Any) -> Any:
        return self.of_groups(*self.split(args))

    def partials(self, y: Any, *args: Any) -> tuple[Any, ...]:
        """Give the local derivatives of all arguments, in order."""
        groups = self.split(args)
        return tuple(part for rule in self.rules for part in rule(y, *groups))

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Apply the operation to any number of arguments."""
        if named:
            raise InputTypeError(f"{self.name}() takes no names; got {sorted(named)}")
        return Operation.__call__(self, *args)

    def _on_objects(self, args: tuple[Any, ...], params: Mapping[str, Any]) -> Any:
        assert self.expansion is not None
        return self.expansion(*args)  # NumPy's broadcasting of arrays of Values, element by element
