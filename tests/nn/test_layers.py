"""Every layer at both magnifications: values, slopes and curvatures, in training and in evaluation."""

from __future__ import annotations

import numpy as np
import pytest

import autograd as ag
import nn
from autograd.check import check_gradients
from tests.nn import differences


class Skip(nn.Module):
    """Wired otherwise: 2 → 3 → 2, with the input added again at the end and fed to both layers."""

    def __init__(self):
        self.first = nn.Linear(2, 3, seed=1)
        self.second = nn.Linear(5, 2, seed=2)

    def forward(self, x):
        """Apply both layers."""
        h = self.first(x).tanh() if isinstance(x, ag.Tensor) else ag.tanh(self.first(x))
        both = np.concatenate([h, x], axis=-1) if isinstance(x, np.ndarray) else ag.concatenate([h, x], axis=-1)
        return self.second(both) + x


CASES = {
    "Linear": (lambda: nn.Linear(3, 2, seed=0), (4, 3)),
    "Linear without bias": (lambda: nn.Linear(3, 2, bias=False, seed=0), (3,)),
    "Linear on three axes": (lambda: nn.Linear(3, 2, seed=0), (2, 2, 3)),
    "Identity": (nn.Identity, (2, 2)),
    "Sigmoid": (nn.Sigmoid, (2, 3)),
    "HardSigmoid": (nn.HardSigmoid, (2, 3)),
    "ReLU": (nn.ReLU, (2, 3)),
    "LeakyReLU": (lambda: nn.LeakyReLU(0.2), (2, 3)),
    "ELU": (lambda: nn.ELU(0.7), (2, 3)),
    "GELU": (nn.GELU, (2, 3)),
    "GELU by tanh": (lambda: nn.GELU("tanh"), (2, 3)),
    "SiLU": (nn.SiLU, (2, 3)),
    "Tanh": (nn.Tanh, (2, 3)),
    "Softplus": (nn.Softplus, (2, 3)),
    "Softplus beta": (lambda: nn.Softplus(2.0), (2, 3)),
    "Softmax": (nn.Softmax, (2, 3)),
    "Softmax over rows": (lambda: nn.Softmax(dim=0), (2, 3)),
    "LogSoftmax": (nn.LogSoftmax, (2, 3)),
    "Flatten": (nn.Flatten, (2, 2, 2)),
    "Dropout": (lambda: nn.Dropout(0.4), (3, 4)),
    "Conv2d": (lambda: nn.Conv2d(2, 2, 2, stride=(1, 2), padding=1, seed=0), (1, 2, 3, 4)),
    "Conv2d without bias": (lambda: nn.Conv2d(1, 2, (2, 3), bias=False, seed=0), (2, 1, 3, 3)),
    "MaxPool2d": (lambda: nn.MaxPool2d(2, padding=1), (1, 2, 3, 4)),
    "AvgPool2d": (lambda: nn.AvgPool2d(2, stride=1, padding=1), (1, 1, 3, 3)),
    "BatchNorm1d": (lambda: nn.BatchNorm1d(2), (4, 2)),
    "BatchNorm1d with length": (lambda: nn.BatchNorm1d(2, affine=False), (3, 2, 2)),
    "BatchNorm1d without statistics": (lambda: nn.BatchNorm1d(2, track_running_stats=False), (4, 2)),
    "BatchNorm2d": (lambda: nn.BatchNorm2d(2), (2, 2, 2, 2)),
    "LayerNorm": (lambda: nn.LayerNorm(4), (3, 4)),
    "LayerNorm of two axes": (lambda: nn.LayerNorm((2, 3), bias=False), (2, 2, 3)),
    "Neuron": (lambda: nn.Neuron(3, seed=0), (3,)),
    "Layer": (lambda: nn.Layer(3, 2, activation="tanh", seed=0), (2, 3)),
    "MLP": (lambda: nn.MLP(2, [3, 1], activation="sigmoid", seed=0), (4, 2)),
    "MLP through one neuron": (lambda: nn.MLP(2, [1, 2], activation="tanh", seed=0), (4, 2)),
    "skip connection": (Skip, (3, 2)),
    "Sequential": (
        lambda: nn.Sequential(nn.Linear(2, 3, seed=0), nn.Tanh(), nn.LayerNorm(3), nn.Linear(3, 1, seed=1)),
        (3, 2),
    ),
}


def numbers(shape, seed=0):
    """Give numbers away from every kink: no two are equal, and none is near 0 or ±3."""
    n = int(np.prod(shape))
    flat = np.linspace(-2.6, 2.7, n) + (0.05 if n % 2 else 0.0)
    return np.random.default_rng(seed).permutation(flat).reshape(shape)


