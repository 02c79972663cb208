"""Large programs: parts, memory, time that grows with the size only, any depth, any thread."""

from __future__ import annotations

import threading
import tracemalloc
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Graph, Value
from autograd.program import floats, source
from autograd.program import listing as listing_module
from autograd.program.floats import Floats
from autograd.program.listing import Listing
from autograd.program.reverse import gradient
from autograd.program.schedule import scheduled
from autograd.program.source import WHOLE


def chain(x: Any, w: Any, length: int) -> Any:
    """A chain with a side branch, so that there is something to keep for the backward pass."""
    y = x
    for k in range(length):
        y = y * w + (x * 0.001).tanh() if k % 3 else y * 0.9
    return y


@pytest.mark.parametrize("length", [20, 100, 400])
def test_long_programs_are_cut_into_parts(length: int, monkeypatch: pytest.MonkeyPatch):
    """As one function, in parts, with and without names: value and gradient are the engine's."""
    for module, name, small in (
        (source, "WHOLE", 100),
        (source, "PART", 60),
        (source, "NAMED", 800),
        (floats, "NAMED", 800),
        (listing_module, "RECENT", 50),
    ):
        monkeypatch.setattr(module, name, small)
    program = ag.compile(lambda x, w: chain(x, w, length), 0.5, 0.99)
    x, w = Value(0.25), Value(0.995)
    y = chain(x, w, length)
    y.backward()
    value, gradients = program.value_and_grad(0.25, 0.995)
    assert value == y.item()
    np.testing.assert_allclose(gradients, [x.grad, w.grad], rtol=1e-12)
    lanes = program.grad([0.25, 0.5], 0.995)
    np.testing.assert_allclose([g[0] for g in lanes], [x.grad, w.grad], rtol=1e-9)


def test_the_source_of_a_long_program_runs_too():
    """Parts hand their results on through ``memory``; the text is complete."""
    program = ag.compile(lambda x, w: chain(x, w, 2 * WHOLE), 0.5, 0.99)
    namespace: dict[str, Any] = {}
    exec(program.source, namespace)
    assert "def part_2(memory):" in program.source
    assert namespace["value_and_grad"](0.25, 0.995)[:1] == (program.value(0.25, 0.995),)


def test_nothing_recurses():
    """A graph as deep as it is long compiles under the default recursion limit, at second order too."""
    program = ag.compile(lambda x: chain(x, 1.0, 2_000), 0.5)
    assert program.hessian(0.5) == pytest.approx(ag.hessian(lambda x: chain(x, 1.0, 2_000))(0.5), rel=1e-9)


def test_memory_grows_with_the_size_only():
    """Per operation, recording, differentiating and compiling need less than two kilobytes at their peak, everything traced."""

    def peak(length: int) -> float:
        tracemalloc.start()
        program = ag.compile(lambda x: chain(x, 0.99, length), 0.5)
        program.value_and_grad(0.5)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most / len(program.branches[0].listing)

    peak(50)
    assert peak(1_000) < 2_000


def test_the_work_is_linear():
    """Instructions of a gradient are a fixed number for each operation."""
    counts = []
    for length in (1_000, 10_000):
        listing = ag.compile(lambda x, n=length: chain(x, 0.99, n), 0.5).branches[0].differentiated(1, (0,))
        counts.append(len(listing) / length)
    assert counts[0] == pytest.approx(counts[1], rel=0.01)


def test_scheduling_changes_the_order_and_nothing_else():
    """The same outputs, to the bit; every operand is computed before it is read."""
    listing = ag.compile(lambda x, w: chain(x, w, 200), 0.5, 0.9).branches[0].differentiated(1, (0, 1))
    late = scheduled(listing)
    assert len(late) == len(listing)
    for i in range(len(late)):
        assert all(r < late.inputs + i for r in late.at(i)[1])
    assert Floats(late)([0.3, 0.8]) == Floats(listing)([0.3, 0.8])


