"""A program as a file that runs without this library: it imports ``math`` and NumPy, and nothing else.

The file has the two functions ``value`` and ``value_and_grad`` for numbers and for arrays of examples, the numeric
functions that they call, and the guards. Where Python's floats raise, the array code answers, as IEEE 754 has it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograd import numeric
from autograd.errors import InputTypeError, InputValueError
from autograd.operations import OPERATORS
from autograd.program.names import identifier
from autograd.program.numeric_text import definitions
from autograd.program.printing import latest
from autograd.program.source import Writer, numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograd.operations import Elementwise
    from autograd.program.listing import Listing
    from autograd.program.program import Program


class ArrayWriter(Writer):
    """Writes a listing as Python functions on NumPy arrays."""

    def expression(self, op: Elementwise, args: Sequence[str], operands: Sequence[int]) -> str:
        """Give source for one operation on arrays."""
        if op not in self._templates:
            self._templates[op] = self.template(op)
        return self._templates[op].format(*args)

    def template(self, op: Elementwise) -> str:
        """Give source for an operation on arrays over ``{0}``, ``{1}`` …."""
        f = op.compute
        if f in OPERATORS:
            return f"{OPERATORS[f]}{{0}}" if op.arity == 1 else f"{{0}} {OPERATORS[f]} {{1}}"
        if not isinstance(f, numeric.Function):
            return numbered(op.form.python).replace(" and ", " & ").replace(" or ", " | ")
        return self.call(f"{f.name}_array", f.array, op.arity)


def save(program: Program, path: str | Path) -> Path:
    """Write the file; give its path."""
    target = Path(path)
    try:
        target.write_text(file_text(program), encoding="utf-8")
    except OSError as error:
        raise InputValueError(f"cannot write the program to {target}: {error.strerror or error}") from None
    return target


def file_text(program: Program) -> str:
    """Give the text of a file that computes what a program computes."""
    branch = latest(program)
    if not branch.scalar:
        raise InputTypeError(f"save writes programs that give one number; {program.name} gives {len(branch.outputs)}")
    captured = branch.full(())
    parts: list[str] = []
    names: dict[str, None] = {}
    for order, title in ((0, "value"), (1, "value_and_grad")):
        listing = fixed(branch.differentiated(order, program._wanted), captured)
        for op in listing.operations:
            check_written(op)
        for kind, suffix in ((Writer, "floats"), (ArrayWriter, "arrays")):
            writer = kind(listing, f"_{title}_{suffix}")
            parts.extend(_private(piece, writer.name) for piece in writer.pieces())
            names |= dict.fromkeys(n for n in writer.functions if n not in ("nan", "inf"))
    guards = (
        "".join(f"    ({g.expected!r}, {f'{g.what} in {g.place}'!r}),\n" for g in branch.guards)
        .replace("(nan,", "(math.nan,")
        .replace("(inf,", "(math.inf,")
        .replace("(-inf,", "(-math.inf,")
    )
    needed = [n for n in names if n.removesuffix("_array") in vars(numeric)]
    math_only = [f"{n} = math.{n}" for n in names if n not in needed]
    arguments = [identifier(n) for n in program.signature.names]
    functions = "\n".join([*math_only, definitions(sorted(needed))])
    return TEMPLATE.format(
        operator="import operator\n" * ("operator." in functions),
        title=f"{program.name}{program.signature.text}".replace("\\", "/").replace('"', "'"),
        functions=functions,
        code="\n\n".join(parts),
        guards=f"[\n{guards}]" if guards else "[]",
        arguments=", ".join(dict.fromkeys(arguments)) if len(set(arguments)) == len(arguments) else "*arguments",
        shapes=repr([tuple(s) for s in program.signature.shapes]),
        given=f"[{', '.join(arguments)}]" if len(set(arguments)) == len(arguments) else "list(arguments)",
        wanted=repr(list(program._argnums)),
        single=program._single,
    )


def fixed(listing: Listing, captured: Sequence[float]) -> Listing:
    """Put the numbers of captured Values into a listing, so that its inputs are the arguments alone."""
    if not captured:
        return listing
    from autograd.program.listing import Listing as Fresh

    n = listing.inputs - len(captured)
    new = Fresh(n)
    place = [*range(n), *(new.constant(x) for x in captured)]

    def at(r: int) -> int:
        return place[r] if r >= 0 else new.constant(listing.constants[~r])

    for i in range(len(listing)):
        op, operands = listing.at(i)
        place.append(new.append(op, [at(r) for r in operands]))
    new.names = {place[r]: name for r, name in listing.names.items() if place[r] >= 0}
    new.outputs = [at(r) for r in listing.outputs]
    return new


def check_written(op: Elementwise) -> None:
    """Refuse an operation of which there is no text."""
    if op.compute not in OPERATORS and not isinstance(op.compute, numeric.Function) and op.passive != op.arity:
        raise InputTypeError(
            f"{op.name} is an operation of your own: a program with it runs here, and cannot be written to a file, since "
            "only its Python function knows how to compute it. Write it with autograd's functions instead"
        )


def _private(piece: str, prefix: str) -> str:
    """Give the parts of a long program names that no other program in the file has."""
    return piece.replace("def part_", f"def {prefix}_part_").replace("    part_", f"    {prefix}_part_")


TEMPLATE = '''"""{title}: value and gradient, written by chainrule.

