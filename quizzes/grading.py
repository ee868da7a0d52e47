"""Is an answer right, what is it worth, and in what order are things asked? Exact arithmetic, no database."""

import hmac
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from quizzes.spec import Question, Rule

State = Literal["right", "partly", "wrong", "blank"]


@dataclass(frozen=True, slots=True)
class Grade:
    """What one answer is worth.

    share: 0 to 1 of the question's points. state: `right` is a full share, `partly` less than that, `blank`
    that nothing was chosen. Then counts of options: right ones chosen, wrong ones chosen, right ones in all.
    """

    share: Fraction
    state: State
    right_chosen: int
    wrong_chosen: int
    right_total: int


def grade(question: Question, chosen: Collection[str]) -> Grade:
    """Grade the options `chosen` (keys, in any order) of a question.

    Raises ValueError for a key that the question does not have, and for several keys where one may be chosen.
    """
    picked = set(chosen)
    if unknown := picked - {choice.key for choice in question.choices}:
        raise ValueError(f"question {question.key} has no option {', '.join(sorted(unknown))}")
    if question.type != "multiple" and len(picked) > 1:
        raise ValueError(f"question {question.key} takes one option, not {len(picked)}")
    right = {choice.key for choice in question.choices if choice.right}
    share = _share(question, picked) if picked else Fraction(0)
    return Grade(share, _state(share, picked), len(picked & right), len(picked - right), len(right))


def passes(earned: Fraction, full: Fraction, rule: Rule) -> bool:
    """Whether `earned` of `full` points reach the rule's share, exactly: eight of ten is 80 %.

    Where nothing can be earned (`full` is 0) this is true; there the caller asks for an answer to every one.
    """
    return earned >= rule.pass_share * full


def choice_order(question: Question, rule: Rule, key: bytes) -> list[str]:
    """The keys of a question's options in the author's order, or shuffled by `key` around the fixed ones."""
    keys = [choice.key for choice in question.choices]
    wanted = rule.shuffle in ("options", "all") if question.shuffle is None else question.shuffle
    if not wanted or question.type == "truefalse":
        return keys
    fixed = {choice.key for choice in question.choices if choice.fixed}
    # A key of its own for each question: questions with the same options must not all come in the same order.
    return shuffled(keys, key=_hash(key, question.key), fixed=fixed.__contains__)


def question_order(keys: Sequence[str], rule: Rule, key: bytes) -> list[str]:
    """The keys of a check's questions in the author's order, or shuffled by `key`."""
    return shuffled(keys, key=key) if rule.shuffle in ("questions", "all") else list(keys)


def shuffled(
    items: Sequence[str], *, key: bytes, fixed: Callable[[str], bool] = lambda item: False
) -> list[str]:
    """The items in the order of their keyed hash (HMAC-SHA256); those that are `fixed` keep their places.

    One key always gives one order, which depends on the items alone and tells nothing of any other key's.
    """
    loose = iter(sorted((item for item in items if not fixed(item)), key=lambda item: _hash(key, item)))
    return [item if fixed(item) else next(loose) for item in items]


def _share(question: Question, picked: set[str]) -> Fraction:
    right = {choice.key for choice in question.choices if choice.right}
    if question.scoring == "all":
        return Fraction(picked == right)
    if question.scoring == "ripkey":
        return Fraction(0) if len(picked) > len(right) else Fraction(len(picked & right), len(right))
    return min(Fraction(1), max(Fraction(0), _sum_of_weights(question, picked)))


def _sum_of_weights(question: Question, picked: set[str]) -> Fraction:
    """Partial credit: what each chosen option adds or takes, the author's {n%} before the rule's own.

    A right option adds its part of the right ones. A wrong one takes its part of the wrong ones, at most a
    half, and nothing where only one may be chosen.
    """
    right = sum(choice.right for choice in question.choices)
    wrong = len(question.choices) - right
    adds = Fraction(1, right)
    takes = Fraction(-1, max(wrong, 2)) if question.type == "multiple" else Fraction(0)
    weights = {
        choice.key: choice.weight if choice.weight is not None else adds if choice.right else takes
        for choice in question.choices
    }
    return sum((weights[key] for key in picked), Fraction(0))


def _state(share: Fraction, picked: set[str]) -> State:
    if not picked:
        return "blank"
    if share == 1:
        return "right"
    return "partly" if share else "wrong"


def _hash(key: bytes, item: str) -> bytes:
    return hmac.digest(key, item.encode(), "sha256")
