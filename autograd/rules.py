"""The table of derivatives: every elementwise operation, once.

Read it like the table at the back of a calculus book. A row gives the name, how it is computed, and one local
derivative per argument, where ``y`` is the output and ``a, b, c`` are the arguments. The same row is computed
(with floats and arrays), recorded (with Values and Tensors: derivatives have derivatives), printed (with
Symbols) and tested (its domain, kinks and edge conventions are columns too).

Three rules keep the table sound:

- Families are closed and stable: tanh' is ``sech(a)**2``, right in the tails, where ``1 - y*y`` is 0.
- A guard is a *double* ``where``: the branch that is not taken must not compute anything infinite either,
  since 0·inf = nan would come back at second order.
- At a kink the row takes one definite derivative and says so in ``edges``: the arguments, then the value and
  the local derivatives.

``textbook=`` is the derivative as a book prints it, when the stable one looks different; tests hold both equal.

Sources: Abramowitz & Stegun (1964), sections 3.3 (rules), 4.1-4.6 (elementary functions), 7.1 (error function);
for the activations, the papers named in ``numeric``.
"""

# mypy: disable-error-code="has-type"
# A rule may name a row further down; mypy reads from the top.

from __future__ import annotations

import math
import operator
from typing import Any

from autograd import numeric as n
from autograd.forms import COMPARE, POWER, PRODUCT, SIGN, SUM, Form, call, infix
from autograd.operations import Elementwise, Operation, register

inf, nan = math.inf, math.nan
POSITIVE, UNIT = ((0.0, inf),), ((-1.0, 1.0),)
ZERO = (lambda a: a,)  # a kink where this is zero


def row(name: str, compute: Any, *derivatives: Any, **columns: Any) -> Elementwise:
    """Define one row and put it into the table."""
    operation = Elementwise(name, compute, *derivatives, **columns)
    register(operation)
    return operation


def function(name: str, glyph: str | None = None, latex: str | None = None, arity: int = 1) -> Form:
    """Write as a function call with a glyph or LaTeX name of its own."""
    return call(name, arity, glyph, latex)


# fmt: off
# --- Arithmetic -----------------------------------------------------------------------------------------------
#              name         compute              ∂y/∂a                                  ∂y/∂b
add      = row("add",       operator.add,        lambda y, a, b: 1,                     lambda y, a, b: 1,
               form=infix("+", "+", "{a} + {b}", SUM, associative=True))
sub      = row("sub",       operator.sub,        lambda y, a, b: 1,                     lambda y, a, b: -1,
               form=infix("-", "-", "{a} - {b}", SUM))
mul      = row("mul",       operator.mul,        lambda y, a, b: b,                     lambda y, a, b: a,
               form=infix("×", "*", r"{a} \cdot {b}", PRODUCT, associative=True))
div      = row("div",       operator.truediv,    lambda y, a, b: 1 / b,                 lambda y, a, b: -y / b,
               form=Form("/", "{a} / {b}", "{a} / {b}", r"\frac{{{a}}}{{{b}}}", PRODUCT, (PRODUCT, PRODUCT + 1)),
               textbook=(None, lambda y, a, b: -a / b**2), edges={(1.0, 0.0): (inf, inf, -inf)})
neg      = row("neg",       operator.neg,        lambda y, a: -1,
               form=Form("-", "-{a}", "-{a}", "-{a}", SIGN, (SIGN,)))
positive = row("positive",  n.positive,          lambda y, a: 1, form=Form("+", "+{a}", "+{a}", "+{a}", SIGN, (SIGN,)))
# x**0 at 0 is 1 with gradient 0; 0**b has gradient 0 in b for b ≥ 0; a negative base has no derivative in b (nan).
power    = row("pow",       n.power,
               lambda y, a, b: where(b == 0, 0, b * power(a, where(b == 0, 1, b - 1))),
               lambda y, a, b: where((a == 0) & (b >= 0), 0, y * log(where((a == 0) & (b >= 0), 1, a))),
               form=Form("**", "{a}**{b}", "{a} ** {b}", "{a}^{{{b}}}", POWER, (POWER + 1, SIGN)),
               textbook=(lambda y, a, b: b * a ** (b - 1), lambda y, a, b: y * log(a)), domain=((0.0, inf), (-inf, inf)),
               edges={(0.0, 0.0): (1.0, 0.0, 0.0), (0.0, 2.0): (0.0, 0.0, 0.0), (0.0, 0.5): (0.0, inf, 0.0),
                      (-2.0, 2.0): (4.0, -4.0, nan), (-8.0, 0.5): (nan, nan, nan), (1e200, 2.0): (inf, 2e200, inf)})
