"""Real functions of floats or NumPy arrays: the ground on which the derivative table stands.

A ``Function`` holds one implementation for Python floats (fast, from ``math``) and one for arrays (from
NumPy), and picks by the type of its arguments. Python's floats raise where IEEE 754 has an answer
(``1 / 0``, ``math.exp(800)``, ``math.log(-1)``); ``ieee`` computes the same thing again with NumPy's floats,
which give inf or nan. So the usual path pays nothing for the edges.

Stable forms: no intermediate overflows where the result does not, and no digits are lost to cancellation in
the tails (``sigmoid(-700)``, ``softplus(25)``, ``sech(20)``).

Sources: Abramowitz & Stegun, *Handbook of Mathematical Functions* (1964), chapters 4 and 7; Goldberg, "What
every computer scientist should know about floating-point arithmetic" (1991); Hendrycks & Gimpel, "Gaussian
error linear units" (2016); Klambauer et al., "Self-normalizing neural networks" (2017); Misra, "Mish" (2019).
"""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

Array = np.ndarray[Any, np.dtype[Any]]
nan, inf = math.nan, math.inf

# SELU's two constants, solved for a fixed point at mean 0 and variance 1 (Klambauer et al. 2017, eq. 14).
SELU_ALPHA = 1.6732632423543772848170429916717
SELU_SCALE = 1.0507009873554804934193349852946
GELU_CUBIC = 0.044715  # Hendrycks & Gimpel 2016, section 2


class Function:
    """One real function with an implementation for floats and one for arrays.

    >>> tanh(0.0), tanh(np.zeros(2))
    (0.0, array([0., 0.]))
    """

    __slots__ = ("array", "array_inline", "inline", "name", "scalar")

    def __init__(
        self,
        name: str,
        scalar: Callable[..., float],
        array: Callable[..., Any],
        inline: str | None = None,
        array_inline: str | None = None,
    ) -> None:
        """Pair the two implementations; the two ``inline`` are the same as Python source over ``{a} {b} {c}``."""
        self.name = name
        self.scalar = scalar
        self.array = array
        self.inline = inline
        self.array_inline = array_inline

    def __call__(self, *args: Any) -> Any:
        """Compute with ``math`` when every argument is a Python number, with NumPy otherwise."""
        for a in args:
            if type(a) is not float and type(a) is not int and type(a) is not bool:
                return self.array(*args)
        return self.scalar(*args)

    def __repr__(self) -> str:
        """Name the function."""
        return f"<numeric function {self.name}>"


def ieee(function: Callable[..., Any], *args: float) -> float:
    """Compute with NumPy's floats, which give inf and nan where Python's floats raise.

    >>> ieee(lambda a, b: a / b, 1.0, 0.0)
    inf
    """
    with np.errstate(all="ignore"):
        result = function(*(np.float64(a) if type(a) is float or type(a) is int else a for a in args))
    return float(result.real) if not isinstance(result, complex) else nan


def is_scalar(x: object) -> bool:
    """Tell whether ``x`` is a plain real number: int, float, bool or a NumPy scalar."""
    return isinstance(x, int | float | np.bool_ | np.integer | np.floating)


# --- floats ---------------------------------------------------------------------------------------------------
# A comparison with nan is False, so each branch below is chosen such that nan falls through to nan.


def _relu(a: float) -> float:
    return a if a > 0.0 or a != a else 0.0


def _step(a: float) -> float:
    return 1.0 if a > 0.0 else 0.0 if a <= 0.0 else nan


def _share(a: float, b: float) -> float:
    return 1.0 if a > b else 0.0 if a < b else 0.5 if a == b else nan


def _sign(a: float) -> float:
    return 1.0 if a > 0.0 else -1.0 if a < 0.0 else a


def _sigmoid(a: float) -> float:
    if a >= 0.0:
        return 1.0 / (1.0 + math.exp(-a))
    e = math.exp(a)
    return e / (1.0 + e)


def _softplus(a: float) -> float:
    return (a if a > 0.0 or a != a else 0.0) + math.log1p(math.exp(-abs(a)))


def _logsigmoid(a: float) -> float:
    return -_softplus(-a)


def _logaddexp(a: float, b: float) -> float:
    return a + math.log(2.0) if a == b else max(a, b) + math.log1p(math.exp(-abs(a - b)))


def _maximum(a: float, b: float) -> float:
    return a if a >= b or a != a else b


def _minimum(a: float, b: float) -> float:
    return a if a <= b or a != a else b


def _elu(a: float, alpha: float) -> float:
    return a if a > 0.0 else alpha * math.expm1(a)


def _sinc(a: float) -> float:
    return math.sin(math.pi * a) / (math.pi * a) if a else 1.0


def _sinc_slope(a: float) -> float:
    p = math.pi * a
    if abs(p) >= 0.75:
        return (math.cos(p) - _sinc(a)) / a
    return float(math.pi * p * _sinc_slope_series(p * p))


