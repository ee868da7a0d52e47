"""Where a learner stands in a check: read from what they answered, never stored as a count."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from quizzes import allowances, drawing, grading, spec
from quizzes.content import Content, content_of
from quizzes.models import (
    ExtraTime,
    ExtraTry,
    QuestionVersion,
    QuizVersion,
    Response,
    Round,
)

if TYPE_CHECKING:
    from accounts.models import User

# A round left alone this long goes on with the live version, if that has changed since.
UNTOUCHED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in a round. `response` is None before the round's first save."""

    version: QuestionVersion
    response: Response | None

    @property
    def spec(self) -> spec.Question:
        """The question as it was written."""
        return self.version.spec

    @property
    def checked(self) -> bool:
        """Whether it was graded in its round."""
        return self.response is not None and self.response.checked_at is not None


@dataclass(slots=True)
class Standing:
    """One learner in one check. `responses` are those of all rounds, by round and place.

    `elsewhere` are answers to the same questions in a check of another id, which the page had before; to
    those of a bank each check has answers of its own.
    `earlier` is the number of the last round that does not count any more, since the check is taken anew.
    `extra_tries` are those asked for, by time; `factor` how much longer than others the learner has. Both
    are known where the check limits tries, or time.
    """

    user_id: int
    live: QuizVersion
    rounds: list[Round] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    elsewhere: list[Response] = field(default_factory=list)
    earlier: int = 0
    extra_tries: list[ExtraTry] = field(default_factory=list)
    factor: str = ExtraTime.Factor.AS_WRITTEN

    @property
    def last(self) -> Round | None:
        """The round that is open, or was finished last."""
        return self.rounds[-1] if self.rounds else None

    @property
    def is_pending(self) -> bool:
        """Whether the next save opens a round: nothing was saved yet, or the open round was left too long,
        and nobody has to say when it begins."""
        return (self.last is None or self.is_abandoned) and not self.live.spec_rule.begins_by_start

    @property
    def is_abandoned(self) -> bool:
        """An open round left alone for `UNTOUCHED` while another version went live that has more to ask.

        A sitting is never given up, nor is the last try.
        """
        last = self.last
        if last is None or last.finished_at is not None or last.quiz_version_id == self.live.pk:
            return False
        if last.quiz_version.spec_rule.is_exam or self.tries_left == 0:
            return False
        return self.touched_at < timezone.now() - UNTOUCHED and bool(self.missed())

    @property
    def is_overdue(self) -> bool:
        """Whether the open round's time is up, so that it is to be handed in as it was saved."""
        last = self.last
        if last is None or last.finished_at is not None or last.deadline is None:
            return False
        return last.deadline <= timezone.now()

    @property
    def tries(self) -> int:
        """In how many rounds something was checked."""
        return len({r.round_id for r in self.responses if r.checked_at is not None})

    @property
    def tries_left(self) -> int | None:
        """How many more rounds the live rule, and whoever gave more, allow; None: as many as they like."""
        allowed = self.live.spec_rule.attempts
        if allowed is None:
            return None
        return max(0, allowed + sum(extra.granted_at is not None for extra in self.extra_tries) - self.tries)

    @property
    def touched_at(self) -> datetime:
        """When the learner did something in the last round."""
        assert self.last is not None
        return max([self.last.opened_at, *(r.saved_at for r in self.of_last() if r.saved_at)])

    @property
    def is_open(self) -> bool:
        """Whether there is something to answer now."""
        if self.is_pending:
            return True
        return self.last is not None and self.last.finished_at is None and not self.is_abandoned

    @property
    def passed(self) -> bool:
        """Once passed stays passed."""
        return any(round_.passed for round_ in self.rounds)

    @property
    def number(self) -> int:
        """The number of the round that is shown, among all that the learner ever had; 1 is the first."""
        if self.last is None:
            return self.earlier + 1
        return self.last.number + 1 if self.is_abandoned else self.last.number

    @property
    def version(self) -> QuizVersion:
        """The check as the round that is shown asks it."""
        return self.live if self.is_abandoned or self.last is None else self.last.quiz_version

    @property
    def questions(self) -> tuple[QuestionVersion, ...]:
        """All questions of the check as the round that is shown knows it, asked in it or not."""
        return tuple(self.belonging(self.version))

    @property
    def live_questions(self) -> tuple[QuestionVersion, ...]:
        """All questions of the live version, also those that are not drawn for this learner."""
        return content_of(self.live.pk).questions

    @property
    def token(self) -> str:
        """Names the round that a page shows, so that a form made for another one is recognised."""
        return f"{self.number}-{self.version.pk}"

    @property
    def order_key(self) -> bytes:
        """Shuffles this round for this person: secret, and the same each time the round is drawn."""
        return self._secret(f"{self.number}")

    def _secret(self, told: str) -> bytes:
        told = f"{self.user_id}:{self.live.quiz_id}:{told}"
        return hmac.digest(settings.SECRET_KEY.encode(), told.encode(), "sha256")

    def belonging(self, version: QuizVersion) -> list[QuestionVersion]:
        """The questions of a version of the check that are this learner's: all, or what was drawn for them.

        What was drawn for the first round stays theirs in those that follow; a sitting has its own.
        """
        found = content_of(version.pk).questions
        if not version.spec_rule.draw:
            return list(found)
        theirs = self.of_last() if version.spec_rule.is_exam else self.responses
        had = {response.question_id for response in theirs}
        return [question for question in found if question.question_id in had] or self._drawn(version)

    def _drawn(self, version: QuizVersion) -> list[QuestionVersion]:
        """What would be drawn now; all of a check that draws nothing."""
        found = {question.spec.key: question for question in content_of(version.pk).questions}
        specs = [question.spec for question in found.values()]
        shown = Counter(response.question_version.spec.key for response in self.responses)
        key = self._secret(f"draw:{self.earlier}:{len(self.rounds)}")
        return [found[each.key] for each in drawing.draw(specs, version.spec_rule, key=key, shown=shown)]

    def of_last(self) -> list[Response]:
        """The responses of the last round, in order."""
        return [r for r in self.responses if self.last and r.round_id == self.last.pk]

    def counting(self) -> list[Response]:
        """The answers that count for the round that is shown: of a sitting its own, else all there are."""
        if self.last is not None and self.last.quiz_version.spec_rule.is_exam:
            return self.of_last()
        return [*self.elsewhere, *self.responses]

    def best(self) -> dict[int, Fraction]:
        """The best share of each question that was checked and counts, by question id."""
        best: dict[int, Fraction] = {}
        for response in self.counting():
            if (share := response.counts) is not None:
                best[response.question_id] = max(share, best.get(response.question_id, Fraction(0)))
        return best

    def misses(self) -> dict[int, int]:
        """How often each question was checked and not fully right, by question id."""
        misses: dict[int, int] = {}
        for response in (*self.elsewhere, *self.responses):
            if (share := response.counts) is not None and share < 1:
                misses[response.question_id] = misses.get(response.question_id, 0) + 1
        return misses

    def missed(self) -> list[QuestionVersion]:
        """The live questions that are not fully right yet."""
        best = self.best()
        return [v for v in self.belonging(self.live) if best.get(v.question_id, Fraction(0)) < 1]

    def to_ask(self) -> list[QuestionVersion]:
        """What a new round asks, in its order: what is missed; all, where a first round would ask nothing.
        A sitting asks everything, or draws anew."""
        missed = self.missed() or ([] if self.rounds else self.belonging(self.live))
        if self.live.spec_rule.is_exam:
            missed = self._drawn(self.live)
        wanted = {version.spec.key: version for version in missed}
        specs = [version.spec for version in missed]
        return [wanted[k] for k in grading.question_order(specs, self.live.spec_rule, self.order_key)]

    def asked(self) -> list[Asked]:
        """The questions of the round that is shown, in order."""
        if self.is_pending:
            return [Asked(version, None) for version in self.to_ask()]
        if self.is_abandoned:
            return []
        over = self.last is not None and self.last.finished_at is not None
        # A correction may finish a round in which something was still open.
        shown = [r for r in self.of_last() if r.checked_at is not None or not over]
        return [Asked(response.question_version, response) for response in shown]

    def kept(self) -> list[Asked]:
        """Questions of the check that this round does not ask, because they were right before."""
        if self.version.spec_rule.is_exam:
            return []
        here = {asked.version.question_id for asked in self.asked()}
        belong = {version.question_id for version in self.questions} - here
        answered = (*self.elsewhere, *self.responses)
        right = {r.question_id: r for r in answered if r.counts == 1 and r.question_id in belong}
        return [Asked(response.question_version, response) for response in right.values()]


