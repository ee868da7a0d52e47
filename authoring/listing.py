"""What the authoring pages are drawn from: modules, paths, versions, problems with their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch
from django.http import Http404

from courses import files
from courses.documents import Entry
from courses.models import Module, ModuleVersion, Path, PathVersion
from courses.placing import Names, both
from markup.package import Package

# Gives the text of a file by its path, or None.
Source = Callable[[str], str | None]
EXCERPT = 300  # characters of a line that are shown
MOST_PROBLEMS = 5_000  # that are listed; nobody mends more in one go
FEW_PROBLEMS = 12  # are told in one list
OPEN_FILES = 3  # whose problems stand open; the others are folded
A_FILES_FIRST = 10  # problems of a file that stand open; the others are folded
_RANK = ["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """A module in the list: what is live, and the newest draft that waits, if any."""

    module: Module
    live: ModuleVersion | None
    draft: ModuleVersion | None

    @property
    def title(self) -> str:
        """What people know the module as; before it is live, what its draft is called."""
        shown = self.live or self.draft
        return shown.title if shown else self.module.slug


@dataclass(frozen=True, slots=True)
class PathRow:
    """A path in the list, like a module."""

    path: Path
    live: PathVersion | None
    draft: PathVersion | None

    @property
    def title(self) -> str:
        """What people know the path as; before it is live, what its draft is called."""
        shown = self.live or self.draft
        return shown.title if shown else self.path.slug


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page of a version."""

    title: str
    audiences: tuple[str, ...] | None
    minutes: int
    questions: int
    depth: int
    required: bool
    uuid: str | None
    is_index: bool = False
    url: str = ""  # of a line that leads out of the site


@dataclass(frozen=True, slots=True)
class Contents:
    """What a version holds, and how many people have begun and completed its module."""

    pages: list[PageRow]
    begun: int
    completed: int

    @property
    def questions(self) -> int:
        """Questions in all checks."""
        return sum(page.questions for page in self.pages)


@dataclass(frozen=True, slots=True)
class Told:
    """A problem with the line of the file that it is about, as far as it is text."""

    problem: Mapping[str, Any]
    excerpt: str = ""

    @property
    def has_place(self) -> bool:
        """Whether a line of a page is to blame, not the whole of what was sent, or a picture."""
        return str(self.problem["file"]).lower().endswith(".md")


@dataclass(frozen=True, slots=True)
class InFile:
    """The problems of one file, errors first; `folded` are those that follow the first few."""

    file: str
    errors: int
    others: int
    first: list[Told]
    folded: list[Told]
    is_open: bool


def modules() -> list[ModuleRow]:
    """All modules by title, in two queries; of their versions the live and the newest alone."""
    later = ModuleVersion.objects.filter(module=OuterRef("module"), number__gt=OuterRef("number"))
    newest = ModuleVersion.objects.filter(~Exists(later)).defer("entries", "package", "description")
    found = (
        Module.objects.select_related("published_version__published_by")
        .defer("published_version__entries", "published_version__package", "published_version__description")
        .prefetch_related(Prefetch("versions", newest.select_related("created_by")))
    )
    rows = [_module(module) for module in found]
    return sorted(rows, key=lambda row: (row.title.casefold(), row.module.pk))


def paths() -> list[PathRow]:
    """All paths by title, in two queries."""
    versions = PathVersion.objects.defer("entries", "package").select_related("created_by")
    found = (
        Path.objects.select_related("published_version__published_by")
        .defer("published_version__entries", "published_version__package")
        .prefetch_related(Prefetch("versions", versions.order_by("-number")))
    )
    rows = [PathRow(path, path.published_version, _waiting(path)) for path in found]
    return sorted(rows, key=lambda row: (row.title.casefold(), row.path.pk))


def path_named(slug: str) -> Path:
    """A path by its address; 404 where there is none."""
    found = Path.objects.select_related("published_version").filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _waiting(path: Path) -> PathVersion | None:
    newest = next(iter(path.versions.all()), None)
    return newest if newest is not None and newest.published_at is None else None


def _module(module: Module) -> ModuleRow:
    live = module.published_version
    newest = next(iter(module.versions.all()), None)
    waits = newest is not None and newest.published_at is None
    return ModuleRow(module, live, newest if waits else None)


def version_named(pk: int) -> ModuleVersion:
    """A version with its module, the live version and its page; 404 where there is none."""
    versions = ModuleVersion.objects.select_related(
        "module__published_version", "made_from", "body", "created_by", "published_by"
    )
    found = versions.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def contents(version: ModuleVersion, reach: Names) -> Contents:
    """What is in a version; `reach` is whom its module opens to, so that no page opens to more."""
    pages = [_page(entry, reach) for entry in version.toc]
    index = str(version.module.uuid)
    if all(page.uuid != index for page in pages):
        pages.insert(0, PageRow(version.title, _listed(reach), 0, 0, 0, False, index, is_index=True))
    people = Module.objects.filter(pk=version.module_id).aggregate(
        begun=Count("progress", distinct=True), completed=Count("completions__user", distinct=True)
    )
    return Contents(pages, people["begun"], people["completed"])


def _page(entry: Entry, reach: Names) -> PageRow:
    own = None if entry.audiences is None else frozenset(entry.audiences)
    questions = sum(check.questions for check in entry.checks)
    return PageRow(
        title=entry.title,
        audiences=_listed(both(own, reach)),
        minutes=entry.minutes,
        questions=questions,
        depth=entry.depth,
        required=entry.required,
        uuid=entry.uuid,
        url=entry.url,
    )


def _listed(names: Names) -> tuple[str, ...] | None:
    return None if names is None else tuple(sorted(names))


def told(problems: Iterable[Mapping[str, Any]], source: Source, *, most: int = MOST_PROBLEMS) -> list[Told]:
    """Errors first, else in their order, each with its line; `source` gives a file's text, or None.

    No more than `most` of them.
    """
    lines: dict[str, list[str]] = {}
    found = []
    for problem in sorted(problems, key=lambda problem: _RANK.index(problem["severity"]))[:most]:
        file, at = problem["file"], problem["line"] - 1
        if file not in lines:
            lines[file] = (source(file) or "").split("\n")
        excerpt = lines[file][at].strip()[:EXCERPT] if at < len(lines[file]) else ""
        found.append(Told(problem, excerpt))
    return found


def by_file(problems: Sequence[Told]) -> list[InFile]:
    """Many problems by file, in their order: those with errors come first. Of few: nothing."""
    if len(problems) <= FEW_PROBLEMS:
        return []
    files: dict[str, list[Told]] = {}
    for each in problems:
        files.setdefault(each.problem["file"], []).append(each)
    found = []
    for number, (file, told) in enumerate(files.items()):
        errors = sum(each.problem["severity"] == "error" for each in told)
        first, folded = told[:A_FILES_FIRST], told[A_FILES_FIRST:]
        found.append(InFile(file, errors, len(told) - errors, first, folded, number < OPEN_FILES))
    return found


def source_of(version: ModuleVersion | PathVersion) -> Source:
    """Reads the files that a version was imported from, as text."""
    kept: dict[str, str] = version.package.get("files", {})

    def text(path: str) -> str | None:
        if path not in kept or not path.lower().endswith(".md"):
            return None
        return Package({path: files.read(kept[path])}, path, "").text(path)

    return text


def text_in(package: Package | None) -> Source:
    """Reads the pages of an open package; of none, nothing."""

    def text(path: str) -> str | None:
        if package is None or path not in package.files or not path.lower().endswith(".md"):
            return None
        return package.text(path)

    return text
