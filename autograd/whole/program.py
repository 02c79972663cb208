"""``ArrayProgram``: a function on Tensors that was recorded and is replayed as straight-line NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import as_array, short
from autograd.errors import DeviatedError, GradientError, InputTypeError, InputValueError, TrackingError
from autograd.node import Node
from autograd.tensor import Tensor
from autograd.trees import flatten
from autograd.whole.backward import gradients
from autograd.whole.kernel import Kernel
from autograd.whole.recording import record
from autograd.whole.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

FORMS = 16
"""So many forms of the arguments are kept; the oldest makes room."""


class ArrayProgram:
    """A compiled function of whole arrays: its value and gradient, as NumPy calls without a graph.

    Made by ``autograd.compile(f, Tensor(…), …)``. Arguments are arrays, Tensors (their data) or containers of them; arguments
    of another shape or type are recorded anew. The gradient is that of the arguments whose examples were Tensors.

    >>> from autograd import Tensor, compile
    >>> f = compile(lambda w, x: ((w @ x).tanh() ** 2).sum(), Tensor([[1.0, 2.0]]), np.zeros(2))
    >>> value, gradient = f.value_and_grad([[1.0, 2.0]], [0.5, 0.25])
    >>> round(value, 4), gradient.round(4)
    (0.58, array([[0.3199, 0.1599]]))
    """

    def __init__(
        self, f: Callable[..., Any], names: Sequence[str], examples: Sequence[Any], argnums: Any = None
    ) -> None:
        """Use ``autograd.compile``; it knows what belongs here."""
        self.function = f
        self.name = str(getattr(f, "__name__", type(f).__name__))
        self.argument_names = list(names)
        self._wanted = _chosen(argnums, examples, names)
        self._single = isinstance(argnums, int) or (argnums is None and len(self._wanted) == 1)
        self._ways: dict[Any, _Way] = {}
        self._way(*self._form(examples))

    # --- what it computes -----------------------------------------------------------------------------------

    def value(self, *args: Any) -> Any:
        """Compute the function."""
        return self._run(args, backward=False)[0]

    __call__ = value

    def value_and_grad(self, *args: Any) -> tuple[Any, Any]:
        """Compute the function and its gradient: of the one argument, or a tuple with one for each.

        Raises:
            GradientError: the function gives several numbers, or no argument is differentiated.
        """
        return self._run(args, backward=True)

    def grad(self, *args: Any) -> Any:
        """Compute the gradient alone."""
        return self.value_and_grad(*args)[1]

    def _run(self, args: Sequence[Any], *, backward: bool) -> tuple[Any, Any]:
        key, leaves, rebuild = self._form(args)
        way = self._ways.get(key)
        if way is None or not way.holds():
            way = self._way(key, leaves, rebuild)
        try:
            found = way.kernel(backward=backward)(*leaves)
        except DeviatedError:
            way = self._way(key, leaves, rebuild)  # recorded here, it goes this way
            found = way.kernel(backward=backward)(*leaves)
        n = len(way.recording.outputs)
        value = way.rebuilt([_given(x) for x in found[:n]])
        return value, way.gradients(found[n:]) if backward else None

    def _form(self, args: Sequence[Any]) -> tuple[Any, list[Any], Callable[[list[Any]], Any]]:
        if len(args) != len(self.argument_names):
            raise InputTypeError(
                f"{self.name} takes {len(self.argument_names)} arguments ({', '.join(self.argument_names)}); got {len(args)}"
            )
        leaves, rebuild = flatten(tuple(args))
        arrays = [_array(x, self.name) for x in leaves]
        counts = tuple(len(flatten(a)[0]) for a in args)
        return (counts, *((a.shape, a.dtype) for a in arrays)), arrays, rebuild

    def _way(self, key: Any, leaves: list[Any], rebuild: Callable[[list[Any]], Any]) -> _Way:
        way = _Way(self, key[0], leaves, rebuild)
        if key not in self._ways and len(self._ways) >= FORMS:
            self._ways.pop(next(iter(self._ways)))
        self._ways[key] = way
        return way

    # --- what it looks like ---------------------------------------------------------------------------------

    @property
    def source(self) -> str:
        """The latest recording as readable NumPy: value and gradient, or the values alone where there are several."""
        return list(self._ways.values())[-1].source()

    def save(self, path: str | Path) -> Path:
        """Write ``source`` to a Python file that needs NumPy only; Tensors found outside become arguments of its function.

        Raises:
            InputTypeError: the program checks or draws something (a loss, dropout in training).
            InputValueError: it holds a large constant, or the file cannot be written.
        """
        from autograd.whole.export import save

        return save(self, path)

    def __repr__(self) -> str:
        """Show the function, its gradient's arguments and the forms that were recorded."""
        wrt = ", ".join(self.argument_names[i] for i in self._wanted) or "nothing"
        forms = "; ".join(way.described() for way in self._ways.values())
        return f"ArrayProgram({self.name}({', '.join(self.argument_names)}), gradient of {wrt}, recorded for {forms})"


