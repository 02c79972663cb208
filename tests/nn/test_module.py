"""What a module is: members, names, state, modes, hooks, printing, scopes, zoom, habits of micrograd."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Graph, Tensor, Value
from autograd.errors import InputTypeError, InputValueError


def network():
    """Give a small network with every kind of member."""
    return nn.Sequential(nn.Linear(2, 3, seed=0), nn.BatchNorm1d(3), nn.Tanh(), nn.Sequential(nn.Linear(3, 1, seed=1)))


def test_names_are_pytorchs():
    """Parameters, buffers and state carry PyTorch's names, in PyTorch's order."""
    m = network()
    assert [n for n, _ in m.named_parameters()] == [
        "0.weight",
        "0.bias",
        "1.weight",
        "1.bias",
        "3.0.weight",
        "3.0.bias",
    ]
    assert [n for n, _ in m.named_buffers()] == ["1.running_mean", "1.running_var", "1.num_batches_tracked"]
    assert [n for n, _ in m.named_modules()] == ["", "0", "1", "2", "3", "3.0"]
    assert set(m.state_dict()) == {n for n, _ in m.named_parameters()} | {n for n, _ in m.named_buffers()}
    assert len(m.parameters()) == 6
    assert [n for n, _ in m.scalars().named_parameters()][:3] == ["0.weight[0,0]", "0.weight[0,1]", "0.weight[1,0]"]


def test_members_in_containers():
    """Modules and parameters in plain lists, tuples and dicts are members too; numbers and arrays are not."""

    class Net(nn.Module):
        def __init__(self):
            self.layers = [nn.Linear(1, 1), (nn.Linear(1, 1, bias=False),)]
            self.heads = {"a": nn.Linear(1, 1, bias=False)}
            self.w = [Value(1.0), Value(2.0)]
            self.sizes = [1, 2, 3]
            self.fixed = np.ones(3)
            self.shared = self.layers[0]

    m = Net()
    assert [n for n, _ in m.named_parameters()] == [
        "w.0", "w.1", "layers.0.weight", "layers.0.bias", "layers.1.0.weight", "heads.a.weight",
    ]  # fmt: skip


def test_a_shared_module_counts_once():
    """A module that is used twice trains once, saves under both names, and stays shared when zoomed or copied."""
    layer = nn.Linear(2, 2, seed=0)
    m = nn.Sequential(layer, nn.Tanh(), layer)
    assert len(m.parameters()) == 2
    assert sorted(m.state_dict()) == ["0.bias", "0.weight", "2.bias", "2.weight"]
    s = m.scalars()
    assert s[0] is s[2]
    assert len(s.parameters()) == 6
    assert copy.deepcopy(m)[0].weight is not layer.weight


def test_a_module_inside_itself_is_refused():
    """A cycle of modules is named instead of followed for ever."""
    m = nn.Sequential(nn.Tanh())
    m.append(m)
    with pytest.raises(TypeError, match="contains itself"):
        m.parameters()


def test_assigning_none_removes_a_member():
    """A member that is replaced or deleted is gone."""
    m = nn.Linear(2, 1)
    m.bias = None
    assert [n for n, _ in m.named_parameters()] == ["weight"]
    del m.weight
    assert m.parameters() == []


@pytest.mark.parametrize("scalars", [False, True], ids=["tensors", "values"])
def test_state_travels(scalars):
    """State moves between networks and between magnifications; loading copies."""
    a = network()
    a(np.random.default_rng(0).normal(size=(4, 2)))
    b = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Tanh(), nn.Sequential(nn.Linear(3, 1)))
    b = b.scalars() if scalars else b
    state = a.state_dict()
    b.load_state_dict(state)
    x = np.ones((2, 2))
    np.testing.assert_allclose(nn.parameter.data_of(b.eval()(x)), a.eval()(x).data, rtol=1e-14)
    state["0.weight"][...] = 99
    assert np.abs(a.state_dict()["0.weight"]).max() < 1
    assert np.abs(b.state_dict()["0.weight"]).max() < 1
    assert b.state_dict()["1.num_batches_tracked"] == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.pop("0.bias"), "missing: 0.bias"),
        (lambda s: s.update({"9.weight": np.ones(2)}), "not in the model: 9.weight"),
        (lambda s: s.update({"0.weight": np.ones((2, 3))}), r"0\.weight: got shape \(2, 3\), the model has \(3, 2\)"),
        (lambda s: s.update({"0.bias": np.array(["a", "b", "c"])}), "expected real numbers"),
    ],
)
def test_bad_state_changes_nothing(change, words):
    """A missing, extra or mis-shaped entry is named, and no parameter is touched."""
    m = network()
    before = m.state_dict()
    state = {k: v + 1 for k, v in before.items()}
    change(state)
    with pytest.raises((ValueError, TypeError), match=words):
        m.load_state_dict(state)
    assert all(np.array_equal(before[k], v) for k, v in m.state_dict().items())


def test_partial_state():
    """strict=False takes what fits by name, and still refuses a wrong shape."""
    m = network()
    m.load_state_dict({"0.bias": np.ones(3), "unknown": 1.0}, strict=False)
    assert np.array_equal(m[0].bias.data, np.ones(3))
    with pytest.raises(ValueError, match=r"0\.bias"):
        m.load_state_dict({"0.bias": np.ones(4)}, strict=False)


def test_modes_freezing_and_zero_grad():
    """train/eval reach every module; frozen parameters get no gradient; zero_grad forgets all of them."""
    m = network().eval()
    assert not any(k.training for k in m.modules())
    m.train()
    m[0].freeze()
    m(np.random.default_rng(0).normal(size=(4, 2))).sum().backward()
    assert m[0].weight.grad is None
    assert not m[0].weight.requires_grad
    assert m[3][0].weight.grad is not None
    assert [p.requires_grad for p in m.scalars()[0].parameters()] == [False] * 9
    m.zero_grad()
    assert all(p.grad is None for p in m.parameters())
    m.unfreeze()
    assert all(p.requires_grad for p in m.parameters())


def test_apply_goes_children_first():
    """Apply calls the function on every module once, the outermost last."""
    seen = []
    m = network()
    assert m.apply(lambda k: seen.append(type(k).__name__)) is m
    assert seen[-1] == "Sequential"
    assert len(seen) == 6


def test_hooks():
    """Forward hooks see and may replace input and output; a backward hook sees the gradient; removal ends it."""
    m = nn.Sequential(nn.Linear(1, 1, bias=False, seed=0), nn.Identity())
    seen = []
    handles = [
        m.register_forward_pre_hook(lambda _, args: (args[0] * 2,)),
        m.register_forward_hook(lambda _, args, y: seen.append(args[0].item()) or y * 10),
        m[0].register_backward_hook(lambda _, g: seen.append(float(g[0, 0])) or g * 5),
    ]
    w = m[0].weight.item()
    y = m(np.array([[3.0]]))
    assert y.item() == pytest.approx(w * 6 * 10)
    y.sum().backward()
    assert seen == [6.0, 10.0]
    assert m[0].weight.grad.item() == pytest.approx(6 * 10 * 5)
    for h in handles:
        h.remove()
        h.remove()
    assert m(np.array([[3.0]])).item() == pytest.approx(3 * w)
    with pytest.raises(TypeError, match="function"):
        m.register_forward_hook(3)


def test_repr():
    """The tree is PyTorch's, with the number of parameters at the end of each line, frozen ones told apart."""
    m = network()
    m[0].freeze()
    assert repr(m) == (
        "Sequential(\n"
        "  (0): Linear(in_features=2, out_features=3, bias=True)  # 9 parameters, 9 of them frozen\n"
        "  (1): BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)  # 6 parameters\n"
        "  (2): Tanh()\n"
        "  (3): Sequential(\n"
        "    (0): Linear(in_features=3, out_features=1, bias=True)  # 4 parameters\n"
        "  )  # 4 parameters\n"
        ")  # 19 parameters, 9 of them frozen"
    )


