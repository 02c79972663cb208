"""Keeps the sessions in README.md true: ``python -m demos.readme`` runs them again and writes what they print.

In a ``console`` block each line ``$ python -m …`` is run from the checkout, 80 columns wide and without colour; what
follows it is its output. A line of input for the debugger is given by ``<<< "n;; w"`` at the end of the command.
``pycon`` blocks are ordinary Python sessions. ``--check`` changes nothing and exits with 1 if something differs.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
CONSOLE = re.compile(r"(```console\n)(.*?)(```)", re.DOTALL)


def run(command: str) -> str:
    """Run one command of the README and give what it prints, with the exit code if it is not 0."""
    typed, _, given = command.partition(" <<< ")
    words = shlex.split(typed)
    if words[:2] != ["python", "-m"]:
        raise ValueError(f"a console block of the README runs python -m …; got {command!r}")
    environment = {k: v for k, v in os.environ.items() if k not in {"FORCE_COLOR", "PYTHONPATH"}}
    environment |= {"COLUMNS": "80", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(README.parent)}
    lines = "\n".join(part.strip() for part in " ".join(shlex.split(given)).split(";;")) + "\n" if given else ""
    done = subprocess.run(  # noqa: S603  our own commands
        [sys.executable, *words[1:]],
        input=lines,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=README.parent,
        env=environment,
        check=False,
    )
    printed = (done.stdout + done.stderr).rstrip("\n")
    return "\n".join(line.rstrip() for line in printed.splitlines())


def _block(match: re.Match[str]) -> str:
    commands = [line for line in match[2].splitlines() if line.startswith("$ ")]
    parts = [f"{command}\n{run(command[2:])}\n" for command in commands]
    return match[1] + "\n".join(parts) + match[3]


def renewed(text: str) -> str:
    """Give the text of a README with every console session run again."""
    return CONSOLE.sub(_block, text)


def main(arguments: list[str]) -> int:
    """Write README.md anew, or with ``--check`` say what differs."""
    before = README.read_text(encoding="utf-8")
    after = renewed(before)
    if "--check" in arguments:
        print(
            "".join(
                difflib.unified_diff(before.splitlines(True), after.splitlines(True), "README.md", "as printed now")
            )
        )
        return int(before != after)
    README.write_text(after, encoding="utf-8")
    print("README.md is up to date" if before == after else "README.md was written anew")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
