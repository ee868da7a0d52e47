"""What the authoring pages are drawn from: modules, what a version holds, what differs from the live one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch
from django.http import Http404

from courses import files
from courses.models import Module, ModuleVersion
from markup.package import Package

# Gives the text of a file by its path, or None.
Source = Callable[[str], str | None]
EXCERPT = 300  # characters of a line that are shown
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
class PageRow:
    """A page of a version. `change` against the live version: "", "new", "changed" or "same"."""

    title: str
    audiences: tuple[str, ...] | None
    minutes: int
    questions: int
    depth: int
    required: bool
    uuid: str | None
    change: str = ""
    is_index: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """What a version holds, and what publishing it would take away."""

    pages: list[PageRow]
    removed: list[str]
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


def modules() -> list[ModuleRow]:
    """All modules by title, in two queries."""
    versions = ModuleVersion.objects.defer("entries", "package").select_related("created_by")
    found = (
        Module.objects.select_related("published_version__published_by")
        .defer("published_version__entries", "published_version__package")
        .prefetch_related(Prefetch("versions", versions.order_by("-number")))
    )
    rows = [_module(module) for module in found]
    return sorted(rows, key=lambda row: (row.title.casefold(), row.module.pk))


def _module(module: Module) -> ModuleRow:
    live = module.published_version
    newest = next(iter(module.versions.all()), None)
    waits = newest is not None and newest.published_at is None
    return ModuleRow(module, live, newest if waits else None)


def version_named(pk: int) -> ModuleVersion:
    """A version with its module, the live version and its page; 404 where there is none."""
    versions = ModuleVersion.objects.select_related(
        "module__published_version", "body", "created_by", "published_by"
    )
    found = versions.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def contents(version: ModuleVersion) -> Contents:
    """What is in a version, compared with the live one of its module."""
    live = version.module.published_version
    before = {} if live is None else _bodies(live)
    now = _bodies(version)
    compared = live is not None and live.pk != version.pk
    pages = [_page(entry, before if compared else None, now) for entry in version.entries]
    if not any(entry["uuid"] == str(version.module.uuid) for entry in version.entries):
        change = _change(version.body_id, live.body_id if live and compared else None) if compared else ""
        uuid = str(version.module.uuid)
        index = PageRow(version.title, version.audience_names, 0, 0, 0, False, uuid, change, is_index=True)
        pages.insert(0, index)
    gone = [title for uuid, (title, _body) in before.items() if compared and uuid not in now]
    people = Module.objects.filter(pk=version.module_id).aggregate(
        begun=Count("progress", distinct=True), completed=Count("completions__user", distinct=True)
    )
    return Contents(pages, gone, people["begun"], people["completed"])


def _bodies(version: ModuleVersion) -> dict[str, tuple[str, int]]:
    rows = version.sections.values_list("section__uuid", "title", "body_id")
    return {str(uuid): (title, body) for uuid, title, body in rows}


def _page(
    entry: dict[str, Any], before: dict[str, tuple[str, int]] | None, now: dict[str, tuple[str, int]]
) -> PageRow:
    uuid = entry["uuid"]
    change = ""
    if before is not None and uuid is not None:
        change = _change(now[uuid][1], before[uuid][1] if uuid in before else None)
    return PageRow(
        title=entry["title"],
        audiences=None if entry["audiences"] is None else tuple(entry["audiences"]),
        minutes=entry["minutes"],
        questions=sum(check["questions"] for check in entry["checks"]),
        depth=entry["depth"],
        required=entry["required"],
        uuid=uuid,
        change=change,
    )


def _change(body: int, before: int | None) -> str:
    return "new" if before is None else "same" if before == body else "changed"


def told(problems: Iterable[Mapping[str, Any]], source: Source) -> list[Told]:
    """Errors first, else in their order, each with its line; `source` gives a file's text, or None."""
    lines: dict[str, list[str]] = {}
    found = []
    for problem in sorted(problems, key=lambda problem: _RANK.index(problem["severity"])):
        file, at = problem["file"], problem["line"] - 1
        if file not in lines:
            lines[file] = (source(file) or "").split("\n")
        excerpt = lines[file][at].strip()[:EXCERPT] if at < len(lines[file]) else ""
        found.append(Told(problem, excerpt))
    return found


def source_of(version: ModuleVersion) -> Source:
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
