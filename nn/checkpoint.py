"""Checkpoints: everything that a run needs to go on as if it had never been interrupted.

One ``.npz`` file: the model's state under ``model/``, the optimiser's under ``optimiser/``, what early stopping keeps
under ``best/``, and the rest as JSON: settings, schedule, loader, generators, history.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.errors import InputValueError
from nn import randomness
from nn.storage import load, save

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VERSION = 1
_RUN = "run"


def write(
    path: Path, model: Any, optimiser: Any, schedule: Any, loader: Any, run: Mapping[str, Any], best: Mapping[str, Any]
) -> None:
    """Write a checkpoint, in one step."""
    kept = optimiser.state_dict()
    text = json.dumps(
        {
            "version": VERSION,
            "optimiser": {"kind": type(optimiser).__name__, "groups": kept["groups"]},
            "schedule": None if schedule is None else schedule.state_dict(),
            "loader": loader.state_dict() if hasattr(loader, "state_dict") else None,
            "generators": generators(model),
            **run,
        }
    )
    arrays = {f"model/{k}": v for k, v in model.state_dict().items()}
    arrays |= {f"optimiser/{k}": v for k, v in kept["state"].items()}
    arrays |= {f"best/{k}": v for k, v in best.items()}
    arrays[_RUN] = np.frombuffer(text.encode(), np.uint8)
    save(arrays, path)


def read(path: Path, model: Any, optimiser: Any, schedule: Any, loader: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Put everything back; give what ``fit`` itself had noted, and the best weights so far."""
    arrays = load(path)
    try:
        run = json.loads(arrays.pop(_RUN).tobytes().decode())
        if run["version"] != VERSION:
            raise InputValueError(f"{path.name} is a checkpoint of version {run['version']}; expected {VERSION}")
        kind = run["optimiser"]["kind"]
    except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError):
        raise InputValueError(
            f"{path.name} is no checkpoint of fit(); a file of weights is read with model.load()"
        ) from None
    if kind != type(optimiser).__name__:
        raise InputValueError(
            f"{path.name} was written with {kind}, and this run uses {type(optimiser).__name__}; choose another file, or resume=False"
        )
    if (run["schedule"] is None) != (schedule is None):
        raise InputValueError(
            f"{path.name} was written {'without' if run['schedule'] is None else 'with'} a schedule; choose another file, or resume=False"
        )
    parts: dict[str, dict[str, Any]] = {"model": {}, "optimiser": {}, "best": {}}
    for name, x in arrays.items():
        part, _, rest = name.partition("/")
        parts.setdefault(part, {})[rest] = x
    before = model.state_dict()
    model.load_state_dict(parts["model"])
    try:
        optimiser.load_state_dict({"groups": run["optimiser"]["groups"], "state": parts["optimiser"]})
        if schedule is not None:
            schedule.load_state_dict(run["schedule"])
        if run["loader"] is not None and hasattr(loader, "load_state_dict"):
            loader.load_state_dict(run["loader"])
        restore_generators(model, run["generators"])
    except BaseException:
        model.load_state_dict(before)
        raise
    return run, parts["best"]


def _sources(model: Any) -> list[np.random.Generator]:
    found = [randomness.generator()]
    for m in model.modules():
        found.extend(x for x in vars(m).values() if isinstance(x, np.random.Generator))
    return found


def generators(model: Any) -> list[Any]:
    """Give the states of the shared generator and of the modules' own."""
    return [_plain(source.bit_generator.state) for source in _sources(model)]


def restore_generators(model: Any, states: list[Any]) -> None:
    """Put the generators back to where they were."""
    sources = _sources(model)
    if len(sources) != len(states):
        raise InputValueError(f"the checkpoint has {len(states)} generators, and the model {len(sources)}")
    for source, kept in zip(sources, states, strict=True):
        source.bit_generator.state = kept


def _plain(x: Any) -> Any:
    if isinstance(x, dict):
        return {k: _plain(v) for k, v in x.items()}
    return x.tolist() if isinstance(x, np.ndarray | np.generic) else x
