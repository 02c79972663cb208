"""Derivatives of functions: every transformation, on numbers, arrays and containers, nested in each other, to third order."""

from __future__ import annotations

import math
from collections import namedtuple
from typing import Any

import mpmath
import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp
from autograd.errors import GradientError, InputTypeError, InputValueError, ShapeError
from tests.autograd.array_checks import near, slope

W = np.array([[0.3, -0.7, 0.2], [1.1, 0.4, -0.5]])


def model(x: Any) -> Any:
    """A function of three numbers with two outputs."""
    return autograd.tanh(autograd.matmul(W, x)) * x[0]


def loss(x: Any) -> Any:
    """A function of three numbers with one output."""
    return (model(x) ** 2).sum() + autograd.logsumexp(x)


X = np.array([0.5, -0.2, 0.8])


def test_grad_of_numbers_gives_numbers():
    """Plain numbers in, plain numbers out: int, float, NumPy scalar."""
    for x in (3, 3.0, np.float32(3), np.int64(3), True * 3):
        g = grad(lambda x: x * x)(x)
        assert type(g) is float
        assert g == 6.0
    value, g = value_and_grad(lambda x, y: x * y)(3, 4)
    assert (type(value), value, g) == (float, 12.0, 4.0)


def test_grad_of_arrays_gives_arrays():
    """Arrays and nested lists in, arrays out, in the floating type that came in."""
    near(grad(loss)(X), slope(lambda x: float(loss(x)), X), "grad")
    assert isinstance(grad(loss)(X), np.ndarray)
    assert grad(lambda x: (x * x).sum())(np.float32([1, 2])).dtype == np.float32
    np.testing.assert_array_equal(grad(lambda x: (x * x).sum())([[1, 2], [3, 4]]), [[2.0, 4.0], [6.0, 8.0]])


def test_argnums():
    """One number, several, negative ones; a wrong one is named."""

    def f(a: Any, b: Any, c: Any) -> Any:
        return a * b**2 * c**3

    assert grad(f, 1)(2.0, 3.0, 1.0) == 12.0
    assert grad(f, (0, 2))(2.0, 3.0, 1.0) == (9.0, 54.0)
    assert grad(f, [2])(2.0, 3.0, 1.0) == (54.0,)
    assert grad(f, -1)(2.0, 3.0, 1.0) == 54.0
    for bad in (3, (0, 5), "a", 0.5):
        with pytest.raises(InputValueError, match=r"argnums=.* does not fit 3 argument"):
            grad(f, bad if not isinstance(bad, str) else (bad,))(2.0, 3.0, 1.0)


def test_keyword_arguments_pass_through():
    """Named arguments reach the function and are not differentiated."""
    assert grad(lambda x, *, k: x**k)(2.0, k=3) == 12.0
    value, g = value_and_grad(lambda x, *, k: x**k)(2.0, k=3)
    assert (value, g) == (8.0, 12.0)


Point = namedtuple("Point", "x y")  # noqa: PYI024  a plain namedtuple, as users write it


def test_nested_containers():
    """Tuples, lists, dicts and named tuples of numbers and arrays keep their form."""

    def f(p: Any) -> Any:
        return (p["w"] @ p["layers"][0]).sum() * p["layers"][1] + p["at"].x * p["at"].y

    p = {"w": W, "layers": [X, 2.0], "at": Point(3.0, 5.0)}
    g = grad(f)(p)
    assert list(g) == ["w", "layers", "at"]
    near(g["w"], np.broadcast_to(2 * X, (2, 3)), "w")
    near(g["layers"][0], 2 * W.sum(0), "x")
    assert g["layers"][1] == pytest.approx((W @ X).sum())
    assert g["at"] == Point(5.0, 3.0)
    assert type(g["at"]) is Point
    assert grad(lambda t: t[0] * t[1][0])((2.0, (3.0,))) == (3.0, (2.0,))


def test_gradient_for_unused_inputs_is_zero():
    """An argument that the function does not use has gradient 0, in its own form."""
    g = grad(lambda p: p["a"] * 2)({"a": 1.0, "b": X, "c": Tensor([1.0])})
    assert (g["a"], g["b"].tolist(), g["c"].tolist()) == (2.0, [0.0, 0.0, 0.0], [0.0])
    assert grad(lambda x: 3.0)(2.0) == 0.0
    assert value_and_grad(lambda x: 3.0)(np.ones(2))[1].tolist() == [0.0, 0.0]


