"""The lesson on θ: one vector, a gradient that is never 0, and three rules that stop, each saying so."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from autograd import Tensor
from demos import theta
from demos.course import Options

if TYPE_CHECKING:
    from pathlib import Path

X = np.linspace(0, 6, 61)
Y = np.sin(2 * X) + 0.3 * X


@pytest.fixture(scope="module", params=[None, 3])
def found(request: Any, tmp_path_factory: pytest.TempPathFactory) -> theta.Findings:
    """Run the lesson once per seed."""
    return theta.main(Options(out=tmp_path_factory.mktemp("theta"), seed=request.param, quick=True))


def by_hand(t: Any) -> tuple[float, Any]:
    """Give L(θ) and its gradient by the formulas."""
    w, b, c, b0 = t[:3], t[3:6], t[6:9], t[9]
    s = 1 / (1 + np.exp(-(X[:, None] * w + b)))
    e = 2 * (s @ c + b0 - Y) / len(X)
    inner = e[:, None] * c * s * (1 - s)
    gradient = np.concatenate([(inner * X[:, None]).sum(0), inner.sum(0), e @ s, [e.sum()]])
    return float(np.mean((s @ c + b0 - Y) ** 2)), gradient


def test_theta_moves_against_its_gradient(found: theta.Findings) -> None:
    """Each update of the whole vector is learning rate × gradient, as by the formulas, and the loss falls."""
    assert found.path.shape == (theta.UPDATES + 1, 10)
    for k in (0, 1, 50, 700, theta.UPDATES - 1):
        loss, gradient = by_hand(found.path[k])
        assert found.losses[k] == pytest.approx(loss, rel=1e-12)
        assert found.norms[k] == pytest.approx(np.linalg.norm(gradient), rel=1e-9)
        assert found.path[k + 1] == pytest.approx(found.path[k] - 0.1 * gradient, rel=1e-10, abs=1e-12)
    assert all(b < a for a, b in pairwise(found.losses))
    assert found.losses[-1] < found.losses[0] / 3


def test_the_gradient_is_never_zero(found: theta.Findings) -> None:
    """Not on the network, and not even where the parabola of the tadpoles lets w move no more."""
    assert min(found.norms) > 0
    assert found.norms[-1] < found.norms[0] / 10
    updates, w, slope = found.standstill
    assert 100 < updates < 300
    assert w == pytest.approx(55.75 / 70.03, rel=1e-13)
    assert 0 < abs(slope) < 1e-13


def test_each_rule_stops_and_says_so(found: theta.Findings) -> None:
    """Epochs, gradient norm and patience: each run ends at the first epoch that fulfils its rule."""
    epochs, small, patience = found.stops.values()
    assert (len(epochs), epochs.stopped) == (theta.EPOCHS, f"all {theta.EPOCHS} epochs are done")
    norms = small["gradient_norm"]
    assert norms[-1] < theta.SMALL <= min(norms[:-1])
    assert "norm of the gradient" in small.stopped
    losses = patience["loss"]
    best, waited, expected = np.inf, 0, None
    for k, loss in enumerate(losses, 1):
        best, waited = (loss, 0) if loss < best - theta.BETTER else (best, waited + 1)
        if waited == theta.PATIENCE:
            expected = k
            break
    assert expected == len(patience) < theta.MOST
    assert f"for {theta.PATIENCE} epochs" in patience.stopped
    assert [h.updates for h in found.stops.values()] == [len(h) for h in found.stops.values()]


def test_fit_is_the_plain_loop(found: theta.Findings) -> None:
    """After as many updates both have the same θ, and along the way the same losses."""
    assert found.apart < 1e-12
    assert found.stops["the number of epochs"]["loss"] == pytest.approx(found.losses[: theta.EPOCHS], rel=1e-10)


def test_theta_goes_into_the_network_and_back() -> None:
    """The network of modules computes what the vector says."""
    start = theta.initial(7, Y)
    model = theta.network(start)
    assert np.array_equal(theta.theta_of(model), start)
    loss = np.mean((model(X[:, None]).data[:, 0] - Y) ** 2)
    assert theta.loss_of(Tensor(start), X, Y).item() == pytest.approx(loss, rel=1e-12)


def test_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each reason is printed, and the sentence at the end holds the counts; the pictures are there."""
    found = theta.main(Options(out=tmp_path, quick=True))
    told = " ".join(capsys.readouterr().out.split())
    for history in found.stops.values():
        assert f"stopped: {history.stopped}." in told
    last = told.split("Finding:")[1]
    assert f"the gradient has the length {found.norms[-1]:.4f}, not 0" in last
    assert all(f"stopped after {len(h)} epochs at L = {h['loss'][-1]:.4f}" in last for h in found.stops.values())
    for term in ("向量", "损失函数", "优化", "梯度下降", "轮"):
        assert told.count(f"({term})") == 1
    assert (tmp_path / "theta_stops.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "theta_graph.svg").read_text(encoding="utf-8")
