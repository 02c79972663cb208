"""From text to steps: Python's parser builds a syntax tree, and every node of it must be on the list in this file.

Types
    Step          one instruction: push a number, fetch a name, call a function, name a result, give a result.
    Reader        turns the tree of one text into steps.

Only functions of ``whitelist`` can be called, and there are no attributes, so no text can reach Python itself.
The tree is walked with a stack of its own, not by recursion; nothing is computed here.
"""

from __future__ import annotations

import ast
import math
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from autograd import rules
from autograd.arrays import matmul
from autograd.expressions import whitelist
from autograd.expressions.source import Source, did_you_mean
from autograd.node import Node

if TYPE_CHECKING:
    from collections.abc import Callable

_BINARY: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: rules.add, ast.Sub: rules.sub, ast.Mult: rules.mul, ast.Div: rules.div, ast.Pow: rules.power,
    ast.Mod: rules.mod, ast.MatMult: matmul, ast.BitAnd: operator.and_, ast.BitOr: operator.or_,
}  # fmt: skip
_COMPARISONS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction for the stack, and the characters of the text that it stands for."""

    action: str  # "push", "fetch", "call", "name" or "give"
    what: Any
    count: int
    start: int
    end: int
    keywords: tuple[str, ...] = ()


def plain(x: Any) -> Any:
    """Give the data of a node, anything else as it is."""
    return x._data if isinstance(x, Node) else x


def bare(x: Any) -> Any:
    """Give the numbers of anything that can be compared, also of a list that holds nodes."""
    if isinstance(x, list | tuple) or (isinstance(x, np.ndarray) and x.dtype.kind == "O"):
        items = np.array(x, dtype=object)
        return np.array([float(plain(v)) for v in items.flat]).reshape(items.shape)
    return plain(x)


def flat(x: Any) -> list[Any]:
    """Give what is inside lists, tuples and slices, however they are nested."""
    found, todo = [], [x]
    while todo:
        part = todo.pop()
        if isinstance(part, list | tuple):
            todo.extend(part)
        elif isinstance(part, slice):
            todo.extend((part.start, part.stop, part.step))
        else:
            found.append(part)
    return found


class Reader:
    """Turns the syntax tree into steps, refusing every node that is not listed in one of its methods."""

    def __init__(self, source: Source) -> None:
        """Prepare to read one text."""
        self.source = source
        self.subscripts: set[ast.expr] = set()  # texts that einsum takes
        self.given: dict[str, list[Step]] = {}  # names that the text itself gives a number: w = 2; w*x
        self.lines = source.text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def steps(self) -> list[Step]:
        """Read all statements.

        Raises:
            ExpressionError: at the first node that has no meaning in an expression.
        """
        body = self._tree().body
        found: list[Step] = []
        assigned: set[str] = set()
        gives = any(isinstance(s, ast.Expr) for s in body)
        for i, statement in enumerate(body):
            if isinstance(statement, ast.Assign):
                target = statement.targets[0]
                if len(statement.targets) != 1 or not isinstance(target, ast.Name):
                    self._fail(statement, "name one part at a time: z = a*b; tanh(z)")
                if target.id in assigned or any(s.action == "fetch" and s.what == target.id for s in found):
                    self._fail(target, f"{target.id!r} has a meaning already; use another name")
                assigned.add(target.id)
                inner = self._postfix(statement.value)
                if any(s.action == "fetch" and s.what == target.id for s in inner):
                    self._fail(target, f"{target.id!r} is used in its own definition; use another name")
                if all(s.action != "fetch" or s.what in whitelist.CONSTANTS for s in inner):
                    self.given[target.id] = [*inner, Step("give", None, 1, *self._span(statement.value))]
                else:
                    found += [*inner, Step("name", target.id, 1, *self._span(target))]
                if not gives and i == len(body) - 1:
                    found += [
                        Step("fetch", target.id, 0, *self._span(target)),
                        Step("give", None, 1, *self._span(target)),
                    ]
            elif isinstance(statement, ast.Expr):
                value = statement.value
                for part in (
                    value.elts if isinstance(value, ast.Tuple) and value.elts else [value]
                ):  # a*b, a + b: two expressions
                    found += [*self._postfix(part), Step("give", None, 1, *self._span(part))]
            else:
                self._fail(statement, "only expressions and name = expression can be written here")
        return found

    def _tree(self) -> ast.Module:
        try:
            return ast.parse(self.source.text)
        except SyntaxError as error:
            line = min(max((error.lineno or 1) - 1, 0), len(self.lines) - 1)
            at = self.starts[line] + min(max((error.offset or 1) - 1, 0), len(self.lines[line]))
            self._unreadable(at, error.msg)
        except (MemoryError, RecursionError):
            self.source.fail(
                "the expression is nested too deeply, or has too many operations in a row; name parts of it: "
                "z = …; tanh(z)",
                0,
            )
        except ValueError as error:
            self.source.fail(f"this cannot be read: {error}", 0)

    def _unreadable(self, at: int, reason: str) -> NoReturn:
        text = self.source.text
        if not text[at:].strip() or text[at] in ")],;\n":
            before = text[:at].rstrip()
            self.source.fail(
                f"something is missing after {before[-1:]!r}: a number, a name or a call"
                if before
                else "something is missing here",
                max(len(before) - 1, 0),
            )
        if "assign" in reason:
            self.source.fail("the = sign gives a name to a part: z = a*b; to compare, write ==", at)
        if "nested" in reason:
            self.source.fail(f"the expression is nested too deeply: {reason}", at)
        if text[at] in "+-*/%=<>@&|.:":
            self.source.fail(
                f"the sign {text[at]!r} cannot stand here; a number, a name or a call is missing before it", at
            )
        self.source.fail(f"this cannot be read ({reason}); check the signs around the place", at)

    def _span(self, node: Any) -> tuple[int, int]:
        """Give the characters that a node covers; Python counts its columns in bytes of UTF-8."""
        places = []
        for line, byte in ((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)):
            written = self.lines[line - 1].encode("utf-8", "surrogatepass")[:byte]
            places.append(self.starts[line - 1] + len(written.decode("utf-8", "surrogatepass")))
        return places[0], places[1]

    def _fail(self, node: Any, message: str) -> NoReturn:
        self.source.fail(message, *self._span(node))

    def _postfix(self, root: ast.expr) -> list[Step]:
        """Order the tree for a stack: arguments first, then what uses them. Iterative: a sum may be long."""
        found: list[Step] = []
        todo: list[ast.expr | Step] = [root]
        while todo:
            node = todo.pop()
            if isinstance(node, Step):
                found.append(node)
                continue
            step, parts = self._visit(node)
            todo.append(step)
            todo.extend(reversed(parts))
        return found

    def _visit(self, node: ast.expr) -> tuple[Step, list[Any]]:  # noqa: RET503  _fail never returns
        """Give the step for one node of the tree, and the nodes whose results it takes."""
        span = self._span(node)
        if isinstance(node, ast.Constant):
            return Step("push", self._constant(node), 0, *span), []
        if isinstance(node, ast.Name):
            if node.id.startswith("__"):
                self._fail(node, f"names beginning with '__' belong to Python; {node.id!r} cannot be used here")
            return Step("fetch", node.id, 0, *span), []
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            return Step("call", _BINARY[type(node.op)], 2, *span), [node.left, node.right]
        if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Invert):
            operand = node.operand
            if isinstance(node.op, ast.USub) and isinstance(operand, ast.Constant) and type(operand.value) is int:
                return Step("push", -self._constant(operand), 0, *span), []  # stays an integer: axis=-1, x[-1]
            return Step("call", _UNARY[type(node.op)], 1, *span), [node.operand]
        if isinstance(node, ast.Compare) and all(type(op) in _COMPARISONS for op in node.ops):
            chain = _Chain([_COMPARISONS[type(op)] for op in node.ops])
            return Step("call", chain, len(node.ops) + 1, *span), [node.left, *node.comparators]
        if isinstance(node, ast.BoolOp):
            return Step(
                "call", _both if isinstance(node.op, ast.And) else _either, len(node.values), *span
            ), node.values
        if isinstance(node, ast.List | ast.Tuple):
            if isinstance(node, ast.Tuple) and not node.elts:
                self._fail(node, "something is missing between the brackets: a number, a name or a call")
            make = _listed if isinstance(node, ast.List) else _grouped
            return Step("call", make, len(node.elts), *span), node.elts
        if isinstance(node, ast.Subscript):
            return Step("call", operator.getitem, 2, *span), [node.value, node.slice]
        if isinstance(node, ast.Slice):
            ends = [
                ast.copy_location(ast.Constant(None), node) if e is None else e
                for e in (node.lower, node.upper, node.step)
            ]
            return Step("call", slice, 3, *span), ends
        if isinstance(node, ast.Call):
            return self._visit_call(node, span)
        what = type(node).__name__
        self._fail(node, f"{what} has no meaning in an expression; it takes numbers, names, + - * / ** % @ and calls")

    def _constant(self, node: ast.Constant) -> Any:
        value = node.value
        if isinstance(value, complex):
            self._fail(node, "complex numbers have no place in a graph of real numbers")
        if isinstance(value, str) and node not in self.subscripts:
            self._fail(node, "text has a meaning only in einsum('ij,jk->ik', A, B)")
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**300:
            self._fail(node, "this number is beyond the largest float (1.8e308)")
        if isinstance(value, float) and not math.isfinite(value):
            self._fail(node, "this number is beyond the largest float (1.8e308)")
        return value

    def _visit_call(self, node: ast.Call, span: tuple[int, int]) -> tuple[Step, list[Any]]:
        if not isinstance(node.func, ast.Name):
            self._fail(node.func, "only a function can be called; for a product write *")
        name = node.func.id
        known = whitelist.allowed()
        if name not in known:
            if name.startswith("__"):
                self._fail(node.func, f"names beginning with '__' belong to Python; {name!r} cannot be called here")
            hint = did_you_mean(name, list(known), closeness=0.67)
            product = f"; for a product write {name}*(…)" if len(name) == 1 and not hint else ""
            self._fail(node.func, f"no function is called {name!r}{hint}{product}")
        for part in (*node.args, *(k.value for k in node.keywords)):
            if isinstance(part, ast.Starred):
                self._fail(part, "* in front of an argument has no meaning here")
        if any(k.arg is None for k in node.keywords):
            self._fail(node, "** in front of an argument has no meaning here")
        if name == "einsum":
            self.subscripts.update(node.args[:1])
        keywords = tuple(str(k.arg) for k in node.keywords)
        parts = [*node.args, *(k.value for k in node.keywords)]
        return Step("call", known[name], len(parts), *span, keywords=keywords), parts


class _Chain:
    """``0 < x <= 1``: every neighbouring pair must compare as asked. Plain truth, as in ``where``."""

    __name__ = "comparison"

    def __init__(self, relations: list[Callable[..., Any]]) -> None:
        self.relations = relations

    def __call__(self, *values: Any) -> Any:
        plain_values = [bare(v) for v in values]
        return _both(*(r(a, b) for r, a, b in zip(self.relations, plain_values, plain_values[1:], strict=False)))


def _both(*conditions: Any) -> Any:
    result = np.logical_and.reduce(np.broadcast_arrays(*(bare(c) for c in conditions)))
    return bool(result) if np.ndim(result) == 0 else result


def _either(*conditions: Any) -> Any:
    result = np.logical_or.reduce(np.broadcast_arrays(*(bare(c) for c in conditions)))
    return bool(result) if np.ndim(result) == 0 else result


def _not(condition: Any) -> Any:
    result = np.logical_not(bare(condition))
    return bool(result) if np.ndim(result) == 0 else result


def _listed(*items: Any) -> Any:
    return list(items)


def _grouped(*items: Any) -> Any:
    return items


_UNARY: dict[type[ast.AST], Callable[..., Any]] = {ast.UAdd: rules.positive, ast.USub: rules.neg, ast.Not: _not}
