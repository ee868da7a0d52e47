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

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def again(*, user: User, quiz: QuizVersion, sent: Sent, since: datetime | None = None) -> Standing:
    """Open the next round with the questions missed so far; when it is open already, give that one."""
    standing = locked(user, quiz, since)
    if standing.is_open or standing.passed or not standing.missed():
        return standing
    if sent.token != standing.token:
        raise Changed
    _open(standing, user, number=standing.number + 1)
    return standing


def locked(user: User, quiz: QuizVersion, since: datetime | None) -> Standing:
    """The learner's standing in the check, with their row locked until the transaction ends."""
    get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    return standing_of(user, quiz, since)


def open_if_pending(standing: Standing, user: User) -> None:
    """Open the round that the learner saw, where none is open yet."""
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
