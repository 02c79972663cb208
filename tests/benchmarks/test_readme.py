"""Are the README's benchmarks what was measured, and nothing else? From made-up numbers, without a clock."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from . import __main__ as command
from . import contest, document, peers, plot, readme, report, sentences
from .contest import Entrant, Request, Settings
from .description import GROWING, OURS, load, names_of_workloads
from .exponent import exponent

if TYPE_CHECKING:
    from pathlib import Path

RUN = {
    "when": "2031-05-06T07:08:09+00:00",
    "python": {"own": "3.99.1"},
    "versions": {"torch": "2.13.0", "chainrule": "this checkout"},
    "settings": {"rounds": 3, "core": 1, "quick": False},
}
CHECKERS = {
    "points per function": 10,
    "ours": {"points": 660, "wrong points": 630, "accused": 0, "weak": 2, "missed 10 %": 0, "missed 0.1 %": 0},
    "torch": {"points": 660, "wrong points": 630, "accused": 49, "passes 10 %": 122, "passes 0.1 %": 561},
    "hips": {"failed": "boom"},
    "jax": None,
}


def invented(name: str, *, size_matters: bool = False) -> dict[str, Any]:
    """Measure a workload with workers that answer at once: we take 2 (per operation), everybody else 7."""
    workload = load(name)

    def launch(request: Request) -> contest.Reply:
        if request.task == "answer":
            return {"status": "ok", "answer": {}}
        if name == "W2" and request.entrant.name == "micrograd":
            return {"status": "failed", "kind": "RecursionError", "message": "maximum recursion depth exceeded"}
        number = 2.0 if request.entrant.name.startswith(OURS) else 7.0
        return {"status": "ok", "number": number * (request.case.size if size_matters else 1), "answer": {}}

    entrants = [Entrant(contender, "python") for contender in workload.contenders if contender != "hips"]
    outcome = contest.contest(workload, entrants, {"hips": "install by: pip"}, Settings(), launch=launch)
    return report.as_json(outcome) | {"run": RUN}


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    """Give a document with all workloads, as a full run would leave it, read back from JSON."""
    made = document.empty()
    made["workloads"] = {name: invented(name) for name in names_of_workloads()}
    made["checkers"] = CHECKERS | {"run": RUN}
    read: dict[str, Any] = json.loads(json.dumps(made))
    return read


def rows(text: str) -> dict[str, list[str]]:
    """Give the cells of Markdown tables by their first one."""
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return {row[0]: row[1:] for row in cells}


def test_every_row_finds_its_numbers(whole: dict[str, Any]) -> None:
    """A row whose workload, case or contender is misspelt would vanish in silence; here all are measured."""
    expected = {row.text for row in readme.ROWS if row.ours in load(row.workload).contenders}
    assert expected <= set(rows("\n".join(readme.table(whole))))
    assert all(row.ours in load(row.workload).contenders for row in readme.ROWS)


def test_every_column_is_filled_somewhere(whole: dict[str, Any]) -> None:
    """Each column names contenders that exist; a ratio is theirs over ours."""
    table = rows("\n".join(readme.table(whole)))
    by_column = list(zip(*(cells[1:] for name, cells in table.items() if name and set(name) != {"-"}), strict=True))
    for peer, column in zip(readme.COLUMNS, by_column, strict=True):
        assert "3.50×" in column or peer == "HIPS autograd", peer


def test_a_reason_becomes_a_footnote_and_no_part_a_dash(whole: dict[str, Any]) -> None:
    """Too deep, not installed, only with --full: said below the table; tensors of micrograd: a dash."""
    text = "\n".join(readme.table(whole))
    notes = dict(re.findall(r"<sup>(\d)</sup> ([^;]+?)(?=;|\.$)", text.splitlines()[-1]))
    table = rows(text)
    place = 1 + list(readme.COLUMNS).index("micrograd")

    def said(row: str, column: int) -> str:
        return notes[re.fullmatch(r"<sup>(\d)</sup>", table[row][column])[1]]  # type: ignore[index]

    assert said("a chain of 100 000 links", place) == "`RecursionError`"
    assert said("a chain of 1 000 000 links", place) == "only with --full"
    assert said("arrays of 4 numbers", 1 + list(readme.COLUMNS).index("HIPS autograd")) == "not installed"
    assert table["arrays of 4 numbers"][place] == "–"


def test_a_faster_peer_is_shown_as_faster(whole: dict[str, Any]) -> None:
    """Honesty: below one stays below one, and of a peer's two ways the better one is shown."""
    entry = json.loads(json.dumps(whole["workloads"]["W5"]))
    for m in entry["measurements"]:
        m["median"] = {"torch": 0.5, "mygrad": 9.0, "mygrad.unguarded": 4.0}.get(m["contender"], m["median"])
    table = rows("\n".join(readme.table({"workloads": {"W5": entry}})))
    cells = dict(zip(readme.COLUMNS, table["arrays of 4 numbers"][1:], strict=True))
    assert cells["PyTorch"] == "0.250×"
    assert cells["MyGrad"] == "2×"


