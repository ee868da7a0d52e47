"""What a package says once it is read: pages and checks joined into one tree of documents.

Plain data without Django. `courses.module` builds it, `courses.publishing` stores it,
and `Entry` is the part of it that the outline is drawn from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from math import ceil
from typing import Any, Literal
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


def first_paragraph(text: str) -> str:
    """The first paragraph for a card; one that leads on to a list, or is long, ends in an ellipsis."""
    first = next(_paragraphs(text), "")
    if len(first) > 300:
        first = first[:299].rsplit(" ", 1)[0]
    return first if not first or first[-1] in ".!?…" else first.rstrip(":,;") + "…"


def _paragraphs(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class MediaDocument:
    """A file that a page shows, under the name that its address ends with."""

    name: str
    media: Media


@dataclass(frozen=True)
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

    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Names what a reader gets of this page, so that unchanged pages share one row."""
        return sha256("\0".join((self.html, self.source)).encode()).hexdigest()

    @cached_property
    def whole(self) -> str:
        """Names all that people get of this page; its address apart."""
        return _digest(self.facts)

    @property
    def facts(self) -> list[object]:
        """All that decides what people get of this page, as plain JSON; its address apart."""
        checks = [check.digest() for check in self.checks]
        media = sorted((item.media.digest, item.name) for item in self.media)
        audiences = None if self.audiences is None else sorted(self.audiences)
        said = [self.title, self.description, self.minutes, self.required, self.depth]
        return [str(self.uuid), self.digest, said, audiences, checks, media, self.tags, self.categories]


@dataclass(frozen=True, slots=True)
class ComingSoon:
    """A toc entry whose page is not written yet."""

    title: str
    depth: int


@dataclass(frozen=True, slots=True)
class OutsideLink:
    """A toc entry that leads out of the site."""

    title: str
    url: str
    depth: int


@dataclass(frozen=True)
class ModuleDocument:
    """A whole module: its index page, its sections in reading order, and the files that belong to it."""

    index: PageDocument
    sections: tuple[PageDocument | ComingSoon | OutsideLink, ...]
    sequence: str
    package: Package

    @property
    def page(self) -> PageDocument:
        """The page that gives the module its name, its address and its identity."""
        return self.index

    @property
    def pages(self) -> tuple[PageDocument, ...]:
        """The sections that exist, in reading order."""
        return tuple(s for s in self.sections if isinstance(s, PageDocument))

    @property
    def minutes(self) -> int:
        """Minutes for the module as a whole."""
        others = sum(page.minutes for page in self.pages if page.uuid != self.index.uuid)
        return self.index.minutes + others

    @cached_property
    def digest(self) -> str:
        """Names what people get of this module: the same digest, nothing to publish."""
        sections = [[s.slug, s.facts] if isinstance(s, PageDocument) else asdict(s) for s in self.sections]
        return _digest([self.index.facts, self.sequence, sections])


@dataclass(frozen=True, slots=True)
class Child:
    """One line of a path: a module or a path by its page's uuid; neither `uuid` nor `url`: coming soon."""

    title: str
    uuid: str | None = None
    url: str = ""
    required: bool = True

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe."""
        return asdict(self)


@dataclass(frozen=True)
class PathDocument:
    """A path: its page, what it lists, in order, and the files that belong to it.

    `quiz` are the defaults for the checks below it, `cards` whether its page draws a card for each child.
    """

    page: PageDocument
    children: tuple[Child, ...]
    cards: bool
    quiz: Mapping[str, str]
    package: Package

    @property
    def pages(self) -> tuple[PageDocument, ...]:
        """Its own page alone."""
        return (self.page,)

    @cached_property
    def digest(self) -> str:
        """Names what people get of this path. What a child is called is the child's own matter."""
        children = [[c.uuid or c.title, c.url, c.required] for c in self.children]
        return _digest([self.page.facts, children, self.cards, dict(self.quiz)])


@dataclass(frozen=True, slots=True)
class Named:
    """A page by its name alone."""

    uuid: UUID
    path: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A module or path that is known to read as it did: the document with this digest holds it."""

    kind: Literal["module", "path"]
    page: Named
    pages: tuple[Named, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Tree:
    """All that one package holds, in reading order: the document of the root page comes first.

    Only who reads with a memory is told that a document is unchanged in place of the document.
    """

    documents: tuple[ModuleDocument | PathDocument | Unchanged, ...]

    @property
    def modules(self) -> tuple[ModuleDocument, ...]:
        """The modules, in reading order."""
        return tuple(found for found in self.documents if isinstance(found, ModuleDocument))

    @property
    def pages(self) -> list[PageDocument]:
        """All pages that were read, each once."""
        documents = [d for d in self.documents if not isinstance(d, Unchanged)]
        found = {page.path: page for d in documents for page in (d.page, *d.pages)}
        return list(found.values())

    @property
    def paths(self) -> tuple[PathDocument, ...]:
        """The paths, in reading order."""
        return tuple(found for found in self.documents if isinstance(found, PathDocument))


def _digest(facts: object) -> str:
    return sha256(json.dumps(facts, sort_keys=True, default=list).encode()).hexdigest()


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
    url: str = ""  # of a line that leads out of the site; such a line is no section

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


def admits(audiences: Iterable[str] | None, held: frozenset[str], gate: Iterable[str] | None = None) -> bool:
    """Whether a page for `audiences` (None: everybody) opens to somebody who holds `held`.

    `gate` are the audiences that the page's parents in the catalogue let in (None: all).
    One audience must open the whole way.
    """
    if gate is not None:
        held = held.intersection(gate)
        if not held:
            return False
    return audiences is None or not held.isdisjoint(audiences)
