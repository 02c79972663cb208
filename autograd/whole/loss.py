"""``LossProgram``: the loss of a batch and its gradients by the parameters that the function found outside, as one kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.whole.backward import gradients
from autograd.whole.kernel import Kernel
from autograd.whole.recording import record
from autograd.whole.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from autograd.tensor import Tensor
    from autograd.whole.recording import ArrayTrace


class LossProgram:
    """A function of a batch that was recorded once; each replay gives the loss and fills an array per parameter.

    Attributes:
        parameters: the Tensors among ``wanted`` that the loss depends on.
        arrays: for each, where its gradient is put.
    """

    def __init__(
        self,
        loss: Callable[..., Any],
        batch: Sequence[Any],
        names: Sequence[str],
        wanted: Collection[int],
        place: Callable[[list[Tensor]], list[Any]],
    ) -> None:
        """Record.

        Args:
            loss: gives a Tensor of one number.
            batch: arrays, for which it is recorded.
            names: what they are called.
            wanted: the ``id`` of each Tensor whose gradient is asked for.
            place: gives an array for the gradient of each parameter.
        """
        recording = record(lambda leaves: [loss(*leaves)], batch, [False] * len(batch), names)
        trace = recording.trace
        self._trace: ArrayTrace | None = trace
        mine = [p for p in trace.captured if id(p) in wanted and p._tracked]
        found = [(p, g) for p, g in zip(mine, gradients(trace, recording.nodes[0], mine), strict=True) if g is not None]
        self.parameters: list[Tensor] = [p for p, _ in found]
        self.arrays = place(self.parameters)
        targets = [(g, array) for (_, g), array in zip(found, self.arrays, strict=True)]
        self.kernel = Kernel(trace, recording.inputs, recording.outputs, targets)
        self._forms = [(a.shape, a.dtype) for a in batch]
        self.holds = Watch(trace).holds

    def first(self, batch: Sequence[Any]) -> float:
        """Give the loss of the batch that was recorded just now; what was drawn then counts, and is not drawn again."""
        assert self._trace is not None
        (value,) = self.kernel.first(batch, self._trace)
        self._trace = None  # with all the arrays that were computed on the way
        return float(value)

    def __call__(self, *batch: Any) -> float:
        """Compute the loss of another batch of this form, and the gradients."""
        (value,) = self.kernel(*batch)
        return float(value)

    def fits(self, batch: Sequence[Any]) -> bool:
        """Tell whether a batch has this form, as far as that is seen at a glance."""
        if len(batch) != len(self._forms):
            return False
        for a, (shape, dtype) in zip(batch, self._forms, strict=True):
            if type(a) is not np.ndarray or a.shape != shape or a.dtype is not dtype:
                return False
        return True

    def source(self) -> str:
        """Give the loss and the gradients as readable NumPy."""
        return self.kernel.source(
            "step",
            "Loss of a batch, and its gradient by each parameter.",
            ["loss", *(f"grad_{p.name or i}" for i, p in enumerate(self.parameters))],
        )

    @property
    def size(self) -> int:
        """How many NumPy calls a replay makes."""
        return len(self.kernel.tape.calls)
