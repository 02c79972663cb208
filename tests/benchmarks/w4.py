"""W4, a step of training on digits: forward, loss, backward, update.

    a       1 797 images of 64 numbers, 32 hidden units, batches of 32
    b       10 000 images of 784 numbers, 128 hidden units, batches of 64

ReLU, ten classes, mean softmax cross-entropy, plain SGD at 0.1. Everybody starts from the same weights and sees the
same batches in turn, all of the data. A step is forward, loss, backward, update and giving the graph back. What is
compared is the losses of three steps, and sums over the weights after them, always computed in float64; the float32
case is timed in float32, without DeZero, whose gradients there are float64.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from .description import OURS, Answer, Case, Goal, Trial, Workload, collector_off

Step = Callable[[Any, Any], float]
Network = tuple[Step, Callable[[], list[Any]]]
"""One step on a batch, giving the loss, and the weights as NumPy arrays: w1, b1, w2, b2, with w as (out, in)."""

SIZES = {"a": (1797, 64, 32, 32), "b": (10_000, 784, 128, 64)}
RATE = 0.1
CLASSES = 10
STEPS = 3


def start(case: Case, dtype: str) -> tuple[list[Any], list[tuple[Any, Any]]]:
    """Give the starting weights and some batches."""
    np = import_module("numpy")
    rows, inputs, hidden, batch = SIZES[case.variant[0]]
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 1, (rows // batch * batch, inputs)).astype(dtype)
    y = rng.integers(0, CLASSES, len(x))
    shapes = [(hidden, inputs), (hidden,), (CLASSES, hidden), (CLASSES,)]
    weights = [(rng.uniform(-1, 1, s) / inputs**0.5).astype(dtype) for s in shapes]
    return weights, [(x[i : i + batch], y[i : i + batch]) for i in range(0, len(x), batch)]


def by_hand(weights: list[Any], _dtype: str) -> Network:
    """Write the calculus out in NumPy, updating in place."""
    np = import_module("numpy")
    w1, b1, w2, b2 = weights

    def step(x: Any, y: Any) -> float:
        rows = np.arange(len(y))
        z = x @ w1.T
        z += b1
        h = np.maximum(z, 0)
        s = h @ w2.T
        s += b2
        s -= s.max(axis=1, keepdims=True)
        e = np.exp(s)
        total = e.sum(axis=1, keepdims=True)
        loss = float(np.mean(np.log(total[:, 0]) - s[rows, y]))
        e /= total
        e[rows, y] -= 1
        e /= len(y)
        gh = e @ w2
        gh *= z > 0
        for w, g in ((w1, gh.T @ x), (b1, gh.sum(axis=0)), (w2, e.T @ h), (b2, e.sum(axis=0))):
            g *= RATE
            w -= g
        return loss

    return step, lambda: weights


def ours(weights: list[Any], dtype: str, *, compiled: bool = False) -> Network:
    """Use nn as its README has it: the plain loop, or the step compiled, as ``nn.fit`` does."""
    nn = import_module("nn")
    (hidden, inputs), (classes, _) = weights[0].shape, weights[2].shape
    model = nn.Sequential(nn.Linear(inputs, hidden, dtype=dtype), nn.ReLU(), nn.Linear(hidden, classes, dtype=dtype))
    model.load_state_dict(dict(zip(model.state_dict(), weights, strict=True)))
    criterion, optimiser = nn.CrossEntropy(), nn.optim.SGD(model.parameters(), lr=RATE)

    def step(x: Any, y: Any) -> float:
        optimiser.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimiser.step()
        return float(loss.item())

    quick = nn.compile_step(lambda x, y: criterion(model(x), y), optimiser) if compiled else step
    return quick, lambda: [p.data for p in model.parameters()]


def torch(weights: list[Any], _dtype: str) -> Network:
    """Use torch.nn eagerly, on one thread."""
    torch = import_module("torch")
    torch.set_num_threads(1)
    (hidden, inputs), (classes, _) = weights[0].shape, weights[2].shape
    model = torch.nn.Sequential(torch.nn.Linear(inputs, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, classes))
    for i, name in ((0, "weight"), (1, "bias"), (2, "weight"), (3, "bias")):
        setattr(model[i // 2 * 2], name, torch.nn.Parameter(torch.from_numpy(weights[i].copy())))
    criterion, optimiser = torch.nn.CrossEntropyLoss(), torch.optim.SGD(model.parameters(), lr=RATE)

    def step(x: Any, y: Any) -> float:
        optimiser.zero_grad()
        loss = criterion(model(torch.from_numpy(x)), torch.from_numpy(y))
        loss.backward()
        optimiser.step()
        return float(loss.item())

    return step, lambda: [p.detach().numpy() for p in model.parameters()]


def mygrad(weights: list[Any], _dtype: str) -> Network:
    """Use MyGrad with its memory guard off, and update in place."""
    mg = import_module("mygrad")
    mg.turn_memory_guarding_off()
    relu, losses = import_module("mygrad.nnet").relu, import_module("mygrad.nnet.losses")
    w1, b1, w2, b2 = leaves = [mg.tensor(w) for w in weights]

    def step(x: Any, y: Any) -> float:
        loss = losses.softmax_crossentropy(mg.matmul(relu(mg.matmul(x, w1.T) + b1), w2.T) + b2, y)
        loss.backward()
        for w in leaves:
            g = w.grad
            g *= RATE
            w.data -= g
        return float(loss.item())

    return step, lambda: [w.data for w in leaves]


def dezero(weights: list[Any], _dtype: str) -> Network:
    """Use DeZero, whose loss is its own softmax cross-entropy; it still says ``np.int``."""
    setattr(import_module("numpy"), "int", int)  # noqa: B010  mypy knows that NumPy has no such name
    np = import_module("numpy")
    dezero, functions = import_module("dezero"), import_module("dezero.functions")
    leaves = [dezero.Parameter(w) for w in (weights[0].T.copy(), weights[1], weights[2].T.copy(), weights[3])]
    w1, b1, w2, b2 = leaves

    def step(x: Any, y: Any) -> float:
        loss = functions.softmax_cross_entropy(functions.linear(functions.relu(functions.linear(x, w1, b1)), w2, b2), y)
        for w in leaves:
            w.cleargrad()
        loss.backward()
        for w in leaves:
            g = w.grad.data
            g *= RATE
            w.data -= g
        return float(loss.data)

    return step, lambda: [np.ascontiguousarray(w.data.T) for w in leaves]


def hips(weights: list[Any], _dtype: str) -> Network:
    """Use HIPS autograd, and update in place."""
    autograd, np = import_module("autograd"), import_module("autograd.numpy")

    def loss_of(params: Any, x: Any, y: Any) -> Any:
        w1, b1, w2, b2 = params
        s = np.dot(np.maximum(np.dot(x, w1.T) + b1, 0), w2.T) + b2
        s = s - np.max(s, axis=1, keepdims=True)
        return np.mean(np.log(np.sum(np.exp(s), axis=1)) - s[np.arange(len(y)), y])

    both = autograd.value_and_grad(loss_of)

    def step(x: Any, y: Any) -> float:
        loss, gradients = both(weights, x, y)
        for w, g in zip(weights, gradients, strict=True):
            g *= RATE
            w -= g
        return float(loss)

    return step, lambda: weights


def jax_jit(weights: list[Any], _dtype: str) -> Network:
    """Use JAX with the whole step compiled and its buffers handed on."""
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", val=True)
    np = import_module("jax.numpy")

    def loss_of(params: Any, x: Any, y: Any) -> Any:
        w1, b1, w2, b2 = params
        s = np.maximum(x @ w1.T + b1, 0) @ w2.T + b2
        return np.mean(jax.nn.logsumexp(s, axis=1) - s[np.arange(len(y)), y])

    def update(params: Any, x: Any, y: Any) -> Any:
        loss, gradients = jax.value_and_grad(loss_of)(params, x, y)
        return loss, [w - RATE * g for w, g in zip(params, gradients, strict=True)]

    compiled = jax.jit(update, donate_argnums=0)
    params = [np.array(w) for w in weights]

    def step(x: Any, y: Any) -> float:
        nonlocal params
        loss, params = compiled(params, x, y)
        return float(loss)

    return step, lambda: [import_module("numpy").asarray(w) for w in params]


COMPILED = "chainrule.compiled"

CONTENDERS: dict[str, Callable[[list[Any], str], Network]] = {
    OURS: ours, COMPILED: partial(ours, compiled=True), "numpy": by_hand, "torch": torch, "mygrad.unguarded": mygrad,
    "dezero": dezero, "hips": hips, "jax.jit": jax_jit,
}  # fmt: skip


def trial(contender: str, case: Case) -> Trial:
    """Prepare one contender; passes go through the batches in turn."""
    make = CONTENDERS[contender]
    dtype = case.variant[1:]
    weights, batches = start(case, dtype)
    step, present = make([w.copy() for w in weights], dtype)
    if contender == COMPILED:
        step(*batches[0])  # recorded before the clock starts, as for JAX
    if contender.startswith("jax"):  # its own arrays, so that copying batches is not timed
        place = import_module("jax.numpy").array
        batches = [(place(x), place(y)) for x, y in batches]
        step(*batches[0])  # compiles, which may take longer than the whole budget
    turn = 0

    def fresh() -> tuple[Any, Any]:
        nonlocal turn
        turn += 1
        return batches[turn % len(batches)]

    def answer(_state: Any, _result: Any) -> Answer:
        np = import_module("numpy")
        if wrong := {str(w.dtype) for w in present()} - {dtype}:
            message = f"its weights have become {', '.join(wrong)}, not {dtype}"
            raise AssertionError(message)
        exact, first = start(case, "float64")
        once, now = make(exact, "float64")
        losses = [once(x, y) for x, y in first[:STEPS]]
        return {"loss": losses, "weights": [float(x) for w in now() for x in (w.sum(), np.square(w).sum(), w.flat[0])]}

    paused = import_module("autograd").gc_paused if contender.startswith(OURS) else collector_off
    return Trial(fresh=fresh, timed=lambda batch: step(*batch), answer=answer, units=1e-6, paused=paused)


A, B64, B32 = "64-32-10", "784-128-10", "784-128-10 float32"

WORKLOAD = Workload(
    name="W4",
    title="a step of training on digits",
    unit="µs per step",
    cases=(
        Case(A, 32, "afloat64"),
        Case(B64, 64, "bfloat64"),
        Case(B32, 64, "bfloat32", among=frozenset(CONTENDERS) - {"dezero"}),
    ),
    contenders={name: partial(trial, name) for name in CONTENDERS},
    goals=(
        Goal("torch, 64-32-10, compiled step", 2.8, lambda r: r.ratio("torch", A, to=COMPILED)),
        Goal(
            "torch, 64-32-10, plain loop",
            2.8,
            lambda r: r.ratio("torch", A),
            shortfall=(
                "NumPy's own calls take half of the time, as much as the whole step written by hand; the rest are "
                "Python's calls through modules, checks, recording and the sweep, which a compiled step does not make"
            ),
        ),
        Goal(
            "of NumPy by hand, 64-32-10, compiled step", 1.2, lambda r: r.ratio(COMPILED, A, to="numpy"), at_most=True
        ),
        Goal("torch, 784-128-10", 1.0, lambda r: r.ratio("torch", B64)),
        Goal("torch, 784-128-10 float32", 1.0, lambda r: r.ratio("torch", B32)),
        Goal(
            "of jax.jit, 784-128-10, compiled step", 1.1, lambda r: r.ratio(COMPILED, B64, to="jax.jit"), at_most=True
        ),
        Goal(
            "of jax.jit, 784-128-10 float32, compiled step",
            1.1,
            lambda r: r.ratio(COMPILED, B32, to="jax.jit"),
            at_most=True,
            shortfall=(
                "NumPy by hand takes as long: three quarters of the step are OpenBLAS's two products of "
                "matrices, of which x·Wᵀ is slower than XLA's"
            ),
        ),
    ),
    notes=(
        "chainrule: the plain loop. chainrule.compiled: nn.compile_step, as nn.fit uses it.",
        "numpy: written by hand. mygrad.unguarded: without the guard on its arrays' memory.",
    ),
)
