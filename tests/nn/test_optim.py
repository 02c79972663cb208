"""Optimisers against the published formulas, at both magnifications; schedules, clipping, state, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest

import nn
from autograd import Tensor, Value
from autograd.errors import InputTypeError, ShapeError, StaleError
from nn import optim
from tests.nn import published_rules as published

A = np.array([[2.0, 0.3, -0.4], [0.3, 1.0, 0.2], [-0.4, 0.2, 0.5]])
C = np.array([1.0, -2.0, 0.5])
START = np.array([0.7, -1.3, 2.1])

CASES = {
    "SGD": (optim.SGD, published.sgd, {"lr": 0.1}),
    "momentum": (optim.SGD, published.sgd, {"lr": 0.1, "momentum": 0.9}),
    "dampening": (optim.SGD, published.sgd, {"lr": 0.1, "momentum": 0.8, "dampening": 0.3}),
    "Nesterov": (optim.SGD, published.sgd, {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    "weight decay": (optim.SGD, published.sgd, {"lr": 0.1, "weight_decay": 0.2}),
    "all of SGD": (optim.SGD, published.sgd, {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    "Adam": (optim.Adam, published.adam, {"lr": 0.1}),
    "Adam with decay": (optim.Adam, published.adam, {"lr": 0.1, "betas": (0.8, 0.95), "weight_decay": 0.1}),
    "AdamW": (optim.AdamW, published.adamw, {"lr": 0.1}),
    "AdamW with decay": (optim.AdamW, published.adamw, {"lr": 0.1, "weight_decay": 0.3, "eps": 1e-6}),
    "RMSprop": (optim.RMSprop, published.rmsprop, {"lr": 0.05}),
    "all of RMSprop": (optim.RMSprop, published.rmsprop, {"lr": 0.05, "alpha": 0.9, "momentum": 0.7, "centered": True, "weight_decay": 0.1}),
    "Adagrad": (optim.Adagrad, published.adagrad, {"lr": 0.5}),
    "all of Adagrad": (optim.Adagrad, published.adagrad, {"lr": 0.5, "lr_decay": 0.1, "weight_decay": 0.1}),
}  # fmt: skip


def slope(p):
    """The gradient of ½pᵀAp − cᵀp + Σp⁴/4, by hand."""
    return A @ p - C + p**3


def loss_of(p):
    """The same loss, recorded."""
    return 0.5 * (p * (A @ p)).sum() - (p * C).sum() + 0.25 * (p**4).sum()


def leaves(*, scalars):
    """Give the start as an expression's input and as a list of parameters."""
    if not scalars:
        p = Tensor(START)
        return p, [p]
    p = np.array([Value(x) for x in START], dtype=object)
    return p, list(p)


def numbers(p):
    """Give bare numbers."""
    return np.array(nn.parameter.data_of(p))


@pytest.mark.parametrize("scalars", [False, True], ids=["tensors", "values"])
@pytest.mark.parametrize("name", CASES)
def test_twenty_steps(name, scalars):
    """Twenty steps follow the published formula to 1e−10, and a run cut in two by saved state follows it as well."""
    make, formula, settings = CASES[name]
    expected = formula(START, slope, 20, **settings)
    p, params = leaves(scalars=scalars)
    optimiser = make(params, **settings)
    for k in range(20):
        optimiser.zero_grad()
        loss_of(p).backward()
        optimiser.step()
        np.testing.assert_allclose(numbers(p), expected[k], rtol=0, atol=1e-10)
        if k == 7:
            state = optimiser.state_dict()
            optimiser = make(params, **{**settings, "lr": 123.0})
            optimiser.load_state_dict(state)


def test_wrong_rules_teach():
    """Subtracting a fixed value walks past the minimum; subtracting the bare slope of a steep loss diverges."""
    w = Tensor(0.0)
    fixed = optim.FixedStep([w], size=-0.4)
    for k in range(5):
        fixed.zero_grad()
        ((w - 1) ** 2).backward()
        fixed.step()
        np.testing.assert_allclose(w.data, 0.4 * (k + 1))
    w = Tensor(1.5)
    bare = optim.BareSlope([w])
    path = []
    for _ in range(4):
        bare.zero_grad()
        (1.5 * (w - 1) ** 2).backward()
        bare.step()
        path.append(w.item())
    np.testing.assert_allclose(path, [0.0, 3.0, -3.0, 9.0])


