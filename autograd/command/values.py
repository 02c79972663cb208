"""Values for the names of an expression: ``a=2`` and ``x=[1,2,3]`` on the command line, or a file of them.

A value is itself read as an expression without names, so ``x=pi/4``, ``x=-1e-3`` and ``x=[[1,2],[3,4]]`` all work,
and nothing else can hide in a value.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.arguments import short
from autograd.errors import AutogradError, ExpressionError, InputValueError
from autograd.expressions.expression import parse

if TYPE_CHECKING:
    from collections.abc import Iterable

_ASSIGNMENT = re.compile(r"\s*([^\W\d](?:\w|[^\x00-\x7f\s=＝])*)\s*[=＝](?![=＝])(.*)", re.DOTALL)
LARGEST_FILE = 50_000_000  # bytes: a file of values is small, and a mistyped path should not fill the memory


def sort_arguments(arguments: Iterable[str]) -> tuple[list[str], dict[str, Any]]:
    """Tell the expressions from the values: ``name=…`` is a value if its right side needs no other name.

    >>> sort_arguments(["z = a*b; tanh(z)", "a=2", "b=pi/2"])
    (['z = a*b; tanh(z)'], {'a': 2.0, 'b': 1.5707963267948966})
    """
    expressions: list[str] = []
    values: dict[str, Any] = {}
    for argument in arguments:
        match = _ASSIGNMENT.fullmatch(argument)
        if match is None or ";" in argument or "；" in argument or "\n" in argument.strip():
            expressions.append(argument)
            continue
        name = checked_name(match.group(1), argument)
        value = read_value(match.group(2), argument)
        if value is None:  # the right side has names of its own: a part of the expression is being named
            expressions.append(argument)
            continue
        if name in values:
            raise InputValueError(f"{name!r} is given twice: {name}={short(values[name])} and {argument}")
        values[name] = value
    return expressions, values


def checked_name(name: str, where: str) -> str:
    """Give a name in the form in which Python's parser will find it (NFKC)."""
    if not name.isidentifier():
        raise InputValueError(f"{name!r} is not a name (in {' '.join(where.split())[:200]}); use letters, digits and _")
    return unicodedata.normalize("NFKC", name)


def read_value(text: str, where: str) -> Any:
    """Read a number or an array; None when the text uses names, so that it is no value.

    Raises:
        ExpressionError: nothing there, not readable, or not a finite number.
    """
    if not text.strip():
        raise ExpressionError(f"{where.strip()!r} has no value after the = sign; write for example {where.strip()}1.5")
    if text.strip().lstrip("+-").lower() in ("inf", "infinity", "nan"):
        raise ExpressionError(
            f"{where.strip()}: a finite number is needed, since a gradient is checked at finite numbers"
        )
    try:
        expression = parse(text)
        if expression.names:
            return None
        outcome = expression.compute({})
        if outcome.trouble is not None:
            raise expression.explain(outcome.trouble)
    except ExpressionError as error:
        raise ExpressionError(f"in {short(where.strip())}: {error}", position=error.position) from None
    if len(outcome.results) != 1:
        raise ExpressionError(f"in {short(where.strip())}: a value is one number or one array, such as [1, 2, 3]")
    return as_value(outcome.results[0], where.strip())


def as_value(x: Any, where: str) -> Any:
    """Turn a number or nested lists into a float or an array of floats.

    Raises:
        InputValueError: text, truth values, ragged lists, or numbers that are not finite.
    """
    if isinstance(x, bool) or not isinstance(x, int | float | list | tuple | np.ndarray | np.number):
        raise InputValueError(f"{where}: expected a number such as 1.5, or an array such as [1, 2, 3]; got {short(x)}")
    try:
        array = np.asarray(x, dtype=np.float64)
    except (ValueError, TypeError):
        raise InputValueError(f"{where}: an array has rows of equal length, all numbers; got {short(x)}") from None
    except OverflowError:
        raise InputValueError(f"{where}: {short(x, 24)} is beyond the largest float (1.8e308)") from None
    if not np.all(np.isfinite(array)):
        raise InputValueError(f"{where}: a finite number is needed, since a gradient is checked at finite numbers")
    return array if array.ndim else float(array)


def read_file(path: str) -> dict[str, Any]:
    """Read values from a file (``-`` is standard input): JSON, or lines ``name = number`` with ``#`` comments.

    Raises:
        InputValueError: the file cannot be read or holds something else, with the line.
    """
    try:
        if path != "-" and Path(path).stat().st_size > LARGEST_FILE:
            raise InputValueError(f"{path} has more than {LARGEST_FILE:,} bytes; a file of values is small")
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputValueError(f"{path} is not text in UTF-8 (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise InputValueError(f"cannot read the values in {path}: {error.strerror or error}") from None
    return _from_json(text, path) if text.lstrip().startswith(("{", "[")) else _from_lines(text, path)


def _from_json(text: str, path: str) -> dict[str, Any]:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        for i, (name, _) in enumerate(pairs):
            if any(name == other for other, _ in pairs[:i]):
                raise InputValueError(f"{path}: {name!r} is given twice")
        return dict(pairs)

    try:
        found = json.loads(text, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise InputValueError(f"{path}, line {error.lineno}: this is not JSON ({error.msg})") from None
    except (RecursionError, ValueError) as error:
        if isinstance(error, AutogradError):
            raise
        raise InputValueError(f"{path}: this JSON cannot be read ({error})") from None
    if not isinstance(found, dict):
        raise InputValueError(f'{path}: expected an object such as {{"a": 2, "b": -3}}; got {short(found)}')
    return {checked_name(name, path): as_value(x, f"{path}, {name!r}") for name, x in found.items()}


def _from_lines(text: str, path: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.split("#", 1)[0].strip()
        if not content:
            continue
        match = _ASSIGNMENT.fullmatch(content)
        if match is None:
            raise InputValueError(f"{path}, line {number}: expected name = number; got {short(content)}")
        name = checked_name(match.group(1), content)
        if name in values:
            raise InputValueError(f"{path}, line {number}: {name!r} is given twice")
        try:
            value = read_value(match.group(2), content)
        except ExpressionError as error:
            raise InputValueError(f"{path}, line {number}: {error}") from None
        if value is None:
            raise InputValueError(f"{path}, line {number}: expected a number after the = sign; got {short(content)}")
        values[name] = value
    return values
