"""What a terminal can show: colour, signs, columns. And how numbers and names are written in columns.

Colour follows, in this order: ``NO_COLOR`` (off), ``FORCE_COLOR`` (on), ``TERM=dumb`` (off), whether the stream is a
terminal. Signs beyond ASCII are used when the stream's encoding has them. Wide characters, such as Chinese names,
take two columns.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
import unicodedata
from typing import Any

import numpy as np

COLOURS = {"value": "34", "grad": "33", "now": "1;33", "quiet": "2", "bold": "1", "bad": "31", "good": "32"}
"""Roles and their ANSI codes: values blue, gradients orange, as in the pictures."""

ASCII = {
    "●": "*", "○": "o", "│": "|", "─": "-", "├": "+", "┤": "+", "┼": "+", "╮": ".", "╭": ".", "╯": "'", "╰": "'",
    "┬": "+", "┴": "+", "×": "*", "−": "-", "→": "->", "∂": "d", "…": "...", "σ": "sigmoid", "√": "sqrt", "²": "**2",
    "³": "**3", "⁴": "**4", "θ": "theta",
    "Σ": "sum", "Π": "prod", "Φ": "normal_cdf", "φ": "normal_pdf", "∛": "cbrt", "‖": "||", "⌊": "floor(", "⌋": ")",
    "⌈": "ceil(", "⌉": ")", "≤": "<=", "≥": ">=", "≠": "!=", "±": "+-", "▶": ">", "✓": "ok", "✗": "wrong", "·": ".",
}  # fmt: skip
"""How a terminal without Unicode writes our signs."""


def colour_wanted(stream: Any = None) -> bool:
    """Tell whether to colour what is written to ``stream`` (standard output when left out)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    stream = sys.stdout if stream is None else stream
    return os.environ.get("TERM") != "dumb" and bool(getattr(stream, "isatty", lambda: False)())


def unicode_wanted(stream: Any = None) -> bool:
    """Tell whether the stream's encoding has our signs."""
    encoding = getattr(sys.stdout if stream is None else stream, "encoding", None) or "utf-8"
    try:
        "●├╮×∂".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def columns() -> int:
    """Give the width of the terminal; 80 when there is none."""
    return shutil.get_terminal_size((80, 24)).columns


def paint(written: str, role: str, *, colour: bool) -> str:
    r"""Colour a piece of text by its role.

    >>> paint("0.5", "value", colour=True)
    '\x1b[34m0.5\x1b[0m'
    """
    return f"\x1b[{COLOURS[role]}m{written}\x1b[0m" if colour and written else written


def plain_ascii(written: str) -> str:
    """Write our signs with ASCII; other characters beyond it become ``?``.

    >>> plain_ascii("d = a × b → σ")
    'd = a * b -> sigmoid'
    """
    return "".join(ASCII.get(c, c) for c in written).encode("ascii", "replace").decode()


def display_width(written: str) -> int:
    """Give how many columns a text takes: wide characters two, combining marks none.

    >>> display_width("w"), display_width("权重")
    (1, 4)
    """
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in written)


def fit(written: str, width: int, *, right: bool = False, ellipsis: str = "…") -> str:
    """Fill or cut a text to exactly ``width`` columns.

    >>> fit("abcdef", 4), fit("ab", 4, right=True)
    ('abc…', '  ab')
    """
    used = display_width(written)
    if used > width:
        kept = ""
        room = max(0, width - len(ellipsis))
        for c in written:
            if display_width(kept + c) > room:
                break
            kept += c
        written = (kept + ellipsis)[: max(width, 0)]
        used = display_width(written)
    space = " " * (width - used)
    return space + written if right else written + space


def wrapped(sentence: str, width: int, indent: str = "") -> list[str]:
    """Break a sentence into lines by columns, in which a Chinese character takes two.

    >>> wrapped("the weight (权重) is 2", 18, indent="  ")
    ['the weight (权重)', '  is 2']
    """
    lines: list[str] = []
    current = ""
    for word in sentence.split():
        longer = f"{current} {word}" if current.strip() else f"{current}{word}"
        if current.strip() and display_width(longer) > width:
            lines.append(current)
            longer = f"{indent}{word}"
        current = longer
    return [*lines, current] if current.strip() else lines


def one_line(name: str) -> str:
    r"""Show control characters as escapes, so that a name cannot break the page or the terminal.

    >>> one_line("two\nlines")
    'two\\nlines'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def number(x: Any) -> str:
    """Write a number for a column: four decimals, or powers of ten where those say nothing; None is ``not run``.

    >>> number(0.0633), number(-12345678.0), number(1e-9), number(0.0), number(None)
    ('0.0633', '-1.235e+07', '1.000e-09', '0.0000', 'not run')
    """
    if x is None:
        return "not run"
    if isinstance(x, np.ndarray) and x.ndim:
        return array(x)
    x = float(x)
    if not math.isfinite(x):
        return str(x)
    return f"{x:.4f}" if x == 0 or 1e-3 <= abs(x) < 1e5 else f"{x:.3e}"


def array(x: np.ndarray[Any, Any]) -> str:
    """Write an array for a column: its numbers when there are few, else mean ± spread; nan is counted.

    >>> array(np.array([1.0, 2.0]))
    '[1.000 2.000]'
    >>> array(np.arange(100.0))
    '49.5 ± 28.9'
    """
    if x.size == 0:
        return "empty"
    if x.size <= 2:
        return "[" + " ".join(f"{v:.4g}" if abs(v) >= 1e4 or 0 < abs(v) < 1e-3 else f"{v:.3f}" for v in x.ravel()) + "]"
    bad = int(np.count_nonzero(~np.isfinite(x)))
    if bad:
        return f"{bad} not finite"
    return f"{np.mean(x):.3g} ± {np.std(x):.3g}"


def in_notebook() -> bool:
    """Tell whether this code runs inside a kernel of Jupyter, which asks for input by itself.

    That ipykernel was imported says nothing: tools that write notebooks import it too.
    """
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    return hasattr(running, "kernel")
