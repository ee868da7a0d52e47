"""Opening rounds: here alone rounds and their responses come into being, and what they ask is frozen.

Whatever one learner does is serialised by a lock on their own row (`locked`).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from quizzes.models import QuizVersion, Response, Round
from quizzes.sent import Changed, Sent
from quizzes.standing import Standing, standing_of
from quizzes.turns import deadline, minutes_of, turn_of

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def begin(*, user: User, quiz: QuizVersion, sent: Sent, since: datetime | None = None) -> Standing:
    """Open the first round, or the next one with what was missed so far; when it is open already, give that
    one. A sitting asks everything.

    Raises `Changed` where the form was made for another round, or no more tries are left.
    """
    standing = locked(user, quiz, since)
    if standing.passed or (standing.is_open and not standing.is_overdue) or not standing.to_ask():
        return standing
    if sent.token != standing.token or turn_of(standing) not in ("start", "again"):
        raise Changed
    _close_abandoned(standing)
    _open(standing, user)
    return standing


def locked(user: User, quiz: QuizVersion, since: datetime | None) -> Standing:
    """The learner's standing in the check, with their row locked until the transaction ends."""
    get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    return standing_of(user, quiz, since)


def open_if_pending(standing: Standing, user: User) -> None:
    """Open the round that the learner saw, where none is open yet."""
    if not standing.is_pending:
        return
    _close_abandoned(standing)
    _open(standing, user)


def _close_abandoned(standing: Standing) -> None:
    """Closed without a judgement: it was not answered. What was checked in it counts on."""
    if standing.is_abandoned and standing.last is not None:
        standing.last.finished_at = timezone.now()
        standing.last.save(update_fields=["finished_at"])


def _open(standing: Standing, user: User) -> None:
    """Write the round and what it asks: wording, place and rule are frozen from here on."""
    now = timezone.now()
    asked = standing.to_ask()
    number = (standing.last.number if standing.last else standing.earlier) + 1
    round_ = Round.objects.create(
        user=user,
        quiz=standing.live.quiz,
        quiz_version=standing.live,
        number=number,
        opened_at=now,
        deadline=deadline(now, minutes_of(standing)),
    )
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
