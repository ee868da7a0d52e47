"""Opens what an author hands in: a folder, a .zip of one, or a single page. Nothing is written anywhere."""

from __future__ import annotations

import hashlib
import io
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from markup import contents, loose
from markup import root as root_page
from markup.archive import read_zip
from markup.folder import read_folder, read_page_and_company
from markup.limits import Limits
from markup.names import Register
from markup.problems import Problem, Problems

__all__ = ["Limits", "Package", "check_page", "open_package"]

_DEFAULT = Limits()
Loose = Sequence[tuple[str, BinaryIO]]  # several files by name


@dataclass(frozen=True, slots=True)
class Package:
    """The files by path (relative, with `/`, in Unicode's form NFC), and the path of the root page.

    Pages that are no UTF-8 text are `guessed`: they hold what they most likely say, for the pages that link
    to them and stand below them. With one of them nothing is to be kept.
    """

    files: Mapping[str, bytes]
    root: str | None
    name: str
    guessed: frozenset[str] = frozenset()
    _spelling: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def digest(self) -> str:
        """The sha256 in hex over the sorted paths and the sha256 of each file: equal for equal content."""
        total = hashlib.sha256()
        for path in sorted(self.files):
            total.update(f"{path}\0{hashlib.sha256(self.files[path]).hexdigest()}\n".encode())
        return total.hexdigest()

    def text(self, path: str) -> str:
        """A file as text, without byte order mark, lines ended by `\\n`. Raises KeyError,
        UnicodeDecodeError.
        """
        return contents.text(self.files[path])

    def text_or_none(self, path: str) -> str | None:
        """A file as text for a page that includes it; None if it is not there or is no text."""
        try:
            return self.text(path)
        except (KeyError, UnicodeDecodeError):
            return None

    def pages(self) -> list[str]:
        """The paths of all Markdown files, sorted."""
        return contents.markdown(self.files)

    def spelled(self, path: str) -> str | None:
        """The file that `path` names but for its capitals, if there is one (E687: never two)."""
        if not self._spelling:
            self._spelling.update((name.casefold(), name) for name in self.files)
        return self._spelling.get(path.casefold())


def open_package(
    source: Path | BinaryIO | Loose,
    *,
    name: str = "",
    root: str | None = None,
    rootless: bool = False,
    limits: Limits = _DEFAULT,
) -> tuple[Package | None, list[Problem]]:
    """Open a folder, a .zip, an .md file or several of them; a stream goes by the ending of `name`.

    A path to one .md brings what belongs to it: the folder of the same name beside it, the pages that its
    toc reaches and the files that they include; of several files alone, each is put where a toc lists its
    name. Returns the package, or None where there is an error but E686, and all problems (E621, E66x, E68x,
    I690). Counted bytes decide, never stated ones. A folder is limited by the size of its pages and its
    depth alone.

    `rootless`: where nothing is wrong but that no page stands above the others (E685), the package comes
    without a root, beside that problem.
    """
    problems = Problems()
    name = name or (source.name if isinstance(source, Path) else "")
    if isinstance(source, Path):
        files, root = _from_path(source, root, limits, problems)
    elif isinstance(source, Sequence):
        name = name or (source[0][0] if source else "")
        files = _from_several(source, limits, problems)
    else:
        files = _from_stream(source, name, limits, problems)
    guessed = _guess(files, limits, problems)
    if not _refused(problems):
        root = _root(files, guessed, root, name, problems)
    several = isinstance(source, Sequence) and len(source) > 1
    alone = name.lower().endswith(".md") and not several and not problems.errors
    if alone and root is not None and not files[root].strip():
        remedy = "Write a title and some text in it, and save it before you upload it."
        problems.add("E681", "the page is empty", file=root, remedy=remedy)
    unclear = {problem.code for problem in problems if problem.severity == "error"} - {"E686"}
    if unclear - {"E685"} or (root is None and not (rootless and unclear)):
        return None, list(problems)
    return Package(files, root, Path(name).stem, guessed), list(problems)