def test_vjp_and_jvp_are_transposes():
    """⟨v, J u⟩ = ⟨Jᵀ v, u⟩, and both agree with the Jacobian."""
    rng = np.random.default_rng(0)
    u, v = rng.normal(size=3), rng.normal(size=2)
    J = jacobian(model)(X)
    near(J, np.stack([slope(lambda x, i=i: float(model(x)[i]), X) for i in range(2)]), "jacobian")
    y, pull = vjp(model, X)
    near(y, model(X), "value")
    near(pull(v)[0], v @ J, "vjp", 1e-12)
    near(pull(2 * v)[0], 2 * v @ J, "vjp again", 1e-12)
    y, tangent = jvp(model, (X,), (u,))
    near(tangent, J @ u, "jvp", 1e-12)


def test_jvp_of_one_argument_needs_no_tuple():
    """A number, an array or a node stands for the only argument; what does not fit is named as a tangent."""
    assert jvp(lambda x: x * x, 3.0, 1.0) == (9.0, 6.0)
    value, product = jvp(lambda x: x * x, np.array([1.0, 2.0]), np.array([1.0, 0.5]))
    assert (value.tolist(), product.tolist()) == ([1.0, 4.0], [2.0, 2.0])
    with pytest.raises(ShapeError, match=r"a tangent of shape \(3,\) does not fit an argument of shape \(2,\)"):
        jvp(lambda x: x * x, np.ones(2), np.ones(3))
    with pytest.raises(InputTypeError, match="tangents are a tuple"):
        jvp(lambda x: x * x, (np.ones(2),), np.ones(2))


def test_vjp_and_jvp_on_containers():
    """Several arguments, several outputs, containers on both sides."""

    def f(a: Any, p: Any) -> Any:
        return {"s": a * p["b"].sum(), "t": [p["b"] * a, p["b"] @ p["b"]]}

    args = (2.0, {"b": X})
    y, pull = vjp(f, *args)
    assert y["s"] == pytest.approx(2 * X.sum())
    ga, gp = pull({"s": 1.0, "t": [np.ones(3), 10.0]})
    assert ga == pytest.approx(X.sum() + X.sum())
    near(gp["b"], 2 + 2 + 20 * X, "b", 1e-12)
    y, t = jvp(f, args, (1.0, {"b": np.ones(3)}))
    assert t["s"] == pytest.approx(X.sum() + 6.0)
    near(t["t"][0], X + 2, "t", 1e-12)
    assert t["t"][1] == pytest.approx(2 * X.sum())


def test_jacobian_shapes():
    """Output's shape, then input's; numbers give numbers; several arguments give a tuple."""
    assert jacobian(lambda x: x * x)(3.0) == 6.0
    assert jacobian(lambda x: (x * x).sum())(X).shape == (3,)
    assert jacobian(lambda x: x * W)(2.0).shape == (2, 3)
    assert jacobian(lambda x: autograd.outer(x, x))(X).shape == (3, 3, 3)
    a, b = jacobian(lambda a, b: a * b, (0, 1))(X, 2.0)
    near(a, 2 * np.eye(3), "a")
    near(b, X, "b")
    parts = jacobian(lambda x: {"s": x.sum(), "m": x * 2})(X)
    near(parts["m"], 2 * np.eye(3), "m")


def test_hessian_and_hvp():
    """Symmetric, equal to differences of the gradient; the product is formed without it."""
    H = hessian(loss)(X)
    near(H, H.T, "symmetric", 1e-12)
    near(H, np.stack([slope(lambda x, i=i: float(grad(loss)(x)[i]), X) for i in range(3)]), "hessian")
    v = np.array([1.0, -2.0, 0.5])
    near(hvp(loss, X, v), H @ v, "hvp", 1e-12)
    assert hessian(lambda x: x**4)(2.0) == 48.0
    blocks = hessian(lambda a, b: a**2 * b.sum(), (0, 1))(3.0, X)
    assert blocks[0][0] == pytest.approx(2 * X.sum())
    near(blocks[0][1], np.full(3, 6.0), "mixed")
    near(blocks[1][0], np.full(3, 6.0), "mixed")
    near(blocks[1][1], np.zeros((3, 3)), "b")
    first, second = hvp(lambda a, b: a**2 * b.sum(), (3.0, X), (1.0, np.ones(3)))
    assert first == pytest.approx(2 * X.sum() + 18)
    near(second, np.full(3, 6.0), "hvp of two arguments")
    assert hvp(lambda x: x**3, 2.0, 5.0) == 60.0


