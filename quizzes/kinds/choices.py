"""Options to choose from: `single`, `multiple` and `truefalse`. An answer is the keys of what was chosen."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import comb
from typing import cast

from quizzes.boxes import Answer, read_boxes
from quizzes.kinds.kind import Grade, Mark, Part, Render, Shape, State, Written
from quizzes.marks import read_marks
from quizzes.report import Report
from quizzes.spec import Choice, Question, QuestionType
from quizzes.text import normalised, short_hash

SHAPE: Shape = "choices"
LONGEST = 64

_TRUE_FALSE = [
    {normalised(word) for word in pair.split("/")}
    for pair in (
        *("true/false", "yes/no", "wahr/falsch", "richtig/falsch", "ja/nein", "vrai/faux", "oui/non"),
        *(
            "verdadero/falso",
            "cierto/falso",
            "sí/no",
            "正しい/誤り",
            "正しい/間違い",
            "正/誤",
            "はい/いいえ",
            "○/×",
        ),
    )
]
_ALL_OR_NONE = re.compile(
    r"\b(all|none|both|neither|any) of (the above|the (other )?(answers|options)|these|them)$"
    r"|\b(alle|keine?)( der)? (oben )?genannten"
    r"|\b(toutes|tous|aucune?)( de)? (les |ces |des )?(réponses|propositions)"
    r"|\b(todas|ninguna)( de)? (las )?(anteriores|respuestas)"
    r"|上記の?(すべて|全て|いずれ)"
)
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")


def read(question: Question, written: Written) -> Question:
    """The question with the type that its ticks say, if `:type:` does not, and its options."""
    body, report = written.body, written.report
    answers, readable = read_boxes(body.source, body.answers, report)
    question = replace(
        question,
        type=_type(answers, written.wanted),
        choices=read_choices(answers, render=written.render, report=report),
    )
    if readable:
        _report_ticks(answers, question.type, body.answers_line, report)
    _report_weights(question, written)
    if not report.failed:
        _report_style(question, answers, written)
    return question


def put(question: Question, sent: Sequence[str], language: str = "") -> list[str]:
    """The chosen keys in the author's order. Raises ValueError for others, and for several of one."""
    known = [choice.key for choice in question.choices]
    if unknown := set(sent) - set(known):
        raise ValueError(f"question {question.key} has no option {', '.join(sorted(unknown))}")
    if question.type != "multiple" and len(set(sent)) > 1:
        raise ValueError(f"question {question.key} takes one option, not {len(set(sent))}")
    return [key for key in known if key in sent]


def solution(question: Question) -> list[str]:
    """The right options."""
    return [choice.key for choice in question.choices if choice.right]


def grade(question: Question, answer: Sequence[str]) -> Grade:
    """By the question's scheme, or by the weights of its options (quiz format, section G.1)."""
    picked = set(answer)
    right = {choice.key for choice in question.choices if choice.right}
    share = _share(question, picked) if picked else Fraction(0)
    return Grade(share, _state(share, picked), len(picked & right), len(picked - right), len(right))


def guess(question: Question) -> Fraction:
    """The mean over the options; where several may be chosen, over all ways to choose."""
    if question.type != "multiple":
        shares = [_share(question, {choice.key}) for choice in question.choices]
        return sum(shares, Fraction(0)) / len(shares)
    if question.scoring == "partial":
        return _mean_of_sums(list(_weights(question).values()))
    right = [choice.key for choice in question.choices if choice.right]
    wrong = [choice.key for choice in question.choices if not choice.right]
    return sum(
        (
            Fraction(comb(len(right), r) * comb(len(wrong), w), 2 ** len(question.choices))
            * _share(question, {*right[:r], *wrong[:w]})
            for r in range(len(right) + 1)
            for w in range(len(wrong) + 1)
        ),
        Fraction(0),
    )


def parts(question: Question, answer: Sequence[str]) -> list[Part]:
    """A part for each option."""
    return [_part(choice, choice.key in answer) for choice in question.choices]


def _part(choice: Choice, chosen: bool) -> Part:
    mark: Mark = ("right" if choice.right else "wrong") if chosen else "missed" if choice.right else ""
    return Part(choice.key, choice.html, choice.key if chosen else "", mark, choice.feedback_html)


def read_choices(answers: Sequence[Answer], *, render: Render, report: Report) -> tuple[Choice, ...]:
    """The options of a question in the author's order. Reports equal ones, repeated keys, unknown marks."""
    texts: dict[str, int] = {}
    keys: dict[str, int] = {}
    choices = []
    for answer in answers:
        marks = read_marks(answer.marks, answer.line, answer.column, report)
        key = marks.key or short_hash(answer.text)
        twin = texts.setdefault(normalised(answer.text), answer.line)
        if twin != answer.line:
            remedy = (
                "Change or remove one; if they differ in capitals or punctuation only, put them in backticks."
            )
            message = f"This answer reads the same as the one at line {twin}."
            report("E215", message, answer.line, answer.column, remedy=remedy)
        elif (other := keys.setdefault(key, answer.line)) != answer.line:
            message = f"The key “{key}” is already used at line {other}."
            remedy = "Give each answer a key of its own."
            report("E202", message, answer.line, answer.column, remedy=remedy)
        choices.append(
            Choice(
                key=key,
                html=render(answer.text, line=answer.line, inline=answer.inline),
                right=answer.right,
                feedback_html=answer.feedback
                and render(answer.feedback, line=answer.feedback_line, inline=False),
                fixed=marks.fixed,
                weight=marks.weight,
            )
        )
    return tuple(choices)


