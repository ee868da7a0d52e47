"""Reads a package into a `Tree` of modules and paths, with every problem at once.

Pure: no database, no settings. Order of work: walk the toc (`courses.toc`); parse every
page; then render, because a link can be resolved only when all pages are known.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, Literal
from uuid import UUID

from courses import back_links, belongings, joining, readings, standing, toc
from courses.documents import (
    ModuleDocument,
    Named,
    PageDocument,
    PathDocument,
    Tree,
    Unchanged,
    first_paragraph,
    minutes_for,
)
from courses.links import Around, Links, Page
from courses.readings import Asking, Forgetful, Memory, Notes, Reading
from courses.toc import Node
from markup import budget, myst
from markup.contents import asides
from markup.links import target
from markup.myst import Rendered
from markup.package import Package
from markup.problems import Problem, Problems
from quizzes import parsing
from quizzes.spec import Check

DEFAULT_AUDIENCES = ("Employee", "Partner")
# Called with "reading" or "rendering" and a path, right before that page's turn.
Tell = Callable[[str, str], None]
_ALONE = Around()
_FORGETFUL = Forgetful()
_NONE: Mapping[UUID, UUID] = {}
_LED_ON = {("section", "module"), ("section", "section"), ("module", "path"), ("path", "path")}


def unheard(phase: str, page: str) -> None:
    """Nobody asks how far a reading is."""


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


@_without_collecting()  # what only the reading needs is gone before it looks again
def read(
    package: Package,
    *,
    audiences: Collection[str] = DEFAULT_AUDIENCES,
    around: Around = _ALONE,
    kept: Mapping[UUID, UUID] = _NONE,
    tell: Tell = unheard,
    memory: Memory = _FORGETFUL,
) -> tuple[Tree | None, list[Problem]]:
    """Read everything below the page `package.root`.

    Returns the tree, or None where there is an error, and all problems in the order of
    the toc. `audiences` are the names that the site knows, `around` what the catalogue
    has around the package, `kept` who pages that were renamed are (`courses.toc.identities`);
    `tell` hears at which page it is. What `memory` has read before, and would come out the
    same, is in the tree as `Unchanged`; it is given what was read now, where there is no error.
    """
    if package.root is None:
        return None, []
    problems = Problems()
    root = toc.walk(package, audiences=audiences, problems=problems)
    uuids = toc.identities(root, kept=kept)
    toc.report_twins(root, uuids, renamed=kept.values(), problems=problems)
    reader = _Reader(package, root, uuids, around, problems, tell, audiences, memory)
    tree = reader.tree()
    if not problems.errors:
        reader.learn(tree, memory)
    return (None if problems.errors else tree), reader.sorted_problems()


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
        audiences: Collection[str],
        memory: Memory,
    ) -> None:
        self.package, self.root, self.uuids, self.around = package, root, uuids, around
        self.problems, self.tell = problems, tell
        self.pages = standing.stand(root, uuids, around, problems)
        self.labels: dict[str, Page] = {}  # the first page on which each label stands
        self.nodes = {node.path: node for node in root.pages}
        self.following = dict(pairwise(self.nodes))
        self.units = {node.path: _own(node) for node in root.pages if node.kind != "section"}
        self.notes = defaultdict[str, Notes](Notes)  # of the pages that are read now
        self.keys = {
            unit: readings.key(self.nodes[unit], own, self.pages, package, audiences)
            for unit, own in self.units.items()
        }
        self.remembered = self._remembered(memory)
        for page in self.pages.values():
            self._read(page)
            for label in page.parsed.labels:
                self.labels.setdefault(label, page)
        self.others = readings.others(
            self.pages, {path: node.kind for path, node in self.nodes.items()}, package
        )
        self._unlisted()

    def _remembered(self, memory: Memory) -> dict[str, Reading]:
        """The readings that are of these very pages, by the path of the module or path."""
        known = memory.recall([self.uuids[unit] for unit in self.units])
        found = {unit: known[uuid] for unit in self.units if (uuid := self.uuids[unit]) in known}
        return {
            unit: reading
            for unit, reading in found.items()
            if reading.key == self.keys[unit] and readings.same_files(reading, self.package)
        }

    # -- pages as they are written ---------------------------------------------------------

    def _read(self, page: Page) -> None:
        """Parse a page, or remember what others may ask about it."""
        self.tell("reading", page.path)
        unit = self.remembered.get(self.nodes[page.path].unit.path)
        if unit is None:
            self._parse(page)
            self.problems.extend(self.notes[page.path].parsing)
        else:
            remembered = unit.pages[page.path]
            page.parsed = readings.parsed(page.path, remembered)
            self.problems.extend(readings.problems(remembered, "parsing"))

    def _parse(self, page: Page) -> None:
        node, notes = self.nodes[page.path], self.notes[page.path]
        page.parsed = myst.parse(
            node.body,
            file=page.path,
            first_line=node.meta.body_line,
            problems=notes.parsing,
            files=notes.reading_files(self.package),
        )

    def _unlisted(self) -> None:
        aside = asides(self.package.files)
        for path in self.package.pages():
            if path not in self.pages and path not in aside:
                self.problems.add("W625", f"no toc lists “{path}”: nobody can reach it", file=path)

    # -- documents -------------------------------------------------------------------------

    def tree(self) -> Tree:
        """Render every page, now that links between them can be resolved, and join them."""
        done = {unit: self._rendered(unit) for unit in self.units}
        shares = belongings.share(
            self.package, {unit: [self.pages[n.path] for n in own] for unit, own in self.units.items()}
        )
        return Tree(tuple(self._document(self.nodes[unit], done[unit], shares[unit]) for unit in self.units))

    def _document(
        self, unit: Node, done: Mapping[str, PageDocument] | None, package: Package
    ) -> ModuleDocument | PathDocument | Unchanged:
        if done is None:
            names = [Named(self.uuids[node.path], node.path) for node in self.units[unit.path]]
            kind: Literal["module", "path"] = "path" if unit.kind == "path" else "module"
            return Unchanged(kind, names[0], tuple(names[1:]), self.remembered[unit.path].digest)
        if unit.kind == "path":
            return self._path(unit, done[unit.path], package)
        return joining.module(unit, done, package)

    def _rendered(self, unit: str) -> dict[str, PageDocument] | None:
        """The pages of a module or path, rendered; None where they would come out as they did."""
        pages = [self.pages[node.path] for node in self.units[unit]]
        if unit in self.remembered:
            if self._unchanged(self.remembered[unit], pages):
                return None
            for page in pages:
                page.media.clear()
                self._parse(page)
        return {page.path: self._render(page) for page in pages}

    def _unchanged(self, reading: Reading, pages: Sequence[Page]) -> bool:
        """Whether drawing these pages again would be told the same; then their problems are told again."""
        for page in pages:
            remembered = reading.pages[page.path]
            readings.show_media(remembered, page)
            if readings.may_differ(remembered, self.others) and not readings.same_answers(
                remembered, self._links(page), self._drawn_by_the_site(page)
            ):
                return False
        for page in pages:
            self.tell("rendering", page.path)
            self.problems.extend(readings.problems(reading.pages[page.path], "drawing"))
        return True

    def learn(self, tree: Tree, memory: Memory) -> None:
        """Give a memory what was read, and what the others are now; there was no error."""
        for document in tree.documents:
            unit = document.page.path
            if isinstance(document, Unchanged):
                known = self.remembered[unit]
                if any(page["others"] != self.others for page in known.pages.values()):
                    memory.learn(document.page.uuid, readings.beside(known, self.others))
                continue
            pages = {node.path: self._noted(node.path) for node in self.units[unit]}
            memory.learn(document.page.uuid, Reading(self.keys[unit], document.digest, pages))

    def _noted(self, path: str) -> dict[str, Any]:
        return readings.of_page(self.pages[path], self.notes[path], self.package, self.others)

    def _path(self, node: Node, page: PageDocument, package: Package) -> PathDocument:
        for block in self.pages[node.path].parsed.blocks[:1]:
            self.problems.add(
                "E204", "The page of a path cannot ask questions.", file=node.path, line=block.line,
                column=block.indent + 1, remedy="Put the questions into a section of one of its modules.",
            )  # fmt: skip
        return joining.path(node, page, self.pages, package)

    def _render(self, page: Page) -> PageDocument:
        self.tell("rendering", page.path)
        rendered, checks = Rendered("", (), "", 0), tuple[Check, ...]()
        notes = self.notes[page.path]
        with budget.Page(page.path, notes.drawing):
            rendered, checks = self._draw(page, notes)
        self.problems.extend(notes.drawing)
        questions = sum(len(check.questions) for check in checks)
        return PageDocument(
            uuid=page.uuid,
            path=page.path,
            slug=page.slug,
            title=page.parsed.title,
            description=page.meta.description or first_paragraph(rendered.text),
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

    def _links(self, page: Page) -> Links:
        return Links(page, self.pages, self.package, Problems(), self.around, self.labels)

    def _draw(self, page: Page, notes: Notes) -> tuple[Rendered, tuple[Check, ...]]:
        asking, problems = Asking(self._links(page), notes), notes.drawing

        def fragment(markdown: str, *, line: int, inline: bool) -> str:
            return myst.fragment(markdown, asking, problems, page=page.parsed, line=line, inline=inline)

        notes.drop = self._drawn_by_the_site(page)
        rendered = myst.render(page.parsed, asking, problems, drop=notes.drop)
        checks = parsing.parse(
            page.parsed.blocks,
            file=page.path,
            headings=page.parsed.headings,
            fragments=page.parsed.fragments,
            defaults=page.quiz_defaults,
            render=fragment,
            problems=problems,
        )
        return rendered, tuple(asking.resolve_passages(check) for check in checks)

    def _drawn_by_the_site(self, page: Page) -> list[str]:
        """A “Let's Go!” or “Next:” that leads where the site's own button leads is not drawn twice.

        The site leads on inside a module, and from a path to what it lists first.
        """
        onward = self.following.get(page.path)
        if onward is None or (self.nodes[onward].kind, self.nodes[page.path].kind) not in _LED_ON:
            return []
        last = {"next": page.parsed.next_href, "lets_go": page.parsed.lets_go_href}
        return [name for name, href in last.items() if href and target(page.path, href)[0] == onward]

    def sorted_problems(self) -> list[Problem]:
        """In the order of the toc, then by line. Of a page that is guessed nothing is told but that it is."""
        order = {path: number for number, path in enumerate(self.pages)}
        told = (problem for problem in self.problems if problem.file not in self.package.guessed)
        return sorted(told, key=lambda p: (order.get(p.file, len(order)), p.file, p.line, p.column))


def _own(unit: Node) -> list[Node]:
    """The pages of a module; of a path, its own page."""
    return list(unit.pages) if unit.kind == "module" else [unit]
