"""The order of pages where no toc says one: by file name, as people count."""

from __future__ import annotations

import posixpath
import re

from markup.contents import asides, says
from markup.package import Package

_DIGITS = re.compile(r"(\d+)")


def natural(path: str) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """A key that puts `2-b` before `10-a`, and a folder where its page would stand."""
    return tuple(_part(part) for part in path.removesuffix(".md").split("/"))


def _part(part: str) -> tuple[tuple[int, int, str], ...]:
    pieces = (piece for piece in _DIGITS.split(part.casefold()) if piece)
    return tuple((0, int(piece), piece) if piece.isdecimal() else (1, 0, piece) for piece in pieces)


def tocs(package: Package) -> dict[str, list[str]]:
    """The pages below each page, for a package in which no page has a toc; else nothing.

    `x.md` has what is in `x/`, and so has `x/index.md` where there is no `x.md`. What has
    no page above it is the root's.
    """
    root = package.root
    aside = asides(package.files)
    pages = [path for path in package.pages() if path not in aside and path != root]
    if root is None or any(says(path, package.files[path]).toc for path in (root, *pages)):
        return {}
    known = {*pages, root}
    below: dict[str, list[str]] = {}
    for path in sorted(pages, key=natural):
        below.setdefault(_parent(path, known, root), []).append(path)
    return below


def unlisted(package: Package) -> list[str]:
    """The pages that no toc lists, as far as front matter can be read, in the order of their names."""
    aside = asides(package.files)
    pages = [path for path in package.pages() if path not in aside and path != package.root]
    tocs = (says(path, package.files[path]).toc for path in package.pages())
    listed = {entry.path.casefold() for toc in tocs for entry in toc}
    return sorted((path for path in pages if path.casefold() not in listed), key=natural)


def is_below(path: str, page: str) -> bool:
    """Whether a page stands in the folder of another: `x/` of `x.md`, all of its own of `index.md`."""
    folder = page.removesuffix(".md").removesuffix("index")
    return path.startswith(folder if not folder or folder.endswith("/") else f"{folder}/")


def _parent(path: str, known: set[str], root: str) -> str:
    folder = posixpath.dirname(path)
    while folder:
        for page in (f"{folder}.md", f"{folder}/index.md"):
            if page in known and page != path:
                return page
        folder = posixpath.dirname(folder)
    return root
