"""Drive the prompt through a real pseudo-terminal and keep what it shows.

``python screens.py`` writes the golden files anew; look at the difference before committing it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pexpect

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
SCREENS = [(80, "unicode"), (80, "ascii"), (48, "unicode"), (48, "ascii")]
PROMPT = r"\((?:backprop|what if)\) $"
QUESTION = r"What goes to \w+\? $"


def environment(signs: str = "unicode", **more: str) -> dict[str, str]:
    """Give the environment of a plain terminal that has (or lacks) Unicode."""
    kept = ("PATH", "HOME", "PYTHONPATH", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
    keep = {k: v for k, v in os.environ.items() if k in kept or k.startswith("COVERAGE_")}  # coverage counts the child
    keep["PYTHONPATH"] = os.pathsep.join([str(HERE.parents[2]), keep.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    encoding = "utf-8" if signs == "unicode" else "ascii"
    return keep | {"TERM": "dumb", "INPUTRC": "/dev/null", "PYTHONIOENCODING": encoding, "PYTHON_COLORS": "0"} | more


def start(
    *words: str, width: int = 80, env: dict[str, str] | None = None, echo: bool = False, cwd: str | None = None
) -> pexpect.spawn:
    """Open the lesson on a pseudo-terminal of that width."""
    child = pexpect.spawn(
        sys.executable, [str(HERE / "lesson.py"), *words], dimensions=(50, width), env=env or environment(),
        encoding="utf-8", timeout=20, echo=echo, cwd=cwd,
    )  # fmt: skip
    child.delaybeforesend = None
    return child


def capture(width: int, signs: str, lines: list[str] | None = None) -> str:
    """Type a session, line by line, and give the whole screen."""
    typed = lines if lines is not None else (HERE / "session.txt").read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory(prefix="s") as place:
        child = start(width=width, env=environment(signs), cwd=place)
        page = []
        for line in typed:
            child.expect([PROMPT, QUESTION])
            page.append(child.before + child.after + line + "\n")
            child.sendline(line)
        child.expect(pexpect.EOF)
        page.append(child.before)
        child.close()
        text = "".join(page).replace("\r\n", "\n").replace("\r", "")
        return f"exit {child.exitstatus}\n{text}"


def golden(width: int, signs: str) -> Path:
    """Name the file of one screen."""
    return GOLDEN / f"session-{width}-{signs}.txt"


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for width_, signs_ in SCREENS:
        golden(width_, signs_).write_text(capture(width_, signs_), encoding="utf-8")
