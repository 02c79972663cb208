"""Blocks: a layer of neurons settled at once sends, to the last bit, what its nodes send one after the other.

Every case below is a small program that ends in a number. Its gradients are worked out four times: by the sweep, which
settles blocks; by ``adjoints``, at once and node by node; and by the sweep on a graph that was recorded without blocks.
"""

from __future__ import annotations

import gc
import threading
import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Graph, Tensor, Value, block, engine, fusing
from autograd.block import Block
from tests.autograd.block_cases import EVERY, PARTS, WHOLE, given, layer, projected, with_penalty

if TYPE_CHECKING:
    from collections.abc import Callable

NEVER = 10**9
"""A number of nodes that no layer here has: as ``fusing.MANY`` it switches blocks off."""


# --- comparing ------------------------------------------------------------------------------------------------


def bits(numbers: list[Any]) -> list[Any]:
    """Give what tells two lists of floats apart to the last bit, but for the bits of a nan."""
    return ["nan" if g != g else None if g is None else float(g).hex() for g in numbers]


def swept(y: Value) -> list[Any]:
    """Give the gradients of all nodes below, as a backward pass leaves them."""
    nodes = [n.node for n in Graph(y)]
    for node in nodes:
        node.grad = None
    y.backward()
    return [node.grad for node in nodes]


def one_by_one(y: Value) -> list[Any]:
    """Give the same from what each node sends by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Block, "is_whole", lambda self: False)
        return found(y)


def found(y: Value) -> list[Any]:
    """Give the same from the other plan, which writes no ``.grad``."""
    gradients = engine.adjoints([y], [1.0])
    return [gradients.get(n.node) for n in Graph(y)]


def unshared(case: Callable[[], Any], patch: pytest.MonkeyPatch) -> list[Any]:
    """Give the same from nodes that share nothing."""
    with patch.context() as inner:
        inner.setattr(fusing, "MANY", NEVER)
        y = case()
    assert not any(type(n.node._b) is Block for n in Graph(y))
    return swept(y)


def check(case: Callable[[], Any], patch: pytest.MonkeyPatch) -> None:
    """Hold all four to each other."""
    y = case()
    alone, together = one_by_one(y), swept(y)
    assert bits(together) == bits(alone)
    assert bits(found(y)) == bits(alone)
    assert bits(together) == bits(unshared(case, patch))


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Give the blocks that were settled at once, as they come."""
    seen: list[Any] = []
    settle = engine._settle

    def watched(one: Any, *others: Any) -> bool:
        answer = settle(one, *others)
        if answer:
            seen.append(one)
        return answer

    monkeypatch.setattr(engine, "_settle", watched)
    return seen


@pytest.mark.parametrize("case", WHOLE)
def test_a_whole_block_agrees_to_the_last_bit(case: str, monkeypatch: pytest.MonkeyPatch, settled: list[Any]):
    """Every gradient, of leaves and of inner nodes, is the one that the nodes would give one by one; and it was not they."""
    check(WHOLE[case], monkeypatch)
    assert settled


@pytest.mark.parametrize("case", PARTS)
def test_what_is_no_whole_block_goes_node_by_node(case: str, monkeypatch: pytest.MonkeyPatch, settled: list[Any]):
    """Shared arguments, nodes that are not reached, results and hooks inside a block: the same bits, and nothing at once."""
    check(PARTS[case], monkeypatch)
    assert not settled


