"""What a program takes and gives: names, containers and shapes of its arguments, single or in lanes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import as_array, short
from autograd.errors import InputTypeError, ShapeError
from autograd.node import Node
from autograd.trees import flatten, is_array_of_values
from autograd.value import Value, as_float

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Signature:
    """The arguments of a program: each a number, an array of a fixed shape, or a container of them.

    Attributes:
        names: what the arguments are called.
        templates: one per argument: the container with 0.0 for a number and zeros for an array.
    """

    def __init__(self, names: Sequence[str], examples: Sequence[Any]) -> None:
        """Take the form of the arguments from examples."""
        self.names = list(names)
        self.templates = [_template(x, name) for x, name in zip(examples, names, strict=True)]
        self._prepare()

    def _prepare(self) -> None:
        self.shapes: list[tuple[int, ...]] = []
        self.counts: list[int] = []
        """How many single numbers each argument has."""
        for template in self.templates:
            leaves = flatten(template)[0]
            self.shapes.extend(np.shape(leaf) for leaf in leaves)
            self.counts.append(sum(int(np.prod(np.shape(leaf), dtype=int)) for leaf in leaves))
        self.size = sum(self.counts)
        self.scalars = all(type(t) is float for t in self.templates)

    def __getstate__(self) -> dict[str, Any]:
        """Give names and templates."""
        return {"names": self.names, "templates": self.templates}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Read names and templates."""
        self.names, self.templates = state["names"], state["templates"]
        self._prepare()

    @property
    def text(self) -> str:
        """The call as one would write it: ``(w, x[3])``."""
        parts = []
        for name, t in zip(self.names, self.templates, strict=True):
            shape = np.shape(t) if isinstance(t, np.ndarray) else ()
            parts.append(f"{name}{list(shape)}" if shape else name)
        return f"({', '.join(parts)})"

    def register_names(self) -> list[str]:
        """Give a name for each single number: ``w``, ``x_0``, ``x_1``."""
        found = []
        for name, t in zip(self.names, self.templates, strict=True):
            if type(t) is float:
                found.append(name)
                continue
            for k, leaf in enumerate(flatten(t)[0]):
                several = len(flatten(t)[0]) > 1
                own = f"{name}_{k}" if several else name
                shape = np.shape(leaf)
                found.extend([own] if not shape else ["_".join((own, *map(str, i))) for i in np.ndindex(shape)])
        return found

    # --- into the program -----------------------------------------------------------------------------------

    def bound(self, args: Sequence[Any], named: Mapping[str, Any] | None = None) -> tuple[list[Any], int | None]:
        """Give one number, or one array of lanes, for each input; and how many lanes (None: a single example).

        Raises:
            InputTypeError: too few or too many arguments, or what is no number.
            ShapeError: an array of another shape, or lanes of unequal length.
        """
        if named:
            args = self._in_order(args, named)
        if len(args) != len(self.names):
            raise InputTypeError(
                f"this program takes {len(self.names)} argument{'s' * (len(self.names) != 1)} {self.text}; got {len(args)}"
            )
        if self.scalars and all(type(a) is float for a in args):
            return list(args), None
        inputs: list[Any] = []
        lanes: tuple[int, str] | None = None
        for name, template, given in zip(self.names, self.templates, args, strict=True):
            for leaf, like in zip(*self._matched(name, template, given), strict=True):
                parts, n = _split(name, leaf, np.shape(like))
                if n is not None:
                    if lanes is not None and lanes[0] != n:
                        raise ShapeError(
                            f"lanes of unequal length: {lanes[1]} has {lanes[0]} examples and {name} has {n}; give arrays "
                            "with one entry per example, or one number for all of them"
                        )
                    lanes = n, name
                inputs.extend(parts)
        return inputs, lanes[0] if lanes is not None else None

    def _in_order(self, args: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        """Put arguments that were given by name in their places."""
        rest = self.names[len(args) :]
        wrong = [n for n in named if n not in rest]
        if wrong or len(named) != len(rest):
            raise InputTypeError(
                f"this program takes the arguments {self.text}; got {len(args)} by position and {', '.join(named)} by name"
            )
        return [*args, *(named[n] for n in rest)]

    def _matched(self, name: str, template: Any, given: Any) -> tuple[list[Any], list[Any]]:
        like = flatten(template)[0]
        if not _container(template):
            return [given], like
        leaves = flatten(given)[0] if _container(given) else [given]
        if len(leaves) != len(like) or _keys(given) != _keys(template):
            raise InputTypeError(
                f"{name} has another form than when the program was made: expected {_form(template)}, got {short(given)}"
            )
        return leaves, like

    def values(self, inputs: Sequence[float]) -> tuple[list[Value], list[Any]]:
        """Give fresh Values for one example, and the arguments that contain them, for a trace."""
        flat = [Value(x, name=name) for x, name in zip(inputs, self.register_names(), strict=True)]
        supply = iter(flat)
        args = []
        for template in self.templates:
            leaves, rebuild = flatten(template)
            made: list[Any] = []
            for leaf in leaves:
                if not np.shape(leaf):
                    made.append(next(supply))
                    continue
                block = np.empty(np.shape(leaf), dtype=object)
                for index in np.ndindex(block.shape):
                    block[index] = next(supply)
                made.append(block)
            args.append(rebuild(made))
        return flat, args

    # --- out of the program ---------------------------------------------------------------------------------

    def gradients(self, flat: Sequence[Any], wanted: Sequence[int], *, single: bool, lanes: int | None) -> Any:
        """Put one number per input into the containers of the wanted arguments."""
        if self.scalars:
            return flat[0] if single else tuple(flat)
        supply = iter(flat)
        parts = []
        for i in wanted:
            leaves, rebuild = flatten(self.templates[i])
            made = []
            for leaf in leaves:
                shape = np.shape(leaf)
                if not shape:
                    made.append(next(supply))
                    continue
                count = int(np.prod(shape, dtype=int))
                block = [next(supply) for _ in range(count)]
                full = np.array(block).reshape(shape if lanes is None else (*shape, lanes))
                made.append(full if lanes is None else np.ascontiguousarray(np.moveaxis(full, -1, 0)))
            parts.append(rebuild(made))
        return parts[0] if single else tuple(parts)

    def span(self, i: int) -> range:
        """Give the inputs that belong to argument i."""
        first = sum(self.counts[:i])
        return range(first, first + self.counts[i])


def _container(x: Any) -> bool:
    return isinstance(x, tuple | dict | list) and flatten(x)[0] != [x]


def _keys(x: Any) -> Any:
    return sorted(map(str, x)) if isinstance(x, dict) else None


def _form(template: Any) -> str:
    leaves, rebuild = flatten(template)
    return str(rebuild([_Word(f"array{list(np.shape(x))}" if np.shape(x) else "number") for x in leaves]))


class _Word(str):
    __slots__ = ()
    __repr__ = str.__str__


def _template(example: Any, name: str) -> Any:
    """Give an example with its numbers forgotten."""
    leaves, rebuild = flatten(example)
    made: list[Any] = []
    for leaf in leaves:
        if is_array_of_values(leaf):
            raise InputTypeError(f"{name}: give plain numbers and arrays as examples, not Values; got {short(leaf)}")
        if isinstance(leaf, Node):
            leaf = leaf._data
        if isinstance(leaf, np.ndarray | list) and np.shape(leaf):
            made.append(np.zeros(np.shape(_numbers(leaf, name))))
        else:
            as_float(leaf, f"the example for {name}")
            made.append(0.0)
    return rebuild(made)


def _numbers(x: Any, name: str) -> Any:
    if isinstance(x, Node):
        raise InputTypeError(
            f"{name} is {short(x)}: a program takes plain numbers and arrays, and its results have no graph. Give x.item() "
            "or x.data; to differentiate further take .derivative(), or call the function itself"
        )
    array = as_array(x)
    if array.dtype.kind not in "fiub":
        raise InputTypeError(
            f"{name} takes real numbers; got {short(x)} of type {getattr(x, 'dtype', type(x).__name__)}"
        )
    return np.asarray(array, dtype=np.float64)


def _split(name: str, given: Any, shape: tuple[int, ...]) -> tuple[list[Any], int | None]:
    """Cut one argument into single numbers, or into arrays of lanes."""
    if not shape and not isinstance(given, np.ndarray | list | tuple | Node):
        return [as_float(given, f"{name}:")], None
    array = _numbers(given, name)
    if array.shape == shape:
        return array.reshape(-1).tolist(), None
    if array.ndim == len(shape) + 1 and array.shape[1:] == shape:
        flat = array.reshape(len(array), int(np.prod(shape, dtype=int)))
        return [flat[:, k] for k in range(flat.shape[1])], len(array)
    lanes = f"{('n', *shape)}".replace("'", "")
    raise ShapeError(
        f"{name} has shape {array.shape}; expected {shape or 'one number'} for one example, or {lanes} for n examples"
    )


def parameters_of(f: Callable[..., Any], count: int | None) -> list[str]:
    """Give the names of the positional arguments of a function; ``*args`` are counted by the examples.

    Raises:
        InputTypeError: the number of examples does not fit.
    """
    try:
        # A module's own arguments are those of its ``forward``; its ``__call__`` takes anything.
        parameters = list(inspect.signature(getattr(f, "forward", f)).parameters.values())
    except (TypeError, ValueError):
        return [f"x{k}" for k in range(count or 0)]
    names = []
    needed = 0
    for p in parameters:
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD):
            names.append(p.name)
            needed += p.default is p.empty
        elif p.kind is p.VAR_POSITIONAL and count is not None:
            names += [f"{p.name}{k}" for k in range(count - len(names))]
            needed = min(needed, count)
        elif p.kind is p.KEYWORD_ONLY and p.default is p.empty:
            raise InputTypeError(
                f"{_called(f)} needs the keyword {p.name}; compile(lambda x: f(x, {p.name}=…)) fixes it"
            )
    if count is None:
        if not names and any(p.kind is p.VAR_POSITIONAL for p in parameters):
            raise InputTypeError(
                f"{_called(f)} takes any number of arguments; count them by examples: compile(f, 1.0, 2.0)"
            )
        return names[:needed]
    if not needed <= count <= len(names):
        shown = ", ".join(names)
        raise InputTypeError(
            f"{_called(f)} takes {len(names)} argument{'s' * (len(names) != 1)} ({shown}); got {count}"
        )
    return names[:count]


def _called(f: Any) -> str:
    return getattr(f, "__name__", "the function")
