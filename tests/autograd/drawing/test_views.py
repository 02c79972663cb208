"""What the views say: values, gradients, local derivatives, contributions; and what they leave alone."""

from __future__ import annotations

import re

import numpy as np
import pytest

from autograd import Graph, Tensor, Value, draw, draw_dot, make_dot
from autograd.drawing.edges import contribution_width
from autograd.drawing.passes import Pass
from demos.pictures import graphs


def card(figure, name):
    """Find a card."""
    return next(c for c in figure.scene.cards if c.name == name)


def test_backward_leaves_grad_alone():
    """The picture computes its own pass: ``.grad`` is as it was, before and after a ``backward()`` of the user's."""
    y = graphs.shared()
    draw(y, view="backward")
    assert all(n.grad is None for n in Graph(y))
    y.backward()
    before = [n.grad for n in Graph(y)]
    draw(y)
    assert [n.grad for n in Graph(y)] == before


@pytest.mark.parametrize(
    "make", [graphs.neuron, graphs.shared, graphs.network, graphs.loop, graphs.order, graphs.layer]
)
def test_gradients_are_the_engines(make):
    """Every gradient of the picture's pass is the engine's, bit for bit, and contributions add up to it."""
    y = make()
    shown = Pass(Graph(y))
    y.backward()
    for n in Graph(y):
        if n.node._tracked:
            np.testing.assert_array_equal(shown.grad(n), n.grad)
    sums = {}
    for m in shown.moments():
        for s in m.sends:
            assert s.before is None or np.all(s.before == sums[s.to.position])
            sums[s.to.position] = s.after
    for n in shown.graph:
        if n.position in sums:
            np.testing.assert_allclose(sums[n.position], n.grad, rtol=1e-12)


def test_not_run_is_said():
    """With ``run=False`` a gradient that is not there is "not run", not zero."""
    y = graphs.neuron()
    figure = draw(y, run=False)
    assert card(figure, "w").rows[-1].text == "not run"
    assert "has not run yet" in figure.source
    y.backward()
    assert card(draw(y, run=False), "w").rows[-1].text == draw(y, names={}).scene.card("w").rows[-1].text != "not run"


def test_every_backward_edge_has_symbol_and_number():
    """Each edge bears the local derivative in symbols and in numbers, from the derivative table."""
    figure = draw(graphs.neuron(), view="backward", names={})
    x, w = (a for a in figure.scene.arrows if a.head == "xw")
    assert (x.number, x.formula) == ("× −0.5000", "∂xw/∂x = w")
    assert (w.number, w.formula) == ("× 2.0000", "∂xw/∂w = x")
    sigma = next(a for a in figure.scene.arrows if a.head == "p")
    assert (sigma.number, sigma.formula) == ("× 0.2179", "∂p/∂z = p·(1 − p)")
    plus = [a.formula for a in figure.scene.arrows if a.head == "z"]
    assert plus == ["∂z/∂xw", "∂z/∂b"]


def test_forward_has_no_gradients_and_backward_no_values():
    """Each view shows what it is about."""
    y = graphs.neuron()
    assert [r.label for r in card(draw(y, view="forward"), "w").rows] == ["value"]
    assert [r.label for r in card(draw(y, view="backward", names={}), "w").rows] == ["∂L/∂w"]
    assert [r.label for r in card(draw(y), "w").rows] == ["value", "grad"]


def test_a_node_used_twice_has_two_edges_and_one_card():
    """``x * x`` is one card for x and two edges."""
    figure = draw(graphs.powers())
    assert len([c for c in figure.scene.cards if c.name == "x"]) == 1
    assert [a.formula for a in figure.scene.arrows] == ["∂n1/∂x = x", "∂n1/∂x = x"]
    assert [(a.tail, a.head) for a in figure.scene.arrows] == [("x", "n1"), ("x", "n1")]


