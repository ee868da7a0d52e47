"""What the catalogue has around a package that is imported alone: the gate above it, and pages to link to."""

from __future__ import annotations

import posixpath
from functools import cached_property
from typing import Any
from uuid import UUID

from courses.documents import admits
from courses.links import Around, Outside
from courses.models import Module, ModuleVersion, Path, PathVersion, SectionVersion
from markup import contents
from markup.package import Package


def of(package: Package, *, who: UUID | None = None) -> Around:
    """The surroundings of the module or path whose page is the package's root; none for a new one.

    `who` says it where the page itself does not.

    Its live version remembers where in its tree it came from; the pages of other live
    versions that came from there, too, are found from that place. Three queries, and more
    only for links that lead out of the package.
    """
    root = package.root
    uuid = who or (contents.says(root, package.files[root]).uuid if root else None)
    identity = _identity(uuid) if uuid else None
    live = identity.published_version if identity else None
    if root is None or identity is None or live is None:
        return Around()
    around = _Tree(there=posixpath.dirname(live.package["root"]), here=posixpath.dirname(root))
    return Around(find=around.page, gate=_names(identity), quiz=_quiz(identity))


def _identity(uuid: UUID) -> Module | Path | None:
    module = Module.objects.select_related("published_version").filter(uuid=uuid).first()
    return module or Path.objects.select_related("published_version").filter(uuid=uuid).first()


def _names(identity: Module | Path) -> frozenset[str] | None:
    return None if identity.gate is None else frozenset(identity.gate)


def _quiz(identity: Module | Path) -> dict[str, str]:
    """The defaults for checks that the one path above says; none where it is not the only one."""
    above = PathVersion.objects.filter(live_for__in=identity.parents.all()).values_list("quiz", flat=True)
    found = list(above[:2])
    return found[0] if len(found) == 1 else {}


class _Tree:
    """Live pages by their way from a package's top: `here` in the package is `there` in the catalogue."""

    def __init__(self, *, there: str, here: str) -> None:
        self.there, self.here = there, here

    def page(self, way: str) -> Outside | None:
        """The one live page that stands at the end of this way."""
        found = self._uuids.get(way, set())
        return _outside(way, next(iter(found))) if len(found) == 1 else None

    @cached_property
    def _uuids(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for model in (ModuleVersion, PathVersion):
            live: Any = model._default_manager.filter(live_for__isnull=False)
            for pages in live.values_list("package__pages", flat=True):
                for uuid, path in (pages or {}).items():
                    way = posixpath.relpath(path, self.there or ".")
                    found.setdefault(posixpath.normpath(posixpath.join(self.here, way)), set()).add(uuid)
        return found


def _outside(way: str, uuid: str) -> Outside | None:
    """A live page as links lead to it."""
    sections = SectionVersion.objects.select_related("version__module", "body").prefetch_related("audiences")
    section = sections.filter(section__uuid=uuid, version__live_for__isnull=False).exclude(slug="").first()
    if section is not None:
        own = tuple(audience.name for audience in section.audiences.all()) if section.restricted else None
        unit = section.version.module.uuid
        return _seen(way, (UUID(uuid), unit), section.title, section.body.headings, own, section.version.gate)
    for identity in (Module, Path):
        rows: Any = identity._default_manager.select_related("published_version__body")
        if row := rows.filter(uuid=uuid).first():
            live = row.published_version
            both = (row.uuid, row.uuid)
            return _seen(way, both, live.title, live.body.headings, live.audience_names, _names(row))
    return None


def _seen(
    way: str,
    who: tuple[UUID, UUID],
    title: str,
    headings: list[dict[str, Any]],
    own: tuple[str, ...] | None,
    gate: frozenset[str] | None,
) -> Outside:
    both = frozenset(name for name in own or () if admits(own, frozenset([name]), gate))
    reach = gate if own is None else both
    return Outside(way, *who, reach, {h["slug"]: h["text"] for h in headings}, title)
