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
