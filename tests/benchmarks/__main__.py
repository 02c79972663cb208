"""The command line of the benchmarks; ``python -m tests.benchmarks --help``."""

from __future__ import annotations

import argparse
import datetime as dt
import difflib
import os
import platform
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __doc__ as instructions
from . import document, peers, readme, report
from .comparison import DisagreementError
from .contest import Settings, contest, launch
from .description import load, names_of_workloads
from .document import CHECKERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from .contest import Reply, Request

FINE, FAILED, BAD_INPUT = 0, 1, 2
RESULTS = peers.ROOT / ".benchmarks"


def everything() -> list[str]:
    """List what can be measured."""
    return [*names_of_workloads(), CHECKERS]


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
    made.add_argument("workloads", nargs="*", metavar="W", help=f"of {' '.join(everything())}; default all")
    made.add_argument("--peers", nargs="+", metavar="P", help=f"of {' '.join(peers.PEERS)}; default all")
    made.add_argument("--quick", action="store_true", help="small sizes and few rounds: a look, not a measurement")
    made.add_argument("--full", action="store_true", help="also what takes peers minutes")
    made.add_argument("--rounds", type=int, metavar="N", help=f"default {Settings().rounds}, 2 with --quick")
    made.add_argument("--timeout", type=float, metavar="S", help="seconds a process may take; default 60, full 600")
    made.add_argument("--core", type=int, metavar="K", help="pin to this core; default the last one allowed")
    made.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="default a new file in .benchmarks/; in one that is there, what is "
        "measured again is replaced and the rest stays",
    )
    made.add_argument("--resume", action="store_true", help="leave out what the file of --json has already")
    made.add_argument(
        "--readme",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="measure nothing: write the benchmarks of README.md and the plot from these files of --json",
    )
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


def circumstances(chosen: Settings, present: peers.Present) -> dict[str, Any]:
    """Say when, where and how something was measured."""
    return {
        "when": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "system": platform.platform(),
        "cores": len(cores()) or os.cpu_count(),
        "python": present.pythons,
        "versions": present.versions,
        "settings": asdict(chosen),
    }


def opened(options: argparse.Namespace) -> tuple[Path, dict[str, Any]]:
    """Give the file that results go to, and what is in it already."""
    path = options.json or RESULTS / f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H%M%SZ}.json"
    if options.resume and not path.exists():
        message = "--resume goes on with a file: name it by --json FILE."
        raise InputError(message)
    return path, document.read(path) if path.exists() else document.empty()


def measure(options: argparse.Namespace) -> int:
    """Run the workloads that were asked for; print and save each as it finishes."""
    names = known("workload", options.workloads, everything()) or everything()
    wanted = None if options.peers is None else known("peer", options.peers, list(peers.PEERS))
    chosen = settings(options)
    path, results = opened(options)
    present = peers.look(options.peers_dir or Path(os.environ.get("CHAINRULE_PEERS") or ".peers"))
    tell(heading(chosen, present))
    say = progress()
    code = FINE
    for name in names:
        if options.resume and (name in results["workloads"] or name in results):
            tell(f"{name}: is in {path} already\n")
            continue
        rest = (chosen, present, wanted, say)
        entry = check_the_checkers(*rest) if name == CHECKERS else measure_one(name, *rest)
        if entry is None:
            code = FAILED
            continue
        code = FAILED if entry.get("faults") else code
        place = results if name == CHECKERS else results["workloads"]
        place[name] = entry | {"run": circumstances(chosen, present)}
        document.write(results, path)
    tell(f"Written to {path}")
    return code


def measure_one(
    name: str, chosen: Settings, present: peers.Present, wanted: list[str] | None, say: Callable[[str], None]
) -> dict[str, Any] | None:
    """Measure one workload and print it; None if the contenders disagree."""

    def announced(request: Request) -> Reply:
        say(f"{request.workload.name} {request.case.label} {request.entrant.name}, {request.task}")
        return launch(request)

    workload = load(name)
    taking_part = {contender.partition(".")[0] for contender in workload.contenders}
    if idle := [peer for peer in wanted or [] if peer not in taking_part]:
        tell(f"Note: {', '.join(idle)}: no part in {name}.")
    entrants, absent = present.entrants(workload, wanted)
    start = time.perf_counter()
    try:
        outcome = contest(workload, entrants, absent, chosen, launch=announced)
    except DisagreementError as error:
        say("")
        complain(f"error: the contenders disagree, {name} is not measured. {error}")
        return None
    say("")
    tell(report.printed(outcome))
    for fault in outcome.faults:
        complain(f"error: {fault}")
    return report.as_json(outcome) | {"seconds": round(time.perf_counter() - start)}


def check_the_checkers(
    chosen: Settings, present: peers.Present, wanted: list[str] | None, say: Callable[[str], None]
) -> dict[str, Any] | None:
    """Count what gradient checkers get wrong; None where the tests' requirements are not installed."""
    start = time.perf_counter()
    try:
        from . import checkers

        names = [name for name in checkers.PEERS[1:] if wanted is None or name in wanted]
        pythons = {name: str(peers.interpreter(present.folder, peers.PEERS[name].environment)) for name in names}
        few, graphs = (10, 100) if chosen.quick else (300, 2000)
        figures = checkers.measure(few, graphs, pythons, say)
    except ImportError as error:
        complain(f"error: checkers: {error}; install by: python -m pip install -e '.[test]'")
        return None
    say("")
    tell(checkers.printed(figures))
    return figures | {"seconds": round(time.perf_counter() - start)}


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says and give the exit code."""
    options = parser().parse_args(arguments)
    try:
        if options.make_peers is not None:
            peers.make(options.make_peers, with_jax=options.with_jax, say=tell)
            return FINE
        if options.readme:
            for path in readme.rewrite([document.read(path) for path in options.readme]):
                tell(f"Written: {path}")
            return FINE
        return measure(options)
    except (InputError, document.DocumentError, readme.UnmarkedError) as error:
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
