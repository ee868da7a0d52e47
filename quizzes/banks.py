"""Question banks: files of questions that checks draw from, and that stand on no page."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from markup.blocks import Block, Option
from markup.problems import did_you_mean
from quizzes.cases import read_cases
from quizzes.drawing import undrawn
from quizzes.kinds.kind import Render
from quizzes.questions import Page, read_question
from quizzes.report import Report
from quizzes.spec import Question, Rule


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank as it was parsed: `uuid` is that of its file, `blocks` what stands in it, `render` draws it."""

    file: str
    uuid: str
    blocks: Sequence[Block]
    render: Render


OpenBank = Callable[[str], Bank | None]  # the bank at the path that `:bank:` says; None where there is none


def no_banks(path: str) -> None:
    """The banks of a page that has none beside it."""


def read_bank(
    option: Option, open_bank: OpenBank, page: Page, *, shuffled: bool, report: Report
) -> Iterator[Question]:
    """The questions of a bank that a check of a page names. What is wrong with them is told of its file.

    `:see:` in a bank names headings of the page, or other pages.
    """
    bank = open_bank(option.value)
    if bank is None:
        message = f"There is no question bank “{option.value}”, as seen from this page."
        remedy = "Name a file of this package whose front matter says `kind: question-bank`."
        report("E301", message, option.line, option.column, remedy=remedy)
        return
    of_bank = report.of(bank.file)
    for block in bank.blocks:
        if block.name == "quiz":
            remedy = "Put it into the page whose questions it is about; the bank holds questions alone."
            of_bank("E301", "A question bank has no check of its own.", block.line, remedy=remedy)
    questions = [block for block in bank.blocks if block.name == "question"]
    cases = [block for block in bank.blocks if block.name == "case"]
    for same in (questions, cases):
        of_bank.repeated_ids(same)
    known = read_cases(cases, questions, render=bank.render, report=of_bank)
    inside = replace(page, file=bank.file, cases=known, render=bank.render)
    for block in questions:
        question = read_question(block, inside, shuffled=shuffled, report=of_bank.fresh())
        if question:
            yield replace(question, bank=bank.uuid)


def report_draw(
    rule: Rule, option: Option | None, line: int, pools: Sequence[str], banked: int, report: Report
) -> None:
    """E302 where a draw asks for more questions than there are: at its option, else at the check's line.

    `pools` are those of all questions, `banked` is how many of them are a bank's.
    """
    for pool, count in rule.draw:
        there = pools.count(pool) if pool else banked or len(pools)
        if there >= count:
            continue
        hint = did_you_mean(pool, sorted(set(pools) - {""})) if pool and not there else ""
        where = f"the pool “{pool}” has {there}{hint}" if pool else f"there are {there}"
        message = f"The draw takes {count} questions, but {where}."
        if option:
            report("E302", message, option.line, option.column)
        else:
            report("E302", message, line)


def drawable(questions: Sequence[Question], rule: Rule) -> list[Question]:
    """The questions of a check that may be asked: those of a bank only where the draw speaks of them."""
    never = {q.key for q in undrawn(questions, rule) if q.bank} if rule.draw else set()
    return [question for question in questions if question.key not in never]
