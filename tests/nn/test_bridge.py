"""The road to PyTorch and back, and PyTorch as an oracle; skipped where PyTorch is absent."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd import Tensor
from nn import optim

torch = pytest.importorskip("torch")

RNG = np.random.default_rng(0)
CASES = {
    "Linear": (lambda: nn.Linear(3, 2, seed=0), (4, 3)),
    "Linear float32": (lambda: nn.Linear(3, 2, seed=0, dtype=np.float32, bias=False), (4, 3)),
    "MLP": (lambda: nn.Sequential(nn.Linear(3, 4, seed=0), nn.Tanh(), nn.Dropout(0.0), nn.Linear(4, 2, seed=1)), (4, 3)),
    "named": (lambda: nn.Sequential({"a": nn.Linear(3, 4, seed=0), "b": nn.GELU("tanh")}), (4, 3)),
    "activations": (
        lambda: nn.Sequential(nn.ELU(0.5), nn.GELU(), nn.LeakyReLU(0.3), nn.SiLU(), nn.Softplus(2.0),
            nn.Sigmoid(), nn.ReLU(), nn.Identity()),
        (4, 3),
    ),
    "HardSigmoid": (nn.HardSigmoid, (4, 3)),
    "softmax": (lambda: nn.Softmax(1), (4, 3)),
    "log softmax": (lambda: nn.LogSoftmax(0), (4, 3)),
    "images": (
        lambda: nn.Sequential(
            nn.Conv2d(2, 3, (2, 3), stride=(1, 2), padding=1, seed=0), nn.BatchNorm2d(3), nn.MaxPool2d(2, 1),
            nn.AvgPool2d(2, padding=1), nn.Flatten(),
        ),
        (2, 2, 5, 6),
    ),
    "norms": (lambda: nn.Sequential(nn.LayerNorm(3), nn.BatchNorm1d(3, momentum=0.3), nn.LayerNorm(3, bias=False)), (5, 3)),
}  # fmt: skip


def numbers(x):
    """Give the bare numbers of a PyTorch tensor."""
    return x.detach().numpy()


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("name", CASES)
def test_the_same_module(name, training):
    """Output, gradients, running numbers and state names are PyTorch's; and the way back gives the same module."""
    make, shape = CASES[name]
    ours = make().train(training)
    theirs = nn.to_torch(ours)
    x = RNG.normal(size=shape)
    dtype = theirs.state_dict()["weight"].dtype if name == "Linear float32" else torch.float64
    a, b = Tensor(x, dtype=str(dtype).split(".")[1]), torch.tensor(x, dtype=dtype, requires_grad=True)
    rough = dtype == torch.float32 or name == "HardSigmoid"  # whose slope of 1/6 PyTorch keeps as a float32
    tolerance = 1e-5 if rough else 1e-10
    y, z = ours(a), theirs(b)
    np.testing.assert_allclose(y.data, numbers(z), rtol=tolerance, atol=tolerance)
    (y * y).sum().backward()
    (z * z).sum().backward()
    np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=tolerance, atol=tolerance)
    theirs_by_name = dict(theirs.named_parameters())
    assert list(theirs_by_name) == [n for n, _ in ours.named_parameters()]
    for n, p in ours.named_parameters():
        np.testing.assert_allclose(p.grad, theirs_by_name[n].grad.numpy(), rtol=tolerance, atol=tolerance)
    assert list(theirs.state_dict()) == list(ours.state_dict())
    for n, v in ours.state_dict().items():
        np.testing.assert_allclose(v, theirs.state_dict()[n].numpy(), rtol=tolerance, atol=tolerance)
    back = nn.from_torch(theirs)
    assert repr(back) == repr(ours)
    assert back.training == training
    ours.load_state_dict(theirs.state_dict())


def test_embedding_frozen_and_scalars():
    """Embeddings, frozen parameters and networks of Values travel; ModuleLists too."""
    e = nn.Embedding(5, 3, seed=0)
    np.testing.assert_array_equal(numbers(nn.to_torch(e)(torch.tensor([1, 4]))), e(np.array([1, 4])).data)
    frozen = nn.Linear(2, 2, seed=0).freeze()
    assert not any(p.requires_grad for p in nn.to_torch(frozen).parameters())
    assert not any(p.requires_grad for p in nn.from_torch(nn.to_torch(frozen)).parameters())
    s = nn.Linear(2, 2, seed=0).scalars()
    np.testing.assert_array_equal(numbers(nn.to_torch(s).weight), nn.parameter.data_of(s.weight))
    mlp, x = nn.MLP(2, [3, 1], activation="tanh", seed=0), np.array([[0.5, -1.0], [2.0, 1.0]])
    np.testing.assert_allclose(numbers(nn.to_torch(mlp)(torch.tensor(x)))[:, 0], [mlp(row).item() for row in x])
    listed = nn.ModuleList([nn.Linear(1, 1), nn.Tanh()])
    assert repr(nn.from_torch(nn.to_torch(listed))) == repr(listed)


