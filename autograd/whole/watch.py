"""``Watch``: what a replay would not notice by itself, looked at before each one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograd.whole.recording import ArrayTrace


class Watch:
    """The modes of the modules that were called, and which captured Tensors were frozen or had hooks."""

    __slots__ = ("_modules", "_tensors")

    def __init__(self, trace: ArrayTrace) -> None:
        """Note how things are now."""
        self._tensors = [(p, type(p)) for p in trace.captured]
        self._modules = [(m, m.training) for m in dict.fromkeys(trace.modules)]

    def holds(self) -> bool:
        """Tell whether all is as it was."""
        for m, training in self._modules:
            if m.training is not training or (m._hooks is not None and any(m._hooks.values())):
                return False
        for p, kind in self._tensors:  # noqa: SIM110  a generator takes longer, and this is asked in each step
            if type(p) is not kind or (p._extra is not None and p._extra.hooks):
                return False
        return True
