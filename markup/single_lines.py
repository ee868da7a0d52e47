"""Lines that mean something by themselves: `(label)=`, `% a comment`, `+++`, and the address of a video."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock

_ENDS: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list", "footnote_def"]}
# The kind of token that a line becomes ("" for nothing), and how the line looks. Its groups are the token's
# `meta`. In CommonMark each of them would be a paragraph.
_LINES = {
    "target": re.compile(r"\((?P<label>[A-Za-z0-9|@<>*./_+:-]{1,100})\)=[ \t]*"),
    "video_link": re.compile(r"\[\$LIFERAY_LEARN_YOUTUBE_URL\$\][ \t]*=[ \t]*(?P<url>\S+)[ \t]*"),
    "": re.compile(r"%.*|\+{3,}(?:[ \t].*)?"),
}
_FIRST = frozenset("([%+")


def install(markdown: MarkdownIt) -> None:
    """Add the rule."""
    markdown.block.ruler.before("hr", "single_line", _single_line, _ENDS)


def _single_line(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    begin = state.bMarks[start] + state.tShift[start]
    if state.src[begin : begin + 1] not in _FIRST or state.is_code_block(start):
        return False
    for kind, pattern in _LINES.items():
        if not (found := pattern.fullmatch(state.src, begin, state.eMarks[start])):
            continue
        if not silent:
            state.line = start + 1
            if kind:
                token = state.push(kind, "", 0)
                token.map, token.meta = [start, start + 1], {**found.groupdict()}
        return True
    return False
