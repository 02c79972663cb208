"""W1, scalar eager: many small operations on single numbers, forward and backward.

64 leaves ``0.9·sin(1 + i²)``. A block is ten operations on two of them and on what the block before gave;
every tenth block starts afresh from a leaf and every ten blocks hand over one part; the parts are summed
in pairs. Variant a has powers and relu, variant b tanh and exp (which micrograd lacks). Time and memory
are per operation.

The clock covers forward and backward. Giving the graph back is measured apart ("free"), because a graph
with reference cycles is not freed at all while the collector is off, and would look fast for that: there
dropping the result and one full collection are timed, the engine's own modules being frozen beforehand. Who
transforms functions (HIPS) frees within the call, and has no such column. With the collector on, whatever it
does falls into the time, as it does for a user. MyGrad runs without the guard on its arrays' memory, its
faster way.
"""

from __future__ import annotations

import gc
import math
import time
from functools import partial
from typing import Any

from .description import GC_OFF, GC_ON, Case, Gauge, Goal, Trial, UnsupportedError, Workload, collector_off
from .engines import SCALARS, Engine, Leaves, Program
from .memory import peak_resident, peak_traced

LEAVES = 64
OPERATIONS_PER_BLOCK = 10
BLOCKS_PER_PART = 10


def summed_in_pairs(parts: list[Any]) -> Any:
    """Sum by halves, so that the graph is not deep."""
    while len(parts) > 1:
        odd = parts[len(parts) & ~1 :]
        parts = [a + b for a, b in zip(parts[::2], parts[1::2], strict=False)] + odd
    return parts[0]


def variant_a(blocks: int, engine: Engine) -> Program:
    """Give the program with powers and relu."""
    relu = engine.function("relu")

    def program(leaves: Leaves) -> Any:
        parts = []
        s = leaves[0]
        for i in range(blocks):
            a = leaves[i & 63]
            b = leaves[(7 * i + 3) & 63]
            if i % BLOCKS_PER_PART == 0:
                s = a
            c = a * b
            d = c + s
            e = d * d
            f = e + 1.0
            g = f**-0.5
            h = d * g
            r = relu(h)
            t = r + a
            u = t * 0.5
            s = u + h
            if i % BLOCKS_PER_PART == BLOCKS_PER_PART - 1:
                parts.append(s)
        return summed_in_pairs(parts or [s])

    return program


def variant_b(blocks: int, engine: Engine) -> Program:
    """Give the program with tanh and exp."""
    tanh, exp = engine.function("tanh"), engine.function("exp")

    def program(leaves: Leaves) -> Any:
        parts = []
        s = leaves[0]
        for i in range(blocks):
            a = leaves[i & 63]
            b = leaves[(7 * i + 3) & 63]
            if i % BLOCKS_PER_PART == 0:
                s = a
            c = a * b
            d = c + s
            h = tanh(d)
            e = h * h
            f = e * -0.5
            g = exp(f)
            t = g + a
            u = t * 0.5
            v = u - h
            s = v * 0.9
            if i % BLOCKS_PER_PART == BLOCKS_PER_PART - 1:
                parts.append(s)
        return summed_in_pairs(parts or [s])

    return program


def trial(contender: str, case: Case) -> Trial:
    """Prepare one engine for one case."""
    engine = SCALARS[contender]()
    blocks = case.size // OPERATIONS_PER_BLOCK
    variant = {"a": variant_a, "b": variant_b}[case.variant]
    one_pass = engine.differentiate(variant(blocks, engine), LEAVES)
    operations = blocks * OPERATIONS_PER_BLOCK + blocks // BLOCKS_PER_PART - 1

    def fresh() -> Leaves:
        return [engine.leaf(0.9 * math.sin(1.0 + i * i)) for i in range(LEAVES)]

    def bytes_per_operation() -> float:
        warm_up = engine.differentiate(variant(BLOCKS_PER_PART, engine), LEAVES)
        warm_up(fresh())
        leaves = fresh()
        peak = peak_resident if engine.native else peak_traced
        return peak(lambda: one_pass(leaves)) / operations

    def nanoseconds_to_free() -> float:
        leaves = fresh()
        if isinstance(one_pass(leaves), tuple):
            message = "frees within the pass"
            raise UnsupportedError(message)
        gc.collect()
        gc.freeze()
        with collector_off():
            result = one_pass(leaves)
            start = time.perf_counter()
            del result, leaves
            gc.collect()
            return 1e9 * (time.perf_counter() - start) / operations

    return Trial(
        fresh=fresh,
        timed=one_pass,
        answer=engine.answer,
        units=operations * 1e-9,
        paused=engine.paused,
        gauges={"bytes": bytes_per_operation, "free": nanoseconds_to_free},
    )


WORKLOAD = Workload(
    name="W1",
    title="scalar eager, forward and backward",
    unit="ns per operation",
    cases=(
        Case("a 1k", 1_000, "a"),
        Case("a 10k", 10_000, "a"),
        Case("a 100k", 100_000, "a", quick=False),
        Case("b 10k", 10_000, "b"),
    ),
    contenders={name: partial(trial, name) for name in SCALARS},
    columns=(GC_ON, GC_OFF),
    gauges=(Gauge("bytes", "a 100k"), Gauge("free", "a 100k")),
    goals=(
        Goal(
            "micrograd, 1k operations",
            4.5,
            lambda r: r.ratio("micrograd", "a 1k"),
            shortfall="at the line: 4.39 to 4.52 over runs",
        ),
        Goal("micrograd, 100k, collector as it is", 15.0, lambda r: r.ratio("micrograd", "a 100k")),
        Goal("micrograd, 100k, collector off", 3.2, lambda r: r.ratio("micrograd", "a 100k", GC_OFF)),
        Goal(
            "microgpt-style, 100k, collector off",
            2.0,
            lambda r: r.ratio("microgpt", "a 100k", GC_OFF),
            shortfall=(
                "at the line: 1.91 to 2.05 over runs; the slots of a node are stored one by one, and "
                "at this size the cache decides"
            ),
        ),
        Goal(
            "peak bytes per operation, 100k",
            210.0,
            lambda r: r.get("chainrule", "a 100k", "bytes"),
            at_most=True,
            unit="B",
        ),
    ),
    notes=(
        "bytes: peak per operation by tracemalloc, in a run of its own; for torch the resident set's growth.",
        "free: ns per operation to drop the graph and collect, apart from the times of forward and backward.",
    ),
)
