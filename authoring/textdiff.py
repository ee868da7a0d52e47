"""What differs between two texts, as rows that a person can read; pure, and never much slower than reading.

First lines that stand once in both texts are matched (patience); what is left between them is compared
line by line where it is small, else taken as a whole. In a line that only changed, words are compared.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "removed", "added"]

CONTEXT = 2  # unchanged lines that are shown on each side of a change
_SMALL = 40_000  # pairs of lines, or of words, that are worth comparing one with another
_ALIKE = 0.4  # the share of words that two lines have in common to be one line that changed
_WORD = re.compile(r"\w+|\s+|[^\w\s]")

Span = tuple[int, int, int, int]  # from, to in the old one; from, to in the new one


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line: in both texts, in the old one alone, or in the new one alone."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line, with its number in the old and in the new text (0: it is not there).

    A line that changed is one row with parts of several kinds. `folded` counts the unchanged
    lines that a row stands for; it has no text.
    """

    parts: tuple[Part, ...] = ()
    old: int = 0
    new: int = 0
    folded: int = 0

    @property
    def kind(self) -> str:
        """ "same", "removed", "added", "changed" or "folded"."""
        if self.folded:
            return "folded"
        kinds = {part.kind for part in self.parts}
        return next(iter(kinds)) if len(kinds) == 1 else "changed"


def compare(old: str, new: str) -> list[Row]:
    """The rows of two texts, unchanged runs folded; none where nothing differs."""
    if old == new:
        return []
    return list(_folded(list(_rows(old.split("\n"), new.split("\n")))))


def alike(old: str, new: str) -> float:
    """How much of their words two texts have in common, from 0 to 1; order does not matter."""
    first, second = Counter(old.split()), Counter(new.split())
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


def words(old: str, new: str) -> tuple[Part, ...]:
    """Two texts of a line each as one line: what both have, what is removed, what is added."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    parts: list[Part] = []
    for a1, a2, b1, b2, same in _spans(before, after):
        if same:
            _append(parts, "same", "".join(before[a1:a2]))
        else:
            _append(parts, "removed", "".join(before[a1:a2]))
            _append(parts, "added", "".join(after[b1:b2]))
    return tuple(parts)


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    for a1, a2, b1, b2, same in _spans(old, new):
        if same:
            for n in range(a2 - a1):
                yield Row((Part("same", old[a1 + n]),), a1 + n + 1, b1 + n + 1)
        else:
            yield from _changed(old[a1:a2], new[b1:b2], a1, b1)


def _changed(old: Sequence[str], new: Sequence[str], a: int, b: int) -> Iterator[Row]:
    """A run of lines that gave way to another: those that are alike in pairs, in order."""
    mates = _mates(old, new)
    done = 0
    for i, line in enumerate(old):
        if i not in mates:
            yield Row((Part("removed", line),), a + i + 1)
            continue
        j = mates[i]
        for k in range(done, j):
            yield Row((Part("added", new[k]),), 0, b + k + 1)
        yield Row(words(line, new[j]), a + i + 1, b + j + 1)
        done = j + 1
    for k in range(done, len(new)):
        yield Row((Part("added", new[k]),), 0, b + k + 1)


def _mates(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """For lines of the old run, the lines of the new one that they became; in order, so none cross."""
    mates: dict[int, int] = {}
    if len(old) * len(new) > _SMALL // 100:
        return {i: i for i in range(min(len(old), len(new))) if alike(old[i], new[i]) >= _ALIKE}
    start = 0
    for i, line in enumerate(old):
        found = max(
            range(start, len(new)),
            key=lambda j: alike(line, new[j]),
            default=-1,
        )
        if found >= 0 and line.strip() and alike(line, new[found]) >= _ALIKE:
            mates[i], start = found, found + 1
    return mates


def _spans(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int, bool]]:
    """The runs of two sequences in order, each equal in both or not."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if start:
        yield 0, start, 0, start, True
    a2, b2 = len(old) - end, len(new) - end
    at, to = start, start
    for i, j in [*_anchors(old[start:a2], new[start:b2]), (a2 - start, b2 - start)]:
        yield from _between(old, new, (at, start + i, to, start + j))
        at, to = start + i, start + j
        if at < a2:
            yield at, at + 1, to, to + 1, True
            at, to = at + 1, to + 1
    if end:
        yield a2, len(old), b2, len(new), True


def _between(old: Sequence[str], new: Sequence[str], span: Span) -> Iterator[tuple[int, int, int, int, bool]]:
    a1, a2, b1, b2 = span
    if a1 == a2 and b1 == b2:
        return
    if (a2 - a1) * (b2 - b1) > _SMALL:
        yield a1, a2, b1, b2, False
        return
    matcher = SequenceMatcher(None, old[a1:a2], new[b1:b2], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield a1 + i1, a1 + i2, b1 + j1, b1 + j2, tag == "equal"


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of what stands once in both, as many as stand in the same order."""
    once = {line for line, n in Counter(old).items() if n == 1} & {
        line for line, n in Counter(new).items() if n == 1
    }
    where = {line: i for i, line in enumerate(old) if line in once}
    pairs = [(where[line], j) for j, line in enumerate(new) if line in where]
    return longest_rising(pairs)


def longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of `pairs` (second numbers rising) in which the first numbers rise, too."""
    tops: list[int] = []  # by length, the smallest first number that such a part ends with
    ends: list[int] = []  # and which pair that is
    before: list[int] = []
    for n, (first, _second) in enumerate(pairs):
        length = bisect_left(tops, first)
        before.append(ends[length - 1] if length else -1)
        tops[length : length + 1], ends[length : length + 1] = [first], [n]
    found, at = [], ends[-1] if ends else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _folded(rows: list[Row]) -> Iterator[Row]:
    """The rows with each unchanged run that is far from any change as one."""
    near = {n + d for n, row in enumerate(rows) if row.kind != "same" for d in range(-CONTEXT, CONTEXT + 1)}
    run: list[Row] = []
    for n, row in enumerate(rows):
        if n not in near:
            run.append(row)
            continue
        yield from _fold(run)
        run = []
        yield row
    yield from _fold(run)


def _fold(run: list[Row]) -> list[Row]:
    return [Row(folded=len(run))] if len(run) > 1 else run


def _append(parts: list[Part], kind: Kind, text: str) -> None:
    if not text:
        return
    if parts and parts[-1].kind == kind:
        parts[-1] = Part(kind, parts[-1].text + text)
    else:
        parts.append(Part(kind, text))
