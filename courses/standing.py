"""Where each page of a tree stands: who it is, whom it is for, its slug, what its checks inherit.

Pure: what front matter and the toc say decides it. The pages' texts are read by `courses.module`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from uuid import UUID

from courses.links import Around, Page
from courses.toc import Node
from markup.front_matter import FrontMatter
from markup.problems import Problems
from quizzes.options import default_fault

LONGEST_SLUG = 180  # characters; what is stored has room for a number after it


def stand(root: Node, uuids: Mapping[str, UUID], around: Around, problems: Problems) -> dict[str, Page]:
    """The pages of a tree by path, in reading order, not yet parsed. Reports E301, W612 and W613."""
    standing = _Standing(uuids, around, problems)
    for node in root.pages:
        standing.pages[node.path] = standing.page(node)
    return standing.pages


def slug_of(path: str) -> str:
    """The word in a page's address that its file name gives it."""
    stem = posixpath.basename(path).removesuffix(".md").lower()
    return re.sub(r"[^\w-]+", "-", stem).strip("-")[:LONGEST_SLUG] or "page"


class _Standing:
    """One walk over one tree, parents before children."""

    def __init__(self, uuids: Mapping[str, UUID], around: Around, problems: Problems) -> None:
        self.uuids, self.around, self.problems = uuids, around, problems
        self.pages: dict[str, Page] = {}
        self.slugs: dict[str, set[str]] = {}  # those of a module's sections, by the module's path

    def page(self, node: Node) -> Page:
        """One page; those above it are there already."""
        parent = self.pages[node.parent.path] if node.parent else None
        inherited = parent.quiz_defaults if parent else self.around.quiz
        own = None if node.meta.visibility is None else frozenset(node.meta.visibility)
        return Page(
            path=node.path,
            depth=node.depth,
            meta=node.meta,
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
        taken = self.slugs.setdefault(node.unit.path, set())
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


def _narrowed(own: frozenset[str] | None, above: frozenset[str] | None) -> frozenset[str] | None:
    """What the page says, narrowed by what is above it: the gate is the intersection."""
    if own is None or above is None:
        return above if own is None else own
    return own & above
