"""`poll`: one option of several, of which none is right."""

from collections.abc import Sequence
from dataclasses import replace

from quizzes.boxes import read_boxes
from quizzes.kinds import choices, free
from quizzes.kinds.kind import Grade, Part, Shape, Written
from quizzes.spec import Question

SHAPE: Shape = "choices"
LONGEST = choices.LONGEST
put = choices.put
guess = free.guess


def read(question: Question, written: Written) -> Question:
    """The question with its options."""
    body, report = written.body, written.report
    answers, readable = read_boxes(body.source, body.answers, report)
    for answer in answers:
        if answer.right:
            message = "Nothing is right or wrong in a poll."
            report(
                "E211", message, answer.line, answer.column, remedy="Write `[ ]`, or leave out `:type: poll`."
            )
    if readable and len(answers) == 1:
        report(
            "E212", "There is only one answer to choose from.", body.answers_line, remedy="Add another one."
        )
    return replace(question, choices=choices.read_choices(answers, render=written.render, report=report))


def solution(question: Question) -> list[str]:
    """Any."""
    return [question.choices[0].key]


def grade(question: Question, answer: Sequence[str]) -> Grade:
    """Whatever was chosen is noted."""
    return free.noted(answer)


def parts(question: Question, answer: Sequence[str]) -> list[Part]:
    """A part for each option."""
    return [
        Part(choice.key, choice.html, choice.key if choice.key in answer else "", "", choice.feedback_html)
        for choice in question.choices
    ]
