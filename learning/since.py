"""What is said of a completion once more was published: pure, no Django, no database.

Done 3 Nov · Done 3 Nov, small corrections since · Done 3 Nov · 2 new sections since ·
Done 3 Nov, asked again by 15 Jan
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from learning.outline import Facts, Item, Outline

Kind = Literal["done", "corrected", "added", "asked"]


@dataclass(frozen=True, slots=True)
class News:
    """A version that went live, by the policy in force; uuids of the pages that it added and changed."""

    at: datetime
    policy: str
    added: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Said:
    """How a completion reads now; `added` counts sections, `due` is by when a new one is asked."""

    kind: Kind
    done_at: datetime
    added: int = 0
    due: date | None = None


def said(outline: Outline, facts: Facts, news: Sequence[News], *, index: str) -> Said | None:
    """What is said of a person's newest completion; None before they have one.

    `news` are the module's publications as they count now, `index` is the uuid of its own
    page. A correction is told to whoever may see a page that it changed.
    """
    if facts.completed_at is None:
        return None
    if outline.asked is not None and not outline.complete:
        return Said("asked", facts.completed_at, due=outline.asked.due)
    if outline.added:
        return Said("added", facts.completed_at, added=outline.added)
    seen = {index, *(item.entry.uuid for item in outline.items)}
    later = [each for each in news if each.at > facts.completed_at and each.policy == "minor"]
    corrected = any(not seen.isdisjoint(each.changed) for each in later)
    return Said("corrected" if corrected else "done", facts.completed_at)


def additions(
    outline: Outline, news: Sequence[News], *, since: datetime
) -> list[tuple[datetime, list[Item]]]:
    """The pages that came in after `since` and are not done yet, by the day they came, newest first.

    Each is told once, at its newest addition.
    """
    waiting = {item.entry.uuid: item for item in outline.items if item.state not in ("done", "soon")}
    found = []
    for each in sorted(news, key=lambda each: each.at, reverse=True):
        if each.at <= since:
            break
        items = [item for uuid, item in waiting.items() if uuid in each.added]
        waiting = {uuid: item for uuid, item in waiting.items() if uuid not in each.added}
        if items:
            found.append((each.at, items))
    return found
