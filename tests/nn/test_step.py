"""A compiled step of training: the same numbers as the plain loop, for every module, loss and optimiser, and nothing frozen unseen."""

from __future__ import annotations

import copy
import inspect

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Tensor, detect_anomaly, unfused
from autograd.errors import GradientError, InputTypeError, InputValueError, ShapeError, TrackingError
from nn import compiled, optim
from nn.compiled import LOSSES, MODULES, Step

RNG = np.random.default_rng(2)
X = RNG.normal(size=(11, 6))
LABELS = RNG.integers(0, 4, 11)
IMAGES = RNG.normal(size=(5, 2, 6, 6))
WEIGHTS = np.array([1.0, 2.0, 0.5, 0.25])


def plain(model, loss, optimiser, batch):
    """Take one step of the plain loop."""
    optimiser.zero_grad()
    y = loss(model, *batch)
    y.backward()
    optimiser.step()
    return y.item()


def agree(model, loss, batches, rule=lambda p: optim.SGD(p, lr=0.1, momentum=0.5), rtol=1e-10):
    """Train two copies, one compiled; compare losses, gradients, weights, buffers and the optimisers' states."""
    twin = copy.deepcopy(model)
    one, other = rule(model.parameters()), rule(twin.parameters())
    step = nn.compile_step(lambda *batch: loss(model, *batch), one)
    for batch in batches:
        found, wanted = step(*batch), plain(twin, loss, other, batch)
        np.testing.assert_allclose(found, wanted, rtol=rtol)
        size = max(np.abs(q.grad).max() for q in twin.parameters() if q.grad is not None)
        for (name, p), q in zip(model.named_parameters(), twin.parameters(), strict=True):
            assert p.dtype == q.dtype
            if q.grad is None:
                assert p.grad is None, name
            else:
                np.testing.assert_allclose(p.grad, q.grad, rtol=rtol, atol=rtol * size, err_msg=name)
        for name, array in twin.state_dict().items():
            np.testing.assert_allclose(
                model.state_dict()[name], array, rtol=rtol, atol=rtol * max(1, np.abs(array).max()), err_msg=name
            )
    a, b = one.state_dict(), other.state_dict()
    assert a["groups"] == b["groups"]
    assert a["state"].keys() == b["state"].keys()
    for name, array in b["state"].items():
        np.testing.assert_allclose(a["state"][name], array, rtol=1e-7, atol=rtol, err_msg=name)
    return step


def batches(x=X, y=LABELS, size=4):
    """Give batches, the last of them partial, twice."""
    return [(x[i : i + size], y[i : i + size]) for _ in range(2) for i in range(0, len(x), size)]


def classified(model, x, y):
    """Give the usual loss."""
    return nn.CrossEntropy()(model(x), y)


def deep(*middle):
    """Give a network with something in the middle."""
    return nn.Sequential(nn.Linear(6, 5, seed=0), *middle, nn.Linear(5, 4, seed=1))


NETWORKS = {
    **{
        m.__name__: (lambda m=m: deep(m()), X)
        for m in sorted(MODULES, key=lambda m: m.__name__)
        if m.__module__ == "nn.activations"
    },
    "dropout": (lambda: deep(nn.Dropout(0.3, seed=4)), X),
    "batch norm": (lambda: deep(nn.BatchNorm1d(5)), X),
    "batch norm, averaged": (lambda: deep(nn.BatchNorm1d(5, momentum=None, affine=False)), X),
    "layer norm": (lambda: deep(nn.LayerNorm(5), nn.Identity()), X),
    "embedding": (lambda: nn.Sequential(nn.Embedding(9, 3, seed=0), nn.Flatten(), nn.Linear(18, 4, seed=1)), X.astype(int) % 9),
    "images": (
        lambda: nn.Sequential(
            nn.Conv2d(2, 3, 3, padding=1, seed=0), nn.BatchNorm2d(3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 2, 2, seed=1),
            nn.AvgPool2d(2), nn.Flatten(), nn.Linear(2, 4, seed=2),
        ),
        IMAGES,
    ),
    "layers of neurons": (lambda: nn.Sequential(nn.Layer(6, 5, seed=0).tensors(), nn.Linear(5, 4, seed=1)), X),
}  # fmt: skip


