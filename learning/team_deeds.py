"""The record of many people at once, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from accounts.models import UserQuerySet
from learning.models import Completion, ModuleProgress, SectionProgress
from learning.team_scores import Points, Tries
from quizzes.models import Round


@dataclass(slots=True)
class Deeds:
    """What one person has done, in whatever module: sections, modules and quizzes by row id."""

    opened: set[int] = field(default_factory=set)
    done: dict[int, datetime] = field(default_factory=dict)
    active: dict[int, datetime] = field(default_factory=dict)
    completions: dict[int, Completion] = field(default_factory=dict)
    tries: dict[int, Tries] = field(default_factory=dict)


DeedsByPerson = defaultdict[int, Deeds]


def deeds_of(team: UserQuerySet) -> DeedsByPerson:
    """The record of these people, by person. Four queries."""
    deeds: DeedsByPerson = defaultdict(Deeds)
    _read_sections(team, deeds)
    _read_modules(team, deeds)
    _read_rounds(team, deeds)
    return deeds


def _read_sections(team: UserQuerySet, deeds: DeedsByPerson) -> None:
    rows = SectionProgress.objects.filter(user__in=team.values("pk"))
    for person, section, done_at in rows.values_list("user", "section", "done_at"):
        deeds[person].opened.add(section)
        if done_at is not None:
            deeds[person].done[section] = done_at


def _read_modules(team: UserQuerySet, deeds: DeedsByPerson) -> None:
    active = ModuleProgress.objects.filter(user__in=team.values("pk"))
    for person, module, at in active.values_list("user", "module", "last_active_at"):
        deeds[person].active[module] = at
    completions = Completion.objects.filter(user__in=team.values("pk")).select_related(
        "certificate", "version"
    )
    unread = ("version__entries", "version__problems", "version__package", "version__description")
    for completion in completions.defer(*unread).order_by("completed_at", "pk"):
        deeds[completion.user_id].completions[completion.module_id] = completion


def _read_rounds(team: UserQuerySet, deeds: DeedsByPerson) -> None:
    finished = Round.objects.filter(user__in=team.values("pk"), earned_num__isnull=False)
    for round_ in finished.select_related("rejudgement").order_by("number"):
        tries = deeds[round_.user_id].tries.setdefault(round_.quiz_id, Tries())
        tries.last = Points(*round_.counted)
        tries.count += 1
        if round_.number == 1:
            tries.first = Points(round_.earned or Fraction(0), round_.full or Fraction(0))
