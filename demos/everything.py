"""``python -m demos all``: every lesson, two at a time, and a page that shows all pictures with their findings.

Each lesson runs in a process of its own, so that a failing one stops no other, and what it prints is kept beside its
pictures as ``NAME.txt``. Results are told in teaching order, whichever lesson is ready first.

Types
    Lesson    one lesson's run: its name, what it printed, its finding and pictures, how it ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from autograd.errors import InputValueError
from autograd.terminal import wrapped
from demos.command import FINE, INTERRUPTED
from demos.course import HERE, LESSONS, Narrator, Options

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED = 1
AT_A_TIME = 2
PATIENCE = 10  # seconds that an interrupted lesson has to put down its pen
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
"""Two lessons at a time on two cores: the linear algebra of each keeps to one."""


@dataclass(slots=True)
class Lesson:
    """One lesson's run."""

    name: str
    exit_code: int | None = None  # None: it did not run to its end
    seconds: float = 0.0
    printed: str = ""
    complaint: str = ""  # what it wrote to standard error
    finding: str = ""
    pictures: list[str] = field(default_factory=list)  # names in the output folder, in the order of their making

    @property
    def text(self) -> str:
        """The file with what it printed."""
        return f"{self.name}.txt"

    @property
    def state(self) -> str:
        """``fine``, ``failed``, ``interrupted`` or ``not run``."""
        if self.exit_code is None:
            return "interrupted" if self.printed else "not run"
        return {FINE: "fine", INTERRUPTED: "interrupted"}.get(self.exit_code, "failed")


def read(lesson: Lesson, printed: str, folder: Path) -> None:
    """Take the finding and the pictures out of what a lesson printed."""
    lesson.printed = printed
    _, found, last = printed.rpartition("\nFinding: ")
    lesson.finding = " ".join(last.split("\n\n")[0].split()) if found else ""
    for line in printed.splitlines():
        mark, is_one, path = line.partition("picture: ")
        if is_one and not mark and Path(path).is_file():
            lesson.pictures.append(Path(os.path.relpath(path, folder)).as_posix())


def command(name: str, options: Options) -> list[str]:
    """Give the command that runs one lesson."""
    given = [sys.executable, "-m", "demos", name, "--out", str(options.out)]
    given += ["--quick"] if options.quick else []
    return given + ([f"--seed={options.seed}"] if options.seed is not None else [])


class Running:
    """A lesson at work in a process of its own; its output goes to ``NAME.txt``."""

    def __init__(self, name: str, options: Options) -> None:
        """Start it."""
        self.lesson = Lesson(name)
        self.folder = options.out
        self.output: IO[bytes] = (options.out / self.lesson.text).open("w+b")
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed in result()
        self.began = time.monotonic()
        environment = os.environ | ONE_THREAD | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")]))
        self.process = subprocess.Popen(  # noqa: S603  our own command
            command(name, options), stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.errors, env=environment
        )

    def done(self) -> bool:
        """Tell whether it ended."""
        return self.process.poll() is not None

    def stop(self) -> None:
        """Interrupt it, and wait until it has kept what was made."""
        if not self.done():
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def result(self) -> Lesson:
        """Read what it made."""
        self.lesson.exit_code = self.process.wait()
        self.lesson.seconds = time.monotonic() - self.began
        self.output.close()
        self.errors.seek(0)
        self.lesson.complaint = self.errors.read().decode("utf-8", "replace").strip()
        self.errors.close()
        printed = (self.folder / self.lesson.text).read_text(encoding="utf-8", errors="replace")
        read(self.lesson, printed, self.folder)
        return self.lesson


def run_all(options: Options, names: Sequence[str] = LESSONS) -> int:
    """Run every lesson, tell its finding, write the page; give the exit code: 0, 1 a lesson failed, 130 interrupted.

    Raises:
        InputValueError: ``--step``, which needs a person at one lesson, or a folder that cannot be written.
    """
    from demos.gallery import write_page

    if options.step:
        raise InputValueError("--step walks through one lesson, not all; give its name instead of all")
    tell = Narrator(options)
    lessons = {name: Lesson(name) for name in names}
    waiting, running, told = list(names), list[Running](), 0
    interrupted = broken = False
    began = time.monotonic()
    try:
        while waiting or running:
            while waiting and len(running) < AT_A_TIME:
                running.append(Running(waiting.pop(0), options))
            progress(running, len(names) - len(waiting) - len(running), len(names))
            time.sleep(0.05)
            for one in [r for r in running if r.done()]:
                running.remove(one)
                lessons[one.lesson.name] = one.result()
            while told < len(names) and lessons[names[told]].exit_code is not None:
                report(tell, lessons[names[told]])
                told += 1
    except KeyboardInterrupt:
        interrupted = True
    except BrokenPipeError:
        broken = True
    finally:
        progress([], 0, 0)
        for one in running:
            one.stop()
            lessons[one.lesson.name] = one.result()
    page = write_page(options.out, list(lessons.values()))
    if broken:
        raise BrokenPipeError
    if interrupted:
        print(f"\ninterrupted; what was made so far is on {page}", file=sys.stderr)
        return INTERRUPTED
    return conclude(tell, list(lessons.values()), page, time.monotonic() - began)


def progress(running: list[Running], done: int, of: int) -> None:
    """Say on a terminal which lessons are at work, on a line that goes away."""
    if sys.stderr.isatty():
        names = ", ".join(r.lesson.name for r in running)
        told = f"running {names} ({done} of {of} done)" if running else ""
        sys.stderr.write(f"\r\x1b[K{told[:70]}")
        sys.stderr.flush()


def report(tell: Narrator, lesson: Lesson) -> None:
    """Tell how one lesson ended: its finding, or what went wrong."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
    tell.line(f"{lesson.name}  ({lesson.seconds:.1f} s)" + ("" if lesson.state == "fine" else f"  {lesson.state}"))
    last = lesson.complaint.splitlines()[-1] if lesson.complaint else f"exit code {lesson.exit_code}"
    said = lesson.finding or "no finding"
    for line in wrapped(said if lesson.state == "fine" else last, tell.width - 2):
        tell.line(f"  {line}")


def conclude(tell: Narrator, lessons: list[Lesson], page: Path, seconds: float) -> int:
    """Say how many ran and where the page is; give the exit code."""
    failed = [lesson.name for lesson in lessons if lesson.state != "fine"]
    pictures = sum(len(lesson.pictures) for lesson in lessons)
    tell.line()
    tell.say(f"{len(lessons) - len(failed)} of {len(lessons)} lessons ran in {seconds:.0f} s; {pictures} pictures.")
    if failed:
        tell.say(f"Failed: {', '.join(failed)}. What they printed is in {page.parent}.")
    tell.line(f"page: {page}")
    return FAILED if failed else FINE
