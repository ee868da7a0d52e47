"""A check as the learner may see it: what a page may hold, and nothing that it may not yet.

What is right leaves the server only through `_is_revealed`. Templates get these
plain objects, never a question as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.fields import (
    ChoiceView,
    RowView,
    choice_of,
    filled_gaps,
    gaps_of,
    parts_of,
    rows_of,
    typed_field,
)
from learning.verdicts import refusal, verdict
from quizzes import gaps, grading, spec
from quizzes.kinds.kind import Part
from quizzes.kinds.table import KINDS
from quizzes.rounds import Refusal
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

    @property
    def is_typed(self) -> bool:
        """Whether there is something to type, which is saved in the pauses."""
        return self.shape in ("typed", "area", "gaps")


@dataclass(slots=True)
class CheckView:
    """A check at the end of a section. `state`: open, missed (finished, not passed), or passed."""

    key: str
    title: str
    intro_html: str
    rule_line: str
    action_url: SafeString
    token: str
    round: int
    state: str
    questions: list[QuestionView]
    right: int
    total: int
    graded: bool = True
    result_line: str = ""
    first_line: str = ""
    missed: int = 0
    announce: str = ""
    focus: str = ""
    notice: str = ""
    ask_blanks: list[int] = field(default_factory=list)
    next_label: str = ""
    next_url: str = ""
    request_key: UUID = field(default_factory=uuid4)

    @property
    def so_far(self) -> str:
        """How many questions are right; answered, where none of them can be right."""
        told = {"right": self.right, "total": self.total}
        return (
            _("%(right)d of %(total)d right") if self.graded else _("%(right)d of %(total)d answered")
        ) % told

    @property
    def unchecked(self) -> int:
        """How many questions of this round wait for a check."""
        return sum(1 for question in self.questions if not question.checked)

    @property
    def answered(self) -> bool:
        """Whether anything was checked yet, in this round or before."""
        return self.round > 1 or any(question.checked for question in self.questions)

    @property
    def position(self) -> int:
        """The number of the first question that waits; 0 when none does."""
        return next((q.number for q in self.questions if not q.checked), 0)

    def question(self, key: str) -> QuestionView | None:
        """The card of one question."""
        return next((q for q in self.questions if q.key == key), None)

    def explain_blanks(self, blanks: tuple[str, ...], *, only: bool) -> None:
        """Say which questions have no answer: at the one that was checked, or once for all."""
        found = [q for q in self.questions if q.key in blanks]
        self.announce = _("Choose an answer first.")
        if only:
            for question in found:
                if question.is_typed:
                    self.announce = _("Write an answer first.")
                question.error = self.announce
                self.focus = f"error-{question.key}"
        else:
            self.announce = ""
            self.ask_blanks = [q.number for q in found]
            self.focus = f"blanks-{self.key}"

    def explain_refused(self, refused: Mapping[str, Refusal]) -> None:
        """Say at each question why its answer cannot be taken as it is; the focus goes to the first."""
        found = [q for q in self.questions if q.key in refused]
        for question in found:
            question.error = refusal(refused[question.key], question.type)
            question.saved_line = question.saved_line if refused[question.key] == "unreadable" else ""
        self.announce = found[0].error
        self.focus = f"error-{found[0].key}"


def view_of(standing: Standing, *, page: UUID, headings: Sequence[Mapping[str, str]] = ()) -> CheckView:
    """The check as this learner may see it now, on the page with this uuid and these headings."""
    version = standing.version
    best = standing.best()
    misses = standing.misses()
    key = standing.order_key
    questions = [
        _question(
            standing, asked, number, kept=kept, misses=misses.get(asked.version.question_id, 0), order_key=key
        )
        for number, (asked, kept) in enumerate(_in_order(standing), start=1)
    ]
    graded = [question for question in standing.questions if question.spec.is_graded]
    counted = graded or standing.questions
    view = CheckView(
        key=standing.live.quiz.key,
        title=version.title,
        intro_html=version.intro_html,
        rule_line=rule_line(version.spec_rule, [q.spec for q in standing.questions]),
        action_url=mark_safe(reverse("check", args=[page, standing.live.quiz.key])),  # noqa: S308 - our own
        token=standing.token,
        round=standing.number - standing.earlier,
        state="passed" if standing.passed else "open" if standing.is_open else "missed",
        questions=questions,
        right=sum(1 for question in counted if best.get(question.question_id) == 1),
        total=len(counted),
        graded=bool(graded),
        missed=0 if standing.is_open or standing.passed else len(standing.missed()),
    )
    titles = {f"#u-{heading['slug']}": heading["text"] for heading in headings}
    passage, label = _("the passage"), _("Question %(n)d of %(total)d")
    for question in view.questions:
        question.see_title = titles.get(question.see_url, passage)
        question.label = label % {"n": question.number, "total": len(view.questions)}
    _results(view, standing)
    return view


def _in_order(standing: Standing) -> list[tuple[Asked, bool]]:
    """The questions as they are drawn, each with whether it is kept from an earlier round."""
    drawn = [(asked, False) for asked in standing.asked()] + [(asked, True) for asked in standing.kept()]
    if standing.version.spec_rule.shuffle not in ("questions", "all"):
        place = {version.question_id: place for place, version in enumerate(standing.questions)}
        drawn.sort(key=lambda pair: place.get(pair[0].version.question_id, len(place)))
    return drawn


def rule_line(rule: spec.Rule, questions: list[spec.Question]) -> str:
    """The rule in one line, told before the first question."""
    parts = [ngettext("%(n)d question", "%(n)d questions", len(questions)) % {"n": len(questions)}]
    points = [question.points for question in questions if question.is_graded]
    count, worth = len(points), set(points) or {Fraction(0)}
    if worth == {Fraction(0)}:
        parts.append(_("answer all of them to pass"))
    elif len(worth) == 1:
        needed = ceil(rule.pass_share * count)
        parts.append(ngettext("%(n)d right to pass", "%(n)d right to pass", needed) % {"n": needed})
    else:
        parts.append(_("%(share)s of the points to pass") % {"share": _percent(rule.pass_share)})
    parts.append(_("as many rounds as you like"))
    parts.append(_("your manager sees state, tries and scores"))
    return " · ".join(parts)


def minutes_left(unchecked: int) -> int:
    """Whole minutes for this many questions (two a minute)."""
    return max(1, ceil(unchecked / 2))


def _results(view: CheckView, standing: Standing) -> None:
    last = standing.last
    if last is not None and last.finished_at is not None:
        partly = sum(1 for share in standing.best().values() if 0 < share < 1)
        parts = [view.so_far]
        parts += [_("%(n)d partly") % {"n": partly}] if partly else []
        told = {"parts": ", ".join(parts), "share": _share(*last.counted)}
        told["needed"] = _percent(standing.version.spec_rule.pass_share)
        if not view.graded:
            view.result_line = _("%(parts)s. Thank you.") % told if standing.passed else view.so_far
        elif standing.passed:
            view.result_line = _("%(parts)s. Passed with %(share)s.") % told
        else:
            view.result_line = _("%(parts)s so far: %(share)s. You pass with %(needed)s.") % told
    first = standing.rounds[0] if len(standing.rounds) > 1 else None
    if view.graded and first is not None and first.earned is not None:
        view.first_line = _("First round: %(share)s") % {"share": _share(first.earned, first.full)}


def _share(earned: Fraction | None, full: Fraction | None) -> str:
    return _percent(earned / full) if earned is not None and full else _percent(Fraction(1))


def _percent(share: Fraction) -> str:
    """Whole percent, rounded down: 100 % means all of it."""
    return f"{share.numerator * 100 // share.denominator} %"


def _question(
    standing: Standing, asked: Asked, number: int, *, kept: bool, misses: int, order_key: bytes
) -> QuestionView:
    question, response = asked.spec, asked.response
    answer = response.chosen if response else []
    shape = KINDS[question.type].SHAPE
    revealed = _is_revealed(standing, asked)
    rule = standing.version.spec_rule
    parts = parts_of(question, answer, rule, order_key)
    told = [
        part for part in parts if shape == "choices" or (asked.checked and part.mark != "missed") or revealed
    ]
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
        field=typed_field(question, answer),
        unit=question.unit,
        graded=question.is_graded,
        hints=question.hints,
        see_url=question.see or "#main",
        saved_line=_("Saved") if answer and not asked.checked else "",
    )
    if asked.checked:
        _tell(view, question, answer, told, revealed=revealed, kept=kept)
        view.shown = bool(response and response.shown_at)
        view.can_show = not revealed and misses >= 2
    return view


def _stem(
    question: spec.Question, parts: Sequence[Part], rule: spec.Rule, order_key: bytes, *, checked: bool
) -> SafeString:
    """The text of a question; where it has gaps, with fields in them, or with what was given there."""
    html = question.stem_html
    if KINDS[question.type].SHAPE == "gaps":
        given = filled_gaps(parts) if checked else gaps_of(question, parts, rule, order_key)
        html = gaps.fill(html, given)
    return mark_safe(html)  # noqa: S308 - sanitised at import


def _is_revealed(standing: Standing, asked: Asked) -> bool:
    """Whether the learner may see what is right, and the explanation.

    Once the answer was right, once the check is passed, once they asked to be shown;
    and with two options, where a miss tells as much.
    """
    response = asked.response
    if response is None or response.share is None:
        return False
    two_options = asked.spec.type in ("single", "truefalse") and len(asked.spec.choices) == 2
    return response.share == 1 or standing.passed or response.shown_at is not None or two_options


def _tell(
    view: QuestionView,
    question: spec.Question,
    answer: Sequence[str],
    parts: Sequence[Part],
    *,
    revealed: bool,
    kept: bool,
) -> None:
    """Fill in what a checked answer may tell."""
    grade = grading.grade(question, answer)
    # Left blank is not wrong, and does not look it.
    view.state = "kept" if kept else "open" if grade.state == "blank" else grade.state
    view.verdict = verdict(question, grade)
    one_answer = question.type != "multiple" and view.shape not in ("rows", "gaps")
    for choice, part in zip(view.choices, parts, strict=True):
        if revealed or (choice.selected and one_answer):
            choice.mark = part.mark
        if choice.selected or (revealed and part.mark == "missed"):
            choice.feedback_html = part.feedback_html
    if revealed:
        view.explanation_html = question.explanation_html
