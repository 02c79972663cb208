"""The contest: who runs what, in which order, and what becomes of the numbers.

    Settings      how long and how often to measure
    Entrant       a contender with the interpreter that runs it
    Request       one measurement, for the worker; ``launch`` carries it out and gives the reply
    Outcome       all numbers of one workload, and a reason for each that is missing

``contest`` takes ``launch`` as an argument, so that the tests of the harness need neither processes nor
peers.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from . import comparison
from .description import OURS, Answer, Case, Results, UnsupportedError, Workload

Reply = dict[str, Any]
Key = tuple[str, str, str]
"""Contender, case label, column."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How long and how often to measure: ``budget``, ``patience`` and ``timeout`` in seconds.

    ``budget`` is for the passes of one process, ``patience`` for all processes of one contender in one
    column, and ``timeout`` the time after which a process is stopped. ``core`` is the one to pin to, or
    None.
    """

    rounds: int = 3
    budget: float = 0.25
    patience: float = 5.0
    timeout: float = 60.0
    core: int | None = None
    quick: bool = False
    full: bool = False


@dataclass(frozen=True, slots=True)
class Entrant:
    """A contender and how to run it; ``root`` is the checkout for ours, None for all others."""

    name: str
    interpreter: str
    root: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One measurement."""

    workload: Workload
    case: Case
    entrant: Entrant
    task: str
    settings: Settings


Launch = Callable[[Request], Reply]


@dataclass(slots=True)
class Outcome:
    """What one workload gave: numbers by round, and in ``missing`` the reason where there are none."""

    workload: Workload
    cases: list[Case]
    entrants: list[str]
    absent: dict[str, str]
    rounds: dict[Key, list[float]] = field(default_factory=dict)
    missing: dict[Key, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    compared: dict[str, list[str]] = field(default_factory=dict)

    @property
    def results(self) -> Results:
        """Give the median of the rounds."""
        return Results({key: median(numbers) for key, numbers in self.rounds.items()})


def launch(request: Request) -> Reply:
    """Measure in a fresh process of the contender's interpreter, outside this project."""
    settings = request.settings
    message = {
        "workload": request.workload.name,
        "contender": request.entrant.name,
        "case": request.workload.cases.index(request.case),
        "task": request.task,
        "budget": settings.budget,
        "core": settings.core,
        "root": request.entrant.root,
    }
    worker = Path(__file__).with_name("worker.py")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    start = time.perf_counter()
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            [request.entrant.interpreter, "-I", str(worker)],
            input=json.dumps(message),
            capture_output=True,
            text=True,
            check=False,
            cwd=tempfile.gettempdir(),
            env=environment,
            timeout=settings.timeout,
        )
    except subprocess.TimeoutExpired:
        return {"status": "failed", "kind": "Timeout", "message": f"stopped after {settings.timeout:g} s"}
    except OSError as error:
        return {"status": "failed", "kind": "OSError", "message": str(error)}
    return parsed(done.returncode, done.stdout, done.stderr) | {"spent": time.perf_counter() - start}


def parsed(code: int, output: str, errors: str) -> Reply:
    """Read the reply from the last line of the output, or say how the process died."""
    if code < 0:
        return {"status": "failed", "kind": "Crash", "message": f"killed by {signal.Signals(-code).name}"}
    try:
        reply = json.loads(output.splitlines()[-1])
    except (IndexError, ValueError):
        last = errors.strip().rpartition("\n")[2] or f"no reply, exit code {code}"
        return {"status": "failed", "kind": "Crash", "message": last}
    assert isinstance(reply, dict)
    return reply


EXPECTED = {"RecursionError", "Timeout", "MemoryError", UnsupportedError.__name__}
"""Failures that are results of a peer: they become a footnote, and do not make the run fail."""


