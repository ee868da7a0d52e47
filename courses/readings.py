"""What is remembered of a module or path that was read, and whether it would come out the same again.

A reading names what it was made of: a key over all that its pages are and stand in, the files that they
took in, and each question about other pages that drawing them asked, with its answer. Where all of that
is as it was, so is the document. Pure: `courses.memory` keeps readings.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from courses.documents import MediaDocument
from courses.links import Links, Page
from courses.toc import Node
from markup.blocks import Inclusions, no_files
from markup.labels import Label
from markup.links import Served
from markup.media import Media
from markup.myst import Heading, ParsedPage
from markup.package import Package
from markup.places import Place, Text
from markup.problems import Problem, Problems
from quizzes.spec import Check

Answer = list[Any]  # what came of a question, and the codes and messages of what was reported


@dataclass(frozen=True, slots=True)
class Reading:
    """One module or path as it was read: `digest` is its document's, `pages` are its own, by path.

    All of `pages` is JSON: `of_page` says what is in it.
    """

    key: str
    digest: str
    pages: Mapping[str, Mapping[str, Any]]


class Memory(Protocol):
    """Where readings are kept. It may forget any of them at any time."""

    def recall(self, units: Collection[UUID]) -> Mapping[UUID, Reading]:
        """The last reading of each of these modules and paths, where there is one."""

    def learn(self, unit: UUID, reading: Reading) -> None:
        """Take note of a reading that had no error."""


class Forgetful:
    """The memory of who reads once."""

    def recall(self, units: Collection[UUID]) -> Mapping[UUID, Reading]:
        """Nothing."""
        return {}

    def learn(self, unit: UUID, reading: Reading) -> None:
        """Nothing is kept."""


@dataclass(slots=True)
class Notes:
    """What reading one page took in and asked, and what was wrong with it."""

    files: dict[str, str | None] = field(default_factory=dict)  # included: the sha256, None where not there
    answers: dict[tuple[str, str, str], Answer] = field(default_factory=dict)
    parsing: Problems = field(default_factory=Problems)
    drawing: Problems = field(default_factory=Problems)
    drop: Sequence[str] = ()
    outside: bool = False  # whether it asked the catalogue

    def reading_files(self, package: Package) -> Callable[[str], str | None]:
        """The texts of a package, noting which were asked for."""

        def text(path: str) -> str | None:
            self.files[path] = _sum(package, path)
            return package.text_or_none(path)

        return text


@dataclass(slots=True)
class Asking:
    """Passes a page's questions on to its links, and notes each with its answer."""

    links: Links
    notes: Notes

    def link(self, href: str, *, at: Place) -> str | None:
        """As `Links.link`."""
        found: str | None = self._ask("link", href, at)
        return found

    def image(self, src: str, *, at: Place) -> Served | None:
        """As `Links.image`."""
        found = self._ask("image", src, at)
        return None if found is None else Served(*found)

    def label(self, name: str) -> tuple[str, str] | None:
        """As `Links.label`."""
        found = self._ask("label", name, Place("", 1))
        return None if found is None else (found[0], found[1])

    def title(self, href: str) -> str:
        """As `Links.title`."""
        return str(self._ask("title", href, Place("", 1)))

    def resolve_passages(self, check: Check) -> Check:
        """The check with every `see:` turned into an address."""
        file = self.links.page.path
        return replace(
            check,
            questions=tuple(
                replace(question, see=str(self._ask("passage", question.see, Place(file, question.line))))
                if question.see
                else question
                for question in check.questions
            ),
        )

    def _ask(self, how: str, what: str, at: Place) -> Any:
        answer, problems = _answer(self.links, how, what, at)
        self.notes.answers[how, what, at.file] = answer
        self.notes.outside = self.notes.outside or self.links.outside
        self.notes.drawing.extend(problems)
        return answer[0]


def _answer(links: Links, how: str, what: str, at: Place) -> tuple[Answer, Problems]:
    links.problems = problems = Problems()
    found: Any
    match how:
        case "link":
            found = links.link(what, at=at)
        case "image":
            found = list(served) if (served := links.image(what, at=at)) else None
        case "passage":
            found = links.passage(what, at=at)
        case "title":
            found = links.title(what)
        case _:
            found = list(named) if (named := links.label(what)) else None
    return [found, [[problem.code, problem.message] for problem in problems]], problems


# -- what a reading depends on, and whether it is the same ----------------------------------------


def key(
    unit: Node, own: Sequence[Node], pages: Mapping[str, Page], package: Package, audiences: Collection[str]
) -> str:
    """Names all that a module or path is made of, but for what it takes in from other pages and files."""
    facts = [
        unit.kind,
        sorted(audiences),
        [_sum(package, node.path) for node in own],
        [_place(pages[node.path]) for node in own],
        [
            [line.path, line.title, line.url, line.depth, _child(pages.get(line.path))]
            for line in (unit.children if unit.kind == "path" else unit.lines)
        ],
        unit.parent is None,  # in a path, the `required` of a module is about all of it
    ]
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _place(page: Page) -> list[Any]:
    who = [page.path, str(page.uuid), page.slug, page.depth]
    admits = [None if names is None else sorted(names) for names in (page.audiences, page.reach)]
    return [who, admits, dict(page.quiz_defaults)]


def _child(page: Page | None) -> list[Any] | None:
    return None if page is None else [str(page.uuid), page.meta.required]


def same_files(reading: Reading, package: Package) -> bool:
    """Whether all that the pages took in of other files is as it was."""
    return all(
        _sum(package, path) == known
        for page in reading.pages.values()
        for path, known in [*page["files"].items(), *((p, m[0]) for p, m in page["media"].items())]
    )


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
    return sha256(json.dumps([facts, sorted(package.files)]).encode()).hexdigest()


def show_media(remembered: Mapping[str, Any], page: Page) -> None:
    """Give a page the files that it showed, so that they need not be looked into again."""
    for path, (_, name, kind, digest, *size) in remembered["media"].items():
        page.media[path] = MediaDocument(name, Media(name, kind, b"", digest, *size))


def may_differ(remembered: Mapping[str, Any], others: str) -> bool:
    """Whether drawing a page again might be told something else: the others are not what they were, or it
    asked the catalogue.
    """
    return bool(remembered["others"] != others or remembered["outside"])


def same_answers(remembered: Mapping[str, Any], links: Links, drop: Sequence[str]) -> bool:
    """Whether drawing a page again would be told the same; `drop` is what the site draws itself now."""
    return list(drop) == remembered["drop"] and all(
        _answer(links, how, what, Place(file, 1))[0] == answer
        for how, what, file, answer in remembered["answers"]
    )


def beside(reading: Reading, others: str) -> Reading:
    """A reading that holds beside these others as well."""
    return replace(reading, pages={path: {**page, "others": others} for path, page in reading.pages.items()})


def _sum(package: Package, path: str) -> str | None:
    data = package.files.get(path)
    return None if data is None else sha256(data).hexdigest()


# -- what is in it -------------------------------------------------------------------------------


def of_page(page: Page, notes: Notes, package: Package, others: str) -> dict[str, Any]:
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
            path: [_sum(package, path), item.name, one.content_type, one.digest, one.width, one.height]
            for path, item in page.media.items()
            if (one := item.media)
        },
        "drop": list(notes.drop),
        "others": others,
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
