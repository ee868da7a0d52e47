"""Reads the record: what one person has done in a module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from courses.models import ModuleVersion
from learning.models import Certificate, Completion, ModuleProgress, SectionProgress
from learning.outline import Facts, Outline, draw

# When a section was answered in for the first time, and when it was done.
Deed = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Record:
    """One person in one module: the facts, and where they were last."""

    facts: Facts = field(default_factory=Facts)
    last_section: int | None = None
    last_active_at: datetime | None = None


def record_of(user: User, module_id: int) -> Record:
    """What the user has done in a module. Two queries."""
    return records_of(user, [module_id]).get(module_id, Record())


def records_of(user: User, module_ids: Iterable[int]) -> dict[int, Record]:
    """What the user has done in each of these modules, by module id. Two queries."""
    modules = list(module_ids)
    opened: dict[int, dict[int, Deed]] = {module: {} for module in modules}
    sections = SectionProgress.objects.filter(user=user, section__module__in=modules)
    for module, section, *deed in sections.values_list(
        "section__module", "section", "answered_at", "done_at"
    ):
        opened[module][section] = (deed[0], deed[1])
    records = {module: Record(facts=_facts(done)) for module, done in opened.items() if done}
    for module, *row in ModuleProgress.objects.filter(user=user, module__in=modules).values_list(
        "module", "last_section", "last_active_at", "completion__completed_at", "completion__required"
    ):
        last_section, last_active_at, completed_at, required = row
        facts = _facts(opened[module], completed_at, required)
        records[module] = Record(facts, last_section, last_active_at)
    return records


def completion_of(user: User, module_id: int) -> Completion | None:
    """The user's newest completion of a module, with its version and certificate."""
    mine = Completion.objects.filter(user=user, module=module_id).select_related("version", "certificate")
    return mine.order_by("-completed_at").first()


def certificates_of(user: User) -> QuerySet[Certificate]:
    """The user's own certificates with what they certify; nobody else's."""
    mine = Certificate.objects.filter(completion__user=user)
    return mine.select_related("completion__version", "completion__module").order_by("issued_at")


def outline_of(user: User, version: ModuleVersion, record: Record) -> Outline:
    """The version's outline as this person sees it now."""
    return draw(version.toc, audiences=user.audiences, facts=record.facts, sequence=version.sequence)


def _facts(
    opened: Mapping[int, Deed],
    completed_at: datetime | None = None,
    required: Iterable[str] | None = None,
) -> Facts:
    return Facts(
        opened=frozenset(opened),
        answered=frozenset(section for section, (answered_at, _done_at) in opened.items() if answered_at),
        done={section: done_at for section, (_answered_at, done_at) in opened.items() if done_at},
        completed=None if required is None else frozenset(required),
        completed_at=completed_at,
    )