def test_goals_that_are_missed_are_named_before_the_others(whole: dict[str, Any]) -> None:
    """All goals are listed with what was measured; the missed ones once more, in the open, with the reason if known."""
    text = "\n".join(readme.goals(whole))
    before, after = text.split("<details>")
    all_goals = [(name, goal) for name, w in whole["workloads"].items() for goal in w["goals"]]
    assert all_goals
    for name, goal in all_goals:
        missed = goal["verdict"] == "NOT met"
        assert f"| {name} {readme.worded(goal)} | " in after
        assert (f"- {name} {readme.worded(goal)}: " in before) == missed
    assert {goal["verdict"] for _, goal in all_goals} >= {"met", "NOT met"}
    one = json.loads(json.dumps(whole["workloads"]["W5"]))
    one["goals"][0] |= {"verdict": "NOT met", "measured": 1.5, "shortfall": "it is hard"}
    assert "- W5 faster than torch: 1.50× (goal ≥ 2.50×); it is hard" in readme.goals({"workloads": {"W5": one}})


def test_the_section_says_how_the_numbers_came_about(whole: dict[str, Any]) -> None:
    """Date, versions and rounds are those of the run; a quick run says what it is worth."""
    text = readme.section(whole)
    assert "2031-05-06 with CPython 3.99.1, PyTorch 2.13.0:" in text
    assert "up to 3 rounds" in text
    assert "not a measurement" not in text
    hasty = {
        "workloads": {"W5": whole["workloads"]["W5"] | {"run": RUN | {"settings": RUN["settings"] | {"quick": True}}}}
    }  # type: ignore[operator]
    assert "A quick look, not a measurement." in readme.section(hasty)


def test_checkers_that_fail_or_are_absent_have_no_row() -> None:
    """The checkers' sentence and table come from the figures."""
    text = sentences.checkers(CHECKERS)
    assert text.startswith("The gradient checker accuses none of 660 right derivatives and lets none of 1 260 wrong")
    assert set(rows(text)) == {"checker", "---", "chainrule", "PyTorch"}
    assert rows(text)["PyTorch"] == ["49 of 660", "122 of 630", "561 of 630"]
    assert sentences.checkers(None) == ""


def test_only_what_is_between_the_markers_changes(tmp_path: Path, whole: dict[str, Any]) -> None:
    """The rest of the file stays; writing twice gives the same bytes; a README without markers is refused."""
    file, picture = tmp_path / "README.md", tmp_path / "growth.svg"
    file.write_text(f"# before\n{readme.BEGIN}\nstale words\n{readme.END}\nafter\n", encoding="utf-8")
    assert readme.rewrite([whole], file, picture) == [file, picture]
    once, drawn = file.read_bytes(), picture.read_bytes()
    assert once.startswith(b"# before\n<!--")
    assert once.endswith(b"-->\nafter\n")
    assert b"stale words" not in once
    readme.rewrite([whole], file, picture)
    assert (file.read_bytes(), picture.read_bytes()) == (once, drawn)
    file.write_text("no place", encoding="utf-8")
    with pytest.raises(readme.UnmarkedError, match="benchmarks: begin"):
        readme.rewrite([whole], file, picture)
    assert file.read_text(encoding="utf-8") == "no place"


def test_the_later_file_counts_and_others_stay(whole: dict[str, Any]) -> None:
    """One workload can be measured again by itself."""
    again = document.empty()
    again["workloads"]["W5"] = {"title": "again"}
    both = document.merged([whole, again])
    assert both["workloads"]["W5"] == {"title": "again"}
    assert both["workloads"]["W1"] == whole["workloads"]["W1"]
    assert both["checkers"] == whole["checkers"]


