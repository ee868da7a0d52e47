"""Editing a module in the browser: every save is kept, and what is whole becomes a draft.

Nothing that a learner sees changes here. A save takes any text, with errors too; it is
refused only where somebody else saved since, so that both texts can be laid side by side.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from authoring import imports
from authoring.imports import Imported
from authoring.merging import merge
from authoring.models import BrowserChange, Edit, WorkingCopy
from courses import files
from courses.models import Module, ModuleVersion
from markup import front_matter
from markup.package import Package, check_page
from markup.problems import Problem, Problems

_TITLE = re.compile(r"^# +(.+?)\s*#*$", re.MULTILINE)


class Overtaken(Exception):
    """Somebody saved this page since it was opened; `text` is what it holds now, `edit` their save.

    `edit` is None where the file that the page was opened on changed below it.
    """

    def __init__(self, text: str, edit: Edit | None) -> None:
        super().__init__(str(edit))
        self.text = text
        self.edit = edit


@dataclass(frozen=True)
class Desk:
    """A module as its authors have it before them: the files of a version, and what was typed over them.

    `copy` is None while nobody has saved anything; then `files` are those of `base` alone.
    """

    module: Module
    copy: WorkingCopy | None
    base: ModuleVersion | None
    root: str
    files: Mapping[str, str]  # path -> digest
    edits: Mapping[str, Edit]  # the newest of each path
    images: Mapping[str, str]  # path -> digest, of those that were added here

    @cached_property
    def paths(self) -> list[str]:
        """All pages: the index page, what the tocs list in reading order, then the others."""
        there = sorted(path for path in {*self.files, *self.edits} if path.lower().endswith(".md"))
        order: dict[str, None] = {}
        waiting = [self.root]
        while waiting:
            path = waiting.pop()
            if path in there and path not in order:
                order[path] = None
                meta, _body = front_matter.read(self.text(path), file=path, audiences=(), problems=Problems())
                waiting += [entry.path for entry in reversed(meta.toc)]
        return [*order, *(path for path in there if path not in order)]

    @property
    def clashes(self) -> list[str]:
        """Pages whose file changed below what was typed: to be decided before a draft is built."""
        return [path for path, edit in self.edits.items() if edit.based_on != self.files.get(path, "")]

    @property
    def has_moved(self) -> bool:
        """Whether another version is live than the one that the edits were made on, and is not known here."""
        live = self.module.published_version
        behind = self.base is None or live is None or live.number > self.base.number
        return self.copy is not None and live is not None and live != self.base and behind

    @property
    def query(self) -> str:
        """What keeps the addresses of this desk on its version while nothing is saved yet."""
        elsewhere = self.copy is None and self.base is not None and self.base != self.module.published_version
        return f"?on={self.base.pk}" if elsewhere and self.base else ""

    def base_text(self, path: str) -> str:
        """The page as it was before anybody typed; "" for a new one."""
        return _text(files.read(self.files[path])) if path in self.files else ""

    def text(self, path: str) -> str:
        """The page as it was saved last."""
        return self.edits[path].text if path in self.edits else self.base_text(path)

    def title(self, path: str) -> str:
        """What the page calls itself, or its path."""
        found = _TITLE.search(self.text(path))
        return found[1] if found else path

    def package(self, typed: Mapping[str, str] | None = None) -> tuple[Package, list[Problem]]:
        """The whole package with the edits in it, and what no page may be; `typed` is not saved yet."""
        texts = {path: edit.text for path, edit in self.edits.items()} | dict(typed or {})
        digests = {**self.files, **self._images_of(texts.values())}
        data = {path: files.read(digest) for path, digest in digests.items() if path not in texts}
        problems = Problems()
        for path, text in texts.items():
            data[path] = _as_file(text, files.read(self.files[path]) if path in self.files else b"")
            check_page(path, data[path], problems=problems)
        return Package(data, self.root, self.module.slug), list(problems)

    def _images_of(self, texts: Iterable[str]) -> dict[str, str]:
        """The added pictures that a page names: what was pasted and taken out again is no part of a draft."""
        told = "\n".join(texts)
        return {path: digest for path, digest in self.images.items() if posixpath.basename(path) in told}


def desk(module: Module, *, on: int | None = None) -> Desk:
    """What is open of a module; where nothing is, the version `on` (an id), else the live or newest one."""
    copy = WorkingCopy.objects.select_related("base", "started_by").filter(module=module).first()
    if copy is None:
        base = module.versions.filter(pk=on).first() if on else module.published_version
        base = base or module.versions.order_by("-number").first()
        package: dict[str, Any] = base.package if base else {"root": "", "files": {}}
        return Desk(module, None, base, package["root"], package["files"], {}, {})
    later = Edit.objects.filter(
        copy=OuterRef("copy"), path=OuterRef("path"), revision__gt=OuterRef("revision")
    )
    newest = Edit.objects.filter(~Exists(later), copy=copy).select_related("saved_by")
    images = dict(copy.images.values_list("path", "digest"))
    return Desk(module, copy, copy.base, copy.root, copy.files, {edit.path: edit for edit in newest}, images)


@transaction.atomic
def save(
    *, module: Module, on: int | None, path: str, text: str, revision: int, based_on: str, by: User
) -> Edit | None:
    """Keep a page as typed, as the revision after `revision`; returns it, None where it is the base's text.

    `revision` (0: none) and `based_on` are what the author had opened. Raises `Overtaken`, and writes
    nothing, when the page holds another revision or stands on another file by now. The same text
    again is no new revision. Opens the module's working copy on `on` when there is none.
    """
    held(module)
    now = desk(module, on=on)
    edit = now.edits.get(path)
    if edit is not None and edit.text == text and edit.based_on == based_on:
        return edit  # pressed twice
    if (edit.revision if edit else 0) != revision:
        raise Overtaken(now.text(path), edit)
    if now.files.get(path, "") != based_on and (edit is None or edit.based_on != based_on):
        raise Overtaken(now.base_text(path), None)
    if edit is None and path in now.files and text == now.base_text(path):
        return None
    return _add(open_copy(now, by=by), path, text, revision, based_on, by)


@transaction.atomic
def keep_theirs(*, module: Module, path: str, mine: str, by: User) -> None:
    """Leave a page as the others have it; `mine` stays among the earlier saves.

    What the others have is the file below an edit that clashes with it, else what was saved last.
    """
    held(module)
    now = desk(module)
    edit = now.edits.get(path)
    theirs = now.base_text(path) if path in now.clashes else now.text(path)
    copy, revision, based_on = open_copy(now, by=by), edit.revision if edit else 0, now.files.get(path, "")
    if edit is None or edit.text != mine:
        revision = _add(copy, path, mine, revision, based_on, by).revision
    _add(copy, path, theirs, revision, based_on, by)


@transaction.atomic
def discard(*, module: Module, by: User, path: str | None = None) -> None:
    """Delete what was typed on one page, or all of it, with a line in the trail."""
    held(module)
    copy = WorkingCopy.objects.filter(module=module).first()
    if copy is None:
        return
    gone = copy.edits.filter(path=path) if path else copy.edits.all()
    detail = {"pages": sorted(set(gone.values_list("path", flat=True)))}
    audit.record(by=by, what="edits discarded", whom=str(module), detail=detail)
    gone.delete()
    if not copy.edits.exists():
        copy.delete()


def build(*, module: Module, by: User) -> tuple[Desk, Imported | None]:
    """Import the edited package as a draft and close the working copy; with an error nothing is written.

    The draft notes which pages were written in the browser. What somebody saved while it was read
    stays open, on the new draft. None where there is nothing to build, or a page clashes.
    """
    read = desk(module)
    if read.copy is None or read.clashes:
        return read, None
    package, found = read.package()
    origin = _("Edited in the browser")
    if read.base is not None:
        origin = _("Edited in the browser, from version %(n)s") % {"n": read.base.number}
    done = imports.keep(package, found=found, by=by, origin=origin)
    if done.version is not None:
        _close(read, done.version, created=done.created, by=by)
    return read, done


@transaction.atomic
def rebase(*, module: Module, by: User) -> Desk:
    """Move the working copy onto the live version; returns the desk as it is then.

    Pages that nobody edited become the live ones. Where both changed different lines, both changes are
    saved as a new revision; where they meet, the page stays as typed and `Desk.clashes` names it.
    """
    held(module)
    before = desk(module)
    live = module.published_version
    if before.copy is None or live is None or not before.has_moved:
        return before
    copy = before.copy
    copy.base, copy.root, copy.files = live, live.package["root"], live.package["files"]
    copy.save(update_fields=["base", "root", "files"])
    for path, edit in before.edits.items():
        there = copy.files.get(path, "")
        if not edit.based_on or not there or there == edit.based_on:
            continue
        names = str(by), str(live)
        base, theirs = _text(files.read(edit.based_on)), _text(files.read(there))
        merged = merge(base, edit.text, theirs, names=names)
        if not merged.clashes:
            _add(copy, path, merged.text, edit.revision, there, by)
    return desk(module)


def opened(desk: Desk, path: str, *, revision: int, based_on: str) -> str:
    """The text that an author had before them when they began: that revision, else the file below it."""
    edit = desk.copy.edits.filter(path=path, revision=revision).first() if desk.copy else None
    return edit.text if edit else _text(files.read(based_on)) if based_on else ""


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


@transaction.atomic
def _close(read: Desk, version: ModuleVersion, *, created: bool, by: User) -> None:
    assert read.copy is not None
    held(read.module)
    if created:
        for path, digest in _written(read, version).items():
            edit = read.edits.get(path)
            BrowserChange.objects.create(
                version=version,
                path=path,
                before=read.files.get(path, ""),
                after=digest,
                by=edit.saved_by if edit else by,
            )
    for path, edit in read.edits.items():
        read.copy.edits.filter(path=path, revision__lte=edit.revision).delete()
        read.copy.edits.filter(path=path).update(based_on=version.package["files"].get(path, ""))
    read.copy.images.filter(path__in=read.images).delete()
    if read.copy.edits.exists():
        read.copy.base, read.copy.files = version, version.package["files"]
        read.copy.save(update_fields=["base", "files"])
    else:
        read.copy.delete()


def _written(read: Desk, version: ModuleVersion) -> dict[str, str]:
    """The files of a built version that were not so before: {path: digest}."""
    kept: dict[str, str] = version.package["files"]
    return {path: digest for path, digest in kept.items() if read.files.get(path) != digest}


def _text(data: bytes) -> str:
    """A file as it stands in a text field: no byte order mark, lines ended by a line feed."""
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _as_file(text: str, before: bytes) -> bytes:
    """A text with the byte order mark and the ends of line that its file had before."""
    if before and _text(before) == text:
        return before
    if before.count(b"\r\n") * 2 > before.count(b"\n"):
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b"") + text.encode()
