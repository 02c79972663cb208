"""``Listing``: a computation as a flat list of instructions, the form that every back end reads.

Types
    Listing   instructions in single assignment: each applies one row of the derivative table to earlier results.

An *operand* is a whole number. Numbers from 0 on are registers: first the inputs, then one register per instruction.
Negative numbers are constants: operand ``~k`` is constant number k. So instruction i writes register ``inputs + i``,
reads only smaller registers, and walking the list up or down is walking the graph: nothing recurses.

Columns are arrays of machine integers, since a listing may have millions of instructions:

    code      which operation, as a position in ``operations``
    start     where the operands begin in ``operands``
    adjoint   the register whose adjoint (∂output/∂register) this instruction computes or adds to, or -1
    because   in a backward pass: 8 · register of y + slot of a, for the instructions of g · ∂y/∂a; else -1
"""

from __future__ import annotations

import operator
import struct
from array import array
from typing import TYPE_CHECKING, Any

from autograd import numeric, rules
from autograd.forms import COMPARE, Form, infix
from autograd.operations import Elementwise, lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def _relation(sign: str, compute: Any, python: str | None = None, binds: int = COMPARE) -> Elementwise:
    """Make a comparison: it is computed, and nothing flows back through it."""
    return Elementwise(sign, compute, arity=2, passive=2, form=infix(sign, python or sign, sign, binds))


RELATIONS = {
    "<": _relation("<", operator.lt), "<=": _relation("<=", operator.le), ">": _relation(">", operator.gt),
    ">=": _relation(">=", operator.ge), "==": _relation("==", operator.eq), "!=": _relation("!=", operator.ne),
    "and": _relation("and", operator.and_, "and", COMPARE - 2), "or": _relation("or", operator.or_, "or", COMPARE - 3),
}  # fmt: skip
"""Comparisons of numbers, and how two outcomes are joined: the conditions of ``where``, and what guards watch."""

detach = Elementwise("detach", numeric.positive, arity=1, passive=1, form=Form("detach", "{a}", "{a}", "{a}"))
"""The same number, through which no gradient flows."""

OWN = {**RELATIONS, "detach": detach}
"""Instructions that are no rows of the table: they have no derivative."""


def operation_named(name: str) -> Elementwise:
    """Find a row of the table, or one of the instructions without a derivative."""
    found = OWN.get(name) or lookup(name)
    assert isinstance(found, Elementwise)
    return found


