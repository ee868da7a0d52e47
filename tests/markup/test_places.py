"""A problem names the column, too: in whatever stands around what it is about."""

from __future__ import annotations

import re

import pytest

from markup import myst
from markup.problems import Problems
from tests.markup.links import Links

AROUND = {
    "text": "{}",
    "later lines": "One *two*\nthree\n{}",
    "list": "- item\n\n  {}",
    "list item": "1. {}",
    "list in a list": "- a\n  - b\n    - {}",
    "quotation": "> > {}",
    "list in a quotation": "> - one\n>\n>   {}",
    "tab": "- a\n\n\t{}",
    "box": ":::{note}\n{}\n:::",
    "boxes": "::::{note}\n- x\n\n  :::{tip}\n  {}\n  :::\n::::",
    "older box": "```note::\n    {}\n```",
    "MkDocs": "!!! note\n    {}",
    "definition": "Term\n: {}",
    "footnote": "x[^1]\n\n[^1]: {}",
}
# `§` stands before what the problem is about.
INLINE = {
    "W664": "Äh, §![](a.png) b",
    "W665": "x §![a](https://example.org/a.png)",
    "E644": "*a* `§` [a](b.md) §[**x**](javascript:alert) b",
}
INLINE_IN = {
    "heading": "## {} ##",
    "table": "| a | b \\| c | d |\n|---|---|---|\n| e \\| {{}} | {} | g |",
    "table in a box": ":::{{note}}\n| a | b |\n|---|---|\n| {} | h |\n:::",
    "bold": "**a {}**",
    "dropdown": ":::{{dropdown}} More: {}\nx\n:::",
}
BLOCKS = {
    "W651": "§:::{notes} x\n:::",
    "W654": ":::{note}\n:§colour: red\n\nx\n:::",
    "E652": "§````{note}\nx",
    "E103": "§::: question\n:::",
    "W647": "§[^z]: z",
    "W664": ":::{figure} §a.png\n:::",
    "E644": ":::{image} §javascript:x\n:alt: a\n:::",
}
UNCLOSED = {"E102": "§:::", "E105": "§:::{question}\nx"}  # a box around them would end with them
OPEN = {name: around for name, around in AROUND.items() if ":::" not in around}


def told(page: str, first_line: int = 5) -> set[tuple[str, int, int]]:
    problems = Problems()
    parsed = myst.parse(page, file="page.md", first_line=first_line, problems=problems)
    myst.render(parsed, Links(), problems)
    return {(problem.code, problem.line, problem.column) for problem in problems}


def marked(text: str, code: str) -> tuple[str, tuple[str, int, int]]:
    """The text without its last mark, and the problem that must be told there, from line 5 on."""
    at = text.rindex("§")
    before = text[:at]
    return before + text[at + 1 :], (code, 5 + before.count("\n"), at - before.rfind("\n"))


def put(around: str, text: str) -> str:
    """The text in a place, every line of it behind what stands before the first."""
    line = next(line for line in around.split("\n") if "{}" in line)
    lead = line.partition("{}")[0]
    further = re.sub(r"[^\s>]", " ", lead)
    return around.replace("{}", text.replace("\n", "\n" + further))


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("code", INLINE)
def test_in_a_line(around: str, code: str) -> None:
    page, problem = marked(around.replace("{}", INLINE[code]), code)
    assert problem in told(page)


@pytest.mark.parametrize("around", INLINE_IN.values(), ids=INLINE_IN)
@pytest.mark.parametrize("code", INLINE)
def test_where_a_line_alone_can_stand(around: str, code: str) -> None:
    page, problem = marked(around.replace("{}", INLINE[code]).replace("{{", "{").replace("}}", "}"), code)
    assert problem in told(page)


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("code", BLOCKS)
def test_blocks(around: str, code: str) -> None:
    page, problem = marked(put(around, BLOCKS[code]), code)
    assert problem in told(page)


@pytest.mark.parametrize("around", OPEN.values(), ids=OPEN)
@pytest.mark.parametrize("code", UNCLOSED)
def test_fences_without_their_other_half(around: str, code: str) -> None:
    page, problem = marked(put(around, UNCLOSED[code]), code)
    assert problem in told(page)


@pytest.mark.parametrize("around", sorted(OPEN.keys() - {"older box"}))
def test_a_comment_that_is_never_closed(around: str) -> None:
    page, problem = marked(put(OPEN[around], "\n§<!-- open\nx"), "E652")
    assert problem in told(page)


@pytest.mark.parametrize("around", ["§:::{{note}}\n{}\n:::", "§```note::\n    {}\n```"])
def test_a_comment_that_hides_the_end_of_a_box_leaves_the_box_open(around: str) -> None:
    page, problem = marked(put(around, "<!-- open").replace("{{", "{").replace("}}", "}"), "E652")
    assert problem in told(page)


@pytest.mark.parametrize("comment", ["<!-- one -->", "<!-- one\n\ntwo -->", "<!-->", "in a line <!-- open"])
def test_a_comment_that_hides_no_more_than_itself(comment: str) -> None:
    assert not [code for code, *_ in told(f"{comment}\n\nx") if code == "E652"]


def test_two_cells_that_read_the_same() -> None:
    problems = told("| a | b |\n|---|---|\n| ![](a.png) | ![](a.png) |")
    assert {(7, 3), (7, 16)} == {(line, column) for code, line, column in problems if code == "W664"}


def test_a_piece_of_a_page_stands_where_the_page_has_it() -> None:
    text = "x\n\n- :::{question}\n\n  See ![](a.png)\n\n  - [x] or ![](b.png)\n  :::"
    page = myst.parse(text, file="page.md", first_line=5, problems=Problems())
    problems = Problems()
    myst.fragment("See ![](a.png)", Links(), problems, page=page, line=9)
    myst.fragment("or ![](b.png)", Links(), problems, page=page, line=11, inline=True)
    assert [(problem.line, problem.column) for problem in problems] == [(9, 7), (11, 12)]