@pytest.mark.parametrize("scalars", [False, True], ids=["tensors", "values"])
def test_summary(scalars):
    """Summary runs the network once without changing it, and tabulates output shapes and parameters."""
    m = network()
    m = m.scalars() if scalars else m
    before = m.state_dict()
    lines = m.summary((1, 2)).splitlines()
    assert lines[0].split() == ["module", "type", "output", "shape", "parameters"]
    assert lines[2].split() == ["0", "Linear", "(1,", "3)", "9"]
    assert lines[-1] == "19 parameters"
    assert m.training
    assert all(np.array_equal(before[k], v) for k, v in m.state_dict().items())
    assert m(np.eye(2)).shape == (2, 1)


def test_scopes_reach_the_graph():
    """Each node lies in the module that made it, by its full path; parameters carry their names."""
    m = nn.Sequential(nn.Linear(2, 2, seed=0), nn.Sequential(nn.Sequential(nn.Tanh()), nn.Linear(2, 1, seed=1)))
    g = Graph(m(np.ones((1, 2))).sum())
    assert [(n.id, n.scope) for n in g if n.is_leaf] == [
        ("0.weight", ""),
        ("0.bias", ""),
        ("1.1.weight", ""),
        ("1.1.bias", ""),
    ]
    assert [n.scope for n in g if not n.is_leaf] == ["0", "1.0.0", "1.1", ""]
    with ag.unfused():
        g = Graph(m(np.ones((1, 2))).sum())
    assert [n.scope for n in g if not n.is_leaf] == ["0", "0", "0", "1.0.0", "1.1", "1.1", "1.1", ""]
    s = Graph(ag.sum(m.scalars()(np.ones((2, 2)))))
    assert {n.scope for n in s if not n.is_leaf} == {"0", "1.0.0", "1.1", ""}
    assert "0.weight[1,0]" in s


