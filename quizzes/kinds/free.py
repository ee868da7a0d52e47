"""`open`: a text of one's own. Nothing in it is graded; whoever wrote one reads the author's."""

import html
from collections.abc import Sequence
from fractions import Fraction

from quizzes.kinds import typed
from quizzes.kinds.kind import Grade, Part, Shape, Written
from quizzes.spec import Question

SHAPE: Shape = "area"
LONGEST = 10_000
put = typed.put
guess = typed.guess


def read(question: Question, written: Written) -> Question:
    """The question as it is: what the author would say is its explanation."""
    return question


def solution(question: Question) -> list[str]:
    """Anything."""
    return ["…"]


def grade(question: Question, answer: Sequence[str]) -> Grade:
    """Whatever was written is noted."""
    return noted(answer)


def noted(answer: Sequence[str]) -> Grade:
    """The grade of an answer that is neither right nor wrong."""
    return Grade(Fraction(bool(answer)), "noted" if answer else "blank", 0, 0, 0)


def parts(question: Question, answer: Sequence[str]) -> list[Part]:
    """What was written, with its lines."""
    return [Part("given", html.escape(text).replace("\n", "<br>"), text, "", "") for text in answer]
