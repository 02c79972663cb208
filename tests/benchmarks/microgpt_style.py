"""A scalar engine in the manner of Karpathy's microgpt: the strongest peer in pure Python.

Written for this harness from a description of the technique, so that the comparison needs no foreign
code: a class with slots; every result keeps its arguments and the local derivatives, computed in the
forward pass as plain numbers; backward sorts the graph with a recursive depth-first search and then
multiplies along the edges. There are no closures and no cycles, which is why it beats micrograd; the
recursion is why a deep graph stops it.

    data    the number          arguments   the Values it was computed from
    grad    the gradient        local       one derivative per argument
"""

from __future__ import annotations

import math


class Value:
    """One number, and how it was computed."""

    __slots__ = ("arguments", "data", "grad", "local")

    def __init__(self, data: float, arguments: tuple[Value, ...] = (), local: tuple[float, ...] = ()) -> None:
        """Keep the number, its arguments, and the derivative by each of them."""
        self.data = data
        self.grad = 0.0
        self.arguments = arguments
        self.local = local

    def __add__(self, other: Value | float) -> Value:
        """Add."""
        if not isinstance(other, Value):
            other = Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Value | float) -> Value:
        """Multiply."""
        if not isinstance(other, Value):
            other = Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent: float) -> Value:
        """Raise to a constant power."""
        return Value(self.data**exponent, (self,), (exponent * self.data ** (exponent - 1),))

    def tanh(self) -> Value:
        """Hyperbolic tangent."""
        y = math.tanh(self.data)
        return Value(y, (self,), (1.0 - y * y,))

    def exp(self) -> Value:
        """Exponential."""
        y = math.exp(self.data)
        return Value(y, (self,), (y,))

    def relu(self) -> Value:
        """Give the positive part."""
        return Value(max(0.0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self) -> Value:
        """Negate."""
        return self * -1.0

    def __sub__(self, other: Value | float) -> Value:
        """Subtract, as adding the negative."""
        return self + (-other)

    def __rsub__(self, other: float) -> Value:
        """Subtract from a number."""
        return -self + other

    def __truediv__(self, other: Value | float) -> Value:
        """Divide, as multiplying by the inverse."""
        return self * other**-1.0

    def __rtruediv__(self, other: float) -> Value:
        """Divide a number."""
        return self**-1.0 * other

    __radd__ = __add__
    __rmul__ = __mul__

    def backward(self) -> None:
        """Give every Value in the graph its gradient; arguments are visited by recursion."""
        order: list[Value] = []
        seen: set[Value] = set()

        def visit(value: Value) -> None:
            if value not in seen:
                seen.add(value)
                for argument in value.arguments:
                    visit(argument)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            upstream = value.grad
            for argument, local in zip(value.arguments, value.local, strict=True):
                argument.grad += local * upstream