@dataclass(slots=True)
class Contest:
    """One workload being measured."""

    outcome: Outcome
    entrants: list[Entrant]
    settings: Settings
    launch: Launch
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict)

    def run(self) -> Outcome:
        """Compare, then time in rounds, then read the gauges."""
        running = self.compared()
        spent: dict[Key, float] = {}
        for number in range(min(self.settings.rounds, self.outcome.workload.rounds or self.settings.rounds)):
            for case, entrants in running.items():
                turn = number % max(len(entrants), 1)
                for entrant in entrants[turn:] + entrants[:turn]:
                    for column in self.outcome.workload.columns:
                        self.timed(case, entrant, column, spent)
        for gauge in self.outcome.workload.gauges:
            for case, entrants in running.items():
                if case.label == gauge.case:
                    for entrant in entrants:
                        self.gauged(case, entrant, gauge.name)
        return self.outcome

    def compared(self) -> dict[Case, list[Entrant]]:
        """Run everyone once and compare; give who can run what."""
        running: dict[Case, list[Entrant]] = {}
        too_deep: dict[str, str] = {}
        for case in self.outcome.cases:
            answers, running[case] = {}, []
            for entrant in self.entrants:
                if not case.has(entrant.name):
                    continue
                if entrant.name in case.slow and not self.settings.full:
                    self.drop(case, entrant, too_deep.get(entrant.name, "only with --full"))
                    continue
                reply = self.ask(case, entrant, "answer")
                if reply is not None:
                    answers[entrant.name] = reply["answer"]
                    running[case].append(entrant)
                    continue
                reason = self.outcome.missing[entrant.name, case.label, self.outcome.workload.columns[0]]
                if reason.startswith("RecursionError"):
                    too_deep[entrant.name] = reason
            self.answers[case.label] = answers
            comparison.check(f"{self.outcome.workload.name} {case.label}", answers)
            self.outcome.compared[case.label] = list(answers)
        return running

    def timed(self, case: Case, entrant: Entrant, column: str, spent: dict[Key, float]) -> None:
        """Time one contender in one round, unless it has used up its patience or failed before."""
        workload = self.outcome.workload
        key = (entrant.name, case.label, column)
        if key in self.outcome.missing or spent.get(key, 0.0) >= self.settings.patience:
            return
        reply = self.ask(case, entrant, column)
        if reply is None:
            return
        if entrant.name in self.answers.get(case.label, {}):
            before = {f"{entrant.name} before": self.answers[case.label][entrant.name]}
            comparison.check(
                f"{workload.name} {case.label}, {column}", before | {f"{entrant.name} timed": reply["answer"]}
            )
        self.outcome.rounds.setdefault(key, []).append(reply["number"])
        spent[key] = spent.get(key, 0.0) + reply.get("spent", 0.0)

    def gauged(self, case: Case, entrant: Entrant, name: str) -> None:
        """Read one gauge once."""
        reply = self.ask(case, entrant, name)
        if reply is not None:
            self.outcome.rounds[entrant.name, case.label, name] = [reply["number"]]

    def ask(self, case: Case, entrant: Entrant, task: str) -> Reply | None:
        """Launch one measurement; a failure is noted, and None given."""
        workload = self.outcome.workload
        reply = self.launch(Request(workload, case, entrant, task, self.settings))
        if reply["status"] == "ok":
            return reply
        kind, message = reply["kind"], reply["message"]
        reason = message if kind in {"Timeout", "Crash", UnsupportedError.__name__} else f"{kind}: {message}"
        if kind not in EXPECTED or (entrant.name == OURS and kind != UnsupportedError.__name__):
            fault = f"{workload.name} {case.label}: {entrant.name} failed ({task}): {kind}: {message}"
            self.outcome.faults.append(fault + "\n" + reply.get("trace", ""))
        if task == "answer":
            self.drop(case, entrant, reason)
        else:
            self.outcome.missing[entrant.name, case.label, task] = reason
            self.outcome.rounds.pop((entrant.name, case.label, task), None)
        return None

    def drop(self, case: Case, entrant: Entrant, reason: str) -> None:
        """Note why a contender has no number in any column of a case."""
        workload = self.outcome.workload
        gauges = [gauge.name for gauge in workload.gauges if gauge.case == case.label]
        for column in (*workload.columns, *gauges):
            self.outcome.missing[entrant.name, case.label, column] = reason


def contest(
    workload: Workload,
    entrants: Iterable[Entrant],
    absent: dict[str, str],
    settings: Settings,
    *,
    launch: Launch = launch,
) -> Outcome:
    """Measure one workload with those who are there; ``absent`` maps the others to what would install them.

    Raises ``DisagreementError`` if two contenders compute different numbers.
    """
    order = {name: place for place, name in enumerate(workload.contenders)}
    entrants = sorted(entrants, key=lambda entrant: (entrant.name != OURS, order[entrant.name]))
    cases = [case for case in workload.cases if case.quick or not settings.quick]
    outcome = Outcome(workload, cases, [entrant.name for entrant in entrants], absent)
    return Contest(outcome, entrants, settings, launch).run()
