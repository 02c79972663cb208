"""The commands that write files and change things: pictures, what if, commit, transcripts, help. A mixin of ``Prompt``."""

from __future__ import annotations

from pathlib import Path

from autograd import terminal
from autograd.errors import GradientError, InputValueError
from autograd.stepper import guide
from autograd.stepper.display import finished
from autograd.stepper.numbers import plain, written
from autograd.stepper.screen import Screen
from autograd.stepper.stepper import picture

PICTURES = ("svg", "png", "pdf", "dot", "html")


class Writing(Screen):
    """The commands that write; ``Prompt`` reads them."""

    def on_graph(self, rest: str) -> None:
        """Draw as rails, or into a file."""
        if rest:
            self._draw(rest)
            return
        from autograd.views.rails import text

        self._put_all(
            text(
                self.stepper.graph,
                width=self.width,
                colour=self.colour,
                unicode=self.unicode,
                gradient=self._gradient,
                missing="-",
            )
        )

    def on_dot(self, rest: str) -> None:
        """Write DOT."""
        self._draw(rest or "step.dot", "dot")

    def on_html(self, rest: str) -> None:
        """Write a page."""
        self._draw(rest or "step.html", "html")

    def on_picture(self, rest: str, word: str) -> None:
        """Write a picture."""
        self._draw(rest or f"step.{word}", word)

    def _draw(self, file: str, kind: str = "") -> None:
        path = Path(file).expanduser()
        if not path.suffix and kind:
            path = path.with_suffix(f".{kind}")
        if path.suffix[1:] not in PICTURES:
            raise InputValueError(f"the suffix says which kind of picture: {', '.join(PICTURES)}; got {file!r}")
        try:
            picture(self.stepper).save(str(path))
        except ImportError as error:
            raise GradientError(f"drawing is not available here ({error}); g without a file draws in text") from None
        self.say(f"wrote {path}")

    # --- the rest -----------------------------------------------------------------------------------------------

    def on_set(self, rest: str) -> None:
        """Change a leaf and replay."""
        name, equals, expression = (part.strip() for part in rest.partition("="))
        if not equals or not expression:
            raise InputValueError(f"write set LEAF = NUMBER; got {rest!r}")
        st = self.stepper
        before = st.graph.root.data
        st.with_leaves({name: plain(self.names.evaluate(expression))})
        self.focus = None
        self.say(
            f"what if {name} = {written(st.graph[name].data)}: {st.graph.root.id} goes from {written(before)} "
            f"to {written(st.graph.root.data)}",
            "now",
        )
        self.say("(a replay of the recorded operations; your own nodes are as they were. reset ends it)", "quiet")
        self.show()

    def on_reset(self, rest: str) -> None:
        """Compute again."""
        self.stepper.reset()
        self.show()

    def on_commit(self, rest: str) -> None:
        """Write the gradients."""
        st = self.stepper
        st.commit()
        leaves = [n for n in st.graph.leaves if st.recording.final[n.position] is not None]
        shown = ", ".join(f"{n.id}.grad = {written(n.grad)}" for n in leaves[:6])
        more = f" and {len(leaves) - 6} more leaves" if len(leaves) > 6 else ""
        early = "" if st.at_end else " (the whole pass, also what lies ahead of the cursor)"
        self.say(f"committed{early}: {shown}{more}")

    def on_save(self, rest: str) -> None:
        """Save the session."""
        if not rest:
            raise InputValueError("save into which file? save lesson.md")
        path = Path(rest).expanduser()
        lines = self.transcript[:-1]
        title = f"Backprop of {terminal.one_line(self.stepper.graph.root.formula)}"
        if path.suffix == ".md":
            fence = "~" * max(3, 1 + max((len(x) - len(x.lstrip("~")) for x in lines), default=0))
            lines = [f"# {title}", "", f"{fence}text", *lines, fence]
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
        except FileExistsError:
            raise InputValueError(f"{path} exists already; choose another name") from None
        self.say(f"wrote {len(lines)} lines to {path}")

    def on_history(self, rest: str) -> None:
        """List the commands so far."""
        for i, line in enumerate(self.commands, 1):
            self.say(f"{i:>4}  {line}")

    def on_help(self, rest: str) -> None:
        """Explain."""
        if not rest:
            for line in guide.overview(self.width):
                self.say(line)
            return
        if rest not in guide.NAMES:
            import difflib

            close = difflib.get_close_matches(rest, guide.NAMES, 2)
            raise InputValueError(
                f"no command {rest!r}" + (f"; did you mean {' or '.join(close)}?" if close else "; h lists them")
            )
        for line in guide.about(rest):
            for part in finished([[(line, "")]], self.width, colour=False, unicode=self.unicode):
                self._put(part)
