"""The lesson on batches: one epoch sees every sample once, updates are counted, and the batch size has its effect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import nn
from demos import batches
from demos.course import Options, data
from nn.data import DataLoader

if TYPE_CHECKING:
    from pathlib import Path

VIEWS = np.array([float(v) for v in data("blog_views.csv")["views"]])
N = len(VIEWS) - 7


@pytest.fixture(scope="module", params=[None, 5])
def found(request: Any, tmp_path_factory: pytest.TempPathFactory) -> batches.Findings:
    """Run the lesson once per seed."""
    return batches.main(Options(out=tmp_path_factory.mktemp("batches"), seed=request.param, quick=True))


def test_one_epoch_is_all_the_batches_once(found: batches.Findings) -> None:
    """358 samples in batches of 32: eleven full ones and one of six, and every sample exactly once per epoch."""
    assert found.samples == N == 358
    assert found.sizes == [32] * 11 + [6]
    assert found.seen_once


def test_updates_and_samples_are_counted(found: batches.Findings) -> None:
    """Every run sees every sample ten times, in ⌈n / size⌉ updates per epoch."""
    assert list(found.runs) == [1, 8, 32, N]
    for size, run in found.runs.items():
        assert run.updates == batches.EPOCHS * -(-N // size)
        assert run.samples == batches.EPOCHS * N
        assert len(run.losses) == batches.EPOCHS + 1


def test_the_effect_of_the_batch_size(found: batches.Findings) -> None:
    """With as many epochs, small batches come near the least loss and the whole set does not; the noise falls with the root."""
    assert all(run.losses[-1] >= found.least - 1e-12 for run in found.runs.values())
    assert found.runs[8].losses[-1] < found.least + 0.01
    assert found.runs[1].losses[-1] < found.least + 0.05
    assert found.runs[N].losses[-1] > found.least + 0.2
    assert found.runs[N].noise == pytest.approx(0, abs=1e-12)
    for size in (8, 32):
        assert found.runs[1].noise / found.runs[size].noise == pytest.approx(size**0.5, rel=0.35)


def test_the_loop_is_that_of_fit(found: batches.Findings) -> None:
    """``nn.fit`` with the same loader counts the same updates and ends at the same loss."""
    dataset = batches.Week((VIEWS - VIEWS.mean()) / VIEWS.std())
    for seed in (0, 5):
        run = batches.train(dataset, 32, seed, (X(dataset), Y(dataset)))
        model = nn.Linear(7, 1, seed=0)
        model.weight.data, model.bias.data = np.zeros((1, 7)), np.zeros(1)
        loader = DataLoader(
            dataset, 32, shuffle=True, seed=seed,
            collate_fn=lambda samples: (np.array([x for x, _ in samples]), np.array([[y] for _, y in samples])),
        )  # fmt: skip
        history = nn.fit(
            model, nn.MSE(), nn.optim.SGD(model.parameters(), lr=batches.LEARNING_RATE), loader, epochs=batches.EPOCHS
        )
        assert history.updates == run.updates
        reached = float(np.mean((model(X(dataset)).data[:, 0] - Y(dataset)) ** 2))
        assert reached == pytest.approx(run.losses[-1], rel=1e-10)


def X(dataset: batches.Week) -> Any:  # noqa: N802
    """Give all inputs."""
    return np.array([dataset[i][0] for i in range(len(dataset))])


def Y(dataset: batches.Week) -> Any:  # noqa: N802
    """Give all labels."""
    return np.array([dataset[i][1] for i in range(len(dataset))])


def test_a_sample_is_a_week_and_the_next_day() -> None:
    """Yesterday comes first, and the label is never among the inputs."""
    dataset = batches.Week(np.arange(20.0))
    assert len(dataset) == 13
    x, y = dataset[2]
    assert x.tolist() == [8, 7, 6, 5, 4, 3, 2]
    assert y == 9
    assert dataset[12][1] == 19


def test_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table of batches is that of the loader, and the sentence at the end holds the counts."""
    found = batches.main(Options(out=tmp_path, quick=True))
    out = capsys.readouterr().out
    rows = re.findall(r"^ +(\d+) +(\d+)  (\d+), (\d+), (\d+), (\d+)", out, re.MULTILINE)
    order = DataLoader(np.zeros(N), 32, shuffle=True, seed=0).order(0)
    assert len(rows) == 12
    for k, row in enumerate(rows):
        assert [int(x) for x in row] == [k + 1, found.sizes[k], *order[32 * k : 32 * k + 4]]
    last = " ".join(out.split()).split("Finding:")[1]
    assert "358 samples in batches of 32 make 12 updates per epoch, the last with 6 samples" in last
    assert f"{found.runs[1].losses[-1]:.4f}" in last
    for term in ("数据集", "数据加载器", "批次", "轮", "参数更新", "标签"):
        assert out.count(f"({term})") == 1
    for name in ("batches_order.png", "batches_loss.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
