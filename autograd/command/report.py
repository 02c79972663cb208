"""What the command line shows: text for a person, one JSON object for a program.

Text is written for the width, colour and signs of the terminal; see ``autograd.terminal``. In JSON, a number that is
not finite is the string ``"Infinity"``, ``"-Infinity"`` or ``"NaN"``, since JSON has no such numbers.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.graph import Graph
from autograd.node import Node
from autograd.symbols import number as constant
from autograd.terminal import (
    colour_wanted,
    columns,
    display_width,
    fit,
    one_line,
    paint,
    plain_ascii,
    unicode_wanted,
    wrapped,
)
from autograd.views.rails import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from autograd.command.differences import Comparison
    from autograd.command.results import Result

MOST_ROWS = 24  # lines of a table that a person still reads; beyond it those that agree are counted
_WIDE = 76  # columns from which there is room for the value column


@dataclass(frozen=True, slots=True)
class Page:
    """How to write: columns, colour, signs beyond ASCII."""

    width: int
    colour: bool
    unicode: bool

    @classmethod
    def of_terminal(cls) -> Page:
        """Ask the terminal."""
        return cls(max(columns(), 20), colour_wanted(), unicode_wanted())

    def sign(self, written: str) -> str:
        """Write signs as the terminal can show them."""
        return written if self.unicode else plain_ascii(written)

    def paint(self, written: str, role: str) -> str:
        """Colour a piece of text, if the terminal has colour."""
        return paint(written, role, colour=self.colour)

    def wrap(self, written: str, indent: str = "") -> str:
        """Break a sentence into lines."""
        return "\n".join(wrapped(self.sign(written), self.width, indent))


def as_text(results: list[Result], notes: list[str], page: Page, *, order: int) -> str:
    """Write the whole report."""
    blocks = [_block(r, page, order=order) for r in results]
    if notes:
        blocks.append("\n".join(page.wrap(f"note: {n}", "      ") for n in notes))
    return "\n\n".join(blocks)


def _block(r: Result, page: Page, *, order: int) -> str:
    title, shown = page.sign(one_line(" ".join(r.text.split()))), f"{r.value:.10g}"
    title = fit(
        title, min(display_width(title), max(8, page.width - len(shown) - 3)), ellipsis="…" if page.unicode else "..."
    )
    lines = [f"{page.paint(title, 'bold')} = {page.paint(shown, 'value')}"]
    if not isinstance(r.root, Node):
        return "\n".join([*lines, page.wrap("No names in it, so there is nothing to differentiate.")])
    lines += ["", text(r.root, names={}, width=page.width, colour=page.colour, unicode=page.unicode)]
    lines += ["", *_table("gradient", r.comparisons, page, first="∂/∂")]
    if r.unchecked:
        lines.append(page.wrap(f"{r.unchecked:,} more array elements were not compared with finite differences."))
    lines += _verdict(r.comparisons, "gradient", page)
    if order > 1:
        lines += ["", *_table("Hessian", _upper(r), page, first="∂²/∂")]
        lines += _verdict(r.second_comparisons, "second derivative", page)
    return "\n".join(lines)


def _upper(r: Result) -> list[Comparison]:
    """Leave out the half of a symmetric matrix that says the same, unless it does not agree."""
    labels = list(r.second)
    place = {label: k for k, label in enumerate(labels)}
    kept = []
    for k, c in enumerate(r.second_comparisons):
        column, row = labels[k // len(labels)], labels[k % len(labels)]
        if place[row] <= place[column] or not c.agrees:
            kept.append(c)
    return kept


def _table(what: str, comparisons: list[Comparison], page: Page, *, first: str) -> list[str]:
    """Set the derivatives beside their finite differences."""
    if not comparisons:
        return []
    rows = comparisons
    if len(rows) > MOST_ROWS:
        bad = [c for c in rows if not c.agrees][:MOST_ROWS]
        good = [c for c in rows if c.agrees][: max(0, MOST_ROWS - len(bad))]
        rows = [c for c in rows if c in bad or c in good]
    roomy = page.width >= _WIDE
    heads = [page.sign(first), what, "central difference" if roomy else "difference", "agreement" if roomy else ""]
    cells = [
        [
            page.sign(one_line(c.label)),
            _cell(c.gradient, roomy),
            _cell(c.difference, roomy),
            page.sign(_judged(c, roomy)),
        ]
        for c in rows
    ]
    widths = [max(display_width(line[k]) for line in [heads, *cells]) for k in range(4)]
    widths[0] = min(widths[0], max(6, page.width - widths[1] - widths[2] - widths[3] - 6))
    gap = "  "
    lines = [
        gap.join(
            [
                fit(heads[0], widths[0]),
                fit(heads[1], widths[1], right=True),
                fit(heads[2], widths[2], right=True),
                heads[3],
            ]
        ).rstrip()
    ]
    lines[0] = page.paint(lines[0], "quiet")
    for c, cell in zip(rows, cells, strict=True):
        lines.append(
            gap.join(
                [
                    fit(cell[0], widths[0], ellipsis="…" if page.unicode else "..."),
                    page.paint(fit(cell[1], widths[1], right=True), "grad"),
                    fit(cell[2], widths[2], right=True),
                    page.paint(cell[3], "good" if c.agrees else "bad"),
                ]
            ).rstrip()
        )
    if len(rows) < len(comparisons):
        hidden = [c for c in comparisons if c not in rows]
        agreeing = sum(c.agrees for c in hidden)
        lines.append(page.sign(f"… {len(hidden):,} more, {agreeing:,} of them agree"))
    return lines


def _cell(x: float, roomy: bool) -> str:
    if math.isnan(x):
        return "none"
    return f"{x + 0.0:.9g}" if roomy else f"{x + 0.0:.5g}"  # + 0.0: no reader needs -0


def _judged(c: Comparison, roomy: bool) -> str:
    if c.agrees:
        apart = abs(c.gradient - c.difference)
        kink = ", at a kink" if c.note else ""
        return ("✓ " + (f"{apart:.0e} apart" if apart else "equal") + kink) if roomy else "✓" + kink[1:]
    return f"✗ {c.verdict}"


def _verdict(comparisons: list[Comparison], what: str, page: Page) -> list[str]:
    """Say in words how the comparison went."""
    if not comparisons:
        return []
    lines = [page.wrap(f"{c.label}: {c.note}", "   ") for c in comparisons if c.note][:MOST_ROWS]
    bad = sum(not c.agrees for c in comparisons)
    n = len(comparisons)
    if not bad:
        whole = f"The {what} agrees" if n == 1 else f"{'Both' if n == 2 else f'All {n}'} {what}s agree"
        lines.append(page.paint(page.wrap(f"{whole} with central differences."), "good"))
    else:
        lines.append(
            page.paint(
                page.wrap(f"{bad} of {n} {what}{'s' * (n > 1)} could not be confirmed by a central difference."), "bad"
            )
        )
    return lines


# --- JSON -----------------------------------------------------------------------------------------------------


def as_json(
    expression: str, values: Mapping[str, Any], results: list[Result], notes: list[str], *, order: int
) -> dict[str, Any]:
    """Give the report as one object with stable keys."""
    return {
        "expression": expression,
        "inputs": {n: plain_json(x) for n, x in values.items()},
        "results": [_result_json(r, order=order) for r in results],
        "agrees": all(r.agrees for r in results),
        "notes": notes,
        "error": None,
    }


def error_json(expression: str, values: Mapping[str, Any], message: str, position: int | None) -> dict[str, Any]:
    """Give an object of the same keys for input that cannot be used."""
    return {
        "expression": expression,
        "inputs": {n: plain_json(x) for n, x in values.items()},
        "results": [],
        "agrees": None,
        "notes": [],
        "error": {"message": message, "position": position},
    }


def dumps(report: Mapping[str, Any]) -> str:
    """Write a report; letters beyond ASCII stay readable where the output can show them."""
    return json.dumps(report, ensure_ascii=not unicode_wanted(), indent=2, allow_nan=False)


def plain_json(x: Any) -> Any:
    """Turn numbers and arrays into what JSON has.

    >>> plain_json(np.array([1.0, np.inf])), plain_json(float("nan"))
    ([1.0, 'Infinity'], 'NaN')
    """
    if isinstance(x, np.ndarray):
        return [plain_json(v) for v in x] if x.ndim else plain_json(float(x))
    x = float(x)
    if math.isfinite(x):
        return x
    return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"


def _result_json(r: Result, *, order: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "expression": r.text,
        "value": plain_json(r.value),
        "gradients": {n: plain_json(g) for n, g in r.gradients.items()},
        "comparisons": {c.label: _comparison_json(c) for c in r.comparisons},
        "not_compared": r.unchecked,
        "agrees": r.agrees,
        "graph": _graph_json(r.root) if isinstance(r.root, Node) else [],
    }
    if order > 1:
        found["hessian"] = {a: {b: plain_json(x) for b, x in row.items()} for a, row in r.second.items()}
        found["hessian_comparisons"] = {c.label: _comparison_json(c) for c in r.second_comparisons}
    return found


def _comparison_json(c: Comparison) -> dict[str, Any]:
    return {
        "gradient": plain_json(c.gradient),
        "central_difference": plain_json(c.difference),
        "error_estimate": plain_json(c.error),
        "agrees": c.agrees,
        "verdict": c.verdict,
        "note": c.note,
    }


def _graph_json(root: Node) -> list[dict[str, Any]]:
    return [
        {
            "id": n.id,
            "operation": n.op.name if n.op is not None else None,
            "formula": n.formula,
            "arguments": [
                a.id if hasattr(a, "id") else constant(a.data) if np.ndim(a.data) == 0 else plain_json(a.data)
                for a in n.args
            ],
            "value": plain_json(n.data),
            "gradient": None if n.grad is None else plain_json(n.grad),
        }
        for n in Graph(root, names={})
    ]
