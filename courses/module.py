"""Reads a package into a `Tree` of modules and paths, with every problem at once.

Pure: no database, no settings. Order of work: walk the toc (`courses.toc`); parse every
page; then render, because a link can be resolved only when all pages are known.
"""

from __future__ import annotations

import gc
import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

from courses import back_links, belongings, toc
from courses.documents import (
    Child,
    ComingSoon,
    ModuleDocument,
    OutsideLink,
    PageDocument,
    PathDocument,
    Tree,
    minutes_for,
)
from courses.links import Around, Links, Page
from courses.toc import Node
from markup import budget, myst
from markup.contents import asides
from markup.front_matter import FrontMatter
from markup.links import target
from markup.myst import Rendered
from markup.package import Package
from markup.problems import Problem, Problems
from quizzes import parsing
from quizzes.options import default_fault
from quizzes.spec import Check

DEFAULT_AUDIENCES = ("Employee", "Partner")
LONGEST_SLUG = 180  # characters; what is stored has room for a number after it
# Called with "reading" or "rendering" and a path, right before that page's turn.
Tell = Callable[[str, str], None]
_ALONE = Around()
_NONE: Mapping[UUID, UUID] = {}
_LED_ON = {("section", "module"), ("section", "section"), ("module", "path"), ("path", "path")}


def unheard(phase: str, page: str) -> None:
    """Nobody asks how far a reading is."""


def read(
    package: Package,
    *,
    audiences: Collection[str] = DEFAULT_AUDIENCES,
    around: Around = _ALONE,
    kept: Mapping[UUID, UUID] = _NONE,
    tell: Tell = unheard,
) -> tuple[Tree | None, list[Problem]]:
    """Read everything below the page `package.root`.

    Returns the tree, or None where there is an error, and all problems in the order of
    the toc. `audiences` are the names that the site knows, `around` what the catalogue
    has around the package, `kept` who pages that were renamed are (`courses.toc.identities`);
    `tell` hears at which page it is.
    """
    if package.root is None:
        return None, []
    problems = Problems()
    with _without_collecting():
        root = toc.walk(package, audiences=audiences, problems=problems)
        uuids = toc.identities(root, kept=kept)
        toc.report_twins(root, uuids, renamed=kept.values(), problems=problems)
        reader = _Reader(package, root, uuids, around, problems, tell)
        tree = reader.tree()
    return (None if problems.errors else tree), reader.sorted_problems()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep Python from looking for circles in what is read: there are hardly any, and a large tree makes
    millions of objects, among which it would look again and again, for a fifth of the time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Reader:
    """One reading of one package."""

    def __init__(
        self,
        package: Package,
        root: Node,
        uuids: Mapping[str, UUID],
        around: Around,
        problems: Problems,
        tell: Tell,
    ) -> None:
        self.package, self.root, self.uuids, self.around = package, root, uuids, around
        self.problems, self.tell = problems, tell
        self.pages: dict[str, Page] = {}  # by path, in reading order
        self.slugs: dict[str, set[str]] = {}  # those of a module's sections, by the module's path
        self.labels: dict[str, Page] = {}  # the first page on which each label stands
        self.nodes = {node.path: node for node in root.pages}
        self.following = dict(pairwise(self.nodes))
        for path, node in self.nodes.items():
            page = self.pages[path] = self._page(node)
            for label in page.parsed.labels:
                self.labels.setdefault(label, page)
        self._unlisted()

    # -- pages as they are written ---------------------------------------------------------

    def _page(self, node: Node) -> Page:
        self.tell("reading", node.path)
        parent = self.pages[node.parent.path] if node.parent else None
        parsed = myst.parse(
            node.body,
            file=node.path,
            first_line=node.meta.body_line,
            problems=self.problems,
            files=self.package.text_or_none,
        )
        inherited = parent.quiz_defaults if parent else self.around.quiz
        own = None if node.meta.visibility is None else frozenset(node.meta.visibility)
        return Page(
            path=node.path,
            depth=node.depth,
            meta=node.meta,
            parsed=parsed,
            uuid=self.uuids[node.path],
            slug=self._slug(node),
            audiences=_narrowed(own, parent.audiences if parent and node.kind == "section" else None),
            reach=self._reach(node, own, parent),
            quiz_defaults={**inherited, **self._quiz_defaults(node.meta, node.path)},
        )

    def _quiz_defaults(self, meta: FrontMatter, path: str) -> dict[str, str]:
        """The entries of the `quiz` map that can be used; the others are reported where they are written."""
        faults = {name: default_fault(name, value) for name, value in meta.quiz.items()}
        for name, fault in faults.items():
            if fault:
                line, column = meta.quiz_places[name]
                self.problems.add("E301", fault, file=path, line=line, column=column)
        return {name: value for name, value in meta.quiz.items() if not faults[name]}

    def _slug(self, node: Node) -> str:
        base = slug = slug_of(node.path)
        if node.kind != "section":
            return slug
        taken = self.slugs.setdefault(_unit(node).path, set())
        number = 2
        while slug in taken:
            slug = f"{base}-{number}"
            number += 1
        taken.add(slug)
        return slug

    def _reach(self, node: Node, own: frozenset[str] | None, parent: Page | None) -> frozenset[str] | None:
        """Whom the page and everything above it let in; W612 and W613 where that surprises."""
        above = parent.reach if parent else self.around.gate
        if own is None and parent is None and above is None:
            message = "no `visibility`: every signed-in person may see this"
            self.problems.add("W612", message, file=node.path)
        for name, (line, column) in zip(node.meta.visibility or (), node.meta.audience_places, strict=False):
            if above is not None and name not in above:
                higher = f"“{parent.path}” above it" if parent else "what is above it in the catalogue"
                message = f"“{name}” cannot see this page: {higher} is not for them"
                self.problems.add("W613", message, file=node.path, line=line, column=column)
        return _narrowed(own, above)

    def _unlisted(self) -> None:
        aside = asides(self.package.files)
        for path in self.package.pages():
            if path not in self.pages and path not in aside:
                self.problems.add("W625", f"no toc lists “{path}”: nobody can reach it", file=path)

    # -- documents -------------------------------------------------------------------------

    def tree(self) -> Tree:
        """Render every page, now that links between them can be resolved, and join them."""
        done = {path: self._render(page) for path, page in self.pages.items()}
        units = [node for node in self.root.pages if node.kind != "section"]
        shares = belongings.share(
            self.package, {unit.path: [self.pages[n.path] for n in _own(unit)] for unit in units}
        )
        return Tree(
            tuple(
                self._path(unit, done[unit.path], shares[unit.path])
                if unit.kind == "path"
                else _module(unit, done, shares[unit.path])
                for unit in units
            )
        )

    def _path(self, node: Node, page: PageDocument, package: Package) -> PathDocument:
        for block in self.pages[node.path].parsed.blocks[:1]:
            self.problems.add(
                "E204", "The page of a path cannot ask questions.", file=node.path, line=block.line,
                column=block.indent + 1, remedy="Put the questions into a section of one of its modules.",
            )  # fmt: skip
        children = tuple(self._child(line) for line in node.children)
        quiz = self.pages[node.path].quiz_defaults
        return PathDocument(page, children, node.meta.show_children_cards, quiz, package)

    def _child(self, line: Node) -> Child:
        if not line.path:
            return Child(line.title, url=line.url)
        page = self.pages[line.path]
        return Child(page.parsed.title, uuid=str(page.uuid), required=page.meta.required)

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
            html=back_links.add(rendered.html, checks),
            headings=rendered.headings,
            text=rendered.text,
            minutes=page.meta.duration or minutes_for(rendered.words, questions),
            required=page.meta.required,
            audiences=page.audiences,
            checks=checks,
            media=tuple(page.media.values()),
            depth=page.depth,
            tags=page.meta.tags,
            categories=page.meta.categories,
        )

    def _draw(self, page: Page) -> tuple[Rendered, tuple[Check, ...]]:
        links = Links(page, self.pages, self.package, self.problems, self.around, self.labels)

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
        """A “Let's Go!” or “Next:” that leads where the site's own button leads is not drawn twice.

        The site leads on inside a module, and from a path to what it lists first.
        """
        onward = self.following.get(page.path)
        if onward is None or (self.nodes[onward].kind, self.nodes[page.path].kind) not in _LED_ON:
            return set()
        last = {"next": page.parsed.next_href, "lets_go": page.parsed.lets_go_href}
        return {name for name, href in last.items() if href and target(page.path, href)[0] == onward}

    def sorted_problems(self) -> list[Problem]:
        """In the order of the toc, then by line."""
        order = {path: number for number, path in enumerate(self.pages)}
        return sorted(self.problems, key=lambda p: (order.get(p.file, len(order)), p.file, p.line, p.column))


