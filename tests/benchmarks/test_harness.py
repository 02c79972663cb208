"""Does the harness itself keep its promises? Without peers, without timings, mostly without processes."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from . import __main__ as command
from . import comparison, contest, peers, report, w1, w7
from .contest import Entrant, Outcome, Reply, Request, Settings
from .description import (
    GC_OFF,
    GC_ON,
    OURS,
    Case,
    Gauge,
    Goal,
    Results,
    Trial,
    Workload,
    load,
    names_of_workloads,
)

NANOSECONDS = {OURS: 400.0, "micrograd": 2000.0, "torch": 5000.0}


def no_trial(_case: Case) -> Trial:
    """Stand where a contender would be; never called, since the launches are faked."""
    raise AssertionError


TOY = Workload(
    name="W0",
    title="toy",
    unit="ns",
    cases=(Case("1k", 1000), Case("9k", 9000, quick=False, slow=frozenset({"torch"}))),
    contenders=dict.fromkeys(NANOSECONDS, no_trial),
    columns=(GC_ON, GC_OFF),
    gauges=(Gauge("bytes", "1k"),),
    goals=(
        Goal("micrograd", 4.5, lambda r: r.ratio("micrograd", "1k")),
        Goal("torch", 20.0, lambda r: r.ratio("torch", "1k")),
        Goal("bytes", 210.0, lambda r: r.get(OURS, "1k", "bytes"), at_most=True, unit="B"),
        Goal("torch at 9k", 7.0, lambda r: r.ratio("torch", "9k")),
    ),
)
THREE = [Entrant(name, "python") for name in NANOSECONDS]


def fake(request: Request) -> Reply:
    """Answer as a worker would."""
    if request.task == "answer":
        return {"status": "ok", "answer": {"value": [1.0], "gradient": [2.0, 3.0]}}
    if request.task == "bytes":
        return {"status": "ok", "number": 200.0}
    answer = {"value": [1.0], "gradient": [2.0, 3.0]}
    return {"status": "ok", "answer": answer, "number": NANOSECONDS[request.entrant.name], "spent": 1.0}


def toy(*, launch: contest.Launch = fake, absent: dict[str, str] | None = None, **settings: Any) -> Outcome:
    """Run the toy workload."""
    absent = absent or {}
    entrants = [entrant for entrant in THREE if entrant.name not in absent]
    return contest.contest(TOY, entrants, absent, Settings(**settings), launch=launch)


def test_the_table_is_aligned_and_shows_ratios_to_ours() -> None:
    """Every line of the table has its numbers under its headings, and the ratios are theirs over ours."""
    lines = report.table(toy())
    row = next(line for line in lines if line.startswith("micrograd"))
    ratio = next(line for line in lines if line.startswith("micrograd") and "×" in line)
    assert row.split() == ["micrograd", "2", "000", "2", "000", "200", "2", "000", "2", "000"]
    assert ratio.split() == ["micrograd", "5×", "5×", "1×", "5×", "5×"]
    assert len(row) == len(ratio) == len(lines[3])
    assert all(len(line) <= 80 for line in lines)


def test_goals_are_printed_as_met_not_met_or_not_measured() -> None:
    """A bound from below, one from above, one that is missed, one without a measurement."""
    lines = report.goals(toy())
    verdicts = [line.partition("(")[0].split() for line in lines]
    assert verdicts == [["met", "5×"], ["NOT", "met", "12.5×"], ["met", "200B"], ["not", "measured"]]


def test_absent_contenders_are_listed_with_the_command_that_installs_them() -> None:
    """An absent peer keeps its row and gets a line that says how to install it."""
    text = report.printed(toy(absent={"torch": "install by: pip"}))
    assert "torch      absent" in text
    assert "absent: torch; install by: pip" in text
    assert "not measured" in text


def test_without_peers_all_of_them_are_absent_and_none_is_skipped(tmp_path: Path) -> None:
    """An empty folder of peers leaves only what needs no installing."""
    present = peers.look(tmp_path)
    for name in names_of_workloads():
        workload = load(name)
        running, absent = present.entrants(workload, None)
        assert {entrant.name for entrant in running} | set(absent) == set(workload.contenders)
        assert {"micrograd", "torch", "hips"} & set(workload.contenders) <= set(absent)
    assert present.absent["hips"] == f"install by: python -m tests.benchmarks --make-peers {tmp_path}"
    assert present.absent["jax"].endswith("--with-jax")


def test_what_only_full_runs_is_a_footnote() -> None:
    """A slow case is left out for the slow contender, visibly, and run with ``full``."""
    outcome = toy()
    assert outcome.results.get("torch", "9k") is None
    assert "[1] only with --full" in report.table(outcome)
    assert toy(full=True).results.get("torch", "9k") is not None


def test_who_was_too_deep_in_a_short_case_is_so_in_the_long_one() -> None:
    """A recursion that ended at 1k is the reason at 9k too, where the case is slow: nothing needs to be run for it."""

    def launch(request: Request) -> Reply:
        if request.entrant.name == "torch":
            return {"status": "failed", "kind": "RecursionError", "message": "too deep"}
        return fake(request)

    missing = toy(launch=launch).missing
    assert missing["torch", "9k", GC_ON] == missing["torch", "1k", GC_ON] == "RecursionError: too deep"


def test_a_contender_that_takes_no_part_has_an_empty_cell() -> None:
    """``among`` leaves a contender out of a case without a footnote, in the rows of the absent too."""
    case = Case("1k", 1000, among=frozenset({OURS, "micrograd"}))
    workload = replace(TOY, cases=(case, Case("2k", 2000)), gauges=(), goals=())
    outcome = contest.contest(workload, THREE[:2], {"torch": "install it"}, Settings(), launch=fake)
    lines = report.table(outcome)
    assert next(line for line in lines if line.startswith("torch")).split() == ["torch", "absent", "absent"]
    outcome = contest.contest(workload, THREE, {}, Settings(), launch=fake)
    assert ("torch", "1k", GC_ON) not in outcome.rounds | outcome.missing
    assert not any(line.startswith("[1]") for line in report.table(outcome))


def test_the_answer_of_the_timed_passes_must_be_the_one_that_was_compared() -> None:
    """A contender that drifts from pass to pass, or shortcuts when it is timed, ends the workload."""

    def launch(request: Request) -> Reply:
        reply = fake(request)
        if request.task == GC_OFF and request.entrant.name == "micrograd":
            reply["answer"]["gradient"][0] = 4.0
        return reply

    with pytest.raises(comparison.DisagreementError, match=r"W0 1k, gc off: gradient\[0\] of micrograd"):
        toy(launch=launch)


def test_quick_leaves_out_the_large_cases() -> None:
    """``quick`` runs the small cases only."""
    assert [case.label for case in toy(quick=True).cases] == ["1k"]


@pytest.mark.parametrize("key", ["value", "gradient"])
def test_a_disagreement_stops_everything_before_a_clock_runs(key: str) -> None:
    """A wrong value and a wrong gradient are both found, by contender and number, and nothing is timed."""
    tasks = []

    def launch(request: Request) -> Reply:
        tasks.append(request.task)
        reply = fake(request)
        if request.entrant.name == "torch":
            reply["answer"][key][-1] += 1e-6
        return reply

    with pytest.raises(comparison.DisagreementError, match=rf"W0 1k: {key}\S* of torch is .*micrograd has"):
        toy(launch=launch)
    assert set(tasks) == {"answer"}


def test_last_bits_agree_and_what_is_not_finite_never_does() -> None:
    """Rounding is forgiven; nan is not, even if all contenders have it."""
    comparison.check("W0", {"a": {"value": [1.0, 1e-17]}, "b": {"value": [1.0 + 1e-12, 0.0]}})
    with pytest.raises(comparison.DisagreementError, match="value of a is nan"):
        comparison.check("W0", {"a": {"value": [math.nan]}, "b": {"value": [math.nan]}})
    with pytest.raises(comparison.DisagreementError, match="b answers with"):
        comparison.check("W0", {"a": {"value": [1.0]}, "b": {"value": []}})


def test_a_recursion_error_is_a_footnote_and_a_crash_is_a_fault() -> None:
    """What a peer is known for does not fail the run; what nobody expects does."""

    def launch(request: Request) -> Reply:
        if request.entrant.name == "micrograd":
            return {"status": "failed", "kind": "RecursionError", "message": "too deep"}
        if request.entrant.name == "torch" and request.task == GC_OFF:
            return {"status": "failed", "kind": "KeyError", "message": "'x'", "trace": "Traceback"}
        return fake(request)

    outcome = toy(launch=launch)
    text = report.printed(outcome)
    assert "[1] RecursionError: too deep" in text
    assert "[2] KeyError: 'x'" in text
    assert [fault.splitlines()[0] for fault in outcome.faults] == ["W0 1k: torch failed (gc off): KeyError: 'x'"]


def test_rounds_are_interleaved_in_turn_and_patience_ends() -> None:
    """Each round begins with another contender, and who has used up its patience is named."""
    order = []

    def launch(request: Request) -> Reply:
        if request.task == GC_ON and request.case.label == "1k":
            order.append(request.entrant.name)
        reply = fake(request)
        return reply | {"spent": 9.0} if request.entrant.name == "torch" else reply

    outcome = toy(launch=launch, rounds=3, patience=10.0)
    ours, theirs = OURS, "micrograd"
    assert order == [ours, theirs, "torch", theirs, "torch", ours, ours, theirs]
    assert any("torch 1k gc on: 2" in line for line in report.table(outcome))


def test_the_median_of_the_rounds_counts() -> None:
    """One slow round does not move the result."""
    numbers = iter([1.0, 100.0, 2.0])

    def launch(request: Request) -> Reply:
        ours = request.entrant.name == OURS and request.task == GC_ON and request.case.label == "1k"
        return fake(request) | ({"number": next(numbers)} if ours else {})

    outcome = toy(launch=launch, rounds=3)
    assert outcome.results.get(OURS, "1k") == 2.0
    assert outcome.rounds[OURS, "1k", GC_ON] == [1.0, 100.0, 2.0]


def test_json_holds_every_round_and_every_reason() -> None:
    """What is written can be read back, and has more than the table."""
    document = json.loads(json.dumps(report.as_json(toy(rounds=2, absent={"torch": "install it"}))))
    assert document["absent"] == {"torch": "install it"}
    assert document["compared"]["1k"] == [OURS, "micrograd"]
    assert {tuple(m["rounds"]) for m in document["measurements"]} == {(400.0,) * 2, (2000.0,) * 2, (200.0,)}
    assert [goal["verdict"] for goal in document["goals"]] == ["met", "not measured", "met", "not measured"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["W11"], "There is no workload 'W11'. Did you mean W1?"),
        (["W1", "--peers", "micrograde"], "There is no peer 'micrograde'. Did you mean micrograd?"),
        (["W1", "--rounds", "0"], "--rounds must be more than 0; 0 was given."),
        (["W1", "--core", "4096"], "Core 4096 cannot be pinned to."),
    ],
)
def test_bad_input_is_explained_and_exits_with_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says what is wrong and what there is."""
    assert command.main(arguments) == 2
    assert capsys.readouterr().err.startswith(message)


