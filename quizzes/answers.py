"""The body of a question taken apart: its text, the one list of answers, the explanation after it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from quizzes.report import Report
from quizzes.source import Source, span

_LISTS = ("bullet_list", "ordered_list")
_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?:\s+|$)")
_BOX = re.compile(r"\[([ xX])\](?:\s+|$)")
_MISWRITTEN = re.compile(r"(\[\s{0,3}[xX*✓✔]?\s{0,3}\](?![(\[])|\(\s{0,3}[xX*✓✔]?\s{0,3}\)(?=\s|$))")
_STRAY = re.compile(r"[-*+]?\[[ xX]?\](\s|$)")
_KINDS_OF_MARKS = 3
_MARKS = re.compile(r"(?<!\\)\{([^{}\\]*)\}$")
_QUOTED = re.compile(r"^\s*> ?")
_CODE = re.compile(r"`[^`]*`")
_GAP = re.compile(r"(?<!\\)\[\[")
_ARROW = re.compile(r"(?<!\\)=>")


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


@dataclass(frozen=True, slots=True)
class Body:
    """A question taken apart, with lines of the file. Not `readable`: an item of the list is no answer."""

    stem: str
    stem_line: int
    answers: tuple[Answer, ...]
    answers_line: int
    explanation: str
    explanation_line: int
    readable: bool


def read_body(text: str, *, first_line: int, opening: int, report: Report) -> Body | None:
    """Take the body of a question apart; None when it has no list of answers to go by.

    `first_line` is the body's first line in the file, `opening` the line that problems of the whole block are
    reported at (quiz format, section 6).
    """
    source = Source(text, first_line)
    source.report_headings(opening, report)
    source.report_options(report)
    _report_stray_boxes(source, report)
    lists = [node for node in source.tree.walk() if node.type in _LISTS and _has_boxes(source, node)]
    if len(lists) > 1:
        lines = " and ".join(f"line {source.line(node)}" for node in lists[:2])
        remedy = "Keep one list, with one kind of bullet; indent what belongs to an answer by two spaces."
        report("E206", f"There are two lists of answers, at {lines}.", opening, remedy=remedy)
    elif not lists:
        _report_no_answers(source, opening, report)
    elif lists[0].parent is not source.tree:
        message = f"The answers at line {source.line(lists[0])} stand inside a list, a quotation or a block."
        report("E205", message, opening, remedy="Write them at the left margin of the question.")
    else:
        return _parts(source, lists[0], opening, report)
    return None


def _parts(source: Source, answers: SyntaxTreeNode, opening: int, report: Report) -> Body:
    start, end = span(answers)
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


def _answer(source: Source, item: SyntaxTreeNode, report: Report) -> Answer | None:
    first, content = _first_line(source, item), _content(source, item)
    line, column = source.line(item), len(first) - len(first.lstrip()) + 1
    box = _BOX.match(content)
    if not box or (item.parent and item.parent.type == "ordered_list"):
        _report_unreadable(content, line, column, report)
        return None
    quotes = [child for child in item.children if child.type == "blockquote"]
    rest = _rest(source, item, quotes, indent=len(first) - len(content))
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
        inline=len(item.children) - len(quotes) == 1,
    )


def _content(source: Source, item: SyntaxTreeNode) -> str:
    """The first line of a list item as it is written, without its bullet."""
    return _BULLET.sub("", _first_line(source, item), count=1)


def _first_line(source: Source, item: SyntaxTreeNode) -> str:
    return source.lines[span(item)[0]].expandtabs(4)


def _rest(source: Source, item: SyntaxTreeNode, quotes: list[SyntaxTreeNode], *, indent: int) -> list[str]:
    """The lines of an item after its first, without those of its feedback and moved to the left margin."""
    start, end = span(item)
    quoted = {number for quote in quotes for number in range(*span(quote))}
    lines = [source.lines[number].expandtabs(4) for number in range(start + 1, end) if number not in quoted]
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


def _has_boxes(source: Source, items: SyntaxTreeNode) -> bool:
    """Whether an item of this list itself begins with a box, or with what was meant as one."""
    contents = [_content(source, item) for item in items.children]
    return any(_BOX.match(content) or _MISWRITTEN.match(content) for content in contents)


def _report_unreadable(content: str, line: int, column: int, report: Report) -> None:
    if _BOX.match(content):
        remedy = "Write `- [x]` or `- [ ]`."
        report("E208", "An answer begins with a bullet, not with a number.", line, column, remedy=remedy)
    elif meant := _MISWRITTEN.match(content):
        report("E208", f"`{meant[1]}` is not a box, or has no space after it.", line, column)
    else:
        report("E209", "This item has no box, but others in its list have.", line, column)


def _report_stray_boxes(source: Source, report: Report) -> None:
    """A box in running text would show learners its tick."""
    for number, line in source.prose():
        if _STRAY.match(line.lstrip(" \t>")):
            message = "This box does not stand at the beginning of a list item."
            remedy = "Write `- [ ]` with a space after the dash; for a literal box write `\\[x]`."
            report("E208", message, source.first_line + number, remedy=remedy)


def _report_no_answers(source: Source, opening: int, report: Report) -> None:
    if report.failed:
        return  # a heading that swallowed them, or boxes that are none
    if other := next(_other_types(source), None):
        report.unsupported_type(other, opening)
        return
    remedy = "Write them as a list: `- [x]` before a right answer, `- [ ]` before a wrong one."
    report("E205", "This question has no answers.", opening, remedy=remedy)


def _other_types(source: Source) -> Iterator[str]:
    """The types that this body may be meant as, by section 3 of the quiz format."""
    for node in source.tree.children:
        text = _CODE.sub("", source.text(node))
        if node.type == "ordered_list":
            yield "order"
        elif node.type == "bullet_list" and _ARROW.search(text):
            yield "match"
        elif node.type == "bullet_list" and any(
            child.type == "bullet_list" for item in node.children for child in item.children
        ):
            yield "categorize"
        elif node.type == "paragraph" and _GAP.search(text):
            yield "open" if text.strip() == "[[...]]" else "blanks"
