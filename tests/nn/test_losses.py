"""Every loss: formulas, gradients at both magnifications, edges, and shapes that must not broadcast."""

from __future__ import annotations

import math

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Tensor, Value
from autograd.check import check_gradients
from tests.nn import differences

X = np.array([[0.3, -1.2, 2.2], [1.4, 0.6, -0.7]])
P = 1 / (1 + np.exp(-X))
Y = np.array([[0.5, 1.0, -1.0], [0.2, -2.5, 1.1]])
B = np.array([[1.0, 0.0, 1.0], [0.0, 0.3, 1.0]])
S = np.array([[1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]])
LABELS = np.array([2, 0])
W3 = np.array([0.5, 2.0, 1.5])


def log_softmax(x, axis=1):
    """Give the textbook form; the numbers here are small."""
    return x - np.log(np.sum(np.exp(x), axis=axis, keepdims=True))


LP = log_softmax(X)
Q = np.array([[0.2, 0.5, 0.3], [0.0, 1.0, 0.0]])
NLL = -LP[[0, 1], LABELS]
SOFT = -(LP * W3).sum(1)

# name → loss, prediction, target, what a textbook gives per number
CASES = {
    "MSE": (nn.MSE, X, Y, (X - Y) ** 2),
    "MAE": (nn.MAE, X, Y, np.abs(X - Y)),
    "Huber": (lambda **k: nn.Huber(delta=0.9, **k), X, Y, np.where(np.abs(X - Y) <= 0.9, (X - Y) ** 2 / 2, 0.9 * (np.abs(X - Y) - 0.45))),
    "BCE": (nn.BCE, P, B, -(B * np.log(P) + (1 - B) * np.log(1 - P))),
    "BCE weight": (lambda **k: nn.BCE(W3, **k), P, B, -W3 * (B * np.log(P) + (1 - B) * np.log(1 - P))),
    "BCEWithLogits": (nn.BCEWithLogits, X, B, -(B * np.log(P) + (1 - B) * np.log(1 - P))),
    "BCEWithLogits weights": (
        lambda **k: nn.BCEWithLogits(W3, pos_weight=np.array([3.0, 0.5, 1.0]), **k), X, B,
        -W3 * (np.array([3.0, 0.5, 1.0]) * B * np.log(P) + (1 - B) * np.log(1 - P)),
    ),
    "Hinge": (nn.Hinge, X, S, np.maximum(0, 1 - S * X)),
    "NLL": (nn.NLL, LP, LABELS, NLL),
    "CrossEntropy": (nn.CrossEntropy, X, LABELS, NLL),
    "CrossEntropy of shares": (nn.CrossEntropy, X, Q, -(Q * LP).sum(1)),
    "CrossEntropy of weighted shares": (lambda **k: nn.CrossEntropy(W3, **k), X, Q, -(Q * LP * W3).sum(1)),
}  # fmt: skip


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("name", CASES)
def test_loss(name, reduction):
    """Values are the textbook's; slopes and curvatures are right on Tensors and Values, and both agree."""
    make, prediction, target, each = CASES[name]
    loss = make(reduction=reduction)
    expected = {"mean": each.mean(), "sum": each.sum(), "none": each}[reduction]
    found = []
    for scalars in (False, True):
        p, leaves = differences.leaves_of_array(prediction, scalars=scalars)
        y = loss(p, target)
        np.testing.assert_allclose(nn.parameter.data_of(y), expected, rtol=1e-12)

        def f(p=p):
            y = loss(p, target)
            return ag.sum(ag.square(y)) if np.ndim(expected) else y

        found.append(differences.agree(f, leaves))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-11)


@pytest.mark.parametrize("scalars", [False, True], ids=["tensors", "values"])
@pytest.mark.parametrize("name", CASES)
def test_gradient_checker(name, scalars):
    """The package's own gradient checker verifies every loss at order 1 and 2."""
    make, prediction, target, _ = CASES[name]
    p, leaves = differences.leaves_of_array(prediction, scalars=scalars)
    report = check_gradients(lambda: make()(p, target), wrt=leaves, order=2)
    assert report.ok, str(report)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (nn.NLL(W3), (NLL * W3[LABELS]).sum() / W3[LABELS].sum()),
        (nn.CrossEntropy(W3), (NLL * W3[LABELS]).sum() / W3[LABELS].sum()),
        (nn.CrossEntropy(ignore_index=0), NLL[0]),
        (nn.CrossEntropy(label_smoothing=0.3), (0.7 * NLL + 0.3 / 3 * -LP.sum(1)).mean()),
        (nn.CrossEntropy(W3, label_smoothing=0.3), (0.7 * NLL * W3[LABELS] + 0.1 * SOFT).sum() / W3[LABELS].sum()),
    ],
)
def test_weighted_means(loss, expected):
    """A mean is weighted by the classes' weights, ignored samples do not count, smoothing spreads its share."""
    x = LP if type(loss) is nn.NLL else X
    for scalars in (False, True):
        p, leaves = differences.leaves_of_array(x, scalars=scalars)
        np.testing.assert_allclose(loss(p, LABELS).item(), expected, rtol=1e-12)
        differences.agree(lambda p=p: loss(p, LABELS), leaves)


