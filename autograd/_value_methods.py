"""The hot path of Value: each operation computes its value and local derivatives inline.

Generated from the table by ``python -m autograd.generate``; do not edit.
"""

# mypy: disable-error-code="no-any-return"
from __future__ import annotations

from typing import Any

from autograd import modes, numeric, rules
from autograd._operators import Operators
from autograd.node import MINUS_ONE as _minus_one, ONE as _one, Node, counter as _counter, new as _new

_inf, nan = numeric.inf, numeric.nan
_absolute = numeric.absolute.scalar
_acos = numeric.acos.scalar
_acosh = numeric.acosh.scalar
_asin = numeric.asin.scalar
_asinh = numeric.asinh.scalar
_atan = numeric.atan.scalar
_atanh = numeric.atanh.scalar
_cbrt = numeric.cbrt.scalar
_ceil = numeric.ceil.scalar
_cos = numeric.cos.scalar
_cosh = numeric.cosh.scalar
_erf = numeric.erf.scalar
_erfc = numeric.erfc.scalar
_exp = numeric.exp.scalar
_expm1 = numeric.expm1.scalar
_floor = numeric.floor.scalar
_gelu = numeric.gelu.scalar
_gelu_tanh = numeric.gelu_tanh.scalar
_hardsigmoid = numeric.hardsigmoid.scalar
_hypot = numeric.hypot.scalar
_log = numeric.log.scalar
_log10 = numeric.log10.scalar
_log1p = numeric.log1p.scalar
_log2 = numeric.log2.scalar
_logsigmoid = numeric.logsigmoid.scalar
_mish = numeric.mish.scalar
_normal_cdf = numeric.normal_cdf.scalar
_normal_pdf = numeric.normal_pdf.scalar
_pow = numeric.power.scalar
_relu6 = numeric.relu6.scalar
_selu = numeric.selu.scalar
_sigmoid = numeric.sigmoid.scalar
_sign = numeric.sign.scalar
_silu = numeric.silu.scalar
_sin = numeric.sin.scalar
_sinc = numeric.sinc.scalar
_sinc_slope = numeric.sinc_slope.scalar
_sinh = numeric.sinh.scalar
_softplus = numeric.softplus.scalar
_softsign = numeric.softsign.scalar
_sqrt = numeric.sqrt.scalar
_square = numeric.square.scalar
_tan = numeric.tan.scalar
_tanh = numeric.tanh.scalar
_trunc = numeric.trunc.scalar
_add_rule = rules.add
_sub_rule = rules.sub
_mul_rule = rules.mul
_div_rule = rules.div
_neg_rule = rules.neg
_positive_rule = rules.positive
_pow_rule = rules.power
_mod_rule = rules.mod
_reciprocal_rule = rules.reciprocal
_square_rule = rules.square
_sqrt_rule = rules.sqrt
_cbrt_rule = rules.cbrt
_exp_rule = rules.exp
_exp2_rule = rules.exp2
_expm1_rule = rules.expm1
_log_rule = rules.log
_log1p_rule = rules.log1p
_log2_rule = rules.log2
_log10_rule = rules.log10
_sin_rule = rules.sin
_cos_rule = rules.cos
_tan_rule = rules.tan
_asin_rule = rules.asin
_acos_rule = rules.acos
_atan_rule = rules.atan
_sinh_rule = rules.sinh
_cosh_rule = rules.cosh
_tanh_rule = rules.tanh
_sech_rule = rules.sech
_asinh_rule = rules.asinh
_acosh_rule = rules.acosh
_atanh_rule = rules.atanh
_sigmoid_rule = rules.sigmoid
_logsigmoid_rule = rules.logsigmoid
_softplus_rule = rules.softplus
_relu_rule = rules.relu
_selu_rule = rules.selu
_silu_rule = rules.silu
_gelu_rule = rules.gelu
_gelu_tanh_rule = rules.gelu_tanh
_softsign_rule = rules.softsign
_mish_rule = rules.mish
_hardsigmoid_rule = rules.hardsigmoid
_relu6_rule = rules.relu6
_erf_rule = rules.erf
_erfc_rule = rules.erfc
_normal_cdf_rule = rules.normal_cdf
_normal_pdf_rule = rules.normal_pdf
_sinc_rule = rules.sinc
_sinc_slope_rule = rules.sinc_slope
_abs_rule = rules.absolute
_sign_rule = rules.sign
_step_rule = rules.step
_floor_rule = rules.floor
_ceil_rule = rules.ceil
_trunc_rule = rules.trunc

