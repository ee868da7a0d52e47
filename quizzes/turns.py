"""What a learner can do in a check now, and how long a round of theirs may take."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

from django.utils import timezone

from quizzes.models import ExtraTime
from quizzes.standing import Standing

# passed; open: there is something to answer; start and again: a round can be opened, the first or a later
# one. With the tries used up, wait: one opens at a time; ask: if somebody gives one; closed: none any more.
Turn = Literal["passed", "open", "start", "again", "wait", "ask", "closed"]
USED_UP: tuple[Turn, ...] = ("wait", "ask", "closed")

WAIT = timedelta(hours=24)  # after the last try, where the rule says so


def turn_of(standing: Standing) -> Turn:
    """What comes next for the learner."""
    if standing.passed:
        return "passed"
    if standing.is_open:
        return "open"
    if standing.tries_left != 0:
        return "again" if standing.tries else "start"
    exhausted = standing.live.spec_rule.exhausted
    if exhausted == "wait":
        return "again" if opens_at(standing) <= timezone.now() else "wait"
    return "closed" if exhausted == "complete" else "ask"


def opens_at(standing: Standing) -> datetime:
    """When one more round opens after the tries are used up, where the rule lets people wait for it."""
    assert standing.last is not None
    return (standing.last.finished_at or standing.last.opened_at) + WAIT


def minutes_of(standing: Standing) -> Fraction | None:
    """How many minutes this learner has for the next round; None: as long as it takes."""
    return minutes_for(standing.live.spec_rule.time, standing.factor)


def minutes_for(minutes: int | None, factor: str) -> Fraction | None:
    """How many minutes somebody has who is given `factor` times as many; None: as long as it takes."""
    if minutes is None or factor == ExtraTime.Factor.NO_LIMIT:
        return None
    return minutes * Fraction(factor)


def deadline(opened_at: datetime, minutes: Fraction | None) -> datetime | None:
    """When a round that was opened then is handed in as it was saved."""
    if minutes is None:
        return None
    return opened_at + timedelta(seconds=float(minutes * 60))
