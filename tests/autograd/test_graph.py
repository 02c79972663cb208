"""Graph snapshots, names and scopes, containers: what every tool reads."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Graph, Tensor, Value, scope
from autograd.errors import InputTypeError, InputValueError, UnknownNameError
from autograd.trees import flatten, walk


def test_nodes_come_in_creation_order_with_stable_ids():
    """Arguments before results; names where there are some, n1, n2 … elsewhere; the same ids in every process and run."""

    def ids() -> list[str]:
        a, b = Value(2.0, name="a"), Value(-3.0)
        c = a * b
        return [n.id for n in Graph((c + a).tanh(), names={"c": c})]

    first = ids()
    Value(0.0) * 5
    assert first == ids() == ["a", "n1", "c", "n2", "n3"]


def test_edges_have_slots():
    """X * x has two edges; users know their slot."""
    x = Value(3.0, name="x")
    g = Graph(x * x - x)
    assert [(u.id, slot) for u, slot in g["x"].users] == [("n1", 0), ("n1", 1), ("n2", 1)]
    assert [(slot, a.id) for slot, a in g["n2"].inputs] == [(0, "n1"), (1, "x")]


def test_formulas_derivatives_and_locals():
    """Each node can be written, and so can its derivative, in text, Python and LaTeX."""
    a, b = Value(2.0, name="a"), Value(4.0, name="b")
    g = Graph(a / b + 3)
    n = g["n1"]
    assert (n.formula, n.written("python"), n.written("latex")) == ("n1 = a / b", "a / b", r"\frac{a}{b}")
    assert (n.derivative(0), n.derivative(1), n.derivative(1, textbook=False)) == ("1 / b", "-a / b**2", "-n1 / b")
    assert (n.local(0), n.local(1)) == (0.25, -0.125)
    assert (g["n2"].formula, g["n2"].derivative(0), g["n2"].local(1)) == ("n2 = n1 + 3", "1", None)
    assert g["a"].formula == "a"
    s = Graph((Tensor([1.0, 2.0], name="x") @ np.ones(2)).exp()).nodes
    assert (s[1].formula, s[1].derivative(0), s[1].shape, s[1].local(0)) == (
        "n1 = x @ array[2]",
        "pullback of matmul",
        (),
        None,
    )


def test_constants_and_named_constants():
    """Plain numbers are shown as numbers; a named detached value by its name; neither is a node."""
    x, k = Value(2.0, name="x"), Value(5.0, name="k").detach()
    g = Graph(x * k + 0.5)
    assert [n.formula for n in g] == ["x", "n1 = x × k", "n2 = n1 + 0.5"]
    assert "k" not in g


def test_gradients_are_none_before_backward():
    """The snapshot says 'not run' rather than 0."""
    x = Value(2.0, name="x")
    y = x * x
    assert [n.grad for n in Graph(y)] == [None, None]
    y.backward()
    assert [n.grad for n in Graph(y)] == [4.0, 1.0]


def test_names_a_name_used_twice_gets_a_suffix():
    """Suffixes do not run into names that exist."""
    nodes = [Value(1.0, name="w"), Value(2.0, name="w"), Value(3.0, name="w_2"), Value(4.0, name="n1")]
    g = Graph(sum(nodes[1:], nodes[0]))
    names = [n.id for n in g]
    assert len(set(names)) == len(names)
    assert names[:4] == ["w", "w_3", "w_2", "n1"]


def test_names_from_the_callers_variables():
    """y.graph() names nodes after the variables around the call; private ones are left out; name= wins."""
    width, _hidden = Value(2.0), Value(3.0)
    named = Value(4.0, name="given")
    area = width * _hidden + named
    assert [n.id for n in area.graph()] == ["width", "n1", "given", "n2", "area"]


def test_unicode_names():
    """Names in any script."""
    y = Value(1.0, name="变量") * Value(2.0, name="β")
    assert Graph(y).root.formula == "n1 = 变量 × β"


def test_lookup_and_its_errors():
    """By id, position, or the node itself; an unknown id is answered with the nearest."""
    x, other = Value(1.0, name="weight"), Value(1.0)
    y = x * 2
    g = Graph(y)
    assert g["weight"] is g[0] is g[x]
    assert ("weight" in g, x in g, other in g, len(g)) == (True, True, False, 2)
    with pytest.raises(UnknownNameError, match=r"no node 'weigth' in this graph of 2 nodes; did you mean weight\?"):
        _ = g["weigth"]
    with pytest.raises(InputTypeError, match=r"a graph starts at a Value or Tensor; got 3.0"):
        Graph(3.0)
    with pytest.raises(InputValueError, match="empty container"):
        Graph([])


def test_several_roots():
    """A graph of several results, in any container."""
    x = Value(2.0, name="x")
    g = Graph({"a": x * 2, "b": [x * 3]})
    assert ([r.formula for r in g.roots], len(g)) == (["n1 = x × 2", "n2 = x × 3"], 3)


def test_a_deep_graph_is_snapshot_without_recursion():
    """100 000 nodes deep."""
    x = y = Value(1.0)
    for _ in range(100_000):
        y = y + x
    assert len(Graph(y)) == 100_001


def test_scopes_nest_and_cost_nothing_outside():
    """Nodes made inside a scope carry its dotted name; a scope used twice, and one inside another, are told apart."""
    x = Value(0.5, name="x")
    inner = scope("inner", lambda v: v * 2)
    outer = scope("outer", lambda v: inner(v).tanh() + 1)
    y = outer(x) * inner(x)
    assert {n.id: n.scope for n in Graph(y)} == {
        "x": "",
        "n1": "outer.inner",
        "n2": "outer",
        "n3": "outer",
        "n4": "inner",
        "n5": "",
    }
    for bad in ("", None, 3):
        with pytest.raises(InputTypeError, match="a scope needs a name"):
            scope(bad, lambda v: v)
    with pytest.raises(InputTypeError, match=r"Write scope\('gate', f\)\(x\)"), scope("gate"):
        pass


def test_scopes_of_containers_and_leaves():
    """A scope may return a container; a leaf that passes through is not claimed."""
    x = Value(1.0, name="x")
    both = scope("pair", lambda v: (v * 2, v))(x)
    g = Graph(both[0] + both[1])
    assert {n.id: n.scope for n in g} == {"x": "", "n1": "pair", "n2": ""}


def test_trees_flatten_and_rebuild():
    """Tuples, lists, dicts, named tuples and arrays of objects keep their form; paths name the leaves."""
    tree: Any = {"w": (1.0, [np.ones(2), {"k": 2.0}]), "b": 3.0}
    leaves, rebuild = flatten(tree)
    assert [path for path, _ in walk(tree)] == [("w", "0"), ("w", "1", "0"), ("w", "1", "1", "k"), ("b",)]
    assert rebuild(list(range(len(leaves)))) == {"w": (0, [1, {"k": 2}]), "b": 3}
    values = np.array([Value(1.0), Value(2.0)], dtype=object)
    leaves, rebuild = flatten([values])
    assert rebuild([5, 6])[0].tolist() == [5, 6]


def test_random_graphs_agree_with_finite_differences():
    """Random expressions over the whole table: Values, Tensors and central differences give the same gradients."""
    unary = [
        autograd.tanh,
        autograd.sigmoid,
        autograd.sin,
        autograd.softplus,
        autograd.gelu,
        autograd.atan,
        autograd.erf,
        autograd.silu,
        autograd.asinh,
        autograd.softsign,
    ]
    binary = [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a * b,
        lambda a, b: a / (b * b + 1),
        autograd.hypot,
        autograd.logaddexp,
        autograd.maximum,
        lambda a, b: autograd.where(a > b, a * 2, b),
    ]
    for seed in range(25):
        rng = np.random.default_rng(seed)
        plan = [(rng.integers(2), rng.integers(100), rng.integers(1000), rng.integers(1000)) for _ in range(15)]

        def f(xs: Any, plan: Any = plan) -> Any:
            nodes = list(xs)
            for kind, which, i, j in plan:
                a, b = nodes[i % len(nodes)], nodes[j % len(nodes)]
                nodes.append(unary[which % len(unary)](a) if kind else binary[which % len(binary)](a, b))
            return nodes[-1] + nodes[-2] * 0.5 + nodes[-3]

        point = rng.normal(size=4)
        values, x = [Value(p) for p in point], Tensor(point)
        f(values).backward()
        f([x[i] for i in range(4)]).backward()
        for i in range(4):
            h = np.zeros(4)
            h[i] = 1e-5
            slope = (f(list(point + h)) - f(list(point - h))) / 2e-5
            got = values[i].grad or 0.0
            assert math.isclose(got, slope, rel_tol=1e-6, abs_tol=1e-8), seed
            assert math.isclose(got, x.grad[i], rel_tol=1e-12, abs_tol=1e-15), seed
