"""The body of a question: its text, the one list of answers, the explanation after it.

CommonMark decides what is a list and what is code, so what an author's own preview shows as boxes is what counts here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from quizzes.report import Report

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?:\s+|$)")
_BOX = re.compile(r"\[([ xX])\](?:\s+|$)")
_MISWRITTEN = re.compile(r"(\[\s*[xX*✓✔]?\s*\](?![(\[])|\(\s*[xX*✓✔]?\s*\)(?=\s|$))")
_STRAY = re.compile(r"\s*[-*+]?\s*\[[ xX]?\](?:\s|$)")
_MARKS = re.compile(r"\s*(?<!\\)\{([^{}\\]*)\}\s*$")
_GAP = re.compile(r"(?<!\\)\[\[")
_ARROW = re.compile(r"(?<!\\)=>")


@dataclass(frozen=True, slots=True)
class Answer:
    """One item of the list: Markdown without box and marks, and the Markdown of its feedback, with their lines.

    `inline`: the answer is one paragraph, which is the usual case; else it holds code, a list or the like.
    """

    right: bool
    text: str
    marks: tuple[str, ...]
    feedback: str
    line: int
    column: int
    feedback_line: int
    inline: bool


@dataclass(frozen=True, slots=True)
class Body:
    """A question taken apart. Lines are those of the file. `readable` is false when an item could not be read."""

    stem: str
    stem_line: int
    answers: tuple[Answer, ...]
    answers_line: int
    explanation: str
    explanation_line: int
    readable: bool


class _Source:
    """The lines of a body, counted from 0 as the Markdown parser does, and where they stand in the file."""

    def __init__(self, text: str, first_line: int) -> None:
        self.lines = text.expandtabs(4).split("\n")
        self.first_line = first_line
        self.tree = SyntaxTreeNode(_MARKDOWN.parse("\n".join(self.lines)))

    def line(self, node: SyntaxTreeNode) -> int:
        return self.first_line + _span(node)[0]

    def piece(self, start: int, end: int) -> tuple[str, int]:
        """The text of the lines from `start` up to `end` without blank lines around it, and its first line."""
        return strip_blank("\n".join(self.lines[start:end]), self.first_line + start)


def read_body(text: str, *, first_line: int, opening: int, report: Report) -> Body | None:
    """Take the body of a question apart; None when it has no list of answers to go by.

    `first_line` is the body's first line in the file, `opening` the line that problems of the whole block are
    reported at (quiz format, section 6).
    """
    source = _Source(text, first_line)
    _report_headings(source, opening, report)
    lists = [node for node in source.tree.walk() if node.type.endswith("_list") and _has_boxes(source, node)]
    _report_stray_boxes(source, report)
    if len(lists) > 1:
        lines = " and ".join(f"line {source.line(node)}" for node in lists[:2])
        remedy = "Keep one list, without nesting, with one kind of bullet; indent what belongs to an answer by two spaces."
        report("E206", f"There are two lists of answers, at {lines}.", opening, remedy=remedy)
        return None
    if not lists:
        _report_no_answers(source, opening, report)
        return None
    return _parts(source, lists[0], opening, report)


def strip_blank(text: str, line: int) -> tuple[str, int]:
    """A text that begins at `line` without the blank lines around it, and the line at which it begins then."""
    lines = text.split("\n")
    blank = next((index for index, each in enumerate(lines) if each.strip()), 0)
    return "\n".join(lines[blank:]).rstrip(), line + blank


def _parts(source: _Source, answers: SyntaxTreeNode, opening: int, report: Report) -> Body:
    start, end = _span(answers)
    stem, stem_line = source.piece(0, start)
    if not stem:
        report("E207", "There is no question above the answers.", opening)
    explanation, explanation_line = source.piece(end, len(source.lines))
    read = [_answer(source, item, report) for item in answers.children]
    return Body(
        stem=stem,
        stem_line=stem_line,
        answers=tuple(answer for answer in read if answer),
        answers_line=source.line(answers),
        explanation=explanation,
        explanation_line=explanation_line,
        readable=all(read),
    )


def _answer(source: _Source, item: SyntaxTreeNode, report: Report) -> Answer | None:
    start, end = _span(item)
    line, content = source.first_line + start, _content(source, item)
    column = len(source.lines[start]) - len(source.lines[start].lstrip()) + 1
    box = _BOX.match(content)
    if not box or item.parent and item.parent.type == "ordered_list":
        _report_unreadable(content, line, column, report)
        return None
    quotes = [child for child in item.children if child.type == "blockquote"]
    others = [child for child in item.children if child.type != "blockquote"]
    quoted = {number for quote in quotes for number in range(*_span(quote))}
    indent = len(source.lines[start]) - len(content)
    rest = [_dedented(source.lines[number], indent) for number in range(start + 1, end) if number not in quoted]
    text, marks = _without_marks("\n".join([content[box.end() :], *rest]).strip("\n").rstrip())
    if not text.strip():
        report("E213", "This answer is empty.", line, column)
        return None
    return Answer(
        right=box[1] != " ",
        text=text,
        marks=marks,
        feedback="\n\n".join(_unquoted(source, quote) for quote in quotes),
        line=line,
        column=column,
        feedback_line=source.line(quotes[0]) if quotes else line,
        inline=len(others) == 1,
    )


def _content(source: _Source, item: SyntaxTreeNode) -> str:
    """The first line of a list item as it is written, without its bullet."""
    return _BULLET.sub("", source.lines[_span(item)[0]], count=1)


def _dedented(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip())) :]


def _unquoted(source: _Source, quote: SyntaxTreeNode) -> str:
    start, end = _span(quote)
    return "\n".join(re.sub(r"^\s*> ?", "", line) for line in source.lines[start:end]).strip()


def _without_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without the {marks} at the end of its first or of its last line, and the marks."""
    first, newline, rest = text.partition("\n")
    first, marks = _split_marks(first)
    rest, more = _split_marks(rest)
    return first + newline + rest, (*marks, *more)


