"""Two texts that began as one: what both can have. Pure; `authoring.textdiff` says what differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

MINE, BETWEEN, THEIRS = "<<<<<<< ", "=======", ">>>>>>> "


@dataclass(frozen=True, slots=True)
class Merged:
    """Both changes in one text. Where they meet, both stand between marks, and `clashes` counts them."""

    text: str
    clashes: int


def merge(base: str, mine: str, theirs: str, *, names: tuple[str, str]) -> Merged:
    """Take what each changed against `base`; `names` stand at the marks around what both changed."""
    one, other, before = mine.split("\n"), theirs.split("\n"), base.split("\n")
    merged: list[str] = []
    clashes = at = at_one = at_other = 0
    for b, m, t, length in [*_common(before, one, other), (len(before), len(one), len(other), 0)]:
        old, ours, others = before[at:b], one[at_one:m], other[at_other:t]
        if ours == others or others == old:
            merged += ours
        elif ours == old:
            merged += others
        else:
            clashes += 1
            merged += [MINE + names[0], *ours, BETWEEN, *others, THEIRS + names[1]]
        merged += before[b : b + length]
        at, at_one, at_other = b + length, m + length, t + length
    return Merged("\n".join(merged), clashes)


def _common(base: list[str], one: list[str], other: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Runs of lines that all three have: where each begins in the three, and its length."""
    left = SequenceMatcher(None, base, one).get_matching_blocks()
    right = SequenceMatcher(None, base, other).get_matching_blocks()
    i = j = 0
    while i < len(left) and j < len(right):
        a, b = left[i], right[j]
        start, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if start < end:
            yield start, a.b + start - a.a, b.b + start - b.a, end - start
        if a.a + a.size < b.a + b.size:
            i += 1
        else:
            j += 1