def test_a_real_worker_measures_and_answers() -> None:
    """The whole way to a process and back, with the one contender that needs no installing."""
    workload = load("W1")
    entrant = Entrant("microgpt", sys.executable)
    settings = Settings(budget=0.0)
    request = Request(workload, workload.cases[0], entrant, "answer", settings)
    reply = contest.launch(request)
    assert reply["status"] == "ok", reply
    assert len(reply["answer"]["gradient"]) == w1.LEAVES
    timed = contest.launch(Request(workload, workload.cases[0], entrant, GC_OFF, settings))
    assert timed["number"] > 0
    assert timed["answer"] == reply["answer"]
    chain = load("W2")
    deep = contest.launch(Request(chain, chain.cases[0], entrant, "answer", settings))
    assert deep["kind"] == "RecursionError"


def test_a_peer_sees_neither_the_project_nor_the_working_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """HIPS autograd must never be shadowed by us: isolated mode, elsewhere, no PYTHONPATH, no checkout."""
    seen: dict[str, Any] = {}

    def run(command: list[str], **how: Any) -> subprocess.CompletedProcess[str]:
        seen.update(how, command=command)
        return subprocess.CompletedProcess(command, 0, '{"status": "ok"}', "")

    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setenv("PYTHONPATH", str(peers.ROOT))
    workload = load("W1")
    contest.launch(Request(workload, workload.cases[0], Entrant("hips", "python"), "answer", Settings()))
    assert seen["command"][:2] == ["python", "-I"]
    assert not Path(seen["cwd"]).is_relative_to(peers.ROOT)
    assert "PYTHONPATH" not in seen["env"]
    assert json.loads(seen["input"])["root"] is None


