"""How good are gradient checkers? ``python -m tests.benchmarks.checkers [--points N] [--peers] [--json FILE]``.

For every point of the field (66 functions × 300 points by default): is the correct derivative accused, and does an
error of 10 % or 0.1 % pass? Ours, and with ``--peers`` the checkers of other libraries, each from its own interpreter
(``--torch PYTHON --hips PYTHON --jax PYTHON``; the running one by default); one that is not installed is listed as
absent. Then: are our error bounds honest, what does a check cost, and is sabotage found?
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
from typing import Any

from tests.benchmarks.checkers_field import FUNCTIONS, Point, field

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
    """Run another library's checker on the same points, in its own interpreter; None where it is not installed."""
    names = list(FUNCTIONS)
    rows = [(names.index(p.name), p.x, p.slope) for p in points]
    job = json.dumps({"which": which, "rows": rows, "errors": [1.0, 1.1, 1.001]})
    command = [python, str(Path(__file__).with_name("checkers_peers.py"))]
    done = subprocess.run(command, input=job, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
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


def network_data() -> dict[str, Any]:
    """Give the numbers of W6."""
    import numpy as np

    draw = np.random.default_rng(0)
    return {
        "theta": draw.normal(0, 0.3, 200).tolist(), "x": draw.normal(size=(16, 9)).tolist(),
        "onehot": np.eye(4)[draw.integers(0, 4, 16)].tolist(),
    }  # fmt: skip


def our_network(rounds: int = 7) -> dict[str, float]:
    """Give the milliseconds of our check of the network's loss: every element, and along directions."""
    import numpy as np

    import autograd as ag
    from autograd.check import assert_gradients

    data = network_data()
    theta, x, onehot = (np.array(data[k]) for k in ("theta", "x", "onehot"))

    def loss(t: Any) -> Any:
        w1, b1 = t[:126].reshape(9, 14), t[126:140]
        w2, b2 = t[140:196].reshape(14, 4), t[196:200]
        z = ag.tanh(x @ w1 + b1) @ w2 + b2
        top = z - z.max()
        return (ag.log(ag.exp(top).sum(axis=1)) - (top * onehot).sum(axis=1)).mean()

    found = {}
    for name, directions in (("every element", False), ("three directions", True), ("one direction", 1)):
        times = []
        for _ in range(rounds):
            begin = time.perf_counter()
            assert_gradients(loss, theta, directions=directions)
            times.append(time.perf_counter() - begin)
        found[name] = 1e3 * statistics.median(times)
    return found


def peer_network(which: str, python: str, rounds: int = 7) -> dict[str, Any] | None:
    """Give the milliseconds of another library's check of the same loss."""
    job = json.dumps({"which": which, "w6": network_data(), "rounds": rounds})
    command = [python, str(Path(__file__).with_name("checkers_peers.py"))]
    done = subprocess.run(command, input=job, capture_output=True, text=True, check=False)
    return None if done.returncode else json.loads(done.stdout.splitlines()[-1])


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=300, help="points per function")
    parser.add_argument("--graphs", type=int, default=2000, help="random graphs of the healthy engine")
    parser.add_argument("--peers", action="store_true", help="run other libraries' checkers as well")
    for name in ("torch", "hips", "jax"):
        parser.add_argument(f"--{name}", default=sys.executable, help=f"the interpreter that has {name}")
    parser.add_argument("--json", help="write the figures here")
    chosen = parser.parse_args(arguments)
    points = list(field(chosen.points))
    figures: dict[str, Any] = {
        "ours": ours(points), "bounds": honesty(points), "random graphs": sabotage(chosen.graphs), "network, ms": our_network(),
    }  # fmt: skip
    for what, row in figures.items():
        print(what)
        for name, value in row.items():
            print(f"  {name:<34} {value}")
    if chosen.peers:
        for name in ("torch", "hips", "jax"):
            python = getattr(chosen, name)
            # JAX takes some milliseconds for a point: a tenth of the field shows its rates.
            figures[name] = peer(name, python, points[::10] if name == "jax" else points)
            figures[f"{name}, network"] = peer_network(name, python)
            for what in (name, f"{name}, network"):
                print(f"{what}: {figures[what] or 'absent (not importable in its interpreter)'}")
    if chosen.json:
        Path(chosen.json).write_text(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