# Python's sign rule: the result has the sign of b. Jumps where a/b is an integer.
mod      = row("mod",       n.mod,               lambda y, a, b: 1,                     lambda y, a, b: -floor(a / b),
               form=infix("%", "%", r"{a} \bmod {b}", PRODUCT), kinks=(lambda a, b: n.sin(math.pi * a / b),),
               domain=((-inf, inf), (0.0, inf)))
fmod     = row("fmod",      n.fmod,              lambda y, a, b: 1,                     lambda y, a, b: -trunc(a / b),
               kinks=(lambda a, b: n.sin(math.pi * a / b),), domain=((-inf, inf), (0.0, inf)))

# --- Powers, exponentials, logarithms -------------------------------------------------------------------------
reciprocal = row("reciprocal", n.reciprocal,     lambda y, a: -y * y, textbook=(lambda y, a: -1 / a**2,), domain=POSITIVE,
                 form=Form("1/", "1 / {a}", "1 / {a}", r"\frac{{1}}{{{a}}}", PRODUCT, (PRODUCT + 1,)), edges={(0.0,): (inf, -inf)})
square   = row("square",    n.square,            lambda y, a: 2 * a,
               form=Form("²", "{a}²", "{a} ** 2", "{a}^2", POWER, (POWER + 1,)), edges={(1e200,): (inf, 2e200)})
sqrt     = row("sqrt",      n.sqrt,              lambda y, a: 0.5 / y, domain=POSITIVE,
               form=Form("√", "√({a})", "sqrt({a})", r"\sqrt{{{a}}}"), edges={(0.0,): (0.0, inf), (-1.0,): (nan, nan)})
cbrt     = row("cbrt",      n.cbrt,              lambda y, a: 1 / (3 * y * y), domain=POSITIVE,
               form=Form("∛", "∛({a})", "cbrt({a})", r"\sqrt[3]{{{a}}}"))
exp      = row("exp",       n.exp,               lambda y, a: y, form=function("exp", latex=r"\exp"), edges={(800.0,): (inf, inf)})
exp2     = row("exp2",      n.exp2,              lambda y, a: y * math.log(2), form=function("exp2", latex="2^{{{a}}}"))
expm1    = row("expm1",     n.expm1,             lambda y, a: exp(a), edges={(-40.0,): (math.expm1(-40.0), math.exp(-40.0))})
# Outside the domain the value is nan, and so are the derivatives of every order, though 1/a would be a number there.
log      = row("log",       n.log,               lambda y, a: 1 / where(a >= 0, a, nan), textbook=(lambda y, a: 1 / a,),
               form=function("log", latex=r"\ln"), domain=POSITIVE, edges={(0.0,): (-inf, inf), (-1.0,): (nan, nan)})
log1p    = row("log1p",     n.log1p,             lambda y, a: 1 / where(a >= -1, 1 + a, nan), textbook=(lambda y, a: 1 / (1 + a),),
               domain=((-1.0, inf),), edges={(-1.0,): (-inf, inf), (-2.0,): (nan, nan)})
log2     = row("log2",      n.log2,              lambda y, a: 1 / (where(a >= 0, a, nan) * math.log(2)),
               textbook=(lambda y, a: 1 / (a * math.log(2)),), form=function("log2", latex=r"\log_2"), domain=POSITIVE, edges={(0.0,): (-inf, inf)})
log10    = row("log10",     n.log10,             lambda y, a: 1 / (where(a >= 0, a, nan) * math.log(10)),
               textbook=(lambda y, a: 1 / (a * math.log(10)),), form=function("log10", latex=r"\log_{{10}}"), domain=POSITIVE, edges={(0.0,): (-inf, inf)})
logaddexp = row("logaddexp", n.logaddexp,        lambda y, a, b: sigmoid(a - b),        lambda y, a, b: sigmoid(b - a),
               textbook=(lambda y, a, b: exp(a - y), lambda y, a, b: exp(b - y)))

