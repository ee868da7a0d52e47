"""Where the links and files of a page lead: in its package, and to what the catalogue has around it."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote
from uuid import UUID

from courses.documents import MediaDocument, media_url, page_url
from markup import labels, media
from markup.front_matter import FrontMatter
from markup.links import Served, slugify, target
from markup.myst import ParsedPage
from markup.package import Package
from markup.places import Place
from markup.problems import Problems


@dataclass(slots=True)
class Page:
    """A page on its way from source to document.

    `audiences` are those that its module admits to it, `reach` those that everything above
    it admits, too (None: everybody signed in).
    """

    path: str
    depth: int
    meta: FrontMatter
    uuid: UUID
    slug: str
    audiences: frozenset[str] | None
    reach: frozenset[str] | None
    quiz_defaults: Mapping[str, str]
    parsed: ParsedPage = field(init=False)  # comes once every page has its place
    media: dict[str, MediaDocument] = field(default_factory=dict)  # what was asked for, by path

    @property
    def fragments(self) -> frozenset[str]:
        """What a link to this page may name."""
        return self.parsed.fragments

    def named(self, fragment: str) -> str:
        """The title of what a fragment leads to."""
        return self.parsed.named(fragment)

    def anchor(self, slug: str) -> str:
        """Where a fragment leads; the page's own title is the page itself."""
        drawn = self.parsed.anchors.get(slug)
        return f"#u-{drawn}" if drawn else ""


@dataclass(frozen=True, slots=True)
class Outside:
    """A live page of the catalogue, as links from a package lead to it.

    `unit` is the module or path that shows it, `headings` are their texts by their slugs.
    """

    path: str
    uuid: UUID
    unit: UUID
    reach: frozenset[str] | None
    headings: Mapping[str, str]
    title: str

    @property
    def fragments(self) -> frozenset[str]:
        """What a link to this page may name."""
        return frozenset({*self.headings, slugify(self.title)})

    def named(self, fragment: str) -> str:
        """The title of the heading that a fragment leads to, else of the page."""
        return self.headings.get(slugify(fragment)) or self.title

    def anchor(self, slug: str) -> str:
        """Where a fragment leads; the page's own title is the page itself."""
        return f"#u-{slug}" if slug in self.headings else ""


def _code(path: str) -> str:
    """The problem with a link that leads to no page (W642), or to no other file (W661)."""
    return "W642" if posixpath.splitext(path)[1].lower() in ("", ".md") else "W661"


def _nowhere(way: str) -> Outside | None:
    return None


@dataclass(frozen=True, slots=True)
class Around:
    """What the catalogue has around a package. Nothing said: the package stands alone.

    `find` gives the page at a path as seen from the package's top, `../` and all; `gate` are
    whom the parents of its root let in (None: all), `quiz` what they say for the checks below.
    """

    find: Callable[[str], Outside | None] = _nowhere
    gate: frozenset[str] | None = None
    quiz: Mapping[str, str] = field(default_factory=dict)

    def beside(self, own: Collection[UUID]) -> Around:
        """What is around a package with these pages: nothing that is theirs, wherever it is live now.

        The package says itself where they are and which of them are gone; what is live of
        them changes with its own publication, and the same package must read the same after it.
        """

        def find(way: str) -> Outside | None:
            found = self.find(way)
            return None if found is None or {found.uuid, found.unit} & own_pages else found

        own_pages = frozenset(own)
        return replace(self, find=find)


def is_narrower(page: Page | Outside, other: Page) -> bool:
    """Whether somebody may see `other` and not `page`."""
    if page.reach is None:
        return False
    return other.reach is None or not other.reach <= page.reach


