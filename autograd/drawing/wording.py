"""How numbers, names and formulas are written on a card, and how wide they are.

Types
    Numbers   the number format of one picture: ``write(x)`` for a number, an array, or None.

Graphviz without font files guesses the widths of signs beyond ASCII; ``width`` knows the Helvetica widths of ASCII and
takes the safe side elsewhere, so each cell can reserve its room and no text leaves its card in either engine.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import InputTypeError, InputValueError
from autograd.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

NOT_RUN = "not run"
NONE = "—"
NAME_LENGTH = 26
FORMULA_LENGTH = 34


class Numbers:
    """Write numbers in one format.

    Args:
        digits: decimals of an ordinary number.
        how: a format such as ``".2e"`` or a function from float to text, instead of ``digits``.

    >>> n = Numbers()
    >>> n.write(-0.5), n.write(2.3e-8), n.write(None), n.write(12345678.0)
    ('−0.5000', '2.300e−08', 'not run', '1.235e+07')
    >>> Numbers(how=".1f").write(0.25)
    '0.2'
    """

    def __init__(self, digits: int = 4, how: str | Callable[[float], str] | None = None) -> None:
        """Check the format at once, with a number."""
        if not isinstance(digits, int) or not 0 <= digits <= 17:
            raise InputValueError(f"digits is a whole number from 0 to 17; got {digits!r}")
        self.digits = digits
        self._how: Callable[[float], str] | None = None
        if callable(how):
            self._how = how
        elif isinstance(how, str):
            self._how = lambda x: format(x, how)
        elif how is not None:
            raise InputTypeError(f"number_format is a format such as '.2e' or a function of a float; got {how!r}")
        if self._how is not None:
            try:
                tried = self._how(0.5)
            except Exception as error:
                raise InputValueError(f"number_format {how!r} cannot write 0.5: {error}") from error
            if not isinstance(tried, str):
                raise InputTypeError(f"number_format gives text; {how!r} gave {tried!r} for 0.5")

    def write(self, x: Any) -> str:
        """Write a number or an array; None is ``not run``."""
        if x is None:
            return NOT_RUN
        if isinstance(x, np.ndarray) and x.ndim:
            return self.array(x)
        x = float(x)
        if self._how is not None:
            return minus(one_line(self._how(x)))
        if not math.isfinite(x):
            return minus(str(x))
        ordinary = x == 0 or 10.0 ** min(-3, 1 - self.digits) <= abs(x) < 1e5
        return minus(f"{x:.{self.digits}f}" if ordinary else f"{x:.{max(self.digits - 1, 0)}e}")

    def array(self, x: np.ndarray[Any, Any]) -> str:
        """Write an array: its numbers when there are one or two, else mean ± spread; what is not finite is counted."""
        if x.size == 0:
            return "empty"
        bad = int(np.count_nonzero(~np.isfinite(x)))
        if bad:
            return f"{bad} of {x.size} not finite" if bad < x.size else "none finite"
        if x.size <= 2:
            return minus(" ".join(f"{float(v):.4g}" for v in x.ravel()))
        with np.errstate(over="ignore"):
            return minus(f"{np.mean(x, dtype=np.float64):.3g} ± {np.std(x, dtype=np.float64):.2g}")


def minus(written: str) -> str:
    """Write the minus sign of mathematics."""
    return written.replace("-", "−")


def typeset(written: str, names: list[str]) -> str:
    """Write a formula with the signs of print: ``a × b - 1`` as ``a · b − 1``; a name with such a sign is left alone.

    >>> typeset("p × (1 - p)", ["p"]), typeset("my-name × b", ["my-name", "b"])
    ('p·(1 − p)', 'my-name × b')
    """
    if any(c in name for name in names for c in "-×*²"):
        return written
    for plain, sign in ((" × ", "·"), ("-", "−"), ("**2", "²"), ("**3", "³"), (" / ", "/")):
        written = written.replace(plain, sign)
    return written


def within(written: str, path: tuple[str, ...]) -> str:
    """Leave out the scope that a frame of the picture shows already.

    >>> within("n1 = x · layers.0.w", ("layers.0",))
    'n1 = x · w'
    >>> within("0.weight · 0.5", ("0",))  # a number is no name in scope 0
    'weight · 0.5'
    """
    if not path:
        return written
    return re.sub(rf"(?<![\w.]){re.escape('.'.join(path))}\.(?=(?:\d+\.)*[^\W\d])", "", written)


def shorten(written: str, length: int) -> str:
    """Keep a text on one line and within ``length`` characters; the middle goes, since both ends tell names apart.

    >>> shorten("a very long name indeed", 12)
    'a very…ndeed'
    """
    written = one_line(written)
    if len(written) <= length:
        return written
    head = (length - 1) * 3 // 5
    return f"{written[:head].rstrip()}…{written[len(written) - (length - 1 - head) :].lstrip()}"


def thousands(n: int) -> str:
    """Write a count with thin groups.

    >>> thousands(10000)
    '10 000'
    """
    return f"{n:,}".replace(",", " ")


# fmt: off
_HELVETICA = {
    **dict.fromkeys("ijl'", 222), **dict.fromkeys(" !,./:;I[\\]ft|", 278), **dict.fromkeys('()-`r{}"', 340),
    **dict.fromkeys("*^", 430), **dict.fromkeys("Jckmsvxyz", 500), **dict.fromkeys("+<=>~", 584), **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("ABEKPSVXY&", 667), **dict.fromkeys("CDHNRUw", 722), **dict.fromkeys("GOQ", 778),
    "m": 833, "M": 833, "%": 889, "W": 944, "@": 1015,
}
# fmt: on


def width(written: str, size: float, *, mono: bool = False, bold: bool = False) -> int:
    """Give a width in points, rounded up, that the text does not exceed.

    >>> width("value", 9), width("−0.5000", 11, mono=True)
    (23, 47)
    """
    total = 0.0
    for c in written:
        if unicodedata.combining(c):
            continue
        wide = unicodedata.east_asian_width(c) in "WF"
        if wide:
            total += 1000
        elif mono:
            total += 602 if c.isascii() or c in "−×±σ∂" else 900 if c in "→↑↓" else 620
        elif c.isascii():
            total += _HELVETICA.get(c, 556)
        else:
            total += 1000 if c in "→←▶△▽○✕≠…—" else 700 if c.isalpha() else 600
    return math.ceil(total * size / 1000 * (1.09 if bold and not mono else 1.0) + 0.5)
