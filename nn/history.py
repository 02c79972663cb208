"""What ``fit`` gives back: the numbers of every epoch, how many updates were made, and why it stopped."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class BadStep:
    """The first update whose loss, gradient or result was not finite; it was not made."""

    epoch: int
    update: int
    what: str
    value: float
    before: float | None

    def __str__(self) -> str:
        """Say it in one sentence."""
        last = "" if self.before is None else f"; the loss before it was {self.before:.6g}"
        return f"diverged at epoch {self.epoch}, update {self.update}: {self.what} is {self.value}{last}"


@dataclass(slots=True)
class History:
    """The record of a training run.

    ``epochs`` has one dictionary per finished epoch: ``epoch``, ``loss``, ``gradient_norm`` (of the last batch),
    ``lr``, and ``validation`` where there was one. ``stopped`` says which rule ended the run.
    """

    epochs: list[dict[str, Any]] = field(default_factory=list)
    updates: int = 0
    stopped: str = "not run"
    bad_step: BadStep | None = None
    resumed_from: int | None = None

    @property
    def diverged(self) -> bool:
        """Whether the run ended in numbers that are not finite."""
        return self.bad_step is not None

    def __getitem__(self, column: str) -> list[Any]:
        """Give one number of every epoch: ``history["loss"]``."""
        if self.epochs and not any(column in e for e in self.epochs):
            raise KeyError(f"{column!r}; a history has {', '.join(self.epochs[0])}")
        return [e.get(column) for e in self.epochs]

    def __len__(self) -> int:
        """Give the number of finished epochs."""
        return len(self.epochs)

    def __str__(self) -> str:
        """Say how far the run came and why it stopped."""
        last = f", loss {self.epochs[-1]['loss']:.6g}" if self.epochs else ""
        return f"{len(self)} epochs, {self.updates} updates{last}; stopped: {self.stopped}"

    def as_dict(self) -> dict[str, Any]:
        """Give plain data, for a checkpoint."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> History:
        """Make a history of plain data."""
        bad = data["bad_step"]
        return cls(
            list(data["epochs"]),
            int(data["updates"]),
            str(data["stopped"]),
            BadStep(**bad) if bad else None,
            data["resumed_from"],
        )


def below(x: float, limit: float) -> str:
    """Write a number below a limit with three digits, or as many as it takes to look smaller.

    >>> below(0.0012345, 0.02), below(0.01999, 0.02)
    ('0.00123', '0.01999')
    """
    return next((f"{x:.{n}g}" for n in range(3, 17) if float(f"{x:.{n}g}") < limit), f"{x:.17g}")