def _narrowed(own: frozenset[str] | None, above: frozenset[str] | None) -> frozenset[str] | None:
    """What the page says, narrowed by what is above it: the gate is the intersection."""
    if own is None or above is None:
        return above if own is None else own
    return own & above


def _unit(node: Node) -> Node:
    """The module or path that a page is part of."""
    return next(above for above in node.trail if above.kind != "section")


def _own(unit: Node) -> list[Node]:
    """The pages of a module; of a path, its own page."""
    return list(unit.pages) if unit.kind == "module" else [unit]


def _module(node: Node, done: Mapping[str, PageDocument], package: Package) -> ModuleDocument:
    """A module with its sections in reading order.

    The index page is the first section where it has questions, and the only one where there is no other.
    """
    index = done[node.path]
    sections = [_section(line, done) for line in node.lines]
    if not sections or index.checks:
        # In a path, the page's `required` is about the module as a whole.
        sections.insert(0, replace(index, required=True) if node.parent else index)
    return ModuleDocument(index, tuple(sections), node.meta.sequence or "free", package)


def _section(line: Node, done: Mapping[str, PageDocument]) -> PageDocument | ComingSoon | OutsideLink:
    if line.path:
        return done[line.path]
    if line.url:
        return OutsideLink(line.title, line.url, line.depth)
    return ComingSoon(line.title, line.depth)


def slug_of(path: str) -> str:
    """The word in a page's address that its file name gives it."""
    stem = posixpath.basename(path).removesuffix(".md").lower()
    return re.sub(r"[^\w-]+", "-", stem).strip("-")[:LONGEST_SLUG] or "page"


def _first_paragraph(text: str) -> str:
    """The first paragraph for a card; one that leads on to a list, or is long, ends in an ellipsis."""
    first = next(_paragraphs(text), "")
    if len(first) > 300:
        first = first[:299].rsplit(" ", 1)[0]
    return first if not first or first[-1] in ".!?…" else first.rstrip(":,;") + "…"


def _paragraphs(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())
