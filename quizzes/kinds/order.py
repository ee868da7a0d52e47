"""`order`: each step takes its number. The choices of the question stand in the right order."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import factorial

from quizzes.boxes import read_item
from quizzes.kinds import slots
from quizzes.kinds.kind import Grade, Mark, Part, Shape, Written
from quizzes.spec import Question

SHAPE: Shape = "rows"
LONGEST = slots.LONGEST


def read(question: Question, written: Written) -> Question:
    """The question with its steps in their order."""
    body, report = written.body, written.report
    items = [read_item(body.source, node) for node in body.answers.children]
    for item in items:
        if not item.text.strip():
            report("E213", "This step is empty.", item.line, item.column)
    whole = [item for item in items if item.text.strip()]
    slots.report_equal([(item, item.text) for item in whole], written)
    slots.report_scoring(question, written)
    if len(items) < 2:
        report("E212", "There is only one step.", body.answers_line, remedy="Add the others.")
    elif len(items) < 3 and not report.failed:
        report("W508", "There are only two things to put in order.", body.answers_line)
    steps = [slots.read_thing(item, item.text, written) for item in whole]
    told = [slots.feedback(item, written) for item in whole]
    steps = [replace(step, feedback_html=said) for step, said in zip(steps, told, strict=True)]
    return replace(question, choices=tuple(steps))


def put(question: Question, sent: Sequence[str], language: str = "") -> list[str]:
    """An entry for each step that has a number."""
    numbers = _numbers(question)
    return slots.put({choice.key: numbers for choice in question.choices}, sent)


def solution(question: Question) -> list[str]:
    """The numbers from 1 on."""
    return [f"{choice.key}:{number}" for number, choice in enumerate(question.choices, start=1)]


def grade(question: Question, answer: Sequence[str]) -> Grade:
    """The share of neighbours that follow each other as they should. A number given twice is no order yet."""
    given = slots.filled(answer)
    steps = [int(given.get(choice.key, 0)) for choice in question.choices]
    neighbours = len(steps) - 1
    right = sum(bool(a and b and b - a == 1) for a, b in pairwise(steps))
    grade = slots.graded(question, right, neighbours - right if answer else 0, neighbours)
    twice = len(set(given.values())) < len(given)
    return replace(grade, state="unreadable") if twice else grade


def guess(question: Question) -> Fraction:
    """Two neighbours follow each other in one of as many orders as there are steps; all do in one of all."""
    steps = len(question.choices)
    return Fraction(1, steps) if question.scoring == "partial" else Fraction(1, factorial(steps))


def parts(question: Question, answer: Sequence[str]) -> list[Part]:
    """A part for each step; and one for the whole order where it is another one."""
    given = slots.filled(answer)
    options = tuple((number, number) for number in _numbers(question))
    found = []
    for place, choice in enumerate(question.choices, start=1):
        number = given.get(choice.key, "")
        mark: Mark = "right" if number == str(place) else "wrong" if number else ""
        html = f"{number or '–'}. {choice.html}"
        found.append(
            Part(choice.key, html, number, mark, choice.feedback_html if number else "", choice.html, options)
        )
    if any(part.mark != "right" for part in found):
        steps = "".join(f"<li>{choice.html}</li>" for choice in question.choices)
        found.append(Part("order", f"<ol>{steps}</ol>", "", "missed", ""))
    return found


def _numbers(question: Question) -> list[str]:
    return [str(number) for number in range(1, len(question.choices) + 1)]
