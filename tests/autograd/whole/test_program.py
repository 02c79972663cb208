"""Programs of whole arrays: what they compute, what they notice, what they refuse, and that their source is real NumPy."""

from __future__ import annotations

import random
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import ArrayProgram, Tensor, Value
from autograd.errors import GradientError, InputTypeError, InputValueError, ShapeError, TrackingError
from autograd.whole import storage, tidy

RNG = np.random.default_rng(5)
W, X, C = RNG.normal(size=(3, 2)), RNG.normal(size=(4, 2)), RNG.normal(size=3)
LABELS = np.array([0, 2, 1, 1])


def layer(w: Any, c: Any, x: Any) -> Any:
    """Give a number from a layer, a softmax, a norm and a penalty: views, reductions, products and broadcasting."""
    h = ag.tanh(ag.linear(x, w, c))
    return ag.mean(ag.log_softmax(h)[:, 0]) + ag.norm(w) + 0.1 * (w * w).sum() + h.T.reshape(-1)[::2].sum()


def compiled(f: Any = layer) -> ArrayProgram:
    """Compile for a (3, 2), (3,) and four rows."""
    return ag.compile(f, Tensor(W), Tensor(C), X)


def test_value_and_gradient_far_from_the_recording():
    """Recorded once, replayed anywhere: the numbers of the graph."""
    program = compiled()
    eager = ag.value_and_grad(layer, (0, 1))
    for scale in (0.01, 1.0, 50.0):
        w, c, x = scale * RNG.normal(size=(3, 2)), RNG.normal(size=3), RNG.normal(size=(4, 2))
        value, slopes = program.value_and_grad(w, c, x)
        wanted, expected = eager(w, c, x)
        assert value == pytest.approx(wanted, rel=1e-12)
        for g, e in zip(slopes, expected, strict=True):
            np.testing.assert_allclose(g, e, rtol=1e-11, atol=1e-13)
        assert program(w, c, x) == pytest.approx(wanted, rel=1e-12)


def test_another_form_is_recorded_anew():
    """Other shapes and types are recorded when they come; float32 stays float32."""
    program = compiled()
    x = RNG.normal(size=(7, 2))
    assert program(W, C, x) == pytest.approx(float(layer(Tensor(W), Tensor(C), x).item()), rel=1e-12)
    single = [a.astype(np.float32) for a in (W, C, x)]
    _, (g, _) = program.value_and_grad(*single)
    assert g.dtype == np.float32
    assert "(3, 2) and (3,) and (7, 2)" in repr(program)


def test_the_gradient_is_that_of_tensors_among_the_examples():
    """Arrays among the examples are constants; argnums says otherwise; a container gives a container."""
    assert isinstance(compiled().grad(W, C, X), tuple)
    one = ag.compile(lambda w, x: (w * x).sum(), np.ones(2), Tensor(np.ones(2)))
    np.testing.assert_array_equal(one.grad([1.0, 2.0], [3.0, 4.0]), [1.0, 2.0])
    both = ag.compile(lambda w, x: (w * x).sum(), Tensor(np.ones(2)), np.ones(2), argnums=(1, 0))
    assert [g.tolist() for g in both.grad([1.0, 2.0], [3.0, 4.0])] == [[1.0, 2.0], [3.0, 4.0]]
    tree = ag.compile(lambda p, x: (p["w"] * x).sum() + p["b"][0], {"w": Tensor([1.0, 1.0]), "b": [Tensor(0.0)]}, X[0])
    found = tree.grad({"w": [2.0, 3.0], "b": [1.0]}, [5.0, 7.0])
    assert found["w"].tolist() == [5.0, 7.0]
    assert found["b"] == [1.0]


def test_several_results_in_their_containers():
    """A function may give containers; numbers come as floats, arrays as arrays of their own."""
    f = ag.compile(lambda x: {"y": (x * 2, x.sum()), "same": x, "turned": x.T}, Tensor(W))
    found = f(W)
    assert found["y"][1] == pytest.approx(W.sum())
    np.testing.assert_array_equal(found["turned"], W.T)
    kept = found["y"][0].copy()
    assert not np.shares_memory(found["same"], W)
    assert not np.shares_memory(found["turned"], W)
    f(2 * W)
    np.testing.assert_array_equal(found["y"][0], kept)
    with pytest.raises(GradientError, match="gives several"):
        f.grad(W)


