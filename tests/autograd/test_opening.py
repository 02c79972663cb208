"""Opening fused nodes: the same leaves, names, scopes, values and gradients; more nodes."""

from __future__ import annotations

import io

import numpy as np
import pytest

import autograd as ag
import autograd.drawing.health
import nn
from autograd import Graph, Stepper, Tensor, Value
from autograd.opening import can_open, open_graph


def network(*, scalars: bool):
    """Give a small network's loss, and its parameters."""
    model = nn.Sequential(nn.Linear(3, 4, seed=0), nn.Tanh(), nn.Linear(4, 3, seed=1))
    model = model.scalars() if scalars else model
    x = np.random.default_rng(0).normal(size=(2, 3))
    return nn.CrossEntropy()(model(x), np.array([2, 0])), model.parameters()


def gradients(y, parameters):
    """Run backward, and give what arrives at the parameters."""
    for p in parameters:
        p.grad = None
    y.backward()
    return [p.grad for p in parameters]


@pytest.mark.parametrize("scalars", [False, True], ids=["tensors", "values"])
def test_values_gradients_and_second_derivatives_stay(scalars):
    """An opened network has the same leaves and gives the same numbers at order 0, 1 and 2; nothing can be opened twice."""
    y, parameters = network(scalars=scalars)
    z = ag.unfuse(y)
    assert z.item() == pytest.approx(y.item(), rel=1e-14)
    for a, b in zip(gradients(y, parameters), gradients(z, parameters), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-15)
    p = parameters[0]
    second = []
    for root in (y, z):
        (g,) = ag.grad(root, [p], create_graph=True)
        second.append(ag.grad(g * g if scalars else (g * g).sum(), [p])[0])
    np.testing.assert_allclose(*second, rtol=1e-10, atol=1e-14)
    assert any(map(can_open, Graph(y)))
    assert not any(map(can_open, Graph(z)))
    assert {id(n.node) for n in Graph(y).leaves} == {id(n.node) for n in Graph(z).leaves}


def test_scopes_and_names_are_kept():
    """Every part lies in the module of the node it is a part of; names and nested scopes stay."""
    model = nn.Sequential(nn.Linear(2, 2, seed=0), nn.Sequential(nn.ReLU(), nn.Linear(2, 1, seed=1))).scalars()
    y = ag.scope("z", lambda v: ag.scope("a", model)(v))(np.array([1.0, 2.0]))[0] * 2
    y.name = "result"
    before, after = Graph(y), Graph(ag.unfuse(y))
    assert list(dict.fromkeys(n.scope for n in before)) == list(dict.fromkeys(n.scope for n in after))
    assert "z.a.1.1" in {n.scope for n in after}
    assert after.root.id == "result"
    assert len([n for n in after if n.scope == "z.a.0"]) == 8


def test_ids_stay_and_parts_are_numbered():
    """When one node is opened, all other ids are what they were; its parts are n5.1, n5.2 and so on."""
    w, x = [Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]
    y = ag.sin(ag.dot(w, x)) * ag.dot(x, w)
    graph = Graph(y)
    opened = open_graph(graph, ["n5"])
    assert {n.id for n in graph} < {n.id for n in opened}
    assert [n.formula for n in opened if n.id.startswith("n5")] == [
        "n5.1 = n1 × n3",
        "n5.2 = n2 × n4",
        "n5 = n5.1 + n5.2",
    ]
    assert opened["n7"].formula == graph["n7"].formula
    assert len(open_graph(opened)) == len(open_graph(graph)) == len(graph) + 4


def test_hooks_are_kept():
    """A hook on a fused node works on its opened form."""
    w = [Value(1.0), Value(2.0)]
    y = ag.dot(w, [3.0, 4.0])
    y.register_hook(lambda g: 10 * g)
    ag.unfuse(y * 1).backward()
    assert w[0].grad == 30.0


def test_containers_and_single_operations():
    """An array of Values is opened as a whole; what has no fused node comes back equal; a leaf comes back itself."""
    w = [Value(1.0), Value(2.0)]
    both = ag.unfuse({"a": ag.dot(w, w), "b": [w[0]]})
    assert both["b"][0] is w[0]
    assert Graph(both["a"]).root.written() == "n3 + n4"
    y = w[0] * w[1]
    assert ag.unfuse(y).data == 2.0
    z = ag.unfuse(ag.silu(w[0]))
    assert [n.op.name for n in Graph(z) if n.op] == ["sigmoid", "mul"]


