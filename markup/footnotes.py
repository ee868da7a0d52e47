"""Footnotes, and a note in a note: the plugin would lose the outer one."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin


def install(markdown: MarkdownIt) -> None:
    """Add footnotes, all of which are drawn at the end of the page."""
    markdown.use(footnote_plugin, inline=False)
    markdown.core.ruler.before("footnote_tail", "footnotes_apart", _apart)


def _apart(state: StateCore) -> None:
    """Take definitions out of what they stand in, so that none ends the one around it."""
    if "footnotes" not in state.env:
        return
    kept: list[Token] = []
    apart: list[Token] = []
    within: list[list[Token]] = []
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            within.append([])
        (within[-1] if within else kept).append(token)
        if token.type == "footnote_reference_close":
            apart += within.pop()
    state.tokens = kept + apart
