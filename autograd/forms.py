"""How an operation is written: templates in text, Python and LaTeX, and how tightly they bind."""

from __future__ import annotations

ARGUMENTS = "abcdefgh"

# How tightly the written forms bind; a function call binds tightest.
SUM, PRODUCT, SIGN, POWER, CALL = 10, 20, 25, 30, 100
COMPARE = 5


class Form:
    """How an operation is written in text, Python and LaTeX.

    ``{a}``, ``{b}`` … stand for the arguments. ``binds`` says how tightly the whole holds together, and
    ``needs`` how tightly each argument must, so that a printer knows where brackets belong.
    """

    __slots__ = ("binds", "glyph", "latex", "needs", "python", "text")

    def __init__(
        self,
        glyph: str,
        text: str,
        python: str,
        latex: str,
        binds: int = CALL,
        needs: tuple[int, ...] = (),
    ) -> None:
        """Store the templates."""
        self.glyph = glyph
        self.text = text
        self.python = python
        self.latex = latex
        self.binds = binds
        self.needs = needs


def infix(glyph: str, python: str, latex: str, binds: int, *, associative: bool = False) -> Form:
    """Write ``a ∘ b``; the right argument needs a bracket at equal strength unless ∘ is associative."""
    right = binds if associative else binds + 1
    return Form(glyph, f"{{a}} {glyph} {{b}}", f"{{a}} {python} {{b}}", latex, binds, (binds, right))


def call(name: str, arity: int, glyph: str | None = None, latex: str | None = None) -> Form:
    """Write ``name(a, b)``; ``latex`` is the name of the function there, or a whole template with ``{a}``."""
    arguments = ", ".join(f"{{{a}}}" for a in ARGUMENTS[:arity])
    shown = glyph or name
    if latex is None:
        latex = rf"\operatorname{{{{{name}}}}}".replace("_", r"\_")
    if "{a}" not in latex:
        latex = f"{latex}\\left({arguments}\\right)"
    return Form(shown, f"{shown}({arguments})", f"{name}({arguments})", latex)
