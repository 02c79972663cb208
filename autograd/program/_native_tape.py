"""The interpreter of compiled programs for numba: machine code for every row of the table.

Generated from the table by ``python -m autograd.generate``; do not edit.
"""

# mypy: ignore-errors
from __future__ import annotations

import math

import numpy as np
from numba import njit

nan, inf = math.nan, math.inf
tanh = math.tanh
tan = math.tan
sqrt = math.sqrt

@njit(cache=True, error_model="numpy")
def softsign(a):
    return a / (1.0 + abs(a))


@njit(cache=True, error_model="numpy")
def _softplus(a):
    return (a if a > 0.0 or a != a else 0.0) + math.log1p(math.exp(-abs(a)))

softplus = _softplus
sinh = math.sinh

@njit(cache=True, error_model="numpy")
def _sinc_slope_series(q):
    return -1 / 3 + q * (1 / 30 + q * (-1 / 840 + q * (1 / 45360 + q * (-1 / 3991680 + q / 518918400))))


@njit(cache=True, error_model="numpy")
def _sinc(a):
    return math.sin(math.pi * a) / (math.pi * a) if a else 1.0


@njit(cache=True, error_model="numpy")
def _sinc_slope(a):
    p = math.pi * a
    if abs(p) >= 0.75:
        return (math.cos(p) - _sinc(a)) / a
    return float(math.pi * p * _sinc_slope_series(p * p))

sinc_slope = _sinc_slope
sinc = _sinc
sin = math.sin

@njit(cache=True, error_model="numpy")
def _sigmoid(a):
    if a >= 0.0:
        return 1.0 / (1.0 + math.exp(-a))
    e = math.exp(a)
    return e / (1.0 + e)


@njit(cache=True, error_model="numpy")
def silu(a):
    return a * _sigmoid(a)


@njit(cache=True, error_model="numpy")
def _sign(a):
    return 1.0 if a > 0.0 else -1.0 if a < 0.0 else a

sign = _sign
sigmoid = _sigmoid

@njit(cache=True, error_model="numpy")
def _share(a, b):
    return 1.0 if a > b else 0.0 if a < b else 0.5 if a == b else nan

share = _share
SELU_ALPHA = 1.6732632423543772

@njit(cache=True, error_model="numpy")
def _elu(a, alpha):
    return a if a > 0.0 else alpha * math.expm1(a)

SELU_SCALE = 1.0507009873554805

@njit(cache=True, error_model="numpy")
def selu(a):
    return SELU_SCALE * _elu(a, SELU_ALPHA)


@njit(cache=True, error_model="numpy")
def _maximum(a, b):
    return a if a >= b or a != a else b


@njit(cache=True, error_model="numpy")
def _minimum(a, b):
    return a if a <= b or a != a else b


@njit(cache=True, error_model="numpy")
def clip(a, b, c):
    return _minimum(_maximum(a, b), c)


@njit(cache=True, error_model="numpy")
def relu6(a):
    return clip(a, 0.0, 6.0)


@njit(cache=True, error_model="numpy")
def _normal_pdf(a):
    return np.exp(-0.5 * a * a) * (1 / math.sqrt(2 * math.pi))


@njit(cache=True, error_model="numpy")
def normal_pdf(a):
    return float(_normal_pdf(a))


@njit(cache=True, error_model="numpy")
def _normal_cdf(a):
    return 0.5 * math.erfc(-a * math.sqrt(0.5))

normal_cdf = _normal_cdf

@njit(cache=True, error_model="numpy")
def mish(a):
    return a * math.tanh(_softplus(a))

minimum = _minimum
maximum = _maximum

@njit(cache=True, error_model="numpy")
def _logsigmoid(a):
    return -_softplus(-a)

logsigmoid = _logsigmoid

@njit(cache=True, error_model="numpy")
def _logaddexp(a, b):
    return a + math.log(2.0) if a == b else max(a, b) + math.log1p(math.exp(-abs(a - b)))

logaddexp = _logaddexp
log2 = math.log2
log1p = math.log1p
log10 = math.log10
log = math.log

