"""The only writer of the catalogue: stores a document as a draft, discards it, and moves the pointer.

`authoring.release` is the only caller of `publish`, because publishing also settles
what it means for people's records, and those lie above this app.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accounts import audit
from accounts.models import Audience, User
from courses import files, search
from courses.documents import CheckEntry, ComingSoon, Entry, ModuleDocument, PageDocument
from courses.models import (
    Body,
    Media,
    Module,
    ModuleVersion,
    PageMedia,
    Section,
    SectionCheck,
    SectionVersion,
)
from markup import media as media_format
from markup.problems import Problem
from quizzes import storing
from quizzes.models import QuizVersion

LONGEST_TITLE = 300  # characters that are stored; the page itself has all of it


class Conflict(Exception):
    """Another module keeps a uuid of this document: `path` names the page, `message` whose uuid it is."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


def store(
    document: ModuleDocument, *, by: User | None, origin: str, problems: list[Problem]
) -> tuple[ModuleVersion, bool]:
    """Write a document as an immutable draft, with a line in the trail; returns it and whether it is new.

    The same content again returns the version that holds it already. Nothing that a
    learner sees changes. Raises `Conflict` when another module keeps one of the
    document's uuids; what was kept of its files by then is named by no row.
    """
    package = {"root": document.package.root, "files": _keep_files(document)}
    with transaction.atomic():
        version, created = _store(document, package, by=by, origin=origin, problems=problems)
        if created:
            audit.record(by=by, what="module imported", whom=str(version), detail={"version": version.pk})
    return version, created


def _store(
    document: ModuleDocument,
    package: dict[str, Any],
    *,
    by: User | None,
    origin: str,
    problems: list[Problem],
) -> tuple[ModuleVersion, bool]:
    module = _module(document)
    Module.objects.select_for_update().get(pk=module.pk)  # two imports of one module wait for each other
    same = module.versions.filter(digest=document.digest).order_by("-number").first()
    if same is not None:
        return same, False
    number = (module.versions.aggregate(n=Max("number"))["n"] or 0) + 1
    index = document.index
    version = ModuleVersion(
        module=module,
        number=number,
        digest=document.digest,
        title=index.title[:LONGEST_TITLE],
        description=index.description,
        sequence=document.sequence,
        minutes=document.minutes,
        body=_body(index),
        restricted=index.audiences is not None,
        problems=[problem.as_dict() for problem in problems],
        package=package,
        origin=origin[:300],
        created_by=by,
    )
    version.save()
    version.audiences.set(_audiences(index))
    _media(index, version=version, section_version=None)
    entries = [_section(item, position, version) for position, item in enumerate(document.sections)]
    version.entries = [entry.to_dict() for entry in entries]
    version.save(update_fields=["entries"])
    return version, True


def publish(
    version: ModuleVersion, *, by: User | None, why: str = "", together: Sequence[ModuleVersion] = ()
) -> ModuleVersion | None:
    """Make a version the live one; returns the version that was live until now.

    Moves the pointer, stamps who, when and why, and notes where its sections live
    now and what search finds. Records are not touched: the caller settles them in the same transaction.
    Raises `Conflict` when a page of the version is live in another module by now; of those
    whose versions are published `together`, these count.
    """
    module = (
        Module.objects.select_for_update(of=("self",))
        .select_related("published_version")
        .get(pk=version.module_id)
    )
    _refuse_section(module.uuid, version.title)
    for row in version.sections.select_related("section"):
        _refuse_kept(row.section.uuid, row.title, module, together)
    before = module.published_version
    module.published_version = version
    module.save(update_fields=["published_version"])
    version.published_at, version.published_by, version.why = timezone.now(), by, why
    version.save(update_fields=["published_at", "published_by", "why"])
    Section.objects.filter(versions__version=version).update(module=module)
    search.update(module)
    return before


def discard(version: ModuleVersion, *, by: User | None) -> bool:
    """Delete a version that was never published, with a line in the trail; False when it was, or is gone.

    A module whose only version it was goes with it, and so do sections that nothing else
    has: nobody can have a record of what was never live.
    """
    with transaction.atomic():
        module = Module.objects.select_for_update().filter(pk=version.module_id).first()
        draft = ModuleVersion.objects.filter(pk=version.pk, published_at__isnull=True, live_for=None).first()
        if module is None or draft is None:
            return False
        audit.record(by=by, what="draft discarded", whom=str(draft), detail={"version": draft.pk})
        of_draft = list(draft.sections.values_list("section_id", flat=True))
        draft.delete()
        Section.objects.filter(pk__in=of_draft, versions=None).delete()
        if not module.versions.exists():
            _forget(module)
    return True


