"""The commands that look: tape, paths, expressions, checks, explanations. A mixin of ``Prompt`` that never moves in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd.errors import GradientError, InputValueError
from autograd.node import Node
from autograd.stepper.display import finished, label, partial
from autograd.stepper.numbers import excerpt, is_array, plain, written
from autograd.stepper.screen import Screen

if TYPE_CHECKING:
    from autograd.graph import GraphNode


class Looking(Screen):
    """The commands that look; ``Prompt`` has the ones that move."""

    # --- where the person looks ---------------------------------------------------------------------------------

    def here(self) -> GraphNode:
        """Give the node that the person looks at: where ``u`` and ``d`` went, else the current one."""
        if self.focus is not None:
            return self.focus  # type: ignore[no-any-return]
        i = self.stepper.current_index
        if i is None:
            return self.stepper.graph.root  # type: ignore[no-any-return]
        return self.stepper.recording.node(i)  # type: ignore[no-any-return]

    def card(self, node: GraphNode) -> None:
        """Show one node: formula, value, what has arrived."""
        st = self.stepper
        for line in finished([[(label(node), "bold")]], self.width, colour=self.colour, unicode=self.unicode):
            self._put(line)
        self.say(f"  value {written(node.data)}", "value")
        if is_array(node.data):
            self.say(f"        {excerpt(node.data, self.width - 8)}", "quiet")
        if st.direction == "backward":
            now = st.now(node)
            final = st.recording.final[node.position]
            if now is None:
                tail = "never reached by this pass" if final is None else "nothing has arrived yet"
                self.say(f"  {partial(st, node)}: {tail}", "quiet")
            else:
                complete = st.at_end or st.pos > st.recording.step_of.get(node.position, len(st))
                arrivals = st.recording.arrivals(node.position)
                complete = complete or (bool(arrivals) and arrivals[-1] < st.recording.offsets[st.pos] + st.edge)
                self.say(f"  {partial(st, node)} = {written(now)}{'' if complete else ' so far'}", "grad")
                if is_array(plain(now)):
                    self.say(f"        {excerpt(now, self.width - 8)}", "quiet")
        if node.scope:
            self.say(f"  in {node.scope}", "quiet")
        if node.line:
            self.say(f"  made at line {node.line[1]} of {node.line[0]}", "quiet")

    def on_up(self, rest: str) -> None:
        """Look towards the loss."""
        node = self.here()
        if not node.users:
            self.say(f"{node.id} is the result: there is nothing above it")
            return
        self.focus = node.users[0][0]
        self.card(self.focus)
        if len(node.users) > 1:
            self.say(f"  ({node.id} is used {len(node.users)} times; this is the first use)", "quiet")

    def on_down(self, rest: str) -> None:
        """Look towards the inputs."""
        node = self.here()
        inputs = dict(node.inputs)
        if not inputs:
            self.say(f"{node.id} is a leaf: there is nothing below it")
            return
        named = {a.id: s for s, a in reversed(inputs.items())}
        slot = named.get(rest, int(rest) if rest.isdigit() else -1) if rest else min(inputs)
        if slot not in inputs:
            raise InputValueError(
                f"{label(node)} has no node in slot {rest}; it has "
                + ", ".join(f"{s} ({a.id})" for s, a in inputs.items())
            )
        self.focus = inputs[slot]
        self.card(self.focus)

    def _tape(self, around: int | None) -> None:
        from autograd.views.tape_view import tape

        st = self.stepper
        at = st.recording.step_of.get(self.here().position, st.current_index)
        if around is None and len(st) > 200:
            around = 100
        current = at if self.focus is not None or st.current_index is not None else None
        self._put_all(
            tape(
                st.graph, order=st.recording.order, current=current, around=around, width=self.width, colour=self.colour,
                unicode=self.unicode, gradient=self._gradient,
            )
        )  # fmt: skip

    def on_list(self, rest: str) -> None:
        """The tape around here."""
        self._tape(5)

    def on_longlist(self, rest: str) -> None:
        """The whole tape."""
        self._tape(None)

    def on_where(self, rest: str) -> None:
        """The path to the loss."""
        from autograd.explanation.explanation import many_of
        from autograd.explanation.paths import count_paths

        here = self.here()
        path = [here]
        while path[-1].users:
            path.append(path[-1].users[0][0])
        path.reverse()
        shown = path if len(path) <= 40 else [*path[:20], None, *path[-20:]]
        for i, n in enumerate(shown):
            if n is None:
                self.say(f"  … {len(path) - 40} more nodes")
                continue
            mark = "▶" if i == len(shown) - 1 else " "
            now = self._gradient(n)
            arrived = f"   {partial(self.stepper, n)} = {written(now)}" if now is not None else ""
            for line in finished(
                [[(f"{mark} {label(n)}", ""), (f" = {written(n.data)}" if n.op else "", "value"), (arrived, "grad")]],
                self.width, colour=self.colour, unicode=self.unicode,
            ):  # fmt: skip
                self._put(line)
        count = count_paths(self.stepper.graph, here.id)
        if count > 1:
            self.say(f"  (one of {many_of(count)} paths; why {here.id} has the sum)", "quiet")

    # --- expressions --------------------------------------------------------------------------------------------

    def show_result(self, text: str, result: Any) -> None:
        """Print the result of an expression; a bare node name gives its card."""
        if text in self.stepper.graph and isinstance(result, Node):
            self.card(self.stepper.graph[text])
            return
        self.say(self.brief(result))
        if result is None and text.endswith(".grad") and text[:-5] in self.stepper.graph:
            self.say(f"(.grad is written by commit; the gradient so far: p {text[:-5]})", "quiet")

    def on_print(self, rest: str) -> None:
        """Evaluate."""
        if not rest:
            raise InputValueError("print what? p b * g")
        if rest in self.stepper.graph:
            self.card(self.stepper.graph[rest])
            return
        self.show_result(rest, self.names.evaluate(rest))

    def on_display(self, rest: str) -> None:
        """Show after each move."""
        if rest:
            compile(rest, "<display>", "eval")
            self.displays.append(rest)
        elif not self.displays:
            self.say("nothing is on display; display EXPR adds one")
        self.show_displays()

    def on_undisplay(self, rest: str) -> None:
        """Stop showing."""
        if not rest:
            self.displays.clear()
        elif rest.isdigit() and 1 <= int(rest) <= len(self.displays):
            del self.displays[int(rest) - 1]
        else:
            raise InputValueError(f"no display {rest!r}; there are {len(self.displays)}")

    def on_args(self, rest: str) -> None:
        """Show the arguments."""
        node = self.here()
        if node.is_leaf:
            self.say(f"{node.id} is a leaf: it has no arguments")
        for slot, a in enumerate(node.args):
            name = getattr(a, "id", None)
            if name is None:
                self.say(f"  {'abcdefgh'[slot % 8]}  {written(a.data)}  (a constant)")
                continue
            now = self.stepper.now(a) if self.stepper.direction == "backward" else None
            arrived = f"   {partial(self.stepper, a)} so far {written(now)}" if now is not None else ""  # type: ignore[arg-type]
            self.say(f"  {'abcdefgh'[slot % 8]}  {name} = {written(a.data)}{arrived}")

    # --- proofs and reasons -------------------------------------------------------------------------------------

    def on_check(self, rest: str) -> None:
        """Finite differences."""
        from autograd.stepper.local_check import check_step

        st = self.stepper
        if st.direction == "forward":
            raise GradientError("a forward step sends no gradient; open the stepper backward to check")
        if rest == "all":
            bad = total = 0
            for step in st.steps:
                for c in check_step(step):
                    total += 1
                    if not c.ok:
                        bad += 1
                        self.say(
                            f"  ✗ {step.node.formula}: into {c.to}: sent {c.sent:.6g}, measured {c.measured:.6g}", "bad"
                        )
            self.say(f"{total - bad} of {total} edges agree with finite differences", "bad" if bad else "good")
            return
        for c in st.check():
            mark = "✓" if c.ok else "✗"
            kink = "; a kink: the slopes on both sides differ" if c.kink else ""
            self.say(
                f"  {mark} into {c.to}: sent {c.sent:.8g}, finite differences {c.measured:.8g}, apart {c.error:.1e}{kink}",
                "good" if c.ok else "bad",
            )

    def on_why(self, rest: str) -> None:
        """Explain a gradient."""
        from autograd.explanation.explanation import explain

        name, _, style = rest.partition(" ")
        if not name:
            raise InputValueError(f"why which node? why {self.stepper.graph.leaves[0].id}")
        if self.stepper.direction == "forward":
            raise GradientError("a forward pass has no gradients; open the stepper backward and ask there")
        found = explain(self.stepper.graph, name, seed=self.stepper.recording.seed)
        if style.strip() not in ("", "latex"):
            raise InputValueError(f"write why NODE, or why NODE latex; got {rest!r}")
        if style:
            self._put_all(found.latex())  # to be copied, so it is not broken
            return
        indent = len(found.name) + 3
        for line in found.lines():
            for part in finished([[(line, "")]], self.width, colour=False, unicode=self.unicode, indent=indent):
                self._put(part)

    def on_open(self, rest: str) -> None:
        """Show a fused node in its parts."""
        from autograd.opening import can_open

        before = len(self.stepper.graph)
        if not rest and not any(map(can_open, self.stepper.graph)):
            self.say("nothing to open: every node here is a single operation")
            return
        self.stepper.open(*([rest] if rest else []))
        self.focus = None
        added = len(self.stepper.graph) - before
        self.say(
            f"{rest or 'every fused node'} is open: {added} more node{'s' * (added != 1)}; close goes back", "quiet"
        )
        self.show()

    def on_close(self, rest: str) -> None:
        """Show fused nodes as one node again."""
        self.stepper.close()
        self.focus = None
        self.show()

    def on_ledger(self, rest: str) -> None:
        """List what each edge added."""
        from autograd.stepper.ledger import ledger_lines

        st = self.stepper
        if st.direction == "forward":
            raise GradientError("a forward pass adds no gradients; open the stepper backward")
        nodes = [st.graph[rest]] if rest else st.graph.leaves[:20]
        for node in nodes:
            for line in ledger_lines(st, node):
                self.say(line)
        if not rest and len(st.graph.leaves) > len(nodes):
            self.say(f"… and {len(st.graph.leaves) - len(nodes)} more leaves; ledger NODE shows one")

    def on_mistakes(self, rest: str) -> None:
        """Run the wrong algorithms."""
        from autograd.explanation.mistakes import common_mistakes

        if self.stepper.direction == "forward":
            raise GradientError("these are mistakes of the backward pass; open the stepper backward")
        for found in common_mistakes(self.stepper.graph):
            for line in finished([[(str(found), "")]], self.width, colour=False, unicode=self.unicode):
                self._put(line)

    def on_tree(self, rest: str) -> None:
        """Draw as a tree."""
        from autograd.views.tree_view import tree

        self._put_all(
            tree(
                self.stepper.graph,
                width=self.width,
                colour=self.colour,
                unicode=self.unicode,
                gradient=self._gradient,
                missing="-",
            )
        )
