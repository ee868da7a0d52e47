"""Which new pages are like pages that are gone: tables and properties, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authoring.likeness import MOST, SHARE, Leaf, pairs

WORDS = "an apple tree wants sun and water and some care in winter"


def leaf(uuid: str, text: str, *, title: str = "", path: str = "") -> Leaf:
    return Leaf(uuid, path or f"{uuid}.md", title or uuid, text)


@pytest.mark.parametrize(
    ("gone", "new", "expected"),
    [
        ([leaf("a", WORDS)], [leaf("b", WORDS)], [("a", "b", 1.0)]),
        ([leaf("a", "one two three four")], [leaf("b", "one two three six")], [("a", "b", 0.75)]),
        # Half of the words is not more than half.
        ([leaf("a", "one two")], [leaf("b", "one three")], []),
        # The same title is enough.
        ([leaf("a", "one", title="T")], [leaf("b", "two", title="T")], [("a", "b", 0.0)]),
        # What is most alike first, whatever the order.
        (
            [leaf("a", "one two three four"), leaf("b", "one two three four five")],
            [leaf("c", "one two three four five")],
            [("b", "c", 1.0)],
        ),
        # Of pages with the same text, the one with the same title and the one with the same file name.
        (
            [leaf("a", WORDS, path="x/1.md"), leaf("b", WORDS, path="x/2.md", title="B")],
            [leaf("c", WORDS, path="y/1.md"), leaf("d", WORDS, title="B")],
            [("a", "c", 1.0), ("b", "d", 1.0)],
        ),
        ([], [leaf("b", WORDS)], []),
        ([leaf("a", WORDS)], [], []),
    ],
)
def test_what_is_paired(gone: list[Leaf], new: list[Leaf], expected: list[tuple[str, str, float]]):
    assert [(pair.gone.uuid, pair.new.uuid, pair.share) for pair in pairs(gone, new)] == expected


def test_what_is_known_to_be_two_pages_is_paired_otherwise():
    gone, new = [leaf("a", WORDS)], [leaf("b", WORDS), leaf("c", WORDS + " too")]
    found = pairs(gone, new, apart=[("a", "b")])
    assert [(pair.gone.uuid, pair.new.uuid) for pair in found] == [("a", "c")]
    assert pairs(gone, new, apart=[("a", "b"), ("a", "c")]) == []


def test_a_folder_of_many_pages_that_moved_is_paired_by_texts_and_names():
    count = int(MOST**0.5) + 10
    gone = [leaf(f"a{n}", f"text of {n}", path=f"old/{n}.md") for n in range(count)]
    new = [
        leaf(f"b{n}", f"text of {n}" + (" changed" if n % 2 else ""), path=f"new/{n}.md")
        for n in range(count)
    ]
    found = {pair.gone.uuid: pair.new.uuid for pair in pairs(gone, new)}
    assert found == {f"a{n}": f"b{n}" for n in range(count)}


texts = st.lists(st.sampled_from(["one", "two", "three"]), max_size=4).map(" ".join)


@given(st.lists(texts, max_size=5), st.lists(texts, max_size=5))
def test_each_page_is_in_one_pair_at_most_and_only_with_one_that_is_like_it(was: list[str], now: list[str]):
    gone = [leaf(f"a{n}", text) for n, text in enumerate(was)]
    new = [leaf(f"b{n}", text) for n, text in enumerate(now)]
    found = pairs(gone, new)
    for side in ([pair.gone.uuid for pair in found], [pair.new.uuid for pair in found]):
        assert len(set(side)) == len(side)
    assert all(pair.share > SHARE for pair in found)
    left = {leaf.text for leaf in gone} & {leaf.text for leaf in new}
    assert not left or found, "what is the same is paired"
