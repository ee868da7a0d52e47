"""Reads the record: what one person has done in one module, in one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import FilteredRelation, Q

from accounts.models import User
from courses.models import ModuleVersion
from learning.models import SectionProgress
from learning.outline import Facts, Outline, draw


@dataclass(frozen=True, slots=True)
class Record:
    """One person in one module: the facts, and where they were last."""

    facts: Facts = field(default_factory=Facts)
    started: bool = False
    last_section: int | None = None
    last_active_at: datetime | None = None


def record_of(user: User, module_id: int) -> Record:
    """What the user has done in a module. One query."""
    return records_of(user, [module_id]).get(module_id, Record())


def records_of(user: User, module_ids: Iterable[int]) -> dict[int, Record]:
    """What the user has done in each of these modules, by module id. One query."""
    rows = (
        SectionProgress.objects.filter(user=user, section__module__in=list(module_ids))
        .annotate(
            mine=FilteredRelation(
                "section__module__progress", condition=Q(section__module__progress__user=user)
            ),
            completion=FilteredRelation(
                "section__module__completions", condition=Q(section__module__completions__user=user)
            ),
        )
        .values(
            "section_id",
            "done_at",
            "section__module_id",
            "mine__last_section_id",
            "mine__last_active_at",
            "completion__completed_at",
            "completion__required",
        )
    )
    by_module: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_module.setdefault(row["section__module_id"], []).append(row)
    return {module: _record(rows_) for module, rows_ in by_module.items()}


def outline_of(user: User, version: ModuleVersion, record: Record) -> Outline:
    """The version's outline as this person sees it now."""
    return draw(version.toc, audiences=user.audiences, facts=record.facts, sequence=version.sequence)


def _record(rows: Sequence[Mapping[str, Any]]) -> Record:
    # A person with several completions (one for each version asked of them) has as many rows a section.
    completed_rows = [row for row in rows if row["completion__completed_at"]]
    newest = max(completed_rows, key=lambda row: row["completion__completed_at"], default=rows[0])
    completed = newest["completion__required"]
    return Record(
        facts=Facts(
            opened=frozenset(row["section_id"] for row in rows),
            done={row["section_id"]: row["done_at"] for row in rows if row["done_at"]},
            completed=None if completed is None else frozenset(completed),
            completed_at=newest["completion__completed_at"],
        ),
        started=True,
        last_section=newest["mine__last_section_id"],
        last_active_at=newest["mine__last_active_at"],
    )
