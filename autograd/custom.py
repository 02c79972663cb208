"""Operations of your own, through the same door as the built-in ones.

An operation added here is computed, recorded, printed, drawn, checked and differentiated twice like any row of the
table, without another line.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import short
from autograd.errors import InputTypeError, InputValueError, ShapeError
from autograd.forms import ARGUMENTS, Form, call
from autograd.operations import Elementwise, Operation, Structural, register

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def operation(
    function: Callable[..., Any] | None = None,
    /,
    *,
    derivatives: Sequence[Callable[..., Any]] | None = None,
    pullbacks: Sequence[Callable[..., Any]] | None = None,
    name: str | None = None,
    text: str | None = None,
    **columns: Any,
) -> Any:
    """Turn a function into an operation with derivatives of its own.

    Args:
        function: how the operation is computed, from floats or arrays (with NumPy or plain operators).
        derivatives: for an operation on numbers: one local derivative per argument, ``(y, a, b, …) -> ∂y/∂a``.
        pullbacks: for an operation on whole arrays: one per array argument, ``(g, y, a, b, …) -> gradient``;
            keyword-only arguments of the function are its parameters.
        name: what it is called; the function's own name when left out.
        text: how it is written, over ``{a}``, ``{b}``; ``name(a, b)`` when left out.
        **columns: further columns of the row: ``domain``, ``kinks``, ``edges``, ``textbook``, ``expansion``.

    Rules are written with autograd's functions and operators, so that they can be recorded and printed.

    >>> from autograd import Value, grad
    >>> @operation(derivatives=[lambda y, a: 3 * a**2])
    ... def cube(a):
    ...     return a**3
    >>> grad(grad(cube))(2.0)
    12.0
    """
    if (derivatives is None) == (pullbacks is None):
        raise InputTypeError("@operation takes either derivatives=[…] (on numbers) or pullbacks=[…] (on whole arrays)")

    def decorate(f: Callable[..., Any]) -> Operation:
        rules = list(derivatives if derivatives is not None else pullbacks or ())
        chosen = name or f.__name__
        if not chosen.isidentifier():
            raise InputValueError(f"an operation needs a name such as 'cube'; got {chosen!r}. Pass name='…'")
        positional = [
            p for p in inspect.signature(f).parameters.values()
            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and (derivatives is not None or p.default is p.empty)
        ]  # fmt: skip
        if len(rules) != len(positional):
            kind = "derivatives" if derivatives is not None else "pullbacks"
            raise InputValueError(
                f"{chosen} takes {len(positional)} argument(s) and has {len(rules)} {kind}; give one per argument"
            )
        lead = 1 if derivatives is not None else 2
        for i, rule in enumerate(rules):
            _check_rule(chosen, i, rule, lead + len(positional))
        form = (
            None
            if text is None
            else Form(chosen, text, call(chosen, len(rules)).python, call(chosen, len(rules)).latex)
        )
        doc = f.__doc__ or ""
        if derivatives is not None:
            watched = [Derivative(chosen, i, rule) for i, rule in enumerate(rules)]
            return register(Elementwise(chosen, f, *watched, form=form, doc=doc, **columns))
        watched = [Pullback(chosen, i, rule) for i, rule in enumerate(rules)]
        return register(Structural(chosen, f, *watched, form=form, doc=doc, **columns))

    return decorate if function is None else decorate(function)


class Derivative:
    """The derivative of a custom operation for one argument; what it gives is looked at before it is used.

    A rule without a ``return`` gives None, which NumPy would take for nan.
    """

    __slots__ = ("argument", "name", "rule", "slot")

    def __init__(self, name: str, slot: int, rule: Callable[..., Any]) -> None:
        """Keep the rule and whose it is."""
        self.name = name
        self.slot = slot
        self.rule = rule
        self.argument = ARGUMENTS[slot] if slot < len(ARGUMENTS) else str(slot)

    def __call__(self, *args: Any, **params: Any) -> Any:
        """Apply the rule."""
        found = self.rule(*args, **params)
        if (
            found is None
            or isinstance(found, str | bytes | complex | np.complexfloating)
            or (isinstance(found, np.ndarray) and found.dtype.kind not in "fiub")
        ):
            missing = ": does it lack a return?" if found is None else "."
            raise InputTypeError(
                f"{self.name}: the rule of argument {self.argument} gave {short(found)} ({type(found).__name__}){missing} "
                "Expected a real number or an array of them, computed from the rule's arguments"
            )
        return found


class Pullback(Derivative):
    """The pullback of a custom operation for one argument: what it gives must fit that argument."""

    __slots__ = ()

    def __call__(self, g: Any, y: Any, *args: Any, **params: Any) -> Any:
        """Apply the rule. A shape that broadcasts, either way, is made to fit by the engine."""
        found = super().__call__(g, y, *args, **params)
        given, expected = np.shape(found), np.shape(args[self.slot])
        if given != expected:
            try:
                np.broadcast_shapes(given, expected)
            except ValueError:
                raise ShapeError(
                    f"{self.name}: the pullback of argument {self.argument} gave shape {given}, and the argument has "
                    f"shape {expected}; a gradient has the shape of its argument"
                ) from None
        return found


def _check_rule(name: str, slot: int, rule: Any, needed: int) -> None:
    if not callable(rule):
        raise InputTypeError(f"{name}: rule {slot} is {rule!r}; expected a function such as lambda y, a: 2 * a")
    parameters = list(inspect.signature(rule).parameters.values())
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if len(positional) != needed and not any(p.kind is p.VAR_POSITIONAL for p in parameters):
        raise InputValueError(
            f"{name}: rule {slot} takes {len(positional)} argument(s) and needs {needed}: y (the output) and every "
            "argument of the operation (pullbacks take the gradient g first)"
        )
