"""The commands that set and list stops. A mixin of ``Prompt``."""

from __future__ import annotations

from typing import Any

from autograd.errors import InputValueError
from autograd.stepper.screen import Screen


class Stopping(Screen):
    """The commands about breakpoints and watches; ``Prompt`` reads them."""

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
