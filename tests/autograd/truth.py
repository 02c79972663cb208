"""The independent truth about every elementwise row, and the checks that hold a row to it.

``TRUTH``     name of the row → the same function of mpmath numbers. A row without an entry fails its test.
``points``    random arguments inside a row's domain, away from its kinks.
``check_*``   one promise each; they raise ``AssertionError``. The sabotage test calls them on broken rows and
              expects red, so nothing here may be too lenient to notice a factor of 1.01.

mpmath computes with 50 digits and differentiates with more, so it can serve as exact.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np

import autograd
from autograd import Tensor, Value
from autograd.numeric import GELU_CUBIC, SELU_ALPHA, SELU_SCALE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from autograd.operations import Elementwise

mp = mpmath.mp.clone()
mp.dps = 50
FIRST, SECOND, THIRD = 1e-12, 1e-10, 1e-9  # how far an order may be off, relative


def _sigmoid(a: Any) -> Any:
    return 1 / (1 + mp.exp(-a))


def _softplus(a: Any) -> Any:
    return mp.log(1 + mp.exp(a))


def _sinc(a: Any) -> Any:
    return mp.sin(mp.pi * a) / (mp.pi * a)


def _clip(a: Any, low: Any, high: Any) -> Any:
    return min(max(a, low), high)


def _elu(a: Any, alpha: Any) -> Any:
    return a if a > 0 else alpha * mp.expm1(a)


def _gelu_tanh(a: Any) -> Any:
    return a / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (a + mp.mpf(GELU_CUBIC) * a**3)))


TRUTH: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "positive": lambda a: a,
    "pow": lambda a, b: mp.power(a, b),
    "mod": lambda a, b: a - b * mp.floor(a / b),
    "fmod": lambda a, b: a - b * (mp.floor(a / b) if a / b > 0 else mp.ceil(a / b)),
    "reciprocal": lambda a: 1 / a,
    "square": lambda a: a * a,
    "sqrt": mp.sqrt,
    "cbrt": mp.cbrt,
    "exp": mp.exp,
    "exp2": lambda a: mp.power(2, a),
    "expm1": mp.expm1,
    "log": mp.log,
    "log1p": mp.log1p,
    "log2": lambda a: mp.log(a) / mp.log(2),
    "log10": lambda a: mp.log(a) / mp.log(10),
    "logaddexp": lambda a, b: mp.log(mp.exp(a) + mp.exp(b)),
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "asin": mp.asin,
    "acos": mp.acos,
    "atan": mp.atan,
    "atan2": mp.atan2,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "sech": mp.sech,
    "asinh": mp.asinh,
    "acosh": mp.acosh,
    "atanh": mp.atanh,
    "hypot": lambda a, b: mp.sqrt(a * a + b * b),
    "sigmoid": _sigmoid,
    "logsigmoid": lambda a: -_softplus(-a),
    "softplus": _softplus,
    "relu": lambda a: max(a, mp.zero),
    "leaky_relu": lambda a, b: a if a > 0 else b * a,
    "elu": _elu,
    "selu": lambda a: mp.mpf(SELU_SCALE) * _elu(a, mp.mpf(SELU_ALPHA)),
    "silu": lambda a: a * _sigmoid(a),
    "gelu": lambda a: a * mp.ncdf(a),
    "gelu_tanh": _gelu_tanh,
    "softsign": lambda a: a / (1 + abs(a)),
    "mish": lambda a: a * mp.tanh(_softplus(a)),
    "hardtanh": _clip,
    "hardsigmoid": lambda a: _clip(a / 6 + mp.mpf(1) / 2, mp.zero, mp.one),
    "relu6": lambda a: _clip(a, mp.zero, mp.mpf(6)),
    "erf": mp.erf,
    "erfc": mp.erfc,
    "normal_cdf": mp.ncdf,
    "normal_pdf": mp.npdf,
    "sinc": _sinc,
    "sinc_slope": lambda a: (mp.cos(mp.pi * a) - _sinc(a)) / a,
    "abs": abs,
    "sign": mp.sign,
    "step": lambda a: mp.one if a > 0 else mp.zero,
    "floor": mp.floor,
    "ceil": mp.ceil,
    "trunc": lambda a: mp.floor(a) if a > 0 else mp.ceil(a),
    "maximum": max,
    "minimum": min,
    "share": lambda a, b: mp.one if a > b else mp.zero,
    "clip": _clip,
    "where": lambda c, a, b: a if c else b,
    "equal": lambda a, b: mp.mpf(a == b),
}

REACH = 5.0  # an infinite domain is sampled this far
ORDERED = {"hardtanh": (1, 2), "clip": (1, 2)}  # arguments that must be in order: the lower and the upper bound


def points(row: Elementwise, count: int, seed: int = 7) -> list[tuple[float, ...]]:
    """Give ``count`` random argument tuples inside the domain, away from its ends and from the kinks."""
    rng = np.random.default_rng([seed, *row.name.encode()])
    found: list[tuple[float, ...]] = []
    for _ in range(1000 * count):
        args = [_inside(rng, low, high) for low, high in row.domain]
        if row.name in ORDERED:
            low, high = ORDERED[row.name]
            args[low], args[high] = sorted((args[low], args[high]))
            if args[high] - args[low] < 0.5:
                continue
        if row.name == "where":
            args[0] = float(rng.integers(2))
        if all(abs(kink(*args)) > 1e-2 for kink in row.kinks):
            found.append(tuple(args))
        if len(found) == count:
            return found
    raise AssertionError(f"{row.name}: no points found in the domain {row.domain} away from the kinks")


def _inside(rng: np.random.Generator, low: float, high: float) -> float:
    low, high = max(low, -REACH), min(high, low + REACH if low > -REACH else REACH)
    margin = 0.03 * (high - low)
    return float(rng.uniform(low + margin, high - margin))


def true_value(row: Elementwise, args: tuple[float, ...]) -> Any:
    """Give the function itself with 50 digits."""
    return TRUTH[row.name](*(mp.mpf(a) for a in args))


def true_derivative(row: Elementwise, args: tuple[float, ...], slots: tuple[int, ...]) -> Any:
    """Give the partial derivative along ``slots`` (``(0, 0, 1)`` is ∂³y/∂a²∂b) with many digits."""
    orders = tuple(slots.count(i) for i in range(row.arity))
    exact = tuple(mp.mpf(a) for a in args)
    if row.passive:
        fixed, free = exact[: row.passive], exact[row.passive :]
        return mp.diff(lambda *x: TRUTH[row.name](*fixed, *x), free, orders[row.passive :])
    return mp.diff(TRUTH[row.name], exact if row.arity > 1 else exact[0], orders if row.arity > 1 else orders[0])


def close(got: float, expected: Any, tolerance: float, what: str, *, scale: float = 0.0) -> None:
    """Compare relative to the expected number, or to ``scale`` where cancellation makes that the honest size."""
    size = max(abs(expected), scale, 1e-290)
    assert abs(mp.mpf(got) - expected) <= tolerance * size, f"{what}: got {got!r}, expected {mp.nstr(expected, 20)}"


def slots_of(row: Elementwise) -> range:
    """Give the argument slots that have a derivative."""
    return range(row.passive, row.arity) if row.derivatives else range(0)


def check_value(row: Elementwise, count: int = 12) -> None:
    """Computed with floats, with arrays, with Values and with Tensors, the row is the function it is named after."""
    places = points(row, count)
    for args in places:
        expected = true_value(row, args)
        what = f"{row.name}{args}"
        close(float(row.float_of(*args)), expected, FIRST, what)
        close(float(row(*args)), expected, FIRST, what)
        y = row(*(Value(a) for a in args))
        close(float(y.data if isinstance(y, Value) else y), expected, FIRST, f"{what} of Values")
    columns = [np.array(c) for c in zip(*places, strict=True)]
    for result, of in ((row(*columns), "arrays"), (row(*(Tensor(c) for c in columns)), "Tensors")):
        data = result.data if isinstance(result, Tensor) else result
        for got, args in zip(data, places, strict=True):
            close(float(got), true_value(row, args), FIRST, f"{row.name}{args} of {of}")


def check_first(row: Elementwise, count: int = 12) -> None:
    """The local derivatives are right as floats, in the backward pass of Values, and in that of Tensors."""
    places = points(row, count)
    tensors = [Tensor(c) for c in zip(*places, strict=True)]
    if slots_of(row):
        row(*tensors).sum().backward()
    for k, args in enumerate(places):
        values = [Value(a) for a in args]
        if slots_of(row):
            row(*values).backward()
        for slot in slots_of(row):
            expected = true_derivative(row, args, (slot,))
            what = f"∂{row.name}{args}/∂{'abc'[slot]}"
            close(row.local_of(slot, row.float_of(*args), *args), expected, FIRST, what)
            close(values[slot].grad, expected, FIRST, f"{what} of Values")
            close(float(tensors[slot].grad[k]), expected, FIRST, f"{what} of Tensors")


def recorded_derivative(y: Any, args: list[Any], slots: tuple[int, ...]) -> Any:
    """Differentiate a recorded value along ``slots``, one after the other."""
    for slot in slots:
        if not y.requires_grad:
            return Value(0.0)
        y = autograd.grad(y, args[slot], create_graph=True)
    return y


def check_order(row: Elementwise, order: int, count: int = 3) -> None:
    """Every partial derivative of one order, obtained by differentiating the recorded rule again, is right."""
    tolerance = {1: FIRST, 2: SECOND, 3: THIRD}[order]
    for args in points(row, count, seed=order):
        for slots in itertools.combinations_with_replacement(slots_of(row), order):
            values = [Value(a) for a in args]
            got = recorded_derivative(row(*values), values, slots)
            expected = true_derivative(row, args, slots)
            close(got.data, expected, tolerance, f"{row.name}{args} differentiated along {slots}", scale=1e-2)


def check_textbook(row: Elementwise, count: int = 12) -> None:
    """The derivative that is printed equals the one that is computed."""
    for args in points(row, count):
        y = row.float_of(*args)
        for slot, rule in enumerate(row.textbook, start=row.passive):
            if rule is not None:
                local = row.local_of(slot, y, *args)
                close(
                    float(rule(y, *args)), mp.mpf(local), 1e-9, f"textbook ∂{row.name}{args}/∂{'abc'[slot]}", scale=1e-3
                )


def check_expansion(row: Elementwise, count: int = 12) -> None:
    """The expansion into simpler operations gives the same value and the same derivatives."""
    if row.expansion is None:
        return
    for args in points(row, count):
        values, others = [Value(a) for a in args], [Value(a) for a in args]
        y, z = row(*values), row.expansion(*others)
        close(z.data, mp.mpf(y.data), 1e-12, f"expansion of {row.name}{args}", scale=1e-3)
        y.backward()
        z.backward()
        for v, o in zip(values, others, strict=True):
            close(o.grad, mp.mpf(v.grad), 1e-10, f"derivative of the expansion of {row.name}{args}", scale=1e-2)


def same(got: float, expected: float, tolerance: float = 1e-14) -> bool:
    """Compare at an edge: nan with nan, an infinity with itself, numbers closely."""
    if math.isnan(expected) or math.isinf(expected):
        return math.isnan(got) if math.isnan(expected) else got == expected
    return math.isclose(got, expected, rel_tol=tolerance, abs_tol=1e-300)


def edge_cases(row: Elementwise) -> Iterator[tuple[tuple[float, ...], float, tuple[float, ...]]]:
    """Give (arguments, value, local derivatives) for each convention of the row."""
    for args, (value, *locals_) in row.edges.items():
        yield args, value, tuple(locals_)


def check_edges(row: Elementwise) -> None:
    """Each convention holds for floats, Values, arrays and Tensors, in value and first derivative."""
    for args, value, locals_ in edge_cases(row):
        what = f"{row.name}{args}"
        assert same(row(*args), value), f"{what} of floats: {row(*args)}"
        assert same(float(row(*(np.array([a, a]) for a in args))[1]), value), f"{what} of arrays"
        values, tensors = [Value(a) for a in args], [Tensor([a, a]) for a in args]
        y, z = row(*values), row(*tensors)
        assert same(y.data, value), f"{what} of Values: {y.data}"
        assert same(float(z.data[0]), value), f"{what} of Tensors: {z.data}"
        y.backward()
        z.backward(np.ones(2))
        for slot, local in zip(slots_of(row), locals_, strict=True):
            assert same(row.local_of(slot, row.float_of(*args), *args), local), f"{what}: local derivative {slot}"
            assert same(values[slot].grad, local), (
                f"{what}: Value's gradient {slot} is {values[slot].grad}, not {local}"
            )
            assert same(float(tensors[slot].grad[1]), local), (
                f"{what}: Tensor's gradient {slot} is {tensors[slot].grad}"
            )
