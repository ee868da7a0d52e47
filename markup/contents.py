"""Which Markdown files of a package are its pages: no README.md, no question banks, nothing included."""

from __future__ import annotations

import codecs
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from markup import front_matter
from markup.front_matter import FrontMatter
from markup.links import of_package
from markup.problems import Problems

_INCLUDE = re.compile(rb"[ \t>]*(?:`{3,}|:{3,}|~{3,})[ \t]*\{(?:literal)?include\}[ \t]+([^\s].*)")


def markdown(paths: Iterable[str]) -> list[str]:
    """The paths of all Markdown files, sorted."""
    return sorted(path for path in paths if path.lower().endswith(".md"))


def text(data: bytes) -> str:
    """A file as text, without byte order mark, lines ended by `\\n`. Raises UnicodeDecodeError."""
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def meant(data: bytes) -> bytes:
    """What bytes that are no text most likely say, in UTF-8: for the pages beside them, which link to it
    and stand below it.
    """
    coding = "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "cp1252"
    try:
        said = data.decode("utf-8")
    except UnicodeDecodeError:
        said = data.removeprefix(codecs.BOM_UTF8).decode(coding, "replace")
    return said.replace("\0", " ").encode()


def says(path: str, data: bytes, problems: Problems | None = None) -> FrontMatter:
    """What a page says about itself, for those who do not judge it."""
    problems = Problems() if problems is None else problems
    return front_matter.read(text(data), file=path, audiences=(), problems=problems)[0]


def asides(files: Mapping[str, bytes]) -> frozenset[str]:
    """The Markdown files that are no pages of a course."""
    pages = markdown(files)
    readme = {path for path in pages if posixpath.basename(path).lower() == "readme.md"}
    banks = {path for path in pages if is_bank(path, files[path])}
    return frozenset(readme | banks | (_included(files, pages) & set(pages)))


def is_bank(path: str, data: bytes) -> bool:
    """Whether a Markdown file says of itself that it is a question bank."""
    return b"question-bank" in data and says(path, data).kind == "question-bank"


def _included(files: Mapping[str, bytes], pages: Iterable[str]) -> set[str]:
    """What one page or another includes, by path."""
    return {name for path in pages for name in includes(path, files[path])}


def includes(path: str, data: bytes) -> Iterator[str]:
    """The files that a file includes, by path, whether they are there or not."""
    if b"include}" not in data:
        return
    for line in data.split(b"\n"):
        if b"include}" in line and (written := _INCLUDE.fullmatch(line)):
            name = written[1].decode("utf-8", "replace").strip().strip("<>")
            if found := of_package(path, name):
                yield found
