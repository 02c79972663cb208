"""``fit``: it equals a plain loop, stops for a stated reason, reports divergence, and survives SIGKILL."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd.errors import GradientError, InputTypeError
from nn import optim
from nn.data import DataLoader, TensorDataset
from nn.history import below

RNG = np.random.default_rng(0)
X = RNG.normal(size=(22, 3))
Y = X @ np.array([[1.0], [-2.0], [0.5]]) + 0.3


def loader(batch=8, **options):
    """Give the data in shuffled batches, the last of them partial."""
    return DataLoader(TensorDataset(X, Y), batch, shuffle=True, seed=4, **options)


def network():
    """Give a network with dropout and batch normalisation, so that every kind of state takes part."""
    return nn.Sequential(nn.Linear(3, 4, seed=0), nn.BatchNorm1d(4), nn.Dropout(0.2, seed=5), nn.Linear(4, 1, seed=1))


def same(a, b):
    """Tell whether two networks have the same state, bit for bit."""
    return all(np.array_equal(v, b.state_dict()[k]) for k, v in a.state_dict().items())


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("scalars", [False, True], ids=["tensors", "values"])
def test_fit_is_the_plain_loop(scalars, compiled):
    """Fit does exactly the five steps per batch, and records epochs, updates, mean loss and learning rate.

    Compiled, the numbers are the same to rounding, with the same draws of dropout and the same running numbers.
    """
    a, b = (m.scalars() if scalars else m for m in (network(), network()))
    # The bias before the normalisation has a slope of pure rounding, which Adam would divide by its own size.
    rule = optim.SGD if compiled else optim.Adam
    history = nn.fit(a, nn.MSE(), rule(a.parameters(), lr=0.01), loader(), epochs=3, compiled=compiled)
    adam = rule(b.parameters(), lr=0.01)
    batches, losses = loader(), []
    for _ in range(3):
        total = 0.0
        for x, y in batches:
            adam.zero_grad()
            loss = nn.MSE()(b(x), y)
            loss.backward()
            adam.step()
            total += loss.item() * len(x)
        losses.append(total / 22)
    if compiled:
        for name, x in a.state_dict().items():
            np.testing.assert_allclose(x, b.state_dict()[name], rtol=1e-9, atol=1e-12)
    else:
        assert same(a, b)
    np.testing.assert_allclose(history["loss"], losses, rtol=1e-9 if compiled else 1e-14)
    assert history.updates == 9
    assert history["lr"] == [0.01] * 3
    assert history.stopped == "all 3 epochs are done"
    assert str(history).startswith("3 epochs, 9 updates, loss ")
    assert not history.diverged


def test_validation_and_schedule():
    """Validation runs in evaluation mode, records nothing and changes nothing; a schedule steps once per epoch."""
    m = network()
    sgd = optim.SGD(m.parameters(), lr=0.1)
    modes = []
    m[2].register_forward_hook(lambda k, *_: modes.append(k.training))
    held_out = DataLoader(TensorDataset(X, Y), 22)
    history = nn.fit(m, nn.MSE(), sgd, loader(), epochs=2, validation=held_out, schedule=optim.StepLR(sgd, 1, 0.5))
    assert modes == [True, True, True, False] * 2
    assert history["lr"] == [0.1, 0.05]
    assert m.training
    m.eval()
    np.testing.assert_allclose(history["validation"][-1], nn.MSE()(m(X), Y).item())
    assert m[0].weight.grad is not None


def test_stop_on_a_flat_gradient():
    """A run stops when the norm of the gradient is small, and says so."""
    m = nn.Linear(3, 1, seed=0)
    history = nn.fit(m, nn.MSE(), optim.SGD(m.parameters(), lr=0.1), loader(22), epochs=2000, gradient_norm_below=1e-6)
    assert len(history) < 2000
    assert "norm of the gradient" in history.stopped
    assert history["gradient_norm"][-1] < 1e-6 <= history["gradient_norm"][-2]
    np.testing.assert_allclose(m.weight.data, [[1, -2, 0.5]], atol=1e-5)


@pytest.mark.parametrize("share", [0.5, 0.999, 0.9999999, 1.0])
def test_a_gradient_just_below_its_limit_is_written_below_it(share):
    """The sentence never says that 0.02 is below 0.02: it takes the digits that show the difference."""
    for limit in (0.02, 1e-6, 1, 3.25e4):
        size = min(limit * share, math.nextafter(limit, 0))
        written = below(size, limit)
        assert float(written) < limit
        assert float(written) == pytest.approx(size, rel=5e-3)
    assert below(0.0123456, 0.02) == "0.0123"


def test_patience_goes_back_to_the_best():
    """Without progress for so many epochs the run stops and the best weights come back."""
    m = nn.Linear(3, 1, seed=0)
    seen = []
    worse = iter([0.1, 0.1, 0.1, 3.0, 0.4, 0.4, 0.4])  # learning rates: the fourth epoch spoils the weights
    sgd = optim.SGD(m.parameters(), lr=0.1)

    def spoil(model, history):
        seen.append((history["validation"][-1], model.state_dict()))
        sgd.param_groups[0]["lr"] = next(worse, 0.0)

    history = nn.fit(m, nn.MSE(), sgd, loader(22), epochs=50, validation=loader(22), patience=2, callbacks=[spoil])
    best = min(seen, key=lambda s: s[0])
    assert history.stopped == f"no better validation loss than {best[0]:.6g} (epoch {len(history) - 2}) for 2 epochs"
    assert np.array_equal(m.state_dict()["weight"], best[1]["weight"])


def test_callbacks_stop():
    """A callback that returns True ends the run, which says so."""
    m = nn.Linear(3, 1, seed=0)
    sgd = optim.SGD(m.parameters(), lr=0.1)
    history = nn.fit(m, nn.MSE(), sgd, loader(), epochs=9, callbacks=[lambda _, h: len(h) == 2])
    assert history.stopped == "a callback asked for it after epoch 2"
    assert len(history) == 2


@pytest.mark.parametrize("scalars", [False, True], ids=["tensors", "values"])
def test_divergence_is_reported(scalars):
    """A learning rate that is too large ends in a report of the first bad step; the weights are still numbers."""
    m = nn.Linear(3, 1, seed=0)
    m = m.scalars() if scalars else m
    history = nn.fit(m, nn.MSE(), optim.SGD(m.parameters(), lr=1e6), loader(), epochs=100)
    assert history.diverged
    bad = history.bad_step
    assert bad.update == history.updates + 1
    assert not np.isfinite(bad.value)
    assert history.stopped == str(bad)
    assert f"diverged at epoch {bad.epoch}, update {bad.update}" in history.stopped
    assert "the loss before it was" in history.stopped
    assert all(np.all(np.isfinite(v)) for v in m.state_dict().values())


def test_resume_in_process(tmp_path):
    """A run cut after any epoch goes on as if nothing had happened: shuffling, dropout, momentum, schedule, history."""

    def start(epochs, path):
        m = network()
        adam = optim.Adam(m.parameters(), lr=0.02)
        cosine = optim.CosineAnnealingLR(adam, 6)
        return m, nn.fit(m, nn.MSE(), adam, loader(), epochs=epochs, schedule=cosine, checkpoint=path, patience=4)

    whole, history = start(6, None)
    for cut in (1, 3, 5):
        path = tmp_path / f"{cut}.npz"
        start(cut, path)
        resumed, again = start(6, path)
        assert again.resumed_from == cut
        assert same(whole, resumed)
        assert history["loss"] == again["loss"]
        assert history.updates == again.updates
    done, last = start(6, path)
    assert same(whole, done)
    assert len(last) == 6
    assert sorted(p.name for p in tmp_path.iterdir()) == ["1.npz", "3.npz", "5.npz"]


def test_a_foreign_checkpoint_changes_nothing(tmp_path):
    """A checkpoint of another optimiser or network, or a plain file of weights, is refused and nothing changes."""
    m = network()
    path = tmp_path / "c.npz"
    nn.fit(m, nn.MSE(), optim.Adam(m.parameters()), loader(), epochs=1, checkpoint=path)
    before = m.state_dict()
    with pytest.raises(ValueError, match="written with Adam"):
        nn.fit(m, nn.MSE(), optim.SGD(m.parameters()), loader(), checkpoint=path)
    other = nn.Linear(3, 1)
    with pytest.raises(ValueError, match="does not fit Linear"):
        nn.fit(other, nn.MSE(), optim.Adam(other.parameters()), loader(), checkpoint=path)
    m.save(tmp_path / "weights.npz")
    with pytest.raises(ValueError, match=r"model\.load\(\)"):
        nn.fit(m, nn.MSE(), optim.Adam(m.parameters()), loader(), checkpoint=tmp_path / "weights.npz")
    assert all(np.array_equal(before[k], v) for k, v in m.state_dict().items())
    fresh = nn.fit(m, nn.MSE(), optim.SGD(m.parameters()), loader(), epochs=1, checkpoint=path, resume=False)
    assert fresh.resumed_from is None


SCRIPT = textwrap.dedent("""
    import sys, time
    import numpy as np
    import nn
    from nn import optim
    from nn.data import DataLoader, TensorDataset

    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 3))
    y = x.sum(1, keepdims=True) ** 2
    stall = int(sys.argv[2])
    updates = 0
    model = nn.Sequential(nn.Linear(3, 8, seed=0), nn.BatchNorm1d(8), nn.Dropout(0.3, seed=5), nn.ReLU(), nn.Linear(8, 1, seed=1))

    def count(module, args):
        global updates
        updates += 1
        print("update", flush=True)
        if updates == stall:
            time.sleep(600)  # in mid-epoch, until somebody kills us

    model.register_forward_pre_hook(count)
    loader = DataLoader(TensorDataset(x, y), 8, shuffle=True, seed=4)
    history = nn.fit(model, nn.MSE(), optim.Adam(model.parameters(), lr=0.02), loader, epochs=6, checkpoint=sys.argv[1])
    print("resumed from", history.resumed_from, "stopped:", history.stopped, flush=True)
    model.save(sys.argv[3])
