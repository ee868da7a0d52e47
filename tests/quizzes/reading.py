"""Reads a page the way the site does: fences, headings, checks, and the site's own Markdown."""

from collections.abc import Mapping
from dataclasses import dataclass

from markup import myst
from markup.links import Served
from markup.places import Place
from markup.problems import Problem, Problems
from quizzes.parsing import parse
from quizzes.spec import Check, Question

FILE = "icp.md"


@dataclass(frozen=True)
class Nowhere:
    """Links that all lead to where they say, on a site whose pages stand at its root."""

    def link(self, href: str, *, at: Place) -> str | None:
        return href.removeprefix(".")

    def image(self, src: str, *, at: Place) -> Served | None:
        return Served(src)

    def label(self, name: str) -> tuple[str, str] | None:
        return None

    def title(self, href: str) -> str:
        return ""


@dataclass(frozen=True)
class Read:
    checks: tuple[Check, ...]
    problems: tuple[Problem, ...]

    @property
    def question(self) -> Question:
        """The only question of the page."""
        (check,) = self.checks
        (question,) = check.questions
        return question

    @property
    def codes(self) -> list[tuple[str, int]]:
        return sorted(
            ((problem.code, problem.line) for problem in self.problems), key=lambda found: found[::-1]
        )

    def one(self, code: str) -> Problem:
        """The only problem with this code."""
        (problem,) = (problem for problem in self.problems if problem.code == code)
        return problem


def read(text: str, defaults: Mapping[str, str] | None = None) -> Read:
    problems = Problems()
    page = myst.parse(text, file=FILE, problems=problems)

    def render(markdown: str, *, line: int, inline: bool) -> str:
        return myst.fragment(markdown, Nowhere(), problems, page=page, line=line, inline=inline)

    checks = parse(
        page.blocks,
        file=FILE,
        headings=page.headings,
        fragments=page.fragments,
        defaults=defaults or {},
        render=render,
        problems=problems,
    )
    return Read(checks, tuple(problem for problem in problems if problem.code != "W641"))


def read_question(body: str, *options: str) -> Read:
    """A page with one question, whose body begins on line 5 plus one for each further option."""
    head = ["# Page", "", ":::{question}", ":id: the-question", *options]
    return read("\n".join([*head, body, "", ":::", ""]))
