"""The only writer of drafts: stores a tree of documents where it is new, and discards what was never live."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import Audience, User
from courses import addresses, files, keepers
from courses.bases import Body
from courses.documents import (
    CheckEntry,
    ComingSoon,
    Entry,
    ModuleDocument,
    OutsideLink,
    PageDocument,
    PathDocument,
    Tree,
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
from quizzes.models import QuizVersion

LONGEST_TITLE = 300  # characters that are stored; the page itself has all of it

Document = ModuleDocument | PathDocument
Row = ModuleVersion | PathVersion


@dataclass(frozen=True, slots=True)
class Draft:
    """What holds a document now; `created` is False where it held the same already."""

    version: Row
    created: bool


@dataclass(frozen=True, slots=True)
class _Import:
    by: User | None
    origin: str
    problems: list[Problem]


def store(tree: Tree, *, by: User | None, origin: str, problems: list[Problem]) -> list[Draft]:
    """Write what is new in a tree as immutable drafts, each with a line in the trail; all in its order.

    The same content again is the version that holds it already. Nothing that a learner
    sees changes. Raises `keepers.Conflict` when somebody else keeps uuids of the tree;
    what was kept of its files by then is named by no row.
    """
    known = _known(tree)
    packages = {d.page.uuid: _keep_files(d) for d in tree.documents if (d.page.uuid, d.digest) not in known}
    with transaction.atomic():
        keepers.refuse(keepers.claims_of_tree(tree))
        identities = _identities(tree)
        known = _known(tree)
        drafts = []
        for number, document in enumerate(tree.documents):
            uuid = document.page.uuid
            if same := known.get((uuid, document.digest)):
                drafts.append(Draft(same, created=False))
                continue
            told = _problems_of(document, problems, rest_of=tree if number == 0 else None)
            package = packages.get(uuid) or _keep_files(document)
            row = _write(document, identities[uuid], package, _Import(by, origin, told))
            what = "path imported" if isinstance(row, PathVersion) else "module imported"
            audit.record(by=by, what=what, whom=str(row), detail={"version": row.pk})
            drafts.append(Draft(row, created=True))
    return drafts


def discard(version: Row, *, by: User | None) -> bool:
    """Delete a version that was never published, with a line in the trail; False when it was, or is gone.

    A module or path whose only version it was goes with it, and so do sections that
    nothing else has: nobody can have a record of what was never live.
    """
    model: type[Module] | type[Path] = Module if isinstance(version, ModuleVersion) else Path
    with transaction.atomic():
        identity = model._default_manager.select_for_update().filter(pk=version.identity.pk).first()
        drafts = type(version)._default_manager.filter(published_at__isnull=True, live_for=None)
        draft = drafts.filter(pk=version.pk).first()
        if identity is None or draft is None:
            return False
        audit.record(by=by, what="draft discarded", whom=str(draft), detail={"version": draft.pk})
        if isinstance(draft, ModuleVersion):
            _delete_with_sections(draft)
        else:
            draft.delete()
        if not identity.versions.exists():
            _forget(identity)
    return True


def _delete_with_sections(draft: ModuleVersion) -> None:
    of_draft = list(draft.sections.values_list("section_id", flat=True))
    draft.delete()
    Section.objects.filter(pk__in=of_draft, versions=None).delete()


def _forget(identity: Module | Path) -> None:
    """Delete what has no version; sections of a module that other drafts have are theirs from now on."""
    if isinstance(identity, Module):
        for section in identity.sections.all():
            row = section.versions.select_related("version").order_by("pk").first()
            assert row is not None, "a section without versions went with its draft"
            section.module_id = row.version.module_id
            section.save(update_fields=["module"])
    identity.delete()


def _known(tree: Tree) -> dict[tuple[UUID, str], Row]:
    """The newest version of each document that holds the same already, by uuid and digest. Two queries."""
    uuids = {document.page.uuid for document in tree.documents}
    digests = {document.digest for document in tree.documents}
    modules = ModuleVersion.objects.filter(module__uuid__in=uuids, digest__in=digests)
    paths = PathVersion.objects.filter(path__uuid__in=uuids, digest__in=digests)
    found: list[Row] = [
        *modules.select_related("module").order_by("number"),
        *paths.select_related("path").order_by("number"),
    ]
    return {(row.identity.uuid, row.digest): row for row in found}


def _problems_of(document: Document, problems: Iterable[Problem], rest_of: Tree | None) -> list[Problem]:
    """Those of the document's own pages; with `rest_of`, those of no page of the tree, too."""
    own = {document.page.path, *(page.path for page in document.pages)}
    others: set[str] = set()
    if rest_of is not None:
        others = {page.path for page in rest_of.pages} - own
    return [p for p in problems if p.file in own or (rest_of is not None and p.file not in others)]


def _identities(tree: Tree) -> dict[UUID, Module | Path]:
    """The rows that the uuids name, made where they are new, and locked: two imports wait for each other."""
    found: dict[UUID, Module | Path] = {}
    for model, documents in ((Module, tree.modules), (Path, tree.paths)):
        pages = {document.page.uuid: document.page for document in documents}
        rows = model._default_manager.select_for_update().filter(uuid__in=pages).order_by("pk")
        found |= {row.uuid: row for row in rows}
        for uuid, page in pages.items():
            if uuid not in found:
                found[uuid] = model._default_manager.create(uuid=uuid, slug=addresses.free(model, page.slug))
    return found


