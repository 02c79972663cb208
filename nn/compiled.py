"""``compile_step``: a step of training as one NumPy program.

The five steps of gradient descent (forget, forward, backward, update) are recorded once and replayed as straight-line
NumPy, with every temporary array made beforehand: what one would write by hand, and can read in ``step.source``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, Value, modes
from autograd.errors import DeviatedError, GradientError, InputTypeError, ShapeError
from autograd.whole.loss import LossProgram
from nn import activations, criteria, images, layers, normalisation, replay
from nn.module import Module
from nn.optim.vector import Vector, vectors
from nn.parameter import arranged, is_values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nn.optim.optimiser import Optimiser

FORMS = 16
"""So many forms of a batch are kept; the oldest makes room."""


class Step:
    """One step of training, compiled; made by ``compile_step``.

    Call it with a batch: the gradients are forgotten, the loss and its gradients computed, the parameters updated. It
    gives the loss as a float. ``p.grad`` is there afterwards; it is the program's own array, so copy what you keep.
    """

    def __init__(self, loss: Callable[..., Any], optimiser: Optimiser) -> None:
        """Use ``compile_step``; it checks what it gets."""
        self.loss = loss
        self.optimiser = optimiser
        self._ways: dict[Any, _Way] = {}
        self._latest: _Way | None = None
        self._pending: _Way | None = None

    def __call__(self, *batch: Any) -> float:
        """Take one step; give the loss before the update."""
        value = self.backward(*batch)
        self.update()
        return value

    def backward(self, *batch: Any) -> float:
        """Compute the loss and leave the gradients in ``.grad``; give the loss. ``update()`` does the rest."""
        way = self._latest
        if way is None or not way.program.fits(batch):
            batch = tuple([_array(x) for x in batch])
            way = self._ways.get(_form(batch))
        if modes.active or modes.unfusing:  # somebody wants to see the operations
            return self._plain(batch)
        try:
            if way is None or not way.holds():
                return self._record(batch)
            for vector in way.vectors:
                vector.settle()
            value = way.program(*batch)
        except DeviatedError:
            return self._plain(batch)
        self._latest = self._pending = way
        way.deliver()
        return value

    def takes(self, batch: Sequence[Any]) -> bool:
        """Tell whether a batch is of plain arrays, in one of few forms: many forms are recorded for nothing."""
        plain = all(type(a) is np.ndarray and a.dtype.kind in "fiub" and a.ndim for a in batch)
        return plain and (len(self._ways) < FORMS or _form(batch) in self._ways)

    def update(self) -> None:
        """Let the optimiser step, by the gradients that ``backward`` left."""
        way = self._pending
        if way is None or way.rest or not all(v.ready for v in way.vectors):
            self.optimiser.step()
            return
        with np.errstate(all="ignore"):
            for vector in way.vectors:
                vector.step()

    def forget(self) -> None:
        """Forget what was recorded, after a change that a program cannot see: another setting of a module, a plain number."""
        self._ways.clear()
        self._latest = self._pending = None

    @property
    def source(self) -> str:
        """The step as readable NumPy: a function that gives the loss and the gradients.

        Raises:
            InputTypeError: no step was taken yet.
        """
        if self._latest is None:
            raise InputTypeError("nothing was recorded yet: take a step first, then read .source")
        return self._latest.program.source()

    def _plain(self, arrays: Sequence[Any]) -> float:
        self._pending = None
        self.optimiser.zero_grad()
        y = _single(self.loss(*arrays))
        y.backward()
        return float(y.item())

    def _record(self, arrays: Sequence[Any]) -> float:
        self._latest = None
        way = _Way(self, arrays)
        form = _form(arrays)
        if form not in self._ways and len(self._ways) >= FORMS:
            self._ways.pop(next(iter(self._ways)))
        self._ways[form] = self._latest = self._pending = way
        return way.first

    def __repr__(self) -> str:
        """Show the optimiser and what was recorded."""
        rule = type(self.optimiser).__name__
        if not self._ways:
            return f"Step({rule}, not recorded yet)"
        calls = ", ".join(f"{w.program.size} calls for {_shapes(form)}" for form, w in self._ways.items())
        return f"Step({rule}, {calls})"


class _Way:
    """What was recorded for batches of one form, and how its gradients become an update."""

    def __init__(self, step: Step, batch: Sequence[Any]) -> None:
        self.step = step
        self.vectors: list[Vector] = []
        self.rest: list[Tensor] = []
        trained = [p for group in step.optimiser.param_groups for p in group["params"]]
        loss = _Single(step.loss)
        self.program = LossProgram(loss, batch, _names(step.loss, len(batch)), {id(p) for p in trained}, self._placed)
        reached = {id(p) for p in self.program.parameters}
        self.pairs = [*zip(self.program.parameters, self.program.arrays, strict=True)]
        self.pairs += [(p, None) for p in trained if id(p) not in reached]
        self.groups = len(step.optimiser.param_groups)
        self.first = self.program.first(batch)
        self.deliver()

    def _placed(self, parameters: list[Tensor]) -> list[Any]:
        """Lay parameters and gradients side by side, where the optimiser works number by number."""
        step, mine = self.step, {id(p) for p in parameters}
        for way in step._ways.values():
            if {id(p) for p in way.program.parameters} == mine:  # of another form: use its vectors again
                self.vectors, self.rest = way.vectors, way.rest
                break
        else:
            step._ways.clear()
            changed = {"step", "update"} & vars(step.optimiser).keys()
            self.vectors, self.rest = ([], parameters) if changed else vectors(step.optimiser, parameters)
        homes = {id(p): g for v in self.vectors for p, g in zip(v.tensors, v.gradients, strict=True)}
        return [homes[id(p)] if id(p) in homes else np.empty(p.shape, p.dtype) for p in parameters]

    def holds(self) -> bool:
        """Tell whether a replay would notice all that has changed."""
        return self.groups == len(self.step.optimiser.param_groups) and self.program.holds()

    def deliver(self) -> None:
        """Put the gradients where a backward pass would."""
        for p, g in self.pairs:
            p.grad = g


class _Single:
    """A loss that is refused unless it is one number that depends on something."""

    def __init__(self, loss: Callable[..., Any]) -> None:
        self.loss = loss

    def __call__(self, *batch: Any) -> Any:
        return _single(self.loss(*batch))


def compile_step(loss: Callable[..., Any], optimiser: Optimiser) -> Step:
    """Compile a step of training: forward, backward and update as one NumPy program.

    Args:
        loss: gives the loss of a batch as one number, such as ``lambda x, y: criterion(model(x), y)``.
        optimiser: updates the parameters; any optimiser of ``nn.optim``, or one of your own.

    Gives a ``Step``: call it with a batch, it gives the loss. It is recorded at the first batch of each form (shapes and
    types); ``step.source`` shows the program. Batches are arrays, and ``loss`` gets them as constant Tensors while it is
    recorded. What Python does besides operations on Tensors (``if``, ``print``, counting) happens while recording, not in
    replays. Modules' modes, frozen parameters and new data are noticed; call ``step.forget()`` after other changes.

    Numbers agree with the plain loop to rounding.

    Raises:
        TrackingError: the loss needs bare numbers (``.item()``, ``if loss > 1``), with the line.
        InputTypeError: these are no function and optimiser of Tensors.

    >>> import nn
    >>> model = nn.Linear(1, 1, seed=0)
    >>> criterion = nn.MSE()
    >>> step = compile_step(lambda x, y: criterion(model(x), y), nn.optim.SGD(model.parameters(), lr=0.1))
    >>> x = np.array([[1.0], [2.0], [3.0]])
    >>> for _ in range(200):
    ...     loss = step(x, 2 * x)
    >>> round(model([[4.0]]).item(), 2)
    8.0
    """
    if not callable(loss):
        raise InputTypeError(f"compile_step takes a function that gives the loss of a batch; got {loss!r}")
    if not hasattr(optimiser, "param_groups"):
        raise InputTypeError(f"compile_step takes an optimiser of nn.optim as second argument; got {optimiser!r}")
    if any(not isinstance(p, Tensor) for group in optimiser.param_groups for p in group["params"]):
        raise InputTypeError(
            "compile_step trains Tensors; this optimiser has Values. nn.fit compiles networks of Values, and "
            "model.tensors() gives the same network with Tensors"
        )
    return Step(loss, optimiser)


# --- for fit ----------------------------------------------------------------------------------------------------

MODULES = replay.MODULES | {
    activations.Softmax, activations.LogSoftmax, images.Conv2d, images.MaxPool2d, images.AvgPool2d, layers.Dropout,
    layers.Embedding, normalisation.BatchNorm1d, normalisation.BatchNorm2d, normalisation.LayerNorm,
}  # fmt: skip
LOSSES = replay.LOSSES | {criteria.CrossEntropy, criteria.NLL, criteria.Huber}
"""Modules and losses that are known to do nothing beside operations on Tensors but what a recording sees."""


class Batches:
    """The loss of a model on a batch ``(inputs …, target)``, as one function."""

    def __init__(self, model: Any, loss: Any) -> None:
        """Hold both."""
        self.model, self.loss = model, loss

    def __call__(self, *batch: Any) -> Any:
        """Compute the loss."""
        return self.loss(self.model(*batch[:-1]), batch[-1])

    def known(self) -> bool:
        """Tell whether all modules here are known to be recorded whole."""
        return (
            type(self.loss) in LOSSES
            and self.loss.reduction in ("mean", "sum")
            and all(
                m._hooks is None and (type(m) in MODULES or m is self.loss) and "forward" not in vars(m)
                for m in (*self.model.modules(), self.loss)
            )
        )


RUNNING = frozenset({normalisation.BatchNorm1d, normalisation.BatchNorm2d})
"""Modules whose buffers move with every step, and are read anew."""


def settings_of(*modules: Any) -> list[Any]:
    """Give what modules are set to, parameters and running numbers apart: a program has it fixed."""
    found: list[Any] = []
    for m in (m for module in modules if isinstance(module, Module) for m in module.modules()):
        moving = m._buffers if type(m) in RUNNING else ()
        own = {k: v for k, v in vars(m).items() if not k.startswith("_") and k not in moving}
        plain = {k: v for k, v in own.items() if v is None or isinstance(v, bool | int | float | str | tuple)}
        arrays = {k: v.tobytes() for k, v in own.items() if isinstance(v, np.ndarray) and v.dtype.kind in "fiub"}
        found.append((type(m), plain, arrays, [id(v) for v in own.values() if isinstance(v, Module)]))
    return found


def step_of(model: Any, loss: Any, optimiser: Any, trained: Sequence[Any]) -> Step | None:
    """Give a compiled step for ``fit``, where everything in it is known; None where the plain way is the right one."""
    if not isinstance(model, Module) or not all(isinstance(p, Tensor) for p in trained):
        return None
    both = Batches(model, loss)
    return Step(both, optimiser) if both.known() else None


def _array(x: Any) -> Any:
    if type(x) is np.ndarray and x.dtype.kind in "fiub":
        return x
    if isinstance(x, Tensor):
        return x.data
    x = arranged(x)
    if isinstance(x, Value) or is_values(x):
        raise InputTypeError("a compiled step takes batches of plain arrays; got Values")
    array = np.asarray(x)
    if array.dtype.kind not in "fiub":
        raise InputTypeError(f"a compiled step takes batches of numbers; got {x!r}")
    return array


def _form(arrays: Sequence[Any]) -> tuple[Any, ...]:
    return tuple([(a.shape, a.dtype) for a in arrays])


def _single(y: Any) -> Any:
    if not isinstance(y, Tensor):
        raise InputTypeError(f"the loss of a compiled step is a Tensor of one number; the function gave {y!r}")
    if y.size != 1:
        raise ShapeError(f"the loss of a compiled step is one number; got shape {y.shape}. Average it: loss.mean()")
    if not y.requires_grad:
        raise GradientError("the loss depends on no parameter: there is nothing to train")
    return y


def _names(loss: Any, n: int) -> list[str]:
    import inspect

    try:
        found = [
            p.name
            for p in inspect.signature(loss).parameters.values()
            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        ]
    except (TypeError, ValueError):
        found = []
    return found[:n] if len(found) >= n else [*"xyz"[:n]] if n <= 3 else [f"x{i + 1}" for i in range(n)]


def _shapes(form: Any) -> str:
    return " and ".join(str(shape) for shape, _ in form)
