"""W6, checking a gradient: is the gradient of a small network's loss right? Milliseconds per check.

θ holds 200 numbers: 9 → 14 → 4 with tanh, 16 examples, mean softmax cross-entropy. A pass is a whole check: the
gradient by the contender's own engine (or, for NumPy and SciPy, by hand), the slopes measured from values, and the
comparison of both.

    200 coordinates   a verdict on every coordinate (chainrule: blocks of them, each held to its least coordinate)
    one direction     all coordinates at once, along one random direction
    on scalars        the same network number by number, 6 208 operations; every coordinate

``chainrule`` is ``assert_gradients`` as it is, with its error bounds; ``chainrule.differences`` does what most people
do, two-point differences and a tolerance, with our engine below; on scalars it compiles the recorded graph, within the
time, where there is a compiler. Before anything is timed each contender must accept its right gradient and refuse one
that is 10 % too large, so that nobody is fast by not looking.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .description import OURS, Answer, Case, Goal, Trial, Workload, collector_off
from .network import WEIGHTS, by_hand, data, loss_in, loss_on_scalars

if TYPE_CHECKING:
    from collections.abc import Callable

FULL, ONE, SCALARS = "200 coordinates", "one direction", "on scalars"
DIFFERENCES = "chainrule.differences"
STEP, TOLERANCE = 1e-6, 1e-5
WRONG = 1.1


@dataclass(frozen=True, slots=True)
class Checker:
    """One contender: ``check()`` says whether it accepts its gradient, ``sabotaged()`` the same of a wrong one.

    ``gradient()`` gives the value and the gradient that are checked.
    """

    check: Callable[[], bool]
    sabotaged: Callable[[], bool]
    gradient: Callable[[], tuple[float, Any]]


def close(given: Any, measured: Any) -> bool:
    """Compare a gradient with measured slopes."""
    return bool(import_module("numpy").allclose(given, measured, rtol=TOLERANCE, atol=1e-7))


def plain(value: Callable[[Any], Any], both: Callable[[], tuple[float, Any]], how: str) -> Checker:
    """Check by two-point differences: ``loop`` over coordinates, ``batched`` in one call, or along ``one`` direction."""
    np = import_module("numpy")
    theta = data()[0]
    direction = np.random.default_rng(1).choice([-1.0, 1.0], WEIGHTS)

    def slopes() -> Any:
        if how == "one":
            return (value(theta + STEP * direction) - value(theta - STEP * direction)) / (2 * STEP)
        steps = STEP * np.eye(WEIGHTS)
        if how == "batched":
            values = value(np.concatenate([theta + steps, theta - steps]))
            return (values[:WEIGHTS] - values[WEIGHTS:]) / (2 * STEP)
        return np.array([(value(theta + s) - value(theta - s)) / (2 * STEP) for s in steps])

    def check(factor: float = 1.0) -> bool:
        gradient = factor * np.asarray(both()[1])
        return close(gradient @ direction if how == "one" else gradient, slopes())

    return Checker(check, lambda: check(WRONG), both)


def numpy(case: str, *, batched: bool = False) -> Checker:
    """Check a gradient by hand with NumPy."""
    theta, x, onehot = data()
    loss = loss_in(import_module("numpy"), x, onehot)
    return plain(loss, lambda: by_hand(theta), "one" if case == ONE else "batched" if batched else "loop")


def scipy(_case: str) -> Checker:
    """Check a gradient by hand with SciPy's three-point differences, which choose their steps."""
    slopes = import_module("scipy.optimize._numdiff").approx_derivative
    theta, x, onehot = data()
    loss = loss_in(import_module("numpy"), x, onehot)

    def check(factor: float = 1.0) -> bool:
        return close(factor * by_hand(theta)[1], slopes(loss, theta, method="3-point"))

    return Checker(check, lambda: check(WRONG), lambda: by_hand(theta))


def torch(case: str) -> Checker:
    """Use PyTorch's own ``gradcheck``, on one thread."""
    torch = import_module("torch")
    torch.set_num_threads(1)
    theta, x, onehot = (torch.tensor(array) for array in data())
    loss = loss_in(torch, x, onehot)
    start = theta.clone().requires_grad_()

    class Wrong(torch.autograd.Function):  # type: ignore[misc]  # a class of a module imported here
        @staticmethod
        def forward(_ctx: Any, t: Any) -> Any:
            return t.clone()

        @staticmethod
        def backward(_ctx: Any, g: Any) -> Any:
            return WRONG * g

    def check(f: Any = loss) -> bool:
        return bool(torch.autograd.gradcheck(f, (start,), fast_mode=case == ONE, raise_exception=False))

    def gradient() -> tuple[float, Any]:
        value = loss(start)
        return value.item(), torch.autograd.grad(value, start)[0].tolist()

    return Checker(check, lambda: check(lambda t: loss(Wrong.apply(t))), gradient)


