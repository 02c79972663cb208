"""Hostile names, and bad input of every kind."""

from __future__ import annotations

import json
import os
import re
from xml.etree import ElementTree as ET

import pytest

from autograd import Value, draw, no_grad
from autograd.drawing import engines
from autograd.errors import AutogradError, InputTypeError, InputValueError, UnknownNameError
from demos.pictures import graphs
from tests.autograd.drawing.conftest import SVG

TYPED = [
    "<lambda>",
    'a"b',
    "</script>",
    "α₁",
    "n" * 200,
    "two\nlines",
    "\\N",
    "&amp;",
    "权重",
    "-->",
    "]]>",
    "node",
    "a\x00b",
    "𝒘",
    "{x|y}",
]


@pytest.mark.parametrize("name", TYPED)
def test_a_name_is_shown_as_typed_and_injects_nothing(name, engine):
    """The SVG shows exactly the typed text (control characters as escapes, a long name in its title), and no new element."""
    x = Value(2.0, name=name)
    figure = draw(x * 3.0, names={})
    root = ET.fromstring(figure.svg)
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    texts = [t.text for t in root.iter(SVG + "text")]
    if len(name) <= 26:
        assert shown in texts
    else:
        assert any(t and "…" in t and t.startswith("nnn") for t in texts)
    plain = draw(Value(2.0, name="x") * 3.0, names={})
    assert sorted(e.tag for e in root.iter()) == sorted(e.tag for e in ET.fromstring(plain.svg).iter())


@pytest.mark.parametrize("name", TYPED)
def test_a_name_cannot_leave_the_page_or_the_source(name):
    """The page holds two scripts whatever the name; its data gives the name back; the DOT has the same statements."""
    x = Value(2.0, name=name)
    figure = draw(x * 3.0, names={})
    page = figure.html
    assert len(re.findall(r"<script", page)) == 2
    assert len(re.findall(r"</script>", page)) == 2
    data = json.loads(re.search(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)[1])
    assert data["steps"][1]["sends"][0]["name"] == name
    assert len(figure.source.splitlines()) == len(draw(Value(2.0, name="x") * 3.0, names={}).source.splitlines())


def test_all_hostile_names_at_once(engine):
    """A graph of hostile names is laid out, and every card is there."""
    figure = draw(graphs.names(), names={})
    cards = [g for g in ET.fromstring(figure.svg).iter(SVG + "g") if "node" in (g.get("class") or "").split()]
    assert len(cards) == len(figure.scene.cards)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"view": "sideways"}, InputValueError, "view is one of 'forward', 'backward', 'both'; got 'sideways'"),
        ({"direction": "UP"}, InputValueError, "direction is one of"),
        ({"theme": "pink"}, InputValueError, "theme is one of"),
        ({"digits": -1}, InputValueError, "digits is a whole number"),
        ({"digits": 2.5}, InputValueError, "digits is a whole number"),
        ({"number_format": "nonsense"}, InputValueError, "cannot write 0.5"),
        ({"number_format": 3}, InputTypeError, "number_format"),
        ({"number_format": lambda x: x}, InputTypeError, "gives text"),
        ({"depth": -1}, InputValueError, "depth is"),
        ({"depth": "deep"}, InputValueError, "depth is"),
        ({"opened": "nowhere"}, UnknownNameError, "no scope 'nowhere'"),
        ({"nodes": ["absent"]}, UnknownNameError, "no node 'absent'"),
        ({"nodes": []}, InputValueError, "selects nothing"),
    ],
)
def test_bad_options(options, error, words):
    """A wrong option raises at once, says what was given and what is allowed."""
    with pytest.raises(error, match=re.escape(words)):
        draw(graphs.neuron(), **options)


@pytest.mark.parametrize("thing", [3.0, "y", None, object(), [1.0, 2.0], []])
def test_things_without_a_graph(thing):
    """A number, a string, None: the error names the type."""
    with pytest.raises(AutogradError):
        draw(thing)


def test_a_constant_has_no_graph():
    """A result of ``no_grad()`` cannot be drawn, and the error says why."""
    x = Value(2.0)
    with no_grad():
        y = x * x
    with pytest.raises(InputValueError, match="constant without a graph"):
        draw(y)


def test_a_leaf_is_one_card():
    """A leaf is drawn as the one card that it is."""
    figure = draw(Value(2.0, name="x"))
    assert [c.name for c in figure.scene.cards] == ["x"]
    assert "2.0000" in figure.svg


