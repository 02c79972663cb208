"""The growth plot: cost per operation against the number of operations, log-log, as one SVG for light and dark screens.

Left the engines, right our own tools; a level line is a linear cost. The SVG is the same bytes for the same numbers
and the same matplotlib (the extra ``demos``). Colours are those of the pictures, marker and dash tell contenders apart
without colour, and every curve carries its name.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from .description import GC_OFF

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .document import Entry

INK, MUTE, FAINT = "#1f2933", "#5b6773", "#d5dbe1"
DARK = {
    INK: "#e6edf3", MUTE: "#9aa7b4", FAINT: "#2b343d", "#0072b2": "#58b0e6", "#b54900": "#ff9a5c",
    "#007a56": "#3fc794", "#a8327a": "#e58cc2", "#8a6d00": "#d8b84a",
}  # fmt: skip
"""What each colour becomes on a dark screen; keys as matplotlib writes them, in lower case."""

STYLES: dict[str, tuple[str, str, str, str]] = {
    "chainrule": ("chainrule", "#0072b2", "o", "-"),
    "microgpt": ("microgpt-style", "#8a6d00", "s", "--"),
    "micrograd": ("micrograd", "#007a56", "^", "--"),
    "micrograd.collector-on": ("micrograd, collector on", "#007a56", "v", ":"),
    "torch": ("PyTorch", "#b54900", "D", "--"),
    "mygrad": ("MyGrad", MUTE, "P", "--"),
    "hips": ("HIPS autograd", "#a8327a", "X", "--"),
    "chainrule.text": ("text", "#007a56", "^", "--"),
    "chainrule.open": ("debugger, opened", "#b54900", "D", "--"),
    "chainrule.draw": ("picture, folded", "#a8327a", "X", "--"),
    "chainrule.compile": ("compiling", "#8a6d00", "s", "--"),
}
"""Name, colour, marker and dash of each curve."""
PANELS = (("growth", "forward + backward, collector off"), ("tools", "our own tools"))
FONTS = "Helvetica,Arial,'Liberation Sans',sans-serif"
GAP = 0.16
"""The least distance of two names, in decades."""


def names_apart(heights: list[float], gap: float = GAP) -> list[float]:
    """Move heights apart so that neighbours keep a distance, as little as that takes.

    >>> names_apart([1.0, 1.05, 3.0], gap=0.5)
    [0.775, 1.275, 3.0]
    """
    order = sorted(range(len(heights)), key=heights.__getitem__)
    groups = [[heights[i]] for i in order]
    merged = True
    while merged:
        merged = False
        for k in range(len(groups) - 1):
            low, high = groups[k], groups[k + 1]
            if middle(high) - gap * (len(high) - 1) / 2 - middle(low) - gap * (len(low) - 1) / 2 < gap - 1e-12:
                groups[k : k + 2] = [low + high]
                merged = True
                break
    placed = [round(middle(g) + gap * (i - (len(g) - 1) / 2), 6) for g in groups for i in range(len(g))]
    found = [0.0] * len(heights)
    for i, height in zip(order, placed, strict=True):
        found[i] = height
    return found


def middle(group: list[float]) -> float:
    """Give the mean."""
    return sum(group) / len(group)


def per_operation(nanoseconds: float) -> str:
    """Write a power of ten of nanoseconds.

    >>> per_operation(100.0), per_operation(10_000.0)
    ('100 ns', '10 µs')
    """
    return f"{nanoseconds:g} ns" if nanoseconds < 1000 else f"{nanoseconds / 1000:g} µs"


def svg(entries: Iterable[Entry]) -> str:
    """Draw the growth of what was measured, as SVG."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    settings = {"svg.hashsalt": "growth", "svg.fonttype": "none", "font.size": 11.0, "font.family": "DejaVu Sans"}
    by_name = {e.name: e for e in entries}
    with mpl.rc_context(settings):
        figure = Figure(figsize=(11.0, 4.3))
        axes = figure.subplots(1, 2, sharey=True, gridspec_kw={"width_ratios": (1.0, 1.0)})
        for ax, (name, title) in zip(axes, PANELS, strict=True):
            panel(ax, by_name.get(name), title)
        axes[0].set_ylabel("time per operation", color=INK)
        figure.subplots_adjust(left=0.085, right=0.85, bottom=0.13, top=0.9, wspace=0.66)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return dressed(out.getvalue())