@pytest.mark.parametrize("case", NETWORKS)
def test_every_module(case):
    """Uneven batches through every known module; draws and running numbers are those of the plain loop."""
    make, x = NETWORKS[case]
    step = agree(make(), classified, batches(x, LABELS[: len(x)]))
    assert step._pending is not None, "not compiled"


def test_every_known_module_is_tried():
    """The list of modules that ``fit`` compiles has no untested entry."""
    tried = {type(m).__name__ for make, _ in NETWORKS.values() for m in make().modules()}
    assert {m.__name__ for m in MODULES} - tried <= {"Neuron", "MLP"}


LOSS_CASES = {
    "MSE": (nn.MSE(), RNG.normal(size=(11, 4))), "MSE of whole numbers": (nn.MSE(), RNG.integers(0, 3, (11, 4))),
    "MAE": (nn.MAE(), RNG.normal(size=(11, 4))), "Huber": (nn.Huber(delta=0.3), RNG.normal(size=(11, 4))),
    "Hinge": (nn.Hinge(), RNG.choice([-1.0, 1.0], (11, 4))),
    "BCEWithLogits": (nn.BCEWithLogits(pos_weight=WEIGHTS), RNG.uniform(size=(11, 4))),
    "BCEWithLogits, weighted": (nn.BCEWithLogits(weight=WEIGHTS), RNG.uniform(size=(11, 4))),
    "BCE": (nn.BCE(), RNG.uniform(size=(11, 4))),
    "CrossEntropy": (nn.CrossEntropy(), LABELS), "CrossEntropy, sum": (nn.CrossEntropy(reduction="sum"), LABELS),
    "CrossEntropy, weighted": (nn.CrossEntropy(weight=WEIGHTS), LABELS),
    "CrossEntropy, smoothed": (nn.CrossEntropy(label_smoothing=0.1), LABELS),
    "CrossEntropy, ignoring": (nn.CrossEntropy(ignore_index=2), LABELS),
    "CrossEntropy of distributions": (nn.CrossEntropy(), RNG.dirichlet(np.ones(4), 11)),
    "NLL": (nn.NLL(weight=WEIGHTS), LABELS),
}  # fmt: skip


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("case", LOSS_CASES)
def test_every_loss(case, dtype):
    """Every known loss, with its settings, in both widths."""
    loss, y = LOSS_CASES[case]
    last = [nn.Sigmoid()] if case == "BCE" else [nn.LogSoftmax()] if case == "NLL" else []
    model = nn.Sequential(nn.Linear(6, 5, seed=0, dtype=dtype), nn.Tanh(), nn.Linear(5, 4, seed=1, dtype=dtype), *last)
    agree(model, lambda m, x, y: loss(m(x), y), batches(X, y), rtol=1e-10 if dtype == "float64" else 3e-5)


def test_every_known_loss_is_tried():
    """The list of losses that ``fit`` compiles has no untested entry."""
    assert {type(loss) for loss, _ in LOSS_CASES.values()} == LOSSES


RULES = {
    "SGD": lambda p: optim.SGD(p, lr=0.1), "momentum": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.1),
    "Nesterov": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "Adagrad": lambda p: optim.Adagrad(p, lr=0.1, lr_decay=0.1, initial_accumulator_value=0.1),
    "RMSprop": lambda p: optim.RMSprop(p, lr=0.01, momentum=0.5, centered=True),
    "Adam": lambda p: optim.Adam(p, lr=0.01), "AdamW": lambda p: optim.AdamW(p, lr=0.01),
    "FixedStep": lambda p: optim.FixedStep(p, 0.01), "BareSlope": optim.BareSlope,
    "groups": lambda p: optim.SGD([{"params": p[:2], "lr": 0.5}, {"params": p[2:], "momentum": 0.5}], lr=0.1),
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_every_optimiser(rule):
    """Every rule, in one stroke over all parameters: weights, and the state in ``state_dict``."""
    agree(deep(nn.Tanh()), classified, batches(), RULES[rule])


class Signs(optim.Optimiser):
    """A rule of one's own that looks at a whole Tensor at a time."""

    def __init__(self, params, lr=0.01):
        super().__init__(params, {"lr": lr})

    def update(self, p, g, state, group):
        """Move by the sign, scaled by the largest slope of this Tensor."""
        p -= group["lr"] * np.sign(g) * np.abs(g).max()