def raises(run: Callable[[], None]) -> bool:
    """Say whether a check passes, for those that raise when it does not."""
    try:
        run()
    except AssertionError:
        return False
    return True


def hips(_case: str) -> Checker:
    """Use the ``check_grads`` of HIPS autograd."""
    ag, np, extend = (import_module(f"autograd{name}") for name in ("", ".numpy", ".extend"))
    check_grads = import_module("autograd.test_util").check_grads
    theta, x, onehot = data()
    loss = loss_in(np, x, onehot)
    wrong = extend.primitive(lambda t: t.copy())
    extend.defvjp(wrong, lambda _y, _t: lambda g: WRONG * g)

    def check(f: Any = loss) -> bool:
        return raises(lambda: check_grads(f, modes=["rev"], order=1)(theta))

    return Checker(check, lambda: check(lambda t: loss(wrong(t))), lambda: ag.value_and_grad(loss)(theta))


def jax(_case: str) -> Checker:
    """Use JAX's ``check_grads`` in double precision, of a compiled function."""
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", val=True)
    np, check_grads = import_module("jax.numpy"), import_module("jax.test_util").check_grads
    theta, x, onehot = (np.asarray(array) for array in data())
    loss = jax.jit(loss_in(np, x, onehot))
    wrong = jax.custom_vjp(lambda t: t * 1.0)
    wrong.defvjp(lambda t: (t * 1.0, None), lambda _, g: (WRONG * g,))

    def check(f: Any = loss) -> bool:
        return raises(lambda: check_grads(f, (theta,), order=1, modes=["rev"]))

    return Checker(check, lambda: check(lambda t: loss(wrong(t))), lambda: jax.value_and_grad(loss)(theta))


def micrograd(_case: str) -> Checker:
    """Loop over coordinates with micrograd, which is given tanh, exp and log in its own style."""
    np, value = import_module("numpy"), import_module("micrograd.engine").Value
    theta = data()[0].tolist()

    def function(compute: Callable[[float], float], slope: Callable[[float, float], float]) -> Callable[[Any], Any]:
        def apply(x: Any) -> Any:
            out = value(compute(x.data), (x,), compute.__name__)

            def backward() -> None:
                x.grad += slope(out.data, x.data) * out.grad

            out._backward = backward
            return out

        return apply

    tanh = function(math.tanh, lambda y, _x: 1.0 - y * y)
    exp, log = function(math.exp, lambda y, _x: y), function(math.log, lambda _y, x: 1.0 / x)

    def both() -> tuple[float, Any]:
        leaves = [value(t) for t in theta]
        y = loss_on_scalars(leaves, tanh, exp, log)
        y.backward()
        return y.data, [leaf.grad for leaf in leaves]

    def at(t: Any) -> float:
        return float(loss_on_scalars([value(number) for number in t.tolist()], tanh, exp, log).data)

    checker = plain(at, both, "loop")
    return Checker(checker.check, lambda: close(WRONG * np.array(both()[1]), both()[1]), both)


def ours(case: str) -> Checker:
    """Use ``check_gradients`` as it is."""
    ag, check_gradients = import_module("autograd"), import_module("autograd.check").check_gradients
    loss, start = our_loss(case)

    def check(**how: Any) -> bool:
        return bool(check_gradients(loss, *start, directions=1 if case == ONE else False, **how).ok)

    def wrong(*inputs: Any) -> Any:
        found = ag.grad(loss, argnums=tuple(range(len(start))))(*inputs)
        found = tuple(WRONG * g for g in found)
        return found if len(start) > 1 else found[0]

    return Checker(check, lambda: check(grad=wrong, locate=False), lambda: our_gradient(case))


def our_loss(case: str) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """Give the loss in our functions and where it starts: one array, or 200 numbers."""
    ag = import_module("autograd")
    theta, x, onehot = data()
    if case == SCALARS:
        return lambda *t: loss_on_scalars(list(t), ag.tanh, ag.exp, ag.log), tuple(theta.tolist())
    return loss_in(ag, x, onehot), (theta,)


def our_gradient(case: str) -> tuple[float, Any]:
    """Give value and gradient by our engine."""
    loss, start = our_loss(case)
    value, gradients = import_module("autograd").value_and_grad(loss, argnums=tuple(range(len(start))))(*start)
    return float(value), gradients if len(start) > 1 else gradients[0]


