"""A path of the catalogue never stands below itself: refused when it goes live, with the line that does it.

In one package that is E624. Here each package was right by itself, or only some of one go live.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from courses import files, placing
from courses.keepers import Clash, Conflict
from courses.models import PathVersion
from markup import contents


class Circle(Conflict):
    """Paths that would stand below themselves; `path` names the page and its line."""


def refuse(versions: Collection[PathVersion]) -> None:
    """Raise `Circle` where one of these, which are live by now, stands below itself. Two queries, and one
    file for each that does."""
    live = placing.live_paths() if versions else {}
    lists = placing.lists_of(live)
    clashes = []
    for version in versions:
        own = version.path.uuid
        for number, child in enumerate(version.children):
            if child.uuid and own in {UUID(child.uuid), *placing.below(UUID(child.uuid), lists)}:
                told = f"it lists “{child.title}”, and so this path would stand below itself"
                clashes.append(Clash(_where(version, number), told))
    if clashes:
        raise Circle(clashes)


def _where(version: PathVersion, number: int) -> str:
    """The page and line that say what a path lists as this one, as far as they are known."""
    page: str = version.package["root"]
    said = contents.says(page, files.read(version.package["files"][page])).toc
    # A package without any toc is in the order of its file names.
    return f"{page}:{said[number].line}" if len(said) == len(version.children) else page
