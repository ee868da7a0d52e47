"""What search shows of the pages that it found, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from courses import access, passages
from courses.models import ModuleVersion, SearchEntry
from courses.passages import Part, Passage
from courses.words import Question
from learning import pages
from learning.outline import Outline
from learning.record import Record, outline_of, records_of


@dataclass(frozen=True, slots=True)
class Found:
    """A page that was found. `module` is empty where it is the module's own page."""

    title: tuple[Part, ...]
    url: str
    module: tuple[Part, ...]
    passage: Passage
    state: str  # as the outline has it; for a module's own page, where the user is in the module


def found_pages(user: User, ids: Sequence[int], question: Question) -> list[Found]:
    """The pages of these entries in their order, with where the user stands in each. Three queries."""
    entries = access.searchable_for(user).select_related(
        "version__module", "version__body", "section_version__body"
    )
    entries = entries.defer(
        "version__package",
        "version__problems",
        "version__body__html",
        "version__body__source",
        "section_version__body__html",
        "section_version__body__source",
    )
    rows = {entry.pk: entry for entry in entries.filter(pk__in=ids)}
    versions = {entry.version_id: entry.version for entry in rows.values()}
    records = records_of(user, [version.module_id for version in versions.values()])
    outlines = {
        version.pk: outline_of(user, version, records.get(version.module_id, Record()))
        for version in versions.values()
    }
    shown = [rows[pk] for pk in ids if pk in rows]
    return [_found(entry, outlines[entry.version_id], question) for entry in shown]


def _found(entry: SearchEntry, outline: Outline, question: Question) -> Found:
    page = entry.page
    passage = passages.best(entry.text, page.body.headings, question)
    title = passages.marked(page.title, question)
    anchor = f"#u-{passage.slug}" if passage.slug else ""
    if isinstance(page, ModuleVersion):
        return Found(title, pages.module_url(page) + anchor, (), passage, outline.stage)
    page.version = entry.version  # the row that is here already, with its module
    item = outline.find(page.section_id)
    module = passages.marked(entry.version.title, question) if page.slug else ()
    return Found(title, pages.section_url(page) + anchor, module, passage, item.state if item else "")