def test_tensors_found_outside_are_read_anew():
    """A captured Tensor's new numbers are seen, in whatever order of memory; freezing it records anew."""
    w = Tensor(W, name="w")
    f = ag.compile(lambda x: ag.relu(x @ w.T.reshape(2, 3)).sum(), Tensor(X))
    w.data = np.asfortranarray(3 * W)
    assert f(X) == pytest.approx(ag.relu(X @ w.T.reshape(2, 3)).sum().item())
    w[0] = -1.0
    x = Tensor(X)
    y = ag.relu(x @ w.T.reshape(2, 3)).sum()
    y.backward()
    assert f(X) == pytest.approx(y.item())
    np.testing.assert_allclose(f.grad(X), x.grad)
    w.requires_grad = False
    assert f(X) == pytest.approx(y.item())


def test_derivatives_inside_the_function():
    """Gradients inside are recorded like everything else: of a gradient, a Hessian times a vector, a penalty on slopes."""
    cube = ag.compile(ag.grad(lambda x: (x**3).sum()), Tensor(np.ones(3)))
    np.testing.assert_allclose(cube([1.0, 2.0, 3.0]), [3.0, 12.0, 27.0])
    hvp = ag.compile(lambda x, v: ag.hvp(lambda x: (x**3).sum(), x, v), Tensor(np.ones(3)), np.ones(3))
    np.testing.assert_allclose(hvp([1.0, 2.0, 3.0], [1.0, 0.0, 2.0]), [6.0, 0.0, 36.0])

    def penalty(w: Any) -> Any:
        (g,) = ag.grad(layer(w, C, X), [w], create_graph=True)
        return (g * g).sum()

    program = ag.compile(penalty, Tensor(W))
    other = RNG.normal(size=W.shape)
    np.testing.assert_allclose(program.grad(other), ag.grad(penalty)(other), rtol=1e-9)


def test_comparisons_become_truths_of_the_program():
    """``where`` and connectives follow the numbers of each replay; detached parts carry no gradient."""

    def f(x: Any) -> Any:
        inside = (x > -1) & ~(x >= 1) | (x == 3)
        return ag.where(inside, x * x, x.detach() * 2).sum()

    program = ag.compile(f, Tensor(np.zeros(4)))
    x = np.array([-2.0, 0.5, 1.0, 3.0])
    value, slope = program.value_and_grad(x)
    assert (value, slope.tolist()) == (-4 + 0.25 + 2 + 9, [0.0, 1.0, 0.0, 6.0])


def test_a_way_that_depends_on_the_numbers_is_recorded_when_it_comes():
    """Infinite logits take another way through the cross-entropy: the convention holds in replays too."""

    def f(s: Any) -> Any:
        return ag.fused.softmax_cross_entropy(s, labels=np.array([0, 1]))

    program = ag.compile(f, Tensor(np.zeros((2, 2))))
    for s in ([[0.0, 1.0], [2.0, 3.0]], [[-np.inf, 0.0], [1.0, 0.0]], [[0.0, 1.0], [2.0, 3.5]]):
        wanted, slope = ag.value_and_grad(f)(np.array(s))
        value, g = program.value_and_grad(s)
        np.testing.assert_allclose(value, wanted)
        np.testing.assert_allclose(g, slope)


