"""The questions of the ``predict`` mode: what is sent or computed next is asked for, judged, and only then shown.

A mixin of ``Prompt``; the judging itself is in ``predict``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from autograd.errors import InputValueError
from autograd.stepper.display import finished, reads
from autograd.stepper.numbers import written
from autograd.stepper.predict import names_in, verdict, verdict_on_value
from autograd.stepper.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable


class Quiz(Screen):
    """The mode that asks; ``Moving`` moves with it when it is on."""

    read_line: Callable[[str], str]

    @property
    def _example(self) -> str:
        return "b * g" if self.stepper.direction == "backward" else "a * b"

    def on_predict(self, rest: str) -> None:
        """Switch the questions on or off."""
        if rest not in ("", "on", "off"):
            raise InputValueError(f"write predict on, or predict off; got {rest!r}")
        self.predicting = not self.predicting if not rest else rest == "on"
        if self.predicting:
            self.predict_rules()
        else:
            self.say("predict is off")

    def predict_rules(self) -> None:
        """Say how the questions go."""
        asked = "sent" if self.stepper.direction == "backward" else "computed"
        example = self._example
        self.say(
            f"predict is on: n and s ask what is {asked}; answer with a number or an expression such as {example},"
        )
        self.say("a blank line gives up on one, q switches it off")

    def _quiz(self, count: int, *, whole: bool) -> None:
        """Ask about the next nodes, or edges, until the learner stops; at the end of the pass give the score."""
        ask = self._predicted if self.stepper.direction == "backward" else self._computed
        for _ in range(count):
            if self.stepper.at_end:
                break
            if not ask(whole=whole):
                return
        if self.stepper.at_end and self.score[1]:
            self.say(f"at the end: {self.score[0]} of {self.score[1]} right")

    def _computed(self, *, whole: bool) -> bool:
        """Ask what the next node computes; False if the learner stopped. An edge before the last is only shown."""
        st = self.stepper
        step = st.recording.step(st.pos)
        if not whole and st.edge + 1 < st.recording.edges(st.pos):
            st.micro(1)
            self.show()
            return True
        self.say(f"▶ step {step.index + 1}/{len(st)}   {step.node.formula}", "now")
        for line in finished(reads(step, len(step.reads)), self.width, colour=self.colour, unicode=self.unicode):
            self._put(line)
        hidden = {step.node.id} | {n for n in ("y", "g") if n not in st.graph}
        judge = partial(verdict_on_value, step=step)
        if not self._ask(f"  What is {step.node.id}? ", step, judge, step.value, hidden=hidden):
            return False
        st.step()
        self.show()
        return True

    def _predicted(self, *, whole: bool) -> bool:
        """Ask for the next amount (or all of a step); False if the learner stopped."""
        st = self.stepper
        step = st.recording.step(st.pos)
        if not st.edge:
            self.say(f"▶ step {step.index + 1}/{len(st)}   {step.node.formula}", "now")
            self.say(f"  ∂{st.graph.root.id}/∂{step.node.id} = {written(step.upstream)} = g arrived")
        for send in step.sends[st.edge :]:
            question = f"  ∂{step.node.id}/∂{send.to.id} = {send.formula}. What goes to {send.to.id}? "
            if not self._ask(question, step, partial(verdict, send=send), send.amount):
                return False
            st.micro(1)
            if not whole:
                break
        self.show()
        return True

    def _ask(
        self, question: str, step: Any, judge: Callable[[Any], tuple[bool, str]], wanted: Any, hidden: Any = ()
    ) -> bool:
        """Ask until there is an answer; False if the learner stopped. Names in ``hidden`` would give it away."""
        while True:
            answer = self.read_line(question).strip().replace("−", "-").replace("×", "*")
            if answer in ("q", "EOF", "predict off"):
                self.say(f"  predict is off; {self.score[0]} of {self.score[1]} right")
                self.predicting = False
                return False
            if not answer:
                self.say(f"  it is {written(wanted)}")
                self.score[1] += 1
                return True
            if told := names_in(answer).intersection(hidden):
                self.complain(f"{min(told)} is what is asked for; say it with what goes in, or as a number")
                continue
            try:
                good, words = judge(self.names.evaluate(answer, step))
            except Exception as error:  # noqa: BLE001  a learner's typing error is not the end of the question
                self.complain(
                    f"{type(error).__name__}: {error}; give a number, or an expression such as {self._example}"
                )
                continue
            self.score[0] += good
            self.score[1] += 1
            self.say(
                f"  {'✓' if good else '✗'} {words}   ({self.score[0]} of {self.score[1]} right)",
                "good" if good else "bad",
            )
            return True
