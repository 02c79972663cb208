"""The text of ``_native_tape.py``: an interpreter of listings for numba, with one case for each row of the table.

The interpreter is compiled to machine code once and kept on disk by numba; a program is only data for it, so no
program ever waits for a compiler. How a row is computed is taken from ``autograd/numeric.py`` as text.
"""

from __future__ import annotations

from autograd import numeric
from autograd.generate.names import HEAD
from autograd.operations import Elementwise, elementwise_rows
from autograd.program.listing import RELATIONS, Listing, detach
from autograd.program.numeric_text import definitions
from autograd.program.source import Writer

FIRST = ("add", "mul", "sub", "neg", "div", "relu", "step", "where", ">", "tanh", "exp")
"""The most frequent operations come first."""
IN_NUMPY = {
    "floor": "np.floor({0})",
    "ceil": "np.ceil({0})",
    "trunc": "np.trunc({0})",
    "cbrt": "np.cbrt({0})",
    "fmod": "np.fmod({0}, {1})",
}
"""Where Python's function gives an integer or is unknown to numba."""

HEADER = """# mypy: ignore-errors
from __future__ import annotations

import math

import numpy as np
from numba import njit

nan, inf = math.nan, math.inf
"""

RUN = '''

@njit(cache=True, error_model="numpy")
def run(tape, registers):
    """Run the instructions (code, result, operands) on one number per register."""
    for i in range(len(tape)):
        code, to, a, b, c = tape[i]
'''

LANES = '''

@njit(cache=True, error_model="numpy")
def run_lanes(tape, registers):
    """Run the instructions on a row of numbers, one per lane, for each register."""
    width = registers.shape[1]
    for i in range(len(tape)):
        code, to, a, b, c = tape[i]
'''


def native_rows() -> list[Elementwise]:
    """List the operations that the interpreter knows, in the order of their codes."""
    rows = [row for row in elementwise_rows() if row.derivatives and has_text(row)]
    known = {row.name: row for row in (*rows, *RELATIONS.values(), detach)}
    return [known[name] for name in FIRST] + [row for name, row in known.items() if name not in FIRST]


def has_text(row: Elementwise) -> bool:
    """Tell whether there is text for a row: it is not an operation of the user's own."""
    return isinstance(row.compute, numeric.Function) or row.name in {"add", "sub", "mul", "div", "neg", "mod"}


def native_source() -> str:
    """Give the text of ``_native_tape.py``."""
    writer = Writer(Listing(1), "run")
    rows = native_rows()
    templates = [_template(writer, row) for row in rows]
    called = [name for name in writer.functions if name not in ("nan", "inf")]
    text = definitions(sorted(f for f in called if f in vars(numeric) and f not in IN_NUMPY))
    text += "\n" + "\n".join(f"{f} = math.{f}" for f in called if f not in vars(numeric))
    out = [HEAD.format(doc="The interpreter of compiled programs for numba: machine code for every row of the table.")]
    out.append(HEADER)
    out.append(text.replace("\ndef ", '\n@njit(cache=True, error_model="numpy")\ndef ').replace("\n\n\n\n", "\n\n\n"))
    out.append("\nCODES = (\n" + "".join(f"    {row.name!r},\n" for row in rows) + ")\n")
    for head, places, indent in ((RUN, "registers[{}]", ""), (LANES, "registers[{}, k]", "    ")):
        out.append(head)
        for code, (row, template) in enumerate(zip(rows, templates, strict=True)):
            out.append(f"        {'elif' if code else 'if'} code == {code}:  # {row.name}\n")
            if indent:
                out.append("            for k in range(width):\n")
            names = "xyz"[: row.arity]
            for name, operand in zip(names, "abc", strict=False):
                out.append(f"            {indent}{name} = {places.format(operand)}\n")
            out.append(f"            {indent}{places.format('to')} = {template.format(*names)}\n")
    return "".join(out)


def _template(writer: Writer, row: Elementwise) -> str:
    if row.name in RELATIONS:
        inner = f"{{0}} != 0.0 {row.name} {{1}} != 0.0" if row.name in ("and", "or") else f"{{0}} {row.name} {{1}}"
        return f"1.0 if {inner} else 0.0"
    if row.name == "where":
        return "{1} if {0} != 0.0 else {2}"
    if row.name in IN_NUMPY:
        return IN_NUMPY[row.name]
    return writer.template(row)
