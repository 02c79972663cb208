"""``python -m demos all``: every lesson's end is told, a page shows the findings, and nothing stops the others."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from demos import everything
from demos.command import main
from demos.course import LESSONS, Options
from demos.everything import Lesson, read
from demos.gallery import page, size

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test see the same terminal, in the checkout."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, Path]:
    """Run two lessons and one that does not exist between them."""
    out = tmp_path_factory.mktemp("a folder")
    code = (
        "import sys; from pathlib import Path; from demos import everything, gallery; from demos.course import Options; "
        "gallery.summary = lambda name: f'about {name} <&>'; "
        "sys.exit(everything.run_all(Options(out=Path(sys.argv[1]), quick=True), ('slope', 'nosuch', 'tadpoles')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(out)], capture_output=True, encoding="utf-8", timeout=120, check=False, cwd=ROOT,
        env=os.environ | {"PYTHONUTF8": "1", "COLUMNS": "80"},
    )  # fmt: skip
    return done.returncode, done.stdout, out


def test_a_failing_lesson_does_not_stop_the_others(ran: tuple[int, str, Path]) -> None:
    """Exit code 1; the failing one is named with its reason, in its place; the other two tell their findings."""
    code, printed, out = ran
    assert code == 1
    heads = re.findall(r"^(\w+)  \([\d.]+ s\)(.*)$", printed, re.MULTILINE)
    assert heads == [("slope", ""), ("nosuch", "  failed"), ("tadpoles", "")]
    told = " ".join(printed.split())
    assert "no lesson is called 'nosuch'" in told
    assert "w = 0.796088" in told
    assert "2 of 3 lessons ran" in told
    assert "Failed: nosuch." in told
    assert (out / "tadpoles.txt").read_text(encoding="utf-8").count("Finding: ") == 1


def test_the_page_shows_every_picture_with_its_finding(ran: tuple[int, str, Path]) -> None:
    """All pictures of the folder are on the page, in order, by relative links that exist; nothing is fetched or run."""
    *_, out = ran
    written = (out / "index.html").read_text(encoding="utf-8")
    links = [unquote(link) for link in re.findall(r'(?:src|href)="([^"#]+)"', written)]
    assert all((out / link).is_file() for link in links)
    pictures = [unquote(link) for link in re.findall(r'<img src="([^"]+)"', written)]
    assert sorted(pictures) == sorted(p.name for p in out.iterdir() if p.suffix in {".png", ".svg"})
    assert [p.split("_")[0] for p in pictures] == sorted(p.split("_")[0] for p in pictures)  # slope before tadpoles
    assert written.count('class="finding"') == 2
    assert written.index("the derivative at x") < written.index("w = 0.796088")
    assert "about slope &lt;&amp;&gt;" in written
    assert "http" not in written
    assert "<script" not in written
    assert "prefers-color-scheme: dark" in written
    assert 'name="viewport"' in written
    assert re.search(r'failed"><strong>failed</strong>: error: no lesson', written)


def test_what_a_lesson_printed_is_escaped(tmp_path: Path) -> None:
    """A finding, a name of a file or an error with markup in it stays text."""
    picture = tmp_path / "slope_a & <b>.png"
    picture.write_bytes(b"no picture")
    fine, failed = Lesson("slope", exit_code=0), Lesson("tadpoles", exit_code=3, complaint="x\n<b>bad</b>")
    read(fine, f"picture: {picture}\n\nFinding: 1 < 2 & <script>alert(1)</script>\n", tmp_path)
    assert fine.pictures == [picture.name]
    written = page(tmp_path, [fine, failed])
    assert "<script" not in written
    assert "<b>" not in written
    assert "1 &lt; 2 &amp; &lt;script&gt;" in written
    assert 'src="slope_a%20%26%20%3Cb%3E.png"' in written


def test_the_finding_is_the_last_paragraph(tmp_path: Path) -> None:
    """Wrapped lines are joined; what follows an empty line is not part of it; pictures that do not exist are left out."""
    lesson = Lesson("slope")
    read(lesson, "a\npicture: nowhere.png\n\nFinding: one\ntwo.\n\nmore\n", tmp_path)
    assert (lesson.finding, lesson.pictures) == ("one two.", [])
    assert lesson.state == "interrupted"
    assert Lesson("slope").state == "not run"


def test_the_size_of_a_picture(tmp_path: Path) -> None:
    """PNG in its own pixels, drawn at 120 for the page's 72; SVG in points; unreadable ones without a size."""
    svg, none = tmp_path / "a.svg", tmp_path / "b.svg"
    svg.write_text('<svg width="300pt" height="150.5pt">')
    none.write_text("nothing")
    assert size(svg) == (400, 201)
    assert size(none) == (0, 0)


def test_interrupting_writes_the_page_of_what_exists(tmp_path: Path) -> None:
    """Ctrl-C in the middle of ``all``: exit code 130, no traceback, pictures stay, and the page shows them."""
    running = subprocess.Popen(
        [sys.executable, "-m", "demos", "all", "--quick", "--out", str(tmp_path)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
    )  # fmt: skip
    until = time.monotonic() + 60
    while time.monotonic() < until and not list(tmp_path.glob("slope_*.png")):
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in errors
    assert "interrupted; what was made so far is on" in errors
    written = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "slope_line.svg" in written
    assert "<strong>not run</strong>" in written
    assert written.count("<section") == len(LESSONS)


def test_step_needs_one_lesson(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``all --step`` is refused with the way out, before anything runs."""
    assert main(["all", "--step", "--out", str(tmp_path)]) == 2
    assert "give its name instead of all" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_options_reach_every_lesson() -> None:
    """Folder, seed and quick are handed on."""
    command: list[Any] = everything.command("slope", Options(out=Path("x y"), seed=3, quick=True))
    assert command[1:] == ["-m", "demos", "slope", "--out", "x y", "--quick", "--seed=3"]
    assert everything.command("slope", Options())[3:] == ["slope", "--out", "demo-output"]
