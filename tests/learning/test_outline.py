"""The outline is set arithmetic: every row here is a rule that a learner can meet."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.documents import Entry
from learning.outline import Facts, draw, percent

WHEN = datetime(2026, 11, 3, tzinfo=UTC)
EVERYBODY = frozenset({"Employee", "Partner"})


def entry(number: int, *, required: bool = True, audiences: tuple[str, ...] | None = None) -> Entry:
    return Entry(number, f"uuid-{number}", f"page-{number}", f"Page {number}", 0, 5, required, audiences)


def soon() -> Entry:
    return Entry(None, None, "", "Still being written", 0, 0, False, None)


def done(*numbers: int, completed: set[int] | None = None) -> Facts:
    return Facts(
        opened=frozenset(numbers),
        done=dict.fromkeys(numbers, WHEN),
        completed=None if completed is None else frozenset(f"uuid-{n}" for n in completed),
        completed_at=WHEN if completed is not None else None,
    )


@pytest.mark.parametrize(
    ("entries", "facts", "percent", "states", "next_page"),
    [
        ([entry(1), entry(2)], Facts(), 0, ["open", "open"], 1),
        ([entry(1), entry(2)], done(1), 50, ["done", "open"], 2),
        ([entry(1), entry(2)], done(1, 2), 100, ["done", "done"], None),
        # A page to come is shown and counts for nothing.
        ([entry(1), soon()], done(1), 100, ["done", "soon"], None),
        # An optional page is shown, can be done, and counts in neither side.
        ([entry(1), entry(2, required=False)], done(1), 100, ["done", "open"], None),
        ([entry(1), entry(2, required=False)], done(2), 0, ["open", "done"], 1),
        # Nothing required is not complete.
        ([entry(1, required=False)], done(1), None, ["done"], None),
        ([soon()], Facts(), None, ["soon"], None),
        # A page for others is in neither side and in no list.
        ([entry(1), entry(2, audiences=("Customer",))], done(1), 100, ["done"], None),
        # Two of three is 66 %, rounded down.
        ([entry(1), entry(2), entry(3)], done(1, 2), 66, ["done", "done", "open"], 3),
    ],
)
def test_states_percent_and_next(entries, facts, percent, states, next_page):
    outline = draw(entries, audiences=EVERYBODY, facts=facts)
    assert [item.state for item in outline.items] == states
    assert outline.percent == percent
    assert outline.complete is (percent == 100)
    assert (outline.next.entry.section if outline.next else None) == next_page


def test_in_a_linear_module_a_page_waits_for_the_one_before():
    outline = draw([entry(1), entry(2), entry(3)], audiences=EVERYBODY, facts=done(1), sequence="linear")
    assert [item.state for item in outline.items] == ["done", "open", "locked"]


def test_what_was_opened_or_done_never_locks_again():
    facts = Facts(opened=frozenset({2, 3}), done={3: WHEN})
    outline = draw(
        [entry(1), entry(2), entry(3), entry(4)], audiences=EVERYBODY, facts=facts, sequence="linear"
    )
    assert [item.state for item in outline.items] == ["open", "open", "done", "locked"]


def test_who_is_done_stays_done_when_a_section_is_added():
    outline = draw([entry(1), entry(2), entry(3)], audiences=EVERYBODY, facts=done(1, 2, completed={1, 2}))
    assert (outline.percent, outline.done, outline.total, outline.left) == (100, 2, 2, ())
    assert [item.is_new for item in outline.items] == [False, False, True]


def test_why_not_100_percent_is_the_list_of_what_is_left():
    outline = draw([entry(1), entry(2), entry(3)], audiences=EVERYBODY, facts=done(2))
    assert [item.entry.section for item in outline.left] == [1, 3]
    assert outline.minutes_left == 10


@given(
    rows=st.lists(
        st.tuples(st.booleans(), st.sampled_from([None, ("Employee",), ("Partner",)]), st.booleans()),
        max_size=12,
    ),
    linear=st.booleans(),
    held=st.sets(st.sampled_from(["Employee", "Partner"])),
)
def test_percent_is_100_exactly_when_nothing_visible_and_required_is_left(rows, linear, held):
    entries = [entry(n, required=required, audiences=who) for n, (required, who, _done) in enumerate(rows)]
    facts = Facts(done={n: WHEN for n, (_required, _who, is_done) in enumerate(rows) if is_done})
    outline = draw(entries, audiences=frozenset(held), facts=facts, sequence="linear" if linear else "free")
    wanted = {
        n for n, (required, who, _done) in enumerate(rows) if required and (who is None or set(who) & held)
    }
    assert outline.total == len(wanted)
    assert (outline.percent == 100) is bool(wanted and wanted <= set(facts.done))
    assert {item.entry.section for item in outline.left} == wanted - set(facts.done)
    # Nobody is stranded: while something is left, something that is left is open.
    assert (outline.next is not None) is bool(outline.left)


@pytest.mark.parametrize("total", [1, 3, 7, 199, 1000])
def test_percent_never_rounds_up_to_100(total):
    assert percent(total - 1, total, complete=False) <= 99
