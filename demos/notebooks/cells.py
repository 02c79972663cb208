"""Turns the source of a lesson into the cells of a notebook.

The body of ``main`` becomes the cells that run: a paragraph of code (lines up to an empty line) is a cell, and the
comment at its head is the prose before it. A function that it uses stands before the first cell that needs it, its
docstring as prose. Of the tour, each part's body is treated so, after the part's docstring.

Types
    Cell      what a cell is (``markdown`` or ``code``) and its source.
    Source    one file: its docstring, imports and constants, and its definitions by name.
"""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demos.course import HERE, Narrator, Options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FIRST = """\
from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(next(p for p in (Path.cwd(), *Path.cwd().parents) if (p / "demos" / "course.py").is_file())))
"""
"""The lessons run from the checkout: find it above the notebook."""

LAST_OF_SETUP = """\
options = Options(out=Path(tempfile.mkdtemp()))  # the pictures are shown here; their files go to a temporary folder
tell = Narrator(options)
"""
FOR_TOOLS = re.compile(r" *# (noqa|fmt: skip|type: ignore).*$", re.MULTILINE)
"""Remarks to the linter, which no reader of a notebook needs."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell."""

    kind: str
    source: str


class Source:
    """One file of the lessons, taken apart."""

    def __init__(self, name: str) -> None:
        """Read it."""
        self.name = name
        text = (HERE / f"{name}.py").read_text(encoding="utf-8")
        self.lines = text.splitlines()
        tree = ast.parse(text)
        self.about = inspect.cleandoc(ast.get_docstring(tree) or name)
        self.functions = {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef)}
        self.definitions: dict[str, ast.stmt] = {}
        self.head: list[ast.stmt] = []
        for node in tree.body[1:]:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                self.definitions[node.name] = node
            elif isinstance(node, (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)):
                self.head.append(node)
        known = set(self.definitions)
        self.head = [
            n
            for n in self.head
            if not set(_names([n])) & known  # a tuple of this file's functions, say
            and ast.unparse(n) not in {"from __future__ import annotations", "from typing import TYPE_CHECKING"}
        ]

    def text(self, first: int, last: int) -> str:
        """Give lines, counted from 1, without their common indentation and remarks to tools."""
        return inspect.cleandoc("\n" + FOR_TOOLS.sub("", "\n".join(self.lines[first - 1 : last])))

    def setup(self) -> str:
        """Give the imports and constants, each with the comment above it."""
        written: list[str] = []
        before: ast.stmt | None = None
        for node in self.head:
            first = node.lineno
            while before is not None and first - 1 > (before.end_lineno or 0) and self.lines[first - 2].startswith("#"):
                first -= 1
            apart = before is not None and (first < node.lineno or (_is_import(before) and not _is_import(node)))
            code = self.text(first, node.end_lineno or node.lineno)
            if code in FIRST.splitlines():
                continue
            written += ([""] if apart else []) + [code.replace("import TYPE_CHECKING, ", "import ")]
            before = node
        return "\n".join(written)

    def definition(self, name: str) -> Iterator[Cell]:
        """Give a function or class: its docstring as prose, then its code without it."""
        node = self.definitions[name]
        assert isinstance(node, (ast.FunctionDef, ast.ClassDef))
        first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
        told = ast.get_docstring(node)
        if told is None or len(node.body) == 1:
            yield Cell("code", self.text(first, node.end_lineno or first))
            return
        yield Cell("markdown", f"`{name}`: {_lower(' '.join(told.split()))}")
        doc = node.body[0]
        start = [*self.lines[first - 1 : doc.lineno - 1], *self.lines[doc.end_lineno or doc.lineno : node.end_lineno]]
        yield Cell("code", FOR_TOOLS.sub("", "\n".join(_without_gap(start, doc.lineno - first))))

    def comment_above(self, node: ast.stmt) -> str:
        """Give the comment right above a statement as one line of prose."""
        first = node.lineno - 1
        while self.lines[first - 1].lstrip().startswith("#"):
            first -= 1
        return " ".join(line.strip().lstrip("# ") for line in self.lines[first : node.lineno - 1])

    def paragraphs(self, function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
        """Give the statements of a body, paragraph by paragraph, without docstring and ``options.step``."""
        body = function.body[1:] if ast.get_docstring(function) is not None else function.body
        paragraph: list[ast.stmt] = []
        for node in body:
            if paragraph and any(
                not line.strip() or line.lstrip().startswith("#")
                for line in self.lines[(paragraph[-1].end_lineno or 0) : node.lineno - 1]
            ):
                yield paragraph
                paragraph = []
            paragraph.append(node)
        yield paragraph


def _without_gap(lines: list[str], place: int) -> list[str]:
    return lines[:place] + lines[place + 1 :] if place < len(lines) and not lines[place].strip() else lines


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Give the names that statements use, annotations left out."""
    for node in nodes:
        for part in ast.walk(node):
            if isinstance(part, (ast.FunctionDef, ast.arg)):
                part.returns = part.annotation = None  # type: ignore[union-attr]
        yield from (part.id for part in ast.walk(node) if isinstance(part, ast.Name))


def _needed(source: Source, nodes: list[ast.stmt], given: set[str]) -> list[str]:
    """Give the definitions that statements need, directly or not, in the order of the file."""
    wanted, waiting = set[str](), list(_names(nodes))
    while waiting:
        name = waiting.pop()
        if name in source.definitions and name not in wanted and name not in given:
            wanted.add(name)
            waiting.extend(_names([source.definitions[name]]))
    return [name for name in source.definitions if name in wanted]


def _is_setup(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node) == "tell = Narrator(options)"


def _is_step(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "options.step" in ast.unparse(node.test)


def body_cells(source: Source, function: ast.FunctionDef, given: set[str]) -> Iterator[Cell]:
    """Give the cells of one body; ``given`` holds the definitions that were shown, and grows."""
    for paragraph in source.paragraphs(function):
        nodes = [n for n in paragraph if not _is_setup(n) and not _is_step(n)]
        if not nodes:
            continue
        comment = source.comment_above(nodes[0])
        if comment:
            yield Cell("markdown", comment)
        code: list[str] = []
        for node in nodes:
            needed = _needed(source, [node], given)
            if needed and code:
                yield Cell("code", "\n".join(code))
                code = []
            for name in needed:
                yield from source.definition(name)
                given.add(name)
            code += filter(None, [_statement(source, node)])
        if code:
            yield Cell("code", "\n".join(code))


def _statement(source: Source, node: ast.stmt) -> str:
    """Give a statement, with what is written behind it; a returned call is run for what it tells."""
    if isinstance(node, ast.Return):
        return f"findings = {ast.unparse(node.value)}" if isinstance(node.value, ast.Call) else ""
    return source.text(node.lineno, node.end_lineno or node.lineno)


def title_cell(source: Source, instead: str = "") -> Cell:
    """Give the first cell: what the lesson is about (its docstring, or ``instead``), and where it comes from."""
    head, _, rest = source.about.partition("\n")
    rest = instead or rest
    made = (
        f"*Made from `demos/{source.name}.py` by `python -m demos.notebooks`; `python -m demos {source.name}` runs it.*"
    )
    paragraphs = [" ".join(p.split()) for p in rest.strip().split("\n\n") if p.strip()]
    return Cell("markdown", "\n\n".join(filter(None, [f"# {head.rstrip('.')}", *paragraphs, made])))


def setup_cell(source: Source) -> Cell:
    """Give the cell with imports, constants and options."""
    return Cell("code", f"{FIRST}\n{source.setup()}\n\n{LAST_OF_SETUP}".rstrip())


def lesson_cells(name: str) -> list[Cell]:
    """Give the cells of a lesson."""
    source = Source(name)
    return [title_cell(source), setup_cell(source), *body_cells(source, source.functions["main"], set())]


def tour_cells() -> list[Cell]:
    """Give the cells of the tour: each part's docstring, then its body."""
    from demos.tour import OPENING, prose
    from demos.tour_parts import PARTS

    explain = Narrator(Options(quick=True))
    explain.unicode = True
    source, given = Source("tour_parts"), set[str]()
    cells = [title_cell(Source("tour"), explain.explained(OPENING)), setup_cell(source)]
    for number, part in enumerate(PARTS, start=1):
        title, *paragraphs = prose(part)
        told = "\n\n".join(explain.explained(p) for p in paragraphs)
        cells.append(Cell("markdown", f"## {number}. {title}\n\n{told}"))
        cells += body_cells(source, source.functions[part.__name__], given)
    return cells


def cells_of(name: str) -> list[Cell]:
    """Give the cells of the tour or of a lesson.

    >>> [cell.kind for cell in cells_of("tadpoles")][:2]
    ['markdown', 'code']
    """
    return tour_cells() if name == "tour" else lesson_cells(name)
