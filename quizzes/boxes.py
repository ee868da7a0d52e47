"""The items of a list of boxes: what is ticked, its text, its {marks} and the feedback below it."""

import re
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from quizzes.report import Report
from quizzes.source import Source, span

_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?:\s+|$)")
_BOX = re.compile(r"\[([ xX])\](?:\s+|$)")
_MISWRITTEN = re.compile(r"(\[\s{0,3}[xX*✓✔]?\s{0,3}\](?![(\[])|\(\s{0,3}[xX*✓✔]?\s{0,3}\)(?=\s|$))")
_STRAY = re.compile(r"[-*+]?\[[ xX]?\](\s|$)")
_KINDS_OF_MARKS = 3
_MARKS = re.compile(r"(?<!\\)\{([^{}\\]*)\}$")
_QUOTED = re.compile(r"^\s*> ?")


@dataclass(frozen=True, slots=True)
class Answer:
    """One item of the list: Markdown without box and marks, and that of its feedback, with their lines.

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


def read_boxes(source: Source, items: SyntaxTreeNode, report: Report) -> tuple[tuple[Answer, ...], bool]:
    """The answers of a list in their order, and whether every item is one; what is none is reported."""
    read = [_answer(source, item, report) for item in items.children]
    return tuple(answer for answer in read if answer), all(read)


def read_item(source: Source, item: SyntaxTreeNode, box: str = "") -> Answer:
    """A list item without its bullet, its `box` and the list in it; what is quoted in it is its feedback."""
    first, content = _first_line(source, item), content_of(source, item)
    quotes = [child for child in item.children if child.type == "blockquote"]
    lists = [] if box else [child for child in item.children if child.type == "bullet_list"]
    rest = _rest(source, item, [*quotes, *lists], indent=len(first) - len(content))
    text, marks = _without_marks("\n".join([content[len(box) :], *rest]).strip("\n").rstrip())
    line = source.line(item)
    return Answer(
        right="x" in box.lower(),
        text=text,
        marks=marks,
        feedback="\n\n".join(_unquoted(source, quote) for quote in quotes),
        line=line,
        column=len(first) - len(first.lstrip()) + 1,
        feedback_line=source.line(quotes[0]) if quotes else line,
        inline=len(item.children) - len(quotes) - len(lists) == 1,
    )


def _answer(source: Source, item: SyntaxTreeNode, report: Report) -> Answer | None:
    content = content_of(source, item)
    box = _BOX.match(content)
    if not box or (item.parent and item.parent.type == "ordered_list"):
        answer = read_item(source, item)
        _report_unreadable(content, answer.line, answer.column, report)
        return None
    answer = read_item(source, item, box[0])
    if not answer.text.strip():
        report("E213", "This answer is empty.", answer.line, answer.column)
        return None
    return answer


def content_of(source: Source, item: SyntaxTreeNode) -> str:
    """The first line of a list item as it is written, without its bullet."""
    return _BULLET.sub("", _first_line(source, item), count=1)


def _first_line(source: Source, item: SyntaxTreeNode) -> str:
    return source.lines[span(item)[0]].expandtabs(4)


def _rest(source: Source, item: SyntaxTreeNode, parts: list[SyntaxTreeNode], *, indent: int) -> list[str]:
    """The lines of an item after its first, without those of some parts and moved to the left margin."""
    start, end = span(item)
    left = {number for part in parts for number in range(*span(part))}
    lines = [source.lines[number].expandtabs(4) for number in range(start + 1, end) if number not in left]
    return [line[min(indent, len(line) - len(line.lstrip())) :] for line in lines]


def _unquoted(source: Source, quote: SyntaxTreeNode) -> str:
    return "\n".join(_QUOTED.sub("", line) for line in source.text(quote).split("\n")).strip()


def _without_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without the {marks} at the end of its first and of its last line, and the marks."""
    first, newline, rest = text.partition("\n")
    first, marks = _split_marks(first)
    rest, more = _split_marks(rest)
    return first + newline + rest, (*marks, *more)


def _split_marks(line: str) -> tuple[str, list[str]]:
    marks: list[str] = []
    for _ in range(_KINDS_OF_MARKS):  # each may stand in braces of its own
        if found := _MARKS.search(line.rstrip()):
            line, marks = line[: found.start()].rstrip(), (found[1].split() or [""]) + marks
    return line, marks


def has_boxes(source: Source, items: SyntaxTreeNode) -> bool:
    """Whether an item of this list itself begins with a box, or with what was meant as one."""
    contents = [content_of(source, item) for item in items.children]
    return any(_BOX.match(content) or _MISWRITTEN.match(content) for content in contents)


def _report_unreadable(content: str, line: int, column: int, report: Report) -> None:
    if _BOX.match(content):
        remedy = "Write `- [x]` or `- [ ]`."
        report("E208", "An answer begins with a bullet, not with a number.", line, column, remedy=remedy)
    elif meant := _MISWRITTEN.match(content):
        report("E208", f"`{meant[1]}` is not a box, or has no space after it.", line, column)
    else:
        report("E209", "This item has no box, but others in its list have.", line, column)


def report_stray_boxes(source: Source, report: Report) -> None:
    """A box in running text would show learners its tick."""
    for number, line in source.prose():
        if _STRAY.match(line.lstrip(" \t>")):
            message = "This box does not stand at the beginning of a list item."
            remedy = "Write `- [ ]` with a space after the dash; for a literal box write `\\[x]`."
            report("E208", message, source.first_line + number, remedy=remedy)
