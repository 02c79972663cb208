"""Programs on layers of neurons, for the tests of blocks; each ends in one number.

``WHOLE`` are those in which the sweep settles every layer at once, ``PARTS`` those in which it must go node by node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import autograd as ag
import nn
from tests.autograd.array_checks import boxed

if TYPE_CHECKING:
    from collections.abc import Callable


def given(*shape: int, seed: int = 0) -> Any:
    """Give an array of leaves, between −2 and 2 with all digits in use."""
    return boxed(np.random.default_rng([seed, *shape]).uniform(-2, 2, shape))


def projected(y: Any) -> Any:
    """Give one number in which every element of ``y`` has a slope of its own, none of them a round one."""
    slopes = np.random.default_rng(9).normal(size=np.shape(y))
    return ag.sum(ag.tanh(y) * slopes)


def layer(k: int, m: int, n: int) -> Any:
    """Give inputs, weights and biases of one layer."""
    return given(k, n, seed=1), given(m, n, seed=2), given(m, seed=3)


# --- the cases: each gives the result whose gradients are compared ---------------------------------------------


def plain(k: int = 12, m: int = 5, n: int = 4) -> Any:
    """One layer."""
    return projected(ag.linear(*layer(k, m, n)))


def without_bias() -> Any:
    """Dot products."""
    x, w, _ = layer(12, 5, 4)
    return projected(ag.linear(x, w))


def product() -> Any:
    """A product of two matrices: arguments of the rows come first."""
    return projected(ag.matmul(given(12, 4), given(4, 5, seed=2)))


def numbers_as_inputs() -> Any:
    """The first layer of a network: its inputs are plain numbers."""
    _, w, b = layer(12, 5, 4)
    return projected(ag.linear(np.random.default_rng(0).normal(size=(12, 4)), w, b))


def layers() -> Any:
    """Two layers: the inputs of the second are computed, and have other users."""
    x, w, b = layer(12, 6, 4)
    h = ag.tanh(ag.linear(x, w, b))
    return projected(ag.linear(h, given(5, 6, seed=4), given(5, seed=5))) + projected(h * 0.7)


def with_penalty() -> Any:
    """Weights and inputs have something from newer nodes before the block is settled, and get more from older ones."""
    x, w, b = layer(12, 5, 4)
    before = ag.sum(ag.exp(w) * 0.3) + ag.sum(x * x)
    y = ag.linear(x, w, b)
    return projected(y) + 1e-2 * ag.sum(w * w) + ag.sum(b * b) + ag.sum(ag.sin(x)) + before


def frozen() -> Any:
    """Some weights, one neuron and some inputs receive nothing; one constant has a name."""
    x, w, b = layer(12, 5, 4)
    for v in (w[0, 1], *w[2], x[3, 0], x[11, 3]):
        v.requires_grad = False
    x[5, 2].name = "c"
    x[5, 2].requires_grad = False
    return projected(ag.linear(x, w, b))


def mixed_inputs() -> Any:
    """Numbers among the inputs."""
    x, w, b = layer(12, 5, 4)
    x[1, 1], x[7, 0], x[0, 3] = 2.5, -0.0, 3
    return projected(ag.linear(x, w, b))


def infinite() -> Any:
    """Infinity, nan and zeros of both signs as inputs, weights and gradients."""
    x, w, b = layer(12, 5, 4)
    x[0, 0].data, x[3, 1].data, x[5, 2].data, x[6, 0].data = np.inf, np.nan, 0.0, -0.0
    w[1, 0].data, w[2, 2].data = -np.inf, -0.0
    y = ag.linear(x, w, b)
    return ag.sum(ag.mul(y, np.where(np.arange(60) % 3, -0.0, 1.5).reshape(12, 5)))


def zeros() -> Any:
    """Products that are −0.0 wherever they are summed."""
    x, w, b = layer(12, 5, 4)
    return ag.sum(ag.mul(ag.linear(x, w, b), -0.0))


def one_neuron() -> Any:
    """A single neuron on many examples: the bias has one long sum."""
    return plain(300, 1, 2)


def one_example() -> Any:
    """Many neurons on a single example: the inputs have one long sum each."""
    return plain(1, 300, 2)


def neurons() -> Any:
    """The network of micrograd on a batch: neuron by neuron, all on the same inputs."""
    return projected(nn.MLP(3, [4, 1], seed=0)(np.random.default_rng(0).normal(size=(40, 3))))


def vector() -> Any:
    """A product of a matrix with a vector."""
    return projected(ag.matmul(given(40, 4), given(4, seed=2)))


def used_twice() -> Any:
    """Every node of the block has two users."""
    y = ag.linear(*layer(12, 5, 4))
    return projected(y) + projected(y * y)


def hooks_around() -> Any:
    """An input, a leaf and what is made of the nodes have hooks; the nodes themselves have none."""
    x, w, b = layer(12, 5, 4)
    h = ag.tanh(x)
    h[2, 2].register_hook(lambda g: g * 0.1)
    w[1, 1].register_hook(lambda g: g + 0.3)
    y = ag.linear(h, w, b)
    z = ag.sin(y)
    z[3, 3].register_hook(lambda g: -g)
    return projected(z)


WHOLE: dict[str, Callable[[], Any]] = {f.__name__: f for f in (
    plain, without_bias, product, numbers_as_inputs, layers, with_penalty, frozen, mixed_inputs, infinite, zeros, one_neuron,
    one_example, neurons, vector, used_twice,
    hooks_around,
)}  # fmt: skip


def shared_weight() -> Any:
    """One Value stands in two neurons."""
    x, w, b = layer(12, 5, 4)
    w[3, 1] = w[0, 2]
    return projected(ag.linear(x, w, b))


def shared_input() -> Any:
    """One Value is an input of several examples."""
    x, w, b = layer(12, 5, 4)
    x[4] = x[9]
    return projected(ag.linear(x, w, b))


def weight_as_bias() -> Any:
    """One Value is a weight, a bias and an input."""
    x, w, b = layer(12, 5, 4)
    b[2] = x[3, 1] = w[1, 1]
    return projected(ag.linear(x, w, b))


def square() -> Any:
    """A matrix times itself."""
    a = given(8, 8)
    return projected(ag.matmul(a, a))


def some_nodes() -> Any:
    """The result needs a part of the layer."""
    return projected(ag.linear(*layer(12, 5, 4))[3:9, 1:4])


def all_but_the_oldest() -> Any:
    """The first node of the layer is not needed."""
    return projected(ag.linear(*layer(12, 5, 4)).reshape(-1)[1:])


def all_but_the_newest() -> Any:
    """The last node of the layer is not needed."""
    return projected(ag.linear(*layer(12, 5, 4)).reshape(-1)[:-1])


def a_node_itself() -> Any:
    """The result is a node of the layer."""
    return ag.linear(*layer(12, 5, 4))[4, 2]


def the_newest_itself() -> Any:
    """The result is the last node of the layer."""
    return ag.linear(*layer(12, 5, 4))[-1, -1]


def with_a_hook() -> Any:
    """A node of the layer has a hook, which changes the gradient."""
    y = ag.linear(*layer(12, 5, 4))
    y[4, 2].register_hook(lambda g: g * 0.1)
    return projected(y)


PARTS: dict[str, Callable[[], Any]] = {f.__name__: f for f in (
    shared_weight, shared_input, weight_as_bias, square, some_nodes, all_but_the_oldest, all_but_the_newest, a_node_itself,
    the_newest_itself, with_a_hook,
)}  # fmt: skip

EVERY = {**WHOLE, **PARTS}
