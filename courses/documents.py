"""What a package says once it is read: pages and checks joined into one document.

Plain data without Django. `courses.module` builds it, `courses.publishing` stores it,
and `Entry` is the part of it that the outline is drawn from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from math import ceil
from typing import Any
from urllib.parse import quote
from uuid import UUID

from markup.media import Media
from markup.myst import Heading
from markup.package import Package
from quizzes.spec import Check

WORDS_A_MINUTE = 200
QUESTIONS_A_MINUTE = 2


def page_url(page: UUID | str) -> str:
    """The permanent address of a page: through the gate, then to where it stands today."""
    return f"/pages/{page}/"


def media_url(page: UUID | str, digest: str, name: str) -> str:
    """The address of a file on a page: behind that page's own gate."""
    return f"/pages/{page}/media/{digest}/{quote(name)}"


def minutes_for(words: int, questions: int) -> int:
    """Whole minutes for reading `words` and answering `questions`, at least 1."""
    return max(1, ceil(words / WORDS_A_MINUTE + questions / QUESTIONS_A_MINUTE))


@dataclass(frozen=True, slots=True)
class MediaDocument:
    """A file that a page shows, under the name that its address ends with."""

    name: str
    media: Media


@dataclass(frozen=True, slots=True)
class PageDocument:
    """One Markdown page, read and rendered. `audiences` is effective (None: everybody signed in)."""

    uuid: UUID
    path: str
    slug: str
    title: str
    description: str
    source: str
    html: str
    headings: tuple[Heading, ...]
    text: str
    minutes: int
    required: bool
    audiences: frozenset[str] | None
    checks: tuple[Check, ...]
    media: tuple[MediaDocument, ...]
    depth: int

    @property
    def digest(self) -> str:
        """Names what a reader gets of this page, so that unchanged pages share one row."""
        return sha256("\0".join((self.html, self.source)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ComingSoon:
    """A toc entry whose page is not written yet."""

    title: str
    depth: int


@dataclass(frozen=True, slots=True)
class ModuleDocument:
    """A whole module: its index page, its sections in reading order, and the package it was read from."""

    index: PageDocument
    sections: tuple[PageDocument | ComingSoon, ...]
    sequence: str
    digest: str
    package: Package

    @property
    def pages(self) -> tuple[PageDocument, ...]:
        """The sections that exist, in reading order."""
        return tuple(s for s in self.sections if isinstance(s, PageDocument))

    @property
    def minutes(self) -> int:
        """Minutes for the module as a whole."""
        others = sum(page.minutes for page in self.pages if page.uuid != self.index.uuid)
        return self.index.minutes + others


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """A check as the outline knows it. `quiz` and `version` are row ids; `full` is in points, "n/d"."""

    quiz: int
    version: int
    key: str
    questions: int
    full: str
    gating: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a version's toc. `section` and `uuid` are None where the page is coming soon."""

    section: int | None
    uuid: str | None
    slug: str
    title: str
    depth: int
    minutes: int
    required: bool
    audiences: tuple[str, ...] | None
    checks: tuple[CheckEntry, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Entry:
        """The inverse of `to_dict`."""
        audiences = data["audiences"]
        return cls(
            **{
                **data,
                "audiences": None if audiences is None else tuple(audiences),
                "checks": tuple(CheckEntry(**check) for check in data["checks"]),
            }
        )


def admits(audiences: Iterable[str] | None, held: frozenset[str]) -> bool:
    """Whether a page for `audiences` (None: everybody) opens to somebody who holds `held`."""
    return audiences is None or not held.isdisjoint(audiences)
