"""What differs between two versions of a path: its own page, and what it lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from authoring.comparing import Page, PageChange, compare
from courses.bases import Body
from courses.models import ModuleVersion, Path, PathVersion


def changes_of_paths(
    pairs: Iterable[tuple[ModuleVersion | PathVersion, ModuleVersion | PathVersion | None]],
) -> dict[int, list[PageChange]]:
    """What became of each path's page and of what it lists, by row id of the newer version. One query."""
    listed = [(new, live if isinstance(live, PathVersion) else None) for new, live in pairs]
    bodies = {version.body_id for pair in listed for version in pair if version}
    sources = dict(Body.objects.filter(pk__in=bodies).values_list("pk", "source"))
    return {
        new.pk: compare(_pages(live, new.path, sources), _pages(new, new.path, sources))
        for new, live in listed
        if isinstance(new, PathVersion)
    }


def _pages(version: PathVersion | None, path: Path, sources: Mapping[int, str]) -> list[Page]:
    if version is None:
        return []
    names = None if version.audience_names is None else frozenset(version.audience_names)
    source = sources[version.body_id]
    own = Page(str(path.uuid), version.title, source=source, audiences=names, is_index=True)
    below = [Page(c.uuid, c.title, required=c.required) for c in version.children if c.uuid]
    return [own, *below]
