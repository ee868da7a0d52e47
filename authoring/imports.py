"""Brings content in: from a package to drafts, or to the list of everything that is wrong with it.

With an error nothing is written. Nothing that a learner sees changes before a release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from accounts.models import Audience, User
from authoring import recognising, renames, replacing, surroundings
from courses import memory, module, publishing, toc
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
    `replaced` are the paths of pages that were uploaded without their index page and took
    their places in live modules.
    """

    drafts: tuple[Draft, ...]
    problems: list[Problem]
    package: Package | None
    replaced: tuple[str, ...] = ()

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

    `name` is what all of it is called together. Pages of live modules without their index page
    stand for these modules with the pages replaced (`replacing`): they take the places that they have
    there, whatever the uploaded files are called. Any other page alone is a module of its own.
    """
    tell(OPENING, "")
    package, problems = open_package(sent, name=name, rootless=True)
    if package is None:
        return Imported((), problems, None)
    wholes, unclear = replacing.wholes(package, single=len(sent) == 1 and name.lower().endswith(".md"))
    others = [problem for problem in problems if problem.code != "E685"]
    if unclear:
        return Imported((), [*others, *unclear], package)
    if not wholes and package.root is None:
        return Imported((), problems, None)
    parts = [Part(whole.package, made_from=whole.live) for whole in wholes] or [Part(package)]
    read = read if len(parts) == 1 else module.read  # what lacks ids is given back for one package
    done = keep_all(parts, found=others, by=by, origin=name, tell=tell, read=read)
    return replace(done, replaced=tuple(place for whole in wholes for place in whole.places))


@dataclass(frozen=True, slots=True)
class Part:
    """A package to keep. `who` is its root page where that is known already, whatever its file says;
    `made_from` the version that the author changed, where it may not be the live one."""

    package: Package
    who: UUID | None = None
    made_from: ModuleVersion | PathVersion | None = None


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
    """`keep_all` of one package."""
    return keep_all([Part(package, who, made_from)], found=found, by=by, origin=origin, tell=tell, read=read)


def keep_all(
    parts: Sequence[Part],
    *,
    found: list[Problem],
    by: User | None,
    origin: str,
    tell: Tell = unheard,
    read: Read | None = None,
) -> Imported:
    """Read open packages and keep what is new in them, all or nothing; `found` is what was wrong when they
    were opened.

    Pages that were answered to be renamed are who they were. Unless somebody else does the reading
    (`read`), what is remembered to be as it was is not read again.
    """
    remembered = Kept()
    reading = read or partial(module.read, memory=remembered)
    package = _together(parts)
    documents, problems = list[Any](), [*found]
    for part in parts:
        tree, said = _read(part, reading, tell)
        documents += tree.documents if tree else ()
        problems += said
    if not documents or any(problem.severity == "error" for problem in problems):
        return Imported((), problems, package)
    tell(STORING, "")
    made_from = [part.made_from for part in parts if isinstance(part.made_from, ModuleVersion)]
    recognised = recognising.recognise(Tree(tuple(documents)))
    remembered.unlearn(recognised.units)
    problems = recognising.told(problems, recognised.like)
    try:
        drafts = publishing.store(
            recognised.tree, by=by, origin=origin, problems=problems, made_from=made_from
        )
    except publishing.Conflict as conflict:
        return Imported((), [*problems, *_taken(conflict, package)], package)
    except publishing.Forgotten as forgotten:
        memory.forget(forgotten.units)
        return keep_all(parts, found=found, by=by, origin=origin, tell=tell)
    remembered.save()
    return Imported(tuple(drafts), problems, package)


def _read(part: Part, read: Read, tell: Tell) -> tuple[Tree | None, list[Problem]]:
    kept = renames.kept()
    if part.who is not None and part.package.root is not None:
        kept[toc.from_place(part.package.root)] = part.who
    known = list(Audience.objects.values_list("name", flat=True))
    around = surroundings.of(part.package, who=part.who)
    return read(part.package, audiences=known, around=around, kept=kept, tell=tell)


def _together(parts: Sequence[Part]) -> Package:
    """All files of the packages, for those who look up the lines that are told."""
    if len(parts) == 1:
        return parts[0].package
    files = {path: data for part in parts for path, data in part.package.files.items()}
    return Package(files, parts[0].package.root, parts[0].package.name)


def _taken(conflict: publishing.Conflict, package: Package) -> Iterator[Problem]:
    """E604, at each page's uuid."""
    problems = Problems()
    for clash in conflict.clashes:
        line, column = contents.says(clash.path, package.files[clash.path]).uuid_place
        problems.add("E604", clash.message, file=clash.path, line=line, column=column)
    yield from problems
