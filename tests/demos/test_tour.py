"""The guided tour: what each part says is true, and at the keyboard it waits, stops, and hands over the prompt."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pexpect
import pytest

from autograd.terminal import display_width
from demos import tour, tour_parts
from demos.command import main
from demos.course import Narrator, Options

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test see the same terminal."""
    monkeypatch.setenv("COLUMNS", "48")
    monkeypatch.setenv("NO_COLOR", "1")


def test_the_tour_off_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No pause; eight parts in order; one neuron fails where the network does not; digits are read; it fits 48 columns."""
    found = tour.main(Options(out=tmp_path, quick=True))
    printed = capsys.readouterr().out
    assert found.parts == 8
    assert found.right_alone < 4
    assert found.right_together == 4
    assert found.accuracy > 0.88
    assert found.parameters == 256 * 32 + 32 + 32 * 10 + 10
    titles = ["An expression", "A gradient", "The debugger", "A picture", "A check", "A neuron", "A network", "Digits"]
    places = [printed.index(f"\n{k} of 8   {title}\n") for k, title in enumerate(titles, start=1)]
    assert places == sorted(places)
    assert f"{found.accuracy:.1%} of 1000 unseen digits" in " ".join(printed.split("Finding:")[1].split())
    assert "Enter goes on" not in printed
    assert "[" not in printed.replace("point[", "")  # no term was left in its brackets
    assert all(f"(backprop) {line}\n" in printed for line in tour_parts.WALK)
    assert [x for x in printed.splitlines() if display_width(x) > 48 and not x.startswith("picture: ")] == []
    made = {p.name for p in tmp_path.iterdir()}
    assert made == {"tour_loss.svg", "tour_network.svg", "tour_regions.png", "tour_digits.png"}


def test_the_numbers_of_the_first_parts() -> None:
    """Value, gradient and check are those of (2w + b − 1.5)² at w = 0.5, b = −0.25."""
    options = Options(quick=True)
    tell = Narrator(options)
    assert tour_parts.expression(tell, options) == {"y": 0.75}
    found = tour_parts.gradient(tell, options)
    assert found["w"] == -3.0
    assert found["tried"] == pytest.approx(-3.0, abs=1e-8)
    assert tour_parts.check(tell, options) == {"right": True, "wrong": False}


def test_the_neuron_cannot_separate_the_corners() -> None:
    """Its loss tends to log 2, which is what the part says."""
    losses, right = tour_parts.train_neuron(tour_parts.EXACTLY_ONE, 500)
    assert losses[-1] == pytest.approx(np.log(2), abs=1e-4)
    assert right < 4
    assert tour_parts.train_neuron(tour_parts.BOTH, 500)[1] == 4


def test_without_the_digits_the_other_parts_remain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing extra costs one part, and the pip command is given."""
    monkeypatch.setitem(sys.modules, "mlxtend", None)
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    assert main(["tour", "--quick", "--out", str(tmp_path)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "This part must be left out" in told
    assert "pip install 'chainrule[demos]'" in told
    assert "Finding: by the same three steps one neuron gets 2 of 4" in told


def at_the_keyboard(tmp_path: Path) -> pexpect.spawn:
    """Start the tour on a terminal."""
    return pexpect.spawn(
        sys.executable, ["-m", "demos", "tour", "--out", str(tmp_path)], cwd=ROOT, encoding="utf-8", timeout=30,
        dimensions=(40, 80), env=os.environ | {"NO_COLOR": "1", "PYTHONUTF8": "1", "COLUMNS": "80", "TERM": "dumb"},
    )  # fmt: skip


def test_the_tour_at_the_keyboard(tmp_path: Path) -> None:
    """It waits after each part; in the third the learner is at the prompt; q stops with exit code 0."""
    learner = at_the_keyboard(tmp_path)
    for _ in range(2):
        learner.expect("Enter goes on, q stops: ")
        learner.sendline("")
    learner.expect(r"\(backprop\) ")
    learner.sendline("n")
    learner.expect("step 1/4")
    learner.expect(r"\(backprop\) ")
    learner.sendline("q")
    learner.expect("Enter goes on, q stops: ")
    learner.sendline("q")
    learner.expect("You saw 3 of 8 parts")
    learner.expect(pexpect.EOF)
    learner.close()
    assert learner.exitstatus == 0


def test_interrupting_the_tour(tmp_path: Path) -> None:
    """Ctrl-C at a pause: exit code 130, no traceback."""
    learner = at_the_keyboard(tmp_path)
    learner.expect("Enter goes on, q stops: ")
    learner.sendintr()
    learner.expect("interrupted; what was made so far stays")
    learner.expect(pexpect.EOF)
    learner.close()
    assert "Traceback" not in (learner.before or "")
    assert learner.exitstatus == 130
