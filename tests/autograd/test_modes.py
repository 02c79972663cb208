"""Modes: no_grad, enable_grad, detect_anomaly, record_lines, gc_paused; under exceptions, threads, generators and tasks."""

from __future__ import annotations

import asyncio
import gc
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, modes
from autograd.errors import AnomalyError, GradientError

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _modes_are_left_as_found() -> Iterator[None]:
    """Every test leaves all modes off: the count that the hot path reads is 0 again."""
    assert modes.active == 0
    yield
    assert modes.active == 0
    assert modes.current() == modes.Modes()


def test_no_grad_computes_without_recording():
    """Results are constants with the same numbers, for Values, Tensors, arrays of Values and zoom."""
    v, x = Value(2.0), Tensor([1.0, 2.0])
    with autograd.no_grad():
        results = [
            v * v,
            v.exp(),
            3 - v,
            v**2,
            x * v,
            x.sum(),
            x[0],
            autograd.where(x > 1, x, 0.0),
            x.values()[0],
            autograd.stack_values([v, v]),
        ]
    for y in results:
        assert not y.requires_grad
        with pytest.raises(GradientError, match="constant"):
            y.backward()
    assert results[0].data == 4.0
    y = v * results[0]
    y.backward()
    assert v.grad == 4.0


def test_enable_grad_inside_no_grad():
    """Modes nest, and each end restores what was before."""
    v = Value(2.0)
    with autograd.no_grad():
        with autograd.enable_grad():
            y = v * v
        z = v * v
    assert (y.requires_grad, z.requires_grad, (v * v).requires_grad) == (True, False, True)


def test_no_grad_as_a_decorator():
    """A decorated function may be called again and again, and recursively."""

    @autograd.no_grad()
    def f(v: Value, n: int = 2) -> Any:
        return v * v if n == 0 else f(v, n - 1)

    for _ in range(3):
        assert not f(Value(2.0)).requires_grad


def test_exceptions_restore_the_mode():
    """Leaving by an exception restores everything."""
    v = Value(2.0)
    for mode in (autograd.no_grad, autograd.detect_anomaly, autograd.record_lines):
        with pytest.raises(ZeroDivisionError), mode():
            _ = 1 / 0
        assert (v * v).requires_grad


def test_threads_do_not_see_each_others_modes():
    """no_grad in one thread leaves another thread recording."""
    inside, done = threading.Event(), threading.Event()
    results: dict[str, bool] = {}

    def quiet() -> None:
        with autograd.no_grad():
            inside.set()
            done.wait(10)
            results["quiet"] = (Value(1.0) * 2).requires_grad

    thread = threading.Thread(target=quiet)
    thread.start()
    inside.wait(10)
    v, x = Value(3.0), Tensor([1.0, 2.0])
    ((v * x).exp().sum() * v).backward()
    results["loud"] = (Value(1.0) * 2).requires_grad
    done.set()
    thread.join()
    assert results == {"quiet": False, "loud": True}
    assert v.grad is not None
    assert x.grad is not None


def test_threads_build_and_differentiate_separate_graphs():
    """Eight threads at once, each with its own graph, each right."""

    def work(k: int) -> tuple[float, list[float]]:
        v, x = Value(float(k)), Tensor(np.arange(1.0, 4.0) * k)
        y = v
        for _ in range(300):
            y = y * 1.0 + v * 0.001
            with autograd.no_grad():
                _ = y * y
        (y + (x * x).sum()).backward()
        return v.grad, x.grad.tolist()

    with ThreadPoolExecutor(8) as pool:
        for k, (g, xs) in enumerate(pool.map(work, range(16))):
            assert g == pytest.approx(1.3)
            assert xs == [2.0 * k, 4.0 * k, 6.0 * k]


def test_generators_do_not_leak_a_mode_into_their_callers_graph():
    """A generator that is closed half-way restores the mode; while it is open the mode is the caller's too (as documented for contextvars)."""

    def numbers(v: Value) -> Iterator[Any]:
        with autograd.no_grad():
            yield v * 1
            yield v * 2

    steps = numbers(Value(1.0))
    assert not next(steps).requires_grad
    steps.close()
    assert (Value(1.0) * 2).requires_grad


def test_modes_that_end_out_of_order():
    """Two open generators that are closed in the order they were opened leave no mode behind."""

    def holding(mode: Any) -> Iterator[None]:
        with mode():
            yield

    first, second = holding(autograd.no_grad), holding(autograd.record_lines)
    next(first)
    next(second)
    first.close()
    second.close()
    assert (Value(1.0) * 2).requires_grad


