"""W8, replay: W1's graph compiled once and run again with the numbers of the moment, forward and backward.

    chainrule            the generated Python, on floats
    chainrule.native     the same listing as machine code, by numba
    chainrule.lanes      the same listing on NumPy arrays of 10 000 examples; per operation and example
    chainrule.native_lanes  machine code on the same examples
    chainrule.eager      for comparison: the graph built anew each time
    casadi, jax.jit      their virtual machine and their compiler, where they are installed

Recording and compiling happen before the clock starts, for everybody. A pass is one replay: value and gradient of 64
inputs. The examples in lanes are the inputs of the single case, each shifted a little; what is compared is the sum of
the values and gradients over the examples.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from . import engines
from .description import OURS, Answer, Case, Goal, Trial, UnsupportedError, Workload
from .w1 import BLOCKS_PER_PART, LEAVES, OPERATIONS_PER_BLOCK, variant_a, variant_b

LANES = 10_000
SINGLE = (OURS, "chainrule.native", "chainrule.eager", "casadi", "jax.jit")
BATCHED = ("chainrule.lanes", "chainrule.native_lanes", "jax.jit")

Replay = Callable[[list[Any]], tuple[Any, list[Any]]]
"""From 64 inputs to value and gradient."""


def point() -> list[float]:
    """Give the 64 inputs of W1."""
    return [0.9 * math.sin(1.0 + i * i) for i in range(LEAVES)]


def examples() -> list[Any]:
    """Give each input with a small shift per example."""
    np = import_module("numpy")
    shift = np.linspace(-0.01, 0.01, LANES)
    return [x + shift for x in point()]


def function(case: Case, engine: engines.Engine) -> Callable[[list[Any]], Any]:
    """Give W1's computation for an engine."""
    variant = {"a": variant_a, "b": variant_b}[case.variant]
    program: Callable[[list[Any]], Any] = variant(case.size // OPERATIONS_PER_BLOCK, engine)
    return program


def ours(case: Case, *, native: bool = False) -> Replay:
    """Compile with this library."""
    ag = import_module("autograd")
    if native:
        try:
            import_module("numba")
        except ImportError:
            message = "needs numba: python -m pip install '.[jit]'"
            raise UnsupportedError(message) from None
    f = function(case, engines.our_values())
    program = ag.compile(lambda *leaves: f(list(leaves)), *point(), native=native)
    return lambda inputs: program.value_and_grad(*inputs)


def eager(case: Case) -> Replay:
    """Build the graph anew."""
    engine = engines.our_values()
    f = function(case, engine)

    def run(inputs: list[Any]) -> tuple[Any, list[Any]]:
        leaves = [engine.leaf(x) for x in inputs]
        y = f(leaves)
        y.backward()
        return y.item(), [leaf.grad for leaf in leaves]

    return run


def casadi(case: Case) -> Replay:
    """Use CasADi's virtual machine on its expression graph of single numbers."""
    ca = import_module("casadi")
    functions = {"tanh": ca.tanh, "exp": ca.exp, "relu": lambda x: ca.fmax(x, 0)}
    engine = engines.Engine("casadi", float, functions, lambda program, _: program, lambda *_: (0.0, []))
    x = ca.SX.sym("x", LEAVES)
    y = function(case, engine)([x[i] for i in range(LEAVES)])
    compiled = ca.Function("f", [x], [y, ca.gradient(y, x)])

    def run(inputs: list[Any]) -> tuple[Any, list[Any]]:
        value, gradient = compiled(inputs)
        return float(value), gradient.full().ravel().tolist()

    return run


def jax(case: Case) -> Replay:
    """Use JAX, compiled; on examples, mapped over them."""
    engine = engines.jax(jit=True)
    jax = import_module("jax")
    f = function(case, engine)
    both = jax.value_and_grad(lambda leaves: f([leaves[i] for i in range(LEAVES)]))
    if "examples" in case.label:
        both = jax.vmap(both, in_axes=1, out_axes=(0, 1))
    compiled = jax.jit(both)
    np = import_module("numpy")

    def run(inputs: list[Any]) -> tuple[Any, list[Any]]:
        value, gradient = compiled(np.array(inputs))
        return np.asarray(value), list(np.asarray(gradient))

    return run


REPLAYS: dict[str, Callable[[Case], Replay]] = {
    OURS: ours,
    "chainrule.native": partial(ours, native=True),
    "chainrule.lanes": ours,
    "chainrule.native_lanes": partial(ours, native=True),
    "chainrule.eager": eager,
    "casadi": casadi,
    "jax.jit": jax,
}


def trial(contender: str, case: Case) -> Trial:
    """Compile for one contender, and replay once, so that a compiler that waits for the first call has run."""
    replay = REPLAYS[contender](case)
    batched = "examples" in case.label
    inputs = examples() if batched else point()
    replay(inputs)
    blocks = case.size // OPERATIONS_PER_BLOCK
    operations = blocks * OPERATIONS_PER_BLOCK + blocks // BLOCKS_PER_PART - 1

    def answer(_state: Any, result: Any) -> Answer:
        np = import_module("numpy")
        value, gradient = result
        return {"value": [float(np.sum(value))], "gradient": [float(np.sum(g)) for g in gradient]}

    return Trial(
        fresh=lambda: inputs,
        timed=replay,
        answer=answer,
        units=operations * (LANES if batched else 1) * 1e-9,
    )


def slow(*names: str) -> frozenset[str]:
    """Name who runs a case with ``--full`` only: JAX compiles a second for each thousand operations."""
    return frozenset(names)


SMALL, LARGE, OTHER, MANY = "1k", "100k", "100k, tanh and exp", "1k on 10 000 examples"
WORKLOAD = Workload(
    name="W8",
    title="replay of a compiled program, forward and backward",
    unit="ns per operation",
    cases=(
        Case(SMALL, 1_000, "a", among=frozenset(SINGLE)),
        Case(LARGE, 100_000, "a", quick=False, slow=slow("jax.jit"), among=frozenset(SINGLE)),
        Case(OTHER, 100_000, "b", quick=False, slow=slow("jax.jit"), among=frozenset(SINGLE)),
        Case(MANY, 1_000, "a", among=frozenset(BATCHED)),
    ),
    contenders={name: partial(trial, name) for name in REPLAYS},
    goals=(
        Goal(
            "ns per operation, Python, 100k operations",
            60.0,
            lambda r: r.get(OURS, LARGE),
            at_most=True,
            unit="ns",
            shortfall="at the line: 58 to 64 over runs",
        ),
        Goal(
            "ns per operation, machine code, 100k operations",
            11.0,
            lambda r: r.get("chainrule.native", LARGE),
            at_most=True,
            unit="ns",
        ),
        Goal(
            "ns per operation and example, NumPy lanes, 10 000 examples",
            0.7,
            lambda r: r.get("chainrule.lanes", MANY),
            at_most=True,
            unit="ns",
            shortfall=(
                "2.6 calls of NumPy an operation at 0.2 to 0.3 ns; tried: buffers used again, "
                "instructions near their values, other block sizes, one slope for relu and its step"
            ),
        ),
    ),
    notes=(
        "Recording and compiling come before the clock. On 10 000 examples the unit is ns per operation and example.",
    ),
)
