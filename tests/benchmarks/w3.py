"""W3, micrograd's demo: an epoch of a small network on two moons, number by number and with arrays.

MLP(2, [16, 16, 1]) with ReLU, 100 points with noise 0.1, the loss ``mean(relu(1 − y·s)) + 1e-4·Σp²``, all points in
one batch, SGD at 0.05. A pass is forward, backward, update and giving the graph back. Everybody starts from the same
weights; what is compared is the loss of each of three epochs and the weights after them, so that gradients which pile
up from pass to pass are found.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from .description import GC_OFF, GC_ON, OURS, Answer, Case, Goal, Trial, UnsupportedError, Workload, collector_off

Network = tuple[Callable[[], float], Callable[[], list[float]]]
"""One epoch, giving the loss, and the weights as one list: w1, b1, w2, b2, w3, b3, with w as (out, in)."""

EPOCHS = 3
SIZES = ((16, 2), (16, 16), (1, 16))
RATE, DECAY = 0.05, 1e-4
SCALARS, ARRAYS = "number by number", "with arrays"
LAYERS = "chainrule.nn"
COMPILED = "chainrule.compiled"


def moons() -> tuple[Any, Any]:
    """Give 100 points on two half circles with noise, and labels of −1 and 1."""
    np = import_module("numpy")
    rng = np.random.default_rng(0)
    angle = np.linspace(0, np.pi, 50)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    return np.concatenate([upper, lower]) + rng.normal(0, 0.1, (100, 2)), np.repeat([-1.0, 1.0], 50)


def start() -> list[tuple[Any, Any]]:
    """Give the starting weights and biases of each layer."""
    np = import_module("numpy")
    rng = np.random.default_rng(1)
    return [(rng.uniform(-1, 1, shape) / shape[1] ** 0.5, rng.uniform(-0.1, 0.1, shape[0])) for shape in SIZES]


def with_class(value: Any, clear: float | None = 0) -> Network:
    """Use a class of scalars the way micrograd's demo does: neurons are lists of weights.

    ``clear`` is what a gradient is set to before backward.
    """
    x, y = (numbers.tolist() for numbers in moons())
    layers = [[([value(w) for w in row], value(c)) for row, c in zip(ws, b, strict=True)] for ws, b in as_lists()]
    parameters = [p for layer in layers for neuron in layer for p in (*neuron[0], neuron[1])]

    def score(point: list[Any]) -> Any:
        for i, layer in enumerate(layers):
            outputs = [sum((w * v for w, v in zip(ws, point, strict=True)), b) for ws, b in layer]
            point = [o.relu() for o in outputs] if i < len(layers) - 1 else outputs
        return point[0]

    def epoch() -> float:
        losses = [(1 + -label * score(point)).relu() for point, label in zip(x, y, strict=True)]
        loss = sum(losses) * (1.0 / len(losses)) + DECAY * sum(p * p for p in parameters)
        for p in parameters:
            p.grad = clear
        loss.backward()
        for p in parameters:
            p.data -= RATE * p.grad
        return float(loss.data)

    def weights() -> list[float]:
        return [
            float(p.data)
            for layer in layers
            for p in (*(w for ws, _ in layer for w in ws), *(bias for _, bias in layer))
        ]

    return epoch, weights


def as_lists() -> list[tuple[list[list[float]], list[float]]]:
    """Give the starting weights as nested lists."""
    return [(w.tolist(), b.tolist()) for w, b in start()]


def our_values() -> Network:
    """Use our Values in the code that was written for micrograd."""
    return with_class(import_module("autograd").Value)


def our_program() -> Network:
    """Compile the loss of one example, number by number, and replay it in lanes: all examples at once.

    Compiling happens before the clock starts, as for JAX.
    """
    ag, np = import_module("autograd"), import_module("numpy")
    if not hasattr(ag, "compile"):
        message = "this checkout has no compiler"
        raise UnsupportedError(message)
    x, y = moons()
    p = np.concatenate([array.ravel() for pair in start() for array in pair])
    first = p.copy()

    def score(p: Any, point: Any) -> Any:
        values, at = list(point), 0
        for i, (outputs, inputs) in enumerate(SIZES):
            ws, biases = p[at : at + outputs * inputs].reshape(outputs, inputs), at + outputs * inputs
            values = [sum((w * v for w, v in zip(row, values, strict=True)), p[biases + k]) for k, row in enumerate(ws)]
            values = [v.relu() for v in values] if i < len(SIZES) - 1 else values
            at = biases + outputs
        return values[0]

    hinge = ag.compile(lambda p, point, label: (1 + -label * score(p, point)).relu(), p, x[0], y[0], argnums=0)
    penalty = ag.compile(lambda p: DECAY * sum(w * w for w in p), p)

    def epoch() -> float:
        losses, gradients = hinge.value_and_grad(p, x, y)
        more, decay = penalty.value_and_grad(p)
        step = gradients.mean(axis=0)
        step += decay
        step *= RATE
        p[:] -= step
        return float(losses.mean() + more)

    epoch()
    p[:] = first
    return epoch, p.tolist


def micrograd() -> Network:
    """Karpathy's engine."""
    return with_class(import_module("micrograd.engine").Value)