def test_suffixes(tmp_path):
    """The suffix chooses the format; an unknown one, and none, are refused with the list."""
    figure = draw(graphs.neuron())
    starts = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF", "dot": b"digraph", "html": b"<!doctype html>"}
    for suffix, start in starts.items():
        assert figure.save(tmp_path / f"y.{suffix}").read_bytes().startswith(start)
    assert figure.save(str(tmp_path / "Y.SVG")).exists()
    for name in ("y.jpeg", "y", "y.svg.gz"):
        with pytest.raises(InputValueError, match=r"end it in \.svg"):
            figure.save(tmp_path / name)
    with pytest.raises(InputTypeError, match="takes a path"):
        figure.save(3)
    with pytest.raises(InputValueError, match="an animation is an SVG"):
        figure.save(tmp_path / "y.png", animated=True)


def test_unwritable_paths(tmp_path):
    """A directory that is not there, and a directory in the place of the file: an error that is ours and an OSError."""
    figure = draw(graphs.neuron())
    with pytest.raises(OSError, match="there is no directory") as caught:
        figure.save(tmp_path / "absent" / "y.svg")
    assert isinstance(caught.value, AutogradError)
    (tmp_path / "taken.dot").mkdir()
    with pytest.raises(OSError, match="cannot save to"):
        figure.save(tmp_path / "taken.dot")


def test_dark_png_differs(tmp_path):
    """Formats without style rules are recoloured for the dark theme."""
    light = draw(graphs.neuron(), names={}).save(tmp_path / "light.png").read_bytes()
    dark = draw(graphs.neuron(), names={}, theme="dark").save(tmp_path / "dark.png").read_bytes()
    assert light != dark


def test_without_an_engine(monkeypatch, tmp_path):
    """Without Graphviz: the error names both install commands; text and ``.dot`` go on working; a notebook sees both."""
    monkeypatch.setattr(engines, "available", lambda: None)
    figure = draw(graphs.neuron(), names={})
    with pytest.raises(engines.NoEngineError, match=r"pip install 'chainrule\[dot\]'.*apt-get install graphviz"):
        figure.save(tmp_path / "y.svg")
    assert figure.save(tmp_path / "y.dot").read_text() == figure.source
    assert "L = -n1" in figure.text
    shown = figure._repr_mimebundle_()
    assert set(shown) == {"text/plain"}
    assert "L = -n1" in shown["text/plain"]
    assert "pip install" in shown["text/plain"]


def test_the_order_of_engines(monkeypatch, tmp_path):
    """``dot`` on the PATH comes first, then pygraphviz, then nothing."""
    program = tmp_path / "dot"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert engines.available() == "dot"
    with pytest.raises(engines.LayoutError):
        engines.layout("digraph {}")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert engines.available() == "pygraphviz"
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    assert engines.available() is None


def test_a_broken_source_is_a_layout_error():
    """What Graphviz refuses is our error, and nothing crashes."""
    with pytest.raises(engines.LayoutError):
        engines.layout("digraph {", "svg", "pygraphviz")


def test_notebook_bundles_never_raise(monkeypatch):
    """A value, a figure and a leaf have a bundle, whatever goes wrong inside."""
    y = graphs.neuron()
    assert set(y._repr_mimebundle_()) == {"image/svg+xml", "text/plain"}
    assert set(Value(1.0)._repr_mimebundle_()) == {"text/plain"}
    assert set(graphs.loop(300)._repr_mimebundle_()) == {"text/plain"}
    figure = draw(y)
    monkeypatch.setattr(engines, "layout", lambda *a, **k: 1 / 0)
    assert "division by zero" in figure._repr_mimebundle_()["text/plain"]
    assert "text/plain" in y._repr_mimebundle_()


def test_paths_are_any_pathlike(tmp_path):
    """``os.PathLike`` is taken."""

    class Somewhere(os.PathLike):
        def __fspath__(self):
            return str(tmp_path / "p.dot")

    assert draw(graphs.powers()).save(Somewhere()).exists()


def test_warnings_of_fontconfig_are_not_the_users(capfd):
    """What Fontconfig writes below Python is dropped, anything else that a library writes there is kept."""
    with engines._fontconfig_silent():
        os.write(2, b"Fontconfig warning: unknown element\nout of memory\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "out of memory\nafter\n"
