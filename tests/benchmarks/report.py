"""The outcome in print and in JSON: one aligned table, the footnotes for what is missing, the goals.

The table's upper half is what was measured, its lower half how many times as much each contender needs as
we do.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from .description import GC_ON, OURS
from .exponent import exponent

if TYPE_CHECKING:
    from .contest import Outcome

GAP = "  "
ASCII = str.maketrans(
    {
        "×": "x",
        "≥": ">=",
        "≤": "<=",
        "µ": "u",
        "·": "*",
        "³": "^3",
        "⁴": "^4",
        "⁵": "^5",
        "⁶": "^6",
        "−": "-",
        "÷": "/",
    }
)


def figures(number: float) -> str:
    """Write a number with three figures, or all of them before the point, in groups of three.

    >>> figures(18862.4), figures(42.123), figures(1.5), figures(0.0851), figures(7.0)
    ('18 862', '42.1', '1.50', '0.085', '7')
    """
    size = abs(number)
    if size >= 100 or number == int(number):
        return f"{number:,.0f}".replace(",", " ")
    return f"{number:.1f}" if size >= 10 else f"{number:.2f}" if size >= 1 else f"{number:.3f}"


class Footnotes:
    """Reasons by number, in the order of their first appearance."""

    def __init__(self) -> None:
        """Start without any."""
        self.reasons: list[str] = []

    def mark(self, reason: str) -> str:
        """Give the mark of a reason, a new one or the one that it has."""
        if reason not in self.reasons:
            self.reasons.append(reason)
        return f"[{self.reasons.index(reason) + 1}]"

    def lines(self) -> list[str]:
        """List them."""
        return [f"[{number}] {reason}" for number, reason in enumerate(self.reasons, 1)]


def columns(outcome: Outcome) -> list[tuple[str, str]]:
    """List the table's columns as (case label, column), the gauges beside the case that they belong to."""
    pairs = []
    for case in outcome.cases:
        pairs += [(case.label, column) for column in outcome.workload.columns]
        pairs += [(case.label, gauge.name) for gauge in outcome.workload.gauges if gauge.case == case.label]
    return pairs


def aligned(pairs: list[tuple[str, str]], rows: list[list[str]]) -> list[str]:
    r"""Align rows of cells, the name to the left and numbers to the right, under two lines of heading.

    >>> print("\n".join(aligned([("1k", "on"), ("1k", "off")], [["ours", "420", "370"]])))
          -- 1k --
           on  off
    ours  420  370
    """
    cells = [["", *(column for _, column in pairs)], *rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    heading = " " * widths[0]
    for label, group in itertools.groupby(range(len(pairs)), key=lambda i: pairs[i][0]):
        places = [i + 1 for i in group]
        widths[places[-1]] += max(0, len(label) - width_of(widths, places))
        width = width_of(widths, places)
        heading += GAP + (label.rjust(width) if len(places) == 1 else f" {label} ".center(width, "-"))
    lines = [[row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])] for row in cells]
    return [line.rstrip() for line in (heading, *(GAP.join(line) for line in lines))]


def width_of(widths: list[int], places: list[int]) -> int:
    """Give the width of neighbouring columns together."""
    return sum(widths[i] for i in places) + len(GAP) * (len(places) - 1)


def measured(outcome: Outcome, notes: Footnotes) -> list[list[str]]:
    """Give the rows of numbers; an absent contender has a row, and every gap a footnote."""
    pairs, results = columns(outcome), outcome.results
    taking_part = {case.label: case for case in outcome.cases}
    rows = []
    for name in outcome.entrants:
        row = [name]
        for case, column in pairs:
            number = results.get(name, case, column)
            reason = outcome.missing.get((name, case, column), "not measured")
            no_part = number is None and not taking_part[case].has(name)
            row.append("" if no_part else notes.mark(reason) if number is None else figures(number))
        rows.append(row)
    absent = [
        [name, *("absent" if taking_part[case].has(name) else "" for case, _ in pairs)] for name in outcome.absent
    ]
    return rows + absent


def ratios(outcome: Outcome) -> list[list[str]]:
    """Give the rows of ratios to ours; none if ours is not there."""
    pairs, results = columns(outcome), outcome.results
    incomparable = {gauge.name for gauge in outcome.workload.gauges if not gauge.compared}
    rows = []
    for name in outcome.entrants:
        found = [None if pair[1] in incomparable else results.ratio(name, *pair) for pair in pairs]
        if name != OURS and any(ratio is not None for ratio in found):
            rows.append([name, *("" if ratio is None else figures(ratio) + "×" for ratio in found)])
    return rows


