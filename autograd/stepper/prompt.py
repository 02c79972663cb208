"""The prompt of the debugger: reading lines, finding the command, printing.

The commands themselves are in ``moving``, ``stopping``, ``looking`` and ``writing``; ``guide`` lists and explains them.

It follows ``pdb`` and gdb's reversible mode: a blank line repeats, ``;;`` chains, what is no command is Python. Off a
terminal there is no prompt and no colour, so that a script can be piped in and its output kept.
"""

from __future__ import annotations

import cmd
import difflib
import os
import re
import sys
from typing import Any

from autograd import terminal
from autograd.errors import AutogradError
from autograd.stepper import guide
from autograd.stepper.display import ascii_of
from autograd.stepper.looking import Looking
from autograd.stepper.moving import Moving
from autograd.stepper.names import Names
from autograd.stepper.stopping import Stopping
from autograd.stepper.writing import Writing

OPERATOR = re.compile(r"[*/+%.=<>&|^)\[(@]|- |-$|if |in |and |or |is |not ")
"""After a one-letter word these mean Python: ``b * g`` is a product, not a breakpoint."""


class Prompt(Moving, Stopping, Looking, Writing, cmd.Cmd):
    """One session at one stepper."""

    def __init__(
        self,
        stepper: Any,
        stdin: Any = None,
        stdout: Any = None,
        *,
        predict: bool = False,
        variables: dict[str, Any] | None = None,
        width: int | None = None,
        unicode: bool | None = None,
        colour: bool | None = None,
    ) -> None:
        """Find out what the terminal can show."""
        super().__init__(stdin=stdin, stdout=stdout)
        self.stepper = stepper
        self.interactive = stdin is None and (sys.stdin.isatty() or terminal.in_notebook())
        self.use_rawinput = self.interactive
        on_terminal = bool(getattr(self.stdout, "isatty", lambda: False)())
        given = os.environ.get("COLUMNS", "")
        self.fixed_width = width or (None if on_terminal else int(given) if given.isdigit() and int(given) else 80)
        self.unicode = terminal.unicode_wanted(self.stdout) if unicode is None else unicode
        self.colour = terminal.colour_wanted(self.stdout) if colour is None else colour
        self.names = Names(stepper, variables)
        self.predicting = predict
        self.score = [0, 0]
        self.displays: list[str] = []
        self.commands: list[str] = []
        self.transcript: list[str] = []
        self.focus: Any = None

    # --- the loop -----------------------------------------------------------------------------------------------

    @property
    def question(self) -> str:
        """The prompt as a transcript shows it; a what-if says so."""
        return "(what if) " if self.stepper.changes else "(backprop) "

    def loop(self) -> None:
        """Read and do commands until the end of the input; Ctrl-C interrupts one command, not the session."""
        self.show()
        if self.predicting and len(self.stepper):
            self.predict_rules()
        done = False
        while not done:
            self.prompt = self.question if self.interactive else ""
            try:
                self.cmdloop()
                done = True
            except KeyboardInterrupt:
                self.stdout.write("\n")
                self.say("--KeyboardInterrupt--")

    def postcmd(self, stop: bool, line: str) -> bool:
        """Give the next prompt: nothing off a terminal."""
        self.prompt = self.question if self.interactive else ""
        return stop

    def precmd(self, line: str) -> str:
        """Split ``a ;; b``, and keep the line."""
        first, chained, rest = line.partition(";;")
        if chained:
            self.cmdqueue.insert(0, rest.strip())
            line = first.strip()
        if line != "EOF":
            self.transcript.append(f"{self.question}{line}".rstrip())
            if line.strip():
                self.commands.append(line.strip())
        return line

    def onecmd(self, line: str) -> bool:
        """Do one command; errors are shown, the session goes on."""
        if line == "EOF":
            if self.interactive:
                self.stdout.write("\n")
            return True
        if not line.strip():
            if not self.lastcmd:
                return False
            line = self.lastcmd
        line = line.strip()
        if line.startswith("#"):
            return False
        self.lastcmd = line
        try:
            return bool(self._do(line))
        except AutogradError as error:
            self.complain(str(error))
        except Exception as error:  # noqa: BLE001  whatever the user's own Python raised
            self.complain(f"{type(error).__name__}: {error}")
            for note in getattr(error, "__notes__", ()):
                self.complain(note)
        return False

    def _do(self, line: str) -> Any:
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if word.startswith("?") and word != "?":
            word, rest = "?", line[1:].strip()
        if line.startswith("!"):
            return self.python(line[1:].strip())
        entry = guide.NAMES.get(word)
        if entry is None or OPERATOR.match(rest):
            return self.python(line) if entry is None or not self._takes(word, rest) else self._call(entry, rest, word)
        done = self._call(entry, rest, word)
        if word in self.stepper.graph and not rest and len(word) == 1:
            self.say(f"({word} is also a node: p {word})", "quiet")
        return done

    def _takes(self, word: str, rest: str) -> bool:
        """Tell whether a command takes such a rest itself, though it looks like the middle of an expression."""
        if word in (
            "p",
            "pp",
            "print",
            "display",
            "h",
            "help",
            "?",
            "save",
            "g",
            "dot",
            "html",
            "png",
            "svg",
            "pdf",
            "set",
        ):
            return not rest.startswith("=")
        return len(word) > 1 and word not in self.stepper.graph

    def _call(self, entry: guide.Entry, rest: str, word: str) -> Any:
        return getattr(self, f"on_{entry.method}")(rest) if entry.method != "png" else self.on_picture(rest, word)

    def python(self, line: str) -> None:
        """Evaluate what is no command."""
        word = line.split(maxsplit=1)[0]
        try:
            is_value, result = self.names.run(line)
        except (NameError, SyntaxError) as error:
            close = difflib.get_close_matches(word, guide.NAMES, 2) if word.isidentifier() else []
            nodes = (
                difflib.get_close_matches(word, [n.id for n in self.stepper.graph.nodes[:5000]], 1) if not close else []
            )
            if close or nodes or isinstance(error, SyntaxError) or len(line.split()) > 1:
                hint = (
                    f"; did you mean {' or '.join(close)}?"
                    if close
                    else f"; did you mean the node {nodes[0]}?"
                    if nodes
                    else ""
                )
                what = (
                    error
                    if isinstance(error, NameError) and not close
                    else f"no command {word!r}, and no Python either"
                )
                self.complain(f"{what}{hint or '; h lists the commands'}")
                return
            self.complain(f"no command, node or variable {word!r}; h lists the commands")
            return
        if is_value:
            self.show_result(line, result)

    def read_line(self, question: str) -> str:
        """Ask something in the middle of a command; what was chained with ``;;`` answers first, as if it were typed now."""
        question = question if self.unicode else ascii_of(question)
        if self.cmdqueue:
            answer, chained, rest = (part.strip() for part in self.cmdqueue.pop(0).partition(";;"))
            if chained:
                self.cmdqueue.insert(0, rest)
            self.stdout.write(f"{question}{answer}\n")
        elif self.use_rawinput:
            try:
                answer = input(question)
            except EOFError:
                answer = "EOF"
        else:
            line = self.stdin.readline()
            answer = line.rstrip("\r\n") if line else "EOF"
            self.stdout.write(question + answer.strip() + "\n")
        self.transcript.append(question + answer)
        return answer

    def on_quit(self, rest: str) -> bool:
        """Leave."""
        return True

    def completenames(self, text: str, *ignored: Any) -> list[str]:
        """Complete the first word: commands, then nodes."""
        return [n for n in guide.NAMES if n.startswith(text)] + self._nodes(text)

    def completedefault(self, *args: Any) -> list[str]:
        """Complete what follows: node names, and the words of breakpoints."""
        text: str = args[0]
        kinds = [k for k in ("nan", "dead", "vanish<", "explode>") if text and k.startswith(text)]
        return self._nodes(text) + kinds

    def _nodes(self, text: str) -> list[str]:
        found = [n.id for n in self.stepper.graph if n.id.startswith(text)]
        return found[:200]


def open_prompt(stepper: Any, stdin: Any, stdout: Any, *, predict: bool = False, **options: Any) -> None:
    """Open the prompt with the variables of the caller."""
    variables = options.pop("variables", None)
    if variables is None:
        frame: Any = sys._getframe(1)
        while frame is not None and str(frame.f_globals.get("__name__", "")).split(".")[0] == "autograd":
            frame = frame.f_back
        variables = {} if frame is None else {**frame.f_globals, **frame.f_locals}
    Prompt(stepper, stdin, stdout, predict=predict, variables=variables, **options).loop()