def test_an_optimiser_of_ones_own():
    """What may look at a whole Tensor is not run over all side by side."""
    agree(deep(nn.Tanh()), classified, batches(), Signs)


def test_large_groups_are_updated_in_pieces(monkeypatch):
    """The pieces make no difference."""
    monkeypatch.setattr("nn.optim.vector.PIECE", 7)
    agree(deep(nn.Tanh()), classified, batches(), RULES["Adam"])


def both(rule=RULES["momentum"]):
    """Give a network compiled and its twin, with optimisers."""
    a, b = deep(nn.Tanh()), deep(nn.Tanh())
    one, other = rule(a.parameters()), rule(b.parameters())
    return a, b, one, other, nn.compile_step(lambda x, y: classified(a, x, y), one)


def same(a, b):
    """Compare weights to rounding."""
    for name, array in b.state_dict().items():
        np.testing.assert_allclose(a.state_dict()[name], array, rtol=1e-10, atol=1e-13, err_msg=name)


CHANGES = {
    "nothing": lambda m, o: None,
    "the learning rate": lambda m, o: o.param_groups[0].update(lr=0.02),
    "the weights": lambda m, o: m.load_state_dict({k: 0.5 * v for k, v in m.state_dict().items()}),
    "one number": lambda m, o: m[0].weight.__setitem__((0, 0), 3.0),
    "the order of memory": lambda m, o: setattr(m[0].weight, "data", np.asfortranarray(m[0].weight.data + 1)),
    "the optimiser's state": lambda m, o: o.load_state_dict({**o.state_dict(), "state": {}}),
    "a frozen layer": lambda m, o: setattr(m[0].weight, "requires_grad", False),
    "a module's mode": lambda m, o: m.eval(),
    "a step of the plain loop": lambda m, o: plain(m, classified, o, (X[:4], LABELS[:4])),
    "another group": lambda m, o: o.param_groups[0]["params"] and o.add_param_group({"params": [Tensor([1.0])], "lr": 0.5}),
}  # fmt: skip


@pytest.mark.parametrize("rule", ["SGD", "momentum", "Adam"])
@pytest.mark.parametrize("change", CHANGES)
def test_changes_between_steps_are_noticed(change, rule):
    """Whatever the plain loop would see, the compiled step sees."""
    a, b, one, other, step = both(RULES[rule])
    for turn, batch in enumerate(batches()):
        if turn == 3:
            CHANGES[change](a, one)
            CHANGES[change](b, other)
        np.testing.assert_allclose(step(*batch), plain(b, classified, other, batch), rtol=1e-10)
    same(a, b)


def test_backward_and_update_apart():
    """Gradients can be changed between the two: clipped in place, or exchanged."""
    a, b, _, other, step = both()
    for turn, batch in enumerate(batches()):
        value = step.backward(*batch)
        other.zero_grad()
        y = classified(b, *batch)
        y.backward()
        assert value == pytest.approx(y.item(), rel=1e-12)
        if turn % 2:
            assert optim.clip_grad_norm_(a.parameters(), 0.1) == pytest.approx(
                optim.clip_grad_norm_(b.parameters(), 0.1)
            )
        else:
            for m in (a, b):
                m[0].bias.grad = np.full(5, 2.0)
                m[2].bias.grad = None
        step.update()
        other.step()
        same(a, b)


@pytest.mark.parametrize("mode", [unfused, detect_anomaly, ag.record_lines], ids=lambda m: m.__name__)
def test_modes_see_every_node(mode):
    """Inside a mode the step is the plain loop."""
    a, b, _, other, step = both()
    step(X, LABELS)
    plain(b, classified, other, (X, LABELS))
    with mode():
        step(X, LABELS)
    plain(b, classified, other, (X, LABELS))
    same(a, b)


