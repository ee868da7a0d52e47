"""The body of a block as Markdown sees it: what is a list, a paragraph, code, and on which line it stands.

Markdown decides, so what an author's own preview shows as a list of boxes is what counts here.
"""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.tree import SyntaxTreeNode

from markup import fences
from markup.blocks import Directive, Scan
from markup.places import Text
from markup.problems import Problems
from markup.stack import MAX_NESTING, VERBATIM
from quizzes.report import Report

_OPTION = re.compile(r" {0,3}:[A-Za-z][\w-]*:(\s|$)")


class Source:
    """The lines of a body, counted from 0 as Markdown does, with the tree that they form."""

    def __init__(self, text: str, first_line: int) -> None:
        self.lines = text.split("\n")
        self.first_line = first_line
        # What is wrong with the blocks in here is reported by those who draw them.
        scan = Scan(Text("", first_line, self.lines), Problems(), names=())
        self.tree = SyntaxTreeNode(_MARKDOWN.parse(text, {"scan": scan}))
        self.nodes = [node for node in self.tree.walk() if node.type != "inline"]

    def line(self, node: SyntaxTreeNode) -> int:
        """The line of the file on which a node begins."""
        return self.first_line + span(node)[0]

    def text(self, node: SyntaxTreeNode) -> str:
        """The lines of a node as they are written."""
        return "\n".join(self.lines[slice(*span(node))])

    def piece(self, start: int, end: int) -> tuple[str, int]:
        """The lines from `start` up to `end` without the blank ones around them, and where they begin."""
        return trimmed("\n".join(self.lines[start:end]), self.first_line + start)

    def prose(self) -> Iterator[tuple[int, str]]:
        """The lines of paragraphs, with their indexes; the first lines of list items are not among them."""
        for node in self.nodes:
            if node.type != "paragraph":
                continue
            item = span(node.parent)[0] if node.parent and node.parent.type == "list_item" else None
            yield from ((number, self.lines[number]) for number in range(*span(node)) if number != item)

    def report_options(self, report: Report) -> None:
        """W504: lines that look like options, but do not stand directly below the opening line."""
        for number, line in self.prose():
            if _OPTION.match(line):
                message = f"“{line.split(':')[1]}” is no option here, but text that learners see."
                report("W504", message, self.first_line + number)

    def report_headings(self, opening: int, report: Report) -> None:
        """E104 and E108: a heading inside the block, at the line that opens the block."""
        for node in self.nodes:
            if node.type == "heading" and node.markup == "-":
                message = f"`---` below the text of line {self.line(node)} makes it a heading."
                report("E108", message, opening)
            elif node.type == "heading":
                report("E104", f"There is a heading inside this block, at line {self.line(node)}.", opening)


def span(node: SyntaxTreeNode) -> tuple[int, int]:
    """The index of the first line of a node, and of the first one after it."""
    assert node.map, "block nodes know their lines"
    return node.map


def trimmed(text: str, line: int) -> tuple[str, int]:
    """A text that begins at `line` without the blank lines around it, and where it begins then."""
    lines = text.split("\n")
    blank = next((index for index, each in enumerate(lines) if each.strip()), 0)
    return "\n".join(lines[blank:]).rstrip(), line + blank


def _emit(state: StateBlock, directive: Directive) -> None:
    opening = state.push("directive_open", "", 1)
    opening.map = [directive.start, directive.after]
    if directive.name not in VERBATIM:
        fences.read_body(state, directive)
    state.push("directive_close", "", -1)


_MARKDOWN = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
fences.install(_MARKDOWN, _emit)
_MARKDOWN.disable("inline")  # the lines of blocks are what counts, not what is in them