def microgpt() -> Network:
    """Use the class beside this file."""
    return with_class(import_module(".microgpt_style", __package__).Value)


def our_layers(*, scalars: bool, compiled: bool = False) -> Network:
    """Use nn; the same modules at either magnification, and the whole epoch compiled."""
    nn = import_module("nn")
    x, y = moons()
    layers = [nn.Linear(inputs, outputs) for outputs, inputs in SIZES]
    model = nn.Sequential(layers[0], nn.ReLU(), layers[1], nn.ReLU(), layers[2])
    flat = [array for pair in start() for array in pair]
    model.load_state_dict(dict(zip(model.state_dict(), flat, strict=True)))
    model = model.scalars() if scalars else model
    parameters = model.parameters()
    criterion, optimiser, y = nn.Hinge(), nn.optim.SGD(parameters, lr=RATE), y[:, None]

    def loss_of(x: Any, y: Any) -> Any:
        squares = sum(p * p for p in parameters) if scalars else sum((p * p).sum() for p in parameters)
        return criterion(model(x), y) + DECAY * squares

    def epoch() -> float:
        optimiser.zero_grad()
        loss = loss_of(x, y)
        loss.backward()
        optimiser.step()
        return float(loss.item())

    def weights() -> list[float]:
        return [float(v) for array in model.state_dict().values() for v in array.flat]

    if not compiled:
        return epoch, weights
    step = nn.compile_step(loss_of, optimiser)
    return lambda: float(step(x, y)), weights


def torch() -> Network:
    """PyTorch, eager, on one thread, with its fused linear layer and its update in place."""
    torch = import_module("torch")
    torch.set_num_threads(1)
    linear, relu = torch.nn.functional.linear, torch.relu
    x, y = (torch.from_numpy(array) for array in moons())
    y = y[:, None]
    parameters = [torch.from_numpy(array.copy()).requires_grad_() for pair in start() for array in pair]
    optimiser = torch.optim.SGD(parameters, lr=RATE)

    def epoch() -> float:
        w1, b1, w2, b2, w3, b3 = parameters
        score = linear(relu(linear(relu(linear(x, w1, b1)), w2, b2)), w3, b3)
        loss = relu(1 - y * score).mean()
        for p in parameters:
            loss = loss + DECAY * (p * p).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return float(loss.item())

    return epoch, lambda: [float(v) for p in parameters for v in p.detach().reshape(-1)]


def torch_on_scalars() -> Network:
    """PyTorch used the way micrograd is: every number a tensor without dimensions."""
    torch = import_module("torch")
    torch.set_num_threads(1)
    return with_class(lambda number: torch.tensor(number, dtype=torch.float64, requires_grad=True), clear=None)


def mygrad() -> Network:
    """MyGrad with its memory guard off."""
    mg = import_module("mygrad")
    mg.turn_memory_guarding_off()
    x, y = moons()
    y = y[:, None]
    relu = import_module("mygrad.nnet").relu
    parameters = [mg.tensor(array) for pair in start() for array in pair]

    def epoch() -> float:
        w1, b1, w2, b2, w3, b3 = parameters
        hidden = relu(mg.matmul(relu(mg.matmul(x, w1.T) + b1), w2.T) + b2)
        loss = relu(1 - y * (mg.matmul(hidden, w3.T) + b3)).sum() * 0.01
        for p in parameters:
            loss = loss + DECAY * (p * p).sum()
        loss.backward()
        for p in parameters:
            p.data -= RATE * p.grad
        return float(loss.item())

    return epoch, lambda: [float(v) for p in parameters for v in p.data.flat]


def loss_in(np: Any, relu: Callable[[Any], Any]) -> Callable[..., Any]:
    """Give the loss as a function of the parameters, for engines that transform functions."""
    x, y = moons()
    y = y[:, None]

    def loss_of(parameters: Any) -> Any:
        w1, b1, w2, b2, w3, b3 = parameters
        score = np.dot(relu(np.dot(relu(np.dot(x, w1.T) + b1), w2.T) + b2), w3.T) + b3
        return np.sum(relu(1 - y * score)) * 0.01 + DECAY * sum(np.sum(p * p) for p in parameters)

    return loss_of


