"""`number`: a number is typed, in the forms of the learner's language, and held against intervals."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from quizzes import numbers
from quizzes.kinds import typed
from quizzes.kinds.kind import Grade, Part, Shape, Written
from quizzes.spec import Choice, Question

SHAPE: Shape = "typed"
LONGEST = typed.LONGEST
guess = typed.guess


def read(question: Question, written: Written) -> Question:
    """The question with its accepted and its foreseen wrong numbers."""
    unit = written.options["unit"].value if "unit" in written.options else ""
    same = numbers.interval
    choices = typed.read_choices(written, same=lambda text: same(text) or text, fault=_fault)
    return replace(question, type="number", unit=unit, choices=tuple(map(_shown, choices)))


def put(question: Question, sent: Sequence[str], language: str = "") -> list[str]:
    """What was typed, so that it is the same number in every language."""
    typed_in = typed.put(question, sent)
    return [numbers.settled(raw, unit=question.unit, language=language) for raw in typed_in]


def solution(question: Question) -> list[str]:
    """The lowest number of the first range that is accepted."""
    (text,) = typed.solution(question)
    ends = numbers.interval(text)
    assert ends, "the parser admits intervals alone"
    return [f"{float(ends[0]):.12g}"]


def grade(question: Question, answer: Sequence[str]) -> Grade:
    """All or nothing, but for a weight on what was typed. What is no number is no try."""
    if answer and numbers.read(answer[0], unit=question.unit) is None:
        return Grade(Fraction(0), "unreadable", 0, 0, 1)
    return typed.grade(answer, found(question, answer))


def parts(question: Question, answer: Sequence[str]) -> list[Part]:
    """What was typed, and the model answer where that is another one."""
    return typed.parts(question, answer, found(question, answer))


def found(question: Question, answer: Sequence[str]) -> Choice | None:
    """What the author says to this answer: a right one first, since a wrong range may lie around it."""
    value = numbers.read(answer[0], unit=question.unit) if answer else None
    if value is None:
        return None
    for choice in sorted(typed.listed(question), key=lambda choice: not choice.right):
        ends = numbers.interval(choice.text)
        if ends and numbers.is_within(value, ends):
            return choice
    return typed.rest(question)


def _shown(choice: Choice) -> Choice:
    if choice.text == typed.REST:
        return choice
    return replace(choice, html=choice.html.replace("+-", "±").replace("..", "–"))


def _fault(text: str) -> typed.Fault | None:
    if text == typed.REST:
        return None
    ends = numbers.interval(text)
    if ends is None:
        return "E223", f"“{text}” is no number, range or number with a tolerance."
    if ends[0] > ends[1]:
        return "E224", f"“{text}” ends before it begins."
    return None
