"""IPython: ``%load_ext autograd``, then ``%backprop y`` opens the debugger at y, ``%backprop --forward y`` forward."""

from __future__ import annotations

from typing import Any

from autograd.errors import InputTypeError
from autograd.node import Node
from autograd.stepper.stepper import Stepper


def load_ipython_extension(shell: Any) -> None:
    """Register the magics; IPython calls this for ``%load_ext autograd``."""

    def backprop(line: str) -> Any:
        """Step through backprop: %backprop [--forward] [--predict] [--show] y.

        ``--show`` gives the Stepper itself, for a notebook, instead of opening the prompt.
        """
        words = line.split()
        flags = {w for w in words if w.startswith("--")}
        unknown = flags - {"--forward", "--predict", "--show"}
        expression = " ".join(w for w in words if w not in flags)
        if unknown or not expression:
            raise InputTypeError(f"write %backprop [--forward] [--predict] [--show] y; got {line!r}")
        y = shell.ev(expression)
        if not isinstance(y, Node):
            raise InputTypeError(f"%backprop steps through a Value or Tensor; {expression} is a {type(y).__name__}")
        names = {k: v for k, v in shell.user_ns.items() if not k.startswith("_") and isinstance(v, Node)}
        st = Stepper(y, direction="forward" if "--forward" in flags else "backward", names=names)
        if "--show" in flags:
            return st
        st.repl(predict="--predict" in flags, variables=dict(shell.user_ns))
        return None

    shell.register_magic_function(backprop, "line", "backprop")
