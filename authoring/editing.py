"""Editing a module in the browser: every save is kept, and what is whole becomes a draft.

Nothing that a learner sees changes here. A save takes any text, with errors too; it is
refused only where somebody else saved since, so that both texts can be laid side by side.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from authoring import imports, limited
from authoring.desk import Desk, desk_for, text_of
from authoring.imports import Imported
from authoring.merging import merge
from authoring.models import BrowserChange, Edit, WorkingCopy
from courses import files
from courses.models import Module, ModuleVersion
from markup.package import Package


class Overtaken(Exception):
    """Somebody saved this page since it was opened; `text` is what it holds now, `edit` their save.

    `edit` is None where the file that the page was opened on changed below it.
    """

    def __init__(self, text: str, edit: Edit | None) -> None:
        super().__init__(str(edit))
        self.text = text
        self.edit = edit


@dataclass(frozen=True, slots=True)
class Built:
    """What came of building: the desk as it was read, what the import said, and this module's draft.

    `done` is None where nothing is edited or a page clashes. `created` is False where the draft is an
    older version that holds the same.
    """

    desk: Desk
    done: Imported | None = None
    version: ModuleVersion | None = None
    created: bool = False

    @property
    def left_out(self) -> list[str]:
        """Pages that no toc reaches, so that they were no reason for a new draft: they stay open."""
        kept = self.version.package["files"] if self.version else {}
        return [path for path in self.desk.edits if path not in kept]


@transaction.atomic
def save(
    *, module: Module, on: int | None, path: str, text: str, over: int, based_on: str, by: User
) -> Edit | None:
    """Keep a page as typed; returns the new save, None where the text is the base's.

    `over` (the id of a save, 0: none) and `based_on` are what the author had opened. Raises `Overtaken`,
    and writes nothing, when the page holds another save or stands on another file by now. The same
    text again is no new save. Opens the module's working copy on `on` when there is none.
    """
    held(module)
    now = desk_for(module, on=on)
    edit = now.edits.get(path)
    if edit is not None and edit.text == text and edit.based_on == based_on:
        return edit  # pressed twice
    if (edit.pk if edit else 0) != over:
        raise Overtaken(now.text(path), edit)
    if now.files.get(path, "") != based_on and (edit is None or edit.based_on != based_on):
        raise Overtaken(now.base_text(path), None)
    if edit is None and path in now.files and text == now.base_text(path):
        return None
    return _add(open_copy(now, by=by), path, text, edit.revision if edit else 0, based_on, by)


@transaction.atomic
def keep_theirs(*, module: Module, path: str, mine: str, based_on: str, by: User) -> None:
    """Leave a page as the others have it; `mine` stays among the earlier saves.

    What the others have is the file below an edit that clashes with it where `based_on` is that file,
    else what was saved last.
    """
    held(module)
    now = desk_for(module)
    edit = now.edits.get(path)
    below = now.files.get(path, "")
    theirs = now.base_text(path) if based_on == below and path in now.clashes else now.text(path)
    stands = edit.based_on if edit and based_on != below else below
    copy, revision = open_copy(now, by=by), edit.revision if edit else 0
    if edit is None or edit.text != mine:
        revision = _add(copy, path, mine, revision, stands, by).revision
    _add(copy, path, theirs, revision, stands, by)


@transaction.atomic
def discard(*, module: Module, by: User, seen: int, path: str | None = None) -> bool:
    """Delete what was typed on one page, or all of it, with a line in the trail.

    `seen` is `Desk.newest` as it was when that was decided: False, and nothing is deleted, when somebody
    has saved one of the pages since.
    """
    held(module)
    now = desk_for(module)
    pages = sorted(now.edits if path is None else {path} & set(now.edits))
    if any(now.edits[page].pk > seen for page in pages):
        return False
    if now.copy is None or (path is not None and not pages):
        return True
    audit.record(by=by, what="edits discarded", whom=str(module), detail={"pages": pages})
    now.copy.edits.filter(path__in=pages).delete()
    if not now.copy.edits.exists():
        now.copy.delete()
    return True


def build(*, module: Module, by: User) -> Built:
    """Import the edited package as a draft and close the working copy; with an error nothing is written.

    The draft notes which pages were written in the browser, and keeps their saves. What it does not hold
    stays open: a page that no toc lists, and what somebody saved while the package was read.
    """
    read = desk_for(module)
    if read.copy is None or read.clashes:
        return Built(read)
    package, found = read.package()
    origin = _("Edited in the browser")
    if read.base is not None:
        origin = _("Edited in the browser, from version %(n)s") % {"n": read.base.number}
    ground = read.base.ground if read.base else None
    done = imports.keep(package, found=found, by=by, origin=origin, made_from=ground, read=limited.patiently)
    for draft in done.drafts:
        if isinstance(draft.version, ModuleVersion) and draft.version.module_id == module.pk:
            _close(read, package, draft.version, created=draft.created, by=by)
            return Built(read, done, draft.version, draft.created)
    return Built(read, done)


@transaction.atomic
def rebase(*, module: Module, on: int | None = None, by: User) -> Desk:
    """Move the working copy, or the draft `on` where nothing is open, onto the live version.

    Returns the desk as it is then. Pages that nobody edited, and that the draft below the edits did not
    change, become the live ones. Where both changed different lines, both changes are saved as a new
    revision; where they meet, the page stays as typed and `Desk.clashes` names it.
    """
    held(module)
    before = desk_for(module, on=on)
    live = module.published_version
    if live is None or not before.has_moved:
        return before
    copy = open_copy(before, by=by)
    _carry(before, live, copy, by=by)
    before = desk_for(module)
    copy.base, copy.root, copy.files = live, live.package["root"], live.package["files"]
    copy.save(update_fields=["base", "root", "files"])
    _make_room(before, copy, by=by)
    for path, edit in desk_for(module).edits.items():
        there = copy.files.get(path, "")
        if not edit.based_on or not there or there == edit.based_on:
            continue
        names = str(by), str(live)
        base, theirs = text_of(files.read(edit.based_on)), text_of(files.read(there))
        merged = merge(base, edit.text, theirs, names=names)
        if not merged.clashes:
            _add(copy, path, merged.text, edit.revision, there, by)
    return desk_for(module)


def would_lose(version: ModuleVersion) -> bool:
    """Whether a module goes with this version, its only one, although something of it is being edited."""
    others = ModuleVersion.objects.filter(module=version.module_id).exclude(pk=version.pk)
    return Edit.objects.filter(copy__module=version.module_id).exists() and not others.exists()


def open_edits() -> list[dict[str, Any]]:
    """Where something is being edited: module, title, how many pages, by whom and when last. One query."""
    rows = (
        Edit.objects.filter(copy__isnull=False)
        .order_by("-saved_at")
        .values_list(
            "copy__module__slug", "copy__base__title", "path", "saved_by__name", "saved_by__email", "saved_at"
        )
    )
    found: dict[str, dict[str, Any]] = {}
    for slug, title, path, name, email, at in rows:
        told = found.setdefault(
            slug, {"slug": slug, "title": title or slug, "at": at, "pages": {}, "who": {}}
        )
        told["pages"][path] = told["who"][name or email] = None
    return list(found.values())


def first_text(path: str) -> str:
    """What a new page begins with: an identity of its own, and a title from its name."""
    title = posixpath.basename(path).removesuffix(".md").replace("-", " ").replace("_", " ").capitalize()
    return f"---\nuuid: {uuid4()}\n---\n\n# {title}\n\n"


def held(module: Module) -> None:
    """Let nobody else change this module's working copy until the transaction ends."""
    Module.objects.select_for_update().get(pk=module.pk)