def test_order_of_arguments_is_kept():
    """``a - b`` lists a first."""
    figure = draw(graphs.order(), names={})
    minus = next(c for c in figure.scene.cards if c.note == "n1 = a − b")
    assert [a.tail for a in figure.scene.arrows if a.head == minus.name] == ["a", "b"]


def test_constants_are_small_unless_named():
    """A plain number is a small dashed card, a named constant an ordinary one, drawn once; neither gets a gradient."""
    figure = draw(graphs.constants(), names={})
    small = [c.head for c in figure.scene.cards if c.small]
    assert small == ["3", "2", "0.25"]
    named = [c for c in figure.scene.cards if c.head == "y"]
    assert len(named) == 1
    assert named[0].rows[-1].text == "—"
    assert {a.sort for a in figure.scene.arrows if a.tail == named[0].name} == {"nograd"}
    assert not [c for c in draw(graphs.constants(), constants=False).scene.cards if c.kind == "const"]


def test_contribution_sets_the_width():
    """Width 1.2 + 1.1·clip(log10(10·|contribution|), 0, 2)."""
    for c in (0.0, 0.05, 0.1, 0.5, 3.0, 10.0, 1e300, -3.0):
        expected = 1.2 + 1.1 * float(np.clip(np.log10(10 * abs(c)) if c else 0, 0, 2))
        assert contribution_width(c) == pytest.approx(expected)
    edges = [a for a in draw(graphs.neuron(), view="backward", names={}).scene.arrows if a.head == "xw"]
    assert edges[1].width > edges[0].width


def test_tensors_show_shape_heat_map_and_spread():
    """An array has shape, a heat map of value and gradient, and mean ± spread; another dtype is named."""
    figure = draw(graphs.layer(), names={})
    w = card(figure, "W")
    assert w.note == "parameter 3×4"
    assert re.fullmatch(r"−?[\d.]+ ± [\d.]+", w.rows[0].text)
    assert len(w.rows[0].cells) == 3
    assert len(w.rows[0].cells[0]) == 4
    assert w.rows[1].cells
    assert "adds" in next(a.number for a in figure.scene.arrows if a.tail == "W")
    single = Tensor(np.zeros((2, 2), np.float32), name="t")
    assert "float32" in draw((single * 2).sum()).source


def test_direction_digits_names_and_title():
    """The options reach the source."""
    a, b = Value(2.0), Value(3.0)
    figure = draw(a * b, direction="BT", digits=2, names={"speed": a, "time": b}, title="distance")
    assert "rankdir=BT" in figure.source
    assert "2.00" in figure.source
    assert "speed" in figure.source
    assert "distance" in figure.source
    assert "2.0e+00" in draw(a * b, number_format=".1e").source
    assert "two!" in draw(a * b, number_format=lambda x: "two!" if x == 2 else "other").source


def test_names_come_from_the_caller():
    """Variables of the caller name the cards."""
    speed, time = Value(2.0), Value(3.0)
    for figure in (draw(speed * time), draw_dot(speed * time), make_dot(speed * time), (speed * time).draw()):
        assert {"speed", "time"} <= {c.name for c in figure.scene.cards}


def test_habitual_names(tmp_path):
    """``draw_dot`` and ``make_dot`` take what micrograd and torchviz users type."""
    assert draw_dot(graphs.powers()).render(str(tmp_path / "gout"), format="png") == str(tmp_path / "gout.png")
    a, b = Value(2.0), Value(3.0)
    assert "rankdir=TB" in draw_dot(a * b, format="svg", rankdir="TB").source
    figure = make_dot(a * b, params={"layer.weight": a})
    assert next(c for c in figure.scene.cards if c.head == "layer.weight").kind == "param"


