"""The lessons' command: the list, the options, and how it behaves when something is wrong."""

from __future__ import annotations

import ast
import io
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autograd.terminal import display_width
from demos import course
from demos.command import main, summary
from demos.course import LESSONS, Narrator, Options

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test see the same terminal."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")


def test_the_list_names_every_lesson_in_teaching_order(capsys: pytest.CaptureFixture[str]) -> None:
    """``python -m demos`` shows each lesson with one sentence."""
    assert main([]) == 0
    out = capsys.readouterr().out
    places = [out.index(f"  {name} ") for name in LESSONS]
    assert places == sorted(places)
    assert len(set(LESSONS)) == len(LESSONS)
    assert f"Run one: python -m demos {LESSONS[0]}" in out
    assert all(f"\n  {name}  " in out for name in ("tour", "all"))


@pytest.mark.parametrize("name", LESSONS)
def test_every_lesson_is_a_file_with_a_sentence_a_main_and_a_test(name: str) -> None:
    """A lesson is one file: a docstring whose first line stands in the list, ``main(options)``, and a test of its finding."""
    source = ROOT / "demos" / f"{name}.py"
    tree = ast.parse(source.read_text(encoding="utf-8"))
    (entry,) = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "main"]
    assert [a.arg for a in entry.args.args] == ["options"]
    assert 20 < len(summary(name)) < 110
    assert summary(name).endswith(".")
    assert (ROOT / "tests" / "demos" / f"test_{name}.py").exists()


def test_the_list_loads_neither_numpy_nor_matplotlib() -> None:
    """Listing is quick: nothing heavy is imported."""
    code = "import sys\nfrom demos.command import main\nmain([])\nprint('numpy' in sys.modules, 'matplotlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.endswith("False False\n")


def test_an_unknown_lesson(capsys: pytest.CaptureFixture[str]) -> None:
    """A slip gets the lesson that was meant, and exit code 2."""
    assert main(["tadpole"]) == 2
    assert "did you mean 'tadpoles'?" in capsys.readouterr().err
    assert main(["zzz"]) == 2
    assert "python -m demos lists" in capsys.readouterr().err
    assert main(["tadpoles", "--bogus"]) == 2
    assert "--help" in capsys.readouterr().err
    assert main(["tadpoles", "--seed", "x"]) == 2
    assert main(["tadpoles", "--seed", "-1"]) == 2
    assert "0 or more" in capsys.readouterr().err
    for slip, meant in (("al", "all"), ("tuor", "tour"), ("Learning-Rate", "learning_rate")):
        assert main([slip]) == 2
        assert f"did you mean {meant!r}?" in capsys.readouterr().err