def open_copy(now: Desk, *, by: User) -> WorkingCopy:
    """The module's working copy, made where nothing was open."""
    return now.copy or WorkingCopy.objects.create(
        module=now.module, base=now.base, root=now.root, files=dict(now.files), started_by=by
    )


def _add(copy: WorkingCopy, path: str, text: str, revision: int, based_on: str, by: User) -> Edit:
    return Edit.objects.create(
        copy=copy, path=path, text=text, revision=revision + 1, based_on=based_on, saved_by=by
    )


def _carry(before: Desk, live: ModuleVersion, copy: WorkingCopy, *, by: User) -> None:
    """Save what the draft below the edits changed itself as edits of what it was made from.

    So it is merged with what went live since, as the edits are. Only new pictures go with it.
    """
    ground = before.base.ground if before.base else None
    if ground is None or ground == before.base:
        return
    was: dict[str, str] = ground.package["files"]
    for path, digest in before.files.items():
        if digest in (was.get(path), live.package["files"].get(path)):
            continue
        if path.lower().endswith(".md"):
            edit = before.edits.get(path)
            _add(copy, path, before.text(path), edit.revision if edit else 0, was.get(path, ""), by)
        elif path not in was and path not in before.images:
            copy.images.create(path=path, digest=digest, added_by=by)


def _make_room(before: Desk, copy: WorkingCopy, *, by: User) -> None:
    """Give the added pictures whose place another has by now a new one, also in the text of their page."""
    for place, digest in before.images.items():
        if copy.files.get(place, digest) == digest:
            continue
        page = posixpath.dirname(posixpath.dirname(place)) + ".md"
        free = desk_for(copy.module).free_image(page, posixpath.splitext(place)[1])
        copy.images.filter(path=place).update(path=free)
        folder = posixpath.dirname(page) or "."
        old, new = posixpath.relpath(place, folder), posixpath.relpath(free, folder)
        edit = desk_for(copy.module).edits.get(page)
        if edit is not None and old in edit.text:
            _add(copy, page, edit.text.replace(old, new), edit.revision, edit.based_on, by)


@transaction.atomic
def _close(read: Desk, package: Package, version: ModuleVersion, *, created: bool, by: User) -> None:
    """Give the version the saves that it holds by now, and note what is new; what is left stands on it."""
    assert read.copy is not None
    held(read.module)
    kept: dict[str, str] = version.package["files"]
    if created:
        _note(read, version, by=by)
    for path, edit in read.edits.items():
        if kept.get(path) == sha256(package.files[path]).hexdigest():
            read.copy.edits.filter(path=path, revision__lte=edit.revision).update(copy=None, version=version)
            read.copy.edits.filter(path=path).update(based_on=kept[path])
    read.copy.images.filter(path__in=kept).delete()
    if read.copy.edits.exists():
        read.copy.base, read.copy.root, read.copy.files = version, version.package["root"], kept
        read.copy.save(update_fields=["base", "root", "files"])
    else:
        read.copy.delete()


def _note(read: Desk, version: ModuleVersion, *, by: User) -> None:
    """Which files of a draft were not in the version before, and by whom; and a line in the trail."""
    kept: dict[str, str] = version.package["files"]
    for path, digest in kept.items():
        before = read.files.get(path, "")
        if before != digest:
            who = read.edits[path].saved_by if path in read.edits else by
            BrowserChange.objects.create(version=version, path=path, before=before, after=digest, by=who)
    audit.record(by=by, what="edits built", whom=str(version), detail={"pages": sorted(read.edits)})