def test_perturbations_do_not_mix():
    """The classical confusion: d/dx (x · d/dy (x + y)) is 1, not 2; and its relatives."""
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(1.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y * y)(3.0))(2.0) == 2 * 2 * 6.0
    assert grad(lambda x: grad(lambda y: x * grad(lambda z: x * y * z * z)(2.0))(3.0))(5.0) == 2 * 5.0 * 4.0
    assert grad(lambda x: x * jvp(lambda y: x * y, (2.0,), (1.0,))[1])(3.0) == 6.0
    assert grad(lambda x: grad(lambda y: y * y)(x))(7.0) == 2.0
    assert grad(lambda x: vjp(lambda y: x * y * y, x)[1](1.0)[0])(3.0) == 4 * 3.0


def test_the_inner_derivative_is_a_node_when_it_depends_on_an_outer_value():
    """X * grad(λy. x·y·y)(3.0) is tracked in x; with nothing tracked behind it, the inner derivative is a number."""
    for f in (
        lambda x: x * grad(lambda y: x * y * y)(3.0),
        lambda x: vjp(lambda y: x * y * y, 3.0)[1](1.0)[0],
        lambda x: jvp(lambda y: x * y * y, (3.0,), (1.0,))[1],
        lambda x: hvp(lambda y: x * y**3, 3.0, 1.0),
        lambda x: value_and_grad(lambda y: x * y * y)(3.0)[0],
        lambda x: value_and_grad(lambda y: x * y * y)(x)[0],
        lambda x: vjp(lambda y: x * y * y, x)[0],
        lambda x: jvp(lambda y: x * y * y, (x,), (1.0,))[0],
        lambda x: jvp(lambda y: y * y, (3.0,), (x,))[1],
        lambda x: vjp(lambda y: y * y, 3.0)[1](x)[0],
    ):
        g = grad(f)(2.0)
        assert type(g) is float, "the inner inputs are nobody else's: the outermost derivative is a number"
        assert math.isclose(g, (f(2.0 + 1e-5) - f(2.0 - 1e-5)) / 2e-5, rel_tol=1e-7)
    x = Value(2.0)
    y = x * grad(lambda y: x * y * y)(3.0)
    assert y.data == 24.0
    y.backward()
    assert x.grad == 24.0
    assert type(grad(lambda y: y * y)(3.0)) is float
    assert isinstance(grad(lambda y: y * y)(x), Value)
    t = Tensor([1.0, 2.0])
    (grad(lambda y: (t * y * y).sum())(3.0) * 1.0).backward()
    assert t.grad.tolist() == [6.0, 6.0]
    value, _ = value_and_grad(lambda y: y * t.sum())(1.0)
    assert isinstance(value, Value | Tensor)


def test_jacobian_of_jacobian_and_mixed_transformations():
    """Any order of forward products, pullbacks, Jacobians and Hessians."""
    third = jacobian(hessian(lambda x: (x**4).sum()))(X)
    expected = np.zeros((3, 3, 3))
    for i in range(3):
        expected[i, i, i] = 24 * X[i]
    near(third, expected, "third", 1e-12)
    near(
        jacobian(lambda x: jvp(model, (x,), (np.ones(3),))[1])(X),
        jacobian(jacobian(model))(X).sum(1),
        "jacobian of jvp",
        1e-12,
    )
    near(
        grad(lambda x: (vjp(model, x)[1](np.ones(2))[0] ** 2).sum())(X),
        2 * hessian(lambda x: model(x).sum())(X) @ grad(lambda x: model(x).sum())(X),
        "grad of vjp",
        1e-10,
    )
    near(jvp(grad(loss), (X,), (np.ones(3),))[1], hessian(loss)(X).sum(1), "jvp of grad", 1e-12)
    near(
        grad(lambda v: (hvp(loss, X, v) ** 2).sum())(np.ones(3)),
        2 * hessian(loss)(X) @ hessian(loss)(X).sum(1),
        "grad of hvp along v",
        1e-10,
    )


