"""The sweep: depth, memory, cycles, sparse graphs, hooks, errors on the way."""

from __future__ import annotations

import gc
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, engine
from autograd.errors import GradientError, InputTypeError, ShapeError, StaleError

CHAIN = """
import gc, resource, sys, time
from autograd import Value
import autograd.tensor

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

N = 1_000_000
gc.disable()
start, before = time.perf_counter(), peak()
x = y = Value(1.0)
for _ in range(N // 2):
    y = y * 0.999999 + x
built = peak()
y.backward()
done = peak()
expected = x.grad
del y
freed = time.perf_counter() - start
gc.enable()
found = gc.collect()
print((built - before) / N, (done - before) / N, freed, found, sys.getrecursionlimit(), expected)
"""


def test_a_chain_of_a_million_operations():
    """Builds, differentiates and is freed under the default recursion limit, without the cyclic collector."""
    out = subprocess.run([sys.executable, "-c", CHAIN], capture_output=True, text=True, check=True, timeout=120).stdout
    built, done, seconds, found, limit, slope = map(float, out.split())
    print(f"one million nodes: {built:.0f} bytes a node recorded, {done:.0f} at the peak of backward, {seconds:.2f} s")
    assert limit == 1000
    assert found == 0, "the cyclic collector found something of ours"
    assert built < 300, f"{built} bytes a node"
    assert done < 400, f"{done} bytes a node"
    n = 500_000
    r = 0.999999
    assert slope == pytest.approx(r**n + (1 - r**n) / (1 - r), rel=1e-9)


def test_no_reference_cycles():
    """Dropping the last reference frees the whole graph at once; the collector finds nothing afterwards."""
    gc.collect()
    gc.disable()
    try:
        x, w = Value(2.0), Tensor(np.ones((3, 2)))
        h = (x * 3).tanh()
        y = (w @ np.ones(2)).exp().sum() * h + autograd.where(h > 0, h, x) + w[0, 1] + w.values()[0, 0]
        y.backward()
        handle = h.register_hook(lambda g: g)
        handle.remove()
        autograd.grad(lambda v, x=x: v * v * x)(3.0)
        autograd.hessian(lambda v: (v**3).sum())(np.ones(2))
        del y, h, handle, x, w
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_create_graph_makes_the_one_permitted_cycle_and_zero_grad_breaks_it():
    """X → x.grad → x exists after backward(create_graph=True); after zero_grad nothing is left for the collector."""
    gc.collect()
    gc.disable()
    try:
        x = Value(2.0)
        y = x * x * x
        y.backward(create_graph=True)
        assert isinstance(x.grad, Value)
        x.zero_grad()
        y.zero_grad()
        del x, y
        assert gc.collect() <= 20, "only the inner nodes of this small graph may have waited for the collector"
    finally:
        gc.enable()


def test_a_deep_tensor_chain():
    """Tensors are swept and freed iteratively too."""
    x = y = Tensor([1.0, 2.0])
    for _ in range(50_000):
        y = y + 1
    y.sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]
    del y


def test_create_graph_on_a_deep_chain():
    """The recorded sweep is iterative as well: 20 000 operations deep, twice."""
    x = y = Value(1.0)
    for _ in range(20_000):
        y = y * 1.00001
    (g,) = autograd.grad(y, [x], create_graph=True)
    assert g.data == pytest.approx(1.00001**20_000)
    z = y * y
    first = autograd.grad(z, x, create_graph=True)
    assert autograd.grad(first, x) == pytest.approx(2 * 1.00001**40_000)


@pytest.mark.parametrize("gap", [10, 5_000, engine.SPARSE + 10])
def test_an_old_inner_node_far_away(gap: int):
    """An expression that reaches back over many unrelated nodes gives the same gradients, hooks run once."""
    x = Value(3.0)
    old = x * x
    calls: list[float] = []
    old.register_hook(calls.append)
    for _ in range(min(gap, 1000)):
        Value(0.0)
    for _ in range(max(0, gap - 1000)):
        engine.creation.next_index()
    late = old * 2
    near_hook: list[float] = []
    late.register_hook(near_hook.append)
    y = late + old * x
    y.backward()
    assert x.grad == 2 * 2 * 3.0 + 3 * 9.0
    assert (calls, near_hook) == ([5.0], [1.0])
    assert (old.grad, late.grad) == (5.0, 1.0)
    y.backward()
    assert x.grad == 2 * (12.0 + 27.0)