def test_without_out_the_pictures_go_to_demo_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command as a newcomer types it, with a name and nothing else, works and says where the pictures are."""
    monkeypatch.chdir(tmp_path)
    assert main(["tadpoles", "--quick"]) == 0
    assert f"picture: {Path('demo-output') / 'tadpoles_fit.png'}" in capsys.readouterr().out
    assert (tmp_path / "demo-output" / "tadpoles_fit.png").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is refused before the lesson begins."""
    file = tmp_path / "file"
    file.write_text("")
    assert main(["tadpoles", "--quick", "--out", str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "--out" in err
    assert main(["tadpoles", "--quick", "--out", str(file / "below")]) == 2


def test_a_folder_without_permission(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only folder is refused too (root may write anywhere, so the answer of the system is set here)."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert main(["tadpoles", "--quick", "--out", str(tmp_path)]) == 2
    assert "Permission denied" in capsys.readouterr().err


def test_without_matplotlib_the_text_still_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pip command is given instead of the pictures, and the finding is told all the same."""
    for name in ("matplotlib", "matplotlib.figure", "matplotlib.backends.backend_agg"):
        monkeypatch.setitem(sys.modules, name, None)
    assert main(["tadpoles", "--quick", "--out", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "pip install 'chainrule[demos]'" in " ".join(out.split())
    assert "Finding:" in out
    assert not list(tmp_path.iterdir())


def test_interrupting_keeps_what_was_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the middle: exit code 130, no traceback, and the first picture stays."""
    seen = []
    ready = Narrator.line

    def line(self: Narrator, written: str = "") -> None:
        seen.append(written)
        ready(self, written)
        if written.startswith("picture"):
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Narrator, "line", line)
    assert main(["tadpoles", "--quick", "--out", str(tmp_path)]) == 130
    assert "stays" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["tadpoles_fit.png"]


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """``python -m demos tadpoles | head -1`` ends quietly."""
    command = f'"{sys.executable}" -m demos tadpoles --quick --out "{tmp_path}" | head -1'
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""


@pytest.mark.parametrize("name", LESSONS)
def test_lessons_fit_a_narrow_terminal(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 48 columns no line is too wide (a path of a picture may be); one step is taken; one finding; the pictures exist."""
    monkeypatch.setenv("COLUMNS", "48")
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\nq\n"))
    assert main([name, "--quick", "--step", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert re.search(r"^▶ step \d+/\d+ ", printed, re.MULTILINE), "--step opens no debugger"
    lines = printed.splitlines()
    assert [line for line in lines if display_width(line) > 48 and not line.startswith("picture: ")] == []
    assert sum(line.startswith("Finding: ") for line in lines) == 1
    pictures = {Path(line.removeprefix("picture: ")).name for line in lines if line.startswith("picture: ")}
    assert pictures == {p.name for p in tmp_path.iterdir()}
    assert all(picture.startswith(f"{name}_") for picture in pictures), pictures


def test_a_terminal_without_unicode_gets_english_only(tmp_path: Path) -> None:
    """No Chinese term, no sign beyond ASCII."""
    done = subprocess.run(
        [sys.executable, "-m", "demos", "tadpoles", "--quick", "--out", str(tmp_path)],
        cwd=ROOT, env=os.environ | {"PYTHONIOENCODING": "ascii"}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.isascii()
    assert "?" not in done.stdout
    assert "Forward pass: each prediction is w * time" in done.stdout


def test_a_term_is_explained_once(capsys: pytest.CaptureFixture[str]) -> None:
    """The Chinese word stands beside the English one at first use only, whatever its capital letter; brackets stay brackets."""
    narrator = Narrator(Options(quick=True))
    narrator.say("[Forward pass], then another [forward pass], and [1, 2] is a list.")
    assert capsys.readouterr().out == "Forward pass (前向传播), then another forward pass, and [1, 2] is a list.\n"


def test_the_same_seed_gives_the_same_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two runs of one seed print the same; another seed starts elsewhere."""
    told = []
    for seed in ("1", "1", "2"):
        main(["tadpoles", "--quick", "--seed", seed, "--out", str(tmp_path)])
        told.append(capsys.readouterr().out)
    assert told[0] == told[1] != told[2]


def test_step_opens_the_debugger_in_the_lesson(tmp_path: Path) -> None:
    """``--step`` stops at the first loss, and the lesson goes on afterwards."""
    done = subprocess.run(
        [sys.executable, "-m", "demos", "tadpoles", "--quick", "--step", "--out", str(tmp_path)],
        cwd=ROOT, input="n\nq\n", env=os.environ | {"PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8", timeout=60, check=True,
    )  # fmt: skip
    assert "step 1/29   loss = " in done.stdout
    assert "Finding:" in done.stdout


def test_the_source_of_every_data_file_is_named() -> None:
    """Each file of data has its line in the README beside it."""
    told = (ROOT / "demos" / "data" / "README").read_text(encoding="utf-8")
    files = sorted(p.name for p in (ROOT / "demos" / "data").glob("*.csv"))
    assert files == ["blog_views.csv", "tadpoles.csv"]
    assert all(name in told for name in files)
    assert len(course.data("blog_views.csv")["views"]) == 365
