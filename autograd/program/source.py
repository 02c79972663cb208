"""From a listing to Python: one operation a line, forward then backward, to be read and to be run.

A short listing becomes one function. A long one becomes parts of some hundred statements each, since Python's
compiler needs memory beyond all measure for a function of a hundred thousand lines; what one part computes and another
needs goes through ``memory``, a list with one entry for each pair of parts. ``Writer.pieces()`` gives the text piece by
piece, so that a million operations never stand in memory as text.
"""

from __future__ import annotations

import math
import re
from array import array
from typing import TYPE_CHECKING, Any

from autograd import numeric, rules
from autograd.forms import ARGUMENTS
from autograd.operations import OPERATORS
from autograd.program.names import Names
from autograd.symbols import Symbol, derivative, formula, number, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from autograd.operations import Elementwise
    from autograd.program.listing import Listing

PLACES = ("{0}", "{1}", "{2}", "{3}", "{4}", "{5}", "{6}", "{7}")
_NUMBERED = {f"{{{letter}}}": place for letter, place in zip(ARGUMENTS, PLACES, strict=True)}
PART = 1_000
"""Statements in one function of a long program."""
WHOLE = 1_000
"""A listing of up to so many instructions is one function."""
NAMED = 20_000
"""In a longer listing, results are numbered anew in every part."""
COMMENT_AT = 34  # column of the comments, where the code leaves room