def _forget(module: Module) -> None:
    """Delete a module without versions; sections that other drafts have are theirs from now on."""
    for section in module.sections.all():
        row = section.versions.select_related("version").order_by("pk").first()
        assert row is not None, "a section without versions went with its draft"
        section.module_id = row.version.module_id
        section.save(update_fields=["module"])
    module.delete()


def _module(document: ModuleDocument) -> Module:
    """The identity that the index page's uuid names, made when it is new."""
    index = document.index
    _refuse_section(index.uuid, index.path)
    module = Module.objects.filter(uuid=index.uuid).first()
    if module is None:
        module = Module.objects.create(uuid=index.uuid, slug=_free_slug(index.slug))
    for page in document.pages:
        _refuse_kept(page.uuid, page.path, module)
    return module


def _refuse_section(uuid: UUID, where: str) -> None:
    """A page that was ever published as another module's section does not become a module (E604)."""
    shown = SectionVersion.objects.filter(section__uuid=uuid, version__published_at__isnull=False)
    if kept := shown.exclude(version__module__uuid=uuid).select_related("version__module").first():
        raise Conflict(where, f"this uuid is that of a section of “{kept.version.module}”")


def changed(before: ModuleVersion, now: ModuleVersion) -> list[str]:
    """The uuids of the pages that both versions have, with another text."""
    index = str(now.module.uuid)
    was, is_ = ({**_bodies(version), index: version.body_id} for version in (before, now))
    return [uuid for uuid, body in is_.items() if uuid in was and was[uuid] != body]


def _bodies(version: ModuleVersion) -> dict[str, int]:
    rows = version.sections.order_by("position").values_list("section__uuid", "body")
    return {str(uuid): body for uuid, body in rows}


def _refuse_kept(uuid: UUID, where: str, module: Module, together: Sequence[ModuleVersion] = ()) -> None:
    """A uuid belongs to one module: another that still shows the page keeps it (E604).

    What was never published keeps nothing: whichever draft goes live first has the page,
    and a page that was uploaded alone by mistake is not in the way of its module.
    """
    ever = Module.objects.filter(uuid=uuid, versions__published_at__isnull=False)
    if other := ever.exclude(pk=module.pk).first():
        raise Conflict(where, f"this uuid is that of the module “{other}”")
    counts = Q(version__live_for__isnull=False) & ~Q(version__module__in=[v.module_id for v in together])
    kept = (
        SectionVersion.objects.filter(counts | Q(version__in=together), section__uuid=uuid)
        .exclude(version__module=module)
        .select_related("version")
        .first()
    )
    if kept is not None:
        raise Conflict(where, f"this uuid is that of “{kept.title}” in the module “{kept.version.title}”")


def _free_slug(slug: str) -> str:
    taken = set(Module.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    free, number = slug, 2
    while free in taken:
        free, number = f"{slug}-{number}", number + 1
    return free


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


def _section(item: PageDocument | ComingSoon, position: int, version: ModuleVersion) -> Entry:
    """Write one section of a version; returns its line in the outline."""
    if isinstance(item, ComingSoon):
        return Entry(None, None, "", item.title, item.depth, 0, False, None)
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
    checks = []
    for place, check in enumerate(item.checks):
        stored = storing.store(check, page=item.uuid)
        SectionCheck.objects.create(section_version=row, quiz_version=stored, position=place)
        checks.append(_check_entry(stored, check.key, len(check.questions), str(check.points)))
    return Entry(
        section=section.pk,
        uuid=str(item.uuid),
        slug=row.slug,
        title=item.title,
        depth=item.depth,
        minutes=item.minutes,
        required=item.required,
        audiences=None if item.audiences is None else tuple(sorted(item.audiences)),
        checks=tuple(checks),
    )


def _check_entry(stored: QuizVersion, key: str, questions: int, full: str) -> CheckEntry:
    return CheckEntry(
        quiz=stored.quiz_id,
        version=stored.pk,
        key=key,
        questions=questions,
        full=full,
        gating=stored.spec_rule.kind != "practice",
    )


def _media(page: PageDocument, *, version: ModuleVersion, section_version: SectionVersion | None) -> None:
    # Two paths may hold the same bytes under the same name: one address.
    for item in {(item.media.digest, item.name): item for item in page.media}.values():
        media = _kept(item.media)
        PageMedia.objects.create(
            version=version, section_version=section_version, media=media, name=item.name
        )


def _keep_files(document: ModuleDocument) -> dict[str, str]:
    """Keep the pages' files as they are served and the package as it came; returns the latter's digests.

    One page can be replaced in the package, and it can be given back. Done before the
    transaction: writing many files takes long, and the database has one writer at a time.
    """
    for page in (document.index, *document.pages):
        for item in page.media:
            files.keep(item.media.data)
    return {path: files.keep(data) for path, data in sorted(document.package.files.items())}


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
