"""What one node sends to its arguments when a gradient arrives: as numbers, or recorded to be differentiated again.

``contributions`` reads what the node has kept; ``traced_contributions`` applies the rules of the table to the nodes
themselves. The sweep in ``engine`` has the plain ones inline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.nary import Nary
from autograd.node import Node, Remembered
from autograd.operations import Elementwise
from autograd.soundness import check_fresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def contributions(node: Node, g: Any) -> Iterator[tuple[Node, Any]]:
    """Give what ``node`` sends to each of its tracked arguments when gradient ``g`` arrives at it."""
    return node._contributions(g) if node._is_general() else _of_two(node, g)


def _of_two(node: Node, g: Any) -> Iterator[tuple[Node, Any]]:
    if node._a is not None:
        yield node._a, g * node._da
    if node._b is not None:
        yield node._b, g * node._db


def traced_contributions(node: Node, g: Any) -> Iterator[tuple[Node, Any]]:
    """Give the same, recorded: the rules are applied to the nodes themselves instead of to their data."""
    rule = node._rule
    args = node._arguments()
    check_fresh(node)
    parameters = node._parameters()
    partials = note(rule, node, rule.partials, node, *args) if isinstance(rule, Nary) else None
    for slot, a in enumerate(args):
        if not (isinstance(a, Node) and a._tracked):
            continue
        if partials is not None:
            local = partials[slot]
            c = g if type(local) is int and local == 1 else g * local
        elif isinstance(rule, Elementwise):
            derivative = rule.derivatives[slot - rule.passive]
            try:
                local = note(rule, node, derivative, node, *args)
            except (
                ZeroDivisionError,
                OverflowError,
            ):  # a plain number beside the node, such as x / 0: IEEE has an answer
                numbers = (np.float64(x) if isinstance(x, int | float) else x for x in args)
                local = note(rule, node, derivative, node, *numbers)
                local = float(local) if isinstance(local, np.floating) else local
            plain = local._data if isinstance(local, Node) and not local._tracked else local
            if type(plain) is np.ndarray:  # where(condition, 1, 0) cannot know that float32 is wanted
                local = plain.astype(np.result_type(node._data), copy=False)
            c = g if type(local) in (int, float) and local == 1 else g * local
        else:
            c = note(rule, node, rule.pullback(slot), g, node, *args, **parameters)
        yield a, a._fit(c)


def note(rule: Any, node: Node, derivative: Callable[..., Any], *args: Any, **params: Any) -> Any:
    """Apply a rule; an exception from inside it gains a note that names the operation and the node."""
    try:
        return derivative(*args, **params)
    except Exception as error:
        explain_failure(rule, node, error)
        raise


def explain_failure(rule: Any, node: Node, error: Exception) -> None:
    """Add to an exception which operation was being differentiated, and which node."""
    name = node._extra.name if node._extra else None
    error.add_note(f"while differentiating {rule.name}" + (f" (node {name!r})" if name else ""))


def tensor_contributions(node: Any, g: Any) -> Iterator[tuple[Node, Any]]:
    """Give what a Tensor sends to its tracked arguments, rule by rule, with broadcasting undone."""
    op, args, saved = node._rule, node._b, node._db
    datas = []
    for a, s in zip(args, saved):  # noqa: B905  of one length
        # A Value inside an array operation gives the number that it had when the operation was computed.
        datas.append(s if type(s) is float else a._data if isinstance(a, Node) else a)
    y = node._data
    if isinstance(op, Elementwise):
        for slot, (a, s) in enumerate(zip(args, saved)):  # noqa: B905
            if s is None:
                continue
            try:
                c = _elementwise(node, slot, g, datas)
            except (
                ZeroDivisionError,
                OverflowError,
            ):  # a plain number beside the array, such as x / 0: IEEE has an answer
                c = _elementwise(node, slot, g, [np.float64(d) if isinstance(d, int | float) else d for d in datas])
            yield a, a._shrink(c)
        return
    params = node._da
    if type(params) is Remembered:
        params = {**params, "memory": params.memory}
    rules = op.pullbacks
    try:
        for slot, (a, s) in enumerate(zip(args, saved)):  # noqa: B905
            if s is not None:
                lead = (slot, g, y) if op.variadic else (g, y)
                yield a, a._shrink(rules[0 if op.variadic else slot](*lead, *datas, **params))
    except Exception as error:
        explain_failure(op, node, error)
        raise


def _elementwise(node: Any, slot: int, g: Any, datas: list[Any]) -> Any:
    op = node._rule
    if op.on_arrays is not None:
        return op.on_arrays[slot](g, node._data, *datas)
    local = note(op, node, op.derivatives[slot - op.passive], node._data, *datas)
    return g if type(local) is int and local == 1 else g * local
