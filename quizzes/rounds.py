"""Saving and checking answers: the only writer of rounds and responses.

Whatever one learner does is serialised by a lock on their own row, so that two tabs
cannot check one question twice. Whether the learner may answer at all, and since when
their rounds count (`since`), was decided by whoever found the check for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from quizzes import grading
from quizzes.kinds.table import KINDS
from quizzes.models import QuizVersion, Rejudgement, Response, Round
from quizzes.standing import Standing, content_of, standings

if TYPE_CHECKING:
    from accounts.models import User


class Changed(Exception):
    """The form was made for another round or version than the one that is open now."""


class NotAsked(Exception):
    """An answer to a question, or with a choice, that this round does not ask."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sends: answers by question key (choice keys), and who sends it.

    `sender` is new with every page drawn, and is carried again by a retry; `seq`
    counts up on that page, so that a late request never undoes a newer one.
    `token` names the round that the page showed (`Standing.token`).
    """

    token: str
    sender: UUID
    seq: int = 0
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check did. `blanks` are the keys left blank, when that stopped it; `already` the keys of
    questions that had been checked before with another answer than the one sent."""

    standing: Standing
    blanks: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    finished: bool = False


@transaction.atomic
def save(*, user: User, quiz: QuizVersion, sent: Sent, since: datetime | None = None) -> Outcome:
    """Keep the choices of a form without grading them; opens the round when it is the first save.

    What was checked meanwhile stays as it was, and the outcome says so. Raises `Changed` or
    `NotAsked`, and then nothing was written.
    """
    standing = _locked(user, quiz, since)
    if not _is_current(standing, sent):
        raise Changed
    _open_if_pending(standing, user)
    return Outcome(standing, already=_fill(standing, sent))


@transaction.atomic
def check(
    *,
    user: User,
    quiz: QuizVersion,
    sent: Sent,
    only: str | None = None,
    blanks_too: bool = False,
    since: datetime | None = None,
) -> Outcome:
    """Grade one question (`only`, its key) or all that are unchecked, saving what was sent first.

    Blanks stop it, once: the outcome names them, and with `blanks_too` they count as
    not right. A repeated request changes nothing and gets the state as it is. The round
    is finished, and judged by its frozen rule, when its last question is checked.
    Raises `Changed` or `NotAsked`, and then nothing was written.
    """
    standing = _locked(user, quiz, since)
    if not _is_current(standing, sent) and not _is_repeat(standing, sent):
        raise Changed
    _open_if_pending(standing, user)
    already = _fill(standing, sent)
    waiting = [
        r for r in standing.of_last() if r.checked_at is None and only in (None, r.question_version.spec.key)
    ]
    if only is not None and only not in {r.question_version.spec.key for r in standing.of_last()}:
        raise NotAsked(only)
    blanks = tuple(r.question_version.spec.key for r in waiting if not r.chosen)
    if blanks and (only is not None or not blanks_too):
        return Outcome(standing, blanks=blanks, already=already)
    for response in waiting:
        _grade(response, sent.sender)
    return Outcome(standing, already=already, finished=_finish_if_all_checked(standing))


@transaction.atomic
def again(*, user: User, quiz: QuizVersion, sent: Sent, since: datetime | None = None) -> Standing:
    """Open the next round with the questions missed so far; when it is open already, give that one."""
    standing = _locked(user, quiz, since)
    if standing.is_open or standing.passed or not standing.missed():
        return standing
    if sent.token != standing.token:
        raise Changed
    _open(standing, user, number=standing.number + 1)
    return standing


@transaction.atomic
def show(
    *, user: User, quiz: QuizVersion, sent: Sent, question: str, since: datetime | None = None
) -> Standing:
    """Note that the learner asked to see a right answer: offered once it was missed twice.

    Raises `NotAsked` where that is not offered.
    """
    standing = _locked(user, quiz, since)
    response = next((r for r in standing.of_last() if r.question_version.spec.key == question), None)
    misses = standing.misses()
    if response is None or response.checked_at is None or misses.get(response.question_id, 0) < 2:
        raise NotAsked(question)
    if response.shown_at is None:
        response.shown_at = timezone.now()
        response.save(update_fields=["shown_at"])
    return standing


