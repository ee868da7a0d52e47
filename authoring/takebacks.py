"""What a draft would take back of what went live since it was made.

A draft holds the other pages as they were when it was made: so it would put them back if it went
live now, without anybody having meant to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from authoring.browser_changes import Lacking, holds
from authoring.desk import Desk, title_of
from authoring.saves import file_text
from courses.models import ModuleVersion


@dataclass(frozen=True, slots=True)
class TakesBack:
    """What a draft was made from, what is live by now, and the titles of what publishing it takes back."""

    made_from: ModuleVersion
    live: ModuleVersion
    pages: tuple[str, ...]


def of_draft(version: ModuleVersion, asked: Iterable[Lacking]) -> TakesBack | None:
    """What publishing a version that was never live takes back; None where that is nothing.

    Without the pages that are `asked` about by themselves, as they were changed in the browser.
    """
    if version.published_at is not None:
        return None
    return _taken(version, version.package["files"], {item.path for item in asked})


def of_desk(desk: Desk) -> TakesBack | None:
    """The same of a draft that is looked at to be edited, or of what is being edited on any version."""
    if desk.base is None or not desk.has_moved:
        return None
    return _taken(desk.base, desk.files, ())


def _taken(version: ModuleVersion, there: Mapping[str, str], asked: Collection[str]) -> TakesBack | None:
    made_from, live = version.ground, version.module.published_version
    if made_from is None or live is None or live in (made_from, version):
        return None
    before: Mapping[str, str] = made_from.package["files"]
    now: Mapping[str, str] = live.package["files"]
    changed = [path for path in sorted({*before, *now}) if before.get(path, "") != now.get(path, "")]
    pages = [
        _title(path, now.get(path) or before[path])
        for path in changed
        if path not in asked
        and not holds(there, path=path, before=before.get(path, ""), after=now.get(path, ""))
    ]
    return TakesBack(made_from, live, tuple(dict.fromkeys(pages))) if pages else None


def _title(path: str, digest: str) -> str:
    return title_of(file_text(digest), path) if path.lower().endswith(".md") else path