def subject(name, *, scalars, training):
    """Give a function to one number, and its leaves."""
    make, shape = CASES[name]
    model = make()
    model = model.scalars() if scalars else model.tensors()
    model.train(training)
    for i, buffer in enumerate(model.buffers()):
        if buffer.dtype.kind == "f":
            buffer[...] = 0.5 + 0.3 * i + np.arange(buffer.size) * 0.1
    x, leaves = differences.leaves_of_array(numbers(shape), scalars=scalars)
    own = model.parameters()

    def f():
        for m in model.modules():
            if isinstance(m, nn.Dropout):
                m.generator = np.random.default_rng(7)
        y = model(x)
        shape_out = getattr(y, "shape", ())
        mix = np.cos(1.0 + np.arange(int(np.prod(shape_out)))).reshape(shape_out)
        return ag.sum(ag.square(y) * mix + y) if shape_out else y * y * 0.7 + y

    return f, own + leaves


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("name", CASES)
def test_layer(name, training):
    """Slopes and curvatures are right on Tensors and on Values, and both magnifications agree to rounding."""
    found = []
    for scalars in (False, True):
        f, leaves = subject(name, scalars=scalars, training=training)
        found.append((differences.value(f), differences.agree(f, leaves)))
    np.testing.assert_allclose(found[0][0], found[1][0], rtol=1e-13)
    np.testing.assert_allclose(found[0][1], found[1][1], rtol=1e-11, atol=1e-13)


MODAL = ("Dropout", "BatchNorm")


@pytest.mark.parametrize("scalars", [False, True], ids=["tensors", "values"])
@pytest.mark.parametrize(
    ("name", "training"), [(n, t) for n in CASES for t in (True, False) if t or n.startswith(MODAL)]
)
def test_gradient_checker(name, training, scalars):
    """The package's own gradient checker verifies every layer at order 1 and 2, and finds nothing unverified."""
    f, leaves = subject(name, scalars=scalars, training=training)
    report = check_gradients(f, wrt=leaves, order=2)
    assert report.ok, str(report)


def test_every_layer_has_a_case():
    """A new layer cannot be forgotten here."""
    tried = {type(m).__name__ for make, _ in CASES.values() for m in make().modules()}
    public = {n for n in nn.__all__ if isinstance(getattr(nn, n), type) and issubclass(getattr(nn, n), nn.Module)}
    losses = {n for n in public if issubclass(getattr(nn, n), nn.Loss)}
    aliases = {"Hardsigmoid"}
    assert public - losses - aliases - {"Module", "ModuleList", "Embedding"} <= tried


@pytest.mark.parametrize("scalars", [False, True], ids=["tensors", "values"])
def test_embedding(scalars):
    """Rows are looked up, a row used twice gets both gradients, curvatures are right."""
    model = nn.Embedding(4, 2, seed=0)
    model = model.scalars() if scalars else model
    index = np.array([[0, 3], [3, 1]])
    y = model(index)
    assert y.shape == (2, 2, 2)

    def f():
        return ag.sum(ag.square(model(index)))

    g = differences.agree(f, model.parameters()).reshape(4, 2)
    w = np.array(model.state_dict()["weight"])
    np.testing.assert_allclose(g, 2 * w * np.array([[1], [1], [0], [2]]))


@pytest.mark.parametrize(
    ("module", "x", "words"),
    [
        (lambda: nn.Sequential(nn.Linear(3, 2)), np.ones((4, 5)), ["Linear '0'", "3 features", "(4, 5)"]),
        (lambda: nn.Linear(3, 2), 1.0, ["3 features", "()"]),
        (lambda: nn.Conv2d(3, 2, 2), np.ones((1, 1, 4, 4)), ["3 channels", "(1, 1, 4, 4)"]),
        (lambda: nn.Conv2d(1, 2, 2), np.ones((4, 4)), ["x[None, None]"]),
        (lambda: nn.Conv2d(1, 2, 5), np.ones((1, 1, 4, 4)), ["(5, 5)", "(4, 4)"]),
        (lambda: nn.BatchNorm1d(3), np.ones((1, 3)), ["at least 2", "(1, 3)", "model.eval()"]),
        (lambda: nn.BatchNorm1d(3), np.ones((0, 3)), ["at least 2", "(0, 3)"]),
        (lambda: nn.BatchNorm1d(3), np.ones((4, 2)), ["3 features", "(4, 2)"]),
        (lambda: nn.BatchNorm2d(3), np.ones((4, 3)), ["3 channels", "(4, 3)"]),
        (lambda: nn.LayerNorm(3), np.ones((4, 2)), ["(3,)", "(4, 2)"]),
        (lambda: nn.Embedding(3, 2), np.array([0, 3]), ["no row 3", "0 to 2"]),
        (lambda: nn.Neuron(3), [1.0, 2.0], ["3 numbers", "(2,)"]),
        (lambda: nn.Flatten(3), np.ones((2, 2)), ["(2, 2)"]),
    ],
)
def test_wrong_input(module, x, words):
    """A wrong shape is refused by the layer itself, which says what it got and what it takes."""
    with pytest.raises(ValueError) as caught:
        module()(x)
    for word in words:
        assert word in str(caught.value)


