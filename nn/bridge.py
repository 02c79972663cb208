"""The road to PyTorch and back: the equivalent module, with the same weights.

    to_torch(model)      torch.nn module of a module of this package
    from_torch(module)   the reverse

PyTorch is imported when one of these is called, and only then. A module class of your own has a ``forward`` that
cannot be translated; build its PyTorch counterpart by hand and carry the weights with ``load_state_dict``, which
takes this package's ``state_dict`` after ``torch.from_numpy``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.errors import InputTypeError, InputValueError
from nn import activations, containers, images, layers, neurons, normalisation
from nn.module import Module
from nn.parameter import data_of


@dataclass(frozen=True, slots=True)
class Pair:
    """One kind of module on both sides: the settings as PyTorch names them, and how each is read and made."""

    ours: type[Module]
    torch: str
    to: Callable[[Any], dict[str, Any]] = lambda m: {}  # noqa: ARG005  no settings
    back: Callable[[Any], dict[str, Any]] = lambda t: {}  # noqa: ARG005  likewise


def _same(*names: str) -> tuple[Callable[[Any], dict[str, Any]], Callable[[Any], dict[str, Any]]]:
    """Settings that have one name on both sides and are attributes there."""

    def read(m: Any) -> dict[str, Any]:
        return {name: (getattr(m, name) is not None) if name == "bias" else getattr(m, name) for name in names}

    return read, read


_NORM = _same("num_features", "eps", "momentum", "affine", "track_running_stats")
_POOL = _same("kernel_size", "stride", "padding")

PAIRS = (
    Pair(layers.Linear, "Linear", *_same("in_features", "out_features", "bias")),
    Pair(layers.Identity, "Identity"),
    Pair(layers.Flatten, "Flatten", *_same("start_dim", "end_dim")),
    Pair(layers.Dropout, "Dropout", *_same("p")),
    Pair(layers.Embedding, "Embedding", *_same("num_embeddings", "embedding_dim")),
    Pair(activations.Sigmoid, "Sigmoid"),
    Pair(activations.HardSigmoid, "Hardsigmoid"),
    Pair(activations.ReLU, "ReLU"),
    Pair(activations.LeakyReLU, "LeakyReLU", *_same("negative_slope")),
    Pair(activations.ELU, "ELU", *_same("alpha")),
    Pair(activations.GELU, "GELU", *_same("approximate")),
    Pair(activations.SiLU, "SiLU"),
    Pair(activations.Tanh, "Tanh"),
    Pair(activations.Softplus, "Softplus", *_same("beta")),
    Pair(activations.Softmax, "Softmax", *_same("dim")),
    Pair(activations.LogSoftmax, "LogSoftmax", *_same("dim")),
    Pair(images.Conv2d, "Conv2d", *_same("in_channels", "out_channels", "kernel_size", "stride", "padding", "bias")),
    Pair(images.MaxPool2d, "MaxPool2d", *_POOL),
    Pair(images.AvgPool2d, "AvgPool2d", *_POOL),
    Pair(normalisation.BatchNorm1d, "BatchNorm1d", *_NORM),
    Pair(normalisation.BatchNorm2d, "BatchNorm2d", *_NORM),
    Pair(
        normalisation.LayerNorm,
        "LayerNorm",
        lambda m: {
            "normalized_shape": m.normalized_shape,
            "eps": m.eps,
            "elementwise_affine": m.weight is not None,
            "bias": m.bias is not None,
        },
        lambda t: {
            "normalized_shape": tuple(t.normalized_shape),
            "eps": t.eps,
            "elementwise_affine": t.elementwise_affine,
            "bias": t.bias is not None,
        },
    ),
)
"""Every kind of module that has a counterpart."""

# Settings of PyTorch's modules that this package does not have, and the value at which they do nothing.
_NEUTRAL = {
    "dilation": (1, (1, 1)), "groups": (1,), "padding_mode": ("zeros",), "return_indices": (False,), "ceil_mode": (False,),
    "count_include_pad": (True,), "divisor_override": (None,), "padding_idx": (None,), "max_norm": (None,),
}  # fmt: skip


def _torch() -> Any:
    try:
        import torch
    except ImportError:
        raise ImportError("to_torch and from_torch need PyTorch: pip install torch") from None
    return torch


def _numbers(tensor: Any) -> Any:
    """Give PyTorch's numbers as an array; NumPy has no bfloat16, so those become float32, which holds them exactly."""
    bare = tensor.detach().cpu()
    return (bare.float() if bare.dtype == _torch().bfloat16 else bare).numpy()


