"""`categorize`: each item of a list takes one of several categories."""

from collections.abc import Sequence
from dataclasses import replace

from quizzes.boxes import Answer, read_item
from quizzes.kinds import slots
from quizzes.kinds.kind import Shape, Written
from quizzes.spec import Choice, Question, Slot

SHAPE: Shape = "rows"
LONGEST = slots.LONGEST
solution, grade, parts, guess = slots.solution, slots.grade, slots.parts, slots.guess


def read(question: Question, written: Written) -> Question:
    """The question with its categories, and a place for each item."""
    source, report = written.body.source, written.report
    heads: list[Answer] = []
    items: list[Answer] = []
    things: list[Choice] = []
    places: list[Slot] = []
    for node in written.body.answers.children:
        head = read_item(source, node)
        thing = replace(
            slots.read_thing(head, head.text, written), feedback_html=slots.feedback(head, written)
        )
        heads.append(head)
        things.append(thing)
        for inner in (
            each for child in node.children if child.type == "bullet_list" for each in child.children
        ):
            item = read_item(source, inner)
            if not item.text.strip():
                report("E213", "This item is empty.", item.line, item.column)
                continue
            items.append(item)
            places.append(slots.read_slot(item, item.text, thing.key, written))
    if len(heads) < 2:
        report("E218", "There are fewer than two categories.", written.body.answers_line)
    slots.report_equal([(head, head.text) for head in heads], written)
    slots.report_equal([(item, item.text) for item in items], written)
    slots.report_scoring(question, written)
    return replace(question, choices=tuple(things), slots=tuple(places))


def put(question: Question, sent: Sequence[str], language: str = "") -> list[str]:
    """An entry for each item that has a category."""
    things = {choice.key for choice in question.choices}
    return slots.put({slot.key: things for slot in question.slots}, sent)
