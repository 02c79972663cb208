"""The contenders' engines behind one face: how to make a leaf, which functions there are, how to go back.

    Program     a function from a list of leaves to one scalar result
    Pass        a function from leaves to what ``Engine.read`` turns into value and gradients
    Engine      one contender; eager ones (ours, micrograd, torch, …) build a graph and walk it backward,
                functional ones (HIPS, JAX) transform the program

``SCALARS`` holds the engines whose leaves are single numbers, ``ARRAYS`` those whose leaves are arrays.
Every entry is called in the worker process, inside the contender's own environment, and only then imports
its engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .description import Answer, UnsupportedError, collector_off

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

Leaves = list[Any]
Program = Callable[[Leaves], Any]
Pass = Callable[[Leaves], Any]
Read = Callable[[Leaves, Any], tuple[Any, list[Any]]]


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine; a ``native`` one keeps its graph outside Python's allocator."""

    name: str
    leaf: Callable[[Any], Any]
    functions: dict[str, Callable[[Any], Any]]
    differentiate: Callable[[Program, int], Pass]
    read: Read
    paused: Callable[[], AbstractContextManager[Any]] = collector_off
    native: bool = False

    def function(self, name: str) -> Callable[[Any], Any]:
        """Give a function such as tanh, or say that the engine does not have it."""
        if name not in self.functions:
            message = f"{self.name} has no {name}"
            raise UnsupportedError(message)
        return self.functions[name]

    def answer(self, leaves: Leaves, result: Any) -> Answer:
        """Give the value and the gradients of a pass, leaf after leaf, as plain numbers."""
        value, gradients = self.read(leaves, result)
        return {"value": flat(value), "gradient": [x for gradient in gradients for x in flat(gradient)]}


def flat(numbers: Any) -> list[float]:
    """Give the elements of a number or an array as Python floats.

    >>> flat(2)
    [2.0]
    """
    numbers = numbers.tolist() if hasattr(numbers, "tolist") else numbers
    return [x for row in numbers for x in flat(row)] if isinstance(numbers, list) else [float(numbers)]


def eager(
    name: str,
    leaf: Callable[[Any], Any],
    functions: dict[str, Any],
    *,
    item: Callable[[Any], float] = lambda y: y.item(),
    gradient: Callable[[Any], Any] = lambda leaf: leaf.grad,
) -> Engine:
    """Make an engine with ``y.backward()`` whose leaves hold their gradients.

    The pass returns the result with its graph: forward and backward are timed, and who wants freeing in
    the time drops the result before the clock stops, as ``W2`` and ``W5`` do.
    """

    def differentiate(program: Program, _count: int) -> Pass:
        def one_pass(leaves: Leaves) -> Any:
            y = program(leaves)
            y.backward()
            return y

        return one_pass

    def read(leaves: Leaves, y: Any) -> tuple[Any, list[Any]]:
        return item(y), [gradient(x) for x in leaves]

    return Engine(name, leaf, functions, differentiate, read)


def functional(
    name: str,
    leaf: Callable[[Any], Any],
    functions: dict[str, Any],
    *,
    value_and_grad: Callable[[Callable[..., Any], tuple[int, ...]], Callable[..., Any]],
) -> Engine:
    """Make an engine that transforms a function of its arguments into one that gives value and gradients."""

    def differentiate(program: Program, count: int) -> Pass:
        transformed = value_and_grad(lambda *leaves: program(list(leaves)), tuple(range(count)))

        def one_pass(leaves: Leaves) -> tuple[float, Any]:
            value, gradients = transformed(*leaves)
            return float(value), gradients

        return one_pass

    def read(_leaves: Leaves, result: Any) -> tuple[Any, list[Any]]:
        return result[0], list(result[1])

    return Engine(name, leaf, functions, differentiate, read)


def class_of_scalars(name: str, value: Any) -> Engine:
    """Make an engine of a class with ``data``, ``grad``, ``backward()`` and a method per function."""
    functions = {f: getattr(value, f) for f in ("tanh", "exp", "relu") if hasattr(value, f)}
    return eager(name, value, functions, item=lambda y: y.data)


