"""``Figure``: a picture that can be saved, shown in a notebook, and read as source or as text.

A Figure is laid out when it is first looked at, once, and never raises inside a notebook: without Graphviz
it shows the text drawing and says how to get the picture.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd.drawing import dot, engines, palette, svg
from autograd.errors import AutogradError, InputTypeError, InputValueError

if TYPE_CHECKING:
    from autograd.drawing.folding import Plan
    from autograd.drawing.options import Options
    from autograd.drawing.passes import Pass
    from autograd.drawing.scene import Scene
    from autograd.drawing.timeline import Stage
    from autograd.graph import Graph

SUFFIXES = ("svg", "png", "pdf", "dot", "html")


class UnwritableError(AutogradError, OSError):
    """A picture cannot be written where it was asked for."""


def written(target: Path, content: bytes) -> Path:
    """Write a file, or say why not."""
    try:
        target.write_bytes(content)
    except OSError as error:
        raise UnwritableError(
            f"cannot save to {str(target)!r}: {error.strerror or error}; choose another place"
        ) from error
    return target


class Figure:
    """A picture of a graph.

    ``source`` is DOT, ``svg`` the finished SVG, ``text`` the drawing for a terminal; ``save`` writes a file.

    >>> from autograd import Value, draw
    >>> x = Value(2.0, name="x")
    >>> figure = draw(x * x, view="forward")
    >>> figure
    <picture of n1 = x × x: 2 nodes on 2 cards, view 'forward'>
    >>> figure.source.splitlines()[0]
    'digraph G {'
    """

    def __init__(
        self, graph: Graph, plan: Plan, scene: Scene, backward: Pass, options: Options, theme: palette.Theme = "auto"
    ) -> None:
        """Hold a composed scene; nothing is laid out yet."""
        self.graph = graph
        self.plan = plan
        self.scene = scene
        self.backward = backward
        self.options = options
        self.theme: palette.Theme = theme
        self.source = dot.write(scene)
        self._raw: bytes | None = None
        self._staged: tuple[Scene, str, list[Stage]] | None = None

    @property
    def raw(self) -> bytes:
        """The SVG as Graphviz wrote it, laid out once."""
        if self._raw is None:
            self._raw = engines.layout(self.source, "svg")
        return self._raw

    @property
    def svg(self) -> str:
        """The finished SVG: light and dark, with titles for screen readers."""
        return svg.finish(self.raw, self.scene, self.source, self.theme)

    @property
    def staged(self) -> tuple[Scene, str, list[Stage]]:
        """What the page and the animation are made of: the scene with room for every state, its source, the steps."""
        if self._staged is None:
            from autograd.drawing.page import staged

            self._staged = staged(self)
        return self._staged

    @property
    def text(self) -> str:
        """The same graph drawn as text; needs no Graphviz."""
        from autograd.views.rails import text

        return text(self.graph, colour=False, unicode=True, width=100)

    @property
    def html(self) -> str:
        """The interactive page: one file, nothing is loaded from elsewhere."""
        from autograd.drawing.page import page

        return page(self)

    def frame(self, start: int = 0, height: int = 560) -> str:
        """The page inside a frame, for a notebook: it runs its own script and reaches nothing else.

        Args:
            start: the step at which the page opens.
            height: of the frame, in pixels.
        """
        from html import escape

        from autograd.drawing.page import page

        return (
            f'<iframe sandbox="allow-scripts" title="backward pass of {escape(self.graph.root.id)}, step by step" '
            f'style="width:100%;height:{height}px;border:0" srcdoc="{escape(page(self, start))}"></iframe>'
        )

    @property
    def animation(self) -> str:
        """An SVG in which the backward pass plays by itself, with CSS alone: for a README."""
        from autograd.drawing.animation import animated

        return animated(self)

    def save(self, path: str | os.PathLike[str], *, animated: bool = False) -> Path:
        """Write a file; the suffix chooses the format: svg, png, pdf, dot or html.

        Args:
            path: where to; directories must exist.
            animated: write the SVG in which the backward pass plays.

        Raises:
            InputValueError: the suffix is none of these.
            UnwritableError: the file cannot be written.
            NoEngineError: there is no Graphviz; ``.dot`` can be written all the same.
        """
        if not isinstance(path, str | os.PathLike):
            raise InputTypeError(f"save() takes a path such as 'graph.svg'; got {path!r}")
        target = Path(path)
        form = target.suffix.lower().removeprefix(".")
        if form not in SUFFIXES:
            had = f"the suffix {target.suffix!r}" if form else "no suffix"
            raise InputValueError(
                f"cannot save to {str(target)!r}: it has {had}; end it in .svg, .png, .pdf, .dot or .html"
            )
        if animated and form != "svg":
            raise InputValueError(f"an animation is an SVG; save to a name that ends in .svg, not {target.name!r}")
        if not target.parent.is_dir():
            raise UnwritableError(f"cannot save to {str(target)!r}: there is no directory {str(target.parent)!r}")
        return written(target, self.animation.encode() if animated else self._content(form))

    def render(self, filename: str, format: str = "svg", **_options: Any) -> str:  # noqa: A002  graphviz's name
        """Write ``filename.svg`` as graphviz's ``Digraph.render`` does; ``save`` is the main name."""
        return str(self.save(f"{filename}.{format}"))

    def _content(self, form: str) -> bytes:
        if form == "dot":
            return self.source.encode()
        if form == "svg":
            return self.svg.encode()
        if form == "html":
            return self.html.encode()
        return engines.layout(recoloured(self.source, self.theme, dpi=self._dpi() if form == "png" else None), form)

    def _dpi(self) -> int:
        """Give a resolution at which a bitmap stays within what Cairo can hold: 32 767 dots a side."""
        found = re.search(rb'width="(\d+)pt" height="(\d+)pt"', self.raw)
        longest = max(int(found[1]), int(found[2])) if found else 1000
        return max(24, min(144, 30000 * 72 // max(longest, 1)))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Give a notebook the SVG and the text; the text alone, with advice, where there is no Graphviz."""
        try:
            picture = svg.finish(self.raw, self.scene, self.source, self.theme, paper=True)
            return {"image/svg+xml": picture, "text/plain": repr(self)}
        except AutogradError as error:
            return {"text/plain": f"{self._safe_text()}\n\n{error}"}
        except Exception as error:  # noqa: BLE001  a notebook must go on
            return {"text/plain": f"{self._safe_text()}\n\nthe picture failed: {error!r}"}

    def _safe_text(self) -> str:
        try:
            return self.text
        except Exception:  # noqa: BLE001  a notebook must go on
            return repr(self)

    def __repr__(self) -> str:
        """Show what is drawn."""
        cards = len([c for c in self.scene.cards if not c.small])
        from autograd.drawing.wording import shorten

        return f"<picture of {shorten(self.graph.root.formula, 60)}: {len(self.graph)} nodes on {cards} cards, view {self.options.view!r}>"


def recoloured(source: str, theme: palette.Theme, dpi: int | None = None) -> str:
    """Give the source for a format without style rules: dark colours written in, a resolution, a paper to stand on."""
    paper = palette.PAPER
    if theme == "dark":
        for light, dark in palette.DARK.items():
            source = (
                source.replace(f'"{light}"', f'"{dark}"')
                .replace(f'"{light}:', f'"{dark}:')
                .replace(f':{light}"', f':{dark}"')
            )
        paper = palette.DARK[palette.PAPER]
    return source.replace('bgcolor="transparent"', f'bgcolor="{paper}"' + (f" dpi={dpi}" if dpi else ""), 1)