def test_only_we_are_given_the_checkout(tmp_path: Path) -> None:
    """The folder that holds our package goes to our own contenders and to nobody else."""
    present = peers.Present(tmp_path, {}, {}, {})
    entrants, absent = present.entrants(load("W7"), None)
    assert absent == {}
    assert [e.name for e in entrants if e.root is not None] == [OURS, w7.OURS_WITH_TENSOR]
    assert {e.interpreter for e in entrants if e.name == "hips"} == {str(peers.interpreter(tmp_path, "hips"))}


def test_a_worker_that_dies_is_reported() -> None:
    """Neither a signal nor a missing reply is taken for a result."""
    assert contest.parsed(-11, "", "")["message"] == "killed by SIGSEGV"
    assert contest.parsed(1, "", "Traceback\nImportError: no")["message"] == "ImportError: no"
    gone = Entrant("microgpt", str(Path(sys.executable).with_name("no-such-python")))
    workload = load("W1")
    reply = contest.launch(Request(workload, workload.cases[0], gone, "answer", Settings()))
    assert reply["kind"] == "OSError"


def test_import_goal_takes_the_slower_of_our_two() -> None:
    """W7 holds the worse of the two imports against NumPy's."""
    numbers = {(OURS, "import", "beyond numpy"): 2.0}
    assert w7.over_numpy(Results(numbers)) is None
    assert w7.over_numpy(Results(numbers | {(w7.OURS_WITH_TENSOR, "import", "beyond numpy"): 6.0})) == 6.0


def test_every_workload_names_peers_that_are_known() -> None:
    """A contender without a peer could never be listed as absent."""
    for name in names_of_workloads():
        workload = load(name)
        assert workload.name == name
        assert {contender.partition(".")[0] for contender in workload.contenders} <= set(peers.PEERS)
        assert next(iter(workload.contenders)) == OURS


def test_signs_that_a_terminal_lacks_are_replaced() -> None:
    """A table survives a terminal without UTF-8."""
    assert report.in_ascii("≥ 3.20× at 10⁶, 5 µs", "ascii") == ">= 3.20x at 10^6, 5 us"
    assert report.in_ascii("≥", "utf-8") == "≥"