def test_equal_instructions_of_a_backward_pass_are_written_once():
    """1/cosh(x) is computed once, though two rules ask for it; what the user wrote twice stays."""
    listing = Listing(1)
    y = listing.append(ag.operations.lookup("tanh"), (0,))
    z = listing.append(ag.operations.lookup("tanh"), (0,))
    total = listing.append(ag.operations.lookup("add"), (y, z))
    listing.outputs = [total, *gradient(listing, total, [0])]
    names = [listing.at(i)[0].name for i in range(len(listing))]
    assert names.count("sech") == 1
    assert names.count("tanh") == 2


def test_threads_share_a_program():
    """Several threads call one program, single and in lanes, and each gets its own numbers."""
    program = ag.compile(lambda x, w: chain(x, w, 300), 0.5, 0.9)
    expected = {k: program.value_and_grad(0.1 * k, 0.9) for k in range(8)}
    wrong = []

    def work(k: int) -> None:
        for _ in range(20):
            if program.value_and_grad(0.1 * k, 0.9) != expected[k]:
                wrong.append(k)
            lanes = program.value(np.full(50, 0.1 * k), 0.9)
            if not np.allclose(lanes, expected[k][0], rtol=1e-12):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


def test_tracing_in_one_thread_leaves_others_alone():
    """While a function is traced, another thread compares and reads its Values as ever."""
    started, done = threading.Event(), threading.Event()
    seen: list[Any] = []

    def other() -> None:
        started.wait()
        v = Value(2.0)
        seen.append((v > 1, v.item(), (v * v).item()))
        done.set()

    def f(x: Any) -> Any:
        started.set()
        done.wait()
        return x * x

    thread = threading.Thread(target=other)
    thread.start()
    program = ag.compile(f, 1.0)
    thread.join()
    assert seen == [(True, 2.0, 4.0)]
    assert type(seen[0][0]) is bool
    assert not program.branches[0].guards


def test_several_outputs_and_containers():
    """Results come in the containers that the function uses, single and in lanes."""
    f = ag.compile(
        lambda p: {"sum": p["a"] + p["b"][0], "all": (p["a"] * 2, [p["b"][1], 1.5])}, {"a": 1.0, "b": (2.0, 3.0)}
    )
    assert f.value({"a": 1.0, "b": (2.0, 3.0)}) == {"sum": 3.0, "all": (2.0, [3.0, 1.5])}
    lanes = f.value({"a": np.array([1.0, 2.0]), "b": (2.0, 3.0)})
    assert lanes["sum"].tolist() == [3.0, 4.0]
    assert lanes["all"][1][1].tolist() == [1.5, 1.5]
    g = ag.compile(lambda p: p["a"] * p["b"][0] * p["b"][1], {"a": 1.0, "b": (2.0, 3.0)})
    assert g.grad({"a": 1.0, "b": (2.0, 3.0)}) == {"a": 6.0, "b": (3.0, 2.0)}


def test_a_graph_with_chosen_inputs():
    """``inputs=`` and ``wrt=`` choose what becomes an argument and what is differentiated."""
    a, b, c = (Value(x, name=n) for x, n in ((2.0, "a"), (3.0, "b"), (4.0, "c")))
    graph = Graph((a * b).tanh() * c)
    assert graph.program(["c", "a"]).value(4.0, 2.0) == ((a * b).tanh() * c).item()
    assert graph.program([a, b, c], wrt=b).grad(2.0, 3.0, 4.0) == ag.grad((a * b).tanh() * c, b)
    assert graph.program(wrt=["a", "c"]).grad(2.0, 3.0, 4.0) == tuple(ag.grad((a * b).tanh() * c, [a, c]))
    with pytest.raises(ag.UnknownNameError, match="no node 'd'"):
        graph.program(["d"])
    with pytest.raises(ag.InputValueError, match="wrt= names b, which is not among the inputs a, c"):
        graph.program(["a", "c"], wrt="b")
    with pytest.raises(ag.InputValueError, match="takes different nodes"):
        graph.program(["a", "a"])
    inner = graph.nodes[[n.id for n in graph].index("n1")]
    assert graph.program([inner.node, c]).value(0.5, 2.0) == 2.0 * np.tanh(0.5)
