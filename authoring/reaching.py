"""Whom versions open to once they are live, and who would not find any more what they have records in.

The gate is worked out as `courses.placing` does when a version goes live.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Audience, User
from courses import access, placing
from courses.documents import admits
from courses.models import ModuleVersion, PathVersion
from courses.placing import Names
from learning.models import ModuleProgress

Row = ModuleVersion | PathVersion


@dataclass(frozen=True, slots=True)
class Loss:
    """A live module that some who find it now will not find: `people` of them have records in it."""

    title: str
    was: str  # whom it opens to, in words
    now: str
    people: int


@dataclass(frozen=True, slots=True)
class Losses:
    """All such modules, and how many people that is, each counted once."""

    modules: tuple[Loss, ...] = ()
    people: int = 0

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Losses:
        """The inverse of `to_dict`."""
        return cls(tuple(Loss(**each) for each in data["modules"]), data["people"])


class Plan:
    """The catalogue as it is, and as it would be with all of `versions` live. Two queries to begin with."""

    def __init__(self, versions: Collection[Row]) -> None:
        self.versions = versions
        live = placing.live_paths()
        new = {version.path.uuid: version for version in versions if isinstance(version, PathVersion)}
        self._gates: Mapping[UUID, Names] = placing.gates_of(live)
        self._gates_after: Mapping[UUID, Names] = placing.gates_of({**live, **new})

    def now(self, version: Row) -> Names:
        """Whom a version opens to, were it live by itself below the paths that are live."""
        return placing.reach(version, self._gates)

    def after(self, version: Row) -> Names:
        """Whom it opens to once all of them are live."""
        return placing.reach(version, self._gates_after)

    @cached_property
    def losses(self) -> Losses:
        """Who of those with records loses which module. Three queries, and one where somebody may."""
        narrowed = list(self._narrowed())
        if not narrowed:
            return Losses()
        begun = ModuleProgress.objects.filter(module__in=[live.module_id for live, _was, _now in narrowed])
        users = User.objects.select_related("organisation").in_bulk({row.user_id for row in begun})
        having: dict[int, list[User]] = {}
        for row in begun:
            having.setdefault(row.module_id, []).append(users[row.user_id])
        losing = [
            {u.pk for u in having.get(live.module_id, ()) if _lets(was, u) and not _lets(now, u)}
            for live, was, now in narrowed
        ]
        modules = (
            Loss(live.title, whom(was), whom(now), len(people))
            for (live, was, now), people in zip(narrowed, losing, strict=True)
        )
        return Losses(tuple(modules), len(set().union(*losing)))

    def _narrowed(self) -> Iterator[tuple[ModuleVersion, Names, Names]]:
        new = {version.module_id: version for version in self.versions if isinstance(version, ModuleVersion)}
        rows = access.live_modules().select_related("module").prefetch_related("audiences")
        for live in rows.defer("package", "problems", "entries", "description").order_by("title", "pk"):
            was, now = self.now(live), self.after(new.get(live.module_id, live))
            if now is not None and (was is None or not was <= now):
                yield live, was, now


def whom(names: Names) -> str:
    """Whom a page opens to, in words."""
    if names is None:
        return _("Everybody who signs in")
    return ", ".join(sorted(names)) or _("Nobody")


def readers(names: Names) -> list[str]:
    """The audiences that such a page opens to, one by one."""
    known = Audience.objects.values_list("name", flat=True)
    return [name for name in known if names is None or name in names]


def _lets(names: Names, user: User) -> bool:
    return admits(names, user.audiences)
