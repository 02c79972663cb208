"""The letters of an expression: what a person types, made into Python's signs, and a caret under what cannot be read.

Types
    Source        the text as typed, the same text in Python's signs, and where each character of it came from.

``read`` accepts the signs of a textbook and of a Chinese keyboard (``×``, ``÷``, ``−``, ``x²``, ``（``, ``，``), and
refuses, each with a message of its own, what Python's parser would only call "invalid syntax": ``2x``, ``x^2``, a
bracket that is never closed, a keyword, a foreign sign. The parser proper is ``reader``.
"""

from __future__ import annotations

import difflib
import keyword
import re
import unicodedata
from dataclasses import dataclass
from typing import NoReturn

from autograd.errors import ExpressionError, InputTypeError

LONGEST = 10_000
"""Characters in one expression: generous for a person, and short enough for Python's parser."""
DEEPEST = 60
"""Brackets inside brackets."""
SHOWN = 60  # columns of the expression that an error message shows around the place

SIGNS = {
    "−": "-", "–": "-", "－": "-", "＋": "+", "×": "*", "·": "*", "⋅": "*", "∙": "*", "∗": "*", "＊": "*", "÷": "/",
    "∕": "/", "／": "/", "（": "(", "）": ")", "［": "[", "］": "]", "【": "[", "】": "]", "，": ",", "；": ";",
    "＝": "=", "＜": "<", "＞": ">", "％": "%", "．": ".", "：": ":", "≤": "<=", "≥": ">=", "≠": "!=", "√": "sqrt",
    "∛": "cbrt", "Φ": "normal_cdf", "“": '"', "”": '"', "‘": "'", "’": "'",
}  # fmt: skip
"""Signs that people type or paste, and what Python's parser reads instead."""
_POWERS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
_PAIRS = {")": "(", "]": "[", "}": "{"}
_TOKEN = re.compile(
    r"(?P<space>[ \t\n]+)"
    r"|(?P<number>(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d](?:\w|[^\x00-\x7f\s])*)"  # with combining marks, which \w leaves out: x̄
    r"|(?P<text>'[^'\\\n]*'|\"[^\"\\\n]*\")"
    r"|(?P<sign>\*\*|//|<=|>=|==|!=|:=|->|<<|>>|&&|\|\||.)",
    re.DOTALL,
)
_KNOWN_SIGNS = {*"+-*/%()[],;:=<>@&|.^", "**", "//", "<=", ">=", "==", "!=", ":="}
_BEGINS_VALUE = {"number", "name", "text"}
_KEYWORDS_THAT_WORK = {"and", "or", "not", "True", "False"}
_KEYWORD_ADVICE = {
    "if": "write where(condition, a, b) for a choice",
    "else": "write where(condition, a, b) for a choice",
    "lambda": "as a name, write lam or λ",
    "None": "a value is a number or an array",
    "in": "compare with <, <=, ==, !=, >=, >",
    "is": "compare with ==",
}


@dataclass(frozen=True, slots=True)
class Source:
    """An expression in Python's signs, and the place in the typed text of each of its characters."""

    typed: str
    text: str
    origin: tuple[int, ...]

    def typed_between(self, start: int, end: int) -> str:
        """Give the characters as typed that became ``start`` to ``end`` of ``text``."""
        return self.typed[self.origin[start] : self.origin[max(end - 1, start)] + 1]

    def fail(self, message: str, start: int, end: int | None = None) -> NoReturn:
        """Raise an error about the characters ``start`` to ``end`` of ``text``, shown where the person typed them."""
        last = max(start, (start + 1 if end is None else end) - 1)
        first_typed, last_typed = self.origin[min(start, len(self.text))], self.origin[min(last, len(self.text))]
        raise ExpressionError(
            f"{message}\n{pointed(self.typed, first_typed, last_typed - first_typed + 1)}", position=first_typed
        )


