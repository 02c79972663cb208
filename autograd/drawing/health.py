"""What is wrong with a graph's gradients, found before it is drawn: a word and a glyph for each finding.

    ○ dead         a ReLU whose input is negative: nothing flows back; and a leaf at which only zeros arrive
    ▽ vanishing    a leaf's gradient below ``VANISH``; a squashing function on its flat part (``saturated``)
    △ exploding    a leaf's gradient above ``EXPLODE``; an operation that steep (``steep``)
    ✕ NaN          the first operation whose number is not finite though its inputs are, and the first that sends
                   such a gradient back; what merely inherits it carries no flag

The thresholds are written under the heading of the picture.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.drawing.passes import size
from autograd.drawing.wording import Numbers, shorten
from autograd.graph import GraphNode
from autograd.operations import Elementwise
from autograd.symbols import formula

if TYPE_CHECKING:
    from autograd.drawing.passes import Pass
    from autograd.graph import Graph

VANISH, EXPLODE, FLAT = 1e-6, 1e3, 1e-3
LEGEND = (
    "○ dead: no gradient passes   ▽ vanishing: |g| < 1e−6, saturated: slope < 1e−3   "
    "△ exploding: |g| > 1e3, steep: slope > 1e3   ✕ first NaN or inf"
)
SQUASHING = frozenset({"sigmoid", "tanh", "softsign", "erf", "hardtanh", "hardsigmoid", "atan", "normal_cdf", "sech"})
CUTTING = frozenset({"relu", "relu6"})

Finding = tuple[str, str]
"""The sort (a key of ``palette.FLAGS``) and the words on the card."""


def diagnose(graph: Graph, backward: Pass) -> dict[int, Finding]:
    """Give the findings by position.

    >>> from autograd import Graph, Value
    >>> from autograd.drawing.passes import Pass
    >>> a = Value(-1.9, name="a")
    >>> g = Graph(a.relu() * 2)
    >>> for k, (sort, words) in diagnose(g, Pass(g)).items(): print(g[k].id, sort, words)
    a dead ○ no gradient arrives
    n1 dead ○ dead: input −1.9 < 0
    """
    found: dict[int, Finding] = {}
    seen: set[str] = set()
    for n in graph:
        finding = _of_leaf(n, backward.grad(n)) if n.is_leaf else _not_finite(n, seen) or _of_operation(n)
        if finding is not None:
            found[n.position] = finding
    origin = _bad_gradient(graph, backward)
    if origin is not None and origin[0] not in found:
        found[origin[0]] = origin[1]
    return dict(sorted(found.items()))


def _of_leaf(n: GraphNode, g: Any) -> Finding | None:
    if not n.node._tracked:
        return None
    if not bool(np.all(np.isfinite(n.data))):
        return "nan", f"✕ {_bad_word(n.data)} given as input"
    if g is None or not np.any(np.asarray(g) != 0):
        return "dead", "○ no gradient arrives"
    how_large = size(g)
    if not math.isfinite(how_large):
        return None
    if how_large < VANISH:
        return "vanishing", "▽ vanishing  |g| < 1e−6"
    if how_large > EXPLODE:
        return "exploding", "△ exploding  |g| > 1e3"
    return None


def _short(x: float) -> str:
    return Numbers(how=".3g" if 1e-3 <= abs(x) < 1e4 or x == 0 else ".1e").write(x)


def _of_operation(n: GraphNode) -> Finding | None:
    if not isinstance(n.op, Elementwise) or not n.inputs:
        return None
    name = n.op.name
    first = n.args[0]
    if name in CUTTING and isinstance(first, GraphNode):
        x = np.asarray(first.data)
        share = float(np.mean(x <= 0)) if x.size else 0.0
        if share == 1:
            what = (
                f"input {_short(float(x))} < 0"
                if x.ndim == 0 and x < 0
                else "input 0"
                if x.ndim == 0
                else f"all {x.size} inputs ≤ 0"
            )
            return "dead", f"○ dead: {what}"
        if share >= 0.9:
            return "dead", f"○ {share:.0%} dead".replace("%", " %")
        return None
    with np.errstate(all="ignore"):
        slopes = [s for s in (n.local(slot) for slot, _ in n.inputs) if s is not None]
    if not slopes:
        return None
    if name in SQUASHING:
        slope = np.abs(np.asarray(slopes[0], dtype=float))
        flat = float(np.mean(slope < FLAT)) if slope.size else 0.0
        glyph = n.op.form.glyph
        if flat == 1 and slope.ndim == 0:
            return "vanishing", f"▽ saturated: {glyph}′ = {_short(float(slope))}"
        if flat >= 0.5:
            return "vanishing", f"▽ {flat:.0%} saturated: {glyph}′ < 1e−3".replace("%", " %", 1)
        return None
    if n.op.variadic or name in ("add", "sub", "mul", "neg", "positive", "where"):
        return None
    steepest = max(float(np.max(np.abs(s))) if np.size(s) else 0.0 for s in slopes)
    if steepest > EXPLODE and steepest != float("inf"):
        return "exploding", f"△ steep: {n.op.form.glyph}′ = {_short(steepest)}"
    return None


def _bad_word(x: Any) -> str:
    return "NaN" if bool(np.any(np.isnan(x))) else "inf"


def _not_finite(n: GraphNode, seen: set[str]) -> Finding | None:
    """Flag the origin: the result is not finite, the inputs are."""
    if bool(np.all(np.isfinite(n.data))) or not all(bool(np.all(np.isfinite(a.data))) for a in n.args):
        return None
    word = _bad_word(n.data)
    first = "also" if word in seen else "first"
    seen.add(word)
    if isinstance(n.op, Elementwise) and all(np.ndim(a.data) == 0 for a in n.args):
        how = formula(n.op, [_short(float(a.data)) for a in n.args])
        if n.op.name == "sqrt":
            how = "√" + how[1:]
    else:
        how = f"{np.count_nonzero(~np.isfinite(n.data))} of {np.size(n.data)} in {n.written()}"
    return "nan", f"✕ {first} {word}: {shorten(how, 28)}"


def _bad_gradient(graph: Graph, backward: Pass) -> tuple[int, Finding] | None:
    """Find the first node, in the order of the pass, that turns a finite gradient into one that is not.

    Where a number of the forward pass is not finite, that is the origin, and this finds nothing.
    """
    if not all(bool(np.all(np.isfinite(n.data))) for n in graph):
        return None
    for n in reversed(graph.nodes):
        g = backward.grad(n)
        if g is None or n.is_leaf or not bool(np.all(np.isfinite(g))):
            continue
        for slot, amount in backward.amounts(n).items():
            if not bool(np.all(np.isfinite(amount))):
                word = _bad_word(amount)
                return n.position, ("nan", f"✕ first {word} gradient: {shorten(n.derivative(slot), 20)}")
    return None
