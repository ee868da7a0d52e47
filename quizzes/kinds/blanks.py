"""`blanks`: gaps in a text. In each, something is typed or chosen; an answer has entries "gap:given"."""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from quizzes import numbers
from quizzes.gaps import Gap, report_lost
from quizzes.kinds import slots, typed
from quizzes.kinds.kind import Grade, Mark, Part, Shape, Written
from quizzes.spec import Choice, Question, Slot
from quizzes.text import loose, short_hash

SHAPE: Shape = "gaps"
LONGEST = typed.LONGEST

_BAR = re.compile(r"(?<!\\)\|")


def read(question: Question, written: Written) -> Question:
    """The question with a place for each gap. Its text has ⟦1⟧, ⟦2⟧, … there."""
    gaps = written.body.gaps
    report_lost(question.stem_html, gaps, written.report)
    slots.report_scoring(question, written)
    return replace(question, slots=tuple(_slot(gap, str(n), written) for n, gap in enumerate(gaps, start=1)))


def put(question: Question, sent: Sequence[str], language: str = "") -> list[str]:
    """An entry for each gap that is filled."""
    entries = [entry.partition(":") for entry in sent]
    given = {place: thing for place, _colon, thing in entries}
    known = {slot.key: slot for slot in question.slots}
    if len(given) != len(entries) or given.keys() - known.keys():
        raise ValueError(f"question {question.key} has no such gaps")
    kept = {key: _kept(question, known[key], thing, language) for key, thing in given.items()}
    return [f"{key}:{kept[key]}" for key in known if kept.get(key)]


def solution(question: Question) -> list[str]:
    """What belongs into each gap: the first of what may be typed."""
    return [f"{slot.key}:{slot.right or _typed_in(slot)}" for slot in question.slots]


def grade(question: Question, answer: Sequence[str]) -> Grade:
    """An equal share for each gap. A number that nobody can read is no try."""
    given = slots.filled(answer)
    right = sum(is_right(slot, given.get(slot.key, "")) for slot in question.slots)
    found = slots.graded(question, right, len(given) - right, len(question.slots))
    lost = [slot for slot in question.slots if slot.number and not _is_number(given.get(slot.key, "0"))]
    return replace(found, state="unreadable") if lost else found


def guess(question: Question) -> Fraction:
    """A gap to choose in is right as often as its options are few; what is typed is not guessed."""
    chances = [Fraction(1, len(slot.choices)) if slot.right else Fraction(0) for slot in question.slots]
    return slots.guessed(question, chances)


def parts(question: Question, answer: Sequence[str]) -> list[Part]:
    """A part for each gap, and one for what belongs there where something else stands."""
    given = slots.filled(answer)
    found = []
    for slot in question.slots:
        thing = given.get(slot.key, "")
        fits = is_right(slot, thing)
        mark: Mark = "right" if fits else "wrong" if thing else ""
        options = tuple((choice.key, choice.text) for choice in slot.choices) if slot.right else ()
        shown = next(
            (choice.html for choice in slot.choices if choice.key == thing and slot.right), html.escape(thing)
        )
        found.append(Part(slot.key, f"{slot.key}: {shown or '–'}", thing, mark, "", shown, options))
        if not fits:
            model = next(choice.html for choice in slot.choices if choice.right)
            found.append(Part(slot.key, f"{slot.key}: {model}", "", "missed", ""))
    return found


def _kept(question: Question, slot: Slot, given: str, language: str) -> str:
    if slot.right and given not in {choice.key for choice in slot.choices}:
        raise ValueError(f"gap {slot.key} does not take “{given}”")
    text = "".join(typed.put(question, [given]))
    return numbers.settled(text, unit="", language=language) if slot.number else text


def is_right(slot: Slot, given: str) -> bool:
    """Whether what was given belongs into the gap."""
    if slot.right or not given:
        return bool(given) and given == slot.right
    if not slot.number:
        return any(loose(choice.text) == loose(given) for choice in slot.choices)
    value, ends = numbers.read(given), numbers.interval(slot.choices[0].text)
    return value is not None and ends is not None and numbers.is_within(value, ends)


def _is_number(given: str) -> bool:
    return numbers.read(given) is not None


def _typed_in(slot: Slot) -> str:
    ends = numbers.interval(slot.choices[0].text) if slot.number else None
    return f"{float(ends[0]):.12g}" if ends else slot.choices[0].text


def _slot(gap: Gap, key: str, written: Written) -> Slot:
    text = gap.text.strip()
    if text.startswith("#"):
        return Slot(key, "", "", choices=(_number(gap, text[1:].strip(), written),), number=True)
    texts = [each.strip() for each in _BAR.split(gap.text)]
    picked = [each for each in texts if each.startswith("(") and each.endswith(")") and len(texts) > 1]
    bare = [typed.literal(each[1:-1] if each in picked else each) for each in texts]
    _report(gap, bare, picked, written)
    choices = tuple(
        Choice(short_hash(f"`{each}`"), html.escape(each), text in picked or not picked, text=each)
        for each, text in zip(bare, texts, strict=True)
    )
    right = next((choice.key for choice in choices if choice.right), "") if picked else ""
    return Slot(key, "", right, choices=choices)


def _number(gap: Gap, text: str, written: Written) -> Choice:
    ends = numbers.interval(text)
    if ends is None:
        written.report(
            "E223", f"“{text}” is no number, range or number with a tolerance.", gap.line, gap.column
        )
    elif ends[0] > ends[1]:
        written.report("E224", f"“{text}” ends before it begins.", gap.line, gap.column)
    shown = html.escape(text).replace("+-", "±").replace("..", "–")
    return Choice(short_hash(f"`{text}`"), shown, True, text=text)


def _report(gap: Gap, texts: Sequence[str], picked: Sequence[str], written: Written) -> None:
    same = short_hash if picked else loose
    if not all(texts):
        written.report("E225", "Something in this gap is empty.", gap.line, gap.column)
    elif len({same(text) for text in texts}) < len(texts):
        written.report("E215", "Two answers of this gap are the same.", gap.line, gap.column)
    elif len(picked) > 1:
        message = "A gap to choose in has one right answer in parentheses."
        remedy = "Leave all parentheses out if people should type."
        written.report("E211", message, gap.line, gap.column, remedy=remedy)
