"""`match`: each left side of a pair takes one of the right sides. Right sides without a left one distract."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizzes.answers import ARROW, without_code
from quizzes.boxes import Answer, read_item
from quizzes.kinds import slots
from quizzes.kinds.kind import Shape, Written
from quizzes.spec import Choice, Question
from quizzes.text import normalised

SHAPE: Shape = "rows"
LONGEST = slots.LONGEST
solution, grade, parts, guess = slots.solution, slots.grade, slots.parts, slots.guess


@dataclass(frozen=True, slots=True)
class _Pair:
    item: Answer
    left: str
    right: str


def read(question: Question, written: Written) -> Question:
    """The question with a place for each left side, and the right sides, each of them once."""
    body, report = written.body, written.report
    pairs = [_pair(read_item(body.source, item)) for item in body.answers.children]
    whole = [pair for pair in pairs if pair.right]
    for pair in pairs:
        if not pair.right:
            message = "Nothing stands after `=>`, or there is no `=>`."
            report("E216", message, pair.item.line, pair.item.column)
    if len(whole) == len(pairs) and sum(bool(pair.left) for pair in pairs) < 2:
        report("E217", "There are fewer than two pairs.", body.answers_line)
    slots.report_equal([(pair.item, pair.left) for pair in whole if pair.left], written)
    slots.report_equal(_distractors(whole), written)
    slots.report_scoring(question, written)
    things: dict[str, Choice] = {}
    for pair in whole:
        if normalised(pair.right) not in things:
            thing = slots.read_thing(pair.item, pair.right, written)
            # What is said below a pair is about the pair; below a distractor, about choosing it.
            told = "" if pair.left else slots.feedback(pair.item, written)
            things[normalised(pair.right)] = replace(thing, feedback_html=told)
    places = [
        slots.read_slot(pair.item, pair.left, things[normalised(pair.right)].key, written)
        for pair in whole
        if pair.left
    ]
    return replace(question, choices=tuple(things.values()), slots=tuple(places))


def put(question: Question, sent: Sequence[str], language: str = "") -> list[str]:
    """An entry for each left side that has a right one."""
    things = {choice.key for choice in question.choices}
    return slots.put({slot.key: things for slot in question.slots}, sent)


def _pair(item: Answer) -> _Pair:
    arrow = ARROW.search(without_code(item.text))
    if not arrow:
        return _Pair(item, item.text, "")
    return _Pair(item, item.text[: arrow.start()].strip(), item.text[arrow.end() :].strip())


def _distractors(pairs: Sequence[_Pair]) -> list[tuple[Answer, str]]:
    """The distractors, and the right sides that one of them repeats."""
    alone = [pair for pair in pairs if not pair.left]
    texts = {normalised(pair.right) for pair in alone}
    first: dict[str, _Pair] = {}
    for pair in pairs:
        if pair.left and normalised(pair.right) in texts:
            first.setdefault(normalised(pair.right), pair)
    return [(pair.item, pair.right) for pair in [*first.values(), *alone]]