@dataclass(slots=True)
class Links:
    """Resolves one page's links (`markup.links.Resolver`); `pages` are all of the package by path, `labels`
    those on which a label stands, by the label.
    """

    page: Page
    pages: Mapping[str, Page]
    package: Package
    problems: Problems
    around: Around
    labels: Mapping[str, Page]
    outside: bool = False  # whether the catalogue was asked
    in_questions: bool = False  # where what is not found is an error: an answer may hang on it

    def link(self, href: str, *, at: Place) -> str | None:
        """Where a relative link leads: an address, or None for text without a link."""
        path, found, slug = self._target(href, at)
        if found is None:
            if path in self.package.files and not path.lower().endswith(".md"):
                file = self._file(path, href, at)
                return None if file is None else file.url
            self._missing(path, href, at)
            return None
        # A page for nobody is told where that is written.
        if found.reach != frozenset() and is_narrower(found, self.page):
            self._add("W646", f"“{found.path}” is for a narrower audience: some readers get a 404", at)
        if slug and slug not in found.fragments:
            self._add("W643", f"“#{slug}” is not a heading of “{found.path}”", at)
            slug = ""
        return self._address(found, slug)

    def _missing(self, path: str, href: str, at: Place) -> None:
        code = _code(path)
        what = "a page of" if code == "W642" else "in"
        self._add(
            "E403" if self.in_questions else code, f"“{href}” is not {what} this package: shown as text", at
        )

    def image(self, src: str, *, at: Place) -> Served | None:
        """What an image of the package is served as, or None for its alt text alone."""
        path = self._path(src, at) or ""
        return self._file(self._spelled(path, at, "W661"), src, at)

    def label(self, name: str) -> tuple[str, str] | None:
        """The link to what a label names, and its title; no title of a page that some readers may not see."""
        found = self.labels.get(labels.normal(name))
        if found is None:
            return None
        slug, title = found.parsed.labels[labels.normal(name)]
        path = posixpath.relpath(found.path, posixpath.dirname(self.page.path) or ".")
        shown = "" if is_narrower(found, self.page) else title or found.parsed.title
        return f"{'' if found is self.page else quote(path)}#{slug}", shown

    def title(self, href: str) -> str:
        """The title of the page or heading that a link leads to.

        Where some readers may not see that page it is the address as written: a title tells what it is about.
        """
        path, fragment = target(self.page.path, href)
        found = self.page if path == "" else self.pages.get(path or "") or self._outside(href)
        if found is None:
            return ""
        return unquote(href) if is_narrower(found, self.page) else found.named(fragment)

    def passage(self, see: str, *, at: Place) -> str:
        """Where the `see:` of a question leads; "" where it names nothing."""
        named_page = "#" in see or see.endswith(".md")
        _path, found, slug = self._target(see if named_page else f"#{see}", at)
        if found is None or (slug and slug not in found.fragments):
            self._add("E402", f"`see: {see}` names nothing in this package", at)
            return ""
        return self._address(found, slug)

    def _target(self, href: str, at: Place) -> tuple[str, Page | Outside | None, str]:
        """The path that a link names in the package, the page that is there, and the slug of its fragment."""
        path, slug = self._path(href, at), slugify(target(self.page.path, href)[1])
        if path == "":
            return "", self.page, slug
        path = self._spelled(path or "", at, _code(path or ""))
        return path, self.pages.get(path) or self._outside(href), slug

    def _path(self, href: str, at: Place) -> str | None:
        """The path that a link names.

        A link in an included file is one of the page that includes it, as in Sphinx; where nothing is
        there, one of the file itself.
        """
        path = target(self.page.path, href)[0]
        if path and path not in self.package.files and at.file != self.page.path:
            path = target(at.file, href)[0]
        return path

    def _spelled(self, path: str, at: Place, code: str) -> str:
        """The path, or the one file of the package that it names but for its capitals."""
        if path in self.package.files or not (found := self.package.spelled(path)):
            return path
        message = f"“{path}” is written “{found}” in the package: taken as that"
        self._add(code, message, at, "Write the name as the file has it, capitals included.")
        return found

    def _outside(self, href: str) -> Outside | None:
        """A live page that stands where the link leads, seen from where the package belongs."""
        path = unquote(href.partition("#")[0].partition("?")[0])
        if not path.lower().endswith(".md"):
            return None
        self.outside = True
        way = posixpath.normpath(posixpath.join(posixpath.dirname(self.page.path), path))
        return self.around.find(unicodedata.normalize("NFC", way))

    def _address(self, found: Page | Outside, slug: str) -> str:
        """Pages are named by their permanent address; a passage of the same page by its fragment alone."""
        anchor = found.anchor(slug)
        return anchor if anchor and found is self.page else page_url(found.uuid) + anchor

    def _file(self, path: str, written: str, at: Place) -> Served | None:
        data = self.package.files.get(path)
        if data is None:
            code = "E403" if self.in_questions else "W661"
            self._add(code, f"“{written}” is not in the package", at)
            return None
        found = self.page.media.get(path)
        if found is None:
            item, fault = media.inspect(path, data)
            if item is None:
                code, message = fault or ("E662", "this type of file is not accepted")
                self._add(code, f"“{written}”: {message}", at)
                return None
            found = self.page.media[path] = MediaDocument(item.name, item)
        url = media_url(self.page.uuid, found.media.digest, found.name)
        return Served(url, found.media.width, found.media.height)

    def _add(self, code: str, message: str, at: Place, remedy: str | None = None) -> None:
        self.problems.add(code, message, file=at.file, line=at.line, column=at.column, remedy=remedy)
