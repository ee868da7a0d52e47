"""Withdraws and restores a module or a section: the page, and what that means for people's records.

Gone for learners at their next request; records and certificates stay. One transaction, one reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from courses import withdrawing
from courses.models import Module, Section, SectionVersion
from learning import progress
from learning.models import Cause, Completion, ModuleProgress, SectionProgress


@dataclass(frozen=True, slots=True)
class Part:
    """What can be withdrawn or restored: a module, or a section by its title, with how many people opened
    it and how many are done there."""

    title: str
    what: Module | Section
    opened: int = 0
    done: int = 0


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


def parts_of(module: Module) -> dict[str, Part]:
    """The module and the sections of its live version in order, withdrawn or not, by a name each; the index
    page goes with its module. Two queries.
    """
    live = SectionVersion.objects.filter(version__live_for=module).exclude(slug="")
    rows = live.select_related("section").order_by("position")
    people = _people_by_section(module)
    parts = {"module": Part(_("The whole module"), module)}
    return parts | {
        str(row.section.uuid): Part(row.title, row.section, *people.get(row.section_id, (0, 0)))
        for row in rows
    }


def can_restore(module: Module) -> bool:
    """Whether the module, or a section of its live version, is withdrawn."""
    live = module.published_version
    gone = live is not None and any(entry.section in live.withdrawn for entry in live.written)
    return module.withdrawn_at is not None or gone


def _people_by_section(module: Module) -> dict[int, tuple[int, int]]:
    rows = SectionProgress.objects.filter(section__versions__version__live_for=module).values("section")
    done = Count("user", distinct=True, filter=Q(done_at__isnull=False))
    counted = rows.annotate(opened=Count("user", distinct=True), done=done)
    return {section: (opened, n) for section, opened, n in counted.values_list("section", "opened", "done")}


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