def pointed(text: str, start: int, length: int = 1) -> str:
    """Show a text with carets below a place in it; far ends are left out, wide characters count two columns.

    >>> print(pointed("a + tnah(b)", 4, 4))
        a + tnah(b)
            ^^^^
    """
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    line = text[line_start : len(text) if line_end < 0 else line_end].replace("\t", " ")
    start -= line_start
    length = max(1, min(length, len(line) - start))
    left = max(0, start - SHOWN // 2)
    right = min(len(line), left + SHOWN)
    before, shown = line[left:start], line[left:right]
    lead, tail = "…" * (left > 0), "…" * (right < len(line))
    shown = "".join(c if c.isprintable() else "?" for c in shown)
    width = max(1, _columns(line[start : min(start + length, right)]))
    return f"    {lead}{shown}{tail}\n    {' ' * (len(lead) + _columns(before))}{'^' * width}"


def _columns(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def read(typed: str) -> Source:
    """Turn typed text into Python's signs and refuse what cannot be an expression.

    >>> read("2 × x² − ½·y".replace("½", "0.5")).text
    '2 * x**2 - 0.5*y'

    Raises:
        InputTypeError: it is not text.
        ExpressionError: it is empty, too long, too deep, or has something at a place where it cannot be.
    """
    if not isinstance(typed, str):
        raise InputTypeError(f"an expression is text such as 'tanh(a*b + c)'; got {type(typed).__name__}")
    if not typed.strip():
        raise ExpressionError('the expression is empty; write for example "tanh(a*b + c)"', position=0)
    if len(typed) > LONGEST:
        raise ExpressionError(
            f"the expression has {len(typed):,} characters; at most {LONGEST:,} can be read. Build large graphs in "
            "Python, with autograd.Value and Tensor",
            position=LONGEST,
        )
    source = _translate(typed)
    _check(source)
    return source


def _translate(typed: str) -> Source:
    """Replace typographic signs, character by character, remembering where each came from."""
    written: list[str] = []
    origin: list[int] = []
    in_power = False
    for i, c in enumerate(typed):
        new = SIGNS.get(c)
        if new is None:
            if c in _POWERS:
                new = ("" if in_power else "**") + _POWERS[c]
            elif "０" <= c <= "９":
                new = unicodedata.normalize("NFKC", c)
            elif c in "\r\f\v":
                new = "\n"
            elif c == "\t" or (c.isspace() and c != "\n"):
                new = " "
            else:
                new = c
        in_power = c in _POWERS
        written.append(new)
        origin.extend([i] * len(new))
    # Blank space in front would be an indentation to Python's parser.
    text = "".join(written)
    start = len(text) - len(text.lstrip())
    return Source(typed, text[start:], (*origin[start:], len(typed)))


def _check(source: Source) -> None:
    """Go through the tokens once: every slip that a learner makes gets its own words."""
    opened: list[tuple[str, int]] = []
    before = ("sign", "", 0)  # kind, token, end of the last token that is not a space
    for match in _TOKEN.finditer(source.text):
        kind, token, at = str(match.lastgroup), match.group(), match.start()
        if kind == "space":
            if "\n" in token and not opened:  # a line is an expression of its own
                before = ("sign", "", match.end())
            continue
        touches = before[2] == at
        ended = before[0] in _BEGINS_VALUE or before[1] in (")", "]")
        if kind == "sign":
            _check_sign(source, token, at, opened, before)
        elif (
            kind == "name" and source.typed_between(at, at + 1) in "√∛Φ" and token not in ("sqrt", "cbrt", "normal_cdf")
        ):
            source.fail(f"put brackets after the sign: {source.typed_between(at, at + 1)}(x)", at)
        elif kind == "name" and not token.isidentifier():
            valid = next(k for k in range(1, len(token) + 1) if not token[:k].isidentifier()) - 1
            _check_sign(source, token[valid], at + valid, opened, before)
        elif kind == "name" and keyword.iskeyword(token):
            if token not in _KEYWORDS_THAT_WORK:
                advice = _KEYWORD_ADVICE.get(token, "only expressions and name = expression can be written here")
                source.fail(
                    f"{token!r} is a word of the Python language and cannot be used here; {advice}", at, match.end()
                )
            kind = "sign" if token in ("and", "or", "not") else kind
        elif ended and before[1] not in ("and", "or", "not"):
            _check_neighbours(source, before, (kind, token, at, match.end()), touches=touches)
        before = (kind, token, match.end())
    if opened:
        bracket, at = opened[-1]
        source.fail(f"this {bracket!r} is never closed", at)


def _check_sign(
    source: Source, sign: str, at: int, opened: list[tuple[str, int]], before: tuple[str, str, int]
) -> None:
    if sign in "([{":
        if before[0] == "number" and sign == "(":
            source.fail(f"a sign is missing: for a product write {before[1]}*(…)", at)
        if before[1] == ")" and sign == "(":
            source.fail("a sign is missing between the brackets: for a product write (…)*(…)", at)
        if sign == "{":
            source.fail("use round brackets ( ) here; { } has no meaning in an expression", at)
        opened.append((sign, at))
        if len(opened) > DEEPEST:
            source.fail(
                f"the expression is nested too deeply: more than {DEEPEST} brackets inside each other. Name parts of it: "
                "z = …; tanh(z)",
                at,
            )
    elif sign in ")]}":
        if not opened:
            source.fail(f"this {sign!r} closes nothing: there is no {_PAIRS[sign]!r} before it", at)
        bracket, place = opened.pop()
        if bracket != _PAIRS[sign]:
            source.fail(f"{sign!r} does not close the {bracket!r} at character {source.origin[place] + 1}", at)
    elif sign == "^":
        source.fail("a power is written with **: x**2, not x^2", at)
    elif sign in ("&&", "||"):
        source.fail(f"write {'and' if sign == '&&' else 'or'} instead of {sign}", at, at + 2)
    elif sign == "//":
        source.fail("'//' is not an operation of the table; write floor(a / b)", at, at + 2)
    elif sign == ":=":
        source.fail("write name = expression; … to name a part: z = a*b; tanh(z)", at, at + 2)
    elif sign == "." and before[0] in _BEGINS_VALUE | {"sign"}:
        _refuse_attribute(source, at)
    elif sign == "!":
        source.fail("'!' (factorial) is not an operation of the table", at)
    elif sign in "'\"":
        source.fail("this quotation mark has no partner (text is only used by einsum: einsum('ij,jk->ik', A, B))", at)
    elif sign not in _KNOWN_SIGNS:
        named = "" if sign.isascii() else f" ({unicodedata.name(sign[0], 'unnamed').lower()})"
        what = f"the sign {sign!r}{named} has" if sign.isprintable() else "a control character has"
        source.fail(f"{what} no meaning in an expression", at, at + len(sign))


def _refuse_attribute(source: Source, at: int) -> NoReturn:
    """Say that ``x.sum()`` and ``np.exp(x)`` are written as plain calls."""
    after = re.match(r"\.\s*([^\W\d]\w*)?", source.text[at:])
    name = after.group(1) if after else None
    advice = f"write {name}(…) as a plain call" if name and not name.startswith("_") else "use a name or a call"
    source.fail(
        f"attributes cannot be used in an expression (a dot after a name); {advice}", at, at + len(name or "") + 1
    )


def _check_neighbours(
    source: Source, before: tuple[str, str, int], here: tuple[str, str, int, int], *, touches: bool
) -> None:
    """Refuse two values side by side: ``2x``, ``x y``, ``)x``."""
    _, token, at, end = here
    left = before[1] if before[1] not in ")]" else "(…)"
    if before[0] == "number" and touches and here[0] == "name":
        if token[0] in "xXoObB" and before[1] == "0":
            source.fail("write whole numbers in the decimal system", at - 1, end)
        if token in ("j", "J"):
            source.fail("complex numbers have no place in a graph of real numbers", at - 1, end)
    source.fail(f"a sign is missing between {left} and {token}: for a product write {left}*{token}", at, end)


def did_you_mean(name: str, known: list[str], closeness: float = 0.6) -> str:
    """Give ``; did you mean 'tanh'?`` when a known name is close, else nothing.

    >>> did_you_mean("tnah", ["tan", "tanh"]), did_you_mean("qqq", ["tanh"])
    ("; did you mean 'tanh'?", '')
    """
    found = difflib.get_close_matches(name, known, 1, closeness) or difflib.get_close_matches(
        name.lower(), known, 1, closeness
    )
    return f"; did you mean {found[0]!r}?" if found else ""
