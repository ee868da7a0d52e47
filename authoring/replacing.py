"""Pages that are uploaded without the rest of their module: each stands for its module with it replaced."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from courses import files
from courses.models import ModuleVersion, PathVersion
from markup import contents
from markup.front_matter import FrontMatter
from markup.package import Package
from markup.problems import Problem, Problems

Row = ModuleVersion | PathVersion


@dataclass(frozen=True, slots=True)
class Whole:
    """What a live version was read from, with the sent pages at their `places` in it."""

    live: Row
    package: Package
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a live page stands: the version that shows it, and its path there."""

    model: type[Row]
    version: int
    uuid: str
    path: str


@dataclass(slots=True)
class _Live:
    """The places of all live pages, by uuid and by the name of their file. Two queries."""

    by_uuid: dict[str, _Home] = field(default_factory=dict)
    by_name: dict[str, list[_Home]] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)  # the uuids of modules and paths

    def __post_init__(self) -> None:
        found: tuple[tuple[type[Row], str], ...] = ((PathVersion, "path"), (ModuleVersion, "module"))
        for model, identity in found:
            live: Any = model._default_manager.filter(live_for__isnull=False)
            for pk, own, pages in live.values_list("pk", f"{identity}__uuid", "package__pages"):
                self.paths.add(str(own))
                for uuid, path in (pages or {}).items():
                    home = self.by_uuid[uuid] = _Home(model, pk, uuid, path)
                    self.by_name.setdefault(posixpath.basename(path).casefold(), []).append(home)


def wholes(sent: Package, *, single: bool) -> tuple[list[Whole], list[Problem]]:
    """The live modules and paths that the sent pages belong to, with these pages in them, and what is not
    clear about their places (E604, E621, E685). Nothing at all: what was sent is a package of its own.

    Without its index page a page is known by its uuid; one of several that says none, by the name of
    its file where one live page alone has it. A page that is `single` is known by its uuid alone. Other files
    go along with the page beside which they are. Two queries, and one for each of these versions.
    """
    aside = contents.asides(sent.files)
    pages = {p: contents.says(p, sent.files[p]) for p in contents.markdown(sent.files) if p not in aside}
    live = _Live()
    if not single and (_are_bound(pages) or not _are_parts(sent, pages, live)):
        return [], []
    problems = Problems()
    homes = {path: home for path, page in pages.items() if (home := _by_uuid(page, live))}
    if not single:
        homes |= _by_name({path: page for path, page in pages.items() if path not in homes}, live, problems)
    if not homes and not problems.errors:
        return [], []
    _refuse_strangers(pages, homes, problems)
    return ([], list(problems)) if problems.errors else (_put_in(sent, homes), [])


def package_of(version: Row) -> Package:
    """The package that a version was read from, byte for byte: its own part of what was imported."""
    kept: dict[str, str] = version.package["files"]
    found = {path: files.read(digest) for path, digest in kept.items()}
    return Package(found, version.package["root"], version.identity.slug)


def _are_bound(pages: Mapping[str, FrontMatter]) -> bool:
    """Whether one of the pages lists another one."""
    names = {path.casefold() for path in pages}
    listed = ((path, entry.path.casefold()) for path, page in pages.items() for entry in page.toc)
    return any(name in names and name != path.casefold() for path, name in listed)


def _are_parts(sent: Package, pages: Mapping[str, FrontMatter], live: _Live) -> bool:
    """Whether no page stands above the others, or the one that does is a section of a live module."""
    if sent.root is None:
        return True
    uuid = str(pages[sent.root].uuid) if sent.root in pages else ""
    return uuid in live.by_uuid and uuid not in live.paths


def _by_uuid(page: FrontMatter, live: _Live) -> _Home | None:
    return live.by_uuid.get(str(page.uuid)) if page.uuid else None


def _by_name(pages: Mapping[str, FrontMatter], live: _Live, problems: Problems) -> dict[str, _Home]:
    """The places of pages that say no uuid; E621 where several live pages have the name."""
    homes = {}
    for path, page in pages.items():
        found = [] if page.uuid else live.by_name.get(posixpath.basename(path).casefold(), [])
        if len(found) == 1:
            homes[path] = found[0]
        elif found:
            one, other, *_more = sorted(home.path for home in found)
            problems.add(
                "E621", f"“{posixpath.basename(path)}” may be “{one}” or “{other}”: which folder is meant?",
                file=path, remedy="Write the page's `uuid` into it, or upload its whole module as a .zip.",
            )  # fmt: skip
    return homes


def _refuse_strangers(
    pages: Mapping[str, FrontMatter], homes: Mapping[str, _Home], problems: Problems
) -> None:
    """Report pages that belong to no live module, and two that are one page."""
    unclear, taken = {problem.file for problem in problems}, dict[str, str]()
    for path in pages:
        if path in homes:
            first = taken.setdefault(homes[path].uuid, path)
            if first != path:
                problems.add("E604", f"this is the page that “{first}” is, too", file=path)
        elif path not in unclear:
            problems.add(
                "E685", "this is no page of a live module, and no page beside it lists it", file=path,
                remedy="Upload it with the index page that lists it and all its other pages, as a .zip.",
            )  # fmt: skip


def _put_in(sent: Package, homes: Mapping[str, _Home]) -> list[Whole]:
    """Each version that is meant, in the order of the pages, with its pages replaced."""
    mine: dict[tuple[type[Row], int], dict[str, str]] = {}
    for path, home in homes.items():
        mine.setdefault((home.model, home.version), {})[path] = home.path
    found = []
    for (model, pk), places in mine.items():
        identity = "module" if model is ModuleVersion else "path"
        version: Row = model._default_manager.select_related(identity).get(pk=pk)
        there = package_of(version)
        files_of = {**there.files, **_beside(sent, homes, places)}
        files_of |= {place: sent.files[path] for path, place in places.items()}
        guessed = frozenset(place for path, place in places.items() if path in sent.guessed)
        package = Package(files_of, there.root, there.name, guessed)
        found.append(Whole(version, package, tuple(places.values())))
    return found


def _beside(sent: Package, homes: Mapping[str, _Home], places: Mapping[str, str]) -> dict[str, bytes]:
    """The files that are no pages, as seen from the pages at these places.

    What is in the folder of one page's name is that page's; everything else, everybody's.
    """
    found = {}
    for file, data in sent.files.items():
        if file in homes or file.lower().endswith(".md"):
            continue
        owner = next((path for path in homes if file.startswith(f"{path[:-3]}/")), None)
        for path, place in places.items():
            if owner in (None, path):
                way = posixpath.relpath(file, posixpath.dirname(path) or ".")
                target = posixpath.normpath(posixpath.join(posixpath.dirname(place), way))
                if not target.startswith("../"):
                    found[target] = data
    return found
