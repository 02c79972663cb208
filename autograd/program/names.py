"""Names for the variables of generated code: what the user calls a thing, made into an identifier of Python.

Nothing that a user types reaches the code as it is: a name is normalised as Python's parser would do it, every sign
that cannot stand in an identifier becomes ``_``, and words of the language or of the generated code are avoided.
"""

from __future__ import annotations

import builtins
import keyword
import math
import re
import unicodedata
from array import array
from typing import TYPE_CHECKING

from autograd import rules
from autograd.operations import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograd.program.listing import Listing

LONGEST = 40
"""Letters of a name that are kept."""


def identifier(name: str) -> str:
    """Give an identifier that resembles a name.

    >>> [identifier(n) for n in ("w", "x'", "中文", "lambda", "a<b", "2nd", "tanh")]
    ['w', 'x_', '中文', 'lambda_', 'a_b', '_2nd', 'tanh__']
    """
    plain = unicodedata.normalize("NFKC", re.sub(r"\W", "_", unicodedata.normalize("NFKC", name)))[:LONGEST]
    plain = re.sub(r"\W", "_", plain)
    if plain.startswith("__"):
        plain = f"x{plain}"
    if not plain.isidentifier():
        plain = f"_{plain}"
    if not plain.isidentifier():  # a letter that cannot stand in an identifier at all
        plain = "_" + "".join(c if c.isascii() else "_" for c in plain)
    while _reserved(plain):
        plain += "_"
    return plain


def _reserved(word: str) -> bool:
    """Tell whether the generated code, or Python, has another use for a word."""
    return (
        word in RESERVED
        or keyword.iskeyword(word)
        or (
            word.rstrip("_") in TABLE  # an operation of the user's own is called name_
            and word.count("_") - word.rstrip("_").count("_") < 2
        )
        or bool(re.fullmatch(r"part_\d+|.*_array_?", word))
    )


RESERVED = frozenset(
    {*dir(math), *dir(builtins), "np", "numpy", "math", "operator", "memory", *rules.__all__}
) | frozenset(keyword.softkwlist)
"""Words that the generated code uses itself."""


class Names:
    """The identifiers of the registers of a listing."""

    def __init__(self, listing: Listing) -> None:
        """Give every register a name: the user's, ``d_w`` for the adjoint of w, a number for the rest."""
        self._taken: dict[str, int] = {}
        self.of: list[str] = [""] * (listing.inputs + len(listing))
        for register, name in sorted(listing.names.items()):
            self.of[register] = self.unique(identifier(name))
        uses = uses_of(listing)
        addends = _addends(listing)
        for i in range(len(listing)):
            register = listing.inputs + i
            if self.of[register]:
                continue
            target = listing.adjoint[i]
            if target >= 0 and register not in addends:
                op, operands = listing.at(i)
                before = operands[0]
                total = f"d_{self.of[target]}"
                if op is rules.add and before >= listing.inputs and uses[before] == 1 and self._is_total(before, total):
                    self.of[register] = self.of[before]  # d_w = d_w + …
                else:
                    self.of[register] = self.unique(total)
            else:
                self.of[register] = self.unique("n" if listing.because[i] == -1 else "t", first=1)
        for register in range(listing.inputs):
            if not self.of[register]:
                self.of[register] = self.unique("x", first=1)

    def _is_total(self, register: int, total: str) -> bool:
        return bool(re.fullmatch(re.escape(total) + r"(_\d+)?", self.of[register]))

    def unique(self, name: str, first: int = 0) -> str:
        """Give ``name``, or ``name_2`` if it is taken; with ``first``, ``n1``, ``n2`` and so on."""
        if not first and name not in self._taken:
            self._taken[name] = 1
            return name
        k = self._taken.get(name if not first else f"{name}#", first - 1 if first else 1) + 1
        joint = "" if first else "_"
        while f"{name}{joint}{k}" in self._taken:
            k += 1
        self._taken[name if not first else f"{name}#"] = k
        self._taken[f"{name}{joint}{k}"] = 1
        return f"{name}{joint}{k}"


def uses_of(listing: Listing, outputs: Iterable[int] = ()) -> array[int]:
    """Count how often each register is read, as an operand or as an output."""
    uses = array("i", bytes(4 * (listing.inputs + len(listing))))
    for r in listing.operands:
        if r >= 0:
            uses[r] += 1
    for r in outputs or listing.outputs:
        if r >= 0:
            uses[r] += 1
    return uses


def _addends(listing: Listing) -> set[int]:
    """Give the registers that are added to an adjoint: ``t`` in d_w = d_w + t."""
    found = set()
    for i in range(len(listing)):
        if listing.adjoint[i] >= 0 and listing.operations[listing.code[i]] is rules.add:
            found.add(listing.operands[listing.start[i] + 1])
    return found