def standings(
    user: User, live: Mapping[int, int], *, answered: bool = True, since: Mapping[int, datetime] | None = None
) -> dict[int, Standing]:
    """Where the user stands in these checks, by quiz id; one query.

    `live` gives the live version of each, by row ids. A caller who knows that the user has
    not `answered` in any of them spares the query. Of a check that is taken anew, only the
    rounds opened `since` count (by quiz id); a round that the learner was in by then is
    finished first.
    """
    contents = {quiz: content_of(version) for quiz, version in live.items()}
    rows = _responses([user.pk], contents) if live and answered else []
    anew = since or {}
    items = contents.items()
    found = {quiz: _standing(user.pk, quiz, content, rows, anew.get(quiz)) for quiz, content in items}
    allowances.add_to(found.values())
    return found


def standing_of(user: User, quiz: QuizVersion, since: datetime | None = None) -> Standing:
    """Where the user stands in one check whose live version this is (`standings`)."""
    anew = {} if since is None else {quiz.quiz_id: since}
    return standings(user, {quiz.quiz_id: quiz.pk}, since=anew)[quiz.quiz_id]


def standings_of_all(
    people: Collection[int], quiz: QuizVersion, since: Mapping[int, datetime]
) -> dict[int, Standing]:
    """Where each of these people (ids) stands in one check whose live version this is; a query for 500 of
    them. `since` says, by person, from when on their rounds count, where not all do."""
    content, listed, found = content_of(quiz.pk), list(people), dict[int, Standing]()
    for some in (listed[n : n + 500] for n in range(0, len(listed), 500)):
        rows: dict[int, list[Response]] = {person: [] for person in some}
        for row in _responses(some, {quiz.quiz_id: content}):
            rows[row.user_id].append(row)
        for who, own in rows.items():
            found[who] = _standing(who, quiz.quiz_id, content, own, since.get(who))
    allowances.add_to(found.values())
    return found


