"""Films of a training run, and animations: what they hold, and what they refuse."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from autograd import Tensor, Value, draw
from autograd.drawing import Film, record
from autograd.errors import AutogradError, InputTypeError, InputValueError, StaleError
from demos.pictures import graphs


def run(steps, rate=0.25):
    """Train one weight towards 1."""
    w = Value(3.0, name="w")
    for _ in range(steps):
        loss = (w - 1) ** 2
        yield loss
        w.zero_grad()
        loss.backward()
        w.data -= rate * w.grad


def data_of(film):
    """Read the data of a page."""
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', film.html, re.DOTALL)[1])


def test_frames_are_the_run():
    """Each frame has the weight, gradient and loss of its step: w' = w − ¼·2(w − 1)."""
    film = record(run(4))
    told = data_of(film)
    assert told["losses"] == film.losses == [4.0, 1.0, 0.25, 0.0625]
    weight = next(k for k, name in told["names"].items() if name == "w")
    assert told["columns"][weight]["v"] == ["3.0000", "2.0000", "1.5000", "1.2500"]
    assert told["columns"][weight]["g"] == ["4.0000", "2.0000", "1.0000", "0.5000"]
    assert "stale" not in film.html


def test_gradients_are_left_alone():
    """Taking a frame writes no ``.grad``."""
    w = Value(3.0, name="w")
    film = Film()
    film.add(w * w)
    assert w.grad is None


def test_frames_of_tensors_are_copies():
    """An array that is changed in place later does not change earlier frames."""
    w = Tensor(np.ones((2, 3)), name="W")
    film = Film()
    for _ in range(3):
        film.add((w * w).sum())
        w.data = w.data * 0.5
    first = film.frames[0][0][0]
    np.testing.assert_array_equal(first, np.ones((2, 3)))
    weight = next(k for k, name in data_of(film)["names"].items() if name == "W")
    assert len(data_of(film)["columns"][weight]["hv"]) == 3


def test_a_frame_after_the_update_is_refused():
    """Weights that no longer belong to the loss would be a picture of nothing: the error says when to take the frame."""
    w = Value(3.0, name="w")
    loss = w * w
    w.data = 1.0
    with pytest.raises(StaleError, match="before the weights are updated"):
        Film().add(loss)


def test_another_graph_is_refused():
    """A film shows one graph over time."""
    w = Value(3.0, name="w")
    film = Film()
    film.add(w * w)
    with pytest.raises(InputValueError, match="frame 1 has another graph"):
        film.add(w * w * w)
    assert len(film) == 1


@pytest.mark.parametrize("thing", [3.0, None, "loss"])
def test_a_frame_is_taken_of_a_loss(thing):
    """A plain number is no loss."""
    with pytest.raises(InputTypeError, match="taken of a loss"):
        Film().add(thing)


def test_files(tmp_path):
    """An empty film, another suffix, a directory that is not there."""
    with pytest.raises(InputValueError, match="no frames"):
        Film().save(tmp_path / "f.html")
    film = record(run(2))
    with pytest.raises(InputValueError, match=r"end the name in \.html"):
        film.save(tmp_path / "f.svg")
    with pytest.raises(OSError, match="there is no directory"):
        film.save(tmp_path / "absent" / "f.html")
    assert film.save(tmp_path / "f.html").stat().st_size > 5000
    assert set(film._repr_mimebundle_()) == {"text/html", "text/plain"}
    assert set(Film()._repr_mimebundle_()) == {"text/plain"}


def test_losses_that_are_not_finite():
    """A run that diverges can be shown."""
    film = record(run(5, rate=1e200))
    assert data_of(film)["losses"][-1] is None or film.losses[-1] > 1e100
    assert "<polyline" in film.html


def test_an_animation_is_an_svg_with_a_frame_per_step():
    """Well-formed, CSS only, one halo per sending card."""
    svg = draw(graphs.shared(), names={}).animation
    root = ET.fromstring(svg)
    style = "".join(root.find("{http://www.w3.org/2000/svg}style").itertext())
    assert len(re.findall(r"@keyframes [^{]+-h\{", style)) == 4
    assert "prefers-reduced-motion" in style


def test_a_long_animation_is_refused():
    """More than 60 steps are no animation."""
    with pytest.raises(AutogradError, match="fold more"):
        _ = draw(graphs.loop(40)).animation


def test_one_command_draws_the_pictures_again(tmp_path, capsys):
    """``python -m demos.pictures`` writes the files of the README; the ``.dot`` files are those in the repository."""
    from demos.pictures.__main__ import HERE, main

    assert main(tmp_path) == 0
    capsys.readouterr()
    assert {p.name for p in tmp_path.iterdir()} == {
        p.name
        for p in HERE.iterdir()
        if p.suffix in (".svg", ".dot", ".html")
        and p.name != "growth.svg"  # a plot of measurements, from the benchmarks
    }
    for p in tmp_path.glob("*.dot"):
        assert p.read_bytes() == (HERE / p.name).read_bytes(), p.name
