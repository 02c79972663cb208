r"""Symbols: what a rule is applied to when it is to be read instead of computed.

Types
    Symbol        a name, or an operation applied to Symbols and numbers.
    SymbolicTest  a comparison of Symbols: the condition of a ``where``.

>>> from autograd import rules
>>> a, b = Symbol("a"), Symbol("b")
>>> print(rules.mul.derivatives[0](None, a, b), "and", rules.tanh.derivatives[0](None, a))
b and sech(a)²
>>> print((a + 2) * -b, render((a + 2) * -b, "latex"))
(a + 2) × -b \left(a + 2\right) \cdot -b
"""

from __future__ import annotations

from typing import Any, Literal

from autograd import rules
from autograd._operators import Operators
from autograd.arguments import short
from autograd.errors import InputTypeError, TrackingError
from autograd.forms import ARGUMENTS, CALL, COMPARE, SIGN
from autograd.operations import Elementwise, Operation

Style = Literal["text", "python", "latex"]


class Symbol(Operators):
    """A name, or an operation with its arguments; operators and operations build larger ones."""

    __slots__ = ("args", "name", "op")
    _rank = 3

    def __init__(self, name: str | None, op: Operation | None = None, args: tuple[Any, ...] = ()) -> None:
        """Make a name (``Symbol("a")``) or an application (``Symbol(None, op, args)``)."""
        self.name = name
        self.op = op
        self.args = args

    @staticmethod
    def _operate(op: Operation, args: tuple[Any, ...], params: dict[str, Any]) -> Any:  # noqa: ARG004  the protocol
        if not isinstance(op, Elementwise):
            raise InputTypeError(f"{op.name} works on whole arrays; symbols stand for single numbers")
        return _simplified(op, args)

    def __lt__(self, other: Any) -> SymbolicTest:
        """Compare: the condition of a ``where``."""
        return SymbolicTest("<", self, other)

    def __le__(self, other: Any) -> SymbolicTest:
        """Compare: the condition of a ``where``."""
        return SymbolicTest("<=", self, other)

    def __gt__(self, other: Any) -> SymbolicTest:
        """Compare: the condition of a ``where``."""
        return SymbolicTest(">", self, other)

    def __ge__(self, other: Any) -> SymbolicTest:
        """Compare: the condition of a ``where``."""
        return SymbolicTest(">=", self, other)

    def __eq__(self, other: object) -> SymbolicTest:  # type: ignore[override]
        """Compare: the condition of a ``where``."""
        return SymbolicTest("==", self, other)

    def __ne__(self, other: object) -> SymbolicTest:  # type: ignore[override]
        """Compare: the condition of a ``where``."""
        return SymbolicTest("!=", self, other)

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        """Refuse: a symbol stands for every number, so Python's ``if`` cannot choose."""
        raise TrackingError(f"{self} is a symbol and has no truth value; write where(condition, a, b) instead of if")

    def __float__(self) -> float:
        """Refuse: a symbol has no number."""
        raise TrackingError(f"{self} is a symbol and has no number; write rules with autograd's own functions")

    def __str__(self) -> str:
        """Write the expression as text."""
        return render(self)

    def __repr__(self) -> str:
        """Write the expression as text."""
        return f"<symbol {render(self)}>"


class SymbolicTest:
    """A comparison of symbols, or two joined by ``&`` or ``|``."""

    __slots__ = ("left", "relation", "right")
    _rank = 3
    _operate = staticmethod(Symbol._operate)

    def __init__(self, relation: str, left: Any, right: Any) -> None:
        """Store the two sides."""
        self.relation = relation
        self.left = left
        self.right = right

    def __and__(self, other: Any) -> SymbolicTest:
        """Both."""
        return SymbolicTest("and", self, other)

    def __or__(self, other: Any) -> SymbolicTest:
        """Either."""
        return SymbolicTest("or", self, other)

    def __bool__(self) -> bool:
        """Refuse, as a Symbol does."""
        raise TrackingError(
            f"{render(self)} is symbolic and has no truth value; write where(condition, a, b) instead of if"
        )

    def __repr__(self) -> str:
        """Write the comparison as text."""
        return f"<symbolic test {render(self)}>"


def _is(x: Any, number: float) -> bool:
    return type(x) in (int, float) and x == number


def _simplified(op: Elementwise, args: tuple[Any, ...]) -> Any:
    """Build an application, leaving out what any reader would: 1·x, x + 0, x ** 1, --x."""
    a, b = args[0], args[-1]
    if op is rules.mul:
        if _is(a, 1):
            return b
        if _is(b, 1):
            return a
        if _is(a, -1):
            return rules.neg(b)
        if _is(b, -1):
            return rules.neg(a)
    elif op is rules.add and (_is(a, 0) or _is(b, 0)):
        return b if _is(a, 0) else a
    elif (op is rules.div or op is rules.power) and _is(b, 1):
        return a
    elif op is rules.neg and isinstance(a, Symbol) and a.op is rules.neg:
        return a.args[0]
    return Symbol(None, op, args)


