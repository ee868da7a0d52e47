"""Several pages that come without their folders: each is put where a toc lists its file name."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from markup import contents
from markup.front_matter import TocEntry
from markup.problems import Problems


def arrange(pages: Mapping[str, bytes], problems: Problems) -> dict[str, bytes]:
    """The pages by the path that the tocs give them; what none lists stays at the top.

    Reports E621 at a toc entry whose file name another entry has, too: which of the two
    the page is meant for, only its folder can say.
    """
    names = {name.casefold(): name for name in pages}
    meant = {name: contents.meant(data) for name, data in pages.items()}
    listed = {_name(entry) for name, data in meant.items() for entry in contents.says(name, data).toc}
    places: dict[str, str] = {name: name for key, name in names.items() if key not in listed}
    waiting = list(places)
    while waiting:
        page = waiting.pop(0)
        for entry in contents.says(places[page], meant[page]).toc:
            name = names.get(_name(entry))
            if name is None:
                continue
            if name not in places:
                places[name] = entry.path
                waiting.append(name)
            elif places[name] != entry.path:
                problems.add(
                    "E621", f"“{name}” may be “{places[name]}” or “{entry.path}”: which folder is meant?",
                    file=page, line=entry.line, column=entry.column,
                    remedy="Upload a .zip of the folders, so that each page is where its toc says.",
                )  # fmt: skip
    return {places.get(name, name): data for name, data in pages.items()}


def _name(entry: TocEntry) -> str:
    return posixpath.basename(entry.path).casefold()
