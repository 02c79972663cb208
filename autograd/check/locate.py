"""The locator: which operation is to blame for a wrong gradient.

Two searches over the recorded graph. First every node, inputs first: what it sends to each argument is compared with
differences of its own forward pass at the recorded numbers. If all rules are right, the engine must have added up or
passed on something wrong: the accumulation is done again here, from the rules that were just verified, and the first
node, from the result downwards, whose gradient differs is named with the operation that should have sent it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import engine
from autograd.arguments import short
from autograd.check.ladder import EPS, added
from autograd.check.probe import cotangents
from autograd.check.report import Culprit
from autograd.check.slopes import Line, Slope, measure, quick, scales_at
from autograd.check.verdicts import BAD, Element, Measure, judge
from autograd.graph import Graph, GraphNode
from autograd.modes import record_lines
from autograd.node import Node
from autograd.operations import Elementwise
from autograd.scatter import Scatter
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.check.subjects import Engine

Array = np.ndarray[Any, np.dtype[Any]]
ELEMENTS = 24
"""How many elements of one argument are compared one by one; the others along a direction."""
NODES = 20_000
"""How many nodes of a graph are looked at."""


def locate(subject: Engine) -> Culprit | None:
    """Name the operation to blame for the gradient that the subject's latest pass computed; None if none is found."""
    for root, seed in zip(subject.roots, subject.seeds, strict=True):
        graph = Graph(root)
        for node in graph.nodes[:NODES]:
            if node.op is None:
                continue
            culprit = check_node(node, len(graph))
            if culprit is not None:
                return with_line(culprit, subject, root)
        culprit = _accumulated(graph, root, seed)
        if culprit is not None:
            return with_line(culprit, subject, root)
    return None


def tracked_slots(node: GraphNode) -> list[tuple[int, Any]]:
    """Give the arguments of a node that have a gradient, with their places."""
    passive = node.op.passive if isinstance(node.op, Elementwise) else 0
    args = node.node._arguments()
    return [(slot, a) for slot, a in enumerate(args) if slot >= passive and isinstance(a, Node) and a._tracked]


def sent(node: Any, g: Any) -> list[tuple[Any, Any]]:
    """Give what the engine sends from a node to its arguments, as numbers and arrays."""
    pairs = []
    for a, c in engine.contributions(node, g):
        if isinstance(c, Scatter):
            buffer = np.zeros(np.shape(a._data))
            c.into(buffer)
            pairs.append((a, buffer))
        else:
            pairs.append((a, c))
    return pairs


def check_node(node: GraphNode, size: int = 0) -> Culprit | None:
    """Compare what one node sends to its arguments with differences of its own forward pass."""
    y = node.node
    data = np.asarray(y._data)
    if not np.all(np.isfinite(data)):
        return None
    # A number keeps its local derivative as people know it; an array gets a cotangent.
    v = np.ones(()) if isinstance(y, Value) else cotangents([data, data], node.position)[0]
    g = float(v) if isinstance(y, Value) else v
    slots = tracked_slots(node)
    with np.errstate(all="ignore"):
        pairs = sent(y, g)
    for slot, a in slots:
        place = next((i for i, (b, _) in enumerate(pairs) if b is a), None)
        if place is None:
            return culprit_of(
                node,
                slot,
                "nothing",
                "something",
                0.0,
                size,
                "rule",
                note=f"argument {'abcdefgh'[slot % 8]} is sent nothing",
            )
        c = np.asarray(pairs.pop(place)[1], dtype=float)
        shape = np.shape(a._data)
        if c.shape != shape and not (c.size == 1 and not shape):
            told = f"it sends an array of shape {c.shape} to an argument of shape {shape}: broadcasting is not undone"
            return culprit_of(node, slot, f"shape {c.shape}", f"shape {shape}", 0.0, size, "rule", note=told)
        bad = _compared(node, slot, c.reshape(shape), v)
        if bad is not None:
            return culprit_of(node, slot, bad.given, bad.numeric, bad.bound, size, "rule", bad)
    return None


