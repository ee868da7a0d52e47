"""Writes what is new of an import as rows: many documents at once, so that a large tree takes few queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Model

from accounts.models import Audience, User
from courses.bases import Body
from courses.documents import (
    CheckEntry,
    ComingSoon,
    Entry,
    ModuleDocument,
    OutsideLink,
    PageDocument,
    PathDocument,
)
from courses.models import (
    Media,
    Module,
    ModuleVersion,
    PageMedia,
    Path,
    PathVersion,
    Section,
    SectionCheck,
    SectionVersion,
)
from markup import media as media_format
from markup.problems import Problem
from quizzes import storing as checks
from quizzes.drawing import asks, points
from quizzes.models import QuizVersion
from quizzes.once import made_once
from quizzes.spec import Check

LONGEST_TITLE = 300  # characters that are stored; the page itself has all of it

Document = ModuleDocument | PathDocument
Row = ModuleVersion | PathVersion


@dataclass(frozen=True, slots=True)
class New:
    """A document that is to be written as a version of its identity; `package` names its files."""

    document: Document
    identity: Module | Path
    package: dict[str, Any]
    problems: list[Problem]


class Writing:
    """Writes documents: first the rows that versions share, then the versions and what hangs on them.

    Each kind of row is written for all documents at once, so that a large tree takes few queries.
    """

    def __init__(self, new: Sequence[New]) -> None:
        self.new = new
        pages = [page for each in new for page in (each.document.page, *each.document.pages)]
        media = [item.media for page in pages for item in page.media]
        self.bodies = made_once(Body, {(page.digest,): _body(page) for page in pages}, "digest")
        self.media = made_once(Media, {(item.digest,): _media(item) for item in media}, "digest")
        self.audiences = dict(Audience.objects.values_list("name", "pk"))
        sections = {
            (page.uuid,): Section(uuid=page.uuid, module=each.identity)
            for each in new
            if isinstance(each.identity, Module)
            for page in each.document.pages
        }
        self.sections = made_once(Section, sections, "uuid")
        asked = [(page.uuid, check) for page in pages if (page.uuid,) in sections for check in page.checks]
        asked = list({(page, check.key): (page, check) for page, check in asked}.values())
        stored = checks.store(asked)
        self.checks = {(of[0], of[1].key): row for of, row in zip(asked, stored, strict=True)}

    def write(self, *, by: User | None, origin: str, made_from: Collection[ModuleVersion] = ()) -> list[Row]:
        """The versions, in the order of their documents; from the live ones, or from those in `made_from`."""
        last = _last_numbers([each.identity for each in self.new])
        grounds = {version.module_id: version for version in made_from}
        rows: list[Row] = []
        for each in self.new:
            row = self._path(each) if isinstance(each.document, PathDocument) else self._module(each)
            row.number = last.get(each.identity, 0) + 1
            row.created_by, row.origin = by, origin[:300]
            if isinstance(row, ModuleVersion):
                row.made_from = grounds.get(row.module_id, row.module.published_version)
            rows.append(row)
        ModuleVersion.objects.bulk_create([row for row in rows if isinstance(row, ModuleVersion)])
        PathVersion.objects.bulk_create([row for row in rows if isinstance(row, PathVersion)])
        self._write_parts(rows)
        return rows

    def _common(self, each: New) -> dict[str, Any]:
        page = each.document.page
        return {
            "digest": each.document.digest,
            "title": page.title[:LONGEST_TITLE],
            "description": page.description,
            "tags": list(page.tags),
            "categories": list(page.categories),
            "body": self.bodies[page.digest,],
            "restricted": page.audiences is not None,
            "problems": [problem.as_dict() for problem in each.problems],
            "package": each.package,
        }

    def _path(self, each: New) -> PathVersion:
        document, path = each.document, each.identity
        assert isinstance(document, PathDocument)
        assert isinstance(path, Path)
        entries = [child.to_dict() for child in document.children]
        quiz = dict(document.quiz)
        return PathVersion(path=path, entries=entries, cards=document.cards, quiz=quiz, **self._common(each))

    def _module(self, each: New) -> ModuleVersion:
        document, module = each.document, each.identity
        assert isinstance(document, ModuleDocument)
        assert isinstance(module, Module)
        return ModuleVersion(
            module=module,
            sequence=document.sequence,
            minutes=document.minutes,
            entries=[self._entry(item, module).to_dict() for item in document.sections],
            **self._common(each),
        )

    def _entry(self, item: PageDocument | ComingSoon | OutsideLink, module: Module) -> Entry:
        """A section's line in the outline."""
        if not isinstance(item, PageDocument):
            url = item.url if isinstance(item, OutsideLink) else ""
            return Entry(None, None, "", item.title, item.depth, 0, False, None, url=url)
        return Entry(
            section=self.sections[item.uuid,].pk,
            uuid=str(item.uuid),
            slug=_slug(item, module),
            title=item.title,
            depth=item.depth,
            minutes=item.minutes,
            required=item.required,
            audiences=None if item.audiences is None else tuple(sorted(item.audiences)),
            checks=tuple(_check_entry(self.checks[item.uuid, check.key], check) for check in item.checks),
        )

    def _write_parts(self, rows: Sequence[Row]) -> None:
        """What hangs on the versions: sections with their checks, whom pages are for, the files they show."""
        sections = [
            (self._section(item, position, row), item)
            for row, each in zip(rows, self.new, strict=True)
            if isinstance(row, ModuleVersion) and isinstance(each.document, ModuleDocument)
            for position, item in enumerate(each.document.sections)
            if isinstance(item, PageDocument)
        ]
        SectionVersion.objects.bulk_create([row for row, _page in sections])
        SectionCheck.objects.bulk_create(
            SectionCheck(section_version=row, quiz_version=self.checks[page.uuid, check.key], position=place)
            for row, page in sections
            for place, check in enumerate(page.checks)
        )
        own = [(row, each.document.page) for row, each in zip(rows, self.new, strict=True)]
        for model in (ModuleVersion, PathVersion):
            self._admit(model, [(row, page) for row, page in own if isinstance(row, model)])
        self._admit(SectionVersion, sections)
        shown = [*own, *((row, page) for row, page in sections if row.slug)]
        PageMedia.objects.bulk_create(
            PageMedia(media=self.media[digest,], name=name, **_where(row))
            for row, page in shown
            # Two paths may hold the same bytes under the same name: one address.
            for digest, name in {(item.media.digest, item.name): None for item in page.media}
        )

    def _section(self, page: PageDocument, position: int, version: ModuleVersion) -> SectionVersion:
        return SectionVersion(
            version=version,
            section=self.sections[page.uuid,],
            slug=_slug(page, version.module),
            title=page.title[:LONGEST_TITLE],
            position=position,
            body=self.bodies[page.digest,],
            restricted=page.audiences is not None,
        )

    def _admit(self, model: type[Model], rows: Iterable[tuple[Model, PageDocument]]) -> None:
        """Say by audience whom each row is for."""
        through = getattr(model, "audiences").through  # noqa: B009
        through._default_manager.bulk_create(
            through(**{f"{model._meta.model_name}_id": row.pk, "audience_id": self.audiences[name]})
            for row, page in rows
            for name in sorted(page.audiences or ())
            if name in self.audiences
        )


