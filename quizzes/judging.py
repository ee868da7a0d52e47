"""Judging rounds: whether what was answered passes the check. Called by verbs that hold the learner's row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from django.utils import timezone

from quizzes import grading
from quizzes.models import QuizVersion, Rejudgement, Round
from quizzes.standing import Standing, content_of, standings_of_all


def finish_if_all_checked(standing: Standing) -> bool:
    """Finish the round, and judge it, when its last question is checked; returns whether this was the one."""
    assert standing.last is not None
    if standing.last.finished_at is not None or any(r.checked_at is None for r in standing.of_last()):
        return False
    _finish(standing)
    return True


def _finish(standing: Standing) -> None:
    """Judge the round by its own rule, over all questions of its own version of the check."""
    round_ = standing.last
    assert round_ is not None
    earned, full = _points(standing, round_.quiz_version)
    round_.finished_at = timezone.now()
    round_.passed = _passes(standing, round_.quiz_version, earned, full)
    round_.earned_num, round_.earned_den = earned.numerator, earned.denominator
    round_.full_num, round_.full_den = full.numerator, full.denominator
    round_.save()
    if not round_.passed and round_.quiz_version_id != standing.live.pk:
        _rejudge(standing)


def rejudge(*, quiz: QuizVersion, since: Mapping[int, datetime]) -> int:
    """Judge finished rounds anew by the live version of their check; returns how many pass now.

    A missed question that was withdrawn leaves both sides of the share, and so may be all that stood
    between somebody and passing. Called in the transaction that made `quiz` live. Who is in a round
    finishes it as it is. `since` says, by person, from when on their rounds count, where not all do.
    """
    waiting = Round.objects.filter(quiz=quiz.quiz_id, passed=False, finished_at__isnull=False)
    people = waiting.exclude(quiz_version=quiz).values_list("user", flat=True).distinct()
    found = standings_of_all(people, quiz, since).values()
    return sum(_rejudge(standing) for standing in found if not standing.is_open and not standing.passed)


def _rejudge(standing: Standing) -> bool:
    """Judge the last round by the live version, where that makes it pass; the round's own figures stay."""
    assert standing.last is not None
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
    """Points earned by the best answers, and full points, over all questions of a version of the check."""
    best = standing.best()
    points = {q.question_id: q.spec.points for q in content_of(version.pk).questions}
    earned = sum((worth * best.get(question, Fraction(0)) for question, worth in points.items()), Fraction(0))
    return earned, sum(points.values(), Fraction(0))


def _passes(standing: Standing, version: QuizVersion, earned: Fraction, full: Fraction) -> bool:
    """Whether this passes a version of the check. Without points to earn, answering all of it does."""
    if full:
        return grading.passes(earned, full, version.spec_rule)
    checked = [r for r in (*standing.elsewhere, *standing.responses) if r.checked_at is not None]
    answered = {r.question_id for r in checked if r.chosen}
    return all(question.question_id in answered for question in content_of(version.pk).questions)