def test_frozen_and_untouched_parameters():
    """Frozen parameters and those without a gradient stay as they are, Tensors and single Values alike."""
    a, b, c = Tensor([1.0]), Tensor([1.0]), Tensor([1.0])
    adam = optim.Adam([a, b, c], lr=0.1, weight_decay=0.5)
    b.requires_grad = False
    (a * b).sum().backward()
    adam.step()
    assert a.data[0] != 1
    assert b.data[0] == c.data[0] == 1
    v = [Value(1.0), Value(1.0), Value(1.0)]
    sgd = optim.SGD(v, lr=0.1, momentum=0.9)
    for _ in range(2):
        sgd.zero_grad()
        (v[0] * 2).backward()
        sgd.step()
    assert [x.data for x in v] == pytest.approx([1 - 0.2 - 0.38, 1, 1])
    sgd.zero_grad()
    (v[1] * 2).backward()
    sgd.step()
    assert [x.data for x in v] == pytest.approx([0.42, 0.8, 1])


def test_a_late_value_follows_the_formula():
    """A Value that gets its first gradient at the third step is corrected by its own count of steps."""
    v = [Value(1.0), Value(1.0)]
    adam = optim.Adam(v, lr=0.1)
    for k in range(4):
        adam.zero_grad()
        (v[0] * 3 if k < 2 else v[0] * 3 + v[1] * 3).backward()
        adam.step()
    assert v[0].data == pytest.approx(0.6)
    assert v[1].data == pytest.approx(0.8)


def test_steps_are_seen_by_old_graphs():
    """A graph recorded before the step refuses to differentiate with the new numbers."""
    w = Tensor([1.0, 2.0])
    y = (w * w).sum()
    y.backward()
    optim.SGD([w], lr=0.1).step()
    with pytest.raises(StaleError):
        y.backward()


def test_steps_are_in_place():
    """No step makes a new array for a parameter, and none writes into a gradient."""
    for make in (optim.SGD, optim.Adam, optim.AdamW, optim.RMSprop, optim.Adagrad):
        w = Tensor(np.ones(5))
        data = w.data
        optimiser = make([w], lr=0.1, weight_decay=0.1)
        (w * w).sum().backward()
        g = w.grad.copy()
        optimiser.step()
        optimiser.step()
        assert w.data is data
        assert np.array_equal(w.grad, g)


def test_groups():
    """Groups have settings of their own; what is not said comes from the defaults."""
    a, b = Tensor([1.0]), Tensor([1.0])
    sgd = optim.SGD([{"params": [a]}, {"params": [b], "lr": 0.5}], lr=0.1)
    (a + b).sum().backward()
    sgd.step()
    assert (a.item(), b.item()) == (0.9, 0.5)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda w: optim.SGD([w], lr=float("nan")), "lr must be finite"),
        (lambda w: optim.SGD([w], lr=-0.1), "0 or more; got -0.1"),
        (lambda w: optim.Adam([w], lr=float("inf")), "lr must be finite"),
        (lambda w: optim.Adam([w], betas=(0.9, 1.0)), r"betas\[1\]"),
        (lambda w: optim.Adam([w], betas=0.9), "two numbers"),
        (lambda w: optim.SGD([w], lr="fast"), "lr is a number"),
        (lambda w: optim.SGD([w], nesterov=True), "momentum above 0"),
        (lambda w: optim.SGD([w], momentum=-1), "momentum"),
        (lambda w: optim.RMSprop([w], alpha=1.5), "alpha"),
        (lambda w: optim.SGD([], lr=0.1), "no parameters"),
        (lambda w: optim.SGD(w, lr=0.1), r"\[w\]"),
        (lambda w: optim.SGD([w, w], lr=0.1), "twice"),
        (lambda w: optim.SGD([w * 2], lr=0.1), "computed node"),
        (lambda w: optim.SGD([1.0], lr=0.1), "leaf Tensors or Values"),
        (lambda w: optim.SGD([{"params": [w], "rate": 1}], lr=0.1), "no setting 'rate'"),
        (lambda w: optim.SGD(nn.Linear(1, 1), lr=0.1), r"model\.parameters\(\)"),
        (lambda w: optim.StepLR(w, 1), "optimiser"),
        (lambda w: optim.StepLR(optim.SGD([w]), 0), "step_size"),
        (lambda w: optim.CosineAnnealingLR(optim.SGD([w]), 0), "T_max"),
        (lambda w: optim.clip_grad_norm_([w], float("nan")), "max_norm"),
    ],
)
def test_refused(make, words):
    """Settings and parameters that cannot work are refused at once, in words that say what to write."""
    with pytest.raises((TypeError, ValueError), match=words):
        make(Tensor([1.0]))


