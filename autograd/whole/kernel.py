"""``Kernel``: a tidied tape, ready to run.

Arrays that live from replay to replay (buffers, captured Tensors, and views of both) stand in the namespace of the
generated function, so that a replay is NumPy calls and nothing else. When a captured Tensor has another array than
before, its views are taken anew.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import DeviatedError
from autograd.quiet import quiet_context
from autograd.whole.calls import WRITES, Ref, replaced
from autograd.whole.storage import buffers
from autograd.whole.tidy import tidied
from autograd.whole.writing import Names, readable, runnable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.whole.recording import ArrayTrace
    from autograd.whole.sketch import Sketch


class Kernel:
    """A recording as a function of arrays."""

    def __init__(
        self,
        trace: ArrayTrace,
        inputs: Sequence[Sketch],
        outputs: Sequence[Any],
        targets: Sequence[tuple[Any, Any]] = (),
    ) -> None:
        """Make the program.

        Args:
            trace: what was recorded.
            inputs: what each argument of a replay is.
            outputs: what a replay gives: Sketches or constants.
            targets: pairs (Sketch or constant, array): the array is filled in each replay.
        """
        tape = self.tape = trace.tape.copy()
        self._raw = trace.tape.copy()
        self.captured = list(trace.captured)
        self._lock = threading.Lock()
        self._run = quiet_context().run
        wanted = [x for x in (*outputs, *(x for x, _ in targets)) if _is_sketch(x)]
        registers, same = tidied(tape, [x.register for x in wanted])
        place = {x.register: r for x, r in zip(wanted, registers, strict=True)}
        self._asked = [Ref(x.register) if _is_sketch(x) else x for x in (*outputs, *(x for x, _ in targets))]
        self._given_names = dict(trace.names)
        self.outputs = [Ref(place[x.register]) if _is_sketch(x) else x for x in outputs]
        self._targets = [(Ref(place[x.register]) if _is_sketch(x) else x, array) for x, array in targets]
        self.names = {same.get(r, r): name for r, name in trace.names.items()}
        self.inputs = [x.register for x in inputs]
        self._held = [trace.sketch_of(p).register for p in self.captured]
        away = {x.register for x in self.outputs if isinstance(x, Ref)}
        homes = self._homes({tape.roots[r] for r in away})
        self._ends = [(x, array) for x, array in self._targets if id(array) not in {id(a) for _, _, a in homes}]
        read = {x.register for x, _ in self._targets if isinstance(x, Ref)}
        self._stored = buffers(tape, away, read, {root: array for root, array, _ in homes})
        self._build()

    def _homes(self, away: set[int]) -> list[tuple[int, Any, Any]]:
        """Give the registers that can be written where a target wants them: (register, array in its shape, target)."""
        tape = self.tape
        made = {call.out: call for call in tape.calls}
        found: list[tuple[int, Any, Any]] = []
        for x, array in self._targets:
            r = x.register if isinstance(x, Ref) else -1
            while r in made and made[r].kind == "view" and made[r].function is np.reshape:
                (r,) = made[r].refs()
            if r not in made or made[r].kind not in WRITES or r in away or tape.roots[r] != r or not array.ndim:
                continue
            if r not in {other for other, _, _ in found} and tape.dtypes[r] == array.dtype and tape.shapes[r]:
                found.append((r, array.reshape(tape.shapes[r]), array))
        return found

    def _build(self) -> None:
        tape = self.tape
        standing = set(self._stored) | set(self._held)
        self._views = [c for c in tape.calls if c.kind == "view" and tape.roots[c.out] in standing]
        static = standing | {call.out for call in self._views}
        names = self._written = Names(tape, self.names)
        returned = [*self.outputs, *(x for x, _ in self._ends)]
        self.code = runnable(tape, self.inputs, returned, self._stored, names, static=static, copied=self._borrowed())
        namespace = names.namespace
        namespace["deviated"] = DeviatedError
        for r, array in self._stored.items():
            namespace[names.register(r)] = array
        exec(compile(self.code, "<program of whole arrays>", "exec"), namespace)  # noqa: S102  our own text
        self._replay = namespace["replay"]
        self._bind()

    def _borrowed(self) -> set[int]:
        """Give the outputs that are in the memory of an input, of a captured Tensor or of another output."""
        seen: set[int] = set()
        found = set()
        for x in self.outputs:
            if isinstance(x, Ref) and self.tape.shapes[x.register]:
                root = self.tape.roots[x.register]
                if root != x.register or root in seen or root in self.inputs or root in self._held:
                    found.add(x.register)
                seen.add(root)
        return found

    def _bind(self) -> None:
        """Take the captured Tensors' present arrays, and all views anew."""
        namespace, names = self._written.namespace, self._written
        values = dict(self._stored)
        self._bound = [(p, p._data) for p in self.captured]
        for p, r in zip(self.captured, self._held, strict=True):
            values[r] = p._data
            namespace[names.register(r)] = p._data
        for call in self._views:
            args = replaced(call.args, lambda ref: values[ref.register])
            values[call.out] = view = call.function(*args, **call.named)
            if not np.may_share_memory(view, values[self.tape.roots[call.out]]):
                # An array in another order of memory: here this is a copy, to be made in each replay.
                call.kind = "other"
                self._build()
                return
            namespace[names.register(call.out)] = view

    def __call__(self, *arrays: Any) -> tuple[Any, ...]:
        """Replay; give the outputs."""
        with self._lock:
            for p, array in self._bound:
                if p._data is not array:
                    self._bind()
                    break
            found = self._run(self._replay, *arrays)
            if self._ends:
                n = len(self.outputs)
                for (_, array), x in zip(self._ends, found[n:], strict=True):
                    np.copyto(array, x)
                found = found[:n]
            return found  # type: ignore[no-any-return]

    def first(self, arrays: Sequence[Any], trace: ArrayTrace) -> tuple[Any, ...]:
        """Replay what was recorded just now: draws and checks are not made again, what is due afterwards is done once."""
        namespace = self._written.namespace
        answers = iter(trace.answers)
        kept = {}
        for call in self.tape.calls:
            if call.kind in ("outside", "after"):
                name = self._written.thing(call.function, "")
                kept[name] = call.function
                namespace[name] = _Answers(answers) if call.kind == "outside" else _nothing
        try:
            found = self(*arrays)
        finally:
            namespace.update(kept)
        for function, args in trace.pending:
            function(*args)
        trace.pending, trace.answers = [], []
        return found

    def source(self, title: str, doc: str, results: Sequence[str]) -> str:
        """Give the calls as readable NumPy; ``results`` names what it gives: outputs, then targets."""
        tape = self._raw.copy()
        wanted = [x.register for x in self._asked if isinstance(x, Ref)]
        place = dict(zip(wanted, *tidied(tape, wanted, plain=True)[:1], strict=True))
        given = [Ref(place[x.register]) if isinstance(x, Ref) else x for x in self._asked]
        return readable(
            title, doc, tape, [*self.inputs, *self._held], list(zip(results, given, strict=True)), self._given_names
        )


class _Answers:
    """Gives recorded answers, one after the other."""

    __slots__ = ("answers",)

    def __init__(self, answers: Any) -> None:
        self.answers = answers

    def __call__(self, *_: Any) -> Any:
        return next(self.answers)


def _nothing(*_: Any) -> None:
    """Do what is due later not now."""


def _is_sketch(x: Any) -> bool:
    return hasattr(x, "register")
