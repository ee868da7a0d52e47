"""Typed answers that nobody foresaw: which those are, how their author writes one of them as right, and a
question that accepts it. No database.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape

from quizzes import numbers
from quizzes.kinds import blanks, number, slots, text
from quizzes.kinds.typed import REST
from quizzes.spec import Choice, Question, Slot
from quizzes.text import exact, loose, short_hash

TYPED = ("text", "number", "blanks")

_MEANS_SOMETHING = re.compile(r"([\\{}\[\]|])")


def with_accepted(question: Question, given: str, place: str = "") -> Question:
    """The question as if its author had listed `given` as right, in the gap `place` where it has gaps."""
    given = _as_listed(question, given)
    variant = Choice(key=short_hash(f"`{given}`"), html=escape(given), right=True, text=given)
    if not place:
        return replace(question, choices=(*question.choices, variant))
    places = (
        replace(slot, choices=(*slot.choices, variant)) if slot.key == place and not slot.right else slot
        for slot in question.slots
    )
    return replace(question, slots=tuple(places))


def unforeseen(question: Question, answer: Sequence[str]) -> list[tuple[str, str]]:
    """What of an answer the author says nothing about: (gap, what was typed), "" where there are no gaps.

    What nobody can read as a number is not among it, nor are gaps for numbers and to choose in, nor what
    means something else where authors write answers.
    """
    if question.type == "blanks":
        filled = slots.filled(answer)
        typed = [(slot, filled.get(slot.key, "")) for slot in question.slots if _takes_words(slot)]
        return [
            (slot.key, given) for slot, given in typed if _is_word(given) and not blanks.is_right(slot, given)
        ]
    if not answer or question.type not in TYPED or answer[0] == REST:
        return []
    if question.type == "number" and numbers.read(answer[0], unit=question.unit) is None:
        return []
    found = text.found(question, answer[0]) if question.type == "text" else number.found(question, answer)
    return [("", answer[0])] if found is None or found.text == REST else []


def compared(question: Question, given: str) -> str:
    """What two answers have in common that the grader takes for one."""
    if question.type == "number":
        return str(numbers.read(given, unit=question.unit))
    return exact(given) if question.match == "exact" else loose(given)


def source_line(question: Question, given: str, place: str = "") -> str:
    """What the author writes to accept it: a line of the list of answers, or the gap as it is then."""
    listed = _as_listed(question, given)
    if not place:
        return f"- [x] {_escaped(listed)}"
    slot = next(slot for slot in question.slots if slot.key == place)
    return "[[" + "|".join(_escaped(text) for text in (*_texts(slot), listed)) + "]]"


def _as_listed(question: Question, given: str) -> str:
    """An answer as a line of its source can hold it: of a number its value, without the unit."""
    value = numbers.read(given, unit=question.unit) if question.type == "number" else None
    if value is None:
        return " ".join(given.split())
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.12g}"


def _takes_words(slot: Slot) -> bool:
    return not slot.right and not slot.number


def _is_word(given: str) -> bool:
    return bool(given) and not (given.startswith("(") and given.endswith(")"))


def _texts(slot: Slot) -> list[str]:
    return [choice.text for choice in slot.choices]


def _escaped(text: str) -> str:
    return _MEANS_SOMETHING.sub(r"\\\1", text)
