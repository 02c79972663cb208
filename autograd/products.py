"""Products with the Jacobian and the Hessian: ``vjp``, ``jvp``, ``jacobian``, ``hessian``, ``hvp``.

Sources: Griewank & Walther, *Evaluating Derivatives* (2nd ed. 2008), chapters 3 and 5; the forward product by two
reverse passes: J. Townsend, "A new trick for calculating Jacobian vector products" (2017).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import modes
from autograd.arguments import short
from autograd.errors import GradientError, InputTypeError, ShapeError
from autograd.faces import data_of
from autograd.functional import (
    Call,
    depends,
    grad,
    gradients_at,
    nested_in,
    plain_answer,
    plain_gradient,
    settled,
    zero_gradient,
)  # fmt: skip
from autograd.functions import stack
from autograd.node import Node
from autograd.rules import positive
from autograd.tensor import Tensor
from autograd.tensor_data import as_data
from autograd.trees import flatten
from autograd.value import Value, as_float

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _outputs(run: Call) -> tuple[list[Node], Callable[[list[Any]], Any]]:
    leaves, rebuild = flatten(run.raw)
    nodes = []
    for y in leaves:
        if isinstance(y, Node):
            nodes.append(y)
        elif isinstance(y, int | np.bool_ | np.integer) or (isinstance(y, np.ndarray) and y.dtype.kind in "bi"):
            raise GradientError(
                f"{run.name}: the function gave {short(y)}, which has no derivative (integers and booleans)"
            )
        elif isinstance(y, float | np.ndarray):
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
    run = Call(f, args, tuple(range(len(args))), "vjp")
    outputs, rebuild = _outputs(run)
    tracked = [y for y in outputs if y._tracked]
    nested = nested_in(run.inputs, tracked)
    run.finish()

    def pull(v: Any) -> tuple[Any, ...]:
        weights, _ = flatten(v)
        if len(weights) != len(outputs):
            raise ShapeError(f"vjp: got {len(weights)} cotangent(s) for {len(outputs)} output(s)")
        seeds = [_seed_for(y, w) for y, w in zip(outputs, weights, strict=True)]
        traced = nested or any(isinstance(s, Node) for s in seeds)
        live = [(y, s) for y, s in zip(outputs, seeds, strict=True) if y._tracked]
        gradients = gradients_at([y for y, _ in live], [s for _, s in live], run.inputs, traced=traced)
        return run.rebuilt(settled(gradients, run.inputs, traced=traced))  # type: ignore[no-any-return]

    return rebuild([y if nested and depends([y], run.inputs) else plain_answer(y) for y in outputs]), pull


def _seed_for(y: Node, w: Any, what: str = "cotangent", of: str = "an output") -> Any:
    if isinstance(w, Node) and (w._tracked or (modes.active and modes.trace_on() is not None)):
        return w
    w = data_of(w)
    if isinstance(y, Value):
        return as_float(w, f"a {what}")
    seed = as_data(w, f"a {what}", y._data.dtype)
    if seed.shape != y._data.shape:
        raise ShapeError(f"a {what} of shape {seed.shape} does not fit {of} of shape {y._data.shape}")
    return seed


def jvp(f: Callable[..., Any], primals: Any, tangents: Any) -> tuple[Any, Any]:
    """Give f(*primals) and the directional derivative J·tangents.

    ``primals`` and ``tangents`` are tuples with one entry per argument, or one number, array or node for f's only one.
    The reverse pass is linear in its cotangent; differentiating it with respect to the cotangent gives J.

    >>> jvp(lambda x, y: x * y, (3.0, 5.0), (1.0, 0.0))
    (15.0, 5.0)
    """
    if not isinstance(primals, tuple | list):
        primals, tangents = (primals,), (tangents,)
    if not isinstance(tangents, tuple | list):
        raise InputTypeError(f"jvp: tangents are a {type(primals).__name__}, as the primals are; got {short(tangents)}")
    if len(primals) != len(tangents):
        raise ShapeError(f"jvp: {len(primals)} primal(s) and {len(tangents)} tangent(s); give one tangent per argument")
    run = Call(f, primals, tuple(range(len(primals))), "jvp")
    outputs, rebuild = _outputs(run)
    directions = [d for t in tangents for d in flatten(t)[0]]
    if len(directions) != len(run.inputs):
        raise ShapeError(f"jvp: the tangents have {len(directions)} leaves and the primals {len(run.inputs)}")
    weights = [Tensor(np.zeros_like(y._data)) if isinstance(y, Tensor) else Value(0.0) for y in outputs]
    live = [(y, w) for y, w in zip(outputs, weights, strict=True) if y._tracked]
    pulled = gradients_at([y for y, _ in live], [w for _, w in live], run.inputs, traced=True)
    pairs = [
        (g, _seed_for(x, d, "tangent", "an argument"))
        for g, x, d in zip(pulled, run.inputs, directions, strict=True)
        if isinstance(g, Node) and g._tracked
    ]
    traced = nested_in(run.inputs, [y for y, _ in live]) or any(isinstance(d, Node) for _, d in pairs)
    products = gradients_at([g for g, _ in pairs], [d for _, d in pairs], weights, traced=traced)
    own = [*run.inputs, *weights]
    run.finish(*weights)
    result = []
    for p, y in zip(products, outputs, strict=True):
        if p is None:
            result.append(zero_gradient(y))
        else:
            result.append(p if traced and depends([p], own) else plain_gradient(p, y))
    return rebuild([y if traced and depends([y], run.inputs) else plain_answer(y) for y in outputs]), rebuild(result)


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
        run = Call(f, args, argnums, "jacobian")
        outputs, rebuild = _outputs(run)
        nested = nested_in(run.inputs, [y for y in outputs if y._tracked])
        blocks = [run.rebuilt(_jacobian_blocks(y, run.inputs, nested)) for y in outputs]
        run.finish()
        return rebuild(blocks)

    return jacobian_of


def _jacobian_blocks(y: Node, inputs: list[Node], nested: bool) -> list[Any]:
    rows = []
    for seed in _elements(y):
        gradients = gradients_at([y], [seed], inputs, traced=nested) if y._tracked else [None] * len(inputs)
        rows.append(settled(gradients, inputs, traced=nested))
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
