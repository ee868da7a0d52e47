"""One {question} block becomes a Question, or the problems that say why not."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import cast

from markup.blocks import Block, Option
from markup.problems import did_you_mean
from quizzes.answers import read_body
from quizzes.cases import case_of
from quizzes.kinds.kind import Render, Written
from quizzes.kinds.table import KINDS
from quizzes.options import (
    QUESTION_OPTIONS,
    by_key,
    difficulty,
    points,
    read_id,
    read_value,
    scoring,
    unknown_option,
    yes_no,
)
from quizzes.report import TYPES, Report
from quizzes.spec import Case, Question, QuestionType, Scoring
from quizzes.text import short_hash

_OF_TYPE = {"match": "text", "typos": "text", "unit": "number"}


@dataclass(frozen=True, slots=True)
class Page:
    """What a question needs to know of its page: the file, the names of its headings, its cases, how to
    render."""

    file: str
    slugs: frozenset[str]
    cases: Mapping[str, Case]
    render: Render


def read_question(block: Block, page: Page, *, shuffled: bool, report: Report) -> Question | None:
    """The question of a block; None, with the reasons in `report`, when anything in it is an error.

    `shuffled` says whether the check shuffles options where the question itself does not say.
    """
    options = by_key(block, report)
    wanted = _wanted_type(options, report)
    _report_options(options, wanted, report)
    question = _from_options(block, options, page, report)
    if wanted is None:
        return None
    opening, first = block.line, block.body_line
    body = read_body(block.body, first_line=first, opening=opening, wanted=wanted, report=report)
    if body is None:
        return None
    question = replace(question, type=cast(QuestionType, body.type or "single"))
    written = Written(body, wanted, options, opening, shuffled, page.render, report)
    question = _with_body(question, written)
    if report.failed:
        return None
    if not body.explanation and question.type != "poll":
        report("W509", "This question has no explanation.", block.line)
    return question


def _from_options(block: Block, options: Mapping[str, Option], page: Page, report: Report) -> Question:
    """What the opening line and the options say; the rest is in the body."""
    if "id" not in options:
        report("W503", "This question has no id.", block.line)
    return Question(
        key=read_id(options, report),
        name=block.title,
        type="single",
        stem_html="",
        choices=(),
        explanation_html="",
        points=read_value(options, "points", points, Fraction(1), "E219", report),
        scoring=cast(Scoring, read_value(options, "scoring", scoring, "partial", "E220", report)),
        shuffle=read_value(options, "shuffle", yes_no, None, "E301", report),
        hints=_hints(options, page),
        see=_see(options, page, report),
        tags=_tags(options),
        difficulty=read_value(options, "difficulty", difficulty, "", "E221", report),
        line=block.line,
        file=page.file,
        case=case_of(options, page.cases, report),
        pool=options["pool"].value if "pool" in options else "",
    )


def _with_body(question: Question, written: Written) -> Question:
    body, render = written.body, written.render
    why, line = body.explanation, body.explanation_line
    question = replace(
        question,
        key=question.key or f"q-{short_hash(body.stem)}",
        stem_html=render(body.stem, line=body.stem_line, inline=False),
        explanation_html=why and render(why, line=line, inline=False),
    )
    question = KINDS[question.type].read(question, written)
    return question if question.is_graded else _without_points(question, written)


def _without_points(question: Question, written: Written) -> Question:
    option = written.options.get("points")
    if option and question.points:
        message = (
            f"Questions of the type “{question.type}” have no points: nothing in them is right or wrong."
        )
        written.report("E219", message, option.line, option.column, remedy="Leave out the points.")
    return replace(question, points=Fraction(0))


def _report_options(options: Mapping[str, Option], wanted: str | None, report: Report) -> None:
    for key, option in options.items():
        if key not in QUESTION_OPTIONS:
            unknown_option(option, QUESTION_OPTIONS, report)
        elif key in _OF_TYPE and wanted not in (None, _OF_TYPE[key]):
            message = f"`{key}` has no effect here: it belongs to the type “{_OF_TYPE[key]}”."
            report("E107", message, option.line, option.column)


def _wanted_type(options: Mapping[str, Option], report: Report) -> str | None:
    """What `:type:` says, "" where it is left to the answers, None where there is no such type."""
    option = options.get("type")
    if not option or option.value in TYPES:
        return option.value if option else ""
    report.unknown_type(option.value, option.line, option.column)
    return None


def _see(options: Mapping[str, Option], page: Page, report: Report) -> str:
    """The passage a question is about. On another page (./page.md#heading) it is not checked here."""
    option = options.get("see")
    target = option.value if option else ""
    if not option or target in page.slugs or ".md" in target:
        return target
    if not target or target.startswith("#"):
        report("E226", "`see` begins with `#`, or is empty.", option.line, option.column)
    else:
        hint = did_you_mean(target, sorted(page.slugs))
        report("E402", f"This page has no heading “{target}”{hint}.", option.line, option.column)
    return ""


def _hints(options: Mapping[str, Option], page: Page) -> tuple[str, ...]:
    given = [options[key] for key in ("hint", "hint2", "hint3") if key in options and options[key].value]
    return tuple(page.render(option.value, line=option.line, inline=True) for option in given)


def _tags(options: Mapping[str, Option]) -> tuple[str, ...]:
    written = options["tags"].value.split(",") if "tags" in options else []
    return tuple(tag.strip() for tag in written if tag.strip())
