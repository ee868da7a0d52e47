"""The only writer of what publishing asks of people: publications and askings.

Each verb is called in the transaction of the act that it notes, with the modules locked
(`authoring.release`). Nothing here touches what people did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AuditEvent, User
from courses import publishing
from courses.documents import admits
from courses.models import Module, ModuleVersion
from learning import progress
from learning.growth import added
from learning.models import (
    Asking,
    Certificate,
    Completion,
    ModuleProgress,
    Policy,
    Publication,
    SectionProgress,
)
from learning.policies import whom_to_ask
from quizzes.models import Counting


@dataclass(frozen=True, slots=True)
class Figures:
    """How many records a module has, over all people: passes of its sections, completions, certificates."""

    sections_done: int
    completions: int
    certificates: int


@dataclass(frozen=True, slots=True)
class Corrected:
    """A question whose key was corrected: what its past answers count for (`quizzes.models.Counting`), and
    for how many people they count for more, or for less."""

    stem: str
    counting: str
    raised: int
    lowered: int

    @property
    def choice(self) -> str:
        """What was chosen, in words."""
        return str(Counting(self.counting).label)


@dataclass(frozen=True, slots=True)
class Line:
    """What an act did to one module: records before and after, and of whom it asks a new completion.

    `asked` are people by organisation; `given` is how many people under way get more sections,
    `unasked` how many are no longer asked. `corrected` are questions whose keys it corrected, `passing` how
    many passes that gave.
    """

    before: Figures
    after: Figures
    asked: tuple[tuple[str, int], ...] = ()
    given: int = 0
    unasked: int = 0
    corrected: tuple[Corrected, ...] = ()
    passing: int = 0

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Line:
        """The inverse of `to_dict`."""
        asked = tuple((name, count) for name, count in data["asked"])
        return cls(
            Figures(**data["before"]),
            Figures(**data["after"]),
            asked,
            data["given"],
            data.get("unasked", 0),
            tuple(Corrected(**each) for each in data.get("corrected", ())),
            data.get("passing", 0),
        )

    @property
    def sections_closed(self) -> int:
        """Passes of sections that the act gave: what was still asked there is gone."""
        return self.after.sections_done - self.before.sections_done

    @property
    def completed(self) -> int:
        """People who completed the module by the act: nothing is open for them any more."""
        return self.after.completions - self.before.completions

    @property
    def certified(self) -> int:
        """Certificates that the act gave."""
        return self.after.certificates - self.before.certificates

    @property
    def asks(self) -> int:
        """Of how many people a new completion is asked."""
        return sum(count for _name, count in self.asked)


def figures(version: ModuleVersion, replaced: ModuleVersion | None) -> Figures:
    """The records of a module, with those of sections that only one of the two versions has."""
    versions = [version.pk] if replaced is None else [version.pk, replaced.pk]
    done = SectionProgress.objects.filter(section__versions__version__in=versions, done_at__isnull=False)
    of_module = Completion.objects.filter(module=version.module_id)
    return Figures(
        sections_done=done.distinct().count(),
        completions=of_module.count(),
        certificates=Certificate.objects.filter(completion__in=of_module.values("pk")).count(),
    )


def note(
    version: ModuleVersion,
    *,
    replaced: ModuleVersion | None,
    event: AuditEvent,
    policy: Policy,
    due: date | None = None,
    undoes: Publication | None = None,
) -> Publication:
    """Note that a version went live in the place of `replaced`; with `undoes`, as a roll-back of that."""
    return Publication.objects.create(
        module_id=version.module_id,
        version=version,
        replaced=replaced,
        undoes=undoes,
        event=event,
        policy=policy,
        due=due,
        added=added(replaced.toc, version.toc) if replaced else [],
        changed=publishing.changed(replaced, version) if replaced else [],
    )


def ask(publication: Publication) -> list[User]:
    """Ask a new completion of everybody who has one (`policies.whom_to_ask`); returns them."""
    assert publication.due is not None
    people = whom_to_ask(ModuleVersion.objects.get(pk=publication.version_id))  # with the gate as it is now
    Asking.objects.bulk_create(
        Asking(
            user=user,
            module_id=publication.module_id,
            publication=publication,
            asked_at=publication.at,
            due=publication.due,
        )
        for user in people
    )
    progress.point_at_askings(module=publication.module)
    return people


def soften(publication: Publication, *, policy: Policy) -> int:
    """Let a publication ask less from now on; returns of how many people it still asked something."""
    publication.softened = policy
    publication.save(update_fields=["softened"])
    return _withdraw_askings(publication)


def withdraw(publication: Publication) -> int:
    """A publication is rolled back: what it asked is asked no more; returns of how many people it was."""
    publication.withdrawn_at = timezone.now()
    publication.save(update_fields=["withdrawn_at"])
    return _withdraw_askings(publication)


def keep_receipt(publication: Publication, line: Line) -> None:
    """Keep what the act did to the module's records."""
    publication.receipt = line.to_dict()
    publication.save(update_fields=["receipt"])


def standing(module: Module) -> QuerySet[Publication]:
    """The module's publications as they count now, newest first: without what was rolled back."""
    found = Publication.objects.filter(module=module, withdrawn_at=None, undoes=None)
    return found.select_related("version", "replaced", "event__by").order_by("-at", "-pk")


def last_of(modules: Collection[int]) -> dict[int, int]:
    """Of each of these modules the publication that came last of those that count, by row ids. One query."""
    found = Publication.objects.filter(module__in=modules, withdrawn_at=None, undoes=None)
    return dict(found.order_by("at", "pk").values_list("module", "pk"))


def given(publication: Publication) -> int:
    """How many people who are under way get pages by this publication that they did not have."""
    if not publication.added:
        return 0
    begun = ModuleProgress.objects.filter(module=publication.module_id, completion=None)
    people = User.objects.filter(pk__in=begun.values("user")).select_related("organisation")
    version = ModuleVersion.objects.get(pk=publication.version_id)  # with the gate as it is now
    new = [entry for entry in version.toc if entry.uuid in publication.added]
    return sum(any(admits(entry.audiences, user.audiences, version.gate) for entry in new) for user in people)


def by_organisation(people: Collection[User]) -> tuple[tuple[str, int], ...]:
    """How many of the people belong to which organisation, by name; "" for those without one."""
    counted = Counter(user.organisation.name if user.organisation else "" for user in people)
    return tuple(sorted(counted.items()))


def _withdraw_askings(publication: Publication) -> int:
    waiting = publication.askings.filter(withdrawn_at=None)
    answered = Completion.objects.filter(asking__in=waiting.values("pk")).count()
    count = waiting.count() - answered
    waiting.update(withdrawn_at=timezone.now())
    progress.point_at_askings(module=publication.module)
    return count


def named(pk: int) -> Publication | None:
    """A publication with its versions and its act; None where there is none."""
    found = Publication.objects.select_related("module", "version__module", "replaced", "event__by")
    return found.filter(pk=pk).first() if pk < 2**63 else None


@dataclass(frozen=True, slots=True)
class AskedBy:
    """Of how many people a publication asked a new completion, and how many of them have it by now."""

    asked: int
    answered: int
    withdrawn: int


def asked_by(publication: Publication) -> AskedBy:
    """How far those are whom a publication asks."""
    askings = publication.askings.all()
    return AskedBy(
        asked=askings.count(),
        answered=Completion.objects.filter(asking__in=askings.values("pk")).count(),
        withdrawn=askings.filter(withdrawn_at__isnull=False).count(),
    )
