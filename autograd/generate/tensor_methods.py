"""The text of ``_tensor_methods.py``: the hot path of ``Tensor``.

A row is traced with Symbols and lowered to NumPy source, so that neither computing nor differentiating it asks the
table again. A contribution is ``g * (local derivative)``. Where the local derivatives of a row are 1, −1 or the other argument, and
two Tensors of one shape and type meet, they are kept in the node, as a Value keeps them.
"""

from __future__ import annotations

import math
from typing import Any

from autograd import numeric
from autograd.generate.names import DUNDER, HEAD, NUMPY_NAMES, RULE_NAMES, SYMBOL_ONLY, UNARY_DUNDER
from autograd.operations import OPERATORS, Elementwise, elementwise_rows

IMPORTS = """from __future__ import annotations

from typing import Any

import numpy as np

from autograd import modes, numeric, rules
from autograd.node import MINUS_ONE, ONE, Node, counter as _counter, new as _new
from autograd.quiet import quietly as _quietly, run as _run
from autograd.tensor_methods import TensorMethods

_array = np.ndarray
_tracked = (True,)
_inf, nan = numeric.inf, numeric.nan
"""

CLASS = '''

class FastTensorMethods(TensorMethods, Node):
    """The generated methods; ``Tensor`` inherits them."""

    __slots__ = ("_version",)
    _version: int
'''

UNARY = '''
    def {method}(self) -> Any:
        """{doc}."""
        if modes.active:
            return rules.{name}(self)
        y = _new(Tensor)
        try:
            d = _run({function}, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly({function}, self._data)
'''

BINARY = '''
    def __{method}__(self, other: Any) -> Any:
        """{doc}."""
        kind = type(other)
        if kind is Tensor and not modes.active:
            p = self._data
            q = other._data
            if p.shape == q.shape and p.dtype is q.dtype:
                y = _new(Tensor)
                try:
                    d = _run({function}, p, q)
                except RuntimeError:  # another thread is in the shared quiet context
                    d = _quietly({function}, p, q)
                y._data = d if type(d) is _array else np.asarray(d)
                y._rule = _{row}_rule
                y._a = self
                y._b = other
                y._da = {da}
                y._db = {db}
                y.grad = y._extra = None
                y._version = 0
                y._index = next(_counter)
                return y
{constant}        return rules.{name}(self, other)

    def __r{method}__(self, other: Any) -> Any:
        """{reflected}."""
        kind = type(other)
{beside}        return rules.{name}(other, self)
'''

CONSTANT = """        {test} (kind is float or kind is _array or kind is int) and not modes.active:
            {tensor} = self._data
            {number} = other
            if kind is not _array or ({number}.shape == {tensor}.shape and {number}.dtype is {tensor}.dtype):
                y = _new(Tensor)
                try:
                    d = _run({function}, p, q)
                except RuntimeError:  # another thread is in the shared quiet context
                    d = _quietly({function}, p, q)
                y._data = d if type(d) is _array else np.asarray(d)
                y._rule = _{row}_rule
                y._a = {a}
                y._b = {b}
                y._da = {da}
                y._db = {db}
                y.grad = y._extra = None
                y._version = 0
                y._index = next(_counter)
                return y
"""

TAIL = """        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _{row}_rule
        y._b = (self,)
        y._da = _{row}_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y
"""


