"""Which page of a package lists which, and so what is a path, a module and a section.

Pure: front matter alone is read here, each page once. `courses.module` reads the pages themselves.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from courses import file_order
from markup import front_matter
from markup.contents import is_bank
from markup.front_matter import FrontMatter, TocEntry
from markup.package import Package
from markup.problems import Problems

# What a line of a toc turned out to be; `soon`: a page that is not written yet, `link`: the outside.
Kind = Literal["path", "module", "section", "soon", "link"]
DEEPEST = 12  # pages above each other
_NONE: Mapping[UUID, UUID] = {}


@dataclass(slots=True)
class Node:
    """One line of a toc. `path` is "" for what is no page; `depth` counts from the module's own sections."""

    path: str
    title: str = ""
    url: str = ""
    meta: FrontMatter = field(default_factory=FrontMatter)
    body: str = ""
    kind: Kind = "section"
    depth: int = 0
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def pages(self) -> Iterator[Node]:
        """This page and those below it, in reading order."""
        if self.path:
            yield self
        for child in self.children:
            yield from child.pages

    @property
    def lines(self) -> Iterator[Node]:
        """Everything below this page, in reading order."""
        for child in self.children:
            yield child
            yield from child.lines

    @property
    def trail(self) -> Iterator[Node]:
        """This page and those above it."""
        here: Node | None = self
        while here is not None:
            yield here
            here = here.parent

    @property
    def unit(self) -> Node:
        """The module or path that this page is part of."""
        return next(above for above in self.trail if above.kind != "section")


def walk(package: Package, *, audiences: Collection[str], problems: Problems) -> Node:
    """The tree below `package.root`.

    Reports what front matter reports, E623, E624, E688, W622 and W626. A package in
    which no page has a toc is read in the order of its file names.
    """
    assert package.root is not None
    reader = _Walk(package, audiences, problems)
    root = reader.node(package.root, parent=None)
    _name_kinds(root, inside=False)
    return root


def identities(root: Node, *, kept: Mapping[UUID, UUID] = _NONE) -> dict[str, UUID]:
    """Who each page of a tree is, by path: its uuid, or one made from where the file is.

    A section is known by its place below its module, a module or path by its place below
    the root: so a module that is read alone has the same sections. `kept` says of pages
    that were renamed who they were before: they still are.
    """
    found: dict[str, UUID] = {}
    for node in root.pages:
        uuid = node.meta.uuid or _from_place(node, found)
        found[node.path] = kept.get(uuid, uuid)
    return found


def report_twins(
    root: Node, uuids: Mapping[str, UUID], *, renamed: Collection[UUID], problems: Problems
) -> None:
    """E604 for each page that another one before it is already; `renamed` are identities that were kept."""
    seen: dict[UUID, Node] = {}
    for node in root.pages:
        uuid = uuids[node.path]
        if other := seen.get(uuid):
            line, column = node.meta.uuid_place
            message = f"this uuid is also that of “{other.path}”, line {other.meta.uuid_place[0]}"
            remedy = None
            if uuid in renamed:
                message = f"this page and “{other.path}” were answered to be one page, renamed"
                remedy = "Write a fresh `uuid:` into the one of the two that is new."
            problems.add("E604", message, file=node.path, line=line, column=column, remedy=remedy)
        seen.setdefault(uuid, node)


def from_place(path: str) -> UUID:
    """Who the page above all others is where its file does not say it."""
    return uuid5(NAMESPACE_URL, f"coursemark:{path}")


def _from_place(node: Node, known: Mapping[str, UUID]) -> UUID:
    above = next((n for n in node.trail if n is not node and (n.kind == "module" or not n.parent)), None)
    if above is None:
        return from_place(node.path)
    folder = posixpath.dirname(above.path)
    return uuid5(known[above.path], posixpath.relpath(node.path, folder or "."))


