"""The field on which gradient checkers are measured: 66 elementary functions, points from 1e-8 to 1e8, mpmath as truth.

Each function is written once for floats (``math``) and once for mpmath; the true derivative is mpmath's at 50 digits,
rounded to a float. A point is used when the function and its derivative are finite floats there.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Point(NamedTuple):
    """One function at one point, with the true derivative."""

    name: str
    f: Callable[[float], float]
    x: float
    slope: float


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


# name → (floats, mpmath given as a function of the module mp)
FUNCTIONS: dict[str, tuple[Callable[[float], float], Callable[[Any, Any], Any]]] = {
    "x": (lambda x: x, lambda m, x: x),
    "-3x+1": (lambda x: -3 * x + 1, lambda m, x: -3 * x + 1),
    "x^2": (lambda x: x * x, lambda m, x: x * x),
    "x^3": (lambda x: x**3, lambda m, x: x**3),
    "x^5": (lambda x: x**5, lambda m, x: x**5),
    "x^2-2x+1": (lambda x: x * x - 2 * x + 1, lambda m, x: x * x - 2 * x + 1),
    "x^4-x": (lambda x: x**4 - x, lambda m, x: x**4 - x),
    "1/x": (lambda x: 1 / x, lambda m, x: 1 / x),
    "1/x^2": (lambda x: 1 / (x * x), lambda m, x: 1 / (x * x)),
    "x^-3": (lambda x: x**-3, lambda m, x: x**-3),
    "1/(1+x^2)": (lambda x: 1 / (1 + x * x), lambda m, x: 1 / (1 + x * x)),
    "x/(1+x^2)": (lambda x: x / (1 + x * x), lambda m, x: x / (1 + x * x)),
    "sqrt": (math.sqrt, lambda m, x: m.sqrt(x)),
    "1/sqrt": (lambda x: 1 / math.sqrt(x), lambda m, x: 1 / m.sqrt(x)),
    "x^1.5": (lambda x: math.pow(x, 1.5), lambda m, x: x ** m.mpf(1.5)),
    "x^2.5": (lambda x: math.pow(x, 2.5), lambda m, x: x ** m.mpf(2.5)),
    "cbrt": (math.cbrt, lambda m, x: m.cbrt(x) if x > 0 else -m.cbrt(-x)),
    "sqrt(1+x^2)": (lambda x: math.hypot(1, x), lambda m, x: m.sqrt(1 + x * x)),
    "sqrt(1+x^2)-1": (lambda x: math.sqrt(1 + x * x) - 1, lambda m, x: m.sqrt(1 + x * x) - 1),
    "exp": (math.exp, lambda m, x: m.exp(x)),
    "exp(-x)": (lambda x: math.exp(-x), lambda m, x: m.exp(-x)),
    "exp(-x^2)": (lambda x: math.exp(-x * x), lambda m, x: m.exp(-x * x)),
    "exp2": (lambda x: 2.0**x, lambda m, x: m.mpf(2) ** x),
    "expm1": (math.expm1, lambda m, x: m.expm1(x)),
    "exp(x)-1": (lambda x: math.exp(x) - 1, lambda m, x: m.exp(x) - 1),
    "x exp(-x)": (lambda x: x * math.exp(-x), lambda m, x: x * m.exp(-x)),
    "exp(sin)": (lambda x: math.exp(math.sin(x)), lambda m, x: m.exp(m.sin(x))),
    "log": (math.log, lambda m, x: m.log(x)),
    "log2": (math.log2, lambda m, x: m.log(x, 2)),
    "log10": (math.log10, lambda m, x: m.log10(x)),
    "log1p": (math.log1p, lambda m, x: m.log1p(x)),
    "log(1+x^2)": (lambda x: math.log(1 + x * x), lambda m, x: m.log(1 + x * x)),
    "x log x": (lambda x: x * math.log(x), lambda m, x: x * m.log(x)),
    "log(x)^2": (lambda x: math.log(x) ** 2, lambda m, x: m.log(x) ** 2),
    "log(x)/x": (lambda x: math.log(x) / x, lambda m, x: m.log(x) / x),
    "x^x": (lambda x: math.pow(x, x), lambda m, x: x**x),
    "sin": (math.sin, lambda m, x: m.sin(x)),
    "cos": (math.cos, lambda m, x: m.cos(x)),
    "tan": (math.tan, lambda m, x: m.tan(x)),
    "sin(3x)": (lambda x: math.sin(3 * x), lambda m, x: m.sin(3 * x)),
    "sin^2": (lambda x: math.sin(x) ** 2, lambda m, x: m.sin(x) ** 2),
    "x sin": (lambda x: x * math.sin(x), lambda m, x: x * m.sin(x)),
    "sin/x": (lambda x: math.sin(x) / x, lambda m, x: m.sin(x) / x),
    "1-cos": (lambda x: 1 - math.cos(x), lambda m, x: 1 - m.cos(x)),
    "sin+cos": (lambda x: math.sin(x) + math.cos(x), lambda m, x: m.sin(x) + m.cos(x)),
    "sin(log)": (lambda x: math.sin(math.log(x)), lambda m, x: m.sin(m.log(x))),
    "asin": (math.asin, lambda m, x: m.asin(x)),
    "acos": (math.acos, lambda m, x: m.acos(x)),
    "atan": (math.atan, lambda m, x: m.atan(x)),
    "atan(1/x)": (lambda x: math.atan(1 / x), lambda m, x: m.atan(1 / x)),
    "sinh": (math.sinh, lambda m, x: m.sinh(x)),
    "cosh": (math.cosh, lambda m, x: m.cosh(x)),
    "tanh": (math.tanh, lambda m, x: m.tanh(x)),
    "1+tanh": (lambda x: 1 + math.tanh(x), lambda m, x: 1 + m.tanh(x)),
    "sech": (lambda x: 1 / math.cosh(x), lambda m, x: m.sech(x)),
    "asinh": (math.asinh, lambda m, x: m.asinh(x)),
    "acosh": (math.acosh, lambda m, x: m.acosh(x)),
    "atanh": (math.atanh, lambda m, x: m.atanh(x)),
    "sigmoid": (_sigmoid, lambda m, x: 1 / (1 + m.exp(-x))),
    "softplus": (
        lambda x: max(x, 0) + math.log1p(math.exp(-abs(x))),
        lambda m, x: m.log1p(m.exp(x)) if x < 40 else x + m.log1p(m.exp(-x)),
    ),
    "silu": (lambda x: x * _sigmoid(x), lambda m, x: x / (1 + m.exp(-x))),
    "erf": (math.erf, lambda m, x: m.erf(x)),
    "erfc": (math.erfc, lambda m, x: m.erfc(x)),
    "gelu": (lambda x: 0.5 * x * math.erfc(-x / math.sqrt(2)), lambda m, x: x * m.erfc(-x / m.sqrt(2)) / 2),
    "lgamma": (math.lgamma, lambda m, x: m.re(m.loggamma(x))),
    "x tanh": (lambda x: x * math.tanh(x), lambda m, x: x * m.tanh(x)),
}


def field(points: int, seed: int = 0) -> Iterator[Point]:
    """Give ``points`` points for each function, log-uniform from 1e-8 to 1e8 with both signs where there is a domain."""
    import mpmath

    mpmath.mp.dps = 50
    for name, (f, exact) in FUNCTIONS.items():
        source = random.Random(f"{seed} {name}")
        found = tries = 0
        while found < points and tries < 40 * points:
            tries += 1
            x = math.copysign(10 ** source.uniform(-8, 8), source.random() - 0.5)
            slope = true_slope(mpmath.mp, exact, f, x)
            if slope is not None:
                found += 1
                yield Point(name, f, x, slope)


def true_slope(m: Any, exact: Any, f: Any, x: float) -> float | None:
    """Give the derivative from mpmath, or None where the function is not finite, or the derivative no ordinary float."""
    try:
        if not math.isfinite(f(x)):
            return None
        point = m.mpf(x)
        step = abs(point) * m.mpf(10) ** -18
        if not (isinstance(exact(m, point - step), m.mpf) and isinstance(exact(m, point + step), m.mpf)):
            return None
        # A central difference of order 4 with 110 digits: an error of some 1e-70 relative to the scale of x.
        with m.workdps(110):
            h = abs(point) * m.mpf(10) ** -22
            values = [exact(m, point + k * h) for k in (-2, -1, 1, 2)]
            slope = float((values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * h))
    except (ValueError, OverflowError, ZeroDivisionError, TypeError):
        return None
    return slope if math.isfinite(slope) and (slope == 0.0 or abs(slope) > 1e-290) else None