def test_scopes_inside_a_user_scope_and_across_uses():
    """A module inside a named scope is shown inside it; a module called twice marks both uses."""
    m = nn.Sequential(nn.Tanh())
    x = Value(0.3, name="x")
    y = ag.scope("net", lambda v: m(m(v)))(x)
    assert [n.scope for n in Graph(y)] == ["", "net.0", "net.0"]


def test_names_that_the_user_gave_stay():
    """A parameter with a name keeps it; one without takes the path, and follows it when the tree grows."""
    inner = nn.Linear(1, 1)
    inner.weight.name = "mine"
    inner(np.ones((1, 1)))
    assert inner.bias.name == "bias"
    outer = nn.Sequential(inner)
    outer(np.ones((1, 1)))
    assert (inner.weight.name, inner.bias.name) == ("mine", "0.bias")


def test_zoom_and_back():
    """scalars() and tensors() are the same network; the copies are independent; a step at either agrees."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(5, 2)), rng.normal(size=(5, 1))
    m = network()
    s = m.scalars()
    assert all(type(p) is Value for p in s.parameters())
    for k in range(3):
        for net in (m, s):
            sgd = nn.optim.SGD(net.parameters(), lr=0.1)
            net.zero_grad()
            nn.MSE()(net(x), y).backward()
            sgd.step()
        for (name, a), b in zip(m.state_dict().items(), s.state_dict().values(), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14, err_msg=f"{name} after step {k}")
    t = s.tensors()
    assert all(type(p) is Tensor for p in t.parameters())
    np.testing.assert_allclose(t.eval()(x).data, m.eval()(x).data, rtol=1e-12)
    t[0].weight.data = np.zeros((3, 2))
    assert s.state_dict()["0.weight"].any()


def test_pickle_and_deepcopy():
    """Modules pickle and copy at both magnifications."""
    for m in (network(), network().scalars()):
        for twin in (pickle.loads(pickle.dumps(m)), copy.deepcopy(m)):
            assert all(np.array_equal(v, twin.state_dict()[k]) for k, v in m.state_dict().items())
            twin.parameters()[0].data = twin.parameters()[0].data * 0 + 7
            assert not np.array_equal(m.state_dict()["0.weight"], twin.state_dict()["0.weight"])


def test_micrograd_habits():
    """Micrograd's demo runs: MLP(3, [4, 4, 1]), a bare Value for one output, p.data -= lr * p.grad, zero_grad."""
    m = nn.MLP(3, [4, 4, 1], seed=1)
    xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    ys = [1.0, -1.0, -1.0, 1.0]
    assert type(m(xs[0])) is Value
    assert len(m.parameters()) == 41
    assert m.layers[0].neurons[0].w[0] in m.parameters()
    losses = []
    for _ in range(20):
        loss = sum((m(x) - y) ** 2 for x, y in zip(xs, ys, strict=True))
        m.zero_grad()
        loss.backward()
        for p in m.parameters():
            p.data -= 0.02 * p.grad
        losses.append(loss.data)
    assert losses[-1] < 0.5 * losses[0]
    assert m([Value(1.0), 2.0, Value(3.0)]).requires_grad
    batch = m(np.array(xs))
    assert [v.item() for v in batch] == pytest.approx([m(x).item() for x in xs])
    assert m.tensors()(np.array(xs)).data == pytest.approx([v.item() for v in batch])
    assert len(nn.MLP(3, [4, 2], seed=0)(xs[0])) == 2
    assert m.sequential()(np.array(xs)).data[:, 0] == pytest.approx([v.item() for v in batch])


