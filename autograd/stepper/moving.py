"""The commands that move in time; where a learner predicts, ``quiz`` moves instead. A mixin of ``Prompt``."""

from __future__ import annotations

import re
from typing import Any

from autograd.errors import InputValueError
from autograd.stepper.numbers import written
from autograd.stepper.quiz import Quiz


class Moving(Quiz):
    """The commands that move; ``Prompt`` reads them."""

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
        if self.predicting:
            self._quiz(count, whole=True)
            return
        self.stepper.step(count)
        self.show()

    def on_step(self, rest: str) -> None:
        """Do edges."""
        count = self._number(rest)
        if self.stepper.at_end:
            self._end()
            return
        if self.predicting:
            self._quiz(count, whole=False)
            return
        self.stepper.micro(count)
        self.show()

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

    def on_continue(self, rest: str) -> None:
        """Run on."""
        if self.stepper.at_end:
            self._end()
            return
        self._stopped(self.stepper.run(), +1)

    def on_rcontinue(self, rest: str) -> None:
        """Run back."""
        if not self.stepper.pos and not self.stepper.edge:
            self.say("at the start: there is nothing to undo; n goes on")
            return
        self._stopped(self.stepper.run_back(), -1)

    def on_run(self, rest: str) -> None:
        """Start again."""
        self.stepper.rewind()
        self._stopped(self.stepper.run(), +1)

    def on_rewind(self, rest: str) -> None:
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
