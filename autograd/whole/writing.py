"""A tidied tape as Python source: once to be read, once to be run.

``readable`` is what somebody would write by hand in NumPy: a function of the inputs and the captured arrays, without
buffers. ``runnable`` is the same calls as statements over names of a namespace, writing into the arrays of ``storage``.
"""

from __future__ import annotations

import keyword
import operator
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.whole.calls import Ref

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from autograd.whole.calls import Call, Tape

INFIX: dict[Any, str] = {
    np.add: "+", np.subtract: "-", np.multiply: "*", np.true_divide: "/", np.matmul: "@", np.dot: "@", np.greater: ">",
    np.less: "<", np.greater_equal: ">=", np.less_equal: "<=", np.equal: "==", np.not_equal: "!=", operator.pow: "**",
    np.bitwise_and: "&", np.bitwise_or: "|",
}  # fmt: skip


WRITTEN = 24
"""Constants of so many numbers are written out."""


class Names:
    """Names for registers, functions and constants; what is no number is put into a namespace."""

    def __init__(self, tape: Tape, given: Mapping[int, str], *, reading: bool = False) -> None:
        """Begin with the names that the user has given to registers; ``reading`` writes constants out where it can."""
        self.tape = tape
        self.reading = reading
        self.namespace: dict[str, Any] = {}
        self.constants: dict[str, str] = {}
        """Arrays that can be written out."""
        self.others: dict[str, None] = {}
        """Functions in a text to be read that are not NumPy's."""
        self._by_register: dict[int, str] = {}
        self._by_object: dict[int, str] = {}
        self._taken: set[str] = set(keyword.kwlist) | {"np", "float", "bool", "deviated", "replay"}
        self._count = 0
        for register, name in given.items():
            self._by_register[register] = self.unused(name)

    def unused(self, wish: str) -> str:
        """Give a name like the wish that is an identifier and not taken."""
        name = re.sub(r"\W", "_", wish, flags=re.ASCII).strip("_") or "a"
        name = f"layer_{name}" if name[0].isdigit() else name
        tried, n = name, 2
        while tried in self._taken:
            tried, n = f"{name}_{n}", n + 1
        self._taken.add(tried)
        return tried

    def register(self, r: int) -> str:
        """Give the name of a register."""
        if r not in self._by_register:
            self._count += 1
            self._by_register[r] = self.unused(f"t{self._count}")
        return self._by_register[r]

    def thing(self, x: Any, wish: str) -> str:
        """Give the name of an object in the namespace."""
        if id(x) not in self._by_object:
            name = self._by_object[id(x)] = self.unused(wish)
            self.namespace[name] = x
        return self._by_object[id(x)]

    def call(self, r: int, wish: str, *, taken: bool = True) -> None:
        """Call a register by this name, unless it has one; ``taken=False`` for what is no name but an expression."""
        if r not in self._by_register:
            self._by_register[r] = self.unused(wish) if taken else wish

    def value(self, x: Any) -> str:
        """Write an argument."""
        if isinstance(x, Ref):
            return self.register(x.register)
        if x is None or isinstance(x, bool | int | str):
            return repr(x)
        if type(x) is float:
            return repr(x) if np.isfinite(x) else f"float('{x!r}')"
        if isinstance(x, tuple):
            return f"({', '.join(map(self.value, x))}{',' * (len(x) == 1)})"
        if type(x) is list:
            return f"[{', '.join(map(self.value, x))}]"
        if isinstance(x, slice):
            return f"slice({', '.join(map(self.value, (x.start, x.stop, x.step)))})"
        if x is Ellipsis:
            return "..."
        if self.reading and isinstance(x, np.generic):
            return self.value(x.item())
        if self.reading and isinstance(x, np.ndarray):
            return self._array(x)
        return self.thing(
            x, "constant" if isinstance(x, np.ndarray | np.generic) else getattr(x, "__name__", type(x).__name__)
        )

    def _array(self, x: Any) -> str:
        if x.size == 1:
            return self.value(x.item()) if not x.ndim else f"np.full({x.shape}, {self.value(x.item())})"
        if x.size and (x == x.flat[0]).all():
            return f"np.full({x.shape}, {self.value(x.flat[0].item())})"
        if x.ndim == 1 and x.dtype.kind == "i" and np.array_equal(x, np.arange(len(x))):
            return f"np.arange({len(x)})"
        if x.size <= WRITTEN and x.dtype.kind in "fib" and np.isfinite(x).all():
            name = self.thing(x, "constant")
            self.constants[name] = f"np.array({x.tolist()!r}, {str(x.dtype)!r})"
            return name
        return self.thing(x, "constant")


# --- to be run ------------------------------------------------------------------------------------------------


def runnable(
    tape: Tape,
    inputs: Sequence[int],
    outputs: Sequence[Any],
    stored: Mapping[int, Any],
    names: Names,
    *,
    static: set[int],
    copied: set[int],
) -> str:
    """Give the source of ``replay(inputs…)``.

    ``static`` are registers that the namespace holds before it runs; ``copied`` are outputs in somebody else's memory.
    """
    lines = [f"def replay({', '.join(names.register(r) for r in inputs)}):"]
    for call in tape.calls:
        if call.out in static and call.kind == "view":
            continue
        lines.append("    " + _statement(tape, call, stored, names))
    given = [names.value(x) for x in outputs]
    if copied:
        copy = names.thing(np.array, "copy")
        given = [
            f"{copy}({name})" if isinstance(x, Ref) and x.register in copied else name
            for x, name in zip(outputs, given, strict=True)
        ]
    lines.append(f"    return ({''.join(f'{name}, ' for name in given)})")
    return "\n".join(lines) + "\n"