``value(…)`` and ``value_and_grad(…)`` take numbers, or arrays with one entry per example. This file needs NumPy only.
"""

import math
{operator}
import numpy as np

nan, inf = math.nan, math.inf

{functions}


{code}

GUARDS = {guards}
"""What must come out the same for this recording to hold: the answer, and where it was asked."""
SHAPES = {shapes}
WANTED = {wanted}


def value({arguments}):
    """Compute the function."""
    return _run({given}, _value_floats, _value_arrays)[0]


def value_and_grad({arguments}):
    """Compute the function and its gradient."""
    first, rest, lanes = _run({given}, _value_and_grad_floats, _value_and_grad_arrays)
    gradients = []
    for i in WANTED:
        count = math.prod(SHAPES[i])
        block, rest = rest[:count], rest[count:]
        if SHAPES[i]:
            block = np.array(block).reshape(SHAPES[i] if lanes is None else (*SHAPES[i], lanes))
            gradients.append(block if lanes is None else np.moveaxis(block, -1, 0))
        else:
            gradients.append(block[0])
    return first, gradients[0] if {single} else tuple(gradients)


def _run(given, floats, arrays):
    inputs, lanes = [], None
    for x, shape in zip(given, SHAPES, strict=True):
        x = np.asarray(x, dtype=float)
        if x.shape == shape:
            inputs.extend(x.reshape(-1).tolist())
            continue
        if x.ndim != len(shape) + 1 or x.shape[1:] != shape or lanes not in (None, len(x)):
            raise ValueError(f"got an argument of shape {{x.shape}}; expected {{shape}}, or the same number of examples of it")
        lanes = len(x)
        inputs.extend(x.reshape(lanes, -1).T)
    if lanes is None:
        try:
            out = floats(*inputs)
        except (ArithmeticError, ValueError):  # IEEE 754 has an answer where Python's floats raise
            with np.errstate(all="ignore"):
                out = tuple(float(np.ravel(y)[0]) for y in arrays(*(np.array([x]) for x in inputs)))
    else:
        with np.errstate(all="ignore"):
            out = tuple(np.broadcast_to(y, lanes) for y in arrays(*(np.broadcast_to(x, lanes) for x in inputs)))
    count = len(out) - len(GUARDS)
    for y, (expected, place) in zip(out[count:], GUARDS, strict=True):
        if not np.all((y == expected) | ((y != y) & (expected != expected))):
            raise ValueError(f"this program holds only where {{place}} gives {{expected}}")
    return out[0], out[1:count], lanes
'''
