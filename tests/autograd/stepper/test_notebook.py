"""A stepper in a notebook: text always, a picture and the page where pictures can be made."""

from __future__ import annotations

import html
import re

from autograd import Value


def neuron() -> Value:
    """Give a small loss."""
    x, w, b = Value(2.0, name="x"), Value(-0.5, name="w"), Value(0.25, name="b")
    return -(x * w + b).sigmoid().log()


def test_the_page_opens_at_the_current_step() -> None:
    """The frame is sandboxed, holds the whole page, and its slider starts where the stepper stands."""
    st = neuron().stepper()
    st.step(2)
    bundle = st._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/svg+xml", "text/html"}
    frame = bundle["text/html"]
    assert frame.startswith('<iframe sandbox="allow-scripts"')
    page = html.unescape(re.search(r'srcdoc="([^"]*)"', frame)[1])
    assert page.lower().startswith("<!doctype html>")
    assert re.search(r'<input type="range" min="0" max="\d+" value="2"', page)


def test_a_forward_stepper_and_a_large_graph_show_no_page() -> None:
    """The page steps backwards through single cards; elsewhere the picture and the text serve."""
    assert "text/html" not in neuron().stepper(direction="forward")._repr_mimebundle_()
    y = Value(1.0)
    for _ in range(80):
        y = y * 1.01
    assert "text/html" not in y.stepper()._repr_mimebundle_()
