"""The README is true: its sessions print what they show, and its links lead somewhere."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from demos import readme

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_console_sessions_print_what_the_readme_shows() -> None:
    """Every ``$ python -m …`` of the README prints exactly what stands below it."""
    assert readme.CONSOLE.search(TEXT)
    assert readme.renewed(TEXT) == TEXT


def test_python_sessions_run() -> None:
    """Every ``>>>`` session of the README gives what it shows, in one namespace from top to bottom."""
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    sessions = "\n".join(re.findall(r"```pycon\n(.*?)```", TEXT, re.DOTALL))
    test = doctest.DocTestParser().get_doctest(sessions, {}, "README", "README.md", 0)
    assert len(test.examples) > 10
    result = doctest.DocTestRunner(optionflags=flags).run(test)
    assert result.failed == 0


def test_a_changed_session_is_noticed() -> None:
    """The comparison can fail: a wrong number in a console block is put right again."""
    block = '```console\n$ python -m autograd "a*b" a=2 b=3 --format json\nsomething else\n```\n'
    assert "something else" not in readme.renewed(block)


def test_links_and_pictures_exist() -> None:
    """Every relative link of the README leads to a file of the checkout."""
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", TEXT) + re.findall(
        r'(?:src|srcset)="(?!https?:)([^"]+)"', TEXT
    ):
        assert (ROOT / target).exists(), target
