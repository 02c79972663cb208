"""Pictures of the forward and the backward pass; see ``draw``.

How to read this package, from the ground up: ``palette`` and ``wording`` (colours, numbers, widths), ``scene`` (a picture as
data), ``passes`` (the backward pass that is shown), ``repetition`` and ``folding`` (what is shown), ``health``, ``cards``,
``edges`` and ``compose`` (from a graph to a scene), ``dot``, ``engines`` and ``svg`` (from a scene to a file), ``figure`` and
``entry`` (what a user holds and calls), ``page``, ``animation`` and ``training`` (what moves).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograd.drawing.bundle import notebook as notebook
    from autograd.drawing.engines import LayoutError as LayoutError
    from autograd.drawing.engines import NoEngineError as NoEngineError
    from autograd.drawing.entry import draw as draw
    from autograd.drawing.entry import draw_dot as draw_dot
    from autograd.drawing.entry import make_dot as make_dot
    from autograd.drawing.figure import Figure as Figure
    from autograd.drawing.figure import UnwritableError as UnwritableError
    from autograd.drawing.training import Film as Film
    from autograd.drawing.training import record as record

_PLACES = {
    "draw": "entry", "draw_dot": "entry", "make_dot": "entry", "notebook": "bundle", "Figure": "figure", "UnwritableError": "figure",
    "record": "training", "Film": "training", "NoEngineError": "engines", "LayoutError": "engines",
}  # fmt: skip

__all__ = [
    "Figure",
    "Film",
    "LayoutError",
    "NoEngineError",
    "UnwritableError",
    "draw",
    "draw_dot",
    "make_dot",
    "notebook",
    "record",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _PLACES:
        raise AttributeError(f"module 'autograd.drawing' has no attribute {name!r}")
    found = getattr(import_module(f"autograd.drawing.{_PLACES[name]}"), name)
    globals()[name] = found
    return found
