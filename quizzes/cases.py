"""The {case} blocks of a page: scenarios that several questions share."""

from collections.abc import Mapping, Sequence

from markup.blocks import Block, Option
from markup.problems import did_you_mean
from quizzes.kinds.kind import Render
from quizzes.options import by_key, read_id, unknown_option
from quizzes.report import Report
from quizzes.source import Source
from quizzes.spec import Case


def read_cases(
    cases: Sequence[Block], questions: Sequence[Block], *, render: Render, report: Report
) -> dict[str, Case]:
    """The cases of a page by what stands as their id. `questions` are all of the page.

    One with an error is among them, so that the questions that name it are not told of that again.
    """
    named = {option.value for block in questions for option in block.options if option.key == "case"}
    found: dict[str, Case] = {}
    for block in cases:
        of_block = report.fresh()
        options = by_key(block, of_block)
        found.setdefault(
            options["id"].value if "id" in options else "", _case(block, options, render, of_block)
        )
        if not of_block.failed and options["id"].value not in named:
            message = "No question of this page belongs to this case, so nobody would read it."
            remedy = f"Write `:case: {options['id'].value}` into the questions that are about it."
            report("E401", message, block.line, remedy=remedy)
    found.pop("", None)
    return found


def case_of(options: Mapping[str, Option], cases: Mapping[str, Case], report: Report) -> Case | None:
    """The case that a question with these options names; E401 where this page has none of that id."""
    option = options.get("case")
    if option and option.value not in cases:
        hint = did_you_mean(option.value, sorted(cases))
        report("E401", f"This page has no case “{option.value}”{hint}.", option.line, option.column)
    return cases.get(option.value) if option else None


def _case(block: Block, options: Mapping[str, Option], render: Render, report: Report) -> Case:
    if "id" not in options:
        report("E203", "This case has no id.", block.line)
    key = read_id(options, report)
    for option in options.values():
        if option.key != "id":
            unknown_option(option, ("id",), report)
    body = Source(block.body, block.body_line)
    body.report_headings(block.line, report)
    body.report_options(report)
    text, line = body.piece(0, len(body.lines))
    if not text:
        remedy = "Write what the questions are about, with an empty line above it."
        report("E207", "There is nothing in this case.", block.line, remedy=remedy)
    return Case(key=key, title=block.title, html=text and render(text, line=line, inline=False))
