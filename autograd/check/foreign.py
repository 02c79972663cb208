"""Functions of PyTorch and JAX, as functions of NumPy arrays with a ``vjp``: the same checker judges them.

The other library is imported when a function is wrapped, never before. float64 is asked of JAX for the duration of
each call only, so the rest of the program keeps its own precision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.check.probe import cotangents
from autograd.errors import InputTypeError
from autograd.trees import flatten

if TYPE_CHECKING:
    from collections.abc import Callable


class Foreign:
    """A function of another library: call it with NumPy arrays; ``vjp(v, *inputs)`` asks that library."""

    foreign = True

    def __init__(self, f: Callable[..., Any]) -> None:
        """Wrap ``f``."""
        if not callable(f):
            raise InputTypeError(f"{type(self).__name__} wraps a function; got {f!r}")
        self.f = f
        self.__name__ = getattr(f, "__name__", type(f).__name__)
        self.__wrapped__ = f  # inspect.signature finds the names of the parameters

    def taken(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """Give the inputs of a check as numbers and arrays, where they are arrays of the other library."""
        leaves, rebuild = flatten(inputs)
        return rebuild([self._array(x) for x in leaves])  # type: ignore[no-any-return]

    def _array(self, x: Any) -> Any:
        """Give an array of the other library as NumPy's; anything else as it is."""
        return x

    def __call__(self, *inputs: Any) -> Any:
        """Compute with NumPy arrays."""
        raise NotImplementedError

    def vjp(self, v: Any, *inputs: Any) -> tuple[Any, ...]:
        """Give one gradient per leaf of the inputs."""
        raise NotImplementedError

    def derived(self, subject: Any, seed: int) -> Foreign:
        """Give the gradient function at a fixed cotangent, for the next order."""
        raise NotImplementedError


class Torch(Foreign):
    """A function of torch tensors."""

    def __init__(self, f: Callable[..., Any]) -> None:
        """Import torch."""
        super().__init__(f)
        import torch  # type: ignore[import-not-found, unused-ignore]

        self.torch = torch

    def _array(self, x: Any) -> Any:
        return x.detach().cpu().numpy() if isinstance(x, self.torch.Tensor) else x

    def _enter(self, inputs: tuple[Any, ...], *, track: bool) -> tuple[list[Any], Any]:
        leaves, rebuild = flatten(inputs)
        tensors = [self._tensor(x, track=track) for x in leaves]
        return tensors, rebuild(tensors)

    def _tensor(self, x: Any, *, track: bool) -> Any:
        if isinstance(x, self.torch.Tensor):
            return x.detach()
        if isinstance(x, bool | int | str) or x is None or callable(x):
            return x
        data = np.array(x)
        return self.torch.tensor(data, requires_grad=track and data.dtype.kind == "f")

    def __call__(self, *inputs: Any) -> Any:
        """Compute without a graph."""
        with self.torch.no_grad():
            _, args = self._enter(inputs, track=False)
            return self._leave(self.f(*args))

    def _leave(self, result: Any) -> Any:
        leaves, rebuild = flatten(result)
        return rebuild([y.detach().cpu().numpy() if isinstance(y, self.torch.Tensor) else y for y in leaves])

    def vjp(self, v: Any, *inputs: Any) -> tuple[Any, ...]:
        """Run torch's backward pass."""
        found = self._gradients(v, inputs, create_graph=False)
        return tuple(None if g is None else g.detach().cpu().numpy() for g in found)

    def _gradients(self, v: Any, inputs: tuple[Any, ...], *, create_graph: bool) -> list[Any]:
        tensors, args = self._enter(inputs, track=True)
        return self._pulled(self.f(*args), v, [t for t in tensors if self._wanted(t)], create_graph=create_graph)

    def _wanted(self, t: Any) -> bool:
        return isinstance(t, self.torch.Tensor) and t.is_floating_point()

    def _pulled(self, result: Any, v: Any, wanted: list[Any], *, create_graph: bool) -> list[Any]:
        outputs, weights = flatten(result)[0], flatten(v)[0]
        live = [
            (y, self.torch.tensor(np.asarray(w)).to(y))
            for y, w in zip(outputs, weights, strict=True)
            if isinstance(y, self.torch.Tensor) and y.requires_grad
        ]
        if not live:
            return [None] * len(wanted)
        return list(
            self.torch.autograd.grad(
                [y for y, _ in live], wanted, [w for _, w in live], allow_unused=True, create_graph=create_graph
            )
        )

    def derived(self, subject: Any, seed: int) -> Foreign:
        """Give the gradient at a fixed cotangent as a function of the flat inputs."""

        def gradient(*flat: Any) -> list[Any]:
            leaves, rebuild = flatten(subject._filled(flat))
            # The tensors of ``flat`` go in as they are: a detached copy would have no gradient to differentiate.
            full = [x if isinstance(x, self.torch.Tensor) else self._tensor(x, track=False) for x in leaves]
            result = self.f(*rebuild(full))
            weights = cotangents([y.detach().cpu().numpy() for y in flatten(result)[0]], seed)
            wanted = [t if t.requires_grad else t.requires_grad_() for t in flat]
            found = self._pulled(result, flatten(weights)[0], wanted, create_graph=True)
            return [self.torch.zeros_like(t) if g is None else g for g, t in zip(found, wanted, strict=True)]

        return TorchGradient(gradient)