def test_what_has_no_counterpart_is_named():
    """A class of one's own, and a setting that is not here, are named with their path."""

    class Own(nn.Module):
        pass

    with pytest.raises(TypeError, match="Own '1' has no counterpart"):
        nn.to_torch(nn.Sequential(nn.Tanh(), Own()))
    with pytest.raises(TypeError, match="LSTM '0' has no counterpart"):
        nn.from_torch(torch.nn.Sequential(torch.nn.LSTM(1, 1)))
    with pytest.raises(ValueError, match=r"dilation=\(2, 2\)"):
        nn.from_torch(torch.nn.Conv2d(1, 1, 2, dilation=2))
    with pytest.raises(ValueError, match="padding='same'"):
        nn.from_torch(torch.nn.Conv2d(1, 1, 3, padding="same"))


X, P = RNG.normal(size=(4, 3)), RNG.uniform(0.1, 0.9, size=(4, 3))
Y, LABELS = RNG.uniform(0, 1, size=(4, 3)), np.array([2, 0, 1, 0])
W = np.array([0.5, 2.0, 1.5])
SHARES = np.exp(X) / np.exp(X).sum(1, keepdims=True)
LOSSES = {
    "MSE": (nn.MSE, torch.nn.MSELoss, X, Y, {}),
    "L1": (nn.L1, torch.nn.L1Loss, X, Y, {}),
    "Huber": (nn.Huber, torch.nn.HuberLoss, X, Y, {"delta": 0.7}),
    "BCE": (nn.BCE, torch.nn.BCELoss, P, Y, {"weight": W}),
    "BCEWithLogits": (nn.BCEWithLogits, torch.nn.BCEWithLogitsLoss, X, Y, {"weight": W, "pos_weight": W[::-1].copy()}),
    "NLL": (nn.NLL, torch.nn.NLLLoss, X, LABELS, {"weight": W, "ignore_index": 1}),
    "CrossEntropy": (nn.CrossEntropy, torch.nn.CrossEntropyLoss, X, LABELS, {"weight": W, "label_smoothing": 0.2}),
    "CrossEntropy ignoring": (
        nn.CrossEntropy,
        torch.nn.CrossEntropyLoss,
        X,
        LABELS,
        {"ignore_index": 0, "label_smoothing": 0.2},
    ),
    "CrossEntropy of shares": (
        nn.CrossEntropy,
        torch.nn.CrossEntropyLoss,
        X,
        SHARES,
        {"weight": W, "label_smoothing": 0.2},
    ),
}


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("name", LOSSES)
def test_losses(name, reduction):
    """Values and gradients are PyTorch's for every loss, with weights and smoothing."""
    ours, theirs, x, y, settings = LOSSES[name]
    other = {k: torch.tensor(v) if isinstance(v, np.ndarray) else v for k, v in settings.items()}
    a, b = Tensor(x), torch.tensor(x, requires_grad=True)
    one, two = ours(**settings, reduction=reduction)(a, y), theirs(**other, reduction=reduction)(b, torch.tensor(y))
    np.testing.assert_allclose(one.data, numbers(two), rtol=1e-12)
    one.sum().backward()
    two.sum().backward()
    np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_bce_edges():
    """At p = 0 and 1 the clamp and the slopes are PyTorch's."""
    p, y = np.array([0.0, 1.0, 1.0, 0.0, 1e-14]), np.array([1.0, 0.0, 1.0, 0.0, 1.0])
    a, b = Tensor(p), torch.tensor(p, requires_grad=True)
    one, two = nn.BCE(reduction="none")(a, y), torch.nn.BCELoss(reduction="none")(b, torch.tensor(y))
    np.testing.assert_allclose(one.data, numbers(two), rtol=1e-12)
    one.sum().backward()
    two.sum().backward()
    np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=1e-8)  # PyTorch's 1e-12 is a float32