def test_numbers_that_go_another_way():
    """Infinite logits and ignored labels are computed in the plain way, then the program goes on."""
    model = nn.Linear(2, 3, seed=0)
    twin = nn.Linear(2, 3, seed=0)
    one, other = optim.SGD(model.parameters(), lr=0.1), optim.SGD(twin.parameters(), lr=0.1)
    step = nn.compile_step(lambda x, y: nn.CrossEntropy()(model(x), y), one)
    x, y = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([0, 2])
    for batch in ((x, y), (x, np.array([-100, 1])), (np.array([[np.inf, 0.0], [1.0, 1.0]]), y), (x, y)):
        np.testing.assert_allclose(step(*batch), plain(twin, lambda m, x, y: nn.CrossEntropy()(m(x), y), other, batch))
    np.testing.assert_allclose(model.weight.data, twin.weight.data)


def test_a_parameter_that_is_not_reached_is_left_alone():
    """It has no gradient and does not move, though its optimiser has weight decay."""
    model, spare = nn.Linear(2, 1, seed=0), nn.Parameter([1.0])
    optimiser = optim.SGD([*model.parameters(), spare], lr=0.1, weight_decay=0.1)
    step = nn.compile_step(lambda x: model(x).sum(), optimiser)
    for _ in range(3):
        step(np.ones((3, 2)))
    assert spare.data[0] == 1
    assert spare.grad is None


def test_a_graph_from_before_a_step_is_stale():
    """Weights are changed in place: a graph that needs the old ones says so."""
    a, _, _, _, step = both()
    step(X, LABELS)
    y = classified(a, X, LABELS)
    step(X, LABELS)
    with pytest.raises(ag.StaleError):
        y.backward()


def test_running_numbers_of_an_evaluated_layer_are_read_anew():
    """A normalisation in evaluation mode inside a step (fine-tuning): loaded running numbers are seen."""
    a, b = (nn.Sequential(nn.Linear(6, 4, seed=0), nn.BatchNorm1d(4).eval()) for _ in range(2))
    one, other = (optim.SGD(m.parameters(), lr=0.1) for m in (a, b))
    step = nn.compile_step(lambda x, y: classified(a, x, y), one)
    for turn, batch in enumerate(batches()):
        if turn == 3:
            for m in (a, b):
                m.load_state_dict(
                    {**m.state_dict(), "1.running_mean": np.full(4, 0.5), "1.running_var": np.full(4, 2.0)}
                )
        np.testing.assert_allclose(step(*batch), plain(b, classified, other, batch), rtol=1e-10)


def test_wrong_batches_change_nothing():
    """Labels outside the classes, wrong shapes: the plain loop's own errors, before any weight has moved."""
    a, _, _, _, step = both()
    step(X, LABELS)
    before = {k: v.copy() for k, v in a.state_dict().items()}
    with pytest.raises(InputValueError, match="label 9 is outside the 4 classes"):
        step(X, np.full(11, 9))
    with pytest.raises(ShapeError, match="takes 6 features"):
        step(X[:, :5], LABELS)
    with pytest.raises(InputTypeError, match="batches of numbers"):
        step(X, "labels")
    with pytest.raises(InputTypeError, match="plain arrays; got Values"):
        step(np.array([ag.Value(1.0)]), LABELS)
    for k, v in before.items():
        np.testing.assert_array_equal(a.state_dict()[k], v)
    assert isinstance(step(X.tolist(), Tensor(LABELS * 1.0).data.astype(int)), float)


def test_checks_of_losses_hold_in_replays():
    """Targets outside 0 … 1 and labels that are no signs are refused in a replay as in the plain loop."""
    for loss, good, bad, words in (
        (nn.BCEWithLogits(), 0.5, 1.5, "must lie between 0 and 1"),
        (nn.Hinge(), 1.0, 0.5, "labels are −1 and 1"),
    ):
        model = nn.Linear(2, 1, seed=0)
        step = nn.compile_step(lambda x, y, m=model, f=loss: f(m(x), y), optim.SGD(model.parameters(), lr=0.1))
        step(np.ones((3, 2)), np.full((3, 1), good))
        with pytest.raises(InputValueError, match=words):
            step(np.ones((3, 2)), np.full((3, 1), bad))


