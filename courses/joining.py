"""Joins what was drawn to the document of a page, and pages to that of a module or a path by its toc."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from courses.documents import Child, ComingSoon, ModuleDocument, OutsideLink, PageDocument, PathDocument
from courses.links import Page
from courses.readings import Drawn
from courses.toc import Node
from markup.package import Package


def page(page: Page, drawn: Drawn, *, source: str) -> PageDocument:
    """A page as it stands, with what was drawn of it."""
    return PageDocument(
        uuid=page.uuid,
        path=page.path,
        slug=page.slug,
        title=page.parsed.title,
        description=drawn.description,
        source=source,
        html=drawn.html,
        headings=tuple(page.parsed.headings),
        text=drawn.text,
        minutes=drawn.minutes,
        required=page.meta.required,
        audiences=page.audiences,
        checks=drawn.checks,
        media=tuple(page.media.values()),
        depth=page.depth,
        tags=page.meta.tags,
        categories=page.meta.categories,
    )


def path(node: Node, page: PageDocument, pages: Mapping[str, Page], package: Package) -> PathDocument:
    """A path with what it lists; `pages` are all of the tree, by path."""
    children = tuple(_child(line, pages) for line in node.children)
    quiz = pages[node.path].quiz_defaults
    return PathDocument(page, children, node.meta.show_children_cards, quiz, package)


def _child(line: Node, pages: Mapping[str, Page]) -> Child:
    if not line.path:
        return Child(line.title, url=line.url)
    page = pages[line.path]
    return Child(page.parsed.title, uuid=str(page.uuid), required=page.meta.required)


def module(node: Node, done: Mapping[str, PageDocument], package: Package) -> ModuleDocument:
    """A module with its sections in reading order; `done` are its pages, by path.

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