def _write(document: Document, identity: Module | Path, package: dict[str, Any], of: _Import) -> Row:
    page = document.page
    common: dict[str, Any] = {
        "number": (identity.versions.aggregate(n=Max("number"))["n"] or 0) + 1,
        "digest": document.digest,
        "title": page.title[:LONGEST_TITLE],
        "description": page.description,
        "tags": list(page.tags),
        "categories": list(page.categories),
        "body": _body(page),
        "restricted": page.audiences is not None,
        "problems": [problem.as_dict() for problem in of.problems],
        "package": package,
        "origin": of.origin[:300],
        "created_by": of.by,
    }
    if isinstance(document, PathDocument):
        return _write_path(document, common | {"path": identity})
    return _write_module(document, common | {"module": identity})


def _write_path(document: PathDocument, common: Mapping[str, Any]) -> PathVersion:
    entries = [child.to_dict() for child in document.children]
    version = PathVersion(entries=entries, cards=document.cards, quiz=dict(document.quiz), **common)
    version.save()
    version.audiences.set(_audiences(document.page))
    _media(document.page, path_version=version)
    return version


def _write_module(document: ModuleDocument, common: Mapping[str, Any]) -> ModuleVersion:
    version = ModuleVersion(sequence=document.sequence, minutes=document.minutes, **common)
    version.save()
    version.audiences.set(_audiences(document.index))
    _media(document.index, version=version)
    entries = [_section(item, position, version) for position, item in enumerate(document.sections)]
    version.entries = [entry.to_dict() for entry in entries]
    version.save(update_fields=["entries"])
    return version


def _audiences(page: PageDocument) -> list[Audience]:
    return list(Audience.objects.filter(name__in=page.audiences or ()))


def _body(page: PageDocument) -> Body:
    body, _ = Body.objects.get_or_create(
        digest=page.digest,
        defaults={
            "source": page.source,
            "html": page.html,
            "headings": [{"level": h.level, "text": h.text, "slug": h.slug} for h in page.headings],
            "text": page.text,
        },
    )
    return body


def _section(item: PageDocument | ComingSoon | OutsideLink, position: int, version: ModuleVersion) -> Entry:
    """Write one section of a version; returns its line in the outline."""
    if not isinstance(item, PageDocument):
        url = item.url if isinstance(item, OutsideLink) else ""
        return Entry(None, None, "", item.title, item.depth, 0, False, None, url=url)
    is_index = item.uuid == version.module.uuid
    section, _ = Section.objects.get_or_create(uuid=item.uuid, defaults={"module": version.module})
    row = SectionVersion.objects.create(
        version=version,
        section=section,
        slug="" if is_index else item.slug,
        title=item.title[:LONGEST_TITLE],
        position=position,
        body=_body(item),
        restricted=item.audiences is not None,
    )
    row.audiences.set(_audiences(item))
    if not is_index:
        _media(item, version=version, section_version=row)
    return Entry(
        section=section.pk,
        uuid=str(item.uuid),
        slug=row.slug,
        title=item.title,
        depth=item.depth,
        minutes=item.minutes,
        required=item.required,
        audiences=None if item.audiences is None else tuple(sorted(item.audiences)),
        checks=_checks(item, row),
    )


def _checks(page: PageDocument, row: SectionVersion) -> tuple[CheckEntry, ...]:
    entries = []
    for place, check in enumerate(page.checks):
        stored = checks.store(check, page=page.uuid)
        SectionCheck.objects.create(section_version=row, quiz_version=stored, position=place)
        entries.append(_check_entry(stored, check.key, len(check.questions), str(check.points)))
    return tuple(entries)


def _check_entry(stored: QuizVersion, key: str, questions: int, full: str) -> CheckEntry:
    return CheckEntry(
        quiz=stored.quiz_id,
        version=stored.pk,
        key=key,
        questions=questions,
        full=full,
        gating=stored.spec_rule.kind != "practice",
    )


def _media(page: PageDocument, **where: ModuleVersion | PathVersion | SectionVersion) -> None:
    # Two paths may hold the same bytes under the same name: one address.
    for item in {(item.media.digest, item.name): item for item in page.media}.values():
        PageMedia.objects.create(media=_kept(item.media), name=item.name, **where)


def _keep_files(document: Document) -> dict[str, Any]:
    """Keep the pages' files as they are served and the package as it came; returns what names the latter.

    One page can be replaced in the package, and it can be given back. Done before the
    transaction: writing many files takes long, and the database has one writer at a time.
    """
    pages = {page.uuid: page for page in (document.page, *document.pages)}
    for page in pages.values():
        for item in page.media:
            files.keep(item.media.data)
    kept = {path: files.keep(data) for path, data in sorted(document.package.files.items())}
    where = {str(uuid): page.path for uuid, page in pages.items()}
    return {"root": document.package.root, "files": kept, "pages": where}


def _kept(found: media_format.Media) -> Media:
    """The row of a file that was kept, made once."""
    media, _ = Media.objects.get_or_create(
        digest=found.digest,
        defaults={
            "content_type": found.content_type,
            "size": len(found.data),
            "width": found.width,
            "height": found.height,
        },
    )
    return media
