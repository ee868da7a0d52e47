"""The text diff: what it says, that it says everything, and that it stays linear on hostile texts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authoring.textdiff import Row, alike, compare, longest_rising, words


def shown(rows: list[Row]) -> list[str]:
    """One line a row: "  same", "- removed", "+ added", "~ a [-old-]{+new+} line", "... 3"."""
    marks = {"same": "  ", "removed": "- ", "added": "+ ", "changed": "~ "}
    inner = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    told = []
    for row in rows:
        if row.folded:
            told.append(f"... {row.folded}")
        elif row.kind == "changed":
            told.append("~ " + "".join(inner[part.kind].format(part.text) for part in row.parts))
        else:
            told.append(marks[row.kind] + row.parts[0].text)
    return told


NUMBERS = "\n".join(f"line {n}" for n in range(10))

CASES = [
    ("the same", "a\nb", "a\nb", []),
    ("a word", "The sky is blue today", "The sky is grey today", ["~ The sky is [-blue-]{+grey+} today"]),
    ("another line", "Apples", "Quite something else", ["- Apples", "+ Quite something else"]),
    ("an added line", "a\nb", "a\nnew\nb", ["  a", "+ new", "  b"]),
    ("a removed line", "a\nold\nb", "a\nb", ["  a", "- old", "  b"]),
    ("from nothing", "", "a", ["- ", "+ a"]),
    (
        "far from a change lines are folded",
        NUMBERS,
        NUMBERS.replace("line 5", "row 5"),
        ["... 3", "  line 3", "  line 4", "~ [-line-]{+row+} 5", "  line 6", "  line 7", "... 2"],
    ),
    (
        "lines are paired where they are alike",
        "one two three\nfour five six",
        "new\nfour five seven\nlast",
        ["- one two three", "+ new", "~ four five [-six-]{+seven+}", "+ last"],
    ),
    ("a moved line", "a\nb\nc\nd", "b\nc\nd\na", ["- a", "  b", "  c", "  d", "+ a"]),
]


@pytest.mark.parametrize(("old", "new", "told"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_what_it_says(old: str, new: str, told: list[str]):
    assert shown(compare(old, new)) == told


TEXTS = st.lists(st.sampled_from(["a", "b", "c d e", "c d f", "", "x y"]), max_size=12).map("\n".join)


@given(TEXTS, TEXTS)
def test_either_text_can_be_read_from_it(old: str, new: str):
    def one_side(kind: str) -> list[str]:
        lines, number = [], 0
        for row in compare(old, new):
            if row.folded:
                source = (old if kind == "removed" else new).split("\n")
                lines += source[number : number + row.folded]
                number += row.folded
            elif row.old if kind == "removed" else row.new:
                lines.append("".join(part.text for part in row.parts if part.kind in ("same", kind)))
                number += 1
        return lines

    if old == new:
        assert compare(old, new) == []
    else:
        assert one_side("removed") == old.split("\n")
        assert one_side("added") == new.split("\n")


@given(st.text("ab .", max_size=30), st.text("ab .", max_size=30))
def test_words_keep_every_character(old: str, new: str):
    parts = words(old, new)
    assert "".join(part.text for part in parts if part.kind != "added") == old
    assert "".join(part.text for part in parts if part.kind != "removed") == new


@given(st.permutations(range(9)))
def test_the_longest_rising_part_rises_and_nothing_longer_does(order: list[int]):
    found = longest_rising([(first, n) for n, first in enumerate(order)])
    assert all(a < b for (a, _), (b, _) in pairwise(found))
    best = [1] * len(order)
    for n, value in enumerate(order):
        best[n] = 1 + max((best[m] for m in range(n) if order[m] < value), default=0)
    assert len(found) == max(best)


HOSTILE = {
    "one line again and again": ("a\n" * 200_000, "a\n" * 100_000 + "b\n" + "a\n" * 99_000),
    "two lines in turn": ("a\nb\n" * 100_000, "b\na\n" * 100_000),
    "nothing in common": ("\n".join(map(str, range(100_000))), "\n".join(map(str, range(10**6, 10**6 + 100_000)))),
    "turned around": ("\n".join(map(str, range(100_000))), "\n".join(map(str, range(100_000, 0, -1)))),
    "one line of many words": ("a b " * 100_000, "b a c " * 80_000),
    "one word": ("a" * 500_000, "b" * 500_000),
}  # fmt: skip


@pytest.mark.trust("MD-15")
@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_takes_the_square_of_its_length(kind: str):
    """Each would take hours if lines or words were compared with all others."""
    old, new = HOSTILE[kind]
    assert compare(old, new)


@pytest.mark.parametrize(
    ("old", "new", "share"), [("", "", 1), ("a b", "b a", 1), ("a b", "c d", 0), ("a b", "a c", 0.5)]
)
def test_how_alike_two_texts_are(old: str, new: str, share: float):
    assert alike(old, new) == share
