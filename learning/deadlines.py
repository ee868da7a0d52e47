"""Rounds whose time is up: no service waits for them, they are handed in when somebody looks."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from courses import access
from learning import progress
from quizzes import judging
from quizzes.models import QuizVersion, Round


def hand_in_overdue(people: Iterable[User] | QuerySet[User]) -> bool:
    """Hand in the rounds of these people whose time is up, as they were saved, with all that follows from
    it; returns whether there were any. One query where there is none."""
    overdue = Round.objects.filter(user__in=people, finished_at=None, deadline__lte=timezone.now())
    found = list(overdue.select_related("quiz", "quiz_version", "user__organisation"))
    for round_ in found:
        _hand_in(round_)
    return bool(found)


def _hand_in(round_: Round) -> None:
    section = access.live_section(round_.quiz.page)
    checks = section.version.entry(section.section_id).checks if section is not None else ()
    live = next((check.version for check in checks if check.quiz == round_.quiz_id), None)
    if section is None or live is None:
        judging.hand_in(user=round_.user, quiz=round_.quiz_version)
    else:
        progress.hand_in(user=round_.user, section=section, quiz=QuizVersion.objects.get(pk=live))
