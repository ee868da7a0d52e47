"""Regrading: what past answers count for once the key of their question was corrected.

A score is added, nothing that was earned is changed, and a pass is never taken back. What it would do
(`plan`) and doing it (`correct`) are worked out alike, from stored answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from quizzes.accepting import with_accepted
from quizzes.content import content_of
from quizzes.models import (
    Correction,
    Counting,
    QuestionVersion,
    QuizVersion,
    Rejudgement,
    Response,
    Round,
    Score,
)
from quizzes.regrading import share_by
from quizzes.results import Result, result_of
from quizzes.spec import Question
from quizzes.standing import Standing, standings_of_all

if TYPE_CHECKING:
    from accounts.models import User

_BATCH = 500  # rows written at a time


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is decided about the past answers to one question; `now` is its wording from now on.

    `lowers`: with only the new key, results may fall, too. `accepted` and `place` are a `Correction`'s.
    """

    now: QuestionVersion
    counting: Counting
    lowers: bool = False
    accepted: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one person's result in one check, and whether they pass by it who did not."""

    user: int
    round: Round
    before: Result
    after: Result
    passes: bool

    @property
    def rises(self) -> bool:
        """Whether it is more than before."""
        return self.after.share > self.before.share

    @property
    def falls(self) -> bool:
        """Whether it is less than before."""
        return self.after.share < self.before.share


@dataclass(frozen=True, slots=True)
class Change:
    """What one answer counts for from now on, and by which decision."""

    response: int
    user: int
    wanted: Wanted
    share: Fraction
    falls: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a correction does."""

    changes: list[Change] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)

    @property
    def passing(self) -> int:
        """How many people pass a check by it."""
        return len({(effect.user, effect.round.quiz_id) for effect in self.effects if effect.passes})

    def people(self, *, falls: bool, question: int | None = None) -> int:
        """For how many people an answer, or one to this question, counts for less, or for more."""
        found = [change for change in self.changes if change.falls is falls]
        return len({c.user for c in found if question in (None, c.wanted.now.question_id)})


def plan(wanted: Sequence[Wanted], *, checks: Iterable[QuizVersion], since: Mapping[int, datetime]) -> Plan:
    """What these decisions would do to people's results in these checks, each in its version from now on.

    `since` says, by person, from when on their rounds count, where not all do. As many queries for a
    thousand people as for one.
    """
    changes = _changes(wanted)
    shares = {change.response: change.share for change in changes}
    worth = {each.now.question_id: each for each in wanted if each.counting in _JUDGED_ANEW}
    effects = []
    for check in checks:
        people = _touched(check, changes, worth)
        for standing in standings_of_all(people, check, since).values():
            effects += _effects(standing, shares, worth)
    return Plan(changes, effects)


def correct(
    wanted: Sequence[Wanted],
    *,
    checks: Iterable[QuizVersion],
    since: Mapping[int, datetime],
    by: User | None,
    why: str,
) -> Plan:
    """Decide it: keeps each decision, what answers count for since, and what becomes of the results.

    Called in the transaction of the act, with the module held. Whoever passes by it passes now, also out of a
    later round; who has not been judged yet goes on and is judged by what counts.
    """
    found = plan(wanted, checks=checks, since=since)
    rows = Correction.objects.bulk_create(
        Correction(
            question_id=each.now.question_id,
            now=each.now,
            counting=each.counting,
            lowers=each.lowers,
            accepted=each.accepted,
            place=each.place,
            by=by,
            why=why,
        )
        for each in wanted
    )
    decided = {row.question_id: row for row in rows}
    Score.objects.bulk_create(
        (
            Score(
                response_id=change.response,
                correction=decided[change.wanted.now.question_id],
                share_num=change.share.numerator,
                share_den=change.share.denominator,
            )
            for change in found.changes
        ),
        batch_size=_BATCH,
    )
    newest = Score.objects.filter(response=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    Response.objects.filter(scores__correction__in=rows).update(score=Subquery(newest))
    _keep_results(found.effects)
    return found


def credit(responses: Collection[Response], live: Iterable[QuestionVersion]) -> None:
    """Let answers that were just checked count by what was decided about their questions before.

    That is for whoever answers an older wording in a round that was open by then, and for answers that were
    accepted and that no wording lists yet. It never lowers one.
    """
    now = {version.question_id: version.pk for version in live}
    missed = {r.question_id: r for r in responses if r.share != 1 and _may_be_corrected(r, now)}
    if not missed:
        return
    decided = Correction.objects.filter(question__in=missed).exclude(counting=Counting.UNCHANGED)
    for correction in decided.select_related("now"):
        response = missed[correction.question_id]
        is_later = correction.now_id in (response.question_version_id, now.get(correction.question_id))
        if correction.counting == Counting.ACCEPTED or is_later:
            _credit(response, correction)


_JUDGED_ANEW = (Counting.BETTER, Counting.NEW, Counting.EVERYONE)


def _may_be_corrected(response: Response, now: Mapping[int, int]) -> bool:
    question = response.question_version.spec
    is_typed = question.type in ("text", "number", "blanks")
    return question.is_graded and (is_typed or now.get(response.question_id) != response.question_version_id)


def _credit(response: Response, correction: Correction) -> None:
    wanted = Wanted(
        correction.now,
        Counting(correction.counting),
        accepted=correction.accepted,
        place=correction.place,
    )
    counts = response.counts or Fraction(0)
    share = _share(wanted, response.question_version.spec, response.chosen, counts)
    if share > counts:
        response.score = Score.objects.create(
            response=response, correction=correction, share_num=share.numerator, share_den=share.denominator
        )
        response.save(update_fields=["score"])


def _changes(wanted: Sequence[Wanted]) -> list[Change]:
    """The answers that count for something else now."""
    asked = {each.now.question_id: each for each in wanted if each.counting != Counting.UNCHANGED}
    rows = Response.objects.filter(question__in=asked, checked_at__isnull=False).order_by("pk")
    versions = QuestionVersion.objects.filter(question__in=asked).in_bulk()
    known: dict[tuple[int, tuple[str, ...], Fraction], Fraction] = {}
    found = []
    for row in rows.select_related("score").iterator(chunk_size=2000):
        each, counts = asked[row.question_id], row.counts or Fraction(0)
        key = (row.question_version_id, tuple(row.chosen), counts)
        if key not in known:
            known[key] = _share(each, versions[row.question_version_id].spec, row.chosen, counts)
        if known[key] != counts:
            found.append(Change(row.pk, row.user_id, each, known[key], known[key] < counts))
    return found


def _share(wanted: Wanted, was: Question, answer: Sequence[str], counts: Fraction) -> Fraction:
    """What an answer to `was`, which `counts` for so much now, counts for by this decision."""
    if wanted.counting == Counting.EVERYONE:
        return Fraction(1)
    now = wanted.now.spec
    if wanted.counting == Counting.ACCEPTED:
        now = with_accepted(was, wanted.accepted, wanted.place)
    judged = share_by(now, was, answer)
    if judged is None:
        return counts
    return judged if wanted.lowers else max(counts, judged)


def _touched(check: QuizVersion, changes: Iterable[Change], worth: Mapping[int, Wanted]) -> set[int]:
    """Whose result in a check may be another one."""
    people = {change.user for change in changes}
    asked = {question.question_id: question.spec.points for question in content_of(check.pk).questions}
    if any(question in asked for question in worth):
        judged = Round.objects.filter(quiz=check.quiz_id, earned_num__isnull=False)
        versions = QuestionVersion.objects.filter(question__in=worth.keys() & asked.keys())
        if any(version.spec.points != asked[version.question_id] for version in versions):
            people |= set(judged.values_list("user", flat=True))
    return people


def _effects(standing: Standing, shares: Mapping[int, Fraction], worth: Mapping[int, Wanted]) -> list[Effect]:
    """What becomes of one person's result: of the last round that was judged, and of every sitting."""
    judged = [round_ for round_ in standing.rounds if round_.earned_num is not None]
    exams = [round_ for round_ in judged if round_.quiz_version.spec_rule.kind == "exam"]
    found = []
    for round_ in exams or judged[-1:]:
        before = Result(*round_.counted)
        after = result_of(standing, round_, shares, _worths(round_, worth))
        passes = not standing.passed and after.passes
        if after.full and (after.share != before.share or passes):
            found.append(Effect(standing.user_id, round_, before, after, passes))
    return found


