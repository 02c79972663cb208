"""What is written down twice, or for nothing, is taken out before a program is made.

    the same call twice              once
    a call that nobody reads         never
    a number spread over an array    the number; NumPy spreads it itself
    k·x + k·x                        2k·x
    a product of two matrices        ``np.dot``, which is quicker to call than ``np.matmul``
    a column times a row             an elementwise product
    a sum over rows                  a product with ones
    Σ a·b                            ``np.vdot``
    a number beside an array         an array

Results stay the same to rounding; which calls are exchanged for others depends on shapes and types alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.whole.calls import KEPT, Call, Ref, refs_in, replaced

if TYPE_CHECKING:
    from autograd.whole.calls import Tape

SMALL = 1 << 16
"""Sums of more elements keep NumPy's pairwise order, which loses fewer digits."""
FILLED = 1 << 18
"""Constants are spread over arrays of so many elements at most."""
_SPREAD = frozenset({np.broadcast_to, np.reshape})


def tidied(tape: Tape, outputs: list[int], *, plain: bool = False) -> tuple[list[int], dict[int, int]]:
    """Put the tape's calls in order; give the outputs' registers now, and the register that each other one became.

    ``plain`` leaves NumPy's own functions where quicker ones would do: for reading.
    """
    same = _merge(tape)
    outputs = [same.get(r, r) for r in outputs]
    found = _spread(tape)
    same = {r: found.get(to, to) for r, to in same.items()} | found
    outputs = [same.get(r, r) for r in outputs]
    _prune(tape, outputs)
    for rewrite in (_doubled,) if plain else (_doubled, _products, _constants):
        rewrite(tape)
        _prune(tape, outputs)
    tape.calls.sort(key=lambda call: call.kind == "after")  # stable: all others keep their order
    return outputs, same


def _key(x: Any) -> Any:
    if isinstance(x, Ref):
        return "r", x.register
    if isinstance(x, float | int | bool | np.number):
        return type(x).__name__, repr(x)
    if x is None or isinstance(x, str):
        return "s", x
    if isinstance(x, tuple | list):
        return (type(x).__name__, *map(_key, x))
    if isinstance(x, slice):
        return "slice", x.start, x.stop, x.step
    return "id", id(x)


def _merge(tape: Tape) -> dict[int, int]:
    """Keep the first of equal calls."""
    same: dict[int, int] = {}
    seen: dict[Any, int] = {}
    kept = []

    def now(ref: Ref) -> Ref:
        return Ref(same.get(ref.register, ref.register))

    for call in tape.calls:
        call.args = replaced(call.args, now)
        call.named = {k: replaced(v, now) for k, v in call.named.items()}
        if call.kind in KEPT - {"guard"}:
            kept.append(call)
            continue
        key = (call.function, _key(call.args), _key(tuple(sorted(call.named.items()))))
        if key in seen:
            if call.out >= 0:
                same[call.out] = seen[key]
            continue
        seen[key] = call.out
        kept.append(call)
    tape.calls[:] = kept
    _reroot(tape, same)
    return same


def _reroot(tape: Tape, same: dict[int, int]) -> None:
    for register, root in enumerate(tape.roots):
        tape.roots[register] = tape.roots[same[root]] if root in same else root


def _prune(tape: Tape, outputs: list[int]) -> None:
    """Drop calls whose result nobody reads."""
    needed = set(outputs)
    kept = []
    for call in reversed(tape.calls):
        if call.kind in KEPT or call.out in needed:
            kept.append(call)
            needed.update(call.refs())
    tape.calls[:] = reversed(kept)


def _uses(tape: Tape) -> dict[int, int]:
    uses: dict[int, int] = {}
    for call in tape.calls:
        for r in call.refs():
            uses[r] = uses.get(r, 0) + 1
    return uses


def _shape(tape: Tape, x: Any) -> tuple[int, ...]:
    return tape.shapes[x.register] if isinstance(x, Ref) else np.shape(x)


def _spread(tape: Tape) -> dict[int, int]:
    """Let NumPy spread numbers itself, and leave out copies and factors of 1; give what equals what."""
    made = {call.out: call for call in tape.calls}
    same: dict[int, int] = {}

    def now(ref: Ref) -> Ref:
        return Ref(same.get(ref.register, ref.register))

    for call in tape.calls:
        call.args = replaced(call.args, now)
        call.named = {k: replaced(v, now) for k, v in call.named.items()}
        if call.kind != "ufunc":
            continue
        for i in range(len(call.args)):
            shorter = _shorter(tape, made, call, i)
            if shorter is not None:
                call.args = (*call.args[:i], shorter, *call.args[i + 1 :])
        if call.function is np.multiply:
            for x, other in (call.args, call.args[::-1]):
                if isinstance(x, float | np.floating) and x == 1 and isinstance(other, Ref):
                    r = other.register
                    if (tape.shapes[r], tape.dtypes[r]) == (tape.shapes[call.out], tape.dtypes[call.out]):
                        same[call.out] = r
        elif call.function is np.positive and isinstance(call.args[0], Ref):
            same[call.out] = call.args[0].register
    _reroot(tape, same)
    return same


