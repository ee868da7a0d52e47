"""What is remembered of a module or path that was read, and whether it would come out the same again.

A reading names what each page was made of: a key over all that it is and stands in, the files that it
took in, and each question about other pages that drawing it asked, with its answer. Where all of that
is as it was, so is the page. Pure: `courses.memory` keeps readings, `courses.recalling` asks for them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol, Self
from uuid import UUID

from courses.asking import Notes, answer, sum_of
from courses.documents import MediaDocument, PageDocument
from courses.links import Links, Page
from courses.toc import Node
from markup import media
from markup.blocks import Inclusions, no_files
from markup.labels import Label
from markup.media import Media
from markup.myst import Heading, ParsedPage
from markup.package import Package
from markup.places import Place, Text
from markup.problems import Problem
from quizzes.spec import Check


@dataclass(frozen=True, slots=True)
class Reading:
    """One module or path as it was read: `digest` is its document's, `pages` are its own, by path.

    All of `pages` is JSON: `of_page` says what is in it.
    """

    key: str
    digest: str
    pages: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of drawing a page."""

    html: str
    text: str
    description: str
    minutes: int
    checks: tuple[Check, ...]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, html: str, text: str) -> Self:
        """What `beside_body` made of a page, with what it left out."""
        checks = tuple(Check.from_dict(check) for check in data["checks"])
        return cls(html, text, data["description"], data["minutes"], checks)


def beside_body(page: PageDocument) -> dict[str, Any]:
    """What was drawn of a page but for its HTML and text, as JSON."""
    checks = [check.to_dict() for check in page.checks]
    return {"description": page.description, "minutes": page.minutes, "checks": checks}


class Memory(Protocol):
    """Where readings are kept. It may forget any of them at any time."""

    def recall(self, units: Collection[UUID]) -> Mapping[UUID, Reading]:
        """The last reading of each of these modules and paths, where there is one."""

    def drawn(self, unit: UUID, bodies: Mapping[str, str]) -> Mapping[str, Drawn]:
        """What was drawn of pages of a module or path, by path, where all of it is still there; `bodies` are
        the digests that their documents had, by path.
        """

    def learn(self, unit: UUID, reading: Reading, pages: Collection[PageDocument] | None = None) -> None:
        """Take note of a reading that had no error, and of its pages where they are not those known."""


class Forgetful:
    """The memory of who reads once."""

    def recall(self, units: Collection[UUID]) -> Mapping[UUID, Reading]:
        """Nothing."""
        return {}

    def drawn(self, unit: UUID, bodies: Mapping[str, str]) -> Mapping[str, Drawn]:
        """Nothing."""
        return {}

    def learn(self, unit: UUID, reading: Reading, pages: Collection[PageDocument] | None = None) -> None:
        """Nothing is kept."""


# -- what a reading depends on, and whether it is the same ----------------------------------------


def page_key(page: Page, package: Package, audiences: Collection[str]) -> str:
    """Names all that a page is made of, but for what it takes in from other pages and files."""
    who = [page.path, str(page.uuid), page.slug, page.depth]
    admits = [None if names is None else sorted(names) for names in (page.audiences, page.reach)]
    facts = [who, admits, dict(page.quiz_defaults), sorted(audiences), sum_of(package, page.path)]
    return _digest(facts)


def key(unit: Node, own: Sequence[str], pages: Mapping[str, Page]) -> str:
    """The same for a module or path; `own` are the keys of its pages, in their order."""
    lines = unit.children if unit.kind == "path" else unit.lines
    facts = [
        unit.kind,
        list(own),
        [[line.path, line.title, line.url, line.depth, _child(pages.get(line.path))] for line in lines],
        unit.parent is None,  # in a path, the `required` of a module is about all of it
    ]
    return _digest(facts)


def _child(page: Page | None) -> list[Any] | None:
    return None if page is None else [str(page.uuid), page.meta.required]


def same_files(remembered: Mapping[str, Any], package: Package) -> bool:
    """Whether all that a page took in of other files is as it was."""
    shown = ((path, came) for path, (came, *_) in remembered["media"].items())
    return all(sum_of(package, path) == known for path, known in [*remembered["files"].items(), *shown])


