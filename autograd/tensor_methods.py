"""The methods of Tensor that work on whole arrays; the elementwise ones are generated (``_operators``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd import arrays, functions
from autograd._operators import Operators


class TensorMethods(Operators):
    """Reductions, shapes and products as methods, named as in NumPy and PyTorch."""

    __slots__ = ()

    if TYPE_CHECKING:  # what Tensor brings along

        @staticmethod
        def _operate(op: Any, args: tuple[Any, ...], params: dict[str, Any]) -> Any: ...

    def __matmul__(self, other: Any) -> Any:
        """Self @ other."""
        return arrays.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        """Other @ self."""
        return arrays.matmul(other, self)

    def sum(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """Sum over an axis, several axes or all."""
        if axis is None and keepdims is False:  # nothing to ask: the row's own door would come to this
            return self._operate(arrays.sum_, (self,), {"axis": None, "keepdims": False})
        return arrays.sum_(self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """Average over an axis, several axes or all."""
        if axis is None and keepdims is False:
            return self._operate(arrays.mean, (self,), {"axis": None, "keepdims": False})
        return arrays.mean(self, axis=axis, keepdims=keepdims)

    def var(self, axis: Any = None, ddof: int = 0, *, keepdims: bool = False) -> Any:
        """Give the mean squared deviation, divided by n − ddof."""
        return functions.var(self, axis, ddof, keepdims=keepdims)

    def std(self, axis: Any = None, ddof: int = 0, *, keepdims: bool = False) -> Any:
        """Give the standard deviation."""
        return functions.std(self, axis, ddof, keepdims=keepdims)

    def prod(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """Multiply over an axis, several axes or all."""
        return functions.prod(self, axis, keepdims=keepdims)

    def max(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """Give the largest element; a tie shares the gradient."""
        return functions.max_of(self, axis, keepdims=keepdims)

    def min(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """Give the smallest element; a tie shares the gradient."""
        return functions.min_of(self, axis, keepdims=keepdims)

    def argmax(self, axis: int | None = None) -> Any:
        """Give the index of the largest element, as plain integers."""
        return functions.argmax(self, axis)

    def argmin(self, axis: int | None = None) -> Any:
        """Give the index of the smallest element, as plain integers."""
        return functions.argmin(self, axis)

    def norm(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """Give the Euclidean norm."""
        return functions.norm(self, axis, keepdims=keepdims)

    def logsumexp(self, axis: Any = None, *, keepdims: bool = False) -> Any:
        """Give log Σ exp, without overflow."""
        return functions.logsumexp(self, axis, keepdims=keepdims)

    def softmax(self, axis: int = -1) -> Any:
        """Give exp(a) / Σ exp(a) along an axis."""
        return arrays.softmax(self, axis=axis)

    def log_softmax(self, axis: int = -1) -> Any:
        """Give log(softmax) along an axis."""
        return arrays.log_softmax(self, axis=axis)

    def cumsum(self, axis: int = 0) -> Any:
        """Give running sums along an axis."""
        return arrays.cumsum(self, axis=axis)

    def reshape(self, *shape: Any) -> Any:
        """Give another shape to the same elements; one length may be −1."""
        return functions.reshape_to(self, *shape)

    view = reshape

    def flatten(self) -> Any:
        """Give all elements along one axis."""
        return functions.flatten(self)

    ravel = flatten

    def transpose(self, *axes: Any) -> Any:
        """Reverse the axes, or put them into the given order."""
        return functions.permute(self, *axes) if axes and axes[0] is not None else arrays.transpose(self, axes=None)

    def permute(self, *axes: Any) -> Any:
        """Put the axes into the given order."""
        return functions.permute(self, *axes)

    @property
    def T(self) -> Any:  # noqa: N802  NumPy's name
        """The array with its axes reversed."""
        return arrays.transpose(self, axes=None)

    def swapaxes(self, axis1: int, axis2: int) -> Any:
        """Exchange two axes."""
        return functions.swapaxes(self, axis1, axis2)

    def squeeze(self, axis: Any = None) -> Any:
        """Leave out axes of length 1."""
        return functions.squeeze(self, axis)

    def expand_dims(self, axis: int) -> Any:
        """Add an axis of length 1."""
        return functions.expand_dims(self, axis)

    unsqueeze = expand_dims

    def broadcast_to(self, shape: tuple[int, ...]) -> Any:
        """Repeat until the shape is reached."""
        return arrays.broadcast_to(self, shape=shape)

    def dot(self, other: Any) -> Any:
        """Give the product as ``numpy.dot`` has it."""
        return functions.dot(self, other)

    def flip(self, axis: Any = None) -> Any:
        """Reverse the order along an axis, or along all."""
        return arrays.flip(self, axis=axis)

    def diagonal(self, offset: int = 0) -> Any:
        """Give the diagonal of the last two axes."""
        return functions.diagonal(self, offset)

    def trace(self, offset: int = 0) -> Any:
        """Give the sum of the diagonal."""
        return functions.trace(self, offset)

    def triu(self, k: int = 0) -> Any:
        """Keep the upper triangle."""
        return arrays.triu(self, k=k)

    def tril(self, k: int = 0) -> Any:
        """Keep the lower triangle."""
        return arrays.tril(self, k=k)

    def split(self, parts: Any, axis: int = 0) -> list[Any]:
        """Cut along an axis into equal parts, or at the given indices."""
        return functions.split(self, parts, axis)

    def sort(self, axis: int = -1) -> Any:
        """Sort along an axis."""
        return functions.sort(self, axis)
