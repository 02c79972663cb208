"""Networks of Values are trained by a compiled program: the same numbers, the same refusals, and never where it would be wrong."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd import detect_anomaly, unfused
from autograd.errors import InputValueError, ShapeError
from nn.replay import LOSSES, MODULES, Replay, replay_of

RNG = np.random.default_rng(0)
X = RNG.normal(size=(10, 3))
TARGETS = {
    nn.MSE: RNG.normal(size=(10, 2)), nn.MAE: RNG.normal(size=(10, 2)), nn.BCE: RNG.uniform(size=(10, 2)),
    nn.BCEWithLogits: RNG.integers(0, 2, (10, 2)), nn.Hinge: RNG.choice([-1.0, 1.0], (10, 2)),
}  # fmt: skip
ACTIVATIONS = sorted((m for m in MODULES if m.__module__ == "nn.activations"), key=lambda m: m.__name__)


def network(activation=nn.Tanh, last=nn.Sigmoid):
    """Three inputs, four hidden units, two outputs; every weight a Value."""
    layers = nn.Linear(3, 4, seed=0), activation(), nn.Linear(4, 2, seed=1), last()
    return nn.Sequential(*layers).scalars()


def trained(model, loss, y, *, compiled, x=X, **more):
    """Train for three epochs of uneven batches."""
    loader = nn.data.DataLoader(nn.data.TensorDataset(x, y), batch_size=4, shuffle=True, seed=0)
    optimiser = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.5)
    return nn.fit(model, loss, optimiser, loader, epochs=3, compiled=compiled, **more)


def same(a, b):
    """Compare histories and weights to rounding."""
    for one, other in zip(a[0].epochs, b[0].epochs, strict=True):
        for key in one:
            assert one[key] == pytest.approx(other[key], rel=1e-9), key
    for name, array in a[1].state_dict().items():
        np.testing.assert_allclose(array, b[1].state_dict()[name], rtol=1e-9, atol=1e-12)


@pytest.fixture
def replays(monkeypatch):
    """Count the updates that were replayed."""
    seen = []
    plain = Replay.__call__
    monkeypatch.setattr(Replay, "__call__", lambda self, x, y: seen.append(len(x)) or plain(self, x, y))
    return seen


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("kind", sorted(LOSSES, key=lambda k: k.__name__))
def test_losses_give_the_same_run(kind, reduction, replays):
    """Each loss that is replayed: history and weights are those of the plain way."""
    both = []
    for compiled in (True, False):
        model = network()
        both.append((trained(model, kind(reduction=reduction), TARGETS[kind], compiled=compiled), model))
    same(*both)
    assert replays == [4, 4, 4, 2, 4, 4, 2, 4, 4, 2]  # one more: the comparison


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_activations_give_the_same_run(activation, replays):
    """Each activation that is replayed."""
    both = []
    for compiled in (True, False):
        model = network(activation)
        both.append((trained(model, nn.MSE(), TARGETS[nn.MSE], compiled=compiled), model))
    same(*both)
    assert len(replays) == 10


def test_neurons_of_a_bare_number(replays):
    """Micrograd's MLP with one output, and clipped gradients."""
    y = TARGETS[nn.MSE][:, 0]
    both = []
    for compiled in (True, False):
        model = nn.MLP(3, [4, 1], seed=0)
        both.append((trained(model, nn.MSE(), y, compiled=compiled, clip=0.3), model))
    same(*both)
    assert len(replays) == 10


class Odd(nn.Module):
    """A module of a user: nobody knows what it does."""

    def __init__(self):
        self.line = nn.Linear(3, 2, seed=0)

    def forward(self, x):
        """Draw a random number."""
        return self.line(x) * float(np.random.default_rng().uniform())


def frozen():
    """Freeze one bias."""
    model = network()
    model[0].bias[0].requires_grad = False
    return model


def hooked():
    """Watch a layer."""
    model = network()
    model[0].register_forward_hook(lambda *_: None)
    return model


def replaced():
    """Give one layer a forward of its own."""
    model = network()
    model[1].forward = lambda x: x * float(np.random.default_rng().uniform())
    return model


def watched():
    """Watch one weight's gradient."""
    model = network()
    model[0].weight[0, 0].register_hook(lambda g: 0 * g)
    return model


@pytest.mark.parametrize(
    ("model", "loss"),
    [
        (lambda: Odd().scalars(), nn.MSE()),
        (frozen, nn.MSE()),
        (hooked, nn.MSE()),
        (watched, nn.MSE()),
        (replaced, nn.MSE()),
        (lambda: network(last=lambda: nn.Dropout(0.5, seed=0)), nn.MSE()),
        (network, nn.Huber()),
        (network, nn.BCE(weight=2.0)),
        (network, lambda p, t: ((p - t) ** 2).mean()),
        (lambda: network().tensors(), nn.MSE()),
    ],
)
def test_what_is_not_known_is_trained_in_the_plain_way(model, loss, replays):
    """Own modules, frozen parameters, hooks, random numbers, weights, other losses, Tensors."""
    trained(model(), loss, np.clip(TARGETS[nn.MSE], 0, 1), compiled=True)
    assert replays == []


@pytest.mark.parametrize("mode", [detect_anomaly, unfused])
def test_modes_see_every_node(mode, replays):
    """Inside a mode the graph is built, as the mode expects."""
    with mode():
        trained(network(), nn.MSE(), TARGETS[nn.MSE], compiled=True)
    assert replays == []


def test_a_network_that_changes_between_epochs(replays):
    """A layer frozen by a callback is not trained from then on; a setting that was changed is used."""

    def freeze(model, _history):
        model[0].weight[0, 0].requires_grad = False
        model[1].negative_slope = 0.5

    both = []
    for compiled in (True, False):
        model = network(nn.LeakyReLU)
        both.append((trained(model, nn.MSE(), TARGETS[nn.MSE], compiled=compiled, callbacks=[freeze]), model))
    same(*both)
    assert len(replays) == 4


def test_bad_input_is_refused_as_ever():
    """Targets outside their range and of the wrong shape, in a later batch too."""
    y = TARGETS[nn.Hinge].copy()
    y[9, 1] = 0.5
    loader = nn.data.DataLoader(nn.data.TensorDataset(X, y), batch_size=5)
    model = network()
    with pytest.raises(InputValueError, match=r"labels are −1 and 1; got 0\.5"):
        nn.fit(model, nn.Hinge(), nn.optim.SGD(model.parameters(), lr=0.1), loader, epochs=1)
    with pytest.raises(ShapeError, match="one by one"):
        trained(network(), nn.MSE(), TARGETS[nn.MSE][:, 0], compiled=True)


def test_a_loss_that_is_not_finite_stops_the_run():
    """The first bad step is reported, and not taken."""
    model = network(last=nn.Identity)
    history = trained(model, nn.MSE(), TARGETS[nn.MSE] * 1e200, compiled=True)
    assert "the loss" in history.stopped
    assert np.isfinite(model.state_dict()["0.weight"]).all()


def test_a_program_that_disagrees_is_not_used(monkeypatch):
    """Sabotage: when the compiled loss or gradient is wrong by a part in a million, nothing is replayed."""
    model, loss = network(), nn.MSE()
    plain = Replay.__call__

    def wrong(self, x, y):
        value, gradients = plain(self, x, y)
        return value, [gradients[0] + 1e-6, *gradients[1:]]

    assert replay_of(model, loss, model.parameters(), X, TARGETS[nn.MSE]) is not None
    monkeypatch.setattr(Replay, "__call__", wrong)
    assert replay_of(model, loss, model.parameters(), X, TARGETS[nn.MSE]) is None