REFUSED = {
    "item": (lambda x: x.sum() * x.sum().item(), ".item() of a Tensor cannot be compiled"),
    "if": (lambda x: x.sum() if x.sum() > 0 else -x.sum(), "the truth of a Tensor cannot be compiled"),
    "data": (lambda x: (x * x.data).sum(), "the data of a Tensor"),
    "numpy": (lambda x: (x * x.numpy()).sum(), "a copy of the numbers"),
    "float": (lambda x: x.sum() * float(x.detach().sum()), ".item() of a Tensor"),
    "asarray": (lambda x: (x * np.asarray(x.detach())).sum(), "np.asarray() of a Tensor"),
    "tolist": (lambda x: x.sum() * x.tolist()[0], ".tolist() of a Tensor"),
    "sort": (lambda x: ag.sort(x)[0] * 2, "the order of the elements"),
    "argmax": (lambda x: x[ag.argmax(x)], "the order of the elements"),
    "backward": (lambda x: (x.sum().backward(), x.sum())[1], "backward() cannot be compiled"),
    "assign": (lambda x: (setattr(x, "data", x.shape), x.sum())[1], "assigning .data"),
    "values": (lambda x: x.values()[0], "splitting a Tensor into Values"),
    "hook": (lambda x: (x.register_hook(print), x.sum())[1], "register_hook()"),
    "format": (lambda x: x.sum() * len(f"{x.sum():.2f}"), ".item() of a Tensor"),
    "NumPy's random numbers": (lambda x: (x * np.random.rand(2)).sum(), "a random number drawn"),
    "Python's random numbers": (lambda x: x.sum() * random.random(), "a random number drawn"),
    "a mask": (lambda x: x[x > 0].sum(), "an index of truths"),
    "an index that is tracked": (lambda x: x[x], "a Tensor as an index"),
    "any": (lambda x: x.sum() if (x > 2).any() else -x.sum(), ".any() of a Tensor"),
    "all": (lambda x: x.sum() if (x > 2).all() else -x.sum(), ".all() of a Tensor"),
    "a Value": (lambda x: x.sum() * Value(2.0), "a Value in a function of Tensors"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bare_numbers_are_refused_with_the_line(case: str):
    """What would be frozen into the program is refused: never a wrong number. The message names the line here."""
    f, words = REFUSED[case]
    with pytest.raises(TrackingError, match=re.escape(words)) as caught:
        ag.compile(f, Tensor([1.0, 2.0]))
    assert "test_program.py" in str(caught.value)
    assert any("being compiled" in note for note in caught.value.__notes__)


def test_a_computed_tensor_from_outside_is_refused():
    """Its gradient would be lost."""
    h = Tensor(W) * 2
    with pytest.raises(TrackingError, match="computed outside the function"):
        ag.compile(lambda x: (x * h).sum(), Tensor(W))


def test_bad_arguments_are_refused():
    """Counts, kinds, positions and shapes."""
    program = compiled()
    with pytest.raises(InputTypeError, match=r"takes 3 arguments \(w, c, x\); got 2"):
        program(W, C)
    with pytest.raises(InputTypeError, match="takes arrays of numbers"):
        program(W, C, "x")
    with pytest.raises(InputTypeError, match="Give arrays or Tensors"):
        program(W, C, Value(1.0))
    with pytest.raises(ShapeError):
        program(W, C, np.ones((4, 3)))
    with pytest.raises(InputValueError, match="argnums=7"):
        ag.compile(layer, Tensor(W), Tensor(C), X, argnums=7)
    with pytest.raises(InputValueError, match="native=True"):
        ag.compile(layer, Tensor(W), Tensor(C), X, native=True)
    with pytest.raises(InputTypeError, match="return Tensors"):
        ag.compile(lambda x: "text", Tensor(W))
    with pytest.raises(InputTypeError, match="a Program already"):
        ag.compile(program)
    with pytest.raises(GradientError, match="without a Tensor"):
        ag.compile(lambda x: x.sum(), Tensor(W), argnums=()).grad(W)


def test_the_source_is_numpy_and_gives_the_numbers():
    """The program's text, run with nothing but NumPy, gives value and gradients."""
    program = compiled()
    text = program.source
    assert "autograd" not in text
    namespace: dict[str, Any] = {"np": np}
    exec(text, namespace)
    names = re.search(r"def value_and_grad\((.*)\)", text)
    assert names is not None
    assert names[1] == "w, c, x"
    found = namespace["value_and_grad"](W, C, X)
    value, slopes = program.value_and_grad(W, C, X)
    for f, e in zip(found, (value, *slopes), strict=True):
        np.testing.assert_allclose(f, e, rtol=1e-12)


def test_threads_share_a_program():
    """A program has arrays of its own to write into: one thread at a time."""
    program = compiled()
    batches = [RNG.normal(size=(4, 2)) for _ in range(40)]
    wanted = [program(W, C, x) for x in batches]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda x: program(W, C, x), batches)) == wanted


