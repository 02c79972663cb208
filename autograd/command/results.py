"""What the command line computes: each result, its gradients beside central differences, and its Hessian likewise.

Types
    Result        one expression of the text: the recorded graph after its backward pass, and the comparisons.

Nothing here prints; ``report`` does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import short
from autograd.command.differences import Comparison, Vector, compare, quotient
from autograd.errors import ExpressionError, InputValueError
from autograd.expressions.expression import Expression, finite
from autograd.expressions.reader import plain
from autograd.functional import grad
from autograd.node import Node
from autograd.tensor import Tensor
from autograd.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_CHECKED = 200  # elements of large arrays that are compared with finite differences; the report says so
MOST_SECOND = 40  # numbers of which a Hessian is taken: it has the square of that many entries

Place = tuple[str, tuple[int, ...]]
"""One number among the inputs: the name, and the index when it is an array."""


@dataclass(slots=True)
class Result:
    """One expression, computed and differentiated."""

    text: str
    root: Any
    value: float
    gradients: dict[str, Any]
    comparisons: list[Comparison] = field(default_factory=list)
    unchecked: int = 0
    second: dict[str, dict[str, float]] = field(default_factory=dict)
    second_comparisons: list[Comparison] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        """Whether every derivative agrees with its finite difference."""
        return all(c.agrees for c in (*self.comparisons, *self.second_comparisons))


def inputs_of(expression: Expression, values: Mapping[str, Any]) -> list[str]:
    """Give the inputs in order of first use: a constant counts when the user gives it a value (``e=2``)."""
    return [*expression.given, *expression.names, *(c for c in expression.constants if c in values)]


def as_given(expression: Expression, values: Mapping[str, Any]) -> dict[str, Any]:
    """Add the numbers that the text itself gives (``w = 2; w*x``).

    Raises:
        InputValueError: a name has a number in the text and another one from outside, or what it has is no number.
    """
    from autograd.command.values import as_value

    for name in expression.given:
        if name in values and values[name] is not expression.given[name]:
            raise InputValueError(f"{name!r} is given twice: in the expression and as a value; leave one of them out")
    return {**values, **{n: as_value(x, f"{n} = …") for n, x in expression.given.items()}}


def missing_of(expression: Expression, values: Mapping[str, Any]) -> list[str]:
    """Give the names that still need a value."""
    return [n for n in expression.names if n not in values]


def nodes_of(names: list[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Make a fresh leaf for every input."""
    return {
        n: Tensor(values[n], name=n) if isinstance(values[n], np.ndarray) else Value(values[n], name=n) for n in names
    }


def results_of(expression: Expression, values: Mapping[str, Any], order: int = 1) -> list[Result]:
    """Compute and differentiate every result of an expression.

    Raises:
        ExpressionError: a result is infinite or nan (with the step that made it so), or is no single number.
    """
    names = inputs_of(expression, values)
    values = {**expression.given, **values}
    outcome = expression.compute(nodes_of(names, values))
    for i, x in enumerate(outcome.results):
        _check_result(expression, i, x)
    if not all(finite(x) for x in outcome.results):
        assert outcome.trouble is not None  # inputs and constants are finite, so some step was the first
        raise expression.explain(outcome.trouble)
    return [_result(expression, i, names, values, order) for i in range(len(expression.results))]


def _check_result(expression: Expression, i: int, x: Any) -> None:
    step = [s for s in expression.steps if s.action == "give"][i]
    data = plain(x)
    if isinstance(data, bool | np.bool_) or (isinstance(data, np.ndarray) and data.dtype.kind == "b"):
        expression.source.fail(
            "a comparison gives true or false, which has no derivative; use it inside where(condition, a, b)",
            step.start,
            step.end,
        )
    if isinstance(data, list | tuple | str | slice):
        expression.source.fail(
            f"the result is {short(data)}, not a number; reduce it: sum(…), mean(…)", step.start, step.end
        )
    if np.size(data) != 1:
        expression.source.fail(
            f"the result has shape {np.shape(data)}, and a gradient needs one number; reduce it: sum(…), mean(…), or "
            "take one element: (…)[0]",
            step.start,
            step.end,
        )


