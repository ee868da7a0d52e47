"""What typed answers have in common: one field, and a list of what people may type into it."""

import html
import re
from collections.abc import Callable, Sequence
from fractions import Fraction

from quizzes.boxes import Answer, read_boxes
from quizzes.kinds.kind import Grade, Part, State, Written
from quizzes.marks import read_marks
from quizzes.report import Report
from quizzes.spec import Choice, Question
from quizzes.text import short_hash

LONGEST = 500  # characters of an answer
REST = "..."  # any other answer

Fault = tuple[str, str]  # code and message

_ESCAPED = re.compile(r"\\([\\{}\[\]|=])")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # control characters; a database may refuse them


def read_choices(
    written: Written,
    *,
    same: Callable[[str], object],
    fault: Callable[[str], Fault | None] = lambda text: None,
) -> tuple[Choice, ...]:
    """The answers that the author foresaw.

    `same` makes one of two answers that are the same one; `fault` says what is wrong with one, if anything.
    """
    body, report = written.body, written.report
    answers, readable = read_boxes(body.source, body.answers, report)
    choices = tuple(_choice(answer, written) for answer in answers)
    faults = [fault(choice.text) for choice in choices]
    for answer, wrong in zip(answers, faults, strict=True):
        if wrong:
            report(*wrong, answer.line, answer.column)
    if not any(faults):
        _report_equal(answers, choices, same, report)
    if readable:
        _report_ticks(choices, body.answers_line, report)
    return choices


def listed(question: Question) -> list[Choice]:
    """What the author foresaw, without the `...` for all the rest."""
    return [choice for choice in question.choices if choice.text != REST]


def rest(question: Question) -> Choice | None:
    """What the author says to all that is not listed."""
    return next((choice for choice in question.choices if choice.text == REST), None)


def put(question: Question, sent: Sequence[str], language: str = "") -> list[str]:
    """What was typed, as it was typed; nothing where that is only space."""
    if len(sent) > 1:
        raise ValueError(f"question {question.key} takes one answer, not {len(sent)}")
    cleaned = [_UNSEEN.sub("", each).strip() for each in sent]
    return [each for each in cleaned if each]


def solution(question: Question) -> list[str]:
    """The model answer: the first that gives all."""
    return [next(choice for choice in listed(question) if choice.right and _share(choice) == 1).text]


def grade(answer: Sequence[str], found: Choice | None) -> Grade:
    """The grade of an answer to which the author says what was `found`."""
    if not answer:
        return Grade(Fraction(0), "blank", 0, 0, 1)
    share = _share(found)
    state: State = "right" if share == 1 else "partly" if share else "wrong"
    return Grade(share, state, int(share == 1), int(share < 1), 1)


def guess(question: Question) -> Fraction:
    """Nobody guesses what is to be typed."""
    return Fraction(0)


def parts(question: Question, answer: Sequence[str], found: Choice | None) -> list[Part]:
    """What was typed, with what the author says to it, and the model answer where that is another one."""
    right = _share(found) == 1
    told = [
        Part(
            "given",
            html.escape(given),
            given,
            "right" if right else "wrong",
            found.feedback_html if found else "",
        )
        for given in answer
    ]
    model = next(choice for choice in listed(question) if choice.right)
    return told if right else [*told, Part("model", model.html, "", "missed", "")]


def literal(text: str) -> str:
    """An answer as people type it: without the backslashes that keep Markdown and marks away."""
    return " ".join(_ESCAPED.sub(r"\1", text).split())


def _choice(answer: Answer, written: Written) -> Choice:
    marks = read_marks(answer.marks, answer.line, answer.column, written.report)
    text, said = literal(answer.text), answer.feedback
    return Choice(
        key=marks.key or short_hash(f"`{text}`"),
        html=html.escape(text),
        right=answer.right,
        feedback_html=said and written.render(said, line=answer.feedback_line, inline=False),
        weight=marks.weight,
        text=text,
    )


def _share(found: Choice | None) -> Fraction:
    if found is None:
        return Fraction(0)
    return Fraction(found.right) if found.weight is None else max(Fraction(0), found.weight)


def _report_equal(
    answers: Sequence[Answer], choices: Sequence[Choice], same: Callable[[str], object], report: Report
) -> None:
    seen: dict[object, int] = {}
    keys: dict[str, int] = {}
    for answer, choice in zip(answers, choices, strict=True):
        twin = seen.setdefault(same(choice.text), answer.line)
        if twin != answer.line:
            message = f"This answer is the same as the one at line {twin}."
            report("E215", message, answer.line, answer.column, remedy="Remove one of the two.")
        elif (other := keys.setdefault(choice.key, answer.line)) != answer.line:
            message = f"The key “{choice.key}” is already used at line {other}."
            remedy = "Give each answer a key of its own."
            report("E202", message, answer.line, answer.column, remedy=remedy)
        elif choice.right and choice.text == REST:
            message = "`...` stands for every other answer, and not all of them can be right."
            report("E213", message, answer.line, answer.column, remedy="Write `[ ] ...`.")


def _report_ticks(choices: Sequence[Choice], line: int, report: Report) -> None:
    rights = [choice for choice in choices if choice.right]
    if not rights:
        report("E210", "No answer is marked as right.", line, remedy="Mark what you accept with `[x]`.")
    elif all(_share(choice) < 1 for choice in rights):
        remedy = "Leave out the weight of the best answer."
        report("E220", "No answer gives 100 %, so nobody could get this question right.", line, remedy=remedy)
