"""``Program``: a function that was recorded once and is replayed as straight-line code.

A program made from a function keeps one ``Branch`` for each way through the function that it has met. At a call the
guards of a branch are computed along with the results; where one of them fails, another branch is tried, and then the
function is recorded again. A program without its function (from a graph, or from a file) refuses instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import GradientError, InputTypeError, InputValueError, TrackingError
from autograd.program.branch import same_lanes
from autograd.program.floats import Floats
from autograd.program.guards import BRANCHES, refusal, too_many
from autograd.program.lanes import Lanes
from autograd.program.printing import Stats, described, source_of, stats_of
from autograd.trees import flatten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from autograd.program.branch import Branch
    from autograd.program.listing import Listing
    from autograd.program.signature import Signature


class Program:
    """A compiled function: value, gradient and Hessian, on floats or on arrays of examples.

    Made by ``autograd.compile(f)`` or ``Graph(y).program()``. Arguments are numbers (or arrays of the declared
    shape); an array with one more axis in front is *lanes*: one example per entry, and results per example. A single
    number beside lanes stands for all of them.

    >>> from autograd import compile
    >>> f = compile(lambda x, w: (w * x).tanh() ** 2)
    >>> f.value_and_grad(0.0, 3.0)
    (0.0, (0.0, 0.0))
    >>> f.grad([0.0, 0.5, 1.0], 3.0)[1].round(4)
    array([0.    , 0.1636, 0.0196])
    """

    def __init__(
        self,
        signature: Signature,
        branches: Sequence[Branch],
        *,
        name: str = "f",
        argnums: int | Sequence[int] | None = None,
        record: Callable[[Sequence[float]], Branch] | None = None,
        native: bool = False,
        recorded: bool = False,
    ) -> None:
        """Use ``autograd.compile`` or ``Graph.program`` instead; they know what belongs here."""
        self.name = name
        self.signature = signature
        self.branches = list(branches)
        self.native = native
        self.recorded = recorded
        """Whether this replays a graph, in which Python's comparisons left no trace."""
        self._record = record
        count = len(signature.names)
        numbers = range(count) if argnums is None else [argnums] if isinstance(argnums, int) else argnums
        self._argnums = tuple(i % count if count else i for i in numbers)
        self._single = isinstance(argnums, int) or (argnums is None and count == 1)
        self._wanted = tuple(r for i in self._argnums for r in signature.span(i))

    # --- what it computes -----------------------------------------------------------------------------------

    def value(self, *args: Any, **named: Any) -> Any:
        """Compute the function: one result, or one per lane."""
        inputs, lanes = self.signature.bound(args, named)
        if lanes is None:
            branch, out = self._run(0, inputs)
            return branch.rebuilt(out)
        branch, found = self._run_lanes(0, inputs, lanes)
        return branch.rebuilt(found)

    __call__ = value

    def value_and_grad(self, *args: Any, **named: Any) -> tuple[Any, Any]:
        """Compute the function and its gradient: of the one argument, or a tuple with one for each argument.

        Raises:
            GradientError: the function gives several numbers.
        """
        inputs, lanes = self.signature.bound(args, named)
        if lanes is None:
            branch, out = self._run(1, inputs)
        else:
            branch, out = self._run_lanes(1, inputs, lanes)
        self._scalars([branch])
        gradients = self.signature.gradients(out[1:], self._argnums, single=self._single, lanes=lanes)
        return out[0], gradients

    def grad(self, *args: Any, **named: Any) -> Any:
        """Compute the gradient alone."""
        return self.value_and_grad(*args, **named)[1]

    def hessian(self, *args: Any, **named: Any) -> Any:
        """Compute the second derivatives: a number or matrix for one argument, nested tuples for several.

        >>> from autograd import compile
        >>> compile(lambda x, y: x**2 * y).hessian(3.0, 2.0)
        ((4.0, 6.0), (6.0, 0.0))
        """
        shapes = []
        for i in self._argnums:
            if not isinstance(self.signature.templates[i], float | np.ndarray):
                raise InputTypeError(
                    f"hessian takes numbers and arrays as arguments; {self.signature.names[i]} is a container. Give its "
                    "numbers as one array"
                )
            shapes.append(np.shape(self.signature.templates[i]))
        derivative = self.derivative()
        inputs, lanes = self.signature.bound(args, named)
        run = derivative._run(1, inputs) if lanes is None else derivative._run_lanes(1, inputs, lanes)
        n = len(self._wanted)
        flat = np.array(run[1][n:]).reshape((n, n) if lanes is None else (n, n, lanes))
        if lanes is not None:
            flat = np.moveaxis(flat, -1, 0)
        ends = np.cumsum([0, *(int(np.prod(s, dtype=int)) for s in shapes)])

        def block(i: int, j: int) -> Any:
            part = flat[..., ends[i] : ends[i + 1], ends[j] : ends[j + 1]]
            part = part.reshape((*(() if lanes is None else (lanes,)), *shapes[i], *shapes[j]))
            return part if part.ndim else float(part)

        if self._single:
            return block(0, 0)
        return tuple(tuple(block(i, j) for j in range(len(shapes))) for i in range(len(shapes)))

    def derivative(self) -> Program:
        """Give the program of the gradient; its own gradient is the second derivative, and so on.

        >>> from autograd import compile
        >>> cube = compile(lambda x: x**3)
        >>> cube.derivative().derivative().value(2.0)
        12.0
        """
        if not hasattr(self, "_derivative"):
            leaves = [0.0] * len(self._wanted)
            template = self.signature.gradients(leaves, self._argnums, single=self._single, lanes=None)
            template = _as_objects(template)
            made = {id(b): b.derivative(self._wanted, template) for b in self._scalars(self.branches)}

            def record(inputs: Sequence[float]) -> Branch:
                branch = self._run(0, inputs)[0]
                if id(branch) not in made:
                    made[id(branch)] = next(iter(self._scalars([branch]))).derivative(self._wanted, template)
                return made[id(branch)]

            self._derivative = Program(
                self.signature,
                [made[id(b)] for b in self.branches],
                name=f"grad_{self.name}",
                argnums=self._argnums[0] if self._single else self._argnums,
                record=record if self._record is not None else None,
                native=self.native,
                recorded=self.recorded,
            )
        return self._derivative

    def _scalars(self, branches: Sequence[Branch]) -> Sequence[Branch]:
        for b in branches:
            if not b.scalar:
                raise GradientError(
                    f"{self.name} gives {len(b.outputs)} numbers, and a gradient is of one. Compile a function that "
                    "returns the number to differentiate"
                )
        return branches

    def prepare(self, order: int = 1) -> Program:
        """Compile now what ``value`` (order 0) or ``value_and_grad`` (1) will need; otherwise the second call does it.

        >>> from autograd import compile
        >>> compile(lambda x: x * x, 1.0).prepare().grad(3.0)
        6.0
        """
        for branch in self.branches:
            kernel = self._kernel(branch, order, self._back_end())
            _ = getattr(kernel, "function", None)
        return self

    # --- to read, to keep -----------------------------------------------------------------------------------

    @property
    def source(self) -> str:
        """The Python that computes value and gradient: one operation a line, forward and then backward."""
        return source_of(self)

    @property
    def stats(self) -> Stats:
        """How large the program is, what compiling it took, and after how many calls that is paid back."""
        return stats_of(self)

    def save(self, path: str | Path) -> Path:
        """Write a Python file that computes the same without this library; it imports ``math`` and NumPy.

        Raises:
            InputTypeError: an operation of the user's own, of which there is no text.
        """
        from autograd.program.export import save

        return save(self, path)

    def __repr__(self) -> str:
        """Say what it computes and how large it is."""
        return described(self)

    def __getstate__(self) -> dict[str, Any]:
        """Give plain data: the recordings, without the function and without code."""
        argnums: Any = self._argnums[0] if self._single else self._argnums
        state = {k: getattr(self, k) for k in ("name", "signature", "branches", "native", "recorded")}
        return {**state, "argnums": argnums}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Read plain data; code is made from it when it is needed."""
        self.__init__(**state)  # type: ignore[misc]

    # --- which recording -----------------------------------------------------------------------------------

    def _run(self, order: int, inputs: Sequence[float]) -> tuple[Branch, list[Any]]:
        """Run one example on the branch whose guards hold."""
        back_end = self._back_end()
        tried: tuple[Branch, list[Any]] | None = None
        branches = self.branches  # never changed, but put in place anew: other threads may be reading it
        for k, branch in enumerate(branches):
            out = self._kernel(branch, order, back_end)(branch.full(inputs) if branch.captured else inputs)
            if not branch.guards:
                return branch, out
            count = len(out) - len(branch.guards)
            if branch.holds(out[count:]):
                if k:
                    self.branches = [branch, *branches[:k], *branches[k + 1 :]]
                return branch, out[:count]
            tried = tried or (branch, out[count:])
        branch = self._recorded(inputs, tried)
        out = self._kernel(branch, order, Floats)(branch.full(inputs))
        count = len(out) - len(branch.guards)
        if not branch.holds(out[count:]):
            raise TrackingError(
                f"{self.name} does not take the same way twice at the same arguments, so it cannot be compiled. Give random "
                "numbers and other outside state as arguments"
            )
        return branch, out[:count]

    def _recorded(self, inputs: Sequence[float], tried: tuple[Branch, list[Any]] | None) -> Branch:
        """Record the function at these inputs."""
        if tried is not None:
            if self._record is None:
                raise refusal(tried[0], inputs, tried[1])
            if len(self.branches) >= BRANCHES:
                raise too_many(tried[0], inputs, tried[1])
        assert self._record is not None
        branch = self._record(inputs)
        if self.branches and repr(branch.template) != repr(self.branches[0].template):
            raise InputTypeError(
                f"{self.name} gives results of another form here than before: {branch.template!r} instead of "
                f"{self.branches[0].template!r} (None stands for a number); a program always gives the same form"
            )
        self.branches = [branch, *self.branches]
        return branch

    def _kernel(self, branch: Branch, order: int, back_end: Callable[[Listing], Any]) -> Any:
        return branch.kernel(order, self._wanted, back_end)

    def _back_end(self, *, lanes: bool = False) -> Callable[[Listing], Any]:
        if self.native:
            from autograd.program.native import native_lanes_or_plain, native_or_plain

            return native_lanes_or_plain if lanes else native_or_plain
        return Lanes if lanes else Floats

    def _run_lanes(self, order: int, inputs: Sequence[Any], lanes: int) -> tuple[Branch, list[Any]]:
        """Run many examples; those for which a branch does not hold go on to the next branch."""
        if not lanes and not self.branches:
            raise InputValueError(f"{self.name} was called with arrays of no examples before it was ever recorded")
        left = np.arange(lanes)
        results: list[Any] = []
        todo = list(self.branches)
        while True:
            for branch in todo:
                left = self._lanes_of(branch, order, inputs, left, lanes, results)
                if not len(left):
                    return branch, results
            first = [float(x[left[0]]) if isinstance(x, np.ndarray) else x for x in inputs]
            branch, out = self._run(order, first)  # records, or refuses
            for result, y in zip(_room(results, len(out), lanes), out, strict=True):
                result[left[0]] = y
            left = left[1:]
            if not len(left):
                return branch, results
            todo = [branch]

    def _lanes_of(
        self, branch: Branch, order: int, inputs: Sequence[Any], left: Any, lanes: int, results: list[Any]
    ) -> Any:
        """Run some lanes on one branch; give those for which its guards fail."""
        whole = len(left) == lanes
        some = inputs if whole else [x[left] if isinstance(x, np.ndarray) else x for x in inputs]
        out = self._kernel(branch, order, self._back_end(lanes=True))(branch.full(some), len(left))
        count = len(out) - len(branch.guards)
        if whole and not branch.guards:
            results[:] = out
            return left[:0]
        good = np.ones(len(left), bool)
        for guard, answer in zip(branch.guards, out[count:], strict=True):
            good &= same_lanes(guard.expected, answer)
        for result, y in zip(_room(results, count, lanes), out, strict=False):
            result[left[good]] = y[good]
        return left[~good]


def _room(results: list[Any], count: int, lanes: int) -> list[Any]:
    if not results:
        results.extend(np.empty(lanes) for _ in range(count))
    return results


def _as_objects(template: Any) -> Any:
    """Turn arrays of numbers into arrays of objects: containers with a place for each result."""
    leaves, rebuild = flatten(template)
    return rebuild([x.astype(object) if isinstance(x, np.ndarray) else x for x in leaves])
