"""Data sets and loaders: every sample once per epoch, in an order that a seed and an epoch determine."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Tensor
from nn.data import DataLoader, Dataset, Subset, TensorDataset, default_collate, random_split

X, Y = np.arange(20.0).reshape(10, 2), np.arange(10)


class Squares(Dataset):
    """A data set without arrays: sample i is (i, i²)."""

    def __len__(self):
        return 7

    def __getitem__(self, i):
        if not 0 <= i < 7:
            raise IndexError(i)
        return float(i), i * i


@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("batch", [1, 3, 10, 11])
def test_an_epoch(batch, shuffle, drop_last):
    """An epoch hands over every sample once, rows together, and a last partial batch unless it is dropped."""
    loader = DataLoader(TensorDataset(X, Y), batch, shuffle, drop_last=drop_last, seed=0)
    batches = list(loader)
    assert len(batches) == len(loader) == (10 // batch if drop_last else -(-10 // batch))
    assert all(len(x) == batch for x, _ in batches[:-1])
    for x, y in batches:
        assert np.array_equal(x, X[y])
    seen = np.concatenate([y for _, y in batches]) if batches else np.array([], int)
    assert len(set(seen)) == len(seen) == (10 // batch * batch if drop_last else 10)
    if not shuffle:
        assert np.array_equal(seen, np.arange(len(seen)))


def test_orders():
    """A seed repeats the orders, epochs differ, another seed differs, and a restored loader goes on exactly."""

    def orders(loader, epochs=3):
        return [[int(y) for _, batch in loader for y in batch] for _ in range(epochs)]

    first = orders(DataLoader(TensorDataset(X, Y), 4, shuffle=True, seed=5))
    assert first == orders(DataLoader(TensorDataset(X, Y), 4, shuffle=True, seed=5))
    assert first[0] != first[1] != first[2]
    assert first != orders(DataLoader(TensorDataset(X, Y), 4, shuffle=True, seed=6))
    loader = DataLoader(TensorDataset(X, Y), 4, shuffle=True, seed=5)
    orders(loader, 1)
    other = DataLoader(TensorDataset(X, Y), 4, shuffle=True)
    other.load_state_dict(loader.state_dict())
    assert orders(other, 2) == first[1:]


def test_own_data_sets_and_collating():
    """A data set of one's own is collated number by number; collate_fn decides otherwise; dicts and Tensors work."""
    batches = list(DataLoader(Squares(), 3))
    assert [x.tolist() for x, _ in batches] == [[0, 1, 2], [3, 4, 5], [6]]
    assert batches[1][1].tolist() == [9, 16, 25]
    assert next(iter(DataLoader(Squares(), 2, collate_fn=list))) == [(0.0, 0), (1.0, 1)]
    assert list(DataLoader(X, 4))[2].tolist() == X[8:].tolist()
    assert default_collate([{"a": 1, "s": "x"}, {"a": 2, "s": "y"}])["s"] == ["x", "y"]
    assert default_collate([Tensor([1.0]), Tensor([2.0])]).shape == (2, 1)
    assert [s[1] for s in Squares()] == [0, 1, 4, 9, 16, 25, 36]


def test_subsets():
    """A subset is its samples; splits are disjoint, complete, of the sizes asked for, and repeat with a seed."""
    part = Subset(TensorDataset(X, Y), [3, 1])
    assert [int(y) for _, y in part] == [3, 1]
    assert next(iter(DataLoader(part, 2)))[1].tolist() == [3, 1]
    assert next(iter(DataLoader(Subset(Squares(), [6, 2]), 2)))[1].tolist() == [36, 4]
    assert next(iter(DataLoader(Subset(part, [1]), 2)))[1].tolist() == [1]
    for lengths, sizes in (([7, 3], [7, 3]), ([0.5, 0.25, 0.25], [6, 2, 2]), ([10, 0], [10, 0])):
        parts = random_split(TensorDataset(X, Y), lengths, seed=1)
        assert [len(p) for p in parts] == sizes
        assert sorted(int(y) for p in parts for _, y in p) == list(range(10))
        again = random_split(TensorDataset(X, Y), lengths, seed=1)
        assert [p.indices.tolist() for p in parts] == [p.indices.tolist() for p in again]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: TensorDataset(X, Y[:4]), "as many rows"),
        (TensorDataset, "at least one"),
        (lambda: TensorDataset(3.0), "as many rows"),
        (lambda: DataLoader(X, 0), "at least 1"),
        (lambda: DataLoader(X, 2.5), "whole number"),
        (lambda: DataLoader(3), "a length"),
        (lambda: DataLoader([], shuffle=True), "empty"),
        (lambda: DataLoader(X, seed=0.5), "whole number"),
        (lambda: Subset(X, [10]), "no sample 10"),
        (lambda: Subset(X, [0.5]), "whole numbers"),
        (lambda: random_split(X, [5, 4]), "do not sum"),
        (lambda: random_split(X, [-1, 11]), "0 or more"),
        (lambda: random_split(X, [float("nan"), 1]), "0 or more"),
        (lambda: len(Dataset()), "__len__"),
        (lambda: Dataset()[0], "__getitem__"),
    ],
)
def test_refused(make, words):
    """What cannot work is refused at once."""
    with pytest.raises((ValueError, TypeError, NotImplementedError), match=words):
        make()