class TorchGradient(Torch):
    """A gradient function of torch tensors: it needs a graph even when only its value is wanted."""

    def _tensor(self, x: Any, *, track: bool) -> Any:
        del track
        return super()._tensor(x, track=True)

    def __call__(self, *inputs: Any) -> Any:
        """Compute with a graph, and give numbers."""
        _, args = self._enter(inputs, track=True)
        return self._leave(self.f(*args))


class Jax(Foreign):
    """A function of JAX arrays."""

    def __init__(self, f: Callable[..., Any]) -> None:
        """Import jax."""
        super().__init__(f)
        import jax  # type: ignore[import-not-found, unused-ignore]

        self.jax = jax
        if hasattr(jax, "enable_x64"):
            self.x64: Any = lambda: jax.enable_x64(True)
        else:  # older versions of JAX
            from jax.experimental import enable_x64  # type: ignore[import-not-found, unused-ignore]

            self.x64 = enable_x64

    def _array(self, x: Any) -> Any:
        return np.asarray(x) if isinstance(x, self.jax.Array) else x

    def __call__(self, *inputs: Any) -> Any:
        """Compute in the precision of the inputs."""
        with self.x64():
            return self.jax.tree_util.tree_map(np.asarray, self.f(*inputs))

    def vjp(self, v: Any, *inputs: Any) -> tuple[Any, ...]:
        """Run JAX's backward pass."""
        with self.x64():
            leaves, rebuild = flatten(inputs)
            floating = [i for i, x in enumerate(leaves) if np.asarray(x).dtype.kind == "f"]
            values = [self.jax.numpy.asarray(leaves[i]) for i in floating]

            def restricted(*new: Any) -> Any:
                full = list(leaves)
                for i, x in zip(floating, new, strict=True):
                    full[i] = x
                return self.f(*rebuild(full))

            y, pull = self.jax.vjp(restricted, *values)
            weights = [
                self.jax.numpy.asarray(w, dtype=o.dtype) for w, o in zip(flatten(v)[0], flatten(y)[0], strict=True)
            ]
            found = pull(flatten(y)[1](weights))
        return tuple(np.asarray(g) for g in found)

    def derived(self, subject: Any, seed: int) -> Foreign:
        """Give the gradient at a fixed cotangent as a function of the flat inputs."""

        def gradient(*flat: Any) -> list[Any]:
            def scalar(*inner: Any) -> Any:
                outputs = flatten(self.f(*subject._filled(inner)))[0]
                weights = cotangents([np.zeros(y.shape) for y in outputs], seed)
                return sum((w * y).sum() for w, y in zip(weights, outputs, strict=True))

            return list(self.jax.grad(scalar, argnums=tuple(range(len(flat))))(*flat))

        return Jax(gradient)


def from_torch(f: Callable[..., Any]) -> Foreign:
    """Wrap a function of torch tensors, so that ``check_gradients(from_torch(f), x)`` checks torch's gradient of it.

    The inputs of the check are numbers, NumPy arrays and torch tensors; each arrives in ``f`` as a tensor of its dtype.
    """
    return Torch(f)


def from_jax(f: Callable[..., Any]) -> Foreign:
    """Wrap a function of JAX arrays, so that ``check_gradients(from_jax(f), x)`` checks JAX's gradient of it."""
    return Jax(f)