class _Walk:
    """One walk over one package, parents before children."""

    def __init__(self, package: Package, audiences: Collection[str], problems: Problems) -> None:
        self.package, self.audiences, self.problems = package, audiences, problems
        self.seen: set[str] = set()
        self.by_name: Mapping[str, list[str]] = {}

    def node(self, path: str, *, parent: Node | None) -> Node:
        """A page with everything below it."""
        meta, body = front_matter.read(
            self.package.text(path), file=path, audiences=self.audiences, problems=self.problems
        )
        self.seen.add(path)
        if parent is None and meta.kind == "question-bank":
            remedy = "Hand it in together with a module whose checks draw from it."
            self.problems.add("E685", "a question bank is no module", file=path, remedy=remedy)
        node = Node(path, meta=meta, body=body, parent=parent)
        entries = meta.toc
        if parent is None and not entries and not meta.unread:
            self.by_name = file_order.tocs(self.package)
        if not entries and (names := self.by_name.get(path)):
            message = f"the order of {len(names)} page(s) below this one is that of their file names"
            self.problems.add("W626", message, file=path)
            entries = _entries(names)
        if meta.unread:
            entries = _entries(name for name in self._unlisted() if file_order.is_below(name, path))
        for entry in entries:
            if child := self._child(node, entry):
                node.children.append(child)
        return node

    def _unlisted(self) -> list[str]:
        """The pages that nothing is known to list, so that what is wrong in them is told, too."""
        return [path for path in file_order.unlisted(self.package) if path not in self.seen]

    def _child(self, parent: Node, entry: TocEntry) -> Node | None:
        if entry.url is not None:
            return Node("", title=entry.title or entry.url, url=entry.url, kind="link", parent=parent)
        path = entry.path
        if path not in self.package.files and (written := self.package.spelled(path)):
            self._report(
                parent, entry, "W622", f"“{path}” is written “{written}” in the package: taken as that",
                "Write the name as the file has it, capitals included.",
            )  # fmt: skip
            path = written
        trail = [node.path for node in parent.trail]
        if path in trail:
            self._report(
                parent, entry, "E624", f"“{path}” lists itself, through {trail.index(path) + 1} page(s)"
            )
        elif path in self.package.files and is_bank(path, self.package.files[path]):
            remedy = "Remove the line: checks draw from a bank by `:bank:`, and nobody reads it."
            self._report(parent, entry, "E621", f"“{path}” is a question bank", remedy)
        elif path in self.seen:
            self._report(parent, entry, "E623", f"“{path}” is listed twice")
        elif path not in self.package.files:
            self._report(parent, entry, "W622", f"“{path}” is not there: shown as “coming soon”")
            return Node("", title=_title_of(entry), kind="soon", parent=parent)
        elif len(trail) >= DEEPEST:
            self._report(parent, entry, "E688", f"more than {DEEPEST} pages above each other")
        else:
            return self.node(path, parent=parent)
        return None

    def _report(
        self, parent: Node, entry: TocEntry, code: str, message: str, remedy: str | None = None
    ) -> None:
        self.problems.add(
            code, message, file=parent.path, line=entry.line, column=entry.column, remedy=remedy
        )


def _name_kinds(node: Node, *, inside: bool, depth: int = 0) -> None:
    """Say what each page is; `inside` a module everything is a section of it."""
    if not inside:
        node.kind = _kind(node)
    elif node.path:
        node.kind = "section"
    node.depth = depth
    within = inside or node.kind == "module"
    for child in node.children:
        if child.path:
            _name_kinds(child, inside=within, depth=depth + 1 if inside else 0)
        else:
            child.depth = depth + 1 if inside else 0


def _kind(node: Node) -> Kind:
    """A page that lists a page with a toc is a path, unless it says what it is."""
    if node.meta.kind == "module":
        return "module"
    lists_tocs = any(
        child.children or child.meta.toc or child.meta.kind in ("module", "path") for child in node.children
    )
    return "path" if lists_tocs or node.meta.kind == "path" else "module"


def _entries(names: Iterable[str]) -> tuple[TocEntry, ...]:
    return tuple(TocEntry(name, None, None, 1, 1) for name in names)


def _title_of(entry: TocEntry) -> str:
    stem = posixpath.basename(entry.path).removesuffix(".md")
    return entry.title or stem.replace("-", " ").replace("_", " ").capitalize()
