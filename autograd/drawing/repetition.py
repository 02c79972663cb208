"""Find what repeats in a word: the loops of the program that made a graph.

``runs`` compresses a sequence of signatures. It looks for the shortest period that covers most (``mul add`` sixteen
times), replaces each run by one token, and looks again among the tokens, so that neurons of products become layers of
neurons. It stops when few enough tokens are left, or nothing repeats; then it cuts the rest into stretches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

LONGEST = 64


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the word: from ``first`` up to ``last``, ``times`` repetitions of ``unit`` tokens."""

    first: int
    last: int
    kind: Any
    times: int = 1
    unit: tuple[Token, ...] = ()
    """The last repetition, as it was before it was folded."""

    @property
    def length(self) -> int:
        """How many letters it covers."""
        return self.last - self.first


def runs(word: Sequence[Hashable], most: int) -> list[tuple[int, int, str]]:
    """Cut a word into at most ``most`` stretches: (first, last, title).

    >>> runs(list("xababababz"), 4)
    [(0, 1, ''), (1, 9, '4 × 2 nodes'), (9, 10, '')]

    The last letter, the result, is never folded.
    """
    tokens = [Token(i, i + 1, letter) for i, letter in enumerate(word)]
    tokens, result = tokens[:-1], tokens[-1:]
    while len(tokens) >= most:
        shorter = _pass(tokens)
        if len(shorter) == len(tokens):
            break
        tokens = shorter
    if len(tokens) >= most:
        tokens = _stretches(tokens, most - 1)
    tokens = _opened(tokens, most // 2)
    tokens.extend(result)
    return [(t.first, t.last, _title(t)) for t in tokens]


def _title(t: Token) -> str:
    if t.length == 1:
        return ""
    if t.times > 1 and t.length % t.times == 0:
        return f"{t.times} × {t.length // t.times} nodes" if t.length > t.times else f"{t.times} in a row"
    return "stretch"


def _pass(tokens: list[Token]) -> list[Token]:
    """Replace the runs of the best period by one token each: the one that folds most, the shortest among equals."""
    numbers: dict[Any, int] = {}
    word = np.array([numbers.setdefault(t.kind, len(numbers)) for t in tokens])
    best: tuple[int, int, list[tuple[int, int]]] = (0, 0, [])
    for period in range(1, min(LONGEST, len(word) // 2) + 1):
        same = word[period:] == word[:-period]
        edges = np.flatnonzero(np.diff(np.concatenate(([0], same.view(np.int8), [0]))))
        spans = [
            (int(a), int(a) + ((int(b) - int(a)) // period + 1) * period)
            for a, b in zip(edges[::2], edges[1::2], strict=True)
            if b - a >= period
        ]
        spans = _apart(spans)
        saved = sum(last - first - 1 for first, last in spans)
        if saved > best[0] * 1.02:
            best = (saved, period, spans)
    _, period, spans = best
    new: list[Token] = []
    at = 0
    for first, last in spans:
        new.extend(tokens[at:first])
        inside = tokens[first:last]
        kind = ("run", tuple(t.kind for t in inside[:period]))
        new.append(Token(inside[0].first, inside[-1].last, kind, len(inside) // period, tuple(inside[-period:])))
        at = last
    new.extend(tokens[at:])
    return new


def _opened(tokens: list[Token], room: int) -> list[Token]:
    """Show the last repetition of runs unfolded beside the rest, the later runs first, while there is room."""
    done: set[int] = set()
    while True:
        k = next(
            (
                k
                for k in reversed(range(len(tokens)))
                if tokens[k].times > 1 and tokens[k].first not in done and len(tokens) + len(tokens[k].unit) <= room
            ),
            None,
        )
        if k is None:
            return tokens
        t = tokens[k]
        done.add(t.first)
        rest = Token(t.first, t.unit[0].first, t.kind, t.times - 1)
        tokens = [*tokens[:k], rest, *t.unit, *tokens[k + 1 :]]


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Keep spans that do not overlap, the earlier first."""
    kept: list[tuple[int, int]] = []
    for first, last in spans:
        if not kept or first >= kept[-1][1]:
            kept.append((first, last))
    return kept


def _stretches(tokens: list[Token], most: int) -> list[Token]:
    """Cut what does not repeat into pieces of about equal numbers of tokens."""
    each = -(-len(tokens) // most)
    new = []
    for k in range(0, len(tokens), each):
        piece = tokens[k : k + each]
        new.append(piece[0] if len(piece) == 1 else Token(piece[0].first, piece[-1].last, ("stretch", k)))
    return new