@njit(cache=True, error_model="numpy")
def leaky_relu(a, b):
    return a if a > 0.0 else b * a

hypot = math.hypot
hardtanh = clip

@njit(cache=True, error_model="numpy")
def hardsigmoid(a):
    return clip(a / 6.0 + 0.5, 0.0, 1.0)

GELU_CUBIC = 0.044715

@njit(cache=True, error_model="numpy")
def _gelu_tanh_inner(a):
    return 2 * math.sqrt(2 / math.pi) * (a + GELU_CUBIC * a * a * a)


@njit(cache=True, error_model="numpy")
def gelu_tanh(a):
    return a * _sigmoid(_gelu_tanh_inner(a))


@njit(cache=True, error_model="numpy")
def gelu(a):
    return a * _normal_cdf(a)

expm1 = math.expm1
exp = math.exp
erfc = math.erfc
erf = math.erf
elu = _elu
cosh = math.cosh
cos = math.cos
atanh = math.atanh
atan2 = math.atan2
atan = math.atan
asinh = math.asinh
asin = math.asin
acosh = math.acosh
acos = math.acos
absolute = abs
pow = math.pow
CODES = (
    'add',
    'mul',
    'sub',
    'neg',
    'div',
    'relu',
    'step',
    'where',
    '>',
    'tanh',
    'exp',
    'positive',
    'pow',
    'mod',
    'fmod',
    'reciprocal',
    'square',
    'sqrt',
    'cbrt',
    'exp2',
    'expm1',
    'log',
    'log1p',
    'log2',
    'log10',
    'logaddexp',
    'sin',
    'cos',
    'tan',
    'asin',
    'acos',
    'atan',
    'atan2',
    'sinh',
    'cosh',
    'sech',
    'asinh',
    'acosh',
    'atanh',
    'hypot',
    'sigmoid',
    'logsigmoid',
    'softplus',
    'leaky_relu',
    'elu',
    'selu',
    'silu',
    'gelu',
    'gelu_tanh',
    'softsign',
    'mish',
    'hardtanh',
    'hardsigmoid',
    'relu6',
    'erf',
    'erfc',
    'normal_cdf',
    'normal_pdf',
    'sinc',
    'sinc_slope',
    'abs',
    'sign',
    'floor',
    'ceil',
    'trunc',
    'maximum',
    'minimum',
    'share',
    'clip',
    '<',
    '<=',
    '>=',
    '==',
    '!=',
    'and',
    'or',
    'detach',
)


