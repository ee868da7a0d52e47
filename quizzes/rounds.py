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
from typing import TYPE_CHECKING, Literal
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


Refusal = Literal["unreadable", "long"]


class Changed(Exception):
    """The form was made for another round or version than the one that is open now."""


class NotAsked(Exception):
    """An answer to a question, or with a choice, that this round does not ask."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sends: answers by question key (choice keys), and who sends it.

    `sender` is new with every page drawn, and is carried again by a retry; `seq`
    counts up on that page, so that a late request never undoes a newer one.
    `token` names the round that the page showed (`Standing.token`); `language` is the one it was written in.
    """

    token: str
    sender: UUID
    seq: int = 0
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check did. `blanks` are the keys left blank, when that stopped it; `already` the keys of
    questions that had been checked before with another answer than the one sent.

    `refused` are answers that cannot be taken as they are, by key. What is `long` was not kept either, and
    stands in the standing's response all the same, so that a page can give it back.
    """

    standing: Standing
    blanks: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    finished: bool = False
    refused: Mapping[str, Refusal] = field(default_factory=dict)


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
    already, long = _fill(standing, sent)
    return Outcome(standing, already=already, refused=dict.fromkeys(long, "long"))


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

    What nobody can read is no try: it stops the check, and the outcome names it. Blanks stop it, once: with
    `blanks_too` they count as not right. A repeated request changes nothing and gets the state as it is. The
    round is finished, and judged by its frozen rule, when its last question is checked. Raises `Changed` or
    `NotAsked`, and then nothing was written.
    """
    standing = _locked(user, quiz, since)
    if not _is_current(standing, sent) and not _is_repeat(standing, sent):
        raise Changed
    _open_if_pending(standing, user)
    already, long = _fill(standing, sent)
    asked = {r.question_version.spec.key: r for r in standing.of_last()}
    if only is not None and only not in asked:
        raise NotAsked(only)
    waiting = {key: r for key, r in asked.items() if r.checked_at is None and only in (None, key)}
    refused: dict[str, Refusal] = {key: "unreadable" for key, r in waiting.items() if _is_unreadable(r)}
    refused |= dict.fromkeys(long, "long")
    blanks = tuple(key for key, r in waiting.items() if not r.chosen)
    if refused.keys() & waiting or (blanks and (only is not None or not blanks_too)):
        return Outcome(standing, blanks=blanks, already=already, refused=refused)
    for response in waiting.values():
        _grade(response, sent.sender)
    finished = _finish_if_all_checked(standing)
    return Outcome(standing, already=already, finished=finished, refused=refused)


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
    if not _passes(standing, standing.live, earned, full):
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


def _passes(standing: Standing, version: QuizVersion, earned: Fraction, full: Fraction) -> bool:
    """Whether this passes a version of the check. Without points to earn, answering all of it does."""
    if full:
        return grading.passes(earned, full, version.spec_rule)
    checked = [r for r in (*standing.elsewhere, *standing.responses) if r.checked_at is not None]
    answered = {r.question_id for r in checked if r.chosen}
    return all(question.question_id in answered for question in content_of(version.pk).questions)


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


def _fill(standing: Standing, sent: Sent) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write the answers sent; returns the keys of checked questions that were sent with another answer, and
    of those whose answer is too long to be kept."""
    responses = {r.question_version.spec.key: r for r in standing.of_last()}
    differ, long = [], []
    for key, answer in sent.answers.items():
        response = responses.get(key)
        if response is None:
            raise NotAsked(key)
        answer = _kept(response, answer, sent.language)
        if response.checked_at is not None:
            if response.chosen != answer and response.check_key != sent.sender:
                differ.append(key)
        elif response.sender != sent.sender or sent.seq >= response.seq:
            response.chosen, response.sender, response.seq = answer, sent.sender, sent.seq
            response.saved_at = timezone.now()
            if max(map(len, answer), default=0) > KINDS[response.question_version.spec.type].LONGEST:
                long.append(key)
            else:
                response.save(update_fields=["chosen", "sender", "seq", "saved_at"])
    return tuple(differ), tuple(long)


def _kept(response: Response, sent: Sequence[str], language: str) -> list[str]:
    question = response.question_version.spec
    try:
        return KINDS[question.type].put(question, sent, language)
    except ValueError as error:
        raise NotAsked(question.key) from error


def _is_unreadable(response: Response) -> bool:
    return grading.grade(response.question_version.spec, response.chosen).state == "unreadable"


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
    round_.passed = _passes(standing, round_.quiz_version, earned, full)
    round_.earned_num, round_.earned_den = earned.numerator, earned.denominator
    round_.full_num, round_.full_den = full.numerator, full.denominator
    round_.save()
    if not round_.passed and round_.quiz_version_id != standing.live.pk:
        _rejudge(standing)
