"""Sections that learners read now and that a draft lists without holding them: they would be "coming soon".

So it is when an index page is uploaded with some of its pages only; or one was left out by mistake.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping

from authoring.comparing import PageChange
from courses.models import ModuleVersion, SectionVersion
from markup import front_matter
from markup.problems import Problems

_Sources = Mapping[int, Mapping[str, str]]  # the texts of the pages, by version and uuid


def unsent(compared: Iterable[tuple[ModuleVersion, ModuleVersion | None, list[PageChange]]]) -> set[str]:
    """The uuids of such pages. Two queries where a version lacks pages and lists some that are not there,
    whatever the number of versions; else none.
    """
    asked = [
        (new, live, gone)
        for new, live, changes in compared
        if live
        and any(entry.uuid is None and not entry.url for entry in new.written)
        and (gone := [change.page.uuid for change in changes if change.kind == "removed"])
    ]
    if not asked:
        return set()
    sources = _sources([new for new, _live, _gone in asked])
    found = set()
    for new, live, gone in asked:
        listed = _listed(new, sources[new.pk])
        places = {uuid: _place(live, live.package["pages"].get(uuid, "")) for uuid in gone}
        found |= {uuid for uuid, place in places.items() if place in listed}
    return found


def _sources(versions: list[ModuleVersion]) -> _Sources:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for pk, uuid, source in ModuleVersion.objects.filter(pk__in=[v.pk for v in versions]).values_list(
        "pk", "module__uuid", "body__source"
    ):
        found[pk][str(uuid)] = source
    rows = SectionVersion.objects.filter(version__in=versions, body__source__contains="toc")
    for pk, uuid, source in rows.values_list("version", "section__uuid", "body__source"):
        found[pk][str(uuid)] = source
    return found


def _listed(version: ModuleVersion, sources: Mapping[str, str]) -> set[str]:
    """The places of all that the pages of a version list."""
    found = set()
    for uuid, source in sources.items():
        path = version.package["pages"].get(uuid, version.package["root"])
        meta, _text = front_matter.read(source, file=path, audiences=(), problems=Problems())
        found |= {_place(version, entry.path) for entry in meta.toc if entry.path}
    return found


def _place(version: ModuleVersion, path: str) -> str:
    """Where a page stands as seen from the module's own, which comes in a tree or alone."""
    return posixpath.relpath(path, posixpath.dirname(version.package["root"]) or ".")
