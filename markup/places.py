"""Where in its file a piece of text stands: what the parser took off a line is found again on it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.autolink import autolink
from markdown_it.rules_inline.html_inline import html_inline
from markdown_it.rules_inline.image import image
from markdown_it.rules_inline.link import link
from markdown_it.token import Token

PLACED = {
    "link_open",
    "image",
    "reference",
    "unknown_role",
    "html_inline",
}  # what may be reported when it is drawn
_CELLS = {"td_open", "th_open"}
_LAST = -1  # no place of a text
_FENCE = re.compile(r":{3,}|`{3,}|~{3,}|!!!")


class Place(NamedTuple):
    """A place in a file. Lines and columns count from 1, in characters."""

    file: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """Lines as they stand in their file, from `first_line` on. Indexes count from 0, from that line."""

    file: str
    first_line: int
    lines: Sequence[str]

    def line(self, index: int) -> str:
        """The line with this index, "" where there is none."""
        return self.lines[index] if 0 <= index < len(self.lines) else ""

    def fence(self, index: int) -> Place:
        """The fence on a line, whatever list or quotation it stands in; else the beginning of its text."""
        line = self.line(index)
        found = _FENCE.search(line)
        return self._place(index, found.start() if found else _indent(line))

    def find(self, index: int, text: str, *, offset: int = 0, begin: int = 0) -> Place:
        """`text[offset]` on a line of which the parser took what was around `text`.

        Mostly a text ends with its line. In a table there are several, and this one stands after `begin`.
        """
        return self._place(index, self.start(index, text, begin) + max(0, offset - _indent(text)))

    def start(self, index: int, text: str, begin: int = 0) -> int:
        """How many characters stand before `text` on its line."""
        line, body = self.line(index).rstrip(), text.strip()
        if not begin and line.endswith(body):
            return len(line) - len(body)
        found = line.find(body, begin)
        return found if found >= 0 else _indent(line)

    def _place(self, index: int, start: int) -> Place:
        return Place(self.file, self.first_line + index, start + 1)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def install(markdown: MarkdownIt) -> None:
    """Let links and pictures know where they stand: `meta["place"]`. Footnotes were installed before."""
    for name, rule in (
        ("link", link),
        ("image", image),
        ("autolink", autolink),
        ("html_inline", html_inline),
    ):
        markdown.inline.ruler.at(name, _keeping(rule))
    markdown.core.ruler.after("footnote_tail", "places", _places)


def _keeping(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """The rule, with the beginning of what it found kept as `meta["at"]`."""

    def keeping(state: StateInline, silent: bool) -> bool:
        at, before = state.pos, len(state.tokens)
        if state.src[at] in "![" and at > _last_bracket(state):
            return False  # nothing ends it: the rule would read on to the end of the text, for each of many
        if not rule(state, silent):
            return False
        found = next((token for token in state.tokens[before:] if token.type in PLACED), None)
        if found is not None:
            found.meta["at"] = at
        return True

    return keeping


def _last_bracket(state: StateInline) -> int:
    """Where the last `]` is, kept beside the places that the parser remembers."""
    if _LAST not in state.cache:
        state.cache[_LAST] = state.src.rfind("]")
    return state.cache[_LAST]


def _places(state: StateCore) -> None:
    cells: dict[tuple[str, int], int] = {}  # by row: up to where its cells have been found
    before = ""
    for token in state.tokens:
        if token.type == "inline" and token.map and token.children:
            text = token.meta.get("text") or state.env["scan"].text
            _place(token, text, cells if before in _CELLS else None)
        elif token.type == "html_block" and token.map:
            text = token.meta.get("text") or state.env["scan"].text
            token.meta["places"] = _of_lines(text, token.map[0], token.content)
            token.meta["place"] = token.meta["places"][0]
        before = token.type


def _place(token: Token, text: Text, cells: dict[tuple[str, int], int] | None) -> None:
    first, content, begin = (token.map or [0])[0], token.content, 0
    if cells is not None:
        content = content.replace("|", "\\|")  # as it was written, or it would have ended the cell
        row = (text.file, first)
        begin = cells.get(row, 1)
        cells[row] = text.start(first, content, begin) + len(content)
    breaks = [found.start() for found in re.finditer("\n", content)]
    bars = [found.start() for found in re.finditer(r"\|", token.content)] if cells is not None else []
    starts: dict[int, tuple[int, int]] = {}  # by line: where it begins in its file, and in the content
    for child in token.children or ():
        if child.type in PLACED and "place" not in child.meta:
            at = child.meta.get("at", 0)
            at += bisect_left(bars, at)
            above = bisect_left(breaks, at)
            if above not in starts:
                starts[above] = _starts(text, first + above, content, breaks, above, begin)
            in_file, in_content = starts[above]
            child.meta["place"] = Place(
                text.file, text.first_line + first + above, in_file + max(0, at - in_content) + 1
            )


def _of_lines(text: Text, index: int, content: str) -> list[Place]:
    """Where each line of a block begins, without its indent."""
    lines = enumerate(content.split("\n"), start=index)
    return [Place(text.file, text.first_line + at, text.start(at, line) + 1) for at, line in lines]


def _starts(
    text: Text, index: int, content: str, breaks: list[int], above: int, begin: int
) -> tuple[int, int]:
    """Where a line of the content begins: on the line with this index, and in the content."""
    first = breaks[above - 1] + 1 if above else 0
    line = content[first : breaks[above] if above < len(breaks) else len(content)]
    return text.start(index, line, begin), first + _indent(line)