def test_the_same_program_twice_is_the_same_text():
    """Recording is deterministic."""
    assert compiled().source == compiled().source


SABOTAGE = {
    "a doubled factor": lambda m: m.setattr(tidy, "_doubled", _tripled),
    "a buffer that is still needed": lambda m: m.setattr(storage, "_last_uses", _first_uses),
    "a merged call": lambda m: m.setattr(tidy, "_key", lambda x: ()),
}


def _tripled(tape: Any) -> None:
    for call in tape.calls:
        if call.function is np.multiply and any(isinstance(x, float) for x in call.args):
            call.args = tuple(3 * x if isinstance(x, float) else x for x in call.args)


def _first_uses(tape: Any) -> dict[int, int]:
    found: dict[int, int] = {}
    for i, call in enumerate(tape.calls):
        for r in call.refs():
            found.setdefault(tape.roots[r], i)
    return found


@pytest.mark.parametrize("kind", SABOTAGE)
def test_sabotage_is_seen(kind: str, monkeypatch: pytest.MonkeyPatch):
    """When tidying or storage is wrong, the comparison above turns red."""
    SABOTAGE[kind](monkeypatch)
    with pytest.raises((AssertionError, ValueError, KeyError, TypeError)):
        test_value_and_gradient_far_from_the_recording()


def test_a_recorded_graph_of_tensors_as_a_program():
    """``Graph(y).program()`` replays Tensors too: leaves as inputs, chosen ones differentiated, the others kept."""
    x, w = Tensor(X, name="x"), Tensor(W, name="w")
    y = ag.fused.softmax_cross_entropy(ag.linear(x, w).tanh(), labels=LABELS)
    y.backward()
    program = ag.Graph(y).program()
    value, (dx, dw) = program.value_and_grad(X, W)
    assert value == pytest.approx(y.item(), rel=1e-12)
    np.testing.assert_allclose(dx, x.grad, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(dw, w.grad, rtol=1e-10, atol=1e-14)
    one = ag.Graph(y).program(inputs=[w, x], wrt=w)
    np.testing.assert_allclose(one.grad(W, X), w.grad, rtol=1e-10, atol=1e-14)
    fixed = ag.Graph(y).program(inputs="w")
    np.testing.assert_allclose(fixed.grad(W), w.grad, rtol=1e-10, atol=1e-14)
    namespace: dict[str, Any] = {"np": np}
    exec(program.source, namespace)
    for f, e in zip(namespace["value_and_grad"](X, W), (value, dx, dw), strict=True):
        np.testing.assert_allclose(f, e, rtol=1e-12)
    mixed = ag.stack_values([Value(1.0, name="v"), Value(2.0)]).sum()
    with pytest.raises(InputTypeError, match="a single number in a graph of whole arrays"):
        ag.Graph(mixed).program()


def test_whole_numbers_among_the_arguments_are_indices():
    """Labels pick anew in each replay: a loss of one's own, written with an index."""

    def own(s: Any, labels: Any) -> Any:
        return -(ag.log_softmax(s)[np.arange(4), labels]).mean() + s[labels].sum() * 0.1

    program = ag.compile(own, Tensor(np.zeros((4, 3))), LABELS)
    for labels in (LABELS, np.array([2, 2, 0, 1])):
        s = RNG.normal(size=(4, 3))
        value, g = program.value_and_grad(s, labels)
        wanted, slope = ag.value_and_grad(own)(s, labels)
        assert value == pytest.approx(wanted, rel=1e-12)
        np.testing.assert_allclose(g, slope, rtol=1e-10, atol=1e-14)
    with pytest.raises(IndexError):
        program(s, np.array([0, 1, 2, 3]))
