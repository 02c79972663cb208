"""The interactive page: one file with the picture, the steps of the backward pass, and the code that moves between them.

Nothing is loaded from elsewhere. The picture is laid out once, with room for the widest state of every card, so
stepping moves nothing. Text reaches the page as JSON with ``<`` escaped, and is set as text only, never as HTML.
"""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from autograd.drawing import dot, engines, palette, svg, timeline
from autograd.drawing.compose import compose
from autograd.drawing.wording import shorten

if TYPE_CHECKING:
    from autograd.drawing.figure import Figure
    from autograd.drawing.scene import Scene


POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
"""What a browser may load for the page: nothing from elsewhere."""


def page(figure: Figure, start: int = 0) -> str:
    """Give the page of a figure's graph: all steps of its backward pass, opened at step ``start``."""
    scene, source, steps = figure.staged
    root = stage_tree(engines.layout(source), scene, source, figure.theme)
    data = {"steps": [s.record() for s in steps], "cards": _cards(scene), "root": figure.graph.root.id}
    return document(figure, svg.picture_id(source), svg.write(root), data, "page.js", _controls(len(steps) - 1, start))


def staged(figure: Figure) -> tuple[Scene, str, list[timeline.Stage]]:
    """Compose the figure again with room for every state; give scene, source and steps."""
    o = replace(figure.options, view="both", moment=None, heading=figure.options.heading or "backward, step by step")
    steps = timeline.stages(figure.plan, figure.backward, o.numbers)
    o.reserve = timeline.widest(steps)
    scene = compose(figure.graph, figure.plan, figure.backward, o)
    return scene, dot.write(scene), steps


def stage_tree(raw: bytes, scene: Scene, source: str, theme: palette.Theme) -> ET.Element:
    """Give the finished SVG with a halo behind each card."""
    root = svg.tree(raw, scene, source, theme)
    for group in root.iter(svg.SVG + "g"):
        if "node" in (group.get("class") or "").split():
            left, top, right, bottom = svg.edges_of(group)
            halo = ET.Element(
                svg.SVG + "rect", {"class": "halo", "x": f"{left - 5:.2f}", "y": f"{top - 5:.2f}", "rx": "11"},
                width=f"{right - left + 10:.2f}", height=f"{bottom - top + 10:.2f}", fill="none",
            )  # fmt: skip
            mark = ET.Element(
                svg.SVG + "text",
                {"class": "mark", "x": f"{left + 2:.2f}", "y": f"{top - 8:.2f}", "font-size": "13.00"},
                fill=palette.NOW.lower(),
            )
            mark.text = "▶"
            mark.set("aria-hidden", "true")
            at = 1 if len(group) and group[0].tag == svg.SVG + "title" else 0
            group[at:at] = [halo, mark]
    # The halos of the upper cards must not be cut.
    numbers = [float(v) for v in (root.get("viewBox") or "0 0 0 0").split()]
    root.set("viewBox", f"{numbers[0] - 6:.2f} {numbers[1] - 6:.2f} {numbers[2] + 12:.2f} {numbers[3] + 12:.2f}")
    for side, k in (("width", 2), ("height", 3)):
        root.set(side, f"{numbers[k] + 12:.0f}pt")
    return root


def _cards(scene: Scene) -> dict[str, dict[str, Any]]:
    return {
        c.key: {"title": c.title, "text": c.description.split("; ") if c.description else [], "fixed": c.kind in ("const", "group")}
        for c in scene.cards
    }  # fmt: skip


def _controls(last: int, start: int) -> str:
    return f"""<div class="bar" role="group" aria-label="steps">
<button type="button" class="first" aria-label="first step">|◀</button>
<button type="button" class="prev" aria-label="previous step">◀</button>
<button type="button" class="play" aria-label="play" aria-pressed="false">▶ play</button>
<button type="button" class="next" aria-label="next step">▶</button>
<button type="button" class="last" aria-label="last step">▶|</button>
<input type="range" min="0" max="{last}" value="{min(start, last)}" step="1" aria-label="step of the backward pass">
<output class="pos"></output><a class="link" href="#step=0">link to this step</a></div>"""


def document(figure: Any, pid: str, picture: str, data: dict[str, Any], script: str, controls: str) -> str:
    """Put a page together from its parts."""
    here = files("autograd.drawing")
    told = (
        json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
    css = here.joinpath("page.css").read_text(encoding="utf-8")
    code = here.joinpath(script).read_text(encoding="utf-8")
    title = escape(shorten(figure.graph.root.formula, 60))
    scheme = {"auto": "light dark", "light": "light", "dark": "dark"}[figure.theme]
    dark = palette.DARK
    colours = {
        "paper": palette.PAPER, "ink": palette.INK, "mute": palette.MUTE, "value": palette.VALUE, "grad": palette.GRAD,
        "now": palette.NOW, "halo": palette.HALO, "line": palette.LINE, "soft": "#f7f8fa",
    }  # fmt: skip
    light_rules = "".join(f"--{k}:{v};" for k, v in colours.items())
    dark_rules = "".join(f"--{k}:{dark[v]};" for k, v in colours.items())
    root_rules = {
        "auto": f":root{{{light_rules}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark_rules}}}}}",
        "light": f":root{{{light_rules}}}",
        "dark": f":root{{{dark_rules}}}",
    }[figure.theme]
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="{scheme}">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{root_rules}
{css}</style></head>
<body><main data-picture="{pid}">
<div class="stage">{picture}</div>
{controls}
<div class="below"><section class="eq" aria-live="polite" aria-label="this step"></section>
<section class="node" aria-live="polite" aria-label="chosen node" hidden></section>
<div class="table"><table><caption>every step</caption><thead></thead><tbody></tbody></table></div></div>
<p class="keys">← → step · Home End first and last · space plays · click a card, or Tab to it and press Enter, for its derivation</p>
</main>
<script type="application/json">{told}</script>
<script>
{code}</script></body></html>
"""
