"""Reads a package into one `ModuleDocument`, with every problem at once.

Pure: no database, no settings. Order of work: walk the toc; parse every page;
then render, because a link can be resolved only when all pages are known.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator
from hashlib import sha256
from uuid import NAMESPACE_URL, UUID, uuid5

from courses.documents import ComingSoon, ModuleDocument, PageDocument, minutes_for
from courses.links import Links, Page
from markup import budget, front_matter, myst
from markup.front_matter import FrontMatter, TocEntry
from markup.links import target
from markup.myst import Rendered
from markup.package import Package
from markup.problems import Problem, Problems
from quizzes import parsing
from quizzes.options import default_fault
from quizzes.spec import Check

# Part of every digest: raise it when the same source renders differently.
RENDERER = "2"
DEFAULT_AUDIENCES = ("Employee", "Partner")
LONGEST_SLUG = 180  # characters; what is stored has room for a number after it
# Called with "reading" or "rendering" and a path, right before that page's turn.
Tell = Callable[[str, str], None]
_HEADING = re.compile(r'<h([1-6]) id="(?P<id>[^"]*)"[^>]*>.*?</h\1>', re.DOTALL)


def unheard(phase: str, page: str) -> None:
    """Nobody asks how far a reading is."""


def read(
    package: Package, *, audiences: Collection[str] = DEFAULT_AUDIENCES, tell: Tell = unheard
) -> tuple[ModuleDocument | None, list[Problem]]:
    """Read the module whose index page is `package.root`.

    Returns the document, or None where there is an error, and all problems in the
    order of the toc. `audiences` are the names that the site knows;
    `tell` hears at which page it is.
    """
    problems = Problems()
    if package.root is None:
        return None, []
    reader = _Reader(package, audiences, problems, tell)
    reader.walk()
    if problems.errors and not reader.pages:
        return None, list(problems)
    document = reader.document()
    return (None if problems.errors else document), reader.sorted_problems()


class _Reader:
    """One reading of one package."""

    def __init__(self, package: Package, audiences: Collection[str], problems: Problems, tell: Tell) -> None:
        self.package = package
        self.known_audiences = audiences
        self.problems = problems
        self.tell = tell
        self.pages: dict[str, Page] = {}  # by path, in reading order, the index page first
        self.toc: list[Page | ComingSoon] = []  # the sections in reading order
        self.slugs: set[str] = set()

    # -- the toc ---------------------------------------------------------------------------

    def walk(self) -> None:
        """Read the pages that the toc reaches, parents before children."""
        root_path = self.package.root or ""
        index = self._page(root_path, parent=None, depth=0)
        self._children(index, depth=0, trail=(root_path,))
        if not self.toc:
            self.toc.append(index)
        elif index.parsed.blocks:
            self.toc.insert(0, index)
        self._unlisted()
        self._same_uuid()

    def _children(self, parent: Page, depth: int, trail: tuple[str, ...]) -> None:
        for entry in parent.meta.toc:
            if entry.url is not None:
                continue
            if entry.path in trail:
                self._toc_problem(
                    parent, entry, "E624", f"“{entry.path}” lists itself, through {len(trail)} page(s)"
                )
            elif entry.path in self.pages:
                self._toc_problem(parent, entry, "E623", f"“{entry.path}” is listed twice")
            elif entry.path not in self.package.files:
                self._toc_problem(
                    parent, entry, "W622", f"“{entry.path}” is not there: shown as “coming soon”"
                )
                self.toc.append(ComingSoon(_title_of(entry), depth))
            else:
                page = self._page(entry.path, parent=parent, depth=depth)
                if page.meta.toc and not self._may_nest(parent, entry):
                    continue
                self.toc.append(page)
                self._children(page, depth + 1, (*trail, entry.path))

    def _may_nest(self, parent: Page, entry: TocEntry) -> bool:
        """A page that lists pages with a toc is a path, unless it says `kind: module`."""
        root = self.pages[self.package.root or ""]
        if root.meta.kind == "module":
            return True
        self._toc_problem(
            parent,
            entry,
            "E685",
            f"“{entry.path}” has a toc of its own, so this is a path of several modules, not a module",
            remedy="Import each module by itself, or write `kind: module` on the page at the top to make "
            "everything below it one module.",
        )
        return False

    def _toc_problem(
        self, parent: Page, entry: TocEntry, code: str, message: str, remedy: str | None = None
    ) -> None:
        self.problems.add(
            code, message, file=parent.path, line=entry.line, column=entry.column, remedy=remedy
        )

    def _page(self, path: str, *, parent: Page | None, depth: int) -> Page:
        self.tell("reading", path)
        source = self.package.text(path)
        meta, body = front_matter.read(
            source, file=path, audiences=self.known_audiences, problems=self.problems
        )
        parsed = myst.parse(body, file=path, first_line=meta.body_line, problems=self.problems)
        page = Page(
            path=path,
            depth=depth,
            meta=meta,
            parsed=parsed,
            uuid=meta.uuid or self._uuid_from_path(path),
            slug=self._slug(path) if parent else _slug(path),
            audiences=self._audiences(meta, path, parent),
            quiz_defaults={**(parent.quiz_defaults if parent else {}), **self._quiz_defaults(meta, path)},
        )
        self.pages[path] = page
        return page

    def _quiz_defaults(self, meta: FrontMatter, path: str) -> dict[str, str]:
        """The entries of the `quiz` map that can be used; the others are reported where they are written."""
        faults = {name: default_fault(name, value) for name, value in meta.quiz.items()}
        for name, fault in faults.items():
            if fault:
                self.problems.add("E301", fault, file=path, line=meta.quiz_lines[name])
        return {name: value for name, value in meta.quiz.items() if not faults[name]}

    def _uuid_from_path(self, path: str) -> UUID:
        root = self.pages.get(self.package.root or "")
        return uuid5(root.uuid, path) if root else uuid5(NAMESPACE_URL, f"coursemark:{path}")

    def _slug(self, path: str) -> str:
        base = slug = _slug(path)
        number = 2
        while slug in self.slugs:
            slug = f"{base}-{number}"
            number += 1
        self.slugs.add(slug)
        return slug

    def _audiences(self, meta: FrontMatter, path: str, parent: Page | None) -> frozenset[str] | None:
        """What the page says, narrowed by its parents: the gate is the intersection."""
        if meta.visibility is None:
            if parent is None:
                self.problems.add(
                    "W612", "no `visibility`: every signed-in person may see this module", file=path
                )
                return None
            return parent.audiences
        own = frozenset(meta.visibility)
        if parent is None or parent.audiences is None:
            return own
        for name in meta.visibility:
            if name not in parent.audiences:
                self.problems.add(
                    "W613",
                    f"“{name}” cannot see this page: “{parent.path}” above it is not for them",
                    file=path,
                    line=meta.visibility_line,
                )
        return own & parent.audiences

    def _unlisted(self) -> None:
        for path in sorted(self.package.files):
            name = posixpath.basename(path).lower()
            if not name.endswith(".md") or name == "readme.md" or path in self.pages:
                continue
            if not self._is_bank(path):
                self.problems.add("W625", f"no toc lists “{path}”: nobody can reach it", file=path)

    def _is_bank(self, path: str) -> bool:
        meta, _ = front_matter.read(
            self.package.text(path), file=path, audiences=self.known_audiences, problems=Problems()
        )
        return meta.kind == "question-bank"

    def _same_uuid(self) -> None:
        seen: dict[UUID, Page] = {}
        for page in self.pages.values():
            if other := seen.get(page.uuid):
                self.problems.add(
                    "E604",
                    f"this uuid is also that of “{other.path}”",
                    file=page.path,
                    line=page.meta.uuid_line,
                )
            seen.setdefault(page.uuid, page)

    # -- the document ----------------------------------------------------------------------

    def document(self) -> ModuleDocument:
        """Render every page, now that links between them can be resolved."""
        done = {page.path: self._render(page) for page in self.pages.values()}
        index = self.pages[self.package.root or ""]
        sections = tuple(s if isinstance(s, ComingSoon) else done[s.path] for s in self.toc)
        digest = sha256(f"{RENDERER}\n{self.package.digest()}".encode()).hexdigest()
        return ModuleDocument(done[index.path], sections, index.meta.sequence or "free", digest, self.package)

    def _render(self, page: Page) -> PageDocument:
        self.tell("rendering", page.path)
        rendered, checks = Rendered("", (), "", 0), tuple[Check, ...]()
        with budget.Page(page.path, self.problems):
            rendered, checks = self._draw(page)
        questions = sum(len(check.questions) for check in checks)
        return PageDocument(
            uuid=page.uuid,
            path=page.path,
            slug=page.slug,
            title=page.parsed.title,
            description=page.meta.description or _first_paragraph(rendered.text),
            source=self.package.text(page.path),
            html=_link_back(rendered.html, checks),
            headings=rendered.headings,
            text=rendered.text,
            minutes=page.meta.duration or minutes_for(rendered.words, questions),
            required=page.meta.required,
            audiences=page.audiences,
            checks=checks,
            media=tuple(page.media.values()),
            depth=page.depth,
        )

    def _draw(self, page: Page) -> tuple[Rendered, tuple[Check, ...]]:
        links = Links(page, self.pages, self.package, self.problems)

        def fragment(markdown: str, *, line: int, inline: bool) -> str:
            return myst.fragment(markdown, links, self.problems, page=page.parsed, line=line, inline=inline)

        rendered = myst.render(page.parsed, links, self.problems, drop=self._drawn_by_the_site(page))
        checks = parsing.parse(
            page.parsed.blocks,
            file=page.path,
            headings=page.parsed.headings,
            fragments=page.parsed.fragments,
            defaults=page.quiz_defaults,
            render=fragment,
            problems=self.problems,
        )
        return rendered, tuple(links.resolve_passages(check) for check in checks)

    def _drawn_by_the_site(self, page: Page) -> set[str]:
        """A “Let's Go!” or “Next:” that leads where the site's own button leads is not drawn twice."""
        order = list(self.pages)
        following = order[order.index(page.path) + 1 :][:1]
        last = {"next": page.parsed.next_href, "lets_go": page.parsed.lets_go_href}
        return {name for name, href in last.items() if href and [target(page.path, href)[0]] == following}

    def sorted_problems(self) -> list[Problem]:
        """In the order of the toc, then by line."""
        order = {path: number for number, path in enumerate(self.pages)}
        return sorted(self.problems, key=lambda p: (order.get(p.file, len(order)), p.file, p.line, p.column))


def _link_back(html: str, checks: tuple[Check, ...]) -> str:
    """Put the ways back to its questions under each heading that a `see:` names.

    They are drawn only while the heading is the target of the address, that is, when
    the reader came from a question.
    """
    back: dict[str, list[str]] = {}
    for check in checks:
        shuffled = check.rule.shuffle in (
            "questions",
            "all",
        )  # then a question's number is each learner's own
        for number, question in enumerate(check.questions, start=1):
            if question.see.startswith("#u-"):
                name = "the question" if shuffled else f"question {number}"
                back.setdefault(question.see[1:], []).append(
                    f'<a href="#q-{question.key}">Back to {name}</a>'
                )

    def with_links(heading: re.Match[str]) -> str:
        links = back.get(heading["id"])
        return (
            heading[0] if links is None else f'{heading[0]}<p class="back-to-check">{" · ".join(links)}</p>'
        )

    return _HEADING.sub(with_links, html)


def _slug(path: str) -> str:
    stem = posixpath.basename(path).removesuffix(".md").lower()
    return re.sub(r"[^\w-]+", "-", stem).strip("-")[:LONGEST_SLUG] or "page"


def _title_of(entry: TocEntry) -> str:
    stem = posixpath.basename(entry.path).removesuffix(".md")
    return entry.title or stem.replace("-", " ").replace("_", " ").capitalize()


def _first_paragraph(text: str) -> str:
    """The first paragraph for a card; one that leads on to a list, or is long, ends in an ellipsis."""
    first = next(_paragraphs(text), "")
    if len(first) > 300:
        first = first[:299].rsplit(" ", 1)[0]
    return first if not first or first[-1] in ".!?…" else first.rstrip(":,;") + "…"


def _paragraphs(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())