def rejudge(*, quiz: QuizVersion, since: Mapping[int, datetime]) -> int:
    """Judge finished rounds anew by the live version of their check; returns how many pass now.

    A missed question that was withdrawn leaves both sides of the share, and so may be all that stood
    between somebody and passing. Called in the transaction that made `quiz` live. Who is in a round
    finishes it as it is. `since` says, by person, from when on their rounds count, where not all do.
    """
    waiting = Round.objects.filter(quiz=quiz.quiz_id, passed=False, finished_at__isnull=False)
    users = get_user_model().objects.filter(pk__in=waiting.exclude(quiz_version=quiz).values("user"))
    found = [_standing(user, quiz, since.get(user.pk)) for user in users]
    return sum(_rejudge(standing) for standing in found if not standing.is_open and not standing.passed)


def _rejudge(standing: Standing) -> bool:
    """Judge the last round by the live version, where that makes it pass; the round's own figures stay."""
    assert standing.last is not None
    earned, full = _points(standing, standing.live)
    if not full or not grading.passes(earned, full, standing.live.spec_rule):
        return False
    Rejudgement.objects.create(
        round=standing.last,
        quiz_version=standing.live,
        earned_num=earned.numerator,
        earned_den=earned.denominator,
        full_num=full.numerator,
        full_den=full.denominator,
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


def _locked(user: User, quiz: QuizVersion, since: datetime | None) -> Standing:
    get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    return _standing(user, quiz, since)


def _standing(user: User, quiz: QuizVersion, since: datetime | None) -> Standing:
    anew = {} if since is None else {quiz.quiz_id: since}
    return standings(user, {quiz.quiz_id: quiz.pk}, since=anew)[quiz.quiz_id]


def _is_current(standing: Standing, sent: Sent) -> bool:
    return standing.is_open and sent.token == standing.token


def _is_repeat(standing: Standing, sent: Sent) -> bool:
    """The request that finished the round, sent again."""
    return sent.token == standing.token and any(r.check_key == sent.sender for r in standing.of_last())


def _open_if_pending(standing: Standing, user: User) -> None:
    if not standing.is_pending:
        return
    number = standing.number
    if standing.is_abandoned and standing.last is not None:
        # Closed without a judgement: it was not answered. What was checked in it counts on.
        standing.last.finished_at = timezone.now()
        standing.last.save(update_fields=["finished_at"])
    _open(standing, user, number=number)


def _open(standing: Standing, user: User, *, number: int) -> None:
    """Write the round and what it asks: wording, place and rule are frozen from here on."""
    round_ = Round.objects.create(
        user=user, quiz=standing.live.quiz, quiz_version=standing.live, number=number
    )
    asked = standing.to_ask()
    standing.rounds.append(round_)
    standing.responses += Response.objects.bulk_create(
        Response(
            round=round_,
            user=user,
            question_id=version.question_id,
            question_version=version,
            position=position,
        )
        for position, version in enumerate(asked)
    )


def _fill(standing: Standing, sent: Sent) -> tuple[str, ...]:
    """Write the choices sent; returns the keys of checked questions that were sent with another answer."""
    responses = {r.question_version.spec.key: r for r in standing.of_last()}
    differ = []
    for key, chosen in sent.answers.items():
        response = responses.get(key)
        if response is None:
            raise NotAsked(key)
        chosen = _kept(response, chosen)
        if response.checked_at is not None:
            if response.chosen != chosen and response.check_key != sent.sender:
                differ.append(key)
        elif response.sender != sent.sender or sent.seq >= response.seq:
            response.chosen, response.sender, response.seq = chosen, sent.sender, sent.seq
            response.saved_at = timezone.now()
            response.save(update_fields=["chosen", "sender", "seq", "saved_at"])
    return tuple(differ)


def _kept(response: Response, sent: Sequence[str]) -> list[str]:
    question = response.question_version.spec
    try:
        return KINDS[question.type].put(question, sent)
    except ValueError as error:
        raise NotAsked(question.key) from error


def _grade(response: Response, sender: UUID) -> None:
    share = grading.grade(response.question_version.spec, response.chosen).share
    response.checked_at, response.check_key = timezone.now(), sender
    response.share_num, response.share_den = share.numerator, share.denominator
    response.is_first = not Response.objects.filter(
        user=response.user_id, question_version=response.question_version_id, is_first=True
    ).exists()
    response.save(update_fields=["checked_at", "check_key", "share_num", "share_den", "is_first"])


def _finish_if_all_checked(standing: Standing) -> bool:
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
    # Without points to earn, answering is passing.
    round_.passed = grading.passes(earned, full, round_.quiz_version.spec_rule)
    round_.earned_num, round_.earned_den = earned.numerator, earned.denominator
    round_.full_num, round_.full_den = full.numerator, full.denominator
    round_.save()
    if not round_.passed and round_.quiz_version_id != standing.live.pk:
        _rejudge(standing)