def hips() -> Network:
    """HIPS autograd."""
    autograd, np = import_module("autograd"), import_module("autograd.numpy")
    both = autograd.value_and_grad(loss_in(np, lambda a: np.maximum(a, 0.0)))
    parameters = [array for pair in start() for array in pair]

    def epoch() -> float:
        loss, gradients = both(parameters)
        for p, g in zip(parameters, gradients, strict=True):
            p -= RATE * g
        return float(loss)

    return epoch, lambda: [float(v) for p in parameters for v in p.flat]


def jax_jit() -> Network:
    """JAX with the whole epoch compiled."""
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", val=True)
    np = import_module("jax.numpy")
    loss_of = loss_in(np, jax.nn.relu)

    def update(parameters: Any) -> Any:
        loss, gradients = jax.value_and_grad(loss_of)(parameters)
        return loss, [p - RATE * g for p, g in zip(parameters, gradients, strict=True)]

    compiled = jax.jit(update)
    parameters = [np.array(array) for pair in start() for array in pair]

    def epoch() -> float:
        nonlocal parameters
        loss, parameters = compiled(parameters)
        return float(loss)

    return epoch, lambda: [float(v) for p in parameters for v in p.reshape(-1).tolist()]


CONTENDERS: dict[str, dict[str, Callable[[], Network]]] = {
    OURS: {SCALARS: our_values, ARRAYS: partial(our_layers, scalars=False)},
    LAYERS: {SCALARS: partial(our_layers, scalars=True)},
    COMPILED: {SCALARS: our_program, ARRAYS: partial(our_layers, scalars=False, compiled=True)},
    "micrograd": {SCALARS: micrograd},
    "microgpt": {SCALARS: microgpt},
    "torch": {SCALARS: torch_on_scalars, ARRAYS: torch},
    "mygrad.unguarded": {ARRAYS: mygrad},
    "hips": {ARRAYS: hips},
    "jax.jit": {ARRAYS: jax_jit},
}


def trial(contender: str, case: Case) -> Trial:
    """Prepare one contender; every pass is one more epoch."""
    make = CONTENDERS[contender][case.label]
    epoch, _ = make()
    if contender in ("jax.jit", COMPILED):
        epoch()  # compiles, which may take longer than the whole budget

    def answer(_state: Any, _result: Any) -> Answer:
        once, weights = make()
        return {"loss": [once() for _ in range(EPOCHS)], "weights": weights()}

    paused = import_module("autograd").gc_paused if contender.startswith(OURS) else collector_off
    return Trial(fresh=lambda: None, timed=lambda _: epoch(), answer=answer, units=1e-3, paused=paused)


def those_in(label: str) -> frozenset[str]:
    """Give who takes part in a case."""
    return frozenset(name for name, makers in CONTENDERS.items() if label in makers)


WORKLOAD = Workload(
    name="W3",
    title="micrograd's demo, MLP(2, [16, 16, 1]) on 100 moons",
    unit="ms per epoch",
    cases=(Case(SCALARS, 100, among=those_in(SCALARS)), Case(ARRAYS, 100, among=those_in(ARRAYS))),
    contenders={name: partial(trial, name) for name in CONTENDERS},
    columns=(GC_ON, GC_OFF),
    goals=(
        Goal("micrograd, the same code on our Values", 18.0, lambda r: r.ratio("micrograd", SCALARS)),
        Goal("micrograd, nn's fused neurons on Values", 200.0, lambda r: r.ratio("micrograd", SCALARS, to=LAYERS)),
        Goal("micrograd, compiled", 1000.0, lambda r: r.ratio("micrograd", SCALARS, to=COMPILED)),
        Goal("torch, with arrays, compiled step", 3.0, lambda r: r.ratio("torch", ARRAYS, to=COMPILED)),
        Goal(
            "torch, with arrays, plain loop",
            3.0,
            lambda r: r.ratio("torch", ARRAYS),
            shortfall=(
                "NumPy's own calls take half of the time at this size, and an eager engine in Python adds its checks "
                "to each; fused layers brought 0.29 ms to 0.18, and shorter ways into a row and back 0.18 to 0.13"
            ),
        ),
        Goal(
            "of jax.jit, with arrays, compiled step",
            1.3,
            lambda r: r.ratio(COMPILED, ARRAYS, to="jax.jit"),
            at_most=True,
        ),
    ),
    notes=(
        "Number by number: chainrule runs the same code as micrograd and microgpt; chainrule.nn is nn's layers on Values;",
        "chainrule.compiled replays the loss of an example in lanes of 100, compiled beforehand.",
        "With arrays: chainrule is nn's layers on Tensors in a plain loop, chainrule.compiled the same with nn.compile_step;",
        "torch has its fused linear layer and its SGD.",
    ),
)
