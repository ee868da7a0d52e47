"""Asking for another try and giving it, and giving more time: what one person has more than others.

Who may give it is decided by whoever found the person or the asking for them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from quizzes.models import ExtraTime, ExtraTry, QuizVersion, Round
from quizzes.opening import locked
from quizzes.sent import Changed
from quizzes.standing import Standing
from quizzes.turns import deadline, minutes_for, turn_of

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def ask_for_try(*, user: User, quiz: QuizVersion, since: datetime | None = None) -> Standing:
    """The learner asks for another try, once. Raises `Changed` where there is none to ask for."""
    standing = locked(user, quiz, since)
    if turn_of(standing) != "ask":
        raise Changed
    if all(extra.granted_at is not None for extra in standing.extra_tries):
        standing.extra_tries.append(ExtraTry.objects.create(user=user, quiz=quiz.quiz))
    return standing


def give_try(*, asked: ExtraTry, by: User, why: str) -> bool:
    """Give the try that was asked for; returns False where somebody else was faster."""
    waiting = ExtraTry.objects.filter(pk=asked.pk, granted_at=None)
    return bool(waiting.update(granted_at=timezone.now(), granted_by=by, reason=why))


@transaction.atomic
def give_time(*, user: User, factor: str) -> None:
    """Let the person have `factor` times the time wherever it is limited, also in rounds that are open.

    A round whose time is up already stays as it is.
    """
    get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    ExtraTime.objects.update_or_create(user=user, defaults={"factor": factor})
    now = timezone.now()
    for round_ in Round.objects.filter(user=user, finished_at=None).select_related("quiz_version"):
        if round_.deadline is None or round_.deadline > now:
            minutes = minutes_for(round_.quiz_version.spec_rule.time, factor)
            round_.deadline = deadline(round_.opened_at, minutes)
            round_.save(update_fields=["deadline"])