def _responses(people: Collection[int], contents: Mapping[int, Content]) -> list[Response]:
    """All that these people answered in these checks, or to their questions, each with its content."""
    questions = [version.question_id for content in contents.values() for version in content.questions]
    theirs = Response.objects.filter(Q(round__quiz__in=contents) | Q(question__in=questions), user__in=people)
    found = theirs.select_related("round__rejudgement", "score__correction")
    rows = list(found.order_by("round__number", "position"))
    rounds: dict[int, Round] = {}
    for response in rows:
        # One object a round, however many rows name it.
        round_ = response.round = rounds.setdefault(response.round_id, response.round)
        asked = content_of(round_.quiz_version_id)
        round_.quiz_version = asked.version
        response.question_version = asked.question(response.question_version_id)
    return rows


def _standing(
    person: int, quiz: int, live: Content, rows: Sequence[Response], since: datetime | None
) -> Standing:
    own = {row.round_id: row.round for row in rows if row.round.quiz_id == quiz}
    last = next(reversed(own.values()), None)
    if since is not None and last is not None and last.opened_at < since and last.finished_at is None:
        since = None
    counted = [row for row in rows if since is None or row.round.opened_at >= since]
    rounds = {row.round_id: row.round for row in counted if row.round.quiz_id == quiz}
    questions = {version.question_id for version in live.questions}
    return Standing(
        user_id=person,
        live=live.version,
        rounds=list(rounds.values()),
        responses=[row for row in counted if row.round_id in rounds],
        elsewhere=[
            r
            for r in counted
            if r.round.quiz_id != quiz and r.question_id in questions and not r.question_version.spec.bank
        ],
        earlier=max((round_.number for pk, round_ in own.items() if pk not in rounds), default=0),
    )
