"""Judging rounds: whether what was answered passes the check. Called by verbs that hold the learner's row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from quizzes import grading
from quizzes.corrections import credit
from quizzes.models import QuestionVersion, QuizVersion, Rejudgement, Response, Round
from quizzes.opening import locked
from quizzes.standing import Standing, standings_of_all
from quizzes.turns import turn_of

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def hand_in(*, user: User, quiz: QuizVersion, since: datetime | None = None) -> Standing:
    """Hand in the open round as it was saved where its time is up; what was left blank counts as not right.

    It was handed in when its time ended, whenever that is noticed.
    """
    standing = locked(user, quiz, since)
    if standing.is_overdue:
        assert standing.last is not None
        at = standing.last.deadline
        assert at is not None
        left = [response for response in standing.of_last() if response.checked_at is None]
        for response in left:
            grade(response, sender=None, at=at)
        credit(left, standing.live_questions)
        _finish(standing, at=at)
    return standing


def grade(response: Response, *, sender: UUID | None, at: datetime) -> None:
    """Close a response for ever with what its answer is worth; `sender` is the request that asked for it."""
    share = grading.grade(response.question_version.spec, response.chosen).share
    response.checked_at, response.check_key = at, sender
    response.share_num, response.share_den = share.numerator, share.denominator
    response.is_first = not Response.objects.filter(
        user=response.user_id, question_version=response.question_version_id, is_first=True
    ).exists()
    response.save(update_fields=["checked_at", "check_key", "share_num", "share_den", "is_first", "seconds"])


def finish_if_all_checked(standing: Standing) -> bool:
    """Finish the round, and judge it, when its last question is checked; returns whether this was the one."""
    assert standing.last is not None
    if standing.last.finished_at is not None or any(r.checked_at is None for r in standing.of_last()):
        return False
    _finish(standing, at=timezone.now())
    return True


def _finish(standing: Standing, *, at: datetime) -> None:
    """Judge the round by its own rule, over all questions of its own version of the check; a sitting over
    what it asked."""
    round_ = standing.last
    assert round_ is not None
    earned, full = _points(standing, round_.quiz_version)
    round_.finished_at = at
    round_.passed = _passes(standing, round_.quiz_version, earned, full)
    rule = round_.quiz_version.spec_rule
    round_.best_counts = rule.is_exam and rule.grade == "best"
    round_.earned_num, round_.earned_den = earned.numerator, earned.denominator
    round_.full_num, round_.full_den = full.numerator, full.denominator
    round_.save()
    if not round_.passed and round_.quiz_version_id != standing.live.pk:
        _rejudge(standing)


def rejudge(*, quiz: QuizVersion, since: Mapping[int, datetime]) -> int:
    """Judge finished rounds anew by the live version of their check; returns how many pass now.

    A missed question that was withdrawn leaves both sides of the share, and so may be all that stood
    between somebody and passing. Called in the transaction that made `quiz` live. Who is in a round
    finishes it as it is, and a sitting stays as it was. `since` says, by person, from when on their rounds
    count, where not all do.
    """
    overdue = Round.objects.filter(quiz=quiz.quiz_id, finished_at=None, deadline__lte=timezone.now())
    for user in get_user_model().objects.filter(pk__in=overdue.values("user")):
        hand_in(user=user, quiz=quiz, since=since.get(user.pk))
    waiting = Round.objects.filter(quiz=quiz.quiz_id, passed=False, finished_at__isnull=False)
    people = waiting.exclude(quiz_version=quiz).values_list("user", flat=True).distinct()
    found = standings_of_all(people, quiz, since).values()
    return sum(_rejudge(standing) for standing in found if not standing.is_open and not standing.passed)


def closed_to(*, quiz: QuizVersion, since: Mapping[int, datetime]) -> list[int]:
    """The people, by row id, whose tries in this check are used up for good and who did not pass it."""
    finished = Round.objects.filter(quiz=quiz.quiz_id, finished_at__isnull=False)
    people = finished.values_list("user", flat=True).distinct()
    found = standings_of_all(people, quiz, since)
    return [person for person, standing in found.items() if turn_of(standing) == "closed"]


def _rejudge(standing: Standing) -> bool:
    """Judge the last round by the live version, where that makes it pass; the round's own figures stay."""
    assert standing.last is not None
    if standing.live.spec_rule.is_exam or standing.last.quiz_version.spec_rule.is_exam:
        return False
    earned, full = _points(standing, standing.live)
    if not _passes(standing, standing.live, earned, full):
        return False
    columns = {"earned_num": earned.numerator, "earned_den": earned.denominator}
    columns |= {"full_num": full.numerator, "full_den": full.denominator}
    Rejudgement.objects.update_or_create(
        round=standing.last, defaults={**columns, "quiz_version": standing.live, "at": timezone.now()}
    )
    standing.last.passed = True
    standing.last.save(update_fields=["passed"])
    return True


def _points(standing: Standing, version: QuizVersion) -> tuple[Fraction, Fraction]:
    """Points earned by the best answers, and full points, over all questions that count."""
    best = standing.best()
    points = {q.question_id: q.spec.points for q in _judged(standing, version)}
    earned = sum((worth * best.get(question, Fraction(0)) for question, worth in points.items()), Fraction(0))
    return earned, sum(points.values(), Fraction(0))


def _passes(standing: Standing, version: QuizVersion, earned: Fraction, full: Fraction) -> bool:
    """Whether this passes a version of the check. Without points to earn, answering all of it does."""
    if full:
        return grading.passes(earned, full, version.spec_rule)
    answered = {r.question_id for r in standing.counting() if r.checked_at is not None and r.chosen}
    return all(question.question_id in answered for question in _judged(standing, version))


def _judged(standing: Standing, version: QuizVersion) -> list[QuestionVersion]:
    if version.spec_rule.is_exam:
        return [response.question_version for response in standing.of_last()]
    return standing.belonging(version)