def test_a_file_that_is_no_result_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Missing, not JSON, or of another format: exit code 2 and a sentence."""
    file = tmp_path / "x.json"
    assert command.main(["--readme", str(file)]) == 2
    file.write_text("{", encoding="utf-8")
    assert command.main(["--readme", str(file)]) == 2
    file.write_text('{"format": 1, "workloads": {}}', encoding="utf-8")
    assert command.main(["W5", "--json", str(file)]) == 2
    assert command.main(["W5", "--resume"]) == 2
    said = capsys.readouterr().err
    assert re.search(r"Cannot read .*\n.* is not JSON.*\n.*found format 1\.\n--resume goes on with a file", said)


def test_measuring_again_replaces_one_workload_and_resuming_leaves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Into one file: W5 replaced, W7 kept; with --resume neither is measured."""
    file, measured = tmp_path / "x.json", []

    def measure_one(name: str, *_: Any) -> dict[str, Any]:
        measured.append(name)
        return {"title": f"measured {len(measured)}"}

    monkeypatch.setattr(command, "measure_one", measure_one)
    monkeypatch.setattr(peers, "look", lambda folder: peers.Present(folder, {}, {}, {}))
    assert command.main(["W5", "W7", "--json", str(file)]) == 0
    assert command.main(["W5", "--json", str(file)]) == 0
    titles = {name: w["title"] for name, w in document.read(file)["workloads"].items()}
    assert titles == {"W5": "measured 3", "W7": "measured 2"}
    assert command.main(["W5", "W7", "--json", str(file), "--resume"]) == 0
    assert measured == ["W5", "W7", "W5"]
    assert "W5: is in" in capsys.readouterr().out


def test_the_plot_holds_every_curve_in_light_and_dark(whole: dict[str, Any]) -> None:
    """Each measured contender is named; it is XML without a date; every colour has its dark one."""
    drawn = plot.svg([document.Entry(name, whole["workloads"][name]) for name in GROWING])
    root = ET.fromstring(drawn)
    words = {text.text for text in root.iter() if text.tag.endswith("}text")}
    contenders = {name for g in GROWING for name in document.Entry(g, whole["workloads"][g]).contenders()}
    assert {plot.STYLES[name][0] for name in contenders} <= words
    assert contenders == set(plot.STYLES) - {"hips"}
    used = {c.lower() for c in re.findall(r"(?:stroke|fill): (#[0-9a-f]{6})", drawn)}
    assert used <= set(plot.DARK)
    sheet = next(e.text for e in root.iter() if e.tag.endswith("}style") and "prefers-color-scheme" in (e.text or ""))
    assert all(f': {colour}"]' in sheet for colour in used)
    assert "2031" not in drawn
    assert not re.search(r"20\d\d-\d\d-\d\d", drawn)


def test_a_run_without_growth_draws_nothing(tmp_path: Path, whole: dict[str, Any]) -> None:
    """A plot is not overwritten by emptiness."""
    file = tmp_path / "README.md"
    file.write_text(f"{readme.BEGIN}{readme.END}", encoding="utf-8")
    few = {"workloads": {"W5": whole["workloads"]["W5"]}}
    assert readme.rewrite([few], file, tmp_path / "growth.svg") == [file]
    assert "growth.svg" not in file.read_text(encoding="utf-8")


def test_exponents_tell_linear_from_quadratic() -> None:
    """Level costs per operation are linear, costs that grow with the size are quadratic; one size says nothing."""
    level, steep = (document.Entry("growth", invented("growth", size_matters=s)) for s in (False, True))
    assert exponent(level.curve(OURS, "gc off")) == pytest.approx(1.0)
    assert exponent(steep.curve(OURS, "gc off")) == pytest.approx(2.0)
    assert exponent([(10, 1.0)]) is None
    assert "chainrule 2.00" in sentences.growth([steep])
    verdicts = [growing.raw["goals"][0]["verdict"] for growing in (level, steep)]
    assert verdicts == ["met", "NOT met"]
    assert invented("tools", size_matters=True)["goals"][0]["measured"] == pytest.approx(2.0)


def test_names_of_curves_keep_their_distance() -> None:
    """Neighbours are moved apart as little as needed, in order, and those far away stay."""
    heights = [3.0, 3.05, 3.1, 5.0, 1.0]
    placed = plot.names_apart(heights, gap=0.2)
    assert placed[3:] == [5.0, 1.0]
    assert [placed[1] - placed[0], placed[2] - placed[1]] == pytest.approx([0.2, 0.2])
    assert sum(placed[:3]) == pytest.approx(sum(heights[:3]))
