"""A guided tour in eight parts: from one expression to a network that reads digits, in the three steps of learning.

At the keyboard there is a pause after each part, and in the third you are at the prompt of the debugger yourself.
The parts are in ``tour_parts``, to be read from top to bottom.
"""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass
from typing import Any

from demos.course import Narrator, Options
from demos.tour_parts import PARTS, at_the_keyboard

OPENING = (
    "Machine learning takes three steps: 1. a function with unknowns, 2. a [loss function], 3. an optimiser that "
    "finds the best function. Frameworks compute the derivatives for us, and it may feel like alchemy. On this tour "
    "no step stays hidden."
)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the tour found, as numbers."""

    parts: int  # how many parts were seen
    right_alone: int = 0  # of the four corners that a neuron gets right when exactly one input must be 1
    right_together: int = 0  # of those that the network gets right
    accuracy: float = math.nan  # share of unseen digits that are read right
    parameters: int = 0  # of the network that reads digits


# --- the guide ----------------------------------------------------------------------------------------------------


def main(options: Options) -> Findings:
    """Guide through all parts."""
    tell = Narrator(options)
    tell.say(OPENING)
    found: dict[str, Any] = {}
    for number, part in enumerate(PARTS, start=1):
        title, about, *paragraphs = prose(part)
        tell.title(f"{number} of {len(PARTS)}   {title}")
        for paragraph in (about, *paragraphs):
            tell.say(paragraph)
        tell.line()
        try:
            found |= part(tell, options)
        except ImportError as error:
            tell.say(f"This part must be left out ({error}). Install: python -m pip install 'chainrule[demos]'")
        if number < len(PARTS) and not goes_on(options):
            tell.say(f"You saw {number} of {len(PARTS)} parts. python -m demos lists lessons on each of them.")
            return Findings(number, found.get("alone", 0), found.get("together", 0))
    return conclude(tell, found)


def prose(part: Any) -> list[str]:
    """Give the title of a part and its paragraphs, from its docstring.

    >>> prose(PARTS[0])[:2]
    ['An expression', 'Step 1, a function with unknowns.']
    """
    first, *paragraphs = (" ".join(p.split()) for p in inspect.cleandoc(part.__doc__).split("\n\n"))
    title, _, about = first.partition(": ")
    return [title, about[:1].upper() + about[1:], *paragraphs]


def goes_on(options: Options) -> bool:
    """Wait for Enter at the keyboard; q, or the end of the input, stops the tour."""
    if not at_the_keyboard(options):
        return True
    try:
        return input("\nEnter goes on, q stops: ").strip().lower() not in {"q", "quit", "exit"}
    except EOFError:
        print()
        return False


def conclude(tell: Narrator, found: dict[str, Any]) -> Findings:
    """Say what was found in one sentence, and give it as numbers."""
    findings = Findings(
        len(PARTS), found["alone"], found["together"], found.get("accuracy", math.nan), found.get("parameters", 0)
    )
    read = f", and one of {findings.parameters} reads {findings.accuracy:.1%} of 1000 unseen digits right"
    tell.finding(
        f"by the same three steps one neuron gets {findings.right_alone} of 4 corners right, a network of 17 unknowns "
        f"{findings.right_together} of 4{read if findings.parameters else ''}."
    )
    return findings