def _result(expression: Expression, i: int, names: list[str], values: Mapping[str, Any], order: int) -> Result:
    leaves = nodes_of(names, values)
    root = expression.compute(leaves).results[i]
    value = _number(root)
    if not isinstance(root, Value | Tensor):
        gradients = {n: np.zeros_like(values[n]) if isinstance(values[n], np.ndarray) else 0.0 for n in names}
        return Result(expression.results[i], root, value, gradients)
    root.backward()
    gradients = {
        n: leaf.grad if leaf.grad is not None else np.zeros_like(leaf._data) * 1.0 for n, leaf in leaves.items()
    }
    result = Result(expression.results[i], root, value, gradients)
    places = [(n, index) for n in names for index in np.ndindex(np.shape(values[n]))]
    checked = places if len(places) <= MOST_CHECKED else [places[k] for k in _evenly(len(places), MOST_CHECKED)]
    result.unchecked = len(places) - len(checked)

    def value_at(shifted: Mapping[str, Any]) -> Vector:
        found = expression.compute(shifted).results[i]
        # A mask such as x[x > 1] may pick another number of elements beside the point: no number there.
        return np.array([_number(found) if np.size(plain(found)) == 1 else np.nan])

    for place in checked:
        x, f = _along(value_at, names, values, place)
        q = quotient(f, x)
        result.comparisons.append(compare(_written(place), x, float(np.asarray(gradients[place[0]])[place[1]]), q, 0))
    if order > 1:
        _second(result, expression, i, names, values, places)
    return result


def _second(
    result: Result, expression: Expression, i: int, names: list[str], values: Mapping[str, Any], places: list[Place]
) -> None:
    """Add the Hessian, row by row, beside central differences of the gradient."""
    if len(places) > MOST_SECOND:
        raise InputValueError(
            f"--order 2: the inputs hold {len(places)} numbers, so the Hessian has {len(places) ** 2:,} entries; at most "
            f"{MOST_SECOND} numbers are taken here. In Python: autograd.hvp gives its products with a direction"
        )

    def gradient_at(shifted: Mapping[str, Any]) -> Vector:
        leaves = nodes_of(names, shifted)
        root = expression.compute(leaves).results[i]
        if not isinstance(root, Node) or np.size(plain(root)) != 1:
            return np.full(len(places), np.nan if isinstance(root, Node) else 0.0)
        found = grad(root, list(leaves.values()))
        return np.concatenate([np.ravel(g) for g in found]) if found else np.zeros(0)

    leaves = nodes_of(names, values)
    root = expression.compute(leaves).results[i]
    first = dict(zip(names, grad(root, list(leaves.values()), create_graph=True), strict=True))
    labels = [_written(p) for p in places]
    for (name, index), label in zip(places, labels, strict=True):
        slope = first[name][index] if index else first[name]
        if slope._tracked:
            rows = grad(slope, list(leaves.values()))
            row = np.concatenate([np.ravel(g) for g in rows])
        else:  # the gradient does not depend on anything: its derivatives are 0
            row = np.zeros(len(places))
        result.second[label] = dict(zip(labels, map(float, row), strict=True))
    for place, label in zip(places, labels, strict=True):
        x, f = _along(gradient_at, names, values, place)
        q = quotient(f, x)
        for k, other in enumerate(labels):
            result.second_comparisons.append(compare(f"{other},{label}", x, result.second[other][label], q, k))


def _along(
    f: Callable[[Mapping[str, Any]], Vector], names: list[str], values: Mapping[str, Any], place: Place
) -> tuple[float, Callable[[float], Vector]]:
    """Give one number among the inputs, and f as a function of it alone."""
    name, index = place
    base = {n: values[n] for n in names}

    def shifted(x: float) -> Vector:
        if index:
            array = np.array(values[name])
            array[index] = x
            return f({**base, name: array})
        return f({**base, name: x})

    return float(np.asarray(values[name])[index]), shifted


def _number(x: Any) -> float:
    return float(np.asarray(plain(x)).reshape(()))


def _written(place: Place) -> str:
    name, index = place
    return f"{name}[{','.join(map(str, index))}]" if index else name


def _evenly(n: int, wanted: int) -> list[int]:
    return [k * (n - 1) // (wanted - 1) for k in range(wanted)]


__all__ = ["ExpressionError", "Result", "inputs_of", "missing_of", "results_of"]
