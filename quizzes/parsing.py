"""From the blocks of one page to its checks, by the rules of the quiz format.

Which quiz a question belongs to (section 2), and the keys of what has no id (section 7). How a question is read stands
in `questions`, its options in `options`, its answers in `answers` and `choices`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from markup.fences import QUIZ_NAMES, Block
from markup.myst import Heading
from markup.problems import Problems

from quizzes.answers import strip_blank
from quizzes.choices import Render
from quizzes.options import by_key, read_id, read_rule, report_defaults
from quizzes.questions import Page, read_question
from quizzes.report import Report
from quizzes.spec import Check, Question, Rule


@dataclass(slots=True)
class _Owner:
    """A quiz, or None for the implicit one of the page, and the blocks of its questions."""

    quiz: Block | None
    questions: list[Block] = field(default_factory=list)

    @property
    def line(self) -> int:
        return self.quiz.line if self.quiz else self.questions[0].line


def parse(
    blocks: Sequence[Block],
    *,
    file: str,
    headings: Sequence[Heading],
    defaults: Mapping[str, str],
    render: Render,
    problems: Problems,
) -> tuple[Check, ...]:
    """The checks of a page in their order; everything that is wrong with them goes to `problems`.

    `blocks` are the page's own in the order of the file (others than quiz, question and case are passed over),
    `defaults` the front matter's `quiz` map with its parents' below it. A question with an error is left out of its
    check, so the result is for a preview as long as there are errors.
    """
    report = Report(problems, file)
    ours = [block for block in blocks if block.name in QUIZ_NAMES]
    if ours:
        report_defaults(defaults, report)
    page = Page(file, frozenset(heading.slug for heading in headings), render)
    owners = _owners(ours, headings, report)
    _report_repeated_ids([owner.quiz for owner in owners if owner.quiz], report)
    _report_repeated_ids([block for owner in owners for block in owner.questions], report)
    seen: dict[str, int] = {}
    checks = [
        _check(owner, key, page=page, defaults=defaults, seen=seen, report=report)
        for owner, key in zip(owners, _keys(owners, report), strict=True)
    ]
    return tuple(check for check in checks if check)


def _check(
    owner: _Owner, key: str, *, page: Page, defaults: Mapping[str, str], seen: dict[str, int], report: Report
) -> Check | None:
    quiz = owner.quiz
    rule = read_rule(quiz.options if quiz else (), defaults, report)
    if not owner.questions:
        report("E301", "This quiz has no questions.", owner.line, remedy="Write them below it, or remove it.")
        return None
    intro, line = (strip_blank(quiz.body, quiz.body_line)) if quiz else ("", 1)
    return Check(
        key=key,
        title=quiz.title if quiz else "",
        intro_html=intro and page.render(intro, line=line, inline=False),
        rule=rule,
        questions=tuple(_questions(owner, rule, page=page, seen=seen, report=report)),
        line=owner.line,
    )


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


def _report_repeated_ids(blocks: Sequence[Block], report: Report) -> None:
    lines: dict[str, int] = {}
    for block in blocks:
        option = next((option for option in block.options if option.key == "id" and option.value), None)
        if option and (other := lines.setdefault(option.value, option.line)) != option.line:
            message = f"The id “{option.value}” is already used at line {other}."
            report("E202", message, option.line, option.column)


def _owners(blocks: Sequence[Block], headings: Sequence[Heading], report: Report) -> list[_Owner]:
    """Who owns which question: a quiz those up to the next quiz, or the end of the part of the page it stands in."""
    implicit = _Owner(None)
    current = implicit
    found = [implicit]
    for block in blocks:
        if current.quiz and block.line > _end(current.quiz, headings):
            current = implicit
        if block.name == "quiz":
            current = _Owner(block)
            found.append(current)
        for part in (block, *(block.children if block.name == "quiz" else ())):
            if part.name == "question":
                current.questions.append(part)
            elif part.name == "case":
                _report_case(part, report)
    return sorted((owner for owner in found if owner.quiz or owner.questions), key=lambda owner: owner.line)


def _end(quiz: Block, headings: Sequence[Heading]) -> float:
    """The line of the first heading that is not below the one that a quiz stands under."""
    above = [heading.level for heading in headings if heading.line < quiz.line]
    level = above[-1] if above else 0
    return next((h.line for h in headings if h.line > quiz.line and h.level <= level), float("inf"))


def _keys(owners: Sequence[_Owner], report: Report) -> list[str]:
    """The key of each check: its quiz's id, or the first of check, check-2, … that is free."""
    keys = [read_id(by_key(owner.quiz.options), report) if owner.quiz else "" for owner in owners]
    names = ("check" if number == 1 else f"check-{number}" for number in count(1))
    free = (name for name in names if name not in keys)
    return [key or next(free) for key in keys]


def _report_case(case: Block, report: Report) -> None:
    if not read_id(by_key(case.options), report):
        report("E203", "This case has no id.", case.line)
    report("E204", "Cases are not supported yet.", case.line, remedy="Put what learners must know into the question.")
