"""The Markdown of a page, in layers: CommonMark, what GitHub adds to it, and what is our own."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin

from markup import (
    autolinks,
    budget,
    directives,
    fences,
    footnotes,
    places,
    roles,
    single_lines,
    tightness,
    typography,
)
from markup.renderer import PageRenderer, StandardRenderer
from markup.stack import MAX_NESTING


def commonmark() -> MarkdownIt:
    """CommonMark 0.31.2 and nothing else; it draws what the specification says, letter by letter."""
    markdown = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}, renderer_cls=StandardRenderer)
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # ours reports what it refuses
    budget.install(markdown)
    return markdown


@cache
def page() -> MarkdownIt:
    """What a page is read with."""
    markdown = commonmark()
    markdown.enable(["table", "strikethrough"])
    footnotes.install(markdown)
    markdown.use(deflist_plugin)
    autolinks.install(markdown)
    fences.install(markdown, directives.emit, directives.DIRECTIVES)
    single_lines.install(markdown)
    tightness.install(markdown)
    roles.install(markdown)
    typography.install(markdown)
    places.install(markdown)
    markdown.renderer = PageRenderer(markdown)  # last: plugins bring drawings of their own
    return markdown
