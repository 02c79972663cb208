"""Data sets: anything with a length and samples by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import Tensor
from autograd.errors import InputTypeError, InputValueError, ShapeError
from nn.randomness import Seed, generator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Dataset:
    """The base class: write ``__len__`` and ``__getitem__``."""

    def __len__(self) -> int:
        """Give the number of samples."""
        raise NotImplementedError(f"{type(self).__name__} has no __len__; return the number of samples")

    def __getitem__(self, index: Any) -> Any:
        """Give one sample."""
        raise NotImplementedError(f"{type(self).__name__} has no __getitem__(self, index); return one sample")

    def __iter__(self) -> Iterator[Any]:
        """Iterate over the samples in order."""
        return (self[i] for i in range(len(self)))


class TensorDataset(Dataset):
    """Arrays side by side; sample i is row i of each.

    >>> TensorDataset(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0, 1]))[1]
    (array([3., 4.]), np.int64(1))
    """

    def __init__(self, *tensors: Any) -> None:
        if not tensors:
            raise InputValueError("TensorDataset takes at least one array")
        self.tensors = tuple(t if isinstance(t, Tensor) else np.asarray(t) for t in tensors)
        sizes = [t.shape[0] if t.ndim else None for t in self.tensors]
        if None in sizes or len(set(sizes)) != 1:
            raise ShapeError(
                f"TensorDataset takes arrays with as many rows each; got shapes {[t.shape for t in self.tensors]}"
            )
        self._size = int(self.tensors[0].shape[0])

    def __len__(self) -> int:
        """Give the number of rows."""
        return self._size

    def __getitem__(self, index: Any) -> tuple[Any, ...]:
        """Give one row of each array, or several for a slice or an index array."""
        return tuple(t[index] for t in self.tensors)

    def __getitems__(self, indices: Any) -> tuple[Any, ...]:
        """Give a whole batch at once, collated already."""
        return self[np.asarray(indices)]


class Subset(Dataset):
    """Some samples of another data set, by their numbers."""

    def __init__(self, dataset: Any, indices: Any) -> None:
        self.dataset = dataset
        self.indices = np.asarray(indices)
        if self.indices.ndim != 1 or (self.indices.size and self.indices.dtype.kind not in "iu"):
            raise InputTypeError(f"Subset takes a list of whole numbers; got {indices!r}")
        self.indices = self.indices.astype(int)
        n = len(dataset)
        wrong = self.indices[(self.indices < -n) | (self.indices >= n)]
        if wrong.size:
            raise InputValueError(f"Subset: there is no sample {wrong[0]} in a data set of {n}")

    def __len__(self) -> int:
        """Give the number of samples."""
        return len(self.indices)

    def __getitem__(self, index: Any) -> Any:
        """Give one sample."""
        return self.dataset[int(self.indices[index])]

    def __getitems__(self, indices: Any) -> Any:
        """Give a whole batch at once, where the data set can."""
        chosen = self.indices[np.asarray(indices)]
        if hasattr(self.dataset, "__getitems__"):
            return self.dataset.__getitems__(chosen)
        from nn.data.loader import default_collate

        return default_collate([self.dataset[int(i)] for i in chosen])


def random_split(dataset: Any, lengths: Sequence[float], *, seed: Seed = None) -> list[Subset]:
    """Split a data set at random into parts of given lengths, or of given shares that sum to 1.

    >>> train, test = random_split(TensorDataset(np.arange(10)), [0.8, 0.2], seed=0)
    >>> len(train), len(test)
    (8, 2)
    """
    n = len(dataset)
    parts = list(lengths)
    if any(not np.isfinite(p) or p < 0 for p in parts):
        raise InputValueError(f"random_split: lengths are 0 or more; got {parts}")
    if abs(sum(parts) - 1) < 1e-6 and any(isinstance(p, float) for p in parts):
        sizes = [int(n * p) for p in parts]
        for i in range(n - sum(sizes)):  # what rounding left over goes to the first parts, as in PyTorch
            sizes[i % len(sizes)] += 1
    else:
        sizes = [int(p) for p in parts]
        if sum(sizes) != n or sizes != parts:
            raise InputValueError(f"random_split: lengths {parts} do not sum to the {n} samples, nor as shares to 1")
    order = generator(seed).permutation(n)
    ends = np.cumsum(sizes)
    return [Subset(dataset, order[end - size : end]) for size, end in zip(sizes, ends, strict=True)]
