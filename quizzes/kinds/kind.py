"""What a kind of question is: the functions by which kinds differ, and the words that they speak in.

Each kind is a module of this package with the names of `Kind`; `quizzes.kinds.table` lists them. An answer is
a list of strings: the keys of what was chosen, or what was typed. The empty list is an answer left blank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol

from markup.blocks import Option
from quizzes.answers import Body
from quizzes.report import Report
from quizzes.spec import Question

State = Literal["right", "partly", "wrong", "blank", "unreadable", "noted"]
Shape = Literal["choices", "typed", "rows", "gaps", "area"]
Mark = Literal["", "right", "wrong", "missed"]


@dataclass(frozen=True, slots=True)
class Grade:
    """What one answer is worth.

    share: 0 to 1 of the question's points. state: `right` is a full share, `partly` less than that, `blank`
    that nothing was chosen, `unreadable` that nobody can say what is meant, so that it is no try, `noted`
    that it is neither right nor wrong. Then counts of options: right ones chosen, wrong ones chosen, right
    ones in all.
    """

    share: Fraction
    state: State
    right_chosen: int
    wrong_chosen: int
    right_total: int


@dataclass(frozen=True, slots=True)
class Part:
    """One thing in a question that takes an answer, such as an option, with all that may be told of it once
    it is answered. `given` is what the learner put there, "" nothing.

    `html` says what was answered, `label` what is asked where that is less; `options` are what can be put
    there, with their keys. A part that is `missed` is no more than what would have been right.
    """

    key: str
    html: str
    given: str
    mark: Mark
    feedback_html: str
    label: str = ""
    options: tuple[tuple[str, str], ...] = ()


class Render(Protocol):
    """Markdown to sanitised HTML."""

    def __call__(self, markdown: str, *, line: int, inline: bool) -> str:
        """`line`: where the Markdown begins in its file. `inline`: without the paragraph around it."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """A question as its author wrote it. `wanted` is what `:type:` says, "" where it is left to the answers;
    `opening` the line of its fence; `shuffled` whether its check shuffles options."""

    body: Body
    wanted: str
    options: Mapping[str, Option]
    opening: int
    shuffled: bool
    render: Render
    report: Report


class Kind(Protocol):
    """The functions of a kind of question.

    `SHAPE` is what its answers look like on a page, `LONGEST` how many characters of one are kept.
    """

    SHAPE: Shape
    LONGEST: int

    def read(self, question: Question, written: Written) -> Question:
        """The question with its type and answers. Reports what is wrong with them, and what is bad style."""
        ...

    def put(self, question: Question, sent: Sequence[str], language: str = "") -> list[str]:
        """What a form sends as an answer to keep, in the author's order and readable in every language.

        `language` is the one in which it was given; an answer that was put already is kept as it is. Raises
        ValueError where this question has no such answer.
        """
        ...

    def solution(self, question: Question) -> list[str]:
        """An answer that is a full share, as `put` makes them."""
        ...

    def grade(self, question: Question, answer: Sequence[str]) -> Grade:
        """Grade an answer that `put` made. Whether it is blank is the caller's to know."""
        ...

    def parts(self, question: Question, answer: Sequence[str]) -> list[Part]:
        """The parts of the question in the author's order with what an answer put there."""
        ...

    def guess(self, question: Question) -> Fraction:
        """The share that somebody earns on average who answers by chance; 0 where nothing is offered."""
        ...
