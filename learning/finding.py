"""What search shows of the pages that it found, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from courses import passages
from courses.models import ModuleVersion, PathVersion, SearchEntry
from courses.passages import Part, Passage
from courses.words import Question
from learning import pages
from learning.outline import Outline
from learning.record import Record, outline_of, records_of

_PAGES = ("version", "section_version", "path_version")
_UNSHOWN = tuple(f"{page}__body__{field}" for page in _PAGES for field in ("html", "source"))


@dataclass(frozen=True, slots=True)
class Found:
    """A page that was found: a path's, a module's (`kind`), or a section, which says of which `module`."""

    kind: str
    title: tuple[Part, ...]
    url: str
    module: tuple[Part, ...]
    passage: Passage
    state: str  # as the outline has it; for a module's own page, where the user is in the module


def found_pages(
    user: User, ids: Sequence[int], question: Question, *, among: QuerySet[SearchEntry]
) -> list[Found]:
    """The pages of these entries in their order, with where the user stands in each. Three queries.

    `among` are the pages that the user may find.
    """
    entries = among.select_related(
        "version__module", "path_version__path", *(f"{page}__body" for page in _PAGES)
    )
    entries = entries.defer("version__package", "version__problems", "path_version__package", *_UNSHOWN)
    rows = {entry.pk: entry for entry in entries.filter(pk__in=ids)}
    outlines = _outlines(user, rows.values())
    return [_found(rows[pk], outlines, question) for pk in ids if pk in rows]


def _outlines(user: User, entries: Iterable[SearchEntry]) -> dict[int, Outline]:
    """The outline of each module that a page is of, by the version's id. Two queries."""
    versions = {entry.version_id: entry.version for entry in entries if entry.version is not None}
    records = records_of(user, [version.module_id for version in versions.values()])
    return {
        version.pk: outline_of(user, version, records.get(version.module_id, Record()))
        for version in versions.values()
    }


def _found(entry: SearchEntry, outlines: Mapping[int, Outline], question: Question) -> Found:
    page = entry.page
    passage = passages.best(entry.text, page.body.headings, question)
    title = passages.marked(page.title, question)
    anchor = f"#u-{passage.slug}" if passage.slug else ""
    if isinstance(page, PathVersion):
        return Found("path", title, pages.path_url(page) + anchor, (), passage, "")
    if isinstance(page, ModuleVersion):
        return Found("module", title, pages.module_url(page) + anchor, (), passage, outlines[page.pk].stage)
    assert entry.version is not None, "a section is of a module"
    page.version = entry.version  # the row that is here already, with its module
    item = outlines[page.version_id].find(page.section_id)
    state = item.state if item is not None else ""
    module = passages.marked(entry.module_title, question) if page.slug else ()
    kind = "section" if page.slug else "module"
    return Found(kind, title, pages.section_url(page) + anchor, module, passage, state)
