"""A check as the learner may see it: what a page may hold, and nothing that it may not yet.

Templates get these plain objects, never a question as it was written; `learning.cards`
says what may be told of each.
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

from learning import corrected
from learning.cards import QuestionView, card
from learning.scenarios import Group, grouped
from learning.verdicts import refusal
from quizzes import spec
from quizzes.sent import Refusal
from quizzes.standing import Asked, Standing


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
    corrected_line: str = ""
    ask_blanks: list[int] = field(default_factory=list)
    next_label: str = ""
    next_url: str = ""
    request_key: UUID = field(default_factory=uuid4)

    @property
    def groups(self) -> list[Group[QuestionView]]:
        """The questions as they are drawn: those of one case below it."""
        return grouped(self.questions)

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
        card(
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
    view.corrected_line = corrected.tell(view.questions, standing)
    return view


def _in_order(standing: Standing) -> list[tuple[Asked, bool]]:
    """The questions as they are drawn, each with whether it is kept from an earlier round."""
    drawn = [(asked, False) for asked in standing.asked()] + [(asked, True) for asked in standing.kept()]
    if standing.version.spec_rule.shuffle not in ("questions", "all"):
        place = {version.question_id: place for place, version in enumerate(standing.questions)}
        drawn.sort(key=lambda pair: place.get(pair[0].version.question_id, len(place)))
    by_key = {pair[0].spec.key: pair for pair in drawn}
    groups = spec.by_case(asked.spec for asked, _kept in drawn)
    return [by_key[question.key] for group in groups for question in group]


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
