"""The passage of a page that answers a question best, and the words in it that were asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from courses.words import Question

# Characters: of a page that are looked at, of a passage, and of what leads up to its first find.
LOOKED_AT = 60_000
LENGTH = 240
BEFORE = 60
MOST_PLACES = 200

# Where a heading, a cell or a point of a list ends, and nothing says so.
_BLOCK_ENDS = re.compile(r"(?<=[^\s.!?:;,…])\n")

# A piece of text, and whether it was asked for.
Part = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Passage:
    """A few lines of a page. `slug` names the heading that they stand under; "" above the first."""

    parts: tuple[Part, ...]
    slug: str = ""


def marked(text: str, question: Question) -> tuple[Part, ...]:
    """A text in pieces, those that were asked for marked."""
    parts: list[Part] = []
    end = 0
    for first, last, _number in question.found_in(text):
        start = max(first.start, end)
        if start < last.end:
            parts += [(text[end:start], False), (text[start : last.end], True)]
            end = last.end
    parts.append((text[end:], False))
    return tuple(part for part in parts if part[0])


def best(text: str, headings: Iterable[Mapping[str, str]], question: Question) -> Passage:
    """The passage with the most of what was asked for; the beginning of the page where it has none.

    `text` has a line a block, and headings (`text`, `slug`) are lines of it.
    """
    text = text[:LOOKED_AT]
    start = _densest(text, question)
    cut = _cut(text, 0 if start is None else start)
    return Passage(marked(cut, question), "" if start is None else _heading(text, headings, start))


def _densest(text: str, question: Question) -> int | None:
    """Where the most different phrases stand closest together; the first such place."""
    places = [(first.start, number) for first, _last, number in question.found_in(text)][:MOST_PLACES]
    ranked = []
    for index, (start, _number) in enumerate(places):
        near: dict[int, int] = {}  # where each phrase is met first
        for other, number in places[index:]:
            if other < start + LENGTH - BEFORE:
                near.setdefault(number, other)
        ranked.append((-len(near), max(near.values()) - start, start))
    return min(ranked)[-1] if ranked else None


def _cut(text: str, start: int) -> str:
    """The lines around a place in one line, cut between words, with an ellipsis where more was there."""
    begin, end = max(0, start - BEFORE), min(len(text), start - BEFORE + LENGTH)
    end = max(end, min(len(text), LENGTH))
    passage = text[begin:end]
    if begin:
        passage = "… " + passage.partition(" ")[2] if " " in passage[:BEFORE] else "… " + passage
    if end < len(text):
        passage = (passage.rpartition(" ")[0] or passage) + " …"
    return " ".join(_BLOCK_ENDS.sub(" · ", passage).split())


def _heading(text: str, headings: Iterable[Mapping[str, str]], place: int) -> str:
    """The slug of the last heading at or above a place."""
    slug, line_start = "", 0
    waiting = list(headings)
    for line in text.split("\n"):
        if line_start > place or not waiting:
            break
        if line == waiting[0]["text"]:
            slug = waiting.pop(0)["slug"]
        line_start += len(line) + 1
    return slug
