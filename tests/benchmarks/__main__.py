"""The command line of the benchmarks; ``python -m tests.benchmarks --help``."""

from __future__ import annotations

import argparse
import datetime as dt
import difflib
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __doc__ as instructions
from . import peers, report
from .comparison import DisagreementError
from .contest import Settings, contest, launch
from .description import load, names_of_workloads

if TYPE_CHECKING:
    from collections.abc import Callable

    from .contest import Outcome, Reply, Request

FINE, FAILED, BAD_INPUT = 0, 1, 2
RESULTS = peers.ROOT / ".benchmarks"


class InputError(Exception):
    """What was asked for does not exist; the message says what does."""


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    made = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=instructions,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Exit codes: 0 fine (even if a goal is not met), 1 contenders disagree or fail, 2 bad input.",
    )
    made.add_argument("workloads", nargs="*", metavar="W", help=f"of {' '.join(names_of_workloads())}; default all")
    made.add_argument("--peers", nargs="+", metavar="P", help=f"of {' '.join(peers.PEERS)}; default all")
    made.add_argument("--quick", action="store_true", help="small sizes and few rounds: a look, not a measurement")
    made.add_argument("--full", action="store_true", help="also what takes peers minutes")
    made.add_argument("--rounds", type=int, metavar="N", help=f"default {Settings().rounds}, 2 with --quick")
    made.add_argument("--timeout", type=float, metavar="S", help="seconds a process may take; default 60, full 600")
    made.add_argument("--core", type=int, metavar="K", help="pin to this core; default the last one allowed")
    made.add_argument("--json", type=Path, metavar="FILE", help="default a new file in .benchmarks/")
    made.add_argument("--peers-dir", type=Path, metavar="DIR", help="default $CHAINRULE_PEERS, else .peers")
    made.add_argument("--make-peers", type=Path, metavar="DIR", help="install the peers into DIR and stop")
    made.add_argument("--with-jax", action="store_true", help="with --make-peers: JAX too")
    return made


def known(kind: str, asked: list[str], names: list[str]) -> list[str]:
    """Give the names in their own spelling; raise an ``InputError`` with a suggestion for an unknown one."""
    spelled = {name.lower(): name for name in names}
    for name in asked:
        if name.lower() not in spelled:
            close = difflib.get_close_matches(name.lower(), spelled, n=1)
            hint = f" Did you mean {spelled[close[0]]}?" if close else ""
            message = f"There is no {kind} {name!r}.{hint} There are: {' '.join(names)}."
            raise InputError(message)
    return list(dict.fromkeys(spelled[name.lower()] for name in asked))


def cores() -> list[int]:
    """List the cores that this process may use; empty where the system does not say."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def settings(options: argparse.Namespace) -> Settings:
    """Read the settings from the options."""
    allowed = cores()
    if options.core is not None and options.core not in allowed:
        message = f"Core {options.core} cannot be pinned to. There are: {' '.join(map(str, allowed)) or 'none'}."
        raise InputError(message)
    core = options.core if options.core is not None else max(allowed, default=None)
    chosen = Settings(core=core, quick=options.quick, full=options.full)
    if options.quick:
        chosen = replace(chosen, rounds=2, budget=0.1, patience=5.0)
    if options.full:
        chosen = replace(chosen, timeout=600.0)
    for name in ("rounds", "timeout"):
        number = getattr(options, name)
        if number is not None:
            if not number > 0:
                message = f"--{name} must be more than 0; {number:g} was given."
                raise InputError(message)
            chosen = replace(chosen, **{name: number})
    return chosen


def progress() -> Callable[[str], None]:
    """Give what shows the current step on a terminal's last line, and is silent elsewhere."""
    if not sys.stderr.isatty():
        return lambda _: None

    def show(text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    return show


def tell(text: str) -> None:
    """Print to standard output in signs that it has."""
    sys.stdout.write(report.in_ascii(text, sys.stdout.encoding) + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Print to standard error."""
    sys.stderr.write(report.in_ascii(text, sys.stderr.encoding) + "\n")


def heading(chosen: Settings, present: peers.Present) -> str:
    """Say how the numbers of this run come about."""
    pinned = f"pinned to core {chosen.core}" if chosen.core is not None else "not pinned: this system cannot"
    lines = [f"Python {platform.python_version()}, {pinned}; {chosen.rounds} rounds, interleaved; medians"]
    lines += [
        f"Note: the environment {name} has Python {python}."
        for name, python in present.pythons.items()
        if python != platform.python_version()
    ]
    shown = [f"{name} {version}" for name, version in present.versions.items() if version[0].isdigit()]
    return "\n".join([*lines, ", ".join(shown), ""])


def save(outcomes: list[Outcome], chosen: Settings, present: peers.Present, path: Path | None) -> Path:
    """Write the JSON; without a path, into a new file of the git-ignored folder."""
    now = dt.datetime.now(dt.UTC)
    path = path or RESULTS / f"{now:%Y-%m-%dT%H%M%SZ}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    document: dict[str, Any] = {
        "format": 1,
        "when": now.isoformat(timespec="seconds"),
        "system": platform.platform(),
        "cores": len(cores()) or os.cpu_count(),
        "python": present.pythons,
        "versions": present.versions,
        "settings": asdict(chosen),
        "workloads": {outcome.workload.name: report.as_json(outcome) for outcome in outcomes},
    }
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def measure(options: argparse.Namespace) -> int:
    """Run the workloads that were asked for; print as they finish and save all at the end."""
    names = known("workload", options.workloads, names_of_workloads()) or names_of_workloads()
    wanted = None if options.peers is None else known("peer", options.peers, list(peers.PEERS))
    chosen = settings(options)
    folder = options.peers_dir or Path(os.environ.get("CHAINRULE_PEERS") or ".peers")
    present = peers.look(folder)
    tell(heading(chosen, present))
    say = progress()

    def announced(request: Request) -> Reply:
        say(f"{request.workload.name} {request.case.label} {request.entrant.name}, {request.task}")
        return launch(request)

    outcomes, code = [], FINE
    try:
        for name in names:
            workload = load(name)
            taking_part = {contender.partition(".")[0] for contender in workload.contenders}
            if idle := [peer for peer in wanted or [] if peer not in taking_part]:
                tell(f"Note: {', '.join(idle)}: no part in {name}.")
            entrants, absent = present.entrants(workload, wanted)
            try:
                outcome = contest(workload, entrants, absent, chosen, launch=announced)
            except DisagreementError as error:
                say("")
                complain(f"error: the contenders disagree, nothing was timed. {error}")
                code = FAILED
                continue
            say("")
            outcomes.append(outcome)
            tell(report.printed(outcome))
            for fault in outcome.faults:
                complain(f"error: {fault}")
                code = FAILED
    finally:
        if outcomes:
            tell(f"Written to {save(outcomes, chosen, present, options.json)}")
    return code


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says and give the exit code."""
    options = parser().parse_args(arguments)
    try:
        if options.make_peers is not None:
            peers.make(options.make_peers, with_jax=options.with_jax, say=tell)
            return FINE
        return measure(options)
    except InputError as error:
        complain(str(error))
        return BAD_INPUT
    except KeyboardInterrupt:
        complain("\nstopped")
        return FAILED
    except subprocess.CalledProcessError as error:
        complain(f"error: {error}")
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
