"""``DataLoader``: one epoch of batches per iteration, in an order that depends on the seed and the epoch alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor, stack
from autograd.errors import InputTypeError, InputValueError
from nn.layers import positive
from nn.randomness import checked_seed, generator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


def default_collate(samples: list[Any]) -> Any:
    """Put samples side by side: numbers and arrays become arrays, tuples and dicts are collated part by part.

    >>> default_collate([(1.0, 0), (2.0, 1)])
    (array([1., 2.]), array([0, 1]))
    """
    first = samples[0]
    if isinstance(first, tuple | list):
        return tuple(default_collate([s[i] for s in samples]) for i in range(len(first)))
    if isinstance(first, dict):
        return {key: default_collate([s[key] for s in samples]) for key in first}
    if isinstance(first, Tensor):
        return stack(samples)
    return np.stack([np.asarray(s) for s in samples]) if not isinstance(first, str) else samples


class DataLoader:
    """Hand over a data set in batches.

    Args:
        dataset: anything with a length and samples by number, or an array.
        batch_size: samples per batch.
        shuffle: whether each epoch has an order of its own.
        drop_last: whether a last batch that is not full is left out.
        seed: makes the orders reproducible; without one it is drawn when the loader is made.
        collate_fn: what makes a batch of a list of samples.

    The order of epoch k depends on ``seed`` and k alone, so training can go on after a crash where it stood.
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int = 1,
        shuffle: bool = False,
        *,
        drop_last: bool = False,
        seed: int | None = None,
        collate_fn: Callable[[list[Any]], Any] | None = None,
    ) -> None:
        if not hasattr(dataset, "__len__") or not hasattr(dataset, "__getitem__"):
            raise InputTypeError(
                f"DataLoader takes a data set with a length and samples by number; got {type(dataset).__name__}"
            )
        positive("DataLoader", batch_size=batch_size)
        if shuffle and not len(dataset):
            raise InputValueError("DataLoader: there is nothing to shuffle in an empty data set")
        self.dataset = dataset
        self.batch_size = int(batch_size)
        self.shuffle = bool(shuffle)
        self.drop_last = bool(drop_last)
        self.collate_fn = collate_fn
        self.seed = int(generator().integers(2**31)) if seed is None else checked_seed(seed)
        self.epoch = 0

    def __len__(self) -> int:
        """Give the number of batches in an epoch."""
        n = len(self.dataset)
        return n // self.batch_size if self.drop_last else -(-n // self.batch_size)

    def order(self, epoch: int) -> np.ndarray[Any, np.dtype[Any]]:
        """Give the order of the samples in an epoch."""
        n = len(self.dataset)
        return np.random.default_rng([self.seed, epoch]).permutation(n) if self.shuffle else np.arange(n)

    def __iter__(self) -> Iterator[Any]:
        """Give the batches of the next epoch."""
        order = self.order(self.epoch)
        self.epoch += 1
        return (self._batch(order[i * self.batch_size : (i + 1) * self.batch_size]) for i in range(len(self)))

    def _batch(self, indices: np.ndarray[Any, np.dtype[Any]]) -> Any:
        if self.collate_fn is None:
            if hasattr(self.dataset, "__getitems__"):
                return self.dataset.__getitems__(indices)
            if isinstance(self.dataset, np.ndarray):
                return self.dataset[indices]
        return (self.collate_fn or default_collate)([self.dataset[int(i)] for i in indices])

    def state_dict(self) -> dict[str, int]:
        """Give the seed and the number of epochs begun."""
        return {"seed": self.seed, "epoch": self.epoch}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from a saved state."""
        self.seed, self.epoch = checked_seed(state["seed"]), int(state["epoch"])

    def __repr__(self) -> str:
        """Show sizes."""
        return f"DataLoader({len(self.dataset)} samples, {len(self)} batches of {self.batch_size}{', shuffled' * self.shuffle})"
