"""PyTorch and JAX functions, where these libraries are installed; without them, that nothing is imported early."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from autograd import Tensor, grad
from autograd.check import check_gradients, from_jax, from_torch
from autograd.check.foreign import Foreign
from autograd.check.probe import cotangents
from autograd.trees import flatten


def test_the_other_library_is_imported_when_a_function_is_wrapped():
    """Importing the module that wraps imports neither library."""
    code = "import sys, autograd.check.foreign; sys.exit('torch' in sys.modules or 'jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class Library(Foreign):
    """Stands for another library where none is installed: this engine, behind the same wrapper."""

    def __call__(self, *inputs):
        """Give arrays, also of one number."""
        leaves, rebuild = flatten(self.f(*map(Tensor, inputs)))
        return rebuild([np.asarray(y.data) for y in leaves])

    def vjp(self, v, *inputs):
        """Pull a cotangent back through the outputs."""
        nodes = [Tensor(x) for x in inputs]
        outputs, weights = flatten(self.f(*nodes))[0], flatten(v)[0]
        assert all(isinstance(w, np.ndarray) and w.shape == y.shape for y, w in zip(outputs, weights, strict=True))
        return tuple(grad(outputs, nodes, gradient=weights))

    def derived(self, subject, seed):
        """Give the gradient function."""

        def gradient(*flat):
            outputs = flatten(self.f(*subject._filled(flat)))[0]
            weights = cotangents([y.data for y in outputs], seed)
            return list(grad(outputs, list(flat), gradient=weights, create_graph=True))

        return Library(gradient)


def test_lists_of_single_numbers_go_through_another_library():
    """Single numbers in a list, as the gradient of single numbers is, stay numbers; names stay names, at every order."""
    report = check_gradients(Library(lambda x, k: x.sin() * k**4), 0.5, 2.0, order=3)
    assert report.ok, report
    assert [e.name for e in report.elements] == ["x", "k", "x (order 2)", "k (order 2)", "x (order 3)", "k (order 3)"]
    assert check_gradients(Library(lambda x: [x.sin(), x**4]), 0.5, order=3).ok
    assert check_gradients(Library(lambda x: x**4), 0.5, order=3).elements[2].given == 12.0


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


def test_higher_orders_of_torch():
    """The gradient of a torch function is differentiated by torch, to any order: no zero is compared with a zero."""
    torch = pytest.importorskip("torch")
    report = check_gradients(from_torch(lambda x, k: torch.sin(x) * k**4), np.array([0.5, 1.5]), 2.0, order=3)
    assert report.ok
    assert [e.name for e in report.elements[3:6]] == ["x (order 2)[0]", "x (order 2)[1]", "k (order 2)"]
    assert all(e.given != 0 for e in report.elements)
    assert check_gradients(from_torch(lambda x, k: x * k**4), 0.5, 2.0, order=3).ok

    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a):
            ctx.save_for_backward(a)
            return a**2

        @staticmethod
        def backward(ctx, g):
            (a,) = ctx.saved_tensors
            return g * (a + a.detach())  # 2a, of which torch sees half

    assert check_gradients(from_torch(Square.apply), np.array([0.5])).ok
    report = check_gradients(from_torch(Square.apply), np.array([0.5]), order=2)
    assert [e.verdict for e in report.elements] == ["ok", "wrong"]


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


def test_higher_orders_of_jax():
    """The gradient of a JAX function is differentiated by JAX, to any order, under the names of the arguments."""
    pytest.importorskip("jax")
    jnp = pytest.importorskip("jax.numpy")
    report = check_gradients(from_jax(lambda x, k: jnp.sin(x) * k**4), np.array([0.5, 1.5]), 2.0, order=3)
    assert report.ok
    assert [e.name for e in report.elements[3:6]] == ["x (order 2)[0]", "x (order 2)[1]", "k (order 2)"]
    assert all(e.given != 0 for e in report.elements)
    assert check_gradients(from_jax(lambda x, k: x * k**4), 0.5, 2.0, order=3).ok
