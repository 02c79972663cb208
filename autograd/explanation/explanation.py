"""``explain``: one gradient as a sum over paths of products of local derivatives, in symbols, then in numbers.

The gradient of y with respect to x is, by the chain rule,

    ∂y/∂x  =  Σ over the paths from y down to x  Π over the edges of a path  ∂(node)/∂(argument).

Type
    Explanation   how many paths there are, those that are shown, what the others sum to; as text or LaTeX.

A few paths are written out; the rest is one honest line with their number and their sum. Paths themselves: ``paths``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd import engine, terminal
from autograd.errors import InputValueError
from autograd.explanation.paths import Edge, Path, along, counts_to, latex_name, paths_to
from autograd.graph import Graph, GraphNode, local_derivative
from autograd.naming import names_of_caller
from autograd.symbols import bracket

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FACTORS = 12
"""A path with more edges than this is folded in the middle."""


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """The gradient of a result with respect to one node, as a sum over paths.

    Attributes:
        graph: the snapshot.
        to: the node whose gradient is explained.
        count: how many paths there are.
        paths: those that are written out, in the order of the arguments.
        total: the gradient, by the engine.
        rest: what the paths that are not written out sum to; None if all are.
    """

    graph: Graph
    to: GraphNode
    count: int
    paths: tuple[Path, ...]
    total: Any
    rest: Any

    @property
    def name(self) -> str:
        """Write ``∂f/∂b``."""
        return f"∂{self.graph.root.id}/∂{self.to.id}"

    def __str__(self) -> str:
        """Write symbols first, then numbers."""
        return "\n".join(self.lines())

    __repr__ = __str__

    def lines(self) -> list[str]:
        """Give the text, line by line."""
        name, root = self.name, self.graph.root
        if self.to is root:
            return [f"{name} = 1: it is the result itself"]
        if not self.count:
            return [f"{name} = 0: no path leads from {root.id} to {self.to.id}"]
        many = (
            f"{self.count:,}".replace(",", " ")
            if self.count < 10**15
            else f"about {self.count:.3e}"
            if self.count < 10**300
            else f"about 10^{len(str(self.count)) - 1}"
        )
        head = f"{name}: {many} path{'s' * (self.count != 1)} from {root.id} to {self.to.id}"
        lines = [head, ""]
        pad = " " * len(name)
        for sign, p in zip(["=", *"+" * self.count_shown], self.paths, strict=False):
            edges = _product(p, lambda e: f"∂{e.node.id}/∂{e.to.id}")
            lines.append(f"{name if sign == '=' else pad} {sign} {edges}")
        self._more(lines, pad)
        for sign, p in zip(["=", *"+" * self.count_shown], self.paths, strict=False):
            lines.append(f"{pad} {sign} " + _product(p, lambda e: _bracketed(e.formula())))
        self._more(lines, pad)
        for sign, p in zip(["=", *"+" * self.count_shown], self.paths, strict=False):
            lines.append(f"{pad} {sign} {_numbers(p)}")
        self._more(lines, pad, numbers=True)
        lines.append(f"{pad} = {_short(self.total)}")
        return lines

    @property
    def count_shown(self) -> int:
        """How many paths are written out."""
        return len(self.paths)

    def _more(self, lines: list[str], pad: str, *, numbers: bool = False) -> None:
        hidden = self.count - len(self.paths)
        if hidden:
            exact = many_of(hidden)
            together = f", together {_short(self.rest)}" if numbers else ""
            lines.append(f"{pad} + … {exact} other path{'s' * (hidden != 1)}{together}")

    def latex(self) -> str:
        r"""Write the derivation as a LaTeX ``aligned`` block.

        >>> from autograd import Value
        >>> a, b = Value(0.5, name="a"), Value(-0.3, name="b")
        >>> print(explain(a * b, wrt=b).latex())
        \begin{aligned}
        \frac{\partial n_{1}}{\partial b} &= \frac{\partial n_{1}}{\partial b} \\
          &= a \\
          &= 0.5 \\
          &= 0.5
        \end{aligned}
        """
        whole = _fraction(self.graph.root.id, self.to.id)
        if not self.paths:
            return rf"{whole} = {1 if self.to is self.graph.root else 0}"
        hidden = self.count - len(self.paths)
        dots = r" + \cdots" if hidden else ""
        rows = [
            " + ".join(r" \cdot ".join(_fraction(e.node.id, e.to.id) for e in p.edges) for p in self.paths) + dots,
            " + ".join(r" \cdot ".join(_bracketed(e.formula("latex"), latex=True) for e in p.edges) for p in self.paths)
            + dots,
        ]
        if not isinstance(self.total, np.ndarray):
            products = [[local_derivative(e.node.node, e.slot) for e in p.edges] for p in self.paths]
            if all(x is not None for product in products for x in product):
                rows.append(
                    " + ".join(
                        r" \cdot ".join(_signed(f"{float(x):.4g}", i + j) for i, x in enumerate(product))
                        for j, product in enumerate(products)
                    )
                    + dots
                )
            rows.append(f"{float(self.total):.6g}")
        body = " \\\\\n  &= ".join(rows)
        return f"\\begin{{aligned}}\n{whole} &= {body}\n\\end{{aligned}}"

    def _repr_latex_(self) -> str:
        """Show the derivation in a notebook."""
        return f"$\\displaystyle {self.latex()}$"


def explain(
    y: Any,
    wrt: Any,
    *,
    seed: Any = None,
    max_paths: int = 8,
    names: Mapping[str, Any] | None = None,
) -> Explanation:
    """Derive the gradient of ``y`` with respect to one node as a sum over paths.

    Args:
        y: a Value, a Tensor with one element, or a ``Graph``.
        wrt: the node: a Value or Tensor, or its id.
        seed: the gradient that arrives at ``y``; 1 when left out.
        max_paths: how many paths are written out at most.
        names: variables to take names from; the caller's own when left out.

    Raises:
        UnknownNameError: ``wrt`` is not in the graph.

    >>> from autograd import Value
    >>> a, b = Value(0.5, name="a"), Value(-0.3, name="b")
    >>> d = a * b; d.name = "d"
    >>> f = d * b; f.name = "f"
    >>> print(explain(f, wrt=b))
    ∂f/∂b: 2 paths from f to b
    <BLANKLINE>
    ∂f/∂b = ∂f/∂d · ∂d/∂b
          + ∂f/∂b
          = b · a
          + d
          = -0.3000 × 0.5000 = -0.1500
          + -0.1500
          = -0.3000
    """
    if not isinstance(max_paths, int) or max_paths < 1:
        raise InputValueError(f"max_paths is a whole number, 1 or more; got {max_paths!r}")
    graph = y if isinstance(y, Graph) else Graph(y, names_of_caller() if names is None else names)
    target = wrt if isinstance(wrt, GraphNode) else graph[wrt]
    root = graph.root.node
    given = seed if seed is not None else 1.0 if isinstance(root._data, float) else root._seed(None)
    counts = counts_to(graph, target)
    count = counts[graph.root.position]
    found = engine.adjoints([root], [given], targets=[target.node])
    total = found.get(target.node, 0.0)
    shown: list[Path] = []
    if target is not graph.root:
        for path in paths_to(graph, target, counts):
            shown.append(Path(path, along(path, given)))
            if len(shown) == max_paths:
                break
    hidden = count - len(shown) if target is not graph.root else 0
    rest = total - sum((p.amount for p in shown[1:]), shown[0].amount) if hidden and shown else None
    return Explanation(graph, target, count, tuple(shown), total, rest)


def many_of(count: int) -> str:
    """Write a number of paths: exactly up to 15 digits, else its order of magnitude.

    >>> many_of(12345), many_of(2**100), many_of(2**100_000)
    ('12 345', 'about 1.268e+30', 'about 10^30102')
    """
    if count < 10**15:
        return f"{count:,}".replace(",", " ")
    if count < 10**300:
        return f"about {count:.3e}"
    return f"about 10^{int((count.bit_length() - 1) * 0.30102999566398120)}"


def _bracketed(written: str, *, latex: bool = False) -> str:
    """Put a sum, a product or a negative number into brackets: it becomes one factor."""
    loose = any(f" {sign} " in written for sign in "+-/×*") or written.startswith("-") or r" \cdot " in written
    if written.startswith("pullback of"):
        return f"[{written}]"
    return bracket(written, 0 if loose else 100, 50, "latex" if latex else "text")


def _product(path: Path, factor: Callable[[Edge], str]) -> str:
    """Write the factors of a path; the middle of a long one is folded and counted."""
    edges = path.edges
    if len(edges) <= FACTORS + 1:
        return " · ".join(map(factor, edges))
    half = FACTORS // 2
    hidden = f"(… {len(edges) - 2 * half} more factors …)"
    return " · ".join([*map(factor, edges[:half]), hidden, *map(factor, edges[-half:])])


def _signed(number: str, i: int) -> str:
    return rf"\left({number}\right)" if number.startswith("-") and i else number


def _numbers(path: Path) -> str:
    if isinstance(path.amount, np.ndarray) and path.amount.size != 1:
        return _short(path.amount)
    factors = [local_derivative(e.node.node, e.slot) for e in path.edges]
    amount = _short(path.amount)
    if len(factors) == 1 or any(x is None or np.size(x) != 1 for x in factors):
        return amount
    telling = [x for x in factors if float(np.asarray(x).reshape(-1)[0]) != 1]  # a factor 1 is left out
    if len(telling) > FACTORS:
        return f"{len(factors)} factors = {amount}"
    if len(telling) < 2:
        return amount
    return " × ".join(_short(x) for x in telling) + f" = {amount}"


def _short(x: Any) -> str:
    if isinstance(x, np.ndarray) and x.size != 1:
        return f"array of shape {list(x.shape)}, norm {terminal.number(np.linalg.norm(x.ravel()))}"
    return terminal.number(float(np.asarray(x).reshape(-1)[0]))


def _fraction(above: str, below: str) -> str:
    return rf"\frac{{\partial {latex_name(above)}}}{{\partial {latex_name(below)}}}"
