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
    from collections.abc import Callable, Iterable, Iterator


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


def tensor_contributions(node: Any, g: Any) -> Iterable[tuple[Node, Any]]:
    """Give what a Tensor sends to its tracked arguments, rule by rule, with broadcasting undone."""
    op, args, saved = node._rule, node._b, node._db
    # A Value inside an array operation gives the number that it had when the operation was computed.
    datas = [s if type(s) is float else a._data if isinstance(a, Node) else a for a, s in zip(args, saved)]  # noqa: B905  of one length
    return _of_each_number(node, g, datas) if isinstance(op, Elementwise) else _of_arrays(node, g, datas)


def _of_each_number(node: Any, g: Any, datas: list[Any]) -> Iterator[tuple[Node, Any]]:
    for slot, (a, s) in enumerate(zip(node._b, node._db)):  # noqa: B905
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


def _of_arrays(node: Any, g: Any, datas: list[Any]) -> list[tuple[Node, Any]]:
    op, args, y, params = node._rule, node._b, node._data, node._da
    if type(params) is Remembered:
        params = {**params, "memory": params.memory}
    rules, variadic = op.pullbacks, op.variadic
    sent = []
    try:
        for slot, s in enumerate(node._db):
            if s is not None:
                a, data = args[slot], datas[slot]
                c = rules[0](slot, g, y, *datas, **params) if variadic else rules[slot](g, y, *datas, **params)
                if type(c) is not np.ndarray or c.dtype is not data.dtype or c.shape != data.shape:
                    c = a._shrink(c)
                sent.append((a, c))
    except Exception as error:
        explain_failure(op, node, error)
        raise
    return sent


def only_contribution(node: Any, a: Any, g: Any) -> Any:
    """Give what a Tensor sends to its only argument, where the row has one pullback (``alone``)."""
    params = node._da
    try:
        if type(params) is Remembered:
            c = node._rule.pullbacks[0](g, node._data, a._data, memory=params.memory, **params)
        else:
            c = node._rule.pullbacks[0](g, node._data, a._data, **params)
        return a._shrink(c)
    except Exception as error:
        explain_failure(node._rule, node, error)
        raise


def _elementwise(node: Any, slot: int, g: Any, datas: list[Any]) -> Any:
    op = node._rule
    if op.on_arrays is not None:
        return op.on_arrays[slot](g, node._data, *datas)
    local = note(op, node, op.derivatives[slot - op.passive], node._data, *datas)
    return g if type(local) is int and local == 1 else g * local
