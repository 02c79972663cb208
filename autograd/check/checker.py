"""``check_gradients``: the check from end to end. Read this file first; the others are its steps.

subjects     what is checked, and how it is run
probe        the function reduced to one number along a line
ladder       difference quotients → a slope with an error bound
slopes       smooth, kink, jump, infinite slope, edge
verdicts     given against measured; second_look: is it rounding, or a function too fast for the steps?
directions   many elements at once, ties
locate       the guilty operation (conduct: its rule raises or writes; higher: it is guilty at order 2 alone)
report       what comes out
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd.arguments import short
from autograd.check.blocks import verified_in_blocks
from autograd.check.directions import check_directions, check_ties
from autograd.check.inputs import same_bits
from autograd.check.ladder import added
from autograd.check.orders import derived, renamed
from autograd.check.probe import Probe, cotangents
from autograd.check.report import GradientCheckError, Report
from autograd.check.slopes import Line, Slope, measure, quick, scales_at
from autograd.check.subjects import Engine, Plain, Subject
from autograd.check.verdicts import BAD, Element, Measure, hint, judge
from autograd.check.whole import check_repeats, check_shapes
from autograd.errors import GradientError, InputTypeError, InputValueError
from autograd.modes import gc_paused

if TYPE_CHECKING:
    from collections.abc import Callable

Array = np.ndarray[Any, np.dtype[Any]]
MANY = 256
"""With more elements than this, ``directions="auto"`` checks along directions."""
DIRECTIONS = 3


class Options(NamedTuple):
    """How to check; see ``check_gradients``."""

    order: int
    directions: Any
    rtol: float
    kinks: str
    locate: bool
    points: int
    seed: int


def check_gradients(
    f: Callable[..., Any],
    *inputs: Any,
    grad: Callable[..., Any] | None = None,
    vjp: Callable[..., Any] | None = None,
    wrt: Any = None,
    order: int = 1,
    directions: Any = "auto",
    rtol: float = 1e-8,
    kinks: str = "subgradient",
    locate: bool = True,
    points: int = 1,
    seed: int = 0,
) -> Report:
    """Check the gradient of ``f`` at the inputs; never raises on a mismatch.

    Args:
        f: a function of Values, Tensors, arrays of Values, or, with ``grad=`` or ``vjp=``, of numbers and arrays.
            It gives one number, an array, or a container of them.
        inputs: where to check: numbers, arrays, Values, Tensors, or nested tuples, lists and dicts of them. Whole
            numbers and booleans are handed on unchanged. A module stands for its parameters.
        grad: a hand-written gradient, ``grad(*inputs)``: one part per input (for an array-valued f, the Jacobian).
        vjp: a hand-written product ``vjp(v, *inputs)``, where ``v`` has the shape of the output.
        wrt: positions of the inputs to differentiate (all by default); or leaves and modules that f uses by itself.
        order: 2 checks the gradient of the gradient as well, and so on.
        directions: True (or how many) checks along random directions; ``"auto"`` does above 256 elements.
        rtol: the relative difference that is forgiven beyond the error bound of the numeric slope.
        kinks: ``"subgradient"`` accepts any slope between the two sides of a corner, ``"refuse"`` none.
        locate: name the guilty operation.
        points: how many points to check; the first is the one given, the others are near it.
        seed: for the cotangent, the directions and the points.

    Raises:
        InputTypeError, InputValueError: the call itself makes no sense: no inputs, a function that returns None …

    >>> report = check_gradients(lambda x: x * x, 3.0)
    >>> report.ok, report.evaluations <= 10
    (True, True)
    >>> print(check_gradients(lambda x: x * x, 3.0, grad=lambda x: 3 * x))
    <lambda>: wrong gradient: 0 verified, 1 wrong; 89 evaluations
      element  given  numeric  ± bound  verdict
      x            9        6  ...  wrong
      hint: x: the true gradient is 0.666667 times the given one, in every element
    """
    options = _options(Options(order, directions, rtol, kinks, locate, points, seed))
    subject = _subject(f, inputs, grad, vjp, wrt)
    report = Report(subject.name)
    with gc_paused():
        for point in range(options.points):
            if point:
                _move(subject, np.random.default_rng(options.seed + point))
            _check_orders(subject, options, report)
    return report


def assert_gradients(f: Callable[..., Any], *inputs: Any, **options: Any) -> None:
    """Raise ``GradientCheckError`` (an AssertionError) unless the gradient of ``f`` at the inputs is right.

    The arguments are those of ``check_gradients``. A check in which nothing could be verified fails as well.

    >>> assert_gradients(lambda x, y: (x @ y).tanh().sum(), np.ones((2, 3)), np.full((3, 2), 0.1))
    """
    __tracebackhide__ = True
    report = check_gradients(f, *inputs, **options)
    if not report.ok:
        raise GradientCheckError(report)


def _options(options: Options) -> Options:
    if not isinstance(options.order, int) or options.order < 1:
        raise InputValueError(f"order={options.order!r}: expected 1 (gradients), 2 (gradients of gradients) …")
    if options.kinks not in ("subgradient", "refuse"):
        raise InputValueError(
            f"kinks={options.kinks!r}: expected 'subgradient' (any slope between the sides) or 'refuse'"
        )
    if not (options.directions == "auto" or isinstance(options.directions, int)):
        raise InputValueError(f"directions={options.directions!r}: expected 'auto', True, False, or how many")
    if not isinstance(options.points, int) or options.points < 1:
        raise InputValueError(f"points={options.points!r}: expected at least 1")
    if not 0 <= options.rtol < 1:
        raise InputValueError(f"rtol={options.rtol!r}: expected a number from 0 to 1, such as 1e-8")
    return options


def _subject(f: Any, inputs: tuple[Any, ...], grad: Any, vjp: Any, wrt: Any) -> Subject:
    if grad is not None and vjp is not None:
        raise InputTypeError("give grad= or vjp=, not both")
    if hasattr(f, "foreign"):
        inputs = f.taken(inputs)
        vjp = f.vjp if grad is None and vjp is None else vjp
    return Engine(f, inputs, wrt) if grad is None and vjp is None else Plain(f, inputs, wrt, grad, vjp)


def _move(subject: Subject, draw: np.random.Generator) -> None:
    """Go to a point nearby: each number changes by up to a tenth of itself, and keeps its sign."""
    for leaf in subject.leaves:
        leaf.data = np.asarray(leaf.data * (1 + 0.1 * draw.uniform(-1, 1, leaf.data.shape)), dtype=leaf.data.dtype)


def _check_orders(subject: Subject, options: Options, report: Report) -> None:
    checked = subject
    for order in range(1, options.order + 1):
        before = len(report.elements)
        _check_point(checked, options, report)
        if order > 1:
            suffix = f" (order {order})"
            report.elements[before:] = [renamed(e, suffix) for e in report.elements[before:]]
            if report.culprit is None and options.locate and isinstance(subject, Engine) and report.wrong:
                from autograd.check.higher import locate_order

                report.culprit = locate_order(subject, order, options.seed, partial(_wrong, options=options))
        if order < options.order:
            checked = derived(checked, options.seed)


def _wrong(subject: Engine, options: Options) -> list[Element]:
    """Give the wrong elements of one operation alone."""
    report = Report(subject.name)
    _check_point(subject, options._replace(locate=False), report)
    return report.wrong


def _check_point(subject: Subject, options: Options, report: Report) -> None:
    """Check everything that one point can show: the function as a whole, then its elements."""
    start = [leaf.data for leaf in subject.leaves]
    weights: list[Array] = []

    def weigh(outputs: list[Array]) -> list[Array]:
        weights[:] = cotangents(outputs, options.seed)
        return weights

    try:
        outputs, gradients = subject.pull(start, weigh)
    except Exception as error:
        if not (isinstance(error, GradientError) or subject.differentiating):
            raise  # the function itself
        report.problems.append(f"the backward pass raised {type(error).__name__}: {error}")
        _blame(subject, options, report)
        return
    count = sum(y.size for y in outputs)
    if count != 1:
        report.remark = f"f gives {count} numbers; the slopes are those of Σ v·f, with a fixed random cotangent v"
    changed = subject.changed()
    report.problems.extend(f"{path} is changed in place by {who}; work on a copy" for path, who in changed.items())
    check_repeats(subject, gradients, report)
    usable = check_shapes(subject, gradients, report)
    report.evaluations += 2
    if not all(same_bits(a, b) for a, b in zip(outputs, subject.evaluate(start), strict=True)):
        report.problems.append(
            "the function is not deterministic: two calls at the same inputs differ. Fix its random seed inside, "
            "or pass the random numbers as an input"
        )
        return
    probe = Probe(subject, weights)
    total = sum(g.size for g in usable if g is not None)
    if not sum(leaf.data.size for leaf in subject.leaves):
        report.remark = "the inputs have no elements, so there is no gradient to verify"
    eps = max((float(np.finfo(leaf.dtype).eps) for leaf in subject.leaves if leaf.dtype.itemsize < 8), default=2.0**-52)
    base = Measure(options.rtol, 0.0, eps, options.kinks, max(1e-4, 64 * eps))
    many = options.directions
    if many == "auto":
        many = DIRECTIONS if total > MANY else 0
    elif many is True:
        many = DIRECTIONS
    first = len(report.elements)
    if many:
        report.elements.extend(check_directions(probe, usable, int(many), options.seed, base))
        report.covered += total
    else:
        _check_elements(subject, probe, usable, base, report, options.seed)
        report.covered += total
    if any(e.verdict == "wrong" for e in report.elements[first:]):
        from autograd.check.second_look import second_look

        report.elements[first:] = second_look(probe, weigh, usable, report.elements[first:], base, options.seed)
    report.evaluations += probe.evaluations + subject.recordings
    report.raised.extend(
        f"{name.partition(' (')[0]} at {x:.17g}: the function raised {type(error).__name__}: {short(str(error), 80)}"
        for name, x, error in probe.raised[:3]
    )
    if any(e.verdict in BAD for e in report.elements[first:]):
        _add_hints(subject, usable, report, report.elements[first:])
    elif not report.problems or "the function" in changed.values():
        return  # numbers that the function itself changed afterwards say nothing about its operations
    _blame(subject, options, report)


def _blame(subject: Subject, options: Options, report: Report) -> None:
    if options.locate and isinstance(subject, Engine):
        from autograd.check.conduct import misbehaved
        from autograd.check.locate import locate

        report.culprit = report.culprit or misbehaved(subject)
        if report.culprit is None:
            subject.again()  # so that the nodes hold the gradient itself
            report.culprit = locate(subject)


def _check_elements(
    subject: Subject, probe: Probe, gradients: list[Array | None], base: Measure, report: Report, seed: int
) -> None:
    with np.errstate(all="ignore"):
        spread = added(
            float(np.sum(np.abs(g * leaf.data)))
            for leaf, g in zip(subject.leaves, gradients, strict=True)
            if g is not None and np.all(np.isfinite(g))
        )
    corners: list[tuple[int, int, Element]] = []
    blocks = verified_in_blocks(probe, gradients, base, [abs(seed), len(report.elements)])
    for i, (leaf, g) in enumerate(zip(subject.leaves, gradients, strict=True)):
        if g is None:
            continue
        flat, shape, favourite = g.reshape(-1).tolist(), leaf.data.shape, 0.0
        for k, given in enumerate(flat):
            index = _index(k, shape)
            if (i, k) in blocks:
                numeric, bound = blocks[i, k]
                report.elements.append(Element(leaf.path, index, given, numeric, bound, 3 * bound, "ok"))
                continue
            line = probe.element(i, k)
            slope: Slope | None = None
            if math.isfinite(given):
                scales = scales_at(line.x)
                if favourite and favourite in scales[1:]:
                    scales = scales[::-1]
                slope, used = quick(line, given, max(base.rtol, 16 * base.eps), scales)
                favourite = used or favourite
            if slope is None:
                probe.expect_rounding(lambda: _rounding(subject))
                line.shake = probe.shake or 0.0
                slope = measure(line)
            conditioning = spread / max(1.0, abs(line.x)) if math.isfinite(spread) else 0.0
            element = judge(leaf.path, index, given, slope, base._replace(conditioning))
            probe.note(line, element.name)
            report.elements.append(element)
            if element.verdict == "kink":
                corners.append((i, k, element))
    if len(corners) > 1:
        report.elements.extend(check_ties(probe, corners, base))


def _index(k: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    if len(shape) < 2:
        return (k,) if shape else ()
    return tuple(int(n) for n in np.unravel_index(k, shape))


def _rounding(subject: Subject) -> float:
    """Expect from the recorded graph what rounding of f there is: each node's last digit, times its adjoint."""
    if not isinstance(subject, Engine) or len(subject.roots) != 1:
        return 0.0
    from autograd.graph import Graph

    subject.again()
    total = 0.0
    with np.errstate(all="ignore"):
        for n in Graph(subject.roots[0]):
            if n.op is not None and n.grad is not None:
                total += float(np.sum(np.square(np.asarray(n.grad, float) * np.asarray(n.data, float))))
    return 2.0**-52 * math.sqrt(total) if math.isfinite(total) else 0.0


def _add_hints(subject: Subject, gradients: list[Array | None], report: Report, elements: list[Element]) -> None:
    for leaf, g in zip(subject.leaves, gradients, strict=True):
        own = [e for e in elements if e.path == leaf.path and e.index is not None]
        if g is None or not any(e.verdict in BAD for e in own) or len(own) != max(g.size, 1):
            continue
        # an element with a note (a corner, a jump) has no single slope, so no pattern can be read off it
        numeric = np.array([math.nan if e.note else e.numeric for e in own]).reshape(g.shape)
        found = hint(g, numeric)
        if found:
            report.hints.append(f"{leaf.path}: {found}")


__all__ = ["Line", "assert_gradients", "check_gradients"]
