"""What all commands of the prompt share: the stepper, the names, and the screen that they print on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from autograd import terminal
from autograd.stepper.display import finished, page
from autograd.stepper.numbers import excerpt, is_array, plain, written

if TYPE_CHECKING:
    from autograd.graph import GraphNode
    from autograd.stepper.names import Names

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Screen:
    """The state of a session, and how it prints; plain copies of all lines go into the transcript."""

    stepper: Any
    names: Names
    stdout: Any
    fixed_width: int | None
    colour: bool
    unicode: bool
    predicting: bool
    score: list[int]
    displays: list[str]
    commands: list[str]
    transcript: list[str]
    focus: Any

    @property
    def width(self) -> int:
        """Columns, asked again each time, since a window can change."""
        return max(20, self.fixed_width or terminal.columns())

    def say(self, text: str, role: str = "") -> None:
        """Print one line, broken where it does not fit; control characters in a name are shown as escapes."""
        line = terminal.one_line(text)
        for part in finished([[(line, role)]], self.width, colour=self.colour, unicode=self.unicode):
            self._put(part)

    def complain(self, text: str) -> None:
        """Print an error as pdb does."""
        for line in text.split("\n"):
            self.say(f"*** {line}", "bad")

    def _put(self, line: str) -> None:
        self.transcript.append(COLOUR.sub("", line))
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        self.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")

    def _put_all(self, text: str) -> None:
        for line in text.split("\n"):
            self._put(line)

    def show(self) -> None:
        """Show the current step, and what is on display."""
        self.focus = None
        for line in page(self.stepper, width=self.width, colour=self.colour, unicode=self.unicode):
            self._put(line)
        self.show_displays()

    def show_displays(self) -> None:
        """Show what is on display, at this step."""
        for i, text in enumerate(self.displays, 1):
            try:
                shown = self.brief(self.names.evaluate(text))
            except Exception as error:  # noqa: BLE001  a display that fails here may work at the next step
                shown = f"{type(error).__name__}: {error}"
            self.say(f"  display {i}: {text} = {shown}")

    def brief(self, x: Any) -> str:
        """Write a result on one line."""
        x = plain(x)
        if is_array(x):
            return f"{written(x)}   {excerpt(x, 40)}"
        return repr(x)

    def _gradient(self, node: GraphNode) -> Any:
        return self.stepper.now(node) if self.stepper.direction == "backward" else node.grad
