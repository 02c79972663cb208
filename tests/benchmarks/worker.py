"""One measurement in a process of its own: ``python -I worker.py`` reads a request, writes a reply.

Run as a bare file by the interpreter of the contender's environment, in isolated mode: neither this
project, nor the working directory, nor ``PYTHONPATH`` is on its path. It loads the package that it lies
in from its files, under the name ``benchmarks``, and only our own contender is given the checkout to
import from.

    request     workload, contender, case (its place in the list), task, budget (seconds), core, root
    task        "answer" | "gc on" | "gc off" | the name of a gauge
    reply       status "ok" with answer or number; or "failed" with kind, message and trace

Both are JSON.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
import time
import traceback
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

PACKAGE = "benchmarks"
RECURSION_LIMIT = 1000
MIN_PASSES = 2
TOO_SLOW_TO_WARM_UP = 10


def package() -> ModuleType:
    """Import the folder of this file as a package, without putting anything on the path."""
    folder = Path(__file__).parent
    spec = importlib.util.spec_from_file_location(
        PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = module
    spec.loader.exec_module(module)
    return module


def pin(core: int | None) -> None:
    """Stay on one core, where the system can do that; before NumPy or torch counts the cores."""
    if core is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def timings(trial: Any, *, paused: bool, budget: float) -> tuple[list[float], dict[str, Any]]:
    """Time passes until the budget is spent; give their seconds and the answer of the last pass.

    The first pass does not count (caches are cold, a compiler may run), unless it alone takes ten
    budgets. A paused collector rests for all passes, as it does for whoever says ``gc.disable()``: what a
    pass leaves in cycles stays.
    """
    seconds: list[float] = []
    clock = time.perf_counter
    with trial.paused() if paused else nullcontext():
        end = clock() + budget
        passes = 0
        while passes < MIN_PASSES or clock() < end:
            result = None  # frees the last graph outside the clock
            state = trial.fresh()
            start = clock()
            result = trial.timed(state)
            took = clock() - start
            if trial.baseline is not None:
                start = clock()
                trial.baseline()
                took -= clock() - start
            seconds.append(took)
            passes += 1
            if passes == 1 and took >= TOO_SLOW_TO_WARM_UP * budget:
                break
    return seconds[1:] or seconds, trial.answer(state, result)


def perform(request: dict[str, Any]) -> dict[str, Any]:
    """Do what the request says."""
    description = importlib.import_module(f"{package().__name__}.description")
    workload = description.load(request["workload"])
    case = workload.cases[request["case"]]
    trial = workload.contenders[request["contender"]](case)
    reply: dict[str, Any] = {"status": "ok"}
    task = request["task"]
    if task == "answer":
        state = trial.fresh()
        reply["answer"] = trial.answer(state, trial.timed(state))
    elif task in {description.GC_ON, description.GC_OFF}:
        off = task == description.GC_OFF
        seconds, reply["answer"] = timings(trial, paused=off, budget=request["budget"])
        reply |= {"number": median(seconds) / trial.units, "passes": len(seconds)}
    else:
        reply["number"] = trial.gauges[task]()
    if sys.getrecursionlimit() != RECURSION_LIMIT:
        message = f"the contender raised the recursion limit to {sys.getrecursionlimit()}"
        raise description.UnsupportedError(message)
    return reply


def main() -> None:
    """Read the request from standard input, write the reply as the last line of standard output."""
    request = json.loads(sys.stdin.read())
    pin(request["core"])
    if request["root"] is not None:
        sys.path.insert(0, request["root"])
    try:
        reply = perform(request)
    except Exception as error:  # noqa: BLE001  whatever a contender raises is a result, to be reported
        trace = "" if isinstance(error, RecursionError) else traceback.format_exc()
        message = str(error).partition("\n")[0]
        reply = {"status": "failed", "kind": type(error).__name__, "message": message, "trace": trace}
    sys.stdout.write("\n" + json.dumps(reply) + "\n")
    sys.stdout.flush()
    os._exit(0)  # freeing a graph once more at exit, or a library's own shutdown, is no part of it


if __name__ == "__main__":
    main()
