"""What is shown and what is folded: by size, by scope, by repetition, by choice; every node is counted once."""

from __future__ import annotations

import time

import pytest

from autograd import Graph, Value, draw
from autograd.drawing import folding, repetition
from demos.pictures import graphs


def everything(plan, graph):
    """Give whether every node is in exactly one item."""
    return sorted(n.position for item in plan.items for n in item.nodes) == list(range(len(graph)))


@pytest.mark.parametrize("name", graphs.GRAPHS)
@pytest.mark.parametrize("depth", ["auto", "all", 0, 1, 2])
def test_every_node_is_counted_once(name, depth):
    """Nothing is lost and nothing is shown twice, at any depth; the counts on the cards add up."""
    g = Graph(graphs.GRAPHS[name]())
    plan = folding.fold(g, depth=depth)
    assert everything(plan, g)
    assert plan.hidden == sum(len(i.nodes) for i in plan.items if not i.single)


@pytest.mark.parametrize(
    ("times", "style"), [(10, "cards"), (40, "lines"), (66, "lines"), (100, "cards"), (3000, "cards")]
)
def test_sizes(times, style):
    """Up to 60 nodes cards, to 200 one-line boxes, beyond that folded cards with an honest count."""
    g = Graph(graphs.loop(times))
    figure = draw(g)
    assert figure.plan.style == style
    if len(g) > 200:
        assert len(figure.plan.items) <= 30
        assert f"{figure.plan.hidden:,}".replace(",", " ") + " nodes are inside" in figure.source
    else:
        assert figure.plan.hidden == 0
    assert any(a.number for a in figure.scene.arrows) == (style == "cards")


def test_scopes_fold_to_layers_neurons_and_products():
    """A network at the level of its layers; one layer opened to its neurons; one neuron to its multiplications."""
    y = graphs.network()
    titles = lambda figure: [c.head for c in figure.scene.cards if c.kind == "group"]  # noqa: E731
    assert titles(draw(y, depth=0)) == ["layers.0", "layers.1", "layers.2"]
    opened = draw(y, depth=0, opened="layers.1")
    assert titles(opened) == ["layers.0", *(f"neurons.{i}" for i in range(8)), "layers.2"]
    neuron = draw(y, depth=0, opened="layers.2.neurons.0")
    assert titles(neuron) == ["layers.0", "layers.1"]
    weights = [c for c in neuron.scene.cards if c.path == ("layers.2", "neurons.0") and c.kind == "param"]
    assert [c.head for c in weights] == ["b", *(f"w[{i}]" for i in range(8))]
    assert len(draw(y, depth="all").plan.items) == len(Graph(y))


def test_a_folded_card_counts_nodes_and_parameters():
    """The count "+ 64 nodes" is the truth, and so is the number of parameters."""
    figure = draw(graphs.network(), depth=0)
    first = next(c for c in figure.scene.cards if c.head == "layers.0")
    inside = [n for n in figure.graph if n.scope.startswith("layers.0") or n.id.startswith("layers.0")]
    assert first.note == f"+ {len(inside)} nodes"
    assert first.rows[0].text == "24"
    assert next(a.formula for a in figure.scene.arrows if a.key.startswith("bg") and a.formula == "64 edges")


def test_repetition_keeps_the_result_and_one_example():
    """A loop becomes one card, beside its last repetition, and the result stands alone."""
    figure = draw(graphs.loop())
    assert [c.head for c in figure.scene.cards if c.kind == "group"] == ["98 × 3 nodes"]
    assert figure.plan.items[-1].nodes[0] is figure.graph.root
    assert figure.plan.items[-1].single


def test_groups_by_repetition_have_no_circles():
    """A group by repetition is an interval of the order of creation: no arrow points back in time."""
    figure = draw(graphs.loop(500))
    order = {
        id(item): max(n.position for n in item.nodes if not n.is_leaf)
        for item in figure.plan.items
        if any(not n.is_leaf for n in item.nodes)
    }
    for n in figure.graph:
        for _, a in n.inputs:
            one, other = figure.plan.of[a.position], figure.plan.of[n.position]
            if one is not other and id(one) in order:
                assert order[id(one)] <= order[id(other)]


def test_runs_of_runs():
    """Products fold into neurons, neurons into layers."""
    word = (["mul", "add"] * 5 + ["tanh"]) * 40 + ["loss"]
    kept = repetition.runs(word, 6)
    assert kept[-1][:2] == (len(word) - 1, len(word))
    assert len(kept) <= 6
    assert [a[1] for a in kept[:-1]] == [b[0] for b in kept[1:]]


def test_what_does_not_repeat_is_cut_into_stretches():
    """A word without repetition still fits."""
    kept = repetition.runs(list(range(1000)), 20)
    assert len(kept) <= 20
    assert kept[0][0] == 0
    assert kept[-1] == (999, 1000, "")


def test_choice_of_nodes():
    """``nodes=`` shows the chosen ones and folds the rest, by ids, by Values, by a function."""
    y = graphs.shared()
    g = Graph(y)
    for chosen in (["f", "b"], [g["f"].node, g["b"].node], lambda n: n.id in ("f", "b")):
        figure = draw(y, nodes=chosen)
        assert {c.name for c in figure.scene.cards if c.kind != "group"} == {"f", "b"}
        assert everything(figure.plan, g)


def test_ten_thousand_nodes_fold_fast():
    """Folding and writing 10 000 scalar nodes of an MLP takes well under a second."""
    y = graphs.network((2, 60, 50, 1))
    g = Graph(y)
    assert len(g) > 9000
    best = []
    for _ in range(3):
        start = time.process_time()
        folding.fold(g)
        best.append(time.process_time() - start)
    assert min(best) < 0.7
    figure = draw(g)
    assert len(figure.scene.cards) <= 40
    assert len(figure.svg) < 200_000


def test_a_very_long_chain_is_drawn_collapsed():
    """100 000 nodes: no recursion, a handful of cards."""
    y = Value(1.0, name="x")
    for _ in range(100_000):
        y = y * 1.0
    figure = draw(y)
    assert len(figure.scene.cards) < 30
    assert figure.svg.startswith("<svg")
