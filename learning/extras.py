"""Another try and more time for one person: given by their manager or an author, never by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.shortcuts import get_object_or_404

from accounts import audit
from accounts.models import User, UserQuerySet
from accounts.permissions import may_author
from courses import access
from learning.deadlines import hand_in_overdue
from quizzes import extras
from quizzes.models import ExtraTime, ExtraTry


class ForOneself(Exception):
    """Nobody gives themselves another try, or more time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks for another try in the check of a section."""

    pk: int
    person: User
    module: str
    section: str
    at: datetime


def people_of(by: User) -> UserQuerySet:
    """To whom `by` may give something: an author to everybody, a manager to their own people."""
    return User.objects.all() if may_author(by) else User.objects.overseen_by(by)


def tries_asked(people: UserQuerySet | Iterable[User]) -> list[Asked]:
    """The tries that these people ask for, the oldest first. Two queries."""
    waiting = ExtraTry.objects.filter(granted_at=None, user__in=people)
    rows = list(waiting.select_related("user__organisation", "quiz").order_by("asked_at"))
    titles = access.titles_of({row.quiz.page for row in rows})
    return [Asked(row.pk, row.user, *titles.get(row.quiz.page, ("", "")), at=row.asked_at) for row in rows]


def asked_for(pk: int, *, by: User) -> ExtraTry:
    """A try that somebody asked for; 404 where it is none that `by` may give."""
    return get_object_or_404(ExtraTry.objects.select_related("user", "quiz"), pk=pk, user__in=people_of(by))


@transaction.atomic
def give_try(*, asked: ExtraTry, by: User, why: str) -> None:
    """Give somebody the try that they ask for, once. Raises `ForOneself`."""
    if asked.user == by:
        raise ForOneself
    if extras.give_try(asked=asked, by=by, why=why):
        audit.record(
            by=by, what="another try given", whom=str(asked.user), why=why, detail={"check": asked.quiz.key}
        )


@transaction.atomic
def give_time(*, person: User, factor: str, by: User, why: str) -> None:
    """Let a person have more time, or as much as others again. Raises `ForOneself`."""
    if person == by:
        raise ForOneself
    hand_in_overdue([person])
    extras.give_time(user=person, factor=factor)
    audit.record(by=by, what="time given", whom=str(person), why=why, detail={"factor": factor})


def factor_of(person: User) -> str:
    """How much longer the person has."""
    found = ExtraTime.objects.filter(user=person).values_list("factor", flat=True).first()
    return found or ExtraTime.Factor.AS_WRITTEN