def test_what_cannot_be_opened_says_so():
    """A leaf, a single operation and an unknown name are refused; stale data is named."""
    w = [Value(1.0, name="w"), Value(2.0)]
    y = ag.dot(w, w) * 2
    graph = Graph(y)
    with pytest.raises(ag.InputValueError, match="w is a leaf: there is nothing to open. Fused nodes here: n2"):
        open_graph(graph, ["w"])
    with pytest.raises(ag.InputValueError, match="n3 is a single operation, n3 = n2 × 2"):
        open_graph(graph, ["n3"])
    with pytest.raises(ag.UnknownNameError):
        open_graph(graph, ["nobody"])
    w[0].data = 5.0
    with pytest.raises(ag.StaleError):
        ag.unfuse(y)


def test_opening_inside_no_grad_and_of_a_long_chain():
    """Opening records also inside ``no_grad()``, and does not recurse."""
    x = Value(0.5)
    y = x
    for _ in range(3000):
        y = ag.dot([y, x], [0.5, 0.25])
    with ag.no_grad():
        z = ag.unfuse(y)
    y.backward()
    expected, x.grad = x.grad, None
    z.backward()
    assert x.grad == pytest.approx(expected)


def test_the_debugger_opens_and_closes():
    """``open`` and ``close`` keep the cursor at its node; commit writes leaves and the user's own nodes."""
    w, x = [Value(1.0, name="w1"), Value(2.0, name="w2")], [Value(3.0), Value(4.0)]
    d = ag.dot(w, x)
    y = ag.sin(d)
    st = Stepper(y, names={"d": d, "y": y})
    st.step()
    st.step()
    assert (len(st), st.current.node.id) == (2, "d")
    st.open("d")
    assert (len(st), st.current.node.id, st.current.node.formula) == (4, "d", "d = d.1 + d.2")
    st.step()
    assert st.current.node.id == "d.2"
    st.close()
    assert (len(st), st.current.node.id) == (2, "d")
    st.what_if(w1=0.0).open()
    assert st.graph["d.1"].data == 0.0
    st.reset().finish().commit()
    assert w[0].grad == pytest.approx(3.0 * np.cos(11.0))
    assert d.grad == pytest.approx(np.cos(11.0))


def test_the_prompt_opens_and_closes():
    """The commands say how many nodes came, and refuse what is one operation."""
    w = [Value(1.0, name="w1"), Value(2.0, name="w2")]
    y = ag.sin(ag.dot(w, [3.0, 4.0]))
    out = io.StringIO()
    Stepper(y, names={"y": y}).repl(io.StringIO("n\nopen n1\nn\nclose\nopen y\nopen\n"), out)
    text = out.getvalue()
    assert "n1 is open: 2 more nodes; close goes back" in text
    assert "▶ step 2/4   n1 = n1.1 + n1.2" in text
    assert "y is a single operation, y = sin(n1)" in text
    assert "every fused node is open: 2 more nodes" in text


def test_draw_opens():
    """``draw`` shows the parts of a node, or of all; modules still open by name."""
    y, _ = network(scalars=True)
    fused = [n.id for n in Graph(y) if can_open(n)]
    assert len(ag.draw(y, opened=fused[0], depth="all").graph) > len(ag.draw(y, depth="all").graph)
    assert len(ag.draw(y, fused=False).graph) == len(open_graph(Graph(y)))
    assert ag.draw(y, opened=["0", fused[0]]).source
    with pytest.raises(ag.UnknownNameError):
        ag.draw(y, opened="nobody")
    step = Stepper(y).step()
    with pytest.raises(ag.InputValueError, match="open the node there"):
        ag.draw(step, fused=False)


def test_tensors_meet_values():
    """A graph that crosses between Values and Tensors is opened on both sides."""
    w = Tensor([[1.0, 2.0]])
    v = ag.linear(np.array([[3.0, 4.0]]), w)
    a = v.values()[0, 0]
    y = ag.stack_values([ag.dot([a, Value(2.0)], [a, Value(1.0)]), a]).sum()
    z = ag.unfuse(y)
    y.backward()
    g, w.grad = w.grad, None
    z.backward()
    np.testing.assert_allclose(w.grad, g)


def test_health_looks_at_the_activation_behind_a_fused_neuron():
    """A dead ReLU is found behind a fused neuron, and large weights are not taken for a steep function."""
    w = [Value(2000.0), Value(-1.0)]
    dead = ag.dot(w, [-1.0, 1.0]).relu()
    alive = ag.dot(w, [1.0, 1.0]).relu()
    findings = {kind for kind, _ in ag.drawing.health.diagnose(Graph(dead + alive), _pass(dead + alive)).values()}
    assert findings == {"dead"}
    y = ag.dot(w, [1e-4, 1e-4])
    assert ag.drawing.health.diagnose(Graph(y), _pass(y)) == {}


def _pass(y):
    from autograd.drawing.passes import Pass

    return Pass(Graph(y), own=True)
