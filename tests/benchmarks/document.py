"""The JSON of the benchmarks: one file, one entry per workload, so that one can be measured again by itself.

    format        2
    workloads     by name: what ``report.as_json`` gives, and ``run``: when, where and how it was measured
    checkers      the figures of ``checkers``, likewise with ``run``; only if they were measured

``Entry`` reads the numbers of one workload back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .description import GC_ON, OURS, Results

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FORMAT = 2
CHECKERS = "checkers"


class DocumentError(Exception):
    """A file is not a document of the benchmarks; the message says what it is instead."""


def empty() -> dict[str, Any]:
    """Give a document without measurements."""
    return {"format": FORMAT, "workloads": {}}


def read(path: Path) -> dict[str, Any]:
    """Read a document.

    Raises ``DocumentError`` if the file cannot be read or holds something else.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DocumentError(f"Cannot read {path}: {error.strerror or error}.") from error
    except ValueError as error:
        raise DocumentError(f"{path} is not JSON: {error}.") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT or not isinstance(found.get("workloads"), dict):
        given = found.get("format") if isinstance(found, dict) else type(found).__name__
        raise DocumentError(f"{path} is no result of the benchmarks in format {FORMAT}; found format {given!r}.")
    return found


def merged(documents: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Put documents together; of a workload that several have, the last one counts.

    >>> merged([{"format": 2, "workloads": {"W1": 1, "W2": 2}}, {"format": 2, "workloads": {"W1": 3}}])["workloads"]
    {'W1': 3, 'W2': 2}
    """
    whole = empty()
    for document in documents:
        whole["workloads"] |= document["workloads"]
        if CHECKERS in document:
            whole[CHECKERS] = document[CHECKERS]
    return whole


def write(document: dict[str, Any], path: Path) -> None:
    """Write a document; a run that is stopped in the middle of it leaves the old file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(path)


@dataclass(frozen=True, slots=True)
class Entry:
    """One workload as it was measured."""

    name: str
    raw: dict[str, Any]

    @property
    def results(self) -> Results:
        """Give the medians."""
        return Results({(m["contender"], m["case"], m["column"]): m["median"] for m in self.raw["measurements"]})

    def number(self, contender: str, case: str, column: str = GC_ON) -> float | None:
        """Give one median, or None."""
        return self.results.get(contender, case, column)

    def reason(self, contender: str, case: str, column: str = GC_ON) -> str | None:
        """Say why there is no number; None if the contender has no part in the case."""
        for missing in self.raw["missing"]:
            if (missing["contender"], missing["case"], missing["column"]) == (contender, case, column):
                return str(missing["reason"])
        return "not installed" if contender in self.raw["absent"] else None

    def contenders(self) -> list[str]:
        """List who has numbers, ourselves first, in the order of the file."""
        names = list(dict.fromkeys(m["contender"] for m in self.raw["measurements"]))
        return sorted(names, key=lambda name: not name.startswith(OURS))

    def curve(self, contender: str, column: str) -> list[tuple[int, float]]:
        """Give (size, number) of every case in which the contender was measured, the smallest first."""
        found = self.results
        pairs = [(size, found.get(contender, label, column)) for label, size in self.raw["sizes"].items()]
        return sorted((size, number) for size, number in pairs if number is not None)


def entry(document: dict[str, Any], name: str) -> Entry | None:
    """Give one workload of a document, or None."""
    raw = document["workloads"].get(name)
    return None if raw is None else Entry(name, raw)