def _sinc_slope_series(q: Any) -> Any:
    """Σ (−1)^k q^(k−1) 2k / (2k + 1)! for q = (πa)²: the slope of sinc near 0, divided by π·πa."""
    return -1 / 3 + q * (1 / 30 + q * (-1 / 840 + q * (1 / 45360 + q * (-1 / 3991680 + q / 518918400))))


def _cbrt(a: float) -> float:
    return math.cbrt(a)


# --- arrays ---------------------------------------------------------------------------------------------------


try:  # the ufunc behind np.clip, which NumPy does not export
    from numpy._core.umath import clip as _between  # type: ignore[attr-defined]
except ImportError:  # NumPy 1
    from numpy.core.umath import clip as _between  # type: ignore[no-redef]


def _step_array(a: Array) -> Any:
    # ceil of what lies between 0 and 1 carries nan. heaviside is ten times slower, and sign five times when it follows a
    # product of matrices (its loop is compiled without AVX, and BLAS leaves the upper halves of the registers dirty).
    return np.ceil(_between(a, 0.0, 1.0))


def _share_array(a: Array, b: Array) -> Any:
    half = _half(a, b)  # twice a half, since True + True is True
    result = np.greater(a, b) * half + np.greater_equal(a, b) * half
    undefined = np.isnan(a) | np.isnan(b)
    return np.where(undefined, result.dtype.type(nan), result) if np.any(undefined) else result


def _half(*arrays: Array) -> Any:
    """0.5 in the floating type of the arrays, so that float32 stays float32."""
    kind = np.result_type(*arrays)
    return kind.type(0.5) if kind.kind == "f" else np.float64(0.5)


def _sigmoid_array(a: Array) -> Any:
    e = np.exp(-np.abs(a))
    return np.where(np.greater_equal(a, 0), 1 / (1 + e), e / (1 + e)).astype(e.dtype, copy=False)[()]


def _softplus_array(a: Array) -> Any:
    return np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))


def _each(function: Callable[[float], float]) -> Callable[[Array], Any]:
    """Lift a float function to arrays (NumPy has no erf); the floating type is kept."""
    lifted = np.frompyfunc(function, 1, 1)

    def on_array(a: Array) -> Any:
        kind = np.result_type(a)
        return np.asarray(lifted(a)).astype(kind if kind.kind == "f" else np.float64)[()]

    return on_array


def _normal_cdf(a: float) -> float:
    return 0.5 * math.erfc(-a * math.sqrt(0.5))


def _normal_pdf(a: Any) -> Any:
    return np.exp(-0.5 * a * a) * (1 / math.sqrt(2 * math.pi))


def _where_array(c: Any, a: Any, b: Any) -> Any:
    return np.where(c, a, b)[()]


def _gelu_tanh_inner(a: Any) -> Any:
    return 2 * math.sqrt(2 / math.pi) * (a + GELU_CUBIC * a * a * a)


def _sinc_slope_array(a: Array) -> Any:
    # (cos πa − sinc a) / a loses its digits near 0; there the Taylor series.
    p = np.pi * a
    series = np.pi * p * _sinc_slope_series(p * p)
    small = np.abs(p) < 0.75
    far = np.where(small, 1, a)
    return np.where(small, series, (np.cos(np.pi * far) - np.sinc(far)) / far)[()]


def _power(a: float, b: float) -> float:
    return math.pow(a, b)


def _power_array(a: Any, b: Any) -> Any:
    if type(b) is int:  # a Python int has exact fast paths for squares and keeps float32
        b = float(b)
    if type(a) is int:
        a = float(a)
    return a**b


