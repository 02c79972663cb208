"""A picture as data, before it becomes DOT, SVG or a page.

Types
    Row      one line of a card: a label and a number (or a heat map).
    Card     one node: head, note, rows, kind, state.
    Arrow    one edge with its two lines of label.
    Scene    cards, arrows, clusters, heading: everything that the writers need.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Row:
    """One line of a card."""

    label: str
    text: str
    tone: str = "value"
    """``value``, ``grad``, ``quiet`` or ``bad``: which colour."""
    reserve: str = ""
    """The widest text that this cell will ever hold, so that stepping does not move the cards."""
    cells: tuple[tuple[int, ...], ...] = ()
    """A heat map: rows of steps of ``palette.HEAT``."""


@dataclass(slots=True)
class Card:
    """One node of the picture."""

    key: str
    """The end of its id in the SVG: ``n3`` for the node at position 3, ``g2`` for a group, ``c5_1`` for a constant."""
    name: str
    """Its id in the DOT source."""
    kind: str
    head: str
    note: str
    rows: list[Row] = field(default_factory=list)
    italic: bool = False
    state: str = ""
    """``now``, ``recv``, ``pending``, ``done`` or nothing."""
    flag: tuple[str, str] | None = None
    """A finding of the health view: its sort (a key of ``palette.FLAGS``) and its words."""
    small: bool = False
    line: bool = False
    path: tuple[str, ...] = ()
    title: str = ""
    description: str = ""


@dataclass(slots=True)
class Arrow:
    """One edge, from argument to result; a backward arrow is drawn from the result to the argument."""

    key: str
    tail: str
    head: str
    sort: str
    """``fwd``, ``bwd``, ``both``, ``nograd``."""
    number: str = ""
    formula: str = ""
    width: float = 1.4
    state: str = ""
    bad: bool = False
    title: str = ""


@dataclass(slots=True)
class Scene:
    """A whole picture."""

    heading: str
    lines: list[str]
    cards: list[Card]
    arrows: list[Arrow]
    direction: str = "LR"
    scopes: dict[tuple[str, ...], int] = field(default_factory=dict)
    """How many nodes each scope that is drawn as a frame holds."""
    description: str = ""
    style: str = "cards"

    def card(self, name: str) -> Card:
        """Find a card by its name in the DOT source."""
        return next(c for c in self.cards if c.name == name)