def test_embedding_refuses_fractions():
    """An index that is not whole is refused, with the cast to write."""
    with pytest.raises(TypeError, match=r"x\.astype\(int\)"):
        nn.Embedding(3, 2)(np.array([0.5]))


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.Linear(0, 1),
        lambda: nn.Linear(1, -2),
        lambda: nn.Dropout(1.5),
        lambda: nn.Dropout(float("nan")),
        lambda: nn.GELU("fast"),
        lambda: nn.MaxPool2d(2, padding=2),
        lambda: nn.Conv2d(1, 1, 0),
        lambda: nn.Conv2d(1, 1, 1, stride=0),
        lambda: nn.Linear(1, 1, seed=-1),
    ],
)
def test_wrong_settings(make):
    """Settings that cannot work are refused when the layer is made."""
    with pytest.raises(ValueError, match=r"got|more than half"):
        make()


def test_batch_norm_statistics():
    """Running numbers follow PyTorch's rule: 0.9·old + 0.1·new, with the unbiased variance; evaluation uses them."""
    x = np.array([[1.0, 10.0], [3.0, 30.0], [5.0, 20.0]])
    bn = nn.BatchNorm1d(2)
    bn(x)
    np.testing.assert_allclose(bn.running_mean, 0.1 * x.mean(0))
    np.testing.assert_allclose(bn.running_var, 0.9 + 0.1 * x.var(0, ddof=1))
    assert bn.num_batches_tracked == 1
    bn.eval()
    before = bn.state_dict()
    y = bn(x[:1])
    np.testing.assert_allclose(y.data, (x[:1] - bn.running_mean) / np.sqrt(bn.running_var + 1e-5))
    assert all(np.array_equal(before[k], v) for k, v in bn.state_dict().items())
    average = nn.BatchNorm1d(2, momentum=None)
    average(x)
    average(3 * x)
    np.testing.assert_allclose(average.running_mean, 2 * x.mean(0))


def test_dropout():
    """About p of the numbers are 0, the rest are scaled, a seed repeats, evaluation passes through untouched."""
    x = ag.Tensor(np.ones(10_000))
    y = nn.Dropout(0.3, seed=1)(x)
    assert set(np.round(y.data, 9)) == {0.0, round(1 / 0.7, 9)}
    assert abs(np.mean(y.data == 0) - 0.3) < 0.02
    assert np.array_equal(y.data, nn.Dropout(0.3, seed=1)(x).data)
    assert nn.Dropout(0.3).eval()(x) is x
    assert not np.any(nn.Dropout(1.0)(x).data)


def test_defaults_of_pytorch():
    """Weights start evenly in ±1/√fan_in, biases too; embeddings are standard normal; a seed repeats."""
    w = nn.Linear(100, 400, seed=0)
    assert 0.099 < np.abs(w.weight.data).max() <= 0.1
    assert abs(w.weight.data.std() - 0.1 / np.sqrt(3)) < 1e-3
    assert 0.09 < np.abs(w.bias.data).max() <= 0.1
    c = nn.Conv2d(4, 50, 5, seed=0)
    assert 0.099 < np.abs(c.weight.data).max() <= 0.1
    assert abs(nn.Embedding(100, 100, seed=0).weight.data.std() - 1) < 0.02
    assert np.array_equal(w.weight.data, nn.Linear(100, 400, seed=0).weight.data)
    nn.manual_seed(3)
    first = nn.Linear(2, 2).weight.data
    nn.manual_seed(3)
    assert np.array_equal(first, nn.Linear(2, 2).weight.data)
    np.testing.assert_allclose(first[0, 0], (np.random.default_rng(3).random() * 2 - 1) / np.sqrt(2))


def test_float32_stays_float32():
    """A float32 network computes in float32 whatever the input, and so do its gradients."""
    model = nn.Sequential(
        nn.Linear(3, 2, seed=0, dtype=np.float32), nn.Dropout(0.5), nn.BatchNorm1d(2, dtype=np.float32), nn.ReLU()
    )
    y = model(np.ones((4, 3)))
    assert y.dtype == np.float32
    loss = nn.MSE()(y, np.zeros((4, 2)))
    assert loss.dtype == np.float32
    loss.backward()
    assert all(p.grad.dtype == np.float32 for p in model.parameters())


def test_crossing_magnifications():
    """A network of Values takes a Tensor, a network of Tensors an array of Values, and gradients flow across."""
    model = nn.Linear(2, 1, seed=0)
    x = ag.Tensor([[1.0, 2.0]])
    model.scalars()(x)[0, 0].backward()
    np.testing.assert_allclose(x.grad, model.weight.data)
    v, leaves = differences.leaves_of_array(np.array([[1.0, 2.0]]), scalars=True)
    model(v).sum().backward()
    np.testing.assert_allclose([leaf.grad for leaf in leaves], model.weight.data[0])
