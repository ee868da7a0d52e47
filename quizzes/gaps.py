"""Gaps in the text of a question, `[[answer]]`: found, and taken out of the Markdown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from quizzes.report import Report
from quizzes.source import Source, span

_CODE = re.compile(r"`[^`]*`")
_OPENING = re.compile(r"(?<!\\)\[\[")
_GAP = re.compile(r"(?<!\\)\[\[((?:\\.|[^\\\[\]])*)\]\]")
_MARK = re.compile(r"⟦([0-9]{1,3})⟧")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between the brackets, and where they open."""

    text: str
    line: int
    column: int


def has_gaps(text: str) -> bool:
    """Whether there is a gap in a piece of Markdown; code is not scanned."""
    return bool(_OPENING.search(_without_code(text)))


def without(text: str) -> str:
    """A piece of Markdown without its gaps, for what everybody may read."""
    return _GAP.sub(" ", text)


def take_out(
    source: Source, blocks: Iterable[SyntaxTreeNode], report: Report
) -> tuple[list[str], tuple[Gap, ...]]:
    """The lines of a body with ⟦1⟧, ⟦2⟧, … in the places of the gaps of some blocks, and the gaps."""
    lines, gaps = list(source.lines), list[Gap]()
    for number in (number for block in blocks for number in range(*span(block))):
        line, after = lines[number], 0
        masked, drawn = _without_code(line), ""
        for found in _GAP.finditer(masked):
            gaps.append(
                Gap(line[found.start(1) : found.end(1)], source.first_line + number, found.start() + 1)
            )
            drawn += f"{line[after : found.start()]}⟦{len(gaps)}⟧"
            after = found.end()
        rest = _OPENING.search(masked, after)
        if rest:
            message = "This gap is not closed by `]]` on its line."
            report("E214", message, source.first_line + number, rest.start() + 1)
        lines[number] = drawn + line[after:]
    return lines, tuple(gaps)


def report_lost(html: str, gaps: Iterable[Gap], report: Report) -> None:
    """E214 for gaps that stand where nobody could fill them, such as in the name of a picture."""
    drawn = [int(number) for number in _MARK.findall(_TAG.sub("", html))]
    for number, gap in enumerate(gaps, start=1):
        if drawn.count(number) != 1:
            report(
                "E214", "A gap cannot stand here.", gap.line, gap.column, remedy="Put it into the plain text."
            )


def fill(html: str, fields: dict[str, str]) -> str:
    """The HTML of a question with these pieces of HTML in the places of its gaps."""
    return _MARK.sub(lambda found: fields.get(found[1], found[0]), html)


def _without_code(text: str) -> str:
    return _CODE.sub(lambda found: "_" * len(found[0]), text)