def _compared(node: GraphNode, slot: int, c: Array, v: Array) -> Element | None:
    """Compare the gradient of one argument with differences; give the first element that is wrong."""
    op, args, parameters = node.op, node.node._arguments(), node.node._parameters()
    datas = [x._data if isinstance(x, Node) else x for x in args]
    number = not isinstance(datas[slot], np.ndarray)
    single = (
        np.finfo(np.result_type(*(x for x in datas if isinstance(x, np.ndarray)), np.float16)) if not number else None
    )
    eps = max(EPS, float(single.eps)) if single is not None and np.asarray(node.data).dtype != np.float64 else EPS
    point = np.array(datas[slot], dtype=float if eps == EPS else datas[slot].dtype, order="C")
    flat = point.reshape(-1)
    weights = v.reshape(-1).tolist()

    def value() -> float:
        datas[slot] = float(point) if number else point
        y = np.asarray(op(*datas, **parameters), dtype=float).reshape(-1).tolist()
        return added(map(float.__mul__, weights, y))

    start = value()
    base = Measure(1e-7, float(np.sum(np.abs(c * point))), eps, weak=max(1e-4, 64 * eps))
    given = c.reshape(-1)

    def moved(where: Any, entries: Any) -> Any:
        before = flat[where].copy() if isinstance(where, np.ndarray) else float(flat[where])

        def at(t: float) -> float:
            flat[where] = before + t * entries
            try:
                return value()
            finally:
                flat[where] = before

        return at

    for k in range(min(flat.size, ELEMENTS)):
        line = Line(moved(k, 1.0), float(flat[k]), eps=eps, value=start)
        found = _judged(f"{'abcdefgh'[slot % 8]}", k, float(given[k]), line, base, point.shape)
        if found.verdict in BAD:
            return found
    if flat.size > ELEMENTS:
        signs = np.where(np.arange(flat.size) * 7919 % 13 < 6, -1.0, 1.0)
        line = Line(moved(np.arange(flat.size), signs), 1.0, eps=eps, value=start)
        found = _judged("abcdefgh"[slot % 8], 0, added((given * signs).tolist()), line, base, ())
        if found.verdict in BAD:
            return found
    return None


def _judged(path: str, k: int, given: float, line: Line, base: Measure, shape: tuple[int, ...]) -> Element:
    slope: Slope | None = None
    if math.isfinite(given):
        slope, _ = quick(line, given, max(base.rtol, 16 * base.eps), scales_at(line.x))
    index = tuple(int(i) for i in np.unravel_index(k, shape)) if shape else ()
    return judge(path, index, given, slope or measure(line), base)


def _accumulated(graph: Graph, root: Any, seed: Any) -> Culprit | None:
    """Add up again what all nodes send, newest first, and name the first node whose gradient differs."""
    for leaf in graph.leaves:
        leaf.node.grad = None
    try:
        root.backward(float(seed) if isinstance(root, Value) else seed)
    except Exception:  # noqa: BLE001  every rule is right at its own numbers; the report tells what was raised
        return None
    expected: dict[int, Any] = {root._index: np.asarray(seed, dtype=float)}
    sizes: dict[int, float] = {}
    parts: dict[int, list[tuple[GraphNode, int, Any]]] = {}
    for node in reversed(graph.nodes):
        g = expected.get(node.node._index)
        if g is None:
            continue
        wrong = _differs(node, g, sizes.get(node.node._index, 0.0))
        if wrong is not None:
            return _accumulation(node, wrong, g, parts.get(node.node._index, []), len(graph))
        if node.op is None:
            continue
        value = float(g) if isinstance(node.node, Value) else np.asarray(g, dtype=node.data.dtype)
        slots = tracked_slots(node)
        for a, c in sent(node.node, value):
            slot = next((s for s, b in slots if b is a), 0)
            slots = [(s, b) for s, b in slots if s != slot]
            c = np.asarray(c, dtype=float)
            expected[a._index] = expected[a._index] + c if a._index in expected else c
            sizes[a._index] = sizes.get(a._index, 0.0) + float(np.max(np.abs(c), initial=0.0))
            parts.setdefault(a._index, []).append((node, slot, c))
    return None


