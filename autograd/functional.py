"""Gradients of functions and of recorded values, to any order: ``grad`` and ``value_and_grad``.

How nesting stays right. A function is differentiated at *fresh* inputs: a plain number becomes a new leaf, a
tracked value becomes a new node that equals it. So each level of differentiation has inputs of its own, and
perturbations of different levels cannot mix. A result is a plain number unless it depends on something tracked
that is not its own input; then it is a node, and can be differentiated further.

Source: Griewank & Walther, *Evaluating Derivatives* (2nd ed. 2008), chapters 3 and 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import engine, modes
from autograd.arguments import as_array, short
from autograd.errors import GradientError, InputTypeError, InputValueError, ShapeError
from autograd.faces import data_of
from autograd.node import Node
from autograd.rules import positive
from autograd.tensor import Tensor
from autograd.trees import flatten
from autograd.value import Value, as_float

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def fresh(x: Any) -> Node:
    """Give an input of its own for one differentiation: a new leaf, or a new node equal to a tracked one."""
    if isinstance(x, Node):
        if x._tracked:
            with modes.enable_grad():
                return positive(x)  # type: ignore[no-any-return]
        if modes.active and (trace := modes.trace_on()) is not None and (trace.whole or isinstance(x, Value)):
            return trace.equal_leaf(x)  # type: ignore[no-any-return]
        return Tensor(x._data) if isinstance(x, Tensor) else Value(x._data)
    if isinstance(x, list | np.ndarray) and np.ndim(as_array(x)):
        return Tensor(x)
    return Value(as_float(x, "a function to differentiate"))


def plain_gradient(g: Any, like: Any) -> Any:
    """Give a gradient without its graph, as a float or an array, in the form of the input."""
    if modes.active and isinstance(g, Node) and modes.trace_on() is not None:
        return g
    data = data_of(g)
    if isinstance(like, Value):
        return float(data)
    return np.array(np.broadcast_to(data, np.shape(like._data)), dtype=like._data.dtype)


def zero_gradient(node: Any) -> Any:
    """Give the gradient of something that does not depend on ``node``."""
    return 0.0 if isinstance(node, Value) else np.zeros_like(node._data)


def depends(results: Sequence[Any], own: Sequence[Node]) -> bool:
    """Tell whether any result depends on a tracked leaf that is neither in ``own`` nor spent.

    An own input that equals an outer tracked value is no leaf, and the walk goes on to that value.
    """
    if modes.active and modes.trace_on() is not None:  # while a program is traced, every result stays a node
        return any(isinstance(r, Node) for r in results)
    inputs = {id(n) for n in own if n._rule is None}
    seen: set[int] = set()
    todo = [r for r in results if isinstance(r, Node) and r._tracked]
    while todo:
        node = todo.pop()
        if id(node) in seen or id(node) in inputs:
            continue
        seen.add(id(node))
        if node._rule is None and not (node._extra is not None and node._extra.spent):
            return True
        todo.extend(a for a in node._arguments() if isinstance(a, Node) and a._tracked)
    return False


def nested_in(inputs: Sequence[Node], outputs: Sequence[Node]) -> bool:
    """Tell whether the gradient may have to be differentiable: something else that is tracked takes part."""
    return any(x._rule is not None for x in inputs) or depends(outputs, inputs)


def gradients_at(
    outputs: Sequence[Node],
    seeds: Sequence[Any],
    inputs: Sequence[Node],
    *,
    traced: bool,
) -> list[Any]:
    """Give the gradient of Σ seed·output at each input; None where nothing arrives."""
    found = engine.adjoints(outputs, seeds, targets=inputs, traced=traced)
    return [found.get(x) for x in inputs]


def settled(gradients: list[Any], inputs: Sequence[Node], *, traced: bool) -> list[Any]:
    """Give plain numbers where nothing tracked is behind a gradient, and nodes where something is."""
    result = []
    for g, x in zip(gradients, inputs, strict=True):
        if g is None:
            result.append(zero_gradient(x))
        elif traced and depends([g], inputs):
            result.append(g)
        else:
            result.append(plain_gradient(g, x))
    return result


class Call:
    """One call of a function at fresh inputs: the arguments that are differentiated, and what came out."""

    def __init__(self, f: Callable[..., Any], args: Sequence[Any], argnums: int | Sequence[int], name: str) -> None:
        if not callable(f):
            raise InputTypeError(f"{name} takes a function; got {short(f)}")
        self.name = name
        self.single = isinstance(argnums, int)
        wanted: list[Any] = list(argnums) if isinstance(argnums, tuple | list) else [argnums]
        for i in wanted:
            if not isinstance(i, int) or not -len(args) <= i < len(args):
                raise InputValueError(f"{name}: argnums={argnums!r} does not fit {len(args)} argument(s)")
        if len({i % len(args) for i in wanted}) < len(wanted):
            raise InputValueError(f"{name}: argnums={argnums!r} names an argument twice")
        self.trees = []
        self.inputs: list[Node] = []
        full = list(args)
        for i in wanted:
            leaves, rebuild = flatten(args[i])
            own = [fresh(leaf) for leaf in leaves]
            full[i] = rebuild(list(own))
            self.trees.append((len(own), rebuild))
            self.inputs.extend(own)
        with modes.enable_grad():
            self.raw = f(*full)

    def scalar(self) -> Node:
        """Give the result as one number that can be differentiated."""
        y = self.raw
        if isinstance(y, np.ndarray) and y.ndim == 0:
            y = y[()]
        if not isinstance(y, Node):
            if isinstance(y, float | np.floating):
                return Value(y).detach()
            raise GradientError(
                f"{self.name}: the function gave {short(y)} ({type(y).__name__}), which has no derivative. Return a real "
                "number computed from the arguments with autograd's functions (argmax, comparisons and rounding to "
                "integers have none; a constant is written as a float: 3.0)"
            )
        if isinstance(y, Tensor) and y.size != 1:
            raise ShapeError(
                f"{self.name} needs a function that gives one number; this one gave shape {y.shape}. Reduce it "
                "(.sum(), .mean()), or use jacobian"
            )
        return y

    def rebuilt(self, gradients: list[Any]) -> Any:
        """Put gradients into the containers of the arguments."""
        supply = iter(gradients)
        parts = [rebuild([next(supply) for _ in range(n)]) for n, rebuild in self.trees]
        return parts[0] if self.single else tuple(parts)

    def finish(self, *others: Node) -> None:
        """Mark the private inputs as spent: what still refers to them does not depend on them for anybody else."""
        for x in (*self.inputs, *others):
            if x._rule is None:
                x._extras().spent = True


def one(y: Node) -> Any:
    """Give the seed of a backward pass that starts at one number."""
    return 1.0 if isinstance(y, Value) else np.ones_like(y._data)


def value_and_grad(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., tuple[Any, Any]]:
    """Turn f into a function that gives its value and its gradient.

    Args:
        f: a function of numbers, arrays or containers of them, that gives one number.
        argnums: which argument to differentiate; several give a tuple.

    >>> value_and_grad(lambda x, y: x * x * y)(3.0, 2.0)
    (18.0, 12.0)
    """

    def both(*args: Any, **named: Any) -> tuple[Any, Any]:
        run = Call((lambda *a: f(*a, **named)) if named else f, args, argnums, "grad")
        y = run.scalar()
        if not y._tracked:
            return plain_answer(y), run.rebuilt([zero_gradient(x) for x in run.inputs])
        traced = nested_in(run.inputs, [y])
        gradients = gradients_at([y], [one(y)], run.inputs, traced=traced)
        value = y if traced and depends([y], run.inputs) else plain_answer(y)
        answers = run.rebuilt(settled(gradients, run.inputs, traced=traced))
        run.finish()
        return value, answers

    both.__name__ = f"value_and_grad_of_{getattr(f, '__name__', 'function')}"
    both.__doc__ = getattr(f, "__doc__", None)
    return both


def plain_answer(y: Node) -> Any:
    """Give the value of a result as a plain number or array."""
    if modes.active and modes.trace_on() is not None:
        return y
    return y._data if isinstance(y, Value) else float(y._data) if not y._data.ndim else y._data


def grad(
    f: Any,
    argnums: Any = 0,
    *,
    gradient: Any = None,
    create_graph: bool = False,
    allow_unused: bool = True,
) -> Any:
    """Differentiate a function, or a recorded value.

    ``grad(f, argnums=0)`` gives the function ∂f/∂argument. Nest it for higher orders.
    ``grad(y, [a, b])`` gives ∂y/∂a and ∂y/∂b of a recorded value, and leaves every ``.grad`` alone; with
    ``create_graph=True`` the results can be differentiated again. ``grad(y, x)`` for one input gives one gradient.

    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    >>> x = Value(3.0)
    >>> grad(x * x, [x])
    [6.0]
    """
    outputs = [f] if isinstance(f, Node) else f
    if isinstance(outputs, list | tuple) and outputs and all(isinstance(y, Node) for y in outputs):
        if isinstance(f, Node) and gradient is not None:
            gradient = [gradient]
        return _grad_of_recorded(list(outputs), argnums, gradient, create_graph, allow_unused)
    if isinstance(f, int | float | str | np.ndarray | list | tuple) or f is None:
        raise InputTypeError(f"grad takes a function, or a recorded Value or Tensor; got {short(f)}")
    run = value_and_grad(f, argnums)

    def gradient_of(*args: Any, **named: Any) -> Any:
        return run(*args, **named)[1]

    gradient_of.__name__ = f"grad_of_{getattr(f, '__name__', 'function')}"
    return gradient_of


def _grad_of_recorded(ys: list[Any], wanted: Any, gradient: Any, create_graph: bool, allow_unused: bool) -> Any:
    single = isinstance(wanted, Node)
    if not create_graph and modes.active and modes.trace_on() is not None:
        # A plain number would be a constant of the program that is traced.
        found = _grad_of_recorded(ys, wanted, gradient, True, allow_unused)
        nodes, rebuild = flatten(found)
        return rebuild([g.detach() if isinstance(g, Value) else g for g in nodes])
    leaves, rebuild = flatten([wanted] if single else list(wanted) if isinstance(wanted, tuple | list) else wanted)
    for x in leaves:
        if not isinstance(x, Node):
            raise InputTypeError(f"grad(y, inputs) takes Values or Tensors as inputs; got {short(x)}")
    given = (
        [None] * len(ys) if gradient is None else list(gradient) if isinstance(gradient, list | tuple) else [gradient]
    )
    if len(given) != len(ys):
        raise ShapeError(f"grad: {len(given)} gradient(s) for {len(ys)} output(s); give one per output, or none")
    seeds = []
    for y, s in zip(ys, given, strict=True):
        if not y._tracked:
            raise GradientError(f"{y!r} is a constant: it has no graph to differentiate")
        keep = isinstance(s, Node) and create_graph
        seeds.append(
            s if keep else y._seed(s) if isinstance(y, Tensor) else 1.0 if s is None else as_float(data_of(s), "grad()")
        )
    found = engine.adjoints(ys, seeds, targets=leaves, traced=create_graph)
    results = []
    for x in leaves:
        g = found.get(x)
        if g is None:
            if not allow_unused:
                raise GradientError(
                    f"{x!r} was not used to compute {ys[0]!r}; leave it out, or pass allow_unused=True for 0"
                )
            g = zero_gradient(x)
        if create_graph and not isinstance(g, Node):
            g = Tensor(g).detach() if isinstance(x, Tensor) else Value(g).detach()
        elif not create_graph:
            g = plain_gradient(g, x)
        results.append(g)
    tree = rebuild(results)
    return tree[0] if single else tree
