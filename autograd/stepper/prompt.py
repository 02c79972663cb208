"""The prompt of the debugger: reading lines, moving, stopping. What it can show is in ``looking``.

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
from autograd.errors import AutogradError, InputValueError
from autograd.stepper import guide
from autograd.stepper.display import ascii_of, page
from autograd.stepper.looking import Looking
from autograd.stepper.names import Names
from autograd.stepper.numbers import written
from autograd.stepper.predict import verdict

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
OPERATOR = re.compile(r"[*/+%.=<>&|^)\[(@]|- |-$|if |in |and |or |is |not ")
"""After a one-letter word these mean Python: ``b * g`` is a product, not a breakpoint."""


class Prompt(Looking, cmd.Cmd):
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
        self.interactive = stdin is None and (sys.stdin.isatty() or "ipykernel" in sys.modules)
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
    def prompt(self) -> str:  # type: ignore[override]
        """What stands before the cursor; nothing off a terminal."""
        return self.question if self.interactive else ""

    @property
    def question(self) -> str:
        """The prompt as a transcript shows it; a what-if says so."""
        return "(what if) " if self.stepper.changes else "(backprop) "

    @property
    def width(self) -> int:
        """Columns, asked again each time, since a window can change."""
        return max(20, self.fixed_width or terminal.columns())

    def say(self, text: str, role: str = "") -> None:
        """Print lines; plain copies go into the transcript."""
        for line in text.split("\n"):
            line = line if self.unicode else ascii_of(line)
            self._put(terminal.paint(line, role, colour=self.colour) if role else line)

    def _put(self, line: str) -> None:
        self.transcript.append(COLOUR.sub("", line))
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        self.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")

    def complain(self, text: str) -> None:
        """Print an error as pdb does."""
        self.say(f"*** {text}", "bad")

    def loop(self) -> None:
        """Read and do commands until the end of the input; Ctrl-C interrupts one command, not the session."""
        self.show()
        while True:
            try:
                self.cmdloop()
                return
            except KeyboardInterrupt:
                self.say("--KeyboardInterrupt--")

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
        if word in ("p", "pp", "print", "display", "h", "help", "?", "save", "g", "dot", "html", "png", "svg", "pdf", "set"):
            return not rest.startswith("=")
        return len(word) > 1 and word not in self.stepper.graph

    def _call(self, entry: guide.Entry, rest: str, word: str) -> Any:
        return getattr(self, f"on_{entry.method}")(rest) if entry.method != "png" else self.on_picture(rest, word)

    def python(self, line: str) -> None:
        """Evaluate what is no command."""
        word = line.split()[0]
        try:
            is_value, result = self.names.run(line)
        except (NameError, SyntaxError) as error:
            close = difflib.get_close_matches(word, guide.NAMES, 2) if word.isidentifier() else []
            nodes = difflib.get_close_matches(word, [n.id for n in self.stepper.graph.nodes[:5000]], 1) if not close else []
            if close or nodes or isinstance(error, SyntaxError) or len(line.split()) > 1:
                hint = f"; did you mean {' or '.join(close)}?" if close else f"; did you mean the node {nodes[0]}?" if nodes else ""
                what = error if isinstance(error, NameError) and not close else f"no command {word!r}, and no Python either"
                self.complain(f"{what}{hint} h lists the commands" if not hint else f"{what}{hint}")
                return
            self.complain(f"no command, node or variable {word!r}; h lists the commands")
            return
        if is_value:
            self.show_result(line, result)

    # --- moving -------------------------------------------------------------------------------------------------

    def show(self) -> None:
        """Show the current step, and what is on display."""
        self.focus = None
        for line in page(self.stepper, width=self.width, colour=self.colour, unicode=self.unicode):
            self._put(line)
        for i, text in enumerate(self.displays, 1):
            try:
                result = self.names.evaluate(text)
            except Exception as error:  # noqa: BLE001  a display that fails here may work at the next step
                result = f"{type(error).__name__}: {error}"
            self.say(f"  display {i}: {text} = {self.brief(result)}")

    def _number(self, rest: str, default: int = 1) -> int:
        if not rest:
            return default
        if not rest.isdigit():
            raise InputValueError(f"a count is a whole number; got {rest!r}")
        return int(rest)

    def _end(self) -> None:
        st = self.stepper
        if st.direction == "forward":
            self.say(f"at the end: {st.graph.root.id} = {written(st.graph.root.data)}; rn goes back")
            return
        self.say("at the end: every gradient is complete; commit writes them into .grad, rn goes back")

    def on_next(self, rest: str) -> None:
        """Do nodes."""
        count = self._number(rest)
        if self.stepper.at_end:
            self._end()
            return
        if self.predicting and self.stepper.direction == "backward":
            for _ in range(count):
                if self.stepper.at_end or not self._predicted(whole=True):
                    return
            return
        self.stepper.step(count)
        self.show()

    def on_step(self, rest: str) -> None:
        """Do edges."""
        count = self._number(rest)
        if self.stepper.at_end:
            self._end()
            return
        if self.predicting and self.stepper.direction == "backward":
            for _ in range(count):
                if self.stepper.at_end or not self._predicted(whole=False):
                    return
            return
        self.stepper.micro(count)
        self.show()

    def _predicted(self, *, whole: bool) -> bool:
        """Ask for the next amount (or all of a step); False if the learner stopped."""
        st = self.stepper
        step = st.recording.step(st.pos)
        if not st.edge:
            self.say(f"▶ step {step.index + 1}/{len(st)}   {step.node.formula}", "now")
            self.say(f"  ∂{st.graph.root.id}/∂{step.node.id} = {written(step.upstream)} = g arrived")
        for send in step.sends[st.edge :]:
            if not self._ask(step, send):
                return False
            st.micro(1)
            if not whole:
                break
        self.show()
        return True

    def _ask(self, step: Any, send: Any) -> bool:
        question = f"  ∂{step.node.id}/∂{send.to.id} = {send.formula}. What goes to {send.to.id}? "
        while True:
            answer = self.read_line(question).strip().replace("−", "-").replace("×", "*")
            if answer in ("q", "EOF", "predict off"):
                self.say(f"  predict is off; {self.score[0]} of {self.score[1]} right")
                self.predicting = False
                return False
            if not answer:
                self.say(f"  it is {written(send.amount)}")
                self.score[1] += 1
                return True
            try:
                good, words = verdict(self.names.evaluate(answer, step), send)
            except Exception as error:  # noqa: BLE001  a learner's typing error is not the end of the question
                self.complain(f"{type(error).__name__}: {error}; give a number, or an expression such as b * g")
                continue
            self.score[0] += good
            self.score[1] += 1
            self.say(f"  {'✓' if good else '✗'} {words}   ({self.score[0]} of {self.score[1]} right)", "good" if good else "bad")
            return True

    def read_line(self, question: str) -> str:
        """Ask something in the middle of a command."""
        question = question if self.unicode else ascii_of(question)
        if self.use_rawinput:
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

    def on_rnext(self, rest: str) -> None:
        """Undo nodes."""
        self._back(self._number(rest), self.stepper.back)

    def on_rstep(self, rest: str) -> None:
        """Undo edges."""
        self._back(self._number(rest), lambda n: self.stepper.micro(-n))

    def _back(self, count: int, move: Any) -> None:
        if not self.stepper.pos and not self.stepper.edge:
            self.say("at the start: there is nothing to undo; n goes on")
            return
        move(count)
        self.show()

    def on_continue(self, rest: str) -> None:  # noqa: ARG002  no arguments
        """Run on."""
        if self.stepper.at_end:
            self._end()
            return
        self._stopped(self.stepper.run(), +1)

    def on_rcontinue(self, rest: str) -> None:  # noqa: ARG002  no arguments
        """Run back."""
        if not self.stepper.pos and not self.stepper.edge:
            self.say("at the start: there is nothing to undo; n goes on")
            return
        self._stopped(self.stepper.run_back(), -1)

    def on_run(self, rest: str) -> None:  # noqa: ARG002  no arguments
        """Start again."""
        self.stepper.rewind()
        self._stopped(self.stepper.run(), +1)

    def on_rewind(self, rest: str) -> None:  # noqa: ARG002  no arguments
        """Go to the start."""
        self.stepper.rewind()
        self.show()

    def _stopped(self, found: Any, towards: int) -> None:
        stepper = self.stepper
        for stop in stepper.stopped_by if found is not None else ():
            self.say(f"{stop.text}" if stop.receives else f"breakpoint {stop.number}: {stop.text}", "now")
            if stop.once:
                stepper.breakpoints.remove(stop.number)
        self.show()
        if found is None and stepper.breakpoints.active():
            side = "end" if towards > 0 else "start"
            never = [b for b in stepper.breakpoints.active() if not b.count]
            words = f"{side} of the pass, no breakpoint on the way"
            self.say(words + (f"; never hit: {', '.join(f'{b.number} {b.text}' for b in never)}" if never else ""))
        elif found is None and towards > 0:
            self._end()

    def on_until(self, rest: str, towards: int = 1) -> None:
        """Run until something holds."""
        if not rest:
            raise InputValueError("until what? A node, or as in b: unt d, unt op:tanh, unt explode>100")
        before = (self.stepper.pos, self.stepper.edge)
        self.stepper.stopped_by = []
        found = self.stepper.until(rest) if towards > 0 else self.stepper.back_until(rest)
        if found is None:
            self.stepper.pos, self.stepper.edge = before
            side = "from here to the end" if towards > 0 else "from here back to the start"
            self.say(f"{rest} is not met {side}; the cursor did not move")
            return
        self.show()

    def on_runtil(self, rest: str) -> None:
        """Run back until something holds."""
        self.on_until(rest, -1)

    def on_jump(self, rest: str) -> None:
        """Go anywhere."""
        if not rest:
            raise InputValueError(f"jump where? A number from 0 to {len(self.stepper)}, or a node: j 3, j d")
        self.stepper.to(int(rest) if re.fullmatch(r"-?\d+", rest) else rest)
        self.show()

    # --- stops --------------------------------------------------------------------------------------------------

    def on_break(self, rest: str, *, once: bool = False) -> None:
        """Set a breakpoint, or list them."""
        stops = self.stepper.breakpoints
        if not rest:
            for b in stops:
                state = "" if b.enabled else ", off"
                self.say(f"{b.number}  {b.text}   hit {b.count} time{'s' * (b.count != 1)}{state}")
            if not len(stops):
                self.say("no breakpoints; b NODE sets one")
            return
        where, _, condition = (part.strip() for part in rest.partition(","))
        test = None
        if condition:
            compile(condition, "<condition>", "eval")
            test = lambda step: self.names.evaluate(condition, step)  # noqa: E731  it closes over the condition
        stop = stops.add(where, once=once, condition=test, condition_text=condition)
        self.say(f"breakpoint {stop.number}: {stop.text}")
        places = stop.places(self.stepper.recording)
        if places is not None and not places:
            self.say("  this pass never gets there, so it will not be hit", "bad")
        elif places is not None and places[-1] < self.stepper.pos:
            self.say("  it lies behind the cursor: rc goes back to it", "quiet")

    def on_tbreak(self, rest: str) -> None:
        """Set a breakpoint for one hit."""
        if not rest:
            raise InputValueError("tbreak where? A node, or as in b: tbreak d")
        self.on_break(rest, once=True)

    def on_clear(self, rest: str) -> None:
        """Take breakpoints back."""
        stops = self.stepper.breakpoints
        if rest:
            self.say(f"took back {self._stop(rest).text}")
            stops.remove(int(rest))
            return
        self.say(f"took back {len(stops)} breakpoint{'s' * (len(stops) != 1)}")
        stops.clear()

    def _stop(self, rest: str) -> Any:
        for b in self.stepper.breakpoints:
            if str(b.number) == rest:
                return b
        known = ", ".join(str(b.number) for b in self.stepper.breakpoints) or "none"
        raise InputValueError(f"no breakpoint {rest!r}; there are: {known}")

    def on_enable(self, rest: str) -> None:
        """Switch on."""
        self._stop(rest).enabled = True
        self.say(f"breakpoint {rest} is on")

    def on_disable(self, rest: str) -> None:
        """Switch off."""
        self._stop(rest).enabled = False
        self.say(f"breakpoint {rest} is off")

    def on_watch(self, rest: str) -> None:
        """Stop where a node receives."""
        if not rest:
            raise InputValueError("watch which node? watch b")
        node = self.stepper.graph[rest]
        stop = self.stepper.watch(node)
        count = len(stop.places(self.stepper.recording) or ())
        self.say(f"breakpoint {stop.number}: {stop.text}, which happens in {count} step{'s' * (count != 1)}")

    def on_quit(self, rest: str) -> bool:  # noqa: ARG002  no arguments
        """Leave."""
        return True

    def completenames(self, text: str, *ignored: Any) -> list[str]:  # noqa: ARG002  cmd's protocol
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
