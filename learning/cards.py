"""One question of a check as the learner may see it.

What is right leaves the server only through `_is_revealed`. Templates get these
plain objects, never a question as it was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from learning.fields import (
    ChoiceView,
    RowView,
    as_ordered,
    choice_of,
    filled_gaps,
    gaps_of,
    parts_of,
    rows_of,
    typed_field,
)
from learning.verdicts import verdict
from quizzes import gaps, grading, spec
from quizzes.kinds.kind import Part
from quizzes.kinds.table import KINDS
from quizzes.standing import Asked, Standing


@dataclass(slots=True)
class QuestionView:
    """A question card. `state`: blank, saved, right, partly, wrong, or kept (right in an earlier round)."""

    key: SafeString  # a slug
    number: int
    name: str
    type: spec.QuestionType
    shape: str
    stem_html: SafeString
    state: str
    checked: bool
    choices: list[ChoiceView]
    rows: list[RowView]
    field: SafeString
    unit: str = ""
    graded: bool = True
    hints: tuple[str, ...] = ()
    verdict: str = ""
    explanation_html: str = ""
    see_url: str = ""
    see_title: str = ""
    can_show: bool = False
    shown: bool = False
    error: str = ""
    saved_line: str = ""
    label: str = ""
    case: spec.Case | None = None

    @property
    def folded(self) -> bool:
        """Whether it is not asked now, since it was right before."""
        return self.state == "kept"

    @property
    def is_typed(self) -> bool:
        """Whether there is something to type, which is saved in the pauses."""
        return self.shape in ("typed", "area", "gaps")


def card(
    standing: Standing,
    asked: Asked,
    number: int,
    *,
    kept: bool,
    misses: int,
    order_key: bytes,
    over: bool,
) -> QuestionView:
    """A question as this learner may see it.

    `kept`: it was right in an earlier round. `misses` is how often it was missed; `order_key` shuffles it.
    `over`: the check is passed, or its tries are used up, so that everything is explained.
    """
    question, response = asked.spec, asked.response
    answer = response.chosen if response else []
    shape = KINDS[question.type].SHAPE
    revealed = _is_revealed(asked, over=over)
    rule = standing.version.spec_rule
    parts = parts_of(question, answer, rule, order_key)
    told = _told(question, parts, checked=asked.checked, revealed=revealed)
    view = QuestionView(
        key=mark_safe(question.key),  # noqa: S308 - the parser admits slugs alone
        number=number,
        name=question.name,
        type=question.type,
        shape=shape,
        stem_html=_stem(question, parts, rule, order_key, checked=asked.checked),
        state="saved" if answer else "blank",
        checked=asked.checked,
        choices=[choice_of(question, part) for part in told],
        rows=rows_of(question, parts, rule, order_key) if shape == "rows" and not asked.checked else [],
        field=typed_field(question, answer) if shape in ("typed", "area") else mark_safe(""),
        unit=question.unit,
        graded=question.is_graded,
        hints=question.hints,
        see_url=question.see or "#main",
        saved_line=_("Saved") if answer and not asked.checked else "",
        case=question.case,
    )
    if asked.checked:
        _tell(view, question, answer, told, revealed=revealed, kept=kept, exam=rule.is_exam)
        view.shown = bool(response and response.shown_at)
        view.can_show = not revealed and misses >= 2 and not rule.is_exam
    return view


def _told(question: spec.Question, parts: list[Part], *, checked: bool, revealed: bool) -> list[Part]:
    """The parts that may be drawn as they are: all options; of what is given by field, what was checked."""
    if KINDS[question.type].SHAPE == "choices":
        return parts
    if question.type == "order":
        parts = as_ordered(parts)
    return [part for part in parts if revealed or (checked and part.mark != "missed")]


def _stem(
    question: spec.Question, parts: Sequence[Part], rule: spec.Rule, order_key: bytes, *, checked: bool
) -> SafeString:
    """The text of a question; where it has gaps, with fields in them, or with what was given there."""
    html = question.stem_html
    if KINDS[question.type].SHAPE == "gaps":
        given = filled_gaps(parts) if checked else gaps_of(question, parts, rule, order_key)
        html = gaps.fill(html, given)
    return mark_safe(html)  # noqa: S308 - sanitised at import


def _is_revealed(asked: Asked, *, over: bool) -> bool:
    """Whether the learner may see what is right, and the explanation.

    Once the answer was right, once the check is passed or its tries are used up, once they asked to be
    shown; and with two options, where a miss tells as much.
    """
    response = asked.response
    if response is None or response.share is None:
        return False
    two_options = asked.spec.type in ("single", "truefalse") and len(asked.spec.choices) == 2
    return response.counts == 1 or over or response.shown_at is not None or two_options


def _tell(
    view: QuestionView,
    question: spec.Question,
    answer: Sequence[str],
    parts: Sequence[Part],
    *,
    revealed: bool,
    kept: bool,
    exam: bool,
) -> None:
    """Fill in what a checked answer may tell."""
    grade = grading.grade(question, answer)
    # Left blank is not wrong, and does not look it.
    view.state = "kept" if kept else "open" if grade.state == "blank" else grade.state
    view.verdict = verdict(question, grade, parts=not exam)
    one_answer = question.type != "multiple" and view.shape not in ("rows", "gaps")
    for choice, part in zip(view.choices, parts, strict=True):
        if revealed or (choice.selected and one_answer):
            choice.mark = part.mark
        if choice.selected or (revealed and part.mark == "missed"):
            choice.feedback_html = part.feedback_html
    if revealed:
        view.explanation_html = question.explanation_html