def expression(seed: int) -> tuple[Any, Any]:
    """Give the same random expression of three numbers over our functions and over mpmath's."""
    rng = np.random.default_rng(seed)
    steps = [(rng.integers(8), rng.integers(1 << 30), rng.integers(1 << 30)) for _ in range(7)]

    def build(xs: Any, m: Any) -> Any:
        nodes = list(xs)
        for kind, i, j in steps:
            a, b = nodes[i % len(nodes)], nodes[j % len(nodes)]
            nodes.append(
                [lambda: a * b, lambda: a + b * 2, lambda: m.tanh(a) * b, lambda: m.sin(a + b), lambda: a / (b * b + 2), lambda: m.exp(-a * a),
                 lambda: m.sqrt(a * a + b * b + 1), lambda: m.log(a * a + 1.5) - b][kind]()
            )  # fmt: skip
        return nodes[-1] + nodes[-2] * nodes[-3]

    return lambda *xs: build(xs, autograd), lambda *xs: build(xs, mpmath)


@pytest.mark.parametrize("seed", range(12))
def test_third_derivatives_of_random_expressions(seed: int):
    """Every third partial derivative agrees with mpmath's, for floats through nested grad and for arrays through jacobian."""
    ours, exact = expression(seed)
    at = [0.4, -0.7, 1.2]
    mixed = [(0, 0, 0), (0, 1, 2), (1, 1, 2), (2, 2, 2)]
    with mpmath.workdps(40):
        expected = [
            float(mpmath.diff(exact, tuple(map(mpmath.mpf, at)), tuple(s.count(i) for i in range(3)))) for s in mixed
        ]
    T = jacobian(hessian(lambda x: ours(x[0], x[1], x[2])))(np.array(at))
    for (i, j, k), e in zip(mixed, expected, strict=True):
        f = grad(grad(grad(ours, i), j), k)
        assert math.isclose(f(*at), e, rel_tol=1e-9, abs_tol=1e-9), (seed, i, j, k)
        assert math.isclose(T[i, j, k], e, rel_tol=1e-9, abs_tol=1e-9), (seed, i, j, k)


def test_grad_of_recorded_values():
    """grad(y, inputs) gives gradients and leaves every .grad alone; one input gives one gradient; containers keep their form."""
    a, b = Value(2.0), Tensor([1.0, 3.0])
    y = (a * b * b).sum()
    assert grad(y, a) == 10.0
    ga, gb = grad(y, [a, b])
    assert (ga, gb.tolist()) == (10.0, [4.0, 12.0])
    named = grad(y, {"a": a, "b": (b,)})
    assert (named["a"], named["b"][0].tolist()) == (10.0, [4.0, 12.0])
    assert (a.grad, b.grad, y.grad) == (None, None, None)
    assert grad([y, a * 5], a) == 15.0
    assert grad([y, a * 5], a, gradient=[2.0, 1.0]) == 25.0
    assert grad(y, a, gradient=3.0) == 30.0
    np.testing.assert_array_equal(grad(b * b, b, gradient=[1.0, 10.0]), [2.0, 60.0])
    np.testing.assert_array_equal(grad([b * b], b, gradient=[[1.0, 10.0]]), [2.0, 60.0])


def test_inner_nodes_as_inputs_and_inputs_that_depend_on_each_other():
    """∂y/∂h for an inner node h; with x and h(x) both asked for, each gets its total derivative."""
    x = Value(3.0)
    h = x * x
    y = h * h + x
    assert grad(y, h) == 18.0
    assert grad(y, [x, h]) == [2 * 9 * 6.0 + 1, 18.0]
    assert grad(y, [h, x, y]) == [18.0, 109.0, 1.0]
    g = grad(y, h, create_graph=True)
    assert grad(g, h) == 2.0
    assert grad(g, x) == 2 * 6.0
    t = Tensor([1.0, 2.0])
    s = t * 2
    z = (s * s).sum() + t.sum()
    gs, gt = grad(z, [s, t])
    assert (gs.tolist(), gt.tolist()) == ([4.0, 8.0], [9.0, 17.0])


def test_unused_inputs_of_a_recorded_value():
    """0 by default; an error on request."""
    x, z = Value(2.0), Tensor([1.0])
    y = x * x
    assert grad(y, [x, z])[1].tolist() == [0.0]
    with pytest.raises(GradientError, match="was not used to compute"):
        grad(y, [x, z], allow_unused=False)
    later = Value(1.0)
    assert grad(y, later) == 0.0