Value: Any = None  # bound by autograd.value once the class exists


class ValueMethods(Operators, Node):
    """The generated methods; ``Value`` inherits them."""

    __slots__ = ()

    def __add__(self, other: Any) -> Any:
        """self + other."""
        kind = type(other)
        if modes.active:
            return rules.add(self, other)
        if kind is Value:
            p = self._data
            q = other._data
            try:
                y = _new(Value)
                y._data = p + q
                y._rule = _add_rule
                y._a = self
                y._b = other
                y._da = _one
                y._db = _one
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.add(self, other)
        if kind is float or kind is int:
            try:
                p = self._data
                q = other if kind is float else float(other)
                y = _new(Value)
                y._data = p + q
                y._rule = _add_rule
                y._a = self
                y._b = None
                y._da = _one
                y._db = q
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.add(self, other)
        return rules.add(self, other)

    def __radd__(self, other: Any) -> Any:
        """other + self."""
        kind = type(other)
        if modes.active:
            return rules.add(other, self)
        if kind is float or kind is int:
            try:
                q = self._data
                p = other if kind is float else float(other)
                y = _new(Value)
                y._data = p + q
                y._rule = _add_rule
                y._a = None
                y._b = self
                y._da = p
                y._db = _one
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.add(other, self)
        return rules.add(other, self)

    def __sub__(self, other: Any) -> Any:
        """self - other."""
        kind = type(other)
        if modes.active:
            return rules.sub(self, other)
        if kind is Value:
            p = self._data
            q = other._data
            try:
                y = _new(Value)
                y._data = p - q
                y._rule = _sub_rule
                y._a = self
                y._b = other
                y._da = _one
                y._db = _minus_one
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.sub(self, other)
        if kind is float or kind is int:
            try:
                p = self._data
                q = other if kind is float else float(other)
                y = _new(Value)
                y._data = p - q
                y._rule = _sub_rule
                y._a = self
                y._b = None
                y._da = _one
                y._db = q
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.sub(self, other)
        return rules.sub(self, other)

    def __rsub__(self, other: Any) -> Any:
        """other - self."""
        kind = type(other)
        if modes.active:
            return rules.sub(other, self)
        if kind is float or kind is int:
            try:
                q = self._data
                p = other if kind is float else float(other)
                y = _new(Value)
                y._data = p - q
                y._rule = _sub_rule
                y._a = None
                y._b = self
                y._da = p
                y._db = _minus_one
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.sub(other, self)
        return rules.sub(other, self)

    def __mul__(self, other: Any) -> Any:
        """self × other."""
        kind = type(other)
        if modes.active:
            return rules.mul(self, other)
        if kind is Value:
            p = self._data
            q = other._data
            try:
                y = _new(Value)
                y._data = p * q
                y._rule = _mul_rule
                y._a = self
                y._b = other
                y._da = q
                y._db = p
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.mul(self, other)
        if kind is float or kind is int:
            try:
                p = self._data
                q = other if kind is float else float(other)
                y = _new(Value)
                y._data = p * q
                y._rule = _mul_rule
                y._a = self
                y._b = None
                y._da = q
                y._db = q
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.mul(self, other)
        return rules.mul(self, other)

    def __rmul__(self, other: Any) -> Any:
        """other × self."""
        kind = type(other)
        if modes.active:
            return rules.mul(other, self)
        if kind is float or kind is int:
            try:
                q = self._data
                p = other if kind is float else float(other)
                y = _new(Value)
                y._data = p * q
                y._rule = _mul_rule
                y._a = None
                y._b = self
                y._da = p
                y._db = p
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.mul(other, self)
        return rules.mul(other, self)

    def __truediv__(self, other: Any) -> Any:
        """self / other."""
        kind = type(other)
        if modes.active:
            return rules.div(self, other)
        if kind is Value:
            p = self._data
            q = other._data
            try:
                y = _new(Value)
                y._data = d = p / q
                y._rule = _div_rule
                y._a = self
                y._b = other
                y._da = (1.0 / q)
                y._db = ((-d) / q)
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.div(self, other)
        if kind is float or kind is int:
            try:
                p = self._data
                q = other if kind is float else float(other)
                y = _new(Value)
                y._data = p / q
                y._rule = _div_rule
                y._a = self
                y._b = None
                y._da = (1.0 / q)
                y._db = q
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.div(self, other)
        return rules.div(self, other)

    def __rtruediv__(self, other: Any) -> Any:
        """other / self."""
        kind = type(other)
        if modes.active:
            return rules.div(other, self)
        if kind is float or kind is int:
            try:
                q = self._data
                p = other if kind is float else float(other)
                y = _new(Value)
                y._data = d = p / q
                y._rule = _div_rule
                y._a = None
                y._b = self
                y._da = p
                y._db = ((-d) / q)
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.div(other, self)
        return rules.div(other, self)

    def __neg__(self) -> Any:
        """-self."""
        if modes.active:
            return rules.neg(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = -p
            y._rule = _neg_rule
            y._a = self
            y._b = None
            y._da = _minus_one
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.neg(self)

    def __pos__(self) -> Any:
        """+self."""
        if modes.active:
            return rules.positive(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = p
            y._rule = _positive_rule
            y._a = self
            y._b = None
            y._da = _one
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.positive(self)

    def __pow__(self, other: Any) -> Any:
        """self**other."""
        kind = type(other)
        if modes.active:
            return rules.power(self, other)
        if kind is Value:
            p = self._data
            q = other._data
            try:
                y = _new(Value)
                y._data = d = _pow(p, q)
                y._rule = _pow_rule
                y._a = self
                y._b = other
                y._da = ((0.0 if (q == 0.0) else (q * (_pow(p, ((1.0 if (q == 0.0) else (q - 1.0))))))))
                y._db = ((0.0 if ((p == 0.0) and (q >= 0.0)) else (d * (_log(((1.0 if ((p == 0.0) and (q >= 0.0)) else p)))))))
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.power(self, other)
        if kind is float or kind is int:
            try:
                p = self._data
                q = other if kind is float else float(other)
                y = _new(Value)
                y._data = _pow(p, q)
                y._rule = _pow_rule
                y._a = self
                y._b = None
                y._da = ((0.0 if (q == 0.0) else (q * (_pow(p, ((1.0 if (q == 0.0) else (q - 1.0))))))))
                y._db = q
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.power(self, other)
        return rules.power(self, other)

    def __rpow__(self, other: Any) -> Any:
        """other**self."""
        kind = type(other)
        if modes.active:
            return rules.power(other, self)
        if kind is float or kind is int:
            try:
                q = self._data
                p = other if kind is float else float(other)
                y = _new(Value)
                y._data = d = _pow(p, q)
                y._rule = _pow_rule
                y._a = None
                y._b = self
                y._da = p
                y._db = ((0.0 if ((p == 0.0) and (q >= 0.0)) else (d * (_log(((1.0 if ((p == 0.0) and (q >= 0.0)) else p)))))))
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.power(other, self)
        return rules.power(other, self)

    def __mod__(self, other: Any) -> Any:
        """self % other."""
        kind = type(other)
        if modes.active:
            return rules.mod(self, other)
        if kind is Value:
            p = self._data
            q = other._data
            try:
                y = _new(Value)
                y._data = p % q
                y._rule = _mod_rule
                y._a = self
                y._b = other
                y._da = _one
                y._db = (-(_floor((p / q))))
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.mod(self, other)
        if kind is float or kind is int:
            try:
                p = self._data
                q = other if kind is float else float(other)
                y = _new(Value)
                y._data = p % q
                y._rule = _mod_rule
                y._a = self
                y._b = None
                y._da = _one
                y._db = q
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.mod(self, other)
        return rules.mod(self, other)

    def __rmod__(self, other: Any) -> Any:
        """other % self."""
        kind = type(other)
        if modes.active:
            return rules.mod(other, self)
        if kind is float or kind is int:
            try:
                q = self._data
                p = other if kind is float else float(other)
                y = _new(Value)
                y._data = p % q
                y._rule = _mod_rule
                y._a = None
                y._b = self
                y._da = p
                y._db = (-(_floor((p / q))))
                y._index = next(_counter)
                y.grad = None
                y._extra = None
                return y
            except (ArithmeticError, ValueError):
                return rules.mod(other, self)
        return rules.mod(other, self)

    def reciprocal(self) -> Any:
        """1 / self."""
        if modes.active:
            return rules.reciprocal(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = d = 1.0 / p
            y._rule = _reciprocal_rule
            y._a = self
            y._b = None
            y._da = ((-d) * d)
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.reciprocal(self)

    def square(self) -> Any:
        """self²."""
        if modes.active:
            return rules.square(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _square(p)
            y._rule = _square_rule
            y._a = self
            y._b = None
            y._da = (2.0 * p)
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.square(self)

    def sqrt(self) -> Any:
        """√(self)."""
        if modes.active:
            return rules.sqrt(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = d = _sqrt(p)
            y._rule = _sqrt_rule
            y._a = self
            y._b = None
            y._da = (0.5 / d)
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.sqrt(self)

    def cbrt(self) -> Any:
        """∛(self)."""
        if modes.active:
            return rules.cbrt(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = d = _cbrt(p)
            y._rule = _cbrt_rule
            y._a = self
            y._b = None
            y._da = (1.0 / ((3.0 * d) * d))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.cbrt(self)

    def exp(self) -> Any:
        """exp(self)."""
        if modes.active:
            return rules.exp(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = d = _exp(p)
            y._rule = _exp_rule
            y._a = self
            y._b = None
            y._da = d
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.exp(self)

    def exp2(self) -> Any:
        """exp2(self)."""
        if modes.active:
            return rules.exp2(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = d = _pow(2.0, p)
            y._rule = _exp2_rule
            y._a = self
            y._b = None
            y._da = (d * 0.6931471805599453)
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.exp2(self)

    def expm1(self) -> Any:
        """expm1(self)."""
        if modes.active:
            return rules.expm1(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _expm1(p)
            y._rule = _expm1_rule
            y._a = self
            y._b = None
            y._da = (_exp(p))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.expm1(self)

    def log(self) -> Any:
        """log(self)."""
        if modes.active:
            return rules.log(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _log(p)
            y._rule = _log_rule
            y._a = self
            y._b = None
            y._da = (1.0 / ((p if (p >= 0.0) else nan)))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.log(self)

    def log1p(self) -> Any:
        """log1p(self)."""
        if modes.active:
            return rules.log1p(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _log1p(p)
            y._rule = _log1p_rule
            y._a = self
            y._b = None
            y._da = (1.0 / (((1.0 + p) if (p >= -1.0) else nan)))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.log1p(self)

    def log2(self) -> Any:
        """log2(self)."""
        if modes.active:
            return rules.log2(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _log2(p)
            y._rule = _log2_rule
            y._a = self
            y._b = None
            y._da = (1.0 / (((p if (p >= 0.0) else nan)) * 0.6931471805599453))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.log2(self)

    def log10(self) -> Any:
        """log10(self)."""
        if modes.active:
            return rules.log10(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _log10(p)
            y._rule = _log10_rule
            y._a = self
            y._b = None
            y._da = (1.0 / (((p if (p >= 0.0) else nan)) * 2.302585092994046))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.log10(self)

    def sin(self) -> Any:
        """sin(self)."""
        if modes.active:
            return rules.sin(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _sin(p)
            y._rule = _sin_rule
            y._a = self
            y._b = None
            y._da = (_cos(p))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.sin(self)

    def cos(self) -> Any:
        """cos(self)."""
        if modes.active:
            return rules.cos(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _cos(p)
            y._rule = _cos_rule
            y._a = self
            y._b = None
            y._da = (-(_sin(p)))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.cos(self)

    def tan(self) -> Any:
        """tan(self)."""
        if modes.active:
            return rules.tan(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = d = _tan(p)
            y._rule = _tan_rule
            y._a = self
            y._b = None
            y._da = (1.0 + (d * d))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.tan(self)

    def asin(self) -> Any:
        """asin(self)."""
        if modes.active:
            return rules.asin(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _asin(p)
            y._rule = _asin_rule
            y._a = self
            y._b = None
            y._da = (1.0 / (_sqrt(((1.0 - p) * (1.0 + p)))))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.asin(self)

    def acos(self) -> Any:
        """acos(self)."""
        if modes.active:
            return rules.acos(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _acos(p)
            y._rule = _acos_rule
            y._a = self
            y._b = None
            y._da = (-1.0 / (_sqrt(((1.0 - p) * (1.0 + p)))))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.acos(self)

    def atan(self) -> Any:
        """atan(self)."""
        if modes.active:
            return rules.atan(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _atan(p)
            y._rule = _atan_rule
            y._a = self
            y._b = None
            y._da = (1.0 / (1.0 + (p * p)))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.atan(self)

    def sinh(self) -> Any:
        """sinh(self)."""
        if modes.active:
            return rules.sinh(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _sinh(p)
            y._rule = _sinh_rule
            y._a = self
            y._b = None
            y._da = (_cosh(p))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.sinh(self)

    def cosh(self) -> Any:
        """cosh(self)."""
        if modes.active:
            return rules.cosh(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _cosh(p)
            y._rule = _cosh_rule
            y._a = self
            y._b = None
            y._da = (_sinh(p))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.cosh(self)

    def tanh(self) -> Any:
        """tanh(self)."""
        if modes.active:
            return rules.tanh(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _tanh(p)
            y._rule = _tanh_rule
            y._a = self
            y._b = None
            y._da = ((1.0 / _cosh(p))) ** 2
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.tanh(self)

    def sech(self) -> Any:
        """sech(self)."""
        if modes.active:
            return rules.sech(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = d = 1.0 / _cosh(p)
            y._rule = _sech_rule
            y._a = self
            y._b = None
            y._da = ((-d) * (_tanh(p)))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.sech(self)

    def asinh(self) -> Any:
        """asinh(self)."""
        if modes.active:
            return rules.asinh(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _asinh(p)
            y._rule = _asinh_rule
            y._a = self
            y._b = None
            y._da = (1.0 / (_hypot(p, 1.0)))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.asinh(self)

    def acosh(self) -> Any:
        """acosh(self)."""
        if modes.active:
            return rules.acosh(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _acosh(p)
            y._rule = _acosh_rule
            y._a = self
            y._b = None
            y._da = (1.0 / ((_sqrt((p - 1.0))) * (_sqrt((p + 1.0)))))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.acosh(self)

    def atanh(self) -> Any:
        """atanh(self)."""
        if modes.active:
            return rules.atanh(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _atanh(p)
            y._rule = _atanh_rule
            y._a = self
            y._b = None
            y._da = (1.0 / ((((1.0 - p) * (1.0 + p)) if ((_absolute(p)) <= 1.0) else nan)))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.atanh(self)

    def sigmoid(self) -> Any:
        """σ(self)."""
        if modes.active:
            return rules.sigmoid(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = d = _sigmoid(p)
            y._rule = _sigmoid_rule
            y._a = self
            y._b = None
            y._da = (d * (_sigmoid((-p))))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.sigmoid(self)

    def logsigmoid(self) -> Any:
        """logsigmoid(self)."""
        if modes.active:
            return rules.logsigmoid(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _logsigmoid(p)
            y._rule = _logsigmoid_rule
            y._a = self
            y._b = None
            y._da = (_sigmoid((-p)))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.logsigmoid(self)

    def softplus(self) -> Any:
        """softplus(self)."""
        if modes.active:
            return rules.softplus(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _softplus(p)
            y._rule = _softplus_rule
            y._a = self
            y._b = None
            y._da = (_sigmoid(p))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.softplus(self)

    def relu(self) -> Any:
        """relu(self)."""
        if modes.active:
            return rules.relu(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = p if p > 0.0 or p != p else 0.0
            y._rule = _relu_rule
            y._a = self
            y._b = None
            y._da = (1.0 if p > 0.0 else 0.0 if p <= 0.0 else nan)
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.relu(self)

    def selu(self) -> Any:
        """selu(self)."""
        if modes.active:
            return rules.selu(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _selu(p)
            y._rule = _selu_rule
            y._a = self
            y._b = None
            y._da = (1.0507009873554805 * ((1.0 if (p > 0.0) else (1.6732632423543772 * (_exp(((0.0 if (p > 0.0) else p))))))))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.selu(self)

    def silu(self) -> Any:
        """silu(self)."""
        if modes.active:
            return rules.silu(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _silu(p)
            y._rule = _silu_rule
            y._a = self
            y._b = None
            y._da = ((_sigmoid(p)) * (1.0 + (p * (_sigmoid((-p))))))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.silu(self)

    def gelu(self) -> Any:
        """gelu(self)."""
        if modes.active:
            return rules.gelu(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _gelu(p)
            y._rule = _gelu_rule
            y._a = self
            y._b = None
            y._da = ((_normal_cdf(p)) + (p * (_normal_pdf(p))))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.gelu(self)

    def gelu_tanh(self) -> Any:
        """gelu_tanh(self)."""
        if modes.active:
            return rules.gelu_tanh(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _gelu_tanh(p)
            y._rule = _gelu_tanh_rule
            y._a = self
            y._b = None
            y._da = ((_sigmoid((1.5957691216057308 * (p + (0.044715 * (_pow(p, 3.0))))))) * (1.0 + (((p * (_sigmoid((-1.5957691216057308 * (p + (0.044715 * (_pow(p, 3.0)))))))) * 1.5957691216057308) * (1.0 + (0.134145 * (_pow(p, 2.0)))))))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.gelu_tanh(self)

    def softsign(self) -> Any:
        """softsign(self)."""
        if modes.active:
            return rules.softsign(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _softsign(p)
            y._rule = _softsign_rule
            y._a = self
            y._b = None
            y._da = (1.0 / (_pow((1.0 + (_absolute(p))), 2.0)))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.softsign(self)

    def mish(self) -> Any:
        """mish(self)."""
        if modes.active:
            return rules.mish(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _mish(p)
            y._rule = _mish_rule
            y._a = self
            y._b = None
            y._da = ((_tanh((_softplus(p)))) + ((p * ((1.0 / _cosh((_softplus(p))))) ** 2) * (_sigmoid(p))))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.mish(self)

    def hardsigmoid(self) -> Any:
        """hardsigmoid(self)."""
        if modes.active:
            return rules.hardsigmoid(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _hardsigmoid(p)
            y._rule = _hardsigmoid_rule
            y._a = self
            y._b = None
            y._da = ((0.16666666666666666 if ((p > -3.0) and (p < 3.0)) else 0.0))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.hardsigmoid(self)

    def relu6(self) -> Any:
        """relu6(self)."""
        if modes.active:
            return rules.relu6(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _relu6(p)
            y._rule = _relu6_rule
            y._a = self
            y._b = None
            y._da = ((1.0 if ((p > 0.0) and (p < 6.0)) else 0.0))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.relu6(self)

    def erf(self) -> Any:
        """erf(self)."""
        if modes.active:
            return rules.erf(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _erf(p)
            y._rule = _erf_rule
            y._a = self
            y._b = None
            y._da = (1.1283791670955126 * (_exp(((-p) * p))))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.erf(self)

    def erfc(self) -> Any:
        """erfc(self)."""
        if modes.active:
            return rules.erfc(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _erfc(p)
            y._rule = _erfc_rule
            y._a = self
            y._b = None
            y._da = (-1.1283791670955126 * (_exp(((-p) * p))))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.erfc(self)

    def normal_cdf(self) -> Any:
        """Φ(self)."""
        if modes.active:
            return rules.normal_cdf(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _normal_cdf(p)
            y._rule = _normal_cdf_rule
            y._a = self
            y._b = None
            y._da = (_normal_pdf(p))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.normal_cdf(self)

    def normal_pdf(self) -> Any:
        """φ(self)."""
        if modes.active:
            return rules.normal_pdf(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = d = _normal_pdf(p)
            y._rule = _normal_pdf_rule
            y._a = self
            y._b = None
            y._da = ((-p) * d)
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.normal_pdf(self)

    def sinc(self) -> Any:
        """sinc(self)."""
        if modes.active:
            return rules.sinc(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _sinc(p)
            y._rule = _sinc_rule
            y._a = self
            y._b = None
            y._da = (_sinc_slope(p))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.sinc(self)

    def sinc_slope(self) -> Any:
        """sinc_slope(self)."""
        if modes.active:
            return rules.sinc_slope(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = d = _sinc_slope(p)
            y._rule = _sinc_slope_rule
            y._a = self
            y._b = None
            y._da = ((-3.289868133696453 if (p == 0.0) else ((-9.869604401089358 * (_sinc(p))) - ((2.0 * d) / ((1.0 if (p == 0.0) else p))))))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.sinc_slope(self)

    def __abs__(self) -> Any:
        """|self|."""
        if modes.active:
            return rules.absolute(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _absolute(p)
            y._rule = _abs_rule
            y._a = self
            y._b = None
            y._da = (_sign(p))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.absolute(self)

    def abs(self) -> Any:
        """|self|."""
        if modes.active:
            return rules.absolute(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _absolute(p)
            y._rule = _abs_rule
            y._a = self
            y._b = None
            y._da = (_sign(p))
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.absolute(self)

    def sign(self) -> Any:
        """sign(self)."""
        if modes.active:
            return rules.sign(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _sign(p)
            y._rule = _sign_rule
            y._a = self
            y._b = None
            y._da = 0.0
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.sign(self)

    def step(self) -> Any:
        """step(self)."""
        if modes.active:
            return rules.step(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = 1.0 if p > 0.0 else 0.0 if p <= 0.0 else nan
            y._rule = _step_rule
            y._a = self
            y._b = None
            y._da = 0.0
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.step(self)

    def floor(self) -> Any:
        """⌊self⌋."""
        if modes.active:
            return rules.floor(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _floor(p)
            y._rule = _floor_rule
            y._a = self
            y._b = None
            y._da = 0.0
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.floor(self)

    def ceil(self) -> Any:
        """⌈self⌉."""
        if modes.active:
            return rules.ceil(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _ceil(p)
            y._rule = _ceil_rule
            y._a = self
            y._b = None
            y._da = 0.0
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.ceil(self)

    def trunc(self) -> Any:
        """trunc(self)."""
        if modes.active:
            return rules.trunc(self)
        p = self._data
        try:
            y = _new(Value)
            y._data = _trunc(p)
            y._rule = _trunc_rule
            y._a = self
            y._b = None
            y._da = 0.0
            y._db = None
            y._index = next(_counter)
            y.grad = None
            y._extra = None
            return y
        except (ArithmeticError, ValueError):
            return rules.trunc(self)
