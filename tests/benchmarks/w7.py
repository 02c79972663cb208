"""W7, import: what a program pays before its first line, in milliseconds over a bare Python.

Each pass starts two fresh interpreters of the contender's environment, one that imports and one that does
nothing, and takes the difference of their whole lives. The checking pass has filled the caches of files
and bytecode. What we cost beyond NumPy is a small difference of large numbers, so it has a measurement of its own, a
gauge in which both imports take turns in one process's children.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from .description import OURS, Answer, Case, Gauge, Goal, Results, Trial, UnsupportedError, Workload

ROOT = Path(__file__).parents[2]
OURS_WITH_TENSOR = "chainrule.tensor"
IMPORTS = {
    OURS: "import autograd; autograd.Value",
    OURS_WITH_TENSOR: "import autograd; autograd.Tensor",
    "numpy": "import numpy",
    "micrograd": "import micrograd.engine",
    "torch": "import torch",
    "hips": "import autograd, autograd.numpy",
    "mygrad": "import mygrad",
    "dezero": "import numpy; numpy.int = int; import dezero.functions",
    "jax": "import jax, jax.numpy",
}
ONLY_WHEN_USED = ("graphviz", "hypothesis", "matplotlib", "pytest")
TURNS = 21
MARGIN = 15.0
"""Milliseconds over NumPy's own import that we allow ourselves."""


def trial(contender: str, _case: Case) -> Trial:
    """Prepare one import; nothing is imported in this process itself."""
    path = f"import sys; sys.path.insert(0, {str(ROOT)!r}); " if contender.startswith(OURS) else "import sys; "
    loading = path + IMPORTS[contender]
    report = f"{loading}; import json; print(json.dumps([m in sys.modules for m in {ONLY_WHEN_USED!r}]))"

    def start(source: str) -> str:
        command = [sys.executable, "-I", "-c", source]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def eager() -> float:
        return float(sum(json.loads(start(report).splitlines()[-1])))

    def beyond_numpy() -> float:
        if not contender.startswith(OURS):
            message = "asked of us alone"
            raise UnsupportedError(message)
        differences = []
        for _ in range(TURNS):
            took = []
            for source in (loading, path + IMPORTS["numpy"]):
                begin = time.perf_counter()
                start(source)
                took.append(time.perf_counter() - begin)
            differences.append(took[0] - took[1])
        return 1e3 * median(differences)

    def nothing_to_compare(_state: Any, _result: Any) -> Answer:
        return {}

    return Trial(
        fresh=lambda: loading,
        timed=start,
        baseline=lambda: start(path + "pass"),
        answer=nothing_to_compare,
        units=1e-3,
        gauges={"eager": eager, "beyond numpy": beyond_numpy},
    )


def over_numpy(results: Results) -> float | None:
    """Give our import's milliseconds beyond NumPy's, for the slower of our two."""
    ours = [results.get(name, "import", "beyond numpy") for name in (OURS, OURS_WITH_TENSOR)]
    known = [ms for ms in ours if ms is not None]
    return max(known) if len(known) == len(ours) else None


WORKLOAD = Workload(
    name="W7",
    title="import, over a bare Python of the same environment",
    unit="ms",
    cases=(Case("import", 1),),
    contenders={name: partial(trial, name) for name in IMPORTS},
    gauges=(Gauge("eager", "import", compared=False), Gauge("beyond numpy", "import", compared=False)),
    goals=(
        Goal("beyond NumPy's own import", MARGIN, over_numpy, at_most=True, unit=" ms"),
        Goal(
            "of graphviz, hypothesis, matplotlib, pytest loaded",
            0.0,
            lambda r: r.get(OURS_WITH_TENSOR, "import", "eager"),
            at_most=True,
            unit="",
        ),
    ),
    notes=(
        "eager: how many of graphviz, hypothesis, matplotlib and pytest the import loads.",
        "beyond numpy: ms more than NumPy's import, both taking turns.",
    ),
)
