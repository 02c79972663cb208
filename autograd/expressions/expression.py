"""Text to expression: what the command line and value files understand, without ever running text as Python.

>>> from autograd import Value
>>> y = parse("z = w*x + b; sigmoid(z)")
>>> y.names
('w', 'x', 'b')
>>> y(w=2.0, x=3.0, b=-6.0)
0.5
>>> w = Value(2.0)
>>> y(w=w, x=3.0, b=-6.0).backward(); w.grad
0.75

Types
    Expression    what ``parse`` gives: the names it needs, and how to compute it from numbers, arrays or nodes.
    Trouble       the first step whose result is not finite though its inputs were: what, where and why.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from autograd.arguments import short
from autograd.errors import ExpressionError
from autograd.expressions import whitelist
from autograd.expressions.reader import Reader, Step, flat, plain
from autograd.expressions.source import Source, did_you_mean, read
from autograd.node import Node
from autograd.operations import Structural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LARGEST = 10_000_000
"""Elements of an array that a step may make: a typing error should not fill the memory."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Where a computation first left the finite numbers."""

    step: Step
    inputs: tuple[Any, ...]
    result: Any


@dataclass(slots=True)
class Outcome:
    """What computing an expression gave: one result per expression in the text, and the parts that were named."""

    results: list[Any] = field(default_factory=list)
    parts: dict[str, Any] = field(default_factory=dict)
    trouble: Trouble | None = None