def _last_numbers(identities: Sequence[Module | Path]) -> dict[Module | Path, int]:
    """The highest number of a version that each has. Two queries."""
    found: dict[Module | Path, int] = {}
    for model in (Module, Path):
        of_model = {row.pk: row for row in identities if isinstance(row, model)}
        numbers = model._default_manager.filter(pk__in=of_model).annotate(last=Max("versions__number"))
        found |= {of_model[pk]: last or 0 for pk, last in numbers.values_list("pk", "last")}
    return found


def _slug(page: PageDocument, module: Module) -> str:
    """Empty for the index page: its address is the module's."""
    return "" if page.uuid == module.uuid else page.slug


def _where(row: Row | SectionVersion) -> dict[str, Any]:
    if isinstance(row, SectionVersion):
        return {"version": row.version, "section_version": row}
    return {"version" if isinstance(row, ModuleVersion) else "path_version": row}


def _body(page: PageDocument) -> Body:
    headings = [{"level": h.level, "text": h.text, "slug": h.slug} for h in page.headings]
    return Body(digest=page.digest, source=page.source, html=page.html, headings=headings, text=page.text)


def _media(found: media_format.Media) -> Media:
    return Media(
        digest=found.digest,
        content_type=found.content_type,
        size=len(found.data),
        width=found.width,
        height=found.height,
    )


def _check_entry(stored: QuizVersion, check: Check) -> CheckEntry:
    return CheckEntry(
        quiz=stored.quiz_id,
        version=stored.pk,
        key=check.key,
        questions=asks(check),
        full=str(points(check)),
        gating=check.rule.kind != "practice",
    )
