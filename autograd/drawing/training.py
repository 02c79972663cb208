"""``record``: the same graph over a training run, to be scrubbed through: values, gradients and weights as they change.

Types
    Film    the frames of a run: per step the loss, and value and gradient of every node.

A frame is taken between ``backward()`` and the update of the weights: what the picture shows then belongs together.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import short
from autograd.drawing import dot, engines, heat, palette, svg
from autograd.drawing.compose import compose
from autograd.drawing.entry import draw
from autograd.drawing.figure import UnwritableError, written
from autograd.drawing.page import document, stage_tree
from autograd.drawing.passes import Pass, stale
from autograd.drawing.wording import NONE, shorten
from autograd.errors import GradientError, InputTypeError, InputValueError, StaleError
from autograd.graph import Graph
from autograd.naming import names_of_caller
from autograd.node import Node

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from autograd.drawing.figure import Figure

MOST = 2000


class Film:
    """A recorded run.

    ``add(loss)`` takes a frame; ``save("training.html")`` writes the page; a notebook shows it.

    >>> from autograd import Value
    >>> w = Value(3.0, name="w")
    >>> film = Film()
    >>> for _ in range(3):
    ...     loss = (w - 1) ** 2
    ...     film.add(loss)
    ...     loss.backward()
    ...     w.data -= 0.25 * w.grad
    ...     w.zero_grad()
    >>> film
    <film of 3 frames, 3 nodes, loss 4 → 0.25>
    """

    def __init__(self, **options: Any) -> None:
        """Take the options of ``draw`` for the picture."""
        self._options = options
        self._shape: tuple[Any, ...] | None = None
        self.figure: Figure | None = None
        self.losses: list[float] = []
        self.frames: list[tuple[list[Any], list[Any]]] = []
        """Values and gradients of each frame, by position; arrays are copies."""

    def add(self, loss: Any) -> None:
        """Take a frame: call it with the loss, before the weights are updated.

        The gradients are computed for the film; ``.grad`` is left alone, so ``backward()`` may run before or after.

        Raises:
            StaleError: the weights were updated since the loss was computed.
            InputValueError: the graph is another one than in the first frame.
        """
        if not isinstance(loss, Node) or loss._data is None or np.size(loss._data) != 1:
            raise InputTypeError(f"a frame is taken of a loss: one number that was computed; got {short(loss)}")
        if len(self.frames) >= MOST:
            raise InputValueError(f"a film holds at most {MOST} frames; take every tenth step, say")
        names = names_of_caller()
        graph = Graph(loss, names=names)
        shape = tuple((n.op.name if n.op else None, n.shape, tuple(a.position for _, a in n.inputs)) for n in graph)
        if self._shape is None:
            self._shape = shape
        elif shape != self._shape:
            raise InputValueError(
                f"frame {len(self.frames)} has another graph ({len(shape)} nodes) than the first ({len(self._shape)}): a film shows one "
                "graph over time; record the same expression at every step"
            )
        old = next((why for n in graph if (why := stale(n))), None)
        if old is not None:
            raise StaleError(f"take the frame before the weights are updated: {old}")
        backward = Pass(graph)
        if backward.note:
            raise GradientError(backward.note)
        if self.figure is None:
            self.figure = draw(graph, **{"title": "training", **self._options})
        self.losses.append(float(np.asarray(loss._data).reshape(())))
        self.frames.append(([_copy(n.data) for n in graph], [_copy(backward.grad(n)) for n in graph]))

    def __len__(self) -> int:
        """Give the number of frames."""
        return len(self.frames)

    def __repr__(self) -> str:
        """Show the length and the loss at both ends."""
        if not self.frames:
            return "<film without frames: add(loss) takes one>"
        return f"<film of {len(self)} frames, {len(self.frames[0][0])} nodes, loss {self.losses[0]:g} → {self.losses[-1]:g}>"

    @property
    def html(self) -> str:
        """The page: the graph, a slider over the frames, and the curve of the loss beside it."""
        if self.figure is None:
            raise InputValueError("this film has no frames; call add(loss) at every step of the training")
        f = self.figure
        write = f.options.numbers.write
        o = replace(f.options, view="both", heading=f.options.heading or "training", timeless=True)
        plan_items = {item.nodes[0].position: f"n{item.nodes[0].position}" for item in f.plan.items if item.single}
        columns = {}
        widest = {}
        for position, key in plan_items.items():
            tracked = f.graph[position].node._tracked
            values = [write(frame[0][position]) for frame in self.frames]
            grads = [
                write(frame[1][position]) if tracked and frame[1][position] is not None else NONE
                for frame in self.frames
            ]
            columns[key] = {"v": values, "g": grads}
            shades = [heat.cells(frame[0][position]) for frame in self.frames]
            if any(shades):
                columns[key]["hv"] = ["".join(str(s) for row in c for s in row) for c in shades]
                columns[key]["hg"] = [
                    "".join(str(s) for row in heat.cells(frame[1][position]) for s in row) for frame in self.frames
                ]
            widest[position] = max([*values, *grads], key=len)
        o.reserve = widest
        scene = compose(f.graph, f.plan, f.backward, o)
        for card in scene.cards:
            if card.key in columns:
                both = columns[card.key]
                card.description = f"value {both['v'][0]} → {both['v'][-1]}; gradient {both['g'][0]} → {both['g'][-1]}"
                for row in card.rows:
                    row.reserve = widest[int(card.key[1:])]
        source = dot.write(scene)
        root = stage_tree(engines.layout(source), scene, source, f.theme)
        data = {
            "losses": [x if np.isfinite(x) else None for x in self.losses], "shown": [write(x) for x in self.losses],
            "columns": columns, "heat": [c.lower() for c in palette.HEAT],
            "names": {key: f.graph[p].id for p, key in plan_items.items()},
            "weights": [plan_items[n.position] for n in f.graph.leaves if n.position in plan_items and n.node._tracked][:40],
        }  # fmt: skip
        controls = _controls(len(self) - 1, self.losses)
        return document(f, svg.picture_id(source), svg.write(root), data, "training.js", controls)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file whose name ends in ``.html``."""
        target = Path(path)
        if target.suffix.lower() != ".html":
            raise InputValueError(
                f"a film is saved as a page; end the name in .html, not {target.suffix or 'nothing'!r}"
            )
        if not target.parent.is_dir():
            raise UnwritableError(f"cannot save to {str(target)!r}: there is no directory {str(target.parent)!r}")
        return written(target, self.html.encode())

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Give a notebook the page in a frame of its own."""
        try:
            page = escape(self.html, quote=True)
        except Exception as error:  # noqa: BLE001  a notebook must go on
            return {"text/plain": f"{self!r}\n{error}"}
        frame = f'<iframe sandbox="allow-scripts" style="width:100%;height:720px;border:0" title="training" srcdoc="{page}"></iframe>'
        return {"text/html": frame, "text/plain": repr(self)}


def record(losses: Iterable[Any] | None = None, **options: Any) -> Film:
    """Record a training run: give the losses as they are computed, each before its update, or ``add`` them yourself.

    Args:
        losses: an iterator that yields the loss of each step before it updates the weights, such as a generator.
        options: the options of ``draw`` for the picture.

    >>> from autograd import Value
    >>> w = Value(3.0, name="w")
    >>> def train(steps):
    ...     for _ in range(steps):
    ...         loss = (w - 1) ** 2
    ...         yield loss
    ...         w.zero_grad(); loss.backward(); w.data -= 0.25 * w.grad
    >>> record(train(5))
    <film of 5 frames, 3 nodes, loss 4 → 0.015625>
    """
    film = Film(**options)
    for loss in losses if losses is not None else ():
        film.add(loss)
    return film


def _copy(x: Any) -> Any:
    return np.array(x) if isinstance(x, np.ndarray) else x


def _controls(last: int, losses: list[float]) -> str:
    width, height = 420.0, 120.0
    good = [x for x in losses if np.isfinite(x)]
    low, high = (min(good), max(good)) if good else (0.0, 1.0)
    logarithmic = low > 0 and high / low > 50
    scale = (lambda x: float(np.log(x))) if logarithmic else float
    bottom, top = scale(low), scale(high)
    span = (top - bottom) or 1.0
    points = " ".join(
        f"{8 + (width - 16) * k / max(last, 1):.1f},{height - 10 - (height - 26) * (scale(x) - bottom) / span:.1f}"
        for k, x in enumerate(losses)
        if np.isfinite(x)
    )
    kind = "loss (logarithmic)" if logarithmic else "loss"
    told = f"{kind}: from {shorten(f'{losses[0]:.4g}', 12)} to {shorten(f'{losses[-1]:.4g}', 12)} in {last + 1} frames, lowest {low:.4g}"
    return f"""<div class="bar" role="group" aria-label="frames">
<button type="button" class="first" aria-label="first frame">|◀</button>
<button type="button" class="prev" aria-label="previous frame">◀</button>
<button type="button" class="play" aria-label="play" aria-pressed="false">▶ play</button>
<button type="button" class="next" aria-label="next frame">▶</button>
<button type="button" class="last" aria-label="last frame">▶|</button>
<input type="range" min="0" max="{last}" value="0" step="1" aria-label="frame of the training">
<output class="pos"></output><a class="link" href="#step=0">link to this frame</a></div>
<svg class="curve" role="img" aria-label="{escape(told)}" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">
<title>{escape(told)}</title>
<text x="8" y="12" font-size="11" fill="var(--mute)">{kind}</text><text class="here" x="{width - 8:g}" y="12" text-anchor="end"
 font-size="12" font-weight="700" fill="var(--value)"></text>
<polyline fill="none" stroke="var(--value)" stroke-width="1.6" points="{points}"/>
<line class="cursor" y1="16" y2="{height - 6:g}" stroke="var(--now)" stroke-width="2"/></svg>"""