def test_tasks_do_not_see_each_others_modes():
    """Asyncio tasks have modes of their own."""

    async def quiet() -> bool:
        with autograd.no_grad():
            await asyncio.sleep(0.01)
            return bool((Value(1.0) * 2).requires_grad)

    async def loud() -> bool:
        await asyncio.sleep(0.005)
        return bool((Value(1.0) * 2).requires_grad)

    async def both() -> list[bool]:
        return await asyncio.gather(quiet(), loud())

    assert asyncio.run(both()) == [False, True]


def line_of(marker: str) -> int:
    """Find a marked line of this file."""
    with Path(__file__).open(encoding="utf-8") as lines:
        return next(i for i, line in enumerate(lines, 1) if f"# {marker}" in line)


def test_anomaly_names_the_first_value_that_is_not_finite():
    """The forward pass is watched: operation, inputs, name and source line of the first nan or infinity."""
    v = Value(-0.3, name="v")
    with autograd.detect_anomaly(), pytest.raises(AnomalyError) as caught:
        h = v * 2
        (h.sqrt() + 1).exp()  # MARK-SQRT
    message = str(caught.value)
    assert re.search(r"first non-finite value: √\(.*\) = nan, from .* = -0\.6", message), message
    assert f"line {line_of('MARK-SQRT')} of {__file__}" in message


def test_anomaly_in_tensors_and_in_the_backward_pass():
    """Tensors are watched likewise; a gradient that is not finite is reported with its operation and line."""
    x = Tensor([1.0, 0.0], name="x")
    with (
        autograd.detect_anomaly(),
        pytest.raises(AnomalyError, match=r"first non-finite value: log\(x\) = .*-inf.*from x = ") as caught,
    ):
        autograd.log(x)  # MARK-LOG
    assert f"line {line_of('MARK-LOG')} of" in str(caught.value)
    with autograd.detect_anomaly():
        y = autograd.sqrt(x)  # MARK-ROOT
        with pytest.raises(AnomalyError, match=r"first non-finite gradient: sqrt\(x\) sends .*inf.* to x") as caught:
            y.sum().backward()
    assert f"line {line_of('MARK-ROOT')} of" in str(caught.value)
    assert x.grad is None


def test_anomaly_blames_an_input_that_was_not_finite():
    """If the input was nan already, the message says so instead of blaming the operation."""
    v = Value(float("nan"), name="v")
    with autograd.detect_anomaly(), pytest.raises(AnomalyError, match="v was not finite already: it is an input"):
        v * 2


def test_anomaly_gives_the_same_gradients():
    """Watching changes no number."""
    results = []
    for watched in (False, True):
        v, x = Value(0.5), Tensor([1.0, 2.0])
        with autograd.detect_anomaly() if watched else autograd.enable_grad():
            y = (x * v).tanh().sum() * v + x[1] ** 2
            y.backward()
            y.backward()
        results.append((v.grad, x.grad.tolist()))
    assert results[0] == results[1]


def test_record_lines():
    """Nodes remember file and line of the caller only while the mode is on."""
    v = Value(1.0)
    with autograd.record_lines():
        y = v * 2  # MARK-MUL
    node = y.graph()["y"]
    assert node.line == (__file__, line_of("MARK-MUL"))
    assert (v * 2).graph().root.line is None


def test_gc_paused():
    """The collector rests inside, and goes on afterwards only if it was on before."""
    assert gc.isenabled()
    with autograd.gc_paused():
        assert not gc.isenabled()
        with autograd.gc_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_no_grad_with_functional_derivatives():
    """Grad of a function works inside no_grad: its graph is its own, and the result is a number."""
    with autograd.no_grad():
        assert autograd.grad(lambda x: x**3)(2.0) == 12.0
        assert autograd.hessian(lambda x: (x**3).sum())(np.ones(1)).tolist() == [[6.0]]
        assert autograd.jvp(lambda x: x * x, (3.0,), (1.0,)) == (9.0, 6.0)


def test_leaves_made_under_no_grad_are_leaves():
    """Making a Value is no computation: it may be trained."""
    with autograd.no_grad():
        w = Value(1.0)
        x = Tensor([1.0])
    assert w.requires_grad
    assert x.requires_grad
