"""Higher orders: the gradient of a subject is a function too, and can be checked like any other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.check.inputs import Leaf, outputs_of
from autograd.check.probe import cotangents
from autograd.check.subjects import Engine, Plain, Subject
from autograd.errors import InputValueError
from autograd.functional import grad
from autograd.node import Node
from autograd.tensor import Tensor
from autograd.value import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.check.verdicts import Element


def renamed(e: Element, suffix: str) -> Element:
    """Give an element a name that tells its order."""
    return replace(e, path=e.path + suffix)


def derived(subject: Subject, seed: int) -> Subject:
    """Give the gradient function of a subject, as a subject: what the next order checks."""
    if hasattr(subject.f, "derived"):
        g = subject.f.derived(subject, seed)
        return _named(Plain(g, tuple(leaf.data for leaf in subject.leaves), None, None, g.vjp), subject)
    if not isinstance(subject, Engine):
        raise InputValueError(
            "an order above 1 needs a gradient that can be differentiated: a function of Values or Tensors, or from_torch/from_jax. "
            "For hand-written NumPy, check the gradient's own derivative: check_gradients(my_grad, x, vjp=my_hessian_product)"
        )
    own = [leaf for leaf in subject.leaves if leaf.kind != "parameter"]
    parameters = [leaf for leaf in subject.leaves if leaf.kind == "parameter"]

    def gradient(*nodes: Any) -> list[Any]:

        inputs = [*nodes, *(leaf.node for leaf in parameters)]
        outputs = [y for y in _nodes_of(subject, inputs) if isinstance(y, Node)]
        seeds = cotangents([np.asarray(y._data) for y in outputs], seed)
        live = [(y, v) for y, v in zip(outputs, seeds, strict=True) if y._tracked]
        if not live:
            return [np.zeros(np.shape(x._data)) for x in inputs]
        found = grad([y for y, _ in live], inputs, gradient=[v for _, v in live], create_graph=True)
        return list(found)

    gradient.__name__ = f"grad_of_{subject.name}"
    args = tuple(Value(float(leaf.data)) if leaf.kind == "value" else Tensor(leaf.data) for leaf in own)
    derived = (
        Engine(gradient, args, [leaf.node for leaf in parameters] or None) if not own else Engine(gradient, args, None)
    )
    if own:
        derived.leaves.extend(Leaf(p.path, p.data, p.kind, p.dtype, p.node, p.original) for p in parameters)
    return _named(derived, subject)


def _named(derived: Subject, subject: Subject) -> Subject:
    """Let the inputs of a gradient function be called what they are called in the function itself."""
    for new, old in zip(derived.leaves, subject.leaves, strict=True):
        new.path = old.path
    return derived


def _nodes_of(subject: Engine, nodes: Sequence[Any]) -> list[Any]:
    return outputs_of(subject.f(*subject._filled(nodes)), subject.name)
