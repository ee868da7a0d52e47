"""Reads a package into a `Tree` of modules and paths, with every problem at once.

Pure: no database, no settings. Order of work: walk the toc (`courses.toc`); parse every
page; then render, because a link can be resolved only when all pages are known.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import Literal
from uuid import UUID

from courses import back_links, banks, belongings, joining, readings, standing, toc
from courses.asking import Asking, Notes
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
from courses.readings import Drawn, Forgetful, Memory
from courses.recalling import Recollection
from courses.toc import Node
from markup import budget, myst
from markup.contents import asides
from markup.links import target
from markup.myst import Rendered
from markup.package import Package
from markup.problems import Problem, Problems
from quizzes import parsing
from quizzes.drawing import asks
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
        reader.learn(tree)
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
        self.package, self.root, self.uuids = package, root, uuids
        self.around = around.beside(uuids.values())
        self.problems, self.tell = problems, tell
        self.pages = standing.stand(root, uuids, around, problems)
        self.labels: dict[str, Page] = {}  # the first page on which each label stands
        self.nodes = {node.path: node for node in root.pages}
        self.following = dict(pairwise(self.nodes))
        self.units = {node.path: _own(node) for node in root.pages if node.kind != "section"}
        self.notes = defaultdict[str, Notes](Notes)  # of the pages that are read now
        self.recalled = Recollection(memory, self.units, self.pages, package, audiences)
        self.done: dict[str, dict[str, PageDocument]] = {}  # by module and path: its pages, unless unchanged
        for page in self.pages.values():
            self._read(page)
            for label in page.parsed.labels:
                self.labels.setdefault(label, page)
        self.others = readings.others(
            self.pages, {path: node.kind for path, node in self.nodes.items()}, package
        )
        self._unlisted()

    # -- pages as they are written ---------------------------------------------------------

    def _read(self, page: Page) -> None:
        """Parse a page, or remember what others may ask about it."""
        self.tell("reading", page.path)
        if remembered := self.recalled.known.get(page.path):
            page.parsed = readings.parsed(page.path, remembered)
            self.problems.extend(readings.problems(remembered, "parsing"))
        else:
            self._parse(page)
            self.problems.extend(self.notes[page.path].parsing)

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
        others = [path for path in self.package.pages() if path not in self.pages]
        aside = asides(self.package.files) if others else ()
        for path in others:
            if path not in aside:
                self.problems.add("W625", f"no toc lists “{path}”: nobody can reach it", file=path)

    # -- documents -------------------------------------------------------------------------

    def tree(self) -> Tree:
        """Render every page, now that links between them can be resolved, and join them."""
        digests = {unit: self._render_unit(unit) for unit in self.units}
        shares = belongings.share(
            self.package, {unit: [self.pages[n.path] for n in own] for unit, own in self.units.items()}
        )
        return Tree(tuple(self._document(unit, digest, shares[unit]) for unit, digest in digests.items()))

    def _document(
        self, path: str, digest: str | None, package: Package
    ) -> ModuleDocument | PathDocument | Unchanged:
        unit = self.nodes[path]
        if digest is not None:
            names = [Named(self.uuids[node.path], node.path) for node in self.units[path]]
            kind: Literal["module", "path"] = "path" if unit.kind == "path" else "module"
            return Unchanged(kind, names[0], tuple(names[1:]), digest)
        if unit.kind == "path":
            return self._path(unit, self.done[path][path], package)
        return joining.module(unit, self.done[path], package)

    def _render_unit(self, unit: str) -> str | None:
        """Render the pages of a module or path; where all of it would come out as it did, only its digest."""
        pages = [self.pages[node.path] for node in self.units[unit]]
        same = [page.path for page in pages if self._is_same(page)]
        digest = self.recalled.digest(unit, same)
        if digest is not None:
            for page in pages:
                self._tell_again(page)
            return digest
        drawn = self.recalled.drawn(unit, same)
        self.done[unit] = {page.path: self._again(page, drawn) or self._render(page) for page in pages}
        return None

    def _is_same(self, page: Page) -> bool:
        """Whether drawing a page again would be told what it was told before."""
        remembered = self.recalled.known.get(page.path)
        if remembered is None:
            return False
        readings.show_media(remembered, page, self.package)
        return not readings.may_differ(remembered, self.others) or readings.same_answers(
            remembered, self._links(page), self._drawn_by_the_site(page)
        )

    def _again(self, page: Page, drawn: Mapping[str, Drawn]) -> PageDocument | None:
        """A page as it was drawn before, or None, and then it is ready to be drawn."""
        if page.path in drawn:
            readings.open_media(page, self.package)
            document = joining.page(page, drawn[page.path], source=self.package.text(page.path))
            if self.recalled.is_as_drawn(document):
                self._tell_again(page)
                return document
        if page.path in self.recalled.known:
            page.media.clear()
            self._parse(page)
        return None

    def _tell_again(self, page: Page) -> None:
        self.tell("rendering", page.path)
        self.problems.extend(readings.problems(self.recalled.known[page.path], "drawing"))

    def learn(self, tree: Tree) -> None:
        """Give the memory what was read, and what the others are now; there was no error."""
        for document in tree.documents:
            unit = document.page.path
            if isinstance(document, Unchanged):
                self.recalled.confirm(unit, self.others)
                continue
            noted = {
                path: readings.of_page(self.pages[path], self.notes[path], self.package)
                for path in self.done[unit]
                if path in self.notes
            }
            self.recalled.learn(unit, document.digest, self.done[unit], noted, self.others)

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
        questions = sum(asks(check) for check in checks)
        drawn = Drawn(
            html=back_links.add(rendered.html, checks),
            text=rendered.text,
            description=page.meta.description or first_paragraph(rendered.text),
            minutes=page.meta.duration or minutes_for(rendered.words, questions),
            checks=checks,
        )
        return joining.page(page, drawn, source=self.package.text(page.path))

    def _links(self, page: Page) -> Links:
        return Links(page, self.pages, self.package, Problems(), self.around, self.labels)

    def _draw(self, page: Page, notes: Notes) -> tuple[Rendered, tuple[Check, ...]]:
        asking, problems = Asking(self._links(page), notes), notes.drawing
        of_questions = Asking(replace(self._links(page), in_questions=True), notes)

        def fragment(markdown: str, *, line: int, inline: bool) -> str:
            return myst.fragment(markdown, of_questions, problems, page=page.parsed, line=line, inline=inline)

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
            open_bank=banks.opener(of_questions, self.package),
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
