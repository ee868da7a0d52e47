"""One {question} block becomes a Question, or the problems that say why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from markup.fences import Block, Option
from markup.problems import did_you_mean

from quizzes.answers import read_body
from quizzes.choices import Render, read_choices, read_type, report_style
from quizzes.grading import grade
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
from quizzes.report import SUPPORTED_TYPES, Report
from quizzes.spec import Question, Scoring
from quizzes.text import short_hash

_LATER = {
    "pool": "Pools are not supported yet.",
    "match": "`match` belongs to questions of the type “text”, which are not supported yet.",
    "typos": "`typos` belongs to questions of the type “text”, which are not supported yet.",
    "unit": "`unit` belongs to questions of the type “number”, which are not supported yet.",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a question needs to know of the page it stands on: its file, the names of its headings, how to render."""

    file: str
    slugs: frozenset[str]
    render: Render


def read_question(block: Block, page: Page, *, shuffled: bool, report: Report) -> Question | None:
    """The question of a block; None, with the reasons in `report`, when anything in it is an error.

    `shuffled` says whether the check shuffles options where the question itself does not say.
    """
    options = by_key(block.options)
    _report_options(options, report)
    key = read_id(options, report)
    if "id" not in options:
        report("W503", "This question has no id.", block.line)
    wanted = _wanted_type(options, report)
    own_shuffle = read_value(options, "shuffle", yes_no, None, "E301", report)
    scheme = read_value(options, "scoring", scoring, "partial", "E220", report)
    worth = read_value(options, "points", points, Fraction(1), "E219", report)
    level = read_value(options, "difficulty", difficulty, "", "E221", report)
    see = _see(options, page, report)
    if wanted is None:
        return None
    body = read_body(block.body, first_line=block.body_line, opening=block.line, report=report)
    if body is None:
        return None
    question = Question(
        key=key or f"q-{short_hash(body.stem)}",
        name=block.title,
        type=read_type(body, wanted, report),
        stem_html=page.render(body.stem, line=body.stem_line, inline=False),
        choices=read_choices(body.answers, render=page.render, report=report),
        explanation_html=body.explanation and page.render(body.explanation, line=body.explanation_line, inline=False),
        points=worth,
        scoring=cast(Scoring, scheme),
        shuffle=own_shuffle,
        hints=_hints(options, page),
        see=see,
        tags=_tags(options),
        difficulty=level,
        line=block.line,
        file=page.file,
    )
    _report_weights(question, options, report)
    if report.failed:
        return None
    shuffles = question.type != "truefalse" and (shuffled if own_shuffle is None else own_shuffle)
    report_style(body, shuffled=shuffles, opening=block.line, report=report)
    return question


def _report_options(options: Mapping[str, Option], report: Report) -> None:
    for key, option in options.items():
        if key not in QUESTION_OPTIONS:
            unknown_option(option, QUESTION_OPTIONS, report)
        elif key in _LATER:
            report("E107", _LATER[key], option.line, option.column, remedy="Leave the line out for now.")
        elif key == "case":
            message = "Cases are not supported yet."
            report("E401", message, option.line, option.column, remedy="Put what the learner must know into the question.")


def _wanted_type(options: Mapping[str, Option], report: Report) -> str | None:
    """What `:type:` says, "" where it is left to the answers, None where it cannot be graded."""
    option = options.get("type")
    if not option or option.value in SUPPORTED_TYPES:
        return option.value if option else ""
    report.unsupported_type(option.value, option.line, option.column)
    return None


def _see(options: Mapping[str, Option], page: Page, report: Report) -> str:
    """The passage a question is about. Other pages (./page.md#heading) are for the reader of the whole package to check."""
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


def _report_weights(question: Question, options: Mapping[str, Option], report: Report) -> None:
    """Weights that never add up to a full share would leave a question that nobody can get right."""
    if report.failed or all(choice.weight is None for choice in question.choices):
        return
    if question.scoring != "partial":
        option = options["scoring"]
        message = f"`scoring: {question.scoring}` leaves no room for the weights of single answers."
        report("E220", message, option.line, option.column, remedy="Leave out the one or the other.")
    elif grade(question, [choice.key for choice in question.choices if choice.right]).share < 1:
        report(
            "E220",
            "The right answers do not add up to 100 %, so nobody could get this question right.",
            question.line,
            remedy="Leave out the weights of the right answers, which then count equally.",
        )
