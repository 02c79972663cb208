"""Findings: a word and a glyph each; the origin only; thresholds in the legend."""

from __future__ import annotations

import pytest

from autograd import Graph, Tensor, Value, draw
from autograd.drawing import health
from autograd.drawing.passes import Pass
from demos.pictures import graphs


def findings(y, **names):
    """Give the findings by id."""
    g = Graph(y, names=names)
    return {g[k].id: v for k, v in health.diagnose(g, Pass(g)).items()}


def test_one_of_each():
    """Dead, saturated, vanishing, steep, exploding, first NaN."""
    found = findings(graphs.ill())
    assert found["h₁"] == ("dead", "○ dead: input −1.9 < 0")
    assert found["w₁"] == ("dead", "○ no gradient arrives")
    assert found["h₂"][1] == "▽ saturated: σ′ = 2.3e−08"
    assert found["w₂"][1] == "▽ vanishing  |g| < 1e−6"
    assert found["h₃"][1] == "△ steep: exp′ = 9.9e+03"
    assert found["w₃"][1] == "△ exploding  |g| > 1e3"
    assert found["h₄"] == ("nan", "✕ first NaN: √(−0.3)")


def test_nan_is_flagged_at_its_origin_only():
    """What inherits a NaN bears no flag."""
    x = Value(-1.0, name="x")
    bad = x.log()
    y = (bad * 2 + 1).tanh()
    found = findings(y, bad=bad)
    assert [k for k, (sort, _) in found.items() if sort == "nan"] == ["bad"]


def test_a_healthy_graph_has_no_finding():
    """Nothing is found where nothing is wrong, and the picture says so."""
    assert findings(graphs.neuron()) == {}
    assert "nothing found" in draw(graphs.neuron(), health=True).source


def test_legend_states_the_thresholds():
    """The thresholds of the code are those of the legend."""
    source = draw(graphs.ill(), health=True).source
    assert "|g| &lt; 1e−6" in source
    assert "|g| &gt; 1e3" in source
    assert (health.VANISH, health.EXPLODE, health.FLAT) == (1e-6, 1e3, 1e-3)


@pytest.mark.parametrize(
    ("gradient", "sort"), [(1.1e-6, None), (0.9e-6, "vanishing"), (0.9e3, None), (1.1e3, "exploding"), (0.0, "dead")]
)
def test_thresholds(gradient, sort):
    """A leaf is flagged beyond its threshold, not before."""
    x = Value(1.0, name="x")
    assert findings(x * gradient).get("x", (None,))[0] == sort


def test_gradient_that_breaks_on_the_way_back():
    """A finite forward pass whose backward pass makes inf is flagged where that happens."""
    x = Value(0.0, name="x")
    y = x.sqrt() * 2
    found = findings(y)
    assert found["n1"][0] == "nan"
    assert "first inf gradient" in found["n1"][1]


def test_arrays():
    """Arrays are judged by their shares."""
    t = Tensor([[-1.0, -2.0], [-3.0, -4.0]], name="t")
    assert findings(t.relu().sum())["n1"] == ("dead", "○ dead: all 4 inputs ≤ 0")
    assert "saturated" in findings((t * 20).tanh().sum())["n2"][1]
    assert "2 of 4" in findings((t + 3).log().sum())["n2"][1]


def test_findings_reach_folded_cards():
    """A folded card shows the worst finding inside it."""
    y = graphs.network((2, 3, 1)) * Value(0.0, name="zero")
    figure = draw(y, health=True, depth=0)
    group = next(c for c in figure.scene.cards if c.kind == "group")
    assert group.flag is not None
    assert "findings" in group.flag[1]