OPTIMISERS = {
    "SGD": {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1},
    "Adam": {"lr": 0.1, "weight_decay": 0.1},
    "AdamW": {"lr": 0.1, "weight_decay": 0.1},
    "RMSprop": {"lr": 0.05, "momentum": 0.5, "centered": True, "weight_decay": 0.1},
    "Adagrad": {"lr": 0.5, "lr_decay": 0.1, "weight_decay": 0.1},
}


@pytest.mark.parametrize("defaults", [True, False], ids=["defaults", "settings"])
@pytest.mark.parametrize("name", OPTIMISERS)
def test_optimisers(name, defaults):
    """Twenty steps of a small network agree with PyTorch, with its defaults and with settings."""
    ours = nn.Sequential(nn.Linear(3, 4, seed=0), nn.Tanh(), nn.Linear(4, 3, seed=1))
    theirs = nn.to_torch(ours)
    settings = {} if defaults else OPTIMISERS[name]
    one = getattr(optim, name)(ours.parameters(), **settings)
    two = getattr(torch.optim, name)(theirs.parameters(), **settings)
    for _ in range(20):
        one.zero_grad()
        two.zero_grad()
        nn.CrossEntropy()(ours(X), LABELS).backward()
        torch.nn.functional.cross_entropy(theirs(torch.tensor(X)), torch.tensor(LABELS)).backward()
        one.step()
        two.step()
    for n, v in ours.state_dict().items():
        np.testing.assert_allclose(v, theirs.state_dict()[n].numpy(), rtol=1e-10, atol=1e-10)


def test_clipping():
    """Clipping by norm is PyTorch's, its guard against 0 included."""
    a, b = Tensor(X), torch.tensor(X, requires_grad=True)
    (a * a).sum().backward()
    (b * b).sum().backward()
    theirs = torch.nn.utils.clip_grad_norm_([b], 0.5)
    np.testing.assert_allclose(optim.clip_grad_norm_([a], 0.5), float(theirs))
    np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("StepLR", {"step_size": 3, "gamma": 0.5}),
        ("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.01}),
        ("LinearLR", {}),
    ],
)
def test_schedules(name, settings):
    """Schedules give PyTorch's rates."""
    one = optim.SGD([Tensor([1.0])], lr=0.3)
    two = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    a, b = getattr(optim, name)(one, **settings), getattr(torch.optim.lr_scheduler, name)(two, **settings)
    for _ in range(7):
        assert one.param_groups[0]["lr"] == pytest.approx(two.param_groups[0]["lr"])
        two.step()
        a.step()
        b.step()


def test_safetensors_of_the_reference_implementation(tmp_path):
    """Files travel between the safetensors package and ours."""
    reference = pytest.importorskip("safetensors.numpy")
    state = nn.Linear(3, 2, seed=0).state_dict()
    reference.save_file(state, tmp_path / "theirs.safetensors")
    nn.save(state, tmp_path / "ours.safetensors")
    for a, b in (
        (nn.load(tmp_path / "theirs.safetensors"), state),
        (reference.load_file(tmp_path / "ours.safetensors"), state),
    ):
        assert all(np.array_equal(a[k], b[k]) for k in b)


def test_what_is_shared_stays_shared():
    """A layer that occurs twice, and a weight that two layers have, are one thing on both sides, with one gradient."""
    layer = nn.Linear(3, 3, seed=0)
    twin = nn.Linear(3, 3, seed=1)
    twin.weight = layer.weight
    model = nn.Sequential(layer, nn.Tanh(), layer, nn.Tanh(), twin)
    there = nn.to_torch(model)
    assert there[0] is there[2]
    assert there[4].weight is there[0].weight
    back = nn.from_torch(there)
    assert back[0] is back[2]
    assert back[4].weight is back[0].weight
    x = RNG.normal(size=(4, 3))
    there(torch.from_numpy(x)).pow(2).sum().backward()
    for m in (model, back):
        (m(x) ** 2).sum().backward()
        np.testing.assert_allclose(m[0].weight.grad, numbers(there[0].weight.grad), rtol=1e-10)
        assert len(m.parameters()) == len(list(there.parameters())) == 3


def test_bfloat16_comes_as_float32():
    """NumPy has no bfloat16; float32 holds each of its numbers exactly."""
    module = torch.nn.Linear(3, 2).to(torch.bfloat16)
    model = nn.from_torch(module)
    assert model.weight.dtype == np.float32
    assert np.array_equal(model.weight.data, module.weight.detach().float().numpy())
