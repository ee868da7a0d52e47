"""The body of a question taken apart: its text, the one block of answers, the explanation after it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from quizzes.boxes import has_boxes, report_stray_boxes
from quizzes.gaps import Gap, has_gaps, take_out
from quizzes.report import Report
from quizzes.source import Source, span, trimmed

_WITH_GAPS = ("paragraph", "bullet_list", "ordered_list", "blockquote")
_LISTS = ("bullet_list", "ordered_list")
_CODE = re.compile(r"`[^`]*`")
ARROW = re.compile(r"(?<!\\)=>")
_GAP_MISSING = {"blanks": "[[answer]]", "open": "[[...]]"}
_HOW = {
    "match": "Write a list of pairs: `- left => right`.",
    "categorize": "Write a list of categories, and under each of them a list of what belongs there.",
    "order": "Write a numbered list in the right order.",
}


@dataclass(frozen=True, slots=True)
class Body:
    """A question taken apart, with lines of the file. `answers` is the block that holds its answers, `type`
    what they say it is, "" where that is left to the ticks in their boxes. `gaps` stand in its text as ⟦1⟧,
    ⟦2⟧, …"""

    source: Source
    type: str
    stem: str
    stem_line: int
    answers: SyntaxTreeNode
    answers_line: int
    gaps: tuple[Gap, ...]
    explanation: str
    explanation_line: int


def read_body(text: str, *, first_line: int, opening: int, wanted: str, report: Report) -> Body | None:
    """Take the body of a question apart; None when it has no answers to go by.

    `first_line` is the body's first line in the file, `opening` the line that problems of the whole block are
    reported at (quiz format, section 6), `wanted` the type that the question says it has, or "".
    """
    source = Source(text, first_line)
    source.report_headings(opening, report)
    source.report_options(report)
    report_stray_boxes(source, report)
    boxes = [node for node in source.nodes if node.type in _LISTS and has_boxes(source, node)]
    type_, found = (wanted, boxes) if boxes else _without_boxes(source, wanted)
    if boxes and wanted in _WITHOUT_BOXES:
        message = f"Questions of the type “{wanted}” have no boxes."
        report("E208", message, source.line(boxes[0]), remedy="Leave out the boxes, or the type.")
    elif len(found) > 1 and type_ != "blanks":
        lines = " and ".join(f"line {source.line(node)}" for node in found[:2])
        remedy = "Keep one list, with one kind of bullet; indent what belongs to an answer by two spaces."
        report("E206", f"There are two lists of answers, at {lines}.", opening, remedy=remedy)
    elif not found:
        _report_no_answers(source, wanted, opening, report)
    elif found[0].parent is not source.tree:
        message = f"The answers at line {source.line(found[0])} stand inside a list, a quotation or a block."
        report("E205", message, opening, remedy="Write them at the left margin of the question.")
    else:
        return _parts(source, found, type_, opening, report)
    return None


def _without_boxes(source: Source, wanted: str) -> tuple[str, list[SyntaxTreeNode]]:
    """The type of a question without boxes (quiz format, section 3), and the blocks with its answers."""
    blocks = source.tree.children
    for type_ in [wanted] if wanted in _WITHOUT_BOXES else [] if wanted else _WITHOUT_BOXES:
        if found := [node for node in blocks if _WITHOUT_BOXES[type_](source, node)]:
            return type_, found
    return wanted, []


def _is_pairs(source: Source, node: SyntaxTreeNode) -> bool:
    return node.type == "bullet_list" and bool(ARROW.search(without_code(source.text(node))))


def _is_open(source: Source, node: SyntaxTreeNode) -> bool:
    return node.type == "paragraph" and source.text(node).strip() == "[[...]]"


def _has_gaps(source: Source, node: SyntaxTreeNode) -> bool:
    return node.type in _WITH_GAPS and has_gaps(source.text(node))


def _is_groups(source: Source, node: SyntaxTreeNode) -> bool:
    lists = [child for item in node.children for child in item.children if child.type == "bullet_list"]
    return node.type == "bullet_list" and bool(lists)


def _is_steps(source: Source, node: SyntaxTreeNode) -> bool:
    return node.type == "ordered_list"


# In the order in which they are looked for: an arrow says more than a numbered list does.
_WITHOUT_BOXES: Mapping[str, Callable[[Source, SyntaxTreeNode], bool]] = {
    "match": _is_pairs,
    "open": _is_open,
    "blanks": _has_gaps,
    "categorize": _is_groups,
    "order": _is_steps,
}


def without_code(text: str) -> str:
    """The text with something else in the place of code."""
    return _CODE.sub(lambda found: "_" * len(found[0]), text)


def _parts(source: Source, found: list[SyntaxTreeNode], type_: str, opening: int, report: Report) -> Body:
    """`found` are the blocks that hold the answers: one, or all with gaps, which are part of the text."""
    start, end = span(found[0])[0], span(found[-1])[1]
    gaps: tuple[Gap, ...] = ()
    stem, stem_line = source.piece(0, start)
    if type_ == "blanks":
        lines, gaps = take_out(source, found, report)
        stem, stem_line = trimmed("\n".join(lines[:end]), source.first_line)
    if not stem:
        report("E207", "There is no question above the answers.", opening)
    explanation, explanation_line = source.piece(end, len(source.lines))
    return Body(
        source=source,
        type=type_,
        stem=stem,
        stem_line=stem_line,
        answers=found[0],
        answers_line=source.line(found[0]),
        gaps=gaps,
        explanation=explanation,
        explanation_line=explanation_line,
    )


def _report_no_answers(source: Source, wanted: str, opening: int, report: Report) -> None:
    if report.failed:
        return  # a heading that swallowed them, or boxes that are none
    if wanted in _GAP_MISSING:
        report("E214", f"There is no `{_GAP_MISSING[wanted]}` in this question.", opening)
        return
    remedy = "Write them as a list: `- [x]` before a right answer, `- [ ]` before a wrong one."
    report("E205", "This question has no answers.", opening, remedy=_HOW.get(wanted, remedy))
