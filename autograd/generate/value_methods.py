"""The text of ``_value_methods.py``: the hot path of ``Value``.

A rule is traced with Symbols and lowered to Python source over floats: each method computes the value and the local
derivatives inline. The usual path does no dispatch: an exact type test, one ``object.__new__``, nine slot stores.
Whatever is not usual (a mode is on, a Tensor on the other side, a float operation that raises) goes to
``Value._operate``, which asks the table.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from autograd import numeric
from autograd.forms import ARGUMENTS
from autograd.generate.names import DUNDER, HEAD, RULE_NAMES, SYMBOL_ONLY, UNARY_DUNDER
from autograd.operations import OPERATORS, Elementwise, elementwise_rows

if TYPE_CHECKING:
    from collections.abc import Iterator


class Lowering:
    """Turns a rule into Python source over float variables, collecting the functions that the source calls."""

    def __init__(self) -> None:
        """Start with no function named."""
        self.used: dict[str, str] = {"_pow": "numeric.power.scalar"}

    def compute(self, row: Elementwise, args: list[str]) -> str:
        """Give source for the value of a row."""
        f = row.compute
        if not isinstance(f, numeric.Function):
            symbol = OPERATORS[f]
            return f"{symbol}{args[0]}" if row.arity == 1 else f"{args[0]} {symbol} {args[1]}"
        if f.inline is not None:
            if "_cosh" in f.inline:
                self.used["_cosh"] = "numeric.cosh.scalar"
            return f.inline.format(**dict(zip(ARGUMENTS, args, strict=False)))
        self.used[f"_{f.name}"] = f"numeric.{f.name}.scalar"
        return f"_{f.name}({', '.join(args)})"

    def expression(self, x: Any) -> str:
        """Give source for a traced rule; every application is bracketed, so precedence cannot bite."""
        from autograd.symbols import Symbol, SymbolicTest

        if isinstance(x, Symbol):
            if x.op is None:
                return str(x.name)
            if x.op.name == "square":
                return f"({self.expression(x.args[0])}) ** 2"
            return f"({self.compute(x.op, [self.expression(a) for a in x.args])})"  # type: ignore[arg-type]
        if isinstance(x, SymbolicTest):
            return f"({self.expression(x.left)} {x.relation} {self.expression(x.right)})"
        if isinstance(x, float) and not math.isfinite(x):
            return repr(x).replace("inf", "_inf")
        return repr(float(x))

    def local(self, x: Any) -> str:
        """Give source for a local derivative; 1 and −1 are known to the sweep by identity."""
        if type(x) is int and x in {1, -1}:
            return "_one" if x == 1 else "_minus_one"
        return self.expression(x)


def _body(out: list[str], value: str, slots: list[tuple[str, str]], handler: str, indent: str, first: str = "") -> None:
    stores = [*slots, ("_index", "next(_counter)"), ("grad", "None"), ("_extra", "None")]
    pad = indent + "    "
    out.append(f"{indent}try:\n{first}{pad}y = _new(Value)\n{pad}y._data = {value}\n")
    if any(re.search(r"\bd\b", source) for _, source in slots):  # a derivative that reuses the value
        out[-1] = out[-1].replace("y._data = ", "y._data = d = ")
    out.extend(f"{pad}y.{slot} = {source}\n" for slot, source in stores)
    out.append(f"{pad}return y\n{indent}except (ArithmeticError, ValueError):\n{pad}return {handler}\n")


def _unary(low: Lowering, row: Elementwise) -> Iterator[str]:
    from autograd.symbols import Symbol

    rule = f"rules.{RULE_NAMES.get(row.name, row.name)}"
    local = row.derivatives[0](Symbol("d"), Symbol("p"))
    names = [f"__{UNARY_DUNDER[row.name]}__"] if row.name in UNARY_DUNDER else []
    names += [row.name] * (row.name not in SYMBOL_ONLY)
    for name in names:
        doc = row.form.text.format(a="self")
        out = [f'\n    def {name}(self) -> Any:\n        """{doc}."""\n        if modes.active:\n']
        out.append(f"            return {rule}(self)\n        p = self._data\n")
        value = low.compute(row, ["p"])
        slots = [
            ("_rule", f"_{row.name}_rule"),
            ("_a", "self"),
            ("_b", "None"),
            ("_da", low.local(local)),
            ("_db", "None"),
        ]
        _body(out, value, slots, f"{rule}(self)", "        ")
        yield "".join(out)


def _binary(low: Lowering, row: Elementwise) -> Iterator[str]:
    from autograd.symbols import Symbol

    rule = f"rules.{RULE_NAMES.get(row.name, row.name)}"
    name = DUNDER[row.name]
    da, db = (low.local(f(Symbol("d"), Symbol("p"), Symbol("q"))) for f in row.derivatives)
    value = low.compute(row, ["p", "q"])
    common = ("_rule", f"_{row.name}_rule")
    for reflected in (False, True):
        first, second = ("other", "self") if reflected else ("self", "other")
        doc = row.form.text.format(a=first, b=second)
        out = [f'\n    def __{"r" * reflected}{name}__(self, other: Any) -> Any:\n        """{doc}."""\n']
        slow = f"{rule}({first}, {second})"
        out.append("        kind = type(other)\n        if modes.active:\n")
        out.append(f"            return {slow}\n")
        if not reflected:
            out.append("        if kind is Value:\n            p = self._data\n            q = other._data\n")
            _body(out, value, [common, ("_a", "self"), ("_b", "other"), ("_da", da), ("_db", db)], slow, "            ")
        out.append("        if kind is float or kind is int:\n")
        number = "other if kind is float else float(other)"
        if reflected:
            first_lines = f"                q = self._data\n                p = {number}\n"
            slots = [common, ("_a", "None"), ("_b", "self"), ("_da", "p"), ("_db", db)]
        else:
            first_lines = f"                p = self._data\n                q = {number}\n"
            slots = [common, ("_a", "self"), ("_b", "None"), ("_da", da), ("_db", "q")]
        body: list[str] = []
        _body(body, value, slots, slow, "            ", first_lines)
        out.extend(body)
        out.append(f"        return {slow}\n")
        yield "".join(out)


def value_source() -> str:
    """Give the text of ``_value_methods.py``."""
    low = Lowering()
    methods: list[str] = []
    rules_used: list[str] = []
    for row in elementwise_rows():
        if row.arity == 1:
            methods.extend(_unary(low, row))
        elif row.name in DUNDER:
            methods.extend(_binary(low, row))
        else:
            continue
        rules_used.append(f"_{row.name}_rule = rules.{RULE_NAMES.get(row.name, row.name)}\n")
    out = [HEAD.format(doc="The hot path of Value: each operation computes its value and local derivatives inline.")]
    out.append('# mypy: disable-error-code="no-any-return"\n')
    out.append(
        "from __future__ import annotations\n\nfrom typing import Any\n\nfrom autograd import modes, numeric, rules\n"
    )
    out.append(
        "from autograd._operators import Operators\nfrom autograd.node import MINUS_ONE as _minus_one, ONE as _one, Node, counter as _counter, new as _new\n\n"
    )
    out.append("_inf, nan = numeric.inf, numeric.nan\n")
    out.extend(f"{short_name} = {source}\n" for short_name, source in sorted(low.used.items()))
    out.extend(rules_used)
    out.append("\nValue: Any = None  # bound by autograd.value once the class exists\n")
    out.append(
        '\n\nclass ValueMethods(Operators, Node):\n    """The generated methods; ``Value`` inherits them."""\n\n    __slots__ = ()\n'
    )
    out.extend(methods)
    return "".join(out)
