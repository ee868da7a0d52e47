"""Reads a folder, or one page with what belongs to it, from the disk into memory."""

from __future__ import annotations

import os
import posixpath
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from markup import contents, front_matter
from markup.limits import Limits
from markup.names import Register, is_ignored
from markup.problems import Problems


def read_folder(folder: Path, limits: Limits, problems: Problems) -> dict[str, bytes]:
    """All files below a folder by relative path. Reports E663, E682, E687, E688 and I690."""
    reader = _Reader(folder, limits, problems)
    reader.add_tree("")
    return reader.files


def read_page_and_company(page: Path, limits: Limits, problems: Problems) -> dict[str, bytes]:
    """A page, the folder of the same name beside it, and in the same way the pages that its toc reaches;
    and the files that all of them include.
    """
    reader = _Reader(page.parent, limits, problems)
    waiting = [page.name]
    while waiting:
        path = waiting.pop()
        before = set(reader.files)
        reader.add_file(path)
        reader.add_tree(path[: -len(".md")])
        for new in reader.files.keys() - before:
            waiting.extend(reader.missing_toc_entries(new))
    reader.add_included()
    return reader.files


class _Reader:
    def __init__(self, base: Path, limits: Limits, problems: Problems) -> None:
        self.base, self.limits, self.problems = base, limits, problems
        self.inside = base.resolve()
        self.register = Register(limits, problems)
        self.files: dict[str, bytes] = {}
        self.asked: set[str] = set()
        self.folders = {"": True}  # whether each is in this one, as far as anybody asked

    def add_tree(self, path: str) -> None:
        """All files below a folder, if there is such a folder."""
        waiting = [path] if path not in self.asked and self._has_folder(path) else []
        self.asked.add(path)
        while waiting:
            here = waiting.pop()
            with os.scandir(self.base / here) as entries:
                found = sorted(entries, key=lambda entry: entry.name, reverse=True)
            for entry in found:
                name = posixpath.join(here, entry.name)
                if not _is_folder(entry):
                    self._add(name, entry)
                elif is_ignored(name) or entry.is_symlink():
                    self._skip_folder(name)
                elif self.register.accept(name, folder=True) is not None:
                    waiting.append(name)

    def add_file(self, name: str) -> None:
        """One file, if it is there and may be read. Its name may be spelled in another form of Unicode, or
        with other capitals, than the disk has it.
        """
        name = self._on_disk(name)
        if self._has(name):
            self._add(name, self.base / name)

    def _add(self, name: str, at: Path | os.DirEntry[str]) -> None:
        if name in self.asked:
            return
        self.asked.add(name)
        kept = self.register.accept(name)
        if kept is not None and self._may_read(at, name):
            limit = self.limits.page + 1 if name.lower().endswith(".md") else -1
            with open(at, "rb") as stream:  # noqa: PTH123 (making a Path takes as long as reading most files)
                self.files[kept] = stream.read(limit)

    # What a page asks for may be longer than any name on a disk. A Path raises OSError for such a name, and
    # these two say that it is not there.

    def _has(self, name: str) -> bool:
        return os.path.lexists(self.base / name)

    def _has_folder(self, name: str) -> bool:
        return os.path.isdir(self.base / name)  # noqa: PTH112

    def _on_disk(self, name: str) -> str:
        if self._has(name):
            return name
        folder, _slash, wanted = name.rpartition("/")
        if not self._has_folder(folder):
            return name
        key = unicodedata.normalize("NFC", wanted).casefold()
        found = [
            entry.name
            for entry in (self.base / folder).iterdir()
            if unicodedata.normalize("NFC", entry.name).casefold() == key
        ]
        return posixpath.join(folder, found[0]) if len(found) == 1 else name

    def add_included(self) -> None:
        """What the files that were read include, and what that includes."""
        waiting = list(self.files)
        while waiting:
            path = waiting.pop()
            before = set(self.files)
            for name in contents.includes(path, self.files[path]):
                self.add_file(name)
            waiting.extend(self.files.keys() - before)

    def missing_toc_entries(self, path: str) -> Iterator[str]:
        """The pages that a page lists and that have not been read."""
        if not path.lower().endswith(".md"):
            return
        text = self.files[path].decode("utf-8-sig", "replace")
        page, _ = front_matter.read(text, file=path, audiences=(), problems=Problems())
        yield from (entry.path for entry in page.toc if entry.path and entry.path not in self.files)

    def _skip_folder(self, name: str) -> None:
        if self.register.accept(name, folder=True) is not None:
            self.problems.add("E682", "this is a link to a folder", file=name)

    def _may_read(self, at: Path | os.DirEntry[str], name: str) -> bool:
        """Links may lead to files of this folder alone; pipes and devices are never opened."""
        try:
            inside = self._leads_inside(at, name)
            found = at.stat()
        except (OSError, RuntimeError):
            inside = False
        if not inside or not stat.S_ISREG(found.st_mode):
            self.problems.add(
                "E682", "this is no file of the folder: a link that leaves it, or a device", file=name
            )
            return False
        if found.st_size > self.limits.video and not name.lower().endswith(".md"):
            self.problems.add("E663", f"the file has {found.st_size:,} bytes", file=name)
            return False
        return True

    def _leads_inside(self, at: Path | os.DirEntry[str], name: str) -> bool:
        """Whether what stands there is in this folder, all links followed. What is no link is where the
        folder around it is.
        """
        if at.is_symlink():
            return Path(at).resolve(strict=True).is_relative_to(self.inside)
        folder = name.rpartition("/")[0]
        if folder not in self.folders:
            self.folders[folder] = self._leads_inside(self.base / folder, folder)
        return self.folders[folder]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder, or a link to one; a link that leads in a circle leads to none."""
    return Path(entry).is_dir() if entry.is_symlink() else entry.is_dir()
