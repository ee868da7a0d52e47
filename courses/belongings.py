"""Which files of a package belong to which of its modules and paths: each can be given back by itself."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from courses.links import Page
from markup.package import Package


def share(package: Package, units: Mapping[str, Sequence[Page]]) -> dict[str, Package]:
    """A package for each module and path, named by the path of its page; `units` are the pages of each.

    It holds these pages, the files that they show or include, and what lies in the folder of the same
    name and is nobody else's. What is left is the first one's, whose page is the root.
    Paths stay those of the whole package.
    """
    taken: dict[str, set[str]] = {unit: _used(pages) for unit, pages in units.items()}
    used = set().union(*taken.values())
    folders = {unit.removesuffix(".md"): unit for unit in units}
    root = next(iter(units))
    for path in package.files:
        if path not in used:
            taken[_owner(path, folders) or root].add(path)
    return {
        unit: Package(
            {path: package.files[path] for path in sorted(paths)},
            unit,
            package.name if unit == root else posixpath.basename(unit).removesuffix(".md"),
        )
        for unit, paths in taken.items()
    }


def _used(pages: Sequence[Page]) -> set[str]:
    return {path for page in pages for path in (page.path, *page.media, *page.parsed.inclusions.paths)}


def _owner(path: str, folders: Mapping[str, str]) -> str | None:
    """The module or path in whose folder a file lies, the innermost."""
    folder = posixpath.dirname(path)
    while folder and folder not in folders:
        folder = posixpath.dirname(folder)
    return folders.get(folder)
