"""``compile(f)``: trace a function once, then replay it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import modes
from autograd.arguments import short
from autograd.errors import InputTypeError, InputValueError, TrackingError
from autograd.node import Node
from autograd.program.branch import Branch
from autograd.program.program import Program
from autograd.program.recording import chosen, listing_of
from autograd.program.signature import Signature, parameters_of
from autograd.program.tracing import Trace
from autograd.tensor import Tensor
from autograd.trees import flatten
from autograd.whole.graphs import array_program_of
from autograd.whole.program import ArrayProgram

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autograd.graph import Graph


class Recorder:
    """Runs a function on fresh Values and writes down what it does."""

    def __init__(self, f: Callable[..., Any], signature: Signature) -> None:
        """Remember the function and the form of its arguments."""
        self.f = f
        self.signature = signature

    def __call__(self, inputs: Sequence[float]) -> Branch:
        """Record the way that the function takes at these numbers."""
        began = time.perf_counter()
        flat, args = self.signature.values(inputs)
        trace = Trace(flat)
        with modes.gc_paused(), modes.tracing(trace), modes.enable_grad():
            try:
                result = self.f(*args)
            except TrackingError as error:
                if error.args and "line " not in str(error):
                    error.add_note(f"while {called(self.f)} was being compiled{_line_of(error)}")
                raise
            except AttributeError as error:
                if isinstance(error.obj, np.ndarray):
                    error.add_note(
                        f"while {called(self.f)} was being compiled, where an array argument is an array of Values: write "
                        f"autograd.{error.name}(x) instead of x.{error.name}()"
                    )
                elif isinstance(error.obj, Node) and hasattr(np.ndarray, error.name or ""):
                    error.add_note(
                        f"while {called(self.f)} was being compiled for single numbers: an array given later holds one example "
                        f"per entry. For arguments that are arrays themselves, give examples: compile({called(self.f)}, np.ones(3))"
                    )
                raise
        leaves, rebuild = flatten(_opened(result))
        listing, outputs = trace.finished(leaves)
        branch = Branch(listing, outputs, rebuild([None] * len(leaves)), trace.guards, trace.captured)
        branch.example = list(inputs)
        branch.seconds = time.perf_counter() - began
        return branch


def _opened(result: Any) -> Any:
    """Make a plain array among the results a container of its numbers."""
    leaves, rebuild = flatten(result)
    return rebuild(
        [np.array(x, dtype=object) if isinstance(x, np.ndarray | list) and np.ndim(x) else x for x in leaves]
    )


def called(f: Any) -> str:
    """Name a function for a message."""
    return str(getattr(f, "__name__", type(f).__name__))


def _line_of(error: BaseException) -> str:
    """Give the innermost line outside this package in the traceback of an error."""
    found = ""
    tb = error.__traceback__
    while tb is not None:
        name = tb.tb_frame.f_code.co_filename
        if modes.of_the_user(name):
            found = f" (line {tb.tb_lineno} of {name})"
        tb = tb.tb_next
    return found


def compile(  # noqa: A001  torch.compile and jax.jit have made the word common for this
    f: Callable[..., Any], *examples: Any, argnums: int | Sequence[int] | None = None, native: bool = False
) -> Program | ArrayProgram:
    """Trace a function once, and give a ``Program`` that replays it, with its derivatives, as straight-line code.

    Args:
        f: a function of numbers, arrays or containers of them. It gets Values (arrays of Values), and gives one number,
            or a container of numbers.
        *examples: one for each argument. A number says that the argument is a number; ``np.zeros(3)``, that it is a
            vector of three. A Tensor says that whole arrays are meant: f then gets Tensors, and an ``ArrayProgram`` is
            given, whose gradient is that of the arguments with Tensors as examples. Without examples every argument is
            a number, and an array in a call is lanes.
        argnums: what is differentiated: one position, several, or (left out) every argument.
        native: run as machine code, with numba (``pip install 'chainrule[jit]'``); plain Python with one notice
            where numba is missing.

    Comparisons, ``if`` and ``while`` on Values are guarded: at a call that takes another way, f is traced again, and the
    program keeps both. ``relu``, ``where``, ``maximum`` and ``abs`` need no guard. Values that f finds outside its
    arguments are read anew at each call; plain numbers outside are fixed.

    >>> f = compile(lambda x: x * x if x > 0 else -x)
    >>> f.value_and_grad(3.0), f.value_and_grad(-2.0)
    ((9.0, 6.0), (2.0, -1.0))
    >>> f.grad([1.0, -1.0, 2.0])
    array([ 2., -1.,  4.])

    Raises:
        TrackingError: f cuts the graph (``math.exp(v)``, ``v.backward()``), with the line.
        InputTypeError: f takes another number of arguments, uses whole-array operations, or gives no numbers.
    """
    if not callable(f):
        raise InputTypeError(f"compile takes a function; got {short(f)}. For a recorded value: Graph(y).program()")
    if isinstance(f, Program | ArrayProgram):
        raise InputTypeError("this is a Program already; .derivative() gives the program of its gradient")
    names = parameters_of(f, len(examples) or None)
    if any(isinstance(leaf, Tensor) for leaf in flatten(examples)[0]):
        if native:
            raise InputValueError("compile: native=True is for programs of single numbers; whole arrays run in NumPy")
        return ArrayProgram(f, names, examples, argnums)
    signature = Signature(names, examples or [0.0] * len(names))
    _check_argnums(argnums, names)
    recorder = Recorder(f, signature)
    if not examples:
        return Program(signature, [], name=called(f), argnums=argnums, record=recorder, native=native)
    inputs, lanes = signature.bound([x._data if hasattr(x, "_data") else x for x in examples])
    assert lanes is None
    return Program(signature, [recorder(inputs)], name=called(f), argnums=argnums, record=recorder, native=native)


def _check_argnums(argnums: Any, names: Sequence[str]) -> None:
    wanted = [argnums] if isinstance(argnums, int) else [] if argnums is None else list(argnums)
    if not all(isinstance(i, int) and -len(names) <= i < len(names) for i in wanted) or len(
        {i % len(names) for i in wanted}
    ) < len(wanted):
        raise InputValueError(f"compile: argnums={argnums!r} does not fit the arguments ({', '.join(names)})")


def program_of(graph: Graph, inputs: Any = None, wrt: Any = None) -> Program | ArrayProgram:
    """Give the program that replays a recorded graph; see ``Graph.program``."""
    nodes = graph.leaves if inputs is None else chosen(graph, inputs, "inputs")
    wanted = nodes if wrt is None else chosen(graph, wrt, "wrt")
    for w in wanted:
        if w not in nodes:
            raise InputValueError(f"wrt= names {w.id}, which is not among the inputs {', '.join(n.id for n in nodes)}")
    positions = [nodes.index(w) for w in wanted]
    argnums = None if wrt is None else positions if isinstance(wrt, list | tuple) else positions[0]
    if any(isinstance(n.data, np.ndarray) for n in graph):
        return array_program_of(graph, nodes, argnums)
    listing = listing_of(graph, nodes)
    signature = Signature([n.id for n in nodes], [0.0] * len(nodes))
    template: Any = None if len(graph.roots) == 1 else (None,) * len(graph.roots)
    branch = Branch(listing, listing.outputs, template, [])
    branch.example = [n.data for n in nodes]
    return Program(signature, [branch], name=graph.root.id, argnums=argnums, recorded=True)