class Listing:
    """Instructions over registers; see the head of this file."""

    def __init__(self, inputs: int) -> None:
        """Start with inputs and no instruction."""
        self.inputs = inputs
        self.constants: list[float] = []
        self.operations: list[Elementwise] = []
        self.code = array("i")
        self.start = array("i", [0])
        self.operands = array("i")
        self.adjoint = array("i")
        self.because = array("i")
        self.names: dict[int, str] = {}
        """What the user calls a register."""
        self.outputs: list[int] = []
        self.labels: dict[int, int] = {}
        """Which outputs are the gradients of which inputs, by position."""
        self.context = -1
        """What ``because`` is for instructions that do not say it: set while a rule of the table is written out."""
        self._constant_at: dict[Any, int] = {}
        self._code_of: dict[Elementwise, int] = {}
        self._recent: dict[tuple[int, ...], int] = {}
        self._older: dict[tuple[int, ...], int] = {}

    def __len__(self) -> int:
        """Give the number of instructions."""
        return len(self.code)

    # --- reading --------------------------------------------------------------------------------------------

    def at(self, i: int) -> tuple[Elementwise, array[int]]:
        """Give operation and operands of instruction i."""
        return self.operations[self.code[i]], self.operands[self.start[i] : self.start[i + 1]]

    def number(self, operand: int) -> float | None:
        """Give the number of a constant, None for a register."""
        return self.constants[~operand] if operand < 0 else None

    def computed(self, inputs: Sequence[float]) -> list[float]:
        """Compute every register with Python floats, operation by operation: slow, and right at every edge."""
        registers = list(inputs)
        constants = self.constants
        functions = [op.compute if op.passive == op.arity else op.float_of for op in self.operations]
        start, operands = self.start, self.operands
        for i, code in enumerate(self.code):
            args = [registers[r] if r >= 0 else constants[~r] for r in operands[start[i] : start[i + 1]]]
            registers.append(functions[code](*args))
        return registers

    def find(self, registers: Sequence[float], outputs: Iterable[int]) -> list[float]:
        """Pick operands out of computed registers."""
        return [registers[r] if r >= 0 else self.constants[~r] for r in outputs]

    # --- writing --------------------------------------------------------------------------------------------

    def constant(self, number: Any) -> int:
        """Give the operand of a constant; equal numbers share one, 0.0 and −0.0 are two."""
        number = number if type(number) is bool else float(number)
        key = (type(number), struct.pack("d", number))
        found = self._constant_at.get(key)
        if found is None:
            found = self._constant_at[key] = ~len(self.constants)
            self.constants.append(number)
        return found

    def append(self, op: Elementwise, operands: Iterable[int], adjoint: int = -1, because: int = -1) -> int:
        """Append an instruction as it is; give its register."""
        code = self._code_of.get(op)
        if code is None:
            code = self._code_of[op] = len(self.operations)
            self.operations.append(op)
        key = (code, *operands)
        self.code.append(code)
        self.operands.extend(key[1:])
        self.start.append(self.start[-1] + len(key) - 1)
        self.adjoint.append(adjoint)
        self.because.append(because if because >= 0 else self.context)
        register = self.inputs + len(self.code) - 1
        if len(self._recent) >= RECENT:  # two generations bound the memory
            self._older, self._recent = self._recent, {}
        self._recent.setdefault(key, register)
        return register

    def emit(self, op: Elementwise, operands: Sequence[int], adjoint: int = -1, because: int = -1) -> int:
        """Give the operand that holds the result: known already, a constant, or a new instruction."""
        if max(operands) < 0:
            args = [self.constants[~r] for r in operands]
            return self.constant(
                op.compute(*args) if op.passive == op.arity and op is not detach else op.float_of(*args)
            )
        if op in SIMPLIFIED:
            simple = self._simplified(op, operands, adjoint)
            if simple is not None:
                return simple
        code = self._code_of.get(op)
        if code is not None:
            key = (code, *operands)
            found = self._recent.get(key)
            if found is None:
                found = self._older.get(key)
            if found is not None:
                return found
        return self.append(op, operands, adjoint, because)

    def _simplified(self, op: Elementwise, operands: Sequence[int], adjoint: int) -> int | None:
        """Leave out what changes no bit: 1·x, x/1, x ** 1, −1·x as −x, a choice that is made already."""
        a, b = operands[0], operands[-1]
        if op is rules.mul:
            for one, other in ((a, b), (b, a)):
                if one < 0 and self.constants[~one] == 1.0:
                    return other
                if one < 0 and self.constants[~one] == -1.0:
                    return self.emit(rules.neg, (other,), adjoint)
        elif op is rules.div or op is rules.power:
            if b < 0 and self.constants[~b] == 1.0:
                return a
        elif op is rules.where and a < 0:
            return operands[1] if self.constants[~a] else b
        elif op is rules.positive:
            return a
        return None

    def copy(self) -> Listing:
        """Give a listing of its own that can be written on."""
        new = self._empty()
        for column in ("code", "start", "operands", "adjoint", "because"):
            setattr(new, column, getattr(self, column)[:])
        new.names = dict(self.names)
        new.outputs = list(self.outputs)
        for i in range(max(0, len(self) - RECENT), len(self)):  # so that a backward pass finds what there is
            new._recent.setdefault((self.code[i], *self.operands[self.start[i] : self.start[i + 1]]), self.inputs + i)
        return new

    def _empty(self) -> Listing:
        """Give a listing without instructions, with the same inputs, constants and operations."""
        new = Listing(self.inputs)
        new.constants = list(self.constants)
        new._constant_at = dict(self._constant_at)
        new.operations = list(self.operations)
        new._code_of = dict(self._code_of)
        return new

    def pruned(self, outputs: Sequence[int]) -> Listing:
        """Give a listing with these outputs and only the instructions that they need."""
        n, inputs, start, operands = len(self.code), self.inputs, self.start, self.operands
        needed = bytearray(inputs + n)
        for r in outputs:
            if r >= 0:
                needed[r] = 1
        for i in range(n - 1, -1, -1):
            if needed[inputs + i]:
                for r in operands[start[i] : start[i + 1]]:
                    if r >= 0:
                        needed[r] = 1
        return self.arranged((r for r in range(inputs, inputs + n) if needed[r]), outputs)

    def arranged(self, order: Iterable[int], outputs: Sequence[int]) -> Listing:
        """Give a listing with the instructions of these registers in this order; operands come before their users."""
        new = self._empty()
        inputs, start, operands = self.inputs, self.start, self.operands
        place = array("i", range(inputs)) + array("i", [-1]) * len(self.code)
        code, adjoint, because, moved_operands, starts = new.code, new.adjoint, new.because, new.operands, new.start
        at = inputs
        for r in order:
            i = r - inputs
            code.append(self.code[i])
            moved_operands.extend([place[a] if a >= 0 else a for a in operands[start[i] : start[i + 1]]])
            starts.append(len(moved_operands))
            adjoint.append(self.adjoint[i])
            because.append(self.because[i])
            place[r] = at
            at += 1
        for i in range(len(code)):
            if adjoint[i] >= 0:
                adjoint[i] = place[adjoint[i]]
            if because[i] >= 0:
                y = place[because[i] >> 3]
                because[i] = 8 * y + (because[i] & 7) if y >= 0 else UNKNOWN
        new.names = {place[r]: name for r, name in self.names.items() if place[r] >= 0}
        new.outputs = [place[r] if r >= 0 else r for r in outputs]
        return new

    def __getstate__(self) -> dict[str, Any]:
        """Give plain data: names of operations, numbers, and nothing that runs."""
        return {
            "inputs": self.inputs,
            "constants": self.constants,
            "operations": [op.name for op in self.operations],
            "columns": [list(c) for c in (self.code, self.start, self.operands, self.adjoint, self.because)],
            "names": self.names,
            "outputs": self.outputs,
            "labels": self.labels,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Read plain data."""
        self.__init__(state["inputs"])  # type: ignore[misc]
        for number in state["constants"]:
            self._constant_at.setdefault((type(number), struct.pack("d", number)), ~len(self.constants))
            self.constants.append(number)
        self.operations = [operation_named(name) for name in state["operations"]]
        self._code_of = {op: i for i, op in enumerate(self.operations)}
        columns = (array("i", column) for column in state["columns"])
        self.code, self.start, self.operands, self.adjoint, self.because = columns
        self.names, self.outputs, self.labels = state["names"], state["outputs"], state["labels"]


SIMPLIFIED = frozenset({rules.mul, rules.div, rules.power, rules.where, rules.positive})
"""Operations that a constant argument may make superfluous."""
UNKNOWN = -2
"""The reason of an instruction of a backward pass whose forward operation is not needed any more."""
RECENT = 50_000
"""How many instructions are remembered at least, to recognise one that is written again."""
