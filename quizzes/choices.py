"""What a list of answers means: the type of the question and its options, with their keys and marks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, cast

from quizzes.answers import Answer, Body
from quizzes.options import SLUG
from quizzes.report import Report
from quizzes.spec import Choice, QuestionType
from quizzes.text import normalised, short_hash

_TRUE_FALSE = [
    {normalised(word) for word in pair.split("/")}
    for pair in (
        *("true/false", "yes/no", "wahr/falsch", "richtig/falsch", "ja/nein", "vrai/faux", "oui/non"),
        *(
            "verdadero/falso",
            "cierto/falso",
            "sí/no",
            "正しい/誤り",
            "正しい/間違い",
            "正/誤",
            "はい/いいえ",
            "○/×",
        ),
    )
]
_ALL_OR_NONE = re.compile(
    r"\b(all|none|both|neither|any) of (the above|the (other )?(answers|options)|these|them)$"
    r"|\b(alle|keine?)( der)? (oben )?genannten"
    r"|\b(toutes|tous|aucune?)( de)? (les |ces |des )?(réponses|propositions)"
    r"|\b(todas|ninguna)( de)? (las )?(anteriores|respuestas)"
    r"|上記の?(すべて|全て|いずれ)"
)
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")


class Render(Protocol):
    """Markdown to sanitised HTML."""

    def __call__(self, markdown: str, *, line: int, inline: bool) -> str:
        """`line`: where the Markdown begins in its file. `inline`: without the paragraph around it."""
        ...


@dataclass(slots=True)
class _Marks:
    fixed: bool = False
    weight: Fraction | None = None
    key: str = ""


def read_choices(answers: Sequence[Answer], *, render: Render, report: Report) -> tuple[Choice, ...]:
    """The options of a question in the author's order. Reports equal ones, repeated keys, unknown marks."""
    texts: dict[str, int] = {}
    keys: dict[str, int] = {}
    choices = []
    for answer in answers:
        marks = _read_marks(answer, report)
        key = marks.key or short_hash(answer.text)
        twin = texts.setdefault(normalised(answer.text), answer.line)
        if twin != answer.line:
            remedy = (
                "Change or remove one; if they differ in capitals or punctuation only, put them in backticks."
            )
            message = f"This answer reads the same as the one at line {twin}."
            report("E215", message, answer.line, answer.column, remedy=remedy)
        elif (other := keys.setdefault(key, answer.line)) != answer.line:
            message = f"The key “{key}” is already used at line {other}."
            report("E202", message, answer.line, answer.column, remedy="Give each answer a key of its own.")
        choices.append(
            Choice(
                key=key,
                html=render(answer.text, line=answer.line, inline=answer.inline),
                right=answer.right,
                feedback_html=answer.feedback
                and render(answer.feedback, line=answer.feedback_line, inline=False),
                fixed=marks.fixed,
                weight=marks.weight,
            )
        )
    return tuple(choices)


def read_type(body: Body, wanted: str, report: Report) -> QuestionType:
    """The `wanted` type of a question, or else what its ticks say. Reports ticks that do not fit it."""
    ticks = sum(answer.right for answer in body.answers)
    two_words = {normalised(answer.text.strip("*_")) for answer in body.answers} in _TRUE_FALSE
    type_ = wanted or ("truefalse" if two_words else "single" if ticks == 1 else "multiple")
    if body.readable:
        _report_ticks(body, type_, ticks, report)
    return cast(QuestionType, type_)


def report_style(body: Body, *, shuffled: bool, opening: int, report: Report) -> None:
    """W505-W507 and W509: the question works, but can be guessed or teaches less than it could."""
    rights = [answer for answer in body.answers if answer.right]
    wrongs = [answer for answer in body.answers if not answer.right]
    if not wrongs:
        report("W505", "Every answer is right.", body.answers_line)
    longest = max((_length(answer) for answer in wrongs), default=0)
    for answer in rights:
        if wrongs and _length(answer) > max(60, 1.7 * longest):
            report(
                "W506", "This right answer is much longer than the wrong ones.", answer.line, answer.column
            )
    for answer in body.answers:
        if shuffled and "fixed" not in answer.marks and _ALL_OR_NONE.search(normalised(answer.text)):
            message = "This answer speaks of the others, but may be shuffled above them."
            report("W507", message, answer.line, answer.column)
    if not body.explanation:
        report("W509", "This question has no explanation.", opening)


def _report_ticks(body: Body, type_: str, ticks: int, report: Report) -> None:
    line = body.answers_line
    if len(body.answers) == 1:
        report("E212", "There is only one answer to choose from.", line, remedy="Add a second answer.")
    elif not ticks:
        report("E210", "No answer is marked as right.", line, remedy="Mark the right one with `[x]`.")
    elif type_ != "multiple" and ticks != 1:
        message = f"A question of the type “{type_}” has exactly one right answer; here {ticks} are marked."
        report("E211", message, line)
    elif type_ == "truefalse" and len(body.answers) != 2:
        message = f"A question of the type “truefalse” has two answers; here are {len(body.answers)}."
        report("E211", message, line, remedy="Leave out `:type: truefalse`.")


def _read_marks(answer: Answer, report: Report) -> _Marks:
    marks = _Marks()
    for mark in answer.marks:
        if mark == "fixed":
            marks.fixed = True
        elif re.fullmatch(r"-?(100|[0-9]{1,2})%", mark):
            marks.weight = Fraction(int(mark[:-1]), 100)
        elif mark.startswith("#") and SLUG.fullmatch(mark[1:]):
            marks.key = mark[1:]
        else:
            report("E222", f"There is no mark “{{{mark}}}”.", answer.line, answer.column)
    return marks


def _length(answer: Answer) -> int:
    return len(_LINK.sub(r"\1", answer.text))
