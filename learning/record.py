"""Reads the record: what people have done in a module."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from courses.models import ModuleVersion
from learning.models import (
    Certificate,
    Completion,
    ModuleProgress,
    Publication,
    QuestionReport,
    SectionProgress,
)
from learning.outline import Asked, Deed, Facts, Outline, draw, gather, is_required
from learning.since import News
from quizzes.models import Round

# The fields of a `Deed`, and those by which `gather` knows where a person is.
DEED = ("section", "answered_at", "done_at", "asking__asked_at", "used_up_at", "cause")
_STATE = (
    "completion__completed_at",
    "completion__required",
    "asking",
    "asking__asked_at",
    "asking__due",
)


@dataclass(frozen=True, slots=True)
class Record:
    """One person in one module: the facts, where they were last, and whether authors answered what they
    reported of its questions."""

    facts: Facts = field(default_factory=Facts)
    last_section: int | None = None
    last_active_at: datetime | None = None
    started_at: datetime | None = None
    answered: bool = False


def record_of(user: User, module_id: int) -> Record:
    """What the user has done in a module. Two queries."""
    return records_of(user, [module_id]).get(module_id, Record())


def records_of(user: User, module_ids: Iterable[int]) -> dict[int, Record]:
    """What the user has done in each of these modules, by module id. Two queries."""
    modules = list(module_ids)
    deeds: dict[int, list[Deed]] = {module: [] for module in modules}
    sections = SectionProgress.objects.filter(user=user, section__module__in=modules)
    for module, *deed in sections.values_list("section__module", *DEED):
        deeds[module].append(Deed(*deed))
    records = {module: Record(gather(found)) for module, found in deeds.items() if found}
    answered = QuestionReport.objects.filter(user=user, module=OuterRef("module"), closed_at__isnull=False)
    rows = ModuleProgress.objects.filter(user=user, module__in=modules)
    for module, last_section, last_active_at, started_at, told, *state in rows.values_list(
        "module", "last_section", "last_active_at", "started_at", Exists(answered), *_STATE
    ):
        facts = _facts(deeds[module], *state)
        records[module] = Record(facts, last_section, last_active_at, started_at, told)
    return records


def facts_in(module_id: int) -> dict[int, Facts]:
    """What everybody who has begun a module has done in it, by person. Two queries."""
    deeds: dict[int, list[Deed]] = {}
    for person, *deed in SectionProgress.objects.filter(section__module=module_id).values_list("user", *DEED):
        deeds.setdefault(person, []).append(Deed(*deed))
    facts = {person: gather(found) for person, found in deeds.items()}
    for person, *state in ModuleProgress.objects.filter(module=module_id).values_list("user", *_STATE):
        facts[person] = _facts(deeds.get(person, []), *state)
    return facts


def completions_of(user: User, module_id: int) -> list[Completion]:
    """All of the user's completions of a module with their certificates, the newest first."""
    mine = Completion.objects.filter(user=user, module=module_id).select_related("version", "certificate")
    return list(mine.order_by("-completed_at"))


def news_of(module_ids: Iterable[int]) -> dict[int, list[News]]:
    """What was published of each module, without what was rolled back, by module id. One query."""
    news: dict[int, list[News]] = {}
    standing = Publication.objects.filter(module__in=list(module_ids), withdrawn_at=None, undoes=None)
    for row in standing.order_by("at"):
        told = News(row.at, row.in_force, frozenset(row.added), frozenset(row.changed))
        news.setdefault(row.module_id, []).append(told)
    return news


def certificates_of(user: User) -> QuerySet[Certificate]:
    """The user's own certificates with what they certify; nobody else's."""
    mine = Certificate.objects.filter(completion__user=user)
    return mine.select_related("completion__version", "completion__module").order_by("issued_at")


def is_asked(user: User, module_id: int) -> bool:
    """Whether a new completion of the module is asked of the user now."""
    return ModuleProgress.objects.filter(user=user, module=module_id, asking__isnull=False).exists()


def outline_of(user: User, version: ModuleVersion, record: Record) -> Outline:
    """The version's outline as this person sees it now."""
    return draw(
        version.toc,
        audiences=user.audiences,
        facts=record.facts,
        sequence=version.sequence,
        gate=version.gate,
    )


def quizzes_of(outline: Outline) -> list[int]:
    """The gating checks in the sections that count for this person, by quiz id."""
    items = [item for item in outline.items if is_required(item.entry, None)]
    return [check.quiz for item in items for check in item.entry.checks if check.gating]


def scores_of(quizzes: Mapping[int, Collection[int]]) -> dict[int, tuple[int, int, int, int]]:
    """Points earned and full points over each person's checks, as fractions, each check as its last finished
    round left it, or its best sitting. One query."""
    wanted = set().union(*quizzes.values())
    last: dict[tuple[int, int], Round] = {}
    found = Round.objects.filter(user__in=quizzes, quiz__in=wanted, earned_num__isnull=False)
    for round_ in found.select_related("rejudgement").order_by("number") if wanted else ():
        place = (round_.user_id, round_.quiz_id)
        last[place] = round_.or_better(last.get(place))
    scores = {}
    for user, own in quizzes.items():
        points = [last[user, quiz].counted for quiz in set(own) if (user, quiz) in last]
        earned, full = (
            (sum(column, Fraction(0)) for column in zip(*points, strict=True)) if points else (0, 0)
        )
        scores[user] = (earned.numerator, earned.denominator, full.numerator, full.denominator)
    return scores


def _facts(
    deeds: Iterable[Deed],
    completed_at: datetime | None,
    required: Iterable[str] | None,
    asking: int | None,
    asked_at: datetime | None,
    due: date | None,
) -> Facts:
    asked = None
    if asking is not None and asked_at is not None and due is not None:
        asked = Asked(asking, asked_at, due)
    return gather(deeds, completed_at=completed_at, required=required, asking=asked)
