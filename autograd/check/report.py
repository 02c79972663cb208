"""The report of a gradient check: what was verified, what could not be, what is wrong and where.

Types
    Report                everything that one check found; ``str(report)`` is the table that people read.
    Culprit               the operation to blame: its place in the graph, its formula, its numbers, its line.
    GradientCheckError    what ``assert_gradients`` raises: an AssertionError whose text is the report.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from autograd.check.verdicts import BAD, GOOD, Element
from autograd.errors import AutogradError

SHOWN = 12
"""How many elements a table lists before it only counts."""


class GradientCheckError(AutogradError, AssertionError):
    """A gradient that is wrong, or that could not be verified; ``report`` holds the details."""

    def __init__(self, report: Report) -> None:
        """Carry the report; its text is the message."""
        super().__init__(str(report))
        self.report = report


@dataclass(frozen=True, slots=True)
class Culprit:
    """The operation to blame for a wrong gradient.

    ``kind`` is ``"rule"`` (its derivative differs from its own forward pass) or ``"accumulation"`` (all rules are
    right, and the engine added up or passed on something wrong here).
    """

    kind: str
    op: str
    id: str
    formula: str
    arguments: str
    slot: int
    given: Any
    numeric: Any
    bound: float
    derivative: str = ""
    line: tuple[str, int] | None = None
    position: int = 0
    size: int = 0
    note: str = ""

    def __str__(self) -> str:
        """Say it in one paragraph."""
        where = f"  node {self.id}, {self.position + 1} of {self.size}" + (
            f", line {self.line[1]} of {self.line[0]}" if self.line else ""
        )
        if self.kind == "rule":
            letter = "abcdefgh"[self.slot % 8]
            rule = f": ∂/∂{letter} = {self.derivative}" if self.derivative else f": its rule for argument {letter}"
            told = (
                f"\n  gives {_number(self.given)}, and its own forward pass says {_number(self.numeric)} ± {self.bound:.1e}"
                if self.given is not None
                else ""
            )
            return f"guilty operation: {self.op}{rule}\n{where}: {self.formula}, with {self.arguments}{told}" + (
                f"\n  {self.note}" if self.note else ""
            )
        told = f"  the engine has gradient {_number(self.given)}, and adding up what its users send gives {_number(self.numeric)}"
        return (
            f"guilty operation: {self.op} (every local rule is right; the accumulation is not)\n{where}: {self.formula}\n{told}"
            + (f"\n  {self.note}" if self.note else "")
        )


def _number(x: Any) -> str:
    return f"{x:.10g}" if isinstance(x, float | int) else str(x)


@dataclass(slots=True)
class Report:
    """What a gradient check found.

    Attributes:
        name: the function.
        elements: one verdict for each element (or direction) that was looked at, in the order of the inputs.
        problems: what is wrong with the function as a whole: shapes, determinism, changes in place.
        hints: for each input with a wrong gradient, the pattern that it fits.
        raised: points where the function raised, and what.
        evaluations: how often the function was computed to measure slopes.
        culprit: the guilty operation, where it was found.
    """

    name: str
    elements: list[Element] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    evaluations: int = 0
    culprit: Culprit | None = None
    remark: str = ""
    """What the numbers of the table are slopes of, where f gives more than one number."""
    covered: int = 0
    """How many elements the verdicts stand for; more than ``len(elements)`` where directions were used."""

    @property
    def wrong(self) -> list[Element]:
        """The elements whose gradient is wrong."""
        return [e for e in self.elements if e.verdict in BAD]

    @property
    def weak(self) -> list[Element]:
        """The elements that nothing could be said about."""
        return [e for e in self.elements if e.verdict == "weak"]

    @property
    def kinks(self) -> list[Element]:
        """The elements at a corner, where any slope between the two sides is right."""
        return [e for e in self.elements if e.verdict in ("kink", "corner")]

    @property
    def verified(self) -> list[Element]:
        """The elements whose gradient was found right."""
        return [e for e in self.elements if e.verdict in GOOD]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong and something was verified."""
        return not self.problems and not self.wrong and bool(self.verified)

    def __bool__(self) -> bool:
        """Give ``ok``, so that ``assert check_gradients(f, x)`` works."""
        return self.ok

    @property
    def summary(self) -> str:
        """One line: the verdict and the counts."""
        counts = [f"{len(self.verified)} verified"]
        for what, group in (("wrong", self.wrong), ("weak", self.weak), ("at a corner", self.kinks)):
            if group:
                counts.append(f"{len(group)} {what}")
        stands = f" standing for {self.covered} elements" if self.covered > len(self.elements) else ""
        state = (
            "gradients are right"
            if self.ok
            else "wrong gradient"
            if self.wrong or self.problems
            else "nothing could be verified"
        )
        return f"{self.name}: {state}: {', '.join(counts)}{stands}; {self.evaluations} evaluations"

    def __str__(self) -> str:
        """Write the summary, the problems, the table of what is not plainly right, the hints and the culprit."""
        lines = [self.summary, *([f"  {self.remark}"] if self.remark else [])]
        lines += [f"  {p}" for p in self.problems]
        shown = (
            self.wrong
            + self.weak
            + [e for e in self.elements if e.verdict in GOOD and (e.verdict != "ok" or not self.wrong)]
        )
        lines += _table(shown[:SHOWN])
        if len(shown) > SHOWN:
            lines.append(f"  … and {len(shown) - SHOWN} more")
        lines += [f"  hint: {h}" for h in self.hints]
        lines += [f"  {r}" for r in self.raised]
        if self.culprit is not None:
            lines += ["  " + line for line in str(self.culprit).splitlines()]
        return "\n".join(lines)


def _table(elements: list[Element]) -> list[str]:
    if not elements:
        return []
    rows = [("element", "given", "numeric", "± bound", "verdict")]
    for e in elements:
        numeric = "?" if e.numeric != e.numeric else f"{e.numeric:.10g}"
        rows.append(
            (e.name, f"{e.given:.10g}", numeric, f"{e.bound:.1e}", e.verdict + (f": {e.note}" if e.note else ""))
        )
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    return [
        "  " + f"{r[0]:<{widths[0]}}  " + "  ".join(f"{r[i]:>{widths[i]}}" for i in (1, 2, 3)) + f"  {r[4]}"
        for r in rows
    ]
