"""The record of many people at once, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from accounts.models import UserQuerySet
from learning.models import Completion, ModuleProgress, SectionProgress
from learning.outline import Asked, Deed
from learning.record import DEED
from learning.team_scores import Points, Tries
from quizzes.models import Round


@dataclass(slots=True)
class Deeds:
    """What one person has done, in whatever module: sections, modules and quizzes by row id."""

    sections: list[Deed] = field(default_factory=list)
    asked: dict[int, Asked] = field(default_factory=dict)
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
    for person, *deed in rows.values_list("user", *DEED):
        deeds[person].sections.append(Deed(*deed))


def _read_modules(team: UserQuerySet, deeds: DeedsByPerson) -> None:
    active = ModuleProgress.objects.filter(user__in=team.values("pk")).select_related("asking")
    for row in active:
        deeds[row.user_id].active[row.module_id] = row.last_active_at
        if row.asking is not None:
            deeds[row.user_id].asked[row.module_id] = Asked(
                row.asking.pk, row.asking.asked_at, row.asking.due
            )
    completions = Completion.objects.filter(user__in=team.values("pk")).select_related(
        "certificate", "version"
    )
    unread = ("version__entries", "version__problems", "version__package", "version__description")
    for completion in completions.defer(*unread).order_by("completed_at", "pk"):
        deeds[completion.user_id].completions[completion.module_id] = completion


def _read_rounds(team: UserQuerySet, deeds: DeedsByPerson) -> None:
    finished = Round.objects.filter(user__in=team.values("pk"), earned_num__isnull=False)
    counting: dict[tuple[int, int], Round] = {}
    for round_ in finished.select_related("rejudgement").order_by("number"):
        place = (round_.user_id, round_.quiz_id)
        tries = deeds[round_.user_id].tries.setdefault(round_.quiz_id, Tries())
        counting[place] = round_.or_better(counting.get(place))
        tries.last = Points(*counting[place].counted)
        tries.count += 1
        if round_.number == 1:
            tries.first = Points(round_.earned or Fraction(0), round_.full or Fraction(0))