def test_the_sparse_plan_equals_the_dense_plan(monkeypatch: pytest.MonkeyPatch):
    """A random graph of Values and Tensors, swept with a table and swept with a heap, gives the same numbers."""

    def graph() -> tuple[Any, list[Any]]:
        rng = np.random.default_rng(4)
        leaves = [Value(v) for v in rng.normal(size=4)] + [Tensor(rng.normal(size=3))]
        nodes = list(leaves)
        for _ in range(60):
            a, b = (nodes[i] for i in rng.integers(len(nodes), size=2))
            nodes.append(
                [lambda a, b: a + b, lambda a, b: a * b, lambda a, b: (a - b).tanh(), lambda a, b: a.sigmoid() * b][
                    rng.integers(4)
                ](a, b)
            )
        total = sum((n.sum() if isinstance(n, Tensor) else n) for n in nodes)
        return total, leaves

    y, dense = graph()
    y.backward()
    z, sparse = graph()
    monkeypatch.setattr(engine, "SPARSE", -(10**9))
    z.backward()
    for a, b in zip(dense, sparse, strict=True):
        np.testing.assert_allclose(a.grad, b.grad, rtol=1e-12)


def test_hooks_replace_observe_and_leave():
    """A hook sees the complete gradient once; what it returns replaces it; remove() takes it back, twice is harmless."""
    x = Value(3.0)
    h = x * 2
    seen: list[float] = []
    handle = h.register_hook(seen.append)
    tenfold = h.register_hook(lambda g: g * 10)
    (h * h + h).backward()
    assert (seen, x.grad, h.grad) == ([13.0], 260.0, 130.0)
    tenfold.remove()
    tenfold.remove()
    handle.remove()
    x.zero_grad()
    (h * h + h).backward()
    assert (seen, x.grad) == ([13.0], 26.0)


def test_hooks_on_leaves_and_tensors():
    """A hook on a leaf sees the sum of one pass before it is added; a Tensor's hook must keep the shape."""
    x = Tensor([1.0, 2.0])
    seen: list[Any] = []
    x.register_hook(lambda g: (seen.append(g.copy()), g * 2)[1])
    (x * x + x).sum().backward()
    assert (seen[0].tolist(), x.grad.tolist()) == ([3.0, 5.0], [6.0, 10.0])
    (x * 1).sum().backward()
    assert (seen[1].tolist(), x.grad.tolist()) == ([1.0, 1.0], [8.0, 12.0])
    y = x * 3
    y.register_hook(lambda g: g[:1])
    with pytest.raises(ShapeError, match=r"hook returned a gradient of shape \(1,\); expected \(2,\)"):
        y.sum().backward()
    with pytest.raises(InputTypeError, match="a hook is a function of the gradient; got 3"):
        x.register_hook(3)


def test_hooks_in_recorded_passes():
    """A hook works on the recorded gradient too, and what it returns can be differentiated again."""
    for x, total in ((Value(3.0), lambda t: t), (Tensor([3.0]), lambda t: t.sum())):
        h = x * 2
        handle = h.register_hook(lambda g: g * 10)
        (g,) = autograd.grad(total(h * h), [x], create_graph=True)
        assert float(np.sum(g.data)) == 240.0
        handle.remove()
        assert float(np.sum(autograd.grad(total(g), x))) == 80.0


def test_a_hook_on_every_kind_of_node():
    """Nodes of one, two and three arguments, sums, elements, array operations: each calls its hook once with its gradient."""
    v, x = Value(2.0), Tensor([1.0, 2.0])
    nodes = [
        v * v,
        v.exp(),
        v + 1,
        3 - v,
        autograd.where(v > 0, v, 0.0),
        x * x,
        x.exp(),
        x @ np.ones(2),
        x.sum(),
        x[0],
        x.values()[1],
        autograd.stack_values([v, v]),
        x * v,
    ]
    for node in nodes:
        seen: list[Any] = []
        node.register_hook(seen.append)
        y = node * 3
        (y if isinstance(y, Value) else y.sum()).backward()
        assert len(seen) == 1
        np.testing.assert_array_equal(seen[0], np.full(np.shape(node.data), 3.0))


def test_an_error_on_the_way_leaves_the_leaves_unchanged():
    """Nothing is half-changed: a hook that raises stops the pass before any leaf is written."""
    a, b = Value(2.0), Value(3.0)
    (a * b).backward()
    h = a * b
    h.register_hook(lambda _: 1 / 0)
    y = h * a + b
    with pytest.raises(ZeroDivisionError):
        y.backward()
    assert (a.grad, b.grad) == (3.0, 2.0)
    assert (h.grad, y.grad) == (None, None)