@njit(cache=True, error_model="numpy")
def run(tape, registers):
    """Run the instructions (code, result, operands) on one number per register."""
    for i in range(len(tape)):
        code, to, a, b, c = tape[i]
        if code == 0:  # add
            x = registers[a]
            y = registers[b]
            registers[to] = x + y
        elif code == 1:  # mul
            x = registers[a]
            y = registers[b]
            registers[to] = x * y
        elif code == 2:  # sub
            x = registers[a]
            y = registers[b]
            registers[to] = x - y
        elif code == 3:  # neg
            x = registers[a]
            registers[to] = -x
        elif code == 4:  # div
            x = registers[a]
            y = registers[b]
            registers[to] = x / y
        elif code == 5:  # relu
            x = registers[a]
            registers[to] = x if x > 0.0 or x != x else 0.0
        elif code == 6:  # step
            x = registers[a]
            registers[to] = 1.0 if x > 0.0 else 0.0 if x <= 0.0 else nan
        elif code == 7:  # where
            x = registers[a]
            y = registers[b]
            z = registers[c]
            registers[to] = y if x != 0.0 else z
        elif code == 8:  # >
            x = registers[a]
            y = registers[b]
            registers[to] = 1.0 if x > y else 0.0
        elif code == 9:  # tanh
            x = registers[a]
            registers[to] = tanh(x)
        elif code == 10:  # exp
            x = registers[a]
            registers[to] = exp(x)
        elif code == 11:  # positive
            x = registers[a]
            registers[to] = x
        elif code == 12:  # pow
            x = registers[a]
            y = registers[b]
            registers[to] = pow(x, y)
        elif code == 13:  # mod
            x = registers[a]
            y = registers[b]
            registers[to] = x % y
        elif code == 14:  # fmod
            x = registers[a]
            y = registers[b]
            registers[to] = np.fmod(x, y)
        elif code == 15:  # reciprocal
            x = registers[a]
            registers[to] = 1.0 / x
        elif code == 16:  # square
            x = registers[a]
            registers[to] = x * x
        elif code == 17:  # sqrt
            x = registers[a]
            registers[to] = sqrt(x)
        elif code == 18:  # cbrt
            x = registers[a]
            registers[to] = np.cbrt(x)
        elif code == 19:  # exp2
            x = registers[a]
            registers[to] = pow(2.0, x)
        elif code == 20:  # expm1
            x = registers[a]
            registers[to] = expm1(x)
        elif code == 21:  # log
            x = registers[a]
            registers[to] = log(x)
        elif code == 22:  # log1p
            x = registers[a]
            registers[to] = log1p(x)
        elif code == 23:  # log2
            x = registers[a]
            registers[to] = log2(x)
        elif code == 24:  # log10
            x = registers[a]
            registers[to] = log10(x)
        elif code == 25:  # logaddexp
            x = registers[a]
            y = registers[b]
            registers[to] = logaddexp(x, y)
        elif code == 26:  # sin
            x = registers[a]
            registers[to] = sin(x)
        elif code == 27:  # cos
            x = registers[a]
            registers[to] = cos(x)
        elif code == 28:  # tan
            x = registers[a]
            registers[to] = tan(x)
        elif code == 29:  # asin
            x = registers[a]
            registers[to] = asin(x)
        elif code == 30:  # acos
            x = registers[a]
            registers[to] = acos(x)
        elif code == 31:  # atan
            x = registers[a]
            registers[to] = atan(x)
        elif code == 32:  # atan2
            x = registers[a]
            y = registers[b]
            registers[to] = atan2(x, y)
        elif code == 33:  # sinh
            x = registers[a]
            registers[to] = sinh(x)
        elif code == 34:  # cosh
            x = registers[a]
            registers[to] = cosh(x)
        elif code == 35:  # sech
            x = registers[a]
            registers[to] = 1.0 / cosh(x)
        elif code == 36:  # asinh
            x = registers[a]
            registers[to] = asinh(x)
        elif code == 37:  # acosh
            x = registers[a]
            registers[to] = acosh(x)
        elif code == 38:  # atanh
            x = registers[a]
            registers[to] = atanh(x)
        elif code == 39:  # hypot
            x = registers[a]
            y = registers[b]
            registers[to] = hypot(x, y)
        elif code == 40:  # sigmoid
            x = registers[a]
            registers[to] = sigmoid(x)
        elif code == 41:  # logsigmoid
            x = registers[a]
            registers[to] = logsigmoid(x)
        elif code == 42:  # softplus
            x = registers[a]
            registers[to] = softplus(x)
        elif code == 43:  # leaky_relu
            x = registers[a]
            y = registers[b]
            registers[to] = leaky_relu(x, y)
        elif code == 44:  # elu
            x = registers[a]
            y = registers[b]
            registers[to] = elu(x, y)
        elif code == 45:  # selu
            x = registers[a]
            registers[to] = selu(x)
        elif code == 46:  # silu
            x = registers[a]
            registers[to] = silu(x)
        elif code == 47:  # gelu
            x = registers[a]
            registers[to] = gelu(x)
        elif code == 48:  # gelu_tanh
            x = registers[a]
            registers[to] = gelu_tanh(x)
        elif code == 49:  # softsign
            x = registers[a]
            registers[to] = softsign(x)
        elif code == 50:  # mish
            x = registers[a]
            registers[to] = mish(x)
        elif code == 51:  # hardtanh
            x = registers[a]
            y = registers[b]
            z = registers[c]
            registers[to] = hardtanh(x, y, z)
        elif code == 52:  # hardsigmoid
            x = registers[a]
            registers[to] = hardsigmoid(x)
        elif code == 53:  # relu6
            x = registers[a]
            registers[to] = relu6(x)
        elif code == 54:  # erf
            x = registers[a]
            registers[to] = erf(x)
        elif code == 55:  # erfc
            x = registers[a]
            registers[to] = erfc(x)
        elif code == 56:  # normal_cdf
            x = registers[a]
            registers[to] = normal_cdf(x)
        elif code == 57:  # normal_pdf
            x = registers[a]
            registers[to] = normal_pdf(x)
        elif code == 58:  # sinc
            x = registers[a]
            registers[to] = sinc(x)
        elif code == 59:  # sinc_slope
            x = registers[a]
            registers[to] = sinc_slope(x)
        elif code == 60:  # abs
            x = registers[a]
            registers[to] = absolute(x)
        elif code == 61:  # sign
            x = registers[a]
            registers[to] = sign(x)
        elif code == 62:  # floor
            x = registers[a]
            registers[to] = np.floor(x)
        elif code == 63:  # ceil
            x = registers[a]
            registers[to] = np.ceil(x)
        elif code == 64:  # trunc
            x = registers[a]
            registers[to] = np.trunc(x)
        elif code == 65:  # maximum
            x = registers[a]
            y = registers[b]
            registers[to] = maximum(x, y)
        elif code == 66:  # minimum
            x = registers[a]
            y = registers[b]
            registers[to] = minimum(x, y)
        elif code == 67:  # share
            x = registers[a]
            y = registers[b]
            registers[to] = share(x, y)
        elif code == 68:  # clip
            x = registers[a]
            y = registers[b]
            z = registers[c]
            registers[to] = clip(x, y, z)
        elif code == 69:  # <
            x = registers[a]
            y = registers[b]
            registers[to] = 1.0 if x < y else 0.0
        elif code == 70:  # <=
            x = registers[a]
            y = registers[b]
            registers[to] = 1.0 if x <= y else 0.0
        elif code == 71:  # >=
            x = registers[a]
            y = registers[b]
            registers[to] = 1.0 if x >= y else 0.0
        elif code == 72:  # ==
            x = registers[a]
            y = registers[b]
            registers[to] = 1.0 if x == y else 0.0
        elif code == 73:  # !=
            x = registers[a]
            y = registers[b]
            registers[to] = 1.0 if x != y else 0.0
        elif code == 74:  # and
            x = registers[a]
            y = registers[b]
            registers[to] = 1.0 if x != 0.0 and y != 0.0 else 0.0
        elif code == 75:  # or
            x = registers[a]
            y = registers[b]
            registers[to] = 1.0 if x != 0.0 or y != 0.0 else 0.0
        elif code == 76:  # detach
            x = registers[a]
            registers[to] = x