def test_what_cannot_be_compiled_is_refused():
    """Bare numbers, hooks, Values, several numbers, nothing to train: with the line, or with what to write."""
    model = nn.Linear(6, 4, seed=0)
    optimiser = optim.SGD(model.parameters(), lr=0.1)

    def peeking(x, y):
        loss = nn.CrossEntropy()(model(x), y)
        return loss * 2 if loss.item() > 1 else loss

    with pytest.raises(TrackingError, match=r"\.item\(\) of a Tensor cannot be compiled \(line .*test_step\.py"):
        nn.compile_step(peeking, optimiser)(X, LABELS)
    with pytest.raises(ShapeError, match=r"got shape \(11, 4\). Average it"):
        nn.compile_step(model, optimiser)(X)
    with pytest.raises(GradientError, match="nothing to train"):
        nn.compile_step(lambda x: x.sum(), optimiser)(X)
    with pytest.raises(InputTypeError, match="a Tensor of one number; the function gave None"):
        nn.compile_step(lambda x: None, optimiser)(X)
    with pytest.raises(InputTypeError, match="takes a function"):
        nn.compile_step(3, optimiser)
    with pytest.raises(InputTypeError, match="takes an optimiser"):
        nn.compile_step(peeking, model)
    scalars = model.scalars()
    with pytest.raises(InputTypeError, match="trains Tensors"):
        nn.compile_step(peeking, optim.SGD(scalars.parameters(), lr=0.1))
    handle = model.register_forward_hook(lambda m, x, y: None)
    with pytest.raises(TrackingError, match="a hook on a module"):
        nn.compile_step(lambda x, y: classified(model, x, y), optimiser)(X, LABELS)
    handle.remove()
    nn.compile_step(lambda x, y: classified(model, x, y), optimiser)(X, LABELS)


def test_source_and_repr():
    """The program reads as NumPy, with the names of the network; before the first step there is none."""
    _a, _, _, _, step = both()
    assert repr(step) == "Step(SGD, not recorded yet)"
    with pytest.raises(InputTypeError, match="take a step first"):
        _ = step.source
    step(X, LABELS)
    assert "def step(x, y, layer_0_weight, layer_0_bias, layer_2_weight, layer_2_bias):" in step.source
    assert "grad_0_weight" in step.source
    assert "calls for (11, 6) and (11,)" in repr(step)
    step.forget()
    assert repr(step) == "Step(SGD, not recorded yet)"
    step(X, LABELS)
    assert isinstance(step, Step)


def test_the_source_of_a_step_is_numpy():
    """The text alone, run by hand, gives the loss and the gradients that the step left."""
    model = deep(nn.Tanh(), nn.LayerNorm(5))
    y = RNG.normal(size=(11, 4))
    step = nn.compile_step(lambda x, y: nn.Huber()(model(x), y), optim.SGD(model.parameters(), lr=0.1))
    before = [p.data.copy() for p in model.parameters()]
    value = step(X, y)
    namespace = {"np": np}
    exec(step.source, namespace)
    loss, *slopes = namespace["step"](X, y, *before)
    assert loss == pytest.approx(value, rel=1e-12)
    for g, p in zip(slopes, model.parameters(), strict=True):
        np.testing.assert_allclose(g, p.grad, rtol=1e-10, atol=1e-14)


def test_fit_compiles_what_it_knows(monkeypatch):
    """Known modules and losses are compiled by ``fit``; anything else, and what the user forbids, is not."""
    seen = []
    record = compiled._Way.__init__
    monkeypatch.setattr(compiled._Way, "__init__", lambda self, *a: seen.append(1) or record(self, *a))

    class Mine(nn.Module):
        def __init__(self):
            self.layer = nn.Linear(6, 4, seed=0)

        def forward(self, x):
            return self.layer(x)

    def own(p, y):
        return nn.CrossEntropy()(p, y)

    def run(model, loss, **more):
        seen.clear()
        loader = nn.data.DataLoader(nn.data.TensorDataset(X, LABELS), batch_size=4)
        nn.fit(model, loss, optim.SGD(model.parameters(), lr=0.1), loader, epochs=2, **more)
        return len(seen)

    assert run(deep(nn.Tanh()), nn.CrossEntropy()) == 2  # full batches and the last
    assert run(deep(nn.Tanh()), nn.CrossEntropy(), compiled=False) == 0
    assert run(Mine(), nn.CrossEntropy()) == 0
    assert run(deep(nn.Tanh()), own) == 0
    hooked = deep(nn.Tanh())
    hooked.register_forward_hook(lambda m, x, y: None)
    assert run(hooked, nn.CrossEntropy()) == 0


