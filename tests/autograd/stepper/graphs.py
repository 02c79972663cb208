"""Random graphs with much sharing, and the comparison of states, bit for bit."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from autograd import Tensor, Value, maximum, stack_values

UNARY = ("tanh", "sigmoid", "relu", "exp", "sin", "neg", "square")
BINARY = ("add", "sub", "mul", "div", "maximum")


def apply(name, a, b):
    """Apply one operation by name."""
    match name:
        case "add":
            return a + b
        case "sub":
            return a - b
        case "mul":
            return a * b
        case "div":
            return a / (2.0 + abs(b))
        case "maximum":
            return maximum(a, b)
        case "neg":
            return -a
        case "square":
            return a * a
        case "exp":
            return (a * 0.1).exp()
        case _:
            return getattr(a, name)()


recipes = st.lists(
    st.tuples(st.sampled_from(UNARY + BINARY), st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=14
)
numbers = st.lists(st.floats(-2, 2, allow_nan=False).map(lambda x: round(x, 3)), min_size=2, max_size=4)


def build(data, recipe, kind="value"):
    """Build a graph from leaf numbers and a recipe; every later node picks its arguments among all before it."""
    if kind == "value":
        leaves = [Value(x, name=f"x{i}") for i, x in enumerate(data)]
    else:
        leaves = [Tensor(np.array([x, x + 0.5, -x]), name=f"x{i}") for i, x in enumerate(data)]
    nodes = list(leaves)
    for name, i, j in recipe:
        nodes.append(apply(name, nodes[-1 - i % min(len(nodes), 4)], nodes[j % len(nodes)]))
    y = nodes[-1] + nodes[len(nodes) // 2] * leaves[0]
    if kind == "mixed":
        parts = y.values()
        y = stack_values([parts[0] * parts[1], parts[2].tanh(), parts[0]])
    return leaves, (y if kind == "value" else (y * y).sum())


def bits(x):
    """Give a number or array as bytes, so that -0.0, 0.0 and nan are told apart; None stays None."""
    return None if x is None else np.asarray(x, dtype=np.float64).tobytes()


def state(stepper):
    """Give everything that can be seen at the cursor, as bytes."""
    return {n.id: bits(stepper.now(n)) for n in stepper.graph}
