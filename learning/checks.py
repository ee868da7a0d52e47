"""A check as the learner may see it: what a page may hold, and nothing that it may not yet.

Templates get these plain objects, never a question as it was written; `learning.cards`
says what may be told of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from learning import corrected, terms
from learning.cards import QuestionView, card
from learning.scenarios import Group, grouped
from learning.verdicts import refusal
from quizzes import spec
from quizzes.sent import Refusal
from quizzes.standing import Asked, Standing
from quizzes.turns import USED_UP, Turn, minutes_of, opens_at, turn_of


@dataclass(frozen=True, slots=True)
class Clock:
    """The time that is left of a round: when it ends, and how many seconds that is from now."""

    ends_at: datetime
    seconds: int
    warn_at: int  # seconds that are left when the page says so


@dataclass(slots=True)
class CheckView:
    """A check at the end of a section. `state`: start (somebody has to say when), open, missed (finished, not
    passed), or passed; `turn` says what comes next.
    """

    key: str
    title: str
    intro_html: str
    rule_line: str
    action_url: SafeString
    token: str
    round: int
    state: str
    turn: Turn
    questions: list[QuestionView]
    right: int
    total: int
    graded: bool = True
    exam: bool = False
    by_question: bool = True
    round_line: str = ""
    start_line: str = ""
    clock: Clock | None = None
    overdue: bool = False
    opens_at: datetime | None = None
    opens_words: str = ""
    asked_at: datetime | None = None
    granted_line: str = ""
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
        """Whether anything was checked yet, in this round or before, that may be told while it is open."""
        return not self.exam and (self.round > 1 or any(question.checked for question in self.questions))

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
    key, turn, rule = standing.order_key, turn_of(standing), version.spec_rule
    over = turn == "passed" or turn in USED_UP
    questions = [
        card(
            standing,
            asked,
            number,
            kept=kept,
            misses=misses.get(asked.version.question_id, 0),
            order_key=key,
            over=over,
        )
        for number, (asked, kept) in enumerate(_in_order(standing, turn), start=1)
    ]
    graded = [question for question in standing.questions if question.spec.is_graded]
    counted = graded or standing.questions
    view = CheckView(
        key=standing.live.quiz.key,
        title=version.title,
        intro_html=version.intro_html,
        rule_line=terms.rule_line(rule, [q.spec for q in standing.questions], minutes_of(standing)),
        action_url=mark_safe(reverse("check", args=[page, standing.live.quiz.key])),  # noqa: S308 - our own
        token=standing.token,
        round=standing.number - standing.earlier,
        state=turn if turn in ("passed", "open", "start") else "missed",
        turn=turn,
        questions=questions,
        right=sum(1 for question in counted if best.get(question.question_id) == 1),
        total=len(counted),
        graded=bool(graded),
        missed=len(standing.to_ask()) if turn == "again" else 0,
        exam=rule.is_exam,
        by_question=rule.by_question,
        overdue=standing.is_overdue,
    )
    titles = {f"#u-{heading['slug']}": heading["text"] for heading in headings}
    passage, label = _("the passage"), _("Question %(n)d of %(total)d")
    for question in view.questions:
        question.see_title = titles.get(question.see_url, passage)
        question.label = label % {"n": question.number, "total": len(view.questions)}
    terms.tell_results(view, standing)
    _tell_what_comes(view, standing)
    view.corrected_line = corrected.tell(view.questions, standing)
    return view


def _tell_what_comes(view: CheckView, standing: Standing) -> None:
    """Rounds that are left, the time that is left, and when or how there is another try."""
    view.round_line = terms.round_line(standing, view.round)
    last = standing.last
    if view.turn in ("start", "again"):
        view.start_line = terms.start_line(minutes_of(standing))
        given = [extra for extra in standing.extra_tries if extra.granted_at is not None]
        view.granted_line = terms.granted_line(given[-1]) if given else ""
    if view.turn == "open" and last is not None and last.deadline is not None:
        total, left = last.deadline - last.opened_at, last.deadline - timezone.now()
        warn_at = min(300, int(total.total_seconds()) // 5)
        view.clock = Clock(last.deadline, max(0, int(left.total_seconds())), warn_at)
    if view.turn == "wait":
        view.opens_at = opens_at(standing)
        view.opens_words = terms.when(view.opens_at)
    if view.turn == "ask":
        view.asked_at = next((e.asked_at for e in standing.extra_tries if e.granted_at is None), None)


def _in_order(standing: Standing, turn: Turn) -> list[tuple[Asked, bool]]:
    """The questions as they are drawn, each with whether it is kept from an earlier round; none before it
    begins, nor where a round that can be followed by another tells its score alone."""
    if turn == "start" or (turn == "again" and standing.version.spec_rule.feedback == "score"):
        return []
    drawn = [(asked, False) for asked in standing.asked()] + [(asked, True) for asked in standing.kept()]
    if standing.version.spec_rule.shuffle not in ("questions", "all"):
        place = {version.question_id: place for place, version in enumerate(standing.questions)}
        drawn.sort(key=lambda pair: place.get(pair[0].version.question_id, len(place)))
    by_key = {pair[0].spec.key: pair for pair in drawn}
    groups = spec.by_case(asked.spec for asked, _kept in drawn)
    return [by_key[question.key] for group in groups for question in group]
