"""How a completion reads once more was published, as a table."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from courses.documents import Entry
from learning.outline import Asked, Deed, Facts, draw, gather
from learning.since import News, Said, additions, said

DONE = datetime(2026, 11, 3, tzinfo=UTC)
LATER = DONE + timedelta(days=9)
INDEX = "uuid-index"
DUE = date(2027, 1, 15)


def page(number: int, *, required: bool = True, audiences: tuple[str, ...] | None = None) -> Entry:
    return Entry(number, f"uuid-{number}", f"page-{number}", f"Page {number}", 0, 5, required, audiences)


def done(*numbers: int, asked: Asked | None = None) -> Facts:
    return Facts(
        opened=frozenset(numbers),
        done=dict.fromkeys(numbers, DONE),
        completed=frozenset(f"uuid-{n}" for n in numbers),
        completed_at=DONE,
        asked=asked,
    )


def news(policy: str, *, at: datetime = LATER, added: tuple[str, ...] = (), changed: tuple[str, ...] = ()):
    return News(at, policy, frozenset(added), frozenset(changed))


ASKED = Asked(1, LATER, DUE)


@pytest.mark.parametrize(
    ("entries", "facts", "published", "kind", "added"),
    [
        ([page(1)], done(1), [], "done", 0),
        ([page(1)], done(1), [news("minor", changed=("uuid-1",))], "corrected", 0),
        ([page(1)], done(1), [news("minor", changed=(INDEX,))], "corrected", 0),
        # What changed before, what they cannot see, and what is more than a correction.
        ([page(1)], done(1), [news("minor", at=DONE, changed=("uuid-1",))], "done", 0),
        ([page(1)], done(1), [news("minor", changed=("uuid-9",))], "done", 0),
        ([page(1)], done(1), [news("append", changed=("uuid-1",))], "done", 0),
        ([page(1), page(2), page(3)], done(1), [news("append", added=("uuid-2", "uuid-3"))], "added", 2),
        (
            [page(1), page(2, audiences=("Employee",))],
            done(1),
            [news("append", added=("uuid-2",))],
            "done",
            0,
        ),
        ([page(1), page(2, required=False)], done(1), [news("append", added=("uuid-2",))], "done", 0),
        # Additions are told before corrections, what is asked before all.
        ([page(1), page(2)], done(1), [news("minor", changed=("uuid-1",))], "added", 1),
        ([page(1), page(2)], done(1, asked=ASKED), [news("minor", changed=("uuid-1",))], "asked", 0),
        # Nothing to take is nothing asked.
        ([page(1, required=False)], done(1, asked=ASKED), [], "done", 0),
    ],
)
def test_how_a_completion_reads(entries, facts, published, kind, added):
    outline = draw(entries, audiences=frozenset({"Partner"}), facts=facts)
    assert said(outline, facts, published, index=INDEX) == Said(
        kind, DONE, added, DUE if kind == "asked" else None
    )


def test_nothing_is_said_before_there_is_a_completion():
    assert said(draw([page(1)], audiences=frozenset(), facts=Facts()), Facts(), [], index=INDEX) is None


def test_what_came_in_is_told_by_its_newest_day_until_it_is_done():
    entries = [page(n) for n in (1, 2, 3, 4)]
    facts = Facts(opened=frozenset({1, 4}), done=dict.fromkeys((1, 4), DONE))
    outline = draw(entries, audiences=frozenset(), facts=facts)
    published = [
        news("append", at=DONE, added=("uuid-1",)),
        news("append", at=LATER, added=("uuid-2", "uuid-3", "uuid-4")),
        news("append", at=LATER + timedelta(days=1), added=("uuid-3",)),
    ]
    told = [
        (at, [item.entry.section for item in items])
        for at, items in additions(outline, published, since=DONE)
    ]
    assert told == [(LATER + timedelta(days=1), [3]), (LATER, [2])]


def deed(section: int, *, done_at: datetime | None = DONE, asked_at: datetime | None = None) -> Deed:
    return Deed(section, done_at, done_at, asked_at)


def test_while_it_is_asked_what_was_done_since_counts_and_nothing_locks_again():
    deeds = [deed(1), deed(2), deed(1, done_at=LATER, asked_at=LATER), deed(2, done_at=None, asked_at=LATER)]
    facts = gather(deeds, completed_at=DONE, required=["uuid-1", "uuid-2"], asking=Asked(7, LATER, DUE))
    entries = [page(1), page(2), page(3), page(4)]
    outline = draw(entries, audiences=frozenset(), facts=facts, sequence="linear")
    assert [item.state for item in outline.items] == ["done", "open", "locked", "locked"]
    assert (outline.stage, outline.percent, outline.started, outline.since) == ("asked", 25, True, LATER)
    assert outline.items[0].done_at == LATER
    assert facts.done == {1: DONE, 2: DONE}  # never re-dated


def test_what_was_done_for_an_asking_that_is_withdrawn_counts_as_any_other():
    deeds = [deed(1), deed(2, done_at=LATER, asked_at=LATER)]
    facts = gather(deeds, completed_at=DONE, required=["uuid-1"])
    outline = draw([page(1), page(2)], audiences=frozenset(), facts=facts)
    assert (outline.stage, outline.added) == ("done", 0)
    assert [item.state for item in outline.items] == ["done", "done"]


def test_for_the_older_asking_counts_what_was_done_for_the_newer_one_too():
    deeds = [deed(1), deed(1, done_at=LATER, asked_at=LATER)]
    first = Asked(1, DONE + timedelta(days=1), DUE)
    facts = gather(deeds, completed_at=DONE, required=["uuid-1"], asking=first)
    assert facts.asked is not None
    assert set(facts.asked.done) == {1}
