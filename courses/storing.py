"""The only writer of drafts: stores a tree of documents where it is new, and discards what was never live."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from courses import addresses, files, keepers
from courses.documents import Tree, Unchanged
from courses.models import Module, ModuleVersion, Path, PathVersion, Section
from courses.writing import Document, New, Row, Writing
from markup.problems import Problem

# Of a version: what who brings in does not need of those that were there, in which there is much to decode.
_LARGE = ("package", "problems", "description", "tags", "categories", "entries")


@dataclass(frozen=True, slots=True)
class Draft:
    """What holds a document now; `created` is False where it held the same already."""

    version: Row
    created: bool


class Forgotten(Exception):
    """Nothing holds what a memory called unchanged; `units` are these modules and paths."""

    def __init__(self, units: Collection[UUID]) -> None:
        self.units = frozenset(units)
        super().__init__(f"{len(self.units)} unchanged documents are stored nowhere")


def store(
    tree: Tree,
    *,
    by: User | None,
    origin: str,
    problems: list[Problem],
    made_from: Collection[ModuleVersion] = (),
) -> list[Draft]:
    """Write what is new in a tree as immutable drafts, each with a line in the trail; all in its order.

    `made_from` are the versions that the author changed, where they may not be the live ones. The same
    content again is the version that holds it already. Nothing that a learner sees changes.

    Raises `keepers.Conflict` when somebody else keeps uuids of the tree; what was kept of its files
    by then is named by no row. Raises `Forgotten` where a document that is called unchanged was
    discarded.
    """
    digests = {document.page.uuid: document.digest for document in tree.documents}
    packages = {d.page.uuid: _keep_files(d) for d in _unknown(tree, _held(digests))}
    with transaction.atomic():
        keepers.refuse(keepers.claims_of_tree(tree))
        identities = _identities(tree)
        known = _known(digests)
        unknown = _unknown(tree, known)
        new = [
            New(
                document,
                identities[document.page.uuid],
                packages.get(document.page.uuid) or _keep_files(document),
                _problems_of(document, problems, rest_of=tree if document is tree.documents[0] else None),
            )
            for document in unknown
        ]
        written = {
            row.identity.uuid: row for row in Writing(new).write(by=by, origin=origin, made_from=made_from)
        }
        for row in written.values():
            what = "path imported" if isinstance(row, PathVersion) else "module imported"
            audit.record(by=by, what=what, whom=str(row), detail={"version": row.pk})
    return [
        Draft(written[uuid], created=True) if uuid in written else Draft(known[uuid], created=False)
        for uuid in digests
    ]


def _unknown(tree: Tree, known: Container[UUID]) -> list[Document]:
    """The documents that nothing holds yet; Forgotten where one of them was not read."""
    missing = [document for document in tree.documents if document.page.uuid not in known]
    if unread := [document.page.uuid for document in missing if isinstance(document, Unchanged)]:
        raise Forgotten(unread)
    return [document for document in missing if not isinstance(document, Unchanged)]


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


def _held(digests: Mapping[UUID, str]) -> set[UUID]:
    """The documents that a version holds already, by name. Two queries."""
    among = set(digests.values())
    modules = ModuleVersion.objects.filter(module__uuid__in=digests, digest__in=among)
    paths = PathVersion.objects.filter(path__uuid__in=digests, digest__in=among)
    found = [*modules.values_list("module__uuid", "digest"), *paths.values_list("path__uuid", "digest")]
    return {uuid for uuid, digest in found if digests[uuid] == digest}


def _known(digests: Mapping[UUID, str]) -> dict[UUID, Row]:
    """The newest version that holds each of these documents already, without what is large. Two queries."""
    among = set(digests.values())
    modules = ModuleVersion.objects.filter(module__uuid__in=digests, digest__in=among).defer(*_LARGE)
    paths = PathVersion.objects.filter(path__uuid__in=digests, digest__in=among).defer(*_LARGE)
    found: list[Row] = [
        *modules.select_related("module").order_by("number"),
        *paths.select_related("path").order_by("number"),
    ]
    return {row.identity.uuid: row for row in found if digests[row.identity.uuid] == row.digest}


def _problems_of(document: Document, problems: Iterable[Problem], rest_of: Tree | None) -> list[Problem]:
    """Those of the document's own pages; with `rest_of`, those of no page of the tree, too."""
    own = {document.page.path, *(page.path for page in document.pages)}
    others: set[str] = set()
    if rest_of is not None:
        others = {page.path for d in rest_of.documents for page in (d.page, *d.pages)} - own
    return [p for p in problems if p.file in own or (rest_of is not None and p.file not in others)]


def _identities(tree: Tree) -> dict[UUID, Module | Path]:
    """The rows that the uuids name, made where they are new, and locked: two imports wait for each other.

    Paths before modules, as publishing locks them.
    """
    found: dict[UUID, Module | Path] = {}
    for model, documents in ((Path, tree.paths), (Module, tree.modules)):
        pages = {document.page.uuid: document.page for document in documents}
        rows = model._default_manager.select_for_update().filter(uuid__in=pages).order_by("pk")
        found |= {row.uuid: row for row in rows}
        for uuid, page in pages.items():
            if uuid not in found:
                found[uuid] = model._default_manager.create(uuid=uuid, slug=addresses.free(model, page.slug))
    return found


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
