"""What a manager sees: their own people in the modules that these people may take.

Everything starts from `User.objects.overseen_by`, so that nobody else's row can get
in, and takes the same number of queries whatever the size of the team. What is
hidden, asked and done is drawn by `learning.outline` with each person's audiences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from django.db.models import Q

from accounts.models import User, UserQuerySet
from courses import access
from courses.documents import CheckEntry, Entry, admits
from courses.models import ModuleVersion
from learning.deadlines import hand_in_overdue
from learning.models import Completion
from learning.outline import Item, Outline, Stage, draw, gather, is_required
from learning.team_deeds import Deeds, deeds_of
from learning.team_scores import best_score, first_score, rounds_finished

CellState = Literal["done", "under_way", "not_started", "added"]


@dataclass(frozen=True, slots=True)
class Row:
    """One person in one module. Scores are shares from 0 to 1; `state` "empty" is nothing to take yet.

    `version` is the one that is drawn: the live one, or, where that does not open to
    the person, the one that they completed. `checks` are those that score, `opened` what was
    opened as it counts now, by section.
    """

    person: User
    version: ModuleVersion
    outline: Outline
    state: Stage
    completion: Completion | None
    first: Fraction | None
    best: Fraction | None
    last_active: datetime | None
    checks: Mapping[int, tuple[CheckEntry, ...]]
    deeds: Deeds
    opened: frozenset[int]

    @property
    def used_up(self) -> bool:
        """Whether a section is open, or counts as done, because no tries were left in its check."""
        return any(item.used_up for item in self.outline.items)

    @property
    def certificate_number(self) -> str:
        """The serial of the completion's certificate; empty without one."""
        certificate = getattr(self.completion, "certificate", None)
        return certificate.serial if certificate else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One person in one section. `state` "added": came in after they completed the module. `used_up`: no
    tries were left in a check that it takes."""

    state: CellState
    done_at: datetime | None
    first: Fraction | None
    best: Fraction | None
    rounds: int
    used_up: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The people by name, and a row for each of them and each module that is for them."""

    people: tuple[User, ...]
    rows: tuple[Row, ...]

    @property
    def modules(self) -> list[ModuleVersion]:
        """The modules of the rows by title, each under the newest title that one of the people may read."""
        newest: dict[int, ModuleVersion] = {}
        for row in self.rows:
            known = newest.setdefault(row.version.module_id, row.version)
            if _is_live(row.version) or (not _is_live(known) and row.version.number > known.number):
                newest[row.version.module_id] = row.version
        return sorted(newest.values(), key=lambda version: (version.title.casefold(), version.pk))

    @property
    def counts(self) -> Counter[str]:
        """How many rows are in each state."""
        return Counter(row.state for row in self.rows)

    def only(self, *, module: int | None = None, state: str = "") -> Report:
        """The rows of one module, or in one state, and the people whose rows these are."""
        rows = tuple(
            row for row in self.rows if module in (None, row.version.module_id) and state in ("", row.state)
        )
        named = {row.person.pk for row in rows}
        return Report(tuple(person for person in self.people if person.pk in named), rows)


def team_report(user: User) -> Report:
    """The report on everybody whom `user` oversees and who may sign in, themselves included.

    A module is in it while its live version opens to at least one of these people. One
    that no longer does stays for those who completed a version of it that would.
    """
    team = User.objects.overseen_by(user).filter(is_active=True, organisation__is_active=True)
    hand_in_overdue(team)
    people = sorted(
        team.select_related("organisation", "group"), key=lambda person: (str(person).casefold(), person.pk)
    )
    # The record before the versions: what somebody completes in between is not missed then.
    deeds = deeds_of(team)
    versions = _versions(team, people)
    open_to = {version.pk: version.audience_names for version in versions.values()}
    live = [version for version in versions.values() if _is_live(version)]
    rows = []
    for person in people:
        did = deeds[person.pk]
        held = person.audiences
        past = [versions[completion.version_id] for completion in did.completions.values()]
        past = [v for v in past if admits(open_to[v.pk], held)]
        now = [v for v in live if admits(open_to[v.pk], held, v.gate)]
        shown = {v.module_id: v for v in [*past, *now]}
        rows += [_row(person, version, did, versions) for version in shown.values()]
    return Report(tuple(people), tuple(rows))


