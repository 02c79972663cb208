"""The locator, before it compares numbers: a rule that raises, or that writes into what it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autograd.check.inputs import same_bits
from autograd.check.locate import NODES, culprit_of, sent, tracked_slots, with_line
from autograd.check.probe import cotangents
from autograd.graph import Graph, GraphNode
from autograd.node import Node

if TYPE_CHECKING:
    from autograd.check.report import Culprit
    from autograd.check.subjects import Engine


def misbehaved(subject: Engine) -> Culprit | None:
    """Name the first operation whose rule raises, or writes into what it was given: everything after it is spoilt.

    The numbers of the latest pass may be spoilt already, so the function is run once more.
    """
    try:
        _, outputs = subject._run([leaf.data for leaf in subject.leaves])
        roots = [y for y in outputs if isinstance(y, Node) and y._tracked]
        for root, latest in zip(roots, subject.roots, strict=False):
            graph = Graph(root)
            for node in graph.nodes[:NODES]:
                if node.op is None or not (slots := tracked_slots(node)):
                    continue
                told = _misbehaviour(node)
                if told:
                    found = culprit_of(node, slots[0][0], None, None, 0.0, len(graph), "rule", note=told)
                    return with_line(found, subject, latest)
    finally:
        subject._restore()
    return None


def _misbehaviour(node: GraphNode) -> str:
    """Let a node send a gradient; say what it did that no rule may do."""
    data = node.data
    g = cotangents([data, data], node.position)[0] if isinstance(data, np.ndarray) else 1.0
    arrays = {"the gradient that arrives": g} | {
        f"argument {'abcdefgh'[i % 8]}": a._data if isinstance(a, Node) else a
        for i, a in enumerate(node.node._arguments())
    }
    before = {name: x.copy() for name, x in arrays.items() if isinstance(x, np.ndarray)}
    try:
        with np.errstate(all="ignore"):
            sent(node.node, g)
    except Exception as error:  # noqa: BLE001  whatever a user's own rule may raise
        return f"its rule raises {type(error).__name__}: {error}"
    for name, was in before.items():
        if not same_bits(was, arrays[name]):
            arrays[name][...] = was
            return f"its rule writes into {name}, which others use; it has to work on a copy"
    return ""
