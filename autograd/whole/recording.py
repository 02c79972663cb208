"""Recording: a function is run once on Tensors, and every operation on them is written down as NumPy calls.

The function computes as always, so what it makes can be differentiated inside it too (``grad`` of ``grad``). Tensors that
it finds outside its arguments (the parameters of a network) are *captured*: their arrays are read anew in every replay.
Plain arrays outside are constants, read by reference. A comparison gives an array of truths, for ``where``.
What would need the bare numbers (``.item()``, ``if x > 0``, ``float(x)``) is refused with the line; our own checks and
draws go through ``outside``, and are run in every replay.

Types
    Entry        one operation: its row, arguments, what they are on the tape, parameters, result
    ArrayTrace   what is known while the function runs
    Recording    the finished thing: the tape, and where inputs, captured Tensors and results are
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from autograd import modes
from autograd.arguments import short
from autograd.errors import InputTypeError, TrackingError
from autograd.node import Node, next_index
from autograd.tensor import Tensor
from autograd.tensor_data import datum, explained
from autograd.whole.calls import Tape
from autograd.whole.formulas import computed
from autograd.whole.sketch import Sketch, UnsketchedError, bare, written
from autograd.whole.traced import traced

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autograd.operations import Elementwise


@dataclass(slots=True, eq=False)
class Entry:
    """One operation as it was recorded."""

    op: Any
    args: tuple[Any, ...]
    sketches: list[Any]
    params: dict[str, Any]
    y: Tensor
    out: Sketch
    memory: Any = None


class ArrayTrace:
    """What happens to the arguments of one call."""

    whole = True
    """Whether whole arrays are traced, and not single numbers."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.tape = Tape()
        self.entries: dict[int, Entry] = {}
        self.captured: list[Tensor] = []
        self.modules: list[Any] = []
        """Modules that were called, for whoever wants to see whether their settings are still the same."""
        self.answers: list[Any] = []
        """What functions outside gave while this was recorded."""
        self.pending: list[tuple[Any, tuple[Any, ...]]] = []
        """Functions to be called when the recording has succeeded, with their arguments."""
        self.names: dict[int, str] = {}
        self._known: dict[int, tuple[Node, Sketch]] = {}
        self._arrays: dict[int, tuple[Any, Sketch]] = {}
        self._base = next_index()
        self._random = _random_state()

    def bind(self, node: Node, sketch: Sketch) -> None:
        """Remember what a node is on the tape; the node is held, so that its index stays its own."""
        self._known[node._index] = (node, sketch)

    def input(self, node: Tensor, name: str | None = None) -> Sketch:
        """Give a node a register of its own."""
        sketch = Sketch(self.tape, self.tape.register(node._data), node._data)
        sketch.looked_at = True  # its memory is not the program's
        self.bind(node, sketch)
        if name:
            self.names[sketch.register] = name
        return sketch

    def sketch_of(self, a: Any) -> Any:
        """Give what stands for an argument: a Sketch for a traced or captured Tensor, plain data otherwise."""
        if isinstance(a, Node):
            found = self._known.get(a._index)
            if found is not None:
                return found[1]
            if not isinstance(a, Tensor):
                self.refuse_values()
            if a._index > self._base:
                return a._data  # made in this call from plain numbers
            if a._rule is not None:
                self.refuse(
                    f"{a._describe()}, which was computed outside the function,",
                    "its gradient would be lost; compute it inside, or give it as an argument",
                )
            if a._extra is not None and a._extra.hooks:
                self.refuse("a hook on a Tensor", "a program does not call back into Python")
            self.captured.append(a)
            return self.input(a, a.name)
        if isinstance(a, np.ndarray):
            held = self._arrays.get(id(a))
            return a if held is None else held[1]
        if type(a) in (tuple, list):
            return type(a)([self.sketch_of(part) for part in a])
        return a

    # --- operations -------------------------------------------------------------------------------------------

    def applied_arrays(self, op: Any, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """Compute an operation as always, and write it down."""
        sketches = [self.sketch_of(a if isinstance(a, Node) else datum(a, op)) for a in args]
        given = {k: self.sketch_of(v) for k, v in params.items()}
        recording = modes.current().recording
        passive = getattr(op, "passive", 0)
        tracked = [isinstance(a, Tensor) and a._tracked and i >= passive for i, a in enumerate(args)]
        track = any(tracked) and recording and op.differentiable
        memory = None
        try:
            with np.errstate(all="ignore"):
                try:
                    answer = computed(op, sketches, given, forward=track)
                    out, memory = answer if track and op.forward is not None else (answer, None)
                except UnsketchedError:
                    out = computed(op, sketches, given)
        except (ValueError, TypeError, IndexError) as error:
            raise explained(error, op, [bare(s) for s in sketches], params) from error
        data = np.asarray(bare(out))
        y = self._node(op, args, params, tracked, data) if track else traced(data)
        if isinstance(out, Sketch):
            self.bind(y, out)
            if track:
                self.entries[y._index] = Entry(op, args, sketches, given, y, out, memory)
        return y if op.differentiable or isinstance(out, Sketch) else data

    @staticmethod
    def _node(op: Any, args: Any, params: Any, tracked: list[bool], data: Any) -> Tensor:
        y: Tensor = object.__new__(Tensor)
        y._data = data
        y.grad = y._a = y._extra = None
        y._rule, y._b, y._da = op, args, params
        y._db = [True if t else None for t in tracked]
        y._version = 0
        y._index = next_index()
        return y

    def compared(self, sign: str, a: Any, b: Any) -> Any:
        """Compare numbers: an array of truths, for ``where``."""
        ufunc = {
            "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
        }[sign]  # fmt: skip
        return self.connected(ufunc, a, b)

    def connected(self, ufunc: Any, *args: Any) -> Any:
        """Apply a ufunc whose result carries no gradient."""
        found = ufunc(*(self.sketch_of(a) for a in args))
        if not isinstance(found, Sketch):
            return found
        y = traced(np.asarray(found.value))
        self.bind(y, found)
        return y

    def index(self, parts: tuple[Any, ...]) -> tuple[Any, ...]:
        """Check an index with traced arrays in it: whole numbers, read anew in each replay."""
        for part in parts:
            if isinstance(part, Node) and (part._tracked or part._data.dtype.kind not in "iu"):
                self.refuse(
                    "an index of truths" if part._data.dtype.kind == "b" else "a Tensor as an index",
                    "how many elements it picks may change from replay to replay; write where(x > 0, x, 0.0)",
                )
        return parts

    def cast(self, x: Tensor, dtype: Any) -> Tensor:
        """Give a constant with the numbers of another one in another floating type."""
        found = self.sketch_of(x)
        y = traced(x._data.astype(dtype))
        if isinstance(found, Sketch):
            self.bind(y, found.astype(dtype))
        return y

    def detached(self, y: Node, source: Node) -> None:
        """Note that y has the numbers of another node, without its gradient."""
        found = self.sketch_of(source)
        if isinstance(found, Sketch):
            self.bind(y, found)

    def equal_leaf(self, source: Tensor) -> Tensor:
        """Give a leaf of its own, equal to a constant, for a differentiation inside the function."""
        leaf = Tensor(source._data)
        self.detached(leaf, source)
        return leaf

    # --- what is no arithmetic ----------------------------------------------------------------------------------

    def outside(self, function: Callable[..., Any], args: tuple[Any, ...], *, later: bool = False) -> Any:
        """Call a function on the bare arrays, now and in every replay; give its result.

        Numbers are a constant Tensor of the recording. Whole numbers (labels, indices) stay an array, which rows of the table
        take as it is; nobody else may compute with it.

        ``later``: when everything else is done, because the function changes something.
        """
        sketches = tuple(self.sketch_of(a) for a in args)
        if later:
            self.tape.append("after", function, written(sketches), {}, None)
            self.pending.append((function, bare(sketches)))
            return None
        self.check_draws()
        value = function(*bare(sketches))
        self._random = _random_state()
        self.answers.append(value)
        register = self.tape.append("outside", function, written(sketches), {}, value)
        if value is None:
            return None
        sketch = Sketch(self.tape, register, value)
        sketch.looked_at = True  # its memory may be somebody else's
        if value.dtype.kind == "f":
            y = traced(value)
            self.bind(y, sketch)
            return y
        self._arrays[id(value)] = (value, sketch)  # an index is a parameter of a row, and no Tensor
        return value

    def check_draws(self) -> None:
        """Refuse random numbers that were drawn outside our sight: they would be the same in every replay."""
        if _random_state() != self._random:
            self.refuse(
                "a random number drawn by the function", "it would be the same in every replay; draw outside and give it as an "
                "argument, or use nn.Dropout, which draws anew"
            )  # fmt: skip

    def read(self, node: Any, how: str) -> None:
        """Refuse to give a bare number of something that changes from replay to replay."""
        if isinstance(node, Tensor) and node._index > self._base and node._index not in self._known:
            return  # made in this call from plain numbers
        self.refuse(
            f"{how} of a Tensor", "the number would be the same in every replay; keep to operations on Tensors, and "
            "read numbers from what the program gives"
        )  # fmt: skip

    def named(self, node: Any, name: str) -> None:
        """Note what the user calls a result."""
        found = self._known.get(node._index)
        if found is not None:
            self.names[found[1].register] = name

    def called(self, module: Any) -> None:
        """Note that a module was called."""
        if module._hooks is not None and any(module._hooks.values()):
            self.refuse("a hook on a module", "a program does not call back into Python; remove the hook")
        self.modules.append(module)

    def assigned(self, node: Any) -> None:
        """Refuse an assignment."""
        self.refuse("assigning .data", "a program computes and changes nothing; return the new numbers instead")

    def refuse(self, what: str, advice: str) -> NoReturn:
        """Say that something cannot be part of a program."""
        line = modes.caller_line()
        where = f" ({f'line {line[1]} of {line[0]}'})" if line else ""
        raise TrackingError(f"{what} cannot be compiled{where}: {advice}")

    def refuse_values(self) -> NoReturn:
        """Say that single numbers have no place in a program of whole arrays."""
        self.refuse(
            "a Value in a function of Tensors", "compile it at one magnification: give numbers, or arrays of Values, as "
            "examples for a program of single numbers"
        )  # fmt: skip

    def refuse_arrays(self, op: Any) -> NoReturn:
        """Say that a Tensor is not split here."""
        self.refuse("splitting a Tensor into Values", "index it instead: x[0, 1] is a Tensor of one number")

    def applied(self, op: Elementwise, args: tuple[Any, ...], mode: Any) -> Any:
        """Refuse an operation on Values that are traced; others are plain numbers here."""
        self.refuse_values()


def _random_state() -> tuple[Any, ...]:
    """Give where the shared generators of NumPy and Python stand."""
    shared: Any = np.random.get_state(legacy=False)  # noqa: NPY002  the one that users of old calls share
    return shared["state"]["key"].tobytes(), shared["state"]["pos"], shared["has_gauss"], random.getstate()


@dataclass(slots=True)
class Recording:
    """A function that was recorded."""

    trace: ArrayTrace
    inputs: list[Sketch]
    outputs: list[Any]
    """Sketches; or constants, where a result does not depend on the inputs."""
    nodes: list[Any]
    leaves: list[Tensor] = field(default_factory=list)
    """The arguments as Tensors."""


def record(
    run: Callable[[Sequence[Any]], list[Any]], arrays: Sequence[Any], tracked: Sequence[bool], names: Sequence[str]
) -> Recording:
    """Record ``run(arguments)`` at these arrays; those that are tracked can be differentiated."""
    trace = ArrayTrace()
    leaves: list[Tensor] = []
    inputs = []
    for a, t, name in zip(arrays, tracked, names, strict=True):
        leaf = Tensor(a) if t else traced(a)
        leaves.append(leaf)
        inputs.append(trace.input(leaf, name))
    with modes.gc_paused(), modes.tracing(trace, fused=True), modes.enable_grad():
        results = run(leaves)
        trace.check_draws()
    outputs = []
    for y in results:
        if not isinstance(y, Node | int | float | np.ndarray | np.number):
            raise InputTypeError(
                f"the function gave {short(y)} ({type(y).__name__}); return Tensors, or containers of them"
            )
        outputs.append(trace.sketch_of(y))
    return Recording(trace, inputs, outputs, list(results), leaves)
