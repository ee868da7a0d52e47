"""Moves the pointer: which version of a module or path is live.

`authoring.release` is the only caller of `publish`, because publishing also settles
what it means for people's records, and those lie above this app.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from courses import addresses, keepers, placing, search, withdrawing
from courses.keepers import Clash, Conflict
from courses.models import Module, ModuleVersion, Path, PathVersion, Section
from courses.storing import Draft, Forgotten, discard, store

__all__ = ["Conflict", "Draft", "Forgotten", "Published", "changed", "discard", "lock", "publish", "store"]

Row = ModuleVersion | PathVersion


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did to the catalogue.

    `replaced` was live until now. `reopened` are the modules that open to other people
    than before, because the paths above them do; the caller settles their records, too.
    """

    replaced: Row | None
    reopened: tuple[Module, ...]


def lock(versions: Collection[Row]) -> None:
    """Hold all paths and the modules of these versions for the transaction, always in the same order.

    Whatever publishes begins with it: what a path lists decides whom modules open to.
    """
    modules = [version.module_id for version in versions if isinstance(version, ModuleVersion)]
    list(Path.objects.select_for_update().order_by("pk"))
    list(Module.objects.select_for_update().filter(pk__in=modules).order_by("pk"))


def publish(version: Row, *, by: User | None, why: str = "", together: Collection[Row] = ()) -> Published:
    """Make a version the live one.

    Moves the pointer, stamps who, when and why, notes where its sections live now, where it stands
    itself and what search finds, and places what the paths list. Records are not touched:
    the caller settles them in the same transaction. `together` are the versions that are
    published in the same act, in whatever order: one of them may give a section to another.
    Raises `Conflict` when another module shows one of the version's pages and keeps it.
    """
    lock([version])
    keepers.refuse(
        keepers.claims_of_versions([version]),
        beside=keepers.claims_of_versions(other for other in together if other != version),
    )
    replaced = _point(version)
    version.published_at, version.published_by, version.why = timezone.now(), by, why
    version.save(update_fields=["published_at", "published_by", "why"])
    if isinstance(version, ModuleVersion):
        Section.objects.filter(versions__version=version).update(module=version.module_id)
        withdrawing.note(Module.objects.get(pk=version.module_id))
    else:
        _refuse_circle(version, together)
    addresses.settle(version)
    search.update(version)
    return Published(replaced, tuple(placing.place()))


def _point(version: Row) -> Row | None:
    """Let the identity point at the version; returns where it pointed."""
    if isinstance(version, PathVersion):
        path = Path.objects.select_related("published_version").get(pk=version.path_id)
        was, path.published_version = path.published_version, version
        path.save(update_fields=["published_version"])
        return was
    module = Module.objects.select_related("published_version").get(pk=version.module_id)
    before, module.published_version = module.published_version, version
    module.save(update_fields=["published_version"])
    return before


def _refuse_circle(version: PathVersion, beside: Collection[Row]) -> None:
    """A path of the catalogue never stands below itself (the E624 of whole packages)."""
    others = {row.path.uuid: row for row in beside if isinstance(row, PathVersion)}
    lists = placing.lists_of({**placing.live_paths(), **others})
    if placing.above_itself(version.path.uuid, lists):
        raise Conflict([Clash(version.title, "this path would stand below itself")])


def changed(before: ModuleVersion, now: ModuleVersion) -> list[str]:
    """The uuids of the pages that both versions have, with another text."""
    index = str(now.module.uuid)
    was, is_ = ({**_bodies(version), index: version.body_id} for version in (before, now))
    return [uuid for uuid, body in is_.items() if uuid in was and was[uuid] != body]


def _bodies(version: ModuleVersion) -> dict[str, int]:
    rows = version.sections.order_by("position").values_list("section__uuid", "body")
    return {str(uuid): body for uuid, body in rows}
