"""What the README says in words about the benchmarks, with every number taken from the measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .description import GC_OFF, OURS
from .exponent import exponent
from .plot import STYLES
from .report import figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .document import Entry

NAMES = {
    "torch": "PyTorch",
    "mygrad": "MyGrad",
    "hips": "HIPS autograd",
    "jax": "JAX",
    "numpy": "NumPy",
    "dezero": "DeZero",
}


def capital(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]


def conditions(document: dict[str, Any]) -> str:
    """Say how the numbers came about: versions, rounds, dates, and how to read the table."""
    runs = [w["run"] for w in document["workloads"].values()]
    if not runs:
        return ""
    versions = {NAMES.get(n, n): v for run in runs for n, v in run["versions"].items() if v[0].isdigit()}
    named = ", ".join(
        f"{n} {versions[n]}"
        for n in ("micrograd", "PyTorch", "HIPS autograd", "MyGrad", "JAX", "NumPy")
        if n in versions
    )
    pythons = " and ".join(sorted({run["python"].get("own", "?") for run in runs}))
    days = sorted({run["when"][:10] for run in runs})
    rounds = sorted({run["settings"]["rounds"] for run in runs})
    pinned = all(run["settings"]["core"] is not None for run in runs)
    quick = "A quick look, not a measurement. " if any(run["settings"]["quick"] for run in runs) else ""
    return (
        f"{quick}How many times as long others take as chainrule, whose own figure stands first: above 1× they are slower, "
        f"below 1× faster. Measured {days[0] if len(days) == 1 else f'{days[0]} to {days[-1]}'} with CPython {pythons}, "
        f"{named}: contenders take turns in fresh processes{' pinned to one core' if pinned else ''}, medians of up to "
        f"{' or '.join(map(str, rounds))} rounds. Values and gradients of all contenders are compared before a clock runs. "
        "The memory row compares bytes, the import row milliseconds over a bare Python. NumPy is the calculus written by "
        "hand, without an engine; JAX is compiled by `jax.jit`."
    )


def drawing(found: Entry | None) -> str:
    """Say what pictures and the debugger cost."""
    if found is None:
        return ""
    parts = []
    for case in ("draw 10", "draw 100", "draw 1 000", "draw 10 000", "unfolded 500"):
        mine, theirs = found.number(OURS, case), found.number("chainrule.layout", case)
        if mine is not None and theirs is not None:
            size = case.partition(" ")[2] + (" (all of them shown)" if case.startswith("unfolded") else "")
            parts.append(f"{size} operations: {figures(mine)} ms and {figures(theirs)} ms")
    lines = []
    if parts:
        lines.append(
            "Drawing, our own part and Graphviz's layout of the same source: "
            + "; ".join(parts)
            + ". More than 200 nodes "
            "are folded, so that Graphviz has little to do and reading the graph is what remains."
        )
    opened = next(
        (m for m in found.raw["measurements"] if m["case"].startswith("open ") and m["column"] != "bytes"), None
    )
    steps, screens = found.number(OURS, "100 steps"), found.number(OURS, "100 screens")
    if opened and steps is not None and screens is not None:
        size, memory = opened["case"].removeprefix("open "), found.number(OURS, opened["case"], "bytes")
        held = "" if memory is None else f", {figures(memory)} bytes per node"
        lines.append(
            f"A graph of {size} operations opens in the debugger in {figures(opened['median'])} ms{held}; a step takes "
            f"{figures(10 * steps)} µs, with its screen {figures(10 * screens)} µs."
        )
    return " ".join(lines)


def growth(found: Sequence[Entry]) -> str:
    """Say the exponents of the curves in the plot."""
    parts = []
    for one in found:
        slopes = [(STYLES[name][0], exponent(one.curve(name, GC_OFF))) for name in STYLES if one.curve(name, GC_OFF)]
        known = [f"{name} {slope:.2f}" for name, slope in slopes if slope is not None]
        if known:
            parts.append(("engines: " if one.name == "growth" else "tools: ") + ", ".join(known))
    return f"Exponent of the time against the number of operations (1 is linear); {'; '.join(parts)}." if parts else ""


def checkers(found: dict[str, Any] | None) -> str:
    """Say what gradient checkers get wrong, with a table of those that were there."""
    if not found:
        return ""
    mine = found["ours"]
    silent, wrong = mine["missed 10 %"] + mine["missed 0.1 %"], 2 * mine["wrong points"]
    accused, passed = f"{count(mine['accused'])} of {figures(mine['points'])}", f"{count(silent)} of {figures(wrong)}"
    lines = [
        f"The gradient checker accuses {accused} right derivatives and lets {passed} wrong ones pass in silence.",
        "Others with their defaults, on the same points:",
        "",
        "| checker | right ones accused | wrong by 10 % passed | wrong by 0.1 % passed |",
        "|---|--:|--:|--:|",
    ]
    for key, name in {"ours": "chainrule", **NAMES}.items():
        row = found.get(key)
        if not row or "failed" in row:
            continue
        passed = [row.get(f"missed {e}", row.get(f"passes {e}")) for e in ("10 %", "0.1 %")]
        shares = [share(row["accused"], row["points"]), *(share(n, row["wrong points"]) for n in passed)]
        lines.append(f"| {name} | {' | '.join(shares)} |")
    return "\n".join(lines)


def count(number: int) -> str:
    """Write a count; nothing is ``none``."""
    return figures(number) if number else "none"


def share(part: int, whole: int) -> str:
    """Write how many of how many.

    >>> share(1341, 19800)
    '1 341 of 19 800'
    """
    return f"{figures(part)} of {figures(whole)}"