def test_create_graph_to_any_order():
    """backward(create_graph=True): .grad is a node that can be differentiated again; order by order, x⁴ ends at 24."""
    x = Value(2.0)
    y = x**4
    for expected in (32.0, 48.0, 48.0, 24.0):
        x.zero_grad()
        y.backward(create_graph=True)
        y = x.grad
        assert y.data == expected
    t = Tensor([1.0, 2.0])
    (t**3).sum().backward(create_graph=True)
    g = t.grad
    t.zero_grad()
    (g * g).sum().backward()
    np.testing.assert_allclose(t.grad, 2 * 3 * t.data**2 * 6 * t.data)


def test_a_gradient_penalty_trains():
    """The use of it all: a loss that contains a gradient."""
    w = Tensor([0.5, -0.3])
    losses = []
    for _ in range(30):
        x = Tensor([1.0, 2.0])
        y = (w * x).tanh().sum()
        (g,) = grad(y, [x], create_graph=True)
        total = (g * g).sum() + y * y
        losses.append(total.item())
        w.zero_grad()
        total.backward()
        w.data -= 0.1 * w.grad
    assert losses[-1] < 0.01 * losses[0] + 1e-3


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: grad(3.0), InputTypeError, "grad takes a function, or a recorded Value or Tensor; got 3.0"),
        (lambda: grad(lambda x: x * 2)("a"), InputTypeError, "'a'"),
        (lambda: grad(lambda x: x * 2)(1j), InputTypeError, "complex"),
        (lambda: grad(lambda x: x * 2)(None), InputTypeError, "None"),
        (lambda: grad(lambda x: x * 2)(X), ShapeError, r"gives one number; this one gave shape \(3,\).*jacobian"),
        (lambda: grad(lambda x: "text")(1.0), GradientError, "'text'.*has no derivative"),
        (lambda: grad(lambda x: None)(1.0), GradientError, "None.*has no derivative"),
        (lambda: grad(autograd.argmax)(X), GradientError, r"gave 2 \(int\), which has no derivative.*argmax"),
        (lambda: grad(lambda x: x > 0)(1.0), GradientError, "True.*bool.*has no derivative.*comparisons"),
        (lambda: grad(lambda x: (x > 0).sum())(X), GradientError, "has no derivative"),
        (lambda: jacobian(lambda x: x > 0)(X), GradientError, "has no derivative"),
        (lambda: jacobian(lambda x: "a")(X), GradientError, "expected real numbers"),
        (lambda: vjp(model, X)[1](np.ones(3)), ShapeError, r"cotangent of shape \(3,\) does not fit an output of shape \(2,\)"),
        (lambda: vjp(model, X)[1]((1.0, 2.0)), ShapeError, r"2 cotangent\(s\) for 1 output"),
        (lambda: jvp(model, (X,), (np.ones(2),)), ShapeError, r"shape \(2,\)"),
        (lambda: jvp(model, (X,), (X, X)), ShapeError, r"1 primal\(s\) and 2 tangent"),
        (lambda: grad(Value(1.0) * 2, [3.0]), InputTypeError, r"takes Values or Tensors as inputs; got \[3.0\]"),
        (lambda: grad((Value(1.0) * 2).detach(), Value(1.0)), GradientError, "is a constant"),
        (lambda: grad(Tensor([1.0, 2.0]) * 2, Value(1.0)), ShapeError, r"shape \(2,\)"),
        (lambda: vjp("f", X), InputTypeError, "takes a function"),
        (lambda: grad(lambda a, b: a * b, (0, -2))(1.0, 2.0), InputValueError, "names an argument twice"),
        (lambda: grad([Value(1.0) * 2, Value(1.0) * 3], Value(1.0), gradient=[1.0]), ShapeError, r"1 gradient\(s\) for 2 output"),
    ],
)  # fmt: skip
def test_bad_input(call: Any, error: type[Exception], message: str):
    """Each slip has its own message."""
    with pytest.raises(error, match=message):
        call()


def test_functions_keep_their_names():
    """The derivative of f says so in its name."""

    def area(r: Any) -> Any:
        """Area of a circle."""
        return math.pi * r * r

    assert grad(area).__name__ == "grad_of_area"
    assert value_and_grad(area).__doc__ == "Area of a circle."