def test_a_rule_that_raises_gains_a_note():
    """An exception from inside a rule names the operation and the node."""

    @autograd.operation(derivatives=[lambda y, a: a.no_such_thing])
    def broken(a: Any) -> Any:
        return a * 1

    for create_graph in (False, True):
        y = broken(Tensor([1.0]))
        y.name = "culprit"
        with pytest.raises(AttributeError, match="no_such_thing") as caught:
            (y * 2).sum().backward(create_graph=create_graph)
        assert caught.value.__notes__ == ["while differentiating broken (node 'culprit')"]
    with pytest.raises(AttributeError, match="no_such_thing"):
        broken(Value(1.0))


@pytest.mark.parametrize("count", [1, 2])
def test_a_pullback_that_raises_gains_a_note(count: int):
    """The same for a row of arrays, with one argument or more; no gradient is written."""

    def pullback(g: Any, y: Any, *args: Any) -> Any:
        return y.no_such_thing

    def alone(a: Any) -> Any:
        return a + 1

    def together(a: Any, b: Any) -> Any:
        return a + b

    row = autograd.operation(pullbacks=[pullback] * count)(alone if count == 1 else together)
    x = Tensor([1.0, 2.0])
    y = row(*[x] * count)
    y.name = "culprit"
    with pytest.raises(AttributeError, match="no_such_thing") as caught:
        (x.sum() + y.sum()).backward()
    assert caught.value.__notes__ == [f"while differentiating {row.name} (node 'culprit')"]
    assert (x.grad, y.grad) == (None, None)


def test_a_row_of_one_argument_answers_in_its_shape_and_type():
    """What a pullback gives is brought to the argument's shape and floating type, also where it is the only one."""

    @autograd.operation(pullbacks=[lambda g, y, a, *, times: np.ones((2, 3)) * 0.1 * times])
    def wide(a: Any, *, times: Any) -> Any:
        return a * times

    x = Tensor(np.ones(3, np.float32))
    y = wide(x, times=2.0) + wide(x * 1.0, times=3.0)
    y.sum().backward()
    assert x.grad.dtype == np.float32
    np.testing.assert_allclose(x.grad, [1.0, 1.0, 1.0], rtol=1e-6)


def test_errors_are_ours_and_the_builtin():
    """Except ValueError, TypeError or RuntimeError catches what a caller would expect."""
    assert issubclass(ShapeError, ValueError)
    assert issubclass(InputTypeError, TypeError)
    assert issubclass(StaleError, GradientError)
    assert issubclass(GradientError, RuntimeError)
    assert issubclass(autograd.AnomalyError, ArithmeticError)
    assert issubclass(autograd.UnknownNameError, LookupError)
    ours = [getattr(autograd, n) for n in autograd.__all__ if n.endswith("Error")]
    assert all(issubclass(e, autograd.AutogradError) for e in ours)


def test_inner_gradients_belong_to_the_nodes():
    """Every node keeps its gradient after a pass, as in micrograd."""
    x = Tensor([1.0, 2.0])
    a = x * 2
    b = a.exp()
    b.sum().backward()
    np.testing.assert_allclose(b.grad, [1.0, 1.0])
    np.testing.assert_allclose(a.grad, np.exp([2.0, 4.0]))


def test_mixed_graphs_of_values_and_tensors():
    """A Value times a Tensor, a Tensor's element times a Value: one graph, gradients in the right form."""
    v, x = Value(2.0), Tensor([1.0, 3.0])
    y = (v * x + x**v).sum() + x[1] * v + v**2
    y.backward()
    assert type(v.grad) is float
    assert v.grad == pytest.approx(4.0 + 9 * np.log(3) + 3.0 + 4.0)
    np.testing.assert_allclose(x.grad, [2 + 2, 2 + 6 + 2])
    v.zero_grad()
    (autograd.stack([v, v * v]) * np.array([1.0, 10.0])).sum().backward()
    assert v.grad == 1.0 + 10 * 4.0
    h = autograd.grad(lambda a: autograd.grad(lambda b: (b * x.detach() * b).sum())(a))(2.0)
    assert h == 8.0


def test_a_value_that_changed_under_an_array_operation():
    """A Value keeps the number it had when an array operation used it."""
    v, x = Value(2.0), Tensor([1.0, 3.0])
    y = (v * x).sum()
    v.data = 50.0
    y.backward()
    assert (v.grad, x.grad.tolist()) == (4.0, [2.0, 2.0])
