"""The finished SVG: well-formed, every text inside its card, no two cards on top of each other, in either engine."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from autograd import draw
from autograd.drawing import palette, wording
from demos.pictures import graphs
from tests.autograd.drawing.conftest import SVG, boxes
from tests.autograd.drawing.test_golden import PICTURES

MONO = palette.STACKS[palette.MONO]


def texts(svg):
    """Give (card id, text, left, right, baseline, size) of every text on a card, widths measured with our own table."""
    for group in ET.fromstring(svg).iter(SVG + "g"):
        if "node" not in (group.get("class") or "").split():
            continue
        for text in group.iter(SVG + "text"):
            size = float(text.get("font-size"))
            mono, bold = text.get("font-family") == MONO, text.get("font-weight") == "bold"
            wide = wording.width(text.text or "", size, mono=mono, bold=bold) - 1  # it rounds up
            x = float(text.get("x"))
            left = x - wide if text.get("text-anchor") == "end" else x
            yield group.get("id"), text.text, left, left + wide, float(text.get("y")), size


@pytest.mark.parametrize("name", PICTURES)
def test_every_text_lies_inside_its_card(name, engine):
    """No text leaves its card, in either engine."""
    svg = PICTURES[name]().svg
    cards = boxes(svg)
    count = 0
    for card, text, left, right, y, size in texts(svg):
        count += 1
        box = cards[card]
        assert box[0] - 0.5 <= left <= right <= box[2] + 0.5, (text, left, right, box)
        assert box[1] <= y - 0.6 * size <= y <= box[3], (text, y, box)
    assert count >= 4


@pytest.mark.parametrize("name", PICTURES)
def test_no_two_cards_overlap(name, engine):
    """Cards stand apart."""
    for (one, a), (other, b) in itertools.combinations(boxes(PICTURES[name]().svg).items(), 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (one, other, a, b)


def test_the_overflow_test_can_fail(engine):
    """Sabotage: a longer number in a finished card is seen to stick out."""
    svg = draw(graphs.neuron(), names={}).svg.replace("−0.7500", "−0.7500000000000000")
    cards = boxes(svg)
    assert any(left < cards[card][0] for card, _, left, *_ in texts(svg))


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_titles_ids_and_fonts(theme):
    """Every card has a title and a description; ids are unique; fonts have fallbacks; colours change in the dark only."""
    figure = draw(graphs.shared(), theme=theme, names={})
    root = ET.fromstring(figure.svg)
    assert root.find(SVG + "title").text == "forward + backward"
    assert "7" in root.find(SVG + "desc").text or root.find(SVG + "desc").text
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert all(i.startswith(root.get("id")) for i in ids)
    cards = [g for g in root.iter(SVG + "g") if "node" in (g.get("class") or "").split()]
    assert len(cards) == 6
    for card in cards:
        assert "value" in card.find(SVG + "title").text
        assert card.get("aria-label")
    assert all("," in t.get("font-family") for t in root.iter(SVG + "text"))
    style = root.find(SVG + "style").text
    assert ("prefers-color-scheme:dark" in style) == (theme == "auto")
    assert (palette.DARK[palette.VALUE] in style) == (theme != "light")


def test_layout_is_the_same_for_every_step():
    """Stepping moves no card: each is laid out for its widest state."""
    stepper = graphs.shared().stepper()
    places = []
    for step in stepper.steps:
        found = boxes(draw(step, names={}).svg)
        places.append([(b[0] + b[2], b[1] + b[3]) for b in found.values()])
    assert len(stepper) == 4
    assert np.ptp(np.array(places), axis=0).max() <= 4  # sums of two edges: a centre stays within two points