def our_differences(case: str) -> Checker:
    """Take our gradient, and two-point differences of our functions on plain numbers or on 400 rows at once."""
    ag = import_module("autograd")
    loss, _ = our_loss(case)
    if case != SCALARS:
        return plain(loss, lambda: our_gradient(case), "one" if case == ONE else "batched")
    return compiled_differences() if hasattr(ag, "compile") else plain(on_floats, lambda: our_gradient(case), "loop")


def on_floats(t: Any) -> float:
    """Give the loss on plain numbers, in our functions."""
    ag = import_module("autograd")
    return float(loss_on_scalars(t.tolist(), ag.tanh, ag.exp, ag.log))


def compiled_differences() -> Checker:
    """Run the loss on Values once, for its gradient, and replay that recording at 400 points in lanes: all timed."""
    ag = import_module("autograd")
    theta = data()[0]

    def recorded() -> tuple[Any, list[Any]]:
        leaves = [ag.Value(number) for number in theta.tolist()]
        y = loss_on_scalars(leaves, ag.tanh, ag.exp, ag.log)
        y.backward()
        return y, leaves

    def check(factor: float = 1.0) -> bool:
        y, leaves = recorded()
        program = ag.Graph(y, {}).program(leaves)
        gradient = [factor * leaf.grad for leaf in leaves]
        return plain(lambda rows: program.value(*rows.T), lambda: (0.0, gradient), "batched").check()

    def gradient() -> tuple[float, Any]:
        y, leaves = recorded()
        return y.item(), [leaf.grad for leaf in leaves]

    return Checker(check, lambda: check(WRONG), gradient)


CONTENDERS: dict[str, dict[str, Callable[[str], Checker]]] = {
    OURS: dict.fromkeys((FULL, ONE, SCALARS), ours),
    DIFFERENCES: dict.fromkeys((FULL, ONE, SCALARS), our_differences),
    "torch": dict.fromkeys((FULL, ONE), torch),
    "scipy": {FULL: scipy},
    "numpy": dict.fromkeys((FULL, ONE), numpy),
    "numpy.batched": {FULL: partial(numpy, batched=True)},
    "hips": {ONE: hips},
    "jax.jit": {ONE: jax},
    "micrograd": {SCALARS: micrograd},
}


def trial(contender: str, case: Case) -> Trial:
    """Prepare one checker."""
    checker = CONTENDERS[contender][case.label](case.label)

    def answer(_state: Any, accepted: Any) -> Answer:
        if not accepted or checker.sabotaged():
            message = f"it {'accepts a gradient that is 10 % too large' if accepted else 'accuses a right gradient'}"
            raise AssertionError(message)
        value, gradient = checker.gradient()
        return {"value": [float(value)], "gradient": [float(x) for x in gradient]}

    paused = import_module("autograd").gc_paused if contender.startswith(OURS) else collector_off
    return Trial(fresh=lambda: None, timed=lambda _: checker.check(), answer=answer, units=1e-3, paused=paused)


def those_under(label: str) -> frozenset[str]:
    """Give who has a checker of this kind."""
    return frozenset(name for name, makers in CONTENDERS.items() if label in makers)


WORKLOAD = Workload(
    name="W6",
    title="checking a gradient of 200 numbers",
    unit="ms per check",
    cases=(
        Case(FULL, WEIGHTS, among=those_under(FULL)),
        Case(ONE, WEIGHTS, among=those_under(ONE)),
        Case(SCALARS, 6_208, quick=False, among=those_under(SCALARS)),
    ),
    contenders={name: partial(trial, name) for name in CONTENDERS},
    goals=(
        Goal(
            "torch gradcheck, two-point differences",
            10.0,
            lambda r: r.ratio("torch", FULL, to=DIFFERENCES),
            shortfall="NumPy's own 400 points in one call are four fifths of our time",
        ),
        Goal("torch gradcheck, our check with error bounds", 4.0, lambda r: r.ratio("torch", FULL)),
        Goal(
            "torch fast mode, one direction, two points",
            10.0,
            lambda r: r.ratio("torch", ONE, to=DIFFERENCES),
            shortfall="one eager pass forward and back, 20 small operations, is two thirds of it; by hand in NumPy a tenth of that",
        ),
        Goal(
            "torch fast mode, one direction, error bounds",
            10.0,
            lambda r: r.ratio("torch", ONE),
            shortfall="two backward passes, four steps and three more values: a bound, and a proof that f repeats",
        ),
        Goal("micrograd in a loop, on scalars", 200.0, lambda r: r.ratio("micrograd", SCALARS, to=DIFFERENCES)),
    ),
    notes=(
        "chainrule: assert_gradients, with error bounds. chainrule.differences: our gradient, two-point differences.",
        "numpy, scipy: a gradient by hand. torch: gradcheck; along one direction its fast mode.",
    ),
)