# --- Trigonometric and hyperbolic -----------------------------------------------------------------------------
sin      = row("sin",       n.sin,               lambda y, a: cos(a), form=function("sin", latex=r"\sin"))
cos      = row("cos",       n.cos,               lambda y, a: -sin(a), form=function("cos", latex=r"\cos"))
tan      = row("tan",       n.tan,               lambda y, a: 1 + y * y, form=function("tan", latex=r"\tan"), domain=((-1.5, 1.5),))
asin     = row("asin",      n.asin,              lambda y, a: 1 / sqrt((1 - a) * (1 + a)), textbook=(lambda y, a: 1 / sqrt(1 - a**2),),
               form=function("asin", latex=r"\arcsin"), domain=UNIT, edges={(1.0,): (math.pi / 2, inf), (2.0,): (nan, nan)})
acos     = row("acos",      n.acos,              lambda y, a: -1 / sqrt((1 - a) * (1 + a)), textbook=(lambda y, a: -1 / sqrt(1 - a**2),),
               form=function("acos", latex=r"\arccos"), domain=UNIT, edges={(1.0,): (0.0, -inf), (2.0,): (nan, nan)})
atan     = row("atan",      n.atan,              lambda y, a: 1 / (1 + a * a), form=function("atan", latex=r"\arctan"))
# The angle of the point (b, a); at the origin the gradient is 0.
atan2    = row("atan2",     n.atan2,             lambda y, a, b: _over(b, hypot(a, b)) / _safe(hypot(a, b)),
               lambda y, a, b: -_over(a, hypot(a, b)) / _safe(hypot(a, b)),
               textbook=(lambda y, a, b: b / (a**2 + b**2), lambda y, a, b: -a / (a**2 + b**2)), edges={(0.0, 0.0): (0.0, 0.0, 0.0)},
               kinks=(lambda a, b: n.where((b < 0) & (abs(a) < 1e-3 * abs(b)), 0.0, 1.0),))  # the cut: y jumps from π to −π
sinh     = row("sinh",      n.sinh,              lambda y, a: cosh(a), form=function("sinh", latex=r"\sinh"))
cosh     = row("cosh",      n.cosh,              lambda y, a: sinh(a), form=function("cosh", latex=r"\cosh"))
tanh     = row("tanh",      n.tanh,              lambda y, a: square(sech(a)), textbook=(lambda y, a: 1 - y**2,),
               form=function("tanh", latex=r"\tanh"), edges={(20.0,): (math.tanh(20.0), 1 / math.cosh(20.0) ** 2), (1000.0,): (1.0, 0.0)})
sech     = row("sech",      n.sech,              lambda y, a: -y * tanh(a))
asinh    = row("asinh",     n.asinh,             lambda y, a: 1 / hypot(a, 1), textbook=(lambda y, a: 1 / sqrt(a**2 + 1),), form=function("asinh", latex=r"\operatorname{{arsinh}}"))
acosh    = row("acosh",     n.acosh,             lambda y, a: 1 / (sqrt(a - 1) * sqrt(a + 1)), textbook=(lambda y, a: 1 / sqrt(a**2 - 1),),
               form=function("acosh", latex=r"\operatorname{{arcosh}}"), domain=((1.0, inf),), edges={(1.0,): (0.0, inf), (-2.0,): (nan, nan)})
atanh    = row("atanh",     n.atanh,             lambda y, a: 1 / where(abs(a) <= 1, (1 - a) * (1 + a), nan), textbook=(lambda y, a: 1 / (1 - a**2),),
               form=function("atanh", latex=r"\operatorname{{artanh}}"), domain=UNIT, edges={(1.0,): (inf, inf), (2.0,): (nan, nan)})
hypot    = row("hypot",     n.hypot,             lambda y, a, b: _over(a, y),           lambda y, a, b: _over(b, y),
               textbook=(lambda y, a, b: a / y, lambda y, a, b: b / y), edges={(0.0, 0.0): (0.0, 0.0, 0.0)})

# --- Activations ----------------------------------------------------------------------------------------------
sigmoid  = row("sigmoid",   n.sigmoid,           lambda y, a: y * sigmoid(-a), textbook=(lambda y, a: y * (1 - y),),
               form=function("sigmoid", "σ", r"\sigma"), edges={(40.0,): (n.sigmoid(40.0), math.exp(-40.0)), (-800.0,): (0.0, 0.0)})
logsigmoid = row("logsigmoid", n.logsigmoid,     lambda y, a: sigmoid(-a))
softplus = row("softplus",  n.softplus,          lambda y, a: sigmoid(a), edges={(25.0,): (25 + math.log1p(math.exp(-25.0)), n.sigmoid(25.0))})
relu     = row("relu",      n.relu,              lambda y, a: step(a), kinks=ZERO, form=function("relu", "relu", r"\operatorname{{ReLU}}"),
               edges={(0.0,): (0.0, 0.0), (nan,): (nan, nan)})
