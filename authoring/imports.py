"""Brings content in: from a package to a draft, or to the list of everything that is wrong with it.

With an error nothing is written. Nothing that a learner sees changes before a release.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from accounts.models import Audience, User
from courses import files, module, publishing
from courses.models import ModuleVersion
from courses.module import Tell, unheard
from markup import front_matter
from markup.front_matter import FrontMatter
from markup.package import Package, open_package
from markup.problems import Problem, Problems

# What `tell` hears besides the phases of `courses.module`; they have no page.
OPENING, STORING = "opening", "storing"


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import. `version` is None where an error kept everything out.

    `created` is False when the same content was there already: `version` is what holds
    it. `package` is what was read, None where it could not be opened. `replaced` is the
    path of a page that was uploaded alone and took its place in a live module.
    """

    version: ModuleVersion | None
    created: bool
    problems: list[Problem]
    package: Package | None
    replaced: str = ""


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


def import_upload(source: BinaryIO, *, name: str, by: User, tell: Tell = unheard) -> Imported:
    """Keep an uploaded .zip or .md as a draft; `tell` hears how far it is.

    A page alone whose uuid is live stands for its module with that page replaced: it
    takes the place that it has there, whatever the uploaded file is called. Any other
    page alone is a module of its own.
    """
    tell(OPENING, "")
    package, problems = open_package(source, name=name)
    if package is None:
        return Imported(None, False, problems, None)
    place, whole = _with_page_replaced(package) if name.lower().endswith(".md") else ("", package)
    return replace(keep(whole, found=problems, by=by, origin=name, tell=tell), replaced=place)


def keep(
    package: Package, *, found: list[Problem], by: User | None, origin: str, tell: Tell = unheard
) -> Imported:
    """Read an open package and keep it as a draft; `found` is what was wrong when it was opened."""
    known = list(Audience.objects.values_list("name", flat=True))
    document, read = module.read(package, audiences=known, tell=tell)
    problems = [*found, *read]
    if document is None or any(problem.severity == "error" for problem in problems):
        return Imported(None, False, problems, package)
    tell(STORING, "")
    try:
        version, created = publishing.store(document, by=by, origin=origin, problems=problems)
    except publishing.Conflict as conflict:
        problems.append(_taken(conflict, package))
        return Imported(None, False, problems, package)
    return Imported(version, created, problems, package)


def _with_page_replaced(package: Package) -> tuple[str, Package]:
    """An uploaded page's place in its live module, and that module with it; or "" and what was uploaded."""
    assert package.root is not None
    uuid = _front_matter(package, package.root).uuid
    live = _live_with(uuid) if uuid else None
    there = package_of(live) if live else package
    place = next((path for path in there.pages() if _front_matter(there, path).uuid == uuid), None)
    if live is None or place is None:
        return "", package
    return place, Package({**there.files, place: package.files[package.root]}, there.root, there.name)


def package_of(version: ModuleVersion) -> Package:
    """The package that a version was read from, byte for byte."""
    kept: dict[str, str] = version.package["files"]
    found = {path: files.read(digest) for path, digest in kept.items()}
    return Package(found, version.package["root"], version.module.slug)


def _live_with(page: UUID) -> ModuleVersion | None:
    """The live version that shows this page, as its index or as a section."""
    live = ModuleVersion.objects.filter(live_for__isnull=False).select_related("module")
    return live.filter(module__uuid=page).first() or live.filter(sections__section__uuid=page).first()


def _front_matter(package: Package, path: str) -> FrontMatter:
    return front_matter.read(package.text(path), file=path, audiences=(), problems=Problems())[0]


def _taken(conflict: publishing.Conflict, package: Package) -> Problem:
    """E604, at the line of the page's uuid."""
    problems = Problems()
    line = _front_matter(package, conflict.path).uuid_line
    problems.add("E604", conflict.message, file=conflict.path, line=line)
    return next(iter(problems))