def _worths(round_: Round, worth: Mapping[int, Wanted]) -> list[dict[int, Fraction]]:
    """What its questions may be worth in a round: the better for the learner counts."""
    asked = content_of(round_.quiz_version_id).questions
    own = {version.question_id: version.spec.points for version in asked}
    new = {question: each.now.spec.points for question, each in worth.items() if question in own}
    lowered = {question: points for question, points in new.items() if worth[question].lowers}
    return [{**own, **lowered}, {**own, **new}]


def _keep_results(effects: Sequence[Effect]) -> None:
    """Keep the results as they count now, and the passes."""
    now = timezone.now()
    Rejudgement.objects.bulk_create(
        (Rejudgement(round=e.round, quiz_version=e.after.by, at=now, **e.after.columns) for e in effects),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["round"],
        update_fields=["quiz_version", "at", "earned_num", "earned_den", "full_num", "full_den"],
    )
    passing = {(effect.user, effect.round.quiz_id): effect for effect in effects if effect.passes}
    for effect in passing.values():
        effect.round.passed = True
    Round.objects.bulk_update([e.round for e in passing.values()], ["passed"], batch_size=_BATCH)
    later: dict[int, list[int]] = defaultdict(list)
    for user, quiz in passing:
        later[quiz].append(user)
    for quiz, people in later.items():
        left = list(Round.objects.filter(quiz=quiz, user__in=people, finished_at=None))
        for round_ in left:
            round_.finished_at, round_.passed = now, True
            for column, value in passing[round_.user_id, quiz].after.columns.items():
                setattr(round_, column, value)
        columns = ["finished_at", "passed", "earned_num", "earned_den", "full_num", "full_den"]
        Round.objects.bulk_update(left, columns, batch_size=_BATCH)
