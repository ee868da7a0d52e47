"""What a new version would ask beyond the live one, and so which policies it can be published with.

Pure: no Django, no database. `live` and `new` are the lines of two versions' tocs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from courses.documents import Entry

# Why a section asks more than before: it is new or newly required, it was "coming soon", or it
# opens to people to whom it did not.
Kind = Literal["added", "written", "opened"]


@dataclass(frozen=True, slots=True)
class Grown:
    """A required section that asks something of somebody of whom the live version does not."""

    kind: Kind
    title: str


def growth(live: Sequence[Entry], new: Sequence[Entry]) -> list[Grown]:
    """The required sections of `new` that ask more than `live` does, in reading order."""
    before = {entry.uuid: entry for entry in live if entry.required and entry.section is not None}
    soon = {entry.title.strip().casefold() for entry in live if entry.section is None}
    grown = []
    for entry in new:
        if not entry.required or entry.section is None:
            continue
        if entry.uuid in before:
            if _is_wider(before[entry.uuid], entry):
                grown.append(Grown("opened", entry.title))
        else:
            was_soon = entry.title.strip().casefold() in soon
            grown.append(Grown("written" if was_soon else "added", entry.title))
    return grown


def added(live: Sequence[Entry], new: Sequence[Entry]) -> list[str]:
    """The uuids of the pages of `new` that `live` does not have, in reading order."""
    before = {entry.uuid for entry in live}
    return [entry.uuid for entry in new if entry.uuid is not None and entry.uuid not in before]


def _is_wider(before: Entry, now: Entry) -> bool:
    """Whether the page opens to an audience to which it did not."""
    if before.audiences is None:
        return False
    return now.audiences is None or not set(now.audiences) <= set(before.audiences)