def test_containers():
    """Sequential and ModuleList index, slice, grow, and refuse what is no module."""
    m = nn.Sequential({"a": nn.Tanh(), "b": nn.ReLU()})
    assert type(m.b) is nn.ReLU
    assert [n for n, _ in m.named_children()] == ["a", "b"]
    assert len(network()[1:3]) == 2
    assert type(network()[-1][0]) is nn.Linear
    items = nn.ModuleList([nn.Tanh()])
    items.append(nn.ReLU()).insert(0, nn.Sigmoid())
    assert [type(k).__name__ for k in items] == ["Sigmoid", "Tanh", "ReLU"]
    items[1] = nn.ELU()
    assert type(items[1]) is nn.ELU
    with pytest.raises(TypeError, match=r"write Tanh\(\)"):
        nn.Sequential(nn.Tanh)
    with pytest.raises(TypeError, match=r"Sequential\(\*modules\)"):
        nn.Sequential([nn.Tanh()])
    with pytest.raises(IndexError, match="has 4 modules"):
        network()[4]


def test_a_module_without_forward_says_so():
    """Calling a module that has no forward names the class and what to write."""

    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match=r"Empty has no forward\(self, x\)"):
        Empty()(1)


def test_public_face():
    """The public names of nn are exactly these, each loads, and an unknown one is answered with a near one."""
    for place in (nn, nn.optim, nn.data, nn.functional):
        for name in place.__all__:
            assert getattr(place, name) is not None
    assert len(nn.__all__) == len(set(nn.__all__)) == 61
    with pytest.raises(AttributeError, match="did you mean 'Linear'"):
        _ = nn.Linaer
    with pytest.raises(AttributeError, match="did you mean 'Adam'"):
        _ = nn.optim.Adm
    assert nn.Parameter(1.0).requires_grad
    assert not nn.Parameter(1.0, requires_grad=False).requires_grad


def test_outputs_that_share_a_scope_keep_names_and_hooks_of_their_own():
    """The many outputs of a module on Values share what says where they belong, until one of them gets a name or a hook."""
    m = nn.Sequential(nn.Linear(2, 3, seed=0), nn.Sequential(nn.Tanh())).scalars()
    out = m(np.ones((2, 2))).reshape(-1)
    assert out[0]._extra is out[5]._extra
    out[1].name = "mine"
    seen = []
    out[2].register_hook(seen.append)
    assert [v.name for v in out] == [None, "mine", None, None, None, None]
    y = ag.sum(out)
    y.backward()
    assert seen == [1.0]
    assert {n.scope for n in Graph(y) if not n.is_leaf and n.op.name == "tanh"} == {"1.0"}
    assert Graph(y)["mine"].scope == "1.0"


@pytest.mark.parametrize("given", [np.ones((2, 3)), [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], 1.0])
def test_plain_numbers_do_not_replace_a_parameter(given):
    """They would be used and never trained; the message says the two ways to do what was meant. None and del are allowed."""
    layer = nn.Linear(3, 2, seed=0)
    with pytest.raises(InputTypeError, match=r"Linear.weight is a parameter.*module.weight.data = numbers"):
        layer.weight = given
    assert len(layer.parameters()) == 2
    layer.weight = nn.Parameter(np.ones((2, 3)))
    layer.bias = None
    assert len(layer.parameters()) == 1
    layer.note = given
    layer.note = 3.0


@pytest.mark.parametrize("name", ["a.b", "", "forward", "parameters", 3])
def test_names_of_a_sequential(name):
    """A dot would give two members one path in the state, and a method's name would hide the method."""
    with pytest.raises(InputValueError, match=r"Sequential: .* names are text without dots"):
        nn.Sequential({name: nn.ReLU()})


def test_two_members_of_one_path():
    """A state in which one entry hides another is never made."""

    class Twice(nn.Module):
        def __init__(self):
            self.parts = {"a": {"b": nn.Linear(1, 1)}, "a.b": nn.Linear(1, 1)}

    with pytest.raises(InputValueError, match=r"two members have the path 'parts\.a\.b\.weight'"):
        Twice().state_dict()
