"""Brings content in: from a package to drafts, or to the list of everything that is wrong with it.

With an error nothing is written. Nothing that a learner sees changes before a release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from accounts.models import Audience, User
from authoring import renames, surroundings
from courses import files, memory, module, publishing, toc
from courses.documents import Tree
from courses.memory import Kept
from courses.models import ModuleVersion, PathVersion
from courses.module import Tell, unheard
from courses.publishing import Draft
from markup import contents
from markup.package import Loose, Package, open_package
from markup.problems import Problem, Problems

# What `tell` hears besides the phases of `courses.module`; they have no page.
OPENING, CORRECTING, STORING = "opening", "correcting", "storing"
# Reads a package, as `module.read` does; `limited.read` does it where somebody waits for an answer.
Read = Callable[..., tuple[Tree | None, list[Problem]]]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: a draft for each module and path of the package, in its order.

    No drafts: an error kept everything out. A draft that is not `created` is what holds the
    same content already. `package` is what was read, None where it could not be opened.
    `replaced` is the path of a page that was uploaded alone and took its place in a live
    module.
    """

    drafts: tuple[Draft, ...]
    problems: list[Problem]
    package: Package | None
    replaced: str = ""

    @property
    def version(self) -> ModuleVersion | None:
        """The first module that is new, else the first one; None where an error kept everything out."""
        modules = [draft.version for draft in self.created_first if isinstance(draft.version, ModuleVersion)]
        return next(iter(modules), None)

    @property
    def created(self) -> bool:
        """Whether anything is new."""
        return any(draft.created for draft in self.drafts)

    @property
    def created_first(self) -> list[Draft]:
        """The drafts, those that are new before the others."""
        return sorted(self.drafts, key=lambda draft: not draft.created)


def import_package(
    source: Path | BinaryIO, *, name: str, root: str | None = None, by: User | None, origin: str
) -> Imported:
    """Read a folder, a .zip or a .md file and keep what is new in it as drafts.

    `name` is what the problems call the package as a whole, `root` the path of the page
    above all others where it is not the only one that can be it, `origin` what a draft's
    page says about where it came from.
    """
    package, problems = open_package(source, name=name, root=root)
    if package is None:
        return Imported((), problems, None)
    return keep(package, found=problems, by=by, origin=origin)


def import_upload(
    sent: Loose, *, name: str, by: User, tell: Tell = unheard, read: Read = module.read
) -> Imported:
    """Keep what is new in an uploaded .zip, or in .md pages, as drafts; `tell` hears how far it is.

    `name` is what all of it is called together. A page alone whose uuid is live stands for
    its module with that page replaced: it takes the place that it has there, whatever the
    uploaded file is called. Any other page alone is a module of its own.
    """
    tell(OPENING, "")
    package, problems = open_package(sent, name=name)
    if package is None:
        return Imported((), problems, None)
    alone = len(sent) == 1 and name.lower().endswith(".md")
    place, whole, live = _with_page_replaced(package) if alone else ("", package, None)
    made_from = live if isinstance(live, ModuleVersion) else None
    done = keep(whole, found=problems, by=by, origin=name, made_from=made_from, tell=tell, read=read)
    return replace(done, replaced=place)


def keep(
    package: Package,
    *,
    found: list[Problem],
    by: User | None,
    origin: str,
    who: UUID | None = None,
    made_from: ModuleVersion | None = None,
    tell: Tell = unheard,
    read: Read | None = None,
) -> Imported:
    """Read an open package and keep what is new in it; `found` is what was wrong when it was opened.

    `who` is the root page where that is known already, whatever its file says, and `made_from` the
    version that the author changed, where it may not be the live one. Pages that
    were answered to be renamed are who they were. Unless somebody else does the reading (`read`),
    what is remembered to be as it was is not read again.
    """
    kept = renames.kept()
    if who is not None and package.root is not None:
        kept[toc.from_place(package.root)] = who
    known = list(Audience.objects.values_list("name", flat=True))
    around = surroundings.of(package, who=who)
    remembered = Kept()
    read = read or partial(module.read, memory=remembered)
    tree, said = read(package, audiences=known, around=around, kept=kept, tell=tell)
    problems = [*found, *said]
    if tree is None or any(problem.severity == "error" for problem in problems):
        return Imported((), problems, package)
    tell(STORING, "")
    try:
        drafts = publishing.store(tree, by=by, origin=origin, problems=problems, made_from=made_from)
    except publishing.Conflict as conflict:
        return Imported((), [*problems, *_taken(conflict, package)], package)
    except publishing.Forgotten as forgotten:
        memory.forget(forgotten.units)
        return keep(package, found=found, by=by, origin=origin, who=who, made_from=made_from, tell=tell)
    remembered.save()
    return Imported(tuple(drafts), problems, package)


def _with_page_replaced(package: Package) -> tuple[str, Package, ModuleVersion | PathVersion | None]:
    """An uploaded page's place in a live module, the module with it, and its version; or "", as uploaded."""
    assert package.root is not None
    uuid = contents.says(package.root, package.files[package.root]).uuid
    live = _live_with(uuid) if uuid else None
    there = package_of(live) if live else package
    pages = there.files if live else {}
    place = next(
        (path for path in contents.markdown(pages) if contents.says(path, pages[path]).uuid == uuid), None
    )
    if live is None or place is None:
        return "", package, None
    files = {**there.files, place: package.files[package.root]}
    guessed = frozenset({place} if package.guessed else ())
    return place, Package(files, there.root, there.name, guessed), live


def package_of(version: ModuleVersion | PathVersion) -> Package:
    """The package that a version was read from, byte for byte: its own part of what was imported."""
    kept: dict[str, str] = version.package["files"]
    found = {path: files.read(digest) for path, digest in kept.items()}
    return Package(found, version.package["root"], version.identity.slug)


def _live_with(page: UUID) -> ModuleVersion | PathVersion | None:
    """The live version that shows this page, as its own or as a section."""
    live = ModuleVersion.objects.filter(live_for__isnull=False).select_related("module")
    paths = PathVersion.objects.filter(live_for__isnull=False, path__uuid=page).select_related("path")
    found = live.filter(module__uuid=page).first() or live.filter(sections__section__uuid=page).first()
    return found or paths.first()


def _taken(conflict: publishing.Conflict, package: Package) -> Iterator[Problem]:
    """E604, at each page's uuid."""
    problems = Problems()
    for clash in conflict.clashes:
        line, column = contents.says(clash.path, package.files[clash.path]).uuid_place
        problems.add("E604", clash.message, file=clash.path, line=line, column=column)
    yield from problems