@pytest.mark.parametrize("seed", range(25))
def test_random_layers(seed: int, monkeypatch: pytest.MonkeyPatch):
    """Shapes, frozen numbers and signs at random, with products in small portions now and then."""
    source = np.random.default_rng(seed)
    k, m, n = (int(v) for v in source.integers(1, (60, 20, 9)))
    k, n = max(k, 128 // m + 1), n + 1
    if seed % 3 == 0:
        monkeypatch.setattr(block, "LARGEST", int(source.integers(1, 4 * k * m)))

    def case() -> Any:
        x, w, b = given(k, n, seed=seed), given(m, n, seed=seed + 1), given(m, seed=seed + 2)
        dice = np.random.default_rng(seed)
        for array, share in ((x, 0.3), (w, 0.1)):
            for v in array.flat:
                if dice.random() < share * (seed % 2):
                    v.requires_grad = False
        penalty = ag.sum(ag.tanh(w)) if seed % 5 else 0.0
        return projected(ag.linear(x, w, b if seed % 4 else None)) + penalty

    check(case, monkeypatch)


# --- the comparison can fail ----------------------------------------------------------------------------------


def _oldest_first(patch: pytest.MonkeyPatch) -> None:
    right = block.in_order
    patch.setattr(block, "in_order", lambda terms: right(np.concatenate([terms[:1], terms[:0:-1]])))


def _by_halves(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(block, "in_order", lambda terms: np.add.reduce(np.ascontiguousarray(terms.T), axis=-1).T)


def _positive_zero(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine, "NOTHING", 0.0)


def _forgetful(patch: pytest.MonkeyPatch) -> None:
    right = Block.sums
    patch.setattr(Block, "sums", lambda self, slot, g, held: right(self, slot, g, [block.NOTHING] * len(held)))


def _never_looking(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Block, "is_whole", lambda self: True)


FAULTS = {f.__name__: f for f in (_oldest_first, _by_halves, _positive_zero, _forgetful, _never_looking)}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_turns_red(fault: str, monkeypatch: pytest.MonkeyPatch):
    """Another order, sums by halves, a zero of the wrong sign, a forgotten total, a block that is not whole: each is seen."""
    FAULTS[fault](monkeypatch)
    red = 0
    for case in EVERY.values():
        try:
            check(case, monkeypatch)
        except (AssertionError, ValueError):
            red += 1
    assert red, fault


# --- nobody sees the difference -------------------------------------------------------------------------------


@pytest.mark.parametrize("case", EVERY)
def test_arguments_and_local_derivatives_are_those_of_single_nodes(case: str, monkeypatch: pytest.MonkeyPatch):
    """Formulas, numbers, local derivatives and kinds of arguments of a snapshot are the same with and without blocks."""
    one = Graph(EVERY[case]())
    monkeypatch.setattr(fusing, "MANY", NEVER)
    other = Graph(EVERY[case]())
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        assert (a.formula, bits([a.data])) == (b.formula, bits([b.data]))
        assert [type(v) for v in a.node._arguments()] == [type(v) for v in b.node._arguments()]
        if a.op is not None:
            locals_ = [[n.local(i) for i in range(len(n.args))] for n in (a, b)]
            assert bits(locals_[0]) == bits(locals_[1])
            assert [type(d) for d in locals_[0]] == [type(d) for d in locals_[1]]


@pytest.mark.parametrize("case", [case for case in EVERY if case != "infinite"])
def test_recorded_gradients_and_opened_graphs(case: str):
    """``create_graph`` and ``unfuse`` give the gradients of the block, to rounding (nan depends on which sum meets it first)."""
    y = EVERY[case]()
    leaves = [n.node for n in Graph(y).leaves]
    expected = [n.grad for n in leaves] if swept(y) else []
    for v in leaves:
        v.grad = None
    ag.unfuse(y).backward()
    np.testing.assert_allclose([v.grad for v in leaves], expected, rtol=1e-9, atol=1e-12)
    for v in leaves:
        v.grad = None
    y.backward(create_graph=True)
    np.testing.assert_allclose([getattr(v.grad, "data", v.grad) for v in leaves], expected, rtol=1e-12)


def test_the_debugger_and_the_ledger_show_the_same_numbers():
    """Each send of the debugger adds up to what the backward pass leaves, and the ledger of a weight to its gradient."""
    y = with_penalty()
    expected = dict(zip([n.node for n in Graph(y)], bits(swept(y)), strict=True))
    steps = ag.Stepper(y).finish()
    for n in steps.graph:
        assert bits([steps.grads[n.id]])[0] == expected[n.node]
    w = Graph(y).leaves[0].node
    w.zero_grad()
    with ag.record_ledger():
        y.backward()
    assert w.grad == pytest.approx(sum(entry.amount for entry in w.ledger()), rel=1e-12)


def test_second_derivatives():
    """A derivative of a derivative through a layer agrees with the one through single nodes."""
    x, w, b = layer(12, 5, 4)

    def slope(many: int, patch: pytest.MonkeyPatch) -> list[float]:
        patch.setattr(fusing, "MANY", many)
        first = ag.grad(projected(ag.linear(x, w, b)), list(w.flat), create_graph=True)
        return ag.grad(ag.sum([g * g for g in first]), list(x.flat))  # type: ignore[no-any-return]

    with pytest.MonkeyPatch.context() as patch:
        assert slope(32, patch) == slope(NEVER, patch)


def test_gradients_of_inner_nodes():
    """``grad`` with respect to nodes of the layer, its inputs and its weights gives what ``backward`` leaves there."""
    x, w, b = layer(12, 5, 4)
    h = ag.tanh(x)
    y = ag.linear(h, w, b)
    z = projected(y)
    z.backward()
    for targets in ([y[3, 3]], [y[0, 0], w[1, 1]], [y[-1, -1]], [*y.flat], [h[5, 1]], [x[0, 0], b[2]], [*w.flat]):
        assert ag.grad(z, targets) == [v.grad for v in targets]


def test_passes_repeat(settled: list[Any]):
    """Two passes double the leaves exactly; a hook that comes or goes in between counts from then on."""
    x, w, b = layer(12, 5, 4)
    layer_of = ag.linear(x, w, b)
    y = projected(layer_of)
    y.backward()
    once = [v.grad for v in w.flat]
    y.backward()
    assert [v.grad for v in w.flat] == [2 * g for g in once]
    assert len(settled) == 2
    handle = layer_of[3, 3].register_hook(lambda g: 0.0)
    for v in w.flat:
        v.zero_grad()
    y.backward()
    assert [v.grad for v in w[3]] != once[12:16]
    assert [v.grad for v in w[2]] == once[8:12]
    handle.remove()
    for v in w.flat:
        v.zero_grad()
    y.backward()
    assert [v.grad for v in w.flat] == once
    assert len(settled) == 2


def test_changed_data():
    """Data that is assigned after the forward pass changes no gradient; what must evaluate rules again says that it is stale."""
    x, w, b = layer(12, 5, 4)
    y = projected(ag.linear(x, w, b))
    expected = bits(swept(y))
    w[1, 1].data = x[2, 2].data = 100.0
    assert bits(swept(y)) == bits(one_by_one(y)) == expected
    assert Graph(y)[w[1, 1]].users[0][0].local(1) == Graph(y)[w[1, 1]].users[0][0].args[5].data
    with pytest.raises(ag.StaleError):
        y.backward(create_graph=True)


def test_an_array_of_inputs_may_be_written_over():
    """The numbers of an array are read in the forward pass."""
    data, (_, w, b) = np.random.default_rng(0).normal(size=(12, 4)), layer(12, 5, 4)
    y = projected(ag.linear(data, w, b))
    expected = bits(swept(y))
    data[:] = np.nan
    assert bits(swept(y)) == expected


def test_an_error_below_a_layer_leaves_nothing(settled: list[Any]):
    """A hook that raises after the layer was settled: no leaf has changed, and no inner node keeps half a result."""
    x, w, b = layer(12, 5, 4)
    h = ag.tanh(x)
    y = ag.linear(h, w, b)
    z = projected(y)
    handle = h[0, 0].register_hook(lambda g: {}[g])
    with pytest.raises(KeyError):
        z.backward()
    assert len(settled) == 1
    assert all(v.grad is None for v in (*y.flat, *h.flat, *x.flat, *w.flat, *b, z))
    handle.remove()
    z.backward()
    assert bits(swept(z)) == bits(one_by_one(z))


@pytest.mark.parametrize("gap", [100, engine.SPARSE + 10])
def test_nodes_that_are_far_apart(gap: int, monkeypatch: pytest.MonkeyPatch):
    """Many unrelated nodes above or below a layer change nothing, whichever plan the sweep takes."""

    def case() -> Any:
        x, w, b = layer(12, 5, 4)
        h = ag.tanh(x)
        for _ in range(gap):
            engine.creation.next_index()
        y = ag.linear(h, w, b)
        for _ in range(gap):
            engine.creation.next_index()
        return projected(y)

    check(case, monkeypatch)


def test_a_tensor_below_and_above():
    """Values that come from a Tensor, and a Tensor that is made of the nodes: gradients flow through."""
    x, w, b = Tensor(np.random.default_rng(0).normal(size=(12, 4))), *layer(12, 5, 4)[1:]
    other, weight, bias = (Tensor([[v.data for v in row] for row in m]) for m in (x.values(), w, b.reshape(1, -1)))
    ag.sum(ag.tanh(ag.stack_values(ag.linear(x.values(), w, b)))).backward()
    ag.sum(ag.tanh(ag.linear(other, weight) + bias)).backward()
    np.testing.assert_allclose(x.grad, other.grad, rtol=1e-12)
    np.testing.assert_allclose([[v.grad for v in row] for row in w], weight.grad, rtol=1e-12)


# --- indices, threads, modes, memory --------------------------------------------------------------------------


def test_a_layer_whose_indices_are_not_consecutive(monkeypatch: pytest.MonkeyPatch, settled: list[Any]):
    """Another thread makes a node in the middle: then every node keeps what is its own."""

    def case() -> Any:
        x, w, b = layer(12, 5, 4)
        indices = [engine.creation.next_index() for _ in range(61)]
        with monkeypatch.context() as inner:
            inner.setattr(fusing, "counter", iter(indices[:30] + indices[31:]))
            y = ag.linear(x, w, b)
        return projected(y)

    check(case, monkeypatch)
    assert not settled


def test_threads_do_not_disturb_each_other():
    """Networks that are trained at the same time end where they end alone."""

    def train(answers: list[Any]) -> None:
        model = nn.Sequential(nn.Linear(3, 8, seed=0), nn.Tanh(), nn.Linear(8, 4, seed=1)).scalars()
        optimiser = nn.optim.SGD(model.parameters(), lr=0.1)
        x = np.random.default_rng(0).normal(size=(30, 3))
        for _ in range(6):
            optimiser.zero_grad()
            ag.mean(model(x) * model(x)).backward()
            optimiser.step()
        answers.append([v.data for v in model.parameters()])

    together: list[Any] = []
    threads = [threading.Thread(target=train, args=(together,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone: list[Any] = []
    train(alone)
    assert len(together) == 4
    assert all(answer == alone[0] for answer in together)


def test_modes():
    """Unfused nodes, constants, recorded lines and anomalies are what they are for small layers."""
    x, w, b = layer(12, 5, 4)
    with ag.no_grad():
        assert not any(v.requires_grad for v in ag.linear(x, w, b).flat)
    with ag.unfused():
        assert len(Graph(ag.linear(x, w, b)[0, 0])) == 9 + 8
    with ag.record_lines():
        y = ag.linear(x, w, b)
    assert all(v._extra.line[0] == __file__ for v in y.flat)
    y = projected(ag.linear(x, w, b))
    expected = bits(swept(y))
    with ag.detect_anomaly():
        assert bits(swept(y)) == expected
    w[1, 1].data = np.inf
    with ag.detect_anomaly(), pytest.raises(ag.AnomalyError):
        ag.linear(x, w, b)
    z = ag.sum(ag.linear(x, w, b))
    with ag.detect_anomaly(), pytest.raises(ag.AnomalyError, match="sends"):
        z.backward()


def test_everything_frozen_gives_constants():
    """Without anything tracked there is no graph, and one frozen neuron on plain numbers is a constant among nodes."""
    _, w, b = layer(12, 5, 4)
    x = np.ones((12, 4))
    for v in (*w[2], b[2]):
        v.requires_grad = False
    y = ag.linear(x, w, b)
    assert [v.requires_grad for v in y[7]] == [True, True, False, True, True]
    for v in (*w.flat, *b):
        v.requires_grad = False
    assert not any(v.requires_grad for v in ag.linear(x, w, b).flat)


def test_graphs_are_freed_at_once():
    """Dropping the results frees a chain of many layers, deep as it is, before and after backward, without the collector."""
    gc.collect()
    gc.disable()
    try:
        before = sum(isinstance(v, Value | Block) for v in gc.get_objects())
        w, x = given(4, 4), given(8, 4)
        for _ in range(3000):
            x = ag.linear(x, w, w[0])
        y = ag.sum(x)
        y.backward()
        assert len(x[0, 0]._arguments()) == 9
        x[0, 0].register_hook(lambda g: g)
        del x, y
        assert sum(isinstance(v, Value | Block) for v in gc.get_objects()) == before + 16
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_an_output_that_is_dropped():
    """Those that are left go on, one by one."""
    x, w, b = layer(12, 5, 4)
    y = ag.linear(x, w, b)
    kept, expected = y[3, 3], y[3, 3].data
    del y
    assert kept.data == expected
    kept.backward()
    assert [v.grad for v in x[3]] == [v.data for v in w[3]]
    assert all(v.grad is None for v in x[4])


def test_a_block_keeps_little(monkeypatch: pytest.MonkeyPatch):
    """A layer of 40 neurons on 40 examples takes a fifth of the memory that single nodes take, at most."""
    x, w, b = layer(40, 40, 40)

    def size() -> int:
        tracemalloc.start()
        y = ag.linear(x, w, b)
        used, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        del y
        return used

    size()
    small = size()
    monkeypatch.setattr(fusing, "MANY", NEVER)
    assert small < size() / 5
