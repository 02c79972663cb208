"""W5, tiny tensors: arrays of four numbers, where the engine's own work per operation is all there is.

25 times ``x·w; x + b; tanh; x − c``, then the sum and backward, every one of x, w, b, c being a leaf.
The pass ends with value and gradients in hand and the graph dropped, for everybody. ``numpy`` is the
same calculus written by hand, the floor for whoever computes with NumPy; ``jax.jit`` is compiled as a whole.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any

from .description import Answer, Case, Goal, Trial, Workload
from .engines import ARRAYS, Leaves, flat

ROUNDS = 25
OPERATIONS = 4 * ROUNDS + 1
START = ([0.5, -0.3, 0.8, 0.1], [0.9, 1.1, -0.7, 1.3], [0.1, -0.2, 0.3, 0.05], [0.2, 0.1, -0.1, -0.3])


def arrays() -> list[Any]:
    """Give x, w, b, c as NumPy arrays."""
    np = import_module("numpy")
    return [np.array(numbers) for numbers in START]


def in_numbers(_leaves: Leaves, result: tuple[Any, list[Any]]) -> Answer:
    """Give value and gradients as plain numbers."""
    return {"value": flat(result[0]), "gradient": [x for gradient in result[1] for x in flat(gradient)]}


def trial(contender: str, case: Case) -> Trial:
    """Prepare one engine."""
    engine = ARRAYS[contender]()
    tanh, total = engine.function("tanh"), engine.function("sum")

    def program(leaves: Leaves) -> Any:
        x, w, b, c = leaves
        for _ in range(case.size):
            x = x * w
            x = x + b
            x = tanh(x)
            x = x - c
        return total(x)

    start = arrays()
    one_pass = engine.differentiate(program, len(start))

    def timed(leaves: Leaves) -> tuple[Any, list[Any]]:
        return engine.read(leaves, one_pass(leaves))  # the graph is dropped here

    return Trial(
        fresh=lambda: [engine.leaf(array) for array in start],
        timed=timed,
        answer=in_numbers,
        units=OPERATIONS * 1e-6,
        paused=engine.paused,
    )


def by_hand(case: Case) -> Trial:
    """Prepare the calculus written out in NumPy: no graph, the chain rule in a loop."""
    np = import_module("numpy")

    def timed(leaves: Leaves) -> Any:
        x, w, b, c = leaves
        steps = []
        for _ in range(case.size):
            y = np.tanh(x * w + b)
            steps.append((x, y))
            x = y - c
        value = x.sum()
        g = np.ones_like(x)
        gw, gb, gc = np.zeros_like(w), np.zeros_like(b), np.zeros_like(c)
        for before, y in reversed(steps):
            gc -= g
            g = g * (1.0 - y * y)
            gb += g
            gw += g * before
            g = g * w
        return value, [g, gw, gb, gc]

    start = arrays()
    return Trial(fresh=lambda: start, timed=timed, answer=in_numbers, units=OPERATIONS * 1e-6)


WORKLOAD = Workload(
    name="W5",
    title="tiny tensors of shape (4,), forward and backward",
    unit="µs per operation",
    cases=(Case("101 operations", ROUNDS),),
    contenders={name: partial(trial, name) for name in ARRAYS} | {"numpy": by_hand},
    goals=(
        Goal("torch", 2.5, lambda r: r.ratio("torch", "101 operations")),
        Goal("mygrad", 4.0, lambda r: r.ratio("mygrad", "101 operations")),
    ),
    notes=("numpy: written by hand. mygrad.unguarded: without the guard on its arrays' memory.",),
)