def test_one_sample_and_images():
    """CrossEntropy takes (classes,) with one label, and (batch, classes, positions) with labels (batch, positions)."""
    np.testing.assert_allclose(nn.CrossEntropy()(Tensor(X[0]), 2).item(), NLL[0])
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    labels = np.array([[0, 1, 2, 0], [2, 2, 1, 1]])
    lp = log_softmax(x)
    expected = -np.mean([lp[i, labels[i, j], j] for i in range(2) for j in range(4)])
    np.testing.assert_allclose(nn.CrossEntropy()(Tensor(x), labels).item(), expected)
    # PyTorch spreads a smoothed label over the classes at every position.
    smooth = nn.CrossEntropy(W3, label_smoothing=0.2, reduction="none")(Tensor(x), labels)
    at = np.take_along_axis(lp, labels[:, None], 1)[:, 0]
    np.testing.assert_allclose(smooth.data, 0.8 * -at * W3[labels] - 0.2 / 3 * (lp * W3[:, None]).sum(1))


def test_two_classes_are_binary():
    """Softmax cross-entropy of two logits is BCE on their difference, with the same gradients."""
    x, y = np.array([[0.3, -1.0], [2.0, 0.7], [-0.2, 0.4]]), np.array([1, 0, 1])
    a, b = Tensor(x), Tensor(x)
    many, two = nn.CrossEntropy()(a, y), nn.BCEWithLogits()(b[:, 1] - b[:, 0], y)
    many.backward()
    two.backward()
    np.testing.assert_allclose(many.item(), two.item(), rtol=1e-14)
    np.testing.assert_allclose(a.grad, b.grad, rtol=1e-13)


def test_bce_by_hand():
    """The note's example: −[y·log p + (1 − y)·log(1 − p)], averaged; it equals BCEWithLogits on the logits."""
    p, y = np.array([0.9, 0.2, 0.7]), np.array([1.0, 0.0, 1.0])
    by_hand = np.mean([-math.log(0.9), -math.log(0.8), -math.log(0.7)])
    np.testing.assert_allclose(nn.BCE()(Tensor(p), y).item(), by_hand)
    np.testing.assert_allclose(nn.BCEWithLogits()(Tensor(np.log(p / (1 - p))), y).item(), by_hand)


def test_bce_at_the_edges():
    """At p = 0 and 1 the loss is 100 and the slope ±1e12, as in PyTorch; right answers cost nothing."""
    for make in (lambda p: Tensor([p]), lambda p: np.array([Value(p)], dtype=object)):
        for p, y, value, slope in (
            (0.0, 1.0, 100.0, -1e12),
            (1.0, 0.0, 100.0, 1e12),
            (1.0, 1.0, 0.0, 0.0),
            (0.0, 0.0, 0.0, 0.0),
        ):
            x = make(p)
            loss = nn.BCE()(x, np.array([y]))
            loss.backward()
            g = x.grad if isinstance(x, Tensor) else x[0].grad
            assert loss.item() == value
            np.testing.assert_allclose(g, slope)


def test_logits_are_stable():
    """Logits of ±1000 give finite losses and slopes."""
    x = Tensor([1000.0, -1000.0])
    loss = nn.BCEWithLogits(reduction="sum")(x, np.array([0.0, 1.0]))
    loss.backward()
    assert loss.item() == 2000.0
    np.testing.assert_allclose(x.grad, [1.0, -1.0])
    z = Tensor([[1000.0, -1000.0]])
    nn.CrossEntropy()(z, np.array([1])).backward()
    np.testing.assert_allclose(z.grad, [[1.0, -1.0]])


def test_kinks_at_zero():
    """Where prediction and target agree, every loss has slope 0, and Huber and MSE keep their curvature."""
    for loss, second in ((nn.MAE(), 0.0), (nn.Huber(), 1.0), (nn.MSE(), 2.0)):
        x = Tensor([1.0])
        (g,) = ag.grad(loss(x, np.array([1.0])), [x], create_graph=True)
        assert g.data[0] == 0
        if g.requires_grad:
            assert ag.grad(g, [x])[0][0] == second


@pytest.mark.parametrize("loss", [nn.MSE, nn.MAE, nn.Huber, nn.BCE, nn.BCEWithLogits, nn.Hinge])
@pytest.mark.parametrize("shapes", [((4, 1), (4,)), ((4,), (4, 1)), ((4, 2), (2,)), ((4,), ())])
def test_shapes_do_not_broadcast(loss, shapes):
    """(n, 1) against (n,) is refused, with both shapes and what to write."""
    have, want = shapes
    with pytest.raises(ValueError) as caught:
        loss()(Tensor(np.full(have, 0.5)), np.ones(want))
    assert str(have) in str(caught.value)
    assert str(want) in str(caught.value)
    assert ("reshape" in str(caught.value)) == (np.prod(have) == np.prod(want))


