"""A program of whole arrays as a file that runs without this library: it imports NumPy, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from autograd.errors import InputTypeError, InputValueError

if TYPE_CHECKING:
    from autograd.whole.program import ArrayProgram

OURS = re.compile(r"^ +# (\w+): a function of this library$", re.MULTILINE)
LARGE = re.compile(r"^ +# (\w+): a constant of shape (\(.*\))$", re.MULTILINE)


def save(program: ArrayProgram, path: str | Path) -> Path:
    """Write the file; give its path."""
    text = program.source
    ours, large = OURS.findall(text), LARGE.findall(text)
    if ours:
        raise InputTypeError(
            f"{program.name} calls {', '.join(ours)}, of which there is no NumPy text, so it cannot be written to a file. "
            "Leave checks and draws (a loss, dropout in training) out of what you save, for example: compile(model.eval(), x)"
        )
    if large:
        _name, shape = large[0]
        raise InputValueError(
            f"{program.name} holds a constant array of shape {shape}, too large to be written out; give it to the function "
            "as an argument, or as a Tensor found outside, and it becomes an argument of the file"
        )
    target = Path(path)
    head = f'"""{program.name}, as NumPy; written by autograd."""\n\n'
    try:
        target.write_text(head + text, encoding="utf-8")
    except OSError as error:
        raise InputValueError(f"cannot write the program to {target}: {error.strerror or error}") from None
    return target
