"""Where the links and files of a page lead, inside its own package alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from courses.documents import MediaDocument, media_url, page_url
from markup import media
from markup.front_matter import FrontMatter
from markup.links import slugify, target
from markup.myst import ParsedPage
from markup.package import Package
from markup.places import Place
from markup.problems import Problems
from quizzes.spec import Check, Question


@dataclass(slots=True)
class Page:
    """A page on its way from source to document. `audiences` is effective (None: everybody signed in)."""

    path: str
    depth: int
    meta: FrontMatter
    parsed: ParsedPage
    uuid: UUID
    slug: str
    audiences: frozenset[str] | None
    quiz_defaults: Mapping[str, str]
    media: dict[str, MediaDocument] = field(default_factory=dict)  # what was asked for, by path

    def is_narrower_than(self, other: Page) -> bool:
        """Whether somebody may see `other` and not this page."""
        if self.audiences is None:
            return False
        return other.audiences is None or not other.audiences <= self.audiences


@dataclass(slots=True)
class Links:
    """Resolves one page's links (`markup.links.Resolver`); `pages` are all of the package by path."""

    page: Page
    pages: Mapping[str, Page]
    package: Package
    problems: Problems

    def link(self, href: str, *, at: Place) -> str | None:
        """Where a relative link leads: an address, or None for text without a link."""
        path, found, slug = self._target(href)
        if found is None:
            if path in self.package.files and not path.lower().endswith(".md"):
                return self._file(path, href, at)
            self._add("W642", f"“{href}” is not a page of this module: shown as text", at)
            return None
        if found.is_narrower_than(self.page):
            self._add("W646", f"“{found.path}” is for a narrower audience: some readers get a 404", at)
        if slug and slug not in found.parsed.fragments:
            self._add("W643", f"“#{slug}” is not a heading of “{found.path}”", at)
            slug = ""
        return self._address(found, slug)

    def image(self, src: str, *, at: Place) -> str | None:
        """Where an image of the package is served, or None for its alt text alone."""
        return self._file(target(self.page.path, src)[0] or "", src, at)

    def resolve_passages(self, check: Check) -> Check:
        """The check with every `see:` turned into an address."""
        return replace(check, questions=tuple(self._resolve_see(question) for question in check.questions))

    def _resolve_see(self, question: Question) -> Question:
        if not question.see:
            return question
        named_page = "#" in question.see or question.see.endswith(".md")
        _path, found, slug = self._target(question.see if named_page else f"#{question.see}")
        if found is None or (slug and slug not in found.parsed.fragments):
            self._add(
                "E402",
                f"`see: {question.see}` names nothing in this module",
                Place(self.page.path, question.line),
            )
            return replace(question, see="")
        return replace(question, see=self._address(found, slug))

    def _target(self, href: str) -> tuple[str, Page | None, str]:
        """The path that a link names in the package, the page that is there, and the slug of its fragment."""
        path, fragment = target(self.page.path, href)
        found = self.page if path == "" else self.pages.get(path or "")
        return path or "", found, slugify(fragment)

    def _address(self, found: Page, slug: str) -> str:
        """Pages are named by their permanent address; a passage of the same page by its fragment alone.

        A fragment that names the page's own title is the page itself.
        """
        is_passage = any(heading.slug == slug for heading in found.parsed.headings)
        anchor = f"#u-{slug}" if is_passage else ""
        return anchor if anchor and found is self.page else page_url(found.uuid) + anchor

    def _file(self, path: str, written: str, at: Place) -> str | None:
        data = self.package.files.get(path)
        if data is None:
            self._add("W661", f"“{written}” is not in the package", at)
            return None
        found = self.page.media.get(path)
        if found is None:
            item, fault = media.inspect(path, data)
            if item is None:
                code, message = fault or ("E662", "this type of file is not accepted")
                self._add(code, f"“{written}”: {message}", at)
                return None
            found = self.page.media[path] = MediaDocument(item.name, item)
        return media_url(self.page.uuid, found.media.digest, found.name)

    def _add(self, code: str, message: str, at: Place) -> None:
        self.problems.add(code, message, file=at.file, line=at.line, column=at.column)
