"""An SVG in which the backward pass plays by itself: CSS alone, so that it plays where a README is shown.

Each step lasts 1.2 seconds: the sending card gets a halo, its arrows and the receiving gradients appear. Readers who
asked their system for less motion see the finished picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.drawing import engines, palette, svg
from autograd.drawing.page import stage_tree
from autograd.errors import InputValueError

if TYPE_CHECKING:
    from autograd.drawing.figure import Figure

SECONDS = 1.2
MOST = 60


def animated(figure: Figure) -> str:
    """Give the animated SVG of a figure.

    Raises:
        InputValueError: there are more than 60 steps; nobody watches that long.
    """
    scene, source, steps = figure.staged
    if len(steps) > MOST:
        raise InputValueError(
            f"an animation of {len(steps)} steps is too long (at most {MOST}); fold more (depth=0), or save the .html page"
        )
    root = stage_tree(engines.layout(source), scene, source, figure.theme)
    pid = svg.picture_id(source)
    total = len(steps) + 2  # the finished picture stays for two steps
    whole = total * SECONDS
    rules = [f"#{pid} .halo{{fill-opacity:0;stroke-opacity:0}}#{pid} .mark{{visibility:hidden}}"]
    first_seen: dict[str, int] = {}
    when_now: dict[str, list[int]] = {}
    for k, step in enumerate(steps):
        when_now.setdefault(step.node, []).append(k)
        for sent in step.sends:
            first_seen.setdefault(f"{sent['to']} .gr", k)
            if "edge" in sent:
                first_seen.setdefault(sent["edge"], k)
    play = f"{whole:g}s step-end infinite"
    grad = palette.GRAD.lower()
    for target, k in sorted(first_seen.items()):
        name = f"{pid}-{target.split(' ')[0]}-{'g' if ' ' in target else 'e'}"
        low = "0" if " " in target else "0.12"
        rules.append(f"@keyframes {name}{{0%{{opacity:{low}}}{_percent(k, total)}{{opacity:1}}100%{{opacity:1}}}}")
        if " " in target:
            rules.append(f"#{pid}-{target}{{animation:{name} {play}}}")
        else:
            here = f"#{pid}-{target}"
            rules.append(
                f'{here} path[stroke="{grad}"],{here} polygon[fill="{grad}"],{here} text{{animation:{name} {play}}}'
            )
    for node, moments in sorted(when_now.items()):
        name = f"{pid}-{node}-h"
        frames = ["0%{fill-opacity:0}"]
        for k in moments:
            frames.append(f"{_percent(k, total)}{{fill-opacity:1}}")
            if k + 1 not in moments:
                frames.append(f"{_percent(k + 1, total)}{{fill-opacity:0}}")
        if moments[0] == 0:
            frames.pop(0)
        rules.append(
            f"@keyframes {name}{{{''.join(frames)}}}#{pid}-{node} .halo{{fill:{palette.HALO};animation:{name} {play}}}"
        )
    dark = f"#{pid} .halo{{fill:{palette.DARK[palette.HALO]}!important}}"
    rules.append(
        dark
        if figure.theme == "dark"
        else f"@media screen and (prefers-color-scheme:dark){{{dark}}}"
        if figure.theme == "auto"
        else ""
    )
    rules.append(f"@media(prefers-reduced-motion:reduce){{#{pid} *{{animation:none!important}}}}")
    sheet = root.find(svg.SVG + "style")
    assert sheet is not None
    sheet.text = (sheet.text or "") + "".join(rules)
    return svg.write(root)


def _percent(k: int, total: int) -> str:
    return f"{100 * k / total:.3f}%"
