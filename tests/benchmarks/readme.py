"""The benchmarks of README.md: ``python -m tests.benchmarks --readme FILE.json …``; nothing there is typed by hand.

What stands between the two markers is written from the JSON of one or several runs, and the plot beside the other
pictures. The table has a row per workload that a reader cares for and a column per peer; a cell says how many times as
long the peer takes as we do. What was not measured is a dash or a footnote; goals that are missed are listed first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from . import peers, plot, sentences
from .description import GC_OFF, GC_ON, GROWING, OURS
from .document import CHECKERS, Entry, entry, merged
from .report import figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

README = peers.ROOT / "README.md"
PLOT = peers.ROOT / "demos" / "pictures" / "growth.svg"
BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"


class UnmarkedError(Exception):
    """The README has no place for the benchmarks; the message says what to put in."""


class Row(NamedTuple):
    """One row of the table: its text, where its numbers are, who of ours it is about, and the unit of our number."""

    text: str
    workload: str
    case: str
    unit: str
    column: str = GC_ON
    ours: str = OURS


ROWS = (
    Row("scalars, 1 000 operations", "W1", "a 1k", "ns/operation"),
    Row("scalars, 100 000 operations", "W1", "a 100k", "ns/operation"),
    Row("the same, cyclic collector off", "W1", "a 100k", "ns/operation", GC_OFF),
    Row("the same, peak memory", "W1", "a 100k", "bytes/operation", "bytes"),
    Row("a chain of 100 000 links", "W2", "10⁵", "µs/link"),
    Row("a chain of 1 000 000 links", "W2", "10⁶", "µs/link"),
    Row("micrograd's demo, number by number", "W3", "number by number", "ms/epoch"),
    Row("the same with nn's layers", "W3", "number by number", "ms/epoch", ours="chainrule.nn"),
    Row("the same, compiled", "W3", "number by number", "ms/epoch", ours="chainrule.compiled"),
    Row("the same with arrays", "W3", "with arrays", "ms/epoch"),
    Row("the same with arrays, compiled step", "W3", "with arrays", "ms/epoch", ours="chainrule.compiled"),
    Row("digits, network 64-32-10", "W4", "64-32-10", "µs/step"),
    Row("the same, compiled step", "W4", "64-32-10", "µs/step", ours="chainrule.compiled"),
    Row("digits, network 784-128-10", "W4", "784-128-10", "µs/step"),
    Row("the same, compiled step", "W4", "784-128-10", "µs/step", ours="chainrule.compiled"),
    Row("the same in float32", "W4", "784-128-10 float32", "µs/step"),
    Row("the same, compiled step", "W4", "784-128-10 float32", "µs/step", ours="chainrule.compiled"),
    Row("arrays of 4 numbers", "W5", "101 operations", "µs/operation"),
    Row("checking a gradient of 200 numbers", "W6", "200 coordinates", "ms"),
    Row("the same by plain differences", "W6", "200 coordinates", "ms", ours="chainrule.differences"),
    Row("the same along one direction", "W6", "one direction", "ms"),
    Row("import", "W7", "import", "ms", ours="chainrule.tensor"),
)
COLUMNS = {
    "micrograd": ("micrograd",),
    "microgpt-style": ("microgpt",),
    "PyTorch": ("torch",),
    "HIPS autograd": ("hips",),
    "MyGrad": ("mygrad.unguarded", "mygrad"),
    "JAX": ("jax.jit", "jax"),
    "NumPy": ("numpy", "numpy.batched"),
}
"""The peers, and the contenders that stand for each: the one that does best is shown."""


def cell(found: Entry, row: Row, names: tuple[str, ...], notes: list[str]) -> str:
    """Say how many times as long a peer takes, a footnote where it could not, a dash where it has no part."""
    ratios = [found.results.ratio(name, row.case, row.column, to=row.ours) for name in names]
    known = [ratio for ratio in ratios if ratio is not None]
    if known:
        return ("<0.01" if min(known) < 0.01 else figures(min(known))) + "×"
    reasons = [reason for name in names if (reason := found.reason(name, row.case, row.column)) is not None]
    if not reasons:
        return "–"
    reason = f"`{reasons[0].partition(':')[0]}`" if reasons[0].startswith("RecursionError") else reasons[0]
    if reason not in notes:
        notes.append(reason)
    return f"<sup>{notes.index(reason) + 1}</sup>"


def table(document: dict[str, Any]) -> list[str]:
    """Give the table with its footnotes; a row whose number of ours is missing is left out."""
    notes: list[str] = []
    lines = [
        "| | chainrule | " + " | ".join(COLUMNS) + " |",
        "|---|" + "--:|" * (1 + len(COLUMNS)),
    ]
    for row in ROWS:
        found = entry(document, row.workload)
        mine = found.number(row.ours, row.case, row.column) if found else None
        if found is None or mine is None:
            continue
        cells = [cell(found, row, names, notes) for names in COLUMNS.values()]
        lines.append(f"| {row.text} | {figures(mine)} {row.unit} | " + " | ".join(cells) + " |")
    below = [f"<sup>{number}</sup> {note}" for number, note in enumerate(notes, 1)]
    return lines + (["", "; ".join(below) + "."] if below else [])


def whole_table(found: Entry) -> list[str]:
    """Give everything of one workload: a row per contender, a column per case."""
    columns = list(dict.fromkeys((m["case"], m["column"]) for m in found.raw["measurements"]))
    plain = {column for _, column in columns} <= {GC_ON}
    heads = [case if plain or column == GC_ON else f"{case}, {column}" for case, column in columns]
    lines = [f"| {found.raw['unit']} | " + " | ".join(heads) + " |", "|---|" + "--:|" * len(heads)]
    for name in found.contenders():
        numbers = [found.number(name, *place) for place in columns]
        lines.append(f"| {name} | " + " | ".join("–" if n is None else figures(n) for n in numbers) + " |")
    return [*lines, "", *found.raw["notes"]]


def goals(document: dict[str, Any]) -> list[str]:
    """List the goals: how many are met, which are not, and all of them with what was measured."""
    rows = [(found, goal) for found in entries(document) for goal in found.raw["goals"]]
    if not rows:
        return []
    by_verdict = {verdict: [row for row in rows if row[1]["verdict"] == verdict] for verdict in VERDICTS}
    met, missed, unknown = by_verdict.values()
    lines = [f"Of {len(rows)} goals, {len(met)} are met, {len(missed)} are not, {len(unknown)} were not measured."]
    if missed:
        lines[-1] += " **Not met:**"
        lines.append("")
        for found, goal in missed:
            why = f"; {goal['shortfall']}" if goal.get("shortfall") else ""
            lines.append(f"- {found.name} {worded(goal)}: {written(goal['measured'], goal)} (goal {bound(goal)}){why}")
    lines += ["", "<details><summary>All goals</summary>", "", "| | goal | measured | |", "|---|--:|--:|---|"]
    lines += [
        f"| {found.name} {worded(goal)} | {bound(goal)} | {written(goal['measured'], goal)} | {goal['verdict']} |"
        for found, goal in rows
    ]
    return [*lines, "", "</details>"]


def worded(goal: dict[str, Any]) -> str:
    """Say what a goal is about, for whoever has not read the workload.

    >>> worded({"goal": "torch, 10⁶ links", "unit": "×", "at_most": False})
    'faster than torch, 10⁶ links'
    >>> worded({"goal": "of jax.jit, with arrays", "unit": "×", "at_most": True})
    'time beside that of jax.jit, with arrays'
    """
    text = str(goal["goal"])
    if goal["unit"] != "×":
        return text
    return f"time beside that {text}" if goal["at_most"] else f"faster than {text}"


VERDICTS = ("met", "NOT met", "not measured")


def entries(document: dict[str, Any]) -> Iterator[Entry]:
    """Give the entries in the order of their numbers, those about growth last."""
    names = sorted(document["workloads"], key=lambda name: (name in GROWING, len(name), name))
    return (Entry(name, document["workloads"][name]) for name in names)


def written(number: float | None, goal: dict[str, Any]) -> str:
    """Write what was measured, or a dash."""
    return "–" if number is None else figures(number) + goal["unit"]


def bound(goal: dict[str, Any]) -> str:
    """Write a bound with its sense."""
    return f"{'≤' if goal['at_most'] else '≥'} {figures(goal['bound'])}{goal['unit']}"


def section(document: dict[str, Any]) -> str:
    """Write all that stands between the markers."""
    parts = [sentences.conditions(document), "\n".join(table(document))]
    compiled = entry(document, "W8")
    if compiled is not None:
        parts += [
            f"{sentences.capital(compiled.raw['title'])}, {compiled.raw['unit']}:",
            "\n".join(whole_table(compiled)),
        ]
    parts += [sentences.drawing(entry(document, "W9"))]
    growing = [found for name in GROWING if (found := entry(document, name)) is not None]
    if growing:
        parts += ["![time per operation against the number of operations](demos/pictures/growth.svg)"]
        parts += [sentences.growth(growing)]
    parts += ["\n".join(goals(document)), sentences.checkers(document.get(CHECKERS))]
    return "\n\n".join(part for part in parts if part)


def between_markers(text: str, new: str) -> str:
    """Put ``new`` between the markers of a text.

    Raises ``UnmarkedError`` if they are not there, once each and in order.
    """
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise UnmarkedError(
            f"README.md needs two lines, once each, between which the benchmarks are written: {BEGIN} and {END}."
        )
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{new}\n\n{END}{rest.partition(END)[2]}"


def rewrite(documents: Iterable[dict[str, Any]], readme: Path = README, picture: Path = PLOT) -> list[Path]:
    """Write the section of the README and the plot, and give the files that were written."""
    document = merged(documents)
    text = between_markers(readme.read_text(encoding="utf-8"), section(document))
    growing = [found for name in GROWING if (found := entry(document, name)) is not None]
    files = [readme]
    if growing:
        picture.write_text(plot.svg(growing), encoding="utf-8")
        files.append(picture)
    readme.write_text(text, encoding="utf-8")
    return files
