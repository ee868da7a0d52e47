"""What somebody has more than others: another try that was given to them, and more time."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from quizzes.models import ExtraTime, ExtraTry

if TYPE_CHECKING:
    from quizzes.standing import Standing


def add_to(found: Collection[Standing]) -> None:
    """Fill in what these learners have; asked only where something is limited."""
    limited = [s for s in found if s.live.spec_rule.attempts is not None and s.rounds]
    by_place = {(standing.user_id, standing.live.quiz_id): standing for standing in limited}
    people, quizzes = {user for user, _quiz in by_place}, {quiz for _user, quiz in by_place}
    for extra in ExtraTry.objects.filter(user__in=people, quiz__in=quizzes) if limited else ():
        standing = by_place.get((extra.user_id, extra.quiz_id))
        # What was asked for before the check was taken anew is gone with the rounds of then.
        if standing is not None and extra.asked_at >= standing.rounds[0].opened_at:
            standing.extra_tries.append(extra)
    timed = {standing.user_id for standing in found if standing.live.spec_rule.time is not None}
    factors = dict(ExtraTime.objects.filter(user__in=timed).values_list("user", "factor")) if timed else {}
    for standing in found:
        standing.factor = factors.get(standing.user_id, standing.factor)
