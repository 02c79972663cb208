"""The text of the numeric functions, for files that run without this library.

A program's file needs ``sigmoid`` and its like. They are written once, in ``autograd/numeric.py``; here that file is
read as text, and the definitions that are needed are taken out of it, with what they need in turn.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograd import numeric
from autograd.errors import InputTypeError

if TYPE_CHECKING:
    from collections.abc import Iterable


@cache
def _definitions() -> tuple[dict[str, ast.stmt], dict[str, tuple[ast.expr, ast.expr]]]:
    """Give the plain definitions of ``numeric`` by name, and of each Function its two implementations."""
    tree = ast.parse(Path(numeric.__file__).read_text(encoding="utf-8"))
    plain: dict[str, ast.stmt] = {}
    functions: dict[str, tuple[ast.expr, ast.expr]] = {}
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            plain[statement.name] = statement
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name, value = statement.targets[0].id, statement.value
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "Function":
                functions[name] = value.args[1], value.args[2]
            else:
                plain[name] = statement
    return plain, functions


class _Plain(ast.NodeTransformer):
    """Turns references to Functions into names of their own, and leaves out annotations and docstrings."""

    def __init__(self, *, arrays: bool) -> None:
        self.arrays = arrays
        self.needs: dict[str, None] = {}

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id in _definitions()[1]:
            return self._named(node.value.id, arrays=node.attr == "array")
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        plain, functions = _definitions()
        if node.id in functions:
            return self._named(node.id, arrays=self.arrays)
        if node.id in plain:
            self.needs[node.id] = None
        return node

    def _named(self, name: str, *, arrays: bool) -> ast.Name:
        full = f"{name}_array" if arrays else name
        self.needs[full] = None
        return ast.Name(full, ast.Load())

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
        arguments = [ast.arg(a.arg) for a in node.args.args]
        starred = ast.arg(node.args.vararg.arg) if node.args.vararg else None
        plain = ast.FunctionDef(
            name=node.name,
            args=ast.arguments(
                posonlyargs=[], args=arguments, vararg=starred, kwonlyargs=[], kw_defaults=[], defaults=[]
            ),
            body=body,
            decorator_list=[],
        )
        return self.generic_visit(plain)


def definition(name: str) -> tuple[str, list[str]]:
    r"""Give the text that defines a name, and the names that it needs: ``tanh`` for floats, ``tanh_array`` for arrays.

    >>> definition("tanh"), definition("sech_array")[0]
    (('tanh = math.tanh', []), 'def sech_array(a):\n    return np.reciprocal(np.cosh(a))')
    """
    plain, functions = _definitions()
    base = name.removesuffix("_array")
    arrays = name.endswith("_array")
    if name in plain:
        text_of: ast.AST = plain[name]
        reader = _Plain(arrays=arrays)
        text = ast.unparse(ast.fix_missing_locations(reader.visit(_copied(text_of))))
    elif base in functions:
        reader = _Plain(arrays=arrays)
        value = reader.visit(_copied(functions[base][arrays]))
        if isinstance(value, ast.Lambda):
            text = f"def {name}({ast.unparse(value.args)}):\n    return {ast.unparse(value.body)}"
        else:
            text = f"{name} = {ast.unparse(value)}"
    else:
        raise InputTypeError(f"there is no text of {name!r}: it is not a function of autograd.numeric")
    return text, [n for n in reader.needs if n != name]


def _copied(node: ast.AST) -> ast.AST:
    return (
        ast.parse(ast.unparse(node), mode="eval").body
        if isinstance(node, ast.expr)
        else ast.parse(ast.unparse(node)).body[0]
    )


def definitions(names: Iterable[str]) -> str:
    """Give the text of several functions and of everything that they need, in an order that runs."""
    done: dict[str, str] = {}
    todo: list[tuple[str, bool]] = [(name, False) for name in names]
    texts: dict[str, str] = {}
    while todo:
        name, ready = todo.pop()
        if name in done:
            continue
        if ready:
            done[name] = texts[name]
            continue
        if name not in texts:
            texts[name], needs = definition(name)
            todo.append((name, True))
            todo.extend((n, False) for n in needs)
    blocks = [text if "\n" not in text else f"\n{text}\n" for text in done.values()]
    return "\n".join(blocks).strip("\n")
