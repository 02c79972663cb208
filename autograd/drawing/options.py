"""How one picture is to be made: the Options that ``draw`` fills in and every writer reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autograd.drawing.wording import Numbers

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass
class Options:
    """How a picture is to be made."""

    view: str = "both"
    direction: str = "LR"
    numbers: Numbers = field(default_factory=Numbers)
    run: bool = True
    constants: bool = True
    parameters: frozenset[int] | None = None
    """Positions of the parameters; None guesses by class and name."""
    findings: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    moment: Any = None
    """The moment of the pass that is drawn: a Moment."""
    past: frozenset[int] = frozenset()
    """Positions of nodes that have sent already, before the moment."""
    sums: Mapping[int, Any] = field(default_factory=dict)
    """Gradients as they stand at the moment."""
    reserve: Mapping[int, str] = field(default_factory=dict)
    """The widest text of each gradient cell, over all moments."""
    timeless: bool = False
    """A film: numbers come from the frames, so none of this moment is written on the edges."""
    heading: str | None = None
    lines: tuple[str, ...] = ()
