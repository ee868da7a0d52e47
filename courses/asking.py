"""What a page takes in and asks while it is read, noted with the answers; `courses.readings` says why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from courses.links import Links
from markup.links import Served
from markup.package import Package
from markup.places import Place
from markup.problems import Problems
from quizzes.spec import Check

Answer = list[Any]  # what came of a question, and the codes and messages of what was reported


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
            self.files[path] = sum_of(package, path)
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
        return replace(
            check,
            questions=tuple(
                replace(
                    question, see=str(self._ask("passage", question.see, Place(question.file, question.line)))
                )
                if question.see
                else question
                for question in check.questions
            ),
        )

    def _ask(self, how: str, what: str, at: Place) -> Any:
        said, problems = answer(self.links, how, what, at)
        self.notes.answers[how, what, at.file] = said
        self.notes.outside = self.notes.outside or self.links.outside
        self.notes.drawing.extend(problems)
        return said[0]


def answer(links: Links, how: str, what: str, at: Place) -> tuple[Answer, Problems]:
    """What comes of a question: to `Asking`'s method of this name."""
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


def sum_of(package: Package, path: str) -> str | None:
    """The sha256 of a file in hex, None where it is not there."""
    data = package.files.get(path)
    return None if data is None else sha256(data).hexdigest()