leaky_relu = row("leaky_relu", n.leaky_relu,     lambda y, a, b: where(a > 0, 1, b),    lambda y, a, b: where(a > 0, 0, a),
               defaults=(0.01,), kinks=(lambda a, b: a,), edges={(0.0, 0.01): (0.0, 0.01, 0.0)})
elu      = row("elu",       n.elu,               lambda y, a, b: where(a > 0, 1, b * exp(where(a > 0, 0, a))), lambda y, a, b: where(a > 0, 0, expm1(where(a > 0, 0, a))),
               defaults=(1.0,), kinks=(lambda a, b: a,), edges={(0.0, 1.0): (0.0, 1.0, 0.0)})
selu     = row("selu",      n.selu,              lambda y, a: n.SELU_SCALE * where(a > 0, 1, n.SELU_ALPHA * exp(where(a > 0, 0, a))),
               kinks=ZERO, edges={(0.0,): (0.0, n.SELU_SCALE * n.SELU_ALPHA)})
silu     = row("silu",      n.silu,              lambda y, a: sigmoid(a) * (1 + a * sigmoid(-a)), expansion=lambda a: a * sigmoid(a))
gelu     = row("gelu",      n.gelu,              lambda y, a: normal_cdf(a) + a * normal_pdf(a), form=function("gelu", latex=r"\operatorname{{GELU}}"),
               expansion=lambda a: a * normal_cdf(a))
gelu_tanh = row("gelu_tanh", n.gelu_tanh,
               lambda y, a: _gate(a) * (1 + a * sigmoid(-_GELU * (a + n.GELU_CUBIC * a**3)) * _GELU * (1 + 3 * n.GELU_CUBIC * a**2)),
               expansion=lambda a: 0.5 * a * (1 + tanh(0.5 * _GELU * (a + n.GELU_CUBIC * a**3))))
softsign = row("softsign",  n.softsign,          lambda y, a: 1 / (1 + abs(a)) ** 2, edges={(0.0,): (0.0, 1.0)})
mish     = row("mish",      n.mish,              lambda y, a: tanh(softplus(a)) + a * square(sech(softplus(a))) * sigmoid(a),
               expansion=lambda a: a * tanh(softplus(a)))
hardtanh = row("hardtanh",  n.hardtanh,          lambda y, a, b, c: where((b < a) & (a < c), 1, 0), lambda y, a, b, c: where((a <= b) & (b < c), 1, 0),
               lambda y, a, b, c: where((a >= c) | (b >= c), 1, 0), defaults=(-1.0, 1.0), kinks=(lambda a, b, c: (a - b) * (a - c),),
               edges={(1.0, -1.0, 1.0): (1.0, 0.0, 0.0, 1.0), (-1.0, -1.0, 1.0): (-1.0, 0.0, 1.0, 0.0)})
hardsigmoid = row("hardsigmoid", n.hardsigmoid,  lambda y, a: where((a > -3) & (a < 3), 1 / 6, 0), kinks=(lambda a: (a - 3) * (a + 3),),
               edges={(3.0,): (1.0, 0.0), (-3.0,): (0.0, 0.0)})
relu6    = row("relu6",     n.relu6,             lambda y, a: where((a > 0) & (a < 6), 1, 0), kinks=(lambda a: a * (a - 6),),
               edges={(0.0,): (0.0, 0.0), (6.0,): (6.0, 0.0)})

# --- Special functions ----------------------------------------------------------------------------------------
erf      = row("erf",       n.erf,               lambda y, a: 2 / math.sqrt(math.pi) * exp(-a * a))
erfc     = row("erfc",      n.erfc,              lambda y, a: -2 / math.sqrt(math.pi) * exp(-a * a))
normal_cdf = row("normal_cdf", n.normal_cdf,     lambda y, a: normal_pdf(a), form=function("normal_cdf", "Φ", r"\Phi"))
normal_pdf = row("normal_pdf", n.normal_pdf,     lambda y, a: -a * y, form=function("normal_pdf", "φ", r"\varphi"))
# sin(πa) / (πa), as in NumPy and PyTorch. Its slope has a row of its own, so that 0 is right at any order.
sinc     = row("sinc",      n.sinc,              lambda y, a: sinc_slope(a), textbook=(lambda y, a: (cos(math.pi * a) - y) / a,), edges={(0.0,): (1.0, 0.0)})
sinc_slope = row("sinc_slope", n.sinc_slope,     lambda y, a: where(a == 0, -math.pi**2 / 3, -math.pi**2 * sinc(a) - 2 * y / where(a == 0, 1, a)),
               edges={(0.0,): (0.0, -math.pi**2 / 3)})

