"""What ``fit`` is given, checked before anything is trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograd.errors import InputTypeError, InputValueError


def check_run(model: Any, loss: Any, optimiser: Any, epochs: Any, patience: Any, checkpoint: Any) -> None:
    """Refuse what is no model, loss, optimiser, number of epochs, patience or file."""
    for what, x in (("model", model), ("loss", loss)):
        if not callable(x) or isinstance(x, type):
            raise InputTypeError(
                f"fit: the {what} is {x!r}; expected something to call"
                + ("; write " + x.__name__ + "()" if isinstance(x, type) else "")
            )
    if not hasattr(optimiser, "step") or not hasattr(optimiser, "param_groups"):
        raise InputTypeError(
            f"fit: the optimiser is {optimiser!r}; expected one of nn.optim, such as SGD(model.parameters(), lr=0.1)"
        )
    for what, x, least in (("epochs", epochs, 0), ("patience", patience, 1)):
        if x is not None and (isinstance(x, bool) or not isinstance(x, int) or x < least):
            raise InputValueError(f"fit: {what} is a whole number of at least {least}; got {x!r}")
    if checkpoint is not None and Path(checkpoint).suffix != ".npz":
        raise InputValueError(f"fit: a checkpoint is an .npz file; got {str(checkpoint)!r}")
