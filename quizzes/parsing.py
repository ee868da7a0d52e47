"""From the blocks of one page to its checks, by the rules of the quiz format.

Here: which quiz a question belongs to (section 2), and the keys of quizzes without an id (section 7).
A question is read in `questions`, with `options`, `answers` and its kind in `kinds`; what it shares with
others in `cases`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from math import inf

from markup.blocks import QUIZ_NAMES, Block, Option
from markup.myst import Heading
from markup.problems import Problems
from quizzes.banks import OpenBank, drawable, no_banks, read_bank, report_draw
from quizzes.cases import read_cases
from quizzes.kinds.kind import Render
from quizzes.options import by_key, fault, read_id, read_rule
from quizzes.questions import Page, read_question
from quizzes.report import Report
from quizzes.source import Source
from quizzes.spec import Check, Question, Rule, by_case


@dataclass(slots=True)
class _Owner:
    """A quiz with its options, or None for the implicit one of the page, and the blocks of its questions."""

    quiz: Block | None
    options: Mapping[str, Option]
    end: float  # the line up to which it owns the questions
    questions: list[Block] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.quiz.line if self.quiz else self.questions[0].line


def parse(
    blocks: Sequence[Block],
    *,
    file: str,
    headings: Sequence[Heading],
    fragments: Collection[str] = (),
    defaults: Mapping[str, str],
    render: Render,
    problems: Problems,
    open_bank: OpenBank = no_banks,
) -> tuple[Check, ...]:
    """The checks of a page in their order; everything that is wrong with them goes to `problems`.

    `blocks` are the page's own in the order of the file; others than quiz, question and case are passed
    over. `:see:` may name a heading or one of the other `fragments` of the page, such as its title.
    `defaults` is the front matter's `quiz` map over those of its parents; what is wrong with it was told by
    `options.default_fault`. `open_bank` finds what `:bank:` names. A question with an error is left out of
    its check, so the result is for a preview as long as there are errors.
    """
    report = Report(problems, file)
    ours = [block for block in blocks if block.name in QUIZ_NAMES]
    owners = _owners(ours, headings, report)
    parts = [part for block in ours for part in _parts(block)]
    of_name = {name: [part for part in parts if part.name == name] for name in QUIZ_NAMES}
    for same in of_name.values():
        report.repeated_ids(same)
    cases = read_cases(of_name["case"], of_name["question"], render=render, report=report)
    page = Page(file, frozenset(heading.slug for heading in headings).union(fragments), cases, render)
    seen: dict[str, int] = {}
    checks = [
        _check(owner, key, page=page, defaults=defaults, open_bank=open_bank, seen=seen, report=report)
        for owner, key in zip(owners, _keys(owners, report), strict=True)
    ]
    return tuple(check for check in checks if check)


def _check(
    owner: _Owner,
    key: str,
    *,
    page: Page,
    defaults: Mapping[str, str],
    open_bank: OpenBank,
    seen: dict[str, int],
    report: Report,
) -> Check | None:
    quiz = owner.quiz
    rule = read_rule(owner.options, defaults, report)
    intro, line = "", owner.line
    if quiz:
        body = Source(quiz.body, quiz.body_line)
        body.report_options(report)
        intro, line = body.piece(0, len(body.lines))
    if not owner.questions and "bank" not in owner.options:
        report("E301", "This quiz has no questions.", owner.line, remedy="Write them below it, or remove it.")
        return None
    questions = _all(owner, rule, page=page, open_bank=open_bank, seen=seen, report=report)
    return Check(
        key=key,
        title=quiz.title if quiz else "",
        intro_html=intro and page.render(intro, line=line, inline=False),
        rule=rule,
        questions=tuple(chain(*by_case(questions))),
        line=owner.line,
    )


def _all(
    owner: _Owner, rule: Rule, *, page: Page, open_bank: OpenBank, seen: dict[str, int], report: Report
) -> list[Question]:
    """The questions of the page, then those that the draw may take from a bank."""
    own = list(_questions(owner, rule, page=page, seen=seen, report=report))
    option, banked = owner.options.get("bank"), list[Question]()
    if option and not fault("bank", option.value):
        shuffled = rule.shuffle in ("options", "all")
        banked = list(read_bank(option, open_bank, page, shuffled=shuffled, report=report))
    if banked or not option:
        # A question with an error is in its pool, too: what is wrong with the question is told already.
        pools = [*map(_pool, owner.questions), *(question.pool for question in banked)]
        report_draw(rule, owner.options.get("draw"), owner.line, pools, len(banked), report)
    found = drawable([*own, *banked], rule)
    for question in found:
        if option and question.bank and (other := seen.setdefault(question.key, option.line)) != option.line:
            message = f"The bank's question “{question.key}” has the id of one that is asked at line {other}."
            report("E202", message, option.line, option.column)
    return found


def _pool(question: Block) -> str:
    return next((option.value for option in question.options if option.key == "pool"), "")


def _questions(
    owner: _Owner, rule: Rule, *, page: Page, seen: dict[str, int], report: Report
) -> Iterator[Question]:
    """The questions without an error. `seen` holds the keys on this page so far, with their lines."""
    for block in owner.questions:
        shuffled = rule.shuffle in ("options", "all")
        question = read_question(block, page, shuffled=shuffled, report=report.fresh())
        if not question:
            continue
        other = seen.setdefault(question.key, block.line)
        if other == block.line:
            yield question
        elif all(option.key != "id" for option in block.options):
            message = f"This question reads the same as the one at line {other}."
            report("E202", message, block.line, remedy="Give each of them an `:id:` of its own.")


def _owners(blocks: Sequence[Block], headings: Sequence[Heading], report: Report) -> list[_Owner]:
    """Who owns which question: a quiz those up to the next quiz, or to the end of its part of the page."""
    implicit = _Owner(None, {}, inf)
    current = implicit
    found = [implicit]
    for block in blocks:
        if block.line > current.end:
            current = implicit
        if block.name == "quiz":
            current = _Owner(block, by_key(block, report), _end(block, headings))
            found.append(current)
        current.questions += [part for part in _parts(block) if part.name == "question"]
    return sorted((owner for owner in found if owner.quiz or owner.questions), key=lambda owner: owner.line)


def _parts(block: Block) -> tuple[Block, ...]:
    """A block, and what stands in it where it is a quiz."""
    return (block, *(block.children if block.name == "quiz" else ()))


def _end(quiz: Block, headings: Sequence[Heading]) -> float:
    """The line of the first heading that is not below the one that a quiz stands under."""
    above = [heading.level for heading in headings if heading.line < quiz.line]
    level = above[-1] if above else 0
    return next((h.line for h in headings if h.line > quiz.line and h.level <= level), inf)


def _keys(owners: Sequence[_Owner], report: Report) -> list[str]:
    """The key of each check: its quiz's id, or the first of check, check-2, … that is free."""
    keys = [read_id(owner.options, report) for owner in owners]
    names = ("check" if number == 1 else f"check-{number}" for number in count(1))
    taken = set(keys)
    free = (name for name in names if name not in taken)
    return [key or next(free) for key in keys]
