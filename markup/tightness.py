"""Paragraphs of a tight list, which are drawn without `<p>`: two in a row would become one word."""

from __future__ import annotations

from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore


def install(markdown: MarkdownIt) -> None:
    """Add the rule."""
    markdown.core.ruler.after("block", "tightness", _show)


def _show(state: StateCore) -> None:
    """Draw as paragraphs those that touch: what stood between them, such as a comment, is not drawn, or
    they come from another file.
    """
    paragraphs = [index for index, token in enumerate(state.tokens) if token.type == "paragraph_open"]
    for first, second in pairwise(paragraphs):
        opening, closing = state.tokens[first], state.tokens[second - 1]
        touching = closing.type == "paragraph_close" and state.tokens[second].level == opening.level
        if touching and state.tokens[second].hidden:
            for index in (first, second - 1, second, second + 2):
                state.tokens[index].hidden = False
