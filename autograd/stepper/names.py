"""What an expression typed at the prompt can see: nodes, the step, the user's own variables, the functions.

A node's name wins over everything, since the person looks at the graph; then come ``g`` (the gradient that arrived
at the current node), ``y`` (its value), ``step``, ``node``, ``grads``, ``st``; then the user's variables; then the
functions of this package. Evaluation runs in the user's own process, as in pdb.
"""

from __future__ import annotations

import ast
from typing import Any

from autograd.modes import no_grad
from autograd.stepper.numbers import plain


class Names(dict[str, Any]):
    """The names of one stepper; assignments at the prompt are kept here."""

    def __init__(self, stepper: Any, variables: dict[str, Any] | None = None) -> None:
        """Look through the stepper; nothing is copied."""
        super().__init__()
        self._stepper = stepper
        self._variables = variables or {}
        self.step: Any = None

    def __missing__(self, name: str) -> Any:
        """Find a name that was not assigned at the prompt."""
        stepper = self._stepper
        if name in stepper.graph:
            return stepper.graph[name].node
        step = self.step if self.step is not None else stepper.current
        if name in ("st", "step", "grads", "node", "nodes"):
            return {"st": stepper, "step": step, "grads": stepper.grads, "nodes": stepper.graph}.get(
                name, step and step.node
            )
        if name in ("g", "y") and step is not None:
            return plain(step.node.data if name == "y" or step.direction == "forward" else step.upstream)
        if name in self._variables:
            return self._variables[name]
        import autograd

        if name in autograd.__all__:
            return getattr(autograd, name)
        raise KeyError(name)

    def evaluate(self, text: str, step: Any = None) -> Any:
        """Evaluate an expression; a node among the results stays a node."""
        self.step = step
        try:
            with no_grad():
                return eval(compile(text.strip(), "<prompt>", "eval"), {"__builtins__": __builtins__}, self)  # noqa: S307  p EXPR is Python, as in pdb
        finally:
            self.step = None

    def run(self, text: str) -> tuple[bool, Any]:
        """Run a line of Python; give (whether it was an expression, its value)."""
        try:
            ast.parse(text.strip(), mode="eval")
        except SyntaxError:
            code = compile(text.strip(), "<prompt>", "exec")
            with no_grad():
                exec(code, {"__builtins__": __builtins__}, self)  # noqa: S102  likewise
            return False, None
        return True, self.evaluate(text)
