"""The body of a question taken apart: its text, the one block of answers, the explanation after it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from quizzes.boxes import has_boxes, report_stray_boxes
from quizzes.report import Report
from quizzes.source import Source, span

_LISTS = ("bullet_list", "ordered_list")
_CODE = re.compile(r"`[^`]*`")
_GAP = re.compile(r"(?<!\\)\[\[")
_ARROW = re.compile(r"(?<!\\)=>")


@dataclass(frozen=True, slots=True)
class Body:
    """A question taken apart, with lines of the file. `answers` is the block that holds its answers."""

    source: Source
    stem: str
    stem_line: int
    answers: SyntaxTreeNode
    answers_line: int
    explanation: str
    explanation_line: int


def read_body(text: str, *, first_line: int, opening: int, report: Report) -> Body | None:
    """Take the body of a question apart; None when it has no list of answers to go by.

    `first_line` is the body's first line in the file, `opening` the line that problems of the whole block are
    reported at (quiz format, section 6).
    """
    source = Source(text, first_line)
    source.report_headings(opening, report)
    source.report_options(report)
    report_stray_boxes(source, report)
    lists = [node for node in source.tree.walk() if node.type in _LISTS and has_boxes(source, node)]
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
    return Body(
        source=source,
        stem=stem,
        stem_line=stem_line,
        answers=answers,
        answers_line=source.line(answers),
        explanation=explanation,
        explanation_line=explanation_line,
    )


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
