"""What a new version asks beyond the live one decides which policies are offered."""

from __future__ import annotations

import pytest

from courses.documents import Entry
from learning.growth import Grown, added, growth

BOTH = ("Employee", "Partner")


def page(number: int, *, required: bool = True, audiences: tuple[str, ...] | None = None) -> Entry:
    return Entry(number, f"uuid-{number}", f"page-{number}", f"Page {number}", 0, 5, required, audiences)


def soon(title: str) -> Entry:
    return Entry(None, None, "", title, 0, 0, False, None)


@pytest.mark.parametrize(
    ("live", "new", "grown"),
    [
        ([page(1)], [page(1)], []),
        ([page(1), page(2)], [page(2), page(1)], []),
        ([page(1), page(2)], [page(1)], []),
        # A required section that was added.
        ([page(1)], [page(1), page(2)], [("added", "Page 2")]),
        ([page(1)], [page(2)], [("added", "Page 2")]),
        # An optional one asks nothing, until it is required.
        ([page(1)], [page(1), page(2, required=False)], []),
        ([page(1, required=False)], [page(1)], [("added", "Page 1")]),
        ([page(1)], [page(1, required=False)], []),
        # One that was coming soon, whatever the case of its title.
        ([page(1), soon("page 2 ")], [page(1), page(2)], [("written", "Page 2")]),
        ([page(1), soon("Page 2")], [page(1), page(2, required=False)], []),
        ([page(1)], [page(1), soon("Page 2")], []),
        # One that opens to more people, not to fewer.
        ([page(1, audiences=("Employee",))], [page(1, audiences=BOTH)], [("opened", "Page 1")]),
        ([page(1, audiences=("Employee",))], [page(1)], [("opened", "Page 1")]),
        ([page(1, audiences=("Employee",))], [page(1, audiences=("Partner",))], [("opened", "Page 1")]),
        ([page(1, audiences=BOTH)], [page(1, audiences=("Partner",))], []),
        ([page(1)], [page(1, audiences=BOTH)], []),
        ([page(1, required=False, audiences=("Employee",))], [page(1, required=False)], []),
    ],
)
def test_what_asks_more_of_somebody(live, new, grown):
    assert growth(live, new) == [Grown(kind, title) for kind, title in grown]


def test_what_was_added_are_the_pages_that_were_not_there():
    live = [page(1), soon("Page 3")]
    assert added(live, [page(2, required=False), page(1), page(3)]) == ["uuid-2", "uuid-3"]