def panel(ax: Any, entry: Entry | None, title: str) -> None:
    """Draw one panel; an empty one says so."""
    ax.set_title(title, color=INK, fontsize=12, loc="left")
    ax.set(xscale="log", yscale="log", xlim=(7e2, 1.5e6), ylim=(1e2, 1e5))
    ax.set_xlabel("operations", color=INK)
    ax.set_xticks([1e3, 1e4, 1e5, 1e6], ["10³", "10⁴", "10⁵", "10⁶"])
    ax.set_yticks([1e2, 1e3, 1e4, 1e5], [per_operation(t) for t in (1e2, 1e3, 1e4, 1e5)])
    ax.minorticks_off()
    ax.tick_params(colors=MUTE, length=0)
    ax.grid(visible=True, color=FAINT, linewidth=0.8)
    for side, spine in ax.spines.items():
        spine.set_visible(side in {"left", "bottom"})
        spine.set_color(FAINT)
    curves = [] if entry is None else [(n, entry.curve(n, GC_OFF)) for n in STYLES]
    curves = [(name, points) for name, points in curves if points]
    if not curves:
        ax.text(0.5, 0.5, "not measured", transform=ax.transAxes, ha="center", color=MUTE)
        return
    import math

    top = max(t for _, points in curves for _, t in points)
    ax.set_ylim(10 ** math.floor(math.log10(min(t for _, p in curves for _, t in p))), max(1e5, 1.3 * top))
    heights = names_apart([math.log10(points[-1][1]) for _, points in curves])
    for (name, points), height in zip(curves, heights, strict=True):
        label, colour, marker, dash = STYLES[name]
        ours = name == "chainrule"
        ax.plot(
            *zip(*points, strict=True), color=colour, marker=marker, linestyle=dash, linewidth=2.6 if ours else 1.6,
            markersize=6, zorder=3 if ours else 2,
        )  # fmt: skip
        x, y = points[-1]
        if abs(height - math.log10(y)) > 0.02 or x < 1e6:
            ax.plot((x, 1.72e6), (y, 10**height), color=colour, linewidth=0.7, alpha=0.55, clip_on=False)
        ax.text(1.85e6, 10**height, label, color=colour, va="center", fontweight="bold" if ours else "normal")


def dressed(drawn: str) -> str:
    """Give the SVG its fonts, a title for screen readers, and its colours on a dark screen."""
    drawn = re.sub(r"^<\?xml.*?<svg ", "<svg ", drawn, flags=re.DOTALL)
    drawn = re.sub(r"<metadata>.*?</metadata>\s*", "", drawn, flags=re.DOTALL)
    drawn = drawn.replace("'DejaVu Sans'", FONTS).replace("<svg ", '<svg id="growth" role="img" ', 1)
    rules = "".join(
        f'#growth [style*="{what}: {light}"]{{{what}:{dark}!important}}'
        for light, dark in DARK.items()
        for what in ("fill", "stroke")
        if f"{what}: {light}" in drawn
    )
    sheet = f"@media screen and (prefers-color-scheme:dark){{#growth{{background:#0d1117}}{rules}}}"
    head = f"<title>Cost per operation against the number of operations</title>\n<style>{sheet}</style>\n"
    start = drawn.index(">", drawn.index("<svg ")) + 1
    return "\n".join(line.rstrip() for line in (drawn[:start] + "\n" + head + drawn[start:]).splitlines()) + "\n"
