"""Which page of a package stands above all others."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Collection, Mapping

from markup import contents
from markup.front_matter import FrontMatter
from markup.problems import Problems, did_you_mean


def find(files: Mapping[str, bytes], named: str | None, name: str, problems: Problems) -> str | None:
    """The page that the caller names; else the only unlisted page that has a toc; else the page that
    stands above the others by its place.

    A page that no other lists and whose front matter cannot be read may be the one. By its place it is, or
    another is and its errors are told beside what is found there; where neither is clear, they are what
    there is to say. Reports E685 on `name`.
    """
    if named is not None:
        named = unicodedata.normalize("NFC", named.removeprefix("./"))
        if named in files and named.lower().endswith(".md"):
            return named
    aside = contents.asides(files)
    paths = [path for path in contents.markdown(files) if path not in aside]
    if named is not None:
        problems.add("E685", f"there is no page “{named}”{did_you_mean(named, paths)}", file=name)
        return None
    found = {path: Problems() for path in paths}
    pages = {path: contents.says(path, files[path], found[path]) for path in paths}
    unlisted = _unlisted(pages)
    unread = [path for path in unlisted if pages[path].unread]
    roots = [path for path in unlisted if pages[path].toc]
    if unread and _above_others(unlisted) == unread:
        return unread[0]
    if unread and len(pages) > 1:
        problems.extend(problem for path in unread for problem in found[path])
        return roots[0] if len(roots) == 1 else None
    top = roots if roots else _above_others(paths)
    if len(top) == 1:
        return top[0]
    problems.add("E685", _why(top, bool(roots)), file=name)
    return None


def _unlisted(pages: Mapping[str, FrontMatter]) -> list[str]:
    """The pages that no other lists, whatever the capitals it is listed with."""
    listed = {
        entry.path.casefold()
        for path, page in pages.items()
        for entry in page.toc
        if entry.path.casefold() != path.casefold()
    }
    return [path for path in pages if path.casefold() not in listed]


def _above_others(paths: Collection[str]) -> list[str]:
    """Where nothing has a toc: the page beside the folder that holds all others, else the index page, else
    the only one at the top. Several: it is not clear.
    """
    depth = min((path.count("/") for path in paths), default=0)
    top = [path for path in paths if path.count("/") == depth]
    beside = [path for path in top if all(o == path or o.startswith(path[:-3] + "/") for o in paths)]
    index = [path for path in top if posixpath.basename(path).lower() == "index.md"]
    if beside or len(top) == 1:
        return beside or top
    return index or top


def _why(top: list[str], have_tocs: bool) -> str:
    if have_tocs:
        return "several pages have a toc and are listed by no other: " + ", ".join(sorted(top)[:5])
    return "no page has a toc and is listed by no other" if top else "there is no Markdown page"