class Expression:
    """A text that was read and accepted; call it with the values of its names.

    ``names`` are the inputs in the order of first use, ``given`` the numbers that the text itself assigns
    (``w = 2; w*x``), ``constants`` those of pi and e that it uses, ``results`` the text of each result.
    """

    def __init__(self, source: Source, steps: list[Step], given: Mapping[str, list[Step]]) -> None:
        """Keep the steps; ``parse`` makes them."""
        self.source = source
        self.text = source.typed.strip()
        self.steps = tuple(steps)
        self.results = tuple(source.typed_between(s.start, s.end) for s in steps if s.action == "give")
        self.given: dict[str, Any] = {}
        for name, inner in given.items():
            outcome = self._run(inner, dict(whitelist.CONSTANTS))
            if outcome.trouble is not None:
                raise self.explain(outcome.trouble)
            result = outcome.results[0]
            self.given[name] = float(result) if isinstance(result, int) else result
        assigned = {s.what for s in steps if s.action == "name"} | set(given)
        used = dict.fromkeys(s.what for s in steps if s.action == "fetch" and s.what not in assigned)
        self.constants = tuple(n for n in used if n in whitelist.CONSTANTS)
        self.names = tuple(n for n in used if n not in whitelist.CONSTANTS)

    def places(self, name: str) -> list[Step]:
        """Give the steps that use a name."""
        return [s for s in self.steps if s.action == "fetch" and s.what == name]

    def __call__(self, **values: Any) -> Any:
        """Compute from numbers, arrays, Values or Tensors; several results come as a tuple."""
        results = self.compute(values).results
        return results[0] if len(results) == 1 else tuple(results)

    def compute(self, values: Mapping[str, Any]) -> Outcome:
        """Compute, and keep the named parts and the first step that left the finite numbers.

        Raises:
            ExpressionError: a name has no value, or a step does not accept its inputs (shapes, axes).
        """
        named = {unicodedata.normalize("NFKC", n): x for n, x in values.items()}
        return self._run(self.steps, whitelist.CONSTANTS | self.given | named)

    def _run(self, steps: Sequence[Step], known: dict[str, Any]) -> Outcome:
        """Run steps on a stack; ``known`` holds the names, and receives the parts."""
        outcome = Outcome()
        stack: list[Any] = []
        for step in steps:
            if step.action == "push":
                stack.append(step.what)
            elif step.action == "fetch":
                if step.what not in known:
                    self.refuse_name(step.what, known)
                stack.append(known[step.what])
            elif step.action == "call":
                inputs = tuple(stack[len(stack) - step.count :])
                del stack[len(stack) - step.count :]
                result = self._call(step, inputs)
                stack.append(result)
                if outcome.trouble is None and not finite(result) and all(finite(x) for x in inputs):
                    outcome.trouble = Trouble(step, inputs, result)
            elif step.action == "name":
                known[step.what] = outcome.parts[step.what] = stack[-1]
                _label(stack.pop(), step.what)
            else:
                outcome.results.append(stack.pop())
        return outcome

    def refuse_name(self, name: str, values: Mapping[str, Any]) -> NoReturn:
        """Raise: a name has no value. Say so at its first place, with the name that was perhaps meant."""
        place = self.places(name)[0]
        if name in whitelist.allowed():
            self.source.fail(f"{name!r} is a function: write {name}(…)", place.start, place.end)
        hint = did_you_mean(name, [n for n in values if n not in self.names and n not in whitelist.CONSTANTS])
        self.source.fail(f"{name!r} has no value{hint}", place.start, place.end)

    def _call(self, step: Step, inputs: tuple[Any, ...]) -> Any:
        positional = len(inputs) - len(step.keywords)
        if whitelist.takes_numbers_only(step.what):
            inputs = tuple(x if i < step.what.passive else as_number(x) for i, x in enumerate(inputs))
        else:
            self._check_parameters(step, inputs, positional)
        try:
            with np.errstate(all="ignore"):
                result = step.what(*inputs[:positional], **dict(zip(step.keywords, inputs[positional:], strict=True)))
        except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, MemoryError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            self.source.fail(reason, step.start, step.end)
        if isinstance(data := plain(result), np.ndarray) and data.size > LARGEST:
            self.source.fail(f"this array has more than {LARGEST:,} elements; build it in Python", step.start, step.end)
        return result

    def _check_parameters(self, step: Step, inputs: tuple[Any, ...], positional: int) -> None:
        """Refuse what an axis, a shape or an index cannot be, before NumPy tries."""
        what = step.what
        if isinstance(what, Structural) and not what.variadic and positional != what.arity:
            self.source.fail(f"{what.name}() takes {what.arity} array(s); got {positional}", step.start, step.end)
        parameters = [*inputs[positional:], *(inputs[1:positional] if what in whitelist.of_one_array() else ())]
        for x in flat(parameters):
            if isinstance(x, Node):
                self.source.fail(
                    "an axis or another parameter is a whole number written out, not a value with a gradient",
                    step.start,
                    step.end,
                )
        for x in flat(inputs):
            if type(x) is int and abs(x) > LARGEST:
                self.source.fail(f"{x:,} is too large for an axis, a shape or an index", step.start, step.end)

    def explain(self, trouble: Trouble) -> ExpressionError:
        """Say what made a result infinite or nan, in the words of arithmetic, with the place."""
        step = trouble.step
        shown = [_shown(x) for x in trouble.inputs]
        a, b = (*(plain(x) for x in trouble.inputs), None, None)[:2]
        written = "nan" if np.any(np.isnan(plain(trouble.result))) else _shown(trouble.result)
        name = getattr(step.what, "name", None) or getattr(step.what, "__name__", "this")
        if name in ("div", "mod", "fmod", "reciprocal") and np.any(np.asarray(a if name == "reciprocal" else b) == 0):
            quotient = " / ".join(shown) if name == "div" else f"{name} of {', '.join(shown)}"
            message = f"division by zero: {quotient} is {written}"
        elif name == "pow" and np.any((np.asarray(a) == 0) & (np.asarray(b) < 0)):
            message = f"division by zero: {' ** '.join(shown)} is {written}"
        elif (
            name in ("add", "sub", "mul", "div", "pow", "square", "exp", "exp2", "expm1", "sinh", "cosh")
            and written != "nan"
        ):
            message = f"overflow: the result is beyond the largest float (1.8e308), so it is {written}"
        else:
            message = f"{name} of {', '.join(shown)} is {written}: outside the domain of the function"
        try:
            self.source.fail(message, step.start, step.end)
        except ExpressionError as error:
            return error


def as_number(x: Any) -> Any:
    """Give whole numbers and truth values as floats.

    Python's integers have no largest one (9**9**9 would be computed in full), and NumPy computes with truth values in
    half precision.
    """
    if type(x) is int:
        return float(x)
    return x.astype(np.float64) if isinstance(x, np.ndarray) and x.dtype.kind == "b" else x


def _shown(x: Any) -> str:
    data = plain(x)
    return f"{data:.6g}" if isinstance(data, int | float) else short(data, 24)


def finite(x: Any) -> bool:
    """Tell whether all numbers in x are finite; a text or a list of nodes is not looked into."""
    data = plain(x)
    if type(data) is float:
        return math.isfinite(data)
    return not isinstance(data, np.ndarray | np.floating) or data.dtype.kind != "f" or bool(np.all(np.isfinite(data)))


def _label(x: Any, name: str) -> None:
    """Name a computed node after the part of the expression that it is; an input keeps its own name."""
    if isinstance(x, Node) and x._rule is not None and not (x._extra is not None and x._extra.name):
        x._extras().name = name


def parse(text: str) -> Expression:
    """Read one text: expressions and assignments, separated by ``;`` or by lines.

    Raises:
        InputTypeError: it is not text.
        ExpressionError: with the place, and what to write instead.
    """
    source = read(text)
    reader = Reader(source)
    return Expression(source, reader.steps(), reader.given)
