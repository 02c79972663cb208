"""The page of ``python -m demos all``: every finding with its pictures, in one file beside them.

It needs no network and no script, links are relative, and it is readable in light and dark and on a phone. Graphs
bring their own dark colours; plots stay on white.
"""

from __future__ import annotations

import re
import struct
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from autograd.errors import InputValueError
from demos.command import summary

if TYPE_CHECKING:
    from demos.everything import Lesson

STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --quiet: #5c6873; --paper: #ffffff; --card: #f4f6f8; --line: #d5dbe1;
        --accent: #0b5fa5; --bad: #a32a00 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e9ee; --quiet: #9aa7b4; --paper: #14181d; --card: #1d232a; --line: #36404a; --accent: #7ab8f0;
          --bad: #ff9c73 } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 66rem; background: var(--paper); color: var(--ink);
       font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem }
h2 { font-size: 1.2rem; margin: 0 }
a { color: var(--accent) }
nav ol { columns: 11rem; padding-left: 1.6rem }
section { border-top: 1px solid var(--line); margin-top: 2.2rem; padding-top: 1.2rem }
.about, figcaption, .note { color: var(--quiet) }
.about { margin: .2rem 0 0 }
.finding { background: var(--card); border-left: 4px solid var(--accent); border-radius: 4px; padding: .7rem 1rem;
           margin: 1rem 0; overflow-wrap: anywhere }
.failed { border-color: var(--bad) }
.failed strong { color: var(--bad) }
figure { margin: 1.2rem 0; overflow-x: auto }
figure img { display: block; max-width: 100%; height: auto; border-radius: 6px }
.plot img { background: #fff }
figcaption { font-size: .85rem; margin-top: .3rem; position: sticky; left: 0 }
pre { background: var(--card); border-radius: 6px; padding: .8rem 1rem; overflow-x: auto; font-size: .82rem; line-height: 1.4 }
summary { cursor: pointer; color: var(--accent) }
@media (max-width: 45rem) { .wide img { max-width: none; width: 44rem } }
"""


def write_page(folder: Path, lessons: list[Lesson]) -> Path:
    """Write ``index.html`` into the folder of the pictures and give its path.

    Raises:
        InputValueError: it cannot be written.
    """
    path = folder / "index.html"
    try:
        path.write_text(page(folder, lessons), encoding="utf-8")
    except OSError as error:
        raise InputValueError(f"cannot write {path}: {error.strerror or error}; choose a folder with --out") from None
    return path


def page(folder: Path, lessons: list[Lesson]) -> str:
    """Give the whole page."""
    fine = sum(lesson.state == "fine" for lesson in lessons)
    links = "\n".join(f'<li><a href="#{quote(x.name)}">{escape(x.name)}</a>{_mark(x)}</li>' for x in lessons)
    sections = "\n".join(section(folder, lesson) for lesson in lessons)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>chainrule: what the lessons find</title>
<style>{STYLE}</style>
</head>
<body>
<h1>What the lessons find</h1>
<p class="about">Each lesson of <code>python -m demos</code> in teaching order, with its finding and its pictures.
{fine} of {len(lessons)} ran to their end.</p>
<nav aria-label="Lessons"><ol>
{links}
</ol></nav>
<main>
{sections}
</main>
</body>
</html>
"""


def _mark(lesson: Lesson) -> str:
    return "" if lesson.state == "fine" else f' <span class="note">({lesson.state})</span>'


def section(folder: Path, lesson: Lesson) -> str:
    """Give one lesson: what it is about, what it found, its pictures, and what it printed behind a fold."""
    parts = [f'<section id="{escape(lesson.name)}">', f"<h2>{escape(lesson.name)}</h2>"]
    parts.append(f'<p class="about">{escape(summary(lesson.name))}</p>')
    if lesson.state == "fine":
        parts.append(f'<p class="finding"><strong>Finding:</strong> {escape(lesson.finding or "none was told.")}</p>')
    else:
        why = escape(lesson.complaint.splitlines()[-1]) if lesson.complaint and lesson.state == "failed" else ""
        parts.append(f'<p class="finding failed"><strong>{lesson.state}</strong>{": " if why else ""}{why}</p>')
    parts += [figure(folder, lesson.name, picture) for picture in lesson.pictures]
    if lesson.printed:
        link = f'<a href="{quote(lesson.text)}">{escape(lesson.text)}</a>'
        told = f"<pre>{escape(lesson.printed)}</pre><p class=note>As a file: {link}</p>"
        parts.append(f"<details><summary>What it printed</summary>{told}</details>")
    return "\n".join([*parts, "</section>"])


def figure(folder: Path, lesson: str, picture: str) -> str:
    """Give one picture, linked to its file; a page with a picture in it (``.html``) is linked only."""
    link, name = quote(picture), escape(picture)
    suffix = Path(picture).suffix
    if suffix not in {".png", ".svg"}:
        return f'<p><a href="{link}">{name}</a></p>'
    width, height = size(folder / picture)
    kind = ("plot" if suffix == ".png" else "graph") + (" wide" if width > 1.7 * height else "")
    about = escape(Path(picture).stem.removeprefix(lesson).strip("_").replace("_", " ") or "picture")
    known = f' width="{width}" height="{height}"' if width else ""
    image = f'<img src="{link}"{known} alt="{escape(lesson)}: {about}" loading="lazy">'
    return f'<figure class="{kind}"><a href="{link}">{image}</a><figcaption>{name}</figcaption></figure>'


def size(path: Path) -> tuple[int, int]:
    """Give width and height of a PNG or SVG file in pixels of the page; zeros when they cannot be read."""
    head = path.read_bytes()[:4000]
    if head.startswith(b"\x89PNG"):
        width, height = struct.unpack(">II", head[16:24])
        return width * 3 // 5, height * 3 // 5
    found = re.search(rb'<svg[^>]*?\bwidth="([\d.]+)(pt|px)?"[^>]*?\bheight="([\d.]+)', head)
    if not found:
        return 0, 0
    scale = 4 / 3 if found[2] == b"pt" else 1
    return round(float(found[1]) * scale), round(float(found[3]) * scale)