def _split_marks(text: str) -> tuple[str, list[str]]:
    found = _MARKS.search(text)
    return (text[: found.start()], found[1].split() or [""]) if found else (text, [])


def _has_boxes(source: _Source, items: SyntaxTreeNode) -> bool:
    """Whether any item of this list (not of a list inside it) begins with a box, or with what was meant as one."""
    contents = [_content(source, item) for item in items.children]
    return any(_BOX.match(content) or _MISWRITTEN.match(content) for content in contents)


def _report_unreadable(content: str, line: int, column: int, report: Report) -> None:
    if _BOX.match(content):
        report("E208", "An answer begins with a bullet, not with a number.", line, column, remedy="Write `- [ ]` or `- [x]`.")
    elif meant := _MISWRITTEN.match(content):
        report("E208", f"`{meant[1]}` is not a box, or has no space after it.", line, column)
    else:
        report("E209", "This item has no box, but others in its list have.", line, column)


def _report_headings(source: _Source, opening: int, report: Report) -> None:
    for node in source.tree.walk():
        if node.type != "heading":
            continue
        line = source.line(node)
        if node.markup == "-":
            report("E108", f"`---` below the text of line {line} makes it a heading.", opening)
        else:
            remedy = "Close the question above it with `:::`, or use bold text instead."
            report("E104", f"There is a heading inside this question, at line {line}.", opening, remedy=remedy)


def _report_stray_boxes(source: _Source, report: Report) -> None:
    """A box inside running text would be shown to learners with its tick."""
    for node in source.tree.walk():
        if node.type != "paragraph":
            continue
        item = _span(node.parent)[0] if node.parent and node.parent.type == "list_item" else None
        for number in range(*_span(node)):
            if number != item and _STRAY.match(source.lines[number].lstrip(" >")):
                remedy = "Write `- [ ]` with a space after the dash; for a literal box write `\\[x]`."
                line = source.first_line + number
                report("E208", "This box does not stand at the beginning of a list item.", line, remedy=remedy)


def _report_no_answers(source: _Source, opening: int, report: Report) -> None:
    other = next(_other_types(source), None)
    if report.failed:
        return
    if other:
        report.unsupported_type(other, opening)
    else:
        remedy = "Write them as a list: `- [x]` before a right answer, `- [ ]` before a wrong one."
        report("E205", "This question has no answers.", opening, remedy=remedy)


def _other_types(source: _Source) -> Iterator[str]:
    """The kinds of question that this body may be, going by section 3 of the quiz format."""
    for node in source.tree.children:
        text = "\n".join(source.lines[slice(*_span(node))])
        if node.type == "ordered_list":
            yield "order"
        elif node.type == "bullet_list" and _ARROW.search(text):
            yield "match"
        elif node.type == "bullet_list" and any(child.type == "bullet_list" for item in node.children for child in item.children):
            yield "categorize"
        elif node.type == "paragraph" and _GAP.search(re.sub(r"`[^`]*`", "", text)):
            yield "open" if text.strip() == "[[...]]" else "blanks"


def _span(node: SyntaxTreeNode) -> tuple[int, int]:
    assert node.map, "block nodes know their lines"
    return node.map
