"""Writing down how an operation is computed: its formula is run on Sketches, or becomes one call where that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.whole.sketch import Sketch, UnsketchedError, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from autograd.whole.calls import Tape


def computed(op: Any, args: Any, params: dict[str, Any], *, forward: bool = False) -> Any:
    """Apply an operation to Sketches: by its formula where that can be written down, else as one call.

    With ``forward`` the answer is a pair: the result, and what the row keeps for its backward pass.
    """
    keeps = forward and op.forward is not None
    return sketched(op.forward if keeps else op.compute, tuple(args), params, op.name, pair=keeps)


def sketched(
    formula: Callable[..., Any], args: tuple[Any, ...], params: dict[str, Any], name: str, *, pair: bool = False
) -> Any:
    """Run a formula on Sketches; where it cannot be written down, write it down as one call of that name."""
    tape = _tape_of((args, tuple(params.values())))
    if tape is None:
        return formula(*args, **params)
    mark = len(tape.calls)
    try:
        return formula(*args, **params)
    except (UnsketchedError, TypeError, ValueError, IndexError, AttributeError):
        del tape.calls[mark:]
    if pair:  # a call has one result: the row's plain computation, and nothing kept
        raise UnsketchedError("a pair")
    return write(tape, "other", Formula(formula, name), args, params)


class Formula:
    """A formula that is called as a whole, and what it is called in a program's source."""

    __slots__ = ("__name__", "formula")

    def __init__(self, formula: Callable[..., Any], name: str) -> None:
        """Hold the formula."""
        self.formula = formula
        self.__name__ = name

    def __call__(self, *args: Any, **params: Any) -> Any:
        """Compute."""
        return self.formula(*args, **params)


def _tape_of(x: Any) -> Tape | None:
    if isinstance(x, Sketch):
        return x.tape
    if isinstance(x, tuple | list):
        for part in x:
            found = _tape_of(part)
            if found is not None:
                return found
    return None


Sketch._operate = staticmethod(computed)