def others(pages: Mapping[str, Page], kinds: Mapping[str, str], package: Package) -> str:
    """Names all that a page can be told of the others, in their order, and which files there are."""
    facts = [
        [
            [path, kinds[path], str(page.uuid), None if page.reach is None else sorted(page.reach)],
            [page.parsed.title, [[heading.slug, heading.text] for heading in page.parsed.headings]],
            [sorted(page.parsed.anchors.items()), list(page.parsed.labels.items())],
        ]
        for path, page in pages.items()
    ]
    return _digest([facts, sorted(package.files)])


def show_media(remembered: Mapping[str, Any], page: Page, package: Package) -> None:
    """Give a page the files that it showed, so that they need not be looked into again.

    Those that are not served as they came are there by name alone: their `data` is empty.
    """
    for path, (came, name, kind, digest, *size) in remembered["media"].items():
        data = package.files[path] if came == digest else b""
        page.media[path] = MediaDocument(name, Media(name, kind, data, digest, *size))


def open_media(page: Page, package: Package) -> None:
    """Look into the files of a page that are there by name alone."""
    for path, item in page.media.items():
        found = media.inspect(path, package.files[path])[0] if not item.media.data else None
        if found is not None:
            page.media[path] = MediaDocument(found.name, found)


def may_differ(remembered: Mapping[str, Any], others: str) -> bool:
    """Whether drawing a page again might be told something else: the others are not what they were, or it
    asked the catalogue.
    """
    return bool(remembered["others"] != others or remembered["outside"])


def same_answers(remembered: Mapping[str, Any], links: Links, drop: Sequence[str]) -> bool:
    """Whether drawing a page again would be told the same; `drop` is what the site draws itself now."""
    return list(drop) == remembered["drop"] and all(
        answer(links, how, what, Place(file, 1))[0] == said for how, what, file, said in remembered["answers"]
    )


def beside(pages: Mapping[str, Mapping[str, Any]], others: str) -> dict[str, Mapping[str, Any]]:
    """What is remembered of pages, which holds beside these others as well."""
    return {path: {**page, "others": others} for path, page in pages.items()}


# `json.dumps` makes such an encoder anew each time, which takes longer than most of what is encoded.
_written = json.JSONEncoder(sort_keys=True).encode


def _digest(facts: object) -> str:
    return sha256(_written(facts).encode()).hexdigest()


# -- what is in it -------------------------------------------------------------------------------


def of_page(page: Page, notes: Notes, package: Package) -> dict[str, Any]:
    """What is remembered of a page: what others may ask about it, what it asked, and its problems."""
    parsed = page.parsed
    return {
        "title": parsed.title,
        "headings": [[h.level, h.text, h.slug, h.line] for h in parsed.headings],
        "anchors": dict(parsed.anchors),
        "labels": [[name, *label] for name, label in parsed.labels.items()],  # a list keeps their order
        "includes": sorted(parsed.inclusions.paths),
        "next": parsed.next_href,
        "lets_go": parsed.lets_go_href,
        "files": notes.files,
        "media": {
            path: [sum_of(package, path), item.name, one.content_type, one.digest, one.width, one.height]
            for path, item in page.media.items()
            if (one := item.media)
        },
        "drop": list(notes.drop),
        "outside": notes.outside,
        "answers": [[*question, answer] for question, answer in notes.answers.items()],
        "parsing": [problem.as_dict() for problem in notes.parsing],
        "drawing": [problem.as_dict() for problem in notes.drawing],
    }


def parsed(path: str, remembered: Mapping[str, Any]) -> ParsedPage:
    """A page as far as others may ask about it: its text is not there."""
    return ParsedPage(
        path,
        remembered["title"],
        [Heading(*heading) for heading in remembered["headings"]],
        [],
        Text(path, 1, ()),
        Inclusions(no_files, set(remembered["includes"])),
        next_href=remembered["next"],
        lets_go_href=remembered["lets_go"],
        anchors=remembered["anchors"],
        labels={name: Label(*label) for name, *label in remembered["labels"]},
    )


def problems(remembered: Mapping[str, Any], phase: str) -> list[Problem]:
    """What was wrong with a page when it was "parsing" or "drawing"."""
    return [Problem(**problem) for problem in remembered[phase]]
