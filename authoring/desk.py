"""A module as its authors have it before them: the files of a version, and what was typed over them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef

from authoring.models import Edit, WorkingCopy
from courses import files
from courses.models import Module, ModuleVersion
from markup import front_matter
from markup.limits import Limits
from markup.package import Package, check_page
from markup.problems import Problem, Problems

_NUMBER = re.compile(r"(\d{1,6})\.\w+")


@dataclass(frozen=True)
class Desk:
    """The open edits of a module, or the version that editing would begin on.

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
    def newest(self) -> int:
        """The id of what was saved last on any page; 0 while nothing is."""
        return max((edit.pk for edit in self.edits.values()), default=0)

    @property
    def has_moved(self) -> bool:
        """Whether another version went live than the one that all of this was made from.

        A draft counts before anybody edits it; what was live once, or is gone, only below edits.
        """
        live, base = self.module.published_version, self.base
        if live is None or live == base or (self.copy is None and (base is None or base.published_at)):
            return False
        if base is None or base.ground is None:
            return base is None or live.number > base.number
        return base.ground != live

    @property
    def query(self) -> str:
        """What keeps the addresses of this desk on its version while nothing is saved yet."""
        elsewhere = self.copy is None and self.base is not None and self.base != self.module.published_version
        return f"?on={self.base.pk}" if elsewhere and self.base else ""

    def base_text(self, path: str) -> str:
        """The page as it was before anybody typed; "" for a new one."""
        return text_of(files.read(self.files[path])) if path in self.files else ""

    def text(self, path: str) -> str:
        """The page as it was saved last."""
        return self.edits[path].text if path in self.edits else self.base_text(path)

    def title(self, path: str) -> str:
        """What the page calls itself, or its path."""
        return title_of(self.text(path), path)

    def package(self, typed: Mapping[str, str] | None = None) -> tuple[Package, list[Problem]]:
        """The whole package with the edits in it, and what no page may be; `typed` is not saved yet."""
        texts = {path: edit.text for path, edit in self.edits.items()} | dict(typed or {})
        digests = {**self.files, **self._images_of(texts.values())}
        data = {path: files.read(digest) for path, digest in digests.items() if path not in texts}
        problems = Problems()
        for path, text in texts.items():
            data[path] = _as_file(text, files.read(self.files[path]) if path in self.files else b"")
            check_page(path, data[path], problems=problems)
        if len(data) > Limits().files:
            problems.add("E684", f"{len(data):,} files, {Limits().files:,} are allowed", file=self.root)
        return Package(data, self.root, self.module.slug), list(problems)

    def free_image(self, page: str, ending: str) -> str:
        """The next number in a page's own folder of pictures, whatever the other pictures there end in."""
        folder = posixpath.splitext(page)[0] + "/images"
        there = (path.rpartition("/") for path in (*self.files, *self.images))
        numbers = (_NUMBER.fullmatch(name) for place, _slash, name in there if place == folder)
        return f"{folder}/{max((int(found[1]) for found in numbers if found), default=0) + 1:02}{ending}"

    def _images_of(self, texts: Iterable[str]) -> dict[str, str]:
        """The added pictures that a page names: what was pasted and taken out again is no part of a draft."""
        told = "\n".join(texts)
        return {path: digest for path, digest in self.images.items() if posixpath.basename(path) in told}


def desk_for(module: Module, *, on: int | None = None) -> Desk:
    """What is open of a module; where nothing is, the version `on` (an id) or the one to go on with."""
    copy = WorkingCopy.objects.select_related("base__made_from", "started_by").filter(module=module).first()
    if copy is None:
        base = module.versions.filter(pk=on).first() if on else None
        base = base or _to_go_on_with(module)
        package: dict[str, Any] = base.package if base else {"root": "", "files": {}}
        return Desk(module, None, base, package["root"], package["files"], {}, {})
    later = Edit.objects.filter(
        copy=OuterRef("copy"), path=OuterRef("path"), revision__gt=OuterRef("revision")
    )
    newest = Edit.objects.filter(~Exists(later), copy=copy).select_related("saved_by")
    images = dict(copy.images.values_list("path", "digest"))
    return Desk(module, copy, copy.base, copy.root, copy.files, {edit.path: edit for edit in newest}, images)


def _to_go_on_with(module: Module) -> ModuleVersion | None:
    """The last draft that was built in the browser and waits, else the live version, else the newest."""
    live = module.published_version
    newest = module.versions.order_by("-number")
    waiting = newest.filter(published_at=None, browser_changes__isnull=False)
    return waiting.filter(number__gt=live.number if live else 0).first() or live or newest.first()


def text_of(data: bytes) -> str:
    """A file as it stands in a text field: no byte order mark, lines ended by a line feed."""
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def title_of(text: str, path: str) -> str:
    """What a page calls itself, else where it stands."""
    for line in text.split("\n"):
        words = line.removeprefix("# ").strip()
        if words and line.startswith("# "):
            bare = words.rstrip("#")
            return bare.rstrip() if bare.endswith((" ", "\t")) else words
    return path


def _as_file(text: str, before: bytes) -> bytes:
    """A text with the byte order mark and the ends of line that its file had before."""
    if before and text_of(before) == text:
        return before
    if before.count(b"\r\n") * 2 > before.count(b"\n"):
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b"") + text.encode()
