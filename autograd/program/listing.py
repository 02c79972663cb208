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
        for i in range(len(self.code)):
            op, operands = self.at(i)
            args = [registers[r] if r >= 0 else constants[~r] for r in operands]
            registers.append(op.compute(*args) if op.passive == op.arity else op.float_of(*args))
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
        self.code.append(code)
        self.operands.extend(operands)
        self.start.append(len(self.operands))
        self.adjoint.append(adjoint)
        self.because.append(because if because >= 0 else self.context)
        register = self.inputs + len(self.code) - 1
        self._remember((code, *self.operands[self.start[-2] :]), register)
        return register

    def emit(self, op: Elementwise, operands: Sequence[int], adjoint: int = -1, because: int = -1) -> int:
        """Give the operand that holds the result: known already, a constant, or a new instruction."""
        if max(operands) < 0:
            args = [self.constants[~r] for r in operands]
            return self.constant(
                op.compute(*args) if op.passive == op.arity and op is not detach else op.float_of(*args)
            )
        simple = self._simplified(op, operands)
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

    def _simplified(self, op: Elementwise, operands: Sequence[int]) -> int | None:
        """Leave out what changes no bit: 1·x, x/1, x ** 1, −1·x as −x, a choice that is made already."""
        a, b = operands[0], operands[-1]
        if op is rules.mul:
            for one, other in ((a, b), (b, a)):
                if one < 0 and self.constants[~one] == 1.0:
                    return other
                if one < 0 and self.constants[~one] == -1.0:
                    return self.emit(rules.neg, (other,))
        elif op is rules.div or op is rules.power:
            if b < 0 and self.constants[~b] == 1.0:
                return a
        elif op is rules.where and a < 0:
            return operands[1] if self.constants[~a] else b
        elif op is rules.positive:
            return a
        return None

    def _remember(self, key: tuple[int, ...], register: int) -> None:
        """Keep the latest instructions, so that the same one is not written twice; two generations bound the memory."""
        if len(self._recent) >= RECENT:
            self._older, self._recent = self._recent, {}
        self._recent.setdefault(key, register)

    def copy(self) -> Listing:
        """Give a listing of its own that can be written on."""
        return self.pruned(self.outputs, keep_all=True)

    def pruned(self, outputs: Sequence[int], *, keep_all: bool = False) -> Listing:
        """Give a listing with these outputs and only the instructions that they need."""
        n, inputs = len(self.code), self.inputs
        needed = bytearray(b"\x01" if keep_all else b"\x00") * n
        if not keep_all:
            for r in outputs:
                if r >= inputs:
                    needed[r - inputs] = 1
            for i in range(n - 1, -1, -1):
                if needed[i]:
                    for r in self.operands[self.start[i] : self.start[i + 1]]:
                        if r >= inputs:
                            needed[r - inputs] = 1
        new = Listing(inputs)
        new.constants = list(self.constants)
        new._constant_at = dict(self._constant_at)
        new.operations = list(self.operations)
        new._code_of = dict(self._code_of)
        place = array("i", range(inputs + n)) if keep_all else array("i", bytes(4 * (inputs + n)))
        for r in range(inputs):
            place[r] = r
        for i in range(n):
            if not needed[i]:
                place[inputs + i] = -1
                continue
            new.code.append(self.code[i])
            new.operands.extend([place[r] if r >= 0 else r for r in self.operands[self.start[i] : self.start[i + 1]]])
            new.start.append(len(new.operands))
            of, why = self.adjoint[i], self.because[i]
            new.adjoint.append(place[of] if of >= 0 else -1)
            new.because.append(_moved(why, place))
            place[inputs + i] = inputs + len(new.code) - 1
            if keep_all:
                new._remember((self.code[i], *new.operands[new.start[-2] :]), inputs + i)
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
        self.names, self.outputs = state["names"], state["outputs"]


def _moved(why: int, place: array[int]) -> int:
    """Give the same reason after renumbering."""
    if why < 0:
        return why
    return 8 * place[why >> 3] + (why & 7) if place[why >> 3] >= 0 else UNKNOWN


UNKNOWN = -2
"""The reason of an instruction of a backward pass whose forward operation is not needed any more."""
RECENT = 50_000
"""How many instructions are remembered at least, to recognise one that is written again."""