@pytest.mark.parametrize(
    ("loss", "prediction", "target", "words"),
    [
        (nn.CrossEntropy, X, np.array([0, 3]), "label 3 is outside the 3 classes 0 … 2"),
        (nn.CrossEntropy, X, np.array([-1, 0]), "label -1 is outside"),
        (nn.CrossEntropy, X, np.array([0, 1, 2]), r"labels of shape \(2,\)"),
        (nn.CrossEntropy, X, np.array([[0], [1]]), r"got \(2, 1\)"),
        (nn.CrossEntropy, X, 2 * Q, "probabilities must lie between 0 and 1"),
        (nn.CrossEntropy, Value(1.0), np.array([0]), "got a single number"),
        (nn.BCE, P, 2 * B, "targets must lie between 0 and 1; got 2"),
        (nn.BCE, X, B, "predictions must lie between 0 and 1; got -1.2"),
        (nn.BCE, P, np.full((2, 3), np.nan), "targets must lie between 0 and 1; got nan"),
        (nn.BCEWithLogits, X, -B, "targets must lie"),
        (nn.Hinge, X, B, "2 \\* y - 1"),
        (lambda: nn.CrossEntropy(np.ones(2)), X, LABELS, r"expected one number per class, \(3,\)"),
        (lambda: nn.BCE(np.ones(2)), P, B, r"weights of shape \(2,\)"),
        (lambda: nn.MSE(reduction="average"), X, Y, "'mean', 'sum' or 'none'"),
        (lambda: nn.Huber(delta=0), X, Y, "delta"),
    ],
)
def test_bad_input(loss, prediction, target, words):
    """What cannot be meant is refused before anything is computed, in words that say what to write."""
    with pytest.raises(ValueError, match=words):
        loss()(Tensor(prediction) if isinstance(prediction, np.ndarray) else prediction, target)


def test_labels_must_be_whole():
    """Labels as floats are refused, with the cast to write."""
    with pytest.raises(TypeError, match=r"y\.astype\(int\)"):
        nn.CrossEntropy()(Tensor(X), np.array([0.0, 1.0]))


def test_lists_as_micrograd_has_them():
    """A list of Values and a list of numbers are a prediction and a target."""
    model = nn.MLP(2, [3, 1], seed=0)
    xs, ys = [[1.0, 2.0], [-1.0, 0.5]], [1.0, -1.0]
    loss = nn.Hinge()([model(x) for x in xs], ys)
    assert isinstance(loss, Value)
    loss.backward()
    by_hand = sum((1 - y * model(x)).relu() for x, y in zip(xs, ys, strict=True)) / 2
    np.testing.assert_allclose(loss.item(), by_hand.item())
    assert nn.MSE()(model(xs[0]), 1.0).item() >= 0


def test_aliases_are_one_class():
    """PyTorch's names and ours are the same classes, with PyTorch's positional arguments."""
    for a, b in (("MSELoss", "MSE"), ("L1Loss", "MAE"), ("L1", "MAE"), ("HuberLoss", "Huber"), ("BCELoss", "BCE"),
                 ("BCEWithLogitsLoss", "BCEWithLogits"), ("NLLLoss", "NLL"), ("CrossEntropyLoss", "CrossEntropy")):  # fmt: skip
        assert getattr(nn, a) is getattr(nn, b)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_float32_stays_float32(reduction):
    """No setting of a loss, such as weights of classes, turns float32 into float64: not the loss, and not its gradient."""
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(4, 3)).astype(np.float32), np.array([0, 2, 1, 1])
    ones = np.ones((4, 3), np.float32)
    weight = [1.0, 2.0, 0.5]
    cases = [
        (nn.CrossEntropy(reduction=reduction), labels),
        (nn.CrossEntropy(weight, reduction=reduction, label_smoothing=0.1), labels),
        (nn.CrossEntropy(reduction=reduction, ignore_index=2), labels),
        (nn.CrossEntropy(reduction=reduction, ignore_index=2, label_smoothing=0.1), labels),
        (nn.CrossEntropy(weight, reduction=reduction), ones / 3),
        (nn.NLL(weight, reduction=reduction), labels),
        (nn.BCEWithLogits(reduction=reduction, pos_weight=2.5), ones),
        (nn.BCEWithLogits(np.ones((4, 3)), reduction=reduction, pos_weight=weight), ones),
        (nn.MSE(reduction=reduction), ones), (nn.MAE(reduction=reduction), ones),
        (nn.Huber(reduction=reduction), ones), (nn.Hinge(reduction=reduction), ones),
    ]  # fmt: skip
    for criterion, target in cases:
        prediction = Tensor(x)
        loss = criterion(prediction, target)
        assert loss.dtype == np.float32, criterion
        loss.sum().backward()
        assert prediction.grad.dtype == np.float32, criterion


@pytest.mark.parametrize(
    "loss", [nn.MSE(), nn.BCE(), nn.CrossEntropy(), nn.NLL(), nn.Hinge(), nn.Huber()], ids=lambda m: type(m).__name__
)
def test_a_prediction_of_none_is_explained(loss):
    """A forward without a return gives None; the message says so."""
    with pytest.raises(
        ag.errors.InputTypeError, match="the prediction is None; does the model's forward lack a return"
    ):
        loss(None, np.array([1]))
