"""`text`: a few words are typed, and held against those that the author foresaw, right and wrong."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from quizzes.kinds import typed
from quizzes.kinds.kind import Grade, Part, Shape, Written
from quizzes.options import match, read_value, typos
from quizzes.spec import Choice, Match, Question
from quizzes.text import exact, loose
from quizzes.typos import is_slip

SHAPE: Shape = "typed"
LONGEST = typed.LONGEST
put = typed.put
solution = typed.solution
guess = typed.guess


def read(question: Question, written: Written) -> Question:
    """The question with its accepted and its foreseen wrong answers."""
    options, report = written.options, written.report
    question = replace(
        question,
        type="text",
        match=cast(Match, read_value(options, "match", match, "loose", "E301", report)),
        typos=read_value(options, "typos", typos, 0, "E301", report),
    )
    compared = exact if question.match == "exact" else loose
    return replace(question, choices=typed.read_choices(written, same=compared))


def found(question: Question, answer: str) -> Choice | None:
    """What the author says to this answer: a wrong one first, then a right one, then typos, then `...`."""
    compared = exact if question.match == "exact" else loose
    given = compared(answer)
    listed = sorted(typed.listed(question), key=lambda choice: choice.right)
    for choice in listed:
        if compared(choice.text) == given:
            return choice
    for choice in listed:
        if choice.right and is_slip(given, compared(choice.text), most=question.typos):
            return choice
    return typed.rest(question)


def grade(question: Question, answer: Sequence[str]) -> Grade:
    """All or nothing, but for a weight on what was typed."""
    return typed.grade(answer, found(question, answer[0]) if answer else None)


def parts(question: Question, answer: Sequence[str]) -> list[Part]:
    """What was typed, and the model answer where that is another one."""
    return typed.parts(question, answer, found(question, answer[0]) if answer else None)
