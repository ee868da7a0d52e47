"""What is an answer to one wording of a question worth by another one? Exact, no database.

What a learner chose and the new wording does not have counts by its old tick.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from quizzes import grading
from quizzes.kinds import slots
from quizzes.kinds.table import KINDS
from quizzes.spec import Question, Slot


def share_by(now: Question, was: Question, answer: Sequence[str]) -> Fraction | None:
    """The share (0 to 1) of an answer to `was` by the key of `now`; None where `now` cannot tell.

    That is where it asks for another kind of answer, or for one that nobody had to give then.
    """
    if not answer:
        return Fraction(0)
    if not (now.is_graded and was.is_graded) or _form(now) != _form(was):
        return None
    if now.type == "order":
        return _ordered(now, was, answer)
    judging = _with_gone(now, was, answer)
    if judging is None:
        return grading.grade(was, answer).share
    try:
        grade = grading.grade(judging, answer)
    except ValueError:  # several were chosen where one may be now
        return None
    return None if grade.state == "unreadable" else grade.share


def _form(question: Question) -> tuple[str, bool]:
    return KINDS[question.type].SHAPE, question.type == "order"


def _with_gone(now: Question, was: Question, answer: Sequence[str]) -> Question | None:
    """`now` with what was chosen and is gone, as it was; None where only one may be chosen and is gone."""
    if KINDS[now.type].SHAPE == "choices":
        known = {choice.key for choice in now.choices}
        gone = [choice for choice in was.choices if choice.key in answer and choice.key not in known]
        if gone and now.type != "multiple":
            return None
        return replace(now, choices=(*now.choices, *gone))
    if not now.slots:
        return now
    return _with_places(now, was, slots.filled(answer))


def _with_places(now: Question, was: Question, given: Mapping[str, str]) -> Question:
    """`now` with the places of `was` that were filled, and the things that were put there, and are gone."""
    before = {slot.key: slot for slot in was.slots if slot.key in given}
    here = {slot.key for slot in now.slots}
    things = {choice.key for choice in now.choices}
    kept = [_place(slot, before.get(slot.key), given.get(slot.key, ""), things) for slot in now.slots]
    gone = [slot for key, slot in before.items() if key not in here]
    put = set(given.values()) | {slot.right for slot in [*kept, *gone]}
    old = [choice for choice in was.choices if choice.key in put and choice.key not in things]
    return replace(now, slots=(*kept, *gone), choices=(*now.choices, *old))


def _place(now: Slot, was: Slot | None, given: str, things: set[str]) -> Slot:
    """The place as it is now, unless what was put into it cannot be put there any more."""
    if was is None:
        return now
    chosen = {choice.key for choice in now.choices} if now.choices else things
    if now.choices and not now.right:
        return was if was.right else now  # typed now: what was typed then can be held against it
    return now if given in chosen else was


def _ordered(now: Question, was: Question, answer: Sequence[str]) -> Fraction | None:
    """Steps that are gone leave the others in their order; where there are new ones, nobody can say."""
    steps = {choice.key for choice in now.choices}
    if not steps <= {choice.key for choice in was.choices}:
        return None
    given = slots.filled(answer)
    left = sorted((key for key in given if key in steps), key=lambda key: int(given[key]))
    renumbered = [f"{key}:{number}" for number, key in enumerate(left, start=1)]
    if len(left) < len(steps):
        renumbered = [f"{key}:{given[key]}" for key in left if int(given[key]) <= len(steps)]
    return grading.grade(now, renumbered).share