_RELATION = {
    "text": {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠"},
    "python": {},
    "latex": {"<=": r"\le", ">=": r"\ge", "==": "=", "!=": r"\ne", "and": r"\wedge", "or": r"\vee"},
}


def number(x: float, style: Style = "text") -> str:
    """Write a constant: exactly in Python, with up to six digits for a reader.

    >>> number(2.0), number(0.6931471805599453), number(2.0, "python")
    ('2', '0.693147', '2.0')
    """
    if style == "python":
        return repr(x)
    if style == "latex" and x in (float("inf"), float("-inf")):
        return r"\infty" if x > 0 else r"-\infty"
    return format(float(x), ".6g")


def render(expression: Any, style: Style = "text") -> str:
    """Write an expression of Symbols as ``"text"``, ``"python"`` or ``"latex"``, with as few brackets as needed."""
    done: list[tuple[str, int]] = []
    todo: list[tuple[Any, bool]] = [(expression, False)]
    while todo:
        x, ready = todo.pop()
        if isinstance(x, Symbol) and x.op is None:
            done.append((str(x.name), CALL))
        elif not isinstance(x, Symbol | SymbolicTest):
            if not isinstance(x, int | float):
                raise InputTypeError(f"cannot write {short(x)} in a symbolic expression; use numbers and symbols")
            written = number(x, style)
            done.append((written, SIGN if written.startswith("-") else CALL))
        elif not ready:
            todo.append((x, True))
            parts = x.args if isinstance(x, Symbol) else (x.left, x.right)
            todo.extend((part, False) for part in reversed(parts))
        elif isinstance(x, Symbol):
            arguments = done[-len(x.args) :]
            del done[-len(x.args) :]
            done.append(written_application(x.op, arguments, style))
        else:
            (right, r), (left, l) = done.pop(), done.pop()
            relation = _RELATION[style].get(x.relation, x.relation)
            if style == "python" and x.relation in ("and", "or"):
                left, right, relation = f"({left})", f"({right})", x.relation
            needs = COMPARE + 1 if x.relation not in ("and", "or") else COMPARE - 1
            done.append((f"{bracket(left, l, needs, style)} {relation} {bracket(right, r, needs, style)}", COMPARE - 1))
    return done[0][0]


def bracket(written: str, binds: int, needs: int, style: Style = "text") -> str:
    """Put brackets around an argument that binds more loosely than its place needs."""
    if binds >= needs:
        return written
    return rf"\left({written}\right)" if style == "latex" else f"({written})"


def written_application(
    op: Operation | None, arguments: list[tuple[str, int]], style: Style = "text"
) -> tuple[str, int]:
    """Write an operation over written arguments; give the text and how tightly it binds."""
    assert op is not None
    if op.writer is not None:
        return op.writer(arguments, style)
    form = op.form
    template = getattr(form, style)
    slots = {}
    for i, (letter, (written, binds)) in enumerate(zip(ARGUMENTS, arguments, strict=False)):
        inside = (style == "latex" and template.startswith((r"\frac", r"\sqrt"))) or (
            style == "latex" and op.name == "pow" and i == 1
        )
        needs = form.needs[i] if i < len(form.needs) and not inside else 0
        slots[letter] = bracket(written, binds, needs, style)
    return template.format_map(slots), form.binds


def formula(op: Operation, names: list[str], style: Style = "text") -> str:
    """Write an operation over names.

    >>> formula(rules.mul, ["x", "w"]), formula(rules.where, ["c", "a", "b"])
    ('x × w', 'where(c, a, b)')
    """
    if isinstance(op, Elementwise) or op.writer is not None:
        return written_application(op, [(name, CALL if not name.startswith("-") else SIGN) for name in names], style)[0]
    inner = ", ".join(names)
    if style == "latex":
        return rf"\operatorname{{{op.name}}}".replace("_", r"\_") + rf"\left({inner}\right)"
    return f"{op.name}({inner})"


def derivative(op: Elementwise, slot: int, y: Any, args: tuple[Any, ...], *, textbook: bool = True) -> Any:
    """Give ∂y/∂(argument ``slot``) as a symbolic expression over ``y`` and ``args``.

    The textbook form is taken where the row has one; ``textbook=False`` gives the form that is computed.

    >>> y, a = Symbol("y"), Symbol("a")
    >>> print(derivative(rules.sigmoid, 0, y, (a,)), "|", derivative(rules.sigmoid, 0, y, (a,), textbook=False))
    y × (1 - y) | y × σ(-a)
    """
    i = slot - op.passive
    book = op.textbook[i] if textbook and i < len(op.textbook) else None
    return (book or op.derivatives[i])(y, *args)
