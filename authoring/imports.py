"""Brings content in: from a package to a draft, or to the list of everything that is wrong with it.

With an error nothing is written. Nothing that a learner sees changes before a release.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from accounts import audit
from accounts.models import Audience, User
from courses import files, module, publishing
from courses.models import ModuleVersion
from markup import front_matter
from markup.front_matter import FrontMatter
from markup.package import Package, open_package
from markup.problems import Problem, Problems


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import. `version` is None where an error kept everything out.

    `created` is False when the same content was there already: `version` is what holds
    it. `package` is what was read, None where it could not be opened.
    """

    version: ModuleVersion | None
    created: bool
    problems: list[Problem]
    package: Package | None


def import_package(
    source: Path | BinaryIO, *, name: str, root: str | None = None, by: User | None, origin: str
) -> Imported:
    """Read a folder, a .zip or a .md file and keep it as a draft.

    `name` is what the problems call the package as a whole, `root` the path of its index
    page where it is not the only one that can be it, `origin` what the draft's page says
    about where it came from.
    """
    package, problems = open_package(source, name=name, root=root)
    if package is None:
        return Imported(None, False, problems, None)
    return keep(package, found=problems, by=by, origin=origin)


def keep(package: Package, *, found: list[Problem], by: User | None, origin: str) -> Imported:
    """Read an open package and keep it as a draft; `found` is what was wrong when it was opened."""
    known = list(Audience.objects.values_list("name", flat=True))
    document, read = module.read(package, audiences=known)
    problems = [*found, *read]
    if document is None or any(problem.severity == "error" for problem in problems):
        return Imported(None, False, problems, package)
    try:
        with transaction.atomic():
            version, created = publishing.store(document, by=by, origin=origin, problems=problems)
            if created:
                audit.record(by=by, what="module imported", whom=str(version), detail={"version": version.pk})
    except publishing.Conflict as conflict:
        problems.append(_taken(conflict, package))
        return Imported(None, False, problems, package)
    return Imported(version, created, problems, package)


def with_page_replaced(package: Package) -> Package:
    """What an uploaded package stands for: a page of a live module alone stands for that module with it replaced.

    Everything else stands for itself. The page keeps the place it has in the live
    version, whatever the uploaded file is called; files of that version stay.
    """
    if package.root is None or list(package.files) != [package.root]:
        return package
    uuid = str(_front_matter(package, package.root).uuid or "")
    live = _live_with(uuid) if uuid else None
    there = package_of(live) if live else package
    place = _place_of(uuid, there) if live else None
    if place is None:
        return package
    return Package({**there.files, place: package.files[package.root]}, there.root, there.name)


def package_of(version: ModuleVersion) -> Package:
    """The package that a version was read from, byte for byte."""
    kept: dict[str, str] = version.package["files"]
    found = {path: files.read(digest) for path, digest in kept.items()}
    return Package(found, version.package["root"], version.module.slug)


def _live_with(uuid: str) -> ModuleVersion | None:
    """The live version that shows this page, as its index or as a section."""
    live = ModuleVersion.objects.filter(live_for__isnull=False)
    return live.filter(module__uuid=uuid).first() or live.filter(sections__section__uuid=uuid).first()


def _place_of(uuid: str, package: Package) -> str | None:
    return next((path for path in package.pages() if str(_front_matter(package, path).uuid) == uuid), None)


def _front_matter(package: Package, path: str) -> FrontMatter:
    return front_matter.read(package.text(path), file=path, audiences=(), problems=Problems())[0]


def _taken(conflict: publishing.Conflict, package: Package) -> Problem:
    """E604, at the line of the page's uuid."""
    problems = Problems()
    line = _front_matter(package, conflict.path).uuid_line
    problems.add("E604", conflict.message, file=conflict.path, line=line)
    return next(iter(problems))
