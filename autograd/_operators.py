"""Operators and named methods over the table: what Tensors and Symbols share.

Generated from the table by ``python -m autograd.generate``; do not edit.
"""

from __future__ import annotations

from typing import Any

from autograd import rules


class Operators:
    """Every operation of the table as an operator or a method."""

    __slots__ = ()

    def __add__(self, other: Any) -> Any:
        """self + other."""
        return rules.add(self, other)

    def __radd__(self, other: Any) -> Any:
        """other + self."""
        return rules.add(other, self)

    def __sub__(self, other: Any) -> Any:
        """self - other."""
        return rules.sub(self, other)

    def __rsub__(self, other: Any) -> Any:
        """other - self."""
        return rules.sub(other, self)

    def __mul__(self, other: Any) -> Any:
        """self × other."""
        return rules.mul(self, other)

    def __rmul__(self, other: Any) -> Any:
        """other × self."""
        return rules.mul(other, self)

    def __truediv__(self, other: Any) -> Any:
        """self / other."""
        return rules.div(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        """other / self."""
        return rules.div(other, self)

    def __neg__(self) -> Any:
        """-self."""
        return rules.neg(self)

    def __pos__(self) -> Any:
        """+self."""
        return rules.positive(self)

    def __pow__(self, other: Any) -> Any:
        """self**other."""
        return rules.power(self, other)

    def __rpow__(self, other: Any) -> Any:
        """other**self."""
        return rules.power(other, self)

    def __mod__(self, other: Any) -> Any:
        """self % other."""
        return rules.mod(self, other)

    def __rmod__(self, other: Any) -> Any:
        """other % self."""
        return rules.mod(other, self)

    def fmod(self, b: Any) -> Any:
        """fmod(self, b)."""
        return rules.fmod(self, b)

    def reciprocal(self) -> Any:
        """1 / self."""
        return rules.reciprocal(self)

    def square(self) -> Any:
        """self²."""
        return rules.square(self)

    def sqrt(self) -> Any:
        """√(self)."""
        return rules.sqrt(self)

    def cbrt(self) -> Any:
        """∛(self)."""
        return rules.cbrt(self)

    def exp(self) -> Any:
        """exp(self)."""
        return rules.exp(self)

    def exp2(self) -> Any:
        """exp2(self)."""
        return rules.exp2(self)

    def expm1(self) -> Any:
        """expm1(self)."""
        return rules.expm1(self)

    def log(self) -> Any:
        """log(self)."""
        return rules.log(self)

    def log1p(self) -> Any:
        """log1p(self)."""
        return rules.log1p(self)

    def log2(self) -> Any:
        """log2(self)."""
        return rules.log2(self)

    def log10(self) -> Any:
        """log10(self)."""
        return rules.log10(self)

    def logaddexp(self, b: Any) -> Any:
        """logaddexp(self, b)."""
        return rules.logaddexp(self, b)

    def sin(self) -> Any:
        """sin(self)."""
        return rules.sin(self)

    def cos(self) -> Any:
        """cos(self)."""
        return rules.cos(self)

    def tan(self) -> Any:
        """tan(self)."""
        return rules.tan(self)

    def asin(self) -> Any:
        """asin(self)."""
        return rules.asin(self)

    def acos(self) -> Any:
        """acos(self)."""
        return rules.acos(self)

    def atan(self) -> Any:
        """atan(self)."""
        return rules.atan(self)

    def atan2(self, b: Any) -> Any:
        """atan2(self, b)."""
        return rules.atan2(self, b)

    def sinh(self) -> Any:
        """sinh(self)."""
        return rules.sinh(self)

    def cosh(self) -> Any:
        """cosh(self)."""
        return rules.cosh(self)

    def tanh(self) -> Any:
        """tanh(self)."""
        return rules.tanh(self)

    def sech(self) -> Any:
        """sech(self)."""
        return rules.sech(self)

    def asinh(self) -> Any:
        """asinh(self)."""
        return rules.asinh(self)

    def acosh(self) -> Any:
        """acosh(self)."""
        return rules.acosh(self)

    def atanh(self) -> Any:
        """atanh(self)."""
        return rules.atanh(self)

    def hypot(self, b: Any) -> Any:
        """hypot(self, b)."""
        return rules.hypot(self, b)

    def sigmoid(self) -> Any:
        """σ(self)."""
        return rules.sigmoid(self)

    def logsigmoid(self) -> Any:
        """logsigmoid(self)."""
        return rules.logsigmoid(self)

    def softplus(self) -> Any:
        """softplus(self)."""
        return rules.softplus(self)

    def relu(self) -> Any:
        """relu(self)."""
        return rules.relu(self)

    def leaky_relu(self, b: Any = 0.01) -> Any:
        """leaky_relu(self, b)."""
        return rules.leaky_relu(self, b)

    def elu(self, b: Any = 1.0) -> Any:
        """elu(self, b)."""
        return rules.elu(self, b)

    def selu(self) -> Any:
        """selu(self)."""
        return rules.selu(self)

    def silu(self) -> Any:
        """silu(self)."""
        return rules.silu(self)

    def gelu(self) -> Any:
        """gelu(self)."""
        return rules.gelu(self)

    def gelu_tanh(self) -> Any:
        """gelu_tanh(self)."""
        return rules.gelu_tanh(self)

    def softsign(self) -> Any:
        """softsign(self)."""
        return rules.softsign(self)

    def mish(self) -> Any:
        """mish(self)."""
        return rules.mish(self)

    def hardtanh(self, b: Any = -1.0, c: Any = 1.0) -> Any:
        """hardtanh(self, b, c)."""
        return rules.hardtanh(self, b, c)

    def hardsigmoid(self) -> Any:
        """hardsigmoid(self)."""
        return rules.hardsigmoid(self)

    def relu6(self) -> Any:
        """relu6(self)."""
        return rules.relu6(self)

    def erf(self) -> Any:
        """erf(self)."""
        return rules.erf(self)

    def erfc(self) -> Any:
        """erfc(self)."""
        return rules.erfc(self)

    def normal_cdf(self) -> Any:
        """Φ(self)."""
        return rules.normal_cdf(self)

    def normal_pdf(self) -> Any:
        """φ(self)."""
        return rules.normal_pdf(self)

    def sinc(self) -> Any:
        """sinc(self)."""
        return rules.sinc(self)

    def sinc_slope(self) -> Any:
        """sinc_slope(self)."""
        return rules.sinc_slope(self)

    def __abs__(self) -> Any:
        """|self|."""
        return rules.absolute(self)

    def abs(self) -> Any:
        """|self|."""
        return rules.absolute(self)

    def sign(self) -> Any:
        """sign(self)."""
        return rules.sign(self)

    def step(self) -> Any:
        """step(self)."""
        return rules.step(self)

    def floor(self) -> Any:
        """⌊self⌋."""
        return rules.floor(self)

    def ceil(self) -> Any:
        """⌈self⌉."""
        return rules.ceil(self)

    def trunc(self) -> Any:
        """trunc(self)."""
        return rules.trunc(self)

    def maximum(self, b: Any) -> Any:
        """max(self, b)."""
        return rules.maximum(self, b)

    def minimum(self, b: Any) -> Any:
        """min(self, b)."""
        return rules.minimum(self, b)

    def share(self, b: Any) -> Any:
        """share(self, b)."""
        return rules.share(self, b)

    def clip(self, b: Any, c: Any) -> Any:
        """clip(self, b, c)."""
        return rules.clip(self, b, c)