def _guess(files: dict[str, bytes], limits: Limits, problems: Problems) -> frozenset[str]:
    """Judge the bytes of every page, and put what is meant in the place of what is no text (E686)."""
    found = Problems()
    for path in contents.markdown(files):
        check_page(path, files[path], limits=limits, problems=found)
    problems.extend(found)
    guessed = frozenset(problem.file for problem in found if problem.code == "E686")
    files.update({path: contents.meant(files[path]) for path in guessed})
    return guessed


def _root(
    files: Mapping[str, bytes], guessed: Collection[str], named: str | None, name: str, problems: Problems
) -> str | None:
    """The page above all others. What that tells of a page that is guessed may not be so."""
    found = Problems()
    root = root_page.find(files, named, name, found)
    problems.extend(problem for problem in found if problem.file not in guessed)
    return root


def _refused(problems: Problems) -> bool:
    """Whether there is another error than that a page is no text, with which the others can be read."""
    return any(problem.severity == "error" and problem.code != "E686" for problem in problems)


def _from_path(
    source: Path, root: str | None, limits: Limits, problems: Problems
) -> tuple[dict[str, bytes], str | None]:
    if source.is_dir():
        return read_folder(source, limits, problems), root
    if not source.is_file():
        problems.add("E681", "there is no such file or folder", file=str(source), remedy="Check the path.")
        return {}, root
    if source.suffix.lower() == ".md":
        name = unicodedata.normalize("NFC", source.name)
        return read_page_and_company(source, limits, problems), root or name
    with source.open("rb") as stream:
        return _from_stream(stream, source.name, limits, problems), root


def _from_stream(stream: BinaryIO, name: str, limits: Limits, problems: Problems) -> dict[str, bytes]:
    if name.lower().endswith(".md"):
        data = stream.read(limits.page + 1)
        path = Register(limits, problems).accept(name)
        return {path: data} if path else {}
    if not name.lower().endswith(".zip"):
        problems.add(
            "E681",
            "this is neither a .zip nor an .md file",
            file=name or "upload",
            remedy="Upload a .zip of the module's folder, or one .md page.",
        )
        return {}
    if not stream.seekable():
        stream = io.BytesIO(stream.read(limits.zip + 1))
    return _without_top(read_zip(stream, name=name, limits=limits, problems=problems))


def _from_several(source: Loose, limits: Limits, problems: Problems) -> dict[str, bytes]:
    """One file as it would be by itself; several only where all of them are pages."""
    if len(source) == 1:
        [(name, stream)] = source
        return _from_stream(stream, name, limits, problems)
    if len(source) > limits.files:
        problems.add("E684", f"there are more than {limits.files:,} files", file=source[0][0])
        return {}
    register = Register(limits, problems)
    pages: dict[str, bytes] = {}
    for name, stream in source:
        if not name.lower().endswith(".md"):
            remedy = "Upload one .zip, or .md pages alone."
            problems.add("E681", "several files at once must all be .md pages", file=name, remedy=remedy)
        elif path := register.accept(name):
            pages[path] = stream.read(limits.page + 1)
    return pages if problems.errors else loose.arrange(pages, problems)


def _without_top(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files without the single folder that holds them all, if there is one."""
    tops = {path.partition("/")[0] for path in files}
    if len(tops) != 1 or any("/" not in path for path in files):
        return files
    return {path.partition("/")[2]: data for path, data in files.items()}


def check_page(path: str, data: bytes, *, problems: Problems, limits: Limits = _DEFAULT) -> None:
    """Report what the bytes of a page may not be: too many (E688), or no text (E686)."""
    if len(data) > limits.page:
        problems.add("E688", f"the page has more than {limits.page:,} bytes", file=path)
        return
    try:
        fault, at = ("a NUL character", data.index(0)) if b"\0" in data else ("", -1)
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        fault, at = "no UTF-8", error.start
    if at >= 0:
        before = contents.text(data[:at])
        line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
        problems.add("E686", f"byte {at:,} of the file is {fault}", file=path, line=line, column=column)
