"""What becomes of Graphviz's SVG: fonts with fallbacks, dark mode, titles for screen readers, ids of its own.

Graphviz writes each colour as an attribute; the rules in a ``<style>`` block, scoped under the picture's id, replace them in a
dark scheme. Numbers are set from the right edge of their card, so a font a little wider or narrower than the one that
was laid out with never pushes them out.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from autograd.drawing import palette as p
from autograd.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Container

    from autograd.drawing.scene import Card, Scene

SVG = "{http://www.w3.org/2000/svg}"
ET.register_namespace("", "http://www.w3.org/2000/svg")


def picture_id(source: str) -> str:
    """Give an id that is the same for the same picture, and different for others on the same page."""
    return "cr-" + hashlib.sha256(source.encode()).hexdigest()[:10]


def finish(raw: bytes, scene: Scene, source: str, theme: p.Theme = "auto", *, paper: bool = False) -> str:
    """Turn Graphviz's SVG into ours.

    With ``paper`` it brings a background: a notebook may be dark where the system is light, and the other way round.
    """
    root = tree(raw, scene, source, theme)
    sheet = root.find(SVG + "style")
    if paper and theme != "dark" and sheet is not None:
        sheet.text = f"#{root.get('id')}{{background:{p.PAPER}}}{sheet.text}"
    return write(root)


def write(root: ET.Element) -> str:
    """Write an SVG tree as text, without the XML declaration, so that it can stand inside a page."""
    return ET.tostring(root, encoding="unicode")


def tree(raw: bytes, scene: Scene, source: str, theme: p.Theme = "auto") -> ET.Element:
    """Give the finished SVG as a tree."""
    root = ET.fromstring(raw.decode())  # noqa: S314  Graphviz's own output
    pid = picture_id(source)
    root.set("id", pid)
    root.set("class", "chainrule")
    root.set("role", "graphics-document document")
    root.set("aria-labelledby", f"{pid}-title {pid}-desc")
    root.set("style", "max-width:100%;height:auto" + (f";background:{p.DARK[p.PAPER]}" if theme == "dark" else ""))
    head = [
        ET.Element(SVG + "title", id=f"{pid}-title"),
        ET.Element(SVG + "desc", id=f"{pid}-desc"),
        ET.Element(SVG + "style"),
    ]
    head[0].text, head[1].text = one_line(scene.heading), one_line(scene.description)
    used = {(what, (e.get(what) or "").lower()) for e in root.iter() for what in ("fill", "stroke")}
    head[2].text = style(pid, theme, used | {("fill", p.NOW.lower())})
    cards = {c.key: c for c in scene.cards}
    titles = {a.key: a.title for a in scene.arrows}
    for group in root.iter(SVG + "g"):
        kinds = (group.get("class") or "").split()
        title = group.find(SVG + "title")
        key = group.get("id", "")
        group.set("id", f"{pid}-{key}")
        if "node" in kinds and key in cards:
            _card(group, cards[key], title)
        elif "edge" in kinds and title is not None:
            title.text = one_line(titles.get(key, ""))
        elif title is not None:
            group.remove(title)
    for text in root.iter(SVG + "text"):
        family = text.get("font-family", "")
        text.set("font-family", p.STACKS.get(family, family))
        text.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None)
    root[:0] = head
    return root


def style(pid: str, theme: p.Theme, used: Container[tuple[str, str]] | None = None) -> str:
    """Write the rules of a picture: what a dark scheme changes, and a frame for the node that has the focus."""
    rules = p.dark_rules(f"#{pid}", used)
    if theme == "dark":
        return rules
    if theme == "light":
        return f"#{pid}{{color-scheme:light}}"
    # On paper the light colours stand, whatever the screen prefers.
    return f"@media screen and (prefers-color-scheme:dark){{#{pid}{{background:{p.DARK[p.PAPER]}}}{rules}}}"


def _card(group: ET.Element, card: Card, title: ET.Element | None) -> None:
    group.set("role", "img")
    parts = [one_line(card.title), *(one_line(part) for part in card.description.split("; ") if part)]
    group.set("aria-label", "; ".join(parts))
    if title is not None:
        title.text = "\n".join(parts)
    if card.small:
        return
    right = edges_of(group)[2]
    inset = 5.0 + (5.0 if card.state == "now" else 0.0)
    numbers = [(row.text, "gr" if row.label == "grad" or row.label.startswith("∂") else "va") for row in card.rows]
    right_hand = {card.note: "note"} if card.note and not card.line else {}
    wanted = list(numbers)
    for text in group.iter(SVG + "text"):
        written = (text.text or "").replace("\xa0", " ")
        if wanted and written == wanted[0][0] and text.get("font-family") == p.MONO:
            text.set("class", f"n {wanted[0][1]}")
            wanted.pop(0)
        elif written in right_hand:
            text.set("class", "note")
        else:
            continue
        if not card.line or not wanted:  # on one line, only the last number stands at the edge
            text.set("text-anchor", "end")
            text.set("x", f"{right - inset - (1.0 if text.get('class') == 'note' else 0.0):.2f}")


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def edges_of(group: ET.Element) -> tuple[float, float, float, float]:
    """Give left, top, right and bottom of the outlines inside a group."""
    xs: list[float] = []
    ys: list[float] = []
    for shape in group:
        if shape.tag == SVG + "polygon":
            numbers = [float(v) for v in _NUMBER.findall(shape.get("points", ""))]
        elif shape.tag == SVG + "path":
            numbers = [float(v) for v in _NUMBER.findall(shape.get("d", ""))]
        else:
            continue
        xs.extend(numbers[::2])
        ys.extend(numbers[1::2])
    if not xs:
        return 0.0, 0.0, 0.0, 0.0
    return min(xs), min(ys), max(xs), max(ys)