def to_torch(model: Module) -> Any:
    """Build the equivalent PyTorch module with the same weights, buffers, frozen parameters and mode.

    Modules and parameters that are shared here are shared there.

    Raises:
        InputTypeError: a module has no counterpart; the message names it.
        ImportError: PyTorch is not installed.
    """
    torch = _torch()
    built = _to(torch, model.tensors(), "", {})
    built.train(model.training)
    return built


def _to(torch: Any, m: Module, path: str, known: dict[int, tuple[Any, Any]]) -> Any:
    """Build one module; ``known`` holds pairs (original, what was built), by the id of the original."""
    made: Any
    if id(m) in known:
        return known[id(m)][1]
    original = m
    if type(m) is neurons.MLP:
        m = m.sequential().train(m.training)
    if type(m) is containers.Sequential:
        made = torch.nn.Sequential()
        for name, child in m.named_children():
            made.add_module(name, _to(torch, child, f"{path}{name}.", known))
    elif type(m) is containers.ModuleList:
        made = torch.nn.ModuleList([_to(torch, child, f"{path}{i}.", known) for i, child in enumerate(m)])
    else:
        pair = next((p for p in PAIRS if p.ours is type(m)), None)
        if pair is None:
            raise InputTypeError(
                f"{type(m).__name__} {path.rstrip('.')!r} has no counterpart in PyTorch that could be built from here. Write "
                "its class there, and carry the weights over with state_dict()"
            )
        made = getattr(torch.nn, pair.torch)(**pair.to(m))
        frozen = {name for name, p in m.named_parameters() if not p.requires_grad}
        state = m.state_dict()
        for name in dict(made.named_parameters()):
            # As a new parameter, so that the floating type is ours and not PyTorch's default.
            holder = getattr(m, name)
            if id(holder) not in known:
                new = torch.nn.Parameter(torch.from_numpy(state[name]), requires_grad=name not in frozen)
                known[id(holder)] = holder, new
            setattr(made, name, known[id(holder)][1])
        for name, _ in list(made.named_buffers()):
            setattr(made, name, torch.from_numpy(state[name]) if state[name].ndim else torch.tensor(state[name].item()))
    made.training = m.training
    known[id(original)] = original, made
    known[id(m)] = m, made
    return made


def from_torch(module: Any) -> Module:
    """Build the equivalent module of this package from a PyTorch module, with the same weights.

    Modules and parameters that are shared there are shared here.

    Raises:
        InputTypeError: a module has no counterpart; the message names it.
        InputValueError: a module has a setting that is not supported here.
        ImportError: PyTorch is not installed.
    """
    return _from(_torch(), module, "", {})


def _from(torch: Any, t: Any, path: str, known: dict[int, tuple[Any, Any]]) -> Module:
    made: Module
    if id(t) in known:
        return known[id(t)][1]  # type: ignore[no-any-return]
    if type(t) is torch.nn.Sequential:
        made = containers.Sequential(
            # ``named_children()`` there leaves out a module that it has given before.
            {name: _from(torch, child, f"{path}{name}.", known) for name, child in t._modules.items()}
        )
    elif type(t) is torch.nn.ModuleList:
        made = containers.ModuleList(_from(torch, child, f"{path}{i}.", known) for i, child in enumerate(t))
    else:
        pair = next((p for p in PAIRS if getattr(torch.nn, p.torch) is type(t)), None)
        if pair is None:
            raise InputTypeError(
                f"{type(t).__name__} {path.rstrip('.')!r} has no counterpart here; write it as an nn.Module and load its state_dict"
            )
        for setting, neutral in _NEUTRAL.items():
            if hasattr(t, setting) and getattr(t, setting) not in neutral:
                raise InputValueError(
                    f"{type(t).__name__} {path.rstrip('.')!r} has {setting}={getattr(t, setting)!r}, which is not supported here"
                )
        settings = pair.back(t)
        if settings.get("dim", 0) is None:
            settings["dim"] = -1
        if isinstance(settings.get("padding"), str):
            raise InputValueError(
                f"{type(t).__name__} {path.rstrip('.')!r} has padding={settings['padding']!r}; give numbers"
            )
        made = _with_types(pair.ours(**settings), t, known)
    made.training = t.training
    known[id(t)] = t, made
    return made


def _with_types(made: Module, t: Any, known: dict[int, tuple[Any, Any]]) -> Module:
    """Take over numbers, floating types and frozen parameters."""
    from nn.parameter import Parameter

    for name, p in t.named_parameters(recurse=False):
        if id(p) not in known:
            known[id(p)] = p, Parameter(_numbers(p), requires_grad=p.requires_grad)
        setattr(made, name, known[id(p)][1])
    for name, b in t.named_buffers(recurse=False):
        made.register_buffer(name, np.array(data_of(_numbers(b))))
    return made