""")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL is a signal of POSIX systems")
def test_a_killed_run_resumes(tmp_path):
    """A run killed by SIGKILL in mid-epoch, twice, ends with the same weights as one that was never interrupted."""
    script = tmp_path / "train.py"
    script.write_text(SCRIPT)
    path = os.pathsep.join([str(Path(nn.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "PYTHONPATH": path}

    def command(name, stall):
        return [sys.executable, str(script), str(tmp_path / name), str(stall), str(tmp_path / f"final_{name}")]

    whole = subprocess.run(command("whole.npz", 0), capture_output=True, text=True, check=True, env=env)
    assert "resumed from None stopped: all 6 epochs are done" in whole.stdout
    for updates in (8, 13):  # 5 updates per epoch: in mid-epoch both times
        with subprocess.Popen(command("cut.npz", updates), stdout=subprocess.PIPE, text=True, env=env) as process:
            for _ in range(updates):
                assert process.stdout.readline() == "update\n"
            process.kill()
            assert process.wait() == -signal.SIGKILL
    last = subprocess.run(command("cut.npz", 0), capture_output=True, text=True, check=True, env=env)
    resumed_from = int(last.stdout.split("resumed from ")[1].split()[0])
    assert resumed_from == 3
    assert last.stdout.count("update") == 5 * (6 - resumed_from)
    a, b = nn.load(tmp_path / "final_whole.npz"), nn.load(tmp_path / "final_cut.npz")
    assert all(np.array_equal(a[k], b[k]) for k in a)


def test_progress(capsys, monkeypatch):
    """Off a terminal nothing is printed; on one there is a bar; without tqdm the run goes on without."""
    m = nn.Linear(3, 1, seed=0)
    nn.fit(m, nn.MSE(), optim.SGD(m.parameters()), loader(), epochs=1)
    assert capsys.readouterr() == ("", "")
    nn.fit(m, nn.MSE(), optim.SGD(m.parameters()), loader(), epochs=1, progress=True)
    assert "epoch 1/1" in capsys.readouterr().err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    nn.fit(m, nn.MSE(), optim.SGD(m.parameters()), loader(), epochs=1)
    assert "epoch 1/1" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "tqdm", None)
    nn.fit(m, nn.MSE(), optim.SGD(m.parameters()), loader(), epochs=1, progress=True)
    assert capsys.readouterr() == ("", "")


def test_several_inputs_and_clipping():
    """All parts of a batch but the last are inputs; clip bounds the recorded step."""

    class Two(nn.Module):
        def __init__(self):
            self.w = nn.Parameter(1.0)

        def forward(self, a, b):
            return self.w * (a + b)

    m = Two()
    data = DataLoader(TensorDataset(X[:, :1], X[:, 1:2], Y), 22)
    nn.fit(m, nn.MSE(reduction="sum"), optim.SGD(m.parameters(), lr=1.0), data, epochs=1, clip=0.25)
    assert abs(m.w.item() - 1) == pytest.approx(0.25, rel=1e-5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"loss": nn.MSE}, r"write MSE\(\)"),
        ({"model": nn.Linear}, r"write Linear\(\)"),
        ({"optimiser": None}, "expected one of nn.optim"),
        ({"epochs": -1}, "epochs"),
        ({"epochs": 1.5}, "epochs"),
        ({"patience": 0}, "patience"),
        ({"checkpoint": "run.pt"}, r"\.npz"),
        ({"loader": [X]}, r"\(inputs, targets\)"),
        ({"loader": []}, "no batch"),
        ({"loss": nn.MSE(reduction="none")}, "expected one number"),
        ({"validation": []}, "no batch"),
    ],
)
def test_refused(change, words):
    """Settings that cannot work are refused, in words that say what to write."""
    m = nn.Linear(3, 1, seed=0)
    given = {
        "model": m,
        "loss": nn.MSE(),
        "optimiser": optim.SGD(m.parameters()),
        "loader": loader(),
        "epochs": 1,
        **change,
    }
    with pytest.raises((TypeError, ValueError), match=words):
        nn.fit(given.pop("model"), given.pop("loss"), given.pop("optimiser"), given.pop("loader"), **given)


def test_collector_is_given_back():
    """The cyclic collector rests during epochs and works again afterwards, after an error as well."""
    import gc

    m = nn.Linear(3, 1, seed=0)
    states = []
    m.register_forward_hook(lambda *_: states.append(gc.isenabled()))
    nn.fit(m, nn.MSE(), optim.SGD(m.parameters()), loader(), epochs=1)
    assert states == [False] * 3
    assert gc.isenabled()
    start = time.perf_counter()
    with pytest.raises(TypeError):
        nn.fit(m, nn.MSE(), optim.SGD(m.parameters()), [3], epochs=1)
    assert gc.isenabled()
    assert time.perf_counter() - start < 5


def test_a_run_that_would_train_nothing_is_refused():
    """An optimiser of another model, a graph that was cut, a forward without a return: named, and nothing has moved."""
    model, other = nn.Linear(3, 1, seed=0), nn.Linear(3, 1, seed=1)
    data = [(X, Y)]
    for compiled in (True, False):
        with pytest.raises(GradientError, match="none of the optimiser's 2 parameters received a gradient"):
            nn.fit(model, nn.MSE(), optim.SGD(other.parameters(), lr=0.1), data, epochs=1, compiled=compiled)
    with pytest.raises(GradientError, match=r"depends on no parameter: look for \.data"):
        nn.fit(model, lambda p, y: nn.MSE()(p.data, y), optim.SGD(model.parameters(), lr=0.1), data, epochs=1)
    with pytest.raises(GradientError, match="depends on no parameter"):
        nn.fit(model, lambda p, y: nn.MSE()(p, y).item(), optim.SGD(model.parameters(), lr=0.1), data, epochs=1)

    class Silent(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(3, 1, seed=0)

        def forward(self, x):
            self.layer(x)

    silent = Silent()
    with pytest.raises(InputTypeError, match="does its forward lack a return"):
        nn.fit(silent, nn.MSE(), optim.SGD(silent.parameters(), lr=0.1), data, epochs=1)
    assert same(model, nn.Linear(3, 1, seed=0))
