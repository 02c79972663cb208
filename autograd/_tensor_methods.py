"""The hot path of Tensor: the NumPy function of each row, and its contributions.

Generated from the table by ``python -m autograd.generate``; do not edit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import modes, numeric, rules
from autograd.node import MINUS_ONE, ONE, Node, counter as _counter, new as _new
from autograd.quiet import quietly as _quietly, run as _run
from autograd.tensor_methods import TensorMethods

_array = np.ndarray
_tracked = (True,)
_inf, nan = numeric.inf, numeric.nan
_absolute = numeric.absolute.array
_acos = numeric.acos.array
_acosh = numeric.acosh.array
_add = np.add
_asin = numeric.asin.array
_asinh = numeric.asinh.array
_atan = numeric.atan.array
_atan2 = numeric.atan2.array
_atanh = numeric.atanh.array
_cbrt = numeric.cbrt.array
_ceil = numeric.ceil.array
_cos = numeric.cos.array
_cosh = numeric.cosh.array
_div = np.true_divide
_elu = numeric.elu.array
_erf = numeric.erf.array
_erfc = numeric.erfc.array
_exp = numeric.exp.array
_exp2 = numeric.exp2.array
_expm1 = numeric.expm1.array
_floor = numeric.floor.array
_fmod = numeric.fmod.array
_gelu = numeric.gelu.array
_gelu_tanh = numeric.gelu_tanh.array
_hardsigmoid = numeric.hardsigmoid.array
_hypot = numeric.hypot.array
_leaky_relu = numeric.leaky_relu.array
_log = numeric.log.array
_log10 = numeric.log10.array
_log1p = numeric.log1p.array
_log2 = numeric.log2.array
_logaddexp = numeric.logaddexp.array
_logsigmoid = numeric.logsigmoid.array
_maximum = numeric.maximum.array
_minimum = numeric.minimum.array
_mish = numeric.mish.array
_mod = numeric.mod.array
_mul = np.multiply
_neg = np.negative
_normal_cdf = numeric.normal_cdf.array
_normal_pdf = numeric.normal_pdf.array
_positive = numeric.positive.array
_power = numeric.power.array
_reciprocal = numeric.reciprocal.array
_relu = numeric.relu.array
_relu6 = numeric.relu6.array
_sech = numeric.sech.array
_selu = numeric.selu.array
_share = numeric.share.array
_sigmoid = numeric.sigmoid.array
_sign = numeric.sign.array
_silu = numeric.silu.array
_sin = numeric.sin.array
_sinc = numeric.sinc.array
_sinc_slope = numeric.sinc_slope.array
_sinh = numeric.sinh.array
_softplus = numeric.softplus.array
_softsign = numeric.softsign.array
_sqrt = numeric.sqrt.array
_square = numeric.square.array
_step = numeric.step.array
_sub = np.subtract
_tan = numeric.tan.array
_tanh = numeric.tanh.array
_trunc = numeric.trunc.array
_where = numeric.where.array

Tensor: Any = None  # bound by autograd.tensor once the class exists

# From the gradient g at the output to the contribution to each argument, before broadcasting is undone.
_add_rule = rules.add
_add_pulls = rules.add.on_arrays = (lambda g, y, p, q: g, lambda g, y, p, q: g,)
_sub_rule = rules.sub
_sub_pulls = rules.sub.on_arrays = (lambda g, y, p, q: g, lambda g, y, p, q: -g,)
_mul_rule = rules.mul
_mul_pulls = rules.mul.on_arrays = (lambda g, y, p, q: g * q, lambda g, y, p, q: g * p,)
_div_rule = rules.div
_div_pulls = rules.div.on_arrays = (lambda g, y, p, q: g * (1 / q), lambda g, y, p, q: g * ((-y) / q),)
_neg_rule = rules.neg
_neg_pulls = rules.neg.on_arrays = (lambda g, y, p: -g,)
_positive_rule = rules.positive
_positive_pulls = rules.positive.on_arrays = (lambda g, y, p: g,)
_pow_rule = rules.power
_pow_pulls = rules.power.on_arrays = (lambda g, y, p, q: g * _where((q == 0), 0, (q * _power(p, _where((q == 0), 1, (q - 1))))), lambda g, y, p, q: g * _where(((p == 0) & (q >= 0)), 0, (y * _log(_where(((p == 0) & (q >= 0)), 1, p)))),)
_mod_rule = rules.mod
_mod_pulls = rules.mod.on_arrays = (lambda g, y, p, q: g, lambda g, y, p, q: g * (-_floor((p / q))),)
_fmod_rule = rules.fmod
_fmod_pulls = rules.fmod.on_arrays = (lambda g, y, p, q: g, lambda g, y, p, q: g * (-_trunc((p / q))),)
_reciprocal_rule = rules.reciprocal
_reciprocal_pulls = rules.reciprocal.on_arrays = (lambda g, y, p: g * ((-y) * y),)
_square_rule = rules.square
_square_pulls = rules.square.on_arrays = (lambda g, y, p: g * (2 * p),)
_sqrt_rule = rules.sqrt
_sqrt_pulls = rules.sqrt.on_arrays = (lambda g, y, p: g * (0.5 / y),)
_cbrt_rule = rules.cbrt
_cbrt_pulls = rules.cbrt.on_arrays = (lambda g, y, p: g * (1 / ((3 * y) * y)),)
_exp_rule = rules.exp
_exp_pulls = rules.exp.on_arrays = (lambda g, y, p: g * y,)
_exp2_rule = rules.exp2
_exp2_pulls = rules.exp2.on_arrays = (lambda g, y, p: g * (y * 0.6931471805599453),)
_expm1_rule = rules.expm1
_expm1_pulls = rules.expm1.on_arrays = (lambda g, y, p: g * _exp(p),)
_log_rule = rules.log
_log_pulls = rules.log.on_arrays = (lambda g, y, p: g * (1 / _where((p >= 0), p, nan)),)
_log1p_rule = rules.log1p
_log1p_pulls = rules.log1p.on_arrays = (lambda g, y, p: g * (1 / _where((p >= -1), (1 + p), nan)),)
_log2_rule = rules.log2
_log2_pulls = rules.log2.on_arrays = (lambda g, y, p: g * (1 / (_where((p >= 0), p, nan) * 0.6931471805599453)),)
_log10_rule = rules.log10
_log10_pulls = rules.log10.on_arrays = (lambda g, y, p: g * (1 / (_where((p >= 0), p, nan) * 2.302585092994046)),)
_logaddexp_rule = rules.logaddexp
_logaddexp_pulls = rules.logaddexp.on_arrays = (lambda g, y, p, q: g * _sigmoid((p - q)), lambda g, y, p, q: g * _sigmoid((q - p)),)
_sin_rule = rules.sin
_sin_pulls = rules.sin.on_arrays = (lambda g, y, p: g * _cos(p),)
_cos_rule = rules.cos
_cos_pulls = rules.cos.on_arrays = (lambda g, y, p: g * (-_sin(p)),)
_tan_rule = rules.tan
_tan_pulls = rules.tan.on_arrays = (lambda g, y, p: g * (1 + (y * y)),)
_asin_rule = rules.asin
_asin_pulls = rules.asin.on_arrays = (lambda g, y, p: g * (1 / _sqrt(((1 - p) * (1 + p)))),)
_acos_rule = rules.acos
_acos_pulls = rules.acos.on_arrays = (lambda g, y, p: g * (-1 / _sqrt(((1 - p) * (1 + p)))),)
_atan_rule = rules.atan
_atan_pulls = rules.atan.on_arrays = (lambda g, y, p: g * (1 / (1 + (p * p))),)
_atan2_rule = rules.atan2
_atan2_pulls = rules.atan2.on_arrays = (lambda g, y, p, q: g * (_where((_hypot(p, q) == 0), 0, (q / _where((_hypot(p, q) == 0), 1, _hypot(p, q)))) / _where((_hypot(p, q) == 0), 1, _hypot(p, q))), lambda g, y, p, q: g * ((-_where((_hypot(p, q) == 0), 0, (p / _where((_hypot(p, q) == 0), 1, _hypot(p, q))))) / _where((_hypot(p, q) == 0), 1, _hypot(p, q))),)
_sinh_rule = rules.sinh
_sinh_pulls = rules.sinh.on_arrays = (lambda g, y, p: g * _cosh(p),)
_cosh_rule = rules.cosh
_cosh_pulls = rules.cosh.on_arrays = (lambda g, y, p: g * _sinh(p),)
_tanh_rule = rules.tanh
_tanh_pulls = rules.tanh.on_arrays = (lambda g, y, p: g * _square(np.reciprocal(np.cosh(p))),)
_sech_rule = rules.sech
_sech_pulls = rules.sech.on_arrays = (lambda g, y, p: g * ((-y) * _tanh(p)),)
_asinh_rule = rules.asinh
_asinh_pulls = rules.asinh.on_arrays = (lambda g, y, p: g * (1 / _hypot(p, 1)),)
_acosh_rule = rules.acosh
_acosh_pulls = rules.acosh.on_arrays = (lambda g, y, p: g * (1 / (_sqrt((p - 1)) * _sqrt((p + 1)))),)
_atanh_rule = rules.atanh
_atanh_pulls = rules.atanh.on_arrays = (lambda g, y, p: g * (1 / _where((_absolute(p) <= 1), ((1 - p) * (1 + p)), nan)),)
_hypot_rule = rules.hypot
_hypot_pulls = rules.hypot.on_arrays = (lambda g, y, p, q: g * _where((y == 0), 0, (p / _where((y == 0), 1, y))), lambda g, y, p, q: g * _where((y == 0), 0, (q / _where((y == 0), 1, y))),)
_sigmoid_rule = rules.sigmoid
_sigmoid_pulls = rules.sigmoid.on_arrays = (lambda g, y, p: g * (y * _sigmoid((-p))),)
_logsigmoid_rule = rules.logsigmoid
_logsigmoid_pulls = rules.logsigmoid.on_arrays = (lambda g, y, p: g * _sigmoid((-p)),)
_softplus_rule = rules.softplus
_softplus_pulls = rules.softplus.on_arrays = (lambda g, y, p: g * _sigmoid(p),)
_relu_rule = rules.relu
_relu_pulls = rules.relu.on_arrays = (lambda g, y, p: g * _step(p),)
_leaky_relu_rule = rules.leaky_relu
_leaky_relu_pulls = rules.leaky_relu.on_arrays = (lambda g, y, p, q: g * _where((p > 0), 1, q), lambda g, y, p, q: g * _where((p > 0), 0, p),)
_elu_rule = rules.elu
_elu_pulls = rules.elu.on_arrays = (lambda g, y, p, q: g * _where((p > 0), 1, (q * _exp(_where((p > 0), 0, p)))), lambda g, y, p, q: g * _where((p > 0), 0, _expm1(_where((p > 0), 0, p))),)
_selu_rule = rules.selu
_selu_pulls = rules.selu.on_arrays = (lambda g, y, p: g * (1.0507009873554805 * _where((p > 0), 1, (1.6732632423543772 * _exp(_where((p > 0), 0, p))))),)
_silu_rule = rules.silu
_silu_pulls = rules.silu.on_arrays = (lambda g, y, p: g * (_sigmoid(p) * (1 + (p * _sigmoid((-p))))),)
_gelu_rule = rules.gelu
_gelu_pulls = rules.gelu.on_arrays = (lambda g, y, p: g * (_normal_cdf(p) + (p * _normal_pdf(p))),)
_gelu_tanh_rule = rules.gelu_tanh
_gelu_tanh_pulls = rules.gelu_tanh.on_arrays = (lambda g, y, p: g * (_sigmoid((1.5957691216057308 * (p + (0.044715 * _power(p, 3))))) * (1 + (((p * _sigmoid((-1.5957691216057308 * (p + (0.044715 * _power(p, 3)))))) * 1.5957691216057308) * (1 + (0.134145 * _power(p, 2)))))),)
_softsign_rule = rules.softsign
_softsign_pulls = rules.softsign.on_arrays = (lambda g, y, p: g * (1 / _power((1 + _absolute(p)), 2)),)
_mish_rule = rules.mish
_mish_pulls = rules.mish.on_arrays = (lambda g, y, p: g * (_tanh(_softplus(p)) + ((p * _square(np.reciprocal(np.cosh(_softplus(p))))) * _sigmoid(p))),)
_hardsigmoid_rule = rules.hardsigmoid
_hardsigmoid_pulls = rules.hardsigmoid.on_arrays = (lambda g, y, p: g * _where(((p > -3) & (p < 3)), 0.16666666666666666, 0),)
_relu6_rule = rules.relu6
_relu6_pulls = rules.relu6.on_arrays = (lambda g, y, p: g * _where(((p > 0) & (p < 6)), 1, 0),)
_erf_rule = rules.erf
_erf_pulls = rules.erf.on_arrays = (lambda g, y, p: g * (1.1283791670955126 * _exp(((-p) * p))),)
_erfc_rule = rules.erfc
_erfc_pulls = rules.erfc.on_arrays = (lambda g, y, p: g * (-1.1283791670955126 * _exp(((-p) * p))),)
_normal_cdf_rule = rules.normal_cdf
_normal_cdf_pulls = rules.normal_cdf.on_arrays = (lambda g, y, p: g * _normal_pdf(p),)
_normal_pdf_rule = rules.normal_pdf
_normal_pdf_pulls = rules.normal_pdf.on_arrays = (lambda g, y, p: g * ((-p) * y),)
_sinc_rule = rules.sinc
_sinc_pulls = rules.sinc.on_arrays = (lambda g, y, p: g * _sinc_slope(p),)
_sinc_slope_rule = rules.sinc_slope
_sinc_slope_pulls = rules.sinc_slope.on_arrays = (lambda g, y, p: g * _where((p == 0), -3.289868133696453, ((-9.869604401089358 * _sinc(p)) - ((2 * y) / _where((p == 0), 1, p)))),)
_abs_rule = rules.absolute
_abs_pulls = rules.absolute.on_arrays = (lambda g, y, p: g * _sign(p),)
_sign_rule = rules.sign
_sign_pulls = rules.sign.on_arrays = (lambda g, y, p: g * 0,)
_step_rule = rules.step
_step_pulls = rules.step.on_arrays = (lambda g, y, p: g * 0,)
_floor_rule = rules.floor
_floor_pulls = rules.floor.on_arrays = (lambda g, y, p: g * 0,)
_ceil_rule = rules.ceil
_ceil_pulls = rules.ceil.on_arrays = (lambda g, y, p: g * 0,)
_trunc_rule = rules.trunc
_trunc_pulls = rules.trunc.on_arrays = (lambda g, y, p: g * 0,)
_maximum_rule = rules.maximum
_maximum_pulls = rules.maximum.on_arrays = (lambda g, y, p, q: g * _share(p, q), lambda g, y, p, q: g * _share(q, p),)
_minimum_rule = rules.minimum
_minimum_pulls = rules.minimum.on_arrays = (lambda g, y, p, q: g * _share(q, p), lambda g, y, p, q: g * _share(p, q),)
_share_rule = rules.share
_share_pulls = rules.share.on_arrays = (lambda g, y, p, q: g * 0, lambda g, y, p, q: g * 0,)


class FastTensorMethods(TensorMethods, Node):
    """The generated methods; ``Tensor`` inherits them."""

    __slots__ = ("_version",)
    _version: int

    def __add__(self, other: Any) -> Any:
        """self + other."""
        kind = type(other)
        if kind is Tensor and not modes.active:
            p = self._data
            q = other._data
            if p.shape == q.shape and p.dtype is q.dtype:
                y = _new(Tensor)
                try:
                    d = _run(_add, p, q)
                except RuntimeError:  # another thread is in the shared quiet context
                    d = _quietly(_add, p, q)
                y._data = d if type(d) is _array else np.asarray(d)
                y._rule = _add_rule
                y._a = self
                y._b = other
                y._da = ONE
                y._db = ONE
                y.grad = y._extra = None
                y._version = 0
                y._index = next(_counter)
                return y
        elif (kind is float or kind is _array or kind is int) and not modes.active:
            p = self._data
            q = other
            if kind is not _array or (q.shape == p.shape and q.dtype is p.dtype):
                y = _new(Tensor)
                try:
                    d = _run(_add, p, q)
                except RuntimeError:  # another thread is in the shared quiet context
                    d = _quietly(_add, p, q)
                y._data = d if type(d) is _array else np.asarray(d)
                y._rule = _add_rule
                y._a = self
                y._b = None
                y._da = ONE
                y._db = q
                y.grad = y._extra = None
                y._version = 0
                y._index = next(_counter)
                return y
        return rules.add(self, other)

    def __radd__(self, other: Any) -> Any:
        """other + self."""
        kind = type(other)
        if (kind is float or kind is _array or kind is int) and not modes.active:
            q = self._data
            p = other
            if kind is not _array or (p.shape == q.shape and p.dtype is q.dtype):
                y = _new(Tensor)
                try:
                    d = _run(_add, p, q)
                except RuntimeError:  # another thread is in the shared quiet context
                    d = _quietly(_add, p, q)
                y._data = d if type(d) is _array else np.asarray(d)
                y._rule = _add_rule
                y._a = None
                y._b = self
                y._da = p
                y._db = ONE
                y.grad = y._extra = None
                y._version = 0
                y._index = next(_counter)
                return y
        return rules.add(other, self)

    def __sub__(self, other: Any) -> Any:
        """self - other."""
        kind = type(other)
        if kind is Tensor and not modes.active:
            p = self._data
            q = other._data
            if p.shape == q.shape and p.dtype is q.dtype:
                y = _new(Tensor)
                try:
                    d = _run(_sub, p, q)
                except RuntimeError:  # another thread is in the shared quiet context
                    d = _quietly(_sub, p, q)
                y._data = d if type(d) is _array else np.asarray(d)
                y._rule = _sub_rule
                y._a = self
                y._b = other
                y._da = ONE
                y._db = MINUS_ONE
                y.grad = y._extra = None
                y._version = 0
                y._index = next(_counter)
                return y
        elif (kind is float or kind is _array or kind is int) and not modes.active:
            p = self._data
            q = other
            if kind is not _array or (q.shape == p.shape and q.dtype is p.dtype):
                y = _new(Tensor)
                try:
                    d = _run(_sub, p, q)
                except RuntimeError:  # another thread is in the shared quiet context
                    d = _quietly(_sub, p, q)
                y._data = d if type(d) is _array else np.asarray(d)
                y._rule = _sub_rule
                y._a = self
                y._b = None
                y._da = ONE
                y._db = q
                y.grad = y._extra = None
                y._version = 0
                y._index = next(_counter)
                return y
        return rules.sub(self, other)

    def __rsub__(self, other: Any) -> Any:
        """other - self."""
        kind = type(other)
        if (kind is float or kind is _array or kind is int) and not modes.active:
            q = self._data
            p = other
            if kind is not _array or (p.shape == q.shape and p.dtype is q.dtype):
                y = _new(Tensor)
                try:
                    d = _run(_sub, p, q)
                except RuntimeError:  # another thread is in the shared quiet context
                    d = _quietly(_sub, p, q)
                y._data = d if type(d) is _array else np.asarray(d)
                y._rule = _sub_rule
                y._a = None
                y._b = self
                y._da = p
                y._db = MINUS_ONE
                y.grad = y._extra = None
                y._version = 0
                y._index = next(_counter)
                return y
        return rules.sub(other, self)

    def __mul__(self, other: Any) -> Any:
        """self × other."""
        kind = type(other)
        if kind is Tensor and not modes.active:
            p = self._data
            q = other._data
            if p.shape == q.shape and p.dtype is q.dtype:
                y = _new(Tensor)
                try:
                    d = _run(_mul, p, q)
                except RuntimeError:  # another thread is in the shared quiet context
                    d = _quietly(_mul, p, q)
                y._data = d if type(d) is _array else np.asarray(d)
                y._rule = _mul_rule
                y._a = self
                y._b = other
                y._da = q
                y._db = p
                y.grad = y._extra = None
                y._version = 0
                y._index = next(_counter)
                return y
        elif (kind is float or kind is _array or kind is int) and not modes.active:
            p = self._data
            q = other
            if kind is not _array or (q.shape == p.shape and q.dtype is p.dtype):
                y = _new(Tensor)
                try:
                    d = _run(_mul, p, q)
                except RuntimeError:  # another thread is in the shared quiet context
                    d = _quietly(_mul, p, q)
                y._data = d if type(d) is _array else np.asarray(d)
                y._rule = _mul_rule
                y._a = self
                y._b = None
                y._da = q
                y._db = q
                y.grad = y._extra = None
                y._version = 0
                y._index = next(_counter)
                return y
        return rules.mul(self, other)

    def __rmul__(self, other: Any) -> Any:
        """other × self."""
        kind = type(other)
        if (kind is float or kind is _array or kind is int) and not modes.active:
            q = self._data
            p = other
            if kind is not _array or (p.shape == q.shape and p.dtype is q.dtype):
                y = _new(Tensor)
                try:
                    d = _run(_mul, p, q)
                except RuntimeError:  # another thread is in the shared quiet context
                    d = _quietly(_mul, p, q)
                y._data = d if type(d) is _array else np.asarray(d)
                y._rule = _mul_rule
                y._a = None
                y._b = self
                y._da = p
                y._db = p
                y.grad = y._extra = None
                y._version = 0
                y._index = next(_counter)
                return y
        return rules.mul(other, self)

    def __neg__(self) -> Any:
        """-self."""
        if modes.active:
            return rules.neg(self)
        y = _new(Tensor)
        try:
            d = _run(_neg, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_neg, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _neg_rule
        y._b = (self,)
        y._da = _neg_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def __pos__(self) -> Any:
        """+self."""
        if modes.active:
            return rules.positive(self)
        y = _new(Tensor)
        try:
            d = _run(_positive, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_positive, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _positive_rule
        y._b = (self,)
        y._da = _positive_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def reciprocal(self) -> Any:
        """1 / self."""
        if modes.active:
            return rules.reciprocal(self)
        y = _new(Tensor)
        try:
            d = _run(_reciprocal, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_reciprocal, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _reciprocal_rule
        y._b = (self,)
        y._da = _reciprocal_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def square(self) -> Any:
        """self²."""
        if modes.active:
            return rules.square(self)
        y = _new(Tensor)
        try:
            d = _run(_square, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_square, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _square_rule
        y._b = (self,)
        y._da = _square_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def sqrt(self) -> Any:
        """√(self)."""
        if modes.active:
            return rules.sqrt(self)
        y = _new(Tensor)
        try:
            d = _run(_sqrt, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_sqrt, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _sqrt_rule
        y._b = (self,)
        y._da = _sqrt_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def cbrt(self) -> Any:
        """∛(self)."""
        if modes.active:
            return rules.cbrt(self)
        y = _new(Tensor)
        try:
            d = _run(_cbrt, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_cbrt, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _cbrt_rule
        y._b = (self,)
        y._da = _cbrt_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def exp(self) -> Any:
        """exp(self)."""
        if modes.active:
            return rules.exp(self)
        y = _new(Tensor)
        try:
            d = _run(_exp, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_exp, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _exp_rule
        y._b = (self,)
        y._da = _exp_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def exp2(self) -> Any:
        """exp2(self)."""
        if modes.active:
            return rules.exp2(self)
        y = _new(Tensor)
        try:
            d = _run(_exp2, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_exp2, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _exp2_rule
        y._b = (self,)
        y._da = _exp2_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def expm1(self) -> Any:
        """expm1(self)."""
        if modes.active:
            return rules.expm1(self)
        y = _new(Tensor)
        try:
            d = _run(_expm1, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_expm1, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _expm1_rule
        y._b = (self,)
        y._da = _expm1_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def log(self) -> Any:
        """log(self)."""
        if modes.active:
            return rules.log(self)
        y = _new(Tensor)
        try:
            d = _run(_log, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_log, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _log_rule
        y._b = (self,)
        y._da = _log_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def log1p(self) -> Any:
        """log1p(self)."""
        if modes.active:
            return rules.log1p(self)
        y = _new(Tensor)
        try:
            d = _run(_log1p, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_log1p, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _log1p_rule
        y._b = (self,)
        y._da = _log1p_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def log2(self) -> Any:
        """log2(self)."""
        if modes.active:
            return rules.log2(self)
        y = _new(Tensor)
        try:
            d = _run(_log2, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_log2, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _log2_rule
        y._b = (self,)
        y._da = _log2_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def log10(self) -> Any:
        """log10(self)."""
        if modes.active:
            return rules.log10(self)
        y = _new(Tensor)
        try:
            d = _run(_log10, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_log10, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _log10_rule
        y._b = (self,)
        y._da = _log10_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def sin(self) -> Any:
        """sin(self)."""
        if modes.active:
            return rules.sin(self)
        y = _new(Tensor)
        try:
            d = _run(_sin, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_sin, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _sin_rule
        y._b = (self,)
        y._da = _sin_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def cos(self) -> Any:
        """cos(self)."""
        if modes.active:
            return rules.cos(self)
        y = _new(Tensor)
        try:
            d = _run(_cos, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_cos, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _cos_rule
        y._b = (self,)
        y._da = _cos_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def tan(self) -> Any:
        """tan(self)."""
        if modes.active:
            return rules.tan(self)
        y = _new(Tensor)
        try:
            d = _run(_tan, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_tan, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _tan_rule
        y._b = (self,)
        y._da = _tan_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def asin(self) -> Any:
        """asin(self)."""
        if modes.active:
            return rules.asin(self)
        y = _new(Tensor)
        try:
            d = _run(_asin, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_asin, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _asin_rule
        y._b = (self,)
        y._da = _asin_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def acos(self) -> Any:
        """acos(self)."""
        if modes.active:
            return rules.acos(self)
        y = _new(Tensor)
        try:
            d = _run(_acos, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_acos, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _acos_rule
        y._b = (self,)
        y._da = _acos_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def atan(self) -> Any:
        """atan(self)."""
        if modes.active:
            return rules.atan(self)
        y = _new(Tensor)
        try:
            d = _run(_atan, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_atan, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _atan_rule
        y._b = (self,)
        y._da = _atan_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def sinh(self) -> Any:
        """sinh(self)."""
        if modes.active:
            return rules.sinh(self)
        y = _new(Tensor)
        try:
            d = _run(_sinh, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_sinh, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _sinh_rule
        y._b = (self,)
        y._da = _sinh_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def cosh(self) -> Any:
        """cosh(self)."""
        if modes.active:
            return rules.cosh(self)
        y = _new(Tensor)
        try:
            d = _run(_cosh, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_cosh, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _cosh_rule
        y._b = (self,)
        y._da = _cosh_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def tanh(self) -> Any:
        """tanh(self)."""
        if modes.active:
            return rules.tanh(self)
        y = _new(Tensor)
        try:
            d = _run(_tanh, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_tanh, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _tanh_rule
        y._b = (self,)
        y._da = _tanh_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def sech(self) -> Any:
        """sech(self)."""
        if modes.active:
            return rules.sech(self)
        y = _new(Tensor)
        try:
            d = _run(_sech, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_sech, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _sech_rule
        y._b = (self,)
        y._da = _sech_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def asinh(self) -> Any:
        """asinh(self)."""
        if modes.active:
            return rules.asinh(self)
        y = _new(Tensor)
        try:
            d = _run(_asinh, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_asinh, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _asinh_rule
        y._b = (self,)
        y._da = _asinh_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def acosh(self) -> Any:
        """acosh(self)."""
        if modes.active:
            return rules.acosh(self)
        y = _new(Tensor)
        try:
            d = _run(_acosh, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_acosh, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _acosh_rule
        y._b = (self,)
        y._da = _acosh_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def atanh(self) -> Any:
        """atanh(self)."""
        if modes.active:
            return rules.atanh(self)
        y = _new(Tensor)
        try:
            d = _run(_atanh, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_atanh, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _atanh_rule
        y._b = (self,)
        y._da = _atanh_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def sigmoid(self) -> Any:
        """σ(self)."""
        if modes.active:
            return rules.sigmoid(self)
        y = _new(Tensor)
        try:
            d = _run(_sigmoid, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_sigmoid, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _sigmoid_rule
        y._b = (self,)
        y._da = _sigmoid_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def logsigmoid(self) -> Any:
        """logsigmoid(self)."""
        if modes.active:
            return rules.logsigmoid(self)
        y = _new(Tensor)
        try:
            d = _run(_logsigmoid, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_logsigmoid, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _logsigmoid_rule
        y._b = (self,)
        y._da = _logsigmoid_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def softplus(self) -> Any:
        """softplus(self)."""
        if modes.active:
            return rules.softplus(self)
        y = _new(Tensor)
        try:
            d = _run(_softplus, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_softplus, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _softplus_rule
        y._b = (self,)
        y._da = _softplus_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def relu(self) -> Any:
        """relu(self)."""
        if modes.active:
            return rules.relu(self)
        y = _new(Tensor)
        try:
            d = _run(_relu, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_relu, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _relu_rule
        y._b = (self,)
        y._da = _relu_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def selu(self) -> Any:
        """selu(self)."""
        if modes.active:
            return rules.selu(self)
        y = _new(Tensor)
        try:
            d = _run(_selu, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_selu, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _selu_rule
        y._b = (self,)
        y._da = _selu_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def silu(self) -> Any:
        """silu(self)."""
        if modes.active:
            return rules.silu(self)
        y = _new(Tensor)
        try:
            d = _run(_silu, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_silu, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _silu_rule
        y._b = (self,)
        y._da = _silu_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def gelu(self) -> Any:
        """gelu(self)."""
        if modes.active:
            return rules.gelu(self)
        y = _new(Tensor)
        try:
            d = _run(_gelu, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_gelu, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _gelu_rule
        y._b = (self,)
        y._da = _gelu_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def gelu_tanh(self) -> Any:
        """gelu_tanh(self)."""
        if modes.active:
            return rules.gelu_tanh(self)
        y = _new(Tensor)
        try:
            d = _run(_gelu_tanh, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_gelu_tanh, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _gelu_tanh_rule
        y._b = (self,)
        y._da = _gelu_tanh_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def softsign(self) -> Any:
        """softsign(self)."""
        if modes.active:
            return rules.softsign(self)
        y = _new(Tensor)
        try:
            d = _run(_softsign, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_softsign, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _softsign_rule
        y._b = (self,)
        y._da = _softsign_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def mish(self) -> Any:
        """mish(self)."""
        if modes.active:
            return rules.mish(self)
        y = _new(Tensor)
        try:
            d = _run(_mish, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_mish, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _mish_rule
        y._b = (self,)
        y._da = _mish_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def hardsigmoid(self) -> Any:
        """hardsigmoid(self)."""
        if modes.active:
            return rules.hardsigmoid(self)
        y = _new(Tensor)
        try:
            d = _run(_hardsigmoid, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_hardsigmoid, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _hardsigmoid_rule
        y._b = (self,)
        y._da = _hardsigmoid_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def relu6(self) -> Any:
        """relu6(self)."""
        if modes.active:
            return rules.relu6(self)
        y = _new(Tensor)
        try:
            d = _run(_relu6, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_relu6, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _relu6_rule
        y._b = (self,)
        y._da = _relu6_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def erf(self) -> Any:
        """erf(self)."""
        if modes.active:
            return rules.erf(self)
        y = _new(Tensor)
        try:
            d = _run(_erf, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_erf, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _erf_rule
        y._b = (self,)
        y._da = _erf_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def erfc(self) -> Any:
        """erfc(self)."""
        if modes.active:
            return rules.erfc(self)
        y = _new(Tensor)
        try:
            d = _run(_erfc, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_erfc, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _erfc_rule
        y._b = (self,)
        y._da = _erfc_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def normal_cdf(self) -> Any:
        """Φ(self)."""
        if modes.active:
            return rules.normal_cdf(self)
        y = _new(Tensor)
        try:
            d = _run(_normal_cdf, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_normal_cdf, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _normal_cdf_rule
        y._b = (self,)
        y._da = _normal_cdf_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def normal_pdf(self) -> Any:
        """φ(self)."""
        if modes.active:
            return rules.normal_pdf(self)
        y = _new(Tensor)
        try:
            d = _run(_normal_pdf, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_normal_pdf, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _normal_pdf_rule
        y._b = (self,)
        y._da = _normal_pdf_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def sinc(self) -> Any:
        """sinc(self)."""
        if modes.active:
            return rules.sinc(self)
        y = _new(Tensor)
        try:
            d = _run(_sinc, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_sinc, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _sinc_rule
        y._b = (self,)
        y._da = _sinc_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def sinc_slope(self) -> Any:
        """sinc_slope(self)."""
        if modes.active:
            return rules.sinc_slope(self)
        y = _new(Tensor)
        try:
            d = _run(_sinc_slope, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_sinc_slope, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _sinc_slope_rule
        y._b = (self,)
        y._da = _sinc_slope_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def __abs__(self) -> Any:
        """|self|."""
        if modes.active:
            return rules.absolute(self)
        y = _new(Tensor)
        try:
            d = _run(_absolute, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_absolute, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _abs_rule
        y._b = (self,)
        y._da = _abs_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def abs(self) -> Any:
        """|self|."""
        if modes.active:
            return rules.absolute(self)
        y = _new(Tensor)
        try:
            d = _run(_absolute, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_absolute, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _abs_rule
        y._b = (self,)
        y._da = _abs_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def sign(self) -> Any:
        """sign(self)."""
        if modes.active:
            return rules.sign(self)
        y = _new(Tensor)
        try:
            d = _run(_sign, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_sign, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _sign_rule
        y._b = (self,)
        y._da = _sign_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def step(self) -> Any:
        """step(self)."""
        if modes.active:
            return rules.step(self)
        y = _new(Tensor)
        try:
            d = _run(_step, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_step, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _step_rule
        y._b = (self,)
        y._da = _step_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def floor(self) -> Any:
        """⌊self⌋."""
        if modes.active:
            return rules.floor(self)
        y = _new(Tensor)
        try:
            d = _run(_floor, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_floor, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _floor_rule
        y._b = (self,)
        y._da = _floor_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def ceil(self) -> Any:
        """⌈self⌉."""
        if modes.active:
            return rules.ceil(self)
        y = _new(Tensor)
        try:
            d = _run(_ceil, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_ceil, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _ceil_rule
        y._b = (self,)
        y._da = _ceil_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y

    def trunc(self) -> Any:
        """trunc(self)."""
        if modes.active:
            return rules.trunc(self)
        y = _new(Tensor)
        try:
            d = _run(_trunc, self._data)
        except RuntimeError:  # another thread is in the shared quiet context
            d = _quietly(_trunc, self._data)
        y._data = d if type(d) is _array else np.asarray(d)
        y._rule = _trunc_rule
        y._b = (self,)
        y._da = _trunc_pulls
        y._db = _tracked
        y.grad = y._a = y._extra = None
        y._version = 0
        y._index = next(_counter)
        return y
