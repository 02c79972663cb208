"""Faults of the engine itself, one at a time: found by the checker, with the node that went wrong."""

from __future__ import annotations

import heapq

import numpy as np
import pytest

from autograd import Tensor, Value, engine
from autograd.check import check_gradients
from autograd.node import Node
from autograd.tensor import Tensor as TensorClass
from autograd.value import Value as ValueClass


def slow_sweep(root, seed, *, add=None, order=None, drop=None):
    """A small backward pass in which a fault can be planted."""
    found, done = {root: seed}, set()
    heap = [(-root._index, root._index, root)]
    order = order or (lambda node: -node._index)
    add = add or (lambda total, c: total + c)
    while heap:
        _, _, node = heapq.heappop(heap)
        if node in done:
            continue
        done.add(node)
        if node._rule is None:
            continue
        pairs = list(engine.contributions(node, found[node]))
        for i, (a, c) in enumerate(pairs):
            if drop is not None and drop(node, i, len(pairs)):
                continue
            c = c if not hasattr(c, "into") else _dense(a, c)
            found[a] = add(found[a], c) if a in found else c
            if a not in done:
                heapq.heappush(heap, (order(a), a._index, a))
    for node, g in found.items():
        if node._rule is None:
            node.grad = g if node.grad is None else node.grad + g
        else:
            node.grad = g


def _dense(a, c):
    buffer = np.zeros(np.shape(a._data))
    c.into(buffer)
    return buffer


FAULTS = {
    "assign instead of add": {"add": lambda total, c: c},
    "the first contribution only": {"add": lambda total, c: total},
    "oldest node first": {"order": lambda node: node._index},
    "the second argument dropped": {"drop": lambda node, i, count: count > 1 and i == 1 and node._rule.name == "mul"},
}


def shared(x, w):
    """Everything that a fault can hurt: a shared node, a node used twice, two depths."""
    h = x * w
    a = h * h
    b = (h + x) * w
    return (a + b * h) * w


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", [Value, lambda x: Tensor([x, 2 * x, -x])], ids=["values", "tensors"])
def test_a_fault_in_the_backward_pass_is_found_and_placed(fault, kind, monkeypatch):
    """A wrong sum, order or argument in the sweep is found, and an operation of the graph is named for it."""
    monkeypatch.setattr(engine, "sweep", lambda root, seed: slow_sweep(root, seed, **FAULTS[fault]))
    report = check_gradients(shared, kind(0.7), kind(-1.3))
    assert report.wrong, report
    assert report.culprit is not None, report
    assert report.culprit.kind == "accumulation", report
    assert report.culprit.op in {"mul", "add"}


@pytest.mark.parametrize("kind", [Value, lambda x: Tensor([x, 2 * x, -x])], ids=["values", "tensors"])
def test_the_small_backward_pass_is_right_without_a_fault(kind, monkeypatch):
    """The stand-in for the sweep is right by itself: what the tests above find is the fault."""
    monkeypatch.setattr(engine, "sweep", slow_sweep)
    assert check_gradients(shared, kind(0.7), kind(-1.3)).ok


def test_assigning_instead_of_adding_is_said(monkeypatch):
    """The report says in words that a contribution was assigned."""
    monkeypatch.setattr(engine, "sweep", lambda root, seed: slow_sweep(root, seed, add=lambda total, c: c))
    report = check_gradients(lambda x: x * 2.0 + x * 5.0, Value(3.0))
    assert "assigned instead of added" in str(report)


def test_a_broadcast_that_is_not_undone_is_found_and_named(monkeypatch):
    """Without the sum over broadcast axes the shape is wrong, and the operation that broadcast is named."""
    monkeypatch.setattr(TensorClass, "_shrink", lambda self, c: np.asarray(c))
    report = check_gradients(lambda x, b: ((x + b) * 2.0).sum(), np.ones((3, 2)), np.array([0.5, -1.0]))
    assert not report.ok
    assert "broadcast" in str(report)
    assert report.culprit is not None
    assert report.culprit.op == "add"


def test_a_dropped_parent_of_every_node_is_found(monkeypatch):
    """When nodes send nothing to one argument, the first such node is named."""
    right = engine.contributions

    def dropping(node, g):
        pairs = list(right(node, g))
        return iter(pairs[:1])

    monkeypatch.setattr(engine, "contributions", dropping)
    monkeypatch.setattr(engine, "sweep", slow_sweep)
    report = check_gradients(shared, Value(0.7), Value(-1.3))
    assert report.wrong
    assert report.culprit is not None
    assert "sent nothing" in str(report.culprit)


def test_a_second_backward_that_differs_is_a_problem(monkeypatch):
    """A backward pass that leaves something behind for the next one is reported."""
    right = engine.sweep
    passes = []

    def leaking(root, seed):
        passes.append(root)
        right(root, seed * (1.0 + 0.01 * len(passes)))

    monkeypatch.setattr(engine, "sweep", leaking)
    report = check_gradients(lambda x: x * x, Value(1.5))
    assert any("second backward pass" in p for p in report.problems)


def test_a_pass_that_ignores_the_seed_is_a_problem(monkeypatch):
    """vjp(2v) must be 2·vjp(v)."""
    right = engine.sweep
    monkeypatch.setattr(engine, "sweep", lambda root, seed: right(root, 1.0))
    report = check_gradients(lambda x: x * x, Value(1.5))
    assert any("not linear" in p for p in report.problems)


def test_the_classes_are_what_the_faults_patch():
    """The faults above patch the classes that users get."""
    assert Value is ValueClass
    assert issubclass(Tensor, Node)
