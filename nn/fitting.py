"""``fit``: the training loop, written once, with the things that a long run needs.

What it does for each batch is the five steps of gradient descent, and nothing else::

    optimiser.zero_grad()
    loss = criterion(model(x), y)     # forward, loss
    loss.backward()                   # backward
    optimiser.step()                  # update

Around that: a progress bar on a terminal, validation, rules that stop and say so, a report of the first bad step
when numbers stop being finite, checkpoints, callbacks.
"""

from __future__ import annotations

import math
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd import Tensor, Value, gc_paused
from autograd.errors import GradientError, InputTypeError, InputValueError, TrackingError
from nn import checkpoint as checkpoints
from nn.arguments import check_run
from nn.compiled import Step, settings_of, step_of
from nn.evaluation import evaluate, parts_of, rows_of
from nn.history import BadStep, History, below
from nn.optim.clipping import clip_grad_norm_, gradient_norm
from nn.parameter import data_of, shape_of
from nn.replay import Replay, replay_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


def fit(
    model: Any,
    loss: Callable[[Any, Any], Any],
    optimiser: Any,
    loader: Iterable[Any],
    *,
    epochs: int = 10,
    validation: Iterable[Any] | None = None,
    schedule: Any = None,
    clip: float | None = None,
    gradient_norm_below: float | None = None,
    patience: int | None = None,
    min_delta: float = 0.0,
    checkpoint: str | Path | None = None,
    resume: bool = True,
    callbacks: Iterable[Callable[[Any, History], Any]] = (),
    progress: bool | None = None,
    compiled: bool = True,
) -> History:
    """Train a model; give the history, which says why the run stopped.

    The step is compiled where modules and loss are known ones (see ``compile_step``; a network of Values becomes a program
    of single numbers), and trains several times as fast; the numbers are the same to rounding.

    Args:
        model: called on the inputs of a batch.
        loss: called on the model's output and the target; gives one number.
        optimiser: updates the parameters.
        loader: gives batches ``(x, y)``, or ``(x1, x2, …, y)``; iterated once per epoch.
        epochs: how many epochs at most, those before a resume included.
        validation: batches for the loss in evaluation mode after each epoch.
        schedule: stepped after each epoch.
        clip: the largest norm of the gradient of one update.
        gradient_norm_below: stop after an epoch whose last gradient is this small.
        patience: stop after so many epochs without a better validation loss (or training loss, where there is no
            validation), and go back to the best weights.
        min_delta: how much better counts as better.
        checkpoint: an ``.npz`` file that is written after each epoch; with ``resume`` a run that finds it goes on.
        resume: False ignores a checkpoint that is there.
        callbacks: called with the model and the history after each epoch; one that returns True stops the run.
        progress: whether to show a bar; None shows it on a terminal.
        compiled: False builds the graph of every batch anew.

    Raises:
        InputValueError: a setting, a batch or the checkpoint cannot be used.

    >>> import nn, numpy as np
    >>> x = np.array([[1.0], [2.0], [3.0]])
    >>> model = nn.Linear(1, 1, seed=0)
    >>> loader = nn.data.DataLoader(nn.data.TensorDataset(x, 2 * x), batch_size=3)
    >>> history = fit(model, nn.MSE(), nn.optim.SGD(model.parameters(), lr=0.1), loader, epochs=200)
    >>> history.stopped, round(model([[4.0]]).item(), 2)
    ('all 200 epochs are done', 8.0)
    """
    run = _Run(
        model,
        loss,
        optimiser,
        loader,
        epochs,
        validation,
        schedule,
        clip,
        gradient_norm_below,
        patience,
        min_delta,
        checkpoint,
        compiled=compiled,
    )
    if resume:
        run.resume()
    hooks = tuple(callbacks)
    was_training = getattr(model, "training", True)
    history = run.history
    shown = sys.stderr.isatty() if progress is None else progress
    try:
        for epoch in run.remaining():
            with gc_paused():
                finished = run.epoch(_bar(loader, f"epoch {epoch + 1}/{epochs}", shown=shown))
            if not finished:
                break
            stop = [hook(model, history) is True for hook in hooks]
            if any(stop) and not run.ended:
                history.stopped, run.ended = f"a callback asked for it after epoch {len(history)}", True
            run.write()
            if run.ended:
                break
    finally:
        model.train(was_training)
    run.keep_best()
    return history


