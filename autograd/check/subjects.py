"""What is checked: a function of this engine, or any function with a gradient of its own, behind one face.

Types
    Subject    ``evaluate(datas)`` gives the outputs as arrays; ``pull(datas, weights)`` also the gradients.
    Engine     a function of Values, Tensors, and containers of them, differentiated by ``backward()``.
    Plain      a function of numbers and arrays with a hand-written ``grad=`` or ``vjp=``.

Inputs may be nested in tuples, lists, dicts and arrays of Values. Floating numbers and arrays are differentiated;
whole numbers and booleans (labels, exponents) are handed on as they are, unless there is nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import bad_argument, short
from autograd.check.inputs import (
    Leaf,
    ModuleArgument,
    argument,
    check_input,
    chosen_positions,
    floating,
    number,
    outputs_of,
    parameter_names,
    parameters_of,
    same_bits,
    written_path,
)
from autograd.check.replayed import MANY, Replay
from autograd.errors import InputTypeError, InputValueError, ShapeError
from autograd.node import Node
from autograd.tensor import Tensor
from autograd.trees import flatten, walk
from autograd.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Array = np.ndarray[Any, np.dtype[Any]]


class Subject:
    """A function, its inputs, and a way to its gradient."""

    tracked = False
    """Whether a recorded graph can be looked at when something is wrong."""
    differentiating = False
    """Whether the latest pass got through the function itself, and was differentiating."""

    @property
    def recordings(self) -> int:
        """How often the function was run to be recorded, beside the evaluations."""
        return 0

    def __init__(self, f: Callable[..., Any], args: tuple[Any, ...], wrt: Any) -> None:
        """Sort the inputs into leaves and constants."""
        if not callable(f):
            raise InputTypeError(f"a gradient check takes a function and its inputs; got {short(f)} as the function")
        self.f = f
        self.name = getattr(f, "__name__", type(f).__name__)
        names = parameter_names(f, len(args))
        self._flat, self._rebuild = flatten(tuple(argument(a) for a in args))
        paths = [written_path(p, names) for p, _ in walk(tuple(argument(a) for a in args))]
        self._bare = all(x is a for x, a in zip(self._flat, args, strict=False)) and len(self._flat) == len(args)
        """Whether no argument is a container, so that the arguments are the leaves."""
        self.leaves: list[Leaf] = []
        self._places: list[int | None] = []
        chosen = chosen_positions(wrt, len(args))
        roots = [int(p[0]) for p, _ in walk(tuple(argument(a) for a in args))]
        whole = not any(floating(x) for x, r in zip(self._flat, roots, strict=True) if chosen is None or r in chosen)
        for path, x, root in zip(paths, self._flat, roots, strict=True):
            check_input(x, path)
            wanted = root in chosen if chosen is not None else floating(x) or (whole and number(x))
            if wanted and not (floating(x) or number(x)):
                raise InputTypeError(bad_argument(x, f"input {path}"))
            self._places.append(len(self.leaves) if wanted else None)
            if wanted:
                self.leaves.append(self._leaf(path, x))
        self.leaves.extend(parameters_of(wrt, args))
        if not self.leaves:
            raise InputValueError(
                f"nothing to check: {self.name} was given no floating number, array, Value or Tensor. Pass the inputs "
                "after the function, check_gradients(f, x, y), or the parameters by wrt=model"
            )

    def _leaf(self, path: str, x: Any) -> Leaf:
        data = np.array(x._data if isinstance(x, Node) else x, order="C")  # so that its flat form is a view of it
        dtype = data.dtype if data.dtype.kind == "f" else np.dtype(float)
        kind = (
            "value" if isinstance(x, Value) or (data.ndim == 0 and not isinstance(x, Tensor | np.ndarray)) else "tensor"
        )
        return Leaf(path, data.astype(dtype), kind, dtype)

    def _filled(self, new: Sequence[Any]) -> tuple[Any, ...]:
        supply = [
            new[place] if place is not None else x.module if isinstance(x, ModuleArgument) else x
            for x, place in zip(self._flat, self._places, strict=True)
        ]
        return tuple(supply) if self._bare else self._rebuild(supply)

    def evaluate(self, datas: Sequence[Array]) -> list[Array]:
        """Give the outputs at other numbers."""
        raise NotImplementedError

    def pull(
        self, datas: Sequence[Array], weights: Callable[[list[Array]], list[Array]]
    ) -> tuple[list[Array], list[Any]]:
        """Give outputs and the gradient of Σ weight·output for each leaf; ``weights`` is asked once outputs are known."""
        raise NotImplementedError

    def again(self, factor: float = 1.0) -> list[Any]:
        """Give the gradients of another backward pass, with ``factor`` times the cotangent; nothing if it makes no sense."""
        del factor
        return []

    def changed(self) -> dict[str, str]:
        """Name the inputs that the latest ``pull`` wrote into, each with what did it."""
        return {}


class Engine(Subject):
    """A function of this engine, differentiated by ``backward()``, as its users do."""

    tracked = True

    def __init__(self, f: Callable[..., Any], args: tuple[Any, ...], wrt: Any) -> None:
        """Keep what the latest pass recorded, for the locator."""
        super().__init__(f, args, wrt)
        self.roots: list[Any] = []
        self.seeds: list[Any] = []
        self.nodes: list[Any] = []
        self._datas: Sequence[Array] = ()
        self._written: dict[str, str] = {}
        self._outputs: list[Array] = []
        self._plain: bool | None = None
        single = all(leaf.kind == "value" for leaf in self.leaves)
        self._replay = Replay(self._outputs_of_values) if single and len(self.leaves) >= MANY else None

    @property
    def recordings(self) -> int:
        """How often the function was run to be recorded, beside the evaluations."""
        return 0 if self._replay is None else self._replay.recordings

    def _outputs_of_values(self, *values: Value) -> list[Any]:
        return outputs_of(self.f(*self._filled(values)), self.name)

    def _fresh(self, leaf: Leaf, data: Array) -> Any:
        if leaf.kind == "value":
            return Value(float(data))
        if leaf.kind == "parameter":
            node = leaf.node
            node._data = float(data) if isinstance(node, Value) else np.array(data, dtype=data.dtype)
            return node
        return Tensor(data)

    def _run(self, datas: Sequence[Array]) -> tuple[list[Any], list[Any]]:
        nodes = [self._fresh(leaf, data) for leaf, data in zip(self.leaves, datas, strict=True)]
        return nodes, outputs_of(self.f(*self._filled(nodes)), self.name)

    def evaluate(self, datas: Sequence[Array]) -> list[Array]:
        """Run the function at fresh leaves; parameters get their numbers back afterwards.

        A function that gives the same bits for plain arrays in the place of Tensors is run on those: three times
        faster. The first call compares, with what ``pull`` gave if that was here; later an exception sends the point
        back to Tensors.
        """
        if self._replay is not None:
            return self._evaluate_values(self._replay, [float(d) for d in datas])
        if self._plain is None and datas is self._datas:
            self._plain = self._agrees(datas, self._outputs)
            if self._plain:
                return self._outputs
        if self._plain:
            try:
                return self._run_plain(datas)
            except Exception:  # noqa: BLE001  whatever a function of Tensors may do with an array
                self._plain = False
        try:
            found = [np.asarray(y._data if isinstance(y, Node) else y) for y in self._run(datas)[1]]
        finally:
            self._restore()
        if self._plain is None:
            self._plain = self._agrees(datas, found)
        return found

    def _evaluate_values(self, replay: Replay, numbers: list[float]) -> list[Array]:
        """Run a function of many single numbers: itself, or its recording."""
        found = replay.outputs(numbers)
        if found is None:
            outputs = self._outputs_of_values(*map(Value, numbers))
            found = [np.asarray(y._data if isinstance(y, Node) else y) for y in outputs]
            replay.saw(numbers, found)
        return found

    def _run_plain(self, datas: Sequence[Array]) -> list[Array]:
        inputs = [
            Value(float(d)) if leaf.kind == "value" else d.copy() for leaf, d in zip(self.leaves, datas, strict=True)
        ]
        with np.errstate(all="ignore"):
            outputs = outputs_of(self.f(*self._filled(inputs)), self.name)
        return [np.asarray(y._data if isinstance(y, Node) else y) for y in outputs]

    def _agrees(self, datas: Sequence[Array], found: list[Array]) -> bool:
        if not any(leaf.kind == "tensor" for leaf in self.leaves) or any(
            leaf.kind == "parameter" for leaf in self.leaves
        ):
            return False
        try:
            plain = self._run_plain(datas)
        except Exception:  # noqa: BLE001  a method that arrays do not have
            return False
        return len(plain) == len(found) and all(
            a.dtype == b.dtype and a.shape == b.shape and same_bits(a, b) for a, b in zip(plain, found, strict=True)
        )

    def _restore(self) -> None:
        # The very same object comes back, so graphs that were recorded before the check stay good.
        for leaf in self.leaves:
            if leaf.kind == "parameter":
                leaf.node._data = leaf.original

    def pull(
        self, datas: Sequence[Array], weights: Callable[[list[Array]], list[Array]]
    ) -> tuple[list[Array], list[Any]]:
        """Run ``backward()`` from every output; the parameters' own ``.grad`` is put back afterwards."""
        self.differentiating = False
        try:
            self._datas = datas
            try:
                self.nodes, outputs = self._run(datas)
            except TypeError as error:
                for sign, door in (("must be Tensor, not", "from_torch"), ("not a valid JAX type", "from_jax")):
                    if sign in str(error):
                        error.add_note(f"a function of another library is wrapped: check_gradients({door}(f), x)")
                raise
            self._written = dict.fromkeys(self._differing(), "the function")
            arrays = self._outputs = [np.asarray(y._data if isinstance(y, Node) else y) for y in outputs]
            pairs = [
                (y, w) for y, w in zip(outputs, weights(arrays), strict=True) if isinstance(y, Node) and y._tracked
            ]
            self.roots, self.seeds = [y for y, _ in pairs], [w for _, w in pairs]
            self.differentiating = True
            return arrays, self.again()
        finally:
            self._restore()

    def again(self, factor: float = 1.0) -> list[Any]:
        """Run ``backward()`` over the recorded graph from zero."""
        kept = [(leaf.node, leaf.node.grad) for leaf in self.leaves if leaf.kind == "parameter"]
        for leaf, node, data in zip(self.leaves, self.nodes, self._datas, strict=True):
            node.grad = None
            if leaf.kind == "parameter":
                self._fresh(leaf, data)
        try:
            for y, w in zip(self.roots, self.seeds, strict=True):
                y.backward(float(w) * factor if isinstance(y, Value) else w * y._data.dtype.type(factor))
            return [n.grad for n in self.nodes]
        finally:
            self._restore()
            for node, grad in kept:
                node.grad = grad

    def changed(self) -> dict[str, str]:
        """Compare the leaves' numbers with what they were given."""
        return self._written | {p: "the backward pass" for p in self._differing() if p not in self._written}

    def _differing(self) -> list[str]:
        pairs = zip(self.leaves, self.nodes, strict=True)
        return [leaf.path for leaf, node in pairs if leaf.kind != "parameter" and not same_bits(node._data, leaf.data)]


