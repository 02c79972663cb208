"""Every error this package raises on purpose.

Each one is ours *and* the builtin that a caller would think of catching::

    AutogradError
    ├── InputTypeError     (TypeError)         complex, str, None, a ragged list …
    ├── InputValueError    (ValueError)        the type is right, the value is not
    │   ├── ShapeError                         shapes that do not fit
    │   └── ExpressionError                    an expression that cannot be read
    ├── UnknownNameError   (LookupError)       a name, node or operation that does not exist
    ├── TrackingError      (TypeError)         an action that would cut the graph silently
    └── GradientError      (RuntimeError)      differentiation itself is impossible
        ├── StaleError                         data changed after the graph was recorded
        └── AnomalyError   (ArithmeticError)   the first value that is not finite

A message says what was given, what was expected, and what to write instead.

>>> try:
...     raise ShapeError("got (2,), expected (3,)")
... except ValueError as error:
...     print(error)
got (2,), expected (3,)
"""

from __future__ import annotations

from autograd.neighbour import check_face

check_face()


class AutogradError(Exception):
    """The root: ``except AutogradError`` catches everything that this package raises on purpose."""


class InputTypeError(AutogradError, TypeError):
    """An argument of a type that has no place in a graph of real numbers."""


class InputValueError(AutogradError, ValueError):
    """An argument of the right type with a value that cannot be used."""


class ShapeError(InputValueError):
    """Arrays whose shapes do not fit each other or the operation."""


class ExpressionError(InputValueError):
    """Text that is not an expression of the small language of the command line.

    ``position`` is the place in the text, counted in characters from 0; None when the whole text is meant.
    """

    def __init__(self, message: str, *, position: int | None = None) -> None:
        """Store the message, which shows the place with a caret, and the place itself."""
        super().__init__(message)
        self.position = position


class UnknownNameError(AutogradError, LookupError):
    """A name, node or operation that does not exist."""


class TrackingError(AutogradError, TypeError):
    """An action that would silently cut the graph, such as ``float(v)`` on a tracked value."""


class GradientError(AutogradError, RuntimeError):
    """A derivative that cannot be computed as asked."""


class StaleError(GradientError):
    """Data was assigned after the graph was recorded, and the graph still needs the old data."""


class AnomalyError(GradientError, ArithmeticError):
    """The first non-finite value that ``detect_anomaly()`` saw."""


class DeviatedError(AutogradError):
    """Numbers take another way than the one that a program recorded; its caller computes in the plain way instead."""