def _bar(loader: Iterable[Any], title: str, *, shown: bool) -> Iterable[Any]:
    """Give the batches behind a progress bar, where it is wanted and tqdm is installed."""
    if not shown:
        return loader
    try:
        from tqdm import tqdm
    except ImportError:
        return loader
    return tqdm(loader, desc=title, leave=False, file=sys.stderr)  # type: ignore[no-any-return]


class _Run:
    """The state of one call of ``fit``."""

    def __init__(
        self,
        model: Any,
        loss: Any,
        optimiser: Any,
        loader: Any,
        epochs: int,
        validation: Any,
        schedule: Any,
        clip: float | None,
        tolerance: float | None,
        patience: int | None,
        min_delta: float,
        checkpoint: str | Path | None,
        *,
        compiled: bool,
    ) -> None:
        check_run(model, loss, optimiser, epochs, patience, checkpoint)
        self.model, self.loss, self.optimiser, self.loader = model, loss, optimiser, loader
        self.epochs, self.validation, self.schedule, self.clip = epochs, validation, schedule, clip
        self.tolerance, self.patience, self.min_delta = tolerance, patience, min_delta
        self.path = None if checkpoint is None else Path(checkpoint)
        self.history = History()
        self.ended = False
        self.best = math.inf
        self.best_state: dict[str, Any] = {}
        self.waited = 0
        self.parameters = [p for group in optimiser.param_groups for p in group["params"]]
        self.compiled = compiled
        self.replay: Replay | None = None
        self.whole = all(isinstance(p, Tensor) for p in self.parameters)
        self.step: Step | None = None
        self.settings: list[Any] = []

    def resume(self) -> None:
        """Go on from the checkpoint, if there is one."""
        if self.path is None or not self.path.exists():
            return
        kept, self.best_state = checkpoints.read(self.path, self.model, self.optimiser, self.schedule, self.loader)
        self.history = History.from_dict(kept["history"])
        self.history.resumed_from = len(self.history)
        self.best, self.waited, self.ended = kept["best"], kept["waited"], kept["ended"]

    def write(self) -> None:
        """Write the checkpoint, if one is wanted."""
        if self.path is not None:
            noted = {"history": self.history.as_dict(), "best": self.best, "waited": self.waited, "ended": self.ended}
            checkpoints.write(self.path, self.model, self.optimiser, self.schedule, self.loader, noted, self.best_state)

    def remaining(self) -> Iterator[int]:
        """Give the numbers of the epochs that are still to be run."""
        if self.ended:
            return
        yield from range(len(self.history), self.epochs)
        if not self.ended:
            self.history.stopped, self.ended = f"all {self.epochs} epochs are done", True

    def epoch(self, batches: Iterable[Any]) -> bool:
        """Run one epoch and apply the stopping rules; tell whether it was finished."""
        self.model.train()
        total, count = 0.0, 0
        last: float | None = self.history.epochs[-1]["loss"] if self.history.epochs else None
        size = 0.0
        self.replay = None if self.replay is None or not self.replay.holds() else self.replay
        settings = settings_of(self.model, self.loss) if self.whole and self.compiled else []
        if self.step is not None and self.settings != settings:
            self.step = None
        self.settings = settings
        for batch in batches:
            value, size, bad = self.update(batch, last)
            if bad is not None:
                self.history.bad_step, self.history.stopped, self.ended = bad, str(bad), True
                return False
            n = rows_of(batch)
            total, count, last = total + value * n, count + n, value
        if not count:
            raise InputValueError("fit: the loader gave no batch; with drop_last=True the data must fill at least one")
        record = {"epoch": len(self.history) + 1, "loss": total / count, "gradient_norm": size}
        if "lr" in self.optimiser.param_groups[0]:
            record["lr"] = self.optimiser.param_groups[0]["lr"]
        if self.validation is not None:
            record["validation"] = evaluate(self.model, self.loss, self.validation)
        self.history.epochs.append(record)
        if self.schedule is not None:
            self.schedule.step()
        self.judge(record)
        return True

    def update(self, batch: Any, last: float | None) -> tuple[float, float, BadStep | None]:
        """Take one step of gradient descent; a step whose numbers are not finite is reported and not taken."""
        x, y = parts_of(batch)
        self.optimiser.zero_grad()
        value, backward = self.replayed(x, y) or self.recorded(x, y)
        place = len(self.history) + 1, self.history.updates + 1
        if not math.isfinite(value):
            return value, math.nan, BadStep(*place, "the loss", value, last)
        backward()
        if all(p.grad is None for p in self.parameters):
            raise GradientError(
                f"fit: none of the optimiser's {len(self.parameters)} parameters received a gradient from this loss; make the "
                "optimiser from the parameters of this model, after .scalars() or .tensors()"
            )
        size = gradient_norm(self.parameters) if self.clip is None else clip_grad_norm_(self.parameters, self.clip)
        if not math.isfinite(size):
            return value, size, BadStep(*place, "the norm of the gradient", size, value)
        (self.optimiser.step if self.step is None else self.step.update)()
        self.history.updates += 1
        return value, size, None

    def recorded(self, x: tuple[Any, ...], y: Any) -> tuple[float, Callable[[], None]]:
        """Run the forward pass, and give the loss with what runs the backward pass."""
        prediction = self.model(*x)
        if prediction is None:
            raise InputTypeError("fit: the model gave None; does its forward lack a return?")
        loss = self.loss(prediction, y)
        if shape_of(loss):
            raise InputValueError(f"fit: the loss has shape {shape_of(loss)}; expected one number (reduction='mean')")
        if not isinstance(loss, Tensor | Value) or not loss.requires_grad:
            raise GradientError(
                f"fit: the loss is {loss!r}, which depends on no parameter: look for .data, .item(), float() or no_grad() in the "
                "model and the loss, which cut the graph, or for a model that is frozen"
            )
        return float(data_of(loss)), loss.backward

    def replayed(self, x: tuple[Any, ...], y: Any) -> tuple[float, Callable[[], None]] | None:
        """Give the same from a compiled program; None where there is none for this batch."""
        if not self.compiled:
            return None
        if self.whole:
            return self.stepped(x, y)
        if len(x) != 1:
            return None
        if self.replay is None:
            self.replay = replay_of(self.model, self.loss, self.parameters, x[0], y)
            self.compiled = self.replay is not None
        if self.replay is None or not self.replay.suits(x[0], y):
            return None
        value, gradients = self.replay(x[0], y)
        return value, partial(self.replay.deliver, gradients)

    def stepped(self, x: tuple[Any, ...], y: Any) -> tuple[float, Callable[[], None]] | None:
        """Give the same from a compiled step on Tensors."""
        if self.step is None:
            self.step = step_of(self.model, self.loss, self.optimiser, self.parameters)
        if self.step is None or not self.step.takes((*x, y)):
            self.compiled = False
            return None
        try:
            return self.step.backward(*x, y), _done
        except TrackingError:  # something in it needs bare numbers
            self.compiled = False
            return None

    def judge(self, record: dict[str, Any]) -> None:
        """Apply the stopping rules to a finished epoch."""
        if self.tolerance is not None and record["gradient_norm"] < self.tolerance:
            size = below(record["gradient_norm"], self.tolerance)
            self.history.stopped = (
                f"the norm of the gradient, {size}, is below {self.tolerance:.15g} after epoch {record['epoch']}"
            )
            self.ended = True
        if self.patience is None:
            return
        name = "validation" if "validation" in record else "loss"
        if record[name] < self.best - self.min_delta:
            self.best, self.waited, self.best_state = record[name], 0, self.model.state_dict()
        else:
            self.waited += 1
        if self.waited >= self.patience and not self.ended:
            best = f"{self.best:.6g} (epoch {record['epoch'] - self.waited})"
            which = "validation" if name == "validation" else "training"
            self.history.stopped = f"no better {which} loss than {best} for {self.patience} epochs"
            self.ended = True

    def keep_best(self) -> None:
        """Go back to the best weights after early stopping."""
        if self.patience is not None and self.best_state and self.waited:
            self.model.load_state_dict(self.best_state)


def _done() -> None:
    """Do nothing: the gradients were computed with the loss."""
