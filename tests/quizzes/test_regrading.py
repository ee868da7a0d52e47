"""What answers to one wording of a question are worth by another one."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.accepting import with_accepted
from quizzes.grading import grade
from quizzes.regrading import share_by
from quizzes.spec import Question
from tests.quizzes.reading import read

SINGLE = """
Which one?

- [{a}] Apple
- [{b}] Beet
- [{c}] Carrot
"""
MULTIPLE = """
Which are fruit?

- [x] Apple
- [{b}] Beet
- [ ] Carrot
- [x] Damson
"""


def one(body: str) -> Question:
    """The question with this body, without the fences around it."""
    return read(f":::{{question}}\n:id: it-is-one\n{body.strip()}\n\n:::\n").question


def keys(question: Question, *texts: str) -> list[str]:
    return [choice.key for choice in question.choices if any(text in choice.html for text in texts)]


def test_a_new_tick_turns_right_and_wrong_round():
    was, now = one(SINGLE.format(a="x", b=" ", c=" ")), one(SINGLE.format(a=" ", b="x", c=" "))
    assert share_by(now, was, keys(was, "Apple")) == 0
    assert share_by(now, was, keys(was, "Beet")) == 1
    assert share_by(now, was, []) == 0


def test_what_was_chosen_and_is_gone_counts_by_its_old_tick():
    was = one(SINGLE.format(a="x", b=" ", c=" "))
    now = one("Which one?\n\n- [x] Beet\n- [ ] Carrot\n")
    assert share_by(now, was, keys(was, "Apple")) == 1
    assert share_by(now, was, keys(was, "Carrot")) == 0
    several, fewer = (
        one(MULTIPLE.format(b=" ")),
        one("Which are fruit?\n\n- [x] Apple\n- [x] Elder\n- [ ] Beet\n"),
    )
    assert share_by(fewer, several, keys(several, "Apple", "Damson")) == Fraction(2, 3)  # Elder is missing
    assert share_by(fewer, several, keys(several, "Apple", "Carrot")) == Fraction(0)


@pytest.mark.parametrize(
    ("was", "now", "answer", "share"),
    [
        (":type: text\n\nWhat?\n\n- [x] one\n", ":type: text\n\nWhat?\n\n- [x] uno\n", "UNO", 1),
        (":type: text\n\nWhat?\n\n- [x] one\n", ":type: text\n\nWhat?\n\n- [x] uno\n- [ ] one\n", "one", 0),
        (":type: number\n\nHow many?\n\n- [x] 42\n", ":type: number\n\nHow many?\n\n- [x] 40..45\n", "44", 1),
        (":type: text\n\nHow many?\n\n- [x] two\n", ":type: number\n\nHow many?\n\n- [x] 2\n", "two", None),
        (":type: number\n\nHow many?\n\n- [x] 2\n", "How many?\n\n- [x] 2\n- [ ] 3\n", "2", None),
    ],
)  # fmt: skip
def test_what_was_typed_is_held_against_the_new_key(was, now, answer, share):
    assert share_by(one(now), one(was), [answer]) == share


def test_several_ticks_where_one_may_be_now_cannot_be_judged_again():
    was, now = one(MULTIPLE.format(b=" ")), one(SINGLE.format(a="x", b=" ", c=" "))
    assert share_by(now, was, keys(was, "Apple", "Beet")) is None


def test_pairs_that_are_gone_count_as_they_did_and_the_others_by_the_new_key():
    was = one("Match.\n\n- a => 1\n- b => 2\n- c => 3\n")
    now = one("Match.\n\n- a => 2\n- b => 1\n- d => 3\n")
    places = {choice: slot.key for choice, slot in zip("abc", was.slots, strict=True)}
    things = {choice: slot.right for choice, slot in zip("123", was.slots, strict=True)}
    answer = [f"{places['a']}:{things['2']}", f"{places['b']}:{things['2']}", f"{places['c']}:{things['3']}"]
    assert share_by(now, was, answer) == Fraction(2, 4)  # a → 2 is right now, c → 3 was, d is not answered


def test_steps_that_are_gone_leave_the_order_of_the_others():
    was = one("Order.\n\n1. one\n2. two\n3. three\n4. four\n")
    now = one("Order.\n\n1. one\n2. three\n3. four\n")
    numbers = [f"{choice.key}:{n}" for n, choice in enumerate(was.choices, start=1)]
    assert share_by(now, was, numbers) == 1
    more = one("Order.\n\n1. zero\n2. one\n3. two\n4. three\n")
    assert share_by(more, was, numbers) is None


def test_gaps_to_type_in_and_to_choose_in():
    was = one("It is [[early|soon]] and [[bad|(good)|no]].\n")
    now = one("It is [[late]] and [[bad|(fine)|no]].\n")
    good = next(choice.key for choice in was.slots[1].choices if choice.text == "good")
    bad = next(choice.key for choice in was.slots[1].choices if choice.text == "bad")
    assert share_by(now, was, ["1:late", f"2:{good}"]) == 1  # “good” is gone and was right
    assert share_by(now, was, ["1:early", f"2:{bad}"]) == 0


def test_an_accepted_answer_counts_as_right_where_nothing_else_is_said_of_it():
    question = one(":type: text\n\nWhat?\n\n- [x] one\n- [ ] two\n- [ ] ...\n  > No.\n")
    accepting = with_accepted(question, "uno")
    assert grade(accepting, ["Uno "]).share == 1
    assert grade(with_accepted(question, "two"), ["two"]).share == 0
    gaps = one("It is [[early|soon]] and [[bad|(good)]].\n")
    assert grade(with_accepted(gaps, "shortly", "1"), ["1:shortly"]).share == Fraction(1, 2)
    assert with_accepted(gaps, "fine", "2") == gaps


@given(
    ticks=st.lists(st.booleans(), min_size=4, max_size=4),
    new=st.lists(st.booleans(), min_size=4, max_size=4),
    chosen=st.sets(st.integers(0, 3)),
)
def test_by_its_own_key_an_answer_is_worth_what_it_was_and_by_any_key_from_0_to_1(ticks, new, chosen):
    was, now = (
        one(":type: multiple\n\nWhich?\n\n" + "".join(f"- [{'x' if t else ' '}] {n}th\n" for n, t in enumerate(each)))
        for each in (ticks if any(ticks) else [True, *ticks[1:]], new if any(new) else [True, *new[1:]])
    )  # fmt: skip
    answer = [was.choices[n].key for n in sorted(chosen)]
    assert share_by(was, was, answer) == grade(was, answer).share
    judged = share_by(now, was, answer)
    assert judged is not None
    assert 0 <= judged <= 1
    assert judged == grade(now, answer).share  # nothing is gone
