"""The notebooks are in step with the lessons, read like notebooks, and hold nothing of the time or the machine."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from demos.notebooks.__main__ import FOLDER, NOTEBOOKS, difference, empty, main, path_of, run
from demos.notebooks.cells import Source, cells_of, lesson_cells

notebooks = pytest.mark.parametrize("name", NOTEBOOKS)


def load(name: str) -> Any:
    """Read a notebook."""
    return json.loads(path_of(name).read_text(encoding="utf-8"))


def outputs(notebook: Any) -> list[Any]:
    """Give the outputs of all cells."""
    return [o for cell in notebook["cells"] for o in cell.get("outputs", [])]


def text(notebook: Any) -> str:
    """Give everything that was printed or shown as prose."""
    shown = [
        o["text"] if o["output_type"] == "stream" else o["data"].get("text/markdown", []) for o in outputs(notebook)
    ]
    return "".join("".join(s) + "\n" for s in shown)


@notebooks
def test_in_step_with_the_source(name: str) -> None:
    """The cells are those that the source gives now; else run ``python -m demos.notebooks``."""
    assert difference(name) == ""


def test_there_are_the_tour_and_three_lessons() -> None:
    """These four and no forgotten file."""
    assert NOTEBOOKS[0] == "tour"
    assert len(NOTEBOOKS) == 4
    assert sorted(p.stem for p in FOLDER.glob("*.ipynb")) == sorted(NOTEBOOKS)


@notebooks
def test_it_reads_like_a_notebook(name: str) -> None:
    """Prose, code, outputs and pictures in turn; no cell is the whole lesson."""
    cells = cells_of(name)
    kinds = [cell.kind for cell in cells]
    assert kinds[:2] == ["markdown", "code"]
    assert kinds.count("code") >= 6
    assert kinds.count("markdown") >= 5
    assert not any(re.search(r"\bmain\(", cell.source) for cell in cells)
    assert "# noqa" not in "".join(cell.source for cell in cells)
    notebook = load(name)
    pictures = [o for o in outputs(notebook) if {"image/png", "image/svg+xml"} & set(o.get("data", {}))]
    assert len(pictures) >= 2
    assert "picture: " not in text(notebook)
    assert name == "tour" or text(notebook).count("**Finding:**") == 1


@notebooks
def test_the_file_is_small_and_the_same_everywhere(name: str) -> None:
    """Below 1 MB; no error, no timing, no path; identifiers count the cells."""
    written = path_of(name).read_text(encoding="utf-8")
    assert len(written.encode()) < 1_000_000
    notebook = json.loads(written)
    assert [cell["id"] for cell in notebook["cells"]] == [f"{name}-{k}" for k in range(len(notebook["cells"]))]
    assert all(cell["metadata"] == {} for cell in notebook["cells"])
    assert {o["output_type"] for o in outputs(notebook)} <= {"stream", "display_data", "execute_result"}
    assert not re.search(r"/tmp/|/home/|/root/|\x1b\[", text(notebook))


def test_running_it_again_tells_the_same() -> None:
    """The numbers in a notebook are those of this engine: the quickest one is run again and says the same words."""
    pytest.importorskip("nbclient", reason="nbclient is not installed: pip install 'chainrule[test]'")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed: pip install 'chainrule[test]'")
    assert text(run(empty("tadpoles"))) == text(load("tadpoles"))


def test_a_changed_source_is_noticed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """``--check`` shows the difference and exits with 1; without one it exits with 0."""
    assert main(["--check"]) == 0
    ready = Source.text
    monkeypatch.setattr(Source, "text", lambda *given: ready(*given).replace("tadpoles.csv", "frogs.csv"))
    assert main(["--check", "tadpoles"]) == 1
    assert '+table = data("frogs.csv")' in capsys.readouterr().out
    assert main(["--check", "frogs"]) == 2


def test_functions_stand_before_their_first_use() -> None:
    """Every name of the lesson's own is defined above the cell that uses it, once, and ``--step`` is left out."""
    code = [cell.source for cell in lesson_cells("tadpoles") if cell.kind == "code"]
    joined = "\n".join(code)
    for name in ("loss_of", "descend", "compare", "draw", "conclude"):
        assert joined.count(f"def {name}(") == 1
        assert joined.index(f"def {name}(") < joined.index(f"{name}(") + len(f"def {name}(")
    assert "options.step" not in joined
    assert "def step_through" not in joined