def _shorter(tape: Tape, made: dict[int, Call], call: Call, i: int) -> Any:
    """Give a smaller argument with the same effect, or None."""
    x = call.args[i]
    others = [_shape(tape, other) for k, other in enumerate(call.args) if k != i]
    if isinstance(x, Ref):
        source = made.get(x.register)
        if source is None or source.function not in _SPREAD or not isinstance(source.args[0], Ref):
            return None
        inner = source.args[0]
        if source.function is np.reshape and tape.shapes[inner.register] != ():
            return None
        shapes = [*others, tape.shapes[inner.register]]
        return inner if others and np.broadcast_shapes(*shapes) == tape.shapes[call.out] else None
    if isinstance(x, np.ndarray) and x.size and x.dtype.kind == "f" and others and tape.shapes[call.out]:
        if np.broadcast_shapes(*others) != tape.shapes[call.out] or not _uniform(x):
            return None
        partners = {tape.dtypes[r] for k, a in enumerate(call.args) if k != i for r in refs_in(a)}
        return float(x.flat[0]) if partners == {x.dtype} else None
    return None


def _uniform(x: Any) -> bool:
    if all(s == 0 or n == 1 for s, n in zip(x.strides, x.shape, strict=True)):
        return True
    return x.size <= SMALL and bool((x == x.flat[0]).all())


def _doubled(tape: Tape) -> None:
    """Write k·x + k·x as 2k·x; a power of two changes no digit."""
    made = {call.out: call for call in tape.calls}
    for call in tape.calls:
        if call.function is not np.add or call.kind != "ufunc" or not all(isinstance(x, Ref) for x in call.args):
            continue
        if call.args[0] == call.args[1]:
            source = made.get(call.args[0].register)
            if source is None or source.function is not np.multiply:
                continue
            k, x = source.args if isinstance(source.args[0], float) else source.args[::-1]
            if isinstance(k, float) and isinstance(x, Ref) and tape.dtypes[x.register] == tape.dtypes[call.out]:
                call.function, call.args = np.multiply, (2 * k, x)


def _products(tape: Tape) -> None:
    """Exchange products and sums for quicker ones."""
    made = {call.out: call for call in tape.calls}
    uses = _uses(tape)
    for call in tape.calls:
        if call.kind == "product" and call.function is np.matmul:
            a, b = call.args
            left, right = _shape(tape, a), _shape(tape, b)
            if len(left) == len(right) == 2:
                if left[1] == 1:
                    call.kind, call.function = "ufunc", np.multiply
                elif _floating(tape, call.out, a, b):
                    call.function = np.dot
        elif call.kind == "reduce" and call.function == np.add.reduce and not call.named:
            a, axis = call.args
            if not isinstance(a, Ref) or not _floating(tape, call.out, a):
                continue
            shape = tape.shapes[a.register]
            size = math.prod(shape)
            source = made.get(a.register)
            if len(shape) == 2 and axis in (0, (0,)) and 0 < size <= SMALL and tape.roots[a.register] == a.register:
                call.kind, call.function = "product", np.dot
                call.args = (_ones(shape[0], tape.dtypes[a.register]), a)
            elif (
                tape.shapes[call.out] == ()
                and 0 < size <= SMALL
                and source is not None
                and source.function is np.multiply
            ):
                both = source.args
                if uses[a.register] == 1 and all(isinstance(x, Ref) and tape.shapes[x.register] == shape for x in both):
                    call.kind, call.function, call.args = "product", np.vdot, both


def _constants(tape: Tape) -> None:
    """Give numbers beside arrays as arrays: NumPy then has nothing to convert.

    A maximum with an array of zeros takes a third of the time of one with a single 0.
    """
    filled: dict[Any, Any] = {}
    for call in tape.calls:
        if call.kind != "ufunc" or call.function is np.power or not tape.shapes[call.out]:
            continue
        partners = {tape.dtypes[r] for r in call.refs()}
        if len(partners) != 1 or next(iter(partners)).kind != "f":
            continue
        (dtype,) = partners
        shape = tape.shapes[call.out]
        whole = call.function in (np.maximum, np.minimum) and math.prod(shape) <= FILLED
        args = []
        for x in call.args:
            if type(x) in (int, float):
                key = x, dtype, shape if whole else (), math.copysign(1, x)
                if key not in filled:
                    filled[key] = np.full(key[2], x, dtype)
                    filled[key].flags.writeable = False
                args.append(filled[key])
            else:
                args.append(x)
        call.args = tuple(args)


def _floating(tape: Tape, out: int, *args: Any) -> bool:
    """Tell whether all have the floating type of the result, as BLAS wants it."""
    kinds = {tape.dtypes[x.register] if isinstance(x, Ref) else np.asarray(x).dtype for x in args}
    return kinds == {tape.dtypes[out]} and tape.dtypes[out].char in "fd"


def _ones(n: int, dtype: Any) -> Any:
    ones = np.ones(n, dtype)
    ones.flags.writeable = False
    return ones
