"""Reads the record: what one person has done in a module."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import User
from courses.models import ModuleVersion
from learning.models import ModuleProgress, SectionProgress
from learning.outline import Facts, Outline, draw


@dataclass(frozen=True, slots=True)
class Record:
    """One person in one module: the facts, and where they were last."""

    facts: Facts = field(default_factory=Facts)
    started: bool = False
    last_section: int | None = None
    last_active_at: datetime | None = None


def record_of(user: User, module_id: int) -> Record:
    """What the user has done in a module. Two queries."""
    return records_of(user, [module_id]).get(module_id, Record())


def records_of(user: User, module_ids: Iterable[int]) -> dict[int, Record]:
    """What the user has done in each of these modules, by module id. Two queries."""
    modules = list(module_ids)
    opened: dict[int, dict[int, datetime | None]] = {module: {} for module in modules}
    sections = SectionProgress.objects.filter(user=user, section__module__in=modules)
    for module, section, done_at in sections.values_list("section__module", "section", "done_at"):
        opened[module][section] = done_at
    records = {module: Record(facts=_facts(done)) for module, done in opened.items() if done}
    for module, *row in ModuleProgress.objects.filter(user=user, module__in=modules).values_list(
        "module", "last_section", "last_active_at", "completion__completed_at", "completion__required"
    ):
        last_section, last_active_at, completed_at, required = row
        facts = _facts(opened[module], completed_at, required)
        records[module] = Record(facts, True, last_section, last_active_at)
    return records


def outline_of(user: User, version: ModuleVersion, record: Record) -> Outline:
    """The version's outline as this person sees it now."""
    return draw(version.toc, audiences=user.audiences, facts=record.facts, sequence=version.sequence)


def _facts(
    opened: Mapping[int, datetime | None],
    completed_at: datetime | None = None,
    required: Iterable[str] | None = None,
) -> Facts:
    return Facts(
        opened=frozenset(opened),
        done={section: done_at for section, done_at in opened.items() if done_at},
        completed=None if required is None else frozenset(required),
        completed_at=completed_at,
    )
