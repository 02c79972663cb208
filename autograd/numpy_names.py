"""NumPy's names for our methods: NumPy's functions on an array of objects call a method of that name on each element.

``np.arcsin(array_of_values)`` calls ``v.arcsin()``; ``np.std`` and ``np.var`` call ``v.conjugate()``.
"""

from __future__ import annotations

from typing import Any, Self


class NumpyNames:
    """Second names, one line each; the derivative belongs to the method that is called."""

    __slots__ = ()

    def conjugate(self) -> Self:
        """Give the number itself: it is real."""
        return self

    def arcsin(self) -> Any:
        """``asin`` in NumPy's words."""
        return self.asin()  # type: ignore[attr-defined]

    def arccos(self) -> Any:
        """``acos`` in NumPy's words."""
        return self.acos()  # type: ignore[attr-defined]

    def arctan(self) -> Any:
        """``atan`` in NumPy's words."""
        return self.atan()  # type: ignore[attr-defined]

    def arctan2(self, other: Any) -> Any:
        """``atan2`` in NumPy's words."""
        return self.atan2(other)  # type: ignore[attr-defined]

    def arcsinh(self) -> Any:
        """``asinh`` in NumPy's words."""
        return self.asinh()  # type: ignore[attr-defined]

    def arccosh(self) -> Any:
        """``acosh`` in NumPy's words."""
        return self.acosh()  # type: ignore[attr-defined]

    def arctanh(self) -> Any:
        """``atanh`` in NumPy's words."""
        return self.atanh()  # type: ignore[attr-defined]

    def fabs(self) -> Any:
        """``abs`` in NumPy's words."""
        return self.__abs__()  # type: ignore[attr-defined]

    absolute = fabs