def table(outcome: Outcome) -> list[str]:
    """Give the table with its title and its notes."""
    workload, notes = outcome.workload, Footnotes()
    pairs, rows, compared = columns(outcome), measured(outcome, notes), ratios(outcome)
    one_clock = len(workload.columns) == 1
    shown = [(label, "time" if one_clock and column == GC_ON else column) for label, column in pairs]
    lines = aligned(shown, [*rows, *compared])
    if compared:
        split = 2 + len(rows)
        lines[split:split] = [f"÷ {OURS}"]
    below = [*notes.lines(), *fewer_rounds(outcome), *workload.notes]
    for remedy in dict.fromkeys(outcome.absent.values()):
        names = [name for name, theirs in outcome.absent.items() if theirs == remedy]
        below.append(f"absent: {', '.join(names)}; {remedy}")
    return [f"{workload.name}  {workload.title}; {workload.unit}, less is better", "", *lines, *below]


def fewer_rounds(outcome: Outcome) -> list[str]:
    """Say who used up its patience."""
    times = {key: n for key, n in outcome.rounds.items() if key[2] in outcome.workload.columns}
    most = max(map(len, times.values()), default=0)
    few = [f"{name} {case} {column}: {len(n)}" for (name, case, column), n in times.items() if len(n) < most]
    return [f"Fewer rounds than {most}, for want of patience: {', '.join(few)}."] if few else []


def goals(outcome: Outcome) -> list[str]:
    """Give a line per goal: the verdict, what was measured, the bound, the subject."""
    results = outcome.results
    rows = []
    for goal in outcome.workload.goals:
        number, verdict = goal.verdict(results)
        shown = "" if number is None else figures(number) + goal.unit
        bound = f"{'≤' if goal.at_most else '≥'} {figures(goal.bound)}{goal.unit}"
        rows.append([verdict, shown, bound, goal.text])
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    return [
        f"  {verdict:<{widths[0]}}  {shown:>{widths[1]}}  (goal {bound:>{widths[2]}})  {text}"
        for verdict, shown, bound, text in rows
    ]


def printed(outcome: Outcome) -> str:
    """Give everything that is printed about one workload."""
    verdicts = ["", "goals", *goals(outcome)] if outcome.workload.goals else []
    return "\n".join([*table(outcome), *exponents(outcome), *verdicts, ""])


def exponents(outcome: Outcome) -> list[str]:
    """Say how the time of each contender grows, where the cases are sizes; the exponent of a linear cost is 1."""
    if not outcome.workload.grows:
        return []
    rows = []
    for name in outcome.entrants:
        for column in outcome.workload.columns:
            found = exponent(curve(outcome, name, column))
            if found is not None:
                rows.append([name, f"{found:.2f}", f"{column}"])
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(2)]
    shown = [f"  {name:<{widths[0]}}  {found:>{widths[1]}}  {column}" for name, found, column in rows]
    return ["", "exponent of the time against size (1 is linear)", *shown]


def curve(outcome: Outcome, name: str, column: str) -> list[tuple[int, float]]:
    """Give size and number of the cases that one contender has."""
    pairs = [(case.size, outcome.results.get(name, case.label, column)) for case in outcome.cases]
    return [(size, number) for size, number in pairs if number is not None]


def in_ascii(text: str, encoding: str | None) -> str:
    """Replace signs that the encoding of a terminal does not have.

    >>> in_ascii("≥ 2×", "ascii")
    '>= 2x'
    """
    try:
        text.encode(encoding or "ascii")
    except UnicodeEncodeError:
        return text.translate(ASCII).encode("ascii", "replace").decode("ascii")
    return text


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Give everything as plain data: every round's number, not only the medians."""
    results = outcome.results
    measurements = [
        {
            "contender": name,
            "case": case,
            "column": column,
            "median": results.get(name, case, column),
            "rounds": n,
        }
        for (name, case, column), n in outcome.rounds.items()
    ]
    missing = [
        {"contender": name, "case": case, "column": column, "reason": reason}
        for (name, case, column), reason in outcome.missing.items()
    ]
    verdicts = [
        {
            "goal": goal.text,
            "bound": goal.bound,
            "at_most": goal.at_most,
            "unit": goal.unit,
            "measured": number,
            "verdict": verdict,
            "shortfall": goal.shortfall if verdict == "NOT met" else "",
        }
        for goal in outcome.workload.goals
        for number, verdict in [goal.verdict(results)]
    ]
    return {
        "title": outcome.workload.title,
        "unit": outcome.workload.unit,
        "notes": list(outcome.workload.notes),
        "sizes": {case.label: case.size for case in outcome.cases},
        "compared": outcome.compared,
        "measurements": measurements,
        "missing": missing,
        "absent": outcome.absent,
        "faults": outcome.faults,
        "goals": verdicts,
    }
