"""Pages that move between modules: which of these go live together, and which go back together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from courses.models import ModuleVersion, SectionVersion
from learning.models import Publication


@dataclass(frozen=True, slots=True)
class Move:
    """A page, by its title, that one module gave to another."""

    page: str
    left: Publication
    came: Publication

    @property
    def ends(self) -> tuple[Publication, Publication]:
        """Where it was, and where it is."""
        return self.left, self.came


@dataclass(frozen=True, slots=True)
class Half:
    """A page, by its title, that a version gives up while the newest draft of another module has it."""

    page: str
    version: ModuleVersion
    there: ModuleVersion

    @property
    def told(self) -> str:
        """Why it does not go live like that, and how to mend it."""
        told = _(
            "“%(page)s” moves to “%(there)s”, of which version %(n)d waits: publish the two together, on the "
            "page of their upload or by one import, or nobody finds the page in between. If it is to go for "
            "good, discard that version first."
        )
        return told % {"page": self.page, "there": self.there.title, "n": self.there.number}


def halves(act: Mapping[ModuleVersion, ModuleVersion | None]) -> list[Half]:
    """The halves of moves that publishing these versions over those would be. One query where a page goes."""
    here = {uuid for version in act for uuid in _pages(version)}
    gone = {
        UUID(uuid): (title, version)
        for version, live in act.items()
        for uuid, title in _pages(live).items()
        if uuid not in here
    }
    if not gone:
        return []
    later = ModuleVersion.objects.filter(
        module=OuterRef("version__module"), number__gt=OuterRef("version__number")
    )
    waiting = SectionVersion.objects.filter(
        ~Exists(later), section__uuid__in=gone, version__published_at__isnull=True
    ).exclude(version__module__in=[version.module_id for version in act])
    rows = waiting.select_related("version__module", "section").order_by("version", "position")
    return [Half(*gone[row.section.uuid], row.version) for row in rows]


def moves(act: Collection[Publication]) -> list[Move]:
    """The pages that moved between the modules of an act. No query where the versions are there."""
    homes = {
        uuid: each for each in act for uuid in _pages(each.version).keys() - _pages(each.replaced).keys()
    }
    return [
        Move(title, each, homes[uuid])
        for each in act
        for uuid, title in _pages(each.replaced).items()
        if uuid in homes and uuid not in _pages(each.version)
    ]


def moves_of(publication: Publication, act: Collection[Publication]) -> list[Move]:
    """The moves for which a publication goes back with others only: its own, and those of these others."""
    among, bound = moves(act), {publication}
    while more := {end for move in among if bound & {*move.ends} for end in move.ends} - bound:
        bound |= more
    return [move for move in among if move.left in bound]


def gone_after(undone: Collection[Publication]) -> list[str]:
    """The titles of the pages that none of these modules has when all of them go back."""
    back = {uuid for each in undone for uuid in _pages(each.replaced)}
    return [title for each in undone for uuid, title in _pages(each.version).items() if uuid not in back]


def _pages(version: ModuleVersion | None) -> Mapping[str, str]:
    return {entry.uuid: entry.title for entry in version.written if entry.uuid} if version else {}
