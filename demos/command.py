"""``python -m demos``: lists the lessons, runs one of them, all of them, or the guided tour.

Exit codes: 0 fine, 1 a lesson failed (``all``), 2 bad input, 130 interrupted.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib
import os
import shutil
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd.errors import AutogradError, InputValueError, UnknownNameError
from demos.course import HERE, LESSONS, Options

if TYPE_CHECKING:
    from collections.abc import Sequence

FINE, BAD_INPUT, INTERRUPTED, BROKEN_PIPE = 0, 2, 130, 141
OTHERS = {
    "tour": "a guided tour at the keyboard, ten minutes; Enter goes on",
    "all": "every lesson, and a page with all pictures and findings",
}
"""What can be run beside a lesson."""


def summary(lesson: str) -> str:
    """Give the first line of a lesson's docstring, without importing the lesson."""
    tree = ast.parse((HERE / f"{lesson}.py").read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or lesson).splitlines()[0]


def listing() -> str:
    """List the lessons in teaching order, one line each, and what else can be run."""
    widest = max(map(len, LESSONS))
    width = min(100, max(32, shutil.get_terminal_size((80, 24)).columns))

    def entry(name: str, told: str) -> str:
        head = f"  {name:{widest}}  "
        return textwrap.fill(told, width, initial_indent=head, subsequent_indent=" " * len(head))

    lines = ["Lessons, in teaching order:", "", *(entry(lesson, summary(lesson)) for lesson in LESSONS)]
    lines += ["", "Or all of it:", "", *(entry(name, told) for name, told in OTHERS.items())]
    listed = "\n".join([*lines, "", f"Run one: python -m demos {LESSONS[0]}"])
    try:
        listed.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        from autograd.terminal import plain_ascii

        return plain_ascii(listed)
    return listed


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        raise InputValueError(f"{message}; python -m demos --help shows the options")


def _seed(written: str) -> int:
    if not (written.isascii() and written.isdecimal()):
        raise argparse.ArgumentTypeError(f"a seed is a whole number, 0 or more; got {written!r}")
    return int(written)


def parser() -> argparse.ArgumentParser:
    """Build the parser of the options that every lesson takes."""
    p = _Parser(prog="python -m demos", description="Lessons that run; without a name, lists them.", allow_abbrev=False)
    p.add_argument("lesson", nargs="?", help="which lesson to run; or tour, or all")
    p.add_argument(
        "--out", type=Path, default=Options().out, metavar="FOLDER", help="for pictures (default: demo-output)"
    )
    p.add_argument("--seed", type=_seed, default=None, help="start from random numbers of this seed")
    p.add_argument(
        "--quick", action="store_true", help="do not wait between lines; smaller runs where a lesson is long"
    )
    p.add_argument("--step", action="store_true", help="step through the first backward pass at a prompt")
    return p


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and give the exit code: 0 fine, 1 a lesson failed, 2 bad input, 130 interrupted."""
    try:
        try:
            return _run(parser().parse_args(argv))
        finally:
            sys.stdout.flush()
    except AutogradError as error:
        print(f"error: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("\ninterrupted; what was made so far stays", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except ImportError as error:
        print(
            f"error: {error}; install what the lessons need: python -m pip install 'chainrule[demos]'", file=sys.stderr
        )
        return BAD_INPUT
    except OSError as error:  # a full disk behind >
        print(f"error: cannot write the output: {error.strerror or error}", file=sys.stderr)
        return BAD_INPUT
    except SystemExit as done:  # --help
        return int(done.code or 0)


def _run(asked: argparse.Namespace) -> int:
    if asked.lesson is None:
        print(listing())
        return FINE
    if asked.lesson not in (*LESSONS, *OTHERS):
        close = difflib.get_close_matches(asked.lesson.lower(), [*LESSONS, *OTHERS], 1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise UnknownNameError(f"no lesson is called {asked.lesson!r}; {hint}python -m demos lists them all")
    options = Options(asked.out, asked.seed, asked.quick, asked.step)
    check_folder(options.out)
    if asked.lesson == "all":
        from demos.everything import run_all

        return run_all(options)
    importlib.import_module(f"demos.{asked.lesson}").main(options)
    return FINE


def check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written before the lesson begins, not after it."""
    if folder.exists() and not folder.is_dir():
        raise InputValueError(f"cannot write into {folder}: it is a file, not a folder; choose a folder with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, "Permission denied")
    except OSError as error:
        raise InputValueError(
            f"cannot write into {folder}: {error.strerror or error}; choose a folder with --out"
        ) from None
