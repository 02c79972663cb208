"""Derivatives of functions and of recorded values, to any order: ``grad``, ``jacobian``, ``hvp`` and the rest.

How nesting stays right. A function is differentiated at *fresh* inputs: a plain number becomes a new leaf, a
tracked value becomes a new node that equals it. So each level of differentiation has inputs of its own, and
perturbations of different levels cannot mix. A result is a plain number unless it depends on something tracked
that is not its own input; then it is a node, and can be differentiated further.

Sources: Griewank & Walther, *Evaluating Derivatives* (2nd ed. 2008), chapters 3 and 5; the forward product by two
reverse passes: J. Townsend, "A new trick for calculating Jacobian vector products" (2017).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import engine, modes
from autograd.errors import GradientError, InputTypeError, InputValueError, ShapeError
from autograd.functions import stack
from autograd.node import Node
from autograd.operation import as_array, short
from autograd.rules import positive
from autograd.tensor import Tensor, as_data
from autograd.trees import flatten
from autograd.value import Value, as_float, data_of
from autograd.zoom import element

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _fresh(x: Any) -> Node:
    """Give an input of its own for one differentiation: a new leaf, or a new node equal to a tracked one."""
    if isinstance(x, Node):
        if x._tracked:
            with modes.enable_grad():
                return positive(x)  # type: ignore[no-any-return]
        return Tensor(x._data) if isinstance(x, Tensor) else Value(x._data)
    if isinstance(x, list | np.ndarray) and np.ndim(as_array(x)):
        return Tensor(x)
    return Value(as_float(x, "a function to differentiate"))


def _plain(g: Any, like: Any) -> Any:
    """Give a gradient without its graph, as a float or an array, in the form of the input."""
    data = data_of(g)
    if isinstance(like, Value):
        return float(data)
    return np.array(np.broadcast_to(data, np.shape(like._data)), dtype=like._data.dtype)


def _missing(node: Any) -> Any:
    return 0.0 if isinstance(node, Value) else np.zeros_like(node._data)


def _depends(results: Sequence[Any], own: Sequence[Node]) -> bool:
    """Tell whether any result depends on a tracked leaf that is not one of ``own``."""
    inputs = {id(n) for n in own}
    seen: set[int] = set()
    todo = [r for r in results if isinstance(r, Node) and r._tracked]
    while todo:
        node = todo.pop()
        if id(node) in seen or id(node) in inputs:
            continue
        seen.add(id(node))
        if node._rule is None:
            return True
        todo.extend(a for a in node._arguments() if isinstance(a, Node) and a._tracked)
    return False


def _nested(inputs: Sequence[Node], outputs: Sequence[Node]) -> bool:
    """Tell whether the gradient may have to be differentiable: something else that is tracked takes part."""
    return any(x._rule is not None for x in inputs) or _depends(outputs, inputs)


def _gradients(
    outputs: Sequence[Node],
    seeds: Sequence[Any],
    inputs: Sequence[Node],
    *,
    traced: bool,
) -> list[Any]:
    found = engine.adjoints(outputs, seeds, targets=inputs, traced=traced)
    return [found.get(x) for x in inputs]


def _settled(gradients: list[Any], inputs: Sequence[Node], *, traced: bool) -> list[Any]:
    """Give plain numbers where nothing tracked is behind a gradient, and nodes where something is."""
    result = []
    for g, x in zip(gradients, inputs, strict=True):
        if g is None:
            result.append(_missing(x))
        elif traced and (x._rule is not None or _depends([g], inputs)) and _depends([g], [x] if x._rule is None else []):
            result.append(g)
        else:
            result.append(_plain(g, x))
    return result


class _Call:
    """One call of a function at fresh inputs: the arguments that are differentiated, and what came out."""

    def __init__(self, f: Callable[..., Any], args: Sequence[Any], argnums: int | Sequence[int], name: str) -> None:
        if not callable(f):
            raise InputTypeError(f"{name} takes a function; got {short(f)}")
        self.name = name
        self.single = isinstance(argnums, int)
        wanted = [argnums] if isinstance(argnums, int) else list(argnums)
        for i in wanted:
            if not isinstance(i, int) or not -len(args) <= i < len(args):
                raise InputValueError(f"{name}: argnums={argnums!r} does not fit {len(args)} argument(s)")
        self.trees = []
        self.inputs: list[Node] = []
        full = list(args)
        for i in wanted:
            leaves, rebuild = flatten(args[i])
            fresh = [_fresh(leaf) for leaf in leaves]
            full[i] = rebuild(list(fresh))
            self.trees.append((len(fresh), rebuild))
            self.inputs.extend(fresh)
        with modes.enable_grad():
            self.raw = f(*full)

    def scalar(self) -> Node:
        """Give the result as one number that can be differentiated."""
        y = self.raw
        if isinstance(y, np.ndarray) and y.ndim == 0:
            y = y[()]
        if not isinstance(y, Node):
            if isinstance(y, int | float | np.number) and not isinstance(y, bool | np.integer):
                return Value(y)
            raise GradientError(
                f"{self.name}: the function gave {short(y)} ({type(y).__name__}), which has no derivative. Return a real "
                "number computed from the arguments with autograd's functions (argmax, comparisons and rounding to "
                "integers have none)"
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


def _one(y: Node) -> Any:
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
        run = _Call((lambda *a: f(*a, **named)) if named else f, args, argnums, "grad")
        y = run.scalar()
        if not y._tracked:
            return _answer(y), run.rebuilt([_missing(x) for x in run.inputs])
        traced = _nested(run.inputs, [y])
        gradients = _gradients([y], [_one(y)], run.inputs, traced=traced)
        value = y if traced and _depends([y], run.inputs) else _answer(y)
        return value, run.rebuilt(_settled(gradients, run.inputs, traced=traced))

    both.__name__ = f"value_and_grad_of_{getattr(f, '__name__', 'function')}"
    both.__doc__ = getattr(f, "__doc__", None)
    return both


def _answer(y: Node) -> Any:
    """Give the value of a result as a plain number or array."""
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
    leaves, rebuild = flatten([wanted] if single else list(wanted) if isinstance(wanted, tuple | list) else wanted)
    for x in leaves:
        if not isinstance(x, Node):
            raise InputTypeError(f"grad(y, inputs) takes Values or Tensors as inputs; got {short(x)}")
    given = [gradient] if len(ys) == 1 and not isinstance(gradient, list | tuple) else gradient or [None] * len(ys)
    seeds = []
    for y, s in zip(ys, given, strict=True):
        if not y._tracked:
            raise GradientError(f"{y!r} is a constant: it has no graph to differentiate")
        keep = isinstance(s, Node) and create_graph
        seeds.append(s if keep else y._seed(s) if isinstance(y, Tensor) else 1.0 if s is None else as_float(data_of(s), "grad()"))
    found = engine.adjoints(ys, seeds, targets=leaves, traced=create_graph)
    results = []
    for x in leaves:
        g = found.get(x)
        if g is None:
            if not allow_unused:
                raise GradientError(f"{x!r} was not used to compute {ys[0]!r}; leave it out, or pass allow_unused=True for 0")
            g = _missing(x)
        if create_graph and not isinstance(g, Node):
            g = Tensor(g).detach() if isinstance(x, Tensor) else Value(g).detach()
        elif not create_graph:
            g = _plain(g, x)
        results.append(g)
    tree = rebuild(results)
    return tree[0] if single else tree


def _outputs(run: _Call) -> tuple[list[Node], Callable[[list[Any]], Any]]:
    leaves, rebuild = flatten(run.raw)
    nodes = []
    for y in leaves:
        if isinstance(y, Node):
            nodes.append(y)
        elif isinstance(y, bool | np.bool_ | np.integer) or (isinstance(y, np.ndarray) and y.dtype.kind in "bi"):
            raise GradientError(f"{run.name}: the function gave {short(y)}, which has no derivative (integers and booleans)")
        elif isinstance(y, int | float | np.ndarray):
            nodes.append(Value(y).detach() if np.ndim(y) == 0 else Tensor(y).detach())
        else:
            raise GradientError(f"{run.name}: the function gave {short(y)} ({type(y).__name__}); expected real numbers")
    return nodes, rebuild


def vjp(f: Callable[..., Any], *args: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """Give f(*args) and the function v ↦ vᵀJ, one gradient per argument.

    >>> y, pull = vjp(lambda x: x * x, np.array([1.0, 2.0]))
    >>> y, pull(np.array([1.0, 10.0]))
    (array([1., 4.]), (array([ 2., 40.]),))
    """
    run = _Call(f, args, tuple(range(len(args))), "vjp")
    outputs, rebuild = _outputs(run)
    tracked = [y for y in outputs if y._tracked]
    nested = _nested(run.inputs, tracked)

    def pull(v: Any) -> tuple[Any, ...]:
        weights, _ = flatten(v)
        if len(weights) != len(outputs):
            raise ShapeError(f"vjp: got {len(weights)} cotangent(s) for {len(outputs)} output(s)")
        seeds = [_seed_for(y, w) for y, w in zip(outputs, weights, strict=True)]
        traced = nested or any(isinstance(s, Node) for s in seeds)
        live = [(y, s) for y, s in zip(outputs, seeds, strict=True) if y._tracked]
        gradients = _gradients([y for y, _ in live], [s for _, s in live], run.inputs, traced=traced)
        return run.rebuilt(_settled(gradients, run.inputs, traced=traced))  # type: ignore[no-any-return]

    return rebuild([y if nested and _depends([y], run.inputs) else _answer(y) for y in outputs]), pull


def _seed_for(y: Node, w: Any) -> Any:
    if isinstance(w, Node) and w._tracked:
        return w
    w = data_of(w)
    if isinstance(y, Value):
        return as_float(w, "a cotangent")
    seed = as_data(w, "a cotangent", y._data.dtype)
    if seed.shape != y._data.shape:
        raise ShapeError(f"a cotangent of shape {seed.shape} does not fit an output of shape {y._data.shape}")
    return seed


def jvp(f: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """Give f(*primals) and the directional derivative J·tangents.

    The reverse pass is linear in its cotangent; differentiating it with respect to the cotangent gives J.

    >>> jvp(lambda x, y: x * y, (3.0, 5.0), (1.0, 0.0))
    (15.0, 5.0)
    """
    if len(primals) != len(tangents):
        raise ShapeError(f"jvp: {len(primals)} primal(s) and {len(tangents)} tangent(s); give one tangent per argument")
    run = _Call(f, primals, tuple(range(len(primals))), "jvp")
    outputs, rebuild = _outputs(run)
    directions = [d for t in tangents for d in flatten(t)[0]]
    if len(directions) != len(run.inputs):
        raise ShapeError(f"jvp: the tangents have {len(directions)} leaves and the primals {len(run.inputs)}")
    weights = [Tensor(np.zeros_like(y._data)) if isinstance(y, Tensor) else Value(0.0) for y in outputs]
    live = [(y, w) for y, w in zip(outputs, weights, strict=True) if y._tracked]
    pulled = _gradients([y for y, _ in live], [w for _, w in live], run.inputs, traced=True)
    pairs = [
        (g, _seed_for(x, d)) for g, x, d in zip(pulled, run.inputs, directions, strict=True) if isinstance(g, Node) and g._tracked
    ]
    traced = _nested(run.inputs, [y for y, _ in live]) or any(isinstance(d, Node) for _, d in pairs)
    products = _gradients([g for g, _ in pairs], [d for _, d in pairs], weights, traced=traced)
    own = [*run.inputs, *weights]
    result = []
    for p, y in zip(products, outputs, strict=True):
        if p is None:
            result.append(_missing(y))
        else:
            result.append(p if traced and _depends([p], own) else _plain(p, y))
    return rebuild([y if traced and _depends([y], run.inputs) else _answer(y) for y in outputs]), rebuild(result)


def _elements(y: Node) -> list[Any]:
    """Give a seed for each element of an output."""
    if isinstance(y, Value):
        return [1.0]
    seeds = []
    for i in range(y._data.size):
        seed = np.zeros(y._data.size, y._data.dtype)
        seed[i] = 1
        seeds.append(seed.reshape(y._data.shape))
    return seeds


def jacobian(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Turn f into a function that gives all partial derivatives: shape of the output, then shape of the input.

    >>> jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    def jacobian_of(*args: Any) -> Any:
        run = _Call(f, args, argnums, "jacobian")
        outputs, rebuild = _outputs(run)
        nested = _nested(run.inputs, [y for y in outputs if y._tracked])
        return rebuild([run.rebuilt(_jacobian_blocks(y, run.inputs, nested)) for y in outputs])

    return jacobian_of


def _jacobian_blocks(y: Node, inputs: list[Node], nested: bool) -> list[Any]:
    rows = []
    for seed in _elements(y):
        gradients = _gradients([y], [seed], inputs, traced=nested) if y._tracked else [None] * len(inputs)
        rows.append(_settled(gradients, inputs, traced=nested))
    blocks = []
    for k, x in enumerate(inputs):
        column = [row[k] for row in rows]
        if isinstance(y, Value):
            blocks.append(column[0])
            continue
        shape = y._data.shape + np.shape(x._data)
        if any(isinstance(c, Node) for c in column):
            joined = stack([c if isinstance(c, Tensor) else positive_tensor(c, x) for c in column])
            blocks.append(joined.reshape(shape))
        else:
            blocks.append(np.array(column, dtype=np.result_type(y._data, x._data)).reshape(shape))
    return blocks


def positive_tensor(c: Any, like: Node) -> Any:
    """Give a number or Value as part of a Tensor graph."""
    if isinstance(c, Value):
        return Tensor._operate(positive, (c,), {})
    return np.broadcast_to(np.asarray(c, dtype=np.float64), np.shape(like._data))


def hessian(f: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Turn f, which gives one number, into a function that gives its second derivatives.

    With several ``argnums`` the result is a tuple of tuples: block (i, j) belongs to arguments i and j.

    >>> hessian(lambda x: (x**3).sum())(np.array([1.0, 2.0]))
    array([[ 6.,  0.],
           [ 0., 12.]])
    """
    return jacobian(grad(f, argnums), argnums)


def hvp(f: Callable[..., Any], primals: Any, tangents: Any) -> Any:
    """Give the product of the Hessian of f with a direction, without forming the Hessian.

    ``primals`` and ``tangents`` are one argument each, or tuples with one entry per argument.

    >>> hvp(lambda x: (x**3).sum(), np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    array([6., 0.])
    """
    single = not isinstance(primals, tuple)
    points = (primals,) if single else primals
    directions = (tangents,) if single else tangents
    _, product = jvp(grad(f, tuple(range(len(points)))), points, directions)
    return product[0] if single else product


__all__ = ["element", "grad", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"]
