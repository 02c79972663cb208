"""How good are gradient checkers? ``python -m tests.benchmarks.checkers [--points N] [--peers] [--json FILE]``.

For every point of the field (66 functions × 300 points by default): is the correct derivative accused, and does an
error of 10 % or 0.1 % pass? Ours, and with ``--peers`` the checkers of other libraries, each from its own interpreter
(``--torch PYTHON --hips PYTHON --jax PYTHON``; the running one by default); one that is not installed is listed as
absent. Then: are our error bounds honest, and is a healthy engine ever accused? ``python -m tests.benchmarks checkers``
runs the same with the peers' environments of the other benchmarks; what a check costs is measured by ``w6``.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.checkers_field import FUNCTIONS, Point, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PEERS = ("ours", "torch", "hips", "jax")
ERRORS = {"correct": 1.0, "10 %": 1.1, "0.1 %": 1.001}


def ours(points: list[Point]) -> dict[str, Any]:
    """Count our verdicts."""
    from autograd.check import check_gradients

    result: dict[str, Any] = {"accused": 0, "weak": 0, "evaluations": []}
    missed: dict[str, int] = {"10 %": 0, "0.1 %": 0}
    weak_wrong: dict[str, int] = {"10 %": 0, "0.1 %": 0}
    result["wrong_evaluations"] = []
    result["accused_at"] = []
    start = time.perf_counter()
    for p in points:
        report = check_gradients(p.f, p.x, grad=lambda x, g=p.slope: g)
        result["evaluations"].append(report.evaluations)
        result["accused"] += bool(report.wrong)
        result["weak"] += bool(report.weak)
        if report.wrong:
            result["accused_at"].append(f"{p.name} at {p.x!r}: {report.wrong[0]}")
    result["seconds"] = time.perf_counter() - start
    wrong_points = [p for p in points if p.slope]
    for what, factor in list(ERRORS.items())[1:]:
        for p in wrong_points:
            report = check_gradients(p.f, p.x, grad=lambda x, g=p.slope * factor: g)
            missed[what] += report.ok
            weak_wrong[what] += not report.ok and not report.wrong
            result["wrong_evaluations"].append(report.evaluations)
    return {
        "points": len(points), "wrong points": len(wrong_points), "accused": result["accused"], "weak": result["weak"],
        "missed 10 %": missed["10 %"], "missed 0.1 %": missed["0.1 %"],
        "unverifiable 10 %": weak_wrong["10 %"], "unverifiable 0.1 %": weak_wrong["0.1 %"],
        "evaluations, median": statistics.median(result["evaluations"]),
        "evaluations when wrong, median": statistics.median(result["wrong_evaluations"]),
        "microseconds per check": 1e6 * result["seconds"] / len(points), "accused at": result["accused_at"][:20],
    }  # fmt: skip


def honesty(points: list[Point], count: int = 2000) -> dict[str, Any]:
    """Count numeric gradients whose true error exceeds the claimed bound, and three times the bound."""
    from autograd.check import numeric_gradient

    chosen = points[:: max(1, len(points) // count)][:count]
    over = beyond = 0
    worst: list[str] = []
    for p in chosen:
        found = numeric_gradient(p.f, p.x)
        if not math.isfinite(found.bound):
            continue
        error = abs(found.value - p.slope)
        over += error > found.bound
        if error > 3 * found.bound:
            beyond += 1
            worst.append(f"{p.name} at {p.x!r}: {found.value!r} ± {found.bound:.1e}, truth {p.slope!r}, {found.status}")
    return {
        "points": len(chosen),
        "error beyond the bound": over,
        "beyond three times the bound": beyond,
        "where": worst[:20],
    }


def peer(which: str, python: str, points: list[Point]) -> dict[str, Any] | None:
    """Run another library's checker on the same points, in its own interpreter; None where it is not installed.

    One that breaks gives ``failed``, with the last line it said.
    """
    names = list(FUNCTIONS)
    rows = [(names.index(p.name), p.x, p.slope) for p in points]
    job = json.dumps({"which": which, "rows": rows, "errors": [1.0, 1.1, 1.001]})
    command = [python, str(Path(__file__).with_name("checkers_peers.py"))]
    try:
        done = subprocess.run(command, input=job, capture_output=True, text=True, check=False)
    except OSError:
        return None
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        return None if last.startswith("ModuleNotFoundError") else {"failed": last}
    return json.loads(done.stdout.splitlines()[-1])


def sabotage(graphs: int = 2000) -> dict[str, Any]:
    """Count alarms on random graphs of the healthy engine; broken rules are tests, row by row."""
    from hypothesis import HealthCheck, given, settings

    from autograd.check import check_gradients, strategies

    counts = {"graphs": 0, "alarms": 0, "weak": 0}

    @settings(
        max_examples=graphs, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(strategies.expressions(variables=2, max_operations=12))
    def run(e: Any) -> None:
        report = check_gradients(e, *e.point)
        counts["graphs"] += 1
        counts["alarms"] += bool(report.wrong)
        counts["weak"] += bool(report.weak)

    run()
    return counts


def measure(
    per_function: int = 300,
    graphs: int = 2000,
    interpreters: Mapping[str, str] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Give all figures; of other libraries, those that have an interpreter; None for one that is not installed."""
    points = list(field(per_function))
    figures: dict[str, Any] = {"points per function": per_function}
    for what, run in {"ours": ours, "bounds": honesty}.items():
        say(f"checkers: {what}")
        figures[what] = run(points)
    say("checkers: random graphs")
    figures["random graphs"] = sabotage(graphs)
    for name, python in (interpreters or {}).items():
        say(f"checkers: {name}")
        # JAX compiles for each point, a quarter of a second: five points a function show its rates.
        figures[name] = peer(name, python, points[:: max(1, per_function // 5)] if name == "jax" else points)
    return figures


def printed(figures: dict[str, Any]) -> str:
    """Give the figures as lines; the JSON has more."""
    lines = [f"checkers  {len(FUNCTIONS)} functions, {figures['points per function']} points each", ""]
    heading = ("", "points", "right ones accused", "wrong by 10 % passed", "wrong by 0.1 % passed")
    rows = [heading]
    for name in PEERS:
        found = figures.get(name)
        if found and "failed" in found:
            rows.append((name, "failed", found["failed"][:60], "", ""))
        elif found:
            passed = [found.get(f"missed {e}", found.get(f"passes {e}")) for e in ("10 %", "0.1 %")]
            rows.append((name, *map(str, (found["points"], found["accused"], *passed))))
        elif name in figures:
            rows.append((name, "absent", "", "", ""))
    widths = [max(len(row[i]) for row in rows) for i in range(len(heading))]
    lines += ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows]
    mine, bounds, random = figures["ours"], figures["bounds"], figures["random graphs"]
    unsure = f"{mine['unverifiable 10 %']} and {mine['unverifiable 0.1 %']} of {mine['wrong points']} wrong ones"
    over, far = bounds["error beyond the bound"], bounds["beyond three times the bound"]
    lines += [
        f"ours: {mine['weak']} right ones left open; {unsure} each called unverifiable.",
        f"Error bounds: {over} of {bounds['points']} exceeded, {far} by more than three times.",
        f"Random graphs of the healthy engine: {random['graphs']}, false alarms {random['alarms']}.",
        "",
    ]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=300, help="points per function")
    parser.add_argument("--graphs", type=int, default=2000, help="random graphs of the healthy engine")
    parser.add_argument("--peers", action="store_true", help="run other libraries' checkers as well")
    for name in PEERS[1:]:
        parser.add_argument(f"--{name}", default=sys.executable, help=f"the interpreter that has {name}")
    parser.add_argument("--json", help="write the figures here")
    chosen = parser.parse_args(arguments)
    interpreters = {name: getattr(chosen, name) for name in PEERS[1:]} if chosen.peers else {}
    figures = measure(chosen.points, chosen.graphs, interpreters, lambda text: print(text, file=sys.stderr))
    print(printed(figures))
    for what in ("ours", "bounds", "random graphs"):
        print(what)
        for name, value in figures[what].items():
            print(f"  {name:<34} {value}")
    if chosen.json:
        Path(chosen.json).write_text(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
