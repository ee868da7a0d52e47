"""Withdraws and restores a module or a section: the page, and what that means for people's records.

Gone for learners at their next request; records and certificates stay. One transaction, one reason.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.models import User
from courses import withdrawing
from courses.models import Module, Section, SectionVersion
from learning import progress
from learning.models import Cause, Completion, ModuleProgress


@transaction.atomic
def withdraw(what: Module | Section, *, by: User | None, why: str) -> int:
    """Take it away from learners; returns how many people completed the module by that.

    A withdrawn section is in neither side of anybody's progress: for whom nothing else was
    left open, the module is completed now, with that cause.
    """
    module = _locked(what)
    if what.withdrawn_at is not None:  # somebody was faster
        return 0
    withdrawing.withdraw(what)
    _record(what, "withdrawn", by=by, why=why)
    if isinstance(what, Module):
        return 0
    module.refresh_from_db()
    return progress.settle(module=module, cause=Cause.WITHDRAWN)


@transaction.atomic
def restore(what: Module | Section, *, by: User | None, why: str) -> None:
    """Bring it back as it is in the live version; whoever completed the module meanwhile stays done."""
    _locked(what)
    if what.withdrawn_at is None:
        return
    withdrawing.restore(what)
    _record(what, "restored", by=by, why=why)


def people_of(module: Module) -> tuple[int, int]:
    """How many people are taking a module and have not completed it, and how many completed it."""
    done = Completion.objects.filter(module=module).values("user")
    taking = ModuleProgress.objects.filter(module=module).exclude(user__in=done)
    return taking.count(), done.distinct().count()


def sections_of(module: Module) -> QuerySet[SectionVersion]:
    """The sections of the live version in order, withdrawn or not; the index page goes with its module."""
    live = SectionVersion.objects.filter(version__live_for=module).exclude(slug="")
    return live.select_related("section").order_by("position")


def _locked(what: Module | Section) -> Module:
    """The module that it is or stands in, held for the transaction with all that note it; both are as they
    are now.
    """
    withdrawing.lock(what)
    what.refresh_from_db()
    return Module.objects.get(pk=what.pk if isinstance(what, Module) else what.module_id)


def _record(what: Module | Section, done: str, *, by: User | None, why: str) -> None:
    if isinstance(what, Module):
        audit.record(by=by, what=f"module {done}", whom=str(what), why=why, detail={"module": what.pk})
        return
    title = SectionVersion.objects.filter(section=what, version__live_for__isnull=False).values_list("title")
    told = f"{what.module}: {title[0][0]}" if title else str(what.module)
    audit.record(by=by, what=f"section {done}", whom=told, why=why, detail={"section": what.pk})
