"""Which generated file holds which text, and writing or comparing all of them."""

from __future__ import annotations

from pathlib import Path

from autograd import rules  # noqa: F401  importing the rules fills the table
from autograd.generate.operators import operators_source
from autograd.generate.tensor_methods import tensor_source
from autograd.generate.value_methods import value_source
from autograd.program.native_text import native_source

PACKAGE = Path(__file__).parent.parent
FILES = {
    "_operators.py": operators_source,
    "_value_methods.py": value_source,
    "_tensor_methods.py": tensor_source,
    "program/_native_tape.py": native_source,
}


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` say which of them is out of date."""
    stale = 0
    for name, source in FILES.items():
        path = PACKAGE / name
        text = source()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if "--check" in arguments:
            print(f"{name} is out of date: run python -m autograd.generate")
            stale = 1
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    return stale
