"""Data sets and loaders: samples by number, handed over in batches.

Types
    Dataset         ``len(d)`` and ``d[i]``, one sample
    batch           what a collate function makes of several samples: a tuple of arrays
    DataLoader      iterate over it once for one epoch of batches

>>> import numpy as np
>>> data = TensorDataset(np.arange(10.0), np.arange(10) % 2)
>>> [len(x) for x, y in DataLoader(data, batch_size=4)]
[4, 4, 2]
"""

from __future__ import annotations

from nn.data.datasets import Dataset, Subset, TensorDataset, random_split
from nn.data.loader import DataLoader, default_collate

__all__ = ["DataLoader", "Dataset", "Subset", "TensorDataset", "default_collate", "random_split"]
