"""How modules are shown: the tree (``repr``) and the table of shapes (``summary``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import no_grad
from nn.parameter import leaves_of, shape_of

if TYPE_CHECKING:
    from nn.module import Module


def count(holder: Any) -> int:
    """Give how many numbers a parameter holds."""
    return int(np.prod(shape_of(holder)))


def counted(module: Module) -> str:
    """Say how many parameters a module has: ``48 parameters, 16 of them frozen``; empty when it has none."""
    holders = [holder for _, holder in module.named_holders()]
    total = sum(map(count, holders))
    frozen = sum(count(leaf) for holder in holders for leaf in leaves_of(holder) if not leaf.requires_grad)
    if not total:
        return ""
    return f"{total:,} parameter{'s' * (total != 1)}" + (f", {frozen:,} of them frozen" if frozen else "")


def tree(module: Module) -> str:
    """Draw a module and those below it as PyTorch does, with the number of parameters at the end of each line.

    >>> from nn import Linear, ReLU, Sequential
    >>> print(tree(Sequential(Linear(2, 4, seed=0), ReLU())))
    Sequential(
      (0): Linear(in_features=2, out_features=4, bias=True)  # 12 parameters
      (1): ReLU()
    )  # 12 parameters
    """
    return "\n".join(_lines(module, ""))


def _lines(module: Module, lead: str) -> list[str]:
    number = counted(module)
    note = f"  # {number}" if number else ""
    head = f"{lead}{type(module).__name__}({module.extra_repr()}"
    children = list(module.named_children())
    if not children:
        return [f"{head}){note}"]
    body = []
    for name, child in children:
        first, *rest = _lines(child, "")
        body.extend([f"  ({name}): {first}", *(f"  {line}" for line in rest)])
    return [head, *(lead + line for line in body), f"{lead}){note}"]


def summary(module: Module, example: Any) -> str:
    """Run a module once in evaluation mode, recording nothing, and tabulate what each module gave."""
    rows: list[tuple[str, str, str, str]] = []
    x = np.zeros(example) if isinstance(example, tuple) and all(isinstance(n, int) for n in example) else example
    paths = {id(m): path for path, m in module.named_modules()}

    def note(m: Module, args: Any, y: Any) -> None:  # noqa: ARG001  the face of a hook
        own = sum(count(h) for _, h in m.named_holders()) if not list(m.children()) or m is module else 0
        rows.append((paths[id(m)] or "(whole)", type(m).__name__, _shapes(y), f"{own:,}" if own else "-"))

    modes = [(m, m.training) for m in module.modules()]
    handles = [m.register_forward_hook(note) for m in module.modules()]
    try:
        module.eval()
        with no_grad():
            module(x)
    finally:
        for handle in handles:
            handle.remove()
        for m, mode in modes:
            m.training = mode
    table = [("module", "type", "output shape", "parameters"), *rows]
    widths = [max(len(row[i]) for row in table) for i in range(4)]
    lines = [
        "  ".join(c.ljust(w) if i < 3 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        for row in table
    ]
    lines.insert(1, "-" * len(lines[0]))
    return "\n".join([*lines, "", counted(module) or "no parameters"])


def _shapes(y: Any) -> str:
    return ", ".join(map(_shapes, y)) if isinstance(y, list | tuple) else str(shape_of(y))