def test_state_of_another_optimiser_is_refused():
    """State that does not fit changes nothing."""
    w = Tensor([1.0, 2.0])
    adam, sgd = optim.Adam([w]), optim.SGD([w])
    (w * w).sum().backward()
    adam.step()
    with pytest.raises(ValueError, match="another kind"):
        sgd.load_state_dict(adam.state_dict())
    other = optim.Adam([Tensor([1.0, 2.0, 3.0])])
    with pytest.raises(ValueError, match="shape"):
        other.load_state_dict(adam.state_dict())
    assert other.state_dict()["state"] == {}


def rates(schedule, steps):
    """Give the learning rates over some steps."""
    found = []
    for _ in range(steps):
        found.append(schedule.optimiser.param_groups[0]["lr"])
        schedule.step()
    return found


def test_schedules():
    """Each schedule follows its formula, and goes on exactly after a restore."""

    def sgd():
        return optim.SGD([Tensor([1.0])], lr=0.8)

    np.testing.assert_allclose(rates(optim.StepLR(sgd(), 2, 0.5), 5), [0.8, 0.8, 0.4, 0.4, 0.2])
    np.testing.assert_allclose(
        rates(optim.CosineAnnealingLR(sgd(), 4, 0.2), 5),
        [0.2 + 0.3 * (1 + math.cos(math.pi * k / 4)) for k in range(5)],
    )
    np.testing.assert_allclose(rates(optim.LinearLR(sgd(), 0.25, total_iters=3), 5), [0.2, 0.4, 0.6, 0.8, 0.8])
    np.testing.assert_allclose(rates(optim.LambdaLR(sgd(), lambda k: 1 / (1 + k)), 3), [0.8, 0.4, 0.8 / 3])
    opt = sgd()
    first = optim.SequentialLR(opt, [optim.LinearLR(opt, 0.5, total_iters=2), optim.StepLR(opt, 1, 0.1)], [2])
    whole = rates(first, 5)
    np.testing.assert_allclose(whole, [0.4, 0.6, 0.8, 0.08, 0.008])
    again = optim.CosineAnnealingLR(sgd(), 10)
    rates(again, 4)
    restored = optim.CosineAnnealingLR(optim.SGD([Tensor([1.0])], lr=99.0), 10)
    restored.load_state_dict(again.state_dict())
    assert rates(restored, 3) == rates(again, 3)


@pytest.mark.parametrize("scalars", [False, True], ids=["tensors", "values"])
def test_clipping(scalars):
    """The norm of all gradients together is bounded; the norm before is given; a value bound cuts single numbers."""
    p, params = leaves(scalars=scalars)
    (p * np.array([3.0, 0.0, 4.0])).sum().backward()
    assert optim.clip_grad_norm_(params, 1.0) == 5.0
    grads = np.concatenate([np.reshape(q.grad, -1) for q in params])
    np.testing.assert_allclose(grads, [0.6, 0, 0.8], rtol=1e-6)
    assert optim.clip_grad_norm_(params, 10.0) == pytest.approx(1.0)
    optim.clip_grad_value_(params, 0.7)
    np.testing.assert_allclose(np.concatenate([np.reshape(q.grad, -1) for q in params]), [0.6, 0, 0.7], rtol=1e-6)
    assert optim.gradient_norm(params, math.inf) == pytest.approx(0.7)


def test_norm_does_not_overflow():
    """Gradients of 1e200 have a finite norm; a nan is given as nan, and refused on request."""
    w = Tensor([1.0, 1.0])
    w.grad = np.array([3e200, 4e200])
    np.testing.assert_allclose(optim.gradient_norm([w]), 5e200)
    w.grad = np.array([np.nan, 1.0])
    assert math.isnan(optim.clip_grad_norm_([w], 1.0))
    with pytest.raises(RuntimeError, match="detect_anomaly"):
        optim.clip_grad_norm_([w], 1.0, error_if_nonfinite=True)


@pytest.mark.parametrize("given", [np.ones(3), np.ones((3, 2)), np.float64(1.0), "text"])
def test_a_gradient_that_somebody_assigned_must_fit(given):
    """A gradient of another shape is refused by name, also where NumPy would broadcast it; nothing is updated."""
    w = Tensor(np.ones((2, 3)), name="w")
    w.grad = given
    with pytest.raises(ShapeError, match=r"SGD: the gradient of w is .*; expected shape \(2, 3\)"):
        optim.SGD([w], lr=0.1, momentum=0.9).step()
    assert np.array_equal(w.data, np.ones((2, 3)))


@pytest.mark.parametrize("given", [{}, None, [1], {"groups": []}])
def test_a_state_that_is_none(given):
    """What is no state of an optimiser is refused by name."""
    with pytest.raises(InputTypeError, match="SGD: a state is a dictionary with 'groups' and 'state'"):
        optim.SGD([Tensor([1.0])], lr=0.1).load_state_dict(given)