class Writer:
    """Writes a listing as Python functions on floats.

    Args:
        listing: what to compute.
        name: what the function is called.
        doc: what the function says it is.
        notes: comments that stand in front of the ``return``.
    """

    def __init__(self, listing: Listing, name: str, doc: str = "", notes: Sequence[str] = ()) -> None:
        """Lay out the parts."""
        self.listing = listing
        self.name = name
        self.doc = doc
        self.notes = [f"    # {' '.join(note.split())}" for note in notes]
        self.functions: dict[str, Any] = {}
        """The functions that the code calls, by the name it uses for them."""
        n = len(listing)
        self.part = PART if n > WHOLE else max(n, 1)
        self.named = n <= NAMED
        self.names = Names(listing).of if self.named else []
        self.statements = 0
        self._constants: dict[int, str] = {}
        self._templates: dict[Elementwise, str] = {}
        self._slots: dict[tuple[int, int], tuple[int, array[int]]] = {}

    # --- expressions ----------------------------------------------------------------------------------------

    def call(self, name: str, function: Any, arity: int) -> str:
        """Give the template of a call, and note the function."""
        self.functions[name] = function
        return f"{name}({', '.join(PLACES[:arity])})"

    def template(self, op: Elementwise) -> str:
        """Give source for an operation over ``{0}``, ``{1}`` …."""
        f = op.compute
        if op is rules.square:
            return "{0} * {0}"
        if f in OPERATORS:
            return f"{OPERATORS[f]}{{0}}" if op.arity == 1 else f"{{0}} {OPERATORS[f]} {{1}}"
        if not isinstance(f, numeric.Function):
            if op.passive == op.arity:
                return numbered(op.form.python)
            return self.call(f"{op.name}_", op.float_of, op.arity)
        if f.inline is None:
            return self.call(f.name, f.scalar, op.arity)
        inline = f.inline
        for needed in ("pow", "cosh"):
            if f"_{needed}" in inline:
                self.functions[needed] = getattr(math, needed)
                inline = inline.replace(f"_{needed}", needed)
        if "nan" in inline:
            self.functions["nan"] = math.nan
        return numbered(inline[1:-1] if inline.startswith("(") and inline.endswith(")") else inline)

    def expression(self, op: Elementwise, args: Sequence[str], operands: Sequence[int]) -> str:
        """Give source for one operation on floats."""
        if op is rules.power and operands[1] < 0 <= operands[0]:
            exponent = self.listing.constants[~operands[1]]
            if abs(exponent) < 1e6 and exponent == int(exponent):
                return f"{args[0]} ** {int(exponent)}"
        template = self._templates.get(op)
        if template is None:
            template = self._templates[op] = self.template(op)
        return template.format(*args)

    def constant(self, x: float) -> str:
        """Write a number exactly."""
        if x is True or x is False:
            return repr(x)
        if math.isfinite(x):
            return number(x, "python")
        name = "nan" if math.isnan(x) else "inf"
        self.functions[name] = getattr(math, name)
        return f"-{name}" if x < 0 else name

    def operand(self, r: int, local: dict[int, str] | None = None) -> str:
        """Write an operand."""
        if r < 0:
            return self.constant(self.listing.constants[~r])
        return self.names[r] if local is None else local[r]

    # --- parts ----------------------------------------------------------------------------------------------

    def pieces(self) -> Iterator[str]:
        """Give the text of each function; run one after the other, the last one is the program."""
        n = len(self.listing)
        if n <= self.part:
            yield self._one_function()
            return
        parts = -(-n // self.part)
        self._lay_out(parts)
        for k in range(parts):
            yield self._part(k)
        yield self._last(parts)

    def _one_function(self) -> str:
        out = self._head([self.names[r] for r in range(self.listing.inputs)])
        out += self._body(0, len(self.listing), None)
        values = self._values(out)
        out += [*self.notes, f"    return {given(values)}"]
        return "\n".join(out) + "\n"

    def _values(self, out: list[str]) -> list[str]:
        """Give the outputs as source; a gradient that is another's under its own name."""
        values = [self.operand(r) for r in self.listing.outputs]
        taken = set(self.names)
        for k, w in self.listing.labels.items():
            own = f"d_{self.names[w]}"
            if not re.fullmatch(re.escape(own) + r"(_\d+)?", values[k]) and own not in taken:
                line = f"    {own} = {values[k]}"
                out.append(line)
                values[k] = own
        return values

    def _head(self, arguments: Sequence[str]) -> list[str]:
        head = [f"def {self.name}({', '.join(arguments)}):"]
        if self.doc:
            head.append(f'    """{self.doc}"""')
        return head

    def _body(self, first: int, last: int, local: dict[int, str] | None) -> list[str]:
        self.statements += last - first
        if local is not None and not self.named:
            return self._short_body(first, last, local)
        listing = self.listing
        out: list[str] = []
        backward = None
        for i in range(first, last):
            if (listing.because[i] != -1) is not backward:
                backward = listing.because[i] != -1
                out.append(f"    # {self._backward() if backward else 'forward'}")
            op, operands = listing.at(i)
            args = [self.operand(r, local) for r in operands]
            line = f"    {self.names[listing.inputs + i]} = {self.expression(op, args, operands)}"
            comment = self.comment(i, op, operands)
            out.append(f"{line:<{COMMENT_AT}}  # {comment}" if comment else line)
        return out

    def _short_body(self, first: int, last: int, local: dict[int, str]) -> list[str]:
        """Write a part of a very long program: numbered anew, without comments."""
        listing, inputs = self.listing, self.listing.inputs
        operations, code, start, operands = listing.operations, listing.code, listing.start, listing.operands
        constants = self._constants
        out: list[str] = []
        for i in range(first, last):
            own = operands[start[i] : start[i + 1]]
            args = []
            for r in own:
                if r >= 0:
                    args.append(local[r])
                    continue
                written = constants.get(r)
                if written is None:
                    written = constants[r] = self.constant(listing.constants[~r])
                args.append(written)
            local[inputs + i] = name = f"v{i - first}"
            out.append(f"    {name} = {self.expression(operations[code[i]], args, own)}")
        return out

    def _backward(self) -> str:
        """Introduce the backward pass: where it begins, and what it does not write out."""
        if not self.listing.labels or self.listing.outputs[0] < 0:
            return "backward"
        y = self.names[self.listing.outputs[0]]
        return f"backward, from d_{y} = 1; a sum hands its gradient on"

    def comment(self, i: int, op: Elementwise, operands: Sequence[int]) -> str:
        """Say what a line is where the code does not: the rule of a contribution, the name of what is written out."""
        listing = self.listing
        if listing.because[i] >= 0 and listing.adjoint[i] >= 0 and op is not rules.add:
            register, slot = listing.because[i] >> 3, listing.because[i] & 7
            source, arguments = listing.at(register - listing.inputs)
            names = [self.names[r] if r >= 0 else listing.constants[~r] for r in arguments]
            symbols = [Symbol(x) if isinstance(x, str) else x for x in names]
            rule = derivative(source, slot, Symbol(self.names[register]), tuple(symbols))
            return f"∂{self.names[register]}/∂{names[slot]} = {render(rule)}"
        if getattr(op.compute, "inline", None) and op not in (rules.power, rules.reciprocal, rules.where):
            return formula(op, [self.operand(r) for r in operands])
        return ""

    def _lay_out(self, parts: int) -> None:
        """Find what each part needs from which other; -1 stands for the arguments, ``parts`` for the result."""
        listing, inputs, size = self.listing, self.listing.inputs, self.part
        for k in range(parts + 1):
            needed: dict[int, dict[int, None]] = {}
            if k < parts:
                first, last = k * size, min((k + 1) * size, len(listing))
                read: Any = listing.operands[listing.start[first] : listing.start[last]]
            else:
                first, read = len(listing), listing.outputs
            for r in read:
                if 0 <= r < inputs + first:
                    made = (r - inputs) // size if r >= inputs else -1
                    needed.setdefault(made, {})[r] = None
            for made in sorted(needed):
                self._slots[made, k] = len(self._slots), array("i", needed[made])
        self._readers: dict[int, list[int]] = {}
        for made, k in self._slots:
            self._readers.setdefault(made, []).append(k)
        self._sources: dict[int, list[int]] = {}
        for made, k in self._slots:
            self._sources.setdefault(k, []).append(made)

    def _loads(self, k: int, local: dict[int, str]) -> list[str]:
        out = []
        for made in self._sources.get(k, []):
            slot, registers = self._slots[made, k]
            for r in registers:
                local[r] = self.names[r] if self.named else f"r{len(local)}"
            names = ", ".join(local[r] for r in registers)
            out.append(f"    {names} = memory[{slot}]")
        return out

    def _stores(self, k: int, local: dict[int, str]) -> list[str]:
        out = []
        for reader in self._readers.get(k, []):
            slot, registers = self._slots[k, reader]
            out.append(f"    memory[{slot}] = {', '.join(local[r] for r in registers)}")
        return out

    def _part(self, k: int) -> str:
        first, last = k * self.part, min((k + 1) * self.part, len(self.listing))
        local: dict[int, str] = {}
        out = [f"def part_{k + 1}(memory):", *self._loads(k, local)]
        if self.named:
            local.update((self.listing.inputs + i, self.names[self.listing.inputs + i]) for i in range(first, last))
        out += self._body(first, last, local)
        out += self._stores(k, local)
        return "\n".join(out) + "\n"

    def _last(self, parts: int) -> str:
        inputs = range(self.listing.inputs)
        names = self.names[: self.listing.inputs] if self.named else [f"x{r}" for r in inputs]
        local = dict(zip(inputs, names, strict=True))
        out = [*self._head(names), f"    memory = [None] * {len(self._slots)}", *self._stores(-1, local)]
        out += [f"    part_{k + 1}(memory)" for k in range(parts)]
        local = {}
        out += self._loads(parts, local)
        values = [self.operand(r, local) if r < 0 or r in local else names[r] for r in self.listing.outputs]
        out += [*self.notes, f"    return {given(values)}"]
        return "\n".join(out) + "\n"

    def imports(self) -> str:
        """Give the lines that the text needs before it; call it when all pieces are written."""
        plain = [n for n, f in sorted(self.functions.items()) if n in ("nan", "inf") or getattr(math, n, None) is f]
        ours = [n for n in sorted(self.functions) if n not in plain]
        lines = [f"from math import {', '.join(plain)}"] * bool(plain)
        if ours:
            lines += ["", "from autograd import numeric" if any(hasattr(numeric, n) for n in ours) else ""]
            lines += [
                f"{n} = numeric.{n}.scalar" if hasattr(numeric, n) else f"# {n} is an operation of the user's own"
                for n in ours
            ]
        return "\n".join(lines)

    def text(self) -> str:
        """Give the whole program as text."""
        pieces = list(self.pieces())
        imports = self.imports()
        return imports + "\n\n\n" * bool(imports) + "\n\n".join(pieces)


def numbered(template: str) -> str:
    """Turn ``{a} + {b}`` into ``{0} + {1}``."""
    return re.sub(r"\{[a-h]\}", lambda match: _NUMBERED[match[0]], template)


def given(values: Sequence[str]) -> str:
    """Write what is returned: a tuple."""
    return f"({values[0]},)" if len(values) == 1 else ", ".join(values) if values else "()"