def _statement(tape: Tape, call: Call, stored: Mapping[int, Any], names: Names) -> str:
    f, out = call.function, call.out
    if call.kind == "guard":
        return f"if {'not ' if call.args[1] else ''}{names.value(call.args[0])}: raise deviated"
    if out in stored:
        args = [names.value(x) for x in call.args]
        buffer = names.register(out)
        called = names.thing(f, _name_of(f))
        if call.kind == "reduce":
            rest = "".join(f", {k}={names.value(v)}" for k, v in call.named.items())
            return f"{called}({args[0]}, {args[1]}, None, {buffer}{rest})"
        if f in (np.maximum, np.minimum):
            return f"{called}({', '.join(args)}, out={buffer})"
        return f"{called}({', '.join((*args, buffer))})"
    text = _expression(tape, call, names)
    return text if out < 0 else f"{names.register(out)} = {text}"


def _name_of(f: Any) -> str:
    owner = getattr(f, "__self__", None)
    name = getattr(f, "__name__", type(f).__name__).replace("<lambda>", "formula")
    return f"{owner.__name__}_{name}" if isinstance(owner, np.ufunc) else str(name)


def _expression(tape: Tape, call: Call, names: Names) -> str:
    f = call.function
    args = [names.value(x) for x in call.args]
    if call.kind != "reduce" and f in INFIX and len(args) == 2 and not call.named:
        return f"{args[0]} {INFIX[f]} {args[1]}"
    if f is np.negative and _is_zero_d(tape, call.args[0]):
        return f"-{args[0]}"
    named = [f"{k}={names.value(v)}" for k, v in call.named.items()]
    return f"{names.thing(f, _name_of(f))}({', '.join((*args, *named))})"


def _is_zero_d(tape: Tape, x: Any) -> bool:
    return (tape.shapes[x.register] if isinstance(x, Ref) else np.shape(x)) == ()


# --- to be read -----------------------------------------------------------------------------------------------


def readable(
    title: str,
    doc: str,
    tape: Tape,
    arguments: Sequence[int],
    outputs: Sequence[tuple[str, Any]],
    given: Mapping[int, str],
) -> str:
    """Give the calls as a NumPy function over inputs and captured arrays.

    ``outputs`` are what it gives: a name, and a Ref or a constant.
    """
    names = Names(tape, given, reading=True)
    for name, x in outputs:
        if isinstance(x, Ref) and len(outputs) > 1:
            names.call(x.register, name)
    lines: list[str] = []
    backward = False
    for call in tape.calls:
        if not backward and 0 <= tape.forward <= call.out:
            lines = ["    # forward", *lines, "    # backward"]
            backward = True
        if call.kind == "guard":
            truth = "" if call.args[1] else "not "
            lines.append(f"    assert {truth}{names.value(call.args[0])}  # else another way is taken")
            continue
        text = _readable(call, names)
        if call.kind == "view" and text.endswith(".T"):
            names.call(call.out, text, taken=False)  # written where it is used
            continue
        lines.append(
            f"    {text}" if call.out < 0 else f"    {names.register(call.out)} = {text}{_comment(tape, call)}"
        )
    answers = [names.value(x) for _, x in outputs]
    lines.append(f"    return {', '.join(answers)}")
    notes = [f"    # {n}: a function of this library" for n in names.others]
    for name, x in names.namespace.items():
        if name in names.constants:
            notes.append(f"    {name} = {names.constants[name]}")
        elif isinstance(x, np.ndarray):
            notes.append(f"    # {name}: a constant of shape {x.shape}")
    head = f"def {title}({', '.join(names.register(r) for r in arguments)}):"
    return "\n".join(["import numpy as np", "", "", head, f'    """{doc}"""', *notes, *lines]) + "\n"


def _comment(tape: Tape, call: Call) -> str:
    if call.kind == "view" or not tape.shapes[call.out]:
        return ""
    return f"  # {tape.shapes[call.out]}"


def _readable(call: Call, names: Names) -> str:
    f = call.function
    args = [names.value(x) for x in call.args]
    if f in INFIX and len(args) == 2 and call.kind in ("ufunc", "product", "other") and not call.named:
        return f"{args[0]} {INFIX[f]} {args[1]}"
    if f is np.negative:
        return f"-{args[0]}"
    if f is operator.getitem:
        return f"{args[0]}[{_index(call.args[1], names)}]"
    if f is np.transpose and (len(args) == 1 or call.args[1] in (None, (1, 0))):
        return f"{args[0]}.T"
    named = [f"{k}={names.value(v)}" for k, v in call.named.items()]
    if call.kind == "reduce":
        whole = {np.add: "sum", np.multiply: "prod", np.maximum: "max", np.minimum: "min"}.get(f.__self__)
        axis = [] if call.args[1] is None else [f"axis={args[1]}"]
        name = f"np.{whole}" if whole else f"np.{f.__self__.__name__}.reduce"
        return f"{name}({', '.join((args[0], *axis, *named))})"
    name = getattr(f, "__name__", type(f).__name__)
    if getattr(np, name, None) is f:
        name = f"np.{name}"
    else:  # a check, a draw, or a formula that is called as a whole
        name = name.strip("_")
        names.others.setdefault(name, None)
    return f"{name}({', '.join((*args, *named))})"


def _index(x: Any, names: Names) -> str:
    if isinstance(x, slice):
        parts = ["" if p is None else str(p) for p in (x.start, x.stop, x.step)]
        return ":".join(parts[:2] if x.step is None else parts)
    if isinstance(x, tuple):
        return ", ".join(_index(part, names) for part in x) + "," * (len(x) == 1)
    return "None" if x is None else names.value(x)