def _differs(node: GraphNode, g: Any, size: float) -> Any:
    """Give the engine's gradient where it is not the expected one."""
    have = node.grad
    if have is None:
        return "none"
    have = np.asarray(have, dtype=float)
    if have.shape != np.shape(g):
        return f"shape {have.shape}"
    eps = EPS if node.shape == () or node.data.dtype == np.float64 else 2.0**-23
    with np.errstate(all="ignore"):
        same = np.abs(have - g) <= 1e4 * eps * max(size, float(np.max(np.abs(g), initial=0.0)))
    return None if np.all(same | ~np.isfinite(g)) else have


def _accumulation(node: GraphNode, have: Any, g: Any, parts: list[tuple[GraphNode, int, Any]], size: int) -> Culprit:
    note, blamed = "", node
    if parts:
        blamed = parts[-1][0]
    if not isinstance(have, str):
        many = parts if len(parts) > 1 else []
        alone = [i for i, (_, _, c) in enumerate(many) if np.allclose(have, c, rtol=1e-9, atol=0)]
        absent = [i for i, (_, _, c) in enumerate(many) if np.allclose(have, g - c, rtol=1e-9, atol=0)]
        if alone:
            there, lost = parts[alone[0]][0], parts[absent[0] if absent else alone[0] - 1][0]
            blamed = lost
            note = f"only what {there.formula} sends to {node.id} is there: assigned instead of added, or {lost.formula} dropped?"
        elif absent:
            blamed, slot, _ = parts[absent[0]]
            note = f"what {blamed.formula} sends to {node.id} (argument {'abcdefgh'[slot % 8]}) does not arrive"
    if not note:
        told = ", ".join(sorted({p.formula for p, _, _ in parts})[:4])
        note = f"the gradient of {node.id} differs; it is the sum of what these send: {told or 'the seed of the pass'}"
    shown = have if isinstance(have, str) else short(have if np.ndim(have) else float(have))
    return Culprit(
        "accumulation", blamed.op.name if blamed.op else "leaf", blamed.id, blamed.formula, _numbers(blamed), 0, shown,
        short(g if np.ndim(g) else float(g)), 0.0, position=blamed.position, size=size, note=note,
    )  # fmt: skip


def culprit_of(
    node: GraphNode,
    slot: int,
    given: Any,
    numeric: Any,
    bound: float,
    size: int,
    kind: str,
    element: Element | None = None,
    note: str = "",
) -> Culprit:
    """Write down what is known about a guilty node."""
    try:
        rule = node.derivative(slot, textbook=False) if isinstance(node.op, Elementwise) else ""
    except Exception:  # noqa: BLE001  a wrong rule need not be one that can be written
        rule = ""
    if element is not None and element.note:
        note = element.note
    return Culprit(
        kind, node.op.name, node.id, node.formula, _numbers(node), slot, given, numeric, bound, rule, node.line,
        node.position, size, note,
    )  # fmt: skip


def _numbers(node: GraphNode) -> str:
    if node.op is None:
        return ""
    named = [(a.id if isinstance(a, GraphNode) else a.text, a.data) for a in node.args[:4]]
    return ", ".join(
        f"{name} = {short(data, 40)}" if isinstance(data, np.ndarray) else f"{name} = {data:.6g}"
        for name, data in named
        if name != f"{data}"
    )


def with_line(culprit: Culprit, subject: Engine, root: Any) -> Culprit:
    """Run the function again with source lines recorded; the node is at the same position."""
    place = next((i for i, y in enumerate(subject.roots) if y is root), None)  # by identity: Tensors compare numbers
    if culprit.line is not None or place is None:
        return culprit
    from dataclasses import replace

    try:
        with record_lines():
            _, outputs = subject._run([leaf.data for leaf in subject.leaves])
        again = Graph([y for y in outputs if isinstance(y, Node) and y._tracked][place])
        twin = again[culprit.position]
    except Exception:  # noqa: BLE001  the line is a courtesy
        return culprit
    finally:
        subject._restore()
    if len(again) != culprit.size or twin.op is None or twin.op.name != culprit.op:
        return culprit
    return replace(culprit, line=twin.line)
