"""Draw the README's pictures again: ``python -m demos.pictures``.

The files stand beside this one. The ``.dot`` files are the same bytes every time; the SVGs depend on the version of
Graphviz, by a few points.
"""

from __future__ import annotations

import sys
from pathlib import Path

from autograd import draw
from autograd.drawing import record
from demos.pictures import graphs

HERE = Path(__file__).parent


def pictures() -> dict[str, object]:
    """Give every picture by its file name."""
    neuron, shared = graphs.neuron(), graphs.shared()
    network = graphs.network()
    stepper = shared.stepper()
    stepper.step(3)
    return {
        "forward": draw(neuron, view="forward", names={}),
        "backward": draw(neuron, view="backward", names={}),
        "both": draw(neuron, names={}),
        "step": draw(stepper, names={}),
        "health": draw(graphs.ill(), health=True, names={}),
        "tensors": draw(graphs.layer(), names={}),
        "network": draw(network, depth=0, names={}),
        "neuron-opened": draw(network, depth=0, opened="layers.2", names={}),
        "loop": draw(graphs.loop(), names={}),
    }


def training() -> object:
    """Give a small training run as a film."""
    from autograd import Value

    w, b = Value(-1.5, name="w"), Value(0.0, name="b")

    def train():  # noqa: ANN202  a generator of losses
        for _ in range(40):
            loss = ((w * 0.8 + b).tanh() - 0.6) ** 2
            yield loss
            w.zero_grad()
            b.zero_grad()
            loss.backward()
            w.data -= 0.3 * w.grad
            b.data -= 0.3 * b.grad

    return record(train())


def main(where: Path = HERE) -> int:
    """Write all of them."""
    for name, figure in pictures().items():
        figure.save(where / f"{name}.svg")  # type: ignore[attr-defined]
        figure.save(where / f"{name}.dot")  # type: ignore[attr-defined]
        print(f"{name}.svg  {name}.dot")
    moving = draw(graphs.neuron(), names={})
    moving.save(where / "backprop.svg", animated=True)
    moving.save(where / "backprop.html")
    training().save(where / "training.html")  # type: ignore[attr-defined]
    print("backprop.svg  backprop.html  training.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
