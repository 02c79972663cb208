"""Colours of the pictures, light and dark, and the fonts.

A picture is laid out and coloured with the light palette: each colour is written as an attribute. ``DARK`` says what
each light colour becomes in a dark scheme; the SVG carries those rules in a ``@media`` block, the file for a
dark theme has them written in. Every text colour has a contrast of 4.5 : 1 or more on every card (a test computes it),
and the pairs that carry meaning (value blue, gradient orange, warning purple) survive colour blindness: they are taken
from the palette of Okabe and Ito (2008).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Container

Theme = Literal["auto", "light", "dark"]
Kind = Literal["input", "param", "op", "const", "loss", "group"]

SANS = "Arial"
MONO = "Courier New"
"""What Graphviz lays out with: it knows the widths of both."""

STACKS = {
    "Arial": "Helvetica,Arial,'Liberation Sans',sans-serif",
    "Courier New": "'Courier New','Liberation Mono',Menlo,Consolas,monospace",
}
"""What the SVG asks for instead: fonts of the same widths that some system has."""

INK = "#1f2933"
MUTE = "#5b6773"
VALUE = "#0072B2"
GRAD = "#B54900"
LINE = "#8793a0"
NOW = "#BF8000"
HALO = "#ffe9b8"
PAPER = "#ffffff"
GOOD = "#007A56"
BAD = "#A8327A"
PENDING = {"fill": "#fafbfc", "line": "#c9d0d7", "text": "#66717d"}

KINDS: dict[str, tuple[str, str]] = {
    "input": ("#eaf4fb", "#4f9fd0"),
    "param": ("#e5f5ee", "#009E73"),
    "op": ("#f7f8fa", "#8793a1"),
    "const": ("#f3f3f3", "#a3a9b0"),
    "loss": ("#fdf1f7", "#CC79A7"),
    "group": ("#f4f6f8", "#708090"),
}
"""Fill and line of a card."""

FLAGS: dict[str, tuple[str, str, str]] = {
    "dead": ("#f1f2f4", "#7b8794", "#4b5763"),
    "vanishing": ("#eaf3fc", "#3f6f9a", "#2f5f8a"),
    "exploding": ("#fff0e8", "#B54901", "#943700"),
    "nan": ("#fdf0f8", "#A8327B", "#A8327A"),
    "stale": ("#fff6d6", "#8a6d00", "#6b5500"),
}
"""Fill, line and text of a card with a finding of the health view."""

HEAT = ("#8a3800", "#c96a2b", "#e5a47a", "#f4d5bf", "#f2f3f5", "#c3dcee", "#86bbdf", "#3d8fc4", "#004f7c")
"""Nine steps from negative (orange) over zero to positive (blue)."""

CLUSTER = ("#fbfcfd", "#b4bec8")

DARK: dict[str, str] = {
    PAPER: "#0d1117", INK: "#e6edf3", MUTE: "#9aa7b4", VALUE: "#58b0e6", GRAD: "#ff9a5c", LINE: "#7d8b99",
    NOW: "#f2b733", HALO: "#4a3a12", GOOD: "#3fc794", BAD: "#e58cc2",
    PENDING["fill"]: "#11161d", PENDING["line"]: "#3a444e", PENDING["text"]: "#8a96a3",
    "#eaf4fb": "#132b3c", "#4f9fd0": "#3f8fc4", "#e5f5ee": "#0f3329", "#009E73": "#1fae84",
    "#f7f8fa": "#1c232b", "#8793a1": "#7d8b99", "#f3f3f3": "#22272d", "#a3a9b0": "#6b7580",
    "#fdf1f7": "#3a2030", "#CC79A7": "#cc79a7", "#f4f6f8": "#1f2831", "#708090": "#8fa0b0",
    "#f1f2f4": "#20242a", "#7b8794": "#8b97a3", "#4b5763": "#aab6c1",
    "#eaf3fc": "#14293f", "#3f6f9a": "#6aa0d0", "#2f5f8a": "#8fc0ec",
    "#fff0e8": "#40200d", "#B54901": "#ff9a5c", "#943700": "#ffb384",
    "#fdf0f8": "#3a1730", "#A8327B": "#e58cc2",
    "#fff6d6": "#332b0c", "#8a6d00": "#d8b84a", "#6b5500": "#e6cc75",
    "#fbfcfd": "#10161d", "#b4bec8": "#46515c",
    "#8a3800": "#ffb07d", "#c96a2b": "#d97f42", "#e5a47a": "#9c5427", "#f4d5bf": "#5c3319", "#f2f3f5": "#2a3038",
    "#c3dcee": "#1d4461", "#86bbdf": "#2c6d9c", "#3d8fc4": "#4f9fd0", "#004f7c": "#9fd4f7",
}  # fmt: skip
"""What each light colour becomes in a dark scheme."""


def luminance(colour: str) -> float:
    """Give the relative luminance of ``#rrggbb`` (WCAG 2.1, definition in section 3).

    >>> luminance("#ffffff"), luminance("#000000")
    (1.0, 0.0)
    """
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Give the contrast ratio of two colours, from 1 to 21 (WCAG 2.1, section 1.4.3).

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def dark_rules(scope: str, used: Container[tuple[str, str]] | None = None) -> str:
    """Write the CSS rules that recolour a picture: ``scope`` is its selector, such as ``#cr-1a2b``.

    ``used`` lists the pairs (``fill`` or ``stroke``, colour) that occur; all are written where it is None.
    """
    rules: list[str] = []
    for light, dark in DARK.items():
        low = light.lower()
        rules.extend(
            f'{scope} [{what}="{low}"]{{{what}:{dark}}}'
            for what in ("fill", "stroke")
            if used is None or (what, low) in used
        )
    return "".join(rules)