# --- Corners and choices --------------------------------------------------------------------------------------
absolute = row("abs",       n.absolute,          lambda y, a: sign(a), kinks=ZERO, form=Form("|·|", "|{a}|", "abs({a})", r"\left|{a}\right|"), edges={(0.0,): (0.0, 0.0)})
sign     = row("sign",      n.sign,              lambda y, a: 0, kinks=ZERO, edges={(0.0,): (0.0, 0.0)})
step     = row("step",      n.step,              lambda y, a: 0, kinks=ZERO, edges={(0.0,): (0.0, 0.0), (nan,): (nan, 0.0)})
floor    = row("floor",     n.floor,             lambda y, a: 0, kinks=(lambda a: n.sin(math.pi * a),), form=Form("⌊·⌋", "⌊{a}⌋", "floor({a})", r"\lfloor {a} \rfloor"), edges={(2.0,): (2.0, 0.0)})
ceil     = row("ceil",      n.ceil,              lambda y, a: 0, kinks=(lambda a: n.sin(math.pi * a),), form=Form("⌈·⌉", "⌈{a}⌉", "ceil({a})", r"\lceil {a} \rceil"), edges={(2.0,): (2.0, 0.0)})
trunc    = row("trunc",     n.trunc,             lambda y, a: 0, kinks=(lambda a: n.sin(math.pi * a),), edges={(2.0,): (2.0, 0.0)})
# A tie is shared equally.
maximum  = row("maximum",   n.maximum,           lambda y, a, b: share(a, b),           lambda y, a, b: share(b, a), kinks=(lambda a, b: a - b,),
               form=function("maximum", "max", r"\max", 2), edges={(1.0, 1.0): (1.0, 0.5, 0.5), (nan, 1.0): (nan, nan, nan), (inf, inf): (inf, 0.5, 0.5)})
minimum  = row("minimum",   n.minimum,           lambda y, a, b: share(b, a),           lambda y, a, b: share(a, b), kinks=(lambda a, b: a - b,),
               form=function("minimum", "min", r"\min", 2), edges={(1.0, 1.0): (1.0, 0.5, 0.5)})
# 1 where a > b, ½ at a tie, 0 where a < b: the part of max(a, b) that a has.
share    = row("share",     n.share,             lambda y, a, b: 0,                     lambda y, a, b: 0, kinks=(lambda a, b: a - b,), edges={(2.0, 2.0): (0.5, 0.0, 0.0)})
clip     = row("clip",      n.clip,              lambda y, a, b, c: where((b <= a) & (a <= c), 1, 0), lambda y, a, b, c: where((a < b) & (b <= c), 1, 0),
               lambda y, a, b, c: where((a > c) | (b > c), 1, 0), kinks=(lambda a, b, c: (a - b) * (a - c),),
               edges={(1.0, 0.0, 1.0): (1.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0): (0.0, 1.0, 0.0, 0.0)})
where    = row("where",     n.where,             lambda y, a, b, c: where(a, 1, 0),     lambda y, a, b, c: where(a, 0, 1), passive=1)
equal    = row("equal",     n.equal, arity=2, passive=2, form=Form("==", "{a} == {b}", "{a} == {b}", "{a} = {b}", COMPARE, (COMPARE + 1, COMPARE + 1)))
# fmt: on

_GELU = 2 * math.sqrt(2 / math.pi)


def _gate(a: Any) -> Any:
    """σ(2u) = ½(1 + tanh u), the gate of the tanh form of GELU."""
    return sigmoid(_GELU * (a + n.GELU_CUBIC * a**3))


def _safe(y: Any) -> Any:
    """``y`` where it is not zero, else 1: a divisor."""
    return where(y == 0, 1, y)


def _over(a: Any, y: Any) -> Any:
    """``a / y`` with 0/0 = 0."""
    return where(y == 0, 0, a / _safe(y))


__all__ = [name for name, value in globals().items() if isinstance(value, Operation)]