def test_parameters_are_told_from_inputs():
    """By a container of them, else by class and customary name."""
    x, w, k = Value(1.0, name="x"), Value(2.0, name="w"), Value(3.0, name="k")
    y = x * w * k
    assert {c.name: c.kind for c in draw(y).scene.cards if c.kind in ("input", "param")} == {
        "x": "input",
        "w": "param",
        "k": "input",
    }
    chosen = draw(y, parameters=[k])
    assert {c.name: c.kind for c in chosen.scene.cards if c.kind in ("input", "param")} == {
        "x": "input",
        "w": "input",
        "k": "param",
    }


def test_stale_data_is_said():
    """Data assigned after the forward pass is flagged on the card that depends on it, not shown as if it belonged."""
    x = Value(2.0, name="x")
    y = x * x
    x.data = 5.0
    assert card(draw(y, names={}), "n1").flag[0] == "stale"
    t = Tensor([1.0, 2.0], name="t")
    z = (t * t).sum()
    t.data = [3.0, 4.0]
    figure = draw(z, names={})
    assert "stale" in figure.source
    assert figure.backward.note.startswith("stale")


def test_hooks_count():
    """A hook that changes the gradient changes the picture, as it changes ``backward()``."""
    x = Value(3.0, name="x")
    h = x * 2
    h.register_hook(lambda g: g * 10)
    y = h * h
    shown = Pass(Graph(y))
    y.backward()
    assert shown.grad(shown.graph["x"]) == x.grad == 240.0


def test_several_roots_and_arrays_as_roots():
    """Several results, and a result that is an array, are differentiated as their sum, and that is said."""
    x = Value(2.0, name="x")
    figure = draw([x * 3, x * x])
    assert figure.backward.grad(figure.graph["x"]) == 7.0
    assert "sum of 2 results" in figure.source
    t = Tensor(np.ones((2, 3)), name="t")
    assert "sum over" in draw(t * 2).source


def test_a_step_shows_done_current_and_pending():
    """The sender has the halo, receivers show before → after, what is to come is pale."""
    stepper = graphs.shared().stepper()
    stepper.step(3)
    figure = draw(stepper, names={})
    states = {c.name: c.state for c in figure.scene.cards}
    assert states == {"a": "pending", "b": "recv", "d": "recv", "e": "now", "t": "done", "f": "done"}
    assert card(figure, "d").rows[-1].text == "−0.4219 → −0.5452"
    assert card(figure, "a").rows[-1].text == "0"
    assert "backward step 3 of 4" in figure.source
    assert "▶" in figure.source
    assert draw(stepper.current, names={}).source == figure.source


def test_a_forward_step_hides_what_is_to_come():
    """Stepping forward, values that are not computed yet are not shown."""
    stepper = graphs.shared().stepper(direction="forward")
    stepper.to("d")
    figure = draw(stepper, names={})
    assert card(figure, "d").state == "now"
    assert card(figure, "f").rows[0].text == "?"


def test_a_step_with_another_seed():
    """A debugger that starts from another seed is drawn with its own numbers."""
    stepper = graphs.shared().stepper(seed=-2.0)
    stepper.step(3)
    figure = draw(stepper, names={})
    assert card(figure, "f").rows[-1].text == "−2.0000"
    send = next(s for s in stepper.current.sends if s.to.id == "d")
    assert card(figure, "d").rows[-1].text == f"{send.before:.4f} → {send.after:.4f}" == "0.8438 → 1.0904"


def test_a_figure_is_a_snapshot():
    """What is assigned after drawing reaches neither the picture nor the page."""
    x, w = Value(2.0, name="x"), Value(3.0, name="w")
    figure = draw(x * w, names={})
    before = figure.html
    again = draw(x * w, names={})
    x.data = 77.0
    assert "77.0" not in again.svg
    assert again.html == before


def test_a_picture_in_a_notebook_brings_its_paper():
    """A notebook may be dark where the system is light: the picture stands on its own background there."""
    figure = draw(graphs.powers())
    assert "background:#ffffff" in figure._repr_mimebundle_()["image/svg+xml"]
    assert "background:#ffffff" not in figure.svg
