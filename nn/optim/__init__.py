"""Optimisers, learning-rate schedules and gradient clipping, named as in PyTorch.

    optimiser    what one step is: ``Optimiser``, parameter groups, state
    rules        SGD, Adagrad, RMSprop, Adam, AdamW, and the two wrong rules that teach
    schedules    the learning rate as a function of the number of steps
    clipping     bounds on the gradient

>>> from nn import Parameter
>>> w = Parameter([1.0, 2.0])
>>> (w * w).sum().backward()
>>> SGD([w], lr=0.25).step()
>>> w.data
array([0.5, 1. ])
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nn.optim.clipping import clip_grad_norm_ as clip_grad_norm_
    from nn.optim.clipping import clip_grad_value_ as clip_grad_value_
    from nn.optim.optimiser import Optimiser as Optimiser
    from nn.optim.rules import (
        SGD as SGD,
    )
    from nn.optim.rules import (
        Adagrad as Adagrad,
    )
    from nn.optim.rules import (
        Adam as Adam,
    )
    from nn.optim.rules import (
        AdamW as AdamW,
    )
    from nn.optim.rules import (
        BareSlope as BareSlope,
    )
    from nn.optim.rules import (
        FixedStep as FixedStep,
    )
    from nn.optim.rules import (
        RMSprop as RMSprop,
    )

_PLACES = {
    "optimiser": "Optimiser Optimizer",
    "rules": "SGD Adagrad RMSprop Adam AdamW FixedStep BareSlope",
    "schedules": "Schedule StepLR CosineAnnealingLR LinearLR LambdaLR SequentialLR",
    "clipping": "clip_grad_norm_ clip_grad_value_ gradient_norm",
}
_FACE = {name: place for place, names in _PLACES.items() for name in names.split()}

__all__ = sorted(_FACE)  # noqa: PLE0605  made from the table above; a test pins the list


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name == "lr_scheduler":  # PyTorch's place for schedules
        return import_module("nn.optim.schedules")
    if name not in _FACE:
        import difflib

        close = difflib.get_close_matches(name, __all__, 1)
        raise AttributeError(
            f"module 'nn.optim' has no attribute {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")
        )
    found = getattr(import_module(f"nn.optim.{_FACE[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public face."""
    return __all__