def test_the_lists_are_of_exact_classes():
    """A subclass may do anything."""
    assert all(inspect.isclass(m) for m in MODULES | LOSSES)


def test_a_model_as_a_program():
    """``autograd.compile(model, Tensor(x))``: quick predictions and slopes by the input; its mode is noticed."""
    model = deep(nn.Dropout(0.5, seed=3), nn.BatchNorm1d(5)).eval()
    program = ag.compile(model, Tensor(X))
    np.testing.assert_allclose(program(X[:4]), model(X[:4]).data, rtol=1e-12)
    x = Tensor(X)
    model(x)[:, 0].sum().backward()
    np.testing.assert_allclose(ag.compile(lambda x: model(x)[:, 0].sum(), Tensor(X)).grad(X), x.grad, rtol=1e-10)
    model.train()
    assert not np.allclose(program(X), program(X)), "dropout draws anew"
    model.eval()
    np.testing.assert_allclose(program(X), model(X).data, rtol=1e-12)


def test_a_trained_model_as_a_file(tmp_path):
    """The file needs NumPy only; the weights are its arguments. What has no NumPy text is refused by name."""
    model = deep(nn.Tanh(), nn.LayerNorm(5), nn.Dropout(0.5, seed=0)).eval()
    program = ag.compile(model, Tensor(X))
    assert program.source.count("def value(x, layer_0_weight") == 1
    path = program.save(tmp_path / "net.py")
    namespace = {}
    exec(path.read_text(encoding="utf-8"), namespace)
    found = namespace["value"](X, *(p.data for p in model.parameters()))
    np.testing.assert_allclose(found, model(X).data, rtol=1e-12)
    assert "autograd" not in "".join(line for line in path.read_text(encoding="utf-8").splitlines()[1:])
    model.train()
    program(X)
    with pytest.raises(InputTypeError, match="calls mask, of which there is no NumPy text"):
        program.save(tmp_path / "no.py")
    table = RNG.normal(size=(6, 50))
    with pytest.raises(InputValueError, match=r"a constant array of shape \(6, 50\)"):
        ag.compile(lambda x: x @ table, Tensor(X)).save(tmp_path / "no.py")
    with pytest.raises(InputValueError, match="cannot write the program"):
        ag.compile(lambda x: x * 2, Tensor(X)).save(tmp_path / "missing" / "no.py")
    assert not (tmp_path / "no.py").exists()


SETTINGS = {
    "a loss's weights": lambda m, f: setattr(f, "weight", WEIGHTS[::-1].copy()),
    "a loss's weights, in place": lambda m, f: f.weight.__setitem__(0, 5.0),
    "smoothing": lambda m, f: setattr(f, "label_smoothing", 0.3),
    "a share of dropout": lambda m, f: setattr(m[1], "p", 0.7),
    "an epsilon": lambda m, f: setattr(m[2], "eps", 0.5),
    "a module": lambda m, f: setattr(m, "3", nn.Linear(5, 4, seed=7)),
}


@pytest.mark.parametrize("change", SETTINGS)
def test_settings_that_change_between_epochs_are_seen_by_fit(change):
    """Whatever a callback sets, on the model or the loss, holds from the next epoch on, as in the plain way."""
    runs = []
    for quick in (True, False):
        model = nn.Sequential(
            nn.Linear(6, 5, seed=0), nn.Dropout(0.2, seed=1), nn.LayerNorm(5), nn.Linear(5, 4, seed=2)
        )
        loss = nn.CrossEntropy(weight=WEIGHTS.copy())
        loader = nn.data.DataLoader(nn.data.TensorDataset(X, LABELS), batch_size=4)

        def callback(m, history, loss=loss):
            if len(history) == 2:
                SETTINGS[change](m, loss)

        optimiser = optim.SGD(model.parameters(), lr=0.1)
        runs.append((nn.fit(model, loss, optimiser, loader, epochs=4, callbacks=[callback], compiled=quick), model))
    np.testing.assert_allclose(runs[0][0]["loss"], runs[1][0]["loss"], rtol=1e-10)
    same(runs[0][1], runs[1][1])