def _type(answers: Sequence[Answer], wanted: str) -> QuestionType:
    ticks = sum(answer.right for answer in answers)
    two_words = {normalised(answer.text.strip("*_")) for answer in answers} in _TRUE_FALSE
    type_ = wanted or ("truefalse" if two_words else "single" if ticks == 1 else "multiple")
    return cast(QuestionType, type_)


def _report_ticks(answers: Sequence[Answer], type_: str, line: int, report: Report) -> None:
    ticks = sum(answer.right for answer in answers)
    if len(answers) == 1:
        report("E212", "There is only one answer to choose from.", line)
    elif not ticks:
        report("E210", "No answer is marked as right.", line, remedy="Mark the right one with `[x]`.")
    elif type_ != "multiple" and ticks != 1:
        message = f"A question of the type “{type_}” has exactly one right answer; here {ticks} are marked."
        report("E211", message, line)
    elif type_ == "truefalse" and len(answers) != 2:
        message = f"A question of the type “truefalse” has two answers; here are {len(answers)}."
        report("E211", message, line, remedy="Leave out `:type: truefalse`.")


def _report_weights(question: Question, written: Written) -> None:
    """Weights that never add up to a full share would leave a question that nobody can get right."""
    report = written.report
    if report.failed or all(choice.weight is None for choice in question.choices):
        return
    if question.scoring != "partial":
        option = written.options["scoring"]
        message = f"`scoring: {question.scoring}` leaves no room for the weights of single answers."
        report("E220", message, option.line, option.column, remedy="Leave out the one or the other.")
    elif grade(question, solution(question)).share < 1:
        report(
            "E220",
            "The right answers do not add up to 100 %, so nobody could get this question right.",
            question.line,
            remedy="Leave out the weights of the right answers, which then count equally.",
        )


def _report_style(question: Question, answers: Sequence[Answer], written: Written) -> None:
    """W505-W507: the question works, but can be guessed or teaches less than it could."""
    report = written.report
    rights = [answer for answer in answers if answer.right]
    wrongs = [answer for answer in answers if not answer.right]
    if not wrongs:
        report("W505", "Every answer is right.", written.body.answers_line)
    longest = max((_length(answer) for answer in wrongs), default=0)
    for answer in rights:
        if wrongs and _length(answer) > max(60, 1.7 * longest):
            message = "This right answer is much longer than the wrong ones."
            report("W506", message, answer.line, answer.column)
    shuffled = written.shuffled if question.shuffle is None else question.shuffle
    for answer in answers if shuffled and question.type != "truefalse" else ():
        if "fixed" not in answer.marks and _ALL_OR_NONE.search(normalised(answer.text)):
            message = "This answer speaks of the others, but may be shuffled above them."
            report("W507", message, answer.line, answer.column)


def _share(question: Question, picked: set[str]) -> Fraction:
    right = {choice.key for choice in question.choices if choice.right}
    if question.scoring == "all":
        return Fraction(picked == right)
    if question.scoring == "ripkey":
        return Fraction(0) if len(picked) > len(right) else Fraction(len(picked & right), len(right))
    return min(Fraction(1), max(Fraction(0), _sum_of_weights(question, picked)))


def _sum_of_weights(question: Question, picked: set[str]) -> Fraction:
    """Partial credit: what the chosen options add and take."""
    weights = _weights(question)
    return sum((weights[key] for key in picked), Fraction(0))


def _mean_of_sums(weights: Sequence[Fraction]) -> Fraction:
    """The mean share over all subsets of the weights: how many of them have which sum, option by option."""
    ways = Counter({Fraction(0): 1})
    for weight in weights:
        more: Counter[Fraction] = Counter()
        for total, n in ways.items():
            more[total] += n
            more[total + weight] += n
        ways = more
    shares = (min(Fraction(1), max(Fraction(0), total)) * n for total, n in ways.items())
    return sum(shares, Fraction(0)) / Fraction(2 ** len(weights))


def _weights(question: Question) -> dict[str, Fraction]:
    """What each option adds or takes when it is chosen, the author's {n%} before the rule's own.

    A right option adds its part of the right ones. A wrong one takes its part of the wrong ones, at most a
    half, and nothing where only one may be chosen.
    """
    right = sum(choice.right for choice in question.choices)
    wrong = len(question.choices) - right
    adds = Fraction(1, right)
    takes = Fraction(-1, max(wrong, 2)) if question.type == "multiple" else Fraction(0)
    return {
        choice.key: choice.weight if choice.weight is not None else adds if choice.right else takes
        for choice in question.choices
    }


def _state(share: Fraction, picked: set[str]) -> State:
    if not picked:
        return "blank"
    if share == 1:
        return "right"
    return "partly" if share else "wrong"


def _length(answer: Answer) -> int:
    return len(_LINK.sub(r"\1", answer.text))
