"""Moves the pointer: which version of a module or path is live.

`authoring.release` is the only caller of `publish`, because publishing also settles
what it means for people's records, and those lie above this app.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from courses import addresses, circles, keepers, placing, search, withdrawing
from courses.keepers import Conflict
from courses.models import Module, ModuleVersion, Path, PathVersion, Section
from courses.storing import Draft, Forgotten, discard, store

__all__ = ["Conflict", "Draft", "Forgotten", "Published", "changed", "discard", "lock", "publish", "store"]

Row = ModuleVersion | PathVersion


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did to the catalogue.

    `replaced` is what was live until now of its paths, by path. `reopened` are the modules that open
    to other people than before, because the paths above them do; the caller settles their
    records, too.
    """

    replaced: Mapping[int, PathVersion | None]
    reopened: tuple[Module, ...]


def lock(versions: Collection[Row]) -> None:
    """Hold all paths and the modules of these versions for the transaction: paths first, each by row id.

    Whatever publishes begins with it: what a path lists decides whom modules open to, so a
    path holds all of them.
    """
    list(Path.objects.select_for_update().order_by("pk"))
    modules = Module.objects.select_for_update().order_by("pk")
    own = [version.module_id for version in versions if isinstance(version, ModuleVersion)]
    list(modules if len(own) < len(versions) else modules.filter(pk__in=own))


def publish(versions: Sequence[Row], *, by: User | None, why: str = "") -> Published:
    """Make versions of different modules and paths live, as one act.

    Moves the pointers, stamps who, when and why, notes where sections live now, where modules and
    paths stand and what search finds, and places what the paths list. Records are not touched:
    the caller settles them in the same transaction. A section may move between the modules. Raises
    `Conflict` when another module shows one of the pages and keeps it, or two of these claim one.
    """
    lock(versions)
    keepers.refuse(keepers.claims_of_versions(versions))
    replaced = _point(versions)
    circles.refuse([version for version in versions if isinstance(version, PathVersion)])
    for version in versions:
        version.published_at, version.published_by, version.why = timezone.now(), by, why
        version.save(update_fields=["published_at", "published_by", "why"])
        if isinstance(version, ModuleVersion):
            Section.objects.filter(versions__version=version).update(module=version.module_id)
            withdrawing.note(Module.objects.get(pk=version.module_id))
        addresses.settle(version)
        search.update(version)
    return Published(replaced, tuple(placing.place()))


def _point(versions: Collection[Row]) -> dict[int, PathVersion | None]:
    """Let modules and paths point at these versions; returns where the paths pointed."""
    paths = [version.path_id for version in versions if isinstance(version, PathVersion)]
    live = Path.objects.select_related("published_version").in_bulk(paths)
    for version in versions:
        rows = type(version.identity)._default_manager.filter(pk=version.identity.pk)
        rows.update(published_version=version)
    return {pk: path.published_version for pk, path in live.items()}


def changed(before: ModuleVersion, now: ModuleVersion) -> list[str]:
    """The uuids of the pages that both versions have, with another text."""
    index = str(now.module.uuid)
    was, is_ = ({**_bodies(version), index: version.body_id} for version in (before, now))
    return [uuid for uuid, body in is_.items() if uuid in was and was[uuid] != body]


def _bodies(version: ModuleVersion) -> dict[str, int]:
    rows = version.sections.order_by("position").values_list("section__uuid", "body")
    return {str(uuid): body for uuid, body in rows}