def sections_of(rows: tuple[Row, ...]) -> list[Entry]:
    """The written sections of one module that at least one of the people sees, in reading order.

    Each is told as one of them sees it, by the live version where there is a choice.
    """
    versions = {row.version.pk: row.version for row in rows}
    found: dict[int, Entry] = {}
    for version in sorted(versions.values(), key=lambda v: (not _is_live(v), -v.number)):
        on_it = [row.outline for row in rows if row.version.pk == version.pk]
        seen = {item.entry.section for outline in on_it for item in outline.items}
        for entry in version.toc:
            if entry.section is not None and entry.section in seen:
                found.setdefault(entry.section, entry)
    return list(found.values())


def cell(row: Row, section: int) -> Cell | None:
    """One person in one section; None where it is hidden from them."""
    item = row.outline.find(section)
    if item is None:
        return None
    checks = row.checks.get(section, tuple(check for check in item.entry.checks if check.gating))
    return Cell(
        state=_cell_state(item, section in row.opened),
        done_at=item.done_at,
        first=first_score(checks, row.deeds.tries),
        best=best_score(checks, row.deeds.tries),
        rounds=rounds_finished(checks, row.deeds.tries),
        used_up=item.used_up,
    )


def _cell_state(item: Item, opened: bool) -> CellState:
    if item.state == "done":
        return "done"
    if item.is_new:
        return "added"
    return "under_way" if opened else "not_started"


def _row(person: User, version: ModuleVersion, did: Deeds, versions: Mapping[int, ModuleVersion]) -> Row:
    module = version.module_id
    completion = did.completions.get(module)
    facts = gather(
        did.sections,
        completed_at=completion.completed_at if completion else None,
        required=completion.required if completion else None,
        asking=did.asked.get(module),
    )
    # What is above a module today says nothing of a version of before.
    gate = version.gate if _is_live(version) else None
    outline = draw(version.toc, audiences=person.audiences, facts=facts, sequence=version.sequence, gate=gate)
    checks = _scoring(outline, completion, versions)
    every = [check for found in checks.values() for check in found]
    return Row(
        person=person,
        version=version,
        outline=outline,
        state=outline.stage,
        completion=completion,
        first=first_score(every, did.tries),
        best=best_score(every, did.tries, at_least=completion.score if completion else None),
        last_active=did.active.get(module),
        checks=checks,
        deeds=did,
        opened=outline.asked.opened if outline.asked is not None else facts.opened,
    )


def _scoring(
    outline: Outline, completion: Completion | None, versions: Mapping[int, ModuleVersion]
) -> dict[int, tuple[CheckEntry, ...]]:
    """The gating checks in the required sections, by section: as they were when the module was completed."""
    if completion is not None:
        required = [
            entry for entry in versions[completion.version_id].toc if entry.uuid in completion.required
        ]
    else:
        required = [item.entry for item in outline.items if is_required(item.entry, None)]
    return {
        entry.section: tuple(check for check in entry.checks if check.gating)
        for entry in required
        if entry.section is not None
    }


def _is_live(version: ModuleVersion) -> bool:
    return version.module.published_version_id == version.pk and version.module.withdrawn_at is None


def _versions(team: UserQuerySet, people: list[User]) -> dict[int, ModuleVersion]:
    """The live versions open to one of the people, and those that one of them completed. Two queries."""
    held = {name for person in people for name in person.audiences}
    live = access.visible(access.live_modules(), held)
    completed = Completion.objects.filter(user__in=team.values("pk"))
    found = ModuleVersion.objects.filter(Q(pk__in=live.values("pk")) | Q(pk__in=completed.values("version")))
    found = found.select_related("module").prefetch_related("audiences").defer("problems", "description")
    return {version.pk: version for version in found} if people else {}