class Plain(Subject):
    """A function of numbers and arrays whose gradient somebody wrote by hand, or another library computes.

    ``grad(*inputs)`` gives the gradient of a scalar function, one per input; ``vjp(v, *inputs)`` the product of a
    cotangent with the Jacobian, one per input.
    """

    def __init__(self, f: Callable[..., Any], args: tuple[Any, ...], wrt: Any, grad: Any, vjp: Any) -> None:
        """Take the gradient along."""
        super().__init__(f, args, wrt)
        for what, g in (("grad", grad), ("vjp", vjp)):
            if g is not None and not callable(g):
                raise InputTypeError(f"{what}= is a function of the inputs; got {short(g)}. Write {what}=lambda …: …")
        self.grad = grad
        self.vjp = vjp
        self._written: dict[str, str] = {}
        self._pull_again: Any = None

    def _arrays(self, args: tuple[Any, ...]) -> list[Any]:
        return [x for x, place in zip(flatten(args)[0], self._places, strict=True) if place is not None]

    def _compare(self, before: list[Array], args: tuple[Any, ...]) -> list[str]:
        return [
            leaf.path
            for leaf, was, now in zip(self.leaves, before, self._arrays(args), strict=True)
            if not same_bits(was, now)
        ]

    def again(self, factor: float = 1.0) -> list[Any]:
        """Call ``vjp`` again; a ``grad`` of inputs alone has no cotangent."""
        return self._pull_again(factor) if self.vjp is not None else []

    def changed(self) -> dict[str, str]:
        """Name what the function or its gradient wrote into."""
        return self._written

    def _handed(self, datas: Sequence[Array]) -> tuple[Any, ...]:
        return self._filled(
            [float(d) if leaf.kind == "value" else np.array(d) for leaf, d in zip(self.leaves, datas, strict=True)]
        )

    def _given(self, s: Any) -> Any:
        """Give a part of a cotangent as it is handed on: one number as a float.

        Another library gets an array without axes instead, since a list of floats would be read as one array.
        """
        return s if np.ndim(s) else np.asarray(s) if hasattr(self.f, "foreign") else float(s)

    def evaluate(self, datas: Sequence[Array]) -> list[Array]:
        """Call the function."""
        return [np.asarray(y) for y in outputs_of(self.f(*self._handed(datas)), self.name)]

    def pull(
        self, datas: Sequence[Array], weights: Callable[[list[Array]], list[Array]]
    ) -> tuple[list[Array], list[Any]]:
        """Call the function and the gradient that was given for it."""
        self.differentiating = False
        args = self._handed(datas)
        before_call = [np.array(x) for x in self._arrays(args)]
        result = self.f(*args)
        arrays = [np.asarray(y) for y in outputs_of(result, self.name)]
        seeds = weights(arrays)
        before = [np.array(s) for s in seeds]
        self._written = dict.fromkeys(self._compare(before_call, args), "the function")
        _, rebuild = flatten(result)
        cotangent = rebuild([self._given(s) for s in seeds])
        self._pull_again = lambda factor: self._sorted(
            self.vjp(rebuild([self._given(s * s.dtype.type(factor)) for s in seeds]), *self._handed(datas))
        )
        args = self._handed(datas)
        # What another library raises is its verdict on its own backward pass; a hand-written gradient that raises is
        # shown with its traceback.
        self.differentiating = hasattr(self.f, "foreign")
        found = self.grad(*args) if self.vjp is None else self.vjp(cotangent, *args)
        blamed = f"the given {'vjp' if self.vjp else 'grad'}"
        self._written |= {w: blamed for w in self._compare(before_call, args) if w not in self._written}
        for was, now in zip(before, seeds, strict=True):
            if not np.array_equal(was, now):
                raise InputValueError(
                    f"the given {'vjp' if self.vjp else 'grad'} of {self.name} changes its cotangent in place; work on a copy"
                )
        gradients = self._sorted(found)
        if self.vjp is None:
            gradients = [
                None if g is None else _contracted(seeds, arrays, g, d, self.name)
                for g, d in zip(gradients, datas, strict=True)
            ]
        return arrays, gradients

    def _sorted(self, found: Any) -> list[Any]:
        """Give one gradient per leaf, from one per leaf or one per argument."""
        if len(self.leaves) == 1 and not (
            isinstance(found, tuple | list | dict) and len(flatten(found)[0]) != 1 and not _is_numbers(found)
        ):
            leaves = [found] if not isinstance(found, tuple | dict) else flatten(found)[0]
        else:
            leaves = flatten(found)[0]
        if len(leaves) == len(self._flat) != len(self.leaves):
            leaves = [g for g, place in zip(leaves, self._places, strict=True) if place is not None]
        if len(leaves) != len(self.leaves):
            names = ", ".join(leaf.path for leaf in self.leaves)
            raise ShapeError(
                f"the gradient of {self.name} has {len(leaves)} part(s) and there are {len(self.leaves)} inputs ({names}); "
                "return a tuple with one gradient per input"
            )
        return leaves


def _is_numbers(x: Any) -> bool:
    return isinstance(x, list) and len(flatten(x)[0]) == 1


def _contracted(seeds: list[Array], outputs: list[Array], g: Any, data: Array, name: str) -> Any:
    g = np.asarray(g._data if isinstance(g, Node) else g)
    if len(outputs) != 1:
        raise ShapeError(f"{name} has {len(outputs)} outputs; give vjp= instead of grad=")
    (v,) = seeds
    if v.ndim and g.shape == v.shape + data.shape:
        return np.tensordot(v, g, axes=v.ndim)
    if v.size != 1:
        raise ShapeError(
            f"{name} gives shape {v.shape}, and grad= gave shape {g.shape}; expected the Jacobian, shape {v.shape + data.shape}. "
            "Reduce f to one number, or give vjp=lambda v, *inputs: …"
        )
    return v.reshape(()) * g