class _Way:
    """What was recorded for arguments of one form."""

    def __init__(
        self, program: ArrayProgram, counts: Sequence[int], leaves: list[Any], rebuild: Callable[[list[Any]], Any]
    ) -> None:
        self.program, self.counts = program, counts
        ends = np.cumsum([0, *counts])
        tracked = [i in program._wanted for i, n in enumerate(counts) for _ in range(n)]
        names = [
            name if n == 1 else f"{name}_{k}"
            for name, n in zip(program.argument_names, counts, strict=True)
            for k in range(n)
        ]
        self.spans = [(int(ends[i]), int(ends[i + 1])) for i in program._wanted]
        self.containers = [flatten(a)[1] for a in rebuild(list(leaves))]

        self.rebuilt: Callable[[list[Any]], Any] = _first

        def run(given: Sequence[Any]) -> list[Any]:
            found, rebuilt = flatten(program.function(*rebuild(list(given))))
            self.rebuilt = rebuilt
            return found

        self.names = names
        self.recording = _recorded(program, run, leaves, tracked, names)
        self.holds = Watch(self.recording.trace).holds
        self._kernels: dict[bool, Kernel] = {}

    def kernel(self, *, backward: bool) -> Kernel:
        """Give the kernel of the value, or of the value and the gradients."""
        found = self._kernels.get(backward)
        if found is None:
            r = self.recording
            found = self._kernels[backward] = Kernel(
                r.trace, r.inputs, [*r.outputs, *(self._gradients() if backward else [])]
            )
        return found

    def _gradients(self) -> list[Any]:
        r = self.recording
        if not self.spans:
            raise GradientError(
                f"{self.program.name} was compiled without a Tensor among its examples: no gradient is asked for"
            )
        if len(r.nodes) != 1 or (isinstance(r.nodes[0], Node) and r.nodes[0]._data.size != 1):
            raise GradientError(
                f"the gradient is that of one number; {self.program.name} gives several. Reduce them: y.sum()"
            )
        wanted = [leaf for a, b in self.spans for leaf in r.leaves[a:b]]
        found = gradients(r.trace, r.nodes[0], wanted)
        return [np.zeros_like(w._data) if g is None else g for w, g in zip(wanted, found, strict=True)]

    def gradients(self, found: Sequence[Any]) -> Any:
        """Put gradients into the arguments' containers."""
        answers = []
        at = 0
        for i, (a, b) in zip(self.program._wanted, self.spans, strict=True):
            shapes = [leaf._data for leaf in self.recording.leaves[a:b]]
            parts = [
                _given(np.array(np.broadcast_to(g, s.shape), s.dtype))
                for g, s in zip(found[at : at + b - a], shapes, strict=True)
            ]
            answers.append(self.containers[i](parts))
            at += b - a
        return answers[0] if self.program._single else tuple(answers)

    def source(self) -> str:
        """Give readable NumPy."""
        nodes = self.recording.nodes
        both = bool(self.spans) and len(nodes) == 1 and isinstance(nodes[0], Node) and nodes[0]._data.size == 1
        kernel = self.kernel(backward=both)
        what = "Value and gradient" if both else "Value"
        doc = f"{what} of {self.program.name}, recorded for {self.described()}.".replace('"', "'")
        results = ["value"] if len(nodes) == 1 else [f"value_{i + 1}" for i in range(len(nodes))]
        results += [f"grad_{self.names[k]}" for a, b in self.spans for k in range(a, b)] if both else []
        return kernel.source("value_and_grad" if both else "value", doc, results)

    def described(self) -> str:
        """Name the shapes."""
        return " and ".join(str(leaf.shape) for leaf in self.recording.leaves)


def _recorded(program: ArrayProgram, run: Any, leaves: list[Any], tracked: list[bool], names: list[str]) -> Any:
    try:
        return record(run, leaves, tracked, names)
    except TrackingError as error:
        error.add_note(f"while {program.name} was being compiled")
        raise
    except AttributeError as error:
        if isinstance(error.obj, Tensor):
            error.add_note(
                f"while {program.name} was being compiled, where every argument is a Tensor: write autograd.{error.name}(x)"
            )
        raise


def _first(found: list[Any]) -> Any:
    return found[0]


def _given(x: Any) -> Any:
    """Give a result away: a number as a float, an array that is nobody else's."""
    if np.ndim(x) == 0:
        return bool(x) if isinstance(x, bool | np.bool_) else float(x)
    return x


def _array(x: Any, name: str) -> Any:
    if type(x) is np.ndarray and x.dtype.kind in "fiub":
        return x
    if isinstance(x, Tensor):
        return x._data
    if isinstance(x, Node) or (isinstance(x, np.ndarray) and x.dtype.kind == "O"):
        raise InputTypeError(f"{name} was compiled for whole arrays; got {short(x)}. Give arrays or Tensors")
    array = np.asarray(as_array(x) if isinstance(x, list | tuple) else x)
    if array.dtype.kind not in "fiub":
        raise InputTypeError(f"{name} takes arrays of numbers; got {short(x)}")
    return (
        array.astype(np.float64) if array.dtype.kind in "iub" and not isinstance(x, np.ndarray | np.generic) else array
    )


def _chosen(argnums: Any, examples: Sequence[Any], names: Sequence[str]) -> tuple[int, ...]:
    """Give the positions of the arguments that are differentiated."""
    if argnums is None:
        return tuple(
            i
            for i, x in enumerate(examples)
            if any(isinstance(leaf, Tensor) and leaf._tracked for leaf in flatten(x)[0])
        )
    wanted = [argnums] if isinstance(argnums, int) else list(argnums)
    if not all(isinstance(i, int) and -len(names) <= i < len(names) for i in wanted) or len(
        {i % len(names) for i in wanted}
    ) < len(wanted):
        raise InputValueError(f"compile: argnums={argnums!r} does not fit the arguments ({', '.join(names)})")
    return tuple(i % len(names) for i in wanted)
