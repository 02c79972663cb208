"""Hypothesis strategies: numbers, Tensors, groups that broadcast, and random expression graphs with sharing.

    from hypothesis import given
    from autograd.check import assert_gradients, strategies

    @given(strategies.expressions(variables=2))
    def test_engine(e):
        assert_gradients(e, *e.point)

An expression is drawn as a flat list of (operation, i, j), where i and j count back from the newest node, so nodes
are shared freely and a failure shrinks by dropping operations. An argument outside an operation's domain, or at a
corner, is *repaired* with one more operation, never rejected. Numbers are whole numbers first, then quarters, then
floats. The expression prints as a program that can be run.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from autograd import rules
from autograd.errors import InputTypeError, InputValueError
from autograd.operations import Elementwise, elementwise_rows, lookup
from autograd.tensor import Tensor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LARGE = 50.0
"""A value above this is brought back by ``tanh``, so that no graph is all rounding."""
MARGIN = 0.05
"""How far the repair keeps from a corner, and from the edge of a domain."""


def numbers(low: float = -3.0, high: float = 3.0) -> st.SearchStrategy[float]:
    """Draw a float: a whole number, a quarter, or any; it shrinks in this order."""
    if not low < high:
        raise InputValueError(f"numbers({low}, {high}): expected low < high")
    bottom, top = math.ceil(low), math.floor(high)
    kinds: list[st.SearchStrategy[float]] = []
    if bottom <= top:
        kinds.append(st.integers(bottom, top).map(float))
    if math.ceil(4 * low) <= math.floor(4 * high):
        kinds.append(st.integers(math.ceil(4 * low), math.floor(4 * high)).map(lambda n: n / 4))
    kinds.append(st.floats(low, high, allow_nan=False, allow_subnormal=False))
    return st.one_of(kinds)


def values(low: float = -3.0, high: float = 3.0) -> st.SearchStrategy[Any]:
    """Draw a Value."""
    from autograd.value import Value

    return numbers(low, high).map(Value)


def shapes(max_dims: int = 3, max_side: int = 3, min_dims: int = 0) -> st.SearchStrategy[tuple[int, ...]]:
    """Draw a shape without empty axes."""
    return st.lists(st.integers(1, max_side), min_size=min_dims, max_size=max_dims).map(tuple)


@st.composite
def tensors(
    draw: st.DrawFn,
    shape: Sequence[int] | st.SearchStrategy[tuple[int, ...]] | None = None,
    *,
    low: float = -3.0,
    high: float = 3.0,
    dtype: Any = np.float64,
) -> Tensor:
    """Draw a Tensor of a given shape, or of a small random one."""
    chosen = draw(shapes()) if shape is None else draw(shape) if isinstance(shape, st.SearchStrategy) else tuple(shape)
    size = math.prod(chosen)
    flat = draw(st.lists(numbers(low, high), min_size=size, max_size=size))
    return Tensor(np.array(flat, dtype=dtype).reshape(chosen))


@st.composite
def broadcastable(
    draw: st.DrawFn,
    count: int = 2,
    *,
    max_dims: int = 3,
    max_side: int = 3,
    low: float = -3.0,
    high: float = 3.0,
) -> tuple[Tensor, ...]:
    """Draw Tensors whose shapes differ and still broadcast together: axes of length 1, and missing leading axes."""
    full = draw(shapes(max_dims, max_side))
    result = []
    for _ in range(count):
        kept = draw(st.integers(0, len(full)))
        shape = tuple(1 if draw(st.booleans()) else n for n in full[len(full) - kept :])
        result.append(draw(tensors(shape, low=low, high=high)))
    return tuple(result)


class Expression:
    """A random function: call it with numbers, Values or Tensors; ``point`` is where it was built to be smooth.

    Attributes:
        point: one float per variable.
        lines: the program: (operation, names of the arguments); a number is a constant.
    """

    def __init__(self, point: list[float]) -> None:
        """Start with the variables x0, x1 and so on."""
        self.point = tuple(point)
        self.lines: list[tuple[Elementwise, tuple[str | float, ...]]] = []
        self._data: dict[str, float] = {f"x{i}": x for i, x in enumerate(point)}
        self.names = list(self._data)
        self.__name__ = "expression"

    def add(self, op: Elementwise, *args: str | float) -> str:
        """Append an operation; give the name of its result."""
        y = op.float_of(*self._filled(op, [self._data[a] if isinstance(a, str) else a for a in args]))
        name = f"v{len(self.lines)}"
        self.lines.append((op, args))
        self._data[name] = y
        self.names.append(name)
        return name

    @staticmethod
    def _filled(op: Elementwise, datas: list[float]) -> list[float]:
        return [*datas, *op.defaults[len(datas) - op.arity + len(op.defaults) :]] if len(datas) < op.arity else datas

    def data(self, name: str) -> float:
        """Give the number that a name has at the point."""
        return self._data[name]

    def __call__(self, *inputs: Any) -> Any:
        """Run the program."""
        found: dict[str, Any] = {f"x{i}": x for i, x in enumerate(inputs)}
        result = inputs[0]
        for i, (op, args) in enumerate(self.lines):
            result = found[f"v{i}"] = op(*(found[a] if isinstance(a, str) else a for a in args))
        return result

    @property
    def program(self) -> str:
        """Write the expression as Python that can be run."""
        names = ", ".join(f"x{i}" for i in range(len(self.point)))
        made = ", ".join(f"Value({x!r})" for x in self.point)
        body = [f"v{i} = {_written(op, args)}" for i, (op, args) in enumerate(self.lines)]
        last = f"v{len(self.lines) - 1}" if self.lines else "x0"
        return "\n".join(
            ["from autograd import Value, rules", "", f"{names} = {made}", *body, f"y = {last}", "y.backward()"]
        )

    def __repr__(self) -> str:
        """Print the program, which is what a failing example is read as."""
        return f"<expression of {len(self.lines)} operations:\n{self.program}\n>"


_ATTRIBUTE = {id(getattr(rules, name)): name for name in rules.__all__}


def _written(op: Elementwise, args: tuple[str | float, ...]) -> str:
    shown = [a if isinstance(a, str) else repr(a) for a in args]
    if op.form.python in ("{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} / {b}", "-{a}"):
        return op.form.python.format(**dict(zip("ab", shown, strict=False)))
    name = _ATTRIBUTE.get(id(op))
    return f"{'rules.' + name if name else op.name}({', '.join(shown)})"


def smooth_rows() -> list[Elementwise]:
    """List the operations that random expressions use: those with a derivative that is not 0 everywhere."""
    flat = {"sign", "step", "floor", "ceil", "trunc", "share", "equal", "where", "mod", "fmod", "clip", "hardtanh"}
    return [
        op for op in elementwise_rows() if op.derivatives and op.name not in flat and op.arity - len(op.defaults) <= 2
    ]


@st.composite
def expressions(
    draw: st.DrawFn,
    variables: int = 2,
    max_operations: int = 8,
    *,
    operations: Sequence[Elementwise | str] | None = None,
    min_operations: int = 1,
    low: float = -3.0,
    high: float = 3.0,
) -> Expression:
    """Draw a random expression graph with sharing, smooth at ``expression.point``.

    Args:
        draw: given by Hypothesis.
        variables: how many inputs.
        max_operations: how many operations are drawn at most; repairs come on top.
        operations: rows of the table to use, or their names; all smooth ones by default.
        min_operations: how many at least.
        low: the least input.
        high: the largest input.
    """
    if variables < 1:
        raise InputValueError(f"expressions(variables={variables}): expected at least 1")
    rows = smooth_rows() if operations is None else [_row(o) for o in operations]
    expression = Expression([draw(numbers(low, high)) for _ in range(variables)])
    back = st.integers(0, max_operations + variables)
    steps = draw(
        st.lists(st.tuples(st.sampled_from(rows), back, back), min_size=min_operations, max_size=max_operations)
    )
    for op, i, j in steps:
        count = len(expression.names)
        args = [expression.names[count - 1 - k % count] for k in (i, j)][: op.arity - len(op.defaults)]
        args = [_repaired(expression, op, slot, a) for slot, a in enumerate(args)]
        args = _off_kinks(expression, op, args)
        name = expression.add(op, *args)
        y = expression.data(name)
        if not abs(y) <= LARGE:
            # The result is taken out of reach again, not drawn again.
            if math.isfinite(y):
                expression.add(rules.tanh, expression.add(rules.mul, name, 1 / abs(y)))
            else:
                expression.lines.pop()
                expression.names.pop()
                expression.add(rules.tanh, args[0])
    return expression


def _row(operation: Elementwise | str) -> Elementwise:
    row = lookup(operation) if isinstance(operation, str) else operation
    if not isinstance(row, Elementwise):
        raise InputTypeError(
            f"expressions() takes operations on numbers; got {operation!r}. Give rows of the table, or names such as 'sin'"
        )
    return row


def _repaired(expression: Expression, op: Elementwise, slot: int, name: str) -> str:
    """Bring an argument into the domain of its slot with one or two more operations."""
    low, high = op.domain[slot]
    if op is rules.div and slot == 1:
        low, high = (MARGIN, math.inf) if expression.data(name) >= 0 else (-math.inf, -MARGIN)
    for _ in range(2):
        a = expression.data(name)
        if low + MARGIN <= a <= high - MARGIN and (a <= LARGE / 5 or op.name not in GROWING):
            return name
        if math.isfinite(low) and math.isfinite(high):
            half = (high - low) / 2
            squashed = expression.add(rules.tanh, name)
            name = expression.add(rules.mul, squashed, 0.9 * half)
            if low + high:
                name = expression.add(rules.add, name, (low + high) / 2)
        elif math.isfinite(low):
            name = expression.add(rules.add, expression.add(rules.softplus, name), low + 2 * MARGIN)
        elif math.isfinite(high):
            name = expression.add(rules.sub, high - 2 * MARGIN, expression.add(rules.softplus, name))
        else:
            name = expression.add(rules.tanh, name)
    return name


GROWING = frozenset({"exp", "exp2", "expm1", "sinh", "cosh", "pow"})
"""Operations that leave every range when their argument is large."""


def _off_kinks(expression: Expression, op: Elementwise, args: list[str]) -> list[str]:
    """Move the first argument away from a corner of the operation."""
    kinks: list[Callable[..., Any]] = list(op.kinks)
    if op in (rules.maximum, rules.minimum) and len(set(args)) == 1:
        return [args[0], expression.add(rules.add, args[0], 0.5)]
    if op in (rules.hypot, rules.atan2):
        kinks.append(np.hypot)
    if op is rules.absolute or op.name == "cbrt":
        kinks.append(lambda a: a)
    for _ in range(8):
        datas = expression._filled(op, [expression.data(a) for a in args])
        if all(abs(float(k(*datas))) >= MARGIN for k in kinks):
            return args
        args = [expression.add(rules.add, args[0], 0.375), *args[1:]]
    return args


def profile(name: str) -> settings:
    """Give Hypothesis settings: ``"ci"`` (the same 200 examples always), ``"dev"`` (30), ``"nightly"`` (2 000).

    >>> profile("ci").max_examples
    200
    """
    profiles = {
        "ci": {"max_examples": 200, "derandomize": True},
        "dev": {"max_examples": 30},
        "nightly": {"max_examples": 2000},
    }
    if name not in profiles:
        raise InputValueError(f"profile({name!r}): expected one of {', '.join(profiles)}")
    return settings(deadline=None, **profiles[name])  # type: ignore[arg-type]


__all__ = [
    "Expression",
    "broadcastable",
    "expressions",
    "numbers",
    "profile",
    "shapes",
    "smooth_rows",
    "tensors",
    "values",
]