def our_values() -> Engine:
    """Our scalars."""
    ours = import_module("autograd")
    return replace(class_of_scalars("chainrule", ours.Value), paused=ours.gc_paused)


def our_tensors() -> Engine:
    """Our arrays."""
    ours = import_module("autograd")
    functions = {f: getattr(ours.Tensor, f) for f in ("tanh", "sum")}
    return replace(eager("chainrule", ours.Tensor, functions), paused=ours.gc_paused)


def micrograd() -> Engine:
    """Karpathy's micrograd; it has no tanh and no exp."""
    return class_of_scalars("micrograd", import_module("micrograd.engine").Value)


def microgpt() -> Engine:
    """Use the class beside this file."""
    return class_of_scalars("microgpt", import_module(".microgpt_style", __package__).Value)


def torch() -> Engine:
    """PyTorch, eager, float64, on one thread; a scalar is a tensor without dimensions."""
    torch = import_module("torch")
    torch.set_num_threads(1)

    def leaf(x: Any) -> Any:
        return torch.tensor(x, dtype=torch.float64, requires_grad=True)

    functions = {"tanh": torch.tanh, "exp": torch.exp, "relu": torch.relu, "sum": torch.sum}
    return replace(eager("torch", leaf, functions), native=True)


def mygrad() -> Engine:
    """MyGrad as it is installed: it guards the memory of arrays against being written to."""
    mg = import_module("mygrad")
    functions = {"tanh": mg.tanh, "exp": mg.exp, "relu": import_module("mygrad.nnet").relu, "sum": mg.sum}
    return eager("mygrad", mg.tensor, functions)


def mygrad_unguarded() -> Engine:
    """MyGrad with its memory guard off, which is faster."""
    import_module("mygrad").turn_memory_guarding_off()
    return mygrad()


def dezero() -> Engine:
    """DeZero, which still says ``np.int``."""
    setattr(import_module("numpy"), "int", int)  # noqa: B010  mypy knows that NumPy has no such name
    np = import_module("numpy")
    dezero, functions = import_module("dezero"), import_module("dezero.functions")
    return eager(
        "dezero",
        lambda x: dezero.Variable(np.array(x)),
        {f: getattr(functions, f) for f in ("tanh", "exp", "relu", "sum")},
        item=lambda y: y.data.item(),
        gradient=lambda leaf: leaf.grad.data,
    )


def hips() -> Engine:
    """HIPS autograd; leaves are plain numbers and arrays."""
    hips, np = import_module("autograd"), import_module("autograd.numpy")
    functions = {"tanh": np.tanh, "exp": np.exp, "relu": lambda x: np.maximum(x, 0.0), "sum": np.sum}
    return functional("hips", lambda x: x, functions, value_and_grad=hips.value_and_grad)


def jax(*, jit: bool = False) -> Engine:
    """JAX in float64, eager or compiled."""
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", val=True)
    np = import_module("jax.numpy")

    def value_and_grad(f: Callable[..., Any], argnums: tuple[int, ...]) -> Callable[..., Any]:
        transformed = jax.value_and_grad(f, argnums=argnums)
        compiled: Callable[..., Any] = jax.jit(transformed) if jit else transformed
        return compiled

    functions = {"tanh": np.tanh, "exp": np.exp, "relu": lambda x: np.maximum(x, 0.0), "sum": np.sum}
    return functional("jax", np.asarray, functions, value_and_grad=value_and_grad)


SCALARS: dict[str, Callable[[], Engine]] = {
    "chainrule": our_values,
    "micrograd": micrograd,
    "microgpt": microgpt,
    "torch": torch,
    "hips": hips,
    "mygrad": mygrad_unguarded,
}
ARRAYS: dict[str, Callable[[], Engine]] = {
    "chainrule": our_tensors,
    "torch": torch,
    "mygrad": mygrad,
    "mygrad.unguarded": mygrad_unguarded,
    "dezero": dezero,
    "hips": hips,
    "jax": jax,
    "jax.jit": lambda: jax(jit=True),
}
