"""A notebook, run by nbclient in a real kernel: the figure, and the text where there is no Graphviz."""

from __future__ import annotations

import os
import sys

import pytest

nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed: pip install 'chainrule[test]'")
nbformat = pytest.importorskip("nbformat")
pytest.importorskip("ipykernel")

HIDE = "import sys\nsys.modules['pygraphviz'] = None\nimport os\nos.environ['PATH'] = '/nowhere'"
DRAW = "from autograd import Value, draw\nx = Value(2.0, name='x')\ny = x * x\ndraw(y, view='both')"


def run(*cells, tmp_path):
    """Run cells; give the data of each one's last output."""
    kernels = tmp_path / "kernels" / "here"
    kernels.mkdir(parents=True)
    argv = f'["{sys.executable}", "-m", "ipykernel_launcher", "-f", "{{connection_file}}"]'
    (kernels / "kernel.json").write_text(f'{{"argv": {argv}, "display_name": "here", "language": "python"}}')
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    os.environ["JUPYTER_PATH"] = str(tmp_path)
    try:
        nbclient.NotebookClient(notebook, timeout=120, kernel_name="here").execute()
    finally:
        del os.environ["JUPYTER_PATH"]
    return [c.outputs[-1]["data"] if c.outputs else {} for c in notebook.cells]


@pytest.mark.filterwarnings("default")  # Jupyter's own
def test_a_notebook_shows_the_picture_or_the_text(tmp_path):
    """A figure and a value are pictures; a film is a frame; without Graphviz the text stands there with the way out."""
    film = "from autograd.drawing import record\nw = Value(1.0, name='w')\nrecord([w * w])"
    _, figure, value, moving, _, text = run("1 + 1", DRAW, "y", film, HIDE, "draw(y)", tmp_path=tmp_path)
    assert figure["image/svg+xml"].startswith("<svg")
    assert "text/plain" in figure
    assert "image/svg+xml" in value
    assert moving["text/html"].startswith('<iframe sandbox="allow-scripts"')
    assert set(text) == {"text/plain"}
    assert "y = x × x" in text["text/plain"]
    assert "pip install 'chainrule[dot]'" in text["text/plain"]
