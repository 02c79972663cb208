"""PyTorch and JAX functions, where these libraries are installed; without them, that nothing is imported early."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from autograd.check import check_gradients, from_jax, from_torch


def test_the_other_library_is_imported_when_a_function_is_wrapped():
    """Importing the module that wraps imports neither library."""
    code = "import sys, autograd.check.foreign; sys.exit('torch' in sys.modules or 'jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_torch():
    """A right torch function passes to second order; a wrong custom backward is found."""
    torch = pytest.importorskip("torch")
    x, w = np.array([[0.3, -0.7], [1.1, 0.4]]), np.array([0.5, -0.2])
    report = check_gradients(from_torch(lambda x, w: torch.tanh(x @ w) * w.sum()), x, w, order=2)
    assert report.ok
    assert report.elements[0].name == "x[0, 0]"

    class Cube(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a):
            ctx.save_for_backward(a)
            return a**3

        @staticmethod
        def backward(ctx, g):
            (a,) = ctx.saved_tensors
            return g * 2 * a**2

    report = check_gradients(from_torch(Cube.apply), w)
    assert len(report.wrong) == 2
    assert check_gradients(from_torch(torch.relu), np.array([0.0, 1.0, -1.0])).ok


def test_torch_beyond_the_first_order():
    """Order 2 looks at the derivatives that torch gives: right ones are verified as they are, one cut from the graph is wrong."""
    torch = pytest.importorskip("torch")
    w = np.array([0.5, -0.2])
    report = check_gradients(from_torch(lambda a: (a**3).sum()), w, order=3)
    assert report.ok
    assert [e.name for e in report.elements[2:4]] == ["a (order 2)[0]", "a (order 2)[1]"]
    weights = [e.given / (6 * x) for e, x in zip(report.elements[2:4], w.tolist(), strict=True)]
    assert all(0.5 <= abs(v) <= 1.5 for v in weights), "the slopes of v·∂f/∂a, not zeros"

    class Cut(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a):
            ctx.save_for_backward(a)
            return a**3

        @staticmethod
        def backward(ctx, g):
            (a,) = ctx.saved_tensors
            return g * 3 * a.detach() ** 2

    assert check_gradients(from_torch(Cut.apply), w).ok
    assert len(check_gradients(from_torch(Cut.apply), w, order=2).wrong) == 2


def test_torch_at_the_edges():
    """Torch tensors are inputs too; what torch says about its own backward pass is in the report; a bare function gets advice."""
    torch = pytest.importorskip("torch")
    assert check_gradients(from_torch(lambda a, i: a[i].sin()), torch.tensor([0.3, 0.5]), torch.tensor([0])).ok

    class Flat(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a):
            return a.sum(1)

        @staticmethod
        def backward(ctx, g):
            return g

    report = check_gradients(from_torch(Flat.apply), np.ones((3, 2)))
    assert not report.ok
    assert "the backward pass raised RuntimeError: Function FlatBackward returned an invalid gradient" in str(report)
    with pytest.raises(TypeError) as error:
        check_gradients(torch.tanh, np.ones(3))
    assert "check_gradients(from_torch(f), x)" in "".join(error.value.__notes__)


def test_jax():
    """A right JAX function passes to second order; a wrong custom rule is found."""
    jax = pytest.importorskip("jax")
    jnp = pytest.importorskip("jax.numpy")
    x, w = np.array([[0.3, -0.7], [1.1, 0.4]]), np.array([0.5, -0.2])
    assert check_gradients(from_jax(lambda x, w: jnp.tanh(x @ w) * w.sum()), x, w, order=2).ok

    @jax.custom_vjp
    def cube(a):
        return a**3

    cube.defvjp(lambda a: (a**3, a), lambda a, g: (2 * g * a**2,))
    assert len(check_gradients(from_jax(cube), w).wrong) == 2
    jax_input = check_gradients(from_jax(lambda a: (a**3).sum()), jnp.asarray(w), order=2)
    assert jax_input.ok
    assert jax_input.elements[2].given != 0

    @jax.custom_vjp
    def cut(a):
        return a**3

    cut.defvjp(lambda a: (a**3, a), lambda a, g: (3 * g * jax.lax.stop_gradient(a) ** 2,))
    assert len(check_gradients(from_jax(cut), w, order=2).wrong) == 2
