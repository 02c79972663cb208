"""Colours: enough contrast in light and dark, every colour has a dark counterpart."""

from __future__ import annotations

import re

import pytest

from autograd import draw
from autograd.drawing import palette as p
from demos.pictures import graphs

FILLS = [fill for fill, _ in p.KINDS.values()] + [f[0] for f in p.FLAGS.values()] + [p.PAPER, p.CLUSTER[0]]
TEXTS = [p.INK, p.MUTE, p.VALUE, p.GRAD, p.BAD, p.GOOD]


def _pairs():
    yield from ((text, fill) for text in TEXTS for fill in FILLS)
    yield from ((words, fill) for fill, _, words in p.FLAGS.values())
    yield p.PENDING["text"], p.PENDING["fill"]
    yield p.PENDING["text"], p.PAPER


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_contrast(scheme):
    """Every text can be read on every card: 4.5 : 1 or more, light and dark."""
    low = []
    for text, fill in _pairs():
        a, b = (text, fill) if scheme == "light" else (p.DARK[text], p.DARK[fill])
        if p.contrast(a, b) < 4.5:
            low.append((text, fill, round(p.contrast(a, b), 2)))
    assert not low


def test_value_and_gradient_differ_for_the_colour_blind():
    """Blue and orange stay apart in lightness or in the blue channel, which no common deficiency loses."""
    for one, other in ((p.VALUE, p.GRAD), (p.DARK[p.VALUE], p.DARK[p.GRAD])):
        assert abs(int(one[5:], 16) - int(other[5:], 16)) > 100


@pytest.mark.parametrize("name", graphs.GRAPHS)
def test_every_colour_used_has_a_dark_counterpart(name):
    """No colour of a picture is forgotten in the dark scheme."""
    known = {c.lower() for c in p.DARK}
    for options in ({}, {"view": "forward"}, {"health": True}):
        source = draw(graphs.GRAPHS[name](), names={}, **options).source
        used = {c.lower() for c in re.findall(r"[\":](#[0-9a-fA-F]{6})[\":]", source)}
        assert used <= known, used - known
