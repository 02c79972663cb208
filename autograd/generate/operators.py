"""The text of ``_operators.py``: a method for every operation, which is what Tensors and Symbols share."""

from __future__ import annotations

from autograd.forms import ARGUMENTS
from autograd.generate.names import DUNDER, HEAD, RULE_NAMES, SYMBOL_ONLY, UNARY_DUNDER
from autograd.operations import elementwise_rows


def operators_source() -> str:
    """Give the text of ``_operators.py``."""
    out = [HEAD.format(doc="Operators and named methods over the table: what Tensors and Symbols share.")]
    out.append("from __future__ import annotations\n\nfrom typing import Any\n\nfrom autograd import rules\n\n\n")
    out.append(
        'class Operators:\n    """Every operation of the table as an operator or a method."""\n\n    __slots__ = ()\n'
    )
    for row in elementwise_rows():
        rule = f"rules.{RULE_NAMES.get(row.name, row.name)}"
        shown = row.form.text.format(**{a: "self" if a == "a" else a for a in ARGUMENTS})
        if row.name in DUNDER:
            name = DUNDER[row.name]
            reflected = row.form.text.format(a="other", b="self")
            shown = shown.replace("b", "other") if row.name != "mod" else "self % other"
            out.append(
                f'\n    def __{name}__(self, other: Any) -> Any:\n        """{shown}."""\n        return {rule}(self, other)\n'
                f'\n    def __r{name}__(self, other: Any) -> Any:\n        """{reflected}."""\n        return {rule}(other, self)\n'
            )
        elif row.name in UNARY_DUNDER:
            out.append(
                f'\n    def __{UNARY_DUNDER[row.name]}__(self) -> Any:\n        """{shown}."""\n        return {rule}(self)\n'
            )
        if row.name in SYMBOL_ONLY:
            continue
        required = row.arity - len(row.defaults)
        rest = list(ARGUMENTS[1 : row.arity])
        declared = "".join(
            f", {x}: Any" + (f" = {row.defaults[i + 1 - required]!r}" if i + 1 >= required else "")
            for i, x in enumerate(rest)
        )
        passed = "".join(f", {x}" for x in rest)
        out.append(
            f'\n    def {row.name}(self{declared}) -> Any:\n        """{shown}."""\n        return {rule}(self{passed})\n'
        )
    return "".join(out)