class ArrayLowering:
    """Turns a rule into Python source over NumPy arrays, collecting the functions that the source calls."""

    def __init__(self) -> None:
        """Start with no function named."""
        self.used: dict[str, str] = {}

    def function(self, row: Elementwise) -> str:
        """Name the NumPy function (or ours) that computes a row on arrays."""
        f = row.compute
        if isinstance(f, numeric.Function):
            self.used[f"_{f.name}"] = f"numeric.{f.name}.array"
            return f"_{f.name}"
        self.used[f"_{row.name}"] = f"np.{NUMPY_NAMES.get(row.name, row.name)}"
        return f"_{row.name}"

    def expression(self, x: Any) -> str:
        """Give source for a traced rule over arrays."""
        from autograd.symbols import Symbol, SymbolicTest

        if isinstance(x, Symbol):
            if x.op is None:
                return str(x.name)
            args = [self.expression(a) for a in x.args]
            symbol = OPERATORS.get(x.op.compute)
            if symbol is not None:
                return f"({symbol}{args[0]})" if x.op.arity == 1 else f"({args[0]} {symbol} {args[1]})"
            inline = getattr(x.op.compute, "array_inline", None)
            if inline is not None:
                return str(inline.format(a=args[0]))
            return f"{self.function(x.op)}({', '.join(args)})"  # type: ignore[arg-type]
        if isinstance(x, SymbolicTest):
            sign = {"and": "&", "or": "|"}.get(x.relation, x.relation)
            return f"({self.expression(x.left)} {sign} {self.expression(x.right)})"
        if isinstance(x, float) and not math.isfinite(x):
            return repr(x).replace("inf", "_inf")
        return repr(x)

    def pulls(self, row: Elementwise) -> str:
        """Give the row's contributions as a tuple of functions."""
        from autograd.symbols import Symbol

        letters = ["p", "q"][: row.arity]
        arguments = ", ".join(["g", "y", *letters])
        parts = []
        for rule in row.derivatives:
            local = rule(Symbol("y"), *map(Symbol, letters))
            if type(local) is int and local == 1:
                parts.append(f"lambda {arguments}: g")
            elif type(local) is int and local == -1:
                parts.append(f"lambda {arguments}: -g")
            else:
                parts.append(f"lambda {arguments}: g * {self.expression(local)}")
        return f"({', '.join(parts)},)"


def _known(row: Elementwise) -> tuple[str, str] | None:
    """Give the two local derivatives of a row as source, where they are 1, −1 or the other argument."""
    from autograd.symbols import Symbol

    p, q = Symbol("p"), Symbol("q")
    found = []
    for rule in row.derivatives:
        local = rule(Symbol("y"), p, q)
        if type(local) is int and local in {1, -1}:
            found.append("ONE" if local == 1 else "MINUS_ONE")
        elif local is p or local is q:
            found.append(str(local.name))
        else:
            return None
    # The sweep knows −1 in the second place only.
    return (found[0], found[1]) if found[0] != "MINUS_ONE" else None


def _methods(row: Elementwise, name: str, function: str) -> list[str]:
    written = row.form.text.format
    if row.arity == 1:
        named = [f"__{UNARY_DUNDER[row.name]}__"] if row.name in UNARY_DUNDER else []
        named += [row.name] * (row.name not in SYMBOL_ONLY)
        tail = TAIL.format(row=row.name)
        return [UNARY.format(method=m, doc=written(a="self"), name=name, function=function) + tail for m in named]
    known = _known(row) if row.name in DUNDER else None
    if known is None:
        return []
    da, db = known
    shared = {"function": function, "row": row.name}
    constant = CONSTANT.format(test="elif", tensor="p", number="q", a="self", b="None", da=da, db="q", **shared)
    beside = CONSTANT.format(test="if", tensor="q", number="p", a="None", b="self", da="p", db=db, **shared)
    return [
        BINARY.format(
            method=DUNDER[row.name], doc=written(a="self", b="other"), reflected=written(a="other", b="self"), name=name,
            da=da, db=db, constant=constant, beside=beside, **shared,
        )
    ]  # fmt: skip


def tensor_source() -> str:
    """Give the text of ``_tensor_methods.py``."""
    low = ArrayLowering()
    methods: list[str] = []
    pulls: list[str] = []
    for row in elementwise_rows():
        if row.passive or row.arity > 2:
            continue
        name = RULE_NAMES.get(row.name, row.name)
        pulls.append(
            f"_{row.name}_rule = rules.{name}\n_{row.name}_pulls = rules.{name}.on_arrays = {low.pulls(row)}\n"
        )
        methods.extend(_methods(row, name, low.function(row)))
    out = [HEAD.format(doc="The hot path of Tensor: the NumPy function of each row, and its contributions."), IMPORTS]
    out.extend(f"{short} = {source}\n" for short, source in sorted(low.used.items()))
    out.append("\nTensor: Any = None  # bound by autograd.tensor once the class exists\n")
    out.append(
        "\n# From the gradient g at the output to the contribution to each argument, before broadcasting is undone.\n"
    )
    return "".join([*out, *pulls, CLASS, *methods])