# fmt: off
#                           name           floats            arrays
exp          = Function("exp",          math.exp,         np.exp)
exp2         = Function("exp2",         lambda a: math.pow(2.0, a), np.exp2, "_pow(2.0, {a})")
expm1        = Function("expm1",        math.expm1,       np.expm1)
log          = Function("log",          math.log,         np.log)
log1p        = Function("log1p",        math.log1p,       np.log1p)
log2         = Function("log2",         math.log2,        np.log2)
log10        = Function("log10",        math.log10,       np.log10)
sqrt         = Function("sqrt",         math.sqrt,        np.sqrt)
cbrt         = Function("cbrt",         _cbrt,            np.cbrt)
square       = Function("square",       lambda a: a * a,  np.square)
sin          = Function("sin",          math.sin,         np.sin)
cos          = Function("cos",          math.cos,         np.cos)
tan          = Function("tan",          math.tan,         np.tan)
asin         = Function("asin",         math.asin,        np.arcsin)
acos         = Function("acos",         math.acos,        np.arccos)
atan         = Function("atan",         math.atan,        np.arctan)
atan2        = Function("atan2",        math.atan2,       np.arctan2)
sinh         = Function("sinh",         math.sinh,        np.sinh)
cosh         = Function("cosh",         math.cosh,        np.cosh)
tanh         = Function("tanh",         math.tanh,        np.tanh)
sech         = Function("sech",         lambda a: 1.0 / math.cosh(a), lambda a: np.reciprocal(np.cosh(a)), "1.0 / _cosh({a})", "np.reciprocal(np.cosh({a}))")
asinh        = Function("asinh",        math.asinh,       np.arcsinh)
acosh        = Function("acosh",        math.acosh,       np.arccosh)
atanh        = Function("atanh",        math.atanh,       np.arctanh)
hypot        = Function("hypot",        math.hypot,       np.hypot)
power        = Function("power",        _power,           _power_array, "_pow({a}, {b})")
sigmoid      = Function("sigmoid",      _sigmoid,         _sigmoid_array)
logsigmoid   = Function("logsigmoid",   _logsigmoid,      lambda a: -_softplus_array(-a))
softplus     = Function("softplus",     _softplus,        _softplus_array)
logaddexp    = Function("logaddexp",    _logaddexp,       np.logaddexp)
relu         = Function("relu",         _relu,            lambda a: np.maximum(a, 0), "{a} if {a} > 0.0 or {a} != {a} else 0.0")
step         = Function("step",         _step,            _step_array, "1.0 if {a} > 0.0 else 0.0 if {a} <= 0.0 else nan")
share        = Function("share",        _share,           _share_array)
sign         = Function("sign",         _sign,            np.sign)
absolute     = Function("absolute",     abs,              np.abs)
floor        = Function("floor",        lambda a: float(math.floor(a)), np.floor)
ceil         = Function("ceil",         lambda a: float(math.ceil(a)),  np.ceil)
trunc        = Function("trunc",        lambda a: float(math.trunc(a)), np.trunc)
mod          = Function("mod",          operator.mod,     np.mod, "{a} % {b}")
positive     = Function("positive",     lambda a: a,      np.positive, "{a}")
fmod         = Function("fmod",         math.fmod,        np.fmod)
reciprocal   = Function("reciprocal",   lambda a: 1.0 / a, lambda a: 1 / a, "1.0 / {a}")
maximum      = Function("maximum",      _maximum,         np.maximum)
minimum      = Function("minimum",      _minimum,         np.minimum)
clip         = Function("clip",         lambda a, b, c: _minimum(_maximum(a, b), c), lambda a, b, c: minimum(maximum(a, b), c))
where        = Function("where",        lambda c, a, b: a if c else b, _where_array, "({b} if {a} else {c})")
equal        = Function("equal",        lambda a, b: a == b, np.equal)
leaky_relu   = Function("leaky_relu",   lambda a, b: a if a > 0.0 else b * a, lambda a, b: np.where(np.greater(a, 0), a, b * a)[()])
elu          = Function("elu",          _elu,             lambda a, b: np.where(np.greater(a, 0), a, b * expm1(minimum(a, 0)))[()])
selu         = Function("selu",         lambda a: SELU_SCALE * _elu(a, SELU_ALPHA), lambda a: SELU_SCALE * elu.array(a, SELU_ALPHA))
silu         = Function("silu",         lambda a: a * _sigmoid(a), lambda a: a * _sigmoid_array(a))
normal_cdf   = Function("normal_cdf",   _normal_cdf,      _each(_normal_cdf))
normal_pdf   = Function("normal_pdf",   lambda a: float(_normal_pdf(a)), _normal_pdf)
gelu         = Function("gelu",         lambda a: a * _normal_cdf(a), lambda a: a * normal_cdf.array(a))
gelu_tanh    = Function("gelu_tanh",    lambda a: a * _sigmoid(_gelu_tanh_inner(a)), lambda a: a * _sigmoid_array(_gelu_tanh_inner(a)))
softsign     = Function("softsign",     lambda a: a / (1.0 + abs(a)), lambda a: a / (1 + np.abs(a)))
mish         = Function("mish",         lambda a: a * math.tanh(_softplus(a)), lambda a: a * np.tanh(_softplus_array(a)))
hardtanh     = Function("hardtanh",     clip.scalar,      clip.array)
hardsigmoid  = Function("hardsigmoid",  lambda a: clip.scalar(a / 6.0 + 0.5, 0.0, 1.0), lambda a: clip.array(a / 6 + _half(a), 0, 1))
relu6        = Function("relu6",        lambda a: clip.scalar(a, 0.0, 6.0), lambda a: clip.array(a, 0, 6))
erf          = Function("erf",          math.erf,         _each(math.erf))
erfc         = Function("erfc",         math.erfc,        _each(math.erfc))
sinc         = Function("sinc",         _sinc,            np.sinc)
sinc_slope   = Function("sinc_slope",   _sinc_slope,      _sinc_slope_array)
# fmt: on
