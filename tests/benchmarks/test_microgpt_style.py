"""Does the peer that was written for the harness differentiate rightly?"""

from __future__ import annotations

import pytest

from .microgpt_style import Value


def test_the_microgpt_style_gradients_are_right() -> None:
    """Central differences agree with the class, for every operation that it has."""

    def f(x: Value | float, y: Value | float) -> Value:
        x, y = (v if isinstance(v, Value) else Value(v) for v in (x, y))
        return (x * y - 2.0).tanh() / (x**2.0 + 1.0) + (3.0 - y).relu() * 0.5 + (-x).exp() + 1.0 / (2.0 * y)

    x, y, h = Value(0.7), Value(1.3), 1e-6
    f(x, y).backward()
    assert x.grad == pytest.approx((f(0.7 + h, 1.3).data - f(0.7 - h, 1.3).data) / (2 * h), rel=1e-8)
    assert y.grad == pytest.approx((f(0.7, 1.3 + h).data - f(0.7, 1.3 - h).data) / (2 * h), rel=1e-8)
