"""What kinds have in common in which each of several places takes one thing: pairs, categories, an order.

An answer has an entry for each place that is filled, "place:thing", in the author's order of the places.
"""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from math import prod

from quizzes.boxes import Answer
from quizzes.kinds.kind import Grade, Mark, Part, State, Written
from quizzes.marks import read_marks
from quizzes.spec import Choice, Question, Slot
from quizzes.text import normalised, plain, short_hash

LONGEST = 200  # two keys


def put(places: Mapping[str, Collection[str]], sent: Sequence[str]) -> list[str]:
    """The entries of places that there are, with things that they take. Raises ValueError for others."""
    filled: dict[str, str] = {}
    for entry in sent:
        place, _colon, thing = entry.partition(":")
        if thing not in places.get(place, ()) or filled.setdefault(place, thing) != thing:
            raise ValueError(f"there is no “{place}” that takes “{thing}”")
    return [f"{place}:{filled[place]}" for place in places if place in filled]


def filled(answer: Sequence[str]) -> dict[str, str]:
    """What was put where."""
    return {place: thing for place, _colon, thing in (entry.partition(":") for entry in answer)}


def solution(question: Question) -> list[str]:
    """Everything where it belongs."""
    return [f"{slot.key}:{slot.right}" for slot in question.slots]


def grade(question: Question, answer: Sequence[str]) -> Grade:
    """An equal share for each place that is right; nothing is taken for the others."""
    given = filled(answer)
    right = sum(given.get(slot.key) == slot.right for slot in question.slots)
    return graded(question, right, len(given) - right, len(question.slots))


def graded(question: Question, right: int, wrong: int, total: int) -> Grade:
    """The grade of an answer of which so many parts are right."""
    if not right + wrong:
        return Grade(Fraction(0), "blank", 0, 0, total)
    share = Fraction(right, total) if question.scoring == "partial" else Fraction(right == total)
    state: State = "right" if share == 1 else "partly" if share else "wrong"
    return Grade(share, state, right, wrong, total)


def guess(question: Question) -> Fraction:
    """Each place takes any of the things."""
    return guessed(question, [Fraction(1, len(question.choices))] * len(question.slots))


def guessed(question: Question, chances: Sequence[Fraction]) -> Fraction:
    """The mean share of an answer whose parts are right by these chances, each for itself."""
    if question.scoring == "partial":
        return sum(chances, Fraction(0)) / len(chances)
    return prod(chances, start=Fraction(1))


def parts(question: Question, answer: Sequence[str]) -> list[Part]:
    """A part for each place, and one for what belongs there where something else stands."""
    given = filled(answer)
    choices = {choice.key: choice for choice in question.choices}
    options = tuple((choice.key, plain(choice.html)) for choice in question.choices)
    found = []
    for slot in question.slots:
        thing = choices.get(given.get(slot.key, ""))
        is_right = thing is not None and thing.key == slot.right
        mark: Mark = "right" if is_right else "wrong" if thing else ""
        told = (thing.feedback_html if thing else "") + (slot.feedback_html if is_right else "")
        html = f"{slot.html} → {thing.html if thing else '–'}"
        found.append(Part(slot.key, html, thing.key if thing else "", mark, told, slot.html, options))
        if not is_right:
            html = f"{slot.html} → {choices[slot.right].html}"
            found.append(Part(slot.key, html, "", "missed", slot.feedback_html))
    return found


def read_thing(item: Answer, text: str, written: Written) -> Choice:
    """What can be put into places, from its Markdown."""
    marks = read_marks(item.marks, item.line, item.column, written.report)
    html = written.render(text, line=item.line, inline=True)
    if not plain(html):
        written.report("E213", "This has no text that could be chosen.", item.line, item.column)
    return Choice(key=marks.key or short_hash(text), html=html, right=False, fixed=marks.fixed)


def read_slot(item: Answer, text: str, right: str, written: Written) -> Slot:
    """A place for the thing with the key `right`, from its Markdown."""
    return Slot(
        short_hash(text), written.render(text, line=item.line, inline=True), right, feedback(item, written)
    )


def feedback(item: Answer, written: Written) -> str:
    """What is quoted below an item, as HTML."""
    return item.feedback and written.render(item.feedback, line=item.feedback_line, inline=False)


def report_equal(items: Sequence[tuple[Answer, str]], written: Written) -> None:
    """E215 for texts that read the same."""
    seen: dict[str, int] = {}
    for item, text in items:
        twin = seen.setdefault(normalised(text), item.line)
        if twin != item.line:
            message = f"This reads the same as line {twin}."
            written.report("E215", message, item.line, item.column, remedy="Change or remove one of the two.")


def report_scoring(question: Question, written: Written) -> None:
    """E220 for a scheme that counts ticks."""
    if question.scoring == "ripkey":
        option = written.options["scoring"]
        message = "`scoring: ripkey` is for questions with several ticks."
        written.report("E220", message, option.line, option.column, remedy="Use `all` or `partial`.")
