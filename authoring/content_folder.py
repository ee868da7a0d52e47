"""Publishes the folder that comes with the site, and never over what a person published.

What the folder put live is known by the reason of its release. It is replaced when the
folder holds something else by now; whatever somebody else put live stays, and is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from authoring.imports import import_package
from authoring.release import Refused, release_tree
from courses.models import ModuleVersion, PathVersion
from courses.publishing import Conflict
from markup import front_matter
from markup.problems import Problem, Problems

Row = ModuleVersion | PathVersion

WHY = "from the content folder"  # kept as it is in every language: it is also a mark


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one module: a line to print, and the problems to list when it failed."""

    line: str
    failed: bool = False
    problems: tuple[Problem, ...] = ()


def publish_folder(folder: Path) -> Iterator[Told]:
    """Import and publish each module of the folder where it is new or has changed; one line each."""
    for page in sorted(folder.glob("*.md")):
        if _is_module(page):
            yield from _publish(page)


def _publish(page: Path) -> Iterator[Told]:
    """One line for each module and path of this page's tree."""
    done = import_package(page, name=page.name, by=None, origin=str(page))
    if not done.drafts:
        line = _("%s: not imported, because of the errors below.") % page.name
        yield Told(line, failed=True, problems=tuple(p for p in done.problems if p.severity == "error"))
    versions = [draft.version for draft in done.drafts]
    waiting = [version for version in versions if _may_publish(version)]
    try:
        if waiting:
            release_tree(waiting, by=None, why=WHY)
    except (Conflict, Refused) as reason:
        told = {"version": page.name, "why": reason}
        yield Told(_("%(version)s: not published. %(why)s") % told, failed=True)
        return
    for version in versions:
        live = version.identity.published_version
        if version in waiting:
            yield Told(_("%s: live now.") % version)
        elif live is None or live == version:
            yield Told(_("%s: live, unchanged.") % version)
        else:
            yield Told(_kept(version, live, page))


def _may_publish(version: Row) -> bool:
    """Whether it is not live, and what is live is the folder's."""
    live = version.identity.published_version
    return live is None or (live != version and _is_the_folders(live))


def _is_module(page: Path) -> bool:
    """A page at the top of the folder that lists others, or says that it is a module."""
    try:
        source = page.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    meta, _body = front_matter.read(source, file=page.name, audiences=(), problems=Problems())
    return bool(meta.toc) or meta.kind == "module"


def _is_the_folders(live: Row) -> bool:
    return live.published_by_id is None and live.why == WHY


def _kept(version: Row, live: Row, page: Path) -> str:
    who = live.published_by or _("the command line")
    told = {"live": live, "who": who, "version": version, "page": page}
    return (
        _(
            "%(live)s stays live: %(who)s published it. The folder's is %(version)s; publish it under "
            "/authoring/, or with “manage.py import_module %(page)s --publish”."
        )
        % told
    )