@njit(cache=True, error_model="numpy")
def run_lanes(tape, registers):
    """Run the instructions on a row of numbers, one per lane, for each register."""
    width = registers.shape[1]
    for i in range(len(tape)):
        code, to, a, b, c = tape[i]
        if code == 0:  # add
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = x + y
        elif code == 1:  # mul
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = x * y
        elif code == 2:  # sub
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = x - y
        elif code == 3:  # neg
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = -x
        elif code == 4:  # div
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = x / y
        elif code == 5:  # relu
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = x if x > 0.0 or x != x else 0.0
        elif code == 6:  # step
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = 1.0 if x > 0.0 else 0.0 if x <= 0.0 else nan
        elif code == 7:  # where
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                z = registers[c, k]
                registers[to, k] = y if x != 0.0 else z
        elif code == 8:  # >
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = 1.0 if x > y else 0.0
        elif code == 9:  # tanh
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = tanh(x)
        elif code == 10:  # exp
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = exp(x)
        elif code == 11:  # positive
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = x
        elif code == 12:  # pow
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = pow(x, y)
        elif code == 13:  # mod
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = x % y
        elif code == 14:  # fmod
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = np.fmod(x, y)
        elif code == 15:  # reciprocal
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = 1.0 / x
        elif code == 16:  # square
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = x * x
        elif code == 17:  # sqrt
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = sqrt(x)
        elif code == 18:  # cbrt
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = np.cbrt(x)
        elif code == 19:  # exp2
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = pow(2.0, x)
        elif code == 20:  # expm1
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = expm1(x)
        elif code == 21:  # log
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = log(x)
        elif code == 22:  # log1p
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = log1p(x)
        elif code == 23:  # log2
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = log2(x)
        elif code == 24:  # log10
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = log10(x)
        elif code == 25:  # logaddexp
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = logaddexp(x, y)
        elif code == 26:  # sin
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = sin(x)
        elif code == 27:  # cos
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = cos(x)
        elif code == 28:  # tan
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = tan(x)
        elif code == 29:  # asin
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = asin(x)
        elif code == 30:  # acos
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = acos(x)
        elif code == 31:  # atan
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = atan(x)
        elif code == 32:  # atan2
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = atan2(x, y)
        elif code == 33:  # sinh
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = sinh(x)
        elif code == 34:  # cosh
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = cosh(x)
        elif code == 35:  # sech
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = 1.0 / cosh(x)
        elif code == 36:  # asinh
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = asinh(x)
        elif code == 37:  # acosh
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = acosh(x)
        elif code == 38:  # atanh
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = atanh(x)
        elif code == 39:  # hypot
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = hypot(x, y)
        elif code == 40:  # sigmoid
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = sigmoid(x)
        elif code == 41:  # logsigmoid
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = logsigmoid(x)
        elif code == 42:  # softplus
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = softplus(x)
        elif code == 43:  # leaky_relu
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = leaky_relu(x, y)
        elif code == 44:  # elu
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = elu(x, y)
        elif code == 45:  # selu
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = selu(x)
        elif code == 46:  # silu
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = silu(x)
        elif code == 47:  # gelu
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = gelu(x)
        elif code == 48:  # gelu_tanh
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = gelu_tanh(x)
        elif code == 49:  # softsign
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = softsign(x)
        elif code == 50:  # mish
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = mish(x)
        elif code == 51:  # hardtanh
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                z = registers[c, k]
                registers[to, k] = hardtanh(x, y, z)
        elif code == 52:  # hardsigmoid
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = hardsigmoid(x)
        elif code == 53:  # relu6
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = relu6(x)
        elif code == 54:  # erf
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = erf(x)
        elif code == 55:  # erfc
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = erfc(x)
        elif code == 56:  # normal_cdf
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = normal_cdf(x)
        elif code == 57:  # normal_pdf
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = normal_pdf(x)
        elif code == 58:  # sinc
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = sinc(x)
        elif code == 59:  # sinc_slope
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = sinc_slope(x)
        elif code == 60:  # abs
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = absolute(x)
        elif code == 61:  # sign
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = sign(x)
        elif code == 62:  # floor
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = np.floor(x)
        elif code == 63:  # ceil
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = np.ceil(x)
        elif code == 64:  # trunc
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = np.trunc(x)
        elif code == 65:  # maximum
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = maximum(x, y)
        elif code == 66:  # minimum
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = minimum(x, y)
        elif code == 67:  # share
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = share(x, y)
        elif code == 68:  # clip
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                z = registers[c, k]
                registers[to, k] = clip(x, y, z)
        elif code == 69:  # <
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = 1.0 if x < y else 0.0
        elif code == 70:  # <=
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = 1.0 if x <= y else 0.0
        elif code == 71:  # >=
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = 1.0 if x >= y else 0.0
        elif code == 72:  # ==
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = 1.0 if x == y else 0.0
        elif code == 73:  # !=
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = 1.0 if x != y else 0.0
        elif code == 74:  # and
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = 1.0 if x != 0.0 and y != 0.0 else 0.0
        elif code == 75:  # or
            for k in range(width):
                x = registers[a, k]
                y = registers[b, k]
                registers[to, k] = 1.0 if x != 0.0 or y != 0.0 else 0.0
        elif code == 76:  # detach
            for k in range(width):
                x = registers[a, k]
                registers[to, k] = x
